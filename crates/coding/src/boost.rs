//! Gradient-boosted trees for one yes-or-no question (Friedman 2001), grown leaf by leaf on histograms with Newton
//! steps on the logistic loss, as LightGBM does (Ke et al. 2017). Small, without randomness.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::logistic::sigmoid;

/// Trees grown one after another, each on what those before it left over.
const TREES: usize = 100;
/// Share of each tree's step that is taken.
const RATE: f64 = 0.05;
/// Leaves of a tree.
pub const LEAVES: usize = 8;
/// Examples in a leaf at least.
const FEWEST: usize = 60;
/// Penalty on the square of a leaf's value.
const PENALTY: f64 = 5.0;
/// Bins that a feature's values are sorted into.
const BINS: usize = 128;

/// A sum of trees: log-odds of yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    base: f32,
    trees: Vec<Vec<Node>>,
}

/// A node of a tree; the root comes first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Node {
    /// Feature, threshold (at most goes left), left and right child.
    Split(u16, f32, u16, u16),
    Leaf(f32),
}

impl Boosted {
    /// Log-odds of yes for the features `x`.
    pub fn score(&self, x: &[f32]) -> f32 {
        self.base + self.trees.iter().map(|tree| value(tree, x)).sum::<f32>()
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Log-odds of yes before any tree.
    pub fn base(&self) -> f32 {
        self.base
    }

    /// Goes through a tree from left to right: `leaf` gets the value of each leaf; `split`, after what is below it, its
    /// feature, threshold and the places of the leaves to its left. The trees must be [sound](Self::is_sound).
    pub fn walk(&self, tree: usize, leaf: &mut impl FnMut(f32), split: &mut impl FnMut(usize, f32, Range<usize>)) {
        fn down(
            tree: &[Node],
            at: usize,
            leaves: usize,
            leaf: &mut impl FnMut(f32),
            split: &mut impl FnMut(usize, f32, Range<usize>),
        ) -> usize {
            match tree[at] {
                Node::Leaf(value) => {
                    leaf(value);
                    leaves + 1
                }
                Node::Split(feature, threshold, left, right) => {
                    let middle = down(tree, usize::from(left), leaves, leaf, split);
                    let end = down(tree, usize::from(right), middle, leaf, split);
                    split(usize::from(feature), threshold, leaves..middle);
                    end
                }
            }
        }
        down(&self.trees[tree], 0, 0, leaf, split);
    }

    /// Whether all its trees can be walked with `dimension` features.
    pub fn is_sound(&self, dimension: usize) -> bool {
        self.trees.iter().all(|tree| {
            !tree.is_empty()
                && tree.iter().enumerate().all(|(n, node)| match *node {
                    Node::Leaf(_) => true,
                    Node::Split(f, _, l, r) => {
                        let child = |c: u16| usize::from(c) > n && usize::from(c) < tree.len();
                        usize::from(f) < dimension && child(l) && child(r)
                    }
                })
        })
    }

    /// Grows trees for the rows `x`, all of the same length, and their answers.
    pub fn train(x: &[Vec<f32>], yes: &[bool]) -> Self {
        let positives = yes.iter().filter(|y| **y).count() as f64;
        let share = ((positives + 0.5) / (yes.len() as f64 + 1.0)).clamp(1e-4, 1.0 - 1e-4);
        let base = (share / (1.0 - share)).ln() as f32;
        let bins = Bins::of(x);
        let mut scores = vec![base; x.len()];
        let mut trees = Vec::new();
        for _ in 0..TREES {
            let slopes: Vec<[f64; 2]> = scores
                .iter()
                .zip(yes)
                .map(|(s, y)| {
                    let p = f64::from(sigmoid(*s));
                    [p - f64::from(u8::from(*y)), p * (1.0 - p)]
                })
                .collect();
            let tree = grow(&bins, &slopes);
            for (s, row) in scores.iter_mut().zip(x) {
                *s += value(&tree, row);
            }
            trees.push(tree);
        }
        Self { base, trees }
    }
}

fn value(tree: &[Node], x: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree[at] {
            Node::Leaf(value) => return value,
            Node::Split(feature, threshold, left, right) => {
                at = usize::from(if x[usize::from(feature)] <= threshold { left } else { right });
            }
        }
    }
}

/// The values of each feature sorted into bins.
struct Bins {
    /// Upper edges of the bins of each feature, the last left out.
    edges: Vec<Vec<f32>>,
    /// The bin of each example, a list a feature.
    of: Vec<Vec<u8>>,
}

impl Bins {
    fn of(x: &[Vec<f32>]) -> Self {
        let dimension = x.first().map_or(0, Vec::len);
        let mut edges = Vec::new();
        let mut of = Vec::new();
        for f in 0..dimension {
            let mut values: Vec<f32> = x.iter().map(|row| row[f]).collect();
            values.sort_by(f32::total_cmp);
            let mut cuts: Vec<f32> = (1..BINS).map(|b| values[b * values.len() / BINS]).collect();
            cuts.dedup();
            of.push(x.iter().map(|row| cuts.partition_point(|c| *c < row[f]) as u8).collect());
            edges.push(cuts);
        }
        Self { edges, of }
    }
}

/// What the examples of a leaf add up to in each bin of each feature.
struct Histogram {
    /// Slope, curvature and number, feature after feature.
    bins: Vec<[f64; 3]>,
}

impl Histogram {
    fn of(bins: &Bins, slopes: &[[f64; 2]], examples: &[usize]) -> Self {
        let mut out = vec![[0.0; 3]; bins.of.len() * BINS];
        for (of, sums) in bins.of.iter().zip(out.chunks_exact_mut(BINS)) {
            for &i in examples {
                let sum = &mut sums[usize::from(of[i])];
                sum[0] += slopes[i][0];
                sum[1] += slopes[i][1];
                sum[2] += 1.0;
            }
        }
        Self { bins: out }
    }

    /// What is left when the examples of another leaf are taken away: cheaper than adding up the larger half again.
    fn without(mut self, other: &Self) -> Self {
        for (mine, theirs) in self.bins.iter_mut().zip(&other.bins) {
            mine.iter_mut().zip(theirs).for_each(|(m, t)| *m -= t);
        }
        self
    }
}

/// A leaf that may be split, with its best split.
struct Open {
    node: usize,
    examples: Vec<usize>,
    histogram: Histogram,
    split: Option<Split>,
}

impl Open {
    fn new(node: usize, examples: Vec<usize>, histogram: Histogram, bins: &Bins, slopes: &[[f64; 2]]) -> Self {
        let split = best_split(bins, &histogram, sum(slopes, &examples), examples.len());
        Self { node, examples, histogram, split }
    }
}

#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    bin: usize,
}

fn grow(bins: &Bins, slopes: &[[f64; 2]]) -> Vec<Node> {
    let mut tree = vec![Node::Leaf(0.0)];
    let all: Vec<usize> = (0..slopes.len()).collect();
    let histogram = Histogram::of(bins, slopes, &all);
    let mut open = vec![Open::new(0, all, histogram, bins, slopes)];
    while open.len() < LEAVES {
        let best = open.iter().enumerate().filter_map(|(n, leaf)| Some((n, leaf.split?)));
        let Some((n, split)) = best.max_by(|a, b| a.1.gain.total_cmp(&b.1.gain).then(b.0.cmp(&a.0))) else { break };
        let leaf = open.swap_remove(n);
        let goes_left = |i: &usize| usize::from(bins.of[split.feature][*i]) <= split.bin;
        let (left, right): (Vec<usize>, Vec<usize>) = leaf.examples.into_iter().partition(goes_left);
        let child = tree.len();
        let threshold = bins.edges[split.feature][split.bin];
        tree[leaf.node] = Node::Split(split.feature as u16, threshold, child as u16, child as u16 + 1);
        tree.extend([Node::Leaf(0.0); 2]);
        let smaller = Histogram::of(bins, slopes, if left.len() <= right.len() { &left } else { &right });
        let larger = leaf.histogram.without(&smaller);
        let histograms = if left.len() <= right.len() { [smaller, larger] } else { [larger, smaller] };
        let children = [(child, left), (child + 1, right)].into_iter().zip(histograms);
        open.extend(children.map(|((node, examples), h)| Open::new(node, examples, h, bins, slopes)));
    }
    for leaf in open {
        let [g, h] = sum(slopes, &leaf.examples);
        tree[leaf.node] = Node::Leaf((-RATE * g / (h + PENALTY)) as f32);
    }
    tree
}

fn sum(slopes: &[[f64; 2]], examples: &[usize]) -> [f64; 2] {
    examples.iter().fold([0.0; 2], |[g, h], i| [g + slopes[*i][0], h + slopes[*i][1]])
}

/// The split of the most gain (Chen & Guestrin 2016, eq. 7), if any gains.
fn best_split(bins: &Bins, histogram: &Histogram, total: [f64; 2], examples: usize) -> Option<Split> {
    if examples < 2 * FEWEST {
        return None;
    }
    let worth = |[g, h]: [f64; 2]| g * g / (h + PENALTY);
    let mut best: Option<Split> = None;
    for (feature, sums) in histogram.bins.chunks_exact(BINS).enumerate() {
        let (mut left, mut count) = ([0.0; 2], 0);
        for (bin, [g, h, n]) in sums[..bins.edges[feature].len()].iter().enumerate() {
            left = [left[0] + g, left[1] + h];
            count += *n as usize;
            if count < FEWEST || *n == 0.0 {
                continue;
            }
            if examples - count < FEWEST {
                break;
            }
            let right = [total[0] - left[0], total[1] - left[1]];
            let gain = worth(left) + worth(right) - worth(total);
            if gain > 1e-9 && best.is_none_or(|b| gain > b.gain) {
                best = Some(Split { gain, feature, bin });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_conditions_that_count_only_together_are_learned() {
        let x: Vec<Vec<f32>> = (0..4000u16).map(|i| vec![f32::from(i % 7), f32::from(i / 7 % 5), 1.0]).collect();
        let yes: Vec<bool> = x.iter().map(|row| row[0] > 3.0 && row[1] > 2.0).collect();
        let model = Boosted::train(&x, &yes);
        assert!(model.is_sound(3) && !model.is_sound(1));
        assert!(model.score(&[5.0, 4.0, 1.0]) > 2.0);
        assert!(model.score(&[5.0, 1.0, 1.0]) < -2.0);
        assert!(model.score(&[1.0, 4.0, 1.0]) < -2.0);
    }

    #[test]
    fn without_anything_to_go_by_the_share_of_yes_is_learned() {
        let x = vec![vec![0.0]; 400];
        let yes: Vec<bool> = (0..400).map(|i| i % 4 == 0).collect();
        assert!((sigmoid(Boosted::train(&x, &yes).score(&[0.0])) - 0.25).abs() < 0.01);
    }
}
