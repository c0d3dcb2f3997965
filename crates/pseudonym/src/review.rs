//! Each replacement in its context, for a person to correct.

use std::path::Path;

use klantreis_study::Transcript;

use crate::{
    key::{KeyError, safe, write_private},
    pseudonymiser::Pseudonymiser,
};

const COLUMNS: [&str; 8] = ["file", "turn", "occurrence", "text", "stand_in", "context", "correct", "scope"];

/// Writes each replacement in its context as CSV, with the columns `correct` and `scope` to fill in. It holds the names, so
/// its owner alone may read it.
pub fn write_review(path: &Path, transcripts: &[Transcript], found: &Pseudonymiser) -> Result<usize, KeyError> {
    let mut table = vec![COLUMNS.map(str::to_owned).to_vec()];
    for r in found.replacements(transcripts) {
        let (before, after) = &r.context;
        table.push(vec![
            safe(&transcripts[r.file].file),
            r.turn.map_or_else(String::new, |t| t.to_string()),
            if r.occurrence == 0 { String::new() } else { r.occurrence.to_string() },
            safe(&r.text),
            r.stand_in.to_string(),
            format!("…{before}»{}«{after}…", r.text),
            String::new(),
            String::new(),
        ]);
    }
    write_private(path, &table)?;
    Ok(table.len() - 1)
}
