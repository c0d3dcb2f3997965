//! Plain text and Markdown: `I:`, `Interviewer:`, `Anna:`, `[00:02:03] Anna:`, and lines that continue.

use std::collections::{BTreeMap, HashSet};

use crate::{
    roles::is_label,
    speech::{Piece, Speech, attribute, clock, is_key, may_speak, name_and_text},
};

/// Takes a text apart. Lines before the first speaker are attributes ("Segment: starter") or passed over.
pub fn read(text: &str) -> Speech {
    let lines: Vec<&str> = text.lines().map(bare).collect();
    let header = header(&lines);
    let speakers = speakers(&lines[header..]);
    let mut out = Speech::default();
    for (n, &line) in lines.iter().enumerate() {
        let number = n as u32 + 1;
        if line.is_empty() {
            continue;
        }
        let (time, rest) = leading_time(line);
        match name_and_text(rest).filter(|(name, _)| n >= header && speakers.contains(&name.to_lowercase())) {
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

/// A line without the signs of Markdown before it.
fn bare(line: &str) -> &str {
    line.trim().trim_start_matches(['#', '>']).trim()
}

/// How many lines are the header. "Respondent: medewerker" above or among lines such as "Segment: starter" is
/// metadata, even where the respondent's turns begin with the same word: the header reaches to the last usual key
/// before a key is there a second time or a turn begins, and to the end of that block where it goes on as short values.
fn header(lines: &[&str]) -> usize {
    let mut seen = HashSet::new();
    let (mut end, mut open) = (0, false);
    for (n, line) in lines.iter().enumerate() {
        if line.is_empty() {
            open = false;
            continue;
        }
        let Some((key, value)) = name_and_text(line) else {
            // A title may stand above the header; after its first line, other text is talk.
            if seen.is_empty() { continue } else { break }
        };
        let key = key.to_lowercase();
        if (is_label(&key) && !is_header(&key)) || !seen.insert(key.clone()) {
            break;
        }
        let short = value.split_whitespace().count() <= 8 && !value.ends_with(['.', '?', '!', '…']);
        if is_key(&key) {
            (end, open) = (n + 1, true);
        } else if open && short {
            end = n + 1;
        } else {
            open = false;
        }
    }
    end
}

/// Names that speak: known labels, and names that recur before a colon at the beginning of a line.
fn speakers(lines: &[&str]) -> HashSet<String> {
    // How often, and whether written as a name.
    let mut counts: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for (name, _) in lines.iter().filter_map(|line| name_and_text(leading_time(line).1)) {
        let entry = counts.entry(name.to_lowercase()).or_insert((0, true));
        entry.0 += 1;
        entry.1 &= name.starts_with(char::is_uppercase);
    }
    let marked = counts.keys().any(|name| is_label(name) && !is_header(name));
    let recurs = counts.iter().any(|(name, (n, _))| *n >= 2 && may_speak(name));
    let speaks = |name: &str, n: usize, capital: bool| {
        if is_header(name) {
            // Once is enough in a short talk, but not beside "I:" or "Anna:": there it may be a stray key.
            n >= 3 || (!marked && (n >= 2 || !recurs))
        } else {
            is_label(name) || n >= 3 || (n >= 2 && capital && !marked)
        }
    };
    let counts = counts.into_iter().filter(|(name, (n, capital))| may_speak(name) && speaks(name, *n, *capital));
    counts.map(|(name, _)| name).collect()
}

/// Labels that also head a line of metadata.
fn is_header(name: &str) -> bool {
    matches!(name, "respondent" | "interviewer" | "medewerker" | "deelnemer" | "onderzoeker" | "bewoner" | "klant")
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

    #[test]
    fn a_header_stays_one_where_the_turns_begin_with_its_words() {
        for head in [
            "Respondent: medewerker IDO\nInterviewer: Jan\nSegment: starter\n\n",
            "Gesprek met een starter\n\nSegment: starter\nRespondent: medewerker IDO\nInterviewer: Jan\n\n",
        ] {
            let s = read(&format!("{head}Interviewer: Hoe?\nRespondent: Goed.\nInterviewer: En?\nRespondent: Ja.\n"));
            assert_eq!(s.pieces.len(), 4, "{head}");
            assert_eq!(s.pieces[0].text, "Hoe?");
            for (key, value) in [("respondent", "medewerker IDO"), ("interviewer", "Jan"), ("segment", "starter")] {
                assert_eq!(s.attributes[key], value, "{head}");
            }
        }
    }

    #[test]
    fn talk_right_below_the_header_is_no_header() {
        let s = said("Segment: starter\nInterviewer: Hoe?\nMedewerker: Goed.\n\nInterviewer: En?\nMedewerker: Ja.\n");
        assert_eq!(s.len(), 4);
        assert_eq!(s[0], (Some("Interviewer".into()), "Hoe?".into()));
    }

    #[test]
    fn a_short_talk_has_speakers_too() {
        assert_eq!(said("Interviewer: Hoe?\nRespondent: Goed.\n").len(), 2);
        assert_eq!(said("Anna: Hoe?\nBert: Goed.\nAnna: En?\nBert: Ja.\n").len(), 4);
        assert_eq!(said("[00:03] Spreker 1: Hoe?\n[00:05] Spreker 2: Goed\nhoor.\n[00:07] Spreker 1: En?\n[00:09] Spreker 2: Ja.\n").len(), 5);
    }

    #[test]
    fn words_that_recur_before_a_colon_are_no_speakers() {
        let s = said("I: Hoe?\nR: Zo.\nDus: a\nI: En?\nR: Ja.\nDus: b\nI: O?\nR: Ja.\nDus: c\n");
        assert!(s.iter().all(|(name, _)| name.as_deref() != Some("Dus")));
    }
}
