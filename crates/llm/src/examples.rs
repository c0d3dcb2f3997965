//! Coded examples near to what is asked: what people coded in the study, and where that is too little, what was coded in
//! others.

use std::borrow::Cow;

use klantreis_study::{Category, CodeId, Coding, Emotion, Language, PhaseId, Study, TouchpointId, Transcript};
use serde::{Deserialize, Serialize};

use crate::{
    cache::Cache,
    nearest::Nearest,
    passages::{Passage, passages},
    prompt::Prompt,
    window::{Line, Window, windows},
};

/// An interview with what people coded in it.
pub struct Coded<'a> {
    /// The interview.
    pub transcript: &'a Transcript,
    /// Codings that people stand behind.
    pub codings: Vec<&'a Coding>,
}

/// A bank of coded windows of the study and of passages of other studies, found by their words.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "Bank", into = "Bank")]
pub struct Examples {
    bank: Bank,
    near_windows: Nearest,
    near_passages: Nearest,
}

/// What examples are kept as.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Bank {
    windows: Vec<Example>,
    passages: Vec<Passage>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Example {
    file: String,
    asked: String,
    answered: String,
}

impl From<Bank> for Examples {
    fn from(bank: Bank) -> Self {
        let near_windows = Nearest::of(bank.windows.iter().map(|window| window.asked.clone()));
        let near_passages = Nearest::of(bank.passages.iter().map(Passage::text));
        Self { bank, near_windows, near_passages }
    }
}

impl From<Examples> for Bank {
    fn from(examples: Examples) -> Self {
        examples.bank
    }
}

/// Sentences of an example.
const SIZE: usize = 8;
/// Examples with a question.
const SHOWN: usize = 3;
/// Passages of other studies in the place of each example that the study lacks.
const INSTEAD: usize = 4;

impl Examples {
    /// Cuts the coded interviews of a study into examples; windows without a code are none.
    pub fn new(study: &Study, interviews: &[Coded<'_>]) -> Self {
        let mut cut = Vec::new();
        for Coded { transcript, codings } in interviews {
            for window in windows(transcript, SIZE) {
                if let Some(answered) = answer(&window, codings, study.language) {
                    cut.push(Example { file: transcript.file.clone(), asked: window.text(transcript), answered });
                }
            }
        }
        let transcripts: Vec<&Transcript> = interviews.iter().map(|coded| coded.transcript).collect();
        Bank { windows: cut, passages: passages(study, &transcripts) }.into()
    }

    /// The examples nearest to a text by tf-idf, the nearest last; none is of the same interview.
    pub fn near(&self, text: &str, file: &str) -> Vec<(String, String)> {
        let windows = &self.bank.windows;
        let places = self.near_windows.to(text, SHOWN, |n| windows[n].file != file);
        places.into_iter().map(|n| (windows[n].asked.clone(), windows[n].answered.clone())).collect()
    }

    /// The passages of other studies nearest to a text, the nearest last, where the study has only so many examples.
    pub fn passages(&self, text: &str, own: usize) -> Vec<&Passage> {
        let most = SHOWN.saturating_sub(own) * INSTEAD;
        self.near_passages.to(text, most, |_| true).into_iter().map(|n| &self.bank.passages[n]).collect()
    }

    /// How many passages of other studies there are, and their name: a hash of them all. `None` if there are none.
    pub fn of_others(&self) -> Option<(usize, String)> {
        let lines: Vec<String> = self.bank.passages.iter().map(Passage::line).collect();
        let parts: Vec<&str> = lines.iter().map(String::as_str).collect();
        (!parts.is_empty()).then(|| (parts.len(), Cache::key(&parts)[..12].to_owned()))
    }
}

/// What a model should have answered, in the order of the schema.
#[derive(Serialize)]
struct Answered<'a> {
    codings: Vec<AnsweredCoding<'a>>,
}

#[derive(Serialize)]
struct AnsweredCoding<'a> {
    sentences: Vec<usize>,
    category: &'a Category,
    code: Option<&'a CodeId>,
    phase: &'a PhaseId,
    touchpoint: Option<&'a TouchpointId>,
    emotion: Emotion,
    reason: Cow<'a, str>,
}

/// What spoke for a coding, as a model would say it. People do not say why: what their category is stands in for that, since
/// a model that is shown no reasons gives none.
fn reason(coding: &Coding, language: Language) -> Cow<'_, str> {
    let dutch = language == Language::Dutch;
    match coding.reasons.iter().find(|reason| reason.weight > 0.0 && !reason.gist().is_empty()) {
        Some(reason) if reason.model().is_some() => reason.gist().into(),
        Some(reason) if dutch => format!("zegt \"{}\"", reason.gist()).into(),
        Some(reason) => format!("says \"{}\"", reason.gist()).into(),
        None => Prompt::in_short(&coding.category, language).unwrap_or(coding.category.as_str()).into(),
    }
}

/// The answer that a window should have had; none where nothing in it is coded.
fn answer(window: &Window, codings: &[&Coding], language: Language) -> Option<String> {
    let mut found = Vec::new();
    for c in codings {
        let within = |(_, line): &(usize, &Line)| line.turn == c.turn && c.sentences.contains(&line.sentence);
        let sentences: Vec<usize> = window.lines.iter().enumerate().filter(within).map(|(n, _)| n + 1).collect();
        if !sentences.is_empty() {
            found.push(AnsweredCoding {
                sentences,
                category: &c.category,
                code: c.code.as_ref(),
                phase: &c.phase,
                touchpoint: c.touchpoint.as_ref(),
                emotion: c.emotion,
                reason: reason(c, language),
            });
        }
    }
    (!found.is_empty()).then(|| serde_json::to_string(&Answered { codings: found }).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Confidence, Status};
    use serde_json::json;

    use super::*;
    use crate::window::tests::interview;

    #[test]
    fn the_nearest_example_comes_last_and_none_from_the_same_interview() {
        let about = |file: &str, words: &str| {
            let mut t = interview(&[&["I: Hoe ging dat?"], &[words]]);
            file.clone_into(&mut t.file);
            t
        };
        let talks = [
            about("a.txt", "Het formulier kwam terug."),
            about("b.txt", "De parkeergarage was dicht."),
            about("c.txt", "Inloggen lukte meteen."),
            about("d.txt", "Het formulier voor de parkeergarage."),
        ];
        let pain = Coding {
            turn: 1,
            sentences: 0..1,
            category: Category::pain(),
            code: None,
            phase: PhaseId::new("vooraf").unwrap(),
            touchpoint: None,
            emotion: Emotion::default(),
            confidence: Confidence::CERTAIN,
            status: Status::Accepted,
            reasons: Vec::new(),
        };
        let coded: Vec<_> = talks.iter().map(|transcript| Coded { transcript, codings: vec![&pain] }).collect();
        let study = Study::parse("").unwrap();
        let examples = Examples::new(&study, &coded);
        let near = examples.near("[1] Bij de parkeergarage stond niemand.", "d.txt");
        assert_eq!(near.len(), 3);
        assert!(
            near[2].0.contains("parkeergarage was dicht") && near.iter().all(|(asked, _)| !asked.contains("voor de"))
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&near[2].1).unwrap()["codings"][0]["sentences"],
            json!([1])
        );
        // As it comes back from the file in which a study keeps it.
        let kept: Examples = serde_json::from_str(&serde_json::to_string(&examples).unwrap()).unwrap();
        assert_eq!(kept.near("[1] Bij de parkeergarage stond niemand.", "d.txt"), near);
        assert_eq!(kept.of_others(), examples.of_others());
    }

    #[test]
    fn passages_of_other_studies_stand_in_for_examples_that_the_study_lacks() {
        let study = Study::parse("").unwrap();
        let examples = Examples::new(&study, &[]);
        let asked = "[1] Ik was mijn wachtwoord van DigiD vergeten.";
        assert_eq!(examples.passages(asked, 0).len(), 12);
        assert_eq!(examples.passages(asked, 2).len(), 4);
        assert!(examples.passages(asked, 3).is_empty());
        let nearest = examples.passages(asked, 0).pop().unwrap().text();
        assert!(nearest.contains("DigiD") || nearest.contains("wachtwoord"), "{nearest}");
    }
}
