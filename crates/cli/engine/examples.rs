//! The coded examples that a language model is shown: the same from one run to the next, since else no answer of before would
//! be one to the questions of now.

use std::{fs, path::PathBuf};

use anyhow::Context;
use klantreis_ingest::transcript_files;
use klantreis_llm::{Coded as Shown, Examples};
use klantreis_report::write_whole;
use klantreis_study::{Coding, Status, Study};

use super::with_answers;
use crate::pipeline;

/// Those of before; new ones where there are none.
pub fn kept(study: &Study) -> anyhow::Result<Examples> {
    match fs::read(file(study)) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| file(study).display().to_string()),
        Err(_) => anew(study),
    }
}

/// Keeps them for the next run.
pub fn keep(study: &Study, examples: &Examples) -> anyhow::Result<()> {
    Ok(write_whole(&file(study), &serde_json::to_vec(examples)?)?)
}

fn file(study: &Study) -> PathBuf {
    study.cache_dir().join("examples.json")
}

/// What people decided so far, to show the model; of interviews on which nobody decided, what gold files have. Where that is
/// too little, the built-in passages of other studies stand in.
pub fn anew(study: &Study) -> anyhow::Result<Examples> {
    let coded = pipeline::decided(study, with_answers(study, transcript_files(study))?)?;
    let rows = pipeline::gold_rows(&study.root, &pipeline::gold_files(&study.root)?)?;
    let stands = |c: &Coding| c.status.is_reviewed() && c.status != Status::Rejected;
    let by_hand: Vec<Vec<Coding>> = coded
        .transcripts
        .iter()
        .map(|t| {
            let decided: Vec<Coding> = t.codings.iter().filter(|c| stands(c)).cloned().collect();
            if !decided.is_empty() {
                return decided;
            }
            let mine = rows.iter().filter(|row| row.belongs_to(&t.transcript));
            let by_hand = mine.filter_map(|row| row.coding(&t.transcript)).filter(|c| study.phase(&c.phase).is_some());
            by_hand.map(|coding| with_reasons(coding, &t.codings)).collect()
        })
        .collect();
    let shown: Vec<_> = coded
        .transcripts
        .iter()
        .zip(&by_hand)
        .map(|(t, codings)| Shown { transcript: &t.transcript, codings: codings.iter().collect() })
        .collect();
    Ok(Examples::new(study, &shown))
}

/// A coding of a person, who gives no reasons, with those of the program where it proposed the same.
fn with_reasons(coding: Coding, proposed: &[Coding]) -> Coding {
    let same = |c: &&Coding| c.agrees_with(&coding);
    let reasons = proposed.iter().find(same).map_or_else(Vec::new, |c| c.reasons.clone());
    Coding { reasons, ..coding }
}
