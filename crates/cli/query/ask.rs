//! What is asked: saved queries by name, and mistakes with their place.

use anyhow::anyhow;
use klantreis_index::{IndexError, filled_in};
use klantreis_study::Study;

/// The query with each `@name` in the place of what is saved under it, in brackets.
pub fn asked(study: &Study, query: &str) -> anyhow::Result<String> {
    Ok(filled_in(&study.queries, query)?)
}

/// The mistake in a query with the query itself and a mark under its place.
pub fn say_where(query: &str, error: anyhow::Error) -> anyhow::Error {
    let Some(IndexError::Query(mistake)) = error.downcast_ref::<IndexError>() else { return error };
    let chars: Vec<char> = query.chars().collect();
    if chars.is_empty() || chars.len() > 200 {
        return error;
    }
    let line: String = chars.iter().map(|c| if c.is_control() { ' ' } else { *c }).collect();
    let to = chars.iter().skip(mistake.position).take_while(|c| !c.is_whitespace() && !matches!(c, ':' | ')')).count();
    anyhow!("{mistake}\n    {line}\n    {}{}", " ".repeat(mistake.position), "^".repeat(to.max(1)))
}
