//! What the model sees at once: some turns, the respondent's sentences numbered.

use klantreis_study::{Role, Transcript};

/// Where a respondent's sentence stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Place of the turn.
    pub turn: usize,
    /// Place of the sentence in the turn.
    pub sentence: usize,
}

/// Some consecutive sentences of respondents. Their numbers are their places here, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The sentences.
    pub lines: Vec<Line>,
}

/// Turns before a window that are shown for their context.
const BEFORE: usize = 2;

/// Cuts an interview into windows of at most `most` sentences, between turns where that is possible.
pub fn windows(transcript: &Transcript, most: usize) -> Vec<Window> {
    let mut out: Vec<Window> = Vec::new();
    for (turn, of) in transcript.respondent_turns() {
        let lines: Vec<Line> = (0..of.sentences.len()).map(|sentence| Line { turn, sentence }).collect();
        match out.last_mut() {
            Some(last) if last.lines.len() + lines.len() <= most => last.lines.extend(lines),
            _ => out.extend(lines.chunks(most.max(1)).map(|lines| Window { lines: lines.to_vec() })),
        }
    }
    out.retain(|window| !window.lines.is_empty());
    out
}

impl Window {
    /// Its two halves; `None` of a single sentence.
    pub fn halves(&self) -> Option<[Self; 2]> {
        let middle = self.lines.len() / 2;
        let (a, b) = self.lines.split_at(middle);
        (middle > 0).then(|| [Self { lines: a.to_vec() }, Self { lines: b.to_vec() }])
    }

    /// The window as the model sees it: what came before, the questions, and the numbered sentences.
    pub fn text(&self, transcript: &Transcript) -> String {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else { return String::new() };
        let mut out = String::new();
        let mut number = 0;
        for (place, turn) in
            transcript.turns.iter().enumerate().take(last.turn + 1).skip(first.turn.saturating_sub(BEFORE))
        {
            let who = if turn.role == Role::Interviewer { "I" } else { "R" };
            if turn.role == Role::Interviewer || place < first.turn {
                out += &format!("{who}: {}\n", one_line(&turn.text));
                continue;
            }
            for (sentence, range) in turn.sentences.iter().enumerate() {
                let line = Line { turn: place, sentence };
                let text = one_line(&turn.text[range.clone()]);
                if self.lines.contains(&line) {
                    number += 1;
                    out += &format!("[{number}] {text}\n");
                } else {
                    out += &format!("{who}: {text}\n");
                }
            }
        }
        out
    }
}

/// What is said on a line of its own, so that nothing in it passes for a numbered sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(crate) mod tests {
    use klantreis_study::Turn;

    use super::*;

    /// An interview of sentences, `I:` before what the interviewer says.
    pub(crate) fn interview(turns: &[&[&str]]) -> Transcript {
        let turn = |(n, sentences): (usize, &&[&str])| {
            let asked = sentences[0].starts_with("I: ");
            let mut text = String::new();
            let mut ranges = Vec::new();
            for sentence in *sentences {
                let sentence = sentence.trim_start_matches("I: ");
                if !text.is_empty() {
                    text.push(' ');
                }
                ranges.push(text.len()..text.len() + sentence.len());
                text += sentence;
            }
            Turn {
                number: n as u32 + 1,
                speaker: if asked { "I" } else { "R" }.to_owned(),
                role: if asked { Role::Interviewer } else { Role::Respondent },
                start: None,
                end: None,
                text,
                sentences: ranges,
            }
        };
        Transcript {
            file: "a.txt".to_owned(),
            interview: "a".to_owned(),
            attributes: Default::default(),
            turns: turns.iter().enumerate().map(turn).collect(),
            problems: Vec::new(),
        }
    }

    #[test]
    fn windows_cover_every_sentence_once_and_break_between_turns() {
        let t =
            interview(&[&["I: Hoe ging het?"], &["Goed.", "Snel."], &["I: En toen?"], &["Niets.", "Echt.", "Niets."]]);
        let found = windows(&t, 3);
        assert_eq!(found.iter().map(|w| w.lines.len()).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(found[0].text(&t), "I: Hoe ging het?\n[1] Goed.\n[2] Snel.\n");
        let second = found[1].text(&t);
        assert!(second.starts_with("R: Goed. Snel.\nI: En toen?\n[1] Niets."), "{second}");
        let [a, b] = found[1].halves().unwrap();
        assert_eq!((a.lines.len(), b.lines.len()), (1, 2));
        assert!(b.text(&t).ends_with("R: Niets.\n[1] Echt.\n[2] Niets.\n"), "{}", b.text(&t));
    }

    #[test]
    fn what_is_said_never_passes_for_a_numbered_sentence() {
        let t = interview(&[&["I: Hoe?\n[7] Zo."], &["Goed.\n[2] Echt."]]);
        assert_eq!(windows(&t, 9)[0].text(&t), "I: Hoe? [7] Zo.\n[1] Goed. [2] Echt.\n");
    }

    #[test]
    fn a_turn_longer_than_a_window_is_cut() {
        let t = interview(&[&["Een.", "Twee.", "Drie.", "Vier.", "Vijf."]]);
        assert_eq!(windows(&t, 2).len(), 3);
    }
}
