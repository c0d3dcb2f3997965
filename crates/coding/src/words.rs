//! Words of a sentence with all that coding asks of them, worked out once a form.

use std::{rc::Rc, sync::Arc};

use klantreis_text::{Kept, Stemmer, fold, tokens};
use rustc_hash::FxHashMap;

use crate::{
    features::WordBlock,
    hash::{bucket, hash, hashes_of_beginnings},
    weights::{Sum, Weights},
};

/// A word form.
#[derive(Debug)]
pub struct Word {
    /// Folded.
    pub form: Box<str>,
    /// Stemmed.
    pub stem: Box<str>,
    /// Hash of the folded form.
    pub form_hash: u64,
    /// Hash of the stem.
    pub stem_hash: u64,
    /// Hashes of the beginnings of the folded form, of one byte and up.
    pub(crate) beginnings: Box<[u64]>,
    /// Buckets of its character n-grams.
    pub(crate) grams: Box<[u32]>,
    /// What the weights that are looked through say of it in each block of features.
    pub(crate) sums: [Sum; WordBlock::ALL.len()],
    /// Whether it says what talk is about: three letters or more, and no function word.
    pub content: bool,
}

impl Word {
    /// The hashes of its stem and its form, one where they are the same.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.stem_hash).chain((self.form_hash != self.stem_hash).then_some(self.form_hash))
    }
}

/// A sentence in words.
#[derive(Clone)]
pub struct Sentence<'a> {
    /// As written.
    pub text: &'a str,
    /// Its words.
    pub words: Vec<Rc<Word>>,
    /// For each word, whether a comma or other mark follows it.
    pub clause_ends: Vec<bool>,
}

/// Remembers the word forms it has seen, and what the weights of a model say of them; one for each thread.
pub struct Words {
    stemmer: Stemmer,
    seen: FxHashMap<Box<str>, Rc<Word>>,
    weights: Option<Arc<Weights>>,
}

/// Word forms remembered before the memory is emptied, of some 600 bytes each: bounds memory on endless input.
const REMEMBERED: usize = 30_000;

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Words {
    /// Knows no words yet.
    pub fn new() -> Self {
        Self { stemmer: Stemmer::dutch(), seen: FxHashMap::default(), weights: None }
    }

    /// Lends `work` the words that this thread has seen before.
    pub fn of_thread<R>(work: impl FnOnce(&mut Self) -> R) -> R {
        thread_local! { static WORDS: Kept<Words> = const { Kept::new() } }
        WORDS.with(|kept| kept.lend(Self::new, work))
    }

    /// Looks at words through the weights of a model from now on. Those seen through others are forgotten.
    pub(crate) fn look_through(&mut self, weights: &Arc<Weights>) {
        if !self.weights.as_ref().is_some_and(|old| Arc::ptr_eq(old, weights)) {
            self.seen.clear();
            self.weights = Some(weights.clone());
        }
    }

    /// The stemmer, with all that it remembers.
    pub fn stemmer(&mut self) -> &mut Stemmer {
        &mut self.stemmer
    }

    /// The words of a sentence.
    pub fn sentence<'a>(&mut self, text: &'a str) -> Sentence<'a> {
        let mut words = Vec::new();
        let mut clause_ends = Vec::new();
        for token in tokens(text) {
            words.push(self.word(token.text));
            clause_ends.push(text[token.end()..].starts_with([',', ';', ':', '.', '!', '?', '…', ')']));
        }
        Sentence { text, words, clause_ends }
    }

    fn word(&mut self, text: &str) -> Rc<Word> {
        if let Some(word) = self.seen.get(text) {
            return word.clone();
        }
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        let form: Box<str> = fold(text).into();
        let stem: Box<str> = self.stemmer.stem(text).into();
        let (form_hash, stem_hash) = (hash(form.as_bytes()), hash(stem.as_bytes()));
        let beginnings = hashes_of_beginnings(form.as_bytes()).collect();
        let grams = grams(&form);
        let content = form.chars().count() >= 3 && !FUNCTION_WORDS.contains(&&*stem);
        let sums = Default::default();
        let mut word = Word { form, stem, form_hash, stem_hash, beginnings, grams, sums, content };
        if let Some(weights) = &self.weights {
            word.sums = WordBlock::ALL.map(|block| {
                let mut sum = Sum::default();
                block.buckets(&word, |bucket| weights.add(&mut sum, bucket, 1.0));
                sum
            });
        }
        let word = Rc::new(word);
        self.seen.insert(text.into(), word.clone());
        word
    }
}

/// Stems of words that say nothing of what talk is about.
const FUNCTION_WORDS: [&str; 64] = [
    "aan", "als", "ben", "bij", "dan", "dat", "der", "deze", "die", "dit", "doe", "door", "dus", "een", "eens", "gaan",
    "gat", "geen", "haar", "had", "heb", "hebb", "heeft", "heel", "hem", "het", "hij", "hoe", "hun", "iet", "ik",
    "jij", "kan", "maar", "meer", "met", "mij", "mijn", "moet", "naar", "nee", "niet", "nog", "nou", "nu", "ook",
    "over", "toch", "toen", "uit", "van", "veel", "voor", "want", "was", "wat", "wel", "werd", "wij", "wil", "zich",
    "zij", "zijn", "zou",
];

/// Character 3- to 5-grams of the form between boundary marks: compounds and endings share them.
fn grams(form: &str) -> Box<[u32]> {
    let chars: Vec<char> = std::iter::once('^').chain(form.chars()).chain(std::iter::once('$')).collect();
    let mut out = Vec::new();
    let mut buffer = String::new();
    for n in 3..=5 {
        for window in chars.windows(n) {
            buffer.clear();
            buffer.extend(window);
            out.push(bucket(b'g', hash(buffer.as_bytes())));
        }
    }
    out.into()
}
