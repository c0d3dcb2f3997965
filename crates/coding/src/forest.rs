//! Boosted trees of several questions walked at once, without branches: QuickScorer (Lucchese et al. 2015).
//!
//! Every split knows which leaves it rules out when its answer is no. The splits of a feature are sorted by threshold, so
//! that the noes are its first ones; what is left of a tree's leaves afterwards begins with the one that it ends in.

use crate::boost::Boosted;

/// A split of one of the trees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cut {
    threshold: f32,
    tree: u32,
    /// The leaves that remain when the feature is above the threshold.
    remain: u64,
}

/// The trees of several questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    trees: Vec<Boosted>,
    /// For each feature its splits, by threshold.
    cuts: Vec<Vec<Cut>>,
    /// The leaves of all trees, tree after tree, left to right.
    leaves: Vec<f32>,
    /// Where each tree's leaves begin.
    begins: Vec<u32>,
}

impl Forest {
    /// Lays out trees over `dimension` features; `None` if they look at others, or have more than 64 leaves.
    pub fn new(trees: Vec<Boosted>, dimension: usize) -> Option<Self> {
        let mut forest = Self { trees: Vec::new(), cuts: vec![Vec::new(); dimension], leaves: vec![], begins: vec![] };
        for boosted in &trees {
            if !boosted.is_sound(dimension) {
                return None;
            }
            for tree in 0..boosted.len() {
                let number = forest.begins.len() as u32;
                let begin = forest.leaves.len();
                forest.begins.push(begin as u32);
                let (cuts, leaves) = (&mut forest.cuts, &mut forest.leaves);
                boosted.walk(tree, &mut |value| leaves.push(value), &mut |feature, threshold, left| {
                    let ruled_out = left.fold(0u64, |set, leaf| set | 1u64.checked_shl(leaf as u32).unwrap_or(0));
                    cuts[feature].push(Cut { threshold, tree: number, remain: !ruled_out });
                });
                if forest.leaves.len() - begin > 64 {
                    return None;
                }
            }
        }
        forest.cuts.iter_mut().for_each(|cuts| cuts.sort_by(|a, b| a.threshold.total_cmp(&b.threshold)));
        Some(Self { trees, ..forest })
    }

    /// The trees, a sum of them for each question.
    pub fn trees(&self) -> &[Boosted] {
        &self.trees
    }

    /// Log-odds of yes for each question, for the features `x`. `left` is room to work in.
    pub fn score(&self, x: &[f32], left: &mut Vec<u64>, mut each: impl FnMut(usize, f32)) {
        left.clear();
        left.resize(self.begins.len(), u64::MAX);
        for (cuts, x) in self.cuts.iter().zip(x) {
            for cut in cuts.iter().take_while(|cut| *x > cut.threshold) {
                left[cut.tree as usize] &= cut.remain;
            }
        }
        let mut ends = left
            .iter()
            .zip(&self.begins)
            .map(|(left, begin)| self.leaves[*begin as usize + left.trailing_zeros() as usize]);
        for (question, boosted) in self.trees.iter().enumerate() {
            // The same order as walking the trees one by one: sums of floats depend on it.
            each(question, boosted.base() + ends.by_ref().take(boosted.len()).sum::<f32>());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_at_once_is_what_one_tree_after_another_gives() {
        let x: Vec<Vec<f32>> =
            (0..3000u16).map(|i| vec![f32::from(i % 17), f32::from(i / 7 % 11) - 3.0, f32::from(i % 5)]).collect();
        let questions: [fn(&[f32]) -> bool; 2] = [|x| x[0] > 3.0 && x[1] > 2.0, |x| x[2] * x[1] < x[0]];
        let trees: Vec<Boosted> =
            questions.iter().map(|q| Boosted::train(&x, &x.iter().map(|row| q(row)).collect::<Vec<_>>())).collect();
        let forest = Forest::new(trees.clone(), 3).unwrap();
        assert!(Forest::new(trees.clone(), 1).is_none());
        let mut room = Vec::new();
        for row in &x {
            forest.score(row, &mut room, |question, score| assert_eq!(score, trees[question].score(row)));
        }
    }
}
