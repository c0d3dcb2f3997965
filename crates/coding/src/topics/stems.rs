//! Stems by numbers: what is known of them stands in tables, and a word looks for its number once.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::{hash::ByHash, words::Word};

/// A stem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stem {
    pub hash: u64,
    /// Its number; [`UNKNOWN`] where nothing is known of it.
    pub number: u32,
}

/// The number of all stems that have none.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Where nobody numbered a word yet: those who do have ids from 1.
pub(crate) const NOBODY: (u32, u32) = (0, UNKNOWN);

/// The stems of which something is known in a study.
#[derive(Default)]
pub(super) struct Stems {
    /// Tells these from others; 0 where there are none.
    id: u32,
    numbers: ByHash<u32>,
    hashes: Vec<u64>,
}

impl Stems {
    /// The number of a stem, which gets one if it has none. Then [`seal`](Self::seal) has words look again.
    pub fn number(&mut self, hash: u64) -> u32 {
        *self.numbers.entry(hash).or_insert_with(|| {
            self.hashes.push(hash);
            self.hashes.len() as u32 - 1
        })
    }

    /// The number of the stem of a word.
    #[inline]
    pub fn of(&self, word: &Word) -> Stem {
        let hash = word.stem_hash;
        let (by, number) = word.number.get();
        if by == self.id {
            return Stem { hash, number };
        }
        let number = self.numbers.get(&hash).copied().unwrap_or(UNKNOWN);
        word.number.set((self.id, number));
        Stem { hash, number }
    }

    /// Words look for their numbers again from now on.
    pub fn seal(&mut self) {
        static MADE: AtomicU32 = AtomicU32::new(0);
        self.id = MADE.fetch_add(1, Ordering::Relaxed) + 1;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The stem with a number.
    pub fn hash(&self, number: u32) -> u64 {
        self.hashes[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn a_word_finds_its_number_again_in_other_stems_and_when_there_are_more() {
        let mut words = Words::new();
        let sentence = words.sentence("balie computer");
        let [desk, computer] = [&sentence.words[0], &sentence.words[1]];
        let (mut some, mut others) = (Stems::default(), Stems::default());
        assert_eq!(some.of(desk).number, UNKNOWN);
        assert_eq!(some.number(desk.stem_hash), 0);
        some.seal();
        others.number(computer.stem_hash);
        others.number(desk.stem_hash);
        others.seal();
        let numbers = |stems: &Stems| [desk, computer].map(|word| stems.of(word).number);
        assert_eq!([numbers(&some), numbers(&others), numbers(&some)], [[0, UNKNOWN], [1, 0], [0, UNKNOWN]]);
        some.number(computer.stem_hash);
        some.seal();
        assert_eq!(numbers(&some), [0, 1]);
        assert_eq!((some.len(), some.hash(1)), (2, computer.stem_hash));
    }
}
