//! Codes as numbers: `codes.csv`, a passage a row with a 0 or 1 for each code, and `co-occurrence.csv`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use klantreis_index::{HitCoding, Meetings, Passage, passages};
use klantreis_report::{Cell, Rows, TableOptions, write_tables};
use klantreis_study::{CodedTranscript, Study};
use rayon::prelude::*;

use crate::query::cooccurrence;

/// Writes both tables into `folder`; returns the files.
pub fn write(
    study: &Study,
    transcripts: &[CodedTranscript],
    folder: &Path,
    options: &TableOptions,
) -> anyhow::Result<Vec<PathBuf>> {
    let all: Vec<Passage> = transcripts.par_iter().flat_map_iter(passages).collect();
    let mut meetings = Meetings::default();
    for (number, passage) in all.iter().enumerate() {
        meetings.add(number as u64, passage);
    }
    let tables = vec![("codes.csv", codes(&all)), ("co-occurrence.csv", cooccurrence::table(&meetings).into_rows())];
    Ok(write_tables(study, folder, tables, options)?)
}

/// What a column says of a coding.
type Sort = (&'static str, fn(&HitCoding) -> &String);

const SORTS: [Sort; 4] =
    [("category", |c| &c.category), ("code", |c| &c.code), ("phase", |c| &c.phase), ("touchpoint", |c| &c.touchpoint)];

fn codes(all: &[Passage]) -> Rows {
    let mut columns: Vec<(String, Sort, String)> = Vec::new();
    for sort in SORTS {
        let values: BTreeSet<&String> = all.iter().flat_map(standing).map(sort.1).filter(|v| !v.is_empty()).collect();
        for value in values {
            let plain = variable(&format!("{}_{value}", sort.0));
            let taken = columns.iter().filter(|c| c.0 == plain || c.0.starts_with(&format!("{plain}_v"))).count();
            let name = if taken == 0 { plain } else { format!("{plain}_v{}", taken + 1) };
            columns.push((name, sort, value.clone()));
        }
    }
    let attributes: BTreeSet<&String> = all.iter().flat_map(|p| p.attributes.keys()).collect();
    let heads = ["passage_id", "interview", "file", "turn", "sentence", "n_sentences", "speaker", "time", "emotion"];
    let heads = heads.map(str::to_owned).into_iter().chain(columns.iter().map(|c| c.0.clone()));
    let heads = heads.chain(attributes.iter().map(|a| variable(&format!("attr_{a}"))));
    let heads: Vec<Cell> = heads.chain(["text".to_owned()]).map(Cell::from).collect();
    let row = |p: &Passage| {
        let emotions: Vec<f64> = standing(p).map(|c| f64::from(c.emotion)).collect();
        let mean = emotions.iter().sum::<f64>() / emotions.len() as f64;
        let mut row: Vec<Cell> = vec![
            format!("{}:{}.{}", p.interview, p.turn, p.sentence).into(),
            p.interview.as_str().into(),
            p.file.as_str().into(),
            Cell::Count(p.turn.into()),
            p.sentence.into(),
            p.sentences.into(),
            p.speaker.as_str().into(),
            p.time.as_str().into(),
            Cell::Number((!emotions.is_empty()).then_some(mean)),
        ];
        row.extend(
            columns.iter().map(|(_, (_, pick), value)| usize::from(standing(p).any(|c| pick(c) == value)).into()),
        );
        row.extend(attributes.iter().map(|a| p.attributes.get(*a).map_or("", String::as_str).into()));
        row.push(p.text.as_str().into());
        row
    };
    rayon::iter::once(heads).chain(all.par_iter().map(row)).collect()
}

/// The codings that nobody refused.
fn standing(passage: &Passage) -> impl Iterator<Item = &HitCoding> {
    passage.codings.iter().filter(|c| c.status != "rejected")
}

/// A name that R, SPSS and Python take as it is: letters, digits and `_`, at most 60 of them (SPSS takes 64).
fn variable(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect()
}
