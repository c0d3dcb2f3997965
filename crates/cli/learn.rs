//! `klantreis learn --built-in STUDIES --also MORE -o FILE`: trains the model that comes with the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::{Example, Resources, cross_validate, expected as expected_of, train};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// A folder of studies, each with its gold*.csv
    #[arg(long, value_name = "STUDIES")]
    built_in: PathBuf,
    /// A folder of more studies with gold, to learn from but not to measure on
    #[arg(long, value_name = "STUDIES")]
    also: Option<PathBuf>,
    /// Where to write the model
    #[arg(long, short)]
    output: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut examples = coded_studies(&args.built_in)?;
    let measured = examples.len();
    if let Some(also) = &args.also {
        examples.extend(coded_studies(also)?);
    }
    let resources = Resources::built_in();
    println!("{} interviews; leaving out one study at a time of {measured}:", examples.len());
    let held_back = cross_validate(&examples, &resources, |n| examples[n].study.clone(), |n| n < measured);
    let (expected, by_study) = expected_of(&examples, &held_back);
    println!("{:<20}{:>9}{:>7}{:>9}{:>11}{:>9}", "study", "behoefte", "winst", "pijnpunt", "activiteit", "macro-F1");
    for (study, f1) in by_study.iter().chain([&("mean".to_owned(), expected.f1)]) {
        let mean = (f1[0] + f1[1] + f1[2]) / 3.0;
        println!("{study:<20}{:>9.3}{:>7.3}{:>9.3}{:>11.3}{mean:>9.3}", f1[0], f1[1], f1[2], f1[3]);
    }
    let mut model = train(&examples, &resources);
    model.expected = expected;
    fs::write(&args.output, model.to_bytes()).with_context(|| args.output.display().to_string())?;
    println!("wrote {}", args.output.display());
    Ok(Outcome::Well)
}

/// The interviews of all studies in a folder that have gold, in the order of their names.
fn coded_studies(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut dirs = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            dirs.push(path);
        }
    }
    dirs.sort();
    let mut examples = Vec::new();
    for dir in dirs {
        let gold = pipeline::gold_files(&dir)?;
        if !gold.is_empty() {
            examples.extend(pipeline::examples(&dir, &gold)?);
        }
    }
    Ok(examples)
}
