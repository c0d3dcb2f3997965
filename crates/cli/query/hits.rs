//! Passages one after another, with what stands around them.

use std::io::Write;

use klantreis_index::{Context, Hit, HitCoding, Hits, Index, Said};
use serde_json::{Value, json};

use super::table::{Format, Table};
use crate::output::counted;

pub fn print(
    out: &mut impl Write,
    index: &Index,
    hits: &Hits,
    sentences: usize,
    format: Format,
    colour: bool,
) -> anyhow::Result<()> {
    let around = |hit: &Hit| if sentences == 0 { Ok(None) } else { index.context(hit, sentences).map(Some) };
    match format {
        Format::Json => {
            let list: Vec<Value> =
                hits.hits.iter().map(|hit| object(hit, around(hit)?)).collect::<anyhow::Result<_>>()?;
            writeln!(out, "{}", serde_json::to_string_pretty(&json!({ "total": hits.total, "hits": list }))?)?;
        }
        Format::Jsonl => {
            for hit in &hits.hits {
                writeln!(out, "{}", object(hit, around(hit)?)?)?;
            }
        }
        Format::Csv => rows(hits, around)?.print(out, Format::Csv)?,
        Format::Md => {
            for hit in &hits.hits {
                markdown(out, hit, around(hit)?.as_ref())?;
            }
            writeln!(out, "{}", summary(hits))?;
        }
        Format::Table => {
            let marks = if colour { ("\x1b[1;33m", "\x1b[0m") } else { ("*", "*") };
            for hit in &hits.hits {
                let context = around(hit)?.unwrap_or_default();
                writeln!(out, "{}", place(hit))?;
                let codes: Vec<String> = hit.passage.codings.iter().map(|c| coded(hit, c)).collect();
                writeln!(out, "  {}", if codes.is_empty() { "uncoded".to_owned() } else { codes.join("; ") })?;
                write_said(out, hit, &context.before)?;
                writeln!(out, "    {}", marked(hit, marks))?;
                write_said(out, hit, &context.after)?;
                writeln!(out)?;
            }
            writeln!(out, "{}", summary(hits))?;
        }
    }
    Ok(())
}

fn summary(hits: &Hits) -> String {
    format!("{}, {} shown", counted(hits.total, "passage", "passages"), hits.hits.len())
}

fn place(hit: &Hit) -> String {
    let p = &hit.passage;
    let time = if p.time.is_empty() { String::new() } else { format!(" {}", p.time) };
    format!("{}, turn {}{time}, {}", p.file, p.turn, p.speaker)
}

/// A coding in words; those that answer the query come first in the eye: the others stand in brackets.
fn coded(hit: &Hit, c: &HitCoding) -> String {
    let more = [&c.code, &c.touchpoint].into_iter().filter(|v| !v.is_empty()).map(|v| format!(" · {v}"));
    let status = if c.status == "auto" { String::new() } else { format!(" · {}", c.status) };
    let text = format!(
        "{} · {}{} · emotion {:+} · {:.2}{status} [{}]",
        c.category,
        c.phase,
        more.collect::<String>(),
        c.emotion,
        c.confidence,
        c.quote_id
    );
    if hit.answers.contains(&c.quote_id) { text } else { format!("({text})") }
}

/// What others say is indented and named; the same turn goes on without a name.
fn write_said(out: &mut impl Write, hit: &Hit, said: &[Said]) -> anyhow::Result<()> {
    for s in said {
        let name = if s.turn == hit.passage.turn { String::new() } else { format!("{}: ", s.speaker) };
        writeln!(out, "  | {name}{}", s.text)?;
    }
    Ok(())
}

/// The passage with its matches between two marks.
fn marked(hit: &Hit, (on, off): (&str, &str)) -> String {
    let text = &hit.passage.text;
    let mut out = String::new();
    let mut at = 0;
    for range in &hit.highlights {
        out.push_str(&text[at..range.start]);
        out.push_str(on);
        out.push_str(&text[range.clone()]);
        out.push_str(off);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn markdown(out: &mut impl Write, hit: &Hit, context: Option<&Context>) -> anyhow::Result<()> {
    let nothing = Context::default();
    let context = context.unwrap_or(&nothing);
    let line = |s: &Said| {
        let name = if s.turn == hit.passage.turn { String::new() } else { format!("*{}:* ", s.speaker) };
        format!("> {name}{}\n>\n", s.text)
    };
    for said in &context.before {
        write!(out, "{}", line(said))?;
    }
    writeln!(out, "> {}", marked(hit, ("**", "**")))?;
    for said in &context.after {
        write!(out, ">\n{}", line(said).trim_end_matches(">\n"))?;
    }
    let codes: Vec<String> = hit.answering().map(|c| format!("{}, {}", c.category, c.phase)).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join("; ")) };
    writeln!(out, ">\n> — {}{codes}\n", place(hit))?;
    Ok(())
}

fn object(hit: &Hit, context: Option<Context>) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(hit)?;
    if let (Some(object), Some(context)) = (value.as_object_mut(), context) {
        object.insert("before".to_owned(), serde_json::to_value(context.before)?);
        object.insert("after".to_owned(), serde_json::to_value(context.after)?);
    }
    Ok(value)
}

/// A row a coding that answers, and one for an uncoded passage: the columns of `quotes.csv`, the whole passage, and what
/// stands around it.
fn rows(
    hits: &Hits,
    around: impl Fn(&Hit) -> Result<Option<Context>, klantreis_index::IndexError>,
) -> anyhow::Result<Table> {
    let mut attributes: Vec<&String> = hits.hits.iter().flat_map(|hit| hit.passage.attributes.keys()).collect();
    attributes.sort();
    attributes.dedup();
    let heads = [
        "quote_id",
        "interview",
        "file",
        "turn",
        "speaker",
        "time",
        "phase",
        "category",
        "code",
        "touchpoint",
        "emotion",
        "confidence",
        "status",
        "passage",
        "before",
        "after",
    ];
    let mut table =
        Table::new(heads.map(str::to_owned).into_iter().chain(attributes.iter().map(|a| format!("attr_{a}"))));
    for hit in &hits.hits {
        let p = &hit.passage;
        let context = around(hit)?.unwrap_or_default();
        let said = |list: &[Said]| -> Value {
            let line = |s: &Said| {
                if s.turn == p.turn { s.text.clone() } else { format!("{}: {}", s.speaker, s.text) }
            };
            list.iter().map(line).collect::<Vec<_>>().join(" ").into()
        };
        let codings: Vec<Option<&HitCoding>> = hit.answering().map(Some).collect();
        for coding in if codings.is_empty() { vec![None] } else { codings } {
            let text = |pick: fn(&HitCoding) -> &String| Value::from(coding.map_or("", |c| pick(c).as_str()));
            let mut row = vec![
                text(|c| &c.quote_id),
                p.interview.as_str().into(),
                p.file.as_str().into(),
                p.turn.into(),
                p.speaker.as_str().into(),
                p.time.as_str().into(),
                text(|c| &c.phase),
                text(|c| &c.category),
                text(|c| &c.code),
                text(|c| &c.touchpoint),
                coding.map_or(Value::Null, |c| c.emotion.into()),
                coding.map_or(Value::Null, |c| super::table::rounded(f64::from(c.confidence), 2)),
                text(|c| &c.status),
                p.text.as_str().into(),
                said(&context.before),
                said(&context.after),
            ];
            row.extend(attributes.iter().map(|a| p.attributes.get(*a).map_or("", String::as_str).into()));
            table.rows.push(row);
        }
    }
    Ok(table)
}
