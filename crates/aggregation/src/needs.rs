//! From themes of needs and pains to what could be done about them.

use std::collections::{BTreeSet, HashMap, HashSet};

use klantreis_study::{Category, PhaseId, Quote, TouchpointId};
use serde::Serialize;

use crate::{journey::count_interviews, opportunities::Basis, themes::Themes};

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
    pub gain_ids: Vec<String>,
    /// The most typical quote.
    pub typical: Option<Quote>,
}

/// All needs, the greatest score first. A gain is on the same thing if it stands in the phase, at a touchpoint of the
/// theme or in a theme of gains that shares a telling word; where the theme has neither, all gains of the phase count.
pub fn needs(themes: &Themes, quotes: &[&Quote], n_interviews: usize) -> Vec<Need> {
    let gain = Category::gain();
    let by_id: HashMap<&str, &Quote> = quotes.iter().map(|q| (q.id.as_str(), *q)).collect();
    let mut gains: HashMap<&PhaseId, Vec<&Quote>> = HashMap::new();
    for quote in quotes.iter().filter(|q| q.category == gain) {
        gains.entry(&quote.phase).or_default().push(quote);
    }
    let mut found: Vec<Need> = themes
        .themes
        .iter()
        .filter(|t| t.category == Category::need() || t.category == Category::pain())
        .map(|theme| {
            let mine = theme.quote_ids.iter().filter_map(|id| by_id.get(id.as_str()));
            let places: BTreeSet<&TouchpointId> = mine.filter_map(|q| q.touchpoint.as_ref()).collect();
            let named: BTreeSet<&String> = theme.words.iter().take(2).collect();
            let alike: HashSet<&String> = themes
                .of(&theme.phase, &gain)
                .filter(|g| g.words.iter().take(2).any(|w| named.contains(w)))
                .flat_map(|g| &g.quote_ids)
                .collect();
            let basis = if places.is_empty() && alike.is_empty() { Basis::Phase } else { Basis::Touchpoint };
            let near = |q: &Quote| alike.contains(&q.id) || q.touchpoint.as_ref().is_some_and(|t| places.contains(t));
            let here = gains.get(&theme.phase).into_iter().flatten().copied();
            let served: Vec<&Quote> = here.filter(|q| basis == Basis::Phase || near(q)).collect();
            let of_ten = |n: usize| 10.0 * n as f64 / n_interviews.max(1) as f64;
            let n_served = count_interviews(&served);
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
                gain_ids: served.iter().map(|q| q.id.clone()).collect(),
                typical: theme.typical.first().cloned(),
            }
        })
        .collect();
    // Stable: of equals the order of the themes.
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.n_interviews.cmp(&a.n_interviews)));
    found
}
