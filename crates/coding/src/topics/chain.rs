//! A hidden Markov chain over the sentences of an interview (Rabiner 1989).

use std::array::from_fn;

use super::table::{LANES, Table, add};

/// How likely talk moves from state to state (the phases, or the touchpoints): rows are where it was, columns where it goes, as probabilities.
pub(super) struct Chain {
    /// Within a turn.
    within: Moves,
    /// From one turn to the next.
    between: Moves,
}

/// Moves, as probabilities and as their logarithms. A row of each holds what is wanted of many states at once, so that a
/// step of the chain goes through rows from left to right, several states in one instruction.
struct Moves {
    /// From (row) to (column).
    chance: Table,
    /// To (row) from (column).
    chance_back: Table,
    /// The logarithm, from (row) to (column).
    log: Table,
}

impl Moves {
    fn new(chance: Table) -> Self {
        let log = Table::of(chance.len(), chance.width(), |from, to| chance.row(from)[to].ln());
        Self { chance_back: chance.turned(), chance, log }
    }
}

/// Steps that are told apart: further back, one back, stay, one on, further on.
pub(super) const STEPS: usize = 5;

impl Chain {
    /// The chain of `k` states in their order, from how often each step is made within a turn and between turns.
    pub fn ordered(steps: &[[f32; STEPS]; 2], k: usize) -> Self {
        let table = |steps: &[f32; STEPS]| {
            let row = |from: usize| -> Vec<f32> {
                let further = (k.saturating_sub(2) as f32 * 0.6).max(1.0);
                let chance = |to: usize| match to as isize - from as isize {
                    ..=-2 => steps[0] / further,
                    -1 => steps[1],
                    0 => steps[2],
                    1 => steps[3],
                    _ => steps[4] / further,
                };
                let row: Vec<f32> = (0..k).map(|to| chance(to).powf(LOOSE)).collect();
                let sum: f32 = row.iter().sum();
                row.into_iter().map(|p| p / sum).collect()
            };
            let rows: Vec<Vec<f32>> = (0..k).map(row).collect();
            Moves::new(Table::of(k, k, |from, to| rows[from][to]))
        };
        Self { within: table(&steps[0]), between: table(&steps[1]) }
    }

    /// A chain of `k` states without an order: talk stays where it is with a probability within a turn, and with another
    /// from one turn to the next.
    pub fn sticky(stay: [f32; 2], k: usize) -> Self {
        let table = |stay: f32| {
            let leave = (1.0 - stay) / k as f32;
            Moves::new(Table::of(k, k, |from, to| if from == to { stay + leave } else { leave }))
        };
        Self { within: table(stay[0]), between: table(stay[1]) }
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.within.chance.width()
    }

    fn step(&self, first_of_turn: bool) -> &Moves {
        if first_of_turn { &self.between } else { &self.within }
    }

    /// The probability of each phase at each sentence given the whole interview (forward–backward). `emissions` are
    /// log-odds, a row a sentence; `first` says which sentences open a turn.
    pub fn posterior(&self, emissions: &Table, first: &[bool]) -> Table {
        let mut seen = emissions.clone();
        for i in 0..seen.len() {
            let row = seen.row_mut(i);
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|x| *x = (*x - top).exp());
        }
        let mut forward = seen.clone();
        let mut last = vec![0.0; seen.width()];
        for (i, first) in first.iter().enumerate() {
            let row = forward.row_mut(i);
            if i > 0 {
                let came = reached(&last, &self.step(*first).chance);
                row.iter_mut().zip(came).for_each(|(x, came)| *x *= came);
            }
            normalise(row);
            last.copy_from_slice(row);
        }
        let mut backward = vec![1.0; seen.width()];
        for (i, first) in first.iter().enumerate().rev() {
            let row = forward.row_mut(i);
            row.iter_mut().zip(&backward).for_each(|(f, b)| *f *= b);
            normalise(row);
            let ahead: Vec<f32> = seen.row(i).iter().zip(&backward).map(|(e, b)| e * b).collect();
            backward = reached(&ahead, &self.step(*first).chance_back);
            normalise(&mut backward);
        }
        forward
    }

    /// The likeliest path (Viterbi 1967).
    pub fn path(&self, emissions: &Table, first: &[bool]) -> Vec<usize> {
        let k = emissions.width();
        let Some(last) = emissions.len().checked_sub(1).filter(|_| k > 0) else { return vec![0; emissions.len()] };
        let mut score = emissions.lanes(0).to_vec();
        let lanes = score.len();
        // For each sentence and state, the state that the likeliest path to it came from.
        let mut back = vec![[0u32; LANES]; lanes * (last + 1)];
        for (i, back) in back.chunks_exact_mut(lanes).enumerate().skip(1) {
            let log = &self.step(first[i]).log;
            let mut best = vec![[f32::NEG_INFINITY; LANES]; lanes];
            for from in 0..k {
                let score = score[from / LANES][from % LANES];
                for ((best, back), step) in best.iter_mut().zip(back.iter_mut()).zip(log.lanes(from)) {
                    let chance: [f32; LANES] = from_fn(|n| score + step[n]);
                    // All ones where this is better: a choice by bits, which the compiler makes for all lanes at once.
                    let better: [u32; LANES] = from_fn(|n| u32::from(chance[n] > best[n]).wrapping_neg());
                    *best = from_fn(|n| if chance[n] > best[n] { chance[n] } else { best[n] });
                    *back = from_fn(|n| from as u32 & better[n] | back[n] & !better[n]);
                }
            }
            for ((score, best), e) in score.iter_mut().zip(best).zip(emissions.lanes(i)) {
                *score = from_fn(|n| best[n] + e[n]);
            }
        }
        let mut at = first_of_highest(&score.as_flattened()[..k]);
        let mut path = vec![at; last + 1];
        for (i, back) in back.chunks_exact(lanes).enumerate().skip(1).rev() {
            at = back[at / LANES][at % LANES] as usize;
            path[i - 1] = at;
        }
        path
    }
}

/// Moves between phases count less than as often as they were seen: the sentences of one turn are no independent
/// witnesses, so that what they say together would outweigh any step otherwise.
const LOOSE: f32 = 0.7;

/// The place of the highest value, the first of equals.
fn first_of_highest(values: &[f32]) -> usize {
    (1..values.len()).fold(0, |best, n| if values[n] > values[best] { n } else { best })
}

/// The sum of what each state's moves (a row of `moves`) reach with the probability of that state.
fn reached(states: &[f32], moves: &Table) -> Vec<f32> {
    let mut out = vec![0.0; moves.width()];
    states.iter().zip(moves.rows()).for_each(|(p, row)| add(&mut out, *p, row));
    out
}

fn normalise(row: &mut [f32]) {
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x /= sum.max(f32::MIN_POSITIVE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_stays_in_a_phase_until_words_speak_for_another() {
        let chain = Chain::ordered(&[[0.0, 0.0, 0.9, 0.1, 0.0]; 2], 2);
        let seen = [[3.0, 0.0], [0.0, 0.5], [0.0, 3.0], [0.0, 0.0]];
        let seen = Table::of(4, 2, |i, k| seen[i][k]);
        let first = [true, true, false, true];
        assert_eq!(chain.path(&seen, &first)[2..], [1, 1]);
        for row in chain.posterior(&seen, &first).rows() {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_posterior_is_what_counting_all_paths_gives() {
        let chain = Chain::ordered(&[[0.1, 0.2, 0.5, 0.15, 0.05], [0.1, 0.2, 0.4, 0.2, 0.1]], 3);
        let seen = [[0.2, 0.0, -0.4], [0.0, 0.9, 0.1], [-1.0, 0.0, 0.3f32]];
        let first = [true, false, true];
        let mut sums = [[0.0f32; 3]; 3];
        for path in (0..27).map(|n| [n / 9, n / 3 % 3, n % 3]) {
            let mut p: f32 = 1.0;
            for (i, k) in path.into_iter().enumerate() {
                p *= seen[i][k].exp() * if i == 0 { 1.0 } else { chain.step(first[i]).chance.row(path[i - 1])[k] };
            }
            path.into_iter().enumerate().for_each(|(i, k)| sums[i][k] += p);
        }
        let seen = Table::of(3, 3, |i, k| seen[i][k]);
        for (row, sums) in chain.posterior(&seen, &first).rows().zip(sums) {
            let all: f32 = sums.iter().sum();
            row.iter().zip(sums).for_each(|(p, s)| assert!((p - s / all).abs() < 1e-5));
        }
    }
}
