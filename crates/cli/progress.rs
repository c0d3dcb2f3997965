//! Progress bars, a stage each; hidden where the output is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for `count` steps of a stage.
pub fn bar(stage: &'static str, count: usize, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    // indicatif draws to stderr and hides itself where that is no terminal.
    let style =
        ProgressStyle::with_template("{msg:<12} {bar:30} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(count as u64).with_style(style).with_message(stage)
}
