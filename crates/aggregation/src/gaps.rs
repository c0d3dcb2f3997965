use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, PhaseId, Quote, Study};
use serde::Serialize;

use crate::{
    emotion::{ENOUGH, Score},
    journey::{PhaseJourney, TouchpointCount, count_interviews},
    moments::Place,
};

/// A place that rests on too little to conclude from: fewer than three interviews.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// Where.
    pub place: Place,
    /// Its name.
    pub label: String,
    /// Of which category; `None` for the place as a whole.
    pub category: Option<Category>,
    /// Number of interviews, below three.
    pub n_interviews: usize,
    /// Number of quotes.
    pub n_quotes: usize,
}

/// A phase that too few interviews of a group speak of: fewer than three.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SegmentGap {
    /// The attribute that makes the groups, such as `segment`.
    pub attribute: String,
    /// The group: a value of it.
    pub value: String,
    /// How many interviews the group has.
    pub n_in_group: usize,
    /// The phase.
    pub phase: PhaseId,
    /// Its name.
    pub label: String,
    /// Number of interviews of the group that speak of it, below three.
    pub n_interviews: usize,
    /// Number of their quotes.
    pub n_quotes: usize,
}

/// Interviews by a value of an attribute.
pub(crate) type Groups<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The groups by `segment` of the interviews that quotes come from, and those of personas, which may have none.
pub(crate) fn by_segment<'a>(study: &'a Study, quotes: &[&'a Quote]) -> Groups<'a> {
    let personas = study.personas.iter().filter_map(|p| p.segment.as_deref()).map(|s| (s.trim(), BTreeSet::new()));
    let mut groups: Groups<'_> = personas.collect();
    for quote in quotes {
        let Some(value) = quote.attributes.get("segment").map(|v| v.trim()).filter(|v| !v.is_empty()) else { continue };
        // Written as the interviews have it, where a persona only differs in capitals.
        if let Some(persona) = groups.keys().find(|k| **k != value && k.eq_ignore_ascii_case(value)).copied() {
            groups.remove(persona);
        }
        groups.entry(value).or_default().insert(&quote.interview);
    }
    groups
}

/// The phases that too few interviews of a group speak of, by group, in the study's order.
pub(crate) fn segment_gaps(study: &Study, quotes: &[&Quote], attribute: &str, groups: &Groups<'_>) -> Vec<SegmentGap> {
    let mut found = Vec::new();
    for (value, members) in groups {
        for phase in &study.phases {
            let here = quotes.iter().filter(|q| q.phase == phase.id && members.contains(q.interview.as_str()));
            let here: Vec<&Quote> = here.copied().collect();
            let n_interviews = count_interviews(&here);
            if n_interviews < ENOUGH {
                found.push(SegmentGap {
                    attribute: attribute.to_owned(),
                    value: (*value).to_owned(),
                    n_in_group: members.len(),
                    phase: phase.id.clone(),
                    label: phase.label.clone(),
                    n_interviews,
                    n_quotes: here.len(),
                });
            }
        }
    }
    found
}

/// What is experienced against what is wished.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Desired {
    /// The emotion wished for, -2…2.
    pub wished: f64,
    /// Experienced minus wished: below zero where it falls short.
    pub difference: f64,
    /// Its 95% interval: that of the experience, moved. `None` below three interviews.
    pub interval: Option<(f64, f64)>,
}

/// Holds a score against a wish.
pub fn desired(wished: Option<f64>, emotion: &Score) -> Option<Desired> {
    let (wished, mean) = wished.zip(emotion.mean)?;
    let interval = emotion.interval.map(|(low, high)| (low - wished, high - wished));
    Some(Desired { wished, difference: mean - wished, interval })
}

/// Phases (as a whole, else by category), then touchpoints of the study that too few interviews speak of.
pub fn gaps(study: &Study, phases: &[PhaseJourney], touchpoints: &[TouchpointCount]) -> Vec<Gap> {
    let mut found = Vec::new();
    for phase in phases {
        let gap = |category: Option<&Category>, n_interviews, n_quotes| Gap {
            place: Place::Phase(phase.phase.id.clone()),
            label: phase.phase.label.clone(),
            category: category.cloned(),
            n_interviews,
            n_quotes,
        };
        if phase.emotion.n_interviews < ENOUGH {
            found.push(gap(None, phase.emotion.n_interviews, phase.emotion.n_quotes));
        } else {
            let thin = phase.cells.iter().filter(|c| c.n_interviews < ENOUGH);
            found.extend(thin.map(|c| gap(Some(&c.category), c.n_interviews, c.n_quotes)));
        }
    }
    for touchpoint in &study.touchpoints {
        let told = touchpoints.iter().find(|t| t.id == touchpoint.id);
        let (n_interviews, n_quotes) = told.map_or((0, 0), |t| (t.emotion.n_interviews, t.emotion.n_quotes));
        if n_interviews < ENOUGH {
            found.push(Gap {
                place: Place::Touchpoint(touchpoint.id.clone()),
                label: touchpoint.label.clone(),
                category: None,
                n_interviews,
                n_quotes,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use klantreis_study::Codebook;

    use super::*;
    use crate::{
        journey::journey,
        sample::{at, quote, study},
    };

    #[test]
    fn a_group_lacks_the_phases_that_fewer_than_three_of_it_speak_of() {
        let mut study = study();
        study.personas.push(klantreis_study::Persona {
            name: "Kim".to_owned(),
            description: String::new(),
            segment: Some("Kenner".to_owned()),
        });
        let told = |name: &str, segment: &str| {
            let mut told = quote(&format!("{name}:1p"), "pijnpunt", -1);
            told.attributes.insert("segment".to_owned(), segment.to_owned());
            told
        };
        let quotes = [told("a", "starter"), told("b", "starter"), told("c", "starter"), told("d", "NT2")];
        let journey = journey(&study, &Codebook::default(), &quotes, &[]);
        let found: Vec<_> = journey
            .segment_gaps
            .iter()
            .map(|g| (g.value.as_str(), g.phase.as_str(), g.n_interviews, g.n_in_group))
            .collect();
        let lacking = [("Kenner", "voor", 0, 0), ("Kenner", "na", 0, 0), ("NT2", "voor", 1, 1), ("NT2", "na", 0, 1)];
        assert_eq!(found, [&lacking[..], &[("starter", "na", 0, 3)]].concat());
    }

    #[test]
    fn what_rests_on_little_is_named_and_wishes_are_held_against_it() {
        let quotes = ["a", "b", "c"].map(|name| at("balie", quote(&format!("{name}:1p"), "pijnpunt", -1)));
        let journey = journey(&study(), &Codebook::default(), &quotes, &[]);
        let told: Vec<_> = journey
            .gaps
            .iter()
            .map(|g| (g.label.as_str(), g.category.as_ref().map(Category::as_str), g.n_interviews))
            .collect();
        assert_eq!(
            told,
            [
                ("Voor", Some("activiteit"), 0),
                ("Voor", Some("behoefte"), 0),
                ("Voor", Some("winst"), 0),
                ("Na", None, 0),
                ("Site", None, 0),
            ]
        );
        let wish = Desired { wished: 1.0, difference: -2.0, interval: Some((-2.0, -2.0)) };
        assert_eq!((journey.phases[0].desired, journey.phases[1].desired), (Some(wish), None));
    }
}
