//! Subtitles: WebVTT (as the W3C has it, and as Teams and Zoom write it) and SubRip.

use std::collections::{BTreeMap, HashSet};

use crate::{
    roles::is_label,
    speech::{Piece, Speech, attribute, clock, is_recurring_name, name_and_text},
};

/// Takes a WebVTT or SubRip file apart: blocks between blank lines, each with a line `start --> end`.
pub fn read(text: &str) -> Speech {
    let mut out = Speech::default();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let names = names(&lines);
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        if let Some((start, rest)) = line.split_once("-->") {
            let (start, end) = (clock(start), rest.split_whitespace().next().and_then(clock));
            let number = at as u32 + 1;
            let from = at + 1;
            at = from;
            while at < lines.len() && !lines[at].trim().is_empty() && !lines[at].contains("-->") {
                at += 1;
            }
            // A cue's number or name may stand right before the next time line.
            let to = if at < lines.len() && lines[at].contains("-->") && at > from { at - 1 } else { at };
            pieces(&lines[from..to].join("\n"), start, end, number, &names, &mut out.pieces);
        } else if let Some(note) = line.strip_prefix("NOTE") {
            let mut block = vec![note.trim()];
            at += 1;
            while at < lines.len() && !lines[at].trim().is_empty() {
                block.push(lines[at].trim());
                at += 1;
            }
            if out.pieces.is_empty() {
                out.attributes.extend(block.iter().filter_map(|l| attribute(l)));
            }
        } else if line == "STYLE" || line == "REGION" {
            while at < lines.len() && !lines[at].trim().is_empty() {
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    // Cues may be written out of order, and rolling captions repeat one while it still shows; "Nee." said twice stays.
    out.pieces.sort_by_key(|p| p.start);
    out.pieces.dedup_by(|b, a| a.text == b.text && a.speaker == b.speaker && a.end > b.start && a.start.is_some());
    out
}

fn pieces(
    text: &str,
    start: Option<klantreis_study::Timestamp>,
    end: Option<klantreis_study::Timestamp>,
    line: u32,
    names: &HashSet<String>,
    out: &mut Vec<Piece>,
) {
    let mut push = |speaker: Option<String>, text: String| {
        let text = text.trim().to_owned();
        if !text.is_empty() {
            out.push(Piece { speaker, start, end, text, line });
        }
    };
    let voices: Vec<usize> = text
        .match_indices("<v")
        .map(|(at, _)| at)
        .filter(|at| text[at + 2..].starts_with([' ', '.', '\t', '\n', '>']))
        .collect();
    let Some(&first) = voices.first() else {
        // "Name:" before the text or on a line of its own; one cue may hold a line of each speaker.
        let (mut speaker, mut said) = (None, String::new());
        for line in strip_tags(text).lines() {
            match name_and_text(line.trim()) {
                Some((name, rest)) if names.contains(name) => {
                    push(speaker.replace(name.to_owned()), std::mem::take(&mut said));
                    said.push_str(rest);
                }
                _ => {
                    said.push('\n');
                    said.push_str(line);
                }
            }
        }
        push(speaker, said);
        return;
    };
    push(None, strip_tags(&text[..first]));
    for (n, at) in voices.iter().enumerate() {
        let part = &text[at + 2..voices.get(n + 1).copied().unwrap_or(text.len())];
        match part.split_once('>') {
            // `<v.loud Anna>`: classes stand before the name.
            Some((head, said)) => {
                let name = head.split_once(char::is_whitespace).map(|(_, name)| entities(name.trim()));
                push(name.filter(|n| !n.is_empty()), strip_tags(said));
            }
            None => push(None, strip_tags(part)),
        }
    }
}

/// Names before a colon that speak: usual labels, and names that recur ("Ze zei: kom maar" is talk).
fn names(lines: &[&str]) -> HashSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in lines.iter().filter_map(|line| name_and_text(line.trim())) {
        *counts.entry(name).or_default() += 1;
    }
    let speaks = |name: &str, n: usize| is_label(name) || is_recurring_name(name, n);
    counts.into_iter().filter(|(name, n)| speaks(name, *n)).map(|(name, _)| name.to_owned()).collect()
}

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.find('>').filter(|end| is_tag(&rest[1..*end])) {
            Some(end) => rest = &rest[end + 1..],
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    entities(&out)
}

/// `b`, `/v`, `c.loud`, a clock time: not what stands between the signs of "2 < 3 en 4 > 1".
fn is_tag(inner: &str) -> bool {
    clock(inner).is_some() || inner.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic())
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // No name is longer than eight letters: what lies further on is another word's semicolon.
        let known = rest.bytes().take(10).position(|b| b == b';').and_then(|end| Some((end, entity(&rest[1..end])?)));
        match known {
            Some((end, c)) => {
                out.extend(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The sign that an entity stands for, which may be none (marks of direction); `None` for an unknown one.
fn entity(name: &str) -> Option<Option<char>> {
    Some(match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "lrm" | "rlm" => None,
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some(char::from_u32(code).filter(|c| !c.is_control())?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_classes_and_unclosed_tags_are_read() {
        let s = read(
            "WEBVTT\n\nNOTE Segment: starter\n\n1f0c/27-0\n00:05.000 --> 00:08.120\n<v.loud Anna de Vries>Goede<b>morgen</b> &amp; dag</v>\n\n\
             00:00:09.000 --> 00:00:10.000\n<v Bert>Ja,\nhoor\n",
        );
        assert_eq!(s.attributes["segment"], "starter");
        assert_eq!(s.pieces[0].speaker.as_deref(), Some("Anna de Vries"));
        assert_eq!(s.pieces[0].text, "Goedemorgen & dag");
        assert_eq!(s.pieces[1].text, "Ja,\nhoor");
    }

    #[test]
    fn subrip_with_names_and_without_blank_lines_is_read() {
        let s =
            read("1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Ja.\n2\n00:00:03,000 --> 00:00:04,000\nnog iets\n");
        assert_eq!(s.pieces.len(), 2);
        assert_eq!(s.pieces[0].text, "Ja.");
        assert_eq!(s.pieces[1].speaker, None);
    }

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        read(text).pieces.into_iter().map(|p| (p.speaker, p.text)).collect()
    }

    #[test]
    fn what_is_said_twice_in_a_row_stays_twice_and_a_rolling_caption_once() {
        let cue = |start, end| format!("00:0{start}.000 --> 00:0{end}.000\n<v Anna>Nee.\n\n");
        assert_eq!(said(&format!("WEBVTT\n\n{}{}", cue(1, 2), cue(2, 3))).len(), 2);
        assert_eq!(said(&format!("WEBVTT\n\n{}{}", cue(1, 3), cue(2, 4))).len(), 1);
    }

    #[test]
    fn a_cue_may_hold_a_line_of_each_speaker_and_signs_that_are_no_tags() {
        let s = said("1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Ja?\nRespondent: 2 < 3 en\n4 > 1.\n");
        assert_eq!(s[0], (Some("Interviewer".into()), "Ja?".into()));
        assert_eq!(s[1], (Some("Respondent".into()), "2 < 3 en\n4 > 1.".into()));
    }

    #[test]
    fn entities_are_read_once() {
        assert_eq!(entities("&amp;lt; &#39;q&#x27; &lrm;AT&T; R&D &#0;"), "&lt; 'q' AT&T; R&D &#0;");
    }

    #[test]
    fn names_that_recur_speak_in_zoom() {
        let cue = |n: usize, text| format!("{n}\n00:00:0{n}.000 --> 00:00:0{n}.500\n{text}\n\n");
        let talk = ["Anna Bos: Hoe?", "Jan Vis: Goed.", "Anna Bos: En?", "Jan Vis: Ze zei: kom maar"];
        let text: String = talk.iter().enumerate().map(|(n, t)| cue(n + 1, t)).collect();
        let s = said(&format!("WEBVTT\n\n{text}"));
        assert_eq!(s[3], (Some("Jan Vis".into()), "Ze zei: kom maar".into()));
    }
}
