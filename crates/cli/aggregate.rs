//! `klantreis aggregate PART… -o OUT`: what parts of a corpus add up to.

use std::{fs, path::PathBuf};

use anyhow::Context;
use klantreis_aggregation::Part;
use klantreis_report::{TableOptions, Tables};
use klantreis_study::Study;

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// What `klantreis code --part` wrote, in any order
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// The study with its phases and codes
    #[arg(long, value_name = "DIR")]
    study: Option<PathBuf>,
    /// Where to write the tables
    #[arg(long, short)]
    output: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = match &args.study {
        Some(dir) => Study::load(dir)?,
        None => Study::parse("").map_err(|e| anyhow::anyhow!("the built-in study: {e}"))?,
    };
    let mut whole = Part::default();
    for path in &args.parts {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let part: Part = serde_json::from_slice(&bytes)
            .with_context(|| format!("{}: this is no part that `klantreis code --part` wrote", path.display()))?;
        whole.merge(part);
    }
    let journey = whole.journey(&study, &pipeline::codebook(&study)?);
    let tables = Tables { study: &study, quotes: whole.quotes(), journey: &journey };
    let files = tables.write(&args.output, &TableOptions::default())?;
    println!(
        "{} interviews, {} quotes; {} files are in {}",
        journey.interviews.len(),
        whole.quotes().len(),
        files.len(),
        args.output.display()
    );
    Ok(Outcome::Well)
}
