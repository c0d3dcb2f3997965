//! Gold files: what people coded, laid on the sentences of a transcript.

use std::{collections::BTreeMap, path::Path};

use klantreis_study::{Emotion, PhaseId, Role, TouchpointId, Transcript};
use serde::Deserialize;

use crate::{model::CATEGORIES, train::Gold};

/// A row of a gold file: `file,turn,quote,category,phase,touchpoint,emotion`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct GoldRow {
    /// The transcript's file; only its name without ending counts.
    pub file: String,
    /// The turn's number, from 1.
    pub turn: u32,
    /// The words, letter for letter.
    pub quote: String,
    /// The category.
    pub category: String,
    /// The phase.
    pub phase: String,
    /// The touchpoint, or empty.
    #[serde(default)]
    pub touchpoint: String,
    /// -2…2, or empty.
    #[serde(default)]
    pub emotion: String,
}

/// Why a gold file can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}; a gold file has the columns file,turn,quote,category,phase,touchpoint,emotion")]
pub struct GoldError {
    path: std::path::PathBuf,
    source: csv::Error,
}

/// Reads the rows of a gold file.
pub fn read_gold(path: &Path) -> Result<Vec<GoldRow>, GoldError> {
    let error = |source| GoldError { path: path.to_owned(), source };
    let mut reader = csv::Reader::from_path(path).map_err(error)?;
    reader.deserialize().collect::<Result<_, _>>().map_err(error)
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Lays the rows on the respondent sentences of `transcript`: a sentence carries the categories of the quotes that
/// cover at least half of it. Returns a value a sentence, in order, and the rows of this file that were not found.
pub fn lay_gold(transcript: &Transcript, rows: &[GoldRow]) -> (Vec<Gold>, Vec<GoldRow>) {
    let name = stem(&transcript.file);
    let mut starts = BTreeMap::new();
    let mut count = 0;
    for (t, turn) in transcript.respondent_turns() {
        starts.insert(t, count);
        count += turn.sentences.len();
    }
    let mut gold = vec![Gold::default(); count];
    let mut missing = Vec::new();
    for row in rows.iter().filter(|row| stem(&row.file) == name) {
        let wanted = (row.turn as usize).wrapping_sub(1);
        let holds = |t: usize| {
            let turn = transcript.turns.get(t).filter(|turn| turn.role == Role::Respondent)?;
            turn.text.find(row.quote.as_str()).map(|at| (t, at))
        };
        let mut order: Vec<usize> = starts.keys().copied().collect();
        order.sort_by_key(|t| t.abs_diff(wanted));
        let Some((t, at)) = order.into_iter().find_map(holds) else {
            missing.push(row.clone());
            continue;
        };
        let end = at + row.quote.len();
        for (s, range) in transcript.turns[t].sentences.iter().enumerate() {
            let common = end.min(range.end).saturating_sub(at.max(range.start));
            if 2 * common < range.len() {
                continue;
            }
            let here = &mut gold[starts[&t] + s];
            if let Some(l) = CATEGORIES.iter().position(|c| *c == row.category) {
                here.categories[l] = true;
            }
            here.phase = here.phase.take().or_else(|| PhaseId::new(&row.phase).ok());
            here.touchpoint = here.touchpoint.take().or_else(|| TouchpointId::new(&row.touchpoint).ok());
            let emotion = row.emotion.trim().parse().ok().and_then(Emotion::new);
            if emotion.is_some_and(|e| here.emotion.is_none_or(|old| e.value().abs() > old.value().abs())) {
                here.emotion = emotion;
            }
        }
    }
    (gold, missing)
}
