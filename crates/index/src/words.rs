//! Which words do people use, more than elsewhere, and beside which others?

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

use klantreis_text::fold;
use serde::Serialize;

use crate::dutch::Dutch;

/// The words of some passages, counted by stem.
pub struct Corpus {
    dutch: Dutch,
    entries: HashMap<String, Entry>,
    /// The stems of each passage in order.
    passages: Vec<Vec<String>>,
    /// Number of all words.
    pub total: usize,
}

#[derive(Default)]
struct Entry {
    forms: BTreeMap<String, usize>,
    count: usize,
    interviews: HashSet<String>,
}

/// A word with its frequency.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frequency {
    /// The form that is used most.
    pub word: String,
    /// All its forms, most used first, as people said them.
    pub forms: Vec<String>,
    /// How often.
    pub count: usize,
    /// Of each thousand words.
    pub per_thousand: f64,
    /// In how many interviews.
    pub interviews: usize,
}

/// A word that is used more here than elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keyword {
    /// How often it is used here.
    #[serde(flatten)]
    pub here: Frequency,
    /// How often elsewhere.
    pub elsewhere: usize,
    /// Of each thousand words elsewhere.
    pub elsewhere_per_thousand: f64,
    /// Log-likelihood G² (Dunning 1993): above 10.83 chance alone would give it in one of a thousand words.
    pub log_likelihood: f64,
    /// How many times doubled (Hardie 2014): 1 is twice as often here, 2 four times.
    pub log_ratio: f64,
}

/// Two words that stand together more than chance would have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collocation {
    /// The word asked for, or the first of two.
    pub word: String,
    /// The other.
    pub with: String,
    /// How often they stand together.
    pub together: usize,
    /// How often the first is used.
    pub n_word: usize,
    /// How often the other is used.
    pub n_with: usize,
    /// Log-likelihood G² (Dunning 1993).
    pub log_likelihood: f64,
    /// logDice (Rychlý 2008): at most 14; does not grow with the number of words.
    pub log_dice: f64,
}

impl Default for Corpus {
    fn default() -> Self {
        Self { dutch: Dutch::new(), entries: HashMap::new(), passages: Vec::new(), total: 0 }
    }
}

impl Corpus {
    /// Counts the words of a passage.
    pub fn add(&mut self, interview: &str, text: &str) {
        let mut stems = Vec::new();
        for placed in self.dutch.words(text) {
            let form = &text[placed.place];
            let form = form.strip_prefix(['\'', '‘', '’']).filter(|rest| rest.len() > 1).unwrap_or(form);
            if !form.contains(char::is_alphabetic) {
                continue;
            }
            let stem = placed.word.stem.clone();
            let entry = self.entries.entry(stem.clone()).or_default();
            *entry.forms.entry(form.to_lowercase()).or_default() += 1;
            entry.count += 1;
            if !entry.interviews.contains(interview) {
                entry.interviews.insert(interview.to_owned());
            }
            stems.push(stem);
        }
        self.total += stems.len();
        self.passages.push(stems);
    }

    /// The words, most used first; function words only where `all` asks for them.
    pub fn frequencies(&self, all: bool) -> Vec<Frequency> {
        let wanted = self.entries.iter().filter(|(stem, _)| all || !is_function_word(stem));
        let mut out: Vec<Frequency> = wanted.map(|(_, entry)| self.frequency(entry)).collect();
        out.sort_by(|a, b| (b.count, b.interviews, &a.word).cmp(&(a.count, a.interviews, &b.word)));
        out
    }

    /// The words that are used more here than in `elsewhere`, by log-likelihood.
    pub fn keywords(&self, elsewhere: &Corpus, at_least: usize, all: bool) -> Vec<Keyword> {
        let mut out = Vec::new();
        for (stem, entry) in &self.entries {
            let other = elsewhere.entries.get(stem).map_or(0, |e| e.count);
            let (here_rate, other_rate) = (rate(entry.count, self.total), rate(other, elsewhere.total));
            if entry.count < at_least || here_rate <= other_rate || !all && is_function_word(stem) {
                continue;
            }
            let smooth = |count: usize, total: usize| (count as f64 + 0.5) / (total as f64 + 0.5);
            out.push(Keyword {
                here: self.frequency(entry),
                elsewhere: other,
                elsewhere_per_thousand: other_rate,
                log_likelihood: log_likelihood(entry.count, self.total, other, elsewhere.total),
                log_ratio: (smooth(entry.count, self.total) / smooth(other, elsewhere.total)).log2(),
            });
        }
        out.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.here.word.cmp(&b.here.word)));
        out
    }

    /// What stands at most `window` words before or after `word`, in the same passage.
    pub fn beside(&mut self, word: &str, window: usize, at_least: usize, all: bool) -> Vec<Collocation> {
        let node = self.dutch.word(word).stem.clone();
        let Some(n_word) = self.entries.get(&node).map(|e| e.count) else { return Vec::new() };
        let (mut near, mut tokens) = (HashMap::<&str, usize>::new(), 0);
        for stems in &self.passages {
            let is_near = |at: usize| {
                let span = at.saturating_sub(window)..(at + window + 1).min(stems.len());
                stems[at] != node && stems[span].contains(&node)
            };
            for at in (0..stems.len()).filter(|at| is_near(*at)) {
                *near.entry(&stems[at]).or_default() += 1;
                tokens += 1;
            }
        }
        let pair = |(stem, together): (&str, usize)| {
            let n_with = self.entries[stem].count;
            let g2 = log_likelihood(together, tokens, n_with - together, self.total - tokens);
            let more = rate(together, tokens) > rate(n_with - together, self.total - tokens);
            more.then(|| self.collocation(&node, stem, together, n_word, n_with, g2))
        };
        let wanted = near.into_iter().filter(|(stem, n)| *n >= at_least && (all || !is_function_word(stem)));
        sorted(wanted.filter_map(pair).collect())
    }

    /// Words that stand next to each other.
    pub fn pairs(&self, at_least: usize, all: bool) -> Vec<Collocation> {
        let (mut pairs, mut firsts, mut seconds, mut total) =
            (HashMap::<(&str, &str), usize>::new(), HashMap::<&str, usize>::new(), HashMap::<&str, usize>::new(), 0);
        for stems in &self.passages {
            for pair in stems.windows(2) {
                *pairs.entry((&pair[0], &pair[1])).or_default() += 1;
                *firsts.entry(&pair[0]).or_default() += 1;
                *seconds.entry(&pair[1]).or_default() += 1;
                total += 1;
            }
        }
        let wanted = pairs
            .into_iter()
            .filter(|((a, b), n)| *n >= at_least && (all || !is_function_word(a) && !is_function_word(b)));
        let pair = |((a, b), together): ((&str, &str), usize)| {
            let (first, second) = (firsts[a], seconds[b]);
            let g2 = log_likelihood(together, first, second - together, total - first);
            self.collocation(a, b, together, self.entries[a].count, self.entries[b].count, g2)
        };
        sorted(wanted.map(pair).collect())
    }

    fn frequency(&self, entry: &Entry) -> Frequency {
        let mut forms: Vec<(&String, &usize)> = entry.forms.iter().collect();
        forms.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        Frequency {
            word: forms.first().map(|f| f.0.clone()).unwrap_or_default(),
            forms: forms.iter().map(|f| f.0.clone()).collect(),
            count: entry.count,
            per_thousand: rate(entry.count, self.total),
            interviews: entry.interviews.len(),
        }
    }

    fn collocation(&self, a: &str, b: &str, together: usize, n_word: usize, n_with: usize, g2: f64) -> Collocation {
        let word = |stem: &str| self.entries.get(stem).map(|e| self.frequency(e).word).unwrap_or_default();
        Collocation {
            word: word(a),
            with: word(b),
            together,
            n_word,
            n_with,
            log_likelihood: g2,
            log_dice: 14.0 + (2.0 * together as f64 / (n_word + n_with) as f64).log2(),
        }
    }
}

fn sorted(mut list: Vec<Collocation>) -> Vec<Collocation> {
    list.sort_by(|a, b| {
        b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| (&a.word, &a.with).cmp(&(&b.word, &b.with)))
    });
    list
}

fn rate(count: usize, total: usize) -> f64 {
    if total == 0 { 0.0 } else { 1000.0 * count as f64 / total as f64 }
}

/// G² of a word that occurs `k1` times in `n1` words and `k2` times in `n2`: twice the sum of O·ln(O/E) over the four
/// cells (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence").
pub fn log_likelihood(k1: usize, n1: usize, k2: usize, n2: usize) -> f64 {
    let n = (n1 + n2) as f64;
    let cell = |observed: usize, row: usize, column: usize| {
        if observed == 0 {
            return 0.0;
        }
        let expected = row as f64 * column as f64 / n;
        observed as f64 * (observed as f64 / expected).ln()
    };
    let (word, others) = (k1 + k2, n1 + n2 - k1 - k2);
    2.0 * (cell(k1, word, n1) + cell(k2, word, n2) + cell(n1 - k1, others, n1) + cell(n2 - k2, others, n2))
}

fn is_function_word(stem: &str) -> bool {
    static STEMS: OnceLock<HashSet<String>> = OnceLock::new();
    let stems = STEMS.get_or_init(|| {
        let mut dutch = Dutch::new();
        let list = include_str!("../data/function-words.txt").lines().filter(|line| !line.starts_with('#'));
        list.flat_map(str::split_whitespace).map(|word| dutch.word(&fold(word)).stem.clone()).collect()
    });
    stems.contains(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_likelihood_is_that_of_the_handbook() {
        // Dunning 1993, table 2: "the swiss" 110 times, 2,442 "the" without it, 111 "swiss" elsewhere, 29,114 others.
        assert!((log_likelihood(110, 110 + 2442, 111, 111 + 29114) - 270.72).abs() < 0.01);
        assert_eq!(log_likelihood(5, 100, 50, 1000), 0.0);
    }

    #[test]
    fn words_stand_out_by_where_and_beside_what_they_are_used() {
        let (mut here, mut there) = (Corpus::default(), Corpus::default());
        for n in 0..5 {
            here.add(&n.to_string(), "Mijn wachtwoord was weer vergeten, die wachtwoorden vergeet ik.");
            there.add(&n.to_string(), "De koffie aan de balie was lekker.");
        }
        let keys = here.keywords(&there, 2, false);
        assert_eq!(keys[0].here.word, "vergeet", "{keys:?}");
        let password = keys.iter().find(|k| k.here.word == "wachtwoord").unwrap();
        assert_eq!((password.here.count, password.elsewhere, password.here.interviews), (10, 0, 5));
        assert_eq!(password.here.forms, ["wachtwoord", "wachtwoorden"]);
        let beside = here.beside("wachtwoord", 4, 2, false);
        assert_eq!((beside[0].with.as_str(), beside[0].together), ("vergeet", 10));
        assert!(beside[0].log_dice <= 14.0);
        assert!(there.frequencies(false).iter().all(|f| f.word != "de"));
    }
}
