//! The key: which stand-in stands for whom, and what the researcher decided. It names people, so it lies in a file apart
//! that its owner alone may read.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use crate::kind::{Kind, StandIn};

/// What is wrong with a key or a file of decisions. No message repeats a name.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It can't be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is no table, or columns are missing.
    #[error("{path}: the column {missing} is missing; expected a table with the columns {expected}")]
    Columns {
        /// The file.
        path: PathBuf,
        /// The first that is missing.
        missing: &'static str,
        /// All that are needed.
        expected: &'static str,
    },
    /// A row says something that is not understood.
    #[error("{path}: line {line}: {message}")]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What was expected.
        message: String,
    },
}

/// A place in a transcript.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The transcript's file.
    pub file: String,
    /// The turn, from 1.
    pub turn: u32,
    /// Which of the turn's occurrences of the text, from 1.
    pub occurrence: u32,
}

/// What a person decided about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It tells of nobody and stays as it is.
    Keep,
    /// It is replaced by this stand-in.
    StandIn(StandIn),
    /// It is replaced by a stand-in of this kind, with a number of its own.
    Kind(Kind),
}

/// A decision of the researcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The words it is about, as written.
    pub text: String,
    /// Where, if not everywhere.
    pub place: Option<Place>,
    /// What to do with them.
    pub verdict: Verdict,
}

/// The key of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// What the program gave: stand-in and text, in the order in which they were met.
    pub given: Vec<(StandIn, String)>,
    /// What the researcher decided.
    pub decisions: Vec<Decision>,
}

const COLUMNS: [&str; 6] = ["stand_in", "text", "decided_by", "file", "turn", "occurrence"];
const KEEP: &str = "geen";

impl Key {
    /// Reads a key; one that is not there is empty.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let mut key = Self::default();
        for row in Table::read(
            path,
            "stand_in, text, decided_by, file, turn, occurrence",
            &["stand_in", "text", "decided_by"],
        )?
        .rows
        {
            let error =
                |message: &str| KeyError::Row { path: path.to_owned(), line: row.line, message: message.to_owned() };
            let bad = || {
                error(
                    "the stand-in is none: expected such as \"persoon 3\", a kind such as \"persoon\", or \"geen\"; mend the line, or give another key with --key",
                )
            };
            let verdict = verdict(row.get("stand_in")).ok_or_else(bad)?;
            let text = row.get("text").to_owned();
            match (row.get("decided_by"), verdict) {
                ("programma", Verdict::StandIn(stand_in)) => key.given.push((stand_in, text)),
                ("programma", _) => return Err(bad()),
                _ => key.decide(Decision { text, place: row.place().map_err(error)?, verdict }),
            }
        }
        Ok(key)
    }

    /// Adds a decision, in the place of one about the same words in the same place.
    pub fn decide(&mut self, decision: Decision) {
        self.decisions.retain(|d| d.text != decision.text || d.place != decision.place);
        self.decisions.push(decision);
    }

    /// Adds a stand-in for a text, once.
    pub fn give(&mut self, stand_in: StandIn, text: &str) {
        if !self.given.iter().any(|(s, t)| *s == stand_in && t == text) {
            self.given.push((stand_in, text.to_owned()));
        }
    }

    /// Takes out names that are given to several persons, as both Joke Bos and Joke Vis are called Joke, where the person has
    /// a fuller name: which of them is meant, only the place tells.
    pub fn drop_shared(&mut self) {
        let shared = |(stand_in, text): &(StandIn, String)| {
            let others = self.given.iter().any(|(s, t)| s != stand_in && t == text);
            let fuller =
                self.given.iter().any(|(s, t)| s == stand_in && t.split(' ').count() > text.split(' ').count());
            stand_in.kind.is_person() && others && fuller
        };
        self.given = self.given.iter().filter(|given| !shared(given)).cloned().collect();
    }

    /// Writes the key so that its owner alone can read it (0600), whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let mut table = vec![COLUMNS.map(str::to_owned).to_vec()];
        let mut given = self.given.clone();
        given.sort_by_key(|a| a.0);
        for (stand_in, text) in given {
            table.push(vec![
                stand_in.to_string(),
                safe(&text),
                "programma".into(),
                String::new(),
                String::new(),
                String::new(),
            ]);
        }
        for Decision { text, place, verdict } in &self.decisions {
            let verdict = match verdict {
                Verdict::Keep => KEEP.to_owned(),
                Verdict::StandIn(stand_in) => stand_in.to_string(),
                Verdict::Kind(kind) => kind.word().to_owned(),
            };
            let (file, turn, occurrence) = match place {
                Some(p) => (p.file.clone(), p.turn.to_string(), p.occurrence.to_string()),
                None => Default::default(),
            };
            table.push(vec![verdict, safe(text), "onderzoeker".into(), file, turn, occurrence]);
        }
        write_private(path, &table)
    }
}

/// Reads a file of decisions: a `--review` file with the column `correct` filled in, or rows of one's own. Rows where
/// it is empty decide nothing.
pub fn read_decisions(path: &Path) -> Result<Vec<Decision>, KeyError> {
    let table = Table::read(
        path,
        "text, correct and, for one place only, scope, file, turn, occurrence",
        &["text", "correct"],
    )?;
    let mut out = Vec::new();
    for row in table.rows.iter().filter(|row| !row.get("correct").is_empty()) {
        let error =
            |message: &str| KeyError::Row { path: path.to_owned(), line: row.line, message: message.to_owned() };
        let verdict = verdict(row.get("correct")).ok_or_else(|| {
            error("\"correct\" is not understood: write \"nee\" if it is no name, a stand-in such as \"persoon 3\", or a kind such as \"persoon\" or \"medewerker\" for somebody not in the list")
        })?;
        let place = match row.get("scope").to_lowercase().as_str() {
            "" | "overal" | "everywhere" => None,
            "hier" | "here" => {
                Some(row.place().map_err(error)?.ok_or_else(|| error("\"hier\" needs file, turn and occurrence"))?)
            }
            _ => {
                return Err(error(
                    "\"scope\" is not understood: write \"hier\" for this place alone, or leave it empty",
                ));
            }
        };
        if row.get("text").is_empty() {
            return Err(error("\"text\" is empty: write the words that the decision is about"));
        }
        out.push(Decision { text: row.get("text").to_owned(), place, verdict });
    }
    Ok(out)
}

fn verdict(text: &str) -> Option<Verdict> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "nee" | "no" | "niet" | "-" | KEEP => Some(Verdict::Keep),
        _ => StandIn::parse(&text).map(Verdict::StandIn).or_else(|| Kind::from_word(&text).map(Verdict::Kind)),
    }
}

/// Text that a spreadsheet would run as a formula gets a `'` before it (OWASP: CSV injection).
pub fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
}

fn unsafe_again(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(text)
}

/// Writes a table that its owner alone may read, whole or not at all.
pub fn write_private(path: &Path, rows: &[Vec<String>]) -> Result<(), KeyError> {
    let error = |source| KeyError::Io { path: path.to_owned(), source };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|e| error(e.into()))?;
    }
    let bytes = writer.into_inner().map_err(|e| error(e.into_error()))?;
    if fs::read(path).is_ok_and(|old| old == bytes) && is_private(path) {
        return Ok(());
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(&bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(|source| {
        let _ = fs::remove_file(&beside);
        error(source)
    })
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

/// A table read by the names of its columns.
struct Table {
    rows: Vec<Row>,
}

struct Row {
    line: u64,
    cells: Vec<(String, String)>,
}

impl Row {
    fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(head, _)| head == column).map_or("", |(_, cell)| cell)
    }

    fn place(&self) -> Result<Option<Place>, &'static str> {
        if self.get("file").is_empty() {
            return Ok(None);
        }
        match (self.get("turn").parse(), self.get("occurrence").parse()) {
            (Ok(turn), Ok(occurrence)) => Ok(Some(Place { file: self.get("file").to_owned(), turn, occurrence })),
            _ => Err("turn and occurrence are whole numbers"),
        }
    }
}

impl Table {
    fn read(path: &Path, expected: &'static str, needed: &[&'static str]) -> Result<Self, KeyError> {
        let bytes = fs::read(path).map_err(|source| KeyError::Io { path: path.to_owned(), source })?;
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let delimiter = if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        // The reader's own messages may hold names: only the line is told.
        let row_error =
            |line| KeyError::Row { path: path.to_owned(), line, message: "this is no row of a UTF-8 table".to_owned() };
        let heads: Vec<String> =
            reader.headers().map_err(|_| row_error(1))?.iter().map(|h| h.trim().to_lowercase()).collect();
        if let Some(missing) = needed.iter().find(|n| !heads.iter().any(|h| h == *n)) {
            return Err(KeyError::Columns { path: path.to_owned(), missing, expected });
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| row_error(e.position().map_or(0, csv::Position::line)))?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells = heads.iter().cloned().zip(record.iter().map(|c| unsafe_again(c.trim()).to_owned())).collect();
            rows.push(Row { line, cells });
        }
        Ok(Self { rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pseudonyms.csv");
        let mut key = Key::default();
        key.give(StandIn { kind: Kind::Person, number: 1 }, "Anna de Vries");
        key.give(StandIn { kind: Kind::Phone, number: 1 }, "+31 6 12345678");
        key.decide(Decision { text: "Roos".into(), place: None, verdict: Verdict::Keep });
        let place = Place { file: "a.txt".into(), turn: 3, occurrence: 2 };
        key.decide(Decision { text: "Jan".into(), place: Some(place), verdict: Verdict::Kind(Kind::Staff) });
        key.save(&path).unwrap();
        assert_eq!(Key::load(&path).unwrap(), key);
        assert!(is_private(&path));
        assert!(fs::read_to_string(&path).unwrap().contains("'+31"));
    }

    #[test]
    fn what_is_not_understood_is_told_by_its_line_without_a_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("decisions.csv");
        fs::write(&path, "text;correct\nAnna;\nKees;misschien\n").unwrap();
        let message = read_decisions(&path).unwrap_err().to_string();
        assert!(message.contains("line 3") && !message.contains("Kees"), "{message}");
        fs::write(&path, "text,juist\nAnna,nee\n").unwrap();
        assert!(read_decisions(&path).unwrap_err().to_string().contains("column correct"));
    }
}
