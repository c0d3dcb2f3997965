//! What cues look for, taken apart so far that it can be found: the rest of the work on them is done when the program starts.
//!
//! The build script does this for the lexicon, so that it need not be done at each start; the program for a codebook.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use serde::{Deserialize, Serialize};

use crate::cue::{Cue, Element, Pattern};

/// Cues, and their patterns by what they wait for.
#[derive(Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Patterns {
    /// The cues, in order.
    pub cues: Vec<Plain>,
    /// Their patterns of words, by their [signs](Sign).
    pub waiting: Vec<Waiting>,
    /// The elements of all patterns.
    pub elements: Vec<Element>,
    /// Regular expressions, with the places of their cues.
    #[serde(skip)]
    pub regexes: Vec<(usize, regex::Regex)>,
}

/// A cue without what it looks for.
#[derive(Serialize, Deserialize)]
pub(crate) struct Plain {
    /// As written, without weight and contexts.
    #[serde(borrow)]
    pub label: Cow<'static, str>,
    /// How surely it points to its code, 0…1.
    pub weight: f32,
    /// It does not count in a sentence that holds one of these.
    pub not_when: Vec<Vec<Element>>,
}

/// A pattern, and what it waits for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// What it waits for.
    pub sign: Sign,
    /// Place of its first element.
    pub place: u32,
    /// Place of the cue.
    pub cue: u32,
    /// Where its elements are among those of all patterns.
    pub elements: Range<u32>,
}

/// What a pattern may wait for: the hashes of two words side by side, of one, or of the beginning of one with its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Sign {
    Pair(u64, u64),
    Word(u64),
    Beginning(u64, u16),
}

impl Patterns {
    /// Takes cues apart, and has each pattern wait for what is rarest in it.
    pub fn of(cues: Vec<Cue>) -> Self {
        let mut out = Self::default();
        let mut patterns = Vec::new();
        for (place, cue) in cues.into_iter().enumerate() {
            for pattern in cue.patterns {
                match pattern {
                    Pattern::Words(elements) => patterns.push((place, elements)),
                    Pattern::Regex(regex) => out.regexes.push((place, regex)),
                }
            }
            out.cues.push(Plain { label: cue.label.into(), weight: cue.weight, not_when: cue.not_when });
        }
        let mut frequency: HashMap<Sign, u32> = HashMap::new();
        for (_, sign) in patterns.iter().flat_map(|(_, pattern)| signs(pattern)) {
            *frequency.entry(sign).or_default() += 1;
        }
        let mut waiting = Vec::new();
        for (cue, pattern) in &patterns {
            let rarest = signs(pattern).min_by_key(|(_, sign)| (!matches!(sign, Sign::Pair(..)), frequency[sign]));
            // Gaps alone say nothing.
            waiting.extend(rarest.map(|(place, sign)| (sign, place, *cue, pattern)));
        }
        waiting.sort_by_key(|(sign, ..)| *sign);
        for (sign, place, cue, pattern) in waiting {
            let first = out.elements.len() as u32;
            out.elements.extend_from_slice(pattern);
            let elements = first..out.elements.len() as u32;
            out.waiting.push(Waiting { sign, place: place as u32, cue: cue as u32, elements });
        }
        out
    }

    /// Adds others behind these.
    pub fn extend(&mut self, others: Self) {
        let (before, first) = (self.cues.len(), self.elements.len() as u32);
        self.waiting.extend(others.waiting.into_iter().map(|mut waiting| {
            waiting.cue += before as u32;
            waiting.elements = waiting.elements.start + first..waiting.elements.end + first;
            waiting
        }));
        self.elements.extend(others.elements);
        self.waiting.sort_by_key(|waiting| waiting.sign);
        self.regexes.extend(others.regexes.into_iter().map(|(cue, regex)| (cue + before, regex)));
        self.cues.extend(others.cues);
    }
}

/// All that a pattern may wait for, with the place of its first element.
fn signs(pattern: &[Element]) -> impl Iterator<Item = (usize, Sign)> {
    let pair = |place: usize| Some(Sign::Pair(pattern[place].word()?, pattern.get(place + 1)?.word()?));
    let alone = |element: &Element| match element {
        Element::Stem(hash) | Element::Exact(hash) => Some(Sign::Word(*hash)),
        Element::Prefix(hash, bytes) => Some(Sign::Beginning(*hash, *bytes)),
        Element::Gap => None,
    };
    let at = move |(place, element)| [pair(place), alone(element)].into_iter().flatten().map(move |sign| (place, sign));
    pattern.iter().enumerate().flat_map(at)
}
