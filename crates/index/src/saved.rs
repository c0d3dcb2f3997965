use std::collections::BTreeMap;

use crate::nearest;

/// Saved queries within saved queries.
const DEEPEST: usize = 8;

/// Why a saved query can't be filled in.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SavedError {
    /// It names itself, by some way round.
    #[error("[queries] in klantreis.toml: a saved query holds itself, or queries stand more than {DEEPEST} deep")]
    Circle,
    /// There is none of that name, but one nearly so.
    #[error("no query \"{name}\" is saved in klantreis.toml: did you mean \"{near}\"? There are {known}")]
    Misspelt {
        /// As asked for.
        name: String,
        /// The nearest one.
        near: String,
        /// All that there are.
        known: String,
    },
    /// There is none of that name.
    #[error(
        "no query \"{0}\" is saved in klantreis.toml; save one there:\n\n[queries]\n{0} = \"wachtwoord OF inloggen\""
    )]
    Unknown(String),
}

/// The query with each `@name` in the place of what is saved under it, in brackets.
pub fn filled_in(saved: &BTreeMap<String, String>, query: &str) -> Result<String, SavedError> {
    within(saved, query, 0)
}

fn within(saved: &BTreeMap<String, String>, query: &str, depth: usize) -> Result<String, SavedError> {
    if depth > DEEPEST {
        return Err(SavedError::Circle);
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
        let inner = within(saved, saved.get(name).ok_or_else(|| unknown(saved, name))?, depth + 1)?;
        let alone = out.is_empty() && end == here.len();
        out.push_str(&if alone { inner } else { format!("({inner})") });
        rest = &here[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn unknown(saved: &BTreeMap<String, String>, name: &str) -> SavedError {
    let known: Vec<&str> = saved.keys().map(String::as_str).collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => SavedError::Misspelt {
            name: name.to_owned(),
            near: near.to_owned(),
            known: known.iter().map(|k| format!("@{k}")).collect::<Vec<_>>().join(", "),
        },
        None => SavedError::Unknown(name.to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn saved_queries_stand_in_brackets_where_they_are_named() {
        let saved = [("inloggen", "wachtwoord OF digid"), ("samen", "@inloggen fase:intake"), ("rond", "@rond")];
        let saved: BTreeMap<String, String> = saved.map(|(name, q)| (name.to_owned(), q.to_owned())).into();
        for (query, expected) in [
            ("@inloggen", "wachtwoord OF digid"),
            ("@inloggen emotie:<0", "(wachtwoord OF digid) emotie:<0"),
            ("-@inloggen", "-(wachtwoord OF digid)"),
            ("@samen", "(wachtwoord OF digid) fase:intake"),
            ("\"@inloggen\" a@b", "\"@inloggen\" a@b"),
        ] {
            assert_eq!(filled_in(&saved, query).unwrap(), expected, "{query}");
        }
        assert!(filled_in(&saved, "@inlogen").unwrap_err().to_string().contains("did you mean \"inloggen\""));
        assert!(filled_in(&saved, "@rond").unwrap_err().to_string().contains("holds itself"));
    }
}
