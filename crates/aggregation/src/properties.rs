//! What must hold for any quotes.

use std::collections::BTreeMap;

use klantreis_study::{Codebook, PhaseId, Quote};
use proptest::prelude::*;

use crate::{
    journey::{Journey, journey},
    part::Part,
    sample::{at, quote, study},
};

const WORDS: [&str; 12] = [
    "het wachtwoord",
    "de balie",
    "een brief",
    "de printer",
    "mijn DigiD",
    "het formulier",
    "kwijt",
    "vergeten",
    "inloggen",
    "wachten",
    "stuk",
    "de telefoon",
];

/// Up to 24 quotes of up to five interviews, of few words, so that many are alike.
fn some_quotes() -> impl Strategy<Value = Vec<Quote>> {
    let one = (0..5_usize, prop::collection::vec(0..WORDS.len(), 1..5), -2..=2_i8, 0..4_usize, any::<bool>());
    prop::collection::vec(one, 0..25).prop_map(|told| {
        let make = |(n, (interview, words, emotion, kind, late)): (usize, (usize, Vec<usize>, i8, usize, bool))| {
            let category = ["pijnpunt", "behoefte", "winst", "activiteit"][kind];
            let mut quote = quote(&format!("i{interview}:{n}{}", &category[..1]), category, emotion);
            quote.quote = words.iter().map(|w| WORDS[*w]).collect::<Vec<_>>().join(" ");
            if late {
                quote.phase = PhaseId::new("na").unwrap();
                quote = at("site", quote);
            }
            quote
        };
        told.into_iter().enumerate().map(make).collect()
    })
}

fn made(quotes: &[Quote]) -> Journey {
    journey(&study(), &Codebook::default(), quotes, &[])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_quotes_changes_nothing((quotes, mixed) in some_quotes().prop_flat_map(|quotes| {
        (Just(quotes.clone()), Just(quotes).prop_shuffle())
    })) {
        prop_assert_eq!(made(&quotes), made(&mixed));
    }

    #[test]
    fn parts_merge_to_the_whole(quotes in some_quotes(), owner in prop::collection::vec(0..3_usize, 25)) {
        let of = |part: usize| -> Vec<Quote> {
            quotes.iter().zip(&owner).filter(|(_, o)| **o == part).map(|(quote, _)| quote.clone()).collect()
        };
        // The last first: the order of merging does not matter, nor that interviews are cut across parts.
        let mut merged = Part::new(&of(2), &[]);
        merged.merge(Part::new(&of(0), &[]));
        merged.merge(Part::new(&of(1), &[]));
        prop_assert_eq!(merged.journey(&study(), &Codebook::default()), made(&quotes));
    }

    #[test]
    fn an_interview_that_repeats_another_adds_at_most_one_to_a_theme(quotes in some_quotes()) {
        let mut more = quotes.clone();
        more.extend(quotes.iter().filter(|q| q.interview == "i0").map(|q| Quote {
            id: format!("z{}", &q.id[2..]),
            interview: "z".to_owned(),
            ..q.clone()
        }));
        let themes = |quotes: &[Quote]| -> BTreeMap<Vec<String>, usize> {
            let themes = made(quotes).themes;
            let named = themes.themes.into_iter().map(|t| (t.quote_ids, t.n_interviews));
            let alone = themes.alone.into_iter().map(|id| (vec![id], 1));
            let old = |(ids, n): (Vec<String>, usize)| (ids.into_iter().filter(|id| !id.starts_with('z')).collect(), n);
            named.chain(alone).map(old).collect()
        };
        let (before, after) = (themes(&quotes), themes(&more));
        for (ids, n) in after {
            // The same quotes make the same theme, or stood alone.
            let old = before.get(&ids);
            prop_assert!(old.is_some_and(|old| n <= old + 1), "{ids:?}: {old:?} became {n}");
        }
    }
}
