//! The learned model: a logistic regression a label on each sentence, and a second one on the scores around it.

use serde::{Deserialize, Serialize};

use crate::{
    features::{DIMENSION, Spot},
    logistic::sigmoid,
};

/// The four categories that the model knows, in the order of its scores.
pub const CATEGORIES: [&str; 4] = ["behoefte", "winst", "pijnpunt", "activiteit"];

/// Labels of the first model: the categories, any code at all, a strong pain (-2), a strong gain (2).
pub const LABELS: usize = 7;

/// The label of a gain.
pub const GAIN: usize = 1;
/// The label of a pain.
pub const PAIN: usize = 2;
/// The label of a pain of -2.
pub const STRONG_PAIN: usize = 5;
/// The label of a gain of 2.
pub const STRONG_GAIN: usize = 6;

/// Values that the second model sees of a sentence.
pub const SECOND: usize = 2 + LABELS * 6 + 8;

/// Scores of a sentence, a label each, in log-odds.
pub type Scores = [f32; LABELS];

/// What is known of how good the model is, from cross-validation that left whole studies out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// F1 of each of [`CATEGORIES`].
    pub f1: [f32; 4],
    /// Mean F1 of behoefte, winst and pijnpunt.
    pub macro_f1: f32,
    /// Interviews that it was measured on.
    pub interviews: usize,
}

/// The model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Weights of the first model: bucket × label.
    pub first: Vec<Scores>,
    /// Weights of the second model, a row a category.
    pub second: Vec<[f32; SECOND]>,
    /// From which probability on a category is proposed.
    pub thresholds: [f32; 4],
    /// How good it is expected to be.
    pub expected: Expected,
    /// Words of phases and touchpoints, learned from gold.
    pub topics: crate::topics::Topics,
}

/// Why a stored model can't be read.
#[derive(Debug, thiserror::Error)]
#[error("this is no model of klantreis, or one of another version; train it again with `klantreis learn`")]
pub struct ModelError;

impl Model {
    /// Probability of each category for each sentence of an interview, from the first scores.
    pub fn decide(&self, all: &[Spot], scores: &[Scores]) -> Vec<[f32; 4]> {
        let mean = mean(scores);
        (0..scores.len())
            .map(|i| {
                let x = second_features(all, scores, &mean, i);
                let mut out = [0.0; 4];
                for (o, w) in out.iter_mut().zip(&self.second) {
                    *o = sigmoid(w.iter().zip(&x).map(|(w, x)| w * x).sum());
                }
                out
            })
            .collect()
    }

    /// As bytes: a JSON head, then the weights in eight bits, a scale a label.
    pub fn to_bytes(&self) -> Vec<u8> {
        let scales: Vec<f32> =
            (0..LABELS).map(|l| self.first.iter().map(|row| row[l].abs()).fold(1e-9, f32::max) / 127.0).collect();
        let second = self.second.iter().map(|row| row.to_vec()).collect();
        let head =
            Head { scales, second, thresholds: self.thresholds, expected: self.expected, topics: self.topics.clone() };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut out = MAGIC.to_vec();
        out.extend((head.len() as u32).to_le_bytes());
        out.extend(&head);
        let scales = serde_json::from_slice::<Head>(&head).map(|h| h.scales).unwrap_or_default();
        for l in 0..LABELS {
            out.extend(self.first.iter().map(|row| (row[l] / scales[l]).round() as i8 as u8));
        }
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(ModelError)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(ModelError)?;
        let length = u32::from_le_bytes(*length) as usize;
        let head: Head = serde_json::from_slice(rest.get(..length).ok_or(ModelError)?).map_err(|_| ModelError)?;
        let weights = rest.get(length..).filter(|w| w.len() == LABELS * DIMENSION).ok_or(ModelError)?;
        if head.scales.len() != LABELS || head.second.len() != 4 {
            return Err(ModelError);
        }
        let mut first = vec![[0.0; LABELS]; DIMENSION];
        for (l, scale) in head.scales.iter().enumerate() {
            for (row, w) in first.iter_mut().zip(&weights[l * DIMENSION..]) {
                row[l] = f32::from(*w as i8) * scale;
            }
        }
        let second =
            head.second.into_iter().map(|row| row.try_into().map_err(|_| ModelError)).collect::<Result<_, _>>()?;
        Ok(Self { first, second, thresholds: head.thresholds, expected: head.expected, topics: head.topics })
    }
}

const MAGIC: &[u8; 8] = b"kreis-1\n";

#[derive(Serialize, Deserialize)]
struct Head {
    scales: Vec<f32>,
    second: Vec<Vec<f32>>,
    thresholds: [f32; 4],
    expected: Expected,
    topics: crate::topics::Topics,
}

/// The first scores of a sentence by the weights `first` (bucket × label).
pub fn score(first: &[Scores], features: &[(u32, f32)]) -> Scores {
    let mut out = [0.0; LABELS];
    for (bucket, value) in features {
        for (o, w) in out.iter_mut().zip(&first[*bucket as usize]) {
            *o += w * value;
        }
    }
    out
}

/// The mean scores of an interview: some people complain more than others.
pub fn mean(scores: &[Scores]) -> Scores {
    let mut out = [0.0; LABELS];
    for row in scores {
        for (o, s) in out.iter_mut().zip(row) {
            *o += s / scores.len() as f32;
        }
    }
    out
}

/// What the second model sees of sentence `i`: its scores, those of two sentences to either side within the turn,
/// the interview's mean, and its place.
pub fn second_features(all: &[Spot], scores: &[Scores], mean: &Scores, i: usize) -> [f32; SECOND] {
    let mut x = [0.0; SECOND];
    let place = all[i].place;
    let near = |offset: isize| {
        let j = i.checked_add_signed(offset)?;
        (all.get(j)?.place.turn == place.turn).then(|| &scores[j])
    };
    x[0] = 1.0;
    x[1] = (all[i].words as f32 + 1.0).ln() - 2.3;
    let mut at = 2;
    for offset in -2..=2 {
        if let Some(row) = near(offset) {
            for (l, s) in row.iter().enumerate() {
                x[at + l] = *s;
            }
        }
        at += LABELS;
    }
    for (l, m) in mean.iter().enumerate() {
        x[at + l] = *m;
    }
    at += LABELS;
    x[at] = f32::from(u8::from(near(-1).is_none()));
    x[at + 1] = f32::from(u8::from(near(1).is_none()));
    x[at + 2] = f32::from(u8::from(near(-2).is_none()));
    x[at + 3] = f32::from(u8::from(near(2).is_none()));
    // The probabilities themselves: evidence saturates.
    for l in 0..4 {
        x[at + 4 + l] = sigmoid(scores[i][l]);
    }
    x
}
