//! Coded examples near to what is asked, from what people coded.

use std::collections::BTreeMap;

use klantreis_study::{Coding, Transcript};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::window::{Window, windows};

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
    bank: Vec<(Example, BTreeMap<String, f32>)>,
    /// In how many windows a word stands.
    documents: BTreeMap<String, usize>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Example {
    file: String,
    asked: String,
    answered: String,
}

impl From<Vec<Example>> for Examples {
    fn from(bank: Vec<Example>) -> Self {
        let bank: Vec<_> = bank.into_iter().map(|e| (e.clone(), count(&e.asked))).collect();
        let mut documents = BTreeMap::new();
        for word in bank.iter().flat_map(|(_, words)| words.keys()) {
            *documents.entry(word.clone()).or_insert(0) += 1;
        }
        Self { bank, documents }
    }
}

impl From<Examples> for Vec<Example> {
    fn from(examples: Examples) -> Self {
        examples.bank.into_iter().map(|(e, _)| e).collect()
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
        let weigh = |words: &BTreeMap<String, f32>| -> BTreeMap<String, f32> {
            let rarity = |w: &str| {
                let n = self.documents.get(w).copied().unwrap_or(0);
                ((self.bank.len() + 1) as f32 / (n + 1) as f32).ln()
            };
            words.iter().map(|(w, n)| (w.clone(), (1.0 + n.ln()) * rarity(w))).collect()
        };
        let asked = weigh(&count(text));
        let mut ranked: Vec<(f32, &Example)> = self
            .bank
            .iter()
            .filter(|(e, _)| e.file != file)
            .map(|(e, words)| {
                let words = weigh(words);
                let norm = words.values().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
                let dot: f32 = words.iter().filter_map(|(w, x)| Some(x * asked.get(w)?)).sum();
                (dot / norm, e)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.asked.cmp(&b.1.asked)));
        ranked.truncate(SHOWN);
        ranked.reverse();
        ranked.into_iter().map(|(_, e)| (e.asked.clone(), e.answered.clone())).collect()
    }
}

/// What a model should have answered.
fn answer(window: &Window, codings: &[&Coding]) -> Option<String> {
    let found: Vec<_> = codings
        .iter()
        .filter_map(|c| {
            let numbers: Vec<usize> = window
                .lines
                .iter()
                .enumerate()
                .filter(|(_, l)| l.turn == c.turn && c.sentences.contains(&l.sentence))
                .map(|(n, _)| n + 1)
                .collect();
            (!numbers.is_empty()).then(|| {
                json!({
                    "sentences": numbers,
                    "category": c.category,
                    "code": c.code,
                    "phase": c.phase,
                    "touchpoint": c.touchpoint,
                    "emotion": c.emotion.value(),
                    "reason": "",
                })
            })
        })
        .collect();
    (!found.is_empty()).then(|| json!({ "codings": found }).to_string())
}

fn count(text: &str) -> BTreeMap<String, f32> {
    let mut out = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() > 3) {
        *out.entry(word.to_lowercase()).or_insert(0.0) += 1.0;
    }
    out
}
