//! Which words of a passage made it match?

use std::{collections::BTreeSet, ops::Range};

use klantreis_text::fold;

use crate::dutch::{Dutch, Placed, Word};

/// The words that a query asks for.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub stems: BTreeSet<String>,
    /// Stems of what words may be compounded of.
    pub parts: BTreeSet<String>,
    /// Folded.
    pub prefixes: Vec<String>,
    /// Folded, with the number of letters that may differ.
    pub near: Vec<(String, u8)>,
    /// Stems in a row, with the number of words that may stand between them.
    pub phrases: Vec<(Vec<String>, u32)>,
}

impl Words {
    /// The places of the words in `text`, in bytes. Words of a phrase that stand together come as one place.
    pub fn places(&self, text: &str, dutch: &mut Dutch) -> Vec<Range<usize>> {
        let words = dutch.words(text);
        let mut out: Vec<Range<usize>> = Vec::new();
        for placed in &words {
            if self.asks_for(&placed.word, &fold(&text[placed.place.clone()])) {
                out.push(placed.place.clone());
            }
        }
        for (phrase, slop) in &self.phrases {
            out.extend(phrase_places(&words, phrase, *slop as usize));
        }
        out.sort_by_key(|place| (place.start, place.end));
        // Places that touch or overlap are one.
        out.dedup_by(|next, kept| {
            let overlap = next.start < kept.end;
            if overlap {
                kept.end = kept.end.max(next.end);
            }
            overlap
        });
        out
    }

    fn asks_for(&self, word: &Word, form: &str) -> bool {
        let stems = &self.stems;
        stems.contains(&word.stem)
            || word.also.iter().any(|stem| stems.contains(stem))
            || word.parts.iter().any(|part| self.parts.contains(part))
            || self.prefixes.iter().any(|prefix| form.starts_with(prefix.as_str()))
            || self.near.iter().any(|(near, distance)| edit_distance(form, near) <= usize::from(*distance))
    }
}

/// Where the stems stand in order with at most `slop` words between them; where they only stand in another order, each
/// of them.
fn phrase_places(words: &[Placed], phrase: &[String], slop: usize) -> Vec<Range<usize>> {
    let is = |n: usize, stem: &String| words[n].word.stem == *stem || words[n].word.also.contains(stem);
    let mut out = Vec::new();
    let mut from = 0;
    while from < words.len() {
        if let Some(row) = row_from(words.len(), from, phrase, slop, &is) {
            let together = row.windows(2).all(|w| w[0] + 1 == w[1]);
            let (first, last) = (row[0], row[row.len() - 1]);
            if together {
                out.push(words[first].place.start..words[last].place.end);
            } else {
                out.extend(row.iter().map(|n| words[*n].place.clone()));
            }
            from = last + 1;
        } else {
            from += 1;
        }
    }
    if out.is_empty() && slop > 0 && phrase.iter().all(|stem| (0..words.len()).any(|n| is(n, stem))) {
        let of_phrase = |n: &usize| phrase.iter().any(|stem| is(*n, stem));
        out.extend((0..words.len()).filter(of_phrase).map(|n| words[n].place.clone()));
    }
    out
}

fn row_from(
    count: usize,
    from: usize,
    phrase: &[String],
    slop: usize,
    is: &impl Fn(usize, &String) -> bool,
) -> Option<Vec<usize>> {
    let mut row = Vec::with_capacity(phrase.len());
    let mut at = from;
    for (n, stem) in phrase.iter().enumerate() {
        let last = if n == 0 { from } else { (from + n + slop).min(count.checked_sub(1)?) };
        let found = (at..=last).find(|place| is(*place, stem))?;
        row.push(found);
        at = found + 1;
    }
    Some(row)
}

/// The name that was probably meant: the one with the fewest letters different.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.min_by_key(|k| edit_distance(k, name))
}

/// Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut least = (last[j] + usize::from(a[i] != b[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_counts_once() {
        for (a, b, distance) in
            [("", "", 0), ("", "ab", 2), ("fasee", "fase", 1), ("kwitj", "kwijt", 1), ("balie", "brief", 3)]
        {
            assert_eq!(edit_distance(a, b), distance, "{a} {b}");
            assert_eq!(edit_distance(b, a), distance, "{b} {a}");
        }
    }
}
