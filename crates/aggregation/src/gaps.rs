use klantreis_study::{Category, Study};
use serde::Serialize;

use crate::{
    emotion::{ENOUGH, Score},
    journey::{PhaseJourney, TouchpointCount},
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
