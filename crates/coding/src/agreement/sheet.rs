use std::collections::BTreeMap;

use klantreis_study::{Category, Coding, Emotion, PhaseId, Status, TouchpointId, Transcript};

use crate::gold::{GoldRow, place};

/// What one side says of a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// The categories that it carries, with how sure the side is (1 for people).
    pub categories: BTreeMap<Category, f32>,
    /// The phase of the first coding that has one.
    pub phase: Option<PhaseId>,
    /// The touchpoint of the first coding that has one.
    pub touchpoint: Option<TouchpointId>,
    emotions: Vec<Emotion>,
}

impl Marks {
    /// Mean emotion of the codings that cover the sentence.
    pub fn emotion(&self) -> Option<f64> {
        let sum: f64 = self.emotions.iter().map(|e| f64::from(e.value())).sum();
        (!self.emotions.is_empty()).then(|| sum / self.emotions.len() as f64)
    }
}

/// The respondent sentences of one interview with what one side says of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Turn and sentence of each, as places in the transcript.
    pub places: Vec<(usize, usize)>,
    /// What is said of each.
    pub marks: Vec<Marks>,
}

impl Sheet {
    fn empty(transcript: &Transcript) -> Self {
        let places: Vec<_> = transcript
            .respondent_turns()
            .flat_map(|(t, turn)| (0..turn.sentences.len()).map(move |s| (t, s)))
            .collect();
        Self { marks: vec![Marks::default(); places.len()], places }
    }

    /// Lays the rows that belong to this transcript on its sentences; also returns those that do not fit: their quote
    /// stands nowhere, or their category is no id.
    pub fn of_rows(transcript: &Transcript, rows: &[GoldRow]) -> (Self, Vec<GoldRow>) {
        let (mut sheet, mut missing) = (Self::empty(transcript), Vec::new());
        for row in rows.iter().filter(|row| row.belongs_to(transcript)) {
            let (Some((turn, sentences)), Ok(category)) = (place(transcript, row), Category::new(&row.category)) else {
                missing.push(row.clone());
                continue;
            };
            for marks in sheet.covered(turn, sentences) {
                marks.categories.insert(category.clone(), 1.0);
                marks.phase = marks.phase.take().or_else(|| PhaseId::new(&row.phase).ok());
                marks.touchpoint = marks.touchpoint.take().or_else(|| TouchpointId::new(&row.touchpoint).ok());
                marks.emotions.extend(row.emotion.trim().parse().ok().and_then(Emotion::new));
            }
        }
        (sheet, missing)
    }

    /// The same for codings; refused ones do not count.
    pub fn of_codings(transcript: &Transcript, codings: &[Coding]) -> Self {
        let mut sheet = Self::empty(transcript);
        for coding in codings.iter().filter(|c| c.status != Status::Rejected) {
            for marks in sheet.covered(coding.turn, coding.sentences.clone()) {
                let sure = marks.categories.entry(coding.category.clone()).or_default();
                *sure = sure.max(coding.confidence.value());
                marks.phase.get_or_insert_with(|| coding.phase.clone());
                marks.touchpoint = marks.touchpoint.take().or_else(|| coding.touchpoint.clone());
                marks.emotions.push(coding.emotion);
            }
        }
        sheet
    }

    fn covered(&mut self, turn: usize, sentences: std::ops::Range<usize>) -> impl Iterator<Item = &mut Marks> {
        let places = self.places.iter().zip(&mut self.marks);
        places.filter(move |((t, s), _)| *t == turn && sentences.contains(s)).map(|(_, marks)| marks)
    }
}
