//! What the themes of two rounds are about: which are the same, and who speaks of one where too few did to make it one.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Quote, Status};

use super::Round;
use crate::{
    cluster::{Vector, cosine},
    measures::{Measure, MeasureKind},
    naming::Text,
    vocabulary::Vocabulary,
};

/// Themes are the same, and a quote is on the same thing as a theme, where their words are alike by this (cosine of tf-idf).
pub const SAME: f64 = 0.25;

/// Words that a quote shares with a theme at least: with a single one, most are about different things.
const SHARED: usize = 2;

/// The words of two rounds.
pub struct Talk<'a> {
    /// Of each side: the themes among its measures, empty for other measures.
    themes: [Vec<Vector>; 2],
    /// Of each side: its quotes that count.
    quotes: [Vec<(&'a Quote, Vector)>; 2],
    interviews: [&'a [String]; 2],
}

impl<'a> Talk<'a> {
    /// Reads both sides. A word weighs by how few themes have it.
    pub fn of(rounds: [Round<'a>; 2], measures: [&[Measure]; 2]) -> Self {
        let mut vocabulary = Vocabulary::new();
        let said = rounds.map(|round| {
            let count = round.quotes.iter().filter(|q| q.status != Status::Rejected);
            count.map(|quote| (quote, Text::new(&quote.quote, &mut vocabulary).stems)).collect::<Vec<_>>()
        });
        let counts: [Vec<BTreeMap<usize, f64>>; 2] = std::array::from_fn(|side| {
            let by_id: BTreeMap<&str, &BTreeSet<usize>> = said[side].iter().map(|(q, s)| (q.id.as_str(), s)).collect();
            let count = |measure: &Measure| {
                let mut stems: BTreeMap<usize, f64> = BTreeMap::new();
                for id in measure.quotes.values().flatten().filter(|_| measure.kind == MeasureKind::Theme) {
                    for stem in by_id.get(id.as_str()).into_iter().copied().flatten() {
                        *stems.entry(*stem).or_default() += 1.0;
                    }
                }
                stems
            };
            measures[side].iter().map(count).collect()
        });
        let mut themes_with: BTreeMap<usize, f64> = BTreeMap::new();
        for stem in counts.iter().flatten().flat_map(BTreeMap::keys) {
            *themes_with.entry(*stem).or_default() += 1.0;
        }
        let n = counts.iter().flatten().count() as f64;
        let weight = |stem: usize| (1.0 + n / themes_with.get(&stem).copied().unwrap_or(1.0)).ln();
        let vector = |stems: &mut dyn Iterator<Item = (usize, f64)>| {
            let mut vector: Vector = stems.map(|(stem, count)| (stem, count * weight(stem))).collect();
            let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|(_, w)| *w /= length);
            }
            vector
        };
        Self {
            themes: counts.map(|side| side.into_iter().map(|stems| vector(&mut stems.into_iter())).collect()),
            quotes: said.map(|side| {
                let one = |(quote, stems): (&'a Quote, BTreeSet<usize>)| {
                    (quote, vector(&mut stems.into_iter().map(|stem| (stem, 1.0))))
                };
                side.into_iter().map(one).collect()
            }),
            interviews: rounds.map(|round| round.journey.interviews.as_slice()),
        }
    }

    /// How alike theme `i` of the first and theme `j` of the second side are, 0…1.
    pub fn likeness(&self, i: usize, j: usize) -> f64 {
        cosine(&self.themes[0][i], &self.themes[1][j])
    }

    /// Who of the other side speaks of a theme that it does not have: quotes of the category that are not in a theme of
    /// which it is known what it is (`known`, by id). `None` if nobody does.
    pub fn echo(&self, side: usize, at: usize, theme: &Measure, known: &BTreeSet<&str>) -> Option<Measure> {
        let (other, mine) = (1 - side, &self.themes[side][at]);
        let about = |(quote, vector): &&(&Quote, Vector)| {
            let shared = vector.iter().filter(|(stem, _)| mine.binary_search_by_key(stem, |(s, _)| *s).is_ok()).count();
            Some(&quote.category) == theme.category.as_ref()
                && !known.contains(quote.id.as_str())
                && shared >= SHARED
                && cosine(mine, vector) >= SAME
        };
        let mut quotes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (quote, _) in self.quotes[other].iter().filter(about) {
            quotes.entry(quote.interview.clone()).or_default().push(quote.id.clone());
        }
        let speaks = |name: &String| (name.clone(), f64::from(u8::from(quotes.contains_key(name))));
        let voices = self.interviews[other].iter().map(speaks).collect();
        (!quotes.is_empty()).then(|| Measure { voices, quotes, ..theme.clone() })
    }
}
