//! Where and how a measurement is written.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::ValueEnum;

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    Text,
    Csv,
    Json,
}

#[derive(clap::Args)]
pub struct Output {
    /// How to write it
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Where to write it (the screen if left out)
    #[arg(long, short)]
    output: Option<PathBuf>,
}

impl Output {
    pub fn write(&self, text: &str) -> anyhow::Result<()> {
        use std::io::Write;
        match &self.output {
            Some(path) => fs::write(path, text).with_context(|| format!("{}: can't be written", path.display())),
            None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
        }
    }
}

/// A number with three decimals; `-` where there is none.
pub fn three(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}
