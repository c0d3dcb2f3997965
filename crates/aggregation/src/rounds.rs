//! Two journeys held against each other: before and after, or one place and another.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Quote, Study};
use serde::Serialize;

use crate::{
    cluster::{Vector, cosine},
    comparison::{Comparison, benjamini_hochberg, compare_means, compare_pairs},
    journey::Journey,
    measures::{Measure, MeasureKind, measures},
    naming::Text,
    vocabulary::Vocabulary,
};

/// One of two journeys, with the quotes that it was made of.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its journey.
    pub journey: &'a Journey,
    /// Its quotes.
    pub quotes: &'a [Quote],
}

/// What has become of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Spoken of in the second only.
    New,
    /// Spoken of in the first only.
    Gone,
    /// A higher emotion, fewer pains or more gains, beyond chance.
    Better,
    /// The opposite, beyond chance.
    Worse,
    /// Another number of needs or activities, beyond chance: neither good nor bad.
    Different,
    /// No difference beyond chance, or too few interviews to tell.
    Unclear,
}

/// Something that both or one of two journeys tell of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What was measured.
    pub kind: MeasureKind,
    /// The phase, touchpoint or theme: of the second journey, if it has it.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The name in the first journey, where it differs: themes are matched by words.
    pub label_before: Option<String>,
    /// The category, for numbers of quotes and themes.
    pub category: Option<Category>,
    /// What has become of it.
    pub change: ChangeKind,
    /// Means over interviews, first and second.
    pub means: (Option<f64>, Option<f64>),
    /// Second less first; `None` where one has no voice. Of two rounds with the same people: over the interviews that
    /// are in both.
    pub comparison: Option<Comparison>,
    /// The false discovery rate among the tests of this kind.
    pub q: Option<f64>,
    /// Interviews that speak of it, first and second.
    pub n_interviews: (usize, usize),
    /// The quotes of each, by id.
    pub quote_ids: (Vec<String>, Vec<String>),
}

/// What two journeys have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Nothing: other people, or another place. Interviews of the same name are others.
    Apart,
    /// Interviews of the same name are the same: each is held against itself. Nothing is tested on fewer than three.
    Paired,
}

/// A difference found at this false discovery rate is beyond chance.
const BEYOND_CHANCE: f64 = 0.05;

/// Themes are the same where the words of their quotes are alike by this (cosine of tf-idf).
const SAME_THEME: f64 = 0.25;

/// Compares two journeys measure by measure: phases and touchpoints by id, else by name; themes of a category by words.
pub fn changes(before: Round<'_>, after: Round<'_>, design: Design) -> Vec<Change> {
    let first = measures(before.study, before.journey, before.quotes);
    let second = measures(after.study, after.journey, after.quotes);
    let pairs = pair(&first, &second, before.quotes, after.quotes);
    let mut out: Vec<Change> = pairs.into_iter().map(|(a, b)| change(a, b, design)).collect();
    let kinds: BTreeSet<MeasureKind> = out.iter().map(|c| c.kind).collect();
    for kind in kinds {
        let mut mine: Vec<&mut Change> = out.iter_mut().filter(|c| c.kind == kind).collect();
        let ps: Vec<Option<f64>> = mine.iter().map(|c| c.comparison.and_then(|c| c.p)).collect();
        for (change, q) in mine.iter_mut().zip(benjamini_hochberg(&ps)) {
            change.q = q;
            if change.change == ChangeKind::Unclear && q.is_some_and(|q| q <= BEYOND_CHANCE) {
                change.change = direction(change);
            }
        }
    }
    out.sort_by(|a, b| {
        let size = |c: &Change| c.comparison.map_or(0.0, |c| c.difference.abs());
        a.kind.cmp(&b.kind).then(a.change.cmp(&b.change)).then(size(b).total_cmp(&size(a)))
    });
    out
}

fn direction(change: &Change) -> ChangeKind {
    let up = change.comparison.is_some_and(|c| c.difference > 0.0);
    let good = match (change.kind, &change.category) {
        (MeasureKind::PhaseEmotion | MeasureKind::TouchpointEmotion, _) => up,
        (_, Some(category)) if *category == Category::pain() => !up,
        (_, Some(category)) if *category == Category::gain() => up,
        _ => return ChangeKind::Different,
    };
    if good { ChangeKind::Better } else { ChangeKind::Worse }
}

fn change(a: Option<&Measure>, b: Option<&Measure>, design: Design) -> Change {
    let values =
        |m: Option<&Measure>| -> Vec<f64> { m.map(|m| m.voices.values().copied().collect()).unwrap_or_default() };
    let mean = |v: &[f64]| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
    let speaking = |m: Option<&Measure>| m.map_or(0, |m| m.quotes.len());
    let ids = |m: Option<&Measure>| m.map(|m| m.quotes.values().flatten().cloned().collect()).unwrap_or_default();
    let (first, second) = (values(a), values(b));
    let comparison = match (design, a.zip(b)) {
        (Design::Apart, _) => compare_means(&second, &first),
        (Design::Paired, Some((a, b))) => {
            let both = a.voices.iter().filter_map(|(name, before)| Some(b.voices.get(name)? - before));
            compare_pairs(&both.collect::<Vec<_>>())
        }
        (Design::Paired, None) => None,
    };
    let change = match (speaking(a), speaking(b)) {
        (0, n) if n > 0 => ChangeKind::New,
        (n, 0) if n > 0 => ChangeKind::Gone,
        _ => ChangeKind::Unclear,
    };
    // One of the two is there.
    let named = b.or(a);
    Change {
        kind: named.map_or(MeasureKind::Theme, |m| m.kind),
        id: named.map(|m| m.id.clone()).unwrap_or_default(),
        label: named.map(|m| m.label.clone()).unwrap_or_default(),
        label_before: a.zip(b).filter(|(a, b)| a.label != b.label).map(|(a, _)| a.label.clone()),
        category: named.and_then(|m| m.category.clone()),
        change,
        means: (mean(&first), mean(&second)),
        comparison,
        q: None,
        n_interviews: (speaking(a), speaking(b)),
        quote_ids: (ids(a), ids(b)),
    }
}

type Pair<'a> = (Option<&'a Measure>, Option<&'a Measure>);

/// Each measure with its like on the other side, or with none.
fn pair<'a>(first: &'a [Measure], second: &'a [Measure], before: &[Quote], after: &[Quote]) -> Vec<Pair<'a>> {
    let fits = |a: &Measure, b: &Measure| a.kind == b.kind && a.category == b.category;
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut partner: BTreeMap<usize, usize> = BTreeMap::new();
    let mut candidates: Vec<(i64, usize, usize)> = Vec::new();
    let vectors = theme_vectors(&[(first, before), (second, after)]);
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate().filter(|(_, b)| fits(a, b)) {
            let likeness = if a.kind == MeasureKind::Theme {
                cosine(&vectors[0][i], &vectors[1][j])
            } else if a.id == b.id {
                2.0
            } else if a.label.to_lowercase() == b.label.to_lowercase() {
                1.0
            } else {
                0.0
            };
            if likeness >= SAME_THEME {
                candidates.push((-(likeness * 1e6).round() as i64, i, j));
            }
        }
    }
    candidates.sort_unstable();
    for (_, i, j) in candidates {
        if !partner.contains_key(&i) && !taken.contains(&j) {
            partner.insert(i, j);
            taken.insert(j);
        }
    }
    let both = first.iter().enumerate().map(|(i, a)| (Some(a), partner.get(&i).map(|j| &second[*j])));
    let rest = second.iter().enumerate().filter(|(j, _)| !taken.contains(j)).map(|(_, b)| (None, Some(b)));
    both.chain(rest).collect()
}

/// The tf-idf of the quotes of each theme, over both sides; empty for other measures.
fn theme_vectors(sides: &[(&[Measure], &[Quote]); 2]) -> [Vec<Vector>; 2] {
    let mut vocabulary = Vocabulary::new();
    let mut counts: [Vec<BTreeMap<usize, f64>>; 2] = [Vec::new(), Vec::new()];
    for (side, (measures, quotes)) in sides.iter().enumerate() {
        let by_id: BTreeMap<&str, &Quote> = quotes.iter().map(|q| (q.id.as_str(), q)).collect();
        for measure in *measures {
            let mut stems: BTreeMap<usize, f64> = BTreeMap::new();
            for id in measure.quotes.values().flatten().filter(|_| measure.kind == MeasureKind::Theme) {
                if let Some(quote) = by_id.get(id.as_str()) {
                    for stem in Text::new(&quote.quote, &mut vocabulary).stems {
                        *stems.entry(stem).or_default() += 1.0;
                    }
                }
            }
            counts[side].push(stems);
        }
    }
    let mut themes_with: BTreeMap<usize, f64> = BTreeMap::new();
    for stem in counts.iter().flatten().flat_map(BTreeMap::keys) {
        *themes_with.entry(*stem).or_default() += 1.0;
    }
    let n = counts.iter().flatten().count() as f64;
    counts.map(|side| {
        let vector = |stems: BTreeMap<usize, f64>| {
            let mut vector: Vector =
                stems.into_iter().map(|(stem, count)| (stem, count * (1.0 + n / themes_with[&stem]).ln())).collect();
            let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|(_, w)| *w /= length);
            }
            vector
        };
        side.into_iter().map(vector).collect()
    })
}

#[cfg(test)]
mod tests {
    use klantreis_study::Codebook;

    use super::*;
    use crate::{
        journey::journey,
        sample::{quote, study},
    };

    fn round(emotion: i8, thing: &str, n: usize) -> Vec<Quote> {
        let all = ["a", "b", "c", "d", "e", "f"].iter().take(n);
        all.map(|name| Quote {
            quote: format!("Het {thing} deed het weer, zei {name}"),
            ..quote(&format!("{name}:1p"), "pijnpunt", emotion)
        })
        .collect()
    }

    fn compared(before: &[Quote], after: &[Quote], design: Design) -> Vec<Change> {
        let study = study();
        let [a, b] = [before, after].map(|quotes| journey(&study, &Codebook::default(), quotes, &[]));
        let before = Round { study: &study, journey: &a, quotes: before };
        let after = Round { study: &study, journey: &b, quotes: after };
        changes(before, after, design)
    }

    fn kinds(found: Vec<Change>) -> Vec<(MeasureKind, String, ChangeKind)> {
        found.into_iter().map(|c| (c.kind, c.label, c.change)).collect()
    }

    #[test]
    fn what_is_new_gone_and_better_is_told() {
        let found = kinds(compared(&round(-2, "wachtwoord", 6), &round(1, "formulier", 6), Design::Apart));
        assert!(found.contains(&(MeasureKind::PhaseEmotion, "Voor".to_owned(), ChangeKind::Better)), "{found:?}");
        assert!(found.contains(&(MeasureKind::Theme, "wachtwoord".to_owned(), ChangeKind::Gone)), "{found:?}");
        assert!(found.contains(&(MeasureKind::Theme, "formulier".to_owned(), ChangeKind::New)), "{found:?}");
    }

    #[test]
    fn the_same_is_no_change() {
        for design in [Design::Apart, Design::Paired] {
            let same = kinds(compared(&round(-2, "wachtwoord", 6), &round(-2, "wachtwoord", 6), design));
            assert!(same.iter().all(|(_, _, change)| *change == ChangeKind::Unclear), "{same:?}");
        }
    }

    #[test]
    fn interviews_in_both_rounds_are_held_against_themselves() {
        let emotion = |n: usize| {
            let found = compared(&round(-2, "wachtwoord", n), &round(1, "wachtwoord", 6), Design::Paired);
            let phase = found.into_iter().find(|c| c.kind == MeasureKind::PhaseEmotion).unwrap();
            (phase.change, phase.comparison.unwrap())
        };
        let (change, six) = emotion(6);
        assert_eq!((change, six.difference, six.p), (ChangeKind::Better, 3.0, Some(2.0 / 64.0)));
        // Four were spoken to before: the other two are not held against them, and 1 in 8 is no surprise.
        let (change, four) = emotion(4);
        assert_eq!((change, four.difference, four.p), (ChangeKind::Unclear, 3.0, Some(2.0 / 16.0)));
        assert_eq!(emotion(2).1.p, None);
    }
}
