//! Pieces of speech to a transcript: turns, sentences, roles, attributes.

use std::collections::BTreeMap;

use klantreis_study::{Problem, Role, Severity, Study, Transcript, Turn};
use klantreis_text::sentences;

use crate::{
    format::Format,
    language, paths,
    reading::Interview,
    roles::{self, roles},
    speech::{Origin, PassedOver, Piece, Speech, fold_space},
};

/// Lines that were passed over and are quoted in a note; of more, only the number is said.
const QUOTED: usize = 4;

/// What is noted of a transcript in which nobody answers.
pub const NOBODY_ANSWERS: &str = "nobody answers in it: all speakers count as interviewers, so that it is left out; write \
                                  [speakers] respondent = [\"…\"] in klantreis.toml";

/// Makes the transcript of what a format module found; the error says what is missing.
pub fn assemble(mut speech: Speech, path: &str, format: Format, study: &Study) -> Result<Interview, String> {
    let stem = path.rsplit_once('.').filter(|(_, ending)| !ending.contains('/')).map_or(path, |(stem, _)| stem);
    let (file, interview) = match &speech.name {
        Some(name) => (format!("{path}/{name}"), format!("{stem}/{name}")),
        None => (path.to_owned(), stem.to_owned()),
    };
    let mut turns = turns(std::mem::take(&mut speech.pieces));
    if turns.is_empty() {
        return Err(nobody(&speech.passed_over));
    }
    let speakers = roles(turns.iter().map(|t| (t.speaker.as_str(), t.text.as_str())), &study.speakers);
    let by_name: BTreeMap<&str, Role> = speakers.iter().map(|s| (s.name.as_str(), s.role)).collect();
    for (n, turn) in turns.iter_mut().enumerate() {
        turn.number = n as u32 + 1;
        turn.role = by_name.get(turn.speaker.as_str()).copied().unwrap_or(Role::Respondent);
        turn.sentences = sentences(&turn.text);
    }
    let mut notes = std::mem::take(&mut speech.notes);
    notes.extend(roles::note(&speakers));
    if turns.iter().all(|t| t.speaker.is_empty()) {
        notes.push("no speakers were found: everything counts as said by one respondent".to_owned());
    } else if turns.iter().all(|t| t.role == Role::Interviewer) {
        notes.push(NOBODY_ANSWERS.to_owned());
    }
    let language = language::detect(turns.iter().map(|t| t.text.as_str()));
    notes.extend(language.and_then(|l| language::note(l, study.language)));
    if let Some(pattern) = &study.path_attributes {
        match paths::attributes(pattern, &interview) {
            Some(found) => found.iter().for_each(|(key, value)| speech.attribute(Origin::Path, key, value)),
            None => notes.push(format!("its path does not fit path_attributes = \"{pattern}\" in klantreis.toml")),
        }
    }
    let attributes = merge(&speech, &mut notes);
    let problem = |line, message| Problem { file: file.clone(), line, severity: Severity::Note, message };
    let mut problems: Vec<Problem> = notes.into_iter().map(|message| problem(None, message)).collect();
    problems.extend(said_of(&speech.passed_over).into_iter().map(|(line, message)| problem(line, message)));
    let transcript = Transcript { file, interview, attributes, turns, problems };
    Ok(Interview { transcript, format, encoding: None, language, speakers, passed_over: speech.passed_over })
}

/// Pieces of one speaker in a row are a turn.
fn turns(pieces: Vec<Piece>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for Piece { speaker, start, end, text, .. } in pieces {
        let text = fold_space(&text);
        match turns.last_mut().filter(|t| speaker.as_ref().is_none_or(|s| *s == t.speaker)) {
            Some(turn) => {
                if !text.is_empty() && !turn.text.is_empty() {
                    turn.text.push(' ');
                }
                turn.text.push_str(&text);
                turn.end = end.or(turn.end);
            }
            None => turns.push(Turn {
                number: 0,
                speaker: speaker.unwrap_or_default(),
                role: Role::Respondent,
                start,
                end,
                text,
                sentences: Vec::new(),
            }),
        }
    }
    turns.retain(|turn| !turn.text.is_empty());
    turns
}

/// What to say of a file without talk.
fn nobody(passed_over: &[PassedOver]) -> String {
    let summary = passed_over.iter().any(|p| p.why.contains("summary"));
    let cause =
        if summary { "it holds a summary that a machine made, and no transcript" } else { "no one speaks in it" };
    format!(
        "{cause}: expected lines such as \"I: Hoe ging dat?\" and \"R: Goed.\"; if it is the talk of one person, put \"R:\" \
         before it"
    )
}

/// The attributes, what is stronger over what is weaker; where they differ, a note says so.
fn merge(speech: &Speech, notes: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, (Origin, &String)> = BTreeMap::new();
    for (origin, attributes) in &speech.attributes {
        for (key, value) in attributes {
            if let Some((weaker, old)) = out.insert(key.clone(), (*origin, value)).filter(|(_, old)| *old != value) {
                let (weaker, stronger) = (weaker.name(), origin.name());
                notes.push(format!("{key} is \"{old}\" in {weaker} and \"{value}\" in {stronger}, which was taken"));
            }
        }
    }
    out.into_iter().map(|(key, (_, value))| (key, value.clone())).collect()
}

/// What to say of lines that were passed over: the first of each reason, and how many more there are.
fn said_of(passed_over: &[PassedOver]) -> Vec<(Option<u32>, String)> {
    let mut by_reason: Vec<(&str, Vec<&PassedOver>)> = Vec::new();
    for passed in passed_over {
        match by_reason.iter_mut().find(|(why, _)| *why == passed.why) {
            Some((_, all)) => all.push(passed),
            None => by_reason.push((passed.why, vec![passed])),
        }
    }
    let mut out = Vec::new();
    for (why, all) in by_reason {
        let quoted = if all.len() > QUOTED { 1 } else { all.len() };
        for passed in &all[..quoted] {
            let start: String = passed.text.chars().take(60).collect();
            let more = match all.len() - quoted {
                0 => String::new(),
                more => format!(", and {more} more lines like it (`klantreis ingest --show` lists them)"),
            };
            out.push((Some(passed.line).filter(|l| *l > 0), format!("passed over \"{start}\", which {why}{more}")));
        }
    }
    out
}
