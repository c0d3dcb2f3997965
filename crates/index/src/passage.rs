use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use klantreis_study::{CodedTranscript, Coding, Quote, Role, quotes};
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
    /// How many sentences it has.
    pub sentences: usize,
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

/// A turn as the index keeps it, of respondents and interviewers alike: what hits are made from, and what stands around
/// them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredTurn<'a> {
    pub file: Cow<'a, str>,
    pub interview: Cow<'a, str>,
    pub number: u32,
    pub speaker: Cow<'a, str>,
    pub role: Role,
    pub time: String,
    pub text: Cow<'a, str>,
    pub sentences: Cow<'a, [Range<usize>]>,
    /// Where its passages are, with their codings; none in what interviewers say.
    pub cuts: Vec<Cut>,
    pub attributes: Cow<'a, BTreeMap<String, String>>,
}

/// Some sentences of a turn that carry the same codings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cut {
    pub sentences: Range<usize>,
    pub codings: Vec<HitCoding>,
}

impl StoredTurn<'_> {
    /// The place of some sentences in the text.
    pub fn place(&self, sentences: &Range<usize>) -> Range<usize> {
        let start = self.sentences.get(sentences.start).map_or(0, |s| s.start);
        let end = sentences.end.checked_sub(1).and_then(|e| self.sentences.get(e)).map_or(start, |s| s.end);
        start..end.max(start)
    }

    /// The text of some sentences.
    pub fn said(&self, sentences: &Range<usize>) -> &str {
        self.text.get(self.place(sentences)).unwrap_or_default()
    }

    /// Its passage with this number.
    pub fn passage(&self, number: usize) -> Option<Passage> {
        let cut = self.cuts.get(number)?;
        Some(Passage {
            file: self.file.clone().into_owned(),
            interview: self.interview.clone().into_owned(),
            turn: self.number,
            sentence: cut.sentences.start + 1,
            sentences: cut.sentences.len(),
            speaker: self.speaker.clone().into_owned(),
            time: self.time.clone(),
            text: self.said(&cut.sentences).to_owned(),
            codings: cut.codings.clone(),
            attributes: self.attributes.clone().into_owned(),
        })
    }

    /// Its passages in order.
    pub fn passages(&self) -> impl Iterator<Item = Passage> {
        (0..self.cuts.len()).filter_map(|n| self.passage(n))
    }
}

/// Cuts the respondents' turns of a transcript into passages, in order.
pub fn passages(coded: &CodedTranscript) -> Vec<Passage> {
    stored_turns(coded, &quotes(coded)).iter().flat_map(|turn| turn.passages().collect::<Vec<_>>()).collect()
}

/// All turns of a transcript, those of respondents cut into passages. `rows` are its quotes.
pub(crate) fn stored_turns<'a>(coded: &'a CodedTranscript, rows: &[Quote]) -> Vec<StoredTurn<'a>> {
    let transcript = &coded.transcript;
    let placed = |coding: &&Coding| {
        transcript.turns.get(coding.turn).is_some_and(|turn| !turn.passage(coding.sentences.clone()).is_empty())
    };
    let mut by_turn: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for (coding, quote) in coded.codings.iter().filter(placed).zip(rows) {
        by_turn.entry(coding.turn).or_default().push((coding, quote));
    }
    let mut out = Vec::with_capacity(transcript.turns.len());
    for (t, turn) in transcript.turns.iter().enumerate() {
        let here = by_turn.remove(&t).unwrap_or_default();
        let alike = |a: usize, b: usize| {
            here.iter().all(|(coding, _)| coding.sentences.contains(&a) == coding.sentences.contains(&b))
        };
        let mut cuts = Vec::new();
        let mut start = 0;
        let last = if turn.role == Role::Respondent { turn.sentences.len() } else { 0 };
        for s in 1..=last {
            if s < last && alike(s, start) {
                continue;
            }
            let on_it = here.iter().filter(|(coding, _)| coding.sentences.contains(&start));
            cuts.push(Cut { sentences: start..s, codings: on_it.map(|(_, quote)| hit_coding(quote)).collect() });
            start = s;
        }
        out.push(StoredTurn {
            file: Cow::Borrowed(&transcript.file),
            interview: Cow::Borrowed(&transcript.interview),
            number: turn.number,
            speaker: Cow::Borrowed(&turn.speaker),
            role: turn.role,
            time: turn.start.map(|t| t.to_string()).unwrap_or_default(),
            text: Cow::Borrowed(&turn.text),
            sentences: Cow::Borrowed(&turn.sentences),
            cuts,
            attributes: Cow::Borrowed(&transcript.attributes),
        });
    }
    out
}

fn hit_coding(quote: &Quote) -> HitCoding {
    HitCoding {
        quote_id: quote.id.clone(),
        category: quote.category.to_string(),
        code: quote.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        phase: quote.phase.to_string(),
        touchpoint: quote.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
        emotion: quote.emotion.value(),
        confidence: quote.confidence.value(),
        status: quote.status.to_string(),
    }
}
