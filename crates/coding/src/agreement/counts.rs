//! Counts per interview, and how far measures of them would differ with other interviews.

use serde::Serialize;

use super::chance::beyond_chance;
use crate::logistic::Random;

/// Sentences with a category: on both sides, on each, and all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub both: usize,
    pub found: usize,
    pub gold: usize,
    pub all: usize,
}

fn share(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 0.0 }
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.both += other.both;
        self.found += other.found;
        self.gold += other.gold;
        self.all += other.all;
    }

    pub fn precision(self) -> f64 {
        share(self.both as f64, self.found as f64)
    }

    pub fn recall(self) -> f64 {
        share(self.both as f64, self.gold as f64)
    }

    pub fn f1(self) -> f64 {
        share(2.0 * self.both as f64, (self.found + self.gold) as f64)
    }

    pub fn kappa(self) -> f64 {
        let (h, f, g, n) = (self.both as f64, self.found as f64, self.gold as f64, self.all as f64);
        beyond_chance(share(n - f - g + 2.0 * h, n), share(f * g + (n - f) * (n - g), n * n))
    }
}

/// A measure with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The measure over all interviews.
    pub value: f64,
    /// Lower end of the interval; none where there is but one interview.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Resamples of a bootstrap: the ends of its intervals are steady to about two decimals.
const RESAMPLES: usize = 2000;

/// Bootstrap over interviews (Efron & Tibshirani 1993, ch. 13: the percentile interval): sentences of one interview are
/// no independent draws, interviews are. Seeded: the same every time.
pub(super) struct Bootstrap {
    total: Vec<Counts>,
    resamples: Vec<Vec<Counts>>,
}

impl Bootstrap {
    /// `interviews` holds the counts of each, a value a category.
    pub fn over(interviews: &[Vec<Counts>]) -> Self {
        let sum = |picked: &mut dyn Iterator<Item = &Vec<Counts>>| {
            let mut total = vec![Counts::default(); interviews.first().map_or(0, Vec::len)];
            for counts in picked {
                total.iter_mut().zip(counts).for_each(|(t, c)| t.add(*c));
            }
            total
        };
        let mut random = Random(1);
        let n = interviews.len();
        let rounds = if n > 1 { RESAMPLES } else { 0 };
        let resamples =
            (0..rounds).map(|_| sum(&mut (0..n).map(|_| &interviews[(random.next() % n as u64) as usize]))).collect();
        Self { total: sum(&mut interviews.iter()), resamples }
    }

    pub fn total(&self) -> &[Counts] {
        &self.total
    }

    pub fn estimate(&self, measure: impl Fn(&[Counts]) -> f64) -> Estimate {
        let mut values: Vec<f64> = self.resamples.iter().map(|r| measure(r)).collect();
        values.sort_by(f64::total_cmp);
        let cut = values.len() / 40;
        let end = |at: Option<usize>| at.and_then(|at| values.get(at)).copied();
        Estimate { value: measure(&self.total), low: end(Some(cut)), high: end(values.len().checked_sub(cut + 1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(both: usize, found: usize, gold: usize) -> Vec<Counts> {
        vec![Counts { both, found, gold, all: 100 }]
    }

    #[test]
    fn interviews_that_are_alike_leave_no_doubt_and_others_do() {
        let alike = Bootstrap::over(&vec![counts(5, 10, 10); 6]).estimate(|c| c[0].f1());
        assert_eq!((alike.value, alike.low, alike.high), (0.5, Some(0.5), Some(0.5)));
        let differing = [counts(1, 10, 10), counts(5, 10, 10), counts(9, 10, 10)];
        let estimate = Bootstrap::over(&differing).estimate(|c| c[0].f1());
        // The extremes are drawn three times in a row in 1 of 27 resamples each: more than 2.5%.
        assert_eq!((estimate.low, estimate.high), (Some(0.1), Some(0.9)));
        assert!((estimate.value - 0.5).abs() < 1e-9);
        assert_eq!(estimate, Bootstrap::over(&differing).estimate(|c| c[0].f1()));
    }

    #[test]
    fn one_interview_gives_no_interval() {
        let estimate = Bootstrap::over(&[counts(5, 10, 10)]).estimate(|c| c[0].precision());
        assert_eq!((estimate.value, estimate.low, estimate.high), (0.5, None, None));
    }
}
