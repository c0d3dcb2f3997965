//! What the unit tests share.

use klantreis_study::{
    Category, CodedTranscript, Coding, Confidence, Emotion, PhaseId, Role, Status, Transcript, Turn,
};

use crate::{Target, Text};

/// A transcript of lines such as `R: Ja. Nee.`; sentences end at a full stop or a question mark.
pub fn transcript(lines: &[&str]) -> Transcript {
    let turn = |(n, line): (usize, &&str)| {
        let (speaker, text) = line.split_once(": ").unwrap();
        let (mut sentences, mut start) = (Vec::new(), 0);
        for (at, _) in text.match_indices(['.', '?']) {
            sentences.push(start..at + 1);
            start = at + 2;
        }
        let role = if speaker == "I" { Role::Interviewer } else { Role::Respondent };
        let (number, speaker) = (n as u32 + 1, speaker.to_owned());
        Turn { number, speaker, role, start: None, end: None, text: text.to_owned(), sentences }
    };
    Transcript {
        file: "gesprek.txt".to_owned(),
        interview: "gesprek".to_owned(),
        attributes: Default::default(),
        turns: lines.iter().enumerate().map(turn).collect(),
        problems: Vec::new(),
    }
}

/// A proposal.
pub fn coding(turn: usize, sentences: std::ops::Range<usize>, category: &str) -> Coding {
    Coding {
        turn,
        sentences,
        category: Category::new(category).unwrap(),
        code: None,
        phase: PhaseId::new("tijdens").unwrap(),
        touchpoint: None,
        emotion: Emotion::default(),
        confidence: Confidence::new(0.6),
        status: Status::Auto,
        reasons: Vec::new(),
    }
}

/// What a proposal is about.
pub fn target(transcript: &Transcript, coding: &Coding) -> Target {
    Target::of(&Text::of(transcript), coding).unwrap()
}

/// A transcript with proposals.
pub fn coded(transcript: &Transcript, codings: Vec<Coding>) -> CodedTranscript {
    CodedTranscript { transcript: transcript.clone(), codings }
}
