//! What does a query ask for? Recursive descent: `any` (OF) of `all` (EN) of `one`.

use klantreis_text::fold;
use tantivy::{
    Term,
    query::{
        BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery,
        RegexQuery, TermQuery, TermSetQuery,
    },
    schema::IndexRecordOption,
};

use super::{
    EXAMPLE, QueryError,
    fields::{field_name, is_number, numeric, range, unknown_value, value_name},
    lex::{Lexeme, lex},
};
use crate::{
    documents::{EVERY, key},
    dutch::Dutch,
    highlight::Words,
    lexicon::Lexicon,
    schema::Fields,
};

/// What to search, and which words to highlight.
pub(crate) struct Parsed {
    pub query: Box<dyn Query>,
    pub words: Words,
}

/// Brackets within brackets: bounds the stack.
const DEEPEST: usize = 100;

/// Letters from which a word is also looked for inside compounds.
const COMPOUND: usize = 5;

/// What a compound counts against the word itself, which scores by its rarity.
const COMPOUND_BOOST: f32 = 0.1;

pub(crate) fn parse(text: &str, lexicon: &Lexicon<'_>) -> Result<Parsed, QueryError> {
    let mut parser = Parser {
        tokens: lex(text)?,
        at: 0,
        depth: 0,
        negated: false,
        lexicon,
        words: Words::default(),
        dutch: Dutch::new(),
        end: text.chars().count(),
    };
    if parser.tokens.is_empty() {
        return Ok(Parsed { query: everything(lexicon), words: parser.words });
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

struct Parser<'a> {
    tokens: Vec<(usize, Lexeme)>,
    at: usize,
    depth: usize,
    /// Whether what is read now must not match, so that it is not to be highlighted.
    negated: bool,
    lexicon: &'a Lexicon<'a>,
    words: Words,
    dutch: Dutch,
    end: usize,
}

type Parts = Result<Box<dyn Query>, QueryError>;

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.tokens.get(self.at).map(|t| &t.1)
    }

    fn nothing_here(&self) -> QueryError {
        let (position, found) = match self.tokens.get(self.at) {
            Some((position, lexeme)) => (*position, format!("\"{}\" was found", lexeme.shown())),
            None => (self.end, "the query ends".to_owned()),
        };
        QueryError { position, message: format!("{found} where a word or a field is expected; {EXAMPLE}") }
    }

    fn any(&mut self) -> Parts {
        let mut parts = vec![self.all()?];
        while matches!(self.peek(), Some(Lexeme::Or(_))) {
            self.at += 1;
            parts.push(self.all()?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(Box::new(BooleanQuery::union(parts)))
    }

    fn all(&mut self) -> Parts {
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        loop {
            match self.peek() {
                Some(Lexeme::And(_)) if !parts.is_empty() => self.at += 1,
                None | Some(Lexeme::Close | Lexeme::Or(_)) if !parts.is_empty() => break,
                _ => {}
            }
            let outside = self.negated;
            while matches!(self.peek(), Some(Lexeme::Not(_))) {
                self.at += 1;
                self.negated = !self.negated;
            }
            let occur = if self.negated == outside { Occur::Must } else { Occur::MustNot };
            parts.push((occur, self.one()?));
            self.negated = outside;
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, everything(self.lexicon)));
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0).1);
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    fn one(&mut self) -> Parts {
        let Some((position, token)) = self.tokens.get(self.at).cloned() else { return Err(self.nothing_here()) };
        let query = match token {
            Lexeme::Open => return self.bracket(position),
            Lexeme::Word(word) => self.word(&word, position)?,
            Lexeme::Phrase(text, slop) => self.phrase(&text, slop, position)?,
            Lexeme::Field(name, value, at) => self.field(&name, &value, position, at)?,
            Lexeme::Close | Lexeme::And(_) | Lexeme::Or(_) | Lexeme::Not(_) => return Err(self.nothing_here()),
        };
        self.at += 1;
        Ok(query)
    }

    fn bracket(&mut self, position: usize) -> Parts {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("brackets stand more than {DEEPEST} deep; {EXAMPLE}");
            return Err(QueryError { position, message });
        }
        let inner = self.any()?;
        if self.peek() != Some(&Lexeme::Close) {
            let message = format!("a bracket opens and never closes: expected \")\"; {EXAMPLE}");
            return Err(QueryError { position, message });
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn word(&mut self, word: &str, position: usize) -> Parts {
        let form = self.lexicon.fields.form;
        if let Some(prefix) = word.strip_suffix('*') {
            let prefix = fold(prefix).into_owned();
            if prefix.is_empty() || !prefix.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '\'') {
                let message = format!("\"{word}\": letters are expected before \"*\"; {EXAMPLE}");
                return Err(QueryError { position, message });
            }
            let pattern = format!("{}.*", prefix.replace('-', "\\-"));
            let query = RegexQuery::from_pattern(&pattern, form)
                .map_err(|e| QueryError { position, message: format!("\"{word}\" can't be searched: {e}") })?;
            if !self.negated {
                self.words.prefixes.push(prefix);
            }
            return Ok(Box::new(query));
        }
        if let Some((near, distance)) = word.rsplit_once('~') {
            let letters = if distance.is_empty() { Some(1) } else { distance.parse().ok().filter(|d| *d <= 2) };
            let near = fold(near).into_owned();
            let Some(letters) = letters.filter(|_| !near.is_empty()) else {
                let message = format!(
                    "\"{word}\": a word, ~ and 1 or 2 letters of difference are expected, such as wachtwoord~1"
                );
                return Err(QueryError { position, message });
            };
            let query = FuzzyTermQuery::new(Term::from_field_text(form, &near), letters, true);
            if !self.negated {
                self.words.near.push((near, letters));
            }
            return Ok(Box::new(query));
        }
        let exact = self.phrase(word, 0, position)?;
        match self.dutch.words(word).as_slice() {
            [_] => self.with_compounds(exact, word, position),
            _ => Ok(exact),
        }
    }

    /// The word, or, for less, words that are compounded with it: "wachtwoord" in "inlogwachtwoorden".
    fn with_compounds(&mut self, exact: Box<dyn Query>, word: &str, position: usize) -> Parts {
        let stem = self.dutch.word(word).stem.clone();
        let mut found = std::collections::BTreeSet::new();
        // What the built-in list does not have is looked for in the words that were said.
        if !self.dutch.is_part(word) && stem.chars().count() >= COMPOUND {
            found = self.lexicon.compounds(&[stem.as_str()]).map_err(|e| damaged(position, &e))?;
        }
        let Fields { text, part, .. } = self.lexicon.fields;
        let mut terms = vec![Term::from_field_text(part, &stem)];
        terms.extend(found.iter().map(|term| Term::from_field_text(text, term)));
        if !self.negated {
            self.words.stems.extend(found);
            self.words.parts.insert(stem);
        }
        let compounds: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(TermSetQuery::new(terms)), COMPOUND_BOOST));
        Ok(Box::new(BooleanQuery::union(vec![exact, compounds])))
    }

    fn phrase(&mut self, text: &str, slop: u32, position: usize) -> Parts {
        let stems: Vec<String> = self.dutch.words(text).into_iter().map(|placed| placed.word.stem.clone()).collect();
        let field = self.lexicon.fields.text;
        let terms: Vec<Term> = stems.iter().map(|s| Term::from_field_text(field, s)).collect();
        let query: Box<dyn Query> = match terms.as_slice() {
            [] => {
                let message = format!("\"{text}\" was found where a word with letters is expected; {EXAMPLE}");
                return Err(QueryError { position, message });
            }
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            _ => {
                let mut query = PhraseQuery::new(terms);
                query.set_slop(slop);
                Box::new(query)
            }
        };
        match stems.len() {
            _ if self.negated => {}
            1 => self.words.stems.extend(stems),
            _ => self.words.phrases.push((stems, slop)),
        }
        Ok(query)
    }

    fn field(&mut self, name: &str, value: &str, position: usize, value_at: usize) -> Parts {
        let lexicon = self.lexicon;
        let field = field_name(name, lexicon).map_err(|message| QueryError { position, message })?;
        if is_number(&field) {
            let (low, high) =
                range(&field, value, lexicon.fields).map_err(|message| QueryError { position: value_at, message })?;
            return Ok(Box::new(RangeQuery::new(low, high)));
        }
        if let Some(wanted) = numeric(value) {
            let start = format!("{field}=");
            let mut keys = lexicon.keys(&start).map_err(|e| damaged(value_at, &e))?;
            keys.retain(|key| key[start.len()..].replace(',', ".").parse().is_ok_and(&wanted));
            let terms = keys.iter().map(|key| Term::from_field_text(lexicon.fields.key, key));
            return Ok(Box::new(TermSetQuery::new(terms)));
        }
        let value = value_name(&field, value);
        let wanted = key(&field, &value);
        let term = |key: &str| Term::from_field_text(lexicon.fields.key, key);
        if let Some(prefix) = wanted.strip_suffix('*') {
            let keys = lexicon.keys(prefix).map_err(|e| damaged(value_at, &e))?;
            return Ok(Box::new(TermSetQuery::new(keys.iter().map(|k| term(k)))));
        }
        if lexicon.has(&wanted).map_err(|e| damaged(value_at, &e))? {
            return Ok(Box::new(TermQuery::new(term(&wanted), IndexRecordOption::Basic)));
        }
        match unknown_value(&field, &value, lexicon).map_err(|e| damaged(value_at, &e))? {
            Some(message) => Err(QueryError { position: value_at, message }),
            None => Ok(Box::new(EmptyQuery)),
        }
    }
}

/// All passages.
fn everything(lexicon: &Lexicon<'_>) -> Box<dyn Query> {
    let term = Term::from_field_text(lexicon.fields.key, EVERY);
    Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 1.0))
}

fn damaged(position: usize, error: &tantivy::TantivyError) -> QueryError {
    QueryError { position, message: format!("the index is damaged ({error}); run `klantreis run` again") }
}
