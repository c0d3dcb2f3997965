//! What every format comes down to: pieces of speech in order, with attributes beside them.

use std::collections::BTreeMap;

use klantreis_study::Timestamp;

use crate::limits;

/// A piece of what one speaker said: a line, a paragraph or a cue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The speaker as written; `None` continues the speaker before.
    pub speaker: Option<String>,
    /// When it starts.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub end: Option<Timestamp>,
    /// What was said.
    pub text: String,
    /// Line, paragraph or cue in the source, from 1.
    pub line: u32,
}

/// A line of the source that is in no turn, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Line, paragraph, row or cue in the source, from 1.
    pub line: u32,
    /// What stands there.
    pub text: String,
    /// Why it is no speech: "stands before the first speaker".
    pub why: &'static str,
}

/// Where an attribute was found, the weakest first: what a later one says holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Header,
    Table,
    Properties,
    Path,
}

impl Origin {
    /// As in "segment is "starter" in …".
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "the header",
            Self::Table => "the header table",
            Self::Properties => "the document's properties",
            Self::Path => "the file's path",
        }
    }
}

/// An interview taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// Its name within its file, where a file may hold several.
    pub name: Option<String>,
    /// In the order of the talk.
    pub pieces: Vec<Piece>,
    /// Keys in lower case.
    pub attributes: BTreeMap<Origin, BTreeMap<String, String>>,
    /// What is no speech and no attribute.
    pub passed_over: Vec<PassedOver>,
    /// What a researcher should know of how it was read.
    pub notes: Vec<String>,
}

impl Speech {
    /// Adds an attribute; a later one of the same origin holds.
    pub fn attribute(&mut self, origin: Origin, key: &str, value: &str) {
        let (key, value) = (key.trim().to_lowercase(), fold_space(value));
        if !key.is_empty() && !value.is_empty() {
            self.attributes.entry(origin).or_default().insert(key, value);
        }
    }

    /// Says that a text goes on behind the last line that is read.
    pub fn breaks_off(&mut self) {
        self.notes.push(format!("only the first {} lines are read; split the file", limits::LINES + 1));
    }

    /// Notes a line that is no speech.
    pub fn pass_over(&mut self, line: u32, text: &str, why: &'static str) {
        self.passed_over.push(PassedOver { line, text: text.trim().to_owned(), why });
    }
}

/// White space folded to single spaces.
pub fn fold_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
