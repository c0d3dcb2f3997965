//! How many of each?

use rustc_hash::FxHashMap;
use serde::Serialize;
use tantivy::{
    DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use crate::joined;

/// How often a value occurs among the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value.
    pub value: String,
    /// Number of passages.
    pub passages: usize,
    /// Number of quotes: codings of passages.
    pub quotes: usize,
    /// Number of interviews.
    pub interviews: usize,
}

/// Quotes and interviews in a cell of a crosstab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Number of quotes.
    pub quotes: usize,
    /// Number of interviews that they come from.
    pub interviews: usize,
}

/// Quotes counted by two fields. A quote without a value, say without a code, counts under the empty value, so that the
/// totals are those of all quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crosstab {
    /// The two fields: of the rows, of the columns.
    pub fields: [String; 2],
    /// The values of the first field.
    pub rows: Vec<String>,
    /// The values of the second field.
    pub columns: Vec<String>,
    /// A row each, a cell each column.
    pub cells: Vec<Vec<Tally>>,
    /// Whole rows; interviews are counted once.
    pub row_totals: Vec<Tally>,
    /// Whole columns; interviews are counted once.
    pub column_totals: Vec<Tally>,
    /// Everything.
    pub total: Tally,
}

impl Crosstab {
    /// Puts rows and columns in an order of one's own: `place` says of a field's value where it belongs.
    pub fn sort_by_key<K: Ord>(&mut self, place: impl Fn(&str, &str) -> K) {
        let order = |field: &str, values: &[String]| {
            let mut order: Vec<usize> = (0..values.len()).collect();
            order.sort_by_key(|n| place(field, &values[*n]));
            order
        };
        let (rows, columns) = (order(&self.fields[0], &self.rows), order(&self.fields[1], &self.columns));
        let pick = |cells: &[Tally]| -> Vec<Tally> { columns.iter().map(|c| cells[*c]).collect() };
        self.cells = rows.iter().map(|r| pick(&self.cells[*r])).collect();
        self.column_totals = pick(&self.column_totals);
        self.row_totals = rows.iter().map(|r| self.row_totals[*r]).collect();
        self.rows = rows.iter().map(|r| self.rows[*r].clone()).collect();
        self.columns = columns.iter().map(|c| self.columns[*c].clone()).collect();
    }
}

/// Collects every matching document.
pub(crate) struct All;

pub(crate) struct SegmentAll(SegmentOrdinal, Vec<DocId>);

impl Collector for All {
    type Fruit = Vec<(SegmentOrdinal, Vec<DocId>)>;
    type Child = SegmentAll;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentAll> {
        Ok(SegmentAll(segment, Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, parts: Vec<(SegmentOrdinal, Vec<DocId>)>) -> tantivy::Result<Self::Fruit> {
        Ok(parts)
    }
}

impl SegmentCollector for SegmentAll {
    type Fruit = (SegmentOrdinal, Vec<DocId>);

    fn collect(&mut self, doc: DocId, _: Score) {
        self.1.push(doc);
    }

    fn harvest(self) -> Self::Fruit {
        (self.0, self.1)
    }
}

/// One matching document with what it counts as.
struct Counted {
    passage: u64,
    /// 0 where it is uncoded.
    quote: u64,
    interview: u32,
    /// A value for each of at most two fields.
    values: [u32; 2],
}

/// No value.
const NONE: u32 = u32::MAX;

/// What a facet of a segment, which joins several fields with their values, stands for.
#[derive(Clone, Copy)]
struct Facet {
    values: [u32; 2],
    interview: u32,
}

/// The names of values, as numbers.
#[derive(Default)]
struct Names(FxHashMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let next = self.0.len() as u32;
        self.0.insert(name.to_owned(), next);
        next
    }

    fn list(self) -> Vec<String> {
        let mut list = vec![String::new(); self.0.len()];
        self.0.into_iter().for_each(|(name, number)| list[number as usize] = name);
        list
    }
}

/// Hands each matching document with the values of one or two fields to `each`; the names of the values come back.
///
/// Documents come in the order in which they were added within each part of the index, and no interview is in two parts:
/// those of an interview, a turn and a passage are neighbours.
fn read(
    searcher: &Searcher,
    matches: &[(SegmentOrdinal, Vec<DocId>)],
    fields: &[&str],
    mut each: impl FnMut(&Counted),
) -> tantivy::Result<[Vec<String>; 2]> {
    let starts: Vec<String> = fields.iter().map(|field| format!("{field}=")).collect();
    let (mut interviews, mut names) = (Names::default(), [Names::default(), Names::default()]);
    for (segment, docs) in matches {
        let columns = searcher.segment_reader(*segment).fast_fields();
        let (passage, quote) = (columns.u64("passage")?, columns.u64("quote")?);
        let Some(facet) = columns.str("facet")? else { continue };
        let mut known: Vec<Option<Facet>> = vec![None; facet.num_terms()];
        for &doc in docs {
            let mut counted = Counted {
                passage: passage.first(doc).unwrap_or(0),
                quote: quote.first(doc).unwrap_or(0),
                interview: NONE,
                values: [NONE; 2],
            };
            for ord in facet.term_ords(doc) {
                let facet = match known[ord as usize] {
                    Some(facet) => facet,
                    None => {
                        let mut text = String::new();
                        facet.ord_to_str(ord, &mut text)?;
                        let mut new = Facet { values: [NONE; 2], interview: NONE };
                        for part in joined::parts(&text) {
                            for (n, start) in starts.iter().enumerate() {
                                let value = part.strip_prefix(start.as_str()).map_or(NONE, |v| names[n].number(v));
                                new.values[n] = new.values[n].min(value);
                            }
                            let interview = part.strip_prefix("interview=");
                            let interview = interview.map_or(NONE, |name| interviews.number(name));
                            new.interview = new.interview.min(interview);
                        }
                        *known[ord as usize].insert(new)
                    }
                };
                counted.interview = counted.interview.min(facet.interview);
                for (value, of) in counted.values.iter_mut().zip(facet.values) {
                    *value = (*value).min(of);
                }
            }
            each(&counted);
        }
    }
    Ok(names.map(Names::list))
}

/// Numbers that were seen, one bit each: they come in runs, with room between the parts of a large corpus.
#[derive(Default)]
struct Seen(FxHashMap<u64, u64>);

impl Seen {
    /// Whether this is the first time.
    fn first(&mut self, number: u64) -> bool {
        let bit = 1 << (number % 64);
        let word = self.0.entry(number / 64).or_default();
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// A count that knows which passage and interview it counted last: each comes in one piece.
#[derive(Clone, Copy)]
struct Running {
    passages: usize,
    tally: Tally,
    passage: u64,
    interview: u32,
}

impl Default for Running {
    fn default() -> Self {
        Self { passages: 0, tally: Tally::default(), passage: u64::MAX, interview: NONE }
    }
}

impl Running {
    fn add(&mut self, doc: &Counted, new_quote: bool) {
        self.passages += usize::from(self.passage != doc.passage);
        self.tally.interviews += usize::from(self.interview != doc.interview);
        self.tally.quotes += usize::from(new_quote);
        (self.passage, self.interview) = (doc.passage, doc.interview);
    }
}

/// Counts the values of `field` among the matches, most interviews first.
pub(crate) fn counted(
    searcher: &Searcher,
    matches: &[(SegmentOrdinal, Vec<DocId>)],
    field: &str,
) -> tantivy::Result<Vec<Count>> {
    let (mut counts, mut seen): (FxHashMap<u32, Running>, _) = (FxHashMap::default(), Seen::default());
    let [names, _] = read(searcher, matches, &[field], |doc| {
        if doc.values[0] != NONE {
            let new_quote = doc.quote > 0 && seen.first(doc.quote);
            counts.entry(doc.values[0]).or_default().add(doc, new_quote);
        }
    })?;
    let mut out: Vec<Count> = counts
        .into_iter()
        .map(|(value, count)| Count {
            value: names[value as usize].clone(),
            passages: count.passages,
            quotes: count.tally.quotes,
            interviews: count.tally.interviews,
        })
        .collect();
    out.sort_by(|a, b| (b.interviews, b.passages, &a.value).cmp(&(a.interviews, a.passages, &b.value)));
    Ok(out)
}

/// Counts the quotes among the matches by two fields, values in alphabetical order.
pub(crate) fn crosstab(
    searcher: &Searcher,
    matches: &[(SegmentOrdinal, Vec<DocId>)],
    fields: [&str; 2],
) -> tantivy::Result<Crosstab> {
    let mut cells: FxHashMap<[u32; 2], Running> = FxHashMap::default();
    let mut totals: [FxHashMap<u32, Running>; 2] = Default::default();
    let (mut total, mut seen) = (Running::default(), Seen::default());
    let names = read(searcher, matches, &fields, |doc| {
        if doc.quote > 0 {
            // A quote over several passages has the same values in each.
            let new = seen.first(doc.quote);
            cells.entry(doc.values).or_default().add(doc, new);
            totals.iter_mut().zip(doc.values).for_each(|(all, value)| all.entry(value).or_default().add(doc, new));
            total.add(doc, new);
        }
    })?;
    let in_order = |n: usize| {
        let named = totals[n].keys().map(|&v| (names[n].get(v as usize).map_or("", String::as_str), v));
        let mut list: Vec<(&str, u32)> = named.collect();
        list.sort_unstable();
        list
    };
    let (rows, columns) = (in_order(0), in_order(1));
    let cell = |row: u32, column: u32| cells.get(&[row, column]).map_or(Tally::default(), |c| c.tally);
    Ok(Crosstab {
        fields: fields.map(str::to_owned),
        cells: rows.iter().map(|r| columns.iter().map(|c| cell(r.1, c.1)).collect()).collect(),
        row_totals: rows.iter().map(|r| totals[0][&r.1].tally).collect(),
        column_totals: columns.iter().map(|c| totals[1][&c.1].tally).collect(),
        total: total.tally,
        rows: rows.into_iter().map(|r| r.0.to_owned()).collect(),
        columns: columns.into_iter().map(|c| c.0.to_owned()).collect(),
    })
}
