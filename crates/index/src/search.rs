use std::{ops::Range, path::Path};

use klantreis_study::Role;
use serde::Serialize;
use tantivy::{DocAddress, ReloadPolicy, Searcher};

use crate::{
    count::{All, Count, Crosstab, counted, crosstab},
    dutch::Dutch,
    highlight::Words,
    lexicon::Lexicon,
    passage::{HitCoding, Passage, StoredTurn},
    query::{Parsed, countable, hints, parse},
    rank::{First, Found, Match, SearchOptions, Sort},
    schema::{Fields, IndexError, schema},
    turns::{Turns, damaged},
};

/// An index open for questions, as it was when it was opened.
pub struct Index {
    searcher: Searcher,
    fields: Fields,
}

/// A passage that answers a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// How well it matches (BM25): comparable within one answer, and 0 where the order is not by relevance.
    pub score: f32,
    /// The passage.
    #[serde(flatten)]
    pub passage: Passage,
    /// The quotes of the passage that answer the query: `categorie:pijnpunt` is not about a gain in the same words.
    pub answers: Vec<String>,
    /// The words that matched, as places in its text, in bytes.
    pub highlights: Vec<Range<usize>>,
    /// The passage's number in the order of the study, uncoded ones counted too.
    #[serde(skip)]
    pub number: u64,
    /// One of its documents, in the index that it was found in.
    #[serde(skip)]
    document: DocAddress,
}

impl Hit {
    /// The codings of the passage that answer the query; all of them where only its words do.
    pub fn answering(&self) -> impl Iterator<Item = &HitCoding> {
        self.passage.codings.iter().filter(|coding| self.answers.contains(&coding.quote_id))
    }
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hits {
    /// How many passages there are in all.
    pub total: usize,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// Some sentences of one turn beside a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The turn's number, from 1.
    pub turn: u32,
    /// The speaker.
    pub speaker: String,
    /// Interviewer or respondent.
    pub role: Role,
    /// The words, letter for letter.
    pub text: String,
}

/// What stands around a passage, in the order of the interview.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Context {
    /// What was said before it.
    pub before: Vec<Said>,
    /// What was said after it.
    pub after: Vec<Said>,
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
        // Nobody waits for changes: without a policy of its own, tantivy would start a thread to watch the folder.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), fields })
    }

    /// The first `limit` passages that answer the query, by file, turn and sentence.
    pub fn search(&self, query: &str, limit: usize) -> Result<Hits, IndexError> {
        self.search_by(query, &SearchOptions { limit, ..SearchOptions::default() })
    }

    /// The passages that answer the query, in the order of `options`.
    pub fn search_by(&self, query: &str, options: &SearchOptions) -> Result<Hits, IndexError> {
        let Parsed { query, words } = parse(query, &self.lexicon())?;
        let Found { total, matches } = self.searcher.search(&query, &First(*options))?;
        let mut hits = Vec::with_capacity(matches.len());
        self.each_hit(&matches, &words, |hit| hits.push(hit))?;
        if options.sort != Sort::Relevance {
            hits.iter_mut().for_each(|hit| hit.score = 0.0);
        }
        Ok(Hits { total, hits })
    }

    /// Hands every passage that answers the query to `each`, by file, turn and sentence.
    pub fn each(&self, query: &str, each: impl FnMut(Hit)) -> Result<(), IndexError> {
        let Parsed { query, words } = parse(query, &self.lexicon())?;
        let everything = SearchOptions { limit: usize::MAX / 4, ..SearchOptions::default() };
        let Found { matches, .. } = self.searcher.search(&query, &First(everything))?;
        self.each_hit(&matches, &words, each)
    }

    /// What a query that nothing answers may have meant, a sentence each: none where all its words are said.
    pub fn hints(&self, query: &str) -> Result<Vec<String>, IndexError> {
        hints(query, &self.lexicon())
    }

    /// Counts the answers by a field (`fase`, `categorie`, …, or an attribute), most interviews first.
    pub fn count_by(&self, query: &str, field: &str) -> Result<Vec<Count>, IndexError> {
        let field = self.countable(field)?;
        let Parsed { query, .. } = parse(query, &self.lexicon())?;
        Ok(counted(&self.searcher, &self.searcher.search(&query, &All)?, &field)?)
    }

    /// Counts the quotes that answer by two fields, values in alphabetical order.
    pub fn crosstab(&self, query: &str, rows: &str, columns: &str) -> Result<Crosstab, IndexError> {
        let (rows, columns) = (self.countable(rows)?, self.countable(columns)?);
        let Parsed { query, .. } = parse(query, &self.lexicon())?;
        Ok(crosstab(&self.searcher, &self.searcher.search(&query, &All)?, [&rows, &columns])?)
    }

    /// At most `sentences` sentences before a hit of this index and as many after it, of whoever said them.
    pub fn context(&self, hit: &Hit, sentences: usize) -> Result<Context, IndexError> {
        let mut turns = Turns::of(&self.searcher, self.fields);
        let Some((own, turn)) = turns.of_passage(hit.document)? else { return Ok(Context::default()) };
        let start = hit.passage.sentence.saturating_sub(1);
        let end = start + hit.passage.sentences;
        let said = |turn: &StoredTurn<'_>, range: Range<usize>| Said {
            turn: turn.number,
            speaker: turn.speaker.to_string(),
            role: turn.role,
            text: turn.said(&range).to_owned(),
        };
        let mut out = Context::default();
        let (mut left, mut range, mut place) = (sentences, 0..start, own);
        let mut at = turn.clone();
        loop {
            let some = range.end - range.len().min(left)..range.end;
            left -= some.len();
            if !some.is_empty() {
                out.before.insert(0, said(&at, some));
            }
            if left == 0 {
                break;
            }
            match turns.before(place)? {
                Some((before, turn)) if turn.file == at.file => (place, at) = (before, turn),
                _ => break,
            }
            range = 0..at.sentences.len();
        }
        (left, range, place, at) = (sentences, end..turn.sentences.len(), own, turn);
        loop {
            let some = range.start..range.start + range.len().min(left);
            left -= some.len();
            if !some.is_empty() {
                out.after.push(said(&at, some));
            }
            if left == 0 {
                break;
            }
            match turns.after(place)? {
                Some((after, turn)) if turn.file == at.file => (place, at) = (after, turn),
                _ => break,
            }
            range = 0..at.sentences.len();
        }
        Ok(out)
    }

    fn each_hit(&self, matches: &[Match], words: &Words, mut each: impl FnMut(Hit)) -> Result<(), IndexError> {
        let mut dutch = Dutch::new();
        let mut turns = Turns::of(&self.searcher, self.fields);
        let mut last: Option<(u64, StoredTurn<'_>)> = None;
        for found in matches {
            if last.as_ref().is_none_or(|(number, _)| *number != found.of_turn) {
                last = turns.of_passage(found.document)?.map(|(_, turn)| (found.of_turn, turn));
            }
            let passage = last.as_ref().and_then(|(_, turn)| turn.passage(found.in_turn as usize));
            let passage = passage.ok_or_else(|| damaged("a passage is not where it should be"))?;
            let answers = passage.codings.iter().enumerate().filter(|(n, _)| *n >= 64 || found.codings >> n & 1 == 1);
            each(Hit {
                score: found.score,
                answers: answers.map(|(_, coding)| coding.quote_id.clone()).collect(),
                highlights: words.places(&passage.text, &mut dutch),
                passage,
                number: found.passage,
                document: found.document,
            });
        }
        Ok(())
    }

    fn countable(&self, field: &str) -> Result<String, IndexError> {
        countable(field, &self.lexicon()).map_err(IndexError::Field)
    }

    fn lexicon(&self) -> Lexicon<'_> {
        Lexicon { searcher: &self.searcher, fields: self.fields }
    }
}
