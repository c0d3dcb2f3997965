//! Words that were worked out before go into the index as one text, with a mark between them: tantivy's own
//! pre-tokenised strings travel as JSON, which takes longer than all the rest, and each value of a field has its price.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name by which fields ask for it.
pub const NAME: &str = "joined";

/// Between words. No word has it: words are letters and digits, and all else is [freed of it](unmarked).
const NEXT: char = '\u{2}';

/// Before a word that stands in the place of the one before it.
const SAME: char = '\u{1}';

/// Puts words together, for [`Joined`] to take apart.
#[derive(Default)]
pub struct Words(String);

impl Words {
    /// Each of them in a place of its own.
    pub fn of(words: &BTreeSet<String>) -> Self {
        let mut out = Self::default();
        words.iter().for_each(|word| out.next(word));
        out
    }

    /// A word in the next place.
    pub fn next(&mut self, word: &str) {
        self.next_of([word]);
    }

    /// A word in the next place that is put together of pieces.
    pub fn next_of<const N: usize>(&mut self, pieces: [&str; N]) {
        if !self.0.is_empty() {
            self.0.push(NEXT);
        }
        pieces.iter().for_each(|piece| self.0.push_str(piece));
    }

    /// A word in the place of the last.
    pub fn same(&mut self, word: &str) {
        self.0.push(NEXT);
        self.0.push(SAME);
        self.0.push_str(word);
    }

    /// Bytes of them all.
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// What is indexed. The next words begin anew, in the same memory.
    pub fn taken(&mut self) -> Arc<str> {
        let text = self.0.as_str().into();
        self.0.clear();
        text
    }
}

/// The words that a text joins.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(NEXT).filter(|word| !word.is_empty())
}

/// A word as it can be joined: without marks.
pub fn unmarked(word: &str) -> Cow<'_, str> {
    if word.contains([NEXT, SAME]) { word.replace([NEXT, SAME], " ").into() } else { word.into() }
}

/// Takes joined words apart.
#[derive(Clone, Default)]
pub struct Joined(Token);

/// The words of a text.
pub struct Stream<'a> {
    rest: std::str::Split<'a, char>,
    token: &'a mut Token,
}

impl Tokenizer for Joined {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.0.reset();
        Stream { rest: text.split(NEXT), token: &mut self.0 }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.rest.find(|word| !word.is_empty()) else { return false };
        let (word, same) = word.strip_prefix(SAME).map_or((word, false), |word| (word, true));
        if !same {
            self.token.position = self.token.position.wrapping_add(1);
        }
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_in_their_places() {
        let mut words = Words::default();
        for word in ["vroeg", "ik", "nog"] {
            words.next(word);
            if word == "vroeg" {
                words.same("vraag");
            }
        }
        let (text, mut joined) = (words.taken(), Joined::default());
        assert_eq!(&*words.taken(), "");
        for _ in 0..2 {
            let mut found = Vec::new();
            joined.token_stream(&text).process(&mut |token| found.push((token.position, token.text.clone())));
            let found: Vec<(usize, &str)> = found.iter().map(|(n, word)| (*n, word.as_str())).collect();
            assert_eq!(found, [(0, "vroeg"), (0, "vraag"), (1, "ik"), (2, "nog")]);
        }
        assert!(!Joined::default().token_stream("").advance());
    }
}
