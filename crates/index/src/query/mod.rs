//! The query language: words, "phrases", `wacht*`, `wachtwoord~1`, EN/OF/NIET, brackets, `fase:ontvangen`.

mod fields;
mod hints;
mod lex;
mod parse;

pub(crate) use self::{
    fields::{attribute_name, countable},
    hints::hints,
    parse::{Parsed, parse},
};

/// What is wrong with a query, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {})", position + 1)]
pub struct QueryError {
    /// Character, from 0.
    pub position: usize,
    /// What was found, what was expected, an example.
    pub message: String,
}

const EXAMPLE: &str = "for example: wachtwoord* categorie:pijnpunt fase:ontvangen";
