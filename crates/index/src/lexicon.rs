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
    /// The names of fields that some interview has.
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

    /// The folded forms of words that start so and are as wanted.
    pub fn forms(&self, start: &str, wanted: impl Fn(&str) -> bool) -> tantivy::Result<BTreeSet<String>> {
        self.terms(self.fields.form, start, wanted)
    }

    /// The stems of words that have one of `parts` at their start or end, beside another word that somebody said: what
    /// is compounded with it.
    pub fn compounds(&self, parts: &[&str]) -> tantivy::Result<BTreeSet<String>> {
        let beside = |term: &str| -> Vec<String> {
            let rest = |part: &&str| [term.strip_prefix(*part), term.strip_suffix(*part)];
            let rests = parts.iter().flat_map(rest).flatten().filter(|rest| rest.len() > 2);
            let unlinked = |rest: &str| {
                ["", "s", "en", "e"].map(|link| rest.strip_suffix(link).or(rest.strip_prefix(link)).map(str::to_owned))
            };
            rests.flat_map(unlinked).flatten().filter(|rest| rest.len() > 2).collect()
        };
        let mut out = self.terms(self.fields.text, "", |term| {
            parts.iter().any(|part| term.len() > part.len() + 2 && (term.starts_with(part) || term.ends_with(part)))
        })?;
        let mut failed = None;
        out.retain(|term| {
            beside(term).iter().any(|rest| {
                let term = Term::from_field_text(self.fields.text, rest);
                self.searcher.doc_freq(&term).map_err(|e| failed = Some(e)).is_ok_and(|count| count > 0)
            })
        });
        failed.map_or(Ok(out), Err)
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
