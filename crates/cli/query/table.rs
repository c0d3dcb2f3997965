//! Rows in every format: what counts, words and lists have in common.

use std::io::Write;

use clap::ValueEnum;
use klantreis_report::{Cell, Rows, escape_formula};
use serde_json::{Map, Value};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For the screen
    Table,
    /// Comma-separated, a row each
    Csv,
    /// One JSON value
    Json,
    /// A JSON object a line
    Jsonl,
    /// A Markdown table
    Md,
}

/// Rows of cells under their heads.
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self { heads: heads.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub fn print(&self, out: &mut impl Write, format: Format) -> anyhow::Result<()> {
        match format {
            Format::Table => self.columns(out)?,
            Format::Csv => self.csv(out)?,
            Format::Md => self.markdown(out)?,
            Format::Json => {
                let all: Vec<Value> = self.objects().collect();
                writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
            }
            Format::Jsonl => {
                for object in self.objects() {
                    writeln!(out, "{object}")?;
                }
            }
        }
        Ok(())
    }

    fn objects(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().map(|row| {
            let pairs = self.heads.iter().cloned().zip(row.iter().cloned());
            Value::Object(pairs.collect::<Map<_, _>>())
        })
    }

    fn columns(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let texts: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(text).collect()).collect();
        let widths: Vec<usize> = (0..self.heads.len())
            .map(|n| texts.iter().map(|row| length(&row[n])).chain([length(&self.heads[n])]).max().unwrap_or(0))
            .collect();
        let number = |n: usize| self.rows.iter().all(|row| !row[n].is_string());
        let mut line = |cells: &[String]| {
            let padded = cells.iter().enumerate().map(|(n, cell)| {
                let space = " ".repeat(widths[n] - length(cell));
                if number(n) { format!("{space}{cell}") } else { format!("{cell}{space}") }
            });
            writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())
        };
        line(&self.heads)?;
        for row in &texts {
            line(row)?;
        }
        Ok(())
    }

    /// RFC 4180 with LF.
    fn csv(&self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(out, "{}", self.heads.iter().map(|h| cell(h)).collect::<Vec<_>>().join(","))?;
        for row in &self.rows {
            let cells = row.iter().map(|value| match value {
                Value::String(text) => cell(text),
                _ => text(value),
            });
            writeln!(out, "{}", cells.collect::<Vec<_>>().join(","))?;
        }
        Ok(())
    }

    /// The same as a table of `run`, heads first.
    pub fn into_rows(self) -> Rows {
        let heads = self.heads.into_iter().map(Cell::from).collect();
        let row = |row: Vec<Value>| row.into_iter().map(as_cell).collect();
        std::iter::once(heads).chain(self.rows.into_iter().map(row)).collect()
    }

    fn markdown(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace('\n', " ");
        writeln!(out, "{}", line(self.heads.iter().map(|h| escaped(h)).collect()))?;
        let rule = (0..self.heads.len()).map(|n| {
            if self.rows.iter().all(|row| !row[n].is_string()) { "---:".to_owned() } else { "---".to_owned() }
        });
        writeln!(out, "{}", line(rule.collect()))?;
        for row in &self.rows {
            writeln!(out, "{}", line(row.iter().map(|value| escaped(&text(value))).collect()))?;
        }
        Ok(())
    }
}

fn as_cell(value: Value) -> Cell {
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Cell::Count(whole),
            (None, Some(number)) => Cell::Exact(number),
            (None, None) => Cell::Number(None),
        },
        Value::Null => Cell::Number(None),
        Value::String(text) => Cell::Text(text),
        other => Cell::Text(other.to_string()),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A cell of a CSV: quoted where needed, and no formula.
pub fn cell(text: &str) -> String {
    let text = escape_formula(text);
    if text.contains([',', ';', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

/// A number with some decimals, as a value.
pub fn rounded(number: f64, decimals: i32) -> Value {
    let scale = 10f64.powi(decimals);
    // Adding zero makes a zero of -0.
    Value::from((number * scale).round() / scale + 0.0)
}
