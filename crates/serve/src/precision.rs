//! How many of the program's proposals are right, by the decisions so far.

use klantreis_study::Status;

use crate::desk::Desk;

/// A share with its 95% interval (Wilson 1927).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// Proposals that a person confirmed in their category.
    pub right: usize,
    /// Proposals that a person decided on.
    pub decided: usize,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Precision {
    /// `None` where nothing is decided.
    pub fn of(right: usize, decided: usize) -> Option<Self> {
        if decided == 0 {
            return None;
        }
        let (n, z) = (decided as f64, 1.959_964);
        let share = right as f64 / n;
        let middle = share + z * z / (2.0 * n);
        let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        Some(Self { right, decided, low: ((middle - half) / whole).max(0.0), high: ((middle + half) / whole).min(1.0) })
    }

    /// The share itself.
    pub fn share(&self) -> f64 {
        self.right as f64 / self.decided as f64
    }

    /// Of all proposals that were decided on. One that was changed was right if its category stayed.
    pub fn now(desk: &Desk) -> Option<Self> {
        let judged = desk.state().decided.values().filter(|d| !d.added);
        let verdicts = judged.filter_map(|d| match d.verdict? {
            Status::Rejected => Some(false),
            _ => Some(d.now().category == d.coding.category),
        });
        let verdicts: Vec<bool> = verdicts.collect();
        Self::of(verdicts.iter().filter(|right| **right).count(), verdicts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
        let p = Precision::of(81, 263).unwrap();
        assert!((p.low - 0.2553).abs() < 5e-5 && (p.high - 0.3662).abs() < 5e-5, "{p:?}");
        assert_eq!(Precision::of(0, 0), None);
        assert_eq!(Precision::of(0, 20).unwrap().low, 0.0);
        assert_eq!(Precision::of(20, 20).unwrap().high, 1.0);
    }
}
