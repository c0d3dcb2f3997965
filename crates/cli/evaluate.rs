//! `klantreis evaluate DIR --gold FILE`: agreement with codings made by hand.

mod engines;
mod write;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use klantreis_coding::{Agreement, Example, GoldRow, Interview, Options, Resources, Sheet, train};
use klantreis_study::{Coding, Study, Transcript};

use crate::{
    Outcome,
    engine::Consent,
    output::{Format, Output},
    pipeline, progress,
};

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Fold {
    Interview,
    Study,
}

#[derive(clap::Args)]
pub struct Args {
    /// The study, or several
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    /// Gold files of one study (its gold*.csv if left out)
    #[arg(long, num_args = 1..)]
    gold: Vec<PathBuf>,
    /// Code by cues alone, without the model
    #[arg(long, conflicts_with = "cross_validate")]
    cues_only: bool,
    /// Leave out one part of the gold at a time, train on the rest and measure on that part
    #[arg(long)]
    cross_validate: bool,
    /// The part that is left out
    #[arg(long, value_enum, default_value = "interview", requires = "cross_validate")]
    by: Fold,
    /// Hold the built-in engine, the language model under `[engine]` in klantreis.toml and both together side by side, on the
    /// interviews about which answers of the model are kept; with their time and cost
    #[arg(long, conflicts_with_all = ["cues_only", "cross_validate"])]
    engines: bool,
    /// Ask the language model what it has not answered about these interviews
    #[arg(long, requires = "engines")]
    ask: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
}

/// An interview that people coded.
struct Coded {
    dir: usize,
    name: String,
    transcript: Transcript,
    gold: Sheet,
    found: Vec<Coding>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if args.dirs.len() > 1 && !args.gold.is_empty() {
        anyhow::bail!("--gold goes with one study; of several, each is measured by the gold*.csv in its own folder");
    }
    if args.by == Fold::Study && args.dirs.len() < 2 {
        anyhow::bail!("--by study leaves out one study of several; give two or more folders, or --by interview");
    }
    if args.engines {
        return engines::run(args);
    }
    let (mut coded, mut examples, mut skipped) = (Vec::new(), Vec::new(), false);
    for (n, dir) in args.dirs.iter().enumerate() {
        let gold = gold_files(args, dir)?;
        let rows = pipeline::gold_rows(dir, &gold)?;
        let of_dir = if args.cross_validate {
            let own: Vec<Example> = pipeline::examples(dir, &gold)?;
            let own = own.into_iter().filter(|e| is_coded(&e.transcript, &rows)).collect::<Vec<_>>();
            let transcripts: Vec<_> = own.iter().map(|e| (e.transcript.clone(), Vec::new())).collect();
            examples.extend(own);
            transcripts
        } else {
            let options = Options { cues_only: args.cues_only, min_confidence: None };
            let coded = pipeline::propose(&Study::load(dir)?, options, true)?;
            skipped |= pipeline::report(&coded.problems);
            coded.transcripts.into_iter().map(|c| (c.transcript, c.codings)).collect()
        };
        let before = coded.len();
        for (transcript, found) in of_dir {
            if is_coded(&transcript, &rows) {
                let (gold, missing) = Sheet::of_rows(&transcript, &rows);
                skipped |= !missing.is_empty();
                missing.iter().for_each(|row| pipeline::not_found(&transcript, row));
                let name = name(args, dir, &transcript)?;
                coded.push(Coded { dir: n, name, transcript, gold, found });
            }
        }
        if coded.len() == before {
            return Err(about_none(dir));
        }
    }
    if args.cross_validate {
        held_back(args, &examples, &mut coded)?;
    }
    let interviews: Vec<Interview<'_>> = coded
        .iter()
        .map(|c| Interview {
            name: c.name.clone(),
            transcript: &c.transcript,
            gold: c.gold.clone(),
            found: Sheet::of_codings(&c.transcript, &c.found),
        })
        .collect();
    let agreement = Agreement::between(&interviews);
    let text = match args.output.format {
        Format::Text => write::text(&agreement)?,
        Format::Csv => write::csv(&agreement)?,
        Format::Json => serde_json::to_string_pretty(&agreement)? + "\n",
    };
    args.output.write(&text)?;
    if args.cross_validate {
        eprintln!(
            "Each model here learned from the others of these {} interviews alone: this says what can be learned from so \
             few. What the built-in model is worth on your interviews, `evaluate` says without --cross-validate.",
            examples.len()
        );
    } else {
        warn_of_seen();
    }
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

fn gold_files(args: &Args, dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let gold = if args.gold.is_empty() { pipeline::gold_files(dir)? } else { args.gold.clone() };
    if gold.is_empty() {
        anyhow::bail!("{}: there is no gold file; give one with --gold", dir.display());
    }
    Ok(gold)
}

fn about_none(dir: &Path) -> anyhow::Error {
    anyhow::anyhow!("{}: the gold is about none of its interviews; the column `file` must name them", dir.display())
}

fn warn_of_seen() {
    eprintln!("If these interviews are part of data/studies, the built-in model has seen them: that flatters it.");
}

fn is_coded(transcript: &Transcript, rows: &[GoldRow]) -> bool {
    rows.iter().any(|row| row.belongs_to(transcript))
}

/// The file, with its study where there are several.
fn name(args: &Args, dir: &Path, transcript: &Transcript) -> anyhow::Result<String> {
    let file = &transcript.file;
    Ok(if args.dirs.len() > 1 { format!("{}/{file}", pipeline::folder_name(dir)?) } else { file.clone() })
}

/// Codes each part with a model that has learned from all others.
fn held_back(args: &Args, examples: &[Example], coded: &mut [Coded]) -> anyhow::Result<()> {
    let part = |n: usize, dir: usize| if args.by == Fold::Study { dir } else { n };
    let parts: BTreeSet<usize> = coded.iter().enumerate().map(|(n, c)| part(n, c.dir)).collect();
    if parts.len() < 2 {
        anyhow::bail!("the gold covers one interview only: nothing would be left to learn from; code a second one");
    }
    let resources = Resources::built_in();
    let bar = progress::bar("cross-validating", parts.len(), false);
    for left_out in parts {
        let out: Vec<usize> = (0..coded.len()).filter(|n| part(*n, coded[*n].dir) == left_out).collect();
        let rest: Vec<Example> =
            (0..examples.len()).filter(|n| !out.contains(n)).map(|n| examples[n].clone()).collect();
        let dir = coded[out[0]].dir;
        let study = Study::load(&args.dirs[dir])?;
        let all: Vec<&Transcript> = coded.iter().filter(|c| c.dir == dir).map(|c| &c.transcript).collect();
        let transcripts: Vec<&Transcript> = out.iter().map(|n| &coded[*n].transcript).collect();
        let codings = pipeline::code_with(&study, train(&rest, &resources), &all, &transcripts)?;
        for (n, found) in out.into_iter().zip(codings) {
            coded[n].found = found;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
