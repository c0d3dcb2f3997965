//! What are documents?

use std::path::PathBuf;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

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
    /// A query can't be understood.
    #[error(transparent)]
    Query(#[from] crate::QueryError),
}

/// The fields of a passage.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// Stems with positions.
    pub text: Field,
    /// Folded forms, for prefixes and misspellings.
    pub form: Field,
    /// `field=value`, folded: everything to filter by, and the words of attributes.
    pub key: Field,
    /// The names of the fields that the passage has.
    pub name: Field,
    /// `field=value` as written: everything to count by.
    pub facet: Field,
    pub file: Field,
    pub turn: Field,
    pub sentence: Field,
    pub emotion: Field,
    pub confidence: Field,
    /// The passage as JSON.
    pub payload: Field,
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("default")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let column = TextOptions::default().set_fast("raw");
    let fields = Fields {
        text: builder.add_text_field("text", words.clone()),
        form: builder.add_text_field("form", words),
        key: builder.add_text_field("key", STRING),
        name: builder.add_text_field("name", STRING),
        facet: builder.add_text_field("facet", column.clone()),
        file: builder.add_text_field("file", column),
        turn: builder.add_u64_field("turn", INDEXED | FAST),
        sentence: builder.add_u64_field("sentence", FAST),
        emotion: builder.add_i64_field("emotion", INDEXED | FAST),
        confidence: builder.add_f64_field("confidence", INDEXED | FAST),
        payload: builder.add_text_field("payload", STORED),
    };
    (builder.build(), fields)
}
