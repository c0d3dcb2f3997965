//! Tables of talk: one turn a row, one interview a row, or one answer a column. The columns are known by their heads or
//! by `[columns]` in the study.

use std::collections::BTreeMap;

use klantreis_study::{Study, Timestamp};

use crate::{
    document::talk,
    plain,
    speech::{Origin, Piece, Speech},
    times,
};

const TEXT: [&str; 12] = [
    "tekst",
    "text",
    "uitspraak",
    "utterance",
    "transcript",
    "transcriptie",
    "content",
    "inhoud",
    "zin",
    "body",
    "wat",
    "antwoord",
];
const SPEAKER: [&str; 7] = ["spreker", "speaker", "naam", "name", "wie", "speaker name", "sprekernaam"];
const START: [&str; 12] = [
    "start",
    "tijd",
    "time",
    "timecode",
    "tijdcode",
    "begin",
    "timestamp",
    "tijdstip",
    "starttijd",
    "start time",
    "start_time",
    "starttime",
];
const END: [&str; 9] = ["end", "eind", "einde", "stop", "eindtijd", "end time", "end_time", "endtime", "tot"];
const INTERVIEW: [&str; 12] = [
    "interview",
    "bestand",
    "file",
    "gesprek",
    "id",
    "interview_id",
    "respondent",
    "deelnemer",
    "participant",
    "respondent id",
    "nr",
    "nummer",
];

/// The numbers of whole numbers in a column of times.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Milliseconds,
}

/// Where the columns are.
struct Columns {
    text: Option<usize>,
    speaker: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    interview: Option<usize>,
    heads: Vec<String>,
}

impl Columns {
    fn of(heads: &[String], study: &Study) -> Result<Self, String> {
        let heads: Vec<String> = heads.iter().map(|h| h.trim().to_lowercase()).collect();
        // A study may hold tables of more than one make: where its own column is not there, the usual ones are.
        let place = |key: &str, usual: &[&str]| {
            let own = study.columns.get(key).map(|own| own.trim().to_lowercase());
            let at = |name: &str| heads.iter().position(|h| h == name);
            own.as_deref().and_then(at).or_else(|| usual.iter().find_map(|name| at(name)))
        };
        for key in study.columns.keys() {
            if !["text", "speaker", "time", "end", "interview"].contains(&key.as_str()) {
                return Err(format!(
                    "[columns] in klantreis.toml names \"{key}\"; it may name text, speaker, time, end and interview"
                ));
            }
        }
        Ok(Self {
            text: place("text", &TEXT),
            speaker: place("speaker", &SPEAKER),
            start: place("time", &START),
            end: place("end", &END),
            interview: place("interview", &INTERVIEW),
            heads,
        })
    }

    /// Columns that describe the interview.
    fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        let own = [self.text, self.speaker, self.start, self.end, self.interview];
        let heads = self.heads.iter().enumerate().map(|(n, head)| (n, head.as_str()));
        heads.filter(move |(n, head)| !own.contains(&Some(*n)) && !head.is_empty())
    }

    /// Open questions: columns whose heads end as questions do.
    fn questions(&self) -> Vec<usize> {
        self.others().filter(|(_, head)| head.ends_with('?')).map(|(n, _)| n).collect()
    }
}

/// A row with its number in the file, from 1.
pub type Row = (u32, Vec<String>);

/// A table in a spreadsheet.
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
}

/// Takes a table apart.
pub fn read(rows: &[Row], study: &Study, unit: Unit) -> Result<Vec<Speech>, String> {
    let Some(((_, heads), body)) = rows.split_first() else { return Err("the table is empty".to_owned()) };
    let columns = Columns::of(heads, study)?;
    let questions = columns.questions();
    if let (None, false) = (columns.text, questions.is_empty()) {
        return Ok(body
            .iter()
            .map(|row| answers(row, heads, &questions, &columns))
            .filter(|s| !s.pieces.is_empty())
            .collect());
    }
    let Some(text) = columns.text else {
        let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
        if let Some(lines) = talk(&cells) {
            return Ok(vec![plain::read(&lines.join("\n"))]);
        }
        return Err(format!(
            "none of its columns ({}) is known to hold what was said; call one \"tekst\" (and others \"spreker\", \"tijd\", \
             \"interview\"), or write [columns] text = \"…\" in klantreis.toml",
            heads.iter().take(8).map(|h| format!("\"{h}\"")).collect::<Vec<_>>().join(", ")
        ));
    };
    let cell = |row: &Row, n: usize| row.1.get(n).map(|c| c.trim().to_owned()).unwrap_or_default();
    let whole = columns.speaker.is_none()
        && body.iter().any(|row| cell(row, text).contains('\n') || columns.interview.is_some())
        && columns.interview.is_none_or(|n| {
            let mut names: Vec<String> = body.iter().map(|row| cell(row, n)).collect();
            names.sort();
            names.windows(2).all(|w| w[0] != w[1] || w[0].is_empty())
        });
    if whole {
        return Ok(body
            .iter()
            .map(|row| interview(row, &cell(row, text), &columns))
            .filter(|s| !s.pieces.is_empty())
            .collect());
    }
    Ok(turns(body, text, &columns, unit))
}

/// The name of a row's interview.
fn name(row: &Row, columns: &Columns) -> String {
    let named = columns.interview.and_then(|n| row.1.get(n)).map(|name| name.trim()).filter(|name| !name.is_empty());
    named.map_or_else(|| format!("rij {}", row.0), str::to_owned)
}

fn attributes(speech: &mut Speech, row: &Row, columns: &Columns) {
    for (n, head) in columns.others().filter(|(_, head)| !head.ends_with('?')) {
        if let Some(value) = row.1.get(n).filter(|v| v.len() <= 200) {
            speech.attribute(Origin::Table, head, value);
        }
    }
}

/// One interview a row, the whole talk or a single answer in a cell.
fn interview(row: &Row, text: &str, columns: &Columns) -> Speech {
    let mut speech = plain::read(text);
    if speech.pieces.is_empty() && !text.is_empty() {
        speech = Speech::default();
        speech.pieces.push(Piece {
            speaker: Some("R".to_owned()),
            text: text.to_owned(),
            line: row.0,
            ..Piece::default()
        });
    }
    speech.name = Some(name(row, columns));
    attributes(&mut speech, row, columns);
    speech
}

/// One interview a row, an answer a column: the heads are what was asked.
fn answers(row: &Row, heads: &[String], questions: &[usize], columns: &Columns) -> Speech {
    let mut speech = Speech { name: Some(name(row, columns)), ..Speech::default() };
    for &n in questions {
        let answer = row.1.get(n).map(|a| a.trim()).unwrap_or_default();
        if answer.is_empty() {
            continue;
        }
        for (who, text) in [("I", heads[n].trim()), ("R", answer)] {
            speech.pieces.push(Piece {
                speaker: Some(who.to_owned()),
                text: text.to_owned(),
                line: row.0,
                ..Piece::default()
            });
        }
    }
    attributes(&mut speech, row, columns);
    speech
}

/// One turn a row, of one interview or several.
fn turns(body: &[Row], text: usize, columns: &Columns, unit: Unit) -> Vec<Speech> {
    let mut out: Vec<Speech> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut constant: Vec<BTreeMap<usize, Option<String>>> = Vec::new();
    let get = |row: &Row, column: Option<usize>| {
        column.and_then(|n| row.1.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default()
    };
    for row in body {
        let interview = get(row, columns.interview);
        let place = *places.entry(interview.clone()).or_insert_with(|| {
            out.push(Speech { name: columns.interview.map(|_| name(row, columns)), ..Speech::default() });
            constant.push(BTreeMap::new());
            out.len() - 1
        });
        let said = get(row, Some(text));
        if !said.is_empty() {
            out[place].pieces.push(Piece {
                speaker: Some(get(row, columns.speaker)).filter(|s| !s.is_empty()),
                start: moment(&get(row, columns.start), unit),
                end: moment(&get(row, columns.end), unit),
                text: said,
                line: row.0,
            });
        } else if row.1.iter().any(|c| !c.trim().is_empty()) {
            out[place].pass_over(row.0, &row.1.join(" | "), "is a row without a text");
        }
        for (n, _) in columns.others() {
            let value = get(row, Some(n));
            let entry = constant[place].entry(n).or_insert_with(|| Some(value.clone()));
            if entry.as_ref().is_some_and(|old| *old != value) {
                *entry = None;
            }
        }
    }
    for (speech, constant) in out.iter_mut().zip(constant) {
        // What is the same in every row describes the interview.
        for (n, value) in constant {
            if let Some(value) = value.filter(|v| v.len() <= 200) {
                speech.attribute(Origin::Table, &columns.heads[n], &value);
            }
        }
        if columns.speaker.is_none() && columns.start.is_none() {
            in_the_text(speech);
        }
    }
    out
}

/// Speakers that stand in the text: "I: Hoe ging het?".
fn in_the_text(speech: &mut Speech) {
    let lines: Vec<String> = speech.pieces.iter().map(|p| p.text.replace('\n', " ")).collect();
    let found = plain::read(&lines.join("\n"));
    if !found.pieces.is_empty() {
        speech.pieces = found.pieces;
        speech.passed_over.extend(found.passed_over);
    }
}

fn moment(text: &str, unit: Unit) -> Option<Timestamp> {
    times::clock(text).or_else(|| {
        let number: f64 = text.replace(',', ".").parse().ok()?;
        let whole = text.bytes().all(|b| b.is_ascii_digit());
        times::seconds(if whole && unit == Unit::Milliseconds { number / 1000.0 } else { number })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Row> {
        text.lines()
            .enumerate()
            .map(|(n, l)| (n as u32 + 1, l.split('|').map(|c| c.replace('~', "\n")).collect()))
            .collect()
    }

    fn read_table(text: &str) -> Vec<Speech> {
        read(&table(text), &Study::parse("").unwrap(), Unit::Seconds).unwrap()
    }

    #[test]
    fn a_turn_a_row_of_one_interview_or_several() {
        let all = read_table(
            "Interview|Spreker|Tijd|Tekst|Segment\na|I|0:01|Hoe?|x\na|R|0:02|Goed.|x\nb|R|1,5|Slecht.|y\nb|||en toen|y",
        );
        assert_eq!(all.iter().map(|s| s.name.as_deref().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(all[1].attributes[&Origin::Table]["segment"], "y");
        assert_eq!(all[1].pieces[0].start, Some(Timestamp(1500)));
        assert_eq!(all[1].pieces[1].speaker, None);
    }

    #[test]
    fn an_interview_a_row() {
        let all = read_table("id|transcript|Segment\np1|I: Hoe?~R: Goed.|x\np2|Gewoon een antwoord.|y");
        assert_eq!(all[0].pieces.len(), 2);
        assert_eq!(all[1].pieces[0].speaker.as_deref(), Some("R"));
        assert_eq!(all[1].attributes[&Origin::Table]["segment"], "y");
    }

    #[test]
    fn an_answer_a_column() {
        let all = read_table("Respondent|Leeftijd|Wat ging goed?|Wat niet?\n7|40|Alles.|\n8|30|Niets.|Alles!");
        assert_eq!(all[0].pieces.len(), 2);
        assert_eq!(all[1].pieces[2].text, "Wat niet?");
        assert_eq!(all[1].attributes[&Origin::Table]["leeftijd"], "30");
    }

    #[test]
    fn columns_of_ones_own_and_unknown_ones() {
        let study = Study::parse("[columns]\ntext = \"Verhaal\"\nspeaker = \"Persoon\"\n").unwrap();
        let rows = table("Persoon|Verhaal\nAnna|Hoe?\nJan|Goed.");
        assert_eq!(read(&rows, &study, Unit::Seconds).unwrap()[0].pieces.len(), 2);
        let message = read(&table("a|b|c\n1|2|3"), &Study::parse("").unwrap(), Unit::Seconds).unwrap_err();
        assert!(message.contains("[columns] text"), "{message}");
    }
}
