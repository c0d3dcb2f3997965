use std::collections::{BTreeMap, BTreeSet};

use klantreis_aggregation::Journey;
use klantreis_study::{Codebook, CodedTranscript, Language, Problem, Quote, Status, Study};

use crate::{page::Page, words::pick};

/// Everything that a workbook, a report or a picture is made from.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The study: its title, goal, phases and language.
    pub study: &'a Study,
    /// The codes with their definitions.
    pub codebook: &'a Codebook,
    /// The interviews, also those without a quote.
    pub transcripts: &'a [CodedTranscript],
    /// All quotes, rejected ones too.
    pub quotes: &'a [Quote],
    /// What was counted from them.
    pub journey: &'a Journey,
    /// What was skipped or guessed.
    pub problems: &'a [Problem],
    /// What else readers must know of how it was made, a paragraph each.
    pub about: &'a [String],
    /// The attribute of the interviews to break numbers down by; left out, [`Report::attribute`] picks one.
    pub by: Option<&'a str>,
}

/// Why an output can't be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The workbook.
    #[error("the Excel workbook can't be made: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The Word document.
    #[error("the Word document can't be packed: {0}")]
    Document(zip::result::ZipError),
    /// The picture.
    #[error("the picture can't be drawn: {0}")]
    Picture(String),
}

/// The interviews that share a value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The value, such as "starter".
    pub value: String,
    /// The interviews that have it.
    pub interviews: BTreeSet<String>,
}

/// Values beyond this make columns that no one reads.
const MOST_GROUPS: usize = 8;

impl<'a> Report<'a> {
    /// The page to open by double-click.
    pub fn page(&self) -> Page<'a> {
        let Self { study, quotes, journey, transcripts, problems, about, .. } = *self;
        Page { study, quotes, journey, transcripts, problems, about }
    }

    /// The attribute that numbers are broken down by: the one that was asked for; else `segment`; else the first by
    /// name with two to eight values. `None` where the interviews have no such attribute.
    pub fn attribute(&self) -> Option<&str> {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, value) in self.transcripts.iter().flat_map(|t| &t.transcript.attributes) {
            values.entry(key).or_default().insert(value);
        }
        if let Some(asked) = self.by {
            return values.get_key_value(asked).map(|(key, _)| *key);
        }
        values.retain(|_, values| (2..=MOST_GROUPS).contains(&values.len()));
        values.get_key_value("segment").or_else(|| values.first_key_value()).map(|(key, _)| *key)
    }

    /// The interviews by their value of [`Report::attribute`], in the order of the values; those without one are last.
    pub fn groups(&self) -> Vec<Group> {
        let Some(attribute) = self.attribute() else { return Vec::new() };
        let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut without = BTreeSet::new();
        for transcript in self.transcripts.iter().map(|t| &t.transcript) {
            let interviews = match transcript.attributes.get(attribute) {
                Some(value) => groups.entry(value).or_default(),
                None => &mut without,
            };
            interviews.insert(transcript.interview.clone());
        }
        let mut groups: Vec<Group> =
            groups.into_iter().map(|(value, interviews)| Group { value: value.to_owned(), interviews }).collect();
        if !without.is_empty() {
            groups.push(Group { value: self.say("(niet ingevuld)", "(not given)").to_owned(), interviews: without });
        }
        groups
    }

    /// The quotes that count.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Quote> {
        self.quotes.iter().filter(|q| q.status != Status::Rejected)
    }

    pub(crate) fn is_english(&self) -> bool {
        self.study.language == Language::English
    }

    pub(crate) fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }
}
