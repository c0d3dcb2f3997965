//! In what order, and how many of each?

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

/// The order of the hits; ties go by file, turn, sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sort {
    /// By file, turn, sentence.
    #[default]
    Place,
    /// Best match first.
    Relevance,
    /// Most negative first; uncoded passages last.
    Emotion,
    /// Surest first; uncoded passages last.
    Confidence,
}

/// How many hits, and in what order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// At most this many.
    pub limit: usize,
    /// The order.
    pub sort: Sort,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { limit: 50, sort: Sort::Place }
    }
}

/// How often a value occurs among the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value.
    pub value: String,
    /// Number of passages.
    pub passages: usize,
    /// Number of interviews.
    pub interviews: usize,
}

/// Collects every matching passage with its score.
pub(crate) struct Matches;

pub(crate) struct SegmentMatches {
    segment: SegmentOrdinal,
    found: Vec<(DocAddress, Score)>,
}

impl Collector for Matches {
    type Fruit = Vec<(DocAddress, Score)>;
    type Child = SegmentMatches;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        Ok(SegmentMatches { segment, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<(DocAddress, Score)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.found.push((DocAddress::new(self.segment, doc), score));
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}

/// The first matches in the order of `options`.
pub(crate) fn ranked(
    searcher: &Searcher,
    mut matches: Vec<(DocAddress, Score)>,
    options: &SearchOptions,
) -> tantivy::Result<Vec<(DocAddress, Score)>> {
    matches.sort_by_key(|m| m.0);
    let mut files: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(matches.len());
    for part in matches.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let columns = searcher.segment_reader(part[0].0.segment_ord).fast_fields();
        let (turn, sentence) = (columns.u64("turn")?, columns.u64("sentence")?);
        let (emotion, confidence) = (columns.i64("emotion")?, columns.f64("confidence")?);
        let Some(file) = columns.str("file")? else { continue };
        let mut by_file: HashMap<u64, Vec<usize>> = HashMap::new();
        for &(address, score) in part {
            let doc = address.doc_id;
            let weight = match options.sort {
                Sort::Place => 0.0,
                // Rounded: a sum of floats may differ in its last bits with the order of the segments' postings.
                Sort::Relevance => -(f64::from(score) * 1e4).round(),
                Sort::Emotion => emotion.values_for_doc(doc).min().map_or(f64::INFINITY, |v| v as f64),
                Sort::Confidence => -confidence.values_for_doc(doc).fold(-1.0, f64::max),
            };
            if let Some(ord) = file.term_ords(doc).next() {
                by_file.entry(ord).or_default().push(rows.len());
            }
            let place = (turn.first(doc).unwrap_or(0), sentence.first(doc).unwrap_or(0));
            rows.push((weight, 0usize, place, address, score));
        }
        for (ord, of) in by_file {
            let mut name = String::new();
            file.ord_to_str(ord, &mut name)?;
            files.entry(name).or_default().extend(of);
        }
    }
    for (rank, of) in files.values().enumerate() {
        for &row in of {
            rows[row].1 = rank;
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    rows.truncate(options.limit);
    Ok(rows.into_iter().map(|row| (row.3, row.4)).collect())
}

/// Counts the values of `field` among the matches, most interviews first.
pub(crate) fn counted(
    searcher: &Searcher,
    mut matches: Vec<(DocAddress, Score)>,
    field: &str,
) -> tantivy::Result<Vec<Count>> {
    matches.sort_by_key(|m| m.0);
    let (own, interview) = (format!("{field}="), "interview=");
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut counts: HashMap<String, (usize, HashSet<usize>)> = HashMap::new();
    for part in matches.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let columns = searcher.segment_reader(part[0].0.segment_ord).fast_fields();
        let Some(facet) = columns.str("facet")? else { continue };
        // Each facet of the segment is read once: its value where it is counted, its number where it is an interview.
        let mut known: HashMap<u64, (Option<String>, Option<usize>)> = HashMap::new();
        for &(address, _) in part {
            let ords: Vec<u64> = facet.term_ords(address.doc_id).collect();
            for &ord in &ords {
                if known.contains_key(&ord) {
                    continue;
                }
                let mut text = String::new();
                facet.ord_to_str(ord, &mut text)?;
                let number = text.strip_prefix(interview).map(|name| {
                    let next = names.len();
                    *names.entry(name.to_owned()).or_insert(next)
                });
                known.insert(ord, (text.strip_prefix(&own).map(str::to_owned), number));
            }
            let number = ords.iter().find_map(|ord| known[ord].1);
            for value in ords.iter().filter_map(|ord| known[ord].0.as_ref()) {
                if !counts.contains_key(value) {
                    counts.insert(value.clone(), Default::default());
                }
                if let Some(count) = counts.get_mut(value) {
                    count.0 += 1;
                    count.1.extend(number);
                }
            }
        }
    }
    let mut out: Vec<Count> = counts
        .into_iter()
        .map(|(value, (passages, interviews))| Count { value, passages, interviews: interviews.len() })
        .collect();
    out.sort_by(|a, b| (b.interviews, b.passages, &a.value).cmp(&(a.interviews, a.passages, &b.value)));
    Ok(out)
}
