//! Codings made by hand, as the file that measuring and learning read.

use std::{fmt::Write as _, ops::Range};

use klantreis_study::Transcript;

/// A row of a `gold-….csv`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoldRow {
    /// The transcript's file.
    pub file: String,
    /// The turn's number, from 1.
    pub turn: u32,
    /// Where the quote starts in the turn: only for the order of the rows.
    pub at: usize,
    /// The words, letter for letter.
    pub quote: String,
    /// The category.
    pub category: String,
    /// The phase, or empty.
    pub phase: String,
    /// The touchpoint, or empty.
    pub touchpoint: String,
    /// -2…2, or empty.
    pub emotion: String,
}

/// The table, in the order of the transcripts; a row that is there twice is written once.
pub fn gold_csv(rows: &[GoldRow]) -> String {
    let mut rows: Vec<&GoldRow> = rows.iter().collect();
    rows.sort();
    rows.dedup();
    let mut out = "file,turn,quote,category,phase,touchpoint,emotion\n".to_owned();
    let cell = |text: &str| {
        // What a spreadsheet would run as a formula (OWASP, CSV injection).
        let text = if text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err() {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    for row in rows {
        let file = row.file.rsplit('/').next().unwrap_or(&row.file);
        let cells = [file, &row.turn.to_string(), &row.quote, &row.category, &row.phase, &row.touchpoint, &row.emotion]
            .map(cell)
            .join(",");
        // Writing into a string does not fail.
        let _ = writeln!(out, "{cells}");
    }
    out
}

/// The bytes of a turn that stand for a passage: the passage without the space around it where it covers at least half of
/// some sentence, else the sentence that it covers most of, since sentences are what is measured. Says whether it was widened.
pub fn widen(transcript: &Transcript, turn: usize, range: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let turn = transcript.turns.get(turn)?;
    let inside = turn.text.get(range.clone())?;
    let start = range.start + inside.len() - inside.trim_start().len();
    let range = start..start + inside.trim().len();
    if range.is_empty() {
        return None;
    }
    let common = |s: &Range<usize>| range.end.min(s.end).saturating_sub(range.start.max(s.start));
    if turn.sentences.iter().any(|s| 2 * common(s) >= s.len()) {
        return Some((range, false));
    }
    // The first of those with the most in common.
    let most = turn.sentences.iter().map(common).max()?;
    let sentence = turn.sentences.iter().find(|s| common(s) == most).filter(|_| most > 0)?;
    Some((sentence.clone(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_told_once_and_safe() {
        let row = |turn, quote: &str| GoldRow {
            file: "sub/b.txt".into(),
            turn,
            at: 0,
            quote: quote.into(),
            category: "winst".into(),
            phase: String::new(),
            touchpoint: String::new(),
            emotion: "-1".into(),
        };
        let rows = [row(10, "- ja, \"zo\""), row(2, "Eerst"), row(2, "Eerst")];
        assert_eq!(
            gold_csv(&rows),
            "file,turn,quote,category,phase,touchpoint,emotion\n\
             b.txt,2,Eerst,winst,,,-1\nb.txt,10,\"'- ja, \"\"zo\"\"\",winst,,,-1\n"
        );
    }
}
