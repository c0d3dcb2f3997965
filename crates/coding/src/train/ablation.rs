//! What each part of the coder adds, and what more coded interviews add, on studies that were left out.

use super::*;
use crate::{Coder, Options, built_in_codebook, features::rows_alone, model::CATEGORIES};

/// A part of the coder, on top of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The cues of the built-in codebook alone.
    Cues,
    /// And the lexicon, each entry a cue of the code with the name of its class.
    Lexicon,
    /// The linear models over what stands in a sentence itself, instead.
    Sentence,
    /// And over the sentences around it and the question.
    Context,
    /// And the trees that decide sentences together.
    Sequence,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Cues, Self::Lexicon, Self::Sentence, Self::Context, Self::Sequence];
}

/// Groups of studies that are left out together.
const GROUPS: usize = 5;

/// What the coder with the parts up to `part` proposes for each interview of a [standard](Example::standard), when its
/// study and a fifth of the others were left out of training and of the choice of thresholds.
pub fn with_parts(part: Part, examples: &[Example], resources: &Resources) -> Result<Vec<HeldBack>, String> {
    if matches!(part, Part::Cues | Part::Lexicon) {
        return (0..examples.len()).filter(|n| examples[*n].standard).map(|n| by_cues(part, n, &examples[n])).collect();
    }
    let prepared: Vec<Prepared> = examples
        .par_iter()
        .map(|e| if part == Part::Sentence { prepare_with(e, resources, rows_alone) } else { prepare(e, resources) })
        .collect();
    Ok(in_groups(examples, |train, of, held| {
        let train: Vec<&Prepared> = train.iter().map(|n| &prepared[*n]).collect();
        if part == Part::Sequence {
            let model = train_prepared(&train, of);
            return held.iter().map(|n| HeldBack::of_prepared(&model, *n, &prepared[*n])).collect();
        }
        let thresholds = first_thresholds(&train);
        let first = train_first(&train);
        let propose = |n: &usize| HeldBack {
            example: *n,
            probabilities: first_chances(&scores(&first, &prepared[*n].rows)),
            thresholds,
        };
        held.iter().map(propose).collect()
    }))
}

/// The same of the whole coder, learned from some `interviews` of those that are not left out, spread over studies: those of
/// a standard first.
pub fn with_interviews(interviews: usize, examples: &[Example], resources: &Resources) -> Vec<HeldBack> {
    let prepared: Vec<Prepared> = examples.par_iter().map(|e| prepare(e, resources)).collect();
    in_groups(examples, |train, _, held| {
        let mut some = train.to_vec();
        logistic::Random(1).shuffle(&mut some);
        some.sort_by_key(|n| !examples[*n].standard);
        some.truncate(interviews);
        some.sort_unstable();
        let of: Vec<&Example> = some.iter().map(|n| &examples[*n]).collect();
        let model = train_prepared(&some.iter().map(|n| &prepared[*n]).collect::<Vec<_>>(), &of);
        held.iter().map(|n| HeldBack::of_prepared(&model, *n, &prepared[*n])).collect()
    })
}

/// Leaves out one group of studies of a standard after another; `propose` gets the places to train on, their examples, and
/// the places to propose for.
fn in_groups(
    examples: &[Example],
    mut propose: impl FnMut(&[usize], &[&Example], &[usize]) -> Vec<HeldBack>,
) -> Vec<HeldBack> {
    let mut studies: Vec<&str> = examples.iter().filter(|e| e.standard).map(|e| &*e.study).collect();
    studies.dedup();
    let group = |n: usize| studies.iter().position(|s| *s == examples[n].study).map(|s| s % GROUPS);
    let mut out = Vec::new();
    for left_out in 0..GROUPS.min(studies.len()) {
        let (held, train): (Vec<usize>, Vec<usize>) = (0..examples.len()).partition(|n| group(*n) == Some(left_out));
        let of: Vec<&Example> = train.iter().map(|n| &examples[*n]).collect();
        out.extend(propose(&train, &of, &held));
    }
    out.sort_by_key(|h| h.example);
    out
}

/// Chances where no sentence looks at what its neighbours are: the looks weigh alike.
fn first_chances(scores: &Looks<Vec<Scores>>) -> Vec<[f32; 4]> {
    let both = scores.words.iter().zip(&scores.company);
    both.map(|(w, c)| std::array::from_fn(|l| logistic::sigmoid((w[l] + c[l]) / 2.0))).collect()
}

/// Thresholds for [`first_chances`], chosen on studies that were held back.
fn first_thresholds(prepared: &[&Prepared]) -> [f32; 4] {
    let held_back = held_back_scores(prepared, &folds(prepared));
    std::array::from_fn(|l| {
        let ranked = prepared.iter().zip(&held_back).flat_map(|(p, scores)| {
            first_chances(scores).into_iter().zip(&p.labels).map(move |(chances, y)| (chances[l], y[l]))
        });
        best_threshold(ranked.collect())
    })
}

fn by_cues(part: Part, n: usize, example: &Example) -> Result<HeldBack, String> {
    let model = crate::built_in_model().map_err(|e| e.to_string())?;
    let options = Options { cues_only: true, ..Options::default() };
    let (mut coder, _) = Coder::new(&example.design, built_in_codebook()?, model, options);
    if part == Part::Cues {
        coder.forget_lexicon();
    }
    let mut probabilities = Vec::new();
    let codings = coder.code(&example.transcript, &mut Words::new());
    for (t, turn) in example.transcript.respondent_turns() {
        for s in 0..turn.sentences.len() {
            let here = codings.iter().filter(|c| c.turn == t && c.sentences.contains(&s));
            let mut row = [0.0; 4];
            for coding in here {
                if let Some(l) = CATEGORIES.iter().position(|c| *c == coding.category.as_str()) {
                    row[l] = 1.0;
                }
            }
            probabilities.push(row);
        }
    }
    Ok(HeldBack { example: n, probabilities, thresholds: [0.5; 4] })
}
