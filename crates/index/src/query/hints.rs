//! Nothing was found: what may have been meant?

use std::collections::BTreeSet;

use klantreis_text::fold;
use tantivy::{Term, collector::Count};

use super::{
    fields::{FIELDS, value_name},
    lex::{Lexeme, lex},
    parse::parse,
};
use crate::{documents::key, highlight::edit_distance, lexicon::Lexicon, schema::IndexError};

/// Fields of a few values, which are seldom asked for as words.
const CLOSED: [&str; 5] = ["categorie", "code", "fase", "contactmoment", "status"];

/// Letters from which a word that nobody says may be a slip, and from which of two letters.
const LONG_ENOUGH: [usize; 2] = [4, 6];

/// More hints than this help nobody: a saved query may have twenty words that nobody says.
const AT_MOST: usize = 5;

/// What the words of a query that nothing answers may have meant, a sentence each.
pub(crate) fn hints(query: &str, lexicon: &Lexicon<'_>) -> Result<Vec<String>, IndexError> {
    let names = lexicon.names()?;
    let mut out = Vec::new();
    for word in asked_for(query)? {
        let folded = fold(&word).into_owned();
        if let Some(meant) = comparison(&folded, &names) {
            out.push(format!("\"{word}\" was looked for as words: did you mean {meant}?"));
            continue;
        }
        if !folded.chars().all(char::is_alphanumeric) {
            continue;
        }
        let said = is_said(&word, lexicon)?;
        let fields = names.iter().filter(|name| !said || CLOSED.contains(&name.as_str()));
        let mut values = Vec::new();
        for name in fields {
            let value = value_name(name, &folded);
            if lexicon.has(&key(name, &value))? {
                values.push(format!("{name}:{value}"));
            }
        }
        if !values.is_empty() {
            out.push(format!("\"{word}\" was looked for as a word: did you mean {}?", values.join(" or ")));
        } else if !said {
            out.push(match nearest(&folded, lexicon)? {
                Some(near) => format!("no respondent says \"{word}\": did you mean \"{near}\"?"),
                None => format!("no respondent says \"{word}\""),
            });
        }
        if out.len() == AT_MOST {
            break;
        }
    }
    Ok(out)
}

/// The words that a query asks for, each once; not those that it leaves out.
fn asked_for(query: &str) -> Result<Vec<String>, IndexError> {
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    // Brackets that are open behind a NOT, and whether what comes next is left out.
    let (mut left_out, mut not) = (0, false);
    for (_, lexeme) in lex(query)? {
        match lexeme {
            Lexeme::Not(_) => {
                not = !not;
                continue;
            }
            Lexeme::Open if not || left_out > 0 => left_out += 1,
            Lexeme::Close if left_out > 0 => left_out -= 1,
            Lexeme::Word(word) if !not && left_out == 0 && seen.insert(fold(&word).into_owned()) => out.push(word),
            _ => {}
        }
        not = false;
    }
    Ok(out)
}

/// Whether a passage answers a word by itself.
fn is_said(word: &str, lexicon: &Lexicon<'_>) -> Result<bool, IndexError> {
    Ok(lexicon.searcher.search(&parse(word, lexicon)?.query, &Count)? > 0)
}

/// What `emotie<0` should have been: the colon was forgotten.
fn comparison(word: &str, names: &BTreeSet<String>) -> Option<String> {
    let (name, rest) = word.split_at(word.find(['<', '>', '='])?);
    let known = FIELDS.iter().find(|(nl, en)| *nl == name || *en == name).map(|(nl, _)| *nl);
    let name = known.or_else(|| names.get(name).map(String::as_str))?;
    let value = rest.strip_prefix('=').filter(|value| !value.starts_with(['<', '>'])).unwrap_or(rest);
    value.ends_with(char::is_alphanumeric).then(|| format!("{name}:{value}"))
}

/// The word that somebody says and that looks most like this one; of two the more frequent.
fn nearest(word: &str, lexicon: &Lexicon<'_>) -> Result<Option<String>, IndexError> {
    let letters = word.chars().count();
    let distance = LONG_ENOUGH.iter().filter(|least| letters >= **least).count();
    let Some(first) = word.chars().next().filter(|_| distance > 0) else { return Ok(None) };
    let near = lexicon.forms(first.encode_utf8(&mut [0; 4]), |form| {
        form.chars().count().abs_diff(letters) <= distance && edit_distance(form, word) <= distance
    })?;
    let mut ranked = Vec::new();
    for form in near {
        let often = lexicon.searcher.doc_freq(&Term::from_field_text(lexicon.fields.form, &form))?;
        ranked.push((edit_distance(&form, word), std::cmp::Reverse(often), form));
    }
    ranked.sort();
    // Dictionaries also hold the words of what was taken out.
    for (_, _, form) in ranked {
        if is_said(&form, lexicon)? {
            return Ok(Some(form));
        }
    }
    Ok(None)
}
