//! What people coded of a study's phases as older models keep it, the one that comes with the program among them: a
//! logistic regression for each phase over what is said and asked.

use std::collections::BTreeMap;

use super::{
    ASKED,
    learned::Weights,
    lines::{Line, key},
};
use crate::hash::ByHash;

/// The stem under which a phase's bias is kept: no word has it.
const BIAS: &str = "";

/// The stems of a line with how much each counts, scaled to length 1; the question says more than any sentence of the answer.
fn bag(line: &Line) -> BTreeMap<u64, f32> {
    let mut out = BTreeMap::<u64, f32>::new();
    for (stems, weight) in [(&line.said, 1.0), (&line.asked, ASKED[0])] {
        for stem in stems {
            *out.entry(*stem).or_default() += weight;
        }
    }
    let length = out.values().map(|v| v * v).sum::<f32>().sqrt();
    out.values_mut().for_each(|v| *v /= length);
    out
}

/// Weight of what the regression says against all else.
const CODED: f32 = 0.15;

/// The regression, ready to recognise.
pub(super) struct Regression {
    /// Stem → weight for each phase.
    words: ByHash<Vec<f32>>,
    bias: Vec<f32>,
}

impl Regression {
    /// From the stems with their weights, a phase each.
    pub fn of(of_phases: &[Weights]) -> Self {
        let mut words = ByHash::<Vec<f32>>::default();
        for (phase, list) in of_phases.iter().enumerate() {
            for (stem, w) in list.iter().filter(|(stem, _)| *stem != BIAS) {
                words.entry(key(stem)).or_insert_with(|| vec![0.0; of_phases.len()])[phase] = *w;
            }
        }
        let bias = of_phases.iter().map(|list| list.get(BIAS).copied().unwrap_or(0.0)).collect();
        Self { words, bias }
    }

    /// Adds what the words of a line say of each phase: the logarithm of its chance.
    pub fn hear(&self, line: &Line, phases: &mut [f32]) {
        let mut margins = self.bias.clone();
        for (stem, v) in bag(line) {
            if let Some(row) = self.words.get(&stem) {
                margins.iter_mut().zip(row).for_each(|(m, w)| *m += w * v);
            }
        }
        let top = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let all = top + margins.iter().map(|m| (m - top).exp()).sum::<f32>().ln();
        phases.iter_mut().zip(margins).for_each(|(x, m)| *x += CODED * (m - all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_speaks_for_the_phase_that_it_weighs_for() {
        let of = |stem: &str| Weights::from([(stem.to_owned(), 2.0), (BIAS.to_owned(), 0.5)]);
        let regression = Regression::of(&[of("formulier"), of("uitslag")]);
        let mut phases = [0.0; 2];
        regression.hear(&Line { said: vec![key("uitslag")], ..Line::default() }, &mut phases);
        assert!(phases[1] > phases[0], "{phases:?}");
        assert!((phases.iter().map(|p| (p / CODED).exp()).sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
