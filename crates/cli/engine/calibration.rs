//! How often two engines are right together, and each alone: learned from what people decided of their proposals.

use std::fmt;

use klantreis_review::{Decided, State, Text, place};
use klantreis_study::{Coding, Confidence, Language, Status, Transcript};

use super::both::Seen;

/// Decisions about proposals of one kind from which a calibration can be learned.
const ENOUGH: usize = 30;

/// For proposals of each kind, what is made of the confidence that the fixed rule gives.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    by_both: Fit,
    by_built_in: Fit,
    by_model: Fit,
}

/// What is known of proposals of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    /// Proposals that people decided on, and those that were right.
    decided: usize,
    right: usize,
    /// Slope and height over the log-odds of the fixed rule; none where too few were decided.
    line: Option<(f64, f64)>,
}

impl Calibration {
    /// Learns from the decisions on proposals, given with their interviews.
    pub fn on<'t>(
        decisions: &State,
        proposals: impl Iterator<Item = (&'t Transcript, &'t Vec<(Coding, Seen)>)>,
    ) -> Self {
        let mut judged: Vec<(Seen, f64, bool)> = Vec::new();
        for (transcript, codings) in proposals {
            let decided = Placed::of(decisions, transcript);
            for (coding, seen) in codings {
                let verdict = decided.iter().filter_map(|d| d.verdict(coding)).max();
                judged.extend(verdict.map(|right| (*seen, log_odds(coding.confidence), right)));
            }
        }
        let fit =
            |kind: Seen| Fit::on(judged.iter().filter(|(seen, ..)| *seen == kind).map(|(_, x, right)| (*x, *right)));
        Self { by_both: fit(Seen::ByBoth), by_built_in: fit(Seen::ByBuiltIn), by_model: fit(Seen::ByModel) }
    }

    /// How sure a proposal of this kind is, to which the fixed rule gives `fixed`.
    pub fn confidence(&self, seen: Seen, fixed: Confidence) -> Confidence {
        let fit = match seen {
            Seen::ByBoth => self.by_both,
            Seen::ByBuiltIn => self.by_built_in,
            Seen::ByModel => self.by_model,
            Seen::Unasked => return fixed,
        };
        fit.line.map_or(fixed, |(slope, height)| Confidence::new(sigmoid(slope * log_odds(fixed) + height) as f32))
    }
}

impl Calibration {
    /// Where the confidence of each kind of proposal comes from, in a sentence.
    pub fn told(&self, language: Language) -> String {
        let dutch = language == Language::Dutch;
        let say = |nl: &'static str, en: &'static str| if dutch { nl } else { en };
        let kinds = [
            (say("wat beide voorstellen", "what both propose"), self.by_both),
            (say("de ingebouwde codeur alleen", "the built-in engine alone"), self.by_built_in),
            (say("het taalmodel alleen", "the language model alone"), self.by_model),
        ];
        let told = kinds.map(|(name, Fit { decided, right, line })| match (line, language) {
            (Some(_), Language::Dutch) => {
                format!("{name}: met de methode van Platt uit {decided} besluiten, waarvan {right} goedkeurend")
            }
            (Some(_), Language::English) => {
                format!("{name}: by Platt's method from {decided} decisions, {right} of them right")
            }
            (None, Language::Dutch) => {
                format!("{name}: volgens de vaste regel ({decided} besluiten; nodig zijn er {ENOUGH})")
            }
            (None, Language::English) => {
                format!("{name}: by the fixed rule ({decided} decisions; {ENOUGH} are needed)")
            }
        });
        told.join("; ")
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::English))
    }
}

/// A decision found in its interview.
struct Placed<'s> {
    decided: &'s Decided,
    turn: usize,
    sentences: std::ops::Range<usize>,
}

impl<'s> Placed<'s> {
    fn of(decisions: &'s State, transcript: &Transcript) -> Vec<Self> {
        let mine: Vec<&Decided> =
            decisions.decided.values().filter(|d| d.verdict.is_some() && d.coding.file == transcript.file).collect();
        if mine.is_empty() {
            return Vec::new();
        }
        let text = Text::of(transcript);
        let place = |decided: &'s Decided| {
            let (turn, sentences) = place(&text, decided.moved.as_ref().unwrap_or(&decided.coding.anchor))?;
            Some(Self { decided, turn, sentences })
        };
        mine.into_iter().filter_map(place).collect()
    }

    /// Whether a proposal is right, if this is about it: the confidence is that of its category.
    fn verdict(&self, coding: &Coding) -> Option<bool> {
        let here = self.turn == coding.turn
            && self.sentences.start < coding.sentences.end
            && coding.sentences.start < self.sentences.end;
        let stands = self.decided.verdict != Some(Status::Rejected) && self.decided.now().category == coding.category;
        (here && (stands || self.decided.coding.category == coding.category)).then_some(stands)
    }
}

impl Fit {
    fn on(judged: impl Iterator<Item = (f64, bool)>) -> Self {
        let judged: Vec<(f64, bool)> = judged.collect();
        let right = judged.iter().filter(|(_, right)| *right).count();
        let line = (judged.len() >= ENOUGH).then(|| platt(&judged));
        Self { decided: judged.len(), right, line }
    }
}

/// The line through the log-odds that makes the decisions likeliest (Platt 1999, with his smoothed targets), found by
/// Newton's method. The slope has a prior around 1, the fixed rule's: decisions on proposals that are all as sure say
/// nothing of it. One that would turn the order of the proposals round is not believed.
fn platt(judged: &[(f64, bool)]) -> (f64, f64) {
    let right = judged.iter().filter(|(_, right)| *right).count() as f64;
    let wrong = judged.len() as f64 - right;
    let targets: Vec<(f64, f64)> = judged
        .iter()
        .map(|(x, is_right)| (*x, if *is_right { (right + 1.0) / (right + 2.0) } else { 1.0 / (wrong + 2.0) }))
        .collect();
    let line = newton(&targets, None);
    if line.0 > 0.0 { line } else { newton(&targets, Some(0.0)) }
}

/// Steps after which nothing changes any more.
const STEPS: usize = 50;

fn newton(targets: &[(f64, f64)], fixed_slope: Option<f64>) -> (f64, f64) {
    let loss = |(slope, height): (f64, f64)| -> f64 {
        let each = targets.iter().map(|(x, t)| {
            let z = slope * x + height;
            // ln(1 + e^z) − tz, without overflow.
            z.max(0.0) + (-z.abs()).exp().ln_1p() - t * z
        });
        each.sum::<f64>() + (slope - 1.0).powi(2) / 2.0
    };
    let mut line = (fixed_slope.unwrap_or(1.0), 0.0);
    for _ in 0..STEPS {
        let (mut gradient, mut bend) = ((line.0 - 1.0, 0.0), (1.0, 0.0, 0.0));
        for (x, t) in targets {
            let p = sigmoid(line.0 * x + line.1);
            let (error, weight) = (p - t, p * (1.0 - p));
            gradient = (gradient.0 + error * x, gradient.1 + error);
            bend = (bend.0 + weight * x * x, bend.1 + weight * x, bend.2 + weight);
        }
        let step = if fixed_slope.is_some() {
            (0.0, gradient.1 / bend.2.max(f64::MIN_POSITIVE))
        } else {
            let determinant = (bend.0 * bend.2 - bend.1 * bend.1).max(f64::MIN_POSITIVE);
            (
                (bend.2 * gradient.0 - bend.1 * gradient.1) / determinant,
                (bend.0 * gradient.1 - bend.1 * gradient.0) / determinant,
            )
        };
        // Half the step, and half of that, as long as it leads uphill.
        let shorter = (0..STEPS).map(|n| 0.5f64.powi(n as i32)).map(|h| (line.0 - h * step.0, line.1 - h * step.1));
        match { shorter }.find(|next| loss(*next) < loss(line)) {
            Some(next) => line = next,
            None => break,
        }
    }
    line
}

fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

pub fn log_odds(confidence: Confidence) -> f64 {
    let p = f64::from(confidence.value()).clamp(1e-3, 1.0 - 1e-3);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proposals as sure as `p`, of which `right` of `all` were right.
    fn decided(p: f32, right: usize, all: usize) -> impl Iterator<Item = (f64, bool)> {
        (0..all).map(move |n| (log_odds(Confidence::new(p)), n < right))
    }

    fn with(fit: Fit, p: f32) -> f32 {
        Calibration { by_model: fit, ..Calibration::default() }.confidence(Seen::ByModel, Confidence::new(p)).value()
    }

    #[test]
    fn confidence_becomes_the_share_that_was_right() {
        let constant = Fit::on(decided(0.42, 45, 60));
        assert!((with(constant, 0.42) - 0.75).abs() < 0.02, "{}", with(constant, 0.42));
        let two = Fit::on(decided(0.3, 20, 100).chain(decided(0.8, 60, 100)));
        assert!((with(two, 0.3) - 0.2).abs() < 0.04 && (with(two, 0.8) - 0.6).abs() < 0.04, "{two:?}");
    }

    #[test]
    fn few_decisions_leave_the_fixed_rule_and_none_turn_the_order_round() {
        assert_eq!(with(Fit::on(decided(0.4, 29, 29)), 0.4), 0.4);
        let reversed = Fit::on(decided(0.3, 90, 100).chain(decided(0.8, 10, 100)));
        assert!((with(reversed, 0.3) - with(reversed, 0.8)).abs() < 1e-6, "{reversed:?}");
        let never = Fit::on(decided(0.6, 0, 40));
        assert!(with(never, 0.6) > 0.0 && with(never, 0.6) < 0.05);
    }
}
