//! Words of a sentence with all that coding asks of them, worked out once a form.

use std::{collections::HashMap, rc::Rc};

use klantreis_text::{Stemmer, fold, tokens};

use crate::hash::{bucket, hash};

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
    /// Buckets of its character n-grams.
    pub grams: Box<[u32]>,
    /// Whether it says what talk is about: three letters or more, and no function word.
    pub content: bool,
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

/// Remembers the word forms it has seen; one for each thread.
pub struct Words {
    stemmer: Stemmer,
    seen: HashMap<Box<str>, Rc<Word>>,
}

const REMEMBERED: usize = 100_000;

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Words {
    /// Knows no words yet.
    pub fn new() -> Self {
        Self { stemmer: Stemmer::dutch(), seen: HashMap::new() }
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
        let grams = grams(&form);
        let content = form.chars().count() >= 3 && !FUNCTION_WORDS.contains(&&*stem);
        let word = Rc::new(Word { form, stem, form_hash, stem_hash, grams, content });
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
