//! About which interviews of a study a language model is asked, and about which it, or people, have said something.

use std::collections::BTreeSet;

use klantreis_coding::{Options, bare_name};
use klantreis_ingest::{Files, relative};
use klantreis_study::Study;

use super::{Choice, Chosen, Which, decisions};
use crate::{
    large,
    pipeline::{self, Coded},
};

/// The interviews that a language model is asked about, as the built-in engine codes them.
pub struct Sample {
    pub coded: Coded,
    /// Their places among those that are coded.
    pub asked: Vec<usize>,
    /// How many there are in all.
    pub of: usize,
}

impl Sample {
    /// Of a large study only those are read that are asked about.
    pub fn of(study: &Study, files: &Files, args: &Choice, quiet: bool) -> anyhow::Result<Self> {
        if !large::is_large(files) {
            let coded = pipeline::propose(study, Options::default(), quiet)?;
            let of = coded.transcripts.len();
            let asked = args.sample.map_or_else(|| all(&coded), |n| spread(of, n));
            return Ok(Self { coded, asked, of });
        }
        let of = files.transcripts.len();
        let (Which::Llm, Some(some)) = (args.engine, args.sample) else {
            anyhow::bail!(
                "{of} interviews are too many for a language model: `--engine llm --sample 20` asks it about twenty, and \
                 `klantreis learn {} --from llm` teaches the built-in engine by them, which then codes all",
                study.root.display()
            )
        };
        let coded = pipeline::propose_some(study, large::some(study, files.clone(), some), Options::default(), quiet)?;
        Ok(Self { asked: all(&coded), coded, of })
    }
}

/// Of the files of a study those of which people or a language model may have said something: all of a small one.
pub fn with_answers(study: &Study, files: Files) -> anyhow::Result<Files> {
    if !large::is_large(&files) {
        return Ok(files);
    }
    let (chosen, decisions) = (Chosen::of(study), decisions(study)?);
    let mut said: BTreeSet<String> = chosen.asked.unwrap_or_default();
    said.extend(decisions.decided.into_values().map(|decided| decided.coding.file));
    said.extend(decisions.finished.into_keys());
    let rows = pipeline::gold_rows(&study.root, &pipeline::gold_files(&study.root)?)?;
    let in_gold: BTreeSet<&str> = rows.iter().map(|row| bare_name(&row.file)).collect();
    let said = |name: &str| said.contains(name) || in_gold.contains(bare_name(name));
    let transcripts = files.transcripts.into_iter().filter(|path| said(&relative(study, path))).collect();
    Ok(Files { transcripts, whole: false, ..files })
}

/// The places of all interviews.
pub fn all(coded: &Coded) -> Vec<usize> {
    (0..coded.transcripts.len()).collect()
}

/// Some of many places, evenly over all of them: interviews of a group often have names that follow one another.
fn spread(many: usize, some: usize) -> Vec<usize> {
    let some = some.min(many);
    (0..some).map(|n| n * many / some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_all_interviews() {
        assert_eq!(spread(9, 3), [0, 3, 6]);
        assert_eq!(spread(2, 5), [0, 1]);
        assert!(spread(4, 0).is_empty());
    }
}
