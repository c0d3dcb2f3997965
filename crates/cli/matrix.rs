//! Codes as numbers: `codes.csv`, a passage a row with a 0 or 1 for each code, and `co-occurrence.csv`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_index::{HitCoding, Meetings, Passage, passages};
use klantreis_study::CodedTranscript;
use serde_json::Value;

use crate::query::{cooccurrence, table::Table};

/// Writes both tables into `folder`; returns the files.
pub fn write(transcripts: &[CodedTranscript], folder: &Path, excel: bool) -> anyhow::Result<Vec<PathBuf>> {
    let all: Vec<Passage> = transcripts.iter().flat_map(passages).collect();
    let mut meetings = Meetings::default();
    for (number, passage) in all.iter().enumerate() {
        meetings.add(number as u64, passage);
    }
    let tables = [("codes.csv", codes(&all)), ("co-occurrence.csv", cooccurrence::table(&meetings))];
    let mut files = Vec::new();
    for (name, table) in tables {
        let path = folder.join(name);
        let mut bytes = Vec::new();
        table.csv(&mut bytes, excel)?;
        let part = folder.join(format!("{name}.part"));
        fs::write(&part, bytes)
            .and_then(|()| fs::rename(&part, &path))
            .with_context(|| format!("{}: can't be written; close the file if it is open in Excel", path.display()))?;
        files.push(path);
    }
    Ok(files)
}

/// What a column says of a coding.
type Sort = (&'static str, fn(&HitCoding) -> &String);

const SORTS: [Sort; 4] =
    [("category", |c| &c.category), ("code", |c| &c.code), ("phase", |c| &c.phase), ("touchpoint", |c| &c.touchpoint)];

fn codes(all: &[Passage]) -> Table {
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
    let mut table = Table::new(heads.chain(["text".to_owned()]));
    for p in all {
        let emotions: Vec<f64> = standing(p).map(|c| f64::from(c.emotion)).collect();
        let mean = emotions.iter().sum::<f64>() / emotions.len() as f64;
        let mut row: Vec<Value> = vec![
            format!("{}:{}.{}", p.interview, p.turn, p.sentence).into(),
            p.interview.as_str().into(),
            p.file.as_str().into(),
            p.turn.into(),
            p.sentence.into(),
            p.sentences.into(),
            p.speaker.as_str().into(),
            p.time.as_str().into(),
            if emotions.is_empty() { Value::Null } else { crate::query::table::rounded(mean, 2) },
        ];
        row.extend(
            columns.iter().map(|(_, (_, pick), value)| Value::from(u8::from(standing(p).any(|c| pick(c) == value)))),
        );
        row.extend(attributes.iter().map(|a| p.attributes.get(*a).map_or("", String::as_str).into()));
        row.push(p.text.as_str().into());
        table.rows.push(row);
    }
    table
}

/// The codings that nobody refused.
fn standing(passage: &Passage) -> impl Iterator<Item = &HitCoding> {
    passage.codings.iter().filter(|c| c.status != "rejected")
}

/// A name that R, SPSS and Python take as it is: letters, digits and `_`, at most 60 of them (SPSS takes 64).
fn variable(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect()
}
