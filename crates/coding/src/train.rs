//! Training and cross-validation on gold codings.

pub mod ablation;

use std::sync::Arc;

use klantreis_study::{Emotion, PhaseId, Study, TouchpointId, Transcript};
use rayon::prelude::*;

use crate::{
    agreement::CalibrationBin,
    around::{Around, SECOND},
    boost::Boosted,
    coder::Resources,
    features::{Analysed, DIMENSIONS, Spot, analyse, rows},
    forest::Forest,
    lexicon::Entry,
    logistic::{self, Features},
    model::{Expected, LABELS, Looks, Model, Scores},
    topics::Topics,
    weights::{self, Sum, Weights},
    words::Words,
};

/// What a person coded of a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gold {
    /// Whether it carries each of [`CATEGORIES`](crate::CATEGORIES).
    pub categories: [bool; 4],
    /// The phase, where it is coded.
    pub phase: Option<PhaseId>,
    /// The touchpoint, where it is coded and about one.
    pub touchpoint: Option<TouchpointId>,
    /// The emotion, where it is coded.
    pub emotion: Option<Emotion>,
}

/// A coded interview to learn from.
#[derive(Clone, Debug)]
pub struct Example {
    /// The study that it is part of: folds never cut one.
    pub study: String,
    /// That study's phases and touchpoints.
    pub design: Arc<Study>,
    /// The interview.
    pub transcript: Transcript,
    /// What a person coded, a value a respondent sentence, in order.
    pub gold: Vec<Gold>,
    /// Whether its codings are the measure of others. All examples teach which words speak for what; where a quote begins
    /// and ends, which coders do in ways of their own, is learned from these alone, and thresholds are chosen on them. If
    /// there are none, all are.
    pub standard: bool,
}

/// Price of an error of the first model (C of its regularisation).
const COST: f64 = 1.6;

/// Passes over the examples: beyond this the held-back scores no longer change.
const PASSES: usize = 12;

/// Parts in which the training set is cut to get honest first scores for the second model.
const FOLDS: usize = 5;

struct Prepared {
    study: String,
    standard: bool,
    rows: Rows,
    labels: Vec<[bool; LABELS]>,
    spots: Vec<Spot>,
}

fn prepare(example: &Example, resources: &Resources) -> Prepared {
    prepare_with(example, resources, rows)
}

/// What becomes of a sentence's features in each look.
type Rows = Looks<Vec<Vec<(u32, f32)>>>;

fn prepare_with(
    example: &Example,
    resources: &Resources,
    rows: impl Fn(&Transcript, &[Analysed<'_>], &[Entry]) -> Rows,
) -> Prepared {
    let mut words = Words::new();
    let all = analyse(&example.transcript, &mut words, resources);
    let rows = rows(&example.transcript, &all, &resources.entries);
    let labels = example
        .gold
        .iter()
        .map(|g| {
            let emotion = g.emotion.map_or(0, Emotion::value);
            let [b, w, p, a] = g.categories;
            [b, w, p, a, b || w || p || a, p && emotion == -2, w && emotion == 2]
        })
        .collect();
    let spots = all.iter().map(|a| a.spot(&example.transcript, &resources.entries)).collect();
    Prepared { study: example.study.clone(), standard: example.standard, rows, labels, spots }
}

/// Trains the weights of each look.
fn train_first(prepared: &[&Prepared]) -> Looks<Arc<Weights>> {
    let labels: Vec<&[bool; LABELS]> = prepared.iter().flat_map(|p| &p.labels).collect();
    let weights = |dimension: usize, rows: Vec<&Features>| {
        columns(dimension, |l| {
            let label = |i: usize| labels[i][l];
            let scale = logistic::naive_bayes_scale(dimension, &rows, label, dimension - 1);
            logistic::train(&[], &scale, &rows, label, COST, PASSES)
        })
    };
    let rows = rows_of(prepared.iter().copied());
    Looks { words: weights(DIMENSIONS.words, rows.words), company: weights(DIMENSIONS.company, rows.company) }
}

/// The features of all sentences, in order.
fn rows_of<'p>(prepared: impl Iterator<Item = &'p Prepared> + Clone) -> Looks<Vec<&'p Features>> {
    Looks {
        words: prepared.clone().flat_map(|p| &p.rows.words).map(Vec::as_slice).collect(),
        company: prepared.flat_map(|p| &p.rows.company).map(Vec::as_slice).collect(),
    }
}

/// Weights of which each label is learned by itself.
fn columns(dimension: usize, learn: impl Fn(usize) -> Vec<f32> + Send + Sync) -> Arc<Weights> {
    let columns: Vec<Vec<f32>> = (0..LABELS).into_par_iter().map(learn).collect();
    let mut rows = vec![[0.0; LABELS]; dimension];
    for (l, column) in columns.into_iter().enumerate() {
        rows.iter_mut().zip(column).for_each(|(row, w)| row[l] = w);
    }
    Weights::rounded(&rows).into()
}

/// Price of an error on a sentence that the study's own researchers coded, against leaving the older model.
const OWN_COST: f64 = 1.0;

/// Teaches a model what was decided in one study: its first weights move from where they are as far as the study's
/// sentences ask, and the study's words for its phases and touchpoints are added. Trees and thresholds stay.
pub fn adapt(model: &Model, examples: &[&Example], resources: &Resources) -> Model {
    let prepared: Vec<Prepared> = examples.par_iter().map(|e| prepare(e, resources)).collect();
    let labels: Vec<&[bool; LABELS]> = prepared.iter().flat_map(|p| &p.labels).collect();
    let moved = |before: &Weights, rows: Vec<&Features>| {
        let before = before.in_log_odds();
        columns(before.len(), |l| {
            let start: Vec<f32> = before.iter().map(|row| row[l]).collect();
            logistic::train(&start, &vec![1.0; before.len()], &rows, |i| labels[i][l], OWN_COST, PASSES)
        })
    };
    let rows = rows_of(prepared.iter());
    let first =
        Looks { words: moved(&model.first.words, rows.words), company: moved(&model.first.company, rows.company) };
    let mut out = Model { first, ..model.clone() };
    out.topics.add(examples);
    out
}

fn scores(first: &Looks<Arc<Weights>>, rows: &Rows) -> Looks<Vec<Scores>> {
    fn of(weights: &Weights, rows: &[Vec<(u32, f32)>]) -> Vec<Scores> {
        let of_buckets = weights.rows();
        let score = |row: &Vec<(u32, f32)>| {
            let mut sum = Sum::default();
            row.iter().for_each(|(bucket, value)| weights::add(&mut sum, &of_buckets[*bucket as usize], *value));
            weights.log_odds(&sum)
        };
        rows.iter().map(score).collect()
    }
    Looks { words: of(&first.words, &rows.words), company: of(&first.company, &rows.company) }
}

/// Trains the model on all examples. Deterministic; a fold of the inner cross-validation is a group of studies.
pub fn train(examples: &[Example], resources: &Resources) -> Model {
    let prepared: Vec<Prepared> = examples.par_iter().map(|e| prepare(e, resources)).collect();
    let refs: Vec<&Prepared> = prepared.iter().collect();
    let example_refs: Vec<&Example> = examples.iter().collect();
    train_prepared(&refs, &example_refs)
}

fn train_prepared(prepared: &[&Prepared], examples: &[&Example]) -> Model {
    let fold_of = folds(prepared);
    let held_back = held_back_scores(prepared, &fold_of);
    let mut rows: Vec<Vec<f32>> = Vec::new();
    let mut labels: Vec<[bool; LABELS]> = Vec::new();
    let mut folds = Vec::new();
    let all_lead = !prepared.iter().any(|p| p.standard);
    for (n, (p, s)) in prepared.iter().zip(&held_back).enumerate().filter(|(_, (p, _))| all_lead || p.standard) {
        Around::new(&p.spots, s).each(|_, x| rows.push(x.to_vec()));
        labels.extend(&p.labels);
        folds.extend(vec![fold_of[n]; p.spots.len()]);
    }
    let (second, thresholds): (Vec<Boosted>, Vec<f32>) = (0..4)
        .into_par_iter()
        .map(|l| {
            let yes: Vec<bool> = labels.iter().map(|y| y[l]).collect();
            (Boosted::train(&rows, &yes), best_threshold(held_back_chances(&rows, &yes, &folds)))
        })
        .unzip();
    let thresholds = thresholds.try_into().unwrap_or([0.5; 4]);
    let first = train_first(prepared);
    // Trees that were just grown over these features are sound.
    let second = Forest::new(second, SECOND).unwrap_or_default();
    let topics = Topics::learn(examples);
    Model { first, second, thresholds, expected: Expected::default(), topics, codes: Vec::new(), taught: None }
}

/// The fold of each interview: those of a study are in one.
fn folds(prepared: &[&Prepared]) -> Vec<usize> {
    let mut studies: Vec<&str> = prepared.iter().map(|p| p.study.as_str()).collect();
    studies.sort_unstable();
    studies.dedup();
    let fold = |(n, p): (usize, &&Prepared)| match studies.binary_search(&p.study.as_str()) {
        Ok(s) if studies.len() >= FOLDS => s % FOLDS,
        // Few studies: cut between interviews instead.
        _ => n % FOLDS,
    };
    prepared.iter().enumerate().map(fold).collect()
}

/// The scores of each interview by weights that have not seen its fold.
fn held_back_scores(prepared: &[&Prepared], fold_of: &[usize]) -> Vec<Looks<Vec<Scores>>> {
    let mut out = vec![Looks::default(); prepared.len()];
    for fold in 0..FOLDS {
        let (held, rest): (Vec<usize>, Vec<usize>) = (0..prepared.len()).partition(|n| fold_of[*n] == fold);
        let first = train_first(&rest.iter().map(|n| prepared[*n]).collect::<Vec<_>>());
        for n in held {
            out[n] = scores(&first, &prepared[n].rows);
        }
    }
    out
}

/// The chance of each row by trees that have not seen its fold, with its answer: what a threshold may be chosen on.
fn held_back_chances(rows: &[Vec<f32>], yes: &[bool], folds: &[usize]) -> Vec<(f32, bool)> {
    let mut out = vec![(0.0, false); rows.len()];
    for fold in 0..FOLDS {
        let rest = (0..rows.len()).filter(|n| folds[*n] != fold);
        let (x, y): (Vec<Vec<f32>>, Vec<bool>) = rest.map(|n| (rows[n].clone(), yes[n])).unzip();
        let trees = Boosted::train(&x, &y);
        for n in (0..rows.len()).filter(|n| folds[*n] == fold) {
            out[n] = (logistic::sigmoid(trees.score(&rows[n])), yes[n]);
        }
    }
    out
}

/// The threshold with the best F1: half of that F1, where chances are calibrated (Lipton, Elkan & Naryanaswamy 2014). It is
/// steadier than the cut that happens to be best.
fn best_threshold(mut ranked: Vec<(f32, bool)>) -> f32 {
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = ranked.iter().filter(|r| r.1).count();
    let (mut hits, mut best) = (0, 0.0f32);
    for (n, (_, yes)) in ranked.iter().enumerate() {
        hits += usize::from(*yes);
        best = best.max(2.0 * hits as f32 / (n + 1 + positives) as f32);
    }
    if best > 0.0 { best / 2.0 } else { 0.5 }
}

/// What cross-validation proposed for one interview: a set of categories and their probabilities a sentence.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// Place of the interview in the examples.
    pub example: usize,
    /// The probabilities, a sentence each.
    pub probabilities: Vec<[f32; 4]>,
    /// The thresholds of the model that made them.
    pub thresholds: [f32; 4],
}

impl HeldBack {
    /// What `model` proposes for an interview.
    pub fn of(model: &Model, example: usize, interview: &Example, resources: &Resources) -> Self {
        Self::of_prepared(model, example, &prepare(interview, resources))
    }

    fn of_prepared(model: &Model, example: usize, prepared: &Prepared) -> Self {
        let s = scores(&model.first, &prepared.rows);
        let probabilities = model.decide(&prepared.spots, &s);
        Self { example, probabilities, thresholds: model.thresholds }
    }
}

/// Leaves out one group with a [standard](Example::standard) after another, trains on the rest (thresholds included), and
/// says what that model proposes for the group. `group` names the group of an example: its study, or its interview.
pub fn cross_validate(examples: &[Example], resources: &Resources, group: impl Fn(usize) -> String) -> Vec<HeldBack> {
    let prepared: Vec<Prepared> = examples.par_iter().map(|e| prepare(e, resources)).collect();
    let names: Vec<String> = (0..examples.len()).map(group).collect();
    let mut groups: Vec<&String> = (0..names.len()).filter(|n| examples[*n].standard).map(|n| &names[n]).collect();
    groups.sort();
    groups.dedup();
    let mut out: Vec<HeldBack> = groups
        .into_iter()
        .flat_map(|name| {
            let rest: Vec<usize> = (0..names.len()).filter(|n| names[*n] != *name).collect();
            let train: Vec<&Prepared> = rest.iter().map(|n| &prepared[*n]).collect();
            let of: Vec<&Example> = rest.iter().map(|n| &examples[*n]).collect();
            let model = train_prepared(&train, &of);
            let left_out: Vec<usize> = (0..names.len()).filter(|n| names[*n] == *name).collect();
            left_out.into_iter().map(|n| HeldBack::of_prepared(&model, n, &prepared[n])).collect::<Vec<_>>()
        })
        .collect();
    out.sort_by_key(|h| h.example);
    out
}

/// The confidence of what was proposed for held-back interviews against how often people coded it so too, in ten bins;
/// empty ones are left out.
pub fn calibration(examples: &[Example], held_back: &[HeldBack]) -> Vec<CalibrationBin> {
    let mut sums = [(0usize, 0.0f64, 0usize); 10];
    for h in held_back {
        for (p, g) in h.probabilities.iter().zip(&examples[h.example].gold) {
            for l in (0..4).filter(|l| p[*l] >= h.thresholds[*l]) {
                let (n, confidence, right) = &mut sums[((p[l] * 10.0) as usize).min(9)];
                *n += 1;
                *confidence += f64::from(p[l]);
                *right += usize::from(g.categories[l]);
            }
        }
    }
    let bins = sums.into_iter().enumerate().filter(|(_, (n, ..))| *n > 0);
    bins.map(|(bin, (n, confidence, right))| CalibrationBin {
        from: bin as f64 / 10.0,
        to: (bin + 1) as f64 / 10.0,
        n,
        confidence: confidence / n as f64,
        right: right as f64 / n as f64,
    })
    .collect()
}

/// F1 of each category over held-back interviews, and their macro mean, averaged over studies.
pub fn expected(examples: &[Example], held_back: &[HeldBack]) -> (Expected, Vec<(String, [f32; 4])>) {
    let mut studies: Vec<&str> = held_back.iter().map(|h| examples[h.example].study.as_str()).collect();
    studies.sort_unstable();
    studies.dedup();
    let by_study: Vec<(String, [f32; 4])> = studies
        .iter()
        .map(|study| {
            let mut counts = [[0usize; 3]; 4];
            for h in held_back.iter().filter(|h| examples[h.example].study == *study) {
                for (p, g) in h.probabilities.iter().zip(&examples[h.example].gold) {
                    for l in 0..4 {
                        let (found, gold) = (p[l] >= h.thresholds[l], g.categories[l]);
                        counts[l][0] += usize::from(found && gold);
                        counts[l][1] += usize::from(found);
                        counts[l][2] += usize::from(gold);
                    }
                }
            }
            let f1 = counts.map(|[both, found, gold]| 2.0 * both as f32 / ((found + gold) as f32).max(1.0));
            ((*study).to_owned(), f1)
        })
        .collect();
    let n = by_study.len().max(1) as f32;
    let mut f1 = [0.0; 4];
    for (_, row) in &by_study {
        for (sum, x) in f1.iter_mut().zip(row) {
            *sum += x / n;
        }
    }
    let macro_f1 = (f1[0] + f1[1] + f1[2]) / 3.0;
    (Expected { f1, macro_f1, interviews: held_back.len(), ..Expected::default() }, by_study)
}
