//! Many cues in one pass: each word of a sentence is looked up by stem, by form and by beginning, and with the word after
//! it, since hundreds of patterns begin with "ik" or "niet" and few of them go on in the same way.

use std::rc::Rc;

use crate::{
    cue::{Cue, Element, GAP, Pattern},
    hash::{ByHash, hash, pair},
    words::{Sentence, Word},
};

/// A cue found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Place of the cue in the list that the matcher was built from.
    pub cue: usize,
    /// First word.
    pub start: usize,
    /// Behind the last word.
    pub end: usize,
    /// How negation changes it.
    pub negated: bool,
}

/// All cues, compiled.
pub struct Matcher {
    cues: Vec<Cue>,
    /// For each cue, the contexts in which it does not count.
    not_when: Vec<Vec<Steps>>,
    patterns: Vec<Compiled>,
    /// Patterns by their first word (its stem or its form), where no other word follows it at once.
    by_word: Lists,
    /// Patterns by their first two words.
    by_pair: Lists,
    /// Patterns by the beginning of their first word, and the bytes of the longest.
    by_beginning: Lists,
    longest_beginning: usize,
    regexes: Vec<(usize, regex::Regex)>,
}

/// Lists of patterns by a hash. Most hashes that are asked for have none, which a sieve of 32 kB tells without a look into
/// the map.
#[derive(Default)]
struct Lists {
    sieve: Vec<u64>,
    lists: ByHash<Vec<u32>>,
}

/// Words of a sieve.
const SIEVE: usize = 1 << 12;

impl Lists {
    /// Word and bit of a hash in the sieve.
    fn spot(hash: u64) -> (usize, u64) {
        let mixed = hash ^ (hash >> 29);
        ((mixed >> 6) as usize % SIEVE, 1 << (mixed & 63))
    }

    fn add(&mut self, hash: u64, pattern: u32) {
        self.sieve.resize(SIEVE, 0);
        let (word, bit) = Self::spot(hash);
        self.sieve[word] |= bit;
        self.lists.entry(hash).or_default().push(pattern);
    }

    fn get(&self, hash: u64) -> Option<&Vec<u32>> {
        let (word, bit) = Self::spot(hash);
        if self.sieve.get(word)? & bit == 0 { None } else { self.lists.get(&hash) }
    }
}

/// A pattern of words of one cue.
struct Compiled {
    cue: u32,
    steps: Steps,
}

/// A pattern with words as hashes, which compare in one instruction, and with the set of its words: most patterns
/// that begin with a frequent word ("ik … niet") are ruled out by a word that the sentence lacks.
struct Steps {
    needs: WordSet,
    steps: Box<[Step]>,
}

enum Step {
    Stem(u64),
    Form(u64),
    Prefix(Box<str>),
    Gap,
}

impl Step {
    /// The word that it asks for.
    fn word(&self) -> Option<u64> {
        match self {
            Self::Stem(hash) | Self::Form(hash) => Some(*hash),
            Self::Prefix(_) | Self::Gap => None,
        }
    }
}

/// A set of words in which a word may seem to be though it is not, never the other way round (Bloom 1970).
#[derive(Clone, Copy, Default)]
struct WordSet(u128);

impl WordSet {
    fn add(&mut self, word: u64) {
        self.0 |= 1 << (word >> 57);
    }

    fn may_hold(self, all: Self) -> bool {
        all.0 & !self.0 == 0
    }
}

impl Steps {
    fn new(elements: &[Element]) -> Self {
        let mut needs = WordSet::default();
        let mut add = |word: &str| {
            let hash = hash(word.as_bytes());
            needs.add(hash);
            hash
        };
        let steps = elements
            .iter()
            .map(|element| match element {
                Element::Stem(s) => Step::Stem(add(s)),
                Element::Exact(s) => Step::Form(add(s)),
                Element::Prefix(s) => Step::Prefix(s.clone()),
                Element::Gap => Step::Gap,
            })
            .collect();
        Self { needs, steps }
    }
}

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

/// How far before a cue a negator reaches, in words of the same clause.
const SCOPE: usize = 4;

impl Matcher {
    /// Compiles the cues.
    pub fn new(cues: Vec<Cue>) -> Self {
        let mut matcher = Self {
            not_when: cues.iter().map(|cue| cue.not_when.iter().map(|c| Steps::new(c)).collect()).collect(),
            cues: vec![],
            patterns: vec![],
            by_word: Lists::default(),
            by_pair: Lists::default(),
            by_beginning: Lists::default(),
            longest_beginning: 0,
            regexes: vec![],
        };
        for (c, cue) in cues.iter().enumerate() {
            for pattern in &cue.patterns {
                let elements = match pattern {
                    Pattern::Words(elements) => elements,
                    Pattern::Regex(regex) => {
                        matcher.regexes.push((c, regex.clone()));
                        continue;
                    }
                };
                let steps = Steps::new(elements);
                let at = matcher.patterns.len() as u32;
                match (steps.steps[0].word(), steps.steps.get(1).and_then(Step::word)) {
                    (Some(first), Some(second)) => matcher.by_pair.add(pair(first, second), at),
                    (Some(first), None) => matcher.by_word.add(first, at),
                    (None, _) => {
                        // A gap before everything says nothing.
                        let Step::Prefix(beginning) = &steps.steps[0] else { continue };
                        matcher.longest_beginning = matcher.longest_beginning.max(beginning.len());
                        matcher.by_beginning.add(hash(beginning.as_bytes()), at);
                    }
                }
                matcher.patterns.push(Compiled { cue: c as u32, steps });
            }
        }
        matcher.cues = cues;
        matcher
    }

    /// The cue in this place.
    pub fn cue(&self, place: usize) -> &Cue {
        &self.cues[place]
    }

    /// All matches in a sentence, by first word, longest first; of one cue at one place only the longest.
    pub fn find(&self, sentence: &Sentence<'_>, out: &mut Vec<Match>) {
        out.clear();
        let mut there = WordSet::default();
        for word in &sentence.words {
            there.add(word.stem_hash);
            there.add(word.form_hash);
        }
        for (i, word) in sentence.words.iter().enumerate() {
            let mut candidates = |list: Option<&Vec<u32>>| self.candidates(sentence, there, i, list, out);
            candidates(self.by_word.get(word.stem_hash));
            candidates(self.by_word.get(word.form_hash).filter(|_| word.form_hash != word.stem_hash));
            if let Some(next) = sentence.words.get(i + 1) {
                for first in word.hashes() {
                    next.hashes().for_each(|second| candidates(self.by_pair.get(pair(first, second))));
                }
            }
            for beginning in word.beginnings.iter().take(self.longest_beginning) {
                candidates(self.by_beginning.get(*beginning));
            }
        }
        for (c, regex) in &self.regexes {
            if regex.is_match(sentence.text) {
                out.push(Match { cue: *c, start: 0, end: sentence.words.len(), negated: false });
            }
        }
        out.sort_by_key(|m| (m.start, usize::MAX - m.end, m.cue));
        out.dedup_by_key(|m| (m.start, m.cue));
    }

    fn candidates(
        &self,
        sentence: &Sentence<'_>,
        there: WordSet,
        at: usize,
        list: Option<&Vec<u32>>,
        out: &mut Vec<Match>,
    ) {
        for place in list.into_iter().flatten() {
            let Compiled { cue, steps } = &self.patterns[*place as usize];
            if !there.may_hold(steps.needs) {
                continue;
            }
            let Some(end) = match_at(&steps.steps, &sentence.words, at) else { continue };
            let cue = *cue as usize;
            if self.not_when[cue].iter().any(|context| there.may_hold(context.needs) && holds(context, &sentence.words))
            {
                continue;
            }
            out.push(Match { cue, start: at, end, negated: negated(sentence, at) });
        }
    }
}

fn fits(step: &Step, word: &Word) -> bool {
    match step {
        Step::Stem(hash) => word.stem_hash == *hash,
        Step::Form(hash) => word.form_hash == *hash,
        Step::Prefix(s) => word.form.starts_with(&**s),
        Step::Gap => true,
    }
}

fn match_at(steps: &[Step], words: &[Rc<Word>], at: usize) -> Option<usize> {
    match steps.split_first() {
        None => Some(at),
        Some((Step::Gap, rest)) => (at..=(at + GAP).min(words.len())).find_map(|next| match_at(rest, words, next)),
        Some((step, rest)) => {
            let word = words.get(at)?;
            if fits(step, word) { match_at(rest, words, at + 1) } else { None }
        }
    }
}

fn holds(pattern: &Steps, words: &[Rc<Word>]) -> bool {
    (0..words.len()).any(|at| match_at(&pattern.steps, words, at).is_some())
}

fn negated(sentence: &Sentence<'_>, at: usize) -> bool {
    let from = at.saturating_sub(SCOPE);
    (from..at).rev().take_while(|i| !sentence.clause_ends[*i]).any(|i| NEGATORS.contains(&&*sentence.words[i].form))
}

#[cfg(test)]
mod tests {
    use klantreis_text::Stemmer;

    use super::*;
    use crate::words::Words;

    fn find(cues: &[&str], text: &str) -> Vec<(String, bool)> {
        let mut stemmer = Stemmer::dutch();
        let matcher = Matcher::new(cues.iter().map(|c| Cue::parse(c, &mut stemmer).unwrap()).collect());
        let mut words = Words::new();
        let mut out = vec![];
        matcher.find(&words.sentence(text), &mut out);
        out.iter().map(|m| (matcher.cue(m.cue).label.clone(), m.negated)).collect()
    }

    fn labels(cues: &[&str], text: &str) -> Vec<String> {
        find(cues, text).into_iter().map(|(label, _)| label).collect()
    }

    #[test]
    fn stems_prefixes_gaps_and_exact_words_match() {
        assert_eq!(labels(&["wachtwoord"], "Al die wachtwoorden."), ["wachtwoord"]);
        assert_eq!(labels(&["wacht*"], "In de wachtkamer."), ["wacht*"]);
        assert_eq!(labels(&["loopt … vast"], "Dan loopt hij weer helemaal vast."), ["loopt … vast"]);
        assert!(labels(&["loopt … vast"], "Dan loopt hij na een uur of drie toch weer vast.").is_empty());
        assert_eq!(labels(&["\"het werkt\""], "Ja, het werkt."), ["\"het werkt\""]);
        assert!(labels(&["\"het werkt\""], "Ja, het werken.").is_empty());
        assert_eq!(labels(&["re:\\d+ keer"], "Wel 3 keer gebeld."), ["re:\\d+ keer"]);
    }

    #[test]
    fn contexts_mute_a_cue() {
        assert!(labels(&["drempel !over de drempel"], "Eenmaal over de drempel was het goed.").is_empty());
        assert_eq!(labels(&["drempel !over de drempel"], "Een hoge drempel.").len(), 1);
    }

    #[test]
    fn negation_reaches_within_its_clause() {
        assert_eq!(find(&["probleem"], "Dat is geen enkel probleem."), [("probleem".to_owned(), true)]);
        assert_eq!(find(&["probleem"], "Dat werkt niet, een probleem."), [("probleem".to_owned(), false)]);
    }
}
