//! What stands in the index of a transcript?

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use klantreis_study::{CodedTranscript, Quote, Transcript};
use klantreis_text::{fold, tokens};
use tantivy::schema::{Field, Schema};

use crate::{
    document::Document,
    dutch::Dutch,
    joined::{self, Words},
    passage::{HitCoding, StoredTurn, stored_turns},
    query::attribute_name,
    schema::{Fields, IndexError, schema},
};

/// The numbers that the next turn, passage and quote get. They give the order of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Of turns, from 0.
    pub turn: u64,
    /// Of passages, from 0.
    pub passage: u64,
    /// Of quotes; 0 stands for none.
    pub quote: u64,
}

impl Numbers {
    /// All of them from a number on.
    pub fn from(number: u64) -> Self {
        Self { turn: number, passage: number, quote: number }
    }
}

/// Makes documents of transcripts.
#[derive(Clone, Copy)]
pub struct Documents {
    fields: Fields,
    columns: Columns,
}

/// The documents of one transcript, which stay together and in their order.
pub struct Batch {
    pub(crate) documents: Vec<Document>,
    /// How many passages it has.
    pub passages: usize,
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

/// Makes the lists of words ready that documents are made with, if nobody has yet: while something else waits.
pub fn warm_up() {
    Dutch::of_thread(|dutch| dutch.word(""));
}

impl Documents {
    /// What it makes goes into an index by [`Builder::put`](crate::Builder::put).
    pub fn new() -> Result<Self, IndexError> {
        let (schema, fields) = schema();
        Ok(Self { fields, columns: Columns::of(&schema)? })
    }

    /// The documents of a transcript in a part of the corpus, whose numbers it takes on. `rows` are its
    /// [quotes](klantreis_study::quotes).
    pub fn of(&self, coded: &CodedTranscript, rows: &[Quote], part: u64, numbers: &mut Numbers) -> Batch {
        Dutch::of_thread(|dutch| self.with(dutch, coded, rows, part, numbers))
    }

    fn with(
        &self,
        dutch: &mut Dutch,
        coded: &CodedTranscript,
        rows: &[Quote],
        part: u64,
        numbers: &mut Numbers,
    ) -> Batch {
        let mut batch = Batch { documents: Vec::new(), passages: 0 };
        let mut quotes: HashMap<String, u64> = HashMap::new();
        let mut names = BTreeSet::new();
        let of_interview = Facets::of_interview(&coded.transcript);
        // What is the same for all passages of a speaker: two people take turns.
        let mut of_speaker: HashMap<Cow<'_, str>, Known> = HashMap::new();
        let mut heard = Heard::default();
        for turn in stored_turns(coded, rows) {
            let number = numbers.turn;
            numbers.turn += 1;
            let stored = serde_json::to_string(&turn).unwrap_or_default();
            for (of, cut) in turn.cuts.iter().enumerate() {
                let speaker = of_speaker.entry(turn.speaker.clone()).or_insert_with(|| {
                    let mut known = of_interview.clone();
                    known.put("spreker", &turn.speaker);
                    known.add_names(&mut names);
                    known.joined()
                });
                heard.hear(dutch, turn.said(&cut.sentences));
                let words = heard.joined();
                let codings: Vec<Option<&HitCoding>> =
                    if cut.codings.is_empty() { vec![None] } else { cut.codings.iter().map(Some).collect() };
                for (n, coding) in codings.into_iter().enumerate() {
                    let mut document = self.of_passage(&turn, speaker, &words, part);
                    let quote = coding.map_or(0, |coding| match quotes.get(&coding.quote_id) {
                        Some(quote) => *quote,
                        None => {
                            numbers.quote += 1;
                            quotes.insert(coding.quote_id.clone(), numbers.quote);
                            numbers.quote
                        }
                    });
                    if let Some(coding) = coding {
                        self.add_coding(&mut document, coding, &mut names);
                    }
                    let c = self.columns;
                    for (field, value) in [
                        (c.passage, numbers.passage),
                        (c.of_turn, number),
                        (c.in_turn, of as u64),
                        (c.coding, n as u64),
                        (c.quote, quote),
                    ] {
                        document.count(field, value);
                    }
                    batch.documents.push(document);
                }
                numbers.passage += 1;
                batch.passages += 1;
            }
            batch.documents.push(self.of_turn(number, &stored.into(), part));
        }
        // Nobody asks which passage has a field, but whether any has.
        if batch.passages > 0
            && let Some(last) = batch.documents.last_mut()
        {
            last.text(self.fields.name, &Words::of(&names).taken());
        }
        batch
    }

    /// A document with what all those of a passage have.
    fn of_passage(&self, turn: &StoredTurn<'_>, speaker: &Known, words: &[Arc<str>; 3], part: u64) -> Document {
        let f = self.fields;
        let mut document = Document::with_room_for(VALUES + speaker.facets.len());
        document.count(f.part_of, part);
        self.add_known(&mut document, speaker);
        for (field, text) in [f.text, f.form, f.part].into_iter().zip(words) {
            document.text(field, text);
        }
        document.count(f.turn, u64::from(turn.number));
        if let Some(seconds) = seconds(&turn.time) {
            document.count(f.time, seconds);
        }
        document
    }

    /// What to filter, count and sort a coding by. The names of its fields go to the others.
    fn add_coding(&self, document: &mut Document, coding: &HitCoding, names: &mut BTreeSet<String>) {
        document.signed(self.fields.emotion, i64::from(coding.emotion));
        document.decimal(self.fields.confidence, decimal(coding.confidence));
        self.add_known(document, &Known::of_coding(coding, names));
    }

    /// The document of a turn, which stands behind those of its passages.
    fn of_turn(&self, number: u64, stored: &Arc<str>, part: u64) -> Document {
        let mut document = Document::with_room_for(4);
        document.count(self.fields.part_of, part);
        document.count(self.columns.of_turn, number);
        document.text(self.fields.payload, stored);
        document
    }

    fn add_known(&self, document: &mut Document, known: &Known) {
        document.text(self.fields.key, &known.keys);
        known.facets.iter().for_each(|facet| document.text(self.fields.facet, facet));
    }
}

/// Values of a passage's document, beside its speaker's facets.
const VALUES: usize = 16;

/// The words of a passage: their stems, their forms, and the words that they are compounded of.
#[derive(Default)]
struct Heard([Words; 3]);

impl Heard {
    fn hear(&mut self, dutch: &mut Dutch, text: &str) {
        let Self([stems, forms, parts]) = self;
        for placed in dutch.words(text) {
            stems.next(&placed.word.stem);
            placed.word.also.iter().for_each(|stem| stems.same(stem));
            placed.word.parts.iter().for_each(|stem| parts.next(stem));
            forms.next(&fold(&text[placed.place]));
        }
    }

    /// What was heard; it begins anew.
    fn joined(&mut self) -> [Arc<str>; 3] {
        self.0.each_mut().map(Words::taken)
    }
}

/// Bytes of facets that are joined: a column cuts a text behind 65,535.
const JOINED_AT_MOST: usize = 30_000;

/// What passages are filtered and counted by, joined.
struct Known {
    keys: Arc<str>,
    facets: Vec<Arc<str>>,
}

impl Known {
    /// What a coding says. No attribute is [called](attribute_name) as any of it. The names of its fields go to the others.
    fn of_coding(coding: &HitCoding, names: &mut BTreeSet<String>) -> Self {
        let (mut keys, mut facets) = (Words::default(), Words::default());
        for (name, value) in [
            ("fase", &coding.phase),
            ("categorie", &coding.category),
            ("code", &coding.code),
            ("contactmoment", &coding.touchpoint),
            ("status", &coding.status),
            ("emotie", &coding.emotion.to_string()),
        ] {
            if !value.is_empty() {
                keys.next_of([name, "=", &folded(value)]);
                facets.next_of([name, "=", &joined::unmarked(value)]);
                add_name(names, name);
            }
        }
        Self { keys: keys.taken(), facets: vec![facets.taken()] }
    }
}

fn add_name(names: &mut BTreeSet<String>, name: &str) {
    if !names.contains(name) {
        names.insert(name.to_owned());
    }
}

/// Fields with their values, folded to filter by and as written to count by.
#[derive(Clone, Default)]
struct Facets {
    keys: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Facets {
    /// Adds a field.
    fn put(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.keys.insert(key(name, value));
            self.values.insert(format!("{}={}", folded(name), joined::unmarked(value)));
        }
    }

    /// Adds the names of its fields to others.
    fn add_names(&self, names: &mut BTreeSet<String>) {
        for (name, _) in self.keys.iter().filter(|key| *key != EVERY).filter_map(|key| key.split_once('=')) {
            add_name(names, name);
        }
    }

    /// What is the same for all passages of an interview.
    fn of_interview(transcript: &Transcript) -> Self {
        let mut out = Self::default();
        out.keys.insert(EVERY.to_owned());
        out.put("interview", &transcript.interview);
        out.put("bestand", &transcript.file);
        for (name, value) in &transcript.attributes {
            let name = &attribute_name(name);
            out.put(name, value);
            out.keys.extend(tokens(value).map(|token| key(name, token.text)));
        }
        out
    }

    fn joined(&self) -> Known {
        let (mut facets, mut joined) = (Vec::new(), Words::default());
        for value in &self.values {
            if joined.length() + value.len() > JOINED_AT_MOST {
                facets.push(joined.taken());
            }
            joined.next(value);
        }
        facets.push(joined.taken());
        Known { keys: Words::of(&self.keys).taken(), facets }
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
        // 75:30 may be minutes, but 1:75 is no time.
        out = out * 60 + part.parse::<u64>().ok().filter(|part| valid && (n == 0 || *part < 60))?;
    }
    Some(out)
}

pub(crate) fn key(field: &str, value: &str) -> String {
    format!("{}={}", folded(field), folded(value))
}

/// Folded, and without the marks that part joined words.
fn folded(text: &str) -> Cow<'_, str> {
    match joined::unmarked(text) {
        Cow::Borrowed(text) => fold(text),
        Cow::Owned(text) => fold(&text).into_owned().into(),
    }
}
