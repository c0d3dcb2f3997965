use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::Quote;
use klantreis_text::{Stemmer, tokens};

/// The quotes that share most words with the others (the medoid first), at most `most`; of quotes that are equally
/// typical the surer and the earlier one first.
pub fn typical<'a>(quotes: &[&'a Quote], most: usize, stemmer: &mut Stemmer) -> Vec<&'a Quote> {
    let words: Vec<BTreeSet<String>> = quotes
        .iter()
        .map(|q| {
            tokens(&q.quote).filter(|t| t.text.chars().count() > 3).map(|t| stemmer.stem(t.text).to_owned()).collect()
        })
        .collect();
    let mut spread: BTreeMap<&str, usize> = BTreeMap::new();
    for word in words.iter().flatten() {
        *spread.entry(word).or_default() += 1;
    }
    let score = |n: usize| {
        let shared: usize = words[n].iter().map(|w| spread[w.as_str()] - 1).sum();
        shared as f64 / (words[n].len() as f64 + 3.0)
    };
    let mut order: Vec<(f64, usize)> = (0..quotes.len()).map(|n| (score(n), n)).collect();
    order.sort_by(|a, b| {
        let sure = |n: usize| quotes[n].confidence.value();
        b.0.total_cmp(&a.0).then(sure(b.1).total_cmp(&sure(a.1))).then(a.1.cmp(&b.1))
    });
    order.into_iter().take(most).map(|(_, n)| quotes[n]).collect()
}
