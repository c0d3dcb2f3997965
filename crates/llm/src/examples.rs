//! Coded examples near to what is asked, from what people coded.

use std::collections::{BTreeMap, HashMap};

use klantreis_study::{Category, CodeId, Coding, Emotion, PhaseId, TouchpointId, Transcript};
use serde::{Deserialize, Serialize};

use crate::window::{Line, Window, windows};

/// An interview with what people coded in it.
pub struct Coded<'a> {
    /// The interview.
    pub transcript: &'a Transcript,
    /// Codings that people stand behind.
    pub codings: Vec<&'a Coding>,
}

/// A bank of coded windows, found by their words.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Example>", into = "Vec<Example>")]
pub struct Examples {
    bank: Vec<Example>,
    /// The examples in which a word stands, and what it counts for in each, of a length of one.
    words: HashMap<String, Vec<(usize, f32)>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Example {
    file: String,
    asked: String,
    answered: String,
}

impl From<Vec<Example>> for Examples {
    fn from(bank: Vec<Example>) -> Self {
        let mut words: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (n, example) in bank.iter().enumerate() {
            for (word, count) in counts(&example.asked) {
                words.entry(word).or_default().push((n, count));
            }
        }
        let mut squares = vec![0.0f32; bank.len()];
        // In the order of the words, so that sums are the same every time.
        let mut sorted: Vec<_> = words.iter_mut().collect();
        sorted.sort_by_key(|(word, _)| *word);
        for (_, examples) in sorted {
            let rarity = rarity(bank.len(), examples.len());
            for (n, weight) in examples {
                *weight = often(*weight) * rarity;
                squares[*n] += *weight * *weight;
            }
        }
        for (n, weight) in words.values_mut().flatten() {
            *weight /= squares[*n].sqrt().max(f32::MIN_POSITIVE);
        }
        Self { bank, words }
    }
}

impl From<Examples> for Vec<Example> {
    fn from(examples: Examples) -> Self {
        examples.bank
    }
}

/// Sentences of an example.
const SIZE: usize = 8;
/// Examples with a question.
const SHOWN: usize = 3;

impl Examples {
    /// Cuts coded interviews into examples; windows without a code are none.
    pub fn new(interviews: &[Coded<'_>]) -> Self {
        let mut bank = Vec::new();
        for Coded { transcript, codings } in interviews {
            for window in windows(transcript, SIZE) {
                if let Some(answered) = answer(&window, codings) {
                    bank.push(Example { file: transcript.file.clone(), asked: window.text(transcript), answered });
                }
            }
        }
        bank.into()
    }

    /// The examples nearest to a text by tf-idf, the nearest last; none is of the same interview.
    pub fn near(&self, text: &str, file: &str) -> Vec<(String, String)> {
        let mut near = vec![0.0f32; self.bank.len()];
        for (word, count) in counts(text) {
            let examples = self.words.get(&word).map_or(&[][..], Vec::as_slice);
            let asked = often(count) * rarity(self.bank.len(), examples.len());
            examples.iter().for_each(|(n, weight)| near[*n] += asked * weight);
        }
        let mut ranked: Vec<(f32, &Example)> =
            near.into_iter().zip(&self.bank).filter(|(_, e)| e.file != file).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.asked.cmp(&b.1.asked)));
        ranked.truncate(SHOWN);
        ranked.reverse();
        ranked.into_iter().map(|(_, e)| (e.asked.clone(), e.answered.clone())).collect()
    }
}

/// What a word counts for that stands in a text so often.
fn often(count: f32) -> f32 {
    1.0 + count.ln()
}

/// What a word counts for that stands in so many of all examples.
fn rarity(all: usize, with: usize) -> f32 {
    ((all + 1) as f32 / (with + 1) as f32).ln()
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
    reason: &'a str,
}

/// The answer that a window should have had; none where nothing in it is coded.
fn answer(window: &Window, codings: &[&Coding]) -> Option<String> {
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
                // A cue or a word that spoke for it, as far as is known.
                reason: c.reasons.first().map_or("", |reason| &reason.label),
            });
        }
    }
    (!found.is_empty()).then(|| serde_json::to_string(&Answered { codings: found }).ok()).flatten()
}

/// How often each word stands in a text.
fn counts(text: &str) -> BTreeMap<String, f32> {
    let mut out = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() > 3) {
        *out.entry(word.to_lowercase()).or_insert(0.0) += 1.0;
    }
    out
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
        let examples = Examples::new(&coded);
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
    }
}
