//! Names for groups of texts, in the words of the texts.

use std::collections::{BTreeMap, BTreeSet};

use crate::vocabulary::{Vocabulary, Word};

/// A text as its words.
pub struct Text {
    /// All its words in order.
    pub words: Vec<Word>,
    /// The stems that say what it is about.
    pub stems: BTreeSet<usize>,
}

impl Text {
    /// Reads a text.
    pub fn new(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let words = vocabulary.read(text);
        let stems = words.iter().filter(|w| !w.stop).map(|w| w.stem).collect();
        Self { words, stems }
    }
}

/// The name of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Name {
    /// One to three words or phrases, between commas.
    pub label: String,
    /// Up to six words that set it apart, the most telling first.
    pub words: Vec<String>,
}

/// Names groups by what sets them apart from all texts.
pub struct Naming<'a> {
    vocabulary: &'a Vocabulary,
    texts_with: BTreeMap<usize, usize>,
    n_texts: usize,
}

/// Nouns say better what it is about than verbs do.
const NOUN: f64 = 1.6;

/// The most words of a phrase, small ones between included: "hulp aan de balie".
const LONGEST: usize = 4;

impl<'a> Naming<'a> {
    /// Counts the stems of all texts.
    pub fn new<'t>(vocabulary: &'a Vocabulary, texts: impl Iterator<Item = &'t Text>) -> Self {
        let (mut texts_with, mut n_texts) = (BTreeMap::new(), 0);
        for text in texts {
            n_texts += 1;
            for stem in &text.stems {
                *texts_with.entry(*stem).or_default() += 1;
            }
        }
        Self { vocabulary, texts_with, n_texts }
    }

    /// The name of a group of texts, which are among those counted.
    pub fn name(&self, group: &[&Text]) -> Name {
        let mut inside: BTreeMap<usize, usize> = BTreeMap::new();
        for stem in group.iter().flat_map(|t| &t.stems) {
            *inside.entry(*stem).or_default() += 1;
        }
        let mut keys: Vec<(f64, usize, usize)> =
            inside.iter().map(|(stem, n)| (self.keyness(*stem, *n, group.len()), *stem, *n)).collect();
        // By keyness, to a millionth; of equals by how they are written.
        keys.sort_by(|a, b| {
            let whole = |k: f64| (k * 1e6).round() as i64;
            whole(b.0).cmp(&whole(a.0)).then_with(|| self.vocabulary.surface(a.1).cmp(self.vocabulary.surface(b.1)))
        });
        let words: Vec<String> = keys.iter().take(6).map(|k| self.vocabulary.surface(k.1).to_owned()).collect();
        let shared: Vec<usize> = keys.iter().filter(|k| k.2 > 1).map(|k| k.1).collect();
        let mut parts: Vec<String> = Vec::new();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        // What all say makes the name; what only some say stands beside it.
        for stem in if shared.is_empty() { keys.iter().map(|k| k.1).collect() } else { shared } {
            if used.contains(&stem) || parts.len() == 3 {
                continue;
            }
            if parts.len() == 1 && inside[&stem] * 3 < group.len() {
                continue;
            }
            match phrase(stem, group, inside[&stem]) {
                Some((text, stems)) => {
                    used.extend(stems);
                    parts.push(text);
                }
                None => {
                    used.insert(stem);
                    parts.push(self.vocabulary.surface(stem).to_owned());
                }
            }
        }
        if parts.len() > 2 && group.len() < 4 {
            parts.truncate(2);
        }
        Name { label: parts.join(", "), words }
    }

    /// Log-likelihood (Dunning 1993; Rayson & Garside 2000) of a stem that `inside` of `size` texts have, against all
    /// others; 0 where it is rarer in the group.
    fn keyness(&self, stem: usize, inside: usize, size: usize) -> f64 {
        let all = self.texts_with.get(&stem).copied().unwrap_or(inside).max(inside);
        let (a, b) = (inside as f64, (all - inside) as f64);
        let (c, d) = (size as f64, self.n_texts.saturating_sub(size) as f64);
        let share = (a + b) / (c + d);
        if a / c <= share && d > 0.0 {
            return 0.0;
        }
        let part = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
        let likelihood = 2.0 * (part(a, c * share) + part(b, d * share));
        likelihood * if self.vocabulary.is_noun(stem) { NOUN } else { 1.0 }
    }
}

/// The longest phrase with the stem that at least two texts have, and at least half of those with the stem: as it is
/// written most often, with its stems.
fn phrase(stem: usize, group: &[&Text], n: usize) -> Option<(String, Vec<usize>)> {
    // By stems: the texts that have it, and how it is written.
    let mut texts: BTreeMap<Vec<usize>, BTreeSet<usize>> = BTreeMap::new();
    let mut forms: BTreeMap<Vec<usize>, BTreeMap<String, usize>> = BTreeMap::new();
    for (t, text) in group.iter().enumerate() {
        for length in 2..=LONGEST {
            for window in text.words.windows(length) {
                if is_phrase(window) && window.iter().any(|w| w.stem == stem && !w.stop) {
                    let stems: Vec<usize> = window.iter().map(|w| w.stem).collect();
                    let form = window.iter().map(|w| w.surface.as_str()).collect::<Vec<_>>().join(" ");
                    texts.entry(stems.clone()).or_default().insert(t);
                    *forms.entry(stems).or_default().entry(form).or_default() += 1;
                }
            }
        }
    }
    let fitting = texts.into_iter().map(|(stems, texts)| (texts.len(), stems)).filter(|(m, _)| *m >= 2 && 2 * m >= n);
    let (_, stems) = fitting.max_by(|a, b| (a.0, a.1.len(), &b.1).cmp(&(b.0, b.1.len(), &a.1)))?;
    let written = forms.remove(&stems)?;
    let form = written.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?.0;
    Some((form, stems))
}

/// Small words that a phrase may have inside.
const BETWEEN: [&str; 16] =
    ["met", "van", "aan", "op", "in", "bij", "voor", "de", "het", "een", "naar", "via", "over", "uit", "en", "je"];

/// A phrase begins and ends with words that say something, has only small ones between, and no comma inside.
fn is_phrase(words: &[Word]) -> bool {
    let ends = [words.first(), words.last()];
    ends.iter().flatten().all(|w| !w.stop)
        && words[..words.len() - 1].iter().all(|w| !w.last)
        && words[1..words.len() - 1].iter().all(|w| !w.stop || BETWEEN.contains(&w.surface.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_the_group_says_and_others_do_not() {
        let mut vocabulary = Vocabulary::new();
        let texts: Vec<Text> = [
            "Ik moest naar de balie voor hulp bij inloggen met DigiD",
            "Met hulp bij inloggen kwam ik er wel",
            "Aan de balie was het druk, maar met hulp",
            "De balie had een trap",
        ]
        .iter()
        .map(|t| Text::new(t, &mut vocabulary))
        .collect();
        let naming = Naming::new(&vocabulary, texts.iter());
        assert_eq!(naming.name(&[&texts[0], &texts[1]]).label, "hulp bij inloggen");
        assert_eq!(naming.name(&[&texts[3]]).words, ["trap", "balie"]);
    }
}
