use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, CodeId, Codebook, PhaseId, Quote, Study, TouchpointId};
use serde::Serialize;

use crate::{
    journey::{count_interviews, label},
    typical::Typicality,
};

/// What an opportunity is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A code of needs or pains.
    Code(Category, CodeId),
    /// A touchpoint, all its needs and pains together.
    Touchpoint(TouchpointId),
}

/// Which gains were held against the needs and pains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Those at the same touchpoints in the phase.
    Touchpoint,
    /// All those in the phase, for want of a touchpoint: coarser.
    Phase,
}

/// A need or pain in a phase, by how many interviews ask and how many are served.
///
/// A **proxy** of Ulwick's opportunity score (Ulwick 2005: importance + max(importance − satisfaction, 0), both 0…10),
/// which asks for ratings. Here importance is the share of all interviews that voice a need or pain, and satisfaction
/// the share that voice a gain in the same place: what no one brings up is not thereby unimportant, nor unsatisfied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opportunity {
    /// The phase.
    pub phase: PhaseId,
    /// What it is about.
    pub subject: Subject,
    /// Its name in the study's language.
    pub label: String,
    /// 0…10: the share of interviews that voice a need or pain here.
    pub importance: f64,
    /// 0…10: the share of interviews that voice a gain here.
    pub satisfaction: f64,
    /// 0…20: importance + max(importance − satisfaction, 0).
    pub score: f64,
    /// Which gains count as "here".
    pub basis: Basis,
    /// Number of interviews that voice a need or pain.
    pub n_asking: usize,
    /// Number of interviews that voice a gain.
    pub n_served: usize,
    /// The needs and pains, by id.
    pub quote_ids: Vec<String>,
    /// The gains held against them, by id.
    pub gain_ids: Vec<String>,
    /// The most typical need or pain.
    pub typical: Option<Quote>,
}

/// All opportunities, the greatest first. `quotes` are sorted and count.
pub fn opportunities(
    study: &Study,
    codebook: &Codebook,
    quotes: &[&Quote],
    n_interviews: usize,
    typicality: &Typicality<'_>,
) -> Vec<Opportunity> {
    let asks = |q: &Quote| q.category == Category::need() || q.category == Category::pain();
    let mut found = Vec::new();
    for phase in &study.phases {
        let here: Vec<&Quote> = quotes.iter().copied().filter(|q| q.phase == phase.id).collect();
        let gains: Vec<&Quote> = here.iter().copied().filter(|q| q.category == Category::gain()).collect();
        let mut subjects: BTreeMap<Subject, Vec<&Quote>> = BTreeMap::new();
        for quote in here.into_iter().filter(|q| asks(q)) {
            if let Some(code) = &quote.code {
                subjects.entry(Subject::Code(quote.category.clone(), code.clone())).or_default().push(quote);
            }
            if let Some(touchpoint) = &quote.touchpoint {
                subjects.entry(Subject::Touchpoint(touchpoint.clone())).or_default().push(quote);
            }
        }
        for (subject, asking) in subjects {
            let places: BTreeSet<&TouchpointId> = asking.iter().filter_map(|q| q.touchpoint.as_ref()).collect();
            let near = |q: &Quote| q.touchpoint.as_ref().is_some_and(|t| places.contains(t));
            let basis = if places.is_empty() { Basis::Phase } else { Basis::Touchpoint };
            let served: Vec<&Quote> = gains.iter().copied().filter(|q| basis == Basis::Phase || near(q)).collect();
            let (n_asking, n_served) = (count_interviews(&asking), count_interviews(&served));
            let of_ten = |n: usize| 10.0 * n as f64 / n_interviews.max(1) as f64;
            let (importance, satisfaction) = (of_ten(n_asking), of_ten(n_served));
            let label = match &subject {
                Subject::Code(_, code) => label(Some(code), study, codebook),
                Subject::Touchpoint(id) => study.touchpoint(id).map_or_else(|| id.to_string(), |t| t.label.clone()),
            };
            found.push(Opportunity {
                phase: phase.id.clone(),
                subject,
                label,
                importance,
                satisfaction,
                score: importance + (importance - satisfaction).max(0.0),
                basis,
                n_asking,
                n_served,
                quote_ids: asking.iter().map(|q| q.id.clone()).collect(),
                gain_ids: served.iter().map(|q| q.id.clone()).collect(),
                typical: typicality.most_typical(&asking, 1).first().map(|q| (*q).clone()),
            });
        }
    }
    // The sort is stable: of equals the phase's order, then codes before touchpoints.
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.n_asking.cmp(&a.n_asking)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        journey::journey,
        sample::{at, quote, study},
    };

    fn coded(code: &str, mut quote: Quote) -> Quote {
        quote.code = Some(CodeId::new(code).unwrap());
        quote
    }

    #[test]
    fn what_many_ask_and_few_are_served_comes_first() {
        let quotes = [
            coded("uitleg", at("balie", quote("a:1b", "behoefte", 0))),
            coded("uitleg", at("balie", quote("a:2b", "behoefte", 0))),
            coded("uitleg", at("balie", quote("b:1b", "behoefte", 0))),
            at("balie", quote("c:1w", "winst", 2)),
            at("site", quote("d:1w", "winst", 2)),
            coded("moeite", quote("d:2p", "pijnpunt", -1)),
        ];
        let found = journey(&study(), &Codebook::default(), &quotes, &[]).opportunities;
        let told: Vec<_> = found
            .iter()
            .map(|o| (o.label.as_str(), o.n_asking, o.n_served, o.importance, o.satisfaction, o.score, o.basis))
            .collect();
        assert_eq!(
            told,
            [
                ("uitleg", 2, 1, 5.0, 2.5, 7.5, Basis::Touchpoint),
                ("Balie", 2, 1, 5.0, 2.5, 7.5, Basis::Touchpoint),
                ("moeite", 1, 2, 2.5, 5.0, 2.5, Basis::Phase),
            ]
        );
        assert_eq!(found[0].quote_ids, ["a:1b", "a:2b", "b:1b"]);
        assert_eq!(found[0].gain_ids, ["c:1w"]);
    }
}
