//! Follows what talk is about: words that speak for states of a chain, and what they mean in this study.

use super::{
    chain::Chain,
    lines::Line,
    table::{Table, add},
};
use crate::hash::ByHash;

/// A chain with the words that speak for its states.
pub(super) struct Tracker {
    /// The moves from state to state.
    chain: Chain,
    /// Stem → log-odds for each state.
    words: ByHash<Vec<f32>>,
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
    pub fn new(chain: Chain, words: ByHash<Vec<f32>>, asked: f32, teaching: Teaching) -> Self {
        Self { chain, words, asked, teaching }
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.chain.states()
    }

    /// Adds to what a stem says.
    pub fn add(&mut self, stem: u64, row: &[f32]) {
        let weights = self.words.entry(stem).or_insert_with(|| vec![0.0; row.len()]);
        weights.iter_mut().zip(row).for_each(|(w, x)| *w += x);
    }

    /// What words say of each line, over what is known `before` any word.
    pub fn emissions(&self, lines: &[Line], before: &Table) -> Table {
        let mut out = before.clone();
        self.hear(lines, &self.words, &mut out);
        out
    }

    fn hear(&self, lines: &[Line], words: &ByHash<Vec<f32>>, emissions: &mut Table) {
        for (i, line) in lines.iter().enumerate() {
            let row = emissions.row_mut(i);
            for (stems, weight) in [(&line.said, 1.0), (&line.asked, self.asked)] {
                stems.iter().filter_map(|stem| words.get(stem)).for_each(|weights| add(row, weight, weights));
            }
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
    /// them, and guesses again (expectation–maximisation, Baum et al. 1970, with the chain left as it is).
    pub fn adapt(&mut self, interviews: &[Vec<Line>], before: &[Table]) {
        let mut learned = ByHash::<Vec<f32>>::default();
        for _ in 0..self.teaching.rounds {
            let mut counts = ByHash::<Vec<f32>>::default();
            for (lines, before) in interviews.iter().zip(before) {
                let mut emissions = self.emissions(lines, before);
                self.hear(lines, &learned, &mut emissions);
                let states = self.chances(lines, &emissions);
                for (line, states) in lines.iter().zip(states.rows()) {
                    for (stems, weight) in [(&line.said, 1.0), (&line.asked, self.asked)] {
                        for stem in stems {
                            let row = counts.entry(*stem).or_insert_with(|| vec![0.0; states.len()]);
                            add(row, weight, states);
                        }
                    }
                }
            }
            learned = self.log_odds(&counts);
        }
        for (stem, row) in learned {
            self.add(stem, &row);
        }
    }

    fn log_odds(&self, counts: &ByHash<Vec<f32>>) -> ByHash<Vec<f32>> {
        // In the order of the stems: sums of floats depend on it.
        let mut stems: Vec<&u64> = counts.keys().collect();
        stems.sort_unstable();
        let states = counts.values().next().map_or(0, Vec::len);
        let mut share = vec![0.0f32; states];
        for stem in &stems {
            share.iter_mut().zip(&counts[*stem]).for_each(|(s, n)| *s += n);
        }
        let all: f32 = share.iter().sum();
        share.iter_mut().for_each(|s| *s = (*s / all).max(1e-6));
        let mut out = ByHash::default();
        for stem in stems {
            let row = &counts[stem];
            let n: f32 = row.iter().sum();
            if n >= FEWEST {
                let odds = |(x, s): (&f32, &f32)| {
                    let odds = ((x + DOUBT * s) / (n + DOUBT)).ln() - s.ln();
                    self.teaching.weight * odds.clamp(-LARGEST, LARGEST)
                };
                out.insert(*stem, row.iter().zip(&share).map(odds).collect());
            }
        }
        out
    }
}

/// Which lines open their turn.
fn firsts(lines: &[Line]) -> Vec<bool> {
    lines.iter().map(|line| line.first).collect()
}
