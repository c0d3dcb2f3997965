//! The learned model: a logistic regression a label on each sentence, and boosted trees on the scores around it.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    around::{Around, SECOND},
    boost::Boosted,
    codes::LearnedCode,
    features::{DIMENSIONS, Spot},
    forest::{Forest, LANES, Lanes},
    logistic::sigmoid,
    weights::{ROW, Weights},
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

/// Scores of a sentence, a label each, in log-odds.
pub type Scores = [f32; LABELS];

/// One of each look at a sentence: at its words and those around it, and at the [company](crate::company) they keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Looks<T> {
    /// Of the words.
    pub words: T,
    /// Of which come together.
    pub company: T,
}

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

/// Who taught a study's own model, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    /// The language model whose proposals it learned too; none where people taught it alone.
    pub by: Option<String>,
    /// Interviews that it learned from.
    pub interviews: usize,
    /// Macro-F1 on each interview held back, before and after it learned from the others: against people, or where they
    /// coded no interview whole, against the language model.
    pub macro_f1: [f32; 2],
    /// Whether that is against people.
    pub against_people: bool,
}

/// The model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Weights of the first models.
    pub first: Looks<Arc<Weights>>,
    /// The second model, trees for each category.
    pub second: Forest,
    /// From which probability on a category is proposed.
    pub thresholds: [f32; 4],
    /// How good it is expected to be.
    pub expected: Expected,
    /// Words of phases and touchpoints, learned from gold.
    pub topics: crate::topics::Topics,
    /// Codes that were learned from a study's own decisions.
    pub codes: Vec<LearnedCode>,
    /// Who taught it what it knows of a study; none of the model that comes with the program.
    pub taught: Option<Taught>,
}

/// Why a stored model can't be read.
#[derive(Debug, thiserror::Error)]
#[error("this is no model of klantreis, or one of another version; train it again with `klantreis learn`")]
pub struct ModelError;

impl Model {
    /// Probability of each category for each sentence of an interview, from the first scores.
    pub fn decide(&self, all: &[Spot], scores: &Looks<Vec<Scores>>) -> Vec<[f32; 4]> {
        let mut out = Vec::with_capacity(all.len());
        let mut block = [[0.0; LANES]; SECOND];
        Around::new(all, scores).each(|i, x| {
            let lane = i % LANES;
            block.iter_mut().zip(x).for_each(|(feature, x)| feature[lane] = *x);
            if lane + 1 == LANES || i + 1 == all.len() {
                out.extend(&self.chances(&block)[..=lane]);
            }
        });
        out
    }

    /// Probability of each category for sentence `i` if nothing stood before or after it.
    pub fn alone(&self, all: &[Spot], scores: &Looks<Vec<Scores>>, i: usize) -> [f32; 4] {
        self.chances(&Around::new(all, scores).alone(i).map(|x| [x; LANES]))[0]
    }

    fn chances(&self, x: &[Lanes; SECOND]) -> [[f32; 4]; LANES] {
        let mut out = [[0.0; 4]; LANES];
        self.second.score(x, |l, scores| out.iter_mut().zip(scores).for_each(|(out, score)| out[l] = sigmoid(*score)));
        out
    }

    /// As bytes: a head, then the weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = Head {
            scales: Looks { words: self.first.words.scales(), company: self.first.company.scales() },
            second: Cow::Borrowed(self.second.trees()),
            thresholds: self.thresholds,
            expected: self.expected,
            topics: self.topics.clone(),
            codes: Cow::Borrowed(&self.codes),
            taught: self.taught.clone(),
        };
        let head = postcard::to_allocvec(&head).unwrap_or_default();
        let mut out = MAGIC.to_vec();
        out.extend((head.len() as u32).to_le_bytes());
        out.extend(&head);
        out.extend(self.first.words.bytes());
        out.extend(self.first.company.bytes());
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Bytes that live as long as the program are not copied.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, ModelError> {
        let bytes = bytes.into();
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(ModelError)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(ModelError)?;
        let length = u32::from_le_bytes(*length) as usize;
        let head: Head<'_> = postcard::from_bytes(rest.get(..length).ok_or(ModelError)?).map_err(|_| ModelError)?;
        // What comes with the program is as it was made; a file may have been damaged.
        if matches!(bytes, Cow::Owned(_)) && !head.topics.are_sound() {
            return Err(ModelError);
        }
        let weights = MAGIC.len() + 4 + length;
        let split = bytes.len().min(weights + DIMENSIONS.words * ROW);
        let (words, company) = match bytes {
            Cow::Borrowed(bytes) => (Cow::Borrowed(&bytes[weights..split]), Cow::Borrowed(&bytes[split..])),
            Cow::Owned(bytes) => (bytes[weights..split].to_vec().into(), bytes[split..].to_vec().into()),
        };
        let read = |dimension, scales, rows| Weights::read(dimension, scales, rows).map(Arc::new).ok_or(ModelError);
        Ok(Self {
            first: Looks {
                words: read(DIMENSIONS.words, head.scales.words, words)?,
                company: read(DIMENSIONS.company, head.scales.company, company)?,
            },
            second: Forest::new(head.second.into_owned(), SECOND).filter(|f| f.trees().len() == 4).ok_or(ModelError)?,
            thresholds: head.thresholds,
            expected: head.expected,
            topics: head.topics,
            codes: head.codes.into_owned(),
            taught: head.taught,
        })
    }
}

const MAGIC: &[u8; 8] = b"kreis-7\n";

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    scales: Looks<Scores>,
    second: Cow<'a, [Boosted]>,
    thresholds: [f32; 4],
    expected: Expected,
    topics: crate::topics::Topics,
    codes: Cow<'a, [LearnedCode]>,
    /// Of a study's own model alone.
    taught: Option<Taught>,
}
