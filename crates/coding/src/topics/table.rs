//! Rows of numbers of one width, in one piece of memory: an interview is walked sentence by sentence, state by state.

/// Rows of numbers, all of the same width.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    width: usize,
    rows: usize,
    values: Vec<f32>,
}

impl Table {
    /// Rows of which each is `row`.
    pub fn repeat(row: &[f32], rows: usize) -> Self {
        Self { width: row.len(), rows, values: row.repeat(rows) }
    }

    /// The table of what `value` gives for each row and column.
    pub fn of(rows: usize, width: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let values = (0..rows).flat_map(|row| (0..width).map(move |column| (row, column)));
        Self { width, rows, values: values.map(|(row, column)| value(row, column)).collect() }
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// A row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    /// A row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.width..][..self.width]
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        (0..self.rows).map(|row| self.row(row))
    }

    /// The table with rows for columns.
    pub fn turned(&self) -> Self {
        Self::of(self.width, self.rows, |row, column| self.row(column)[row])
    }
}

/// Adds a row, times `weight`, to another.
pub(super) fn add(to: &mut [f32], weight: f32, row: &[f32]) {
    to.iter_mut().zip(row).for_each(|(x, y)| *x += weight * y);
}
