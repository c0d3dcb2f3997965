//! What word processors' files come down to: paragraphs, whose first words may look different, and tables.

use std::collections::BTreeMap;

use crate::{
    lines::GIVEN,
    names::{attribute, is_recurring_name, may_speak, name_and_text},
    plain,
    roles::{is_label, is_numbered},
    speech::{Origin, Speech},
    times::{self, clock},
};

/// A document taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// Properties that somebody gave the document.
    pub properties: BTreeMap<String, String>,
}

/// A paragraph or a table of cells.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Vec<Vec<String>>),
}

/// A paragraph: its text, with line breaks, and how many of its bytes look different (bold, in a colour, in another
/// font) from those that follow.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub text: String,
    pub lead: usize,
}

/// Gathers the runs of a paragraph, each with its look.
#[derive(Default)]
pub struct Runs {
    text: String,
    lead: Option<usize>,
    first: Option<String>,
}

impl Runs {
    /// Adds text of a look; `""` is the paragraph's usual one.
    pub fn push(&mut self, text: &str, look: &str) {
        if self.lead.is_none() && !text.trim().is_empty() {
            match &self.first {
                None => self.first = Some(look.to_owned()),
                Some(first) if first != look => self.lead = Some(self.text.len()),
                Some(_) => {}
            }
        }
        self.text.push_str(text);
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The paragraph so far; the next begins.
    pub fn take(&mut self) -> Paragraph {
        let Self { text, lead, first } = std::mem::take(self);
        // A paragraph in one look leads with all of it, where that look is not the usual one.
        let all = if first.is_some_and(|look| !look.is_empty()) { text.len() } else { 0 };
        Paragraph { lead: lead.unwrap_or(all), text }
    }
}

impl Document {
    /// What was said in it.
    pub fn into_speech(self) -> Speech {
        let mut lines: Vec<(String, usize)> = Vec::new();
        let mut cells: Vec<Vec<String>> = Vec::new();
        for block in self.blocks {
            match block {
                Block::Paragraph(Paragraph { text, lead }) => {
                    let mut lead = lead;
                    for line in text.split('\n') {
                        lines.push((line.to_owned(), std::mem::take(&mut lead).min(line.len())));
                    }
                }
                Block::Table(rows) => match talk(&rows) {
                    Some(said) => lines.extend(said.into_iter().map(|line| (line, 0))),
                    None => cells.extend(rows),
                },
            }
        }
        let mut speech = plain::read(&mark_speakers(lines).join("\n"));
        for row in cells {
            let filled: Vec<&str> = row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            match filled.as_slice() {
                [key, value] if attribute(&format!("{}: x", key.trim_end_matches(':'))).is_some() => {
                    speech.attribute(Origin::Table, key.trim_end_matches(':'), value);
                }
                [] => {}
                cells => speech.pass_over(0, &cells.join(" | "), "stands in a table that is no talk"),
            }
        }
        for (key, value) in &self.properties {
            speech.attribute(Origin::Properties, key, value);
        }
        speech
    }
}

/// Names that look different, without a colon, as speakers: "**Anna** Goed" is "Anna: Goed", where the name recurs or
/// is a usual label.
fn mark_speakers(lines: Vec<(String, usize)>) -> Vec<String> {
    // "**Anna**   0:04" is known by its time.
    let name = |(text, lead): &(String, usize)| {
        if *lead == 0 || times::named(text.trim()).is_some() {
            return None;
        }
        let (name, rest) = (text.get(..*lead)?.trim(), text.get(*lead..)?);
        let colon = name.contains(':') || rest.trim_start().starts_with(':');
        (!colon && name_and_text(&format!("{name}:")).is_some()).then(|| name.to_owned())
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in lines.iter().filter_map(name) {
        *counts.entry(name).or_default() += 1;
    }
    let speaks = |name: &str| {
        is_label(name) || is_numbered(name) || counts.get(name).is_some_and(|n| is_recurring_name(name, *n))
    };
    let mark = |line: (String, usize)| match name(&line).filter(|n| speaks(n)) {
        Some(name) => format!("{name}{GIVEN}{}", &line.0[line.1..]),
        None => line.0,
    };
    lines.into_iter().map(mark).collect()
}

/// The rows of a table of talk as lines: speaker and text, with a time before, between or behind them, or without.
/// `None` for a table of attributes, whose first cells are all different and no "I" or "R".
pub fn talk(rows: &[Vec<String>]) -> Option<Vec<String>> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for row in rows {
        let (time, name, said) = match row.as_slice() {
            [name, said] if !(lines.is_empty() && is_head(name) && is_head(said)) => (None, name, said),
            [time, name, said] if clock(time).is_some() => (Some(time), name, said),
            [name, time, said] if clock(time).is_some() => (Some(time), name, said),
            [name, said, time] if clock(time).is_some() => (Some(time), name, said),
            // The heads of the columns.
            [_, _] | [_, _, _] if lines.is_empty() => continue,
            _ => return None,
        };
        let name = name.trim_end_matches(':');
        *names.entry(name).or_default() += 1;
        let time = time.map(|t| format!("[{}] ", t.trim())).unwrap_or_default();
        // The cells of one who goes on speaking are often left empty.
        lines.push(if name.is_empty() { time + said } else { format!("{time}{name}{GIVEN}{said}") });
    }
    let speaks = |(name, n): (&&str, &usize)| {
        *n >= 2 && !name.is_empty() && may_speak(name) || is_numbered(name) || (name.len() == 1 && is_label(name))
    };
    names.iter().any(speaks).then_some(lines)
}

/// Usual heads of the columns of talk.
fn is_head(cell: &str) -> bool {
    matches!(
        cell.to_lowercase().as_str(),
        "spreker" | "speaker" | "naam" | "wie" | "tekst" | "text" | "uitspraak" | "transcript"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn a_table_of_talk_is_talk_and_one_of_keys_is_not() {
        assert_eq!(talk(&table(&[&["Anna", "Hoe?"], &["Bert", "Goed."], &["Anna", "En?"]])).unwrap().len(), 3);
        let timed = table(&[&["Tijd", "Spreker", "Tekst"], &["00:03", "Anna", "Hoe?"], &["00:05", "Anna", "Nou?"]]);
        assert_eq!(talk(&timed).unwrap(), ["[00:03] Anna\u{1f}Hoe?", "[00:05] Anna\u{1f}Nou?"]);
        assert_eq!(talk(&table(&[&["Segment", "starter"], &["Respondent", "medewerker"]])), None);
    }

    fn speech(lines: &[(&str, &str)]) -> Vec<(Option<String>, String)> {
        let mut document = Document::default();
        for (name, text) in lines {
            let mut runs = Runs::default();
            runs.push(name, "b");
            runs.push(text, "");
            document.blocks.push(Block::Paragraph(runs.take()));
        }
        document.into_speech().pieces.into_iter().map(|p| (p.speaker, p.text)).collect()
    }

    #[test]
    fn names_that_look_different_and_recur_speak_and_other_words_do_not() {
        let said =
            speech(&[("Anna", " Hoe?"), ("Bert", " Goed."), ("Echt", " waar"), ("Anna", " En?"), ("Bert", " Ja.")]);
        assert_eq!(said.len(), 5);
        assert_eq!(said[2], (None, "Echt waar".to_owned()));
        assert_eq!(said[3], (Some("Anna".to_owned()), "En?".to_owned()));
        let said =
            speech(&[("Anna", ""), ("", "Hoe?"), ("Bert", ""), ("", "Goed."), ("Anna", ""), ("", "En?"), ("Bert", "")]);
        assert_eq!(said[0].0.as_deref(), Some("Anna"));
        assert_eq!(said[1], (None, "Hoe?".to_owned()));
    }
}
