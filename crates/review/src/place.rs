//! Finding the words of an anchor again, also where the transcript was corrected since.

use std::{collections::HashMap, ops::Range};

use klantreis_study::Role;

use crate::anchor::{Anchor, Text, overlapping};

/// Characters of context that must fit where less than half of it does.
const SOME_CONTEXT: usize = 16;

/// A text this long (in characters) that stands in one place only needs no context.
const LONG: usize = 40;

/// From which likeness on a changed sentence is taken for the one that was meant.
const ALIKE: f64 = 0.7;

/// What the context adds to the likeness of a place, at most, so that it decides between equals.
const CONTEXT_COUNTS: f64 = 0.1;

/// The turn and the sentences that the anchor is about; `None` where its words are there no more, or an interviewer's.
pub fn place(text: &Text<'_>, anchor: &Anchor) -> Option<(usize, Range<usize>)> {
    let found = exact(text, anchor).and_then(|at| text.sentences(at)).or_else(|| alike(text, anchor));
    found.filter(|(turn, _)| text.transcript.turns[*turn].role == Role::Respondent)
}

/// The same words: where the context fits best, then nearest to the old position.
fn exact(text: &Text<'_>, anchor: &Anchor) -> Option<Range<usize>> {
    let wanted = text.byte(anchor.start);
    let length = anchor.exact.chars().count();
    let context = anchor.prefix.chars().count() + anchor.suffix.chars().count();
    let fits = |at: usize| fitting(text, anchor, at..at + anchor.exact.len());
    // Mostly nothing has changed.
    if text.all[wanted..].starts_with(&anchor.exact) && fits(wanted) == context {
        return Some(wanted..wanted + anchor.exact.len());
    }
    let places: Vec<usize> = overlapping(&text.all, &anchor.exact).collect();
    let best = *places.iter().max_by_key(|at| (fits(**at), usize::MAX - at.abs_diff(wanted)))?;
    let fitting = fits(best);
    let sure = 2 * fitting >= context || fitting >= SOME_CONTEXT || (places.len() == 1 && length >= LONG);
    sure.then(|| best..best + anchor.exact.len())
}

/// Number of characters of context that are the same around `range`.
fn fitting(text: &Text<'_>, anchor: &Anchor, range: Range<usize>) -> usize {
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    same(&mut text.all[..range.start].chars().rev(), &mut anchor.prefix.chars().rev())
        + same(&mut text.all[range.end..].chars(), &mut anchor.suffix.chars())
}

/// Sentences that are nearly the same: the most alike by their groups of three letters (Dice's coefficient).
fn alike(text: &Text<'_>, anchor: &Anchor) -> Option<(usize, Range<usize>)> {
    let (wanted, here) = (grams(&anchor.exact), text.byte(anchor.start));
    let length = anchor.exact.len();
    let context = (anchor.prefix.chars().count() + anchor.suffix.chars().count()).max(1);
    let mut best: Option<(f64, usize, (usize, Range<usize>))> = None;
    for (t, turn) in text.transcript.respondent_turns() {
        for first in 0..turn.sentences.len() {
            for last in first..turn.sentences.len() {
                let range = turn.sentences[first].start..turn.sentences[last].end;
                if 2 * range.len() < length {
                    continue;
                }
                if range.len() > 2 * length {
                    break;
                }
                let at = text.start(t) + range.start..text.start(t) + range.end;
                let likeness = dice(&wanted, &grams(&turn.text[range]));
                if likeness < ALIKE {
                    continue;
                }
                let fits = fitting(text, anchor, at.clone()) as f64 / context as f64;
                let (score, distance) = (likeness + CONTEXT_COUNTS * fits, at.start.abs_diff(here));
                if best.as_ref().is_none_or(|(s, d, _)| score > *s || (score == *s && distance < *d)) {
                    best = Some((score, distance, (t, first..last + 1)));
                }
            }
        }
    }
    best.map(|(.., found)| found)
}

type Grams = HashMap<[char; 3], usize>;

fn grams(text: &str) -> Grams {
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut out = Grams::new();
    for three in letters.windows(3) {
        *out.entry([three[0], three[1], three[2]]).or_default() += 1;
    }
    out
}

fn dice(a: &Grams, b: &Grams) -> f64 {
    let shared: usize = a.iter().map(|(gram, n)| n.min(b.get(gram).unwrap_or(&0))).sum();
    let all = a.values().sum::<usize>() + b.values().sum::<usize>();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::transcript;

    const TALK: [&str; 4] = [
        "I: Hoe gaat het?",
        "R: Ja. Ik kan het formulier nooit vinden op die site. Daar word ik moe van.",
        "I: Vaak?",
        "R: Ja. Elke week weer dezelfde ellende. Ja.",
    ];

    fn found(before: &[&str], turn: usize, sentences: Range<usize>, after: &[&str]) -> Option<(usize, Range<usize>)> {
        let (before, after) = (transcript(before), transcript(after));
        let anchor = Text::of(&before).anchor(turn, sentences).unwrap();
        place(&Text::of(&after), &anchor)
    }

    #[test]
    fn each_of_several_equal_sentences_is_found_in_its_own_place() {
        for (turn, sentences) in [(1, 0..1), (1, 1..3), (3, 0..1), (3, 2..3)] {
            assert_eq!(found(&TALK, turn, sentences.clone(), &TALK), Some((turn, sentences)));
        }
    }

    #[test]
    fn a_passage_is_found_after_a_correction_in_it_before_it_and_behind_it() {
        let mut talk = TALK;
        talk[0] = "I: Goedemorgen, fijn dat u er bent. Hoe gaat het vandaag met u?";
        assert_eq!(found(&TALK, 1, 0..1, &talk), Some((1, 0..1)));
        talk[1] = "R: Ja hoor. Nou. Ik kan dat formulier nooit terugvinden op die site. Daar word ik moe van.";
        assert_eq!(found(&TALK, 1, 1..2, &talk), Some((1, 2..3)));
        assert_eq!(found(&TALK, 1, 1..3, &talk), Some((1, 2..4)));
        let more = ["I: Nieuw.", "R: Wat dan? Dit stond er niet.", talk[0], talk[1], talk[2], talk[3]];
        assert_eq!(found(&TALK, 3, 1..2, &more), Some((5, 1..2)));
    }

    #[test]
    fn what_is_gone_or_became_a_question_is_not_found() {
        let mut talk = TALK;
        talk[3] = "R: Nee.";
        assert_eq!(found(&TALK, 3, 1..2, &talk), None);
        talk[1] = "I: Ja. Ik kan het formulier nooit vinden op die site. Daar word ik moe van.";
        assert_eq!(found(&TALK, 1, 1..2, &talk), None);
    }
}
