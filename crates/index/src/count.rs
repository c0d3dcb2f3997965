//! How many of each?

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use tantivy::{
    DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

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
struct Counted<'a> {
    passage: u64,
    /// 0 where it is uncoded.
    quote: u64,
    interview: usize,
    /// A value each field.
    values: &'a [Option<usize>],
}

/// The names of values and interviews, as numbers.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let next = self.0.len();
        self.0.insert(name.to_owned(), next);
        next
    }
}

/// Hands each matching document with the values of some fields to `each`; the names of the values come back.
fn read(
    searcher: &Searcher,
    matches: &[(SegmentOrdinal, Vec<DocId>)],
    fields: &[&str],
    mut each: impl FnMut(&Counted<'_>),
) -> tantivy::Result<Vec<Vec<String>>> {
    let starts: Vec<String> = fields.iter().map(|field| format!("{field}=")).collect();
    let (mut interviews, mut names) =
        (Names::default(), vec![0; fields.len()].into_iter().map(|_| Names::default()).collect::<Vec<_>>());
    for (segment, docs) in matches {
        let columns = searcher.segment_reader(*segment).fast_fields();
        let (passage, quote) = (columns.u64("passage")?, columns.u64("quote")?);
        let Some(facet) = columns.str("facet")? else { continue };
        // Each facet of the segment is read once: for which fields it is a value, and whether it is an interview.
        let mut known: HashMap<u64, (Vec<(usize, usize)>, Option<usize>)> = HashMap::new();
        let mut values = vec![None; fields.len()];
        for &doc in docs {
            values.fill(None);
            let mut interview = 0;
            for ord in facet.term_ords(doc) {
                if !known.contains_key(&ord) {
                    let mut text = String::new();
                    facet.ord_to_str(ord, &mut text)?;
                    let is = |(n, start): (usize, &String)| {
                        text.strip_prefix(start.as_str()).map(|value| (n, names[n].number(value)))
                    };
                    let of = starts.iter().enumerate().filter_map(is).collect();
                    known.insert(ord, (of, text.strip_prefix("interview=").map(|name| interviews.number(name))));
                }
                let (of, number) = &known[&ord];
                of.iter().for_each(|(field, value)| values[*field] = Some(*value));
                interview = number.unwrap_or(interview);
            }
            each(&Counted {
                passage: passage.first(doc).unwrap_or(0),
                quote: quote.first(doc).unwrap_or(0),
                interview,
                values: &values,
            });
        }
    }
    Ok(names
        .into_iter()
        .map(|Names(numbers)| {
            let mut list = vec![String::new(); numbers.len()];
            numbers.into_iter().for_each(|(name, number)| list[number] = name);
            list
        })
        .collect())
}

/// Counts the values of `field` among the matches, most interviews first.
pub(crate) fn counted(
    searcher: &Searcher,
    matches: &[(SegmentOrdinal, Vec<DocId>)],
    field: &str,
) -> tantivy::Result<Vec<Count>> {
    let mut sets: HashMap<usize, [HashSet<u64>; 3]> = HashMap::new();
    let names = read(searcher, matches, &[field], |doc| {
        let Some(value) = doc.values[0] else { return };
        let [passages, quotes, interviews] = sets.entry(value).or_default();
        passages.insert(doc.passage);
        if doc.quote > 0 {
            quotes.insert(doc.quote);
        }
        interviews.insert(doc.interview as u64);
    })?;
    let mut out: Vec<Count> = sets
        .into_iter()
        .map(|(value, [passages, quotes, interviews])| Count {
            value: names[0][value].clone(),
            passages: passages.len(),
            quotes: quotes.len(),
            interviews: interviews.len(),
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
    type Sets = (HashSet<u64>, HashSet<usize>);
    let mut sets: HashMap<(Option<usize>, Option<usize>), Sets> = HashMap::new();
    let names = read(searcher, matches, &fields, |doc| {
        if doc.quote > 0 {
            let (quotes, interviews) = sets.entry((doc.values[0], doc.values[1])).or_default();
            quotes.insert(doc.quote);
            interviews.insert(doc.interview);
        }
    })?;
    let name = |field: usize, value: Option<usize>| value.map_or("", |v| names[field][v].as_str());
    let sorted: BTreeMap<(&str, &str), Sets> =
        sets.into_iter().map(|((row, column), set)| ((name(0, row), name(1, column)), set)).collect();
    let distinct = |mut values: Vec<&str>| -> Vec<String> {
        values.sort_unstable();
        values.dedup();
        values.into_iter().map(str::to_owned).collect()
    };
    let rows = distinct(sorted.keys().map(|k| k.0).collect());
    let columns = distinct(sorted.keys().map(|k| k.1).collect());
    let tally = |wanted: &dyn Fn(&str, &str) -> bool| {
        let mut all = Sets::default();
        for (_, (quotes, interviews)) in sorted.iter().filter(|((r, c), _)| wanted(r, c)) {
            all.0.extend(quotes);
            all.1.extend(interviews);
        }
        Tally { quotes: all.0.len(), interviews: all.1.len() }
    };
    let cell = |row: &str, column: &str| {
        sorted.get(&(row, column)).map_or(Tally::default(), |(q, i)| Tally { quotes: q.len(), interviews: i.len() })
    };
    Ok(Crosstab {
        cells: rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect(),
        row_totals: rows.iter().map(|row| tally(&|r, _| r == row)).collect(),
        column_totals: columns.iter().map(|column| tally(&|_, c| c == column)).collect(),
        total: tally(&|_, _| true),
        fields: fields.map(str::to_owned),
        rows,
        columns,
    })
}
