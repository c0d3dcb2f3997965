//! Which words is a word compounded of? Split by a word list, the fewest and longest parts first.

use klantreis_text::{Stemmer, plain_stem};
use rustc_hash::FxHashSet;

use super::lines;

/// The words that compounds are made of.
pub(super) struct Compounds {
    /// As they stand before another: "boek", "boeken", "brieven".
    before: FxHashSet<String>,
    /// Their stems.
    stems: FxHashSet<String>,
    /// The stems of what is never split.
    opaque: FxHashSet<String>,
}

/// Letters of the shortest compound.
const SHORTEST: usize = 6;

/// Letters of the shortest part.
const PART: usize = 3;

/// Letters from which a part is believed beside one that is not in the list.
const SURE: usize = 6;

/// Letters of an unknown part beside a sure one.
const UNKNOWN: usize = 4;

/// What may join two parts (tussenletters).
const LINKS: [&str; 6] = ["", "s", "e", "en", "n", "er"];

/// Parts of parts.
const DEEPEST: usize = 4;

impl Compounds {
    pub fn built_in() -> Self {
        let mut stemmer = Stemmer::dutch();
        let mut out = Self { before: FxHashSet::default(), stems: FxHashSet::default(), opaque: FxHashSet::default() };
        for word in lines(include_str!("../../data/words.txt")) {
            out.stems.insert(plain_stem(&mut stemmer, word));
            out.before.insert(word.to_owned());
            out.before.extend(plural(word));
        }
        for word in lines(include_str!("../../data/opaque.txt")) {
            out.opaque.insert(plain_stem(&mut stemmer, word));
        }
        out
    }

    /// Whether this is the stem of a word of the list.
    pub fn has(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// The stems of the parts of `word`, of what those are made of, and of neighbouring parts together: none where it is
    /// no compound.
    pub fn parts(&self, word: &str, own: &str, stem: &mut dyn FnMut(&str) -> String) -> Vec<String> {
        let mut out = Vec::new();
        if self.opaque.contains(own) {
            return out;
        }
        let Some(parts) = self.split(word, 0, stem).or_else(|| self.half_known(word, stem)) else { return out };
        let at = |part: &str| part.as_ptr() as usize - word.as_ptr() as usize;
        for part in &parts {
            out.push(stem(part));
        }
        for pair in parts.windows(2).filter(|_| parts.len() > 2) {
            out.push(stem(&word[at(pair[0])..at(pair[1]) + pair[1].len()]));
        }
        for part in &parts {
            let own = stem(part);
            out.extend(self.parts(part, &own, stem));
        }
        out
    }

    /// The fewest parts, all of the list; among equals the longest first part.
    fn split<'w>(&self, word: &'w str, depth: usize, stem: &mut dyn FnMut(&str) -> String) -> Option<Vec<&'w str>> {
        if word.len() < SHORTEST || depth > DEEPEST || !word.is_ascii() {
            return None;
        }
        let mut best: Option<Vec<&str>> = None;
        for end in (PART..=word.len() - PART).rev() {
            let Some(first) = self.first(&word[..end]) else { continue };
            let rest = &word[end..];
            let found = if self.has(&stem(rest)) {
                Some(vec![first, rest])
            } else {
                self.split(rest, depth + 1, stem).map(|mut parts| {
                    parts.insert(0, first);
                    parts
                })
            };
            if let Some(parts) = found.filter(|f| best.as_ref().is_none_or(|b| f.len() < b.len())) {
                best = Some(parts);
            }
        }
        best
    }

    /// The part before a link: "boeken" → "boek", "jongens" → "jongen".
    fn first<'w>(&self, text: &'w str) -> Option<&'w str> {
        LINKS.iter().find_map(|link| {
            let part = text.strip_suffix(link)?;
            (part.len() >= PART && self.before.contains(part)).then_some(part)
        })
    }

    /// A long part of the list beside one that the list does not have: "chemokuurwachtwoord".
    fn half_known<'w>(&self, word: &'w str, stem: &mut dyn FnMut(&str) -> String) -> Option<Vec<&'w str>> {
        if word.len() < SURE + UNKNOWN || !word.is_ascii() {
            return None;
        }
        let known = (UNKNOWN..=word.len() - SURE).map(|at| &word[at..]).find(|part| self.has(&stem(part)));
        let first =
            || (SURE..=word.len() - UNKNOWN).rev().find_map(|at| self.first(&word[..at]).filter(|p| p.len() >= SURE));
        known.or_else(first).map(|part| vec![part])
    }
}

/// The plural on "-en": "brief" → "brieven", "school" → "scholen", "bus" → "bussen".
fn plural(word: &str) -> Option<String> {
    let mut chars: Vec<char> = word.chars().collect();
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let &[.., before, vowel, last] = chars.as_slice() else { return None };
    if is_vowel(last) || !is_vowel(vowel) {
        return None;
    }
    let end = chars.len() - 1;
    if before == vowel && vowel != 'i' {
        chars.remove(end - 1);
    } else if !is_vowel(before) && chars.iter().filter(|c| is_vowel(**c)).count() == 1 {
        chars.push(last);
    }
    if let Some(last) = chars.last_mut().filter(|_| before == vowel || is_vowel(before)) {
        *last = match *last {
            'f' => 'v',
            's' => 'z',
            other => other,
        };
    }
    chars.extend(['e', 'n']);
    Some(chars.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_open_their_syllables() {
        for (word, many) in [("brief", "brieven"), ("school", "scholen"), ("bus", "bussen"), ("huis", "huizen")] {
            assert_eq!(plural(word).as_deref(), Some(many));
        }
    }
}
