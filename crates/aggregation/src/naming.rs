//! Names for groups of texts, in the words of the texts.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    phrases::{Phrase, Shape, phrases},
    vocabulary::{Vocabulary, Word},
};

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
    /// A short phrase, at times with a second one behind a comma.
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

/// What a phrase must be worth more than its word alone: what one text says in passing names no group.
const LEAST: f64 = 0.6;

/// Words that set a group apart, at most; and as many as are shown although one text alone has them.
const WORDS: usize = 6;
const WORDS_OF_ONE: usize = 3;

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
        // What several texts have before what one has, by keyness, to a millionth; of equals by how they are written.
        keys.sort_by(|a, b| {
            let whole = |k: f64| (k * 1e6).round() as i64;
            let shared = (b.2 > 1).cmp(&(a.2 > 1));
            shared
                .then(whole(b.0).cmp(&whole(a.0)))
                .then_with(|| self.vocabulary.surface(a.1).cmp(self.vocabulary.surface(b.1)))
        });
        let shared = keys.iter().filter(|k| k.2 > 1).count();
        let words = keys.iter().take(WORDS.min(shared.max(WORDS_OF_ONE)));
        let words: Vec<String> = words.map(|k| self.vocabulary.surface(k.1).to_owned()).collect();
        let (mut parts, mut used): (Vec<String>, BTreeSet<usize>) = (Vec::new(), BTreeSet::new());
        for (_, stem, n) in &keys {
            // What all say makes the name; what at least half of them say, and few others, may stand beside it.
            let own = || *n * 4 >= self.texts_with.get(stem).copied().unwrap_or(0);
            let tells = parts.is_empty() || (*n > 1 && *n * 2 >= group.len() && own());
            if used.contains(stem) || !tells {
                continue;
            }
            let phrase = self.best(phrases(*stem, group), group.len(), &inside);
            // Beside the name stands what several say, or a word.
            match phrase.filter(|phrase| parts.is_empty() || phrase.texts > 1) {
                Some(phrase) => {
                    used.extend([*stem, phrase.other]);
                    parts.push(phrase.form);
                }
                None => {
                    used.insert(*stem);
                    parts.push(self.vocabulary.surface(*stem).to_owned());
                }
            }
            if parts.len() == 2 {
                break;
            }
        }
        Name { label: parts.join(", "), words }
    }

    /// The phrase that says most of the group, if any says more than its word alone.
    fn best(&self, phrases: Vec<Phrase>, size: usize, inside: &BTreeMap<usize, usize>) -> Option<Phrase> {
        let worths = phrases.into_iter().map(|p| ((self.worth(&p, size, inside) * 1e6).round() as i64, p));
        let best = worths.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.form.cmp(&a.1.form)))?;
        (best.0 as f64 > LEAST * 1e6).then_some(best.1)
    }

    /// What a phrase is worth: that several texts say it counts most, then that its other word is the group's too, then
    /// that it was said in one piece. The weights were chosen by reading the names of the example studies.
    fn worth(&self, phrase: &Phrase, size: usize, inside: &BTreeMap<usize, usize>) -> f64 {
        let here = inside.get(&phrase.other).copied().unwrap_or(0);
        let everywhere = self.texts_with.get(&phrase.other).copied().unwrap_or(0);
        let whole = f64::from(u8::from(phrase.shape == Shape::Whole));
        let said = 3.0 * (phrase.texts - 1) as f64 + whole - 0.3 * phrase.apart as f64;
        let short_with_verb = phrase.beside && phrase.verb && phrase.form.split(' ').count() == 2;
        said + match here {
            2.. => 1.5 + self.keyness(phrase.other, here, size).sqrt() / 4.0,
            _ if everywhere > 1 || short_with_verb => 0.5,
            // What one person happened to say.
            _ => -0.5,
        }
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
