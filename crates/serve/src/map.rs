//! What the page of the journey shows: counts and feelings by phase. The whole journey, with its themes and moments, takes seconds
//! on many interviews, and this page is looked at between two decisions.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use klantreis_aggregation::{Score, Tally};
use klantreis_study::{Category, CodeId, CodedTranscript, PhaseId, Quote, Status, Study, quotes};

/// The journey in counts.
pub struct Map {
    /// Quotes that count: all but the rejected.
    pub n_quotes: usize,
    /// The categories, in the order of the rows.
    pub categories: Vec<Category>,
    /// Feelings by phase, in the order of the journey.
    pub feelings: BTreeMap<PhaseId, Score>,
    cells: BTreeMap<(PhaseId, Category), Cell>,
}

/// What is told of one category in one phase.
#[derive(Default)]
pub struct Cell {
    /// How much, by how many.
    pub count: Count,
    codes: BTreeMap<CodeId, Count>,
}

/// Quotes, and the interviews that they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Number of quotes.
    pub quotes: usize,
    /// Number of interviews.
    pub interviews: usize,
    /// The last interview that was counted, from 1.
    last: usize,
}

impl Count {
    /// Interviews come one after another.
    fn add(&mut self, interview: usize) {
        self.quotes += 1;
        self.interviews += usize::from(self.last != interview + 1);
        self.last = interview + 1;
    }
}

impl Cell {
    /// The codes, those of the most interviews first.
    pub fn codes(&self) -> Vec<(&CodeId, Count)> {
        let mut out: Vec<(&CodeId, Count)> = self.codes.iter().map(|(code, count)| (code, *count)).collect();
        out.sort_by_key(|(_, count)| Reverse((count.interviews, count.quotes)));
        out
    }
}

impl Map {
    /// Counts coded interviews.
    pub fn of(study: &Study, coded: &[Arc<CodedTranscript>]) -> Self {
        let mut own = BTreeSet::new();
        let mut tallies: BTreeMap<PhaseId, Tally> = BTreeMap::new();
        let mut cells: BTreeMap<(PhaseId, Category), Cell> = BTreeMap::new();
        let mut n_quotes = 0;
        let built_in = study.categories();
        for (t, interview) in coded.iter().enumerate() {
            for quote in quotes(interview).iter().filter(|q| q.status != Status::Rejected) {
                let Quote { phase, category, code, .. } = quote;
                n_quotes += 1;
                tallies.entry(phase.clone()).or_default().add(quote);
                let cell = cells.entry((phase.clone(), category.clone())).or_default();
                cell.count.add(t);
                if let Some(code) = code {
                    cell.codes.entry(code.clone()).or_default().add(t);
                }
                if !built_in.contains(category) {
                    own.insert(category.clone());
                }
            }
        }
        let categories = built_in.into_iter().chain(own).collect();
        let feelings = tallies.into_iter().map(|(phase, tally)| (phase, tally.score())).collect();
        Self { n_quotes, categories, feelings, cells }
    }

    /// A cell of the map; `None` where nothing is told.
    pub fn cell(&self, phase: &PhaseId, category: &Category) -> Option<&Cell> {
        self.cells.get(&(phase.clone(), category.clone()))
    }
}

#[cfg(test)]
mod tests {
    use klantreis_aggregation::journey;
    use klantreis_study::{Codebook, Coding, Confidence, Emotion, Role, Transcript, Turn};

    use super::*;

    /// An interview of one turn of ten sentences, coded without pattern.
    fn interview(n: usize) -> Arc<CodedTranscript> {
        let text = "Dit is zo. ".repeat(10);
        let sentences = (0..10).map(|s| 11 * s..11 * s + 10).collect();
        let turn =
            Turn { number: 1, speaker: "R".into(), role: Role::Respondent, start: None, end: None, text, sentences };
        let transcript = Transcript {
            file: format!("{n}.txt"),
            interview: n.to_string(),
            attributes: BTreeMap::new(),
            turns: vec![turn],
            problems: Vec::new(),
        };
        let coding = |s: usize| {
            let k = (7 * n + 3 * s) % 12;
            Coding {
                turn: 0,
                sentences: s..s + 1,
                category: Category::new(["pijnpunt", "winst", "eigen"][k % 3]).unwrap(),
                code: (!k.is_multiple_of(4)).then(|| CodeId::new(["a", "b"][k % 2]).unwrap()),
                phase: PhaseId::new(["vooraf", "tijdens"][(k / 3) % 2]).unwrap(),
                touchpoint: None,
                emotion: Emotion::new(k as i8 % 5 - 2).unwrap(),
                confidence: Confidence::CERTAIN,
                status: if k == 5 { Status::Rejected } else { Status::Auto },
                reasons: Vec::new(),
            }
        };
        Arc::new(CodedTranscript { transcript, codings: (0..10).map(coding).collect() })
    }

    #[test]
    fn it_counts_what_the_whole_journey_counts() {
        let study = Study::parse("").unwrap();
        let coded: Vec<_> = (0..7).map(interview).collect();
        let all: Vec<Quote> = coded.iter().flat_map(|c| quotes(c)).collect();
        let names: Vec<String> = coded.iter().map(|c| c.transcript.interview.clone()).collect();
        let whole = journey(&study, &Codebook::default(), &all, &names);
        let map = Map::of(&study, &coded);
        assert_eq!(map.n_quotes, whole.n_quotes);
        for phase in &whole.phases {
            let id = &phase.phase.id;
            assert_eq!(map.feelings.get(id), Some(&phase.emotion).filter(|e| e.n_quotes > 0));
            assert_eq!(map.categories, phase.cells.iter().map(|c| c.category.clone()).collect::<Vec<_>>());
            for cell in &phase.cells {
                let mine = map.cell(id, &cell.category);
                let counts = |c: Count| (c.quotes, c.interviews);
                assert_eq!(mine.map_or((0, 0), |c| counts(c.count)), (cell.n_quotes, cell.n_interviews));
                let named = cell.items.iter().filter_map(|i| Some((i.code.as_ref()?, (i.n_quotes, i.n_interviews))));
                let codes = mine.map_or_else(Vec::new, Cell::codes);
                let codes: Vec<_> = codes.into_iter().map(|(code, count)| (code, counts(count))).collect();
                assert_eq!(codes, named.collect::<Vec<_>>());
            }
        }
    }
}
