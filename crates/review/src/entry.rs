use std::ops::Range;

use klantreis_study::{Category, CodeId, Coding, Confidence, Emotion, PhaseId, Status, TouchpointId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::anchor::{Anchor, Text};

/// A passage and what it is coded as: what a decision is about, or what it is changed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The transcript's file.
    pub file: String,
    /// Its words and where they stand.
    #[serde(flatten)]
    pub anchor: Anchor,
    /// What kind of thing is told.
    pub category: Category,
    /// The finer code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeId>,
    /// The phase.
    pub phase: PhaseId,
    /// The touchpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<TouchpointId>,
    /// -2…2.
    #[serde(default)]
    pub emotion: Emotion,
    /// The program's confidence when it was decided; 1 where a person proposed it.
    #[serde(default)]
    pub confidence: Confidence,
}

impl Target {
    /// What `coding` is about; `None` where its place does not exist.
    pub fn of(text: &Text<'_>, coding: &Coding) -> Option<Self> {
        Some(Self {
            file: text.transcript.file.clone(),
            anchor: text.anchor(coding.turn, coding.sentences.clone())?,
            category: coding.category.clone(),
            code: coding.code.clone(),
            phase: coding.phase.clone(),
            touchpoint: coding.touchpoint.clone(),
            emotion: coding.emotion,
            confidence: coding.confidence,
        })
    }

    /// As a coding by hand at a place: a turn and its sentences.
    pub fn coding_at(&self, (turn, sentences): (usize, Range<usize>)) -> Coding {
        Coding {
            turn,
            sentences,
            category: self.category.clone(),
            code: self.code.clone(),
            phase: self.phase.clone(),
            touchpoint: self.touchpoint.clone(),
            emotion: self.emotion,
            confidence: Confidence::CERTAIN,
            status: Status::Manual,
            reasons: Vec::new(),
        }
    }

    /// Names the passage with its category, the same on every computer.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        let nth = self.anchor.nth.to_string();
        let Anchor { exact, prefix, suffix, .. } = &self.anchor;
        for part in [&self.file, prefix, exact, suffix, self.category.as_str(), &nth] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether both say the same of the same words.
    pub fn agrees(&self, other: &Self) -> bool {
        let said = |t: &Self| (t.category.clone(), t.code.clone(), t.phase.clone(), t.touchpoint.clone(), t.emotion);
        said(self) == said(other) && self.anchor.exact == other.anchor.exact
    }
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum What {
    /// The proposal is right.
    Accept {
        /// The proposal.
        coding: Target,
    },
    /// The proposal is wrong.
    Reject {
        /// The proposal.
        coding: Target,
    },
    /// The proposal should be something else.
    Change {
        /// The proposal.
        coding: Target,
        /// What it should be.
        to: Target,
    },
    /// A coding that the program did not propose.
    Add {
        /// The coding.
        coding: Target,
    },
    /// A note about a coding; an empty one takes it away.
    Memo {
        /// The coding.
        coding: Target,
        /// The note.
        text: String,
    },
    /// Worth finding again.
    Star {
        /// The coding.
        coding: Target,
        /// Starred, or no longer.
        on: bool,
    },
    /// Where the words of a decision stand now.
    Place {
        /// What was decided on.
        coding: Target,
        /// Its new place. Not called `at` in the log, where that is the time of the entry.
        #[serde(rename = "place")]
        at: Anchor,
    },
    /// A second coder's own coding, which nobody else sees until both have finished the transcript.
    Blind {
        /// The coding.
        coding: Target,
        /// Coded, or taken back.
        on: bool,
    },
    /// A transcript was gone through to its end.
    Finish {
        /// The transcript's file.
        file: String,
        /// As one of two coders who don't see each other's codings.
        #[serde(default)]
        blind: bool,
        /// Finished, or taken up again.
        on: bool,
    },
    /// A code's own name in this study.
    Rename {
        /// The code.
        code: CodeId,
        /// Its name; empty for the codebook's.
        label: String,
    },
    /// All quotes of a code go to another.
    Merge {
        /// The code that goes.
        code: CodeId,
        /// The one that stays; `None` takes the merge back.
        into: Option<CodeId>,
    },
    /// A question that starts with "How might we", of a phase.
    Question {
        /// The phase.
        phase: PhaseId,
        /// The sentence; empty for the program's own.
        text: String,
    },
    /// Takes decisions back.
    Undo {
        /// Their ids.
        entries: Vec<String>,
    },
    /// Brings decisions back that were taken back.
    Redo {
        /// Their ids.
        entries: Vec<String>,
    },
}

/// How a proposal was judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is right.
    Accepted,
    /// It is wrong.
    Rejected,
    /// It should be this.
    Changed(Target),
    /// A person added it.
    Added,
}

impl What {
    /// The coding that it is about, if it is about one that all see.
    pub fn coding(&self) -> Option<&Target> {
        match self {
            What::Accept { coding }
            | What::Reject { coding }
            | What::Change { coding, .. }
            | What::Add { coding }
            | What::Memo { coding, .. }
            | What::Star { coding, .. }
            | What::Place { coding, .. } => Some(coding),
            _ => None,
        }
    }

    /// The judgement that it holds, if it holds one.
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            What::Accept { .. } => Some(Verdict::Accepted),
            What::Reject { .. } => Some(Verdict::Rejected),
            What::Change { to, .. } => Some(Verdict::Changed(to.clone())),
            What::Add { .. } => Some(Verdict::Added),
            _ => None,
        }
    }

    /// In a word, as it stands in `do`.
    pub fn word(&self) -> &'static str {
        match self {
            What::Accept { .. } => "accept",
            What::Reject { .. } => "reject",
            What::Change { .. } => "change",
            What::Add { .. } => "add",
            What::Memo { .. } => "memo",
            What::Star { .. } => "star",
            What::Place { .. } => "place",
            What::Blind { .. } => "blind",
            What::Finish { .. } => "finish",
            What::Rename { .. } => "rename",
            What::Merge { .. } => "merge",
            What::Question { .. } => "question",
            What::Undo { .. } => "undo",
            What::Redo { .. } => "redo",
        }
    }
}

/// A line of the log: who decided what, when and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Unique on all computers.
    pub id: String,
    /// When, in UTC: `2026-01-31T12:00:00.000Z`; never earlier than the entry before it in the same log.
    pub at: String,
    /// Who.
    pub who: String,
    /// Why, in the person's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The same for all that was decided at once, and is undone at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// The judgements on the same coding that were known when this one was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}
