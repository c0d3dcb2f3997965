//! Plain text and Markdown: `I:`, `Interviewer:`, `Anna:`, `[00:02:03] Anna:`, and lines that continue.

use std::collections::{BTreeMap, HashSet};

use crate::{
    roles::is_label,
    speech::{Piece, Speech, attribute, clock, name_and_text},
};

/// Words before a colon that are no speaker.
const NO_NAMES: [&str; 10] =
    ["let op", "opmerking", "noot", "bijvoorbeeld", "kortom", "conclusie", "ps", "nb", "vraag aan", "notitie"];

/// Takes a text apart. Lines before the first speaker are attributes ("Segment: starter") or passed over.
pub fn read(text: &str) -> Speech {
    let lines: Vec<&str> = text.lines().collect();
    let speakers = speakers(&lines);
    let mut out = Speech::default();
    for (n, raw) in lines.iter().enumerate() {
        let number = n as u32 + 1;
        let line = raw.trim().trim_start_matches(['#', '>']).trim();
        if line.is_empty() {
            continue;
        }
        let (time, rest) = leading_time(line);
        match name_and_text(rest).filter(|(name, _)| speakers.contains(&name.to_lowercase())) {
            Some((name, text)) => out.pieces.push(Piece {
                speaker: Some(name.to_owned()),
                start: time,
                end: None,
                text: text.to_owned(),
                line: number,
            }),
            None if out.pieces.is_empty() => match attribute(line) {
                Some((key, value)) => {
                    out.attributes.insert(key, value);
                }
                None => out.passed_over.push((number, line.to_owned())),
            },
            None => {
                out.pieces.push(Piece { speaker: None, start: time, end: None, text: rest.to_owned(), line: number })
            }
        }
    }
    out
}

/// Names that speak: known labels, and names that recur before a colon at the beginning of a line.
fn speakers(lines: &[&str]) -> HashSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let (_, rest) = leading_time(line.trim().trim_start_matches(['#', '>']).trim());
        if let Some((name, _)) = name_and_text(rest) {
            *counts.entry(name.to_lowercase()).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(name, n)| {
            !NO_NAMES.contains(&name.as_str()) && (*n >= 3 || (*n >= 1 && is_label(name) && !is_header(name)))
        })
        .map(|(name, _)| name)
        .collect()
}

/// Labels that also head a line of metadata: they speak only when they recur.
fn is_header(name: &str) -> bool {
    matches!(name, "respondent" | "interviewer" | "interview" | "medewerker" | "deelnemer")
}

fn leading_time(line: &str) -> (Option<klantreis_study::Timestamp>, &str) {
    let Some(inner) = line.strip_prefix(['[', '(']) else { return (None, line) };
    match inner.split_once([']', ')']) {
        Some((time, rest)) if clock(time).is_some() => (clock(time), rest.trim_start_matches([' ', '-', '\t'])),
        _ => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        read(text).pieces.into_iter().map(|p| (p.speaker, p.text)).collect()
    }

    #[test]
    fn labels_and_recurring_names_speak() {
        let s = said("I: Hoe gaat het?\nR: Goed.\nLet op: pauze\n");
        assert_eq!(s[1], (Some("R".into()), "Goed.".into()));
        assert_eq!(s[2], (None, "Let op: pauze".into()));
        let s = said("[00:01] Anna: a\n[00:02] Bert: b\n[00:03] Anna: c\n[00:04] Bert: d\nAnna: e\nBert: f\n");
        assert_eq!(s.len(), 6);
        assert_eq!(s[0].0.as_deref(), Some("Anna"));
    }

    #[test]
    fn header_lines_are_attributes_and_no_turns() {
        let s = read("Respondent: medewerker\nSegment: starter\nInterviewer: Jan\n\nI: Ja?\nR: Ja.\n");
        assert_eq!(s.attributes["respondent"], "medewerker");
        assert_eq!(s.pieces.len(), 2);
    }
}
