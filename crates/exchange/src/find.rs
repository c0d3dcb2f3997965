//! Where a quote stands in a transcript, also when it was retyped.
//!
//! First letter for letter (white space aside), then by words alone, then by the best alignment of words (Sellers 1980):
//! a word too much, too few or misspelt costs; three dots in the quote may stand for any words.

use std::ops::Range;

use klantreis_study::{Role, Transcript};
use klantreis_text::{fold, tokens};

/// How a quote was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// Letter for letter, white space aside.
    Exact,
    /// Word for word: capitals, accents and marks differ.
    Words,
    /// Nearly: the share of its words that agree, 0…1.
    Nearly(f64),
}

/// Where a quote stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Place of the turn in the transcript.
    pub turn: usize,
    /// The bytes of the turn's text.
    pub range: Range<usize>,
    /// How well it fits.
    pub likeness: Likeness,
    /// Whether it fits another place as well.
    pub ambiguous: bool,
}

impl Found {
    /// 1 for a perfect fit.
    pub fn score(&self) -> f64 {
        match self.likeness {
            Likeness::Exact | Likeness::Words => 1.0,
            Likeness::Nearly(score) => score,
        }
    }
}

/// A quote of which less agrees is not found.
const LEAST: f64 = 0.72;

/// A retyped quote with fewer words fits anywhere.
const FEWEST: usize = 4;

struct Word {
    text: String,
    range: Range<usize>,
}

/// A transcript, prepared for finding quotes.
pub struct Finder<'a> {
    transcript: &'a Transcript,
    words: Vec<Vec<Word>>,
}

/// The words of a text; the parts of "IDO-training" are two, since people leave the hyphen out.
fn words_of(text: &str) -> impl Iterator<Item = Word> {
    tokens(text).flat_map(|token| {
        let mut start = token.start;
        let part = |part: &str| {
            let range = start..start + part.len();
            start = range.end + 1;
            Word { text: fold(part).into_owned(), range }
        };
        token.text.split('-').map(part).collect::<Vec<_>>()
    })
}

/// A word of the quote, or a gap that any words may fill.
enum Piece {
    Word(String),
    Gap,
}

impl<'a> Finder<'a> {
    /// Prepares a transcript.
    pub fn new(transcript: &'a Transcript) -> Self {
        let words = transcript.turns.iter().map(|turn| words_of(&turn.text).collect());
        Self { words: words.collect(), transcript }
    }

    /// The transcript.
    pub fn transcript(&self) -> &'a Transcript {
        self.transcript
    }

    /// Where a quote stands in what `role` says; among equals the turn nearest to `near` (from 0), or the first.
    pub fn find(&self, quote: &str, role: Role, near: Option<usize>) -> Option<Found> {
        let quote = bare(quote);
        let turns = || self.transcript.turns.iter().enumerate().filter(|(_, turn)| turn.role == role);
        if quote.is_empty() {
            return None;
        }
        let exact = turns().flat_map(|(n, turn)| {
            turn.text.match_indices(quote.as_str()).map(|(at, said)| (n, at..at + said.len())).collect::<Vec<_>>()
        });
        if let Some(found) = best(exact.map(|(n, range)| (n, range, 1.0)).collect(), near, Likeness::Exact) {
            return Some(found);
        }
        let pieces = pieces(&quote);
        let count = pieces.iter().filter(|p| matches!(p, Piece::Word(_))).count();
        let places: Vec<_> = turns()
            .filter_map(|(n, _)| align(&pieces, count, &self.words[n]).map(|(words, score)| (n, words, score)))
            .filter(|(_, _, score)| *score >= if count < FEWEST { 1.0 } else { LEAST })
            .map(|(n, words, score)| (n, self.whole(n, words), score))
            .collect();
        let top = places.iter().map(|p| p.2).fold(0.0, f64::max);
        let likeness = if top >= 1.0 { Likeness::Words } else { Likeness::Nearly(top) };
        best(places.into_iter().filter(|p| p.2 > top - 0.02).collect(), near, likeness)
    }

    /// The bytes from the first to the last word, with the marks that open and close them.
    fn whole(&self, turn: usize, words: Range<usize>) -> Range<usize> {
        let (text, all) = (&self.transcript.turns[turn].text, &self.words[turn]);
        let (start, end) = (all[words.start].range.start, all[words.end - 1].range.end);
        let mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let closing = text[end..].chars().take_while(|c| mark(*c)).map(char::len_utf8).sum::<usize>();
        let opening =
            text[..start].chars().rev().take_while(|c| matches!(c, '"' | '“' | '‘' | '(' | '«')).map(char::len_utf8);
        start - opening.sum::<usize>()..end + closing
    }
}

/// The nearest of the best places.
fn best(mut places: Vec<(usize, Range<usize>, f64)>, near: Option<usize>, likeness: Likeness) -> Option<Found> {
    let distance = |n: usize| near.map_or(0, |near| n.abs_diff(near));
    places.sort_by(|a, b| {
        let score = b.2.total_cmp(&a.2);
        distance(a.0).cmp(&distance(b.0)).then(score).then(a.0.cmp(&b.0)).then(a.1.start.cmp(&b.1.start))
    });
    let ambiguous = places.len() > 1 && (near.is_none() || places[0].0 == places[1].0);
    let (turn, range, _) = places.into_iter().next()?;
    Some(Found { turn, range, likeness, ambiguous })
}

/// A quote without the quotation marks around it and with single spaces.
fn bare(quote: &str) -> String {
    let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let pairs = [('"', '"'), ('“', '”'), ('„', '”'), ('‘', '’'), ('\'', '\''), ('«', '»')];
    for (open, close) in pairs {
        if let Some(inside) = quote.strip_prefix(open).and_then(|q| q.strip_suffix(close))
            && !inside.contains([open, close])
        {
            return inside.trim().to_owned();
        }
    }
    quote
}

fn pieces(quote: &str) -> Vec<Piece> {
    let quote =
        quote.replace("[...]", "…").replace("(...)", "…").replace("[…]", "…").replace("(…)", "…").replace("...", "…");
    let mut out = Vec::new();
    for (n, part) in quote.split('…').enumerate() {
        if n > 0 && !out.is_empty() {
            out.push(Piece::Gap);
        }
        out.extend(words_of(part).map(|w| Piece::Word(w.text)));
    }
    while matches!(out.last(), Some(Piece::Gap)) {
        out.pop();
    }
    out
}

/// What it costs to take one word for another: nothing for the same, little for a slip of the pen.
fn cost(a: &str, b: &str) -> f64 {
    if a == b {
        return 0.0;
    }
    let longest = a.chars().count().max(b.chars().count());
    if longest >= 4 && strsim::osa_distance(a, b) * 3 <= longest { 0.3 } else { 1.0 }
}

/// The words with which the quote agrees best, and the share that agrees.
fn align(pieces: &[Piece], count: usize, words: &[Word]) -> Option<(Range<usize>, f64)> {
    if count == 0 || words.is_empty() {
        return None;
    }
    // A turn that shares few words with the quote can't hold it.
    let shared = pieces.iter().filter(|p| matches!(p, Piece::Word(w) if words.iter().any(|o| o.text == *w))).count();
    if shared * 2 < count {
        return None;
    }
    // A row a piece of the quote: for each number of words read, the least cost and where that alignment began.
    let mut row: Vec<(f64, usize)> = (0..=words.len()).map(|n| (0.0, n)).collect();
    for piece in pieces {
        let mut next = Vec::with_capacity(row.len());
        match piece {
            Piece::Gap => {
                let mut least = row[0];
                for cell in &row {
                    if cell.0 < least.0 {
                        least = *cell;
                    }
                    next.push(least);
                }
            }
            Piece::Word(word) => {
                next.push((row[0].0 + 1.0, row[0].1));
                for (n, other) in words.iter().enumerate() {
                    let instead = (row[n].0 + cost(word, &other.text), row[n].1);
                    let left_out = (row[n + 1].0 + 1.0, row[n + 1].1);
                    let more = (next[n].0 + 0.7, next[n].1);
                    let least = [left_out, more].into_iter().fold(instead, |a, b| if b.0 < a.0 { b } else { a });
                    next.push(least);
                }
            }
        }
        row = next;
    }
    let (end, (least, start)) =
        row.into_iter().enumerate().skip(1).min_by(|a, b| a.1.0.total_cmp(&b.1.0)).filter(|(end, (_, s))| s < end)?;
    Some((start..end, 1.0 - least / count as f64))
}

#[cfg(test)]
mod tests {
    use klantreis_study::Turn;

    use super::*;

    fn transcript(said: &[(Role, &str)]) -> Transcript {
        let turn = |(n, (role, text)): (usize, &(Role, &str))| Turn {
            number: n as u32 + 1,
            speaker: String::new(),
            role: *role,
            start: None,
            end: None,
            text: (*text).to_owned(),
            sentences: klantreis_text::sentences(text),
        };
        Transcript {
            file: "a.txt".into(),
            interview: "a".into(),
            attributes: Default::default(),
            turns: said.iter().enumerate().map(turn).collect(),
            problems: Vec::new(),
        }
    }

    const ASKS: Role = Role::Interviewer;
    const SAYS: Role = Role::Respondent;

    fn find(quote: &str, near: Option<usize>) -> Option<(usize, String, Likeness, bool)> {
        let transcript = transcript(&[
            (ASKS, "Hoe ging het met DigiD?"),
            (SAYS, "Nou, ik kon mijn wachtwoord niet vinden. Daarna heb ik, eh, mijn dochter gebeld. Dat hielp."),
            (ASKS, "En toen?"),
            (SAYS, "Ja hoor. Dat hielp. “Bel maar”, zei ze: het duurde één kwartier voor ik erin was!"),
        ]);
        let found = Finder::new(&transcript).find(quote, SAYS, near)?;
        Some((found.turn, transcript.turns[found.turn].text[found.range].to_owned(), found.likeness, found.ambiguous))
    }

    #[test]
    fn quotes_are_found_as_they_were_copied_or_retyped() {
        for (quote, turn, text) in [
            ("ik kon mijn wachtwoord niet vinden.", 1, "ik kon mijn wachtwoord niet vinden."),
            ("“Ik kon mijn  wachtwoord\nniet vinden”", 1, "ik kon mijn wachtwoord niet vinden."),
            ("Ik kon mn wachtwoord niet vinden", 1, "ik kon mijn wachtwoord niet vinden."),
            ("daarna heb ik mijn dochter gebeld", 1, "Daarna heb ik, eh, mijn dochter gebeld."),
            ("Daarna heb ik mijn dogter gebelt", 1, "Daarna heb ik, eh, mijn dochter gebeld."),
            (
                "ik kon mijn wachtwoord ... dochter gebeld",
                1,
                "ik kon mijn wachtwoord niet vinden. Daarna heb ik, eh, mijn dochter gebeld.",
            ),
            ("Het duurde een kwartier voor ik er in was", 3, "het duurde één kwartier voor ik erin was!"),
        ] {
            let (t, found, _, ambiguous) = find(quote, None).unwrap_or_else(|| panic!("{quote}"));
            assert_eq!((t, found.as_str(), ambiguous), (turn, text, false), "{quote}");
        }
    }

    #[test]
    fn how_it_was_found_is_said() {
        assert_eq!(find("ik kon mijn wachtwoord niet vinden", None).unwrap().2, Likeness::Exact);
        assert_eq!(find("Ik kon mijn wachtwoord niet vinden!", None).unwrap().2, Likeness::Words);
        assert!(matches!(find("ik kon men wachtwoord niet vinden", None).unwrap().2, Likeness::Nearly(s) if s < 1.0));
    }

    #[test]
    fn among_equals_the_nearest_is_taken_and_a_toss_is_said() {
        assert_eq!(find("Dat hielp.", None).map(|f| (f.0, f.3)), Some((1, true)));
        assert_eq!(find("Dat hielp.", Some(3)).map(|f| (f.0, f.3)), Some((3, false)));
    }

    #[test]
    fn what_nobody_said_is_not_found() {
        for quote in ["", "…", "Hoe ging het met DigiD?", "ik vond de folder erg duidelijk en mooi", "Ja zeker"] {
            assert_eq!(find(quote, None), None, "{quote}");
        }
    }
}
