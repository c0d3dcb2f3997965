//! Moments in a recording, as transcripts write them.

use klantreis_study::Timestamp;

/// A clock time `h:mm:ss`, `mm:ss`, with `.` or `,` or `-` before fractions of a second.
pub fn clock(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (whole, fraction) = match text.find(['.', ',', '-']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    if whole.len() > 12 || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (mut seconds, mut parts) = (0u64, 0);
    for part in whole.split(':') {
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        seconds = seconds * 60 + part.parse::<u64>().ok()?;
        parts += 1;
    }
    if !(2..=3).contains(&parts) {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(Timestamp(seconds * 1000 + millis))
}

/// Seconds, as JSON and tables have them.
pub fn seconds(value: f64) -> Option<Timestamp> {
    (0.0..1e7).contains(&value).then(|| Timestamp((value * 1000.0).round() as u64))
}

/// A time or a span in front of a line, and the rest of it.
pub struct Leading<'a> {
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub rest: &'a str,
    /// Whether signs around it say that it is a time code: in "10:30 was ik daar" none do.
    pub marked: bool,
}

/// The time in front of a line: `[00:02:03]`, `(02:03)`, `#00:00:10-5#`, `[00:01 --> 00:04]`, or bare.
pub fn leading(line: &str) -> Leading<'_> {
    let none = Leading { start: None, end: None, rest: line, marked: false };
    let after = |rest: &'static [char], text: &str| text.trim_start_matches(rest).len();
    let close = match line.chars().next() {
        Some('[') => Some(']'),
        Some('(') => Some(')'),
        Some('{') => Some('}'),
        Some('#') => Some('#'),
        Some('<') => Some('>'),
        _ => None,
    };
    if let Some(close) = close {
        // A span with fractions is below forty bytes; a long line without the sign is not searched through.
        let inner = &line[1..];
        let Some(end) = inner.bytes().take(48).position(|b| b == close as u8) else { return none };
        return match span(&inner[..end]) {
            Some((start, stop)) => {
                let rest = &inner[end + 1..];
                let rest = &rest[rest.len() - after(&[' ', '-', '–', '\t', '\u{a0}'], rest)..];
                Leading { start: Some(start), end: stop, rest, marked: true }
            }
            None => none,
        };
    }
    let length = line.bytes().take(16).take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',')).count();
    match clock(line[..length].trim_end_matches(['.', ','])) {
        Some(start) => {
            let rest = &line[length..];
            let marked = rest.starts_with('\t') || line[..length].matches(':').count() == 2;
            let rest = &rest[rest.len() - after(&[' ', '-', '–', '\t', '\u{a0}'], rest)..];
            Leading { start: Some(start), end: None, rest, marked }
        }
        None => none,
    }
}

/// `a`, `a --> b` or `a - b`.
fn span(text: &str) -> Option<(Timestamp, Option<Timestamp>)> {
    for sign in ["-->", " - ", " – "] {
        if let Some((start, end)) = text.split_once(sign) {
            return Some((clock(start)?, Some(clock(end)?)));
        }
    }
    Some((clock(text)?, None))
}

/// The parts of a line between f4 marks, each with the time before it.
pub fn marks(line: &str) -> Vec<(Option<Timestamp>, &str)> {
    let mut out = Vec::new();
    let (mut time, mut from, mut at) = (None, 0, 0);
    while let Some(open) = line[at..].find('#').map(|i| at + i) {
        let inner = &line[open + 1..];
        let close = inner.bytes().take(16).position(|b| b == b'#');
        match close.and_then(|close| Some((close, clock(&inner[..close])?))) {
            Some((close, moment)) => {
                out.push((time, line[from..open].trim()));
                time = Some(moment);
                at = open + close + 2;
                from = at;
            }
            None => at = open + 1,
        }
    }
    out.push((time, line[from..].trim()));
    out
}

/// "Anna  12:05", "Spreker 1 (00:01:02):", "Anna [0:12]: ja": what stands before the time, the time, what follows.
pub fn named(line: &str) -> Option<(&str, Timestamp, &str)> {
    // A name is short; so is the search.
    let head = line.char_indices().nth(80).map_or(line, |(at, _)| &line[..at]);
    let mut from = 0;
    while let Some(at) = head[from..].find(|c: char| c.is_ascii_digit()).map(|i| from + i) {
        let length = head[at..].bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',')).count();
        from = at + length;
        let Some(time) = clock(&head[at..from]) else { continue };
        let (before, after) = (&line[..at], &line[from..]);
        let opened = before.ends_with(['[', '(']);
        let name = before.trim_end_matches(['[', '(']).trim_end_matches([' ', '\t', '\u{a0}', ',', '-', '–', '|']);
        let spaced = before.len() > name.len();
        let rest = if opened { after.strip_prefix([']', ')'])? } else { after };
        let text = rest.trim_start().trim_start_matches(':').trim();
        let ends = rest.trim().is_empty() || (opened && rest.trim_start().starts_with(':'));
        return (spaced && ends && !name.is_empty()).then_some((name.trim(), time, text));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_in_the_forms_that_occur() {
        for (text, ms) in [
            ("00:00:05.000", 5000),
            ("01:02:03,5", 3_723_500),
            ("02:03", 123_000),
            ("0:04", 4000),
            ("00:00:10-5", 10_500),
            ("0:0:3.5000000", 3500),
        ] {
            assert_eq!(clock(text), Some(Timestamp(ms)), "{text}");
        }
        for text in ["", "5", "a:b", "10:30 Overleg", "1:2:3:4", "::", "99999999999999999999:1"] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn times_stand_before_and_behind_lines() {
        let l = leading("[00:02:03] Anna: ja");
        assert_eq!((l.start, l.rest, l.marked), (Some(Timestamp(123_000)), "Anna: ja", true));
        let l = leading("00:03:40.5Anna: ja");
        assert_eq!((l.start, l.rest, l.marked), (Some(Timestamp(220_500)), "Anna: ja", true));
        let l = leading("[00:01.0 --> 00:04.0] ja");
        assert_eq!((l.end, l.rest), (Some(Timestamp(4000)), "ja"));
        assert_eq!(leading("[lacht] ja").rest, "[lacht] ja");
        assert_eq!(marks("a #00:01-0# b #1 c").len(), 2);
    }

    #[test]
    fn a_name_may_stand_before_its_time() {
        assert_eq!(named("Anna Bos  12:05  "), Some(("Anna Bos", Timestamp(725_000), "")));
        assert_eq!(named("Speaker 1 (00:01:02): ja"), Some(("Speaker 1", Timestamp(62_000), "ja")));
        assert_eq!(named("Anna de Vries   0:04"), Some(("Anna de Vries", Timestamp(4000), "")));
        assert_eq!(named("Ik was er om 12:05 uur"), None);
    }
}
