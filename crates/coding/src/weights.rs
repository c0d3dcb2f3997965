//! The weights of the first model: a row of labels for each bucket, in eight bits.

use std::{array::from_fn, borrow::Cow};

use crate::model::{LABELS, Scores};

/// Bytes of a row: a label each, and one to make a row a word of the machine.
pub const ROW: usize = LABELS + 1;

/// The weights of a bucket as they are stored, in [steps] of the eight-bit scale; the last is of no label.
pub type Row = [u8; ROW];

/// The steps of a stored weight.
pub fn steps(weight: u8) -> i8 {
    weight as i8
}

/// A sum of rows times values, in steps.
pub type Sum = [f32; ROW];

/// Adds a row, times `value`, to a sum.
pub fn add(sum: &mut Sum, row: &Row, value: f32) {
    sum.iter_mut().zip(row).for_each(|(s, w)| *s += f32::from(steps(*w)) * value);
}

/// A sum of rows as they are. Whole numbers add up to the same in any order and in fewer instructions than others, and most
/// features are simply there or not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole {
    /// The latest rows, in numbers so short that one instruction adds a row.
    few: [i16; ROW],
    rows: u32,
    /// Those before them.
    many: [i32; ROW],
}

/// Rows that short numbers have room for.
const FEW: u32 = 256;

impl Whole {
    /// Adds a row. Called some hundred times a sentence, for rows that each come from elsewhere in memory.
    #[inline(always)]
    pub fn add(&mut self, row: &Row) {
        if self.rows == FEW {
            self.many = self.all();
            (self.few, self.rows) = Default::default();
        }
        self.rows += 1;
        self.few = from_fn(|l| self.few[l] + i16::from(steps(row[l])));
    }

    /// Adds what was added up elsewhere.
    pub fn add_all(&mut self, all: &[i32; ROW]) {
        self.many = from_fn(|l| self.many[l] + all[l]);
    }

    /// The sum.
    pub fn all(&self) -> [i32; ROW] {
        from_fn(|l| self.many[l] + i32::from(self.few[l]))
    }

    /// The sum, which up to 2²⁴ steps is exact.
    pub fn sum(&self) -> Sum {
        self.all().map(|w| w as f32)
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
        let scales: Scores = from_fn(|l| rows.iter().map(|row| row[l].abs()).fold(1e-9, f32::max) / 127.0);
        let mut bytes = Vec::with_capacity(rows.len() * ROW);
        for row in rows {
            bytes.extend(row.iter().zip(scales).map(|(w, scale)| (w / scale).round() as i8 as u8));
            bytes.push(0);
        }
        Self { scales, rows: bytes.into() }
    }

    /// Reads the bytes of [`bytes`](Self::bytes); `None` if they are not as many as `dimension` asks for.
    pub fn read(dimension: usize, scales: Scores, rows: Cow<'static, [u8]>) -> Option<Self> {
        (rows.len() == dimension * ROW).then_some(Self { scales, rows })
    }

    /// Log-odds of a step, a label each.
    pub fn scales(&self) -> Scores {
        self.scales
    }

    /// The rows as they are stored.
    pub fn bytes(&self) -> &[u8] {
        &self.rows
    }

    /// The rows, a bucket each.
    pub fn rows(&self) -> &[Row] {
        self.rows.as_chunks().0
    }

    /// The weights of all buckets in log-odds.
    pub fn in_log_odds(&self) -> Vec<Scores> {
        self.rows().iter().map(|row| self.log_odds(&row.map(|w| f32::from(steps(w))))).collect()
    }

    /// A sum in log-odds.
    pub fn log_odds(&self, sum: &Sum) -> Scores {
        from_fn(|l| sum[l] * self.scales[l])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_short_numbers_hold_add_up() {
        let mut whole = Whole::default();
        (0..1000).for_each(|_| whole.add(&[127, 128, 1, 0, 255, 0, 0, 0]));
        whole.add_all(&[1; ROW]);
        assert_eq!(whole.sum()[..5], [127_001.0, -127_999.0, 1001.0, 1.0, -999.0]);
    }

    #[test]
    fn rounding_errs_by_half_a_step_at_most() {
        let mut rows = vec![[0.0; LABELS]; 9];
        rows[3] = [1.27, -0.5, 0.013, 0.0, 2.0, -1.27, 0.1];
        rows[4][0] = -0.301;
        let weights = Weights::rounded(&rows);
        let again = Weights::read(9, weights.scales(), weights.bytes().to_vec().into()).unwrap();
        assert_eq!(weights, again);
        let again = again.in_log_odds();
        for (bucket, row) in [(3, rows[3]), (4, rows[4])] {
            for (l, w) in again[bucket].into_iter().enumerate() {
                assert!((w - row[l]).abs() <= 0.5001 * weights.scales()[l], "{bucket} {l}: {w}");
            }
        }
    }
}
