//! JSON of speech recognisers: Whisper, WhisperX with speakers, Amberscript, and others that list segments.

use std::collections::HashMap;

use klantreis_study::Timestamp;
use serde_json::{Map, Value};

use crate::{
    limits,
    speech::{Piece, Speech},
    times,
};

/// Keys of the list of segments.
const LISTS: [&str; 9] =
    ["segments", "utterances", "transcript", "turns", "results", "monologues", "transcription", "items", "data"];
const TEXT: [&str; 8] = ["text", "body", "transcript", "tekst", "content", "sentence", "utterance", "value"];
const SPEAKER: [&str; 8] =
    ["speaker", "speaker_label", "speakerLabel", "speaker_name", "speakerName", "spreker", "speaker_id", "name"];
const START: [&str; 9] = ["start", "startTime", "start_time", "begin", "from", "ts", "timestamp", "time", "offset"];
const END: [&str; 5] = ["end", "endTime", "end_time", "to", "end_ts"];

/// Takes a file apart: one transcript, or a list of several.
pub fn read(text: &str) -> Result<Vec<Speech>, String> {
    if text.len() > limits::JSON {
        return Err("is JSON of more than 32 MB; split it into one file an interview".to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|e| {
        let hint = if e.is_eof() { "it ends in the middle" } else { "it is no valid JSON" };
        format!("{hint} ({e}); export it again from the program that made it")
    })?;
    let mut out = Vec::new();
    match &value {
        Value::Array(list)
            if list.iter().any(|v| v.as_object().is_some_and(|o| text_of(o).is_none() && segments(o).is_some())) =>
        {
            for (n, one) in list.iter().enumerate() {
                if let Some((object, list)) = one.as_object().and_then(|o| Some((o, segments(o)?))) {
                    let name = first(object, &["name", "file", "id", "title"]).and_then(string);
                    let name = name.unwrap_or_else(|| format!("{}", n + 1));
                    out.push(Speech { name: Some(name), ..speech(list, object) });
                }
            }
        }
        Value::Array(list) => out.push(speech(list, &Map::new())),
        Value::Object(object) => out.extend(segments(object).map(|list| speech(list, object))),
        _ => {}
    }
    if out.iter().all(|speech| speech.pieces.is_empty()) {
        return Err(
            "no list of segments with a text is in it; expected something such as {\"segments\": [{\"start\": 0.0, \
                    \"end\": 2.4, \"speaker\": \"Anna\", \"text\": \"Ja\"}]}"
                .to_owned(),
        );
    }
    Ok(out)
}

/// The list of segments, here or a level below.
fn segments(object: &Map<String, Value>) -> Option<&Vec<Value>> {
    LISTS.iter().find_map(|key| match object.get(*key)? {
        Value::Array(list) if list.iter().any(|v| v.as_object().is_some_and(is_segment)) => Some(list),
        Value::Object(inner) => LISTS.iter().find_map(|key| inner.get(*key)?.as_array()),
        _ => None,
    })
}

fn is_segment(object: &Map<String, Value>) -> bool {
    text_of(object).is_some()
}

fn speech(list: &[Value], object: &Map<String, Value>) -> Speech {
    let names = names(object);
    // Whole numbers of milliseconds are written by some; talk in seconds has fractions somewhere.
    let whole = list.iter().filter_map(|v| first(v.as_object()?, &START)).all(Value::is_u64);
    let long = list.iter().filter_map(|v| first(v.as_object()?, &END)?.as_u64()).max().is_some_and(|t| t > 30_000);
    let unit = if whole && long { 1000.0 } else { 1.0 };
    let mut out = Speech::default();
    for (n, value) in list.iter().enumerate() {
        let number = n as u32 + 1;
        let Some((segment, text)) = value.as_object().and_then(|o| Some((o, text_of(o)?))) else {
            out.pass_over(
                number,
                &value.to_string().chars().take(200).collect::<String>(),
                "is no segment with a text",
            );
            continue;
        };
        let words = segment.get("words").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = first(segment, &SPEAKER).and_then(string).or_else(|| most_said_by(words));
        let edge = |keys: &[&str], word: Option<&Value>| {
            let value = first(segment, keys).or_else(|| first(word?.as_object()?, keys))?;
            moment(value, unit)
        };
        out.pieces.push(Piece {
            speaker: own.map(|id| names.get(&id).cloned().unwrap_or(id)),
            start: edge(&START, words.first()),
            end: edge(&END, words.last()),
            text,
            line: number,
        });
    }
    out
}

/// Names of speakers by their ids: `"speakers": [{"spkid": "spk1", "name": "Anna"}]`, or a map.
fn names(object: &Map<String, Value>) -> HashMap<String, String> {
    let mut out = HashMap::new();
    match object.get("speakers") {
        Some(Value::Array(list)) => {
            for speaker in list.iter().filter_map(Value::as_object) {
                let id = first(speaker, &["spkid", "id", "speaker", "label"]).and_then(string);
                let name = first(speaker, &["name", "displayName", "display_name"]).and_then(string);
                out.extend(id.zip(name));
            }
        }
        Some(Value::Object(map)) => {
            out.extend(map.iter().filter_map(|(id, name)| Some((id.clone(), string(name)?))));
        }
        _ => {}
    }
    out
}

fn first<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| object.get(*key)).filter(|v| !v.is_null())
}

/// A text or a number as text; not a list.
fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a segment says: its text, or else its words.
fn text_of(segment: &Map<String, Value>) -> Option<String> {
    if let Some(Value::String(text)) = TEXT.iter().find_map(|key| segment.get(*key).filter(|v| v.is_string())) {
        return Some(text.trim().to_owned());
    }
    let words = ["words", "elements"].iter().find_map(|key| segment.get(*key)?.as_array())?;
    let mut out = String::new();
    for word in words.iter().filter_map(Value::as_object) {
        let text =
            first(word, &["punctuated_word", "text", "word", "value"]).and_then(Value::as_str).unwrap_or_default();
        let joins = text.chars().all(|c| matches!(c, '.' | ',' | '?' | '!' | ';' | ':' | '…'));
        if !out.is_empty() && !out.ends_with(' ') && !text.starts_with(' ') && !joins {
            out.push(' ');
        }
        out.push_str(text);
    }
    Some(out.trim().to_owned())
}

/// The speaker of most of the words, where the segment names none.
fn most_said_by(words: &[Value]) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for name in words.iter().filter_map(|w| first(w.as_object()?, &SPEAKER).and_then(string)) {
        match counts.iter_mut().find(|(n, _)| *n == name) {
            Some(count) => count.1 += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map(|(name, _)| name)
}

fn moment(value: &Value, unit: f64) -> Option<Timestamp> {
    match value {
        Value::Number(number) => times::seconds(number.as_f64()? / unit),
        Value::String(text) => {
            times::clock(text).or_else(|| times::seconds(text.trim().trim_end_matches('s').parse().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = (Option<String>, Option<u64>, Option<u64>, String);

    fn said(json: &str) -> Vec<Said> {
        let mut all = read(json).unwrap();
        let pieces = all.remove(0).pieces.into_iter();
        pieces.map(|p| (p.speaker, p.start.map(|t| t.0), p.end.map(|t| t.0), p.text)).collect()
    }

    #[test]
    fn the_json_of_recognisers_is_read() {
        let wanted = [(Some("Anna".to_owned()), Some(500), Some(2400), "Hoe ging het?".to_owned())];
        for json in [
            r#"{"text": " Hoe ging het?", "language": "nl", "segments": [{"id": 0, "start": 0.5, "end": 2.4, "text": " Hoe ging het?", "speaker": "Anna"}]}"#,
            r#"{"segments": [{"start": 0.5, "end": 2.4, "text": "Hoe ging het?", "words": [{"word": "Hoe", "start": 0.5, "speaker": "Anna"}, {"word": "het"}]}], "word_segments": []}"#,
            r#"{"id": "x", "segments": [{"speaker": "spk1", "words": [{"text": "Hoe", "start": 0.5, "end": 0.7}, {"text": "ging", "start": 0.7}, {"text": "het"}, {"text": "?", "end": 2.4}]}], "speakers": [{"spkid": "spk1", "name": "Anna"}]}"#,
            r#"[{"speaker": "Anna", "start": "00:00:00.500", "end": "2.4s", "text": "Hoe ging het?"}]"#,
            r#"{"version": "1.0", "segments": [{"speaker": "Anna", "startTime": 0.5, "endTime": 2.4, "body": "Hoe ging het?"}]}"#,
        ] {
            assert_eq!(said(json), wanted, "{json}");
        }
        let ms = said(
            r#"{"utterances": [{"speaker": "A", "start": 500, "end": 2400, "text": "a"}, {"start": 60000, "end": 61000, "text": "b"}]}"#,
        );
        assert_eq!((ms[0].1, ms[1].2), (Some(500), Some(61_000)));
    }

    #[test]
    fn a_list_of_transcripts_gives_each() {
        let all = read(r#"[{"name": "a", "segments": [{"text": "x"}]}, {"segments": [{"text": "y"}]}]"#).unwrap();
        assert_eq!(all.iter().map(|s| s.name.as_deref().unwrap()).collect::<Vec<_>>(), ["a", "2"]);
    }

    #[test]
    fn what_is_no_transcript_says_so() {
        assert!(read("{\"a\": 1}").unwrap_err().contains("segments"));
        assert!(read("{\"segments\": [").unwrap_err().contains("ends in the middle"));
        assert!(read(&"[".repeat(10_000)).is_err());
    }
}
