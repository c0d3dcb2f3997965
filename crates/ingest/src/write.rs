//! A transcript as text, subtitles or JSON, which give the same transcript when they are read.

use std::fmt::Write as _;

use klantreis_study::{Timestamp, Transcript, Turn};

use crate::tags::strip_tags;

/// How to write a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// `[00:02:03] Anna: …`
    Text,
    /// WebVTT, with voices.
    Vtt,
    /// SubRip, with names before a colon.
    Srt,
    /// Segments, as speech recognisers write them.
    Json,
}

/// Writes a transcript, a turn a paragraph, cue or segment. Subtitles need times: where a turn has none, it shows for as
/// long as its words take at three a second.
pub fn write(transcript: &Transcript, form: As) -> String {
    match form {
        As::Text => text(transcript),
        As::Vtt => vtt(transcript),
        As::Srt => srt(transcript),
        As::Json => json(transcript),
    }
}

fn text(transcript: &Transcript) -> String {
    let mut out = String::new();
    for (key, value) in &transcript.attributes {
        let _ = writeln!(out, "{key}: {value}");
    }
    for turn in &transcript.turns {
        let time = turn.start.map(|t| format!("[{t}] ")).unwrap_or_default();
        let name = if turn.speaker.is_empty() { "R" } else { &turn.speaker };
        let _ = writeln!(out, "\n{time}{name}: {}", turn.text);
    }
    out
}

/// The times of the turns, made up where there are none.
fn times(turns: &[Turn]) -> Vec<(Timestamp, Timestamp)> {
    let mut out: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(turns.len());
    for (n, turn) in turns.iter().enumerate() {
        let before = out.last().map_or(0, |(_, end)| end.0);
        let start = turn.start.map_or(before, |t| t.0);
        let next = turns.get(n + 1).and_then(|t| t.start).map(|t| t.0).filter(|t| *t > start);
        let long = start + 1000 + 333 * turn.text.split(' ').count() as u64;
        let end = turn.end.map(|t| t.0).filter(|t| *t > start).or(next).unwrap_or(long);
        out.push((Timestamp(start), Timestamp(end)));
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn vtt(transcript: &Transcript) -> String {
    let mut out = String::from("WEBVTT\n");
    if !transcript.attributes.is_empty() {
        out.push_str("\nNOTE\n");
        for (key, value) in &transcript.attributes {
            let _ = writeln!(out, "{key}: {value}");
        }
    }
    for (turn, (start, end)) in transcript.turns.iter().zip(times(&transcript.turns)) {
        let (start, end) = (moment(start, '.'), moment(end, '.'));
        let _ = writeln!(out, "\n{start} --> {end}\n<v {}>{}</v>", escape(&turn.speaker), escape(&turn.text));
    }
    out
}

fn srt(transcript: &Transcript) -> String {
    let mut out = String::new();
    for (turn, (start, end)) in transcript.turns.iter().zip(times(&transcript.turns)) {
        let (start, end) = (moment(start, ','), moment(end, ','));
        let name = if turn.speaker.is_empty() { String::new() } else { format!("{}: ", turn.speaker) };
        // SubRip knows no entities; only what would be taken for a tag or one is written as such.
        let text = if strip_tags(&turn.text) == turn.text { turn.text.clone() } else { escape(&turn.text) };
        let _ = writeln!(out, "{}\n{start} --> {end}\n{name}{text}\n", turn.number);
    }
    out
}

fn json(transcript: &Transcript) -> String {
    let seconds = |time: Option<Timestamp>| time.map(|t| t.0 as f64 / 1000.0);
    let segment = |turn: &Turn| {
        serde_json::json!({
            "id": turn.number,
            "start": seconds(turn.start),
            "end": seconds(turn.end),
            "speaker": turn.speaker,
            "role": turn.role,
            "text": turn.text,
        })
    };
    let segments: Vec<_> = transcript.turns.iter().map(segment).collect();
    let whole = serde_json::json!({
        "file": transcript.file,
        "interview": transcript.interview,
        "attributes": transcript.attributes,
        "segments": segments,
    });
    // Values of our own making have no keys that JSON can't hold.
    format!("{whole:#}\n")
}

fn moment(time: Timestamp, point: char) -> String {
    format!("{time}{point}{:03}", time.0 % 1000)
}

#[cfg(test)]
mod tests {
    use klantreis_study::Study;
    use proptest::prelude::*;

    use super::*;
    use crate::parse;

    fn read(source: &str, file: &str) -> Transcript {
        parse(source.as_bytes(), file, &Study::parse("").unwrap()).transcripts().next().unwrap()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(said in prop::collection::vec(("[A-Z][a-zé<&>]{1,8}( [a-z<&>.,?!:é]{1,8}){0,6}[.?]", 0u64..20_000), 4..12)) {
            let mut at = 0;
            let mut source = String::from("WEBVTT\n\n");
            for (n, (text, gap)) in said.iter().enumerate() {
                let name = if n % 2 == 0 { "Sanne Vos" } else { "Jan & co" };
                let (start, end) = (at + gap, at + gap + 1500);
                at = end;
                let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                source += &format!("{} --> {}\n<v {}>{text}</v>\n\n", moment(Timestamp(start), '.'), moment(Timestamp(end), '.'), name.replace('&', "&amp;"));
            }
            let first = read(&source, "a.vtt");
            for (form, file) in [(As::Vtt, "a.vtt"), (As::Json, "a.json"), (As::Srt, "a.srt")] {
                let again = read(&write(&first, form), file);
                prop_assert_eq!(&again.turns, &first.turns, "{:?}", form);
            }
        }
    }
}
