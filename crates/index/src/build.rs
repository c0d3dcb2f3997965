use std::{collections::BTreeSet, fs, path::Path};

use klantreis_study::CodedTranscript;
use klantreis_text::{Stemmer, fold, tokens};
use tantivy::{
    IndexWriter, TantivyDocument,
    tokenizer::{PreTokenizedString, Token},
};

use crate::{
    passage::{Passage, passages},
    schema::{Fields, IndexError, schema},
};

/// Writes a new index over an old one.
pub struct Builder {
    writer: IndexWriter,
    fields: Fields,
    stemmer: Stemmer,
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
        let index = tantivy::Index::create_in_dir(dir, schema)?;
        let threads = threads.clamp(1, 8);
        let writer = index.writer_with_num_threads(threads, MEMORY * threads)?;
        Ok(Self { writer, fields, stemmer: Stemmer::dutch() })
    }

    /// Adds the passages of a transcript; returns their number.
    pub fn add(&mut self, coded: &CodedTranscript) -> Result<usize, IndexError> {
        let passages = passages(coded);
        for passage in &passages {
            let document = self.document(passage);
            self.writer.add_document(document)?;
        }
        Ok(passages.len())
    }

    /// Makes what was added visible.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Ok(())
    }

    fn document(&mut self, passage: &Passage) -> TantivyDocument {
        let f = self.fields;
        let mut document = TantivyDocument::new();
        let (mut stems, mut forms) = (Vec::new(), Vec::new());
        for (position, token) in tokens(&passage.text).enumerate() {
            let at = |text: String| Token {
                offset_from: token.start,
                offset_to: token.end(),
                position,
                text,
                position_length: 1,
            };
            stems.push(at(stem(&mut self.stemmer, token.text)));
            forms.push(at(fold(token.text).into_owned()));
        }
        document.add_pre_tokenized_text(f.text, PreTokenizedString { text: String::new(), tokens: stems });
        document.add_pre_tokenized_text(f.form, PreTokenizedString { text: String::new(), tokens: forms });
        let facets = facets(passage);
        let (mut keys, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (name, value) in &facets {
            keys.insert(key(name, value));
            names.insert(name);
            document.add_text(f.facet, format!("{name}={value}"));
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
        document.add_text(f.file, &passage.file);
        document.add_u64(f.turn, u64::from(passage.turn));
        document.add_u64(f.sentence, passage.sentence as u64);
        for coding in &passage.codings {
            document.add_i64(f.emotion, i64::from(coding.emotion));
            document.add_f64(f.confidence, decimal(coding.confidence));
        }
        document.add_text(f.payload, serde_json::to_string(passage).unwrap_or_default());
        document
    }
}

/// A confidence as a query writes it: 0.7, not 0.699999988.
fn decimal(confidence: f32) -> f64 {
    (f64::from(confidence) * 1e4).round() / 1e4
}

/// The fields of a passage with their values as written: everything to filter and count by.
fn facets(passage: &Passage) -> BTreeSet<(String, String)> {
    let mut out = BTreeSet::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            out.insert((fold(name).into_owned(), value.to_owned()));
        }
    };
    put("interview", &passage.interview);
    put("bestand", &passage.file);
    put("spreker", &passage.speaker);
    for coding in &passage.codings {
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

/// The stem to search by: "logo's" is found by "logo", "brieven" by "brief" (Snowball leaves "briev").
pub(crate) fn stem(stemmer: &mut Stemmer, word: &str) -> String {
    let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).filter(|bare| !bare.is_empty());
    let mut stem = stemmer.stem(bare.unwrap_or(word)).to_owned();
    for (voiced, voiceless) in [('v', 'f'), ('z', 's')] {
        if stem.len() > 2 && stem.ends_with(voiced) {
            stem.pop();
            stem.push(voiceless);
        }
    }
    stem
}

pub(crate) fn key(field: &str, value: &str) -> String {
    format!("{}={}", fold(field), fold(value))
}
