//! Positions in a text: each tool counts in its own way.
//!
//! The standard says Unicode code points from 0 and an exclusive end, but NVivo counts UTF-16 units, some count CRLF as one
//! and others as two, and "last character" was read as inclusive too. What a file means can be told from where its
//! passages begin and end: in the right units nearly all edges fall between words.

use std::ops::Range;

/// How positions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Units {
    /// Characters beyond U+FFFF (emoji) count as two, as in UTF-16.
    pub utf16: bool,
    /// CRLF counts as two.
    pub crlf: bool,
    /// The end position is that of the last character, not of the one behind it.
    pub inclusive: bool,
}

impl Units {
    /// All ways of counting; the standard's own first.
    const ALL: [Units; 8] = {
        let mut all = [Units { utf16: false, crlf: false, inclusive: false }; 8];
        let mut n = 0;
        while n < 8 {
            all[n] = Units { crlf: n & 1 == 0, utf16: n & 2 != 0, inclusive: n & 4 != 0 };
            n += 1;
        }
        all
    };
}

/// From positions in some units to bytes of the text with LF.
struct Ruler {
    /// The byte at each position; the last is the text's length.
    bytes: Vec<usize>,
}

impl Ruler {
    fn new(raw: &str, units: Units) -> Self {
        let mut bytes = Vec::with_capacity(raw.len() + 1);
        let (mut at, mut chars) = (0, raw.chars().peekable());
        while let Some(c) = chars.next() {
            bytes.push(at);
            at += if c == '\r' { 1 } else { c.len_utf8() };
            if c == '\r' && chars.next_if_eq(&'\n').is_some() && units.crlf {
                // Between the two stands what is behind them: a passage that ends there holds the end of the line.
                bytes.push(at);
            } else if units.utf16 && c.len_utf16() == 2 {
                bytes.push(at - c.len_utf8());
            }
        }
        bytes.push(at);
        Self { bytes }
    }

    fn range(&self, positions: (i64, i64), units: Units) -> Option<Range<usize>> {
        let start = *self.bytes.get(usize::try_from(positions.0).ok()?)?;
        let end = positions.1.checked_add(i64::from(units.inclusive))?;
        let end = *self.bytes.get(usize::try_from(end).ok()?)?;
        (start < end).then_some(start..end)
    }
}

/// A text as it stands in the archive, and what is selected in it.
pub struct Raw<'a> {
    /// Without a byte order mark.
    pub text: &'a str,
    /// Start, end and name of each selection.
    pub selections: Vec<(i64, i64, &'a str)>,
}

/// The text with LF for every end of a line.
pub fn with_lf(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\r', "\n")
}

/// In which units the most passages begin and end between words, over all texts of a project.
pub fn detect(texts: &[Raw<'_>]) -> Units {
    let score = |units: Units| -> i64 {
        texts
            .iter()
            .map(|raw| {
                let (text, ruler) = (with_lf(raw.text), Ruler::new(raw.text, units));
                let score = |(start, end, name): &(i64, i64, &str)| match ruler.range((*start, *end), units) {
                    Some(range) => edges(&text, range.clone()) + named(&text[range], name),
                    None => -2,
                };
                raw.selections.iter().map(score).sum::<i64>()
            })
            .sum()
    };
    // The first of the best: `max_by_key` would take the last.
    let mut best = (i64::MIN, Units::default());
    for units in Units::ALL {
        let score = score(units);
        if score > best.0 {
            best = (score, units);
        }
    }
    best.1
}

/// How many of the two edges of a passage are where people put them: before a word and behind one.
fn edges(text: &str, range: Range<usize>) -> i64 {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let space = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let (before, inside, behind) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let start = !word(before.chars().next_back()) && !space(inside.chars().next());
    let end = !word(behind.chars().next()) && !space(inside.chars().next_back());
    // A mark that closes a sentence belongs to it.
    let cut = behind.starts_with(['.', '?', '!']) && word(inside.chars().next_back());
    2 * i64::from(start) + 2 * i64::from(end) - i64::from(cut)
}

/// Tools that name a passage by its words give the answer away.
fn named(passage: &str, name: &str) -> i64 {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (passage, name) = (words(passage), words(name.trim_end_matches(['…', '.'])));
    if name.chars().count() < 8 {
        0
    } else if passage == name || passage.trim_end_matches(['…', '.']) == name {
        6
    } else if passage.starts_with(&name) {
        3
    } else {
        0
    }
}

/// The bytes (in the text with LF) of a selection.
pub fn ranges(raw: &Raw<'_>, units: Units) -> Vec<Option<Range<usize>>> {
    let ruler = Ruler::new(raw.text, units);
    raw.selections.iter().map(|(start, end, _)| ruler.range((*start, *end), units)).collect()
}

/// The positions of a range of bytes of `text` (with LF), as they count where each LF is written as CRLF if `crlf` is set.
pub fn positions(text: &str, ranges: &[Range<usize>], units: Units) -> Vec<(usize, usize)> {
    let mut at = vec![0; text.len() + 1];
    let mut position = 0;
    for (byte, c) in text.char_indices() {
        at[byte] = position;
        position += if units.utf16 { c.len_utf16() } else { 1 } + usize::from(units.crlf && c == '\n');
    }
    at[text.len()] = position;
    ranges.iter().map(|r| (at[r.start], at[r.end] - usize::from(units.inclusive))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Sofie: Het lukte niet 😀 met DigiD.\nIk gaf het op.\nJoke: Toen belde ik, 😀 en dat hielp.\n";

    fn selections(units: Units, crlf: bool) -> (String, Vec<(i64, i64)>, Vec<Range<usize>>) {
        let passages =
            ["Het lukte niet 😀 met DigiD.", "Ik gaf het op.", "Toen belde ik, 😀 en dat hielp.", "dat hielp"];
        let ranges: Vec<Range<usize>> = passages
            .iter()
            .map(|p| {
                let at = TEXT.find(p).unwrap();
                at..at + p.len()
            })
            .collect();
        let raw = if crlf { TEXT.replace('\n', "\r\n") } else { TEXT.to_owned() };
        let found = positions(TEXT, &ranges, Units { crlf: units.crlf && crlf, ..units });
        (raw, found.into_iter().map(|(a, b)| (a as i64, b as i64)).collect(), ranges)
    }

    #[test]
    fn every_way_of_counting_is_recognised() {
        for units in Units::ALL {
            let (raw, positions, ranges) = selections(units, true);
            let raw = Raw { text: &raw, selections: positions.iter().map(|(a, b)| (*a, *b, "")).collect() };
            let found = detect(std::slice::from_ref(&raw));
            assert_eq!(found, units);
            let bytes: Vec<_> = super::ranges(&raw, found).into_iter().map(Option::unwrap).collect();
            assert_eq!(bytes, ranges);
        }
    }

    #[test]
    fn what_lies_outside_the_text_is_no_passage() {
        let raw =
            Raw { text: "kort", selections: vec![(0, 9, ""), (-1, 2, ""), (3, 2, ""), (0, i64::MAX, ""), (0, 4, "")] };
        let found = ranges(&raw, Units::default());
        assert_eq!(found, [None, None, None, None, Some(0..4)]);
    }
}
