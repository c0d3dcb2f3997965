use serde::{Deserialize, Serialize};

use crate::{CodeId, PhaseId, TouchpointId};

/// A sentence that says that something has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImpactStatement {
    /// What has changed.
    pub code: CodeId,
    /// Its name.
    pub label: String,
    /// The cue that found it.
    pub cue: String,
    /// The interview.
    pub interview: String,
    /// The turn, from 1.
    pub turn: u32,
    /// The phase of the quote that it stands in, or of the nearest in its turn.
    pub phase: Option<PhaseId>,
    /// The quotes that it stands in, by id.
    pub quote_ids: Vec<String>,
    /// The sentence, letter for letter.
    pub sentence: String,
}

/// A figure about a phase or touchpoint from elsewhere: visits, complaints, a waiting time. A row of `metrics.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The phase, if it is about one.
    pub phase: Option<PhaseId>,
    /// The touchpoint, if it is about one.
    pub touchpoint: Option<TouchpointId>,
    /// What is measured: `bezoekers`, `klachten`, `wachttijd`.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what: `per maand`, `minuten`.
    pub unit: String,
    /// When: `2025`, `maart 2025`.
    pub period: String,
}
