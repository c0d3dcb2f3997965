use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use klantreis_study::{Category, Channel, CodeId, Codebook, Language, Phase, Quote, Study, Touchpoint, TouchpointId};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::{
    emotion::{Score, Tally, score},
    gaps::{Desired, Gap, SegmentGap, by_segment, desired, gaps, segment_gaps},
    moments::{Moment, moments},
    needs::{Need, needs},
    opportunities::{Opportunity, opportunities},
    part::Part,
    paths::{ChannelUse, Step, channels, steps},
    saturation::{Saturation, saturation},
    segments::{PersonaFigures, personas},
    themes::{Themes, themes},
    typical::Typicality,
};

/// A journey: phases in the study's order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Journey {
    /// The study's title.
    pub title: String,
    /// All interviews, also those without a quote, by name.
    pub interviews: Vec<String>,
    /// Number of quotes that count (rejected ones do not).
    pub n_quotes: usize,
    /// Of those, the number in a phase that the study does not have: they are in no phase here.
    pub n_unplaced: usize,
    /// The phases.
    pub phases: Vec<PhaseJourney>,
    /// The emotion at each touchpoint (its heartbeat), in the study's order.
    pub touchpoints: Vec<TouchpointCount>,
    /// Where needs and pains are told most and gains least, the greatest first.
    pub opportunities: Vec<Opportunity>,
    /// Phases and touchpoints by how much they matter, phases first.
    pub moments: Vec<Moment>,
    /// What rests on too little.
    pub gaps: Vec<Gap>,
    /// Which segment tells too little of which phase.
    pub segment_gaps: Vec<SegmentGap>,
    /// Quotes on the same thing, within each phase and category.
    pub themes: Themes,
    /// The study's personas with the figures of their segment.
    pub personas: Vec<PersonaFigures>,
    /// Themes of needs and pains as needs to act on, the greatest score first.
    pub needs: Vec<Need>,
    /// What each further interview brings, averaged over orders.
    pub saturation: Vec<Saturation>,
    /// Channels by phase.
    pub channels: Vec<ChannelUse>,
    /// How people go through the journey.
    pub steps: Vec<Step>,
}

/// What is told of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseJourney {
    /// The phase.
    pub phase: Phase,
    /// A cell a category, in the order of [`Study::categories`], the study's own behind them.
    pub cells: Vec<Cell>,
    /// Touchpoints named in the phase, most interviews first.
    pub touchpoints: Vec<TouchpointCount>,
    /// How the phase feels.
    pub emotion: Score,
    /// Against what the study wishes, where it says so and someone speaks of it.
    pub desired: Option<Desired>,
    /// What each interview tells of it, in the order of [`Journey::interviews`].
    pub by_interview: Vec<InterviewPhase>,
}

/// What one interview tells of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InterviewPhase {
    /// The interview.
    pub interview: String,
    /// Numbers of quotes, in the order of [`PhaseJourney::cells`].
    pub n_quotes: Vec<usize>,
    /// The mean of its quotes' emotion: its one voice; `None` where it says nothing.
    pub emotion: Option<f64>,
}

/// What is told in one phase of one category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The category.
    pub category: Category,
    /// Number of quotes.
    pub n_quotes: usize,
    /// Number of interviews that they come from.
    pub n_interviews: usize,
    /// The codes, most interviews first, then most quotes.
    pub items: Vec<Item>,
}

/// Quotes with the same code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The code; `None` for quotes without one.
    pub code: Option<CodeId>,
    /// The code's name in the study's language.
    pub label: String,
    /// Number of quotes.
    pub n_quotes: usize,
    /// Number of interviews that they come from.
    pub n_interviews: usize,
    /// All quotes, by id.
    pub quote_ids: Vec<String>,
    /// Up to three typical quotes, the most typical first.
    pub typical: Vec<Quote>,
}

/// How often a touchpoint is spoken of, and how it feels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TouchpointCount {
    /// The touchpoint.
    pub id: TouchpointId,
    /// Its name.
    pub label: String,
    /// Through what the contact goes.
    pub channel: Channel,
    /// How it feels, with the numbers of quotes and interviews.
    pub emotion: Score,
    /// All quotes, by id.
    pub quote_ids: Vec<String>,
}

/// Aggregates quotes to a journey. `interviews` are all that were read; the order of both does not matter.
pub fn journey(study: &Study, codebook: &Codebook, quotes: &[Quote], interviews: &[String]) -> Journey {
    Part::new(quotes, interviews).journey(study, codebook)
}

/// The journey of a part; `quotes` are its, sorted.
pub(crate) fn journey_of(part: &Part, quotes: &[&Quote], study: &Study, codebook: &Codebook) -> Journey {
    let interviews: Vec<String> = part.interviews.iter().cloned().collect();
    // The study's own categories come behind, by name, so that the order of the quotes does not matter.
    let mut categories = study.categories();
    let own: BTreeSet<&Category> = quotes.iter().map(|q| &q.category).filter(|c| !categories.contains(c)).collect();
    categories.extend(own.into_iter().cloned().collect::<Vec<_>>());
    let typicality = &Typicality::new(quotes);
    let phase = |phase: &Phase| {
        let here: Vec<&Quote> = quotes.iter().copied().filter(|q| q.phase == phase.id).collect();
        let mut touchpoints = touchpoints(study, &here, None);
        touchpoints.sort_by_key(|t| Reverse((t.emotion.n_interviews, t.emotion.n_quotes)));
        let emotion = part.phases.get(&phase.id).map_or_else(|| score([].into_iter()), Tally::score);
        PhaseJourney {
            phase: phase.clone(),
            cells: categories.iter().map(|c| cell(c, &here, study, codebook, typicality)).collect(),
            touchpoints,
            desired: desired(phase.desired, &emotion),
            by_interview: by_interview(&interviews, &categories, &here, &emotion),
            emotion,
        }
    };
    // Phases, opportunities and themes need nothing of each other; themes take longest.
    let (themes, (phases, opportunities)) = rayon::join(
        || themes(study, codebook, &categories, quotes, typicality),
        || {
            rayon::join(
                || study.phases.par_iter().map(phase).collect::<Vec<PhaseJourney>>(),
                || opportunities(study, codebook, quotes, interviews.len(), typicality),
            )
        },
    );
    let touchpoints = touchpoints(study, quotes, Some(&part.touchpoints));
    let (needs, saturation) =
        rayon::join(|| needs(&themes, quotes, interviews.len()), || saturation(&interviews, quotes, &themes));
    Journey {
        title: study.title.clone(),
        n_quotes: quotes.len(),
        n_unplaced: quotes.iter().filter(|q| study.phase(&q.phase).is_none()).count(),
        opportunities,
        moments: moments(&phases, &touchpoints, interviews.len()),
        gaps: gaps(study, &phases, &touchpoints),
        segment_gaps: segment_gaps(study, quotes, "segment", &by_segment(study, quotes)),
        personas: personas(study, quotes),
        needs,
        saturation,
        channels: channels(study, quotes),
        steps: steps(study, quotes),
        themes,
        interviews,
        phases,
        touchpoints,
    }
}

fn cell(category: &Category, here: &[&Quote], study: &Study, codebook: &Codebook, typicality: &Typicality<'_>) -> Cell {
    let mine: Vec<&Quote> = here.iter().copied().filter(|q| q.category == *category).collect();
    let mut by_code: BTreeMap<Option<&CodeId>, Vec<&Quote>> = BTreeMap::new();
    for quote in &mine {
        by_code.entry(quote.code.as_ref()).or_default().push(quote);
    }
    let mut items: Vec<Item> = by_code
        .into_iter()
        .map(|(id, quotes)| Item {
            code: id.cloned(),
            label: label(id, study, codebook),
            n_quotes: quotes.len(),
            n_interviews: count_interviews(&quotes),
            quote_ids: quotes.iter().map(|q| q.id.clone()).collect(),
            typical: typicality.most_typical(&quotes, 3).into_iter().cloned().collect(),
        })
        .collect();
    // What has no name comes last, however often.
    items.sort_by(|a, b| {
        let key = |i: &Item| (i.code.is_none(), Reverse((i.n_interviews, i.n_quotes)), i.code.clone());
        key(a).cmp(&key(b))
    });
    Cell { category: category.clone(), n_quotes: mine.len(), n_interviews: count_interviews(&mine), items }
}

/// The name of a code in the study's language; of quotes without one, that they have no name yet.
pub(crate) fn label(id: Option<&CodeId>, study: &Study, codebook: &Codebook) -> String {
    match (id, study.language) {
        (Some(id), language) => codebook.name(id, language).to_owned(),
        (None, Language::English) => "not named yet".to_owned(),
        (None, Language::Dutch) => "nog zonder naam".to_owned(),
    }
}

/// Number of interviews that some quotes come from.
pub(crate) fn count_interviews(quotes: &[&Quote]) -> usize {
    quotes.iter().map(|q| &q.interview).collect::<FxHashSet<_>>().len()
}

/// The touchpoints that some quotes speak of; their scores from what was tallied, if it was.
fn touchpoints(
    study: &Study,
    quotes: &[&Quote],
    tallied: Option<&BTreeMap<TouchpointId, Tally>>,
) -> Vec<TouchpointCount> {
    let mut by_id: BTreeMap<&TouchpointId, Vec<&Quote>> = BTreeMap::new();
    for quote in quotes {
        if let Some(id) = &quote.touchpoint {
            by_id.entry(id).or_default().push(quote);
        }
    }
    let count = |touchpoint: &Touchpoint| {
        let here = by_id.get(&touchpoint.id)?;
        Some(TouchpointCount {
            id: touchpoint.id.clone(),
            label: touchpoint.label.clone(),
            channel: touchpoint.channel,
            emotion: match tallied.and_then(|tallied| tallied.get(&touchpoint.id)) {
                Some(tally) => tally.score(),
                None => score(here.iter().copied()),
            },
            quote_ids: here.iter().map(|q| q.id.clone()).collect(),
        })
    };
    study.touchpoints.iter().filter_map(count).collect()
}

fn by_interview(names: &[String], categories: &[Category], here: &[&Quote], emotion: &Score) -> Vec<InterviewPhase> {
    let mut counts: BTreeMap<(&str, &Category), usize> = BTreeMap::new();
    for quote in here {
        *counts.entry((&quote.interview, &quote.category)).or_default() += 1;
    }
    let tell = |interview: &String| InterviewPhase {
        interview: interview.clone(),
        n_quotes: categories.iter().map(|c| counts.get(&(interview.as_str(), c)).copied().unwrap_or(0)).collect(),
        emotion: emotion.voices.get(interview).copied(),
    };
    names.iter().map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, quote, study};

    fn quotes() -> Vec<Quote> {
        let mut quotes = vec![
            at("balie", quote("a:1p", "pijnpunt", -2)),
            at("site", quote("a:2b", "behoefte", 0)),
            at("site", quote("b:1p", "pijnpunt", -1)),
            at("balie", quote("c:1w", "winst", 2)),
            quote("c:10e", "eigen", 0),
            quote("d:2a", "aparte", 1),
        ];
        for (n, quote) in quotes.iter_mut().enumerate().take(3) {
            quote.code = Some(CodeId::new(["moeite", "uitleg", "moeite"][n]).unwrap());
        }
        quotes
    }

    #[test]
    fn the_order_of_quotes_and_interviews_does_not_matter() {
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        let mut mixed = quotes();
        let expected = journey(&study(), &Codebook::default(), &mixed, &names);
        for turn in 1..=mixed.len() {
            mixed.rotate_left(turn);
            mixed.swap(0, 2);
            let mut names = names.clone();
            names.rotate_left(turn % 4);
            assert_eq!(journey(&study(), &Codebook::default(), &mixed, &names), expected);
        }
    }

    #[test]
    fn rejected_quotes_do_not_count() {
        let mut quotes = quotes();
        quotes[0].status = klantreis_study::Status::Rejected;
        let journey = journey(&study(), &Codebook::default(), &quotes, &[]);
        assert_eq!((journey.n_quotes, journey.phases[0].emotion.n_quotes), (5, 5));
        assert!(!format!("{journey:?}").contains("a:1p"));
    }

    #[test]
    fn an_interview_that_repeats_another_adds_at_most_one() {
        let before = quotes();
        let mut after = before.clone();
        after.extend(before.iter().map(|q| Quote { interview: "z".to_owned(), id: format!("z{}", q.id), ..q.clone() }));
        let items = |quotes: &[Quote]| -> BTreeMap<(String, String), usize> {
            let journey = journey(&study(), &Codebook::default(), quotes, &[]);
            let cells = journey.phases.into_iter().flat_map(|p| p.cells);
            let items = cells.flat_map(|c| c.items.into_iter().map(move |i| (c.category.to_string(), i)));
            items.map(|(category, i)| ((category, i.label), i.n_interviews)).collect()
        };
        let (before, after) = (items(&before), items(&after));
        assert_eq!(before.len(), after.len());
        for (key, n) in before {
            assert_eq!(after[&key], n + 1, "{key:?}");
        }
    }

    #[test]
    fn quotes_of_an_unknown_phase_are_counted_as_such() {
        let mut quotes = quotes();
        quotes[0].phase = klantreis_study::PhaseId::new("elders").unwrap();
        assert_eq!(journey(&study(), &Codebook::default(), &quotes, &[]).n_unplaced, 1);
    }

    #[test]
    fn each_interview_is_counted_in_each_phase() {
        let journey = journey(&study(), &Codebook::default(), &quotes(), &["e".to_owned()]);
        assert_eq!(journey.interviews, ["a", "b", "c", "d", "e"]);
        let first = &journey.phases[0];
        let categories: Vec<&str> = first.cells.iter().map(|c| c.category.as_str()).collect();
        assert_eq!(categories, ["activiteit", "behoefte", "winst", "pijnpunt", "aparte", "eigen"]);
        assert_eq!(
            (&first.by_interview[0].n_quotes[..], first.by_interview[0].emotion),
            (&[0, 1, 0, 1, 0, 0][..], Some(-1.0))
        );
        assert_eq!(first.by_interview[4].emotion, None);
        assert_eq!(journey.phases[1].by_interview.len(), 5);
    }
}
