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
    #[error("{0}")]
    Query(#[from] crate::QueryError),
}

/// The fields of a passage.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// Stems with positions.
    pub text: Field,
    /// Folded forms, for prefixes and misspellings.
    pub form: Field,
    /// `field=value`, folded: everything to filter and count by.
    pub key: Field,
    pub turn: Field,
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
    let fields = Fields {
        text: builder.add_text_field("text", words.clone()),
        form: builder.add_text_field("form", words),
        key: builder.add_text_field("key", STRING),
        turn: builder.add_u64_field("turn", INDEXED | FAST),
        emotion: builder.add_i64_field("emotion", INDEXED | FAST),
        confidence: builder.add_f64_field("confidence", INDEXED | FAST),
        payload: builder.add_text_field("payload", STORED),
    };
    (builder.build(), fields)
}
