//! Rows of numbers of one width, in one piece of memory: an interview is walked sentence by sentence, state by state.

/// Numbers that one instruction goes through.
pub(super) const LANES: usize = 4;

/// Rows of numbers, all of the same width.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    width: usize,
    rows: usize,
    /// Row after row, each filled up with zeros to whole lanes.
    values: Vec<[f32; LANES]>,
}

impl Table {
    /// Rows of which each is `row`.
    pub fn repeat(row: &[f32], rows: usize) -> Self {
        let lane = |part: &[f32]| std::array::from_fn(|n| part.get(n).copied().unwrap_or(0.0));
        let lanes: Vec<[f32; LANES]> = row.chunks(LANES).map(lane).collect();
        Self { width: row.len(), rows, values: lanes.repeat(rows) }
    }

    /// The table of what `value` gives for each row and column.
    pub fn of(rows: usize, width: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let mut out = Self::repeat(&vec![0.0; width], rows);
        for row in 0..rows {
            out.row_mut(row).iter_mut().enumerate().for_each(|(column, x)| *x = value(row, column));
        }
        out
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// A row with what it is filled up with.
    pub fn lanes(&self, row: usize) -> &[[f32; LANES]] {
        let lanes = self.width.div_ceil(LANES);
        &self.values[row * lanes..][..lanes]
    }

    /// A row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.lanes(row).as_flattened()[..self.width]
    }

    /// A row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        let lanes = self.width.div_ceil(LANES);
        &mut self.values[row * lanes..][..lanes].as_flattened_mut()[..self.width]
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        (0..self.rows).map(|row| self.row(row))
    }

    /// Adds a row of another of the same width, times `weight`, to one of its own.
    pub fn add(&mut self, row: usize, weight: f32, other: &Self, of: usize) {
        let lanes = self.width.div_ceil(LANES);
        let to = &mut self.values[row * lanes..][..lanes];
        for (to, from) in to.iter_mut().zip(other.lanes(of)) {
            to.iter_mut().zip(from).for_each(|(x, y)| *x += weight * y);
        }
    }

    /// Has as many rows as this at least; new ones are of zeros.
    pub fn grow(&mut self, rows: usize) {
        self.rows = self.rows.max(rows);
        self.values.resize(self.rows * self.width.div_ceil(LANES), [0.0; LANES]);
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
