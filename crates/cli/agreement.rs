//! `klantreis agreement A.csv B.csv`: agreement among people who coded the same interviews.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;

use klantreis_coding::{CoderAgreement, Sheet, between_coders};
use klantreis_study::{Category, Study};

use crate::{
    Outcome,
    output::{Format, Output, three},
    pipeline,
    query::cell,
};

#[derive(clap::Args)]
pub struct Args {
    /// A file a coder, two or more: gold files or quotes.csv
    #[arg(required = true, num_args = 2..)]
    files: Vec<PathBuf>,
    /// The study whose interviews they coded (the one whose folder the first file is in, if left out)
    #[arg(long)]
    study: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = match &args.study {
        Some(dir) => dir.clone(),
        None => around(&args.files[0]).context("say whose interviews were coded: --study DIR")?,
    };
    let rows = |path| pipeline::gold_rows(&study, std::slice::from_ref(path));
    let coders = args.files.iter().map(rows).collect::<anyhow::Result<Vec<_>>>()?;
    let names: Vec<String> = args.files.iter().map(|path| path.display().to_string()).collect();
    let (transcripts, problems) = pipeline::ingest(&Study::load(&study)?, true);
    let mut skipped = pipeline::report(&problems);
    let mut interviews = Vec::new();
    for transcript in &transcripts {
        let mut sheets = Vec::new();
        for rows in &coders {
            let (sheet, missing) = Sheet::of_rows(transcript, rows);
            skipped |= !missing.is_empty();
            missing.iter().for_each(|row| pipeline::not_found(transcript, row));
            sheets.push(rows.iter().any(|row| row.belongs_to(transcript)).then_some(sheet));
        }
        if sheets.iter().flatten().count() > 1 {
            interviews.push(sheets);
        }
    }
    if interviews.is_empty() {
        anyhow::bail!(
            "{}: no interview was coded by two of these coders; the column `file` must name the interviews there",
            study.display()
        );
    }
    let all = between_coders(&names, &interviews);
    let text = match args.output.format {
        Format::Text => text(&names, interviews.len(), &all)?,
        Format::Csv => csv(&all)?,
        Format::Json => serde_json::to_string_pretty(&all)? + "\n",
    };
    args.output.write(&text)?;
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

/// The study that a file is in: the nearest folder above it with a `klantreis.toml` or with interviews.
fn around(file: &Path) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    let is_study = |dir: &&Path| dir.join("klantreis.toml").is_file() || dir.join("interviews").is_dir();
    file.ancestors().skip(1).find(is_study).map(Path::to_owned)
}

fn question(row: &CoderAgreement) -> &str {
    row.category.as_ref().map_or("all together", Category::as_str)
}

fn text(names: &[String], interviews: usize, all: &[CoderAgreement]) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(out, "{} coders, {interviews} interviews that two or more of them coded", names.len())?;
    writeln!(out, "\n{:<14}Krippendorff's alpha", "category")?;
    for row in all {
        writeln!(out, "{:<14}{:>20}", question(row), three(row.alpha))?;
    }
    writeln!(out, "\nall together: the whole set of categories of a sentence is the same")?;
    for (n, pair) in all.first().map_or(&[][..], |row| &row.pairs).iter().enumerate() {
        writeln!(out, "\n{} and {}, {} sentences", pair.first, pair.second, pair.sentences)?;
        writeln!(out, "{:<14}{:>20}", "category", "Cohen's kappa")?;
        for row in all {
            writeln!(out, "{:<14}{:>20}", question(row), three(row.pairs[n].kappa))?;
        }
    }
    Ok(out)
}

fn csv(all: &[CoderAgreement]) -> Result<String, std::fmt::Error> {
    let mut out = String::from("measure,category,first,second,sentences,value\n");
    let number = |v: Option<f64>| v.map(|v| format!("{v:.4}")).unwrap_or_default();
    for row in all {
        writeln!(out, "alpha,{},,,,{}", question(row), number(row.alpha))?;
        for p in &row.pairs {
            let (first, second) = (cell(&p.first), cell(&p.second));
            writeln!(out, "kappa,{},{first},{second},{},{}", question(row), p.sentences, number(p.kappa))?;
        }
    }
    Ok(out)
}
