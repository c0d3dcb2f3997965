//! Concordance lines: each match in the middle, what was said before and after it on both sides (KWIC, key word in
//! context).

use std::io::Write;

use klantreis_index::{Hits, Index};
use serde_json::Value;

use super::table::{Format, Table};
use crate::output::counted;

/// Sentences that certainly fill a side of a line.
const ENOUGH: usize = 6;

struct Line {
    left: String,
    word: String,
    right: String,
    place: [Value; 4],
}

pub fn print(out: &mut impl Write, index: &Index, hits: &Hits, width: usize, format: Format) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for hit in &hits.hits {
        let (p, context) = (&hit.passage, index.context(hit, ENOUGH)?);
        let same = |list: &[klantreis_index::Said]| -> String {
            list.iter().filter(|s| s.turn == p.turn).map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        let (before, after) = (same(&context.before), same(&context.after));
        for place in &hit.highlights {
            let left = format!("{before} {}", &p.text[..place.start]);
            let right = format!("{} {after}", &p.text[place.end..]);
            lines.push(Line {
                left: last(flat(&left).trim_start(), width),
                word: flat(&p.text[place.clone()]),
                right: flat(&right).trim_end().chars().take(width).collect(),
                place: [p.file.as_str().into(), p.turn.into(), p.time.as_str().into(), p.speaker.as_str().into()],
            });
        }
    }
    if format == Format::Table {
        if lines.is_empty() && hits.total > 0 {
            writeln!(out, "The query has no word to stand in the middle of a line; give it one, or leave --kwic out.")?;
        }
        let middle = lines.iter().map(|line| line.word.chars().count()).max().unwrap_or(0);
        for Line { left, word, right, place } in &lines {
            let space = " ".repeat(middle - word.chars().count());
            let place = format!("{}:{}", place[0].as_str().unwrap_or_default(), place[1]);
            writeln!(out, "{left:>width$} [{word}]{space}{right:<width$}  {place}")?;
        }
        if hits.total == 0 {
            writeln!(out, "0 passages")?;
            return Ok(());
        }
        let all = if hits.total == hits.hits.len() {
            "all".to_owned()
        } else {
            format!("{} of {}", hits.hits.len(), hits.total)
        };
        writeln!(out, "{}, from {all} passages", counted(lines.len(), "line", "lines"))?;
        return Ok(());
    }
    let mut table = Table::new(["file", "turn", "time", "speaker", "left", "word", "right"]);
    table.rows = lines
        .into_iter()
        .map(|line| line.place.into_iter().chain([line.left.into(), line.word.into(), line.right.into()]).collect())
        .collect();
    table.print(out, format)
}

/// On one line.
fn flat(text: &str) -> String {
    let mut out: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    while out.contains("  ") {
        out = out.replace("  ", " ");
    }
    out
}

fn last(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}
