use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Channel, CodeId, Codebook, Phase, Quote, Status, Study, Touchpoint, TouchpointId};
use klantreis_text::Stemmer;
use serde::Serialize;

use crate::{
    emotion::{Score, score},
    typical::typical,
};

/// A journey: phases in the study's order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Journey {
    /// The study's title.
    pub title: String,
    /// All interviews, also those without a quote.
    pub interviews: Vec<String>,
    /// Number of quotes that count (rejected ones do not).
    pub n_quotes: usize,
    /// The phases.
    pub phases: Vec<PhaseJourney>,
    /// The emotion at each touchpoint (its heartbeat), in the study's order.
    pub touchpoints: Vec<TouchpointCount>,
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
}

/// Aggregates quotes to a journey. `interviews` are all that were read.
pub fn journey(study: &Study, codebook: &Codebook, quotes: &[Quote], interviews: &[String]) -> Journey {
    let mut quotes: Vec<&Quote> = quotes.iter().filter(|q| q.status != Status::Rejected).collect();
    quotes.sort_by(|a, b| (&a.interview, a.turn, &a.id).cmp(&(&b.interview, b.turn, &b.id)));
    let mut categories = study.categories();
    for quote in &quotes {
        if !categories.contains(&quote.category) {
            categories.push(quote.category.clone());
        }
    }
    let mut stemmer = Stemmer::dutch();
    let phases = study
        .phases
        .iter()
        .map(|phase| {
            let here: Vec<&Quote> = quotes.iter().copied().filter(|q| q.phase == phase.id).collect();
            let cells = categories.iter().map(|c| cell(c, &here, study, codebook, &mut stemmer)).collect();
            let mut touchpoints = touchpoints(study, &here);
            touchpoints.sort_by_key(|t| std::cmp::Reverse((t.emotion.n_interviews, t.emotion.n_quotes)));
            PhaseJourney { phase: phase.clone(), cells, touchpoints, emotion: score(here.into_iter()) }
        })
        .collect();
    let mut interviews = interviews.to_vec();
    interviews.sort();
    Journey {
        title: study.title.clone(),
        interviews,
        n_quotes: quotes.len(),
        phases,
        touchpoints: touchpoints(study, &quotes),
    }
}

fn cell(category: &Category, here: &[&Quote], study: &Study, codebook: &Codebook, stemmer: &mut Stemmer) -> Cell {
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
            n_interviews: interviews(&quotes),
            quote_ids: quotes.iter().map(|q| q.id.clone()).collect(),
            typical: typical(&quotes, 3, stemmer).into_iter().cloned().collect(),
        })
        .collect();
    // What has no name comes last, however often.
    items.sort_by(|a, b| {
        let key = |i: &Item| (i.code.is_none(), std::cmp::Reverse((i.n_interviews, i.n_quotes)), i.code.clone());
        key(a).cmp(&key(b))
    });
    Cell { category: category.clone(), n_quotes: mine.len(), n_interviews: interviews(&mine), items }
}

fn label(id: Option<&CodeId>, study: &Study, codebook: &Codebook) -> String {
    let english = study.language == klantreis_study::Language::English;
    match id.and_then(|id| codebook.code(id)) {
        Some(code) if english && !code.label_en.is_empty() => code.label_en.clone(),
        Some(code) => code.label.clone(),
        None => match (id, english) {
            (Some(id), _) => id.to_string(),
            (None, true) => "Other".to_owned(),
            (None, false) => "Overig".to_owned(),
        },
    }
}

fn interviews(quotes: &[&Quote]) -> usize {
    quotes.iter().map(|q| &q.interview).collect::<BTreeSet<_>>().len()
}

fn touchpoints(study: &Study, quotes: &[&Quote]) -> Vec<TouchpointCount> {
    let count = |touchpoint: &Touchpoint| {
        let here = quotes.iter().copied().filter(|q| q.touchpoint.as_ref() == Some(&touchpoint.id));
        let emotion = score(here);
        (emotion.n_quotes > 0).then(|| TouchpointCount {
            id: touchpoint.id.clone(),
            label: touchpoint.label.clone(),
            channel: touchpoint.channel,
            emotion,
        })
    };
    study.touchpoints.iter().filter_map(count).collect()
}
