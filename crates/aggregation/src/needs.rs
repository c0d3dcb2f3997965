//! From themes of needs and pains to what could be done about them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use klantreis_study::{Category, PhaseId, Quote, TouchpointId};
use serde::Serialize;

use crate::{ids::Ids, opportunities::Basis, themes::Themes};

/// A theme of needs or pains as the Flemish template asks for it: a need (nood) with its evidence, to become an
/// opportunity (kans). The sentences are made by the report, in the study's language.
///
/// Importance and satisfaction are proxies, as in [`Opportunity`](crate::Opportunity).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Need {
    /// The theme's id.
    pub theme: String,
    /// The phase.
    pub phase: PhaseId,
    /// Need or pain.
    pub category: Category,
    /// The theme's name.
    pub label: String,
    /// 0…10: the share of all interviews that voice it.
    pub importance: f64,
    /// 0…10: the share of all interviews that voice a gain on the same thing.
    pub satisfaction: f64,
    /// 0…20: importance + max(importance − satisfaction, 0).
    pub score: f64,
    /// Which gains count as "on the same thing".
    pub basis: Basis,
    /// Number of quotes of the theme.
    pub n_quotes: usize,
    /// Interviews that voice it.
    pub n_interviews: usize,
    /// Interviews that voice a gain.
    pub n_served: usize,
    /// The theme's quotes, by id.
    pub quote_ids: Vec<String>,
    /// The gains, by id.
    pub gain_ids: Ids,
    /// The most typical quote.
    pub typical: Option<Quote>,
}

/// All needs, the greatest score first. A gain is on the same thing if it stands in the phase, at a touchpoint of the
/// theme or in a theme of gains that shares a telling word; where the theme has neither, all gains of the phase count.
pub fn needs(themes: &Themes, quotes: &[&Quote], n_interviews: usize) -> Vec<Need> {
    let gain = Category::gain();
    let by_id: HashMap<&str, &Quote> = quotes.iter().map(|q| (q.id.as_str(), *q)).collect();
    let gains = Gains::among(quotes);
    let mut by_word: HashMap<(&PhaseId, &String), Vec<&String>> = HashMap::new();
    for theme in themes.themes.iter().filter(|theme| theme.category == gain) {
        for word in theme.words.iter().take(2) {
            by_word.entry((&theme.phase, word)).or_default().extend(&theme.quote_ids);
        }
    }
    let mut found: Vec<Need> = themes
        .themes
        .iter()
        .filter(|t| t.category == Category::need() || t.category == Category::pain())
        .map(|theme| {
            let mine = theme.quote_ids.iter().filter_map(|id| by_id.get(id.as_str()));
            let places: BTreeSet<&TouchpointId> = mine.filter_map(|q| q.touchpoint.as_ref()).collect();
            let alike: BTreeSet<u32> = theme
                .words
                .iter()
                .take(2)
                .filter_map(|word| by_word.get(&(&theme.phase, word)))
                .flatten()
                .filter_map(|id| gains.numbers.get(id.as_str()).copied())
                .collect();
            let basis = if places.is_empty() && alike.is_empty() { Basis::Phase } else { Basis::Touchpoint };
            let near =
                |gain: &Gain<'_>| alike.contains(&gain.number) || gain.touchpoint.is_some_and(|t| places.contains(t));
            let here = gains.by_phase.get(&theme.phase).map_or(&[][..], Vec::as_slice);
            let served: Vec<&Gain<'_>> = here.iter().filter(|gain| basis == Basis::Phase || near(gain)).collect();
            let of_ten = |n: usize| 10.0 * n as f64 / n_interviews.max(1) as f64;
            let n_served = gains.count_interviews(&served);
            let (importance, satisfaction) = (of_ten(theme.n_interviews), of_ten(n_served));
            Need {
                theme: theme.id.clone(),
                phase: theme.phase.clone(),
                category: theme.category.clone(),
                label: theme.label.clone(),
                importance,
                satisfaction,
                score: importance + (importance - satisfaction).max(0.0),
                basis,
                n_quotes: theme.n_quotes,
                n_interviews: theme.n_interviews,
                n_served,
                quote_ids: theme.quote_ids.clone(),
                gain_ids: Ids::of(&gains.ids, served.iter().map(|gain| gain.number).collect()),
                typical: theme.typical.first().cloned(),
            }
        })
        .collect();
    // Stable: of equals the order of the themes.
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.n_interviews.cmp(&a.n_interviews)));
    found
}

/// A gain, with its number and its interview's.
struct Gain<'a> {
    number: u32,
    interview: usize,
    touchpoint: Option<&'a TouchpointId>,
}

/// All gains. Each need is held against hundreds of them: by numbers, not by their ids and the names of interviews.
struct Gains<'a> {
    by_phase: HashMap<&'a PhaseId, Vec<Gain<'a>>>,
    ids: Arc<[String]>,
    numbers: HashMap<&'a str, u32>,
    n_interviews: usize,
}

impl<'a> Gains<'a> {
    fn among(quotes: &[&'a Quote]) -> Self {
        let gain = Category::gain();
        let gains: Vec<&Quote> = quotes.iter().copied().filter(|q| q.category == gain).collect();
        let mut by_phase: HashMap<&PhaseId, Vec<Gain<'_>>> = HashMap::new();
        let mut interviews: HashMap<&str, usize> = HashMap::new();
        for (number, quote) in (0..).zip(&gains) {
            let next = interviews.len();
            let interview = *interviews.entry(&quote.interview).or_insert(next);
            let gain = Gain { number, interview, touchpoint: quote.touchpoint.as_ref() };
            by_phase.entry(&quote.phase).or_default().push(gain);
        }
        Self {
            by_phase,
            ids: gains.iter().map(|q| q.id.clone()).collect(),
            numbers: (0..).zip(&gains).map(|(number, q)| (q.id.as_str(), number)).collect(),
            n_interviews: interviews.len(),
        }
    }

    fn count_interviews(&self, some: &[&Gain<'_>]) -> usize {
        let mut heard = vec![false; self.n_interviews];
        some.iter().filter(|gain| !std::mem::replace(&mut heard[gain.interview], true)).count()
    }
}
