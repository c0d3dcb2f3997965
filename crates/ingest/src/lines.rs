//! What a line of a transcript begins with: a time, a speaker, both or neither.

use std::collections::{BTreeMap, HashSet};

use klantreis_study::Timestamp;

use crate::{
    names::{is_name, may_speak, name_and_text},
    roles::{is_label, is_numbered},
    times,
};

/// How a name stands in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Before a colon or a tab.
    Colon,
    /// With a time behind it: "Anna  12:05", "Spreker 1 (00:01:02):".
    Timed,
    /// On a line of its own, in brackets or not.
    Alone,
    /// In the first column of a table of talk, or set apart by its look: no guess.
    Given,
}

/// Stands between a name that is given and what is said.
pub const GIVEN: char = '\u{1f}';

/// A line with what it begins with.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// As it stands, trimmed.
    pub whole: &'a str,
    /// What could be a speaker.
    pub name: Option<(Shape, &'a str)>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// Whether signs say that the time is a time code.
    pub marked: bool,
    /// What follows the time.
    pub rest: &'a str,
    /// What follows time and name.
    pub text: &'a str,
}

/// Takes the beginning of a line apart.
pub fn line(whole: &str) -> Line<'_> {
    let lead = times::leading(whole);
    let rest = lead.rest;
    let mut out = Line { whole, name: None, start: lead.start, end: lead.end, marked: lead.marked, rest, text: rest };
    if let Some((name, text)) = rest.split_once(GIVEN) {
        (out.name, out.text) = (Some((Shape::Given, name.trim())), text.trim());
    } else if let Some((name, time, text)) = times::named(rest).filter(|(name, ..)| is_name(name)) {
        (out.name, out.text, out.start, out.marked) = (Some((Shape::Timed, name)), text, Some(time), true);
    } else if let Some((name, text)) = name_and_text(rest).or_else(|| name_and_tab(rest)) {
        out.name = Some((Shape::Colon, name));
        out.text = text;
        let lead = times::leading(text);
        if lead.marked {
            (out.start, out.end, out.marked, out.text) = (lead.start, lead.end, true, lead.rest);
        }
    } else if let Some(name) = alone(rest) {
        (out.name, out.text) = (Some((Shape::Alone, name)), "");
    }
    out
}

/// "I⇥Hoe ging dat?"
fn name_and_tab(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.split_once('\t')?;
    (is_name(name.trim()) && !text.trim().is_empty()).then(|| (name.trim(), text.trim()))
}

/// A name that has the line to itself.
fn alone(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('(').and_then(|l| l.strip_suffix(')')).unwrap_or(line);
    let inner = inner.trim_start_matches("**").trim_end_matches("**").trim();
    let last = inner.split_whitespace().last()?;
    let ends = last.ends_with('.') && last.len() > 2 || inner.ends_with('…');
    (is_name(inner) && !ends && !inner.starts_with(char::is_lowercase)).then_some(inner)
}

/// Who speaks in a text.
#[derive(Debug, Default)]
pub struct Speakers {
    colon: HashSet<String>,
    timed: HashSet<String>,
    alone: HashSet<String>,
    given: bool,
}

impl Speakers {
    /// Finds the names that speak: usual labels, and names that recur where names stand.
    pub fn find(lines: &[Line<'_>]) -> Self {
        let timed = timed(lines);
        let colon = colon(lines);
        let given = lines.iter().any(|line| matches!(line.name, Some((Shape::Given, _))));
        let alone = if timed.is_empty() && colon.is_empty() && !given { alone_names(lines) } else { HashSet::new() };
        Self { colon, timed, alone, given }
    }

    /// Whether anybody does.
    pub fn is_empty(&self) -> bool {
        self.colon.is_empty() && self.timed.is_empty() && self.alone.is_empty() && !self.given
    }

    /// The speaker that the line begins with.
    pub fn of<'a>(&self, line: &Line<'a>) -> Option<&'a str> {
        let (shape, name) = line.name?;
        let names = match shape {
            Shape::Colon => &self.colon,
            Shape::Timed => &self.timed,
            Shape::Alone => &self.alone,
            Shape::Given => return Some(name),
        };
        names.contains(&name.to_lowercase()).then_some(name)
    }
}

/// How often names of a shape stand there, in lower case, and whether they are written as names. With a time code before
/// it, a name counts twice.
fn counts(lines: &[Line<'_>], wanted: Shape) -> BTreeMap<String, (usize, bool)> {
    let mut counts: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    let mut after_time = false;
    for line in lines.iter().filter(|line| !line.whole.is_empty()) {
        if let Some((_, name)) = line.name.filter(|(shape, _)| *shape == wanted) {
            let entry = counts.entry(name.to_lowercase()).or_insert((0, true));
            entry.0 += 1 + usize::from(after_time || (line.marked && line.start.is_some()));
            entry.1 &= !name.starts_with(char::is_lowercase);
        }
        after_time = line.start.is_some() && line.rest.is_empty();
    }
    counts.retain(|name, _| may_speak(name));
    counts
}

fn colon(lines: &[Line<'_>]) -> HashSet<String> {
    let counts = counts(lines, Shape::Colon);
    let marked = counts.keys().any(|name| is_label(name) && !is_header(name));
    let recurs = counts.values().any(|(n, _)| *n >= 2);
    let speaks = |name: &str, n: usize, capital: bool| {
        if is_header(name) {
            // Once is enough in a short talk, but not beside "I:" or "Anna:": there it may be a stray key.
            n >= 3 || (!marked && (n >= 2 || !recurs))
        } else {
            is_label(name) || is_numbered(name) || n >= 3 || (n >= 2 && capital && !marked)
        }
    };
    counts.into_iter().filter(|(name, (n, capital))| speaks(name, *n, *capital)).map(|(name, _)| name).collect()
}

/// A time code behind a name is a strong mark: two such lines are enough, whosever they are.
fn timed(lines: &[Line<'_>]) -> HashSet<String> {
    let counts = counts(lines, Shape::Timed);
    // Each counts twice.
    if counts.values().map(|(n, _)| n).sum::<usize>() < 4 {
        return HashSet::new();
    }
    counts.into_iter().filter(|(_, (_, capital))| *capital).map(|(name, _)| name).collect()
}

/// Names on lines of their own: two or more, which recur or are labels, one in seven lines at least.
fn alone_names(lines: &[Line<'_>]) -> HashSet<String> {
    let mut names = counts(lines, Shape::Alone);
    names.retain(|name, (n, capital)| is_label(name) || is_numbered(name) || (*n >= 2 && *capital));
    let written = lines.iter().filter(|line| !line.whole.is_empty()).count();
    let named: usize = names.values().map(|(n, _)| n).sum();
    if names.len() < 2 || named < 3 || named * 7 < written {
        return HashSet::new();
    }
    names.into_keys().collect()
}

/// Labels that also head a line of metadata.
pub fn is_header(name: &str) -> bool {
    matches!(name, "respondent" | "interviewer" | "medewerker" | "deelnemer" | "onderzoeker" | "bewoner" | "klant")
}
