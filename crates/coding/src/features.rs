//! What the model sees of a sentence: its words and pairs, character n-grams, lexicon classes, the sentences around
//! it, the interviewer's question and its place in the talk.

use std::{rc::Rc, sync::Arc};

use klantreis_study::{Role, Transcript};

use crate::{
    coder::Resources,
    company,
    hash::{BUCKETS, bucket, hash, pair},
    lexicon::Entry,
    matcher::Match,
    model::{Looks, Scores},
    weights::{self, Sum, Weights, Whole},
    words::{Sentence, Word, Words, each_gram},
};

/// Dimensions of the first models: buckets and a bias, the last.
pub const DIMENSIONS: Looks<usize> = Looks { words: BUCKETS + 1, company: company::DIMENSION };

/// The bucket of the words that is always on.
const BIAS: u32 = BUCKETS as u32;

/// A respondent sentence and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Place of the turn.
    pub turn: usize,
    /// Place of the sentence in the turn.
    pub sentence: usize,
}

/// A sentence's place, length and force: all that the second model asks of it beside the scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where it stands.
    pub place: Place,
    /// Number of words.
    pub words: usize,
    /// How far through the interview it stands, 0…1.
    pub through: f32,
    /// Sums of the [force](Entry::force) of its good and of its bad words.
    pub force: [f32; 2],
}

/// A sentence of a respondent.
pub struct Said<'a> {
    /// Where it stands.
    pub place: Place,
    /// Its words.
    pub sentence: Sentence<'a>,
    /// What the interviewer asked before its turn, the same for all sentences of the turn.
    pub asked: Option<Rc<Sentence<'a>>>,
}

/// A sentence as analysed.
pub struct Analysed<'a> {
    /// What is said.
    pub said: Said<'a>,
    /// The lexicon entries found in it.
    pub lexicon: Vec<Match>,
    /// The cues of the codebook found in it.
    pub codebook: Vec<Match>,
}

/// A namespace with the weight of its block: each block is scaled to this length.
type Namespace = (u8, f32);

const PAIR: Namespace = (b'p', 0.8);
const SKIP: Namespace = (b'k', 0.5);
const CLASS: Namespace = (b'c', 0.7);
const SHAPE: Namespace = (b'm', 0.6);
/// Lexicon classes and shape of the sentence before, and of the one after.
const BEFORE: [Namespace; 2] = [(b'd', 0.35), (b'n', 0.3)];
const AFTER: [Namespace; 2] = [(b'e', 0.35), (b'o', 0.3)];

/// A block of features of which a word has one by itself, wherever it stands.
#[derive(Clone, Copy, Debug)]
pub enum WordBlock {
    /// Its form.
    Form,
    /// Its stem.
    Stem,
    /// Its stem, in the sentence before.
    Before,
    /// Its stem, in the sentence after.
    After,
    /// Its stem, in the interviewer's question.
    Asked,
}

impl WordBlock {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Form, Self::Stem, Self::Before, Self::After, Self::Asked];

    const fn namespace(self) -> Namespace {
        match self {
            Self::Form => (b'f', 1.0),
            Self::Stem => (b's', 0.7),
            Self::Before => (b'b', 0.7),
            Self::After => (b'a', 0.7),
            Self::Asked => (b'q', 0.35),
        }
    }

    /// The bucket of a word.
    pub fn bucket(self, word: &Word) -> u32 {
        let (namespace, _) = self.namespace();
        bucket(namespace, if matches!(self, Self::Form) { word.form_hash } else { word.stem_hash })
    }
}

/// The length of the block of character n-grams.
const GRAMS: f32 = 0.9;

/// What becomes of features: they are kept as a row, to learn from, or weighed at once.
pub(crate) trait Sink {
    /// A feature of the block that is open.
    fn push(&mut self, bucket: u32, value: f32);

    /// A feature that is simply there.
    fn one(&mut self, bucket: u32) {
        self.push(bucket, 1.0);
    }

    /// Closes the block, scaled to a length.
    fn close(&mut self, length: f32);

    /// A whole block of what words have by themselves.
    fn words(&mut self, words: &[Rc<Word>], block: WordBlock) {
        words.iter().for_each(|word| self.one(block.bucket(word)));
        self.close(block.namespace().1);
    }

    /// The block of the character n-grams of words.
    fn grams(&mut self, words: &[Rc<Word>]) {
        words.iter().for_each(|word| each_gram(&word.form, |gram| self.one(gram)));
        self.close(GRAMS);
    }
}

/// Keeps the features.
#[derive(Default)]
struct Row {
    features: Vec<(u32, f32)>,
    /// Where the open block begins.
    open: usize,
}

impl Sink for Row {
    fn push(&mut self, bucket: u32, value: f32) {
        self.features.push((bucket, value));
    }

    fn close(&mut self, length: f32) {
        let block = &mut self.features[self.open..];
        let norm = block.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
        if norm > 0.0 {
            block.iter_mut().for_each(|(_, v)| *v *= length / norm);
        }
        self.open = self.features.len();
    }
}

/// Weighs the features by a model, words by what was worked out of them before.
struct Balance<'w> {
    weights: &'w [weights::Row],
    sum: Sum,
    /// Of the open block: features with a value and the sum of its squares, and how many are simply there.
    valued: Sum,
    square: f32,
    there: Whole,
    number: u32,
}

impl<'w> Balance<'w> {
    fn new(weights: &'w Weights) -> Self {
        let (sum, valued, there) = Default::default();
        Self { weights: weights.rows(), sum, valued, square: 0.0, there, number: 0 }
    }
}

impl Sink for Balance<'_> {
    fn push(&mut self, bucket: u32, value: f32) {
        weights::add(&mut self.valued, &self.weights[bucket as usize], value);
        self.square += value * value;
    }

    fn one(&mut self, bucket: u32) {
        self.there.add(&self.weights[bucket as usize]);
        self.number += 1;
    }

    fn close(&mut self, length: f32) {
        let square = self.square + self.number as f32;
        if square > 0.0 {
            let scale = length / square.sqrt();
            let block = self.valued.iter().zip(self.there.sum()).map(|(valued, there)| valued + there);
            self.sum.iter_mut().zip(block).for_each(|(s, b)| *s += scale * b);
        }
        (self.valued, self.there) = Default::default();
        (self.square, self.number) = (0.0, 0);
    }

    fn words(&mut self, words: &[Rc<Word>], block: WordBlock) {
        words.iter().for_each(|word| self.there.add(&word.rows[block as usize]));
        self.number += words.len() as u32;
        self.close(block.namespace().1);
    }

    fn grams(&mut self, words: &[Rc<Word>]) {
        for (number, there) in words.iter().map(|word| &word.grams) {
            self.there.add_all(there);
            self.number += number;
        }
        self.close(GRAMS);
    }
}

/// All respondent sentences of a transcript, in words.
pub fn sentences<'a>(transcript: &'a Transcript, words: &mut Words) -> Vec<Said<'a>> {
    let mut out = Vec::new();
    for (t, turn) in transcript.respondent_turns() {
        let asked = question(transcript, t, words).map(Rc::new);
        out.extend(turn.sentences.iter().enumerate().map(|(s, range)| Said {
            place: Place { turn: t, sentence: s },
            sentence: words.sentence(&turn.text[range.clone()]),
            asked: asked.clone(),
        }));
    }
    out
}

/// Analyses all respondent sentences of a transcript.
pub fn analyse<'a>(transcript: &'a Transcript, words: &mut Words, resources: &Resources) -> Vec<Analysed<'a>> {
    words.listen_for(&resources.cues);
    let (mut lexicon, mut codebook) = (Vec::new(), Vec::new());
    let analyse = |said: Said<'a>| {
        resources.find(&said.sentence, [&mut lexicon, &mut codebook]);
        Analysed { said, lexicon: lexicon.clone(), codebook: codebook.clone() }
    };
    sentences(transcript, words).into_iter().map(analyse).collect()
}

/// The interviewer's turn before a turn, in words.
fn question<'a>(transcript: &'a Transcript, turn: usize, words: &mut Words) -> Option<Sentence<'a>> {
    let before = transcript.turns.get(turn.checked_sub(1)?)?;
    if before.role != Role::Interviewer {
        return None;
    }
    Some(words.sentence(&before.text))
}

/// The features of each sentence of an interview, in order, in each [look](crate::model::Looks): rows to learn from.
pub fn rows(transcript: &Transcript, all: &[Analysed<'_>], entries: &[Entry]) -> Looks<Vec<Vec<(u32, f32)>>> {
    let mut out = Looks::default();
    for (i, here) in all.iter().enumerate() {
        push_rows(transcript, all, i, here.said.asked.as_deref(), entries, &mut out);
    }
    out
}

/// The features of sentence `i` of `all` in each look.
fn push_rows(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    i: usize,
    asked: Option<&Sentence<'_>>,
    entries: &[Entry],
    out: &mut Looks<Vec<Vec<(u32, f32)>>>,
) {
    let mut row = Row::default();
    features(transcript, all, i, asked, entries, &mut row);
    out.words.push(row.features);
    let mut row = Row::default();
    company::features(&all[i], entries, &mut row);
    out.company.push(row.features);
}

/// The same as if nothing stood around any sentence, and nobody had asked anything.
pub(crate) fn rows_alone(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    entries: &[Entry],
) -> Looks<Vec<Vec<(u32, f32)>>> {
    let mut out = Looks::default();
    for here in all {
        push_rows(transcript, std::slice::from_ref(here), 0, None, entries, &mut out);
    }
    out
}

/// The scores of each sentence of an interview by the weights of each look, in order.
pub fn scores(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    entries: &[Entry],
    weights: &Looks<Arc<Weights>>,
) -> Looks<Vec<Scores>> {
    let mut out = Looks::<Vec<Scores>>::default();
    for (i, here) in all.iter().enumerate() {
        let mut balance = Balance::new(&weights.words);
        features(transcript, all, i, here.said.asked.as_deref(), entries, &mut balance);
        out.words.push(weights.words.log_odds(&balance.sum));
        let mut balance = Balance::new(&weights.company);
        company::features(here, entries, &mut balance);
        out.company.push(weights.company.log_odds(&balance.sum));
    }
    out
}

/// The features of sentence `i` of `all`.
fn features(
    transcript: &Transcript,
    all: &[Analysed<'_>],
    i: usize,
    question: Option<&Sentence<'_>>,
    entries: &[Entry],
    out: &mut impl Sink,
) {
    const START: u64 = hash(b"^");
    const NOBODY: u64 = hash(b"-");
    let here = &all[i];
    let words = &here.said.sentence.words;
    out.words(words, WordBlock::Form);
    out.words(words, WordBlock::Stem);
    let mut last = START;
    for word in words {
        out.one(bucket(PAIR.0, pair(last, word.form_hash)));
        last = word.form_hash;
    }
    out.close(PAIR.1);
    for three in words.windows(3) {
        out.one(bucket(SKIP.0, pair(three[0].stem_hash, three[2].stem_hash)));
    }
    out.close(SKIP.1);
    out.grams(words);
    class_block(here, entries, CLASS, out);
    let near = |j: Option<usize>| j.and_then(|j| all.get(j)).filter(|a| a.said.place.turn == here.said.place.turn);
    for (block, [classes, shape], neighbour) in
        [(WordBlock::Before, BEFORE, near(i.checked_sub(1))), (WordBlock::After, AFTER, near(Some(i + 1)))]
    {
        let Some(neighbour) = neighbour else {
            let (namespace, length) = block.namespace();
            out.one(bucket(namespace, NOBODY));
            out.close(length);
            continue;
        };
        out.words(&neighbour.said.sentence.words, block);
        class_block(neighbour, entries, classes, out);
        shape_block(transcript, neighbour, shape, out);
    }
    if let Some(question) = question {
        out.words(&question.words, WordBlock::Asked);
    }
    shape_block(transcript, here, SHAPE, out);
    out.one(BIAS);
    out.close(1.0);
}

fn class_block(here: &Analysed<'_>, entries: &[Entry], (namespace, length): Namespace, out: &mut impl Sink) {
    const SIGNS: [u64; 2] = [hash(b"up"), hash(b"down")];
    for m in &here.lexicon {
        let entry = &entries[m.cue];
        out.push(bucket(namespace, entry.class_hash[usize::from(m.negated)]), entry.strength);
    }
    for (name, value) in SIGNS.into_iter().zip(here.force(entries)) {
        if value > 0.0 {
            out.push(bucket(namespace, name), value.min(4.0) / 2.0);
        }
    }
    out.close(length);
}

fn shape_block(transcript: &Transcript, here: &Analysed<'_>, (namespace, length): Namespace, out: &mut impl Sink) {
    let turn = &transcript.turns[here.said.place.turn];
    let mut on = |name: u64, value: usize| out.one(bucket(namespace, pair(name, value as u64)));
    let words = &here.said.sentence.words;
    on(const { hash(b"length") }, (words.len() + 1).ilog2() as usize * 2 + usize::from(words.len() % 4 > 1));
    on(const { hash(b"place") }, here.said.place.sentence.min(3));
    on(const { hash(b"left") }, (turn.sentences.len() - 1 - here.said.place.sentence).min(3));
    on(const { hash(b"turn") }, (turn.sentences.len() + 1).ilog2() as usize);
    on(const { hash(b"through") }, here.said.place.turn * 8 / transcript.turns.len().max(1));
    on(const { hash(b"end") }, here.said.sentence.text.chars().next_back().unwrap_or(' ') as usize);
    on(const { hash(b"commas") }, here.clause_count().min(5));
    if let Some(first) = words.first() {
        on(const { hash(b"first") }, first.form_hash as usize);
    }
    if let Some(last) = words.last() {
        on(const { hash(b"last") }, last.stem_hash as usize);
    }
    out.close(length);
}

impl Analysed<'_> {
    /// Its place, length and force.
    pub fn spot(&self, transcript: &Transcript, entries: &[Entry]) -> Spot {
        let through = self.said.place.turn as f32 / transcript.turns.len().max(1) as f32;
        Spot { place: self.said.place, words: self.said.sentence.words.len(), through, force: self.force(entries) }
    }

    /// Sums of the force of its good and of its bad words.
    fn force(&self, entries: &[Entry]) -> [f32; 2] {
        let mut force = [0.0f32; 2];
        for m in &self.lexicon {
            let value = entries[m.cue].force(m.negated);
            force[usize::from(value <= 0.0)] += value.abs();
        }
        force
    }

    fn clause_count(&self) -> usize {
        self.said.sentence.clause_ends.iter().filter(|e| **e).count()
    }
}

#[cfg(test)]
mod tests {
    use klantreis_study::Turn;
    use klantreis_text::sentences;

    use super::*;
    use crate::coder::built_in_model;

    fn turn(number: u32, role: Role, text: &str) -> Turn {
        let (speaker, text) = (format!("{role:?}"), text.to_owned());
        Turn { number, speaker, role, start: None, end: None, sentences: sentences(&text), text }
    }

    #[test]
    fn weighing_words_as_a_whole_gives_what_weighing_each_feature_gives() {
        let transcript = Transcript {
            turns: vec![
                turn(1, Role::Interviewer, "Hoe ging het aanvragen?"),
                turn(
                    2,
                    Role::Respondent,
                    "Nou, niet dus. Ik kwam er niet doorheen, met al die schermen! En toen belde ik mijn zus.",
                ),
                turn(3, Role::Respondent, "Die zei: kom maar langs. …"),
            ],
            file: String::new(),
            interview: String::new(),
            attributes: Default::default(),
            problems: Vec::new(),
        };
        let (resources, model) = (Resources::built_in(), built_in_model().unwrap());
        let mut words = Words::new();
        words.look_through(&model.first.words);
        let all = analyse(&transcript, &mut words, &resources);
        let scores = scores(&transcript, &all, &resources.entries, &model.first);
        let rows = rows(&transcript, &all, &resources.entries);
        assert!(all.len() == 5 && all.iter().any(|a| !a.lexicon.is_empty()));
        let company = (&model.first.company, &scores.company, rows.company);
        for (weights, scores, rows) in [(&model.first.words, &scores.words, rows.words), company] {
            for (score, row) in scores.iter().zip(rows) {
                let mut sum = Sum::default();
                row.into_iter()
                    .for_each(|(bucket, value)| weights::add(&mut sum, &weights.rows()[bucket as usize], value));
                for (a, b) in score.iter().zip(weights.log_odds(&sum)) {
                    assert!((a - b).abs() < 1e-4, "{a} {b}");
                }
            }
        }
        let other = Looks { words: Arc::new((*model.first.words).clone()), company: model.first.company.clone() };
        words.look_through(&other.words);
        assert_eq!(super::scores(&transcript, &all, &resources.entries, &other), scores);
    }
}
