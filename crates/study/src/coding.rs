use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use crate::{Category, CodeId, PhaseId, TouchpointId};

/// How the person concerned experiences it: -2 (very negative) to 2 (very positive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "i8")]
pub struct Emotion(i8);

impl Emotion {
    /// `None` outside -2…2.
    pub fn new(value: i8) -> Option<Self> {
        (-2..=2).contains(&value).then_some(Self(value))
    }

    /// Rounds and clamps a score into -2…2.
    pub fn from_score(score: f64) -> Self {
        Self(score.round().clamp(-2.0, 2.0) as i8)
    }

    /// -2…2.
    pub fn value(self) -> i8 {
        self.0
    }

    /// How a passage of a category is told as long as nobody says otherwise.
    pub fn usual_of(category: &Category) -> Self {
        Self(match category.as_str() {
            "pijnpunt" => -1,
            "winst" => 1,
            _ => 0,
        })
    }
}

impl TryFrom<i8> for Emotion {
    type Error = String;
    fn try_from(value: i8) -> Result<Self, String> {
        Self::new(value).ok_or_else(|| format!("{value} is no emotion: give -2 to 2"))
    }
}

impl fmt::Display for Emotion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A calibrated probability that a coding is right, 0…1: of those at about 0.8, about 80% are.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(from = "f32")]
pub struct Confidence(f32);

impl Confidence {
    /// What a person has decided is certain.
    pub const CERTAIN: Self = Self(1.0);

    /// Clamps to 0…1; a NaN counts as 0.
    pub fn new(value: f32) -> Self {
        Self(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    /// 0…1.
    pub fn value(self) -> f32 {
        self.0
    }
}

impl From<f32> for Confidence {
    fn from(value: f32) -> Self {
        Self::new(value)
    }
}

/// What has become of a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proposed by the program, not looked at.
    #[default]
    Auto,
    /// Proposed, and confirmed by a researcher.
    Accepted,
    /// Proposed, and changed by a researcher.
    Changed,
    /// Proposed, and refused by a researcher.
    Rejected,
    /// Added by a researcher.
    Manual,
}

impl Status {
    /// As in the `status` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Auto => "auto",
            Status::Accepted => "accepted",
            Status::Changed => "changed",
            Status::Rejected => "rejected",
            Status::Manual => "manual",
        }
    }

    /// Whether a person stands behind it.
    pub fn is_reviewed(self) -> bool {
        self != Status::Auto
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing that spoke for a coding: a cue or a feature of the model, with its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The cue or feature, in words.
    pub label: String,
    /// How much it spoke for (positive) or against (negative), in log-odds where a model weighed it.
    pub weight: f32,
}

/// What stands before the name of a language model in a reason.
const MODEL: &str = "model ";

/// What stands before the name of an engine that does not propose something.
const SILENCE: &str = "not proposed by ";

impl Reason {
    /// What a language model gave as its reason.
    pub fn of_model(model: &str, why: &str) -> Self {
        Self { label: format!("{MODEL}{model}: {why}"), weight: 1.0 }
    }

    /// The language model whose reason it is.
    pub fn model(&self) -> Option<&str> {
        // Names of models have colons too ("llama3:8b"), with no space behind them.
        self.label.strip_prefix(MODEL)?.split_once(": ").map(|(model, _)| model)
    }

    /// That an engine which looked at the same does not propose it, and how much less sure that makes of it, in log-odds.
    pub fn of_silence(engine: &str, weight: f32) -> Self {
        Self { label: format!("{SILENCE}{engine}"), weight }
    }

    /// The engine that does not propose it.
    pub fn silent_engine(&self) -> Option<&str> {
        self.label.strip_prefix(SILENCE)
    }

    /// What it comes to, without who says so: the words of a cue, or what a language model gave as its reason.
    pub fn gist(&self) -> &str {
        if self.model().is_some() {
            return self.label.split_once(": ").map_or("", |(_, why)| why);
        }
        let inner = self.label.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
        inner.map_or(self.label.as_str(), |(words, _)| words)
    }
}

/// A category that some whole, consecutive sentences of one turn carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coding {
    /// Place of the turn in [`Transcript::turns`](crate::Transcript::turns).
    pub turn: usize,
    /// The sentences, as places in [`Turn::sentences`](crate::Turn::sentences).
    pub sentences: Range<usize>,
    /// What kind of thing is told.
    pub category: Category,
    /// The finer code of the codebook, if one fits.
    pub code: Option<CodeId>,
    /// The phase that it is about.
    pub phase: PhaseId,
    /// The touchpoint that it is about, if any.
    pub touchpoint: Option<TouchpointId>,
    /// How the person concerned experiences it.
    pub emotion: Emotion,
    /// The calibrated probability that the category is right.
    pub confidence: Confidence,
    /// Proposed or decided.
    pub status: Status,
    /// What spoke for it, heaviest first.
    pub reasons: Vec<Reason>,
}

impl Coding {
    /// Whether it says the same of some of the same sentences.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.sentences, &other.sentences);
        self.category == other.category && self.turn == other.turn && mine.start < theirs.end && theirs.start < mine.end
    }

    /// Whether an engine that looked at the same does not propose it.
    pub fn is_disputed(&self) -> bool {
        self.reasons.iter().any(|reason| reason.silent_engine().is_some())
    }

    /// Whether a language model proposed it.
    pub fn is_of_model(&self) -> bool {
        self.reasons.iter().any(|reason| reason.model().is_some())
    }
}
