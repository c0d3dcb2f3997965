//! `participants.csv`: attributes of each interview.

use std::{collections::BTreeMap, fs, io};

use klantreis_study::{Problem, Severity, Study, Transcript};

use crate::{decode::decode, files::bare};

/// The rows of `participants.csv`: the first column names the file or the interview, with its folder or without.
#[derive(Debug, Default)]
pub struct Participants {
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Participants {
    /// Reads the study's `participants.csv`, if there is one; `,` or `;` between its columns. A row may leave out its
    /// last cells; one with more cells than there are columns is an error, since its values may have shifted.
    pub fn load(study: &Study) -> Result<Self, Problem> {
        match fs::read(study.root.join("participants.csv")) {
            Ok(bytes) => read(&bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(problem(None, format!("can't be read: {e}"))),
        }
    }

    /// Adds the attributes of a transcript's row; where they differ from the transcript's own, the table wins and
    /// the conflict is noted.
    pub fn apply(&self, transcript: &mut Transcript) {
        let path = bare(&transcript.file);
        let name = path.rsplit('/').next().unwrap_or(&path);
        let Some(row) = self.rows.get(&path).or_else(|| self.rows.get(name)) else { return };
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

fn problem(line: Option<u32>, message: String) -> Problem {
    Problem { file: "participants.csv".to_owned(), line, severity: Severity::Error, message }
}

fn read(bytes: &[u8]) -> Result<Participants, Problem> {
    let text = decode(bytes).map_err(|e| problem(None, e.to_owned()))?;
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|e| problem(Some(1), e.to_string()))?.clone();
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map(|p| p.line() as u32);
            problem(line, e.to_string())
        })?;
        if record.len() > heads.len() {
            let line = record.position().map(|p| p.line() as u32);
            let message = format!(
                "this row has {} cells where the first has {}; put quotation marks around a value that holds the separator",
                record.len(),
                heads.len()
            );
            return Err(problem(line, message));
        }
        let name = bare(record.get(0).unwrap_or_default());
        let values = heads.iter().zip(record.iter()).skip(1).filter(|(_, v)| !v.is_empty());
        rows.insert(name, values.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect());
    }
    Ok(Participants { rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(csv: &str) -> Result<Participants, Problem> {
        read(csv.as_bytes())
    }

    fn segment(participants: &Participants, file: &str) -> Option<String> {
        let study = Study::parse("").unwrap();
        let mut transcript = crate::parse(b"I: Ja?\nR: Ja.\n", file, &study).transcripts().next().unwrap();
        participants.apply(&mut transcript);
        transcript.attributes.remove("segment")
    }

    #[test]
    fn a_row_finds_its_interview_by_path_before_name_and_keeps_dots() {
        let table = load("\u{feff}interview;Segment\na;top\nsub/a.docx;deep\ngesprek 3.1;dots\nkort\n").unwrap();
        assert_eq!(segment(&table, "a.txt").as_deref(), Some("top"));
        assert_eq!(segment(&table, "sub/a.txt").as_deref(), Some("deep"));
        assert_eq!(segment(&table, "sub/gesprek 3.1.txt").as_deref(), Some("dots"));
        assert_eq!(segment(&table, "kort.txt"), None);
    }

    #[test]
    fn a_row_with_too_many_cells_is_named_with_its_line() {
        let problem = load("interview,locatie\na,Zeeland, kantoor\n").unwrap_err();
        assert_eq!(problem.line, Some(2));
        assert!(problem.message.contains("3 cells"), "{problem}");
    }
}
