use std::ops::Range;

use rustc_hash::FxHashMap;

/// What is known of words, by how they are written; the same again and again, since words repeat.
///
/// ```
/// use klantreis_text::{Spelled, Spelling};
///
/// let text = "de balie, de computer";
/// let mut seen = Spelled::default();
/// let first = Spelling::of(text, 0..2);
/// seen.insert(&first, text, "lidwoord");
/// let second = Spelling::of(text, 10..12);
/// assert_eq!(seen.get(&second, text), Some("lidwoord"));
/// ```
pub struct Spelled<V> {
    /// Nearly all words are short enough to be looked up and compared as two numbers, which lie in the map itself.
    short: FxHashMap<Short, V>,
    long: FxHashMap<Box<str>, V>,
    /// Short words that were asked for lately, each where its hash says. Nine of ten are found here, in memory that is near; the
    /// map is thirty times as large.
    lately: Box<[Option<(Short, V)>]>,
}

/// How a word in a text is written: its place in bytes, and what it is looked up by.
pub struct Spelling {
    /// Where it stands.
    pub place: Range<usize>,
    short: Option<Short>,
}

/// A word of at most fifteen bytes as two numbers, its length among them.
type Short = (u64, u64);

/// Words that were asked for lately.
const LATELY: usize = 1 << 12;

impl Spelling {
    /// Of the word in this place of a text.
    #[inline]
    pub fn of(text: &str, place: Range<usize>) -> Self {
        Self { short: short(text, &place), place }
    }
}

#[inline]
fn short(text: &str, place: &Range<usize>) -> Option<Short> {
    let length = place.len();
    if length > 15 {
        return None;
    }
    // Sixteen bytes wherever the text has them: copying as many as there are would take longer than all else here.
    let bytes = match text.as_bytes()[place.start..].first_chunk::<16>() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(&text.as_bytes()[place.clone()]);
            bytes
        }
    };
    let both = u128::from_le_bytes(bytes) & ((1 << (8 * length)) - 1) | (length as u128) << 120;
    Some((both as u64, (both >> 64) as u64))
}

/// Where a short word stands among those that were asked for lately.
#[inline]
fn nearby((first, second): Short) -> usize {
    let mixed = (first.rotate_left(23) ^ second).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - LATELY.ilog2())) as usize
}

impl<V: Clone> Default for Spelled<V> {
    fn default() -> Self {
        Self { short: FxHashMap::default(), long: FxHashMap::default(), lately: vec![None; LATELY].into() }
    }
}

impl<V: Clone> Spelled<V> {
    /// What is known of the word of `text` that is spelled so.
    pub fn get(&mut self, spelling: &Spelling, text: &str) -> Option<V> {
        let Some(short) = spelling.short else { return self.long.get(&text[spelling.place.clone()]).cloned() };
        let lately = &mut self.lately[nearby(short)];
        match lately {
            Some((key, value)) if *key == short => Some(value.clone()),
            _ => {
                let value = self.short.get(&short)?.clone();
                *lately = Some((short, value.clone()));
                Some(value)
            }
        }
    }

    /// Remembers what is known of a word that was not known before.
    pub fn insert(&mut self, spelling: &Spelling, text: &str, value: V) {
        match spelling.short {
            Some(key) => self.short.insert(key, value),
            None => self.long.insert(text[spelling.place.clone()].into(), value),
        };
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Whether no word is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all words.
    pub fn clear(&mut self) {
        self.short.clear();
        self.long.clear();
        self.lately.fill(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_are_told_apart_wherever_they_stand() {
        let words =
            ["ik", "\u{e9}\u{e9}n", "veertienletter", "vijftien-letter", "zestien-letters-", "zestien-letters-x"];
        let mut seen = Spelled::default();
        for (n, word) in words.iter().enumerate() {
            let (whole, longer) = (Spelling::of(word, 0..word.len()), format!("{word} en nog een heel stuk"));
            assert_eq!(seen.get(&whole, word), None, "{word}");
            seen.insert(&whole, word, n);
            assert_eq!(seen.get(&Spelling::of(&longer, 0..word.len()), &longer), Some(n), "{word}");
            let end = format!("en dan nog {word}");
            assert_eq!(seen.get(&Spelling::of(&end, end.len() - word.len()..end.len()), &end), Some(n), "{word}");
        }
        assert_eq!(seen.len(), words.len());
        seen.clear();
        assert!(seen.is_empty() && seen.get(&Spelling::of("ik", 0..2), "ik").is_none());
    }
}
