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

/// One of the seven steps of a customer journey, as Cubiss has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// *Merk*.
    Brand,
    /// *Doel*.
    Goal,
    /// *Persona's*.
    Personas,
    /// *Intern*: how the organisation's own people see it.
    Internal,
    /// *Extern*: how customers see it.
    External,
    /// *Visualiseren*.
    Picture,
    /// *Evalueren*.
    Evaluation,
}

impl Step {
    /// All seven, in their order.
    pub const ALL: [Self; 7] =
        [Self::Brand, Self::Goal, Self::Personas, Self::Internal, Self::External, Self::Picture, Self::Evaluation];
}

/// What to do next in a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go through the proposals of this interview.
    Review {
        /// The interview.
        interview: String,
        /// Whether someone has begun.
        begun: bool,
    },
    /// See to this step.
    Step(Step),
    /// All is done.
    Nothing,
}

/// How far a study is on the seven steps of a customer journey.
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
    /// Number of interviews.
    pub interviews: usize,
    /// Interviews that people have wholly gone through.
    pub reviewed: usize,
    next_review: Option<Next>,
}

impl Steps {
    /// Of a study with its coded interviews and how far each is.
    pub fn of(study: &Study, coded: &[impl Borrow<CodedTranscript>], progress: &[Progress]) -> Self {
        let brand = &study.brand;
        let mut out = Self {
            brand: [&brand.why, &brand.how, &brand.what].into_iter().filter(|text| !text.trim().is_empty()).count(),
            goal: !study.goal.trim().is_empty(),
            personas: study.personas.len(),
            interviews: coded.len(),
            next_review: next_review(progress),
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
    /// Whether a step is done.
    pub fn is_done(&self, step: Step) -> bool {
        match step {
            Step::Brand => self.brand == 3,
            Step::Goal => self.goal,
            Step::Personas => self.personas > 0,
            Step::Internal => self.internal > 0,
            Step::External => self.external > 0,
            Step::Picture => self.drawn,
            Step::Evaluation => self.interviews > 0 && self.reviewed == self.interviews,
        }
    }

    /// What to do next. What people said comes first: the program's proposals are worth what people make of them.
    pub fn next(&self) -> Next {
        let open = || Step::ALL.into_iter().find(|step| !self.is_done(*step));
        self.next_review.clone().or_else(|| open().map(Next::Step)).unwrap_or(Next::Nothing)
    }
}

/// The interview to go on with: one that was begun, else the first.
fn next_review(progress: &[Progress]) -> Option<Next> {
    let open = || progress.iter().filter(|p| !p.is_whole());
    let begun = open().find(|p| p.decided() > 0);
    let next = |p: &Progress| Next::Review { interview: p.interview.clone(), begun: begun.is_some() };
    begun.or_else(|| open().next()).map(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_next_is_the_interview_begun_then_the_first_open_step() {
        let study = Study::parse("").unwrap();
        let coded: [CodedTranscript; 0] = [];
        let interview =
            |name: &str, open, accepted| Progress { interview: name.into(), open, accepted, ..Progress::default() };
        let next = |progress: &[Progress]| Steps::of(&study, &coded, progress).next();
        let review = |name: &str, begun| Next::Review { interview: name.into(), begun };
        assert_eq!(next(&[interview("a", 3, 0), interview("b", 3, 0)]), review("a", false));
        assert_eq!(next(&[interview("a", 3, 0), interview("b", 2, 1)]), review("b", true));
        assert_eq!(next(&[interview("a", 0, 3)]), Next::Step(Step::Brand));
    }
}
