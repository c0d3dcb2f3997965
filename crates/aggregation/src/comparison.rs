//! Whether two groups of interviews differ, or the same interviews at two times, and by how much.

use serde::Serialize;

use crate::{
    emotion::{ENOUGH, NORMAL, bootstrap_interval, t_quantile},
    random::Random,
};

/// The difference of the means of two groups of interviews, or the mean difference of the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The first group's mean less the second's.
    pub difference: f64,
    /// Its 95% bootstrap interval over interviews, widened for few; `None` where a group has fewer than three.
    pub interval: Option<(f64, f64)>,
    /// How often interviews dealt out by chance differ at least as much (permutation test, Fisher 1935): all deals
    /// where there are at most 5,000, else 4,999 drawn ones. `None` where a group has fewer than three interviews.
    pub p: Option<f64>,
}

/// Draws of bootstrap and permutation, and the most deals that are all gone through.
const DRAWS: usize = 4999;
const SEED: u64 = 1;

/// Compares the voices of two groups of interviews; `None` where one is empty. The same every time.
pub fn compare_means(a: &[f64], b: &[f64]) -> Option<Comparison> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let difference = mean(a) - mean(b);
    let enough = a.len() >= ENOUGH && b.len() >= ENOUGH;
    Some(Comparison {
        difference,
        interval: enough.then(|| interval(a, b)),
        p: enough.then(|| permutation(a, b, difference.abs())),
    })
}

/// Compares interviews with themselves, given the difference of each; `None` without any. The p is how often differences
/// with signs drawn by chance have so great a mean (Fisher's randomisation test, 1935).
pub fn compare_pairs(differences: &[f64]) -> Option<Comparison> {
    if differences.is_empty() {
        return None;
    }
    let enough = differences.len() >= ENOUGH;
    Some(Comparison {
        difference: mean(differences),
        interval: enough.then(|| bootstrap_interval(differences, SEED)),
        p: enough.then(|| flips(differences)),
    })
}

/// All ways to set the signs where there are at most 4,096, else 4,999 drawn ones.
fn flips(differences: &[f64]) -> f64 {
    let observed = differences.iter().sum::<f64>().abs();
    let far = |signs: &mut dyn FnMut(usize) -> bool| {
        let sum: f64 = differences.iter().enumerate().map(|(n, d)| if signs(n) { -d } else { *d }).sum();
        sum.abs() >= observed - 1e-9
    };
    if differences.len() <= 12 {
        let all = 1_u32 << differences.len();
        let hits = (0..all).filter(|signs| far(&mut |n| signs >> n & 1 == 1)).count();
        return hits as f64 / f64::from(all);
    }
    let mut random = Random::new(SEED);
    let hits = (0..DRAWS).filter(|_| far(&mut |_| random.below(2) == 1)).count() + 1;
    hits as f64 / (DRAWS + 1) as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Percentiles of differences of drawn means, each group's draws widened by √(n/(n − 1)), all by t with the degrees of
/// freedom that two groups together have (Hesterberg 2015; Welch 1947).
fn interval(a: &[f64], b: &[f64]) -> (f64, f64) {
    let mut random = Random::new(SEED);
    let free = welch(a, b);
    let tails = t_quantile(free) / NORMAL;
    let mut drawn = |values: &[f64]| {
        let n = values.len() as f64;
        let drawn = (0..values.len()).map(|_| values[random.below(values.len())]).sum::<f64>() / n;
        (n / (n - 1.0)).sqrt() * (drawn - mean(values))
    };
    let mut all: Vec<f64> = (0..DRAWS).map(|_| drawn(a) - drawn(b)).collect();
    all.sort_by(f64::total_cmp);
    let end = |off: f64| mean(a) - mean(b) + tails * off;
    (end(all[DRAWS * 25 / 1000]), end(all[DRAWS * 975 / 1000]))
}

/// Degrees of freedom of a difference of means (Welch 1947); those of the smaller group where neither varies.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    let error = |values: &[f64]| {
        let n = values.len() as f64;
        let square = |v: &f64| (v - mean(values)).powi(2);
        values.iter().map(square).sum::<f64>() / (n - 1.0) / n
    };
    let (first, second) = (error(a), error(b));
    let below = first.powi(2) / (a.len() - 1) as f64 + second.powi(2) / (b.len() - 1) as f64;
    if below > 0.0 { (first + second).powi(2) / below } else { (a.len().min(b.len()) - 1) as f64 }
}

fn permutation(a: &[f64], b: &[f64], observed: f64) -> f64 {
    let mut all: Vec<f64> = a.iter().chain(b).copied().collect();
    let total: f64 = all.iter().sum();
    let (n, k) = (all.len(), a.len());
    let far = |sum: f64| {
        let difference = sum / k as f64 - (total - sum) / (n - k) as f64;
        // A hair of room: the same deal added up in another order must count as the same.
        difference.abs() >= observed - 1e-9
    };
    if deals(n, k) <= DRAWS as f64 + 1.0 {
        let (mut hits, mut count) = (0, 0);
        each_deal(&all, k, 0, 0.0, &mut |sum| {
            count += 1;
            hits += usize::from(far(sum));
        });
        return f64::from(hits as u32) / f64::from(count as u32);
    }
    let mut random = Random::new(SEED);
    let mut hits = 1;
    for _ in 0..DRAWS {
        random.shuffle(&mut all);
        hits += usize::from(far(all[..k].iter().sum()));
    }
    hits as f64 / (DRAWS + 1) as f64
}

/// Ways to choose `k` of `n`.
fn deals(n: usize, k: usize) -> f64 {
    (0..k.min(n - k)).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

fn each_deal(values: &[f64], k: usize, from: usize, sum: f64, see: &mut impl FnMut(f64)) {
    if k == 0 {
        return see(sum);
    }
    for at in from..=values.len() - k {
        each_deal(values, k - 1, at + 1, sum + values[at], see);
    }
}

/// The false discovery rate at which each finding would stand among all (Benjamini & Hochberg 1995), in their order;
/// untested ones stay `None` and do not count.
pub fn benjamini_hochberg(ps: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = ps.iter().enumerate().filter_map(|(n, p)| Some(((*p)?, n))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut out = vec![None; ps.len()];
    let mut least = 1.0_f64;
    for (rank, (p, n)) in order.iter().enumerate().rev() {
        least = least.min(p * order.len() as f64 / (rank + 1) as f64);
        out[*n] = Some(least);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_apart_differ_and_like_groups_do_not() {
        let apart = compare_means(&[2.0, 1.5, 1.8, 2.0], &[-1.0, -2.0, -1.5, -1.2]).unwrap();
        // Two of the 70 deals of eight interviews are so far apart: this one and its mirror.
        assert_eq!(apart.p, Some(2.0 / 70.0));
        assert!(apart.interval.unwrap().0 > 0.0);
        let like = compare_means(&[1.0, -1.0, 0.0], &[0.0, 1.0, -1.0]).unwrap();
        assert_eq!((like.difference, like.p), (0.0, Some(1.0)));
        let few = compare_means(&[1.0, 1.0], &[0.0, 0.0, 0.0]).unwrap();
        assert_eq!((few.difference, few.p, few.interval), (1.0, None, None));
        assert_eq!(compare_means(&[], &[1.0]), None);
    }

    #[test]
    fn the_interval_of_a_difference_covers_none_in_about_95_of_100_cases() {
        let mut random = Random::new(9);
        let covered = (0..1000).filter(|_| {
            let values: Vec<f64> = (0..11).map(|_| random.below(1000) as f64).collect();
            let (low, high) = compare_means(&values[..5], &values[5..]).and_then(|c| c.interval).unwrap();
            low <= 0.0 && 0.0 <= high
        });
        let covered = covered.count();
        assert!((930..=975).contains(&covered), "{covered}");
    }

    #[test]
    fn interviews_that_all_move_alike_moved_beyond_chance() {
        let moved = compare_pairs(&[0.5, 1.0, 0.5, 1.0, 0.75, 0.5]).unwrap();
        // Of 64 ways to set six signs only all the same and their mirror have so great a mean.
        assert_eq!(moved.p, Some(2.0 / 64.0));
        assert!(moved.interval.unwrap().0 > 0.0);
        assert_eq!(compare_pairs(&[0.0; 5]).unwrap().p, Some(1.0));
        assert_eq!(compare_pairs(&[1.0, 1.0]).unwrap().p, None);
        let many: Vec<f64> = (0..30).map(|n| f64::from(n % 5) - 1.0).collect();
        assert!(compare_pairs(&many).unwrap().p.unwrap() < 0.01);
        assert_eq!(compare_pairs(&[]), None);
    }

    #[test]
    fn chance_alone_is_found_in_about_five_of_a_hundred_cases() {
        let mut random = Random::new(3);
        let found = (0..200).filter(|_| {
            let values: Vec<f64> = (0..20).map(|_| random.below(1000) as f64).collect();
            compare_means(&values[..9], &values[9..]).and_then(|c| c.p).unwrap() <= 0.05
        });
        let found = found.count();
        assert!((2..=20).contains(&found), "{found}");
    }

    #[test]
    fn many_tests_ask_for_more() {
        let adjusted = benjamini_hochberg(&[Some(0.01), None, Some(0.04), Some(0.03), Some(0.9)]);
        let told: Vec<Option<String>> = adjusted.iter().map(|q| q.map(|q| format!("{q:.4}"))).collect();
        let expected = [Some("0.0400"), None, Some("0.0533"), Some("0.0533"), Some("0.9000")];
        assert_eq!(told, expected.map(|q| q.map(str::to_owned)));
    }
}
