//! Words of a sentence with all that coding asks of them, worked out once a form.

use std::{cell::Cell, rc::Rc, sync::Arc};

use klantreis_text::{Kept, Spelled, Spelling, Stemmer, fold, tokens};

use crate::{
    features::WordBlock,
    hash::{bucket, hash},
    matcher::{Awaited, Matcher},
    topics::NOBODY,
    weights::{ROW, Row, Weights, Whole},
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
    /// What of the cues that are listened for waits for it.
    pub(crate) awaited: Awaited,
    /// What the weights that are looked through say of it in each block of features.
    pub(crate) rows: [Row; WordBlock::ALL.len()],
    /// The number of its character n-grams, and what the weights say of them all.
    pub(crate) grams: (u32, [i32; ROW]),
    /// The id of who numbered [stems](crate::topics) last, and the number of its own; [`NOBODY`] at first.
    pub(crate) number: Cell<(u32, u32)>,
    /// Whether it denies what comes after it.
    pub(crate) negates: bool,
    /// Whether it says what talk is about: three letters or more, and no function word.
    pub content: bool,
}

impl Word {
    /// The hashes of its stem and its form, one where they are the same, and whether it is the stem.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = (u64, bool)> {
        hashes(self.form_hash, self.stem_hash)
    }
}

fn hashes(form: u64, stem: u64) -> impl Iterator<Item = (u64, bool)> {
    std::iter::once((stem, true)).chain((form != stem).then_some((form, false)))
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

/// Remembers the word forms it has seen, what the weights of a model say of them, and which cues wait for them; one for each
/// thread.
pub struct Words {
    stemmer: Stemmer,
    seen: Spelled<Rc<Word>>,
    weights: Option<Arc<Weights>>,
    cues: Option<Arc<Matcher>>,
    /// The words of a sentence that are looked up: one after another, with nothing between, memory answers several at once.
    sought: Vec<Spelling>,
}

/// Word forms remembered before the memory is emptied, of some 300 bytes each: bounds memory on endless input. A new form costs
/// as much as fifty known ones, and a thousand interviews have some 60,000.
const REMEMBERED: usize = 60_000;

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Words {
    /// Knows no words yet.
    pub fn new() -> Self {
        Self { stemmer: Stemmer::dutch(), seen: Spelled::default(), weights: None, cues: None, sought: Vec::new() }
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

    /// Listens for these cues from now on. Words that were seen before are forgotten, unless it did already.
    pub fn listen_for(&mut self, cues: &Arc<Matcher>) {
        if !self.cues.as_ref().is_some_and(|old| Arc::ptr_eq(old, cues)) {
            self.seen.clear();
            self.cues = Some(cues.clone());
        }
    }

    /// The stemmer.
    pub fn stemmer(&mut self) -> &mut Stemmer {
        &mut self.stemmer
    }

    /// The words of a sentence.
    pub fn sentence<'a>(&mut self, text: &'a str) -> Sentence<'a> {
        // Words of four letters with a space: most sentences need no more room.
        let room = text.len() / 5 + 1;
        let (mut words, mut clause_ends) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut sought = std::mem::take(&mut self.sought);
        for token in tokens(text) {
            let mark = text[token.end()..].chars().next();
            clause_ends.push(matches!(mark, Some(',' | ';' | ':' | '.' | '!' | '?' | '…' | ')')));
            sought.push(Spelling::of(text, token.start..token.end()));
        }
        words.extend(sought.drain(..).map(|spelling| self.word(&spelling, text)));
        self.sought = sought;
        Sentence { text, words, clause_ends }
    }

    fn word(&mut self, spelling: &Spelling, text: &str) -> Rc<Word> {
        match self.seen.get(spelling, text) {
            Some(word) => word,
            None => self.remember(spelling, text),
        }
    }

    #[cold]
    fn remember(&mut self, spelling: &Spelling, text: &str) -> Rc<Word> {
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        let word = Rc::new(self.new_word(&text[spelling.place.clone()]));
        self.seen.insert(spelling, text, word.clone());
        word
    }

    fn new_word(&mut self, text: &str) -> Word {
        let form: Box<str> = fold(text).into();
        let stem: Box<str> = self.stemmer.stem(&form).into();
        let (form_hash, stem_hash) = (hash(form.as_bytes()), hash(stem.as_bytes()));
        let heard = self.cues.as_ref().map(|cues| cues.awaited(&form, hashes(form_hash, stem_hash)));
        let awaited = heard.unwrap_or_default();
        let negates = NEGATORS.contains(&&*form);
        let content = form.chars().count() >= 3 && !FUNCTION_WORDS.contains(&&*stem);
        let (rows, grams) = Default::default();
        let number = Cell::new(NOBODY);
        let mut word = Word { form, stem, form_hash, stem_hash, awaited, rows, grams, number, negates, content };
        if let Some(weights) = self.weights.as_ref().map(|weights| weights.rows()) {
            word.rows = WordBlock::ALL.map(|block| weights[block.bucket(&word) as usize]);
            let (mut number, mut sum) = (0, Whole::default());
            each_gram(&word.form, |gram| {
                number += 1;
                sum.add(&weights[gram as usize]);
            });
            word.grams = (number, sum.all());
        }
        word
    }
}

/// Forms that deny what comes after them.
const NEGATORS: [&str; 14] = [
    "niet",
    "geen",
    "nooit",
    "niks",
    "niets",
    "zonder",
    "nergens",
    "niemand",
    "noch",
    "nie",
    "gene",
    "amper",
    "nauwelijks",
    "evenmin",
];

/// Stems of words that say nothing of what talk is about.
const FUNCTION_WORDS: [&str; 64] = [
    "aan", "als", "ben", "bij", "dan", "dat", "der", "deze", "die", "dit", "doe", "door", "dus", "een", "eens", "gaan",
    "gat", "geen", "haar", "had", "heb", "hebb", "heeft", "heel", "hem", "het", "hij", "hoe", "hun", "iet", "ik",
    "jij", "kan", "maar", "meer", "met", "mij", "mijn", "moet", "naar", "nee", "niet", "nog", "nou", "nu", "ook",
    "over", "toch", "toen", "uit", "van", "veel", "voor", "want", "was", "wat", "wel", "werd", "wij", "wil", "zich",
    "zij", "zijn", "zou",
];

/// The buckets of the character 3- to 5-grams of a form between boundary marks: compounds and endings share them.
pub(crate) fn each_gram(form: &str, mut each: impl FnMut(u32)) {
    let marked = format!("^{form}$");
    let ends: Vec<usize> = marked.char_indices().map(|(at, _)| at).chain([marked.len()]).collect();
    for n in 3..=5 {
        for window in ends.windows(n + 1) {
            each(bucket(b'g', hash(&marked.as_bytes()[window[0]..window[n]])));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_wherever_it_stands_in_a_text() {
        let mut words = Words::new();
        for word in ["ik", "\u{e9}\u{e9}n", "vijftien-letters", "veertienletter", "vijftienletters", "zestienletters-x"]
        {
            let (text, again) =
                (format!("{word} en nog een heel stuk talk, {word}"), words.sentence(word).words[0].clone());
            let said = words.sentence(&text).words;
            assert!(Rc::ptr_eq(&said[0], &again) && Rc::ptr_eq(said.last().unwrap(), &again), "{word}");
        }
    }

    #[test]
    fn words_of_any_length_are_told_apart_and_remembered() {
        let text = "kan kans\u{e9} gehandicaptenpark gehandicaptenparkeerkaart kan gehandicaptenpark";
        let mut words = Words::new();
        let sentence = words.sentence(text);
        let forms: Vec<&str> = sentence.words.iter().map(|word| &*word.form).collect();
        assert_eq!(forms.join(" "), text.replace('\u{e9}', "e"));
        assert_eq!(words.seen.len(), 4);
        assert!(
            Rc::ptr_eq(&sentence.words[0], &sentence.words[4]) && Rc::ptr_eq(&sentence.words[2], &sentence.words[5])
        );
    }
}
