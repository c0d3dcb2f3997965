//! `klantreis new DIR`: a study to fill in, along the seven steps.

use std::{fs, path::PathBuf};

use anyhow::Context;

use crate::Outcome;

#[derive(clap::Args)]
pub struct Args {
    /// The folder to make
    dir: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let toml = args.dir.join("klantreis.toml");
    if toml.exists() {
        anyhow::bail!("{}: there is a study already; nothing was changed", toml.display());
    }
    let interviews = args.dir.join("interviews");
    fs::create_dir_all(&interviews).with_context(|| interviews.display().to_string())?;
    fs::write(&toml, include_str!("new.toml")).with_context(|| toml.display().to_string())?;
    println!(
        "Vul {} in, zet uw transcripten in {} en geef: klantreis run {}",
        toml.display(),
        interviews.display(),
        args.dir.display()
    );
    Ok(Outcome::Well)
}
