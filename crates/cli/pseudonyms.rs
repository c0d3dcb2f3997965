//! Names and numbers out, on reading: what every command sees of a study that asks for it.

use std::{collections::HashMap, path::PathBuf};

use klantreis_coding::GoldRow;
use klantreis_ingest::Interview;
use klantreis_pseudonym::{Key, Kind, Pseudonymiser};
use klantreis_study::{Problem, Severity, Study, Transcript};

/// Where a study keeps its key: beside the transcripts, which hold the names anyway, and never among the outputs.
pub fn key_path(study: &Study) -> PathBuf {
    study.root.join("pseudonyms.csv")
}

fn about_key(severity: Severity, message: String) -> Problem {
    Problem { file: "pseudonyms.csv".to_owned(), line: None, severity, message }
}

/// Who is to be replaced, by the key of the study. Without a key that can be read nothing goes on, since everybody would
/// get another stand-in.
fn finder(study: &Study, transcripts: &[Transcript]) -> Result<Pseudonymiser, Problem> {
    let key = Key::load(&key_path(study)).map_err(|e| {
        about_key(Severity::Error, format!("the key to the pseudonyms can't be used, so nothing was read: {e}"))
    })?;
    Ok(Pseudonymiser::new(transcripts, &study.pseudonymise, key))
}

fn in_problems(found: &Pseudonymiser, problems: Vec<Problem>) -> Vec<Problem> {
    let one = |p: Problem| Problem { file: found.file_name(&p.file), message: found.text(&p.message), ..p };
    problems.into_iter().map(one).collect()
}

/// The transcripts and problems with stand-ins for names and numbers; the key is read and written.
pub fn on_reading(
    study: &Study,
    transcripts: &[Transcript],
    problems: Vec<Problem>,
) -> (Vec<Transcript>, Vec<Problem>) {
    let path = key_path(study);
    let found = match finder(study, transcripts) {
        Ok(found) => found,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let mut out = in_problems(&found, problems);
    match found.key().save(&path) {
        Ok(()) => {
            let message =
                format!("{}; who is who stands in {}, which you alone can read", counted(&found), path.display());
            out.push(about_key(Severity::Note, message));
        }
        Err(e) => {
            let message = format!(
                "names were replaced, but the key can't be kept, and they may get other stand-ins next time: {e}"
            );
            out.push(about_key(Severity::Error, message));
        }
    }
    if found.unplaced() > 0 {
        out.push(about_key(Severity::Note, unplaced(found.unplaced())));
    }
    (found.transcripts(transcripts), out)
}

/// How interviews were read, with stand-ins in all that is shown of it. Nothing is written: this is for looking at a study.
pub fn in_interviews(
    study: &Study,
    interviews: Vec<Interview>,
    problems: Vec<Problem>,
) -> Result<(Vec<Interview>, Vec<Problem>), Problem> {
    let transcripts: Vec<Transcript> = interviews.iter().map(|interview| interview.transcript.clone()).collect();
    let found = finder(study, &transcripts)?;
    let renamed = found.transcripts(&transcripts);
    let with_stand_ins = |(mut interview, transcript): (Interview, Transcript)| {
        let labels = interview.transcript.turns.iter().zip(&transcript.turns);
        let labels: HashMap<&str, &str> =
            labels.map(|(own, new)| (own.speaker.as_str(), new.speaker.as_str())).collect();
        for speaker in &mut interview.speakers {
            if let Some(label) = labels.get(speaker.name.as_str()) {
                speaker.name = (*label).to_owned();
            }
        }
        interview.passed_over.iter_mut().for_each(|passed| passed.text = found.text(&passed.text));
        Interview { transcript, ..interview }
    };
    let problems = in_problems(&found, problems);
    Ok((interviews.into_iter().zip(renamed).map(with_stand_ins).collect(), problems))
}

/// What was replaced, in numbers.
pub fn counted(found: &Pseudonymiser) -> String {
    let given = &found.key().given;
    let mut persons: Vec<_> = given.iter().map(|(s, _)| *s).collect();
    persons.sort();
    persons.dedup();
    let (people, things): (Vec<_>, Vec<_>) = persons.into_iter().partition(|s| s.kind.is_person());
    let kinds =
        Kind::ALL.iter().map(|kind| (kind, things.iter().filter(|s| s.kind == *kind).count())).filter(|(_, n)| *n > 0);
    let listed: Vec<String> = kinds.map(|(kind, n)| format!("{n} × {}", kind.word())).collect();
    let rest = if listed.is_empty() { String::new() } else { format!(", {}", listed.join(", ")) };
    format!("stand-ins for {} persons{rest}", people.len())
}

/// Decisions that fit nowhere.
pub fn unplaced(n: usize) -> String {
    format!(
        "{n} decisions about a single place fit nowhere now, since the transcripts changed; they are kept in the key"
    )
}

/// Codings of a study whose names are replaced: their quotes with the stand-ins that stand in its transcripts now. Rows
/// that hold stand-ins already stay as they are.
pub fn in_rows(study: &Study, transcripts: &[Transcript], rows: Vec<GoldRow>) -> anyhow::Result<Vec<GoldRow>> {
    let found = Pseudonymiser::new(transcripts, &study.pseudonymise, Key::load(&key_path(study))?);
    let renamed = found.transcripts(transcripts);
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let Some(file) = transcripts.iter().position(|t| row.belongs_to(t)) else { return row };
            if let Some(quote) = quote(&found, transcripts, file, row.turn, &row.quote) {
                row.quote = quote;
            }
            row.file.clone_from(&renamed[file].file);
            row
        })
        .collect())
}

/// A quote with stand-ins: of the turn that it names, or else of the nearest that holds it.
pub fn quote(found: &Pseudonymiser, transcripts: &[Transcript], file: usize, turn: u32, quote: &str) -> Option<String> {
    let wanted = (turn as usize).wrapping_sub(1);
    let holding = transcripts[file].turns.iter().enumerate().filter(|(_, t)| t.text.contains(quote));
    let (place, _) = holding.min_by_key(|(n, _)| n.abs_diff(wanted))?;
    found.quote(transcripts, file, place, quote)
}
