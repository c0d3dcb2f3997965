//! Which phases of a curve belong together.

use std::ops::Range;

use klantreis_aggregation::Score;

/// Stretches of phases next to each other that all have it.
pub(crate) fn stretches(scores: &[&Score], has: fn(&Score) -> bool) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for n in (0..scores.len()).filter(|n| has(scores[*n])) {
        match out.last_mut() {
            Some(stretch) if stretch.end == n => stretch.end = n + 1,
            _ => out.push(n..n + 1),
        }
    }
    out
}
