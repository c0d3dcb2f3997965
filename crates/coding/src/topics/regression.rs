//! What people coded of a study's phases, as the model that comes with the program keeps it of the example studies: a
//! logistic regression for each phase over what is said and asked. It says less than a [moved chain](super::taught), in some
//! hundreds of words a phase in place of thousands of pieces.

use std::collections::{BTreeSet, HashMap};

use klantreis_study::Study;

use super::{
    ASKED,
    learned::{Known, Seen, Weights, heaviest},
    lines::{Line, key},
    stems::Stem,
};
use crate::{
    hash::ByHash,
    logistic::{self, Features},
};

/// Price of an error (C of the regularisation).
const COST: f64 = 4.0;
/// Passes over the sentences.
const PASSES: usize = 20;
/// Stems kept of each phase.
const KEPT: usize = 400;
/// The stem under which a phase's bias is kept: no word has it.
const BIAS: &str = "";

/// The stems of a line, in order, with how much each counts, scaled to length 1; the question says more than any sentence of
/// the answer.
fn bag(line: &Line) -> Vec<(u64, f32)> {
    let stems = |stems: &[Stem], weight: f32| stems.iter().map(|stem| (stem.hash, weight)).collect::<Vec<_>>();
    let mut out = [stems(&line.said, 1.0), stems(&line.asked, ASKED[0])].concat();
    out.sort_by_key(|(stem, _)| *stem);
    out.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        earlier.1 += if same { later.1 } else { 0.0 };
        same
    });
    let length = out.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
    out.iter_mut().for_each(|(_, v)| *v /= length);
    out
}

/// Learns the phases of a study from its coded sentences.
pub(super) fn learn(study: &Study, seen: &[Seen], names: &HashMap<u64, Box<str>>) -> Known {
    let bags: Vec<Vec<(u64, f32)>> = seen.iter().map(|s| bag(&s.line)).collect();
    let stems: BTreeSet<u64> = bags.iter().flatten().map(|(stem, _)| *stem).collect();
    let number: HashMap<u64, usize> = stems.iter().copied().zip(0..).collect();
    let bias = stems.len();
    let mut heard = vec![0.0f32; bias];
    let rows: Vec<Vec<(u32, f32)>> = bags
        .iter()
        .map(|bag| {
            bag.iter().for_each(|(stem, _)| heard[number[stem]] += 1.0);
            bag.iter().map(|(stem, v)| (number[stem] as u32, *v)).chain([(bias as u32, 1.0)]).collect()
        })
        .collect();
    let rows: Vec<&Features> = rows.iter().map(Vec::as_slice).collect();
    let words = (0..study.phases.len()).map(|phase| {
        let is_phase = |i: usize| seen[i].phase == phase;
        let weights = logistic::train(&[], &vec![1.0; bias + 1], &rows, is_phase, COST, PASSES);
        let of_stems = stems.iter().zip(&weights).zip(&heard);
        let list = of_stems.map(|((stem, w), n)| (w.abs() * n.sqrt(), &*names[stem], *w));
        heaviest(list.chain([(f32::INFINITY, BIAS, weights[bias])]).collect(), KEPT)
    });
    Known {
        phases: study.phases.iter().map(|p| p.id.to_string()).collect(),
        words: words.collect(),
        ..Known::default()
    }
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
    use crate::{
        topics::{lines::content_of, stems::UNKNOWN},
        words::Words,
    };

    fn stem(hash: u64) -> Stem {
        Stem { hash, number: UNKNOWN }
    }

    #[test]
    fn a_word_speaks_for_the_phase_that_it_weighs_for() {
        let of = |stem: &str| Weights::from([(stem.to_owned(), 2.0), (BIAS.to_owned(), 0.5)]);
        let regression = Regression::of(&[of("formulier"), of("uitslag")]);
        let mut phases = [0.0; 2];
        regression.hear(&Line { said: vec![stem(key("uitslag"))], ..Line::default() }, &mut phases);
        assert!(phases[1] > phases[0], "{phases:?}");
        assert!((phases.iter().map(|p| (p / CODED).exp()).sum::<f32>() - 1.0).abs() < 1e-5);
    }

    fn line(text: &str, words: &mut Words, names: &mut HashMap<u64, Box<str>>) -> Line {
        let content = content_of(text, words);
        names.extend(content.iter().cloned());
        Line { said: content.into_iter().map(|(hash, _)| stem(hash)).collect(), ..Line::default() }
    }

    #[test]
    fn coded_sentences_teach_the_words_of_a_phase() {
        let study =
            Study::parse("[[phase]]\nid = \"voor\"\nlabel = \"Voor\"\n[[phase]]\nid = \"na\"\nlabel = \"Na\"\n");
        let study = study.unwrap();
        let (mut words, mut names) = (Words::new(), HashMap::new());
        let mut seen = Vec::new();
        for n in 0..10 {
            for (phase, text) in ["formulier invullen thuis", "uitslag gekregen bericht"].into_iter().enumerate() {
                let line = line(&format!("{text} keer{n}"), &mut words, &mut names);
                seen.push(Seen { line, phase, touchpoint: String::new(), step: None });
            }
        }
        let regression = Regression::of(&learn(&study, &seen, &names).words);
        let mut chances = |text: &str| {
            let mut phases = vec![0.0; 2];
            regression.hear(&line(text, &mut words, &mut names), &mut phases);
            phases
        };
        let (form, result) = (chances("Dat formulier was lang."), chances("De uitslag kwam snel."));
        assert!(form[0] > form[1] && result[1] > result[0], "{form:?} {result:?}");
    }
}
