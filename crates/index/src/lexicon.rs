//! What words, fields and values does the index hold?

use std::collections::BTreeSet;

use tantivy::{Searcher, Term, schema::Field};

use crate::schema::Fields;

/// The dictionaries of an open index, read where a query needs them.
pub(crate) struct Lexicon<'a> {
    pub searcher: &'a Searcher,
    pub fields: Fields,
}

impl Lexicon<'_> {
    /// The names of fields that some passage has.
    pub fn names(&self) -> tantivy::Result<BTreeSet<String>> {
        self.terms(self.fields.name, "", |_| true)
    }

    /// Whether some passage has this `field=value`.
    pub fn has(&self, key: &str) -> tantivy::Result<bool> {
        Ok(self.searcher.doc_freq(&Term::from_field_text(self.fields.key, key))? > 0)
    }

    /// All `field=value` that start so.
    pub fn keys(&self, start: &str) -> tantivy::Result<BTreeSet<String>> {
        self.terms(self.fields.key, start, |_| true)
    }

    /// The stems of words that have one of `parts` at their start or end: what is compounded with it.
    pub fn compounds(&self, parts: &[&str]) -> tantivy::Result<BTreeSet<String>> {
        self.terms(self.fields.text, "", |term| {
            parts.iter().any(|part| term.len() > part.len() && (term.starts_with(part) || term.ends_with(part)))
        })
    }

    fn terms(&self, field: Field, start: &str, wanted: impl Fn(&str) -> bool) -> tantivy::Result<BTreeSet<String>> {
        let mut out = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                if !term.starts_with(start) {
                    break;
                }
                if wanted(term) {
                    out.insert(term.to_owned());
                }
            }
        }
        Ok(out)
    }
}
