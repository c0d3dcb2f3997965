//! Quotes as JSON Lines: an object a quote.

use klantreis_study::Quote;
use serde::Serialize;

#[derive(Serialize)]
struct Record<'a> {
    quote_id: &'a str,
    interview: &'a str,
    file: &'a str,
    turn: u32,
    speaker: &'a str,
    time: Option<&'a str>,
    phase: &'a str,
    category: &'a str,
    code: Option<&'a str>,
    touchpoint: Option<&'a str>,
    emotion: i8,
    confidence: f64,
    status: &'a str,
    quote: &'a str,
    attributes: &'a std::collections::BTreeMap<String, String>,
    reasons: Vec<Why<'a>>,
}

#[derive(Serialize)]
struct Why<'a> {
    label: &'a str,
    weight: f64,
}

/// Rounded, so that 0.85 is not 0.8500000238.
pub(crate) fn rounded(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}

/// An object a line, in the order of the quotes: the columns of `quotes.csv`, the interview's attributes, and what spoke for
/// each coding.
pub fn write_jsonl(quotes: &[Quote]) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    for q in quotes {
        let record = Record {
            quote_id: &q.id,
            interview: &q.interview,
            file: q.file.rsplit('/').next().unwrap_or(&q.file),
            turn: q.turn,
            speaker: &q.speaker,
            time: (!q.time.is_empty()).then_some(&q.time),
            phase: q.phase.as_str(),
            category: q.category.as_str(),
            code: q.code.as_ref().map(|c| c.as_str()),
            touchpoint: q.touchpoint.as_ref().map(|t| t.as_str()),
            emotion: q.emotion.value(),
            confidence: rounded(q.confidence.value()),
            status: q.status.as_str(),
            quote: &q.quote,
            attributes: &q.attributes,
            reasons: q.reasons.iter().map(|r| Why { label: &r.label, weight: rounded(r.weight) }).collect(),
        };
        serde_json::to_writer(&mut out, &record)?;
        out.push(b'\n');
    }
    Ok(out)
}
