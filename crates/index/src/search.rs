use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
};

use klantreis_text::{Stemmer, fold, tokens};
use serde::Serialize;
use tantivy::{TantivyDocument, collector::DocSetCollector, schema::Value};

use crate::{
    build::stem,
    passage::Passage,
    query::{Parsed, Word, parse},
    schema::{Fields, IndexError, schema},
};

/// An index open for questions.
pub struct Index {
    index: tantivy::Index,
    fields: Fields,
}

/// A passage that answers a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
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
    /// The first of them, by file, turn and sentence.
    pub hits: Vec<Hit>,
}

/// How often a value occurs among the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value.
    pub value: String,
    /// Number of passages.
    pub passages: usize,
    /// Number of interviews.
    pub interviews: usize,
}

impl Index {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        if !dir.join("meta.json").is_file() {
            return Err(IndexError::Missing(dir.to_owned()));
        }
        Ok(Self { index: tantivy::Index::open_in_dir(dir)?, fields: schema().1 })
    }

    /// The first `limit` passages that answer the query, by file, turn and sentence.
    pub fn search(&self, query: &str, limit: usize) -> Result<Hits, IndexError> {
        let (parsed, all) = self.find(query)?;
        let mut stemmer = Stemmer::dutch();
        let total = all.len();
        let hits = all
            .into_iter()
            .take(limit)
            .map(|passage| Hit { highlights: highlights(&passage.text, &parsed.words, &mut stemmer), passage })
            .collect();
        Ok(Hits { total, hits })
    }

    /// Counts the answers by a field (`fase`, `categorie`, …, or an attribute), most interviews first.
    pub fn count_by(&self, query: &str, field: &str) -> Result<Vec<Count>, IndexError> {
        let field = crate::query::field_name(field, &self.attributes()?)
            .map_err(|message| crate::QueryError { position: 0, message })?;
        let (_, all) = self.find(query)?;
        let mut counts: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
        for passage in &all {
            for value in values(passage, &field) {
                let count = counts.entry(value).or_default();
                count.0 += 1;
                count.1.insert(passage.interview.clone());
            }
        }
        let mut out: Vec<Count> = counts
            .into_iter()
            .map(|(value, (passages, interviews))| Count { value, passages, interviews: interviews.len() })
            .collect();
        out.sort_by(|a, b| (b.interviews, b.passages, &a.value).cmp(&(a.interviews, a.passages, &b.value)));
        Ok(out)
    }

    fn find(&self, query: &str) -> Result<(Parsed, Vec<Passage>), IndexError> {
        let values = self.keys()?;
        let parsed = parse(query, self.fields, &values)?;
        let searcher = self.index.reader()?.searcher();
        let mut all = Vec::new();
        for address in searcher.search(&parsed.query, &DocSetCollector)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let payload = document.get_first(self.fields.payload).and_then(|v| v.as_str()).unwrap_or_default();
            if let Ok(passage) = serde_json::from_str::<Passage>(payload) {
                all.push(passage);
            }
        }
        all.sort_by(|a, b| (&a.file, a.turn, a.sentence).cmp(&(&b.file, b.turn, b.sentence)));
        Ok((parsed, all))
    }

    /// All `field=value` of the index: what a query may filter by.
    fn keys(&self) -> Result<BTreeSet<String>, IndexError> {
        let mut out = BTreeSet::new();
        for segment in self.index.reader()?.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields.key)?;
            let mut terms = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                out.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        Ok(out)
    }

    fn attributes(&self) -> Result<BTreeSet<String>, IndexError> {
        Ok(self.keys()?.iter().filter_map(|k| Some(k.split_once('=')?.0.to_owned())).collect())
    }
}

fn values(passage: &Passage, field: &str) -> Vec<String> {
    let of = |pick: fn(&crate::HitCoding) -> &String| -> Vec<String> {
        let set: BTreeSet<&String> = passage.codings.iter().map(pick).filter(|v| !v.is_empty()).collect();
        set.into_iter().cloned().collect()
    };
    match field {
        "fase" => of(|c| &c.phase),
        "categorie" => of(|c| &c.category),
        "code" => of(|c| &c.code),
        "contactmoment" => of(|c| &c.touchpoint),
        "status" => of(|c| &c.status),
        "interview" => vec![passage.interview.clone()],
        "bestand" => vec![passage.file.clone()],
        "spreker" => vec![passage.speaker.clone()],
        other => passage.attributes.iter().filter(|(k, _)| fold(k) == other).map(|(_, v)| v.clone()).collect(),
    }
}

fn highlights(text: &str, words: &[Word], stemmer: &mut Stemmer) -> Vec<Range<usize>> {
    tokens(text)
        .filter(|token| {
            let form = fold(token.text);
            words.iter().any(|word| match word {
                Word::Stem(wanted) => stem(stemmer, token.text) == *wanted,
                Word::Prefix(prefix) => form.starts_with(prefix.as_str()),
                Word::Near(near, distance) => edit_distance(&form, near) <= usize::from(*distance),
            })
        })
        .map(|t| t.start..t.end())
        .collect()
}

/// Letters to insert, delete or replace (Levenshtein 1966).
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
