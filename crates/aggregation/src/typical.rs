use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::Quote;
use klantreis_text::{Stemmer, tokens};

/// Stems of all quotes of a journey with how rare they are, to find the quotes that are typical of a group.
pub struct Typicality {
    stemmer: Stemmer,
    /// Number of quotes that a stem is in.
    quotes_with: BTreeMap<String, usize>,
    n_quotes: usize,
}

impl Typicality {
    /// Counts the stems of all quotes.
    pub fn new(quotes: &[&Quote]) -> Self {
        let mut all = Self { stemmer: Stemmer::dutch(), quotes_with: BTreeMap::new(), n_quotes: quotes.len() };
        for quote in quotes {
            for stem in all.stems(quote) {
                *all.quotes_with.entry(stem).or_default() += 1;
            }
        }
        all
    }

    fn stems(&mut self, quote: &Quote) -> BTreeSet<String> {
        tokens(&quote.quote).map(|token| self.stemmer.stem(token.text).to_owned()).collect()
    }

    /// The medoids: the quotes nearest to the middle of all, by the cosine of their tf-idf (Salton & Buckley 1988), at
    /// most `most`, and of each interview one as long as there are others. The surer half of the quotes comes first: what is
    /// shown for all should not be what the program doubts most. Of quotes that are equally typical the surer comes first,
    /// then the earlier one.
    pub fn most_typical<'a>(&mut self, quotes: &[&'a Quote], most: usize) -> Vec<&'a Quote> {
        let vectors: Vec<BTreeMap<String, f64>> = quotes.iter().map(|q| self.vector(q)).collect();
        let mut middle: BTreeMap<&str, f64> = BTreeMap::new();
        for (stem, weight) in vectors.iter().flatten() {
            *middle.entry(stem).or_default() += weight;
        }
        // The middle's own length is the same for all, so the order does not need it.
        let near = |n: usize| vectors[n].iter().map(|(stem, weight)| weight * middle[stem.as_str()]).sum::<f64>();
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

    /// The tf-idf of a quote, of length 1. A stem counts once: quotes are short.
    fn vector(&mut self, quote: &Quote) -> BTreeMap<String, f64> {
        let n = self.n_quotes as f64;
        let stems = self.stems(quote);
        let mut vector: BTreeMap<String, f64> = stems
            .into_iter()
            .map(|stem| {
                let with = self.quotes_with.get(&stem).copied().unwrap_or(1) as f64;
                (stem, (1.0 + n / with).ln())
            })
            .collect();
        let length = vector.values().map(|w| w * w).sum::<f64>().sqrt();
        if length > 0.0 {
            vector.values_mut().for_each(|w| *w /= length);
        }
        vector
    }
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
