//! Gold files: what people coded, laid on the sentences of a transcript.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use klantreis_study::{Category, CodeId, Coding, Confidence, Emotion, PhaseId, Status, TouchpointId, Transcript};
use serde::Deserialize;

use crate::{model::CATEGORIES, train::Gold};

/// A row of a gold file: `file,turn,quote,category,phase,touchpoint,emotion`, and `code` where it was a `quotes.csv`.
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
    /// The code, or empty.
    #[serde(default)]
    pub code: String,
    /// The phase, or empty.
    #[serde(default)]
    pub phase: String,
    /// The touchpoint, or empty.
    #[serde(default)]
    pub touchpoint: String,
    /// -2…2, or empty.
    #[serde(default)]
    pub emotion: String,
}

/// Why a file of codings can't be read.
#[derive(Debug, thiserror::Error)]
pub enum GoldError {
    /// The file can't be opened.
    #[error("{}: can't be read; look at the name, and from which folder it is given", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A row is not as it should be.
    #[error("{path}: {source}; `turn` is a whole number, and the file is UTF-8")]
    Csv {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: csv::Error,
    },
    /// Columns are missing.
    #[error(
        "{path}: the column {missing} is missing; there must be file, turn, quote and category, and there may be \
        phase, touchpoint, emotion and status, as in quotes.csv; found: {found}"
    )]
    Columns {
        /// The file.
        path: PathBuf,
        /// Those that are missing.
        missing: String,
        /// Those that are there.
        found: String,
    },
}

/// Reads codings from a gold file or a `quotes.csv` (with `,` or, for a Dutch Excel, `;`). Rows with the status
/// `rejected` are left out, and the `'` before what a spreadsheet would run as a formula.
pub fn read_gold(path: &Path) -> Result<Vec<GoldRow>, GoldError> {
    let error = |source| GoldError::Csv { path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(|source| GoldError::Io { path: path.to_owned(), source })?;
    let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let delimiter = if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..]);
    let heads = reader.headers().map_err(error)?.clone();
    let missing: Vec<&str> =
        ["file", "turn", "quote", "category"].into_iter().filter(|c| !heads.iter().any(|h| h == *c)).collect();
    if !missing.is_empty() {
        let found = heads.iter().collect::<Vec<_>>().join(", ");
        return Err(GoldError::Columns { path: path.to_owned(), missing: missing.join(", "), found });
    }
    let status = heads.iter().position(|h| h == "status");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(error)?;
        if status.and_then(|s| record.get(s)) == Some("rejected") {
            continue;
        }
        let mut row: GoldRow = record.deserialize(Some(&heads)).map_err(error)?;
        if row.quote.starts_with("'") && row.quote[1..].starts_with(['=', '+', '-', '@']) {
            row.quote.remove(0);
        }
        rows.push(row);
    }
    Ok(rows)
}

impl GoldRow {
    /// Whether it is about this transcript: by the file's name, without ending.
    pub fn belongs_to(&self, transcript: &Transcript) -> bool {
        bare_name(&self.file) == bare_name(&transcript.file)
    }
}

impl GoldRow {
    /// The coding that it is of a transcript, by a person's hand; `None` where its words are not there, or its category or
    /// phase is no id.
    pub fn coding(&self, transcript: &Transcript) -> Option<Coding> {
        let (turn, sentences) = place(transcript, self)?;
        Some(Coding {
            turn,
            sentences,
            category: Category::new(&self.category).ok()?,
            code: CodeId::new(&self.code).ok(),
            phase: PhaseId::new(&self.phase).ok()?,
            touchpoint: TouchpointId::new(&self.touchpoint).ok(),
            emotion: self.emotion.trim().parse().ok().and_then(Emotion::new).unwrap_or_default(),
            confidence: Confidence::new(1.0),
            status: Status::Manual,
            reasons: Vec::new(),
        })
    }
}

/// The turn in which the row's quote stands, as near as can be to the one it names, and the sentences of which the
/// quote covers at least half.
pub(crate) fn place(transcript: &Transcript, row: &GoldRow) -> Option<(usize, Range<usize>)> {
    let wanted = (row.turn as usize).wrapping_sub(1);
    let holding = transcript.respondent_turns().filter(|(_, turn)| turn.text.contains(row.quote.as_str()));
    let (t, turn) = holding.min_by_key(|(t, _)| t.abs_diff(wanted))?;
    let at = turn.text.find(row.quote.as_str())?;
    let end = at + row.quote.len();
    let covered = |range: &Range<usize>| 2 * end.min(range.end).saturating_sub(at.max(range.start)) >= range.len();
    let first = turn.sentences.iter().position(covered).unwrap_or(0);
    let count = turn.sentences[first..].iter().take_while(|range| covered(range)).count();
    (!row.quote.is_empty()).then_some((t, first..first + count))
}

/// A file's name without its folder and ending, by which gold files know it.
pub fn bare_name(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Lays the rows on the respondent sentences of `transcript`: a sentence carries the categories of the quotes that
/// cover at least half of it. Returns a value a sentence, in order, and the rows of this file that were not found.
pub fn lay_gold(transcript: &Transcript, rows: &[GoldRow]) -> (Vec<Gold>, Vec<GoldRow>) {
    let mut starts = BTreeMap::new();
    let mut count = 0;
    for (t, turn) in transcript.respondent_turns() {
        starts.insert(t, count);
        count += turn.sentences.len();
    }
    let mut gold = vec![Gold::default(); count];
    let mut missing = Vec::new();
    for row in rows.iter().filter(|row| row.belongs_to(transcript)) {
        let Some((t, sentences)) = place(transcript, row) else {
            missing.push(row.clone());
            continue;
        };
        for s in sentences {
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
