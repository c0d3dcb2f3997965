//! What is asked: saved queries by name, and mistakes with their place.

use anyhow::{anyhow, bail};
use klantreis_index::{IndexError, nearest};
use klantreis_study::Study;

/// Saved queries within saved queries.
const DEEPEST: usize = 8;

/// The query with each `@name` in the place of what is saved under it, in brackets.
pub fn asked(study: &Study, query: &str) -> anyhow::Result<String> {
    filled_in(study, query, 0)
}

fn filled_in(study: &Study, query: &str, depth: usize) -> anyhow::Result<String> {
    if depth > DEEPEST {
        bail!("[queries] in klantreis.toml: a saved query holds itself, or queries stand more than {DEEPEST} deep");
    }
    let mut out = String::new();
    let mut rest = query;
    let mut quoted = false;
    while let Some(at) = rest.find(['@', '"']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let starts = before.chars().next_back().map_or(out.is_empty(), |c| c.is_whitespace() || matches!(c, '(' | '-'));
        if here.starts_with('"') || quoted || !starts {
            quoted ^= here.starts_with('"');
            out.push_str(&here[..1]);
            rest = &here[1..];
            continue;
        }
        let end = here.find(|c: char| c.is_whitespace() || matches!(c, ')' | '(')).unwrap_or(here.len());
        let name = &here[1..end];
        let saved = study.queries.get(name).ok_or_else(|| unknown(study, name))?;
        let inner = filled_in(study, saved, depth + 1)?;
        let alone = out.is_empty() && end == here.len();
        out.push_str(&if alone { inner } else { format!("({inner})") });
        rest = &here[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn unknown(study: &Study, name: &str) -> anyhow::Error {
    let known: Vec<&str> = study.queries.keys().map(String::as_str).collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => anyhow!(
            "no query \"{name}\" is saved in klantreis.toml: bedoelde u \"{near}\"? There are {}",
            known.iter().map(|k| format!("@{k}")).collect::<Vec<_>>().join(", ")
        ),
        None => anyhow!(
            "no query \"{name}\" is saved in klantreis.toml; save one there:\n\n[queries]\n{name} = \"wachtwoord OF inloggen\""
        ),
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn saved_queries_stand_in_brackets_where_they_are_named() {
        let text =
            "[queries]\ninloggen = \"wachtwoord OF digid\"\nsamen = \"@inloggen fase:intake\"\nrond = \"@rond\"\n";
        let study = Study::parse(text).unwrap();
        for (query, expected) in [
            ("@inloggen", "wachtwoord OF digid"),
            ("@inloggen emotie:<0", "(wachtwoord OF digid) emotie:<0"),
            ("-@inloggen", "-(wachtwoord OF digid)"),
            ("@samen", "(wachtwoord OF digid) fase:intake"),
            ("\"@inloggen\" a@b", "\"@inloggen\" a@b"),
        ] {
            assert_eq!(asked(&study, query).unwrap(), expected, "{query}");
        }
        assert!(asked(&study, "@inlogen").unwrap_err().to_string().contains("bedoelde u \"inloggen\""));
        assert!(asked(&study, "@rond").unwrap_err().to_string().contains("holds itself"));
    }
}
