//! A journey for each group of interviews, how the groups differ, and the personas with their group's figures.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Codebook, PhaseId, Quote, Status, Study};
use serde::Serialize;

use crate::{
    comparison::{Comparison, benjamini_hochberg, compare_means},
    emotion::{Score, score},
    gaps::{Groups, SegmentGap, segment_gaps},
    journey::{Journey, journey},
    measures::{MeasureKind, measures},
};

/// The interviews with one value of an attribute, and their journey.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// The value, such as `intern`.
    pub value: String,
    /// Their journey: its themes are found among these interviews alone.
    pub journey: Journey,
}

/// Groups of interviews by an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segments {
    /// The attribute, such as `perspectief`.
    pub attribute: String,
    /// A group a value, by value.
    pub segments: Vec<Segment>,
    /// Interviews without the attribute, in no group.
    pub without: Vec<String>,
    /// Which group tells too little of which phase.
    pub gaps: Vec<SegmentGap>,
    /// How each group differs from all others together, by group, then what is most certain first. For two groups
    /// once: the first against the second.
    pub differences: Vec<Difference>,
}

/// A difference between two groups of interviews.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What was compared.
    pub kind: MeasureKind,
    /// The phase, touchpoint or theme (of the journey of all).
    pub id: String,
    /// Its name.
    pub label: String,
    /// The category, for numbers of quotes and themes.
    pub category: Option<Category>,
    /// The first group: a value of the attribute.
    pub group: String,
    /// The second group; `None` for all other values together.
    pub against: Option<String>,
    /// Means over interviews; `None` where a group has no voice.
    pub means: (Option<f64>, Option<f64>),
    /// Their difference; `None` where one is missing.
    pub comparison: Option<Comparison>,
    /// The false discovery rate among all tests of the same kind (Benjamini & Hochberg 1995).
    pub q: Option<f64>,
    /// Interviews of each group that speak of it.
    pub n_interviews: (usize, usize),
    /// The quotes of each group, by id.
    pub quote_ids: (Vec<String>, Vec<String>),
}

impl Difference {
    /// Whether only one group speaks of it at all, by at least two interviews: the first (`Some(true)`) or the second.
    pub fn only(&self) -> Option<bool> {
        match self.n_interviews {
            (a, 0) if a >= 2 => Some(true),
            (0, b) if b >= 2 => Some(false),
            _ => None,
        }
    }
}

/// Journeys by an attribute; `None` where no interview has it. `of` gives the attributes of each interview.
pub fn segments(
    study: &Study,
    codebook: &Codebook,
    quotes: &[Quote],
    of: &BTreeMap<String, BTreeMap<String, String>>,
    attribute: &str,
) -> Option<Segments> {
    let mut groups = Groups::new();
    let mut without = Vec::new();
    for (interview, attributes) in of {
        match attributes.get(attribute).map(|value| value.trim()).filter(|value| !value.is_empty()) {
            Some(value) => {
                groups.entry(value).or_default().insert(interview);
            }
            None => without.push(interview.clone()),
        }
    }
    if groups.is_empty() {
        return None;
    }
    let grouped: BTreeSet<&str> = groups.values().flatten().copied().collect();
    let counted: Vec<Quote> = quotes.iter().filter(|q| grouped.contains(q.interview.as_str())).cloned().collect();
    let names: Vec<String> = grouped.iter().map(|name| (*name).to_owned()).collect();
    let whole = journey(study, codebook, &counted, &names);
    let all = measures(study, &whole, &counted);
    let compare = |group: &str, mine: &BTreeSet<&str>, against: Option<&str>, others: &BTreeSet<&str>| {
        let mut found: Vec<Difference> = all
            .iter()
            .map(|measure| {
                let (a, b) = (measure.values(mine), measure.values(others));
                let speaking =
                    |who: &BTreeSet<&str>| measure.quotes.keys().filter(|n| who.contains(n.as_str())).count();
                let mean = |v: &[f64]| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
                Difference {
                    kind: measure.kind,
                    id: measure.id.clone(),
                    label: measure.label.clone(),
                    category: measure.category.clone(),
                    group: group.to_owned(),
                    against: against.map(str::to_owned),
                    means: (mean(&a), mean(&b)),
                    comparison: compare_means(&a, &b),
                    q: None,
                    n_interviews: (speaking(mine), speaking(others)),
                    quote_ids: (measure.quote_ids(mine), measure.quote_ids(others)),
                }
            })
            .collect();
        adjust(&mut found);
        found
    };
    let differences = match groups.iter().collect::<Vec<_>>().as_slice() {
        [_] => Vec::new(),
        [(a, mine), (b, others)] => compare(a, mine, Some(b), others),
        many => many
            .iter()
            .flat_map(|(value, mine)| {
                let others: BTreeSet<&str> = grouped.difference(mine).copied().collect();
                compare(value, mine, None, &others)
            })
            .collect(),
    };
    let segments = groups
        .iter()
        .map(|(value, names)| {
            let mine: Vec<Quote> = quotes.iter().filter(|q| names.contains(q.interview.as_str())).cloned().collect();
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Segment { value: (*value).to_owned(), journey: journey(study, codebook, &mine, &names) }
        })
        .collect();
    let counted: Vec<&Quote> = counted.iter().filter(|q| q.status != Status::Rejected).collect();
    let gaps = segment_gaps(study, &counted, attribute, &groups);
    Some(Segments { attribute: attribute.to_owned(), segments, without, gaps, differences })
}

/// Adjusts for many tests, kind by kind, and sorts what is most certain first.
fn adjust(found: &mut [Difference]) {
    let kinds: BTreeSet<MeasureKind> = found.iter().map(|d| d.kind).collect();
    for kind in kinds {
        let mut mine: Vec<&mut Difference> = found.iter_mut().filter(|d| d.kind == kind).collect();
        let ps: Vec<Option<f64>> = mine.iter().map(|d| d.comparison.and_then(|c| c.p)).collect();
        for (difference, q) in mine.iter_mut().zip(benjamini_hochberg(&ps)) {
            difference.q = q;
        }
    }
    found.sort_by(|a, b| {
        let key = |d: &Difference| (d.q.unwrap_or(2.0), -d.comparison.map_or(0.0, |c| c.difference.abs()));
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
}

/// A persona with what its segment tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonaFigures {
    /// The persona's name.
    pub name: String,
    /// Who they are.
    pub description: String,
    /// The value of `segment` that its interviews carry.
    pub segment: Option<String>,
    /// Its interviews, by name; a persona without any rests on nothing that was said.
    pub interviews: Vec<String>,
    /// Number of its quotes.
    pub n_quotes: usize,
    /// How each phase feels to them, in the study's order.
    pub phases: Vec<PersonaPhase>,
}

/// What a persona's segment tells of a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonaPhase {
    /// The phase.
    pub phase: PhaseId,
    /// How it feels.
    pub emotion: Score,
    /// Numbers of quotes by category.
    pub n_quotes: BTreeMap<Category, usize>,
    /// Its quotes, by id.
    pub quote_ids: Vec<String>,
}

/// The personas of a study with their segment's figures, in the study's order.
pub fn personas(study: &Study, quotes: &[&Quote]) -> Vec<PersonaFigures> {
    let of = |quote: &Quote, segment: &str| {
        quote.attributes.get("segment").is_some_and(|value| value.trim().eq_ignore_ascii_case(segment.trim()))
    };
    let figures = |persona: &klantreis_study::Persona| {
        let segment = persona.segment.as_deref().unwrap_or_default();
        let mine: Vec<&Quote> = quotes
            .iter()
            .copied()
            .filter(|q| q.status != Status::Rejected && !segment.is_empty() && of(q, segment))
            .collect();
        let interviews: BTreeSet<&String> = mine.iter().map(|q| &q.interview).collect();
        let phases = study.phases.iter().map(|phase| {
            let here: Vec<&Quote> = mine.iter().copied().filter(|q| q.phase == phase.id).collect();
            let mut n_quotes = BTreeMap::new();
            for quote in &here {
                *n_quotes.entry(quote.category.clone()).or_default() += 1;
            }
            PersonaPhase {
                phase: phase.id.clone(),
                emotion: score(here.iter().copied()),
                n_quotes,
                quote_ids: here.iter().map(|q| q.id.clone()).collect(),
            }
        });
        PersonaFigures {
            name: persona.name.clone(),
            description: persona.description.clone(),
            segment: persona.segment.clone(),
            n_quotes: mine.len(),
            interviews: interviews.into_iter().cloned().collect(),
            phases: phases.collect(),
        }
    };
    study.personas.iter().map(figures).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, quote, study};

    fn quotes() -> Vec<Quote> {
        let mut quotes = Vec::new();
        for (n, name) in ["a", "b", "c", "d", "e", "f", "g", "h"].iter().enumerate() {
            let staff = n < 4;
            let mut told = quote(&format!("{name}:1p"), "pijnpunt", if staff { 1 } else { -2 });
            if staff {
                told = at("balie", told);
            }
            told.attributes.insert("perspectief".to_owned(), if staff { "intern" } else { "extern" }.to_owned());
            told.attributes.insert("segment".to_owned(), "starter".to_owned());
            quotes.push(told);
        }
        quotes
    }

    #[test]
    fn staff_and_visitors_are_held_against_each_other() {
        let quotes = quotes();
        let of = quotes.iter().map(|q| (q.interview.clone(), q.attributes.clone())).collect();
        let found = segments(&study(), &Codebook::default(), &quotes, &of, "perspectief").unwrap();
        let values: Vec<_> = found.segments.iter().map(|s| (s.value.as_str(), s.journey.interviews.len())).collect();
        assert_eq!(values, [("extern", 4), ("intern", 4)]);
        let emotion = found.differences.iter().find(|d| d.kind == MeasureKind::PhaseEmotion).unwrap();
        assert_eq!((emotion.comparison.unwrap().difference, emotion.q), (-3.0, Some(2.0 / 70.0)));
        let counter = found.differences.iter().find(|d| d.kind == MeasureKind::Touchpoint).unwrap();
        assert_eq!((counter.only(), counter.n_interviews), (Some(false), (0, 4)));
        assert_eq!(segments(&study(), &Codebook::default(), &quotes, &of, "kleur"), None);
    }

    #[test]
    fn personas_have_the_figures_of_their_segment() {
        let mut study = study();
        for (name, segment) in [("Sam", Some("Starter")), ("Kim", Some("kenner")), ("Bo", None)] {
            let segment = segment.map(str::to_owned);
            study.personas.push(klantreis_study::Persona {
                name: name.to_owned(),
                description: String::new(),
                segment,
            });
        }
        let quotes = quotes();
        let found = personas(&study, &quotes.iter().collect::<Vec<_>>());
        assert_eq!(found.iter().map(|p| p.interviews.len()).collect::<Vec<_>>(), [8, 0, 0]);
        assert_eq!(found[0].phases[0].emotion.mean, Some(-0.5));
    }
}
