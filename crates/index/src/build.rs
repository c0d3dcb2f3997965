use std::{collections::BTreeSet, fs, path::Path};

use klantreis_study::CodedTranscript;
use klantreis_text::{fold, tokens};
use tantivy::{
    IndexWriter, TantivyDocument,
    indexer::UserOperation,
    schema::{Field, Schema},
    tokenizer::{PreTokenizedString, Token},
};

use crate::{
    dutch::Dutch,
    passage::{HitCoding, Passage, StoredTurn, stored_turns},
    schema::{Fields, IndexError, schema},
};

/// Writes a new index over an old one.
pub struct Builder {
    writer: IndexWriter,
    fields: Fields,
    columns: Columns,
    dutch: Dutch,
    turns: u64,
    passages: u64,
    quotes: u64,
}

/// Columns that queries read by name.
#[derive(Clone, Copy)]
struct Columns {
    passage: Field,
    of_turn: Field,
    in_turn: Field,
    coding: Field,
    quote: Field,
}

impl Columns {
    fn of(schema: &Schema) -> tantivy::Result<Self> {
        Ok(Self {
            passage: schema.get_field("passage")?,
            of_turn: schema.get_field("of_turn")?,
            in_turn: schema.get_field("in_turn")?,
            coding: schema.get_field("coding")?,
            quote: schema.get_field("quote")?,
        })
    }
}

/// Memory of each thread of the writer before it flushes, in bytes.
const MEMORY: usize = 50 << 20;

impl Builder {
    /// Empties `dir` and begins. One thread writes, so that the same transcripts give the same files.
    pub fn create(dir: &Path) -> Result<Self, IndexError> {
        Self::with_threads(dir, 1)
    }

    /// Like [`create`](Self::create) with `threads` writers (1…8). With more than one the files differ from run to
    /// run, the answers do not.
    pub fn with_threads(dir: &Path, threads: usize) -> Result<Self, IndexError> {
        let error = |source| IndexError::Io { path: dir.to_owned(), source };
        if dir.exists() {
            fs::remove_dir_all(dir).map_err(error)?;
        }
        fs::create_dir_all(dir).map_err(error)?;
        let (schema, fields) = schema();
        let columns = Columns::of(&schema)?;
        let index = tantivy::Index::create_in_dir(dir, schema)?;
        let threads = threads.clamp(1, 8);
        let writer = index.writer_with_num_threads(threads, MEMORY * threads)?;
        Ok(Self { writer, fields, columns, dutch: Dutch::new(), turns: 0, passages: 0, quotes: 0 })
    }

    /// Adds the passages of a transcript; returns their number.
    pub fn add(&mut self, coded: &CodedTranscript) -> Result<usize, IndexError> {
        let mut added = 0;
        let mut quotes = std::collections::HashMap::new();
        // One batch stays together and in order, so that the documents of a passage are neighbours.
        let mut batch = Vec::new();
        for turn in stored_turns(coded) {
            let number = self.turns;
            self.turns += 1;
            for (of, passage) in turn.passages().enumerate() {
                let codings: Vec<Option<&HitCoding>> =
                    if passage.codings.is_empty() { vec![None] } else { passage.codings.iter().map(Some).collect() };
                let shared = self.shared(&passage);
                for (n, coding) in codings.into_iter().enumerate() {
                    let quote = coding.map_or(0, |coding| {
                        *quotes.entry(coding.quote_id.clone()).or_insert_with(|| {
                            self.quotes += 1;
                            self.quotes
                        })
                    });
                    let mut document = shared.clone();
                    self.add_facets(&mut document, &passage, coding);
                    let c = self.columns;
                    for (field, value) in [
                        (c.passage, self.passages),
                        (c.of_turn, number),
                        (c.in_turn, of as u64),
                        (c.coding, n as u64),
                        (c.quote, quote),
                    ] {
                        document.add_u64(field, value);
                    }
                    batch.push(UserOperation::Add(document));
                }
                self.passages += 1;
                added += 1;
            }
            batch.push(UserOperation::Add(self.stored(number, &turn)));
        }
        self.writer.run(batch)?;
        Ok(added)
    }

    /// Makes what was added visible.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Ok(())
    }

    fn stored(&self, number: u64, turn: &StoredTurn) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.fields.stored, number);
        document.add_text(self.fields.payload, serde_json::to_string(turn).unwrap_or_default());
        document
    }

    /// The words and the place of a passage: what all its documents have.
    fn shared(&mut self, passage: &Passage) -> TantivyDocument {
        let f = self.fields;
        let mut document = TantivyDocument::new();
        let (mut stems, mut forms, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (position, placed) in self.dutch.words(&passage.text).into_iter().enumerate() {
            let at = |text: &str| Token {
                offset_from: placed.place.start,
                offset_to: placed.place.end,
                position,
                text: text.to_owned(),
                position_length: 1,
            };
            stems.push(at(&placed.word.stem));
            stems.extend(placed.word.also.iter().map(|stem| at(stem)));
            parts.extend(placed.word.parts.iter().map(|stem| at(stem)));
            forms.push(at(&fold(&passage.text[placed.place.clone()])));
        }
        for (field, tokens) in [(f.text, stems), (f.form, forms), (f.part, parts)] {
            document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
        }
        document.add_u64(f.turn, u64::from(passage.turn));
        if let Some(seconds) = seconds(&passage.time) {
            document.add_u64(f.time, seconds);
        }
        document
    }

    /// What to filter, count and sort by.
    fn add_facets(&self, document: &mut TantivyDocument, passage: &Passage, coding: Option<&HitCoding>) {
        let f = self.fields;
        let (mut keys, mut names) = (BTreeSet::from([EVERY.to_owned()]), BTreeSet::new());
        for (name, value) in facets(passage, coding) {
            keys.insert(key(&name, &value));
            document.add_text(f.facet, format!("{name}={value}"));
            names.insert(name);
        }
        for (name, value) in &passage.attributes {
            keys.extend(tokens(value).map(|t| key(name, t.text)));
        }
        for key in keys {
            document.add_text(f.key, key);
        }
        for name in names {
            document.add_text(f.name, name);
        }
        if let Some(coding) = coding {
            document.add_i64(f.emotion, i64::from(coding.emotion));
            document.add_f64(f.confidence, decimal(coding.confidence));
        }
    }
}

/// The key of every passage.
pub(crate) const EVERY: &str = "=passage";

/// A confidence as a query writes it: 0.7, not 0.699999988.
fn decimal(confidence: f32) -> f64 {
    (f64::from(confidence) * 1e4).round() / 1e4
}

/// `hh:mm:ss`, `mm:ss` or seconds.
pub(crate) fn seconds(time: &str) -> Option<u64> {
    let mut out = 0u64;
    for (n, part) in time.split(':').enumerate() {
        let valid = n < 3 && !part.is_empty() && part.len() < 7 && part.bytes().all(|b| b.is_ascii_digit());
        out = out * 60 + part.parse::<u64>().ok().filter(|_| valid)?;
    }
    Some(out)
}

/// The fields of a passage under one of its codings, with their values as written: everything to filter and count by.
fn facets(passage: &Passage, coding: Option<&HitCoding>) -> BTreeSet<(String, String)> {
    let mut out = BTreeSet::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            out.insert((fold(name).into_owned(), value.to_owned()));
        }
    };
    put("interview", &passage.interview);
    put("bestand", &passage.file);
    put("spreker", &passage.speaker);
    if let Some(coding) = coding {
        put("fase", &coding.phase);
        put("categorie", &coding.category);
        put("code", &coding.code);
        put("contactmoment", &coding.touchpoint);
        put("status", &coding.status);
        put("emotie", &coding.emotion.to_string());
    }
    for (name, value) in &passage.attributes {
        put(name, value);
    }
    out
}

pub(crate) fn key(field: &str, value: &str) -> String {
    format!("{}={}", fold(field), fold(value))
}
