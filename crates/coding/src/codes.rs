//! Codes learned from examples: which of a category's quotes carry a code that researchers gave, told from their words.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, CodeId};
use serde::{Deserialize, Serialize};

use crate::{
    logistic::{self, sigmoid},
    words::{Sentence, Words},
};

/// Examples that a code is learned from at least: with fewer, which words go with it is chance.
const FEWEST: usize = 20;

/// Price of an error (C of the regularisation).
const COST: f64 = 4.0;

/// Passes over the examples.
const PASSES: usize = 40;

/// Share of the quotes on which it was named, when their interview was held back, that must carry it: a code that is
/// wrong more often is better left to the researcher.
const RIGHT: f32 = 0.6;

/// Words kept of a code: beyond these their weights are noise.
const KEPT: usize = 300;

/// A quote that people decided on, with the code that they left or gave it.
#[derive(Clone, Copy, Debug)]
pub struct DecidedQuote<'a> {
    /// Its interview: quotes of one are held back together.
    pub interview: &'a str,
    /// Its category.
    pub category: &'a Category,
    /// Its code.
    pub code: Option<&'a CodeId>,
    /// Its words.
    pub text: &'a str,
}

/// What was learned of a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedCode {
    /// The code.
    pub code: CodeId,
    /// The category of the quotes that may carry it.
    pub category: Category,
    /// Quotes that it was learned from.
    pub examples: usize,
    /// How many of them were found when their interview was held back, as a share.
    pub recall: f32,
    /// How many of those on which it was named so were right, as a share.
    pub precision: f32,
    /// Share of the category's quotes that carry it.
    share: f32,
    /// The chance from which on it is named: below it, too many that were held back would have been wrong.
    threshold: f32,
    bias: f32,
    /// Log-odds of each stem.
    words: BTreeMap<String, f32>,
}

/// What learned words say of a code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is there, with this chance.
    Carries(f32),
    /// It is not there, whatever cues say.
    Lacks,
    /// They say nothing; cues decide.
    Open,
}

impl LearnedCode {
    /// Whether it was right often enough to be named.
    pub fn is_sound(&self) -> bool {
        self.precision >= RIGHT && self.recall > 0.0
    }

    /// The chance that sentences together carry the code.
    pub(crate) fn chance<'s>(&self, sentences: impl Iterator<Item = &'s Sentence<'s>>) -> f32 {
        let stems: BTreeSet<&str> = sentences.flat_map(stems).collect();
        chance(self.bias, &self.words, stems.into_iter())
    }

    /// What its words say of sentences in which cues may have found the code too.
    pub(crate) fn verdict<'s>(&self, sentences: impl Iterator<Item = &'s Sentence<'s>>) -> Verdict {
        match self.chance(sentences) {
            chance if chance >= self.threshold => Verdict::Carries(chance),
            // Words that people saw without the code, and not just words that nobody saw.
            chance if chance < self.share / 2.0 => Verdict::Lacks,
            _ => Verdict::Open,
        }
    }

    /// What a stem says for the code, in log-odds.
    pub(crate) fn weight(&self, stem: &str) -> f32 {
        self.words.get(stem).copied().unwrap_or(0.0)
    }
}

/// The chance of a code on a text of these stems, each once, whose features are scaled to length 1.
fn chance<'s>(bias: f32, words: &BTreeMap<String, f32>, stems: impl ExactSizeIterator<Item = &'s str>) -> f32 {
    let length = (stems.len().max(1) as f32).sqrt();
    let sum: f32 = stems.filter_map(|stem| words.get(stem)).sum();
    sigmoid(bias + sum / length)
}

fn stems<'s>(sentence: &'s Sentence<'s>) -> impl Iterator<Item = &'s str> {
    sentence.words.iter().filter(|word| word.content).map(|word| &*word.stem)
}

/// Learns every code that people gave to twenty quotes or more, in the order of their names. Each interview is
/// held back once to see how often the code would have been right.
pub fn learn_codes(quotes: &[DecidedQuote<'_>]) -> Vec<LearnedCode> {
    let mut words = Words::new();
    let stems: Vec<BTreeSet<String>> =
        quotes.iter().map(|quote| stems(&words.sentence(quote.text)).map(str::to_owned).collect()).collect();
    let mut given: BTreeMap<(&Category, &CodeId), usize> = BTreeMap::new();
    for quote in quotes {
        if let Some(code) = quote.code {
            *given.entry((quote.category, code)).or_default() += 1;
        }
    }
    given
        .into_iter()
        .filter(|(_, examples)| *examples >= FEWEST)
        .map(|((category, code), _)| {
            let of: Vec<Decided<'_>> = quotes
                .iter()
                .zip(&stems)
                .filter(|(quote, _)| quote.category == category)
                .map(|(quote, stems)| Decided { interview: quote.interview, carries: quote.code == Some(code), stems })
                .collect();
            learn(category, code, &of)
        })
        .collect()
}

/// A quote of the category in question.
#[derive(Clone, Copy)]
struct Decided<'a> {
    interview: &'a str,
    carries: bool,
    stems: &'a BTreeSet<String>,
}

fn learn(category: &Category, code: &CodeId, quotes: &[Decided<'_>]) -> LearnedCode {
    let interviews: BTreeSet<&str> = quotes.iter().map(|q| q.interview).collect();
    let mut chances = Vec::new();
    for interview in interviews {
        let (held, rest): (Vec<Decided<'_>>, Vec<Decided<'_>>) = quotes.iter().partition(|q| q.interview == interview);
        let (bias, words) = weigh(&rest);
        chances.extend(
            held.iter().map(|quote| (chance(bias, &words, quote.stems.iter().map(String::as_str)), quote.carries)),
        );
    }
    let (threshold, found, named) = threshold(chances);
    let (bias, words) = weigh(quotes);
    let examples = quotes.iter().filter(|q| q.carries).count();
    LearnedCode {
        code: code.clone(),
        category: category.clone(),
        examples,
        recall: found as f32 / examples.max(1) as f32,
        precision: found as f32 / named.max(1) as f32,
        threshold,
        share: examples as f32 / quotes.len().max(1) as f32,
        bias,
        words,
    }
}

/// The lowest chance from which on the code is right often enough, with how many of the quotes above it carry the code
/// and how many there are. Where it never is, no quote is above it.
fn threshold(mut chances: Vec<(f32, bool)>) -> (f32, usize, usize) {
    chances.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut best, mut found) = ((1.0, 0, 0), 0);
    for (n, (chance, carries)) in chances.iter().enumerate() {
        found += usize::from(*carries);
        let next = chances.get(n + 1).map_or(0.0, |next| next.0);
        if *carries && next < *chance && found as f32 >= RIGHT * (n + 1) as f32 {
            best = ((chance + next) / 2.0, found, n + 1);
        }
    }
    best
}

/// A logistic regression over the stems of each quote, scaled to length 1.
fn weigh(quotes: &[Decided<'_>]) -> (f32, BTreeMap<String, f32>) {
    let vocabulary: BTreeSet<&str> = quotes.iter().flat_map(|q| q.stems).map(String::as_str).collect();
    let number: BTreeMap<&str, u32> = vocabulary.iter().copied().zip(1..).collect();
    let rows: Vec<Vec<(u32, f32)>> = quotes
        .iter()
        .map(|quote| {
            let value = 1.0 / (quote.stems.len().max(1) as f32).sqrt();
            std::iter::once((0, 1.0)).chain(quote.stems.iter().map(|stem| (number[stem.as_str()], value))).collect()
        })
        .collect();
    let rows: Vec<&logistic::Features> = rows.iter().map(Vec::as_slice).collect();
    let carries = |i: usize| quotes[i].carries;
    let scale = logistic::naive_bayes_scale(vocabulary.len() + 1, &rows, carries, 0);
    let weights = logistic::train(&[], &scale, &rows, carries, COST, PASSES);
    let mut words: Vec<(&str, f32)> = vocabulary.into_iter().zip(weights[1..].iter().copied()).collect();
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
    words.truncate(KEPT);
    (weights[0], words.into_iter().map(|(stem, weight)| (stem.to_owned(), weight)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pains(n: usize) -> Vec<(String, Option<CodeId>, String)> {
        let queue = ["de rij stond tot buiten", "we stonden een uur in die rij", "rijen voor het loket"];
        let other =
            ["het formulier was lang", "mijn wachtwoord was weg", "die brief snapte ik niet", "het kost te veel"];
        let id = CodeId::new("wachtrij").unwrap();
        (0..n)
            .flat_map(|i| {
                let with = |text: &str, code| (format!("gesprek-{}", i % 4), code, format!("{text}, keer {i}."));
                [with(queue[i % 3], Some(id.clone())), with(other[i % 4], None)]
            })
            .collect()
    }

    fn learned(n: usize) -> Vec<LearnedCode> {
        let pains = pains(n);
        let category = Category::new("pijnpunt").unwrap();
        let quotes: Vec<DecidedQuote<'_>> = pains
            .iter()
            .map(|(interview, code, text)| DecidedQuote { interview, category: &category, code: code.as_ref(), text })
            .collect();
        learn_codes(&quotes)
    }

    #[test]
    fn a_code_of_ones_own_is_learned_from_twenty_examples_and_not_from_fewer() {
        assert_eq!(learned(FEWEST - 1), []);
        let codes = learned(FEWEST);
        let [code] = &codes[..] else { panic!("{codes:?}") };
        assert_eq!((code.examples, code.recall, code.precision), (FEWEST, 1.0, 1.0));
        assert!(code.is_sound());
        let mut words = Words::new();
        let mut verdict = |text: &str| code.verdict(std::iter::once(&words.sentence(text)));
        assert!(matches!(verdict("Er stond weer zo'n lange rij."), Verdict::Carries(_)));
        assert_eq!(verdict("Dat formulier, daar kwam ik niet uit."), Verdict::Lacks);
    }

    #[test]
    fn a_code_that_its_words_do_not_tell_is_not_sound() {
        let category = Category::new("pijnpunt").unwrap();
        let id = CodeId::new("los").unwrap();
        let texts: Vec<String> = (0..80).map(|i| format!("het formulier van {} was lang", i * 7 % 10)).collect();
        let quotes: Vec<DecidedQuote<'_>> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| DecidedQuote {
                interview: ["a", "b", "c"][i % 3],
                category: &category,
                code: (i % 4 == 0).then_some(&id),
                text,
            })
            .collect();
        assert!(learn_codes(&quotes).iter().all(|code| !code.is_sound()));
    }
}
