//! Many cues in one pass: each word of a sentence is looked up once, by stem, by form and by beginning.

use std::collections::HashMap;

use crate::{
    cue::{Cue, Element, GAP, Pattern},
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
    by_stem: HashMap<Box<str>, Vec<(u32, u32)>>,
    by_form: HashMap<Box<str>, Vec<(u32, u32)>>,
    by_prefix: HashMap<Box<str>, Vec<(u32, u32)>>,
    longest_prefix: usize,
    regexes: Vec<(u32, u32)>,
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
            cues: vec![],
            by_stem: HashMap::new(),
            by_form: HashMap::new(),
            by_prefix: HashMap::new(),
            longest_prefix: 0,
            regexes: vec![],
        };
        for (c, cue) in cues.iter().enumerate() {
            for (p, pattern) in cue.patterns.iter().enumerate() {
                let at = (c as u32, p as u32);
                match pattern {
                    Pattern::Regex(_) => matcher.regexes.push(at),
                    Pattern::Words(words) => match &words[0] {
                        Element::Stem(s) => matcher.by_stem.entry(s.clone()).or_default().push(at),
                        Element::Exact(s) => matcher.by_form.entry(s.clone()).or_default().push(at),
                        Element::Prefix(s) => {
                            matcher.longest_prefix = matcher.longest_prefix.max(s.len());
                            matcher.by_prefix.entry(s.clone()).or_default().push(at);
                        }
                        Element::Gap => {}
                    },
                }
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
        for (i, word) in sentence.words.iter().enumerate() {
            self.candidates(sentence, i, self.by_stem.get(&word.stem), out);
            self.candidates(sentence, i, self.by_form.get(&word.form), out);
            if self.longest_prefix > 0 {
                for end in (2..=word.form.len().min(self.longest_prefix)).filter(|e| word.form.is_char_boundary(*e)) {
                    self.candidates(sentence, i, self.by_prefix.get(&word.form[..end]), out);
                }
            }
        }
        for (c, p) in &self.regexes {
            if let Pattern::Regex(regex) = &self.cues[*c as usize].patterns[*p as usize]
                && regex.is_match(sentence.text)
            {
                out.push(Match { cue: *c as usize, start: 0, end: sentence.words.len(), negated: false });
            }
        }
        out.sort_by_key(|m| (m.start, usize::MAX - m.end, m.cue));
        out.dedup_by_key(|m| (m.start, m.cue));
    }

    fn candidates(&self, sentence: &Sentence<'_>, at: usize, list: Option<&Vec<(u32, u32)>>, out: &mut Vec<Match>) {
        for (c, p) in list.into_iter().flatten() {
            let cue = &self.cues[*c as usize];
            let Pattern::Words(words) = &cue.patterns[*p as usize] else { continue };
            let Some(end) = match_at(words, sentence.words.as_slice(), at) else { continue };
            if cue.not_when.iter().any(|context| holds(context, &sentence.words)) {
                continue;
            }
            let negated = negated(sentence, at);
            out.push(Match { cue: *c as usize, start: at, end, negated });
        }
    }
}

fn fits(element: &Element, word: &Word) -> bool {
    match element {
        Element::Stem(s) => *word.stem == **s,
        Element::Exact(s) => *word.form == **s,
        Element::Prefix(s) => word.form.starts_with(&**s),
        Element::Gap => true,
    }
}

fn match_at(pattern: &[Element], words: &[std::rc::Rc<Word>], at: usize) -> Option<usize> {
    match pattern.split_first() {
        None => Some(at),
        Some((Element::Gap, rest)) => (at..=(at + GAP).min(words.len())).find_map(|next| match_at(rest, words, next)),
        Some((element, rest)) => {
            let word = words.get(at)?;
            if fits(element, word) { match_at(rest, words, at + 1) } else { None }
        }
    }
}

fn holds(pattern: &[Element], words: &[std::rc::Rc<Word>]) -> bool {
    (0..words.len()).any(|at| match_at(pattern, words, at).is_some())
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
