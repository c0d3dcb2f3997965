//! `participants.csv`: attributes of each interview.

use std::{collections::BTreeMap, fs, io};

use klantreis_study::{Problem, Severity, Study, Transcript};

use crate::decode::decode;

/// The rows of `participants.csv`: the first column names the file or the interview.
#[derive(Debug, Default)]
pub struct Participants {
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Participants {
    /// Reads the study's `participants.csv`, if there is one; `,` or `;` between its columns.
    pub fn load(study: &Study) -> Result<Self, Problem> {
        let problem =
            |line, message| Problem { file: "participants.csv".to_owned(), line, severity: Severity::Error, message };
        let bytes = match fs::read(study.root.join("participants.csv")) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(problem(None, format!("can't be read: {e}"))),
        };
        let text = decode(&bytes).map_err(|e| problem(None, e.to_owned()))?;
        let head = text.lines().next().unwrap_or_default();
        let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
        let heads = reader.headers().map_err(|e| problem(Some(1), e.to_string()))?.clone();
        let mut rows = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| {
                let line = e.position().map(|p| p.line() as u32);
                problem(line, format!("{e}; every row needs as many columns as the first"))
            })?;
            let name = stem(record.get(0).unwrap_or_default());
            let values = heads.iter().zip(record.iter()).skip(1).filter(|(_, v)| !v.is_empty());
            rows.insert(name, values.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect());
        }
        Ok(Self { rows })
    }

    /// Adds the attributes of a transcript's row; where they differ from the transcript's own, the table wins and
    /// the conflict is noted.
    pub fn apply(&self, transcript: &mut Transcript) {
        let Some(row) = self.rows.get(&stem(&transcript.file)) else { return };
        for (key, value) in row {
            let old = transcript.attributes.insert(key.clone(), value.clone());
            if let Some(old) = old.filter(|old| old != value) {
                transcript.problems.push(Problem {
                    file: transcript.file.clone(),
                    line: None,
                    severity: Severity::Note,
                    message: format!("{key} is \"{old}\" here and \"{value}\" in participants.csv, which was taken"),
                });
            }
        }
    }
}

fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}
