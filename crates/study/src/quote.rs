use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Category, CodeId, Coding, Confidence, Emotion, PhaseId, Reason, Status, TouchpointId, Transcript};

/// A transcript with its codings, decisions laid over them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodedTranscript {
    /// The interview.
    pub transcript: Transcript,
    /// Ordered by turn, first sentence, category.
    pub codings: Vec<Coding>,
}

/// A coding with the words it rests on: a row of `quotes.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// `interview:turn.sentence` and the category's letter, such as `interview-1:6.2p`; see [`quote_id`].
    pub id: String,
    /// The interview's name.
    pub interview: String,
    /// The transcript's file.
    pub file: String,
    /// The turn's number, from 1.
    pub turn: u32,
    /// The speaker as the transcript names them.
    pub speaker: String,
    /// `hh:mm:ss`, or empty.
    pub time: String,
    /// The phase that it is about.
    pub phase: PhaseId,
    /// What kind of thing is told.
    pub category: Category,
    /// The finer code, if any.
    pub code: Option<CodeId>,
    /// The touchpoint, if any.
    pub touchpoint: Option<TouchpointId>,
    /// -2…2.
    pub emotion: Emotion,
    /// 0…1.
    pub confidence: Confidence,
    /// Proposed or decided.
    pub status: Status,
    /// The words, letter for letter as in the transcript.
    pub quote: String,
    /// What spoke for the coding.
    pub reasons: Vec<Reason>,
    /// The interview's attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Quote {
    /// What quotes are sorted by to stand as in the transcripts, whatever order they come in: the file as folders list it,
    /// the turn, and in it the sentence and the category, which the id names.
    pub fn place(&self) -> impl Ord {
        let (_, place) = self.id.rsplit_once('.').unwrap_or(("", &self.id));
        let digits = place.bytes().take_while(u8::is_ascii_digit).count();
        let sentence: usize = place[..digits].parse().unwrap_or(0);
        (self.file.split('/').collect::<Vec<_>>(), self.turn, sentence, &self.category, &self.id)
    }
}

/// The id of a coding: `interview:turn.sentence` with the category's letter, both counted from 1.
///
/// It says where the quote stands, so that people can read it; it is unique as long as no two categories of a study
/// that share a letter start at the same sentence, which [`quotes`] resolves with a number.
pub fn quote_id(transcript: &Transcript, coding: &Coding) -> String {
    let turn = transcript.turns.get(coding.turn).map_or(0, |turn| turn.number);
    format!("{}:{}.{}{}", transcript.interview, turn, coding.sentences.start + 1, coding.category.letter())
}

/// All quotes of a transcript, in the order of its codings. Codings whose place does not exist are left out.
pub fn quotes(coded: &CodedTranscript) -> Vec<Quote> {
    numbered_quotes(coded).map(|(_, quote)| quote).collect()
}

/// The same, each with the number of its coding.
pub fn numbered_quotes(coded: &CodedTranscript) -> impl Iterator<Item = (usize, Quote)> + '_ {
    let mut seen = BTreeMap::<String, usize>::new();
    let transcript = &coded.transcript;
    let row = move |(n, coding): (usize, &Coding)| {
        let turn = transcript.turns.get(coding.turn)?;
        let quote = turn.passage(coding.sentences.clone());
        if quote.is_empty() {
            return None;
        }
        let mut id = quote_id(transcript, coding);
        let count = seen.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            id = format!("{id}{count}");
        }
        let quote = Quote {
            id,
            interview: transcript.interview.clone(),
            file: transcript.file.clone(),
            turn: turn.number,
            speaker: turn.speaker.clone(),
            time: turn.start.map(|t| t.to_string()).unwrap_or_default(),
            phase: coding.phase.clone(),
            category: coding.category.clone(),
            code: coding.code.clone(),
            touchpoint: coding.touchpoint.clone(),
            emotion: coding.emotion,
            confidence: coding.confidence,
            status: coding.status,
            quote: quote.to_owned(),
            reasons: coding.reasons.clone(),
            attributes: transcript.attributes.clone(),
        };
        Some((n, quote))
    };
    coded.codings.iter().enumerate().filter_map(row)
}
