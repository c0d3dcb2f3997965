//! A transcript as the plain text that other tools show: a paragraph a turn, with who speaks before it.

use klantreis_study::Transcript;

/// The text, and where each turn's own text starts in it, in bytes.
pub fn render(transcript: &Transcript) -> (String, Vec<usize>) {
    let (mut text, mut starts) = (String::new(), Vec::with_capacity(transcript.turns.len()));
    for turn in &transcript.turns {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if let Some(time) = turn.start {
            text.push_str(&format!("[{time}] "));
        }
        if !turn.speaker.is_empty() {
            text.push_str(&turn.speaker);
            text.push_str(": ");
        }
        starts.push(text.len());
        text.push_str(&turn.text);
    }
    text.push('\n');
    (text, starts)
}
