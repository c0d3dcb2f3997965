//! What comes of a file.

use klantreis_study::{Problem, Transcript};

use crate::{format::Format, language::Detected, roles::Speaker, speech::PassedOver};

/// What comes of a file: one interview or several, and what went wrong beside them.
#[derive(Debug, Default)]
pub struct Reading {
    /// The interviews, in the order of the file.
    pub interviews: Vec<Interview>,
    /// What could not be read. What is worth knowing of an interview that could stands in its transcript.
    pub problems: Vec<Problem>,
}

/// An interview, and how it was read.
#[derive(Clone, Debug)]
pub struct Interview {
    /// The interview.
    pub transcript: Transcript,
    /// The kind of its file.
    pub format: Format,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// The language that was spoken, where there is enough to tell.
    pub language: Option<Detected>,
    /// The speakers, in the order in which they first speak.
    pub speakers: Vec<Speaker>,
    /// Every line that is in no turn and is no attribute.
    pub passed_over: Vec<PassedOver>,
}

impl Reading {
    /// Only a problem.
    pub(crate) fn failed(problem: Problem) -> Self {
        Self { interviews: Vec::new(), problems: vec![problem] }
    }

    /// The transcripts alone.
    pub fn transcripts(self) -> impl Iterator<Item = Transcript> {
        self.interviews.into_iter().map(|interview| interview.transcript)
    }
}
