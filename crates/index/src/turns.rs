//! What stands around a passage?

use std::collections::{BTreeMap, btree_map::Entry};

use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, TantivyDocument, columnar::Column, schema::Value};

use crate::{passage::StoredTurn, schema::Fields};

/// Reads turns: the document of each stands behind those of its passages, and those of an interview follow each other.
pub(crate) struct Turns<'i> {
    searcher: &'i Searcher,
    fields: Fields,
    /// Of each segment that was asked for, the columns of passages and of turns.
    columns: BTreeMap<SegmentOrdinal, [Column<u64>; 2]>,
}

/// A turn's document, and its number.
#[derive(Clone, Copy)]
pub(crate) struct TurnPlace {
    document: DocAddress,
    number: u64,
}

impl<'i> Turns<'i> {
    pub fn of(searcher: &'i Searcher, fields: Fields) -> Self {
        Self { searcher, fields, columns: BTreeMap::new() }
    }

    /// The turn that a passage is of.
    pub fn of_passage(&mut self, passage: DocAddress) -> tantivy::Result<Option<(TurnPlace, StoredTurn<'static>)>> {
        let [_, turns] = self.columns(passage.segment_ord)?;
        let number = turns.first(passage.doc_id);
        self.numbered(number, passage.segment_ord, passage.doc_id + 1..)
    }

    /// The one before it, which may be of another interview.
    pub fn before(&mut self, turn: TurnPlace) -> tantivy::Result<Option<(TurnPlace, StoredTurn<'static>)>> {
        let DocAddress { segment_ord, doc_id } = turn.document;
        self.numbered(turn.number.checked_sub(1), segment_ord, (0..doc_id).rev())
    }

    /// The one after it, which may be of another interview.
    pub fn after(&mut self, turn: TurnPlace) -> tantivy::Result<Option<(TurnPlace, StoredTurn<'static>)>> {
        let DocAddress { segment_ord, doc_id } = turn.document;
        self.numbered(Some(turn.number + 1), segment_ord, doc_id + 1..)
    }

    /// The first of some documents that is a turn's, if it has this number.
    fn numbered(
        &mut self,
        number: Option<u64>,
        segment: SegmentOrdinal,
        documents: impl Iterator<Item = DocId>,
    ) -> tantivy::Result<Option<(TurnPlace, StoredTurn<'static>)>> {
        let all = self.searcher.segment_reader(segment).max_doc();
        let [passages, turns] = self.columns(segment)?;
        let first = documents.take_while(|doc| *doc < all).find(|doc| passages.first(*doc).is_none());
        let Some((doc, number)) = first.zip(number).filter(|(doc, number)| turns.first(*doc) == Some(*number)) else {
            return Ok(None);
        };
        let document = DocAddress::new(segment, doc);
        Ok(Some((TurnPlace { document, number }, self.read(document)?)))
    }

    /// The columns of a segment.
    fn columns(&mut self, segment: SegmentOrdinal) -> tantivy::Result<&[Column<u64>; 2]> {
        Ok(match self.columns.entry(segment) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let columns = self.searcher.segment_reader(segment).fast_fields();
                new.insert([columns.u64("passage")?, columns.u64("of_turn")?])
            }
        })
    }

    fn read(&self, turn: DocAddress) -> tantivy::Result<StoredTurn<'static>> {
        let document: TantivyDocument = self.searcher.doc(turn)?;
        let payload = document.get_first(self.fields.payload).and_then(|v| v.as_str()).unwrap_or_default();
        serde_json::from_str(payload).map_err(|e| damaged(&format!("a turn can't be read: {e}")))
    }
}

pub(crate) fn damaged(what: &str) -> tantivy::TantivyError {
    tantivy::TantivyError::InternalError(what.to_owned())
}
