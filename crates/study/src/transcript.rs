use std::{collections::BTreeMap, fmt, ops::Range};

use serde::{Deserialize, Serialize};

/// A moment in a recording, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl fmt::Display for Timestamp {
    /// `hh:mm:ss`, as in the `time` column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks; is context and never coded.
    Interviewer,
    /// Answers; is coded.
    Respondent,
}

/// Where a sentence stands in its turn's text, in bytes.
pub type Sentence = Range<usize>;

/// What one speaker says until another speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Counts all turns of the transcript from 1, the interviewer's included.
    pub number: u32,
    /// The speaker as the transcript names them.
    pub speaker: String,
    /// Interviewer or respondent.
    pub role: Role,
    /// When it starts in the recording.
    pub start: Option<Timestamp>,
    /// When it ends in the recording.
    pub end: Option<Timestamp>,
    /// What was said: the text of the source, letter for letter (white space between its pieces folded to one space).
    pub text: String,
    /// The sentences of `text`, in order, without the white space between them.
    pub sentences: Vec<Sentence>,
}

impl Turn {
    /// The text of some consecutive sentences; empty where the range is.
    pub fn passage(&self, sentences: Range<usize>) -> &str {
        match (self.sentences.get(sentences.start), sentences.end.checked_sub(1).and_then(|e| self.sentences.get(e))) {
            (Some(first), Some(last)) if first.start <= last.end => &self.text[first.start..last.end],
            _ => "",
        }
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: a guess, a conflict between attributes, lines that were passed over.
    Note,
    /// The file, or a part of it, was skipped.
    Error,
}

/// Something that a researcher should know about a file: said, never silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file, relative to the study.
    pub file: String,
    /// Line, paragraph or cue (from 1) where it is.
    pub line: Option<u32>,
    /// A note or an error.
    pub severity: Severity,
    /// What was found, what was expected, and what to do: a full sentence in English.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// One interview as read from its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The file's path below the transcripts' folder, with `/` between its parts; for one of several in a file, with
    /// its name behind it: `antwoorden.csv/p3`.
    pub file: String,
    /// The interview's name: `file` without its ending.
    pub interview: String,
    /// Attributes of the participant and the interview (`segment`, `perspectief`, `locatie`, …): keys in lower case.
    pub attributes: BTreeMap<String, String>,
    /// All turns in order.
    pub turns: Vec<Turn>,
    /// What a researcher should know about it.
    pub problems: Vec<Problem>,
}

impl Transcript {
    /// The respondents' turns with their places in [`turns`](Self::turns).
    pub fn respondent_turns(&self) -> impl Iterator<Item = (usize, &Turn)> {
        self.turns.iter().enumerate().filter(|(_, turn)| turn.role == Role::Respondent)
    }
}
