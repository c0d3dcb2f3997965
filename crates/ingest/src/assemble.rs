//! Pieces of speech to a transcript: turns, sentences, roles.

use klantreis_study::{Problem, Role, Severity, Study, Transcript, Turn};
use klantreis_text::sentences;

use crate::{
    roles::roles,
    speech::{Piece, Speech, fold_space},
};

/// Makes the transcript of what a format module found; the error says what is missing.
pub fn assemble(speech: Speech, file: &str, study: &Study) -> Result<Transcript, String> {
    let mut turns: Vec<Turn> = Vec::new();
    for Piece { speaker, start, end, text, .. } in speech.pieces {
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
    if turns.is_empty() {
        return Err("no one speaks in it: expected lines such as \"I: Hoe ging dat?\" and \"R: Goed.\"".to_owned());
    }
    let talk: Vec<(String, String)> = turns.iter().map(|t| (t.speaker.clone(), t.text.clone())).collect();
    let (roles, guess) = roles(&talk, &study.speakers);
    for (n, turn) in turns.iter_mut().enumerate() {
        turn.number = n as u32 + 1;
        turn.role = roles.get(&turn.speaker).copied().unwrap_or(Role::Respondent);
        turn.sentences = sentences(&turn.text);
    }
    let note = |line, message| Problem { file: file.to_owned(), line, severity: Severity::Note, message };
    let mut problems: Vec<Problem> = guess.into_iter().map(|message| note(None, message)).collect();
    if turns.iter().all(|t| t.speaker.is_empty()) {
        problems.push(note(None, "no speakers were found: everything counts as said by one respondent".to_owned()));
    }
    for (line, text) in speech.passed_over {
        let start: String = text.chars().take(60).collect();
        problems.push(note(Some(line), format!("passed over \"{start}\", which stands before the first speaker")));
    }
    let interview = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    Ok(Transcript { file: file.to_owned(), interview, attributes: speech.attributes, turns, problems })
}
