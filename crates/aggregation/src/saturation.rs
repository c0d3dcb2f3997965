//! Whether more interviews still bring something new.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use klantreis_study::Quote;
use serde::Serialize;

use crate::{random::Random, themes::Themes};

/// What one interview more brings, on average over orders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Saturation {
    /// The interview that is added: the first, second, …
    pub n_interviews: usize,
    /// Quotes so far, on average.
    pub n_quotes: f64,
    /// Codes (of a category) that no interview before had, on average.
    pub new_codes: f64,
    /// Codes so far, on average.
    pub codes: f64,
    /// Themes that no interview before had, on average.
    pub new_themes: f64,
    /// Themes so far, on average.
    pub themes: f64,
}

const ORDERS: usize = 500;
const SEED: u64 = 1;

/// New codes and themes for each interview added (Guest, Bunce & Johnson 2006), averaged over 500 drawn orders, since
/// the order in which people were spoken to means nothing.
pub fn saturation(interviews: &[String], quotes: &[&Quote], themes: &Themes) -> Vec<Saturation> {
    let mut theme_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, theme) in themes.themes.iter().enumerate() {
        theme_of.extend(theme.quote_ids.iter().map(|id| (id.as_str(), n)));
    }
    let mut by_interview: HashMap<&str, Vec<&Quote>> = HashMap::new();
    for quote in quotes {
        by_interview.entry(&quote.interview).or_default().push(quote);
    }
    let mut code_numbers = BTreeMap::new();
    let told: Vec<(usize, Vec<usize>, Vec<usize>)> = interviews
        .iter()
        .map(|name| {
            let mine = by_interview.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            let codes = mine.iter().filter_map(|q| q.code.as_ref().map(|code| (&q.category, code)));
            let codes = codes.map(|code| {
                let next = code_numbers.len();
                *code_numbers.entry(code).or_insert(next)
            });
            let themes = mine.iter().filter_map(|q| theme_of.get(q.id.as_str()).copied());
            (mine.len(), once(codes), once(themes))
        })
        .collect();
    let n = interviews.len();
    let mut sums = vec![[0_usize; 5]; n];
    let mut random = Random::new(SEED);
    let mut order: Vec<usize> = (0..n).collect();
    for _ in 0..ORDERS {
        random.shuffle(&mut order);
        let mut quotes = 0;
        let (mut codes, mut all_themes) = (Heard::of(code_numbers.len()), Heard::of(themes.themes.len()));
        for (step, at) in order.iter().enumerate() {
            let (n_quotes, mine, my_themes) = &told[*at];
            quotes += n_quotes;
            let (new_codes, new_themes) = (codes.hear(mine), all_themes.hear(my_themes));
            let all = [quotes, new_codes, codes.n, new_themes, all_themes.n];
            sums[step].iter_mut().zip(all).for_each(|(sum, value)| *sum += value);
        }
    }
    let means = sums.into_iter().enumerate().map(|(step, sums)| {
        let [n_quotes, new_codes, codes, new_themes, themes] = sums.map(|sum| sum as f64 / ORDERS as f64);
        Saturation { n_interviews: step + 1, n_quotes, new_codes, codes, new_themes, themes }
    });
    means.collect()
}

/// Numbers in order, each once.
fn once(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    numbers.collect::<BTreeSet<usize>>().into_iter().collect()
}

/// Which of some numbers were heard of.
struct Heard {
    heard: Vec<bool>,
    /// How many.
    n: usize,
}

impl Heard {
    fn of(all: usize) -> Self {
        Self { heard: vec![false; all], n: 0 }
    }

    /// How many of these are new.
    fn hear(&mut self, some: &[usize]) -> usize {
        let new = some.iter().filter(|number| !std::mem::replace(&mut self.heard[**number], true)).count();
        self.n += new;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::quote;

    #[test]
    fn what_all_say_is_new_once() {
        let mut quotes: Vec<Quote> = ["a", "b", "c"].map(|i| quote(&format!("{i}:1p"), "pijnpunt", -1)).to_vec();
        for quote in &mut quotes {
            quote.code = Some(klantreis_study::CodeId::new("moeite").unwrap());
        }
        let names = ["a", "b", "c"].map(str::to_owned);
        let found = saturation(&names, &quotes.iter().collect::<Vec<_>>(), &Themes::default());
        assert_eq!(found.iter().map(|s| s.new_codes).collect::<Vec<_>>(), [1.0, 0.0, 0.0]);
        assert_eq!(found[2].codes, 1.0);
    }
}
