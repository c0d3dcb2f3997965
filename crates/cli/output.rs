//! Where and how a measurement is written.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_report::{TableOptions, Tables};

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

/// How tables are written.
#[derive(clap::Args)]
pub struct TableArgs {
    /// Write tables with ; and a decimal comma and a byte order mark, for a Dutch Excel
    #[arg(long)]
    pub excel: bool,
    /// What stands between the cells of tables: a character, or tab
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Begin tables with a byte order mark
    #[arg(long)]
    bom: bool,
    /// Only these columns, in this order, with commas between them; tables that have none of them are left out
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    columns: Vec<String>,
}

impl TableArgs {
    /// Whether anything is asked at all.
    pub fn are_given(&self) -> bool {
        self.excel || self.bom || self.delimiter.is_some() || !self.columns.is_empty()
    }

    /// What was asked, checked against the columns that the tables have.
    pub fn options(&self, tables: &Tables<'_>) -> anyhow::Result<TableOptions> {
        if let Some(unknown) = self.columns.iter().find(|c| !tables.columns().contains(*c)) {
            let known = tables.columns().into_iter().collect::<Vec<_>>().join(", ");
            anyhow::bail!("--columns: no table has a column \"{unknown}\"; there are: {known}");
        }
        self.parsed()
    }

    /// What was asked.
    pub fn parsed(&self) -> anyhow::Result<TableOptions> {
        let delimiter = match self.delimiter.as_deref() {
            None => None,
            Some("tab" | "\\t" | "\t") => Some(b'\t'),
            Some(";") => Some(b';'),
            Some(",") => Some(b','),
            Some("|") => Some(b'|'),
            Some(other) => anyhow::bail!("--delimiter: \"{other}\" is none of , ; | and tab"),
        };
        Ok(TableOptions { excel: self.excel, delimiter, bom: self.bom, columns: self.columns.clone() })
    }
}

/// "1 passage", "2 passages".
pub fn counted(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// A number with three decimals; `-` where there is none.
pub fn three(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}
