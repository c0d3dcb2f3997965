//! What people coded of a study, as rows of a gold file: in its gold*.csv, or by decisions on a whole interview.

use std::{collections::BTreeSet, path::Path};

use klantreis_coding::GoldRow;
use klantreis_review::Progress;
use klantreis_study::{Quote, Status, quotes};

use crate::pipeline;

/// The codings by hand of a study.
pub struct ByHand {
    pub rows: Vec<GoldRow>,
    /// The files of interviews that were decided on whole.
    pub whole: BTreeSet<String>,
}

impl ByHand {
    /// Of a study that is coded, with its decisions. Those hold where an interview has both.
    pub fn of(dir: &Path, coded: &pipeline::Coded) -> anyhow::Result<Self> {
        let mut rows = pipeline::gold_rows(dir, &pipeline::gold_files(dir)?)?;
        let mut whole = BTreeSet::new();
        for transcript in coded.transcripts.iter().filter(|t| Progress::of(t, &coded.decisions).is_whole()) {
            rows.retain(|row| !row.belongs_to(&transcript.transcript));
            rows.extend(quotes(transcript).iter().filter(|q| stands(q.status)).map(row));
            whole.insert(transcript.transcript.file.clone());
        }
        Ok(Self { rows, whole })
    }
}

/// Whether people stand behind it.
pub fn stands(status: Status) -> bool {
    status.is_reviewed() && status != Status::Rejected
}

/// A quote as a row of a gold file.
pub fn row(quote: &Quote) -> GoldRow {
    GoldRow {
        file: quote.file.clone(),
        turn: quote.turn,
        quote: quote.quote.clone(),
        category: quote.category.to_string(),
        code: quote.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        phase: quote.phase.to_string(),
        touchpoint: quote.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
        emotion: quote.emotion.to_string(),
    }
}
