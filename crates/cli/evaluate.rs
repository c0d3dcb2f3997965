//! `klantreis evaluate DIR --gold FILE`: agreement with codings made by hand.

use std::path::PathBuf;

use klantreis_coding::{Agreement, Options};
use klantreis_study::Study;

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// Gold files (gold*.csv of the study if left out)
    #[arg(long, num_args = 1..)]
    gold: Vec<PathBuf>,
    /// Code by cues alone, without the model
    #[arg(long)]
    cues_only: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let gold = if args.gold.is_empty() { pipeline::gold_files(&args.dir)? } else { args.gold.clone() };
    if gold.is_empty() {
        anyhow::bail!("{}: there is no gold file; give one with --gold", args.dir.display());
    }
    let study = Study::load(&args.dir)?;
    let options = Options { cues_only: args.cues_only, min_confidence: None };
    let coded = pipeline::code(&study, options, true)?;
    let examples = pipeline::examples(&args.dir, &gold)?;
    let agreement = Agreement::between(&examples, &coded.transcripts);
    println!("{} respondent sentences", agreement.sentences);
    println!("{:<12}{:>6}{:>7}{:>7}{:>7}{:>7}{:>7}", "category", "gold", "found", "prec", "rec", "F1", "kappa");
    for row in &agreement.categories {
        println!(
            "{:<12}{:>6}{:>7}{:>7.2}{:>7.2}{:>7.2}{:>7.2}",
            row.category, row.gold, row.found, row.precision, row.recall, row.f1, row.kappa
        );
    }
    println!(
        "macro-F1 (behoefte, winst, pijnpunt) {:.3} · phase accuracy {:.3}",
        agreement.macro_f1, agreement.phase_accuracy
    );
    println!("If these interviews are part of data/studies, the built-in model has seen them: that flatters it.");
    Ok(Outcome::Well)
}
