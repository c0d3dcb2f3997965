//! `klantreis query DIR QUERY`: passages with what they are coded as.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use klantreis_index::Hit;
use klantreis_report::escape_formula;
use klantreis_study::Study;

use crate::{Outcome, searching};

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// Words, "phrases", wacht*, wachtwoord~1, EN/OF/NIET, fase:…, categorie:…, contactmoment:…, emotie:<0, segment:…
    #[arg(default_value = "", allow_hyphen_values = true)]
    query: String,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Count by a field instead: fase, categorie, code, contactmoment, interview, or an attribute
    #[arg(long)]
    count_by: Option<String>,
    /// Print at most this many
    #[arg(long, short = 'n', default_value_t = 50)]
    limit: usize,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let index = searching::open(&study)?;
    let query = match args.query.strip_prefix('@') {
        Some(name) => study.queries.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = study.queries.keys().map(String::as_str).collect();
            anyhow::anyhow!(
                "no query \"{name}\" is saved under [queries] in klantreis.toml; there are: {}",
                known.join(", ")
            )
        })?,
        None => args.query.clone(),
    };
    let mut out = io::stdout().lock();
    if let Some(field) = &args.count_by {
        let counts = index.count_by(&query, field)?;
        match args.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&counts)?)?,
            Format::Csv => {
                writeln!(out, "{field},passages,interviews")?;
                for c in &counts {
                    writeln!(out, "{},{},{}", cell(&c.value), c.passages, c.interviews)?;
                }
            }
            Format::Table => {
                let width = counts.iter().map(|c| c.value.chars().count()).max().unwrap_or(0).max(field.len());
                writeln!(out, "{field:<width$}  passages  interviews")?;
                for c in &counts {
                    writeln!(out, "{:<width$}  {:>8}  {:>10}", c.value, c.passages, c.interviews)?;
                }
            }
        }
        return Ok(Outcome::Well);
    }
    let hits = index.search(&query, args.limit)?;
    match args.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&hits)?)?,
        Format::Csv => {
            writeln!(out, "file,turn,time,speaker,categories,phases,touchpoints,emotion,confidence,passage")?;
            for Hit { passage: p, .. } in &hits.hits {
                let join = |pick: fn(&klantreis_index::HitCoding) -> String| -> String {
                    let mut list: Vec<String> = p.codings.iter().map(pick).filter(|v| !v.is_empty()).collect();
                    list.dedup();
                    cell(&list.join(" "))
                };
                let (categories, phases) = (join(|c| c.category.clone()), join(|c| c.phase.clone()));
                let touchpoints = join(|c| c.touchpoint.clone());
                let (emotion, confidence) = (join(|c| c.emotion.to_string()), join(|c| format!("{:.2}", c.confidence)));
                writeln!(
                    out,
                    "{},{},{},{},{categories},{phases},{touchpoints},{emotion},{confidence},{}",
                    cell(&p.file),
                    p.turn,
                    p.time,
                    cell(&p.speaker),
                    cell(&p.text)
                )?;
            }
        }
        Format::Table => {
            let colour = out.is_terminal();
            for hit in &hits.hits {
                let p = &hit.passage;
                let time = if p.time.is_empty() { String::new() } else { format!(" {}", p.time) };
                let codes: Vec<String> = p
                    .codings
                    .iter()
                    .map(|c| format!("{} · {} · {:.2} [{}]", c.category, c.phase, c.confidence, c.quote_id))
                    .collect();
                let codes = if codes.is_empty() { "uncoded".to_owned() } else { codes.join("; ") };
                writeln!(out, "{}, turn {}{time}, {}: {codes}", p.file, p.turn, p.speaker)?;
                writeln!(out, "    {}\n", marked(hit, colour))?;
            }
            writeln!(out, "{} passages, {} shown", hits.total, hits.hits.len())?;
        }
    }
    Ok(Outcome::Well)
}

/// A cell of a CSV: quoted where needed, and no formula.
pub fn cell(text: &str) -> String {
    let text = escape_formula(text);
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
}

/// The passage with its matches in bold on a terminal, between asterisks elsewhere.
fn marked(hit: &Hit, colour: bool) -> String {
    let (on, off) = if colour { ("\x1b[1;33m", "\x1b[0m") } else { ("*", "*") };
    let text = &hit.passage.text;
    let mut out = String::new();
    let mut at = 0;
    for range in &hit.highlights {
        out.push_str(&text[at..range.start]);
        out.push_str(on);
        out.push_str(&text[range.clone()]);
        out.push_str(off);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}
