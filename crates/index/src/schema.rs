//! What are documents?

use std::path::PathBuf;

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

use crate::joined;

/// Why the index can't be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("{0}: there is no index yet; make it with `klantreis run`")]
    Missing(PathBuf),
    /// It has other fields than this version writes.
    #[error("{0}: the index was made by another version of klantreis; make it again with `klantreis run`")]
    Outdated(PathBuf),
    /// The folder can't be made or emptied.
    #[error("{path}: {source}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Tantivy can't write or read it.
    #[error(
        "the index is damaged or can't be written ({0}); delete the folder .klantreis and run `klantreis run` again"
    )]
    Tantivy(#[from] tantivy::TantivyError),
    /// There is no such field to count by.
    #[error("{0}")]
    Field(String),
    /// A query can't be understood.
    #[error(transparent)]
    Query(#[from] crate::QueryError),
}

/// The fields of the documents. Of a passage there is one document for each of its codings, or one without any, so that
/// conditions on category, phase and emotion hold for one and the same coding; behind those of a turn there is one that is
/// only stored, with its passages; the last of an interview has the names of all fields there.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// Stems with positions.
    pub text: Field,
    /// Folded forms, for prefixes and misspellings.
    pub form: Field,
    /// Stems of the words that a word is compounded of.
    pub part: Field,
    /// `field=value`, folded: everything to filter by, and the words of attributes.
    pub key: Field,
    /// The names of the fields that the passages of an interview have, with one of its turns.
    pub name: Field,
    /// `field=value` as written: everything to count by. Those of a speaker are joined, and those of a coding: few of them
    /// differ.
    pub facet: Field,
    pub turn: Field,
    /// Seconds from the start of the recording.
    pub time: Field,
    pub emotion: Field,
    pub confidence: Field,
    /// The turn as JSON.
    pub payload: Field,
    /// The number of the part of the corpus that the document came with, to take it out again.
    pub part_of: Field,
}

/// Columns that are read by name: the passage's number in the order of files, turns and sentences; the number of its
/// turn, which that turn's own document has too, and its number in that turn; the coding's number in the passage, the quote's in the
/// index, from 1.
pub(crate) const COLUMNS: [&str; 5] = ["passage", "of_turn", "in_turn", "coding", "quote"];

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(joined::NAME).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    // No answer is better for having fewer keys.
    let filter = || {
        let indexing = TextFieldIndexing::default().set_tokenizer(joined::NAME).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic))
    };
    let fields = Fields {
        text: builder.add_text_field("text", words(IndexRecordOption::WithFreqsAndPositions)),
        form: builder.add_text_field("form", words(IndexRecordOption::WithFreqs)),
        part: builder.add_text_field("part", words(IndexRecordOption::WithFreqs)),
        key: builder.add_text_field("key", filter()),
        name: builder.add_text_field("name", filter()),
        facet: builder.add_text_field("facet", TextOptions::default().set_fast("raw")),
        turn: builder.add_u64_field("turn", FAST),
        time: builder.add_u64_field("time", FAST),
        emotion: builder.add_i64_field("emotion", FAST),
        confidence: builder.add_f64_field("confidence", FAST),
        payload: builder.add_text_field("payload", STORED),
        part_of: builder.add_u64_field("part_of", INDEXED),
    };
    for column in COLUMNS {
        builder.add_u64_field(column, FAST);
    }
    (builder.build(), fields)
}
