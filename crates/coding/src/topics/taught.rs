//! What people coded of a study's phases, as a logistic regression for each phase over what is said and asked.

use std::collections::{BTreeSet, HashMap};

use klantreis_study::Study;

use super::{
    ASKED,
    learned::{Known, Seen, heaviest},
    lines::{Line, key},
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
    let stems = |stems: &[u64], weight: f32| stems.iter().map(|stem| (*stem, weight)).collect::<Vec<_>>();
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
    Known { phases: study.phases.iter().map(|p| p.id.to_string()).collect(), words: words.collect() }
}

/// What was learned, ready to recognise.
#[derive(Default)]
pub(super) struct Taught {
    /// Stem → weight for each phase; empty where nothing was learned.
    words: ByHash<Vec<f32>>,
    bias: Vec<f32>,
}

impl Taught {
    pub fn of(known: &Known) -> Self {
        let k = known.words.len();
        let mut words = ByHash::<Vec<f32>>::default();
        for (phase, list) in known.words.iter().enumerate() {
            for (stem, w) in list.iter().filter(|(stem, _)| *stem != BIAS) {
                words.entry(key(stem)).or_insert_with(|| vec![0.0; k])[phase] = *w;
            }
        }
        let bias = known.words.iter().map(|list| list.get(BIAS).copied().unwrap_or(0.0)).collect();
        Self { words, bias }
    }

    /// The logarithm of each phase's chance on a line, as far as these words tell; `None` where nothing was learned.
    pub fn log_chances(&self, line: &Line) -> Option<Vec<f32>> {
        if self.words.is_empty() {
            return None;
        }
        let mut margins = self.bias.clone();
        for (stem, v) in bag(line) {
            if let Some(row) = self.words.get(&stem) {
                margins.iter_mut().zip(row).for_each(|(m, w)| *m += w * v);
            }
        }
        let top = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let all = top + margins.iter().map(|m| (m - top).exp()).sum::<f32>().ln();
        margins.iter_mut().for_each(|m| *m -= all);
        Some(margins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::lines::content_of;
    use crate::words::Words;

    fn line(text: &str, words: &mut Words, names: &mut HashMap<u64, Box<str>>) -> Line {
        let content = content_of(text, words);
        names.extend(content.iter().cloned());
        Line { said: content.into_iter().map(|(stem, _)| stem).collect(), ..Line::default() }
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
        let taught = Taught::of(&learn(&study, &seen, &names));
        let mut chances = |text: &str| taught.log_chances(&line(text, &mut words, &mut names)).unwrap();
        let (form, result) = (chances("Dat formulier was lang."), chances("De uitslag kwam snel."));
        assert!(form[0] > form[1] && result[1] > result[0], "{form:?} {result:?}");
        assert!((form.iter().map(|p| p.exp()).sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(Taught::default().log_chances(&Line::default()), None);
    }
}
