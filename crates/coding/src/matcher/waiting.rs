//! What waits for what: for a word, for the beginning of one, or for two side by side.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use super::WordSet;
use crate::{
    cue::{Element, GAP},
    hash::{ByHash, Hashes, hashes_of_beginnings, pair},
    pattern::{self, Sign},
    words::Word,
};

/// A pattern that waits, with as much of it as spares most looks at its elements, which lie elsewhere in memory.
pub(super) struct Waits {
    /// The words that it needs.
    pub needs: WordSet,
    /// Where its elements are.
    pub elements: Range<u32>,
    /// The cue.
    pub cue: u32,
    /// Words from where the pattern begins to what it waits for, at least and at most.
    pub before: [u32; 2],
    /// Whether it is found wherever what it waits for stands, as stems: it has no more elements than that.
    pub whole: bool,
    /// Whether there are contexts in which its cue does not count.
    pub has_contexts: bool,
}

impl Waits {
    fn new(pattern: &pattern::Waiting, elements: &[Element], has_contexts: bool) -> Self {
        let words = if matches!(pattern.sign, Sign::Pair(..)) { 2 } else { 1 };
        Self {
            needs: WordSet::of(elements),
            elements: pattern.elements.clone(),
            cue: pattern.cue,
            before: words_before(&elements[..pattern.place as usize]),
            whole: elements.len() == words && !elements.iter().any(|e| matches!(e, Element::Exact(_))),
            has_contexts,
        }
    }
}

/// How many words a pattern goes through, at least and at most.
fn words_before(pattern: &[Element]) -> [u32; 2] {
    let gaps = pattern.iter().filter(|element| matches!(element, Element::Gap)).count();
    let words = pattern.len() - gaps;
    [words as u32, (words + gaps * GAP) as u32]
}

/// Where some of the patterns that wait stand.
type List = Range<u32>;

/// All patterns of a matcher by what they wait for.
pub(super) struct Waiting {
    /// Tells this matcher from others.
    id: u64,
    all: Vec<Waits>,
    /// The elements of all patterns, in the same order.
    elements: Vec<Element>,
    by_word: ByHash<List>,
    by_beginning: ByHash<List>,
    /// Lengths of the shortest and the longest of them.
    shortest: usize,
    longest: usize,
    by_pair: ByHash<List>,
    /// Most pairs have none, which a sieve of 16 kB tells without a look into the map.
    sieve: Vec<u64>,
    /// The first and the second words of pairs.
    in_pairs: [Hashes; 2],
}

/// What waits for a word, worked out once a form: it stands in thousands of sentences.
#[derive(Debug, Default)]
pub(crate) struct Awaited {
    /// The matcher that was asked; 0 where none was.
    by: u64,
    /// What waits for its stem (true) or its form alone.
    alone: Box<[(List, bool)]>,
    /// Whether its stem, and its form where that is another, is the first or the second word of any pair.
    in_pairs: [[bool; 2]; 2],
}

/// Words of a sieve.
const SIEVE: usize = 1 << 11;

impl Waiting {
    /// Lays out patterns, which come by their signs; `has_contexts` says it of a cue.
    pub fn new(waiting: &[pattern::Waiting], elements: Vec<Element>, has_contexts: impl Fn(usize) -> bool) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let mut lists: Vec<(Sign, List)> = Vec::new();
        for (place, pattern) in (0..).zip(waiting) {
            match lists.last_mut() {
                Some((last, list)) if *last == pattern.sign => list.end = place + 1,
                _ => lists.push((pattern.sign, place..place + 1)),
            }
        }
        let waits = |pattern: &pattern::Waiting| {
            Waits::new(pattern, in_range(&elements, &pattern.elements), has_contexts(pattern.cue as usize))
        };
        let pairs = lists.iter().filter(|(sign, _)| matches!(sign, Sign::Pair(..))).count();
        let mut out = Self {
            id: MADE.fetch_add(1, Ordering::Relaxed) + 1,
            all: waiting.iter().map(waits).collect(),
            elements,
            by_word: ByHash::with_capacity_and_hasher(lists.len() - pairs, Default::default()),
            by_beginning: ByHash::default(),
            shortest: usize::MAX,
            longest: 0,
            by_pair: ByHash::with_capacity_and_hasher(pairs, Default::default()),
            sieve: vec![0; SIEVE],
            in_pairs: Default::default(),
        };
        for (sign, place) in lists {
            match sign {
                Sign::Word(hash) => drop(out.by_word.insert(hash, place)),
                Sign::Beginning(hash, length) => {
                    let length = usize::from(length);
                    (out.shortest, out.longest) = (out.shortest.min(length), out.longest.max(length));
                    out.by_beginning.insert(hash, place);
                }
                Sign::Pair(first, second) => {
                    let both = pair(first, second);
                    let (word, bit) = spot(both);
                    out.sieve[word] |= bit;
                    out.in_pairs[0].insert(first);
                    out.in_pairs[1].insert(second);
                    out.by_pair.insert(both, place);
                }
            }
        }
        out
    }

    /// Whether it was this matcher that said so.
    pub fn knows(&self, awaited: &Awaited) -> bool {
        awaited.by == self.id
    }

    /// What waits for a word of this form and these [hashes](Word::hashes).
    pub fn awaited(&self, form: &str, hashes: impl Iterator<Item = (u64, bool)>) -> Awaited {
        let mut alone = Vec::new();
        let mut in_pairs = [[false; 2]; 2];
        for (hash, stem) in hashes {
            alone.extend(self.by_word.get(&hash).map(|list| (list.clone(), stem)));
            in_pairs[usize::from(!stem)] = [0, 1].map(|side| self.in_pairs[side].contains(&hash));
        }
        for (length, beginning) in (1..=self.longest).zip(hashes_of_beginnings(form.as_bytes())) {
            if length >= self.shortest {
                alone.extend(self.by_beginning.get(&beginning).map(|list| (list.clone(), true)));
            }
        }
        Awaited { by: self.id, alone: alone.into(), in_pairs }
    }

    /// Calls `look` with what waits for a word alone, and whether for its stem or the beginning of it.
    #[inline]
    pub fn alone(&self, awaited: &Awaited, mut look: impl FnMut(&[Waits], bool)) {
        awaited.alone.iter().for_each(|(list, stem)| look(self.list(list), *stem));
    }

    /// The same with what waits for two words side by side.
    #[inline]
    pub fn together(&self, [first, second]: [&Word; 2], awaited: [&Awaited; 2], mut look: impl FnMut(&[Waits], bool)) {
        let [before, behind] = awaited.map(|awaited| awaited.in_pairs);
        for (first, stem) in first.hashes().filter(|(_, stem)| before[usize::from(!stem)][0]) {
            for (second, too) in second.hashes().filter(|(_, stem)| behind[usize::from(!stem)][1]) {
                let both = pair(first, second);
                let (word, bit) = spot(both);
                if self.sieve[word] & bit != 0
                    && let Some(list) = self.by_pair.get(&both)
                {
                    look(self.list(list), stem && too);
                }
            }
        }
    }

    /// The elements of a pattern.
    pub fn pattern(&self, waits: &Waits) -> &[Element] {
        in_range(&self.elements, &waits.elements)
    }

    fn list(&self, list: &List) -> &[Waits] {
        in_range(&self.all, list)
    }
}

fn in_range<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    &all[range.start as usize..range.end as usize]
}

/// Word and bit of a hash in the sieve.
fn spot(hash: u64) -> (usize, u64) {
    let mixed = hash ^ (hash >> 29);
    ((mixed >> 6) as usize % SIEVE, 1 << (mixed & 63))
}
