//! What the model sees of a sentence: its words and pairs, character n-grams, lexicon classes, the sentences around
//! it, the interviewer's question and its place in the talk.

use klantreis_study::{Role, Transcript};

use crate::{
    hash::{BUCKETS, bucket, hash, pair},
    lexicon::Entry,
    matcher::{Match, Matcher},
    words::{Sentence, Words},
};

/// Dimension of the first model: buckets and a bias.
pub const DIMENSION: usize = BUCKETS + 1;

/// The bucket that is always on.
pub const BIAS: u32 = BUCKETS as u32;

/// A respondent sentence and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Place of the turn.
    pub turn: usize,
    /// Place of the sentence in the turn.
    pub sentence: usize,
}

/// A sentence's place and length: all that the second model asks of it beside the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where it stands.
    pub place: Place,
    /// Number of words.
    pub words: usize,
}

/// A sentence as analysed.
pub struct Analysed<'a> {
    /// Where it stands.
    pub place: Place,
    /// Its words.
    pub sentence: Sentence<'a>,
    /// The lexicon entries found in it.
    pub lexicon: Vec<Match>,
}

/// Namespaces with the weight of their block; each block is scaled to this length.
const FORM: (u8, f32) = (b'f', 1.0);
const STEM: (u8, f32) = (b's', 0.7);
const PAIR: (u8, f32) = (b'p', 0.8);
const SKIP: (u8, f32) = (b'k', 0.5);
const GRAM: (u8, f32) = (b'g', 0.9);
const CLASS: (u8, f32) = (b'c', 0.7);
const QUESTION: (u8, f32) = (b'q', 0.35);
const SHAPE: (u8, f32) = (b'm', 0.6);
/// Of the sentence before and the one after: stems, lexicon classes and shape.
const BEFORE: [(u8, f32); 3] = [(b'b', 0.7), (b'd', 0.35), (b'n', 0.3)];
const AFTER: [(u8, f32); 3] = [(b'a', 0.7), (b'e', 0.35), (b'o', 0.3)];

struct Block<'f> {
    out: &'f mut Vec<(u32, f32)>,
    from: usize,
    weight: f32,
}

impl<'f> Block<'f> {
    fn new(out: &'f mut Vec<(u32, f32)>, weight: f32) -> Self {
        let from = out.len();
        Self { out, from, weight }
    }

    fn push(&mut self, bucket: u32, value: f32) {
        self.out.push((bucket, value));
    }
}

impl Drop for Block<'_> {
    /// Scales the block to its weight.
    fn drop(&mut self) {
        let block = &mut self.out[self.from..];
        let norm = block.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
        if norm > 0.0 {
            for (_, v) in block {
                *v *= self.weight / norm;
            }
        }
    }
}

/// All respondent sentences of a transcript, in words.
pub fn sentences<'a>(transcript: &'a Transcript, words: &mut Words) -> Vec<(Place, Sentence<'a>)> {
    let mut out = Vec::new();
    for (t, turn) in transcript.respondent_turns() {
        for (s, range) in turn.sentences.iter().enumerate() {
            out.push((Place { turn: t, sentence: s }, words.sentence(&turn.text[range.clone()])));
        }
    }
    out
}

/// Analyses all respondent sentences of a transcript.
pub fn analyse<'a>(transcript: &'a Transcript, words: &mut Words, lexicon: &Matcher) -> Vec<Analysed<'a>> {
    let mut found = Vec::new();
    sentences(transcript, words)
        .into_iter()
        .map(|(place, sentence)| {
            lexicon.find(&sentence, &mut found);
            Analysed { place, sentence, lexicon: found.clone() }
        })
        .collect()
}

/// The interviewer's turn before a turn, in words.
pub(crate) fn question<'a>(transcript: &'a Transcript, turn: usize, words: &mut Words) -> Option<Sentence<'a>> {
    let before = transcript.turns.get(turn.checked_sub(1)?)?;
    if before.role != Role::Interviewer {
        return None;
    }
    Some(words.sentence(&before.text))
}

/// Hands the features of each sentence of `all` to `each`, in order, and collects what it makes of them.
pub fn each_row<T>(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    words: &mut Words,
    entries: &[Entry],
    mut each: impl FnMut(&[(u32, f32)]) -> T,
) -> Vec<T> {
    let mut row = Vec::new();
    let mut asked = None;
    let mut last = None;
    (0..all.len())
        .map(|i| {
            let turn = all[i].place.turn;
            if last != Some(turn) {
                last = Some(turn);
                asked = question(transcript, turn, words);
            }
            features(transcript, all, i, asked.as_ref(), entries, &mut row);
            each(&row)
        })
        .collect()
}

/// The features of sentence `i` of `all`.
fn features(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    i: usize,
    question: Option<&Sentence<'_>>,
    entries: &[Entry],
    out: &mut Vec<(u32, f32)>,
) {
    out.clear();
    let here = &all[i];
    let words = &here.sentence.words;
    {
        let mut block = Block::new(out, FORM.1);
        for word in words {
            block.push(bucket(FORM.0, word.form_hash), 1.0);
        }
    }
    {
        let mut block = Block::new(out, STEM.1);
        for word in words {
            block.push(bucket(STEM.0, word.stem_hash), 1.0);
        }
    }
    {
        let mut block = Block::new(out, PAIR.1);
        let start = hash(b"^");
        let mut last = start;
        for word in words {
            block.push(bucket(PAIR.0, pair(last, word.form_hash)), 1.0);
            last = word.form_hash;
        }
    }
    {
        let mut block = Block::new(out, SKIP.1);
        for three in words.windows(3) {
            block.push(bucket(SKIP.0, pair(three[0].stem_hash, three[2].stem_hash)), 1.0);
        }
    }
    {
        let mut block = Block::new(out, GRAM.1);
        for word in words {
            for gram in &word.grams {
                block.push(*gram, 1.0);
            }
        }
    }
    class_block(here, entries, CLASS, out);
    let near = |j: Option<usize>| j.and_then(|j| all.get(j)).filter(|a| a.place.turn == here.place.turn);
    for ([stems, classes, shape], neighbour) in [(BEFORE, near(i.checked_sub(1))), (AFTER, near(Some(i + 1)))] {
        let mut block = Block::new(out, stems.1);
        let Some(n) = neighbour else {
            block.push(bucket(stems.0, hash(b"-")), 1.0);
            continue;
        };
        n.sentence.words.iter().for_each(|w| block.push(bucket(stems.0, w.stem_hash), 1.0));
        drop(block);
        class_block(n, entries, classes, out);
        shape_block(transcript, n, shape, out);
    }
    if let Some(question) = question {
        let mut block = Block::new(out, QUESTION.1);
        for word in &question.words {
            block.push(bucket(QUESTION.0, word.stem_hash), 1.0);
        }
    }
    shape_block(transcript, here, SHAPE, out);
    out.push((BIAS, 1.0));
}

fn class_block(here: &Analysed<'_>, entries: &[Entry], (namespace, weight): (u8, f32), out: &mut Vec<(u32, f32)>) {
    let mut block = Block::new(out, weight);
    let (mut up, mut down) = (0.0, 0.0);
    for m in &here.lexicon {
        let entry = &entries[m.cue];
        let sign = if m.negated { b"!".as_slice() } else { b"" };
        block.push(bucket(namespace, pair(hash(entry.class.as_bytes()), hash(sign))), entry.strength);
        let value = f32::from(entry.valence) * entry.strength * if m.negated { -0.5 } else { 1.0 };
        if value > 0.0 { up += value } else { down -= value }
    }
    for (name, value) in [(b"up".as_slice(), up), (b"down", down)] {
        if value > 0.0 {
            block.push(bucket(namespace, hash(name)), value.min(4.0) / 2.0);
        }
    }
}

fn shape_block(
    transcript: &Transcript,
    here: &Analysed<'_>,
    (namespace, weight): (u8, f32),
    out: &mut Vec<(u32, f32)>,
) {
    let turn = &transcript.turns[here.place.turn];
    let mut block = Block::new(out, weight);
    let mut on = |name: &str, value: usize| {
        block.push(bucket(namespace, pair(hash(name.as_bytes()), value as u64)), 1.0);
    };
    let words = &here.sentence.words;
    on("length", (words.len() + 1).ilog2() as usize * 2 + usize::from(words.len() % 4 > 1));
    on("place", here.place.sentence.min(3));
    on("left", (turn.sentences.len() - 1 - here.place.sentence).min(3));
    on("turn", (turn.sentences.len() + 1).ilog2() as usize);
    on("through", here.place.turn * 8 / transcript.turns.len().max(1));
    on("end", here.sentence.text.chars().next_back().unwrap_or(' ') as usize);
    on("commas", here.clause_count().min(5));
    if let Some(first) = words.first() {
        on("first", first.form_hash as usize);
    }
    if let Some(last) = words.last() {
        on("last", last.stem_hash as usize);
    }
}

impl Analysed<'_> {
    /// Its place and length.
    pub fn spot(&self) -> Spot {
        Spot { place: self.place, words: self.sentence.words.len() }
    }

    fn clause_count(&self) -> usize {
        self.sentence.clause_ends.iter().filter(|e| **e).count()
    }
}
