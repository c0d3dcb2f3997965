//! The words of quotes as numbers: which stems a quote has, how they are written, and which say nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use klantreis_text::{Forms, Stemmer, fold, plain_stem, tokens};
use rustc_hash::FxHashMap;

use crate::common::Common;

const STOP_WORDS: &str = include_str!("../../../data/words/nl-stopwoorden.txt");
const BESIDE: &str = include_str!("../../../data/words/nl-naast-een-woord.txt");

/// Words before a noun; what follows one somewhere is taken for a noun.
const DETERMINERS: [&str; 20] = [
    "de", "het", "een", "die", "dat", "dit", "deze", "mijn", "je", "jouw", "uw", "zijn", "haar", "ons", "onze", "hun",
    "geen", "elke", "elk", "'t",
];

/// A word of a quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its stem, as a number of the vocabulary.
    pub stem: usize,
    /// As people write it: not with a capital for being the first of a sentence.
    pub surface: String,
    /// Whether it says nothing of what the quote is about.
    pub stop: bool,
    /// Whether it may stand in a name beside a word that says something, though it says nothing by itself.
    pub beside: bool,
    /// Whether it is certainly a form of a verb.
    pub verb: bool,
    /// Whether it is a verb whose parts stand apart in the text: its surface is the infinitive then.
    pub joined: bool,
    /// Whether it ends a clause: nothing after it belongs to the same phrase.
    pub last: bool,
}

/// What a word is wherever it stands.
#[derive(Clone, Copy)]
struct Known {
    stem: usize,
    stop: bool,
    beside: bool,
    verb: bool,
    determiner: bool,
}

/// All stems that were seen.
pub struct Vocabulary {
    stemmer: Stemmer,
    forms: &'static Forms,
    stop: HashSet<String>,
    beside: HashSet<String>,
    seen: FxHashMap<Box<str>, Known>,
    ids: HashMap<String, usize>,
    stems: Vec<String>,
    nouns: BTreeSet<usize>,
    surfaces: Vec<BTreeMap<String, usize>>,
}

/// Makes the lists of words ready that themes are found with, if nobody has yet: while something else waits.
pub fn warm_up() {
    Vocabulary::new().common();
}

impl Vocabulary {
    /// An empty one.
    pub fn new() -> Self {
        let words = |list: &'static str| {
            let lines = list.lines().filter(|line| !line.starts_with('#'));
            lines.flat_map(str::split_whitespace).map(|word| fold(word).into_owned()).collect()
        };
        Self {
            stemmer: Stemmer::dutch(),
            forms: Forms::built_in(),
            stop: words(STOP_WORDS),
            beside: words(BESIDE),
            seen: FxHashMap::default(),
            ids: HashMap::new(),
            stems: Vec::new(),
            nouns: BTreeSet::new(),
            surfaces: Vec::new(),
        }
    }

    /// The words of a text, remembered.
    pub fn read(&mut self, text: &str) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut first = true;
        let mut determined = false;
        let all: Vec<_> = tokens(text).collect();
        for (n, token) in all.iter().enumerate() {
            let until = all.get(n + 1).map_or(text.len(), |next| next.start);
            let gap = &text[token.end()..until];
            let surface = if first { uncapitalised(token.text) } else { token.text.to_owned() };
            let Known { stem, stop, beside, verb, determiner } = self.known(token.text);
            if !stop {
                match self.surfaces[stem].get_mut(&surface) {
                    Some(n) => *n += 1,
                    None => {
                        self.surfaces[stem].insert(surface.clone(), 1);
                    }
                }
                if determined {
                    self.nouns.insert(stem);
                }
            }
            first = gap.contains(['.', '!', '?', '…', '"', '“', '‘']);
            let last = !gap.trim().is_empty() || until == text.len();
            determined = determiner && !last;
            words.push(Word { stem, surface, stop, beside, verb, joined: false, last });
            if last {
                self.join_separable(&mut words);
            }
        }
        words
    }

    /// What is known of a word as written: looked up once, since most words of a quote stand in others too.
    fn known(&mut self, written: &str) -> Known {
        if let Some(known) = self.seen.get(written) {
            return *known;
        }
        let folded = fold(written).into_owned();
        let bare = folded.trim_end_matches("'s");
        let digits = bare.chars().all(|c| !c.is_alphabetic());
        let stop = digits || bare.chars().count() < 3 || self.stop.contains(&folded) || self.stop.contains(bare);
        let lemma = self.forms.lemma(bare).unwrap_or_else(|| bare.into());
        let known = Known {
            stem: self.stem(&lemma),
            stop,
            beside: self.beside.contains(bare) || self.beside.contains(lemma.as_ref()),
            verb: lemma.ends_with("en") && (lemma != bare || self.forms.is_verb(bare)),
            determiner: DETERMINERS.contains(&folded.as_str()),
        };
        self.seen.insert(written.into(), known);
        known
    }

    /// A verb whose first part ends the clause is read as one word: "vul … in" as "invullen".
    fn join_separable(&mut self, words: &mut [Word]) {
        let Some((end, before)) = words.split_last_mut() else { return };
        let from = before.iter().rposition(|w| w.last).map_or(0, |at| at + 1);
        let Some(verb) = before[from..].iter_mut().rev().find(|w| w.verb) else { return };
        let folded = fold(&verb.surface).into_owned();
        let lemma = self.forms.lemma(&folded).unwrap_or_else(|| folded.as_str().into());
        let whole = format!("{}{lemma}", fold(&end.surface));
        if end.stop && self.forms.is_separable(&whole) {
            let stop = self.stop.contains(&whole);
            let beside = self.beside.contains(&whole);
            *verb = Word { stem: self.stem(&whole), surface: whole, stop, beside, joined: true, ..verb.clone() };
        }
    }

    fn stem(&mut self, lemma: &str) -> usize {
        let stem = self.stem_of(lemma);
        self.id(&stem)
    }

    fn stem_of(&mut self, lemma: &str) -> String {
        let own = self.forms.stem(lemma).map(str::to_owned);
        own.unwrap_or_else(|| plain_stem(&mut self.stemmer, lemma))
    }

    /// How often stems are used in any interview.
    pub fn common(&mut self) -> &'static Common {
        Common::built_in(|form| {
            let lemma = self.forms.lemma(form).unwrap_or_else(|| form.into());
            self.stem_of(&lemma)
        })
    }

    /// A stem as letters.
    pub fn letters(&self, stem: usize) -> &str {
        &self.stems[stem]
    }

    /// How a stem is written most often; of equals the first of the alphabet.
    pub fn surface(&self, stem: usize) -> &str {
        let forms = self.surfaces[stem].iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        forms.map_or(self.stems[stem].as_str(), |(form, _)| form.as_str())
    }

    /// Whether a determiner stood before it somewhere.
    pub fn is_noun(&self, stem: usize) -> bool {
        self.nouns.contains(&stem)
    }

    /// The stems that a compound begins or ends with, if others used them by themselves: "wachtwoord" in
    /// "wachtwoordherstel".
    pub fn parts(&self, stem: usize) -> Vec<usize> {
        let word = &self.stems[stem];
        let cuts = word.char_indices().map(|(at, _)| at).filter(|at| *at >= 4 && word.len() - at >= 4);
        let known = |part: &str| self.ids.get(part).copied().filter(|id| !self.surfaces[*id].is_empty());
        let mut found: Vec<usize> = cuts.flat_map(|at| [known(&word[..at]), known(&word[at..])]).flatten().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn id(&mut self, stem: &str) -> usize {
        if let Some(id) = self.ids.get(stem) {
            return *id;
        }
        self.ids.insert(stem.to_owned(), self.stems.len());
        self.stems.push(stem.to_owned());
        self.surfaces.push(BTreeMap::new());
        self.stems.len() - 1
    }
}

/// "Wachtwoord" → "wachtwoord", but "DigiD" and "UWV" stay.
fn uncapitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) if first.is_uppercase() && !chars.as_str().chars().any(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_the_capitals_that_are_theirs() {
        let mut vocabulary = Vocabulary::new();
        let words = vocabulary.read("Wachtwoorden, die vergeet ik. DigiD ook bij het UWV");
        let told: Vec<&str> = words.iter().filter(|w| !w.stop).map(|w| w.surface.as_str()).collect();
        assert_eq!(told, ["wachtwoorden", "vergeet", "DigiD", "UWV"]);
        assert!(words[0].last && !words[1].last);
        assert!(vocabulary.is_noun(words.last().unwrap().stem));
    }

    #[test]
    fn a_compound_has_the_parts_that_others_use_alone() {
        let mut vocabulary = Vocabulary::new();
        let long = vocabulary.read("wachtwoordherstel")[0].stem;
        let short = vocabulary.read("mijn wachtwoord")[1].stem;
        assert_eq!(vocabulary.parts(long), [short]);
        assert_eq!(vocabulary.surface(short), "wachtwoord");
    }
}
