use std::{ops::Range, path::Path};

use klantreis_text::Stemmer;
use serde::Serialize;
use tantivy::{DocAddress, Score, Searcher, TantivyDocument, schema::Value};

use crate::{
    QueryError,
    highlight::Words,
    lexicon::Lexicon,
    passage::Passage,
    query::{Parsed, countable, parse},
    rank::{Count, Matches, SearchOptions, Sort, counted, ranked},
    schema::{Fields, IndexError, schema},
};

/// An index open for questions, as it was when it was opened.
pub struct Index {
    searcher: Searcher,
    fields: Fields,
}

/// A passage that answers a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// How well it matches (BM25): comparable within one answer.
    pub score: f32,
    /// The passage.
    #[serde(flatten)]
    pub passage: Passage,
    /// The words that matched, as places in its text, in bytes.
    pub highlights: Vec<Range<usize>>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hits {
    /// How many passages there are in all.
    pub total: usize,
    /// The first of them.
    pub hits: Vec<Hit>,
}

impl Index {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        if !dir.join("meta.json").is_file() {
            return Err(IndexError::Missing(dir.to_owned()));
        }
        let index = tantivy::Index::open_in_dir(dir)?;
        let (schema, fields) = schema();
        if index.schema() != schema {
            return Err(IndexError::Outdated(dir.to_owned()));
        }
        Ok(Self { searcher: index.reader()?.searcher(), fields })
    }

    /// The first `limit` passages that answer the query, by file, turn and sentence.
    pub fn search(&self, query: &str, limit: usize) -> Result<Hits, IndexError> {
        self.search_by(query, &SearchOptions { limit, sort: Sort::Place })
    }

    /// The passages that answer the query, in the order of `options`.
    pub fn search_by(&self, query: &str, options: &SearchOptions) -> Result<Hits, IndexError> {
        let (words, matches) = self.find(query)?;
        let total = matches.len();
        let mut stemmer = Stemmer::dutch();
        let mut hits = Vec::new();
        for (address, score) in ranked(&self.searcher, matches, options)? {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let payload = document.get_first(self.fields.payload).and_then(|v| v.as_str()).unwrap_or_default();
            let passage: Passage = serde_json::from_str(payload)
                .map_err(|e| tantivy::TantivyError::InternalError(format!("a passage can't be read: {e}")))?;
            hits.push(Hit { score, highlights: words.places(&passage.text, &mut stemmer), passage });
        }
        Ok(Hits { total, hits })
    }

    /// Counts the answers by a field (`fase`, `categorie`, …, or an attribute), most interviews first.
    pub fn count_by(&self, query: &str, field: &str) -> Result<Vec<Count>, IndexError> {
        let field = countable(field, &self.lexicon()).map_err(|message| QueryError { position: 0, message })?;
        let (_, matches) = self.find(query)?;
        Ok(counted(&self.searcher, matches, &field)?)
    }

    fn lexicon(&self) -> Lexicon<'_> {
        Lexicon { searcher: &self.searcher, fields: self.fields }
    }

    fn find(&self, query: &str) -> Result<(Words, Vec<(DocAddress, Score)>), IndexError> {
        let Parsed { query, words } = parse(query, &self.lexicon())?;
        Ok((words, self.searcher.search(&query, &Matches)?))
    }
}
