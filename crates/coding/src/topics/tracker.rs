//! Follows what talk is about: words that speak for states of a chain, and what they mean in this study.

use super::{
    chain::Chain,
    lines::Line,
    stems::{Stem, Stems},
    table::Table,
};

/// A chain with the words that speak for its states.
pub(super) struct Tracker {
    /// The moves from state to state.
    chain: Chain,
    /// Log-odds for each state, a row a [stem](Stems).
    words: Table,
    /// Weight of the interviewer's question against what is said.
    asked: f32,
    /// How far the study's own interviews may teach.
    teaching: Teaching,
}

/// How a tracker learns from interviews that nobody coded.
#[derive(Clone, Copy)]
pub(super) struct Teaching {
    /// Rounds of guessing and learning.
    pub rounds: usize,
    /// Weight of what is learned so.
    pub weight: f32,
}

/// Times that a word must be there before it can teach anything.
const FEWEST: f32 = 2.0;
/// Sentences in which a word is thought to have been seen without any preference.
const DOUBT: f32 = 8.0;
/// Largest log-odds that are learned so.
const LARGEST: f32 = 1.5;

impl Tracker {
    pub fn new(chain: Chain, words: Table, asked: f32, teaching: Teaching) -> Self {
        Self { chain, words, asked, teaching }
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.chain.states()
    }

    /// Adds to what the stem with a number says.
    pub fn add(&mut self, number: u32, row: &[f32]) {
        self.words.grow(number as usize + 1);
        self.words.row_mut(number as usize).iter_mut().zip(row).for_each(|(w, x)| *w += x);
    }

    /// What words say of each line, over what is known `before` any word.
    pub fn emissions(&self, lines: &[Line], before: &Table) -> Table {
        let mut out = before.clone();
        self.hear(lines, &self.words, &mut out);
        out
    }

    fn hear(&self, lines: &[Line], words: &Table, emissions: &mut Table) {
        for (i, line) in lines.iter().enumerate() {
            self.each(line, words.len(), |number, weight| emissions.add(i, weight, words, number));
        }
    }

    /// Calls `each` with the numbers below `known` of what a line says and answers, and their weights.
    fn each(&self, line: &Line, known: usize, mut each: impl FnMut(usize, f32)) {
        for (stems, weight) in [(&line.said, 1.0), (&line.asked, self.asked)] {
            let numbers = stems.iter().map(|Stem { number, .. }| *number as usize);
            numbers.filter(|number| *number < known).for_each(|number| each(number, weight));
        }
    }

    /// The likeliest states of the lines.
    pub fn follow(&self, lines: &[Line], before: &Table) -> Vec<usize> {
        self.chain.path(&self.emissions(lines, before), &firsts(lines))
    }

    /// The probabilities of all states at each line.
    pub fn certainties(&self, lines: &[Line], before: &Table) -> Table {
        self.chances(lines, &self.emissions(lines, before))
    }

    /// The same by their `emissions`.
    pub fn chances(&self, lines: &[Line], emissions: &Table) -> Table {
        self.chain.posterior(emissions, &firsts(lines))
    }

    /// Learns from interviews that nobody coded what words mean in this study: guesses the states, counts the words by
    /// them, and guesses again (expectation–maximisation, Baum et al. 1970, with the chain left as it is). All words of content
    /// of the lines have their numbers in `stems`.
    pub fn adapt(&mut self, interviews: &[Vec<Line>], before: &[Table], stems: &Stems) {
        let nothing = Table::repeat(&vec![0.0; self.states()], stems.len());
        self.words.grow(stems.len());
        let mut learned = nothing.clone();
        for _ in 0..self.teaching.rounds {
            let mut counts = nothing.clone();
            for (lines, before) in interviews.iter().zip(before) {
                let mut emissions = self.emissions(lines, before);
                self.hear(lines, &learned, &mut emissions);
                let states = self.chances(lines, &emissions);
                for (i, line) in lines.iter().enumerate() {
                    self.each(line, stems.len(), |number, weight| counts.add(number, weight, &states, i));
                }
            }
            learned = self.log_odds(&counts, stems);
        }
        for number in 0..stems.len() {
            self.words.add(number, 1.0, &learned, number);
        }
    }

    fn log_odds(&self, counts: &Table, stems: &Stems) -> Table {
        // In the order of the stems: sums of floats depend on it.
        let mut numbers: Vec<usize> = (0..counts.len()).collect();
        numbers.sort_unstable_by_key(|number| stems.hash(*number as u32));
        let mut share = vec![0.0f32; counts.width()];
        for number in numbers {
            share.iter_mut().zip(counts.row(number)).for_each(|(s, n)| *s += n);
        }
        let all: f32 = share.iter().sum();
        share.iter_mut().for_each(|s| *s = (*s / all).max(1e-6));
        let mut out = Table::repeat(&vec![0.0; counts.width()], counts.len());
        for (number, row) in counts.rows().enumerate() {
            let n: f32 = row.iter().sum();
            if n >= FEWEST {
                for ((out, x), s) in out.row_mut(number).iter_mut().zip(row).zip(&share) {
                    let odds = ((x + DOUBT * s) / (n + DOUBT)).ln() - s.ln();
                    *out = self.teaching.weight * odds.clamp(-LARGEST, LARGEST);
                }
            }
        }
        out
    }
}

/// Which lines open their turn.
fn firsts(lines: &[Line]) -> Vec<bool> {
    lines.iter().map(|line| line.first).collect()
}
