//! Names and numbers out, on reading: what every command sees of a study that asks for it.

use std::path::PathBuf;

use klantreis_coding::GoldRow;
use klantreis_pseudonym::{Key, Kind, Pseudonymiser};
use klantreis_study::{Problem, Severity, Study, Transcript};

/// Where a study keeps its key: beside the transcripts, which hold the names anyway, and never among the outputs.
pub fn key_path(study: &Study) -> PathBuf {
    study.root.join("pseudonyms.csv")
}

/// The transcripts and problems with stand-ins for names and numbers; the key is read and written. Without a key that can
/// be read nothing goes on, since everybody would get another stand-in.
pub fn on_reading(
    study: &Study,
    transcripts: &[Transcript],
    problems: Vec<Problem>,
) -> (Vec<Transcript>, Vec<Problem>) {
    let path = key_path(study);
    let about_key = |severity, message| Problem { file: "pseudonyms.csv".to_owned(), line: None, severity, message };
    let key = match Key::load(&path) {
        Ok(key) => key,
        Err(e) => {
            let message = format!("the key to the pseudonyms can't be used, so nothing was read: {e}");
            return (Vec::new(), vec![about_key(Severity::Error, message)]);
        }
    };
    let found = Pseudonymiser::new(transcripts, &study.pseudonymise, key);
    let mut out: Vec<Problem> = problems
        .into_iter()
        .map(|p| Problem { file: found.file_name(&p.file), message: found.text(&p.message), ..p })
        .collect();
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
