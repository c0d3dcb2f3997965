use std::collections::BTreeMap;

use klantreis_study::Quote;
use serde::Serialize;

/// What may be said of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// The interval lies above zero.
    Positive,
    /// The interval holds zero.
    Neutral,
    /// The interval lies below zero.
    Negative,
    /// Fewer than three interviews.
    TooFew,
}

/// The emotion of a phase or touchpoint, -2…2. Every interview has one voice: the mean of its quotes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Mean over interviews; `None` where no one speaks of it.
    pub mean: Option<f64>,
    /// Standard deviation over interviews (n − 1); `None` below two.
    pub spread: Option<f64>,
    /// 95% percentile bootstrap interval over interviews (Efron 1979); `None` below three interviews.
    pub interval: Option<(f64, f64)>,
    /// Number of interviews.
    pub n_interviews: usize,
    /// Number of quotes.
    pub n_quotes: usize,
    /// What may be said of it.
    pub label: Label,
    /// The voice of each interview.
    pub voices: BTreeMap<String, f64>,
}

/// Fewer interviews than this say too little.
const ENOUGH: usize = 3;

/// Draws of the bootstrap.
const DRAWS: usize = 2000;

/// The score of some quotes.
pub fn score<'a>(quotes: impl Iterator<Item = &'a Quote>) -> Score {
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut n_quotes = 0;
    for quote in quotes {
        let sum = sums.entry(quote.interview.clone()).or_default();
        sum.0 += f64::from(quote.emotion.value());
        sum.1 += 1.0;
        n_quotes += 1;
    }
    let voices: BTreeMap<String, f64> = sums.into_iter().map(|(name, (sum, n))| (name, sum / n)).collect();
    let values: Vec<f64> = voices.values().copied().collect();
    let n = values.len();
    let mean = (n > 0).then(|| values.iter().sum::<f64>() / n as f64);
    let spread =
        mean.filter(|_| n > 1).map(|m| (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt());
    let interval = (n >= ENOUGH).then(|| bootstrap_interval(&values, 1));
    let label = match interval {
        None => Label::TooFew,
        Some((low, _)) if low > 0.0 => Label::Positive,
        Some((_, high)) if high < 0.0 => Label::Negative,
        Some(_) => Label::Neutral,
    };
    Score { mean, spread, interval, n_interviews: n, n_quotes, label, voices }
}

/// 95% percentile interval of the mean over draws with replacement; the same for the same seed.
pub fn bootstrap_interval(values: &[f64], seed: u64) -> (f64, f64) {
    let n = values.len().max(1);
    let mut state = seed;
    // SplitMix64 (Steele, Lea & Flood 2014).
    let mut draw = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % n
    };
    let mut means: Vec<f64> =
        (0..DRAWS).map(|_| (0..values.len()).map(|_| values[draw()]).sum::<f64>() / n as f64).collect();
    means.sort_by(f64::total_cmp);
    (means[DRAWS * 25 / 1000], means[DRAWS * 975 / 1000 - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_mean_and_is_the_same_every_time() {
        let values = [-1.0, 0.0, 0.5, 1.0, 2.0];
        let (low, high) = bootstrap_interval(&values, 7);
        assert!(low < 0.5 && 0.5 < high);
        assert_eq!(bootstrap_interval(&values, 7), (low, high));
        assert_eq!(bootstrap_interval(&[1.0; 4], 7), (1.0, 1.0));
    }
}
