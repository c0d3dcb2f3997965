//! Which words of a passage made it match?

use std::{collections::BTreeSet, ops::Range};

use klantreis_text::{Stemmer, fold, tokens};

use crate::build::stem;

/// The words that a query asks for.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub stems: BTreeSet<String>,
    /// Folded.
    pub prefixes: Vec<String>,
    /// Folded, with the number of letters that may differ.
    pub near: Vec<(String, u8)>,
}

impl Words {
    /// The places of the words in `text`, in bytes.
    pub fn places(&self, text: &str, stemmer: &mut Stemmer) -> Vec<Range<usize>> {
        tokens(text)
            .filter(|token| {
                let form = fold(token.text);
                self.stems.contains(&stem(stemmer, token.text))
                    || self.prefixes.iter().any(|prefix| form.starts_with(prefix.as_str()))
                    || self.near.iter().any(|(near, distance)| edit_distance(&form, near) <= usize::from(*distance))
            })
            .map(|t| t.start..t.end())
            .collect()
    }
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
