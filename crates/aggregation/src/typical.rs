use std::collections::{BTreeSet, HashMap};

use klantreis_study::Quote;
use klantreis_text::{Stemmer, tokens};
use rustc_hash::FxHashMap;

/// The tf-idf of all quotes of a journey, to find the quotes that are typical of a group.
pub struct Typicality<'a> {
    /// Of each text, length 1, worked out once: a quote is in several groups (its code's, its theme's, its touchpoint's). Stems
    /// are numbered by the alphabet, so that sums are made in the same order whatever the order of the quotes.
    vectors: HashMap<&'a str, Vec<(u32, f64)>>,
}

impl<'a> Typicality<'a> {
    /// Weighs the stems of all quotes. A stem counts once a quote: quotes are short.
    pub fn new(quotes: &[&'a Quote]) -> Self {
        let mut stemmer = Stemmer::dutch();
        let mut numbers: HashMap<Box<str>, u32> = HashMap::new();
        let mut texts: HashMap<&str, (Vec<u32>, usize)> = HashMap::new();
        for quote in quotes {
            let (_, n) = texts.entry(&quote.quote).or_insert_with(|| {
                let mut stems: Vec<u32> =
                    tokens(&quote.quote).map(|token| number(&mut numbers, stemmer.stem(token.text))).collect();
                stems.sort_unstable();
                stems.dedup();
                (stems, 0)
            });
            *n += 1;
        }
        let mut quotes_with = vec![0_usize; numbers.len()];
        for (stems, n) in texts.values() {
            stems.iter().for_each(|stem| quotes_with[*stem as usize] += n);
        }
        let mut by_letters: Vec<(Box<str>, u32)> = numbers.into_iter().collect();
        by_letters.sort_unstable();
        let mut place = vec![0_u32; by_letters.len()];
        for (at, (_, stem)) in (0..).zip(by_letters) {
            place[stem as usize] = at;
        }
        let all = quotes.len() as f64;
        let weighed = |stems: Vec<u32>| {
            let weight = |stem: u32| (1.0 + all / quotes_with[stem as usize] as f64).ln();
            let mut vector: Vec<(u32, f64)> =
                stems.into_iter().map(|stem| (place[stem as usize], weight(stem))).collect();
            vector.sort_unstable_by_key(|(stem, _)| *stem);
            let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|(_, w)| *w /= length);
            }
            vector
        };
        Self { vectors: texts.into_iter().map(|(text, (stems, _))| (text, weighed(stems))).collect() }
    }

    /// The medoids: the quotes nearest to the middle of all, by the cosine of their tf-idf (Salton & Buckley 1988), at
    /// most `most`, and of each interview one as long as there are others. The surer half of the quotes comes first: what is
    /// shown for all should not be what the program doubts most. Of quotes that are equally typical the surer comes first,
    /// then the earlier one. The quotes are among those weighed.
    pub fn most_typical<'q>(&self, quotes: &[&'q Quote], most: usize) -> Vec<&'q Quote> {
        let vector = |quote: &Quote| self.vectors.get(quote.quote.as_str()).map_or(&[][..], Vec::as_slice);
        let vectors: Vec<&[(u32, f64)]> = quotes.iter().map(|q| vector(q)).collect();
        let mut middle: FxHashMap<u32, f64> = FxHashMap::default();
        for (stem, weight) in vectors.iter().copied().flatten() {
            *middle.entry(*stem).or_default() += weight;
        }
        // The middle's own length is the same for all, so the order does not need it.
        let near = |n: usize| vectors[n].iter().map(|(stem, weight)| weight * middle[stem]).sum::<f64>();
        // To a millionth: two quotes are equally near to their middle, and rounding must not decide between them.
        let mut order: Vec<(i64, usize)> = (0..quotes.len()).map(|n| ((near(n) * 1e6).round() as i64, n)).collect();
        let sure = |n: usize| quotes[n].confidence.value();
        let mut confidences: Vec<f32> = (0..quotes.len()).map(sure).collect();
        confidences.sort_by(f32::total_cmp);
        let half = confidences.get(confidences.len() / 2).copied().unwrap_or(0.0);
        order.sort_by(|a, b| {
            let surer = |n: usize| sure(n) >= half;
            surer(b.1).cmp(&surer(a.1)).then(b.0.cmp(&a.0)).then(sure(b.1).total_cmp(&sure(a.1))).then(a.1.cmp(&b.1))
        });
        let mut heard = BTreeSet::new();
        let (first, again): (Vec<_>, Vec<_>) =
            order.into_iter().map(|(_, n)| quotes[n]).partition(|q| heard.insert(&q.interview));
        first.into_iter().chain(again).take(most).collect()
    }
}

/// The number of a stem, a new one where it is new.
fn number(numbers: &mut HashMap<Box<str>, u32>, stem: &str) -> u32 {
    if let Some(number) = numbers.get(stem) {
        return *number;
    }
    let next = numbers.len() as u32;
    numbers.insert(stem.into(), next);
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::quote;

    fn quotes(texts: &[(&str, &str)]) -> Vec<Quote> {
        texts.iter().map(|(id, text)| Quote { quote: (*text).to_owned(), ..quote(id, "pijnpunt", -1) }).collect()
    }

    #[test]
    fn the_medoid_comes_first_and_interviews_take_turns() {
        let quotes = quotes(&[
            ("a:1p", "De printer was stuk"),
            ("b:1p", "Ik kon niet inloggen, mijn wachtwoord was ik kwijt"),
            ("b:2p", "Het wachtwoord kwijt, dus niet inloggen"),
            ("c:1p", "Zonder wachtwoord kun je niet inloggen"),
        ]);
        let all: Vec<&Quote> = quotes.iter().collect();
        let found: Vec<&str> =
            Typicality::new(&all).most_typical(&all, 3).iter().map(|q| q.interview.as_str()).collect();
        assert_eq!(found, ["b", "c", "a"], "the printer is alone, and b speaks once before it");
    }

    #[test]
    fn of_equally_typical_quotes_the_surer_comes_first() {
        let mut quotes = quotes(&[("a:1p", "Een heel lange rij bij de balie"), ("b:1p", "Lange rij")]);
        quotes[1].confidence = klantreis_study::Confidence::CERTAIN;
        let all: Vec<&Quote> = quotes.iter().collect();
        assert_eq!(Typicality::new(&all).most_typical(&all, 1)[0].id, "b:1p");
    }
}
