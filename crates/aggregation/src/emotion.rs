use std::collections::BTreeMap;

use klantreis_study::Quote;
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What may be said of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// The interval lies above zero.
    Positive,
    /// The interval holds zero and stays within half a point of it: close to zero for all.
    Neutral,
    /// The interval holds zero and reaches further: interviews differ, or there are too few to tell.
    Mixed,
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
    /// The lowest and the highest voice; `None` where no one speaks of it.
    pub range: Option<(f64, f64)>,
    /// 95% bootstrap interval over interviews, see [`bootstrap_interval`], within the scale; `None` below three interviews.
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
pub const ENOUGH: usize = 3;

/// Draws of the bootstrap.
const DRAWS: usize = 2000;

/// The same seed for all scores, so that a score depends on its voices alone.
const SEED: u64 = 1;

/// An interval that holds zero and stays within this of it says "neutral".
const CLOSE: f64 = 0.5;

/// From the scale -2…2 to 1…5.
pub fn to_five(score: f64) -> f64 {
    score + 3.0
}

/// From the scale -2…2 to 1…10.
pub fn to_ten(score: f64) -> f64 {
    5.5 + score * 2.25
}

/// Sums of emotions and numbers of quotes for each interview: what a score is made of. Tallies can be merged, scores can't.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally(BTreeMap<String, (i64, usize)>);

impl Tally {
    /// Counts a quote.
    pub fn add(&mut self, quote: &Quote) {
        // Names repeat: only a new one is copied.
        if !self.0.contains_key(&quote.interview) {
            self.0.insert(quote.interview.clone(), (0, 0));
        }
        if let Some((sum, n)) = self.0.get_mut(&quote.interview) {
            *sum += i64::from(quote.emotion.value());
            *n += 1;
        }
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: Self) {
        for (interview, (sum, n)) in other.0 {
            let mine = self.0.entry(interview).or_default();
            mine.0 += sum;
            mine.1 += n;
        }
    }

    /// The score of all that was counted.
    pub fn score(&self) -> Score {
        let n_quotes = self.0.values().map(|(_, n)| n).sum();
        let voice = |(name, (sum, n)): (&String, &(i64, usize))| (name.clone(), *sum as f64 / *n as f64);
        let voices: BTreeMap<String, f64> = self.0.iter().map(voice).collect();
        let values: Vec<f64> = voices.values().copied().collect();
        let n = values.len();
        let mean = (n > 0).then(|| values.iter().sum::<f64>() / n as f64);
        let deviation = |m: f64| (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt();
        let spread = mean.filter(|_| n > 1).map(deviation);
        let range = values.iter().copied().min_by(f64::total_cmp).zip(values.iter().copied().max_by(f64::total_cmp));
        let interval = (n >= ENOUGH).then(|| bootstrap_interval(&values, SEED));
        let interval = interval.map(|(low, high)| (low.max(-2.0), high.min(2.0)));
        Score { mean, spread, range, interval, n_interviews: n, n_quotes, label: label(interval), voices }
    }
}

/// The score of some quotes.
pub fn score<'a>(quotes: impl Iterator<Item = &'a Quote>) -> Score {
    let mut tally = Tally::default();
    quotes.for_each(|quote| tally.add(quote));
    tally.score()
}

fn label(interval: Option<(f64, f64)>) -> Label {
    match interval {
        None => Label::TooFew,
        Some((low, _)) if low > 0.0 => Label::Positive,
        Some((_, high)) if high < 0.0 => Label::Negative,
        Some((low, high)) if -CLOSE <= low && high <= CLOSE => Label::Neutral,
        Some(_) => Label::Mixed,
    }
}

/// 95% bootstrap interval of the mean over 2,000 draws with replacement (percentiles, Efron 1979), widened for few
/// values by `widening`; the same for the same seed.
pub fn bootstrap_interval(values: &[f64], seed: u64) -> (f64, f64) {
    let n = values.len().max(1);
    let mut random = Random::new(seed);
    let mut means: Vec<f64> =
        (0..DRAWS).map(|_| (0..values.len()).map(|_| values[random.below(n)]).sum::<f64>() / n as f64).collect();
    means.sort_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / n as f64;
    let wide = widening(n);
    let end = |drawn: f64| mean + wide * (drawn - mean);
    (end(means[DRAWS * 25 / 1000]), end(means[DRAWS * 975 / 1000 - 1]))
}

/// By how much draws from `n` values must lie further from their mean for the percentiles to cover as they should
/// (Hesterberg 2015, "What Teachers Should Know about the Bootstrap"): draws vary too little by √(n/(n − 1)), and the
/// normal distribution's tails stand for those of t with n − 1 degrees of freedom. 1.44 for six values, 1.02 for a hundred.
pub(crate) fn widening(n: usize) -> f64 {
    let free = n.saturating_sub(1).max(1) as f64;
    ((free + 1.0) / free).sqrt() * t_quantile(free) / NORMAL
}

/// The 97.5% quantile of the normal distribution.
pub(crate) const NORMAL: f64 = 1.959_963_984_540_054;

/// The 97.5% quantile of t, by its expansion around that of the normal distribution (Abramowitz & Stegun 1964, 26.7.5):
/// 1% off for two degrees of freedom, less beyond. Written so that a script with the same numbers counts the same.
pub(crate) fn t_quantile(free: f64) -> f64 {
    const TERMS: [f64; 4] =
        [2.372_271_230_298_562, 2.822_498_615_739_611, 2.555_849_679_507_722, 1.589_534_053_393_822_5];
    TERMS.iter().rev().fold(0.0, |rest, term| (term + rest) / free) + NORMAL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::quote;

    #[test]
    fn the_interval_holds_the_mean_and_is_the_same_every_time() {
        let values = [-1.0, 0.0, 0.5, 1.0, 2.0];
        let (low, high) = bootstrap_interval(&values, 7);
        assert!(low < 0.5 && 0.5 < high);
        assert_eq!(bootstrap_interval(&values, 7), (low, high));
        assert_eq!(bootstrap_interval(&[1.0; 4], 7), (1.0, 1.0));
    }

    /// Uniform voices in -2…2, whose true mean is 0.
    fn coverage(n: usize, rounds: u64) -> f64 {
        let mut state = 42_u64;
        let mut voice = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 * 4.0 - 2.0
        };
        let covered = (0..rounds).filter(|round| {
            let values: Vec<f64> = (0..n).map(|_| voice()).collect();
            let (low, high) = bootstrap_interval(&values, *round);
            low <= 0.0 && 0.0 <= high
        });
        covered.count() as f64 / rounds as f64
    }

    #[test]
    fn the_interval_covers_the_mean_of_a_population_in_about_95_of_100_cases_however_few_interviews() {
        for (n, least, most) in [(3, 0.90, 0.97), (6, 0.93, 0.97), (12, 0.93, 0.97), (30, 0.93, 0.97)] {
            let covered = coverage(n, 2000);
            assert!((least..=most).contains(&covered), "{n}: {covered}");
        }
    }

    #[test]
    fn many_interviews_need_no_widening() {
        let close = |n: usize, expected: f64| assert!((widening(n) - expected).abs() < 5e-3, "{n}: {}", widening(n));
        // √(n/(n − 1)) × t / z, with t from a table.
        for (n, t) in [(3, 4.303), (6, 2.571), (12, 2.201), (31, 2.042)] {
            let n_over = n as f64 / (n - 1) as f64;
            assert!((widening(n) / (n_over.sqrt() * t / NORMAL) - 1.0).abs() < 0.01, "{n}");
        }
        close(1000, 1.002);
    }

    #[test]
    fn an_interview_that_talks_much_has_one_voice() {
        let mut quotes: Vec<_> = (0..9).map(|n| quote(&format!("a:{n}p"), "pijnpunt", -2)).collect();
        quotes.push(quote("b:1w", "winst", 2));
        let score = score(quotes.iter());
        assert_eq!((score.mean, score.range), (Some(0.0), Some((-2.0, 2.0))));
        assert_eq!((score.n_interviews, score.n_quotes, score.label), (2, 10, Label::TooFew));
    }

    #[test]
    fn labels_say_no_more_than_the_interval() {
        for (interval, expected) in [
            (None, Label::TooFew),
            (Some((0.1, 1.0)), Label::Positive),
            (Some((-1.0, -0.1)), Label::Negative),
            (Some((0.0, 0.4)), Label::Neutral),
            (Some((-0.4, 0.4)), Label::Neutral),
            (Some((-1.2, 0.9)), Label::Mixed),
        ] {
            assert_eq!(label(interval), expected, "{interval:?}");
        }
    }

    #[test]
    fn scales_keep_their_ends_and_their_middle() {
        for (score, five, ten) in [(-2.0, 1.0, 1.0), (0.0, 3.0, 5.5), (2.0, 5.0, 10.0)] {
            assert_eq!((to_five(score), to_ten(score)), (five, ten));
        }
    }
}
