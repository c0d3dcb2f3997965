//! The index of a study: built by `run`, and again where it is damaged or people decided something since.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::Options;
use klantreis_index::{Builder, Index, IndexError};
use klantreis_ingest::transcript_files;
use klantreis_review::Store;
use klantreis_study::Study;

use crate::{large, pipeline, pipeline::Coded, progress};

/// Indexes what was coded; returns the number of passages.
pub fn build(study: &Study, coded: &Coded, quiet: bool) -> anyhow::Result<usize> {
    let passages = build_in(&folder(study), coded, quiet)?;
    keep_stamp(study)?;
    Ok(passages)
}

/// Says that the index knows of what people decided until now.
pub fn keep_stamp(study: &Study) -> anyhow::Result<()> {
    Ok(fs::write(stamp_file(study), stamp(study)?)?)
}

/// Indexes what was coded in a folder of its own.
pub fn build_in(folder: &Path, coded: &Coded, quiet: bool) -> anyhow::Result<usize> {
    let bar = progress::bar("indexing", coded.transcripts.len(), quiet);
    let mut builder = Builder::create(folder)?;
    let mut passages = 0;
    for transcript in &coded.transcripts {
        passages += builder.add(transcript)?;
        bar.inc(1);
    }
    builder.finish()?;
    bar.finish_and_clear();
    Ok(passages)
}

/// Opens the index that `run` built.
pub fn open(study: &Study) -> anyhow::Result<Index> {
    let index = Index::open(&folder(study)).and_then(|index| index.search("", 1).map(|_| index));
    let why = match index {
        Err(error @ (IndexError::Missing(_) | IndexError::Query(_))) => return Err(error.into()),
        Err(error) => format!("the index can't be read ({error})"),
        Ok(index) => {
            if fs::read_to_string(stamp_file(study)).unwrap_or_default() == stamp(study)? {
                return Ok(index);
            }
            "people decided something since".to_owned()
        }
    };
    if large::is_large(&transcript_files(study)) {
        let out_of_date = Index::open(&folder(study)).context(why.clone())?;
        eprintln!("{why}; `klantreis run {}` brings the index up to date", study.root.display());
        return Ok(out_of_date);
    }
    eprintln!("{why}; it is built again");
    let coded = pipeline::code(study, Options::default(), true)?;
    build(study, &coded, true)?;
    Ok(Index::open(&folder(study))?)
}

pub fn folder(study: &Study) -> PathBuf {
    study.cache_dir().join("index")
}

fn stamp_file(study: &Study) -> PathBuf {
    study.cache_dir().join("index-decisions")
}

/// Names the decisions that the index knows of.
fn stamp(study: &Study) -> anyhow::Result<String> {
    let entries = Store::read(&study.root)?;
    let mut ids: Vec<&str> = entries.iter().map(|e| e.id.as_str()).collect();
    ids.sort_unstable();
    Ok(match ids.last() {
        Some(last) => format!("{} {last}\n", ids.len()),
        None => String::new(),
    })
}
