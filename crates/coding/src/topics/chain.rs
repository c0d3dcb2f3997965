//! A hidden Markov chain over the sentences of an interview (Rabiner 1989).

/// How likely talk moves from state to state (the phases, or the touchpoints): rows are where it was, columns where it goes, as probabilities.
pub(super) struct Chain {
    /// Within a turn.
    within: Moves,
    /// From one turn to the next.
    between: Moves,
}

/// Moves, as probabilities and as their logarithms.
struct Moves {
    chance: Vec<Vec<f32>>,
    /// A row for each state that is gone *to*, since a path asks where it came from.
    log: Vec<Vec<f32>>,
}

impl Moves {
    fn new(chance: Vec<Vec<f32>>) -> Self {
        let log = (0..chance.len()).map(|to| chance.iter().map(|from| from[to].ln()).collect()).collect();
        Self { chance, log }
    }
}

/// Steps that are told apart: further back, one back, stay, one on, further on.
pub(super) const STEPS: usize = 5;

impl Chain {
    /// The chain of `k` states in their order, from how often each step is made within a turn and between turns.
    pub fn ordered(steps: &[[f32; STEPS]; 2], k: usize) -> Self {
        let table = |steps: &[f32; STEPS]| {
            let row = |from: usize| {
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
            Moves::new((0..k).map(row).collect())
        };
        Self { within: table(&steps[0]), between: table(&steps[1]) }
    }

    /// A chain of `k` states without an order: talk stays where it is with a probability within a turn, and with another
    /// from one turn to the next.
    pub fn sticky(stay: [f32; 2], k: usize) -> Self {
        let table = |stay: f32| {
            let leave = (1.0 - stay) / k as f32;
            let row = |from| (0..k).map(|to| if from == to { stay + leave } else { leave }).collect();
            Moves::new((0..k).map(row).collect())
        };
        Self { within: table(stay[0]), between: table(stay[1]) }
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.within.chance.len()
    }

    fn step(&self, first_of_turn: bool) -> &Moves {
        if first_of_turn { &self.between } else { &self.within }
    }

    /// The probability of each phase at each sentence given the whole interview (forward–backward). `emissions` are
    /// log-odds, a row a sentence; `first` says which sentences open a turn.
    pub fn posterior(&self, emissions: &[Vec<f32>], first: &[bool]) -> Vec<Vec<f32>> {
        let n = emissions.len();
        let seen: Vec<Vec<f32>> = emissions
            .iter()
            .map(|row| {
                let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                row.iter().map(|x| (x - top).exp()).collect()
            })
            .collect();
        let mut forward: Vec<Vec<f32>> = Vec::with_capacity(n);
        for (i, here) in seen.iter().enumerate() {
            let mut row = here.clone();
            if let Some(last) = forward.last() {
                let step = &self.step(first[i]).chance;
                for (to, x) in row.iter_mut().enumerate() {
                    *x *= last.iter().zip(step).map(|(p, step)| p * step[to]).sum::<f32>();
                }
            }
            normalise(&mut row);
            forward.push(row);
        }
        let mut backward = vec![1.0; emissions.first().map_or(0, Vec::len)];
        for i in (0..n).rev() {
            forward[i].iter_mut().zip(&backward).for_each(|(f, b)| *f *= b);
            normalise(&mut forward[i]);
            let ahead: Vec<f32> = seen[i].iter().zip(&backward).map(|(e, b)| e * b).collect();
            backward = self
                .step(first[i])
                .chance
                .iter()
                .map(|step| step.iter().zip(&ahead).map(|(p, a)| p * a).sum())
                .collect();
            normalise(&mut backward);
        }
        forward
    }

    /// The likeliest path (Viterbi 1967).
    pub fn path(&self, emissions: &[Vec<f32>], first: &[bool]) -> Vec<usize> {
        let Some(mut score) = emissions.first().cloned() else { return Vec::new() };
        let mut back: Vec<Vec<usize>> = Vec::with_capacity(emissions.len());
        for (i, e) in emissions.iter().enumerate().skip(1) {
            let step = self.step(first[i]);
            let best: Vec<(f32, usize)> =
                step.log.iter().map(|from| best(score.iter().zip(from).map(|(s, step)| s + step))).collect();
            score = best.iter().zip(e).map(|((s, _), e)| s + e).collect();
            back.push(best.into_iter().map(|(_, from)| from).collect());
        }
        let mut path = vec![best(score.into_iter()).1];
        for row in back.iter().rev() {
            path.push(row[path[path.len() - 1]]);
        }
        path.reverse();
        path
    }
}

/// Moves between phases count less than as often as they were seen: the sentences of one turn are no independent
/// witnesses, so that what they say together would outweigh any step otherwise.
const LOOSE: f32 = 0.7;

/// The largest value with its place, the first of equals.
fn best(values: impl Iterator<Item = f32>) -> (f32, usize) {
    values.enumerate().map(|(n, x)| (x, n)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).unwrap_or((0.0, 0))
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
        let seen = [vec![3.0, 0.0], vec![0.0, 0.5], vec![0.0, 3.0], vec![0.0, 0.0]];
        let first = [true, true, false, true];
        assert_eq!(chain.path(&seen, &first)[2..], [1, 1]);
        for row in chain.posterior(&seen, &first) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_posterior_is_what_counting_all_paths_gives() {
        let chain = Chain::ordered(&[[0.1, 0.2, 0.5, 0.15, 0.05], [0.1, 0.2, 0.4, 0.2, 0.1]], 3);
        let seen: [Vec<f32>; 3] = [vec![0.2, 0.0, -0.4], vec![0.0, 0.9, 0.1], vec![-1.0, 0.0, 0.3]];
        let first = [true, false, true];
        let mut sums = [[0.0f32; 3]; 3];
        for path in (0..27).map(|n| [n / 9, n / 3 % 3, n % 3]) {
            let mut p: f32 = 1.0;
            for (i, k) in path.into_iter().enumerate() {
                p *= seen[i][k].exp() * if i == 0 { 1.0 } else { chain.step(first[i]).chance[path[i - 1]][k] };
            }
            path.into_iter().enumerate().for_each(|(i, k)| sums[i][k] += p);
        }
        for (row, sums) in chain.posterior(&seen, &first).iter().zip(sums) {
            let all: f32 = sums.iter().sum();
            row.iter().zip(sums).for_each(|(p, s)| assert!((p - s / all).abs() < 1e-5));
        }
    }
}
