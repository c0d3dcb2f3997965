//! Words that people use whatever they talk of: two quotes with such a word in common are seldom on the same thing.

use std::{collections::HashMap, sync::OnceLock};

/// Word forms with their number in a million words of talk that is not about the service, counted over interviews on many services
/// (`data/common-words.py`).
const COMMON: &str = include_str!("../../../data/words/nl-gangbaar.csv");

/// What a word that is not listed may have at most, in a million.
const UNLISTED: f64 = 25.0;

/// A word that is used so many times as often as elsewhere counts in full.
const TELLING: f64 = 4.0;

/// What a word counts that is used no more than elsewhere.
const LEAST: f64 = 0.25;

/// How often stems are used in talk of other things.
pub struct Common(HashMap<String, f64>);

impl Common {
    /// The built-in ones; `stem` gives a form's stem.
    pub fn built_in(stem: impl FnMut(&str) -> String) -> &'static Self {
        static BUILT_IN: OnceLock<Common> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::parse(COMMON, stem))
    }

    fn parse(list: &str, mut stem: impl FnMut(&str) -> String) -> Self {
        let mut out = HashMap::new();
        for (form, rate) in list.lines().skip(1).filter_map(|line| line.split_once(',')) {
            *out.entry(stem(form)).or_insert(0.0) += rate.parse().unwrap_or(0.0);
        }
        Self(out)
    }

    /// How far a stem that is used `n` times in `total` words sets this talk apart from other, [`LEAST`]…1: by the logarithm of
    /// how many times as often it is used here.
    pub fn telling(&self, stem: &str, n: usize, total: usize) -> f64 {
        let here = 1e6 * n as f64 / total.max(1) as f64;
        let elsewhere = self.0.get(stem).copied().unwrap_or_default().max(UNLISTED);
        ((here / elsewhere).ln() / TELLING.ln()).clamp(LEAST, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_here_more_than_elsewhere_tells_what_it_is_about() {
        let common = Common::parse("woord,per_miljoen\ntafel,600\ntafels,100\ntelefoon,1000\n", |form| {
            form.trim_end_matches('s').to_owned()
        });
        assert_eq!(common.telling("tafel", 7, 10_000), LEAST);
        assert_eq!(common.telling("telefoon", 40, 10_000), 1.0);
        let twice = common.telling("telefoon", 20, 10_000);
        assert!((twice - 0.5).abs() < 1e-9, "{twice}");
        assert_eq!(common.telling("antenne", 1, 10_000), 1.0);
    }
}
