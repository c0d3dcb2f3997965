use std::sync::Arc;

use klantreis_coding::Expected;
use klantreis_index::Index;
use klantreis_study::{Codebook, CodedTranscript, Problem, Study};

/// What the program makes of a study by itself.
pub struct Proposed {
    /// The study as it stands in its folder now.
    pub study: Study,
    /// Its codes.
    pub codebook: Codebook,
    /// The interviews with what the program proposes.
    pub transcripts: Vec<CodedTranscript>,
    /// What was skipped, and what is worth knowing.
    pub problems: Vec<Problem>,
    /// How well the model agrees with people on studies it had not seen.
    pub expected: Expected,
}

/// What came of learning.
pub struct Learned {
    /// What was measured, in the study's language, a line each.
    pub told: Vec<String>,
    /// Whether the study has a new model.
    pub is_new: bool,
}

/// The pipeline behind the pages. Errors are sentences for people.
pub trait Engine: Send + Sync + 'static {
    /// Reads and codes the study.
    fn propose(&self) -> Result<Proposed, String>;

    /// Indexes what is coded, decisions laid over it, and opens the index.
    fn index(&self, coded: &[Arc<CodedTranscript>]) -> Result<Index, String>;

    /// Learns from the interviews that people went through; tells of each step how many of how many are done.
    fn learn(&self, step: &(dyn Fn(usize, usize) + Sync)) -> Result<Learned, String>;
}
