//! Boosted trees of several questions walked for many sentences at once, without branches: the bit vectors of QuickScorer
//! (Lucchese et al. 2015), laid across sentences.
//!
//! Every split knows which leaves it rules out when its answer is no; what is left of a tree's leaves after all its splits
//! begins with the one that it ends in. All splits are asked, since an answer for sixteen sentences costs some twenty instructions.

use std::array::from_fn;

use crate::boost::{Boosted, LEAVES};

/// Sentences that are looked at together.
pub const LANES: usize = 16;

/// A feature of that many sentences.
pub type Lanes = [f32; LANES];

/// A split of one of the trees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
    feature: u32,
    threshold: f32,
    /// The leaves that remain when the feature is above the threshold, a bit each; four times, which is quickly made sixteen.
    remain: [u8; 4],
}

/// A tree with its splits, in no order, and its leaves from left to right.
#[derive(Clone, Debug, PartialEq)]
struct Tree {
    splits: Vec<Split>,
    leaves: [f32; LEAVES],
}

impl Tree {
    /// Lays out a tree of a sound sum of trees; `None` if it has more leaves than there are bits.
    fn of(boosted: &Boosted, tree: usize) -> Option<Self> {
        let (mut splits, mut leaves) = (Vec::new(), Vec::new());
        boosted.walk(tree, &mut |value| leaves.push(value), &mut |feature, threshold, left| {
            let ruled_out = left.fold(0u8, |set, leaf| set | 1u8.checked_shl(leaf as u32).unwrap_or(0));
            splits.push(Split { feature: feature as u32, threshold, remain: [!ruled_out; 4] });
        });
        if leaves.len() > LEAVES {
            return None;
        }
        leaves.resize(LEAVES, 0.0);
        Some(Self { splits, leaves: leaves.try_into().ok()? })
    }

    /// Adds the value of the leaf that each sentence ends in to `sums`.
    fn add(&self, x: &[Lanes], sums: &mut Lanes) {
        let mut left = [u8::MAX; LANES];
        for Split { feature, threshold, remain } in &self.splits {
            let x = &x[*feature as usize];
            left = from_fn(|lane| {
                // All ones where the answer is yes. Written as a sum since the compiler makes branches of an `if`.
                let yes = u8::from(x[lane] > *threshold).wrapping_sub(1);
                left[lane] & (remain[lane % 4] | yes)
            });
        }
        for (sum, left) in sums.iter_mut().zip(left) {
            *sum += self.leaves[left.trailing_zeros() as usize % LEAVES];
        }
    }
}

/// The trees of several questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    trees: Vec<Boosted>,
    /// The trees of each question.
    laid_out: Vec<Vec<Tree>>,
}

impl Forest {
    /// Lays out trees over `dimension` features; `None` if they look at others, or have more than [`LEAVES`] leaves.
    pub fn new(trees: Vec<Boosted>, dimension: usize) -> Option<Self> {
        let lay_out = |boosted: &Boosted| {
            let sound = boosted.is_sound(dimension);
            sound.then(|| (0..boosted.len()).map(|tree| Tree::of(boosted, tree)).collect::<Option<_>>()).flatten()
        };
        let laid_out = trees.iter().map(lay_out).collect::<Option<_>>()?;
        Some(Self { trees, laid_out })
    }

    /// The trees, a sum of them for each question.
    pub fn trees(&self) -> &[Boosted] {
        &self.trees
    }

    /// Log-odds of yes for each question, for sentences with the features `x`.
    pub fn score(&self, x: &[Lanes], mut each: impl FnMut(usize, &Lanes)) {
        for (question, (boosted, trees)) in self.trees.iter().zip(&self.laid_out).enumerate() {
            let mut sums = [0.0; LANES];
            // The same order as walking the trees one by one: sums of floats depend on it.
            trees.iter().for_each(|tree| tree.add(x, &mut sums));
            each(question, &sums.map(|sum| boosted.base() + sum));
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
        for rows in x.chunks(LANES) {
            let block: [Lanes; 3] = from_fn(|feature| from_fn(|lane| rows.get(lane).map_or(0.0, |row| row[feature])));
            forest.score(&block, |question, scores| {
                for (row, score) in rows.iter().zip(scores) {
                    assert_eq!(*score, trees[question].score(row));
                }
            });
        }
    }
}
