//! Two journeys held against each other: before and after, or one place and another.

mod talk;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use klantreis_study::{Category, Quote, Study};
use serde::Serialize;

use crate::{
    comparison::{Comparison, benjamini_hochberg, compare_means, compare_pairs},
    journey::Journey,
    measures::{Measure, MeasureKind, measures},
};

use talk::{SAME, Talk};

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

/// Compares two journeys measure by measure: phases and touchpoints by id, else by name; themes of a category by words. A
/// theme that only one of the two has is held against all quotes of the other: it is new or gone only where nobody speaks of it.
pub fn changes(before: Round<'_>, after: Round<'_>, design: Design) -> Vec<Change> {
    let first = measures(before.study, before.journey, before.quotes);
    let second = measures(after.study, after.journey, after.quotes);
    let pairs = pair(&first, &second, &Talk::of([before, after], [&first, &second]));
    let mut out: Vec<Change> = pairs.iter().map(|(a, b)| change(a.as_deref(), b.as_deref(), design)).collect();
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

type Pair<'a> = (Option<Cow<'a, Measure>>, Option<Cow<'a, Measure>>);

/// Each measure with its like on the other side; a theme that the other side does not have with those there who speak of it
/// all the same; or with none.
fn pair<'a>(first: &'a [Measure], second: &'a [Measure], talk: &Talk<'_>) -> Vec<Pair<'a>> {
    let fits = |a: &Measure, b: &Measure| a.kind == b.kind && a.category == b.category;
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut partner: BTreeMap<usize, usize> = BTreeMap::new();
    let mut candidates: Vec<(i64, usize, usize)> = Vec::new();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate().filter(|(_, b)| fits(a, b)) {
            let likeness = if a.kind == MeasureKind::Theme {
                talk.likeness(i, j)
            } else if a.id == b.id {
                2.0
            } else if a.label.to_lowercase() == b.label.to_lowercase() {
                1.0
            } else {
                0.0
            };
            if likeness >= SAME {
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
    let ids = |measures: &'a [Measure], at: &mut dyn Iterator<Item = &usize>| -> BTreeSet<&'a str> {
        let themes = at.map(|n| &measures[*n]).filter(|m| m.kind == MeasureKind::Theme);
        themes.flat_map(|theme| theme.quotes.values().flatten()).map(String::as_str).collect()
    };
    let known = [ids(first, &mut partner.keys()), ids(second, &mut taken.iter())];
    let echo = |side: usize, at: usize, measure: &Measure| {
        let is_theme = measure.kind == MeasureKind::Theme;
        is_theme.then(|| talk.echo(side, at, measure, &known[1 - side])).flatten().map(Cow::Owned)
    };
    let of_first = first.iter().enumerate().map(|(i, a)| {
        let like = partner.get(&i).map(|j| Cow::Borrowed(&second[*j]));
        (Some(Cow::Borrowed(a)), like.or_else(|| echo(0, i, a)))
    });
    let rest = second.iter().enumerate().filter(|(j, _)| !taken.contains(j));
    let of_second = rest.map(|(j, b)| (echo(1, j, b), Some(Cow::Borrowed(b))));
    of_first.chain(of_second).collect()
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
    fn a_theme_is_gone_only_where_nobody_speaks_of_it() {
        let before = round(-2, "wachtwoord van de computer", 6);
        let theme = |after: &[Quote]| {
            let found = compared(&before, after, Design::Apart).into_iter();
            let theme = found.into_iter().find(|c| c.kind == MeasureKind::Theme).unwrap();
            (theme.change, theme.n_interviews)
        };
        assert_eq!(theme(&round(-2, "wachtwoord van de computer", 1)), (ChangeKind::Unclear, (6, 1)));
        assert_eq!(theme(&round(-2, "formulier van de gemeente", 1)), (ChangeKind::Gone, (6, 0)));
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
