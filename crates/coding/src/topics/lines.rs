//! What is said and asked in each sentence, as the recognisers of phases and touchpoints see it.

use klantreis_study::Transcript;

use super::stems::{Stem, Stems};
use crate::{
    features::Said,
    hash::hash,
    words::{Sentence, Words},
};

/// A respondent sentence.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Stems of its words of content, each once.
    pub said: Vec<Stem>,
    /// Stems of all its words.
    pub all: Vec<Stem>,
    /// Stems of the words of content in the question before it, each once: only where it opens its turn.
    pub asked: Vec<Stem>,
    /// In which tenth of the interview it stands.
    pub tenth: usize,
    /// Whether it opens its turn.
    pub first: bool,
    /// How far in the interview it stands, from 0 to 1.
    pub place: f32,
    /// Pieces of its words and of those in the question before its turn; none unless they are asked for.
    pub pieces: Vec<u64>,
}

/// Parts of an interview that are told apart.
pub(super) const TENTHS: usize = 10;

/// The lines of an interview, one for each sentence of a respondent, in the numbers of `stems`; with the pieces of words where
/// they are asked for.
pub(super) fn lines<'a>(
    transcript: &Transcript,
    all: impl Iterator<Item = &'a Said<'a>>,
    stems: &Stems,
    with_pieces: bool,
) -> Vec<Line> {
    let turns = transcript.turns.len().max(1);
    let mut asked_pieces = Vec::new();
    all.map(|Said { place, sentence, asked }| {
        let first = place.sentence == 0;
        let asked = asked.as_deref().filter(|_| first);
        let mut line = Line {
            said: content(sentence, stems),
            all: sentence.words.iter().map(|word| stems.of(word)).collect(),
            asked: asked.map(|asked| content(asked, stems)).unwrap_or_default(),
            tenth: ((place.turn + 1) * TENTHS / turns).min(TENTHS - 1),
            first,
            place: place.turn as f32 / turns as f32,
            pieces: Vec::new(),
        };
        if with_pieces {
            if first {
                asked_pieces = asked.map(pieces).unwrap_or_default();
            }
            line.pieces = pieces(sentence);
            line.pieces.extend(&asked_pieces);
        }
        line
    })
    .collect()
}

/// Letters of a piece of a word.
const PIECE: usize = 5;

/// All pieces of the words of a sentence, as often as they are there: so words that share a part, as Dutch compounds do,
/// speak for one another. Shorter words are mostly of no content.
fn pieces(sentence: &Sentence<'_>) -> Vec<u64> {
    let mut out = Vec::new();
    for word in &sentence.words {
        let bounded = format!("<{}>", word.stem);
        let starts: Vec<usize> = bounded.char_indices().map(|(at, _)| at).chain([bounded.len()]).collect();
        if starts.len() > PIECE + 2 {
            out.extend(starts.windows(PIECE + 1).map(|at| hash(&bounded.as_bytes()[at[0]..at[PIECE]])));
        }
    }
    out
}

/// Stems of the words of content of a text, each once.
pub(super) fn content_of(text: &str, words: &mut Words) -> Vec<(u64, Box<str>)> {
    let mut out: Vec<(u64, Box<str>)> =
        words.sentence(text).words.iter().filter(|w| w.content).map(|w| (w.stem_hash, w.stem.clone())).collect();
    out.sort();
    out.dedup();
    out
}

/// The stems of the words of content of a sentence, each once, in the order of their hashes.
fn content(sentence: &Sentence<'_>, stems: &Stems) -> Vec<Stem> {
    let mut out: Vec<Stem> = sentence.words.iter().filter(|w| w.content).map(|word| stems.of(word)).collect();
    out.sort_unstable_by_key(|stem| stem.hash);
    out.dedup_by_key(|stem| stem.hash);
    out
}

/// The hash by which a stem goes here.
pub(super) fn key(stem: &str) -> u64 {
    hash(stem.as_bytes())
}
