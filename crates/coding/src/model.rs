//! The learned model: a logistic regression a label on each sentence, and boosted trees on the scores around it.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{boost::Boosted, features::Spot, forest::Forest, logistic::sigmoid, weights::Weights};

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
pub const SECOND: usize = 1 + LABELS * 6 + 4;

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
    /// How often phases and touchpoints are right.
    pub topics: crate::topics::TopicAccuracy,
}

/// The model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Weights of the first model.
    pub first: Arc<Weights>,
    /// The second model, trees for each category.
    pub second: Forest,
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
        let mut room = Vec::new();
        (0..scores.len()).map(|i| self.chances(&second_features(all, scores, &mean, i), &mut room)).collect()
    }

    /// Probability of each category for sentence `i` if nothing stood before or after it in its turn.
    pub fn alone(&self, all: &[Spot], scores: &[Scores], i: usize) -> [f32; 4] {
        self.chances(&second_features(&all[i..=i], &scores[i..=i], &mean(scores), 0), &mut Vec::new())
    }

    fn chances(&self, x: &[f32; SECOND], room: &mut Vec<u64>) -> [f32; 4] {
        let mut out = [0.0; 4];
        self.second.score(x, room, |l, score| out[l] = sigmoid(score));
        out
    }

    /// As bytes: a JSON head, then the weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = Head {
            scales: self.first.scales(),
            second: Cow::Owned(self.second.trees().to_vec()),
            thresholds: self.thresholds,
            expected: self.expected,
            topics: self.topics.clone(),
        };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut out = MAGIC.to_vec();
        out.extend((head.len() as u32).to_le_bytes());
        out.extend(&head);
        out.extend(self.first.bytes());
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Bytes that live as long as the program are not copied.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, ModelError> {
        let bytes = bytes.into();
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(ModelError)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(ModelError)?;
        let length = u32::from_le_bytes(*length) as usize;
        let head: Head = serde_json::from_slice(rest.get(..length).ok_or(ModelError)?).map_err(|_| ModelError)?;
        let weights = MAGIC.len() + 4 + length;
        let rows = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[weights..]),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(weights)),
        };
        Ok(Self {
            first: Weights::read(head.scales, rows).ok_or(ModelError)?.into(),
            second: Forest::new(head.second.into_owned(), SECOND).filter(|f| f.trees().len() == 4).ok_or(ModelError)?,
            thresholds: head.thresholds,
            expected: head.expected,
            topics: head.topics,
        })
    }
}

const MAGIC: &[u8; 8] = b"kreis-4\n";

#[derive(Serialize, Deserialize)]
struct Head {
    scales: Scores,
    second: Cow<'static, [Boosted]>,
    thresholds: [f32; 4],
    expected: Expected,
    topics: crate::topics::Topics,
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
    x[0] = (all[i].words as f32 + 1.0).ln();
    let mut at = 1;
    for offset in -2..=2 {
        if let Some(row) = near(offset) {
            x[at..at + LABELS].copy_from_slice(row);
        }
        at += LABELS;
    }
    x[at..at + LABELS].copy_from_slice(mean);
    at += LABELS;
    for (n, offset) in [-1, 1, -2, 2].into_iter().enumerate() {
        x[at + n] = f32::from(u8::from(near(offset).is_none()));
    }
    x
}
