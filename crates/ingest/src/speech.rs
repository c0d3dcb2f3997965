//! What every format comes down to: pieces of speech in order, with attributes beside them.

use std::collections::BTreeMap;

use klantreis_study::Timestamp;

/// A piece of what one speaker said: a line, a paragraph or a cue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The speaker as written; `None` continues the speaker before.
    pub speaker: Option<String>,
    /// When it starts.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub end: Option<Timestamp>,
    /// What was said.
    pub text: String,
    /// Line, paragraph or cue in the source, from 1.
    pub line: u32,
}

/// A file taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// In the order of the talk.
    pub pieces: Vec<Piece>,
    /// Header lines, keys in lower case.
    pub attributes: BTreeMap<String, String>,
    /// Pieces before the first speaker that are no attribute: line and text.
    pub passed_over: Vec<(u32, String)>,
}

/// A line as "Name: text", where the name could be one: at most four words and 40 characters, beginning with a
/// letter, not a clock time or a web address.
pub fn name_and_text(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.split_once(':')?;
    let name = name.trim().trim_start_matches("**").trim_end_matches("**").trim();
    let first = name.chars().next()?;
    let words = name.split_whitespace().count();
    let fits = first.is_alphabetic()
        && words <= 4
        && name.chars().count() <= 40
        && !name.contains(['.', ',', '?', '!', ';', '"']);
    (fits && !text.starts_with("//")).then(|| (name, text.trim_start_matches("**").trim()))
}

/// Words before a colon that are no speaker, however often they recur.
const NO_NAMES: [&str; 28] = [
    "let op",
    "opmerking",
    "noot",
    "bijvoorbeeld",
    "kortom",
    "conclusie",
    "ps",
    "nb",
    "vraag aan",
    "notitie",
    "dus",
    "maar",
    "en",
    "want",
    "nou",
    "kijk",
    "ja",
    "nee",
    "of",
    "oké",
    "tip",
    "punt",
    "voorbeeld",
    "namelijk",
    "note",
    "samengevat",
    "kind",
    "language",
];

/// Keys that head a line of metadata.
const KEYS: [&str; 32] = [
    "studie",
    "onderzoek",
    "project",
    "interview",
    "gesprek",
    "datum",
    "tijd",
    "duur",
    "locatie",
    "plaats",
    "vestiging",
    "gemeente",
    "organisatie",
    "perspectief",
    "segment",
    "persona",
    "doelgroep",
    "leeftijd",
    "geslacht",
    "functie",
    "rol",
    "beroep",
    "kanaal",
    "taal",
    "opname",
    "bestand",
    "versie",
    "transcriptie",
    "date",
    "location",
    "age",
    "role",
];

/// Whether a name (in any case) is a usual key of metadata.
pub fn is_key(name: &str) -> bool {
    KEYS.contains(&name.to_lowercase().as_str())
}

/// Whether a name is none of the words that stand before a colon without speaking.
pub fn may_speak(name: &str) -> bool {
    !is_key(name) && !NO_NAMES.contains(&name.to_lowercase().as_str())
}

/// Whether a name that stands `n` times before a colon speaks: it recurs and is written as a name.
pub fn is_recurring_name(name: &str, n: usize) -> bool {
    n >= 2 && may_speak(name) && name.starts_with(char::is_uppercase)
}

/// A line of a header: "Key: value".
pub fn attribute(line: &str) -> Option<(String, String)> {
    let (key, value) = name_and_text(line)?;
    (!value.is_empty()).then(|| (key.to_lowercase(), value.to_owned()))
}

/// White space folded to single spaces.
pub fn fold_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A clock time `h:mm:ss`, `mm:ss`, with `.` or `,` or `-` before fractions of a second.
pub fn clock(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (whole, fraction) = match text.find(['.', ',', '-']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let parts: Vec<u64> = whole
        .split(':')
        .map(|p| (!p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit())).then(|| p.parse().ok())?)
        .collect::<Option<_>>()?;
    if !(2..=3).contains(&parts.len()) || !fraction.bytes().all(|b| b.is_ascii_digit()) || fraction.len() > 6 {
        return None;
    }
    let seconds = parts.iter().fold(0, |sum, p| sum * 60 + p);
    let millis: u64 = format!("{:0<3}", fraction).get(..3)?.parse().ok()?;
    Some(Timestamp(seconds * 1000 + millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_in_the_forms_that_occur() {
        for (text, ms) in [("00:00:05.000", 5000), ("01:02:03,5", 3_723_500), ("02:03", 123_000), ("0:04", 4000)] {
            assert_eq!(clock(text), Some(Timestamp(ms)), "{text}");
        }
        for text in ["", "5", "a:b", "10:30 Overleg", "1:2:3:4"] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_short_and_begin_with_a_letter() {
        assert_eq!(name_and_text("Anna de Vries: ja hoor"), Some(("Anna de Vries", "ja hoor")));
        for line in ["10:30 Overleg", "https://example.org", "Dan zei hij, nou: weg", "geen dubbele punt"] {
            assert_eq!(name_and_text(line), None, "{line}");
        }
    }
}
