//! The query language: words, "phrases", `wacht*`, `wachtwoord~1`, EN/OF/NIET, brackets, `fase:ontvangen`.

use std::{collections::BTreeSet, ops::Bound};

use klantreis_text::{Stemmer, fold, tokens};
use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery,
        TermQuery,
    },
    schema::IndexRecordOption,
};

use crate::{
    build::{key, stem},
    schema::Fields,
    search::edit_distance,
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

/// A word to highlight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    Stem(String),
    Prefix(String),
    Near(String, u8),
}

pub(crate) struct Parsed {
    pub query: Box<dyn Query>,
    pub words: Vec<Word>,
}

const EXAMPLE: &str = "for example: wachtwoord* categorie:pijnpunt fase:ontvangen";

const FIELDS: [(&str, &str); 16] = [
    ("categorie", "categorie"),
    ("category", "categorie"),
    ("code", "code"),
    ("fase", "fase"),
    ("phase", "fase"),
    ("contactmoment", "contactmoment"),
    ("touchpoint", "contactmoment"),
    ("interview", "interview"),
    ("spreker", "spreker"),
    ("speaker", "spreker"),
    ("bestand", "bestand"),
    ("file", "bestand"),
    ("status", "status"),
    ("emotie", "emotie"),
    ("zekerheid", "zekerheid"),
    ("beurt", "beurt"),
];

const NUMBERS: [(&str, &str); 3] = [("emotion", "emotie"), ("confidence", "zekerheid"), ("turn", "beurt")];

/// Names of categories in either language and number.
const CATEGORY_NAMES: [(&str, &str); 8] = [
    ("pijnpunten", "pijnpunt"),
    ("pain", "pijnpunt"),
    ("winsten", "winst"),
    ("gain", "winst"),
    ("behoeften", "behoefte"),
    ("need", "behoefte"),
    ("activiteiten", "activiteit"),
    ("activity", "activiteit"),
];

/// The field that a name stands for; the error lists them and the nearest.
pub(crate) fn field_name(name: &str, attributes: &BTreeSet<String>) -> Result<String, String> {
    let name = fold(name);
    if let Some((_, field)) = FIELDS.iter().chain(&NUMBERS).find(|(alias, _)| *alias == name) {
        return Ok((*field).to_owned());
    }
    if attributes.contains(name.as_ref()) {
        return Ok(name.into_owned());
    }
    let known = FIELDS.iter().map(|f| f.0).chain(attributes.iter().map(String::as_str));
    let nearest = known.min_by_key(|k| edit_distance(k, &name)).unwrap_or("fase");
    let list: Vec<&str> = attributes.iter().map(String::as_str).collect();
    Err(format!(
        "there is no field \"{name}\": bedoelde u \"{nearest}\"? This study has the fields {}",
        list.join(", ")
    ))
}

pub(crate) fn parse(text: &str, fields: Fields, keys: &BTreeSet<String>) -> Result<Parsed, QueryError> {
    let tokens = lex(text)?;
    let attributes = keys.iter().filter_map(|k| Some(k.split_once('=')?.0.to_owned())).collect();
    let mut parser = Parser {
        tokens,
        at: 0,
        fields,
        keys,
        attributes,
        words: Vec::new(),
        stemmer: Stemmer::dutch(),
        end: text.chars().count(),
    };
    if parser.tokens.is_empty() {
        return Ok(Parsed { query: Box::new(AllQuery), words: vec![] });
    }
    let query = parser.any()?;
    match parser.tokens.get(parser.at) {
        None => Ok(Parsed { query, words: parser.words }),
        Some((position, _)) => Err(QueryError {
            position: *position,
            message: format!("a bracket closes that was never opened; {EXAMPLE}"),
        }),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(String),
    Phrase(String, u32),
    Field(String, String),
}

fn lex(text: &str) -> Result<Vec<(usize, Lexeme)>, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    let quoted = |from: usize| -> Result<(String, usize), QueryError> {
        let end = chars[from + 1..].iter().position(|c| *c == '"').ok_or_else(|| QueryError {
            position: from,
            message: format!("a quotation mark opens and never closes: expected \" behind the phrase; {EXAMPLE}"),
        })?;
        Ok((chars[from + 1..from + 1 + end].iter().collect(), from + end + 2))
    };
    while at < chars.len() {
        let start = at;
        match chars[at] {
            c if c.is_whitespace() => at += 1,
            '(' => {
                out.push((start, Lexeme::Open));
                at += 1;
            }
            ')' => {
                out.push((start, Lexeme::Close));
                at += 1;
            }
            '"' => {
                let (phrase, end) = quoted(at)?;
                at = end;
                let mut slop = String::new();
                if chars.get(at) == Some(&'~') {
                    at += 1;
                    while let Some(c) = chars.get(at).filter(|c| c.is_ascii_digit()) {
                        slop.push(*c);
                        at += 1;
                    }
                }
                out.push((start, Lexeme::Phrase(phrase, slop.parse().unwrap_or(0))));
            }
            '-' if chars.get(at + 1).is_some_and(|c| !c.is_whitespace()) => {
                out.push((start, Lexeme::Not));
                at += 1;
            }
            _ => {
                while at < chars.len() && !chars[at].is_whitespace() && !matches!(chars[at], '(' | ')' | '"' | ':') {
                    at += 1;
                }
                let word: String = chars[start..at].iter().collect();
                if chars.get(at) == Some(&':') {
                    at += 1;
                    let value_at = at;
                    let value = if chars.get(at) == Some(&'"') {
                        let (value, end) = quoted(at)?;
                        at = end;
                        value
                    } else {
                        while at < chars.len() && !chars[at].is_whitespace() && !matches!(chars[at], '(' | ')') {
                            at += 1;
                        }
                        chars[value_at..at].iter().collect()
                    };
                    if value.is_empty() {
                        let message = format!("a value is expected behind \"{word}:\"; {EXAMPLE}");
                        return Err(QueryError { position: value_at, message });
                    }
                    out.push((start, Lexeme::Field(word, value)));
                } else {
                    out.push((
                        start,
                        match word.as_str() {
                            "AND" | "EN" => Lexeme::And,
                            "OR" | "OF" => Lexeme::Or,
                            "NOT" | "NIET" => Lexeme::Not,
                            _ => Lexeme::Word(word),
                        },
                    ));
                }
            }
        }
    }
    Ok(out)
}

struct Parser<'a> {
    tokens: Vec<(usize, Lexeme)>,
    at: usize,
    fields: Fields,
    keys: &'a BTreeSet<String>,
    attributes: BTreeSet<String>,
    words: Vec<Word>,
    stemmer: Stemmer,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.tokens.get(self.at).map(|t| &t.1)
    }

    fn error(&self, message: String) -> QueryError {
        let position = self.tokens.get(self.at).map_or(self.end, |t| t.0);
        QueryError { position, message }
    }

    fn any(&mut self) -> Result<Box<dyn Query>, QueryError> {
        let mut parts = vec![self.all()?];
        while self.peek() == Some(&Lexeme::Or) {
            self.at += 1;
            parts.push(self.all()?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(Box::new(BooleanQuery::union(parts)))
    }

    fn all(&mut self) -> Result<Box<dyn Query>, QueryError> {
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        loop {
            match self.peek() {
                Some(Lexeme::And) if !parts.is_empty() => {
                    self.at += 1;
                    continue;
                }
                None | Some(Lexeme::Close | Lexeme::Or) => break,
                _ => {}
            }
            let mut occur = Occur::Must;
            while self.peek() == Some(&Lexeme::Not) {
                self.at += 1;
                occur = if occur == Occur::Must { Occur::MustNot } else { Occur::Must };
            }
            parts.push((occur, self.one()?));
        }
        if parts.is_empty() {
            return Err(self.error(format!("a word or a field is expected here; {EXAMPLE}")));
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    fn one(&mut self) -> Result<Box<dyn Query>, QueryError> {
        let Some((position, token)) = self.tokens.get(self.at).cloned() else {
            return Err(self.error(format!("a word or a field is expected here; {EXAMPLE}")));
        };
        self.at += 1;
        match token {
            Lexeme::Open => {
                let inner = self.any()?;
                if self.peek() != Some(&Lexeme::Close) {
                    let message = format!("a bracket opens and never closes: expected \")\"; {EXAMPLE}");
                    return Err(QueryError { position, message });
                }
                self.at += 1;
                Ok(inner)
            }
            Lexeme::Word(word) => self.word(&word, position),
            Lexeme::Phrase(text, slop) => Ok(self.phrase(&text, slop)),
            Lexeme::Field(name, value) => self.field(&name, &value, position),
            Lexeme::Close | Lexeme::And | Lexeme::Or | Lexeme::Not => {
                Err(QueryError { position, message: format!("a word or a field is expected here; {EXAMPLE}") })
            }
        }
    }

    fn word(&mut self, word: &str, position: usize) -> Result<Box<dyn Query>, QueryError> {
        if let Some(prefix) = word.strip_suffix('*') {
            let prefix = fold(prefix).into_owned();
            if prefix.is_empty() || !prefix.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '\'') {
                let message = format!("letters are expected before \"*\"; {EXAMPLE}");
                return Err(QueryError { position, message });
            }
            let pattern = format!("{}.*", prefix.replace('-', "\\-"));
            self.words.push(Word::Prefix(prefix));
            let query = RegexQuery::from_pattern(&pattern, self.fields.form)
                .map_err(|e| QueryError { position, message: format!("\"{word}\" can't be searched: {e}") })?;
            return Ok(Box::new(query));
        }
        if let Some((near, distance)) = word.rsplit_once('~') {
            let distance = if distance.is_empty() { Some(1) } else { distance.parse().ok().filter(|d| *d <= 2) };
            let Some(distance) = distance else {
                return Err(QueryError {
                    position,
                    message: "behind ~ 1 or 2 letters of difference are expected, such as wachtwoord~1".to_owned(),
                });
            };
            let near = fold(near).into_owned();
            self.words.push(Word::Near(near.clone(), distance));
            let term = Term::from_field_text(self.fields.form, &near);
            return Ok(Box::new(FuzzyTermQuery::new(term, distance, true)));
        }
        Ok(self.phrase(word, 0))
    }

    fn phrase(&mut self, text: &str, slop: u32) -> Box<dyn Query> {
        let stems: Vec<String> = tokens(text).map(|t| stem(&mut self.stemmer, t.text)).collect();
        self.words.extend(stems.iter().cloned().map(Word::Stem));
        let terms: Vec<Term> = stems.iter().map(|s| Term::from_field_text(self.fields.text, s)).collect();
        match terms.as_slice() {
            [] => Box::new(EmptyQuery),
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            _ => {
                let mut query = PhraseQuery::new(terms);
                query.set_slop(slop);
                Box::new(query)
            }
        }
    }

    fn field(&mut self, name: &str, value: &str, position: usize) -> Result<Box<dyn Query>, QueryError> {
        let field = field_name(name, &self.attributes).map_err(|message| QueryError { position, message })?;
        if matches!(field.as_str(), "emotie" | "zekerheid" | "beurt") {
            return self.number(&field, value, position);
        }
        let folded = fold(value).into_owned();
        let named = CATEGORY_NAMES.iter().find(|(alias, _)| field == "categorie" && *alias == folded);
        let wanted = key(&field, named.map_or(&folded, |(_, id)| id));
        if let Some(prefix) = wanted.strip_suffix('*') {
            let terms = self.keys.iter().filter(|k| k.starts_with(prefix));
            let parts: Vec<Box<dyn Query>> = terms.map(|k| self.key_query(k)).collect();
            return Ok(Box::new(BooleanQuery::union(parts)));
        }
        if !self.keys.contains(&wanted) {
            let start = format!("{field}=");
            let known: Vec<&str> = self.keys.iter().filter_map(|k| k.strip_prefix(start.as_str())).collect();
            let nearest = known.iter().min_by_key(|k| edit_distance(k, &folded)).copied();
            // A value that no passage has is an empty answer where it looks like nothing known, else a slip.
            if let Some(nearest) =
                nearest.filter(|n| edit_distance(n, &folded) <= 2 && !matches!(field.as_str(), "status"))
            {
                let message = format!("no passage has {field} \"{value}\": bedoelde u \"{nearest}\"?");
                return Err(QueryError { position, message });
            }
            return Ok(Box::new(EmptyQuery));
        }
        Ok(self.key_query(&wanted))
    }

    fn key_query(&self, key: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(self.fields.key, key), IndexRecordOption::Basic))
    }

    fn number(&self, field: &str, value: &str, position: usize) -> Result<Box<dyn Query>, QueryError> {
        let (sign, digits) = match value.find(|c: char| !matches!(c, '<' | '>' | '=')) {
            Some(at) => value.split_at(at),
            None => (value, ""),
        };
        let wrong = || QueryError {
            position,
            message: format!(
                "\"{field}:{value}\": a number is expected, with <, <=, > or >= before it if wished, such as emotie:<0 or zekerheid:>=0.7"
            ),
        };
        let number: f64 = digits.replace(',', ".").parse().map_err(|_| wrong())?;
        let term = match field {
            "emotie" => Term::from_field_i64(self.fields.emotion, number as i64),
            "zekerheid" => Term::from_field_f64(self.fields.confidence, number),
            _ => Term::from_field_u64(self.fields.turn, number as u64),
        };
        let (low, high) = match sign {
            "<" => (Bound::Unbounded, Bound::Excluded(term)),
            "<=" => (Bound::Unbounded, Bound::Included(term)),
            ">" => (Bound::Excluded(term), Bound::Unbounded),
            ">=" => (Bound::Included(term), Bound::Unbounded),
            "" | "=" => (Bound::Included(term.clone()), Bound::Included(term)),
            _ => return Err(wrong()),
        };
        Ok(Box::new(RangeQuery::new(low, high)))
    }
}
