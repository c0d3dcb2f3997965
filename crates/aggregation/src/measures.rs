//! What can be compared between groups of interviews: emotions, numbers of quotes, what is spoken of.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Quote, Status, Study};
use serde::Serialize;

use crate::journey::Journey;

/// What a measure says of an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasureKind {
    /// How a phase feels, -2…2; interviews that are silent on it are left out.
    PhaseEmotion,
    /// How a touchpoint feels, -2…2; interviews that are silent on it are left out.
    TouchpointEmotion,
    /// The number of quotes of a category in a phase.
    Quotes,
    /// Whether it speaks of a touchpoint: 0 or 1.
    Touchpoint,
    /// Whether it speaks of a theme: 0 or 1.
    Theme,
}

/// A value for each interview.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What the values say.
    pub kind: MeasureKind,
    /// The phase, touchpoint or theme.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The category, for numbers of quotes and themes.
    pub category: Option<Category>,
    /// The value of each interview that has one.
    pub voices: BTreeMap<String, f64>,
    /// The quotes of each interview, by id.
    pub quotes: BTreeMap<String, Vec<String>>,
}

impl Measure {
    /// The values of some interviews.
    pub fn values(&self, interviews: &BTreeSet<&str>) -> Vec<f64> {
        self.voices.iter().filter(|(name, _)| interviews.contains(name.as_str())).map(|(_, value)| *value).collect()
    }

    /// The quotes of some interviews, by id.
    pub fn quote_ids(&self, interviews: &BTreeSet<&str>) -> Vec<String> {
        let mine = self.quotes.iter().filter(|(name, _)| interviews.contains(name.as_str()));
        mine.flat_map(|(_, ids)| ids.iter().cloned()).collect()
    }
}

/// All measures of a journey, by kind. `quotes` are those that the journey was made of.
pub fn measures(study: &Study, journey: &Journey, quotes: &[Quote]) -> Vec<Measure> {
    let mut quotes: Vec<&Quote> = quotes.iter().filter(|q| q.status != Status::Rejected).collect();
    quotes.sort_by(|a, b| (&a.interview, a.turn, &a.id).cmp(&(&b.interview, b.turn, &b.id)));
    let all: Vec<&String> = journey.interviews.iter().collect();
    let ids = |of: &dyn Fn(&Quote) -> bool| {
        let mut by_interview: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for quote in quotes.iter().filter(|q| of(q)) {
            by_interview.entry(quote.interview.clone()).or_default().push(quote.id.clone());
        }
        by_interview
    };
    let counted = |quotes: &BTreeMap<String, Vec<String>>, most: usize| -> BTreeMap<String, f64> {
        all.iter().map(|name| ((*name).clone(), quotes.get(*name).map_or(0, Vec::len).min(most) as f64)).collect()
    };
    let mut out = Vec::new();
    for phase in &journey.phases {
        let quotes = ids(&|q| q.phase == phase.phase.id);
        let (id, label) = (phase.phase.id.to_string(), phase.phase.label.clone());
        let voices = phase.emotion.voices.clone();
        out.push(Measure { kind: MeasureKind::PhaseEmotion, id, label, category: None, voices, quotes });
    }
    for touchpoint in &journey.touchpoints {
        let quotes = ids(&|q| q.touchpoint.as_ref() == Some(&touchpoint.id));
        let (id, label) = (touchpoint.id.to_string(), touchpoint.label.clone());
        let voices = touchpoint.emotion.voices.clone();
        out.push(Measure { kind: MeasureKind::TouchpointEmotion, id, label, category: None, voices, quotes });
    }
    for phase in &journey.phases {
        for cell in phase.cells.iter().filter(|c| c.n_quotes > 0) {
            let quotes = ids(&|q| q.phase == phase.phase.id && q.category == cell.category);
            out.push(Measure {
                kind: MeasureKind::Quotes,
                id: phase.phase.id.to_string(),
                label: phase.phase.label.clone(),
                category: Some(cell.category.clone()),
                voices: counted(&quotes, usize::MAX),
                quotes,
            });
        }
    }
    for touchpoint in study.touchpoints.iter().filter(|t| journey.touchpoints.iter().any(|told| told.id == t.id)) {
        let quotes = ids(&|q| q.touchpoint.as_ref() == Some(&touchpoint.id));
        let (id, label) = (touchpoint.id.to_string(), touchpoint.label.clone());
        let voices = counted(&quotes, 1);
        out.push(Measure { kind: MeasureKind::Touchpoint, id, label, category: None, voices, quotes });
    }
    for theme in journey.themes.themes.iter().filter(|t| t.n_interviews > 1) {
        let mine: BTreeSet<&String> = theme.quote_ids.iter().collect();
        let quotes = ids(&|q| mine.contains(&q.id));
        out.push(Measure {
            kind: MeasureKind::Theme,
            id: theme.id.clone(),
            label: theme.label.clone(),
            category: Some(theme.category.clone()),
            voices: counted(&quotes, 1),
            quotes,
        });
    }
    out
}
