//! What is said and asked in each sentence, as the recognisers of phases and touchpoints see it.

use klantreis_study::Transcript;

use crate::{
    features::Said,
    hash::hash,
    words::{Sentence, Words},
};

/// A respondent sentence.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Stems of its words of content, each once.
    pub said: Vec<u64>,
    /// Stems of all its words.
    pub all: Vec<u64>,
    /// Stems of the words of content in the question before it, each once: only where it opens its turn.
    pub asked: Vec<u64>,
    /// In which tenth of the interview it stands.
    pub tenth: usize,
    /// Whether it opens its turn.
    pub first: bool,
}

/// Parts of an interview that are told apart.
pub(super) const TENTHS: usize = 10;

/// The lines of an interview, one for each sentence of a respondent.
pub(super) fn lines<'a>(transcript: &Transcript, all: impl Iterator<Item = &'a Said<'a>>) -> Vec<Line> {
    let turns = transcript.turns.len().max(1);
    all.map(|Said { place, sentence, asked }| {
        let first = place.sentence == 0;
        Line {
            said: content(sentence),
            all: sentence.words.iter().map(|w| w.stem_hash).collect(),
            asked: asked.as_deref().filter(|_| first).map(content).unwrap_or_default(),
            tenth: ((place.turn + 1) * TENTHS / turns).min(TENTHS - 1),
            first,
        }
    })
    .collect()
}

/// Stems of the words of content of a text, each once.
pub(super) fn content_of(text: &str, words: &mut Words) -> Vec<(u64, Box<str>)> {
    let mut out: Vec<(u64, Box<str>)> =
        words.sentence(text).words.iter().filter(|w| w.content).map(|w| (w.stem_hash, w.stem.clone())).collect();
    out.sort();
    out.dedup();
    out
}

fn content(sentence: &Sentence<'_>) -> Vec<u64> {
    let mut out: Vec<u64> = sentence.words.iter().filter(|w| w.content).map(|w| w.stem_hash).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The hash by which a stem goes here.
pub(super) fn key(stem: &str) -> u64 {
    hash(stem.as_bytes())
}
