//! What are the pieces of a query?

use super::{EXAMPLE, QueryError};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Lexeme {
    Open,
    Close,
    /// As written: a query may say EN or AND.
    And(String),
    Or(String),
    Not(String),
    Word(String),
    Phrase(String, u32),
    /// Name, value, place of the value.
    Field(String, String, usize),
}

impl Lexeme {
    /// As a message names it.
    pub fn shown(&self) -> &str {
        match self {
            Lexeme::Open => "(",
            Lexeme::Close => ")",
            Lexeme::And(text) | Lexeme::Or(text) | Lexeme::Not(text) => text,
            Lexeme::Word(text) | Lexeme::Phrase(text, _) | Lexeme::Field(text, ..) => text,
        }
    }
}

/// Cuts a query into pieces with their places, in characters.
pub(super) fn lex(text: &str) -> Result<Vec<(usize, Lexeme)>, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0 };
    let mut out = Vec::new();
    while let Some(&c) = lexer.chars.get(lexer.at) {
        let start = lexer.at;
        if c.is_whitespace() {
            lexer.at += 1;
            continue;
        }
        out.push((start, lexer.next(c)?));
    }
    Ok(out)
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self, c: char) -> Result<Lexeme, QueryError> {
        match c {
            '(' => {
                self.at += 1;
                Ok(Lexeme::Open)
            }
            ')' => {
                self.at += 1;
                Ok(Lexeme::Close)
            }
            '"' | '“' | '”' | '„' => {
                let phrase = self.quoted()?;
                let slop = self.slop()?;
                Ok(Lexeme::Phrase(phrase, slop))
            }
            '-' if self.chars.get(self.at + 1).is_some_and(|c| !c.is_whitespace()) => {
                self.at += 1;
                Ok(Lexeme::Not("-".to_owned()))
            }
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Lexeme, QueryError> {
        let word = self.run(|c| matches!(c, '(' | ')' | '"' | ':'));
        if self.chars.get(self.at) != Some(&':') {
            return Ok(match word.as_str() {
                "AND" | "EN" => Lexeme::And(word),
                "OR" | "OF" => Lexeme::Or(word),
                "NOT" | "NIET" => Lexeme::Not(word),
                _ => Lexeme::Word(word),
            });
        }
        if word.is_empty() {
            let message = format!("\":\" stands without a field: expected its name before it; {EXAMPLE}");
            return Err(QueryError { position: self.at, message });
        }
        self.at += 1;
        let position = self.at;
        let value = if matches!(self.chars.get(self.at), Some('"' | '“' | '”' | '„')) {
            self.quoted()?
        } else {
            self.run(|c| matches!(c, '(' | ')'))
        };
        if value.trim().is_empty() {
            let message = format!("a value is expected behind \"{word}:\"; {EXAMPLE}");
            return Err(QueryError { position, message });
        }
        Ok(Lexeme::Field(word, value, position))
    }

    fn run(&mut self, stop: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|c| !c.is_whitespace() && !stop(*c)) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let from = self.at + 1;
        let Some(length) = self.chars[from..].iter().position(|c| matches!(c, '"' | '”' | '“')) else {
            return Err(QueryError {
                position: self.at,
                message: format!("a quotation mark opens and never closes: expected \" behind the phrase; {EXAMPLE}"),
            });
        };
        self.at = from + length + 1;
        Ok(self.chars[from..from + length].iter().collect())
    }

    fn slop(&mut self) -> Result<u32, QueryError> {
        if self.chars.get(self.at) != Some(&'~') {
            return Ok(0);
        }
        self.at += 1;
        let position = self.at;
        let number = self.run(|c| matches!(c, '(' | ')'));
        number.parse().ok().filter(|n| *n <= 1000).ok_or_else(|| QueryError {
            position,
            message: format!(
                "\"{number}\": behind a phrase and ~ a number of words (at most 1000) is expected, \
                 such as \"digid wachtwoord\"~5"
            ),
        })
    }
}
