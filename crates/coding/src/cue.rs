//! The cue language: how a researcher writes down what people say.
//!
//! | written | finds |
//! |---|---|
//! | `wachtwoord vergeten` | these words next to each other, by stem: "wachtwoorden vergeet" |
//! | `wacht*` | any word that begins so |
//! | `loop … vast` | a gap of up to four words |
//! | `"op slot"` | exactly these words |
//! | `re:\d+ keer` | a regular expression on the sentence, without regard to case |
//! | `inloggen \| aanmelden` | either |
//! | `drempel ^0.4` | with weight 0.4 (0…1; 0.6 where none is given) |
//! | `drempel !over de drempel` | not when the sentence also holds "over de drempel" |

use std::borrow::Cow;

use klantreis_text::{Stemmer, fold, tokens};
use serde::{Deserialize, Serialize};

use crate::hash::hash;

/// Weight of a cue that names none.
pub const DEFAULT_WEIGHT: f32 = 0.6;

/// Words that a gap may span.
pub const GAP: usize = 4;

/// One word of a pattern. Words go by their hashes (FNV-1a, 64 bits), which compare in one instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Element {
    /// A word by its stem.
    Stem(u64),
    /// A word as folded.
    Exact(u64),
    /// The beginning of a word as folded, of this many bytes.
    Prefix(u64, u16),
    /// Up to [`GAP`] words.
    Gap,
}

/// What one alternative of a cue looks for.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Words in order.
    Words(Vec<Element>),
    /// A regular expression on the sentence.
    Regex(regex::Regex),
}

/// A cue as written, taken apart.
#[derive(Clone, Debug)]
pub struct Cue {
    /// As written, without weight and contexts.
    pub label: String,
    /// Any of these.
    pub patterns: Vec<Pattern>,
    /// How surely it points to its code, 0…1.
    pub weight: f32,
    /// It does not count in a sentence that holds one of these.
    pub not_when: Vec<Vec<Element>>,
}

/// Why a cue can't be read.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("the cue \"{cue}\" can't be read: {reason}; write for example \"loop … vast ^0.7 !vast werk\"")]
pub struct CueError {
    /// As written.
    pub cue: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Cue {
    /// Takes a written cue apart.
    pub fn parse(text: &str, stemmer: &mut Stemmer) -> Result<Self, CueError> {
        let error = |reason: &str| CueError { cue: text.to_owned(), reason: reason.to_owned() };
        if let Some(pattern) = text.trim().strip_prefix("re:") {
            let regex = regex::RegexBuilder::new(pattern.trim())
                .case_insensitive(true)
                .size_limit(1 << 20)
                .build()
                .map_err(|e| error(&e.to_string()))?;
            let patterns = vec![Pattern::Regex(regex)];
            return Ok(Self { label: text.trim().to_owned(), patterns, weight: DEFAULT_WEIGHT, not_when: vec![] });
        }
        let mut contexts = text.split(" !");
        let main = contexts.next().unwrap_or_default();
        let not_when: Vec<_> = contexts.map(|c| elements(c, stemmer)).filter(|e| !e.is_empty()).collect();
        let (label, weight) = match main.rsplit_once('^') {
            Some((label, number)) => {
                let weight: f32 =
                    number.trim().parse().map_err(|_| error("behind ^ a number from 0 to 1 is expected"))?;
                if !(0.0..=1.0).contains(&weight) {
                    return Err(error("the weight must be from 0 to 1"));
                }
                (label.trim(), weight)
            }
            None => (main.trim(), DEFAULT_WEIGHT),
        };
        let patterns: Vec<_> = label
            .split('|')
            .map(|alternative| elements(alternative, stemmer))
            .filter(|e| e.iter().any(|e| *e != Element::Gap))
            .map(Pattern::Words)
            .collect();
        if patterns.is_empty() {
            return Err(error("there is no word in it"));
        }
        Ok(Self { label: label.to_owned(), patterns, weight, not_when })
    }
}

impl Element {
    /// The word that it asks for.
    pub fn word(&self) -> Option<u64> {
        match self {
            Self::Stem(hash) | Self::Exact(hash) => Some(*hash),
            Self::Prefix(..) | Self::Gap => None,
        }
    }
}

fn elements(text: &str, stemmer: &mut Stemmer) -> Vec<Element> {
    let mut out = Vec::new();
    let mut exact = false;
    let text = if text.contains("...") { Cow::Owned(text.replace("...", "…")) } else { Cow::Borrowed(text) };
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || c == '"' || c == '…') {
        let quote = piece.ends_with('"');
        let gap = piece.ends_with('…');
        for token in tokens(piece) {
            let folded = fold(token.text);
            let starred = piece[token.end()..].starts_with('*');
            out.push(if starred {
                Element::Prefix(hash(folded.as_bytes()), folded.len().try_into().unwrap_or(u16::MAX))
            } else if exact {
                Element::Exact(hash(folded.as_bytes()))
            } else {
                Element::Stem(hash(stemmer.stem(&folded).as_bytes()))
            });
        }
        exact ^= quote;
        if gap && !out.is_empty() {
            out.push(Element::Gap);
        }
    }
    while out.last() == Some(&Element::Gap) {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Cue {
        Cue::parse(text, &mut Stemmer::dutch()).unwrap()
    }

    #[test]
    fn a_cue_has_words_gaps_a_weight_and_contexts() {
        let cue = parse("loop … vast | wacht* ^0.7 !vast werk");
        assert_eq!(cue.weight, 0.7);
        assert_eq!(cue.patterns.len(), 2);
        assert_eq!(cue.not_when.len(), 1);
        let Pattern::Words(words) = &cue.patterns[0] else { panic!() };
        assert_eq!(words[1], Element::Gap);
    }

    #[test]
    fn a_bad_cue_says_what_is_wrong() {
        let e = Cue::parse("drempel ^hoog", &mut Stemmer::dutch()).unwrap_err();
        assert!(e.to_string().contains("a number from 0 to 1"), "{e}");
        assert!(Cue::parse("…", &mut Stemmer::dutch()).is_err());
        assert!(Cue::parse("re:(", &mut Stemmer::dutch()).is_err());
    }
}
