use std::{fs, path::Path};

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

/// Memory of the writer before it flushes, in bytes.
const MEMORY: usize = 50 << 20;

impl Builder {
    /// Empties `dir` and begins. One thread writes, so that the same transcripts give the same index.
    pub fn create(dir: &Path) -> Result<Self, IndexError> {
        let error = |source| IndexError::Io { path: dir.to_owned(), source };
        if dir.exists() {
            fs::remove_dir_all(dir).map_err(error)?;
        }
        fs::create_dir_all(dir).map_err(error)?;
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_dir(dir, schema)?;
        Ok(Self { writer: index.writer_with_num_threads(1, MEMORY)?, fields, stemmer: Stemmer::dutch() })
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
        for key in keys(passage) {
            document.add_text(f.key, key);
        }
        document.add_u64(f.turn, u64::from(passage.turn));
        for coding in &passage.codings {
            document.add_i64(f.emotion, i64::from(coding.emotion));
            document.add_f64(f.confidence, f64::from(coding.confidence));
        }
        document.add_text(f.payload, serde_json::to_string(passage).unwrap_or_default());
        document
    }
}

/// Everything to filter by, as `field=value`: whole values, and the words of attributes.
pub(crate) fn keys(passage: &Passage) -> Vec<String> {
    let mut out =
        vec![key("interview", &passage.interview), key("bestand", &passage.file), key("spreker", &passage.speaker)];
    for coding in &passage.codings {
        for (field, value) in [
            ("fase", &coding.phase),
            ("categorie", &coding.category),
            ("code", &coding.code),
            ("contactmoment", &coding.touchpoint),
            ("status", &coding.status),
        ] {
            if !value.is_empty() {
                out.push(key(field, value));
            }
        }
    }
    for (name, value) in &passage.attributes {
        out.push(key(name, value));
        out.extend(tokens(value).map(|t| key(name, t.text)));
    }
    out.sort();
    out.dedup();
    out
}

/// The stem to search by: "logo's" is found by "logo".
pub(crate) fn stem(stemmer: &mut Stemmer, word: &str) -> String {
    let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).filter(|bare| !bare.is_empty());
    stemmer.stem(bare.unwrap_or(word)).to_owned()
}

pub(crate) fn key(field: &str, value: &str) -> String {
    format!("{}={}", fold(field), fold(value))
}
