use klantreis_study::{PhaseId, TouchpointId};
use serde::Serialize;

use crate::{
    emotion::{ENOUGH, Label, Score},
    journey::{PhaseJourney, TouchpointCount},
};

/// A phase or a touchpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A phase.
    Phase(PhaseId),
    /// A touchpoint, over all phases.
    Touchpoint(TouchpointId),
}

/// Why a place stands out among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The highest mean, where its interval lies above zero and above the mean of the other places.
    Peak,
    /// The lowest mean, where its interval lies below zero and below the mean of the other places.
    Low,
    /// The greatest spread over interviews, where some are negative and others positive.
    Divided,
    /// Spoken of in most interviews, where at most half of the places are.
    MostInterviews,
    /// The last phase that enough interviews speak of: ends are remembered.
    End,
}

/// A moment of truth (Carlzon 1987), by what peaks and ends do to memory (Kahneman et al. 1993).
///
/// score = reach × (strength + division) / 2, 0…1. That the two weigh the same is a choice of this program, not a
/// finding of the literature. Being last is a mark and no part of the score: it would outweigh all else where emotions
/// are mild.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// Where.
    pub place: Place,
    /// Its name.
    pub label: String,
    /// 0…1, as above.
    pub score: f64,
    /// Share of all interviews that speak of it, 0…1.
    pub reach: f64,
    /// How far the mean is from zero, 0…1 (|mean| / 2).
    pub strength: f64,
    /// How far interviews differ, 0…1 (standard deviation / 2, at most 1).
    pub division: f64,
    /// The mean emotion, -2…2.
    pub emotion: f64,
    /// Number of interviews.
    pub n_interviews: usize,
    /// Number of quotes.
    pub n_quotes: usize,
    /// What may be said of the emotion.
    pub verdict: Label,
    /// What it stands out by.
    pub marks: Vec<Mark>,
}

/// Phases, then touchpoints, each by score; what fewer than three interviews speak of is left out.
pub fn moments(phases: &[PhaseJourney], touchpoints: &[TouchpointCount], n_interviews: usize) -> Vec<Moment> {
    let phases = phases.iter().map(|p| (Place::Phase(p.phase.id.clone()), p.phase.label.as_str(), &p.emotion));
    let touchpoints = touchpoints.iter().map(|t| (Place::Touchpoint(t.id.clone()), t.label.as_str(), &t.emotion));
    let mut all = rank(phases.collect(), n_interviews, true);
    all.extend(rank(touchpoints.collect(), n_interviews, false));
    all
}

fn rank(places: Vec<(Place, &str, &Score)>, n_interviews: usize, ends: bool) -> Vec<Moment> {
    let told: Vec<_> = places.into_iter().filter(|(_, _, score)| score.n_interviews >= ENOUGH).collect();
    let scores: Vec<&Score> = told.iter().map(|(_, _, score)| *score).collect();
    let mut moments: Vec<Moment> = told
        .into_iter()
        .map(|(place, label, score)| {
            let emotion = score.mean.unwrap_or(0.0);
            let reach = score.n_interviews as f64 / n_interviews.max(1) as f64;
            let strength = emotion.abs() / 2.0;
            let division = (score.spread.unwrap_or(0.0) / 2.0).min(1.0);
            Moment {
                place,
                label: label.to_owned(),
                score: reach * (strength + division) / 2.0,
                reach,
                strength,
                division,
                emotion,
                n_interviews: score.n_interviews,
                n_quotes: score.n_quotes,
                verdict: score.label,
                marks: Vec::new(),
            }
        })
        .collect();
    if let Some(last) = moments.last_mut().filter(|_| ends) {
        last.marks.push(Mark::End);
    }
    for (mark, value) in STANDS_OUT {
        let values: Vec<f64> = scores.iter().enumerate().map(|(n, score)| value(score, others(&scores, n))).collect();
        for n in greatest(&values) {
            moments[n].marks.push(mark);
        }
    }
    moments.sort_by(|a, b| b.score.total_cmp(&a.score));
    moments
}

/// The mean of all places but this one; zero where there is no other.
fn others(scores: &[&Score], place: usize) -> f64 {
    let means = scores.iter().enumerate().filter(|(n, _)| *n != place).filter_map(|(_, score)| score.mean);
    means.sum::<f64>() / scores.len().saturating_sub(1).max(1) as f64
}

/// What a place stands out by, of its score and the mean of the other places: it gets the mark where this is greatest, if it
/// is above zero. A peak or a low is called so only where the interval leaves no room for its being like the others.
type Value = fn(&Score, f64) -> f64;
const STANDS_OUT: [(Mark, Value); 4] = [
    (Mark::Peak, |score, others| match score.interval {
        Some((low, _)) if low > others.max(0.0) => score.mean.unwrap_or(0.0),
        _ => 0.0,
    }),
    (Mark::Low, |score, others| match score.interval {
        Some((_, high)) if high < others.min(0.0) => -score.mean.unwrap_or(0.0),
        _ => 0.0,
    }),
    (Mark::Divided, |score, _| match score.range {
        Some((low, high)) if low < 0.0 && high > 0.0 => score.spread.unwrap_or(0.0),
        _ => 0.0,
    }),
    (Mark::MostInterviews, |score, _| score.n_interviews as f64),
];

/// The places of the greatest value above zero, if at most half of them share it: a mark that nearly all get says nothing.
fn greatest(values: &[f64]) -> Vec<usize> {
    let most = values.iter().copied().fold(0.0, f64::max);
    let places: Vec<usize> = (0..values.len()).filter(|n| values[*n] == most).collect();
    if most > 0.0 && 2 * places.len() <= values.len() { places } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Codebook, Quote};

    use super::*;
    use crate::{
        journey::journey,
        sample::{at, quote, study},
    };

    #[test]
    fn strong_feeling_of_many_comes_first_and_thin_evidence_is_left_out() {
        let mut quotes = Vec::new();
        for name in ["a", "b", "c", "d"] {
            quotes.push(at("site", quote(&format!("{name}:1p"), "pijnpunt", -2)));
            let after = at("balie", quote(&format!("{name}:9w"), "winst", 1));
            quotes.push(Quote { phase: PhaseId::new("na").unwrap(), ..after });
        }
        let moments = journey(&study(), &Codebook::default(), &quotes, &[]).moments;
        let told: Vec<_> = moments.iter().map(|m| (m.label.as_str(), m.score, &m.marks[..])).collect();
        assert_eq!(
            told,
            [
                ("Voor", 0.5, &[Mark::Low][..]),
                ("Na", 0.25, &[Mark::End, Mark::Peak][..]),
                ("Site", 0.5, &[Mark::Low][..]),
                ("Balie", 0.25, &[Mark::Peak][..]),
            ]
        );
        let few = journey(&study(), &Codebook::default(), &quotes[..4], &[]);
        assert!(few.moments.is_empty());
    }

    #[test]
    fn a_mean_whose_interval_holds_zero_is_no_peak() {
        let quotes: Vec<Quote> = [("a", 2), ("b", -1), ("c", 0), ("d", 0)]
            .map(|(name, emotion)| at("site", quote(&format!("{name}:1w"), "winst", emotion)))
            .into_iter()
            .chain(["a", "b", "c"].map(|name| at("balie", quote(&format!("{name}:2w"), "winst", 0))))
            .collect();
        let moments = journey(&study(), &Codebook::default(), &quotes, &[]).moments;
        let site = moments.iter().find(|m| m.label == "Site").unwrap();
        assert_eq!((site.emotion, &site.marks[..]), (0.25, &[Mark::Divided, Mark::MostInterviews][..]));
    }

    #[test]
    fn a_place_that_may_well_be_like_the_others_is_no_low_and_one_where_nobody_is_glad_is_not_divided() {
        let voices = |touchpoint: &str, n: usize, emotions: [i8; 4]| {
            let voice =
                |(name, emotion): (&str, i8)| at(touchpoint, quote(&format!("{name}:{n}p"), "pijnpunt", emotion));
            ["a", "b", "c", "d"].into_iter().zip(emotions).map(voice).collect::<Vec<Quote>>()
        };
        let marks = |site: [i8; 4], desk: [i8; 4]| {
            let quotes = [voices("site", 1, site), voices("balie", 2, desk)].concat();
            let moments = journey(&study(), &Codebook::default(), &quotes, &[]).moments;
            moments.iter().find(|m| m.label == "Site").unwrap().marks.clone()
        };
        // Below zero for sure, and the lowest; but not surely lower than the other, which is low as well.
        assert_eq!(marks([-2, -1, -1, -2], [-1, -1, -2, -1]), []);
        assert_eq!(marks([-2, -2, -2, -1], [0, 1, 0, -1]), [Mark::Low]);
        assert_eq!(marks([-2, 0, -2, 2], [0, 0, 0, -1]), [Mark::Divided]);
    }
}
