//! Tying a decision to the words it is about.

use std::ops::Range;

use klantreis_study::Transcript;
use serde::{Deserialize, Serialize};

/// Characters of context that an anchor holds on either side.
pub const CONTEXT: usize = 40;

/// A place in a transcript by its words and its position: a TextQuoteSelector and a TextPositionSelector in one (W3C Web
/// Annotation Data Model, 2017). The text that positions count in is all turns, one a line, without the speakers' names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The words, letter for letter.
    pub exact: String,
    /// Up to [`CONTEXT`] characters before them.
    #[serde(default)]
    pub prefix: String,
    /// Up to [`CONTEXT`] characters behind them.
    #[serde(default)]
    pub suffix: String,
    /// Where they start, in characters from 0.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// How many places before this one have the same words in the same context.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub nth: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// The text of a transcript as anchors see it.
#[derive(Debug)]
pub struct Text<'t> {
    /// The transcript.
    pub transcript: &'t Transcript,
    /// All turns, one a line.
    pub all: String,
    /// Where each turn starts, in bytes.
    starts: Vec<usize>,
    /// Where every [`STEP`]th character starts, in bytes: positions count characters, Rust counts bytes.
    marks: Vec<usize>,
}

/// Characters between two marks.
const STEP: usize = 128;

impl<'t> Text<'t> {
    /// The text of `transcript`.
    pub fn of(transcript: &'t Transcript) -> Self {
        let (mut all, mut starts) = (String::new(), Vec::new());
        for turn in &transcript.turns {
            starts.push(all.len());
            all.push_str(&turn.text);
            all.push('\n');
        }
        let marks = all.char_indices().step_by(STEP).map(|(at, _)| at).collect();
        Self { transcript, all, starts, marks }
    }

    /// The anchor of some whole sentences of the turn at `turn`; `None` where there are none.
    pub fn anchor(&self, turn: usize, sentences: Range<usize>) -> Option<Anchor> {
        let sentence = |n: usize| self.transcript.turns.get(turn)?.sentences.get(n);
        let (first, last) = (sentence(sentences.start)?, sentence(sentences.end.checked_sub(1)?)?);
        let base = self.starts[turn];
        let (from, to) = (base + first.start, base + last.end);
        let exact = self.all.get(from..to).filter(|words| !words.is_empty())?.to_owned();
        let (prefix, suffix) = (tail(&self.all[..from], CONTEXT), head(&self.all[to..], CONTEXT));
        let whole = format!("{prefix}{exact}{suffix}");
        let nth = overlapping(&self.all[..from + exact.len() + suffix.len()], &whole)
            .take_while(|at| at + prefix.len() < from)
            .count();
        let start = self.position(from);
        let end = start + exact.chars().count();
        Some(Anchor { prefix: prefix.to_owned(), suffix: suffix.to_owned(), exact, start, end, nth })
    }

    /// The byte at which the character `position` stands; the end where there are fewer.
    pub(crate) fn byte(&self, position: usize) -> usize {
        let Some(mark) = self.marks.get(position / STEP) else { return self.all.len() };
        self.all[*mark..].char_indices().nth(position % STEP).map_or(self.all.len(), |(at, _)| mark + at)
    }

    /// How many characters stand before a byte.
    fn position(&self, byte: usize) -> usize {
        let mark = self.marks.partition_point(|at| *at <= byte).saturating_sub(1);
        let from = self.marks.get(mark).copied().unwrap_or(0);
        mark * STEP + self.all[from..byte].chars().count()
    }

    /// The turn and its sentences of which the bytes `range` cover at least half, or else the one they touch most.
    pub(crate) fn sentences(&self, range: Range<usize>) -> Option<(usize, Range<usize>)> {
        let turn = self.starts.partition_point(|start| *start <= range.start).checked_sub(1)?;
        let (from, to) = (range.start - self.starts[turn], range.end - self.starts[turn]);
        let sentences = &self.transcript.turns.get(turn)?.sentences;
        let shared = |s: &Range<usize>| to.min(s.end).saturating_sub(from.max(s.start));
        let half = |s: &Range<usize>| 2 * shared(s) >= s.len() && !s.is_empty();
        let first = match sentences.iter().position(half) {
            Some(first) => first,
            None => {
                let most = sentences.iter().enumerate().max_by_key(|(n, s)| (shared(s), usize::MAX - n))?;
                return (shared(most.1) > 0).then_some((turn, most.0..most.0 + 1));
            }
        };
        let count = sentences[first..].iter().take_while(|s| half(s)).count();
        Some((turn, first..first + count))
    }

    /// Where a turn starts, in bytes.
    pub(crate) fn start(&self, turn: usize) -> usize {
        self.starts[turn]
    }
}

/// All places of `needle`, also those that overlap.
pub(crate) fn overlapping<'a>(text: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    let step = needle.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(needle).filter(|_| !needle.is_empty())?;
        from = at + step;
        Some(at)
    })
}

/// The last `count` characters.
pub(crate) fn tail(text: &str, count: usize) -> &str {
    match text.char_indices().rev().nth(count.saturating_sub(1)) {
        Some((at, _)) if count > 0 => &text[at..],
        _ if count == 0 => "",
        _ => text,
    }
}

/// The first `count` characters.
pub(crate) fn head(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}
