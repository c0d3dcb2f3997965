//! `participants.csv`: attributes of each interview.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fs, io,
};

use klantreis_study::{Problem, Severity, Study, Transcript};

use crate::{
    decode::decode,
    files::{bare, plain},
};

/// The rows of `participants.csv`: the first column names the file or the interview, with its folder or without.
#[derive(Debug, Default)]
pub struct Participants {
    /// By the name as it stands there, in lower case.
    rows: BTreeMap<String, Row>,
    /// The names without an ending, each with the first name that it stands for.
    without_ending: BTreeMap<String, String>,
    /// Rows behind others with the same name.
    again: Vec<Row>,
}

#[derive(Debug, Default)]
struct Row {
    /// The name as it is written.
    name: String,
    line: Option<u32>,
    attributes: BTreeMap<String, String>,
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
        let Some(row) = self.name_of(&transcript.file).and_then(|name| self.rows.get(name)) else { return };
        for (key, value) in &row.attributes {
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

    /// The name under which the row of a file stands: its path before its name, each as it is before it is without ending.
    fn name_of(&self, file: &str) -> Option<&str> {
        let (whole, without) = (plain(file), bare(file));
        let named = |path: &str| self.rows.get_key_value(path).map(|(name, _)| name.as_str());
        let like = |path: &str| self.without_ending.get(path).map(String::as_str);
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        named(&whole).or_else(|| like(&without)).or_else(|| named(&last(&whole))).or_else(|| like(&last(&without)))
    }

    /// Notes rows that are about none of `files`, all that the study has and the interviews in them: a file was renamed, say,
    /// and its interview would lack its attributes.
    pub fn unused<'f>(&self, files: impl Iterator<Item = &'f str>) -> Vec<Problem> {
        let used: BTreeSet<&str> = files.filter_map(|file| self.name_of(file)).collect();
        let note = |row: &Row, what: &str| Problem {
            severity: Severity::Note,
            ..problem(row.line, format!("the row of \"{}\" {what}", row.name))
        };
        let lost = self.rows.iter().filter(|(name, _)| !used.contains(name.as_str()));
        let lost = lost.map(|(_, row)| note(row, "is about no transcript, or about one that has another row"));
        let again = self.again.iter().map(|row| note(row, "is not its first; the first was taken"));
        lost.chain(again).collect()
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
    let mut out = Participants::default();
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
        let written = record.get(0).unwrap_or_default();
        if written.is_empty() {
            continue;
        }
        let values = heads.iter().zip(record.iter()).skip(1).filter(|(_, v)| !v.is_empty());
        let attributes = values.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
        let line = record.position().map(|p| p.line() as u32);
        let row = Row { name: written.to_owned(), line, attributes };
        match out.rows.entry(plain(written)) {
            Entry::Occupied(_) => out.again.push(row),
            Entry::Vacant(place) => {
                out.without_ending.entry(bare(written)).or_insert_with(|| place.key().clone());
                place.insert(row);
            }
        }
    }
    Ok(out)
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
    fn a_row_with_the_whole_name_comes_before_one_with_another_ending_and_the_first_before_the_next() {
        let table = load("file,segment\na.doc,other\na.txt,its own\n,\nB.doc,renamed\nb.doc,again\n,\n").unwrap();
        assert_eq!(segment(&table, "a.txt").as_deref(), Some("its own"));
        assert_eq!(segment(&table, "b.txt").as_deref(), Some("renamed"));
        let notes = table.unused(["a.txt", "b.txt"].into_iter());
        let notes: Vec<_> = notes.iter().map(|note| (note.line, note.message.split('"').nth(1).unwrap())).collect();
        assert_eq!(notes, [(Some(2), "a.doc"), (Some(6), "b.doc")]);
    }

    #[test]
    fn a_row_with_too_many_cells_is_named_with_its_line() {
        let problem = load("interview,locatie\na,Zeeland, kantoor\n").unwrap_err();
        assert_eq!(problem.line, Some(2));
        assert!(problem.message.contains("3 cells"), "{problem}");
    }
}
