//! The weights of the first model: a row of labels for each bucket, in eight bits.

use std::borrow::Cow;

use crate::{
    features::DIMENSION,
    model::{LABELS, Scores},
};

/// Bytes of a row: a label each, and one to make a row a word of the machine.
const ROW: usize = LABELS + 1;

/// The weights of a bucket as they are stored, in [steps] of the eight-bit scale; the last is of no label.
pub type Row = [u8; ROW];

/// The steps of a stored weight.
pub fn steps(weight: u8) -> i8 {
    weight as i8
}

/// A sum of rows times values, in steps.
pub type Sum = [f32; ROW];

/// A sum of rows as they are. Whole numbers add up to the same in any order and in fewer instructions than others, and most
/// features are simply there or not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole([i32; ROW]);

impl Whole {
    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        // Row and sum by reference: only then does the compiler add four numbers at once.
        self.0.iter_mut().zip(row).for_each(|(sum, w)| *sum += i32::from(steps(*w)));
    }

    /// Adds what was added up elsewhere.
    pub fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, w)| *sum += w);
    }

    /// The sum, which up to 2²⁴ steps is exact.
    pub fn sum(&self) -> Sum {
        self.0.map(|w| w as f32)
    }
}

/// Weights of a linear model, bucket × label. Those of the built-in model are read where they stand in the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Log-odds of one step, a label each.
    scales: Scores,
    rows: Cow<'static, [u8]>,
}

impl Weights {
    /// Rounds weights (a row a bucket) to 255 steps between the largest of each label and its negative.
    pub fn rounded(rows: &[Scores]) -> Self {
        let scales: Scores = std::array::from_fn(|l| rows.iter().map(|row| row[l].abs()).fold(1e-9, f32::max) / 127.0);
        let mut bytes = Vec::with_capacity(rows.len() * ROW);
        for row in rows {
            bytes.extend(row.iter().zip(scales).map(|(w, scale)| (w / scale).round() as i8 as u8));
            bytes.push(0);
        }
        Self { scales, rows: bytes.into() }
    }

    /// Reads the bytes of [`bytes`](Self::bytes); `None` if they are not as many as there are weights.
    pub fn read(scales: Scores, rows: Cow<'static, [u8]>) -> Option<Self> {
        (rows.len() == DIMENSION * ROW).then_some(Self { scales, rows })
    }

    /// Log-odds of a step, a label each.
    pub fn scales(&self) -> Scores {
        self.scales
    }

    /// The rows as they are stored.
    pub fn bytes(&self) -> &[u8] {
        &self.rows
    }

    /// The weights of a bucket.
    pub fn row(&self, bucket: u32) -> &Row {
        let (rows, _) = self.rows.as_chunks();
        &rows[bucket as usize]
    }

    /// All rows, in log-odds.
    pub fn rows(&self) -> Vec<Scores> {
        (0..DIMENSION as u32).map(|bucket| self.log_odds(&self.row(bucket).map(|w| f32::from(steps(w))))).collect()
    }

    /// Adds a bucket's weights, times `value`, to a sum.
    pub fn add(&self, sum: &mut Sum, bucket: u32, value: f32) {
        sum.iter_mut().zip(self.row(bucket)).for_each(|(s, w)| *s += f32::from(steps(*w)) * value);
    }

    /// A sum in log-odds.
    pub fn log_odds(&self, sum: &Sum) -> Scores {
        std::array::from_fn(|l| sum[l] * self.scales[l])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_errs_by_half_a_step_at_most() {
        let mut rows = vec![[0.0; LABELS]; DIMENSION];
        rows[3] = [1.27, -0.5, 0.013, 0.0, 2.0, -1.27, 0.1];
        rows[4][0] = -0.301;
        let weights = Weights::rounded(&rows);
        let again = Weights::read(weights.scales(), weights.bytes().to_vec().into()).unwrap();
        assert_eq!(weights, again);
        let again = again.rows();
        for (bucket, row) in [(3, rows[3]), (4, rows[4])] {
            for (l, w) in again[bucket].into_iter().enumerate() {
                assert!((w - row[l]).abs() <= 0.5001 * weights.scales()[l], "{bucket} {l}: {w}");
            }
        }
    }
}
