//! Subtitles: WebVTT (as the W3C has it, and as Teams and Zoom write it) and SubRip.

use std::collections::{BTreeMap, HashSet};

use crate::{
    roles::is_label,
    speech::{Piece, Speech, attribute, clock, name_and_text},
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
    // Cues may be written out of order.
    out.pieces.sort_by_key(|p| p.start);
    out.pieces.dedup_by(|b, a| a.text == b.text && a.speaker == b.speaker && a.end >= b.start && a.start.is_some());
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
    if !text.contains("<v") {
        let plain = strip_tags(text);
        // "Name:" alone on the first line, or "Name: text".
        match name_and_text(plain.trim()) {
            Some((name, said)) if names.contains(name) => push(Some(name.to_owned()), said.to_owned()),
            _ => push(None, plain),
        }
        return;
    }
    for part in text.split("<v").skip(usize::from(text.trim_start().starts_with("<v"))) {
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
    let speaks = |name: &str, n: usize| is_label(name) || (n >= 3 && name.starts_with(char::is_uppercase));
    counts.into_iter().filter(|(name, n)| speaks(name, *n)).map(|(name, _)| name.to_owned()).collect()
}

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        match rest[at..].find('>') {
            Some(end) => rest = &rest[at + end + 1..],
            None => {
                out.push_str(&rest[at..]);
                rest = "";
            }
        }
    }
    out.push_str(rest);
    entities(&out)
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&lrm;", "")
        .replace("&rlm;", "")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
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
}
