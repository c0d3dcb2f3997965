use std::borrow::Borrow;

use klantreis_study::{CodedTranscript, Status, Study};

use crate::state::State;

/// How far the review of an interview is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The transcript's file.
    pub file: String,
    /// The interview.
    pub interview: String,
    /// Proposals that nobody has decided on.
    pub open: usize,
    /// Proposals that were confirmed.
    pub accepted: usize,
    /// Proposals that were changed.
    pub changed: usize,
    /// Proposals that were refused.
    pub rejected: usize,
    /// Codings that people added.
    pub added: usize,
    /// Who has marked the transcript as finished.
    pub finished_by: Vec<String>,
}

impl Progress {
    /// Of a transcript over which the decisions are laid.
    pub fn of(coded: &CodedTranscript, state: &State) -> Self {
        let transcript = &coded.transcript;
        let finished_by = state.finished.get(&transcript.file).into_iter().flatten().cloned().collect();
        let (file, interview) = (transcript.file.clone(), transcript.interview.clone());
        let mut out = Self { file, interview, finished_by, ..Self::default() };
        for coding in &coded.codings {
            *match coding.status {
                Status::Auto => &mut out.open,
                Status::Accepted => &mut out.accepted,
                Status::Changed => &mut out.changed,
                Status::Rejected => &mut out.rejected,
                Status::Manual => &mut out.added,
            } += 1;
        }
        out
    }

    /// Number of proposals and added codings that people decided on.
    pub fn decided(&self) -> usize {
        self.accepted + self.changed + self.rejected + self.added
    }

    /// Whether people stand behind all of it: it is marked as finished, or every proposal is decided.
    pub fn is_whole(&self) -> bool {
        !self.finished_by.is_empty() || (self.open == 0 && self.decided() > 0)
    }
}

/// How far a study is on the seven steps of a customer journey: brand, goal, personas, internal and external view,
/// picture, evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Of why, how and what, how many are written.
    pub brand: usize,
    /// Whether the goal is written.
    pub goal: bool,
    /// Number of personas.
    pub personas: usize,
    /// Interviews with the organisation's own people.
    pub internal: usize,
    /// Interviews with customers.
    pub external: usize,
    /// Interviews of which nobody said whose view they hold.
    pub unknown: usize,
    /// Whether the journey was drawn by `run`.
    pub drawn: bool,
    /// Interviews that people have wholly gone through.
    pub reviewed: usize,
}

impl Steps {
    /// Of a study with its coded interviews and how far each is.
    pub fn of(study: &Study, coded: &[impl Borrow<CodedTranscript>], progress: &[Progress]) -> Self {
        let brand = &study.brand;
        let mut out = Self {
            brand: [&brand.why, &brand.how, &brand.what].into_iter().filter(|text| !text.trim().is_empty()).count(),
            goal: !study.goal.trim().is_empty(),
            personas: study.personas.len(),
            drawn: study.out_dir().join("journey.csv").is_file(),
            reviewed: progress.iter().filter(|p| p.is_whole()).count(),
            ..Self::default()
        };
        for interview in coded {
            let attributes = &interview.borrow().transcript.attributes;
            let view = ["perspectief", "perspective"].into_iter().find_map(|key| attributes.get(key));
            let view = view.map_or_else(String::new, |v| v.to_lowercase());
            *match view {
                v if v.starts_with("intern") => &mut out.internal,
                v if v.starts_with("extern") => &mut out.external,
                _ => &mut out.unknown,
            } += 1;
        }
        out
    }
}
