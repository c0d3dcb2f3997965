//! Nothing was found: what may have been meant?

use klantreis_text::fold;

use super::{
    QueryError,
    fields::{FIELDS, value_name},
    lex::{Lexeme, lex},
};
use crate::{dutch::Dutch, highlight::edit_distance, lexicon::Lexicon, schema::IndexError};

/// Letters from which a word that nobody said may be a slip.
const LONG_ENOUGH: usize = 4;

/// What the words of a query that nothing answers may have meant, a sentence each.
pub(crate) fn hints(query: &str, lexicon: &Lexicon<'_>) -> Result<Vec<String>, IndexError> {
    let mut out = Vec::new();
    let mut dutch = Dutch::new();
    for (_, lexeme) in lex(query).map_err(|error: QueryError| IndexError::Query(error))? {
        let Lexeme::Word(word) = lexeme else { continue };
        let folded = fold(&word).into_owned();
        if let Some(meant) = comparison(&folded) {
            out.push(format!("\"{word}\" was looked for as words: did you mean {meant}?"));
            continue;
        }
        if !folded.chars().all(char::is_alphanumeric) {
            continue;
        }
        let values = as_value(&folded, lexicon)?;
        if !values.is_empty() {
            out.push(format!("\"{word}\" was looked for as a word: did you mean {}?", values.join(" or ")));
        } else if folded.chars().count() >= LONG_ENOUGH && !lexicon.says(&dutch.word(&word).stem)? {
            let near = lexicon.forms(|form| {
                form.chars().next() == folded.chars().next()
                    && form.len().abs_diff(folded.len()) <= 2
                    && edit_distance(form, &folded) <= 2
            })?;
            let nearest = near.iter().min_by_key(|form| (edit_distance(form, &folded), (*form).clone()));
            out.push(match nearest {
                Some(near) => format!("no respondent says \"{word}\": did you mean \"{near}\"?"),
                None => format!("no respondent says \"{word}\""),
            });
        }
    }
    Ok(out)
}

/// What `emotie<0` should have been: the colon was forgotten.
fn comparison(word: &str) -> Option<String> {
    let (name, value) = word.split_at(word.find(['<', '>', '='])?);
    let field = FIELDS.iter().find(|(nl, en)| *nl == name || *en == name)?;
    let value = value.strip_prefix('=').unwrap_or(value);
    Some(format!("{}:{value}", field.0))
}

/// The fields that have a word as their value, with it.
fn as_value(word: &str, lexicon: &Lexicon<'_>) -> tantivy::Result<Vec<String>> {
    let category = value_name("categorie", word);
    let known = lexicon.keys_where(|name, value| value == word || name == "categorie" && value == category)?;
    Ok(known.into_iter().map(|key| key.replacen('=', ":", 1)).collect())
}
