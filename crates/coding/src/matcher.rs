//! Many cues in one pass: a pattern waits for the rarest two words that stand side by side in it, or its rarest word or
//! beginning of a word where none do, as a search for a string waits for its rarest letter. Hundreds of patterns begin with
//! "ik" or "niet"; few share the words that say what they are about.

mod waiting;

use std::rc::Rc;

use self::waiting::{Waiting, Waits};
use crate::{
    cue::{Cue, Element, GAP},
    hash::hash,
    pattern::{Patterns, Plain},
    words::{Sentence, Word},
};

pub(crate) use self::waiting::Awaited;

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
    cues: Vec<Plain>,
    /// For each cue, the contexts in which it does not count.
    not_when: Vec<Vec<Context>>,
    waiting: Waiting,
    regexes: Vec<(usize, regex::Regex)>,
}

/// A context, with the set of its words: most are ruled out by a word that the sentence lacks.
struct Context {
    needs: WordSet,
    elements: Vec<Element>,
}

/// A set of words in which a word may seem to be though it is not, never the other way round (Bloom 1970).
#[derive(Clone, Copy, Default)]
struct WordSet([u64; 2]);

impl WordSet {
    fn add(&mut self, word: u64) {
        self.0[(word >> 63) as usize] |= 1 << (word >> 57 & 63);
    }

    /// The words that a pattern needs.
    fn of(pattern: &[Element]) -> Self {
        let mut out = Self::default();
        pattern.iter().filter_map(Element::word).for_each(|word| out.add(word));
        out
    }

    fn may_hold(self, all: Self) -> bool {
        (all.0[0] & !self.0[0]) | (all.0[1] & !self.0[1]) == 0
    }
}

/// How far before a cue a negator reaches, in words of the same clause.
const SCOPE: usize = 4;

impl Matcher {
    /// Compiles the cues.
    pub fn new(cues: Vec<Cue>) -> Self {
        Self::of(Patterns::of(cues))
    }

    /// Lays out what was taken apart.
    pub(crate) fn of(Patterns { mut cues, waiting, elements, regexes }: Patterns) -> Self {
        let context = |elements: Vec<Element>| Context { needs: WordSet::of(&elements), elements };
        let contexts = |cue: &mut Plain| std::mem::take(&mut cue.not_when).into_iter().map(context).collect();
        let not_when: Vec<Vec<Context>> = cues.iter_mut().map(contexts).collect();
        let waiting = Waiting::new(&waiting, elements, |cue| !not_when[cue].is_empty());
        Self { cues, not_when, waiting, regexes }
    }

    /// What of it waits for a word of this form and these [hashes](Word::hashes).
    pub(crate) fn awaited(&self, form: &str, hashes: impl Iterator<Item = (u64, bool)>) -> Awaited {
        self.waiting.awaited(form, hashes)
    }

    /// The cue in this place as written, without weight and contexts.
    pub(crate) fn label(&self, cue: usize) -> &str {
        &self.cues[cue].label
    }

    /// How surely the cue in this place points to its code, 0…1.
    pub(crate) fn weight(&self, cue: usize) -> f32 {
        self.cues[cue].weight
    }

    /// All matches in a sentence, by first word, longest first; of one cue at one place only the longest.
    pub fn find(&self, sentence: &Sentence<'_>, out: &mut Vec<Match>) {
        out.clear();
        self.each(sentence, &mut |found| out.push(found));
        tidy(out);
    }

    /// The same, the cues before place `first` apart from those from there on.
    pub(crate) fn find_apart(&self, sentence: &Sentence<'_>, first: usize, out: [&mut Vec<Match>; 2]) {
        let [before, behind] = out;
        before.clear();
        behind.clear();
        self.each(sentence, &mut |found| if found.cue < first { before.push(found) } else { behind.push(found) });
        tidy(before);
        tidy(behind);
    }

    /// Calls `found` with the matches in a sentence, in no order, some more than once.
    fn each(&self, sentence: &Sentence<'_>, found: &mut impl FnMut(Match)) {
        let words = &sentence.words;
        if words.iter().all(|word| self.waiting.knows(&word.awaited)) {
            self.each_with(sentence, |i| &words[i].awaited, found);
        } else {
            let awaited: Vec<Awaited> = words.iter().map(|w| self.awaited(&w.form, w.hashes())).collect();
            self.each_with(sentence, |i| &awaited[i], found);
        }
        for (c, regex) in &self.regexes {
            if regex.is_match(sentence.text) {
                found(Match { cue: *c, start: 0, end: sentence.words.len(), negated: false });
            }
        }
    }

    /// The same without regular expressions, where it is known what waits for each word.
    fn each_with<'s>(
        &self,
        sentence: &Sentence<'_>,
        awaited: impl Fn(usize) -> &'s Awaited,
        found: &mut impl FnMut(Match),
    ) {
        let mut there = WordSet::default();
        for word in &sentence.words {
            there.add(word.stem_hash);
            there.add(word.form_hash);
        }
        for (i, word) in sentence.words.iter().enumerate() {
            let mut look = |waiting: &[Waits], stems: bool| self.come(waiting, stems, sentence, there, i, found);
            self.waiting.alone(awaited(i), &mut look);
            if let Some(next) = sentence.words.get(i + 1) {
                self.waiting.together([word, next], [awaited(i), awaited(i + 1)], &mut look);
            }
        }
    }

    /// Finds the patterns that waited for what stands `at` this place, `stems` or forms.
    #[inline(never)]
    fn come(
        &self,
        waiting: &[Waits],
        stems: bool,
        sentence: &Sentence<'_>,
        there: WordSet,
        at: usize,
        found: &mut impl FnMut(Match),
    ) {
        for waits in waiting.iter().filter(|waits| there.may_hold(waits.needs)) {
            let cue = waits.cue as usize;
            let mut add = |start: usize, end: usize| {
                if !(waits.has_contexts && self.is_muted(cue, sentence, there)) {
                    found(Match { cue, start, end, negated: negated(sentence, start) });
                }
            };
            if waits.whole && stems {
                add(at, at + waits.elements.len());
                continue;
            }
            let pattern = self.waiting.pattern(waits);
            let [least, most] = waits.before.map(|words| words as usize);
            for start in at.saturating_sub(most)..(at + 1).saturating_sub(least) {
                if let Some(end) = match_at(pattern, &sentence.words, start) {
                    add(start, end);
                }
            }
        }
    }

    /// Whether the sentence holds a context in which a cue does not count.
    fn is_muted(&self, cue: usize, sentence: &Sentence<'_>, there: WordSet) -> bool {
        self.not_when[cue]
            .iter()
            .any(|context| there.may_hold(context.needs) && holds(&context.elements, &sentence.words))
    }
}

/// By first word, longest first; of one cue at one place only the longest.
fn tidy(found: &mut Vec<Match>) {
    found.sort_by_key(|m| (m.start, usize::MAX - m.end, m.cue));
    found.dedup_by_key(|m| (m.start, m.cue));
}

fn fits(element: &Element, word: &Word) -> bool {
    match element {
        Element::Stem(hash) => word.stem_hash == *hash,
        Element::Exact(hash) => word.form_hash == *hash,
        Element::Prefix(beginning, bytes) => {
            word.form.as_bytes().get(..usize::from(*bytes)).is_some_and(|bytes| hash(bytes) == *beginning)
        }
        Element::Gap => true,
    }
}

fn match_at(pattern: &[Element], words: &[Rc<Word>], at: usize) -> Option<usize> {
    match pattern.split_first() {
        None => Some(at),
        Some((Element::Gap, rest)) => (at..=(at + GAP).min(words.len())).find_map(|next| match_at(rest, words, next)),
        Some((element, rest)) => {
            let word = words.get(at)?;
            if fits(element, word) { match_at(rest, words, at + 1) } else { None }
        }
    }
}

fn holds(pattern: &[Element], words: &[Rc<Word>]) -> bool {
    (0..words.len()).any(|at| match_at(pattern, words, at).is_some())
}

fn negated(sentence: &Sentence<'_>, at: usize) -> bool {
    let from = at.saturating_sub(SCOPE);
    (from..at).rev().take_while(|i| !sentence.clause_ends[*i]).any(|i| sentence.words[i].negates)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use klantreis_text::Stemmer;

    use super::*;
    use crate::words::Words;

    fn find(cues: &[&str], text: &str) -> Vec<(String, bool)> {
        let mut stemmer = Stemmer::dutch();
        let matcher = Matcher::new(cues.iter().map(|c| Cue::parse(c, &mut stemmer).unwrap()).collect());
        let mut words = Words::new();
        let mut out = vec![];
        matcher.find(&words.sentence(text), &mut out);
        out.iter().map(|m| (matcher.label(m.cue).to_owned(), m.negated)).collect()
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
    fn a_pattern_is_found_wherever_its_rarest_word_stands_in_it() {
        let cues = ["ik … niet … doorheen", "ik … niet", "niet ik", "ik snap* niet", "niet … snap*"];
        assert_eq!(labels(&cues, "Ik kwam er toch niet meer doorheen."), [cues[0], cues[1]]);
        assert_eq!(labels(&cues, "Niet ik, ik snapte het niet."), [cues[4], cues[2], cues[1], cues[1]]);
        assert_eq!(labels(&cues, "Ik snap niet wat, ik snap niet."), [cues[1], cues[3], cues[4], cues[1], cues[3]]);
        assert!(labels(&cues, "Doorheen, niet.").is_empty());
    }

    #[test]
    fn words_that_listen_for_other_cues_are_heard_all_the_same() {
        let matcher = |cues: &[&str]| {
            let mut stemmer = Stemmer::dutch();
            Arc::new(Matcher::new(cues.iter().map(|c| Cue::parse(c, &mut stemmer).unwrap()).collect()))
        };
        let (first, second) = (matcher(&["niet … snap*", "scherm"]), matcher(&["dat scherm", "snap*", "\"niet\""]));
        let mut words = Words::new();
        let (mut out, text) = (vec![], "Ik kan dat scherm niet snappen.");
        let mut places = |matcher: &Matcher, words: &mut Words| -> Vec<usize> {
            matcher.find(&words.sentence(text), &mut out);
            out.iter().map(|m| m.cue).collect()
        };
        let alone = [places(&first, &mut words), places(&second, &mut words)];
        assert_eq!(alone, [vec![1, 0], vec![0, 2, 1]]);
        for listened in [&first, &second, &first] {
            words.listen_for(listened);
            assert_eq!([places(&first, &mut words), places(&second, &mut words)], alone);
        }
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
