//! The index of a study: built by `run`, and again where it is damaged or people decided something since.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::Options;
use klantreis_index::{Builder, Index, IndexError};
use klantreis_ingest::{relative, transcript_files};
use klantreis_review::Store;
use klantreis_study::Study;

use crate::{large, pipeline, pipeline::Coded, progress};

/// Indexes what was coded; returns the number of passages.
pub fn build(study: &Study, coded: &Coded, quiet: bool) -> anyhow::Result<usize> {
    let passages = build_in(&folder(study), coded, quiet)?;
    keep_stamp(study)?;
    Ok(passages)
}

/// Says that the index knows of the interviews, and of what people decided, as they are now.
pub fn keep_stamp(study: &Study) -> anyhow::Result<()> {
    fs::write(study.cache_dir().join(INTERVIEWS), interviews(study))?;
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
                let known = fs::read_to_string(study.cache_dir().join(INTERVIEWS)).unwrap_or_default();
                if !known.is_empty() && known != interviews(study) {
                    eprintln!(
                        "note: interviews were added, changed or taken away since the last run, of which this knows nothing; \
                         `klantreis run {}` brings it up to date",
                        study.root.display()
                    );
                }
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

/// The interviews that the index knows of.
const INTERVIEWS: &str = "index-interviews";

/// Names the interviews of a study with the sizes of their files; nothing where there are so many that a query should not wait
/// for them to be listed.
fn interviews(study: &Study) -> String {
    let files = transcript_files(study);
    if large::is_large(&files) {
        return String::new();
    }
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |file| file.len());
    files.transcripts.iter().map(|path| format!("{} {}\n", relative(study, path), size(path))).collect()
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
