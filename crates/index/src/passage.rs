use std::{collections::BTreeMap, ops::Range};

use klantreis_study::{CodedTranscript, Coding, quotes};
use serde::{Deserialize, Serialize};

/// A coding of a passage, as shown with a hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HitCoding {
    /// The quote that it belongs to.
    pub quote_id: String,
    /// The category.
    pub category: String,
    /// The code, or empty.
    pub code: String,
    /// The phase.
    pub phase: String,
    /// The touchpoint, or empty.
    pub touchpoint: String,
    /// -2…2.
    pub emotion: i8,
    /// 0…1.
    pub confidence: f32,
    /// Proposed or decided.
    pub status: String,
}

/// The sentences of a turn that carry the same codings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The transcript's file.
    pub file: String,
    /// The interview.
    pub interview: String,
    /// The turn's number, from 1.
    pub turn: u32,
    /// Its first sentence in the turn, from 1.
    pub sentence: usize,
    /// The speaker.
    pub speaker: String,
    /// `hh:mm:ss`, or empty.
    pub time: String,
    /// The words, letter for letter.
    pub text: String,
    /// Its codings; none where it is uncoded.
    pub codings: Vec<HitCoding>,
    /// The interview's attributes.
    pub attributes: BTreeMap<String, String>,
}

/// Cuts the respondents' turns of a transcript into passages, in order.
pub fn passages(coded: &CodedTranscript) -> Vec<Passage> {
    let transcript = &coded.transcript;
    let rows = quotes(coded);
    let placed = |coding: &&Coding| {
        transcript.turns.get(coding.turn).is_some_and(|turn| !turn.passage(coding.sentences.clone()).is_empty())
    };
    let mut by_turn: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for (coding, quote) in coded.codings.iter().filter(placed).zip(&rows) {
        by_turn.entry(coding.turn).or_default().push((coding, quote));
    }
    let mut out = Vec::new();
    for (t, turn) in transcript.respondent_turns() {
        let here = by_turn.remove(&t).unwrap_or_default();
        let on = |s: usize| -> Vec<usize> { (0..here.len()).filter(|n| here[*n].0.sentences.contains(&s)).collect() };
        let mut start = 0;
        for s in 1..=turn.sentences.len() {
            if s < turn.sentences.len() && on(s) == on(start) {
                continue;
            }
            let codings = on(start).into_iter().map(|n| here[n].1).map(|quote| HitCoding {
                quote_id: quote.id.clone(),
                category: quote.category.to_string(),
                code: quote.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                phase: quote.phase.to_string(),
                touchpoint: quote.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
                emotion: quote.emotion.value(),
                confidence: quote.confidence.value(),
                status: quote.status.to_string(),
            });
            out.push(Passage {
                file: transcript.file.clone(),
                interview: transcript.interview.clone(),
                turn: turn.number,
                sentence: start + 1,
                speaker: turn.speaker.clone(),
                time: turn.start.map(|t| t.to_string()).unwrap_or_default(),
                text: turn.passage(Range { start, end: s }).to_owned(),
                codings: codings.collect(),
                attributes: transcript.attributes.clone(),
            });
            start = s;
        }
    }
    out
}
