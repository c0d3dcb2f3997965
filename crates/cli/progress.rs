//! Progress bars, a stage each; hidden where the output is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for `count` steps of a stage.
pub fn bar(stage: &'static str, count: usize, quiet: bool) -> ProgressBar {
    with(stage, count, quiet, "{msg:<12} {bar:30} {pos}/{len}")
}

/// The same with the time left, for a stage of minutes or hours that loses nothing when it is broken off.
pub fn long_bar(stage: &'static str, count: usize, quiet: bool) -> ProgressBar {
    with(stage, count, quiet, "{msg:<12} {bar:30} {pos}/{len}, {eta} left (Ctrl-C: go on later)")
}

fn with(stage: &'static str, count: usize, quiet: bool, template: &str) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    // indicatif draws to stderr and hides itself where that is no terminal.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(count as u64).with_style(style).with_message(stage)
}
