//! What the second model sees of a sentence: its scores, those around it in its turn and beyond, and how they stand out
//! from its turn and from the interview.

use std::ops::Range;

use crate::{
    features::Spot,
    model::{LABELS, Looks, Scores},
};

/// Sentences to either side that are looked at.
const NEAR: [isize; 4] = [-2, -1, 1, 2];

/// Values that the second model sees of a sentence.
pub const SECOND: usize = 1 + 2 * LABELS + 2 * NEAR.len() * LABELS + NEAR.len() + 4 * LABELS + 6;

/// An interview as first scores.
pub struct Around<'a> {
    spots: &'a [Spot],
    scores: &'a [Scores],
    company: &'a [Scores],
    all: Summary,
    /// The sentences of each turn, with their summary.
    turns: Vec<(Range<usize>, Summary)>,
}

/// Scores of several sentences taken together.
#[derive(Clone, Copy, Default)]
struct Summary {
    mean: Scores,
    /// Standard deviation.
    spread: Scores,
    highest: Scores,
}

impl Summary {
    fn of(scores: &[Scores]) -> Self {
        let Some((first, rest)) = scores.split_first() else { return Self::default() };
        let n = scores.len() as f32;
        let (mut mean, mut spread, mut highest) = (*first, Scores::default(), *first);
        for row in rest {
            for l in 0..LABELS {
                mean[l] += row[l];
                highest[l] = highest[l].max(row[l]);
            }
        }
        mean.iter_mut().for_each(|sum| *sum /= n);
        for row in scores {
            for l in 0..LABELS {
                spread[l] += (row[l] - mean[l]).powi(2) / n;
            }
        }
        Self { mean, spread: spread.map(f32::sqrt), highest }
    }
}

impl<'a> Around<'a> {
    /// Looks at the respondent sentences of an interview, in order.
    pub fn new(spots: &'a [Spot], scores: &'a Looks<Vec<Scores>>) -> Self {
        let Looks { words: scores, company } = scores;
        let mut turns: Vec<(Range<usize>, Summary)> = Vec::new();
        let mut start = 0;
        for turn in spots.chunk_by(|a, b| a.place.turn == b.place.turn) {
            let range = start..start + turn.len();
            start = range.end;
            turns.push((range.clone(), Summary::of(&scores[range])));
        }
        Self { spots, scores, company, all: Summary::of(scores), turns }
    }

    /// The features of each sentence, in order.
    pub fn each(&self, mut each: impl FnMut(usize, &[f32; SECOND])) {
        for (turn, summary) in &self.turns {
            for i in turn.clone() {
                each(i, &self.features(i, turn, summary, self.scores.len()));
            }
        }
    }

    /// The features of sentence `i` if nothing stood before or after it.
    pub fn alone(&self, i: usize) -> [f32; SECOND] {
        let only = i..i + 1;
        self.features(i, &only, &Summary::of(&self.scores[only.clone()]), 0)
    }

    /// The features of a sentence of a turn, where the interview has scores up to `end`.
    fn features(&self, i: usize, turn: &Range<usize>, summary: &Summary, end: usize) -> [f32; SECOND] {
        let spot = &self.spots[i];
        let mut x = Row::default();
        x.push((spot.words as f32 + 1.0).ln());
        x.row(&self.scores[i]);
        x.row(&self.company[i]);
        for offset in NEAR {
            let j = i.checked_add_signed(offset);
            let in_turn = j.filter(|j| turn.contains(j));
            x.row(&in_turn.map_or(Scores::default(), |j| self.scores[j]));
            x.row(&j.filter(|j| *j < end).map_or(Scores::default(), |j| self.scores[j]));
            x.push(f32::from(u8::from(in_turn.is_none())));
        }
        x.row(&self.all.mean);
        x.row(&self.all.spread);
        x.row(&summary.mean);
        x.row(&summary.highest);
        x.push((i - turn.start) as f32);
        x.push((turn.end - 1 - i) as f32);
        x.push(turn.len() as f32);
        x.push(spot.through);
        x.push(spot.force[0]);
        x.push(spot.force[1]);
        x.values
    }
}

/// Features being laid one after another.
struct Row {
    values: [f32; SECOND],
    next: usize,
}

impl Default for Row {
    fn default() -> Self {
        Self { values: [0.0; SECOND], next: 0 }
    }
}

impl Row {
    fn push(&mut self, value: f32) {
        self.values[self.next] = value;
        self.next += 1;
    }

    fn row(&mut self, scores: &Scores) {
        self.values[self.next..self.next + LABELS].copy_from_slice(scores);
        self.next += LABELS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Place;

    fn spot(turn: usize, sentence: usize) -> Spot {
        Spot { place: Place { turn, sentence }, words: 4, through: 0.5, force: [1.0, 2.0] }
    }

    #[test]
    fn a_sentence_sees_its_neighbours_and_how_it_stands_out_of_turn_and_interview() {
        let spots = [spot(1, 0), spot(1, 1), spot(3, 0)];
        let words: Vec<Scores> = [1.0, 3.0, 8.0].iter().map(|s| [*s; LABELS]).collect();
        let scores = Looks { company: words.clone(), words };
        let around = Around::new(&spots, &scores);
        let mut rows = Vec::new();
        around.each(|_, x| rows.push(*x));
        let [_, second, third] = rows[..] else { panic!("{}", rows.len()) };
        let near = |x: &[f32; SECOND], n: usize| {
            let at = 1 + 2 * LABELS + n * (2 * LABELS + 1);
            (x[at], x[at + LABELS], x[at + 2 * LABELS])
        };
        // Of the sentence before: in the turn, anywhere, whether there is none in the turn.
        assert_eq!((near(&second, 1), near(&third, 1)), ((1.0, 1.0, 0.0), (0.0, 3.0, 1.0)));
        let end = 1 + 2 * LABELS + 4 * (2 * LABELS + 1);
        let summaries = |x: &[f32; SECOND]| [x[end], x[end + 2 * LABELS], x[end + 3 * LABELS]];
        assert_eq!(summaries(&second), [4.0, 2.0, 3.0]);
        assert_eq!(second[end + 4 * LABELS..], [1.0, 0.0, 2.0, 0.5, 1.0, 2.0]);
        let alone = around.alone(1);
        assert_eq!((near(&alone, 1), summaries(&alone)), ((0.0, 0.0, 1.0), [4.0, 3.0, 3.0]));
    }
}
