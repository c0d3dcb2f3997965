//! What the team believes, held against what was said.

use std::collections::BTreeSet;

use klantreis_study::Quote;
use serde::Serialize;

/// What the quotes say of an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// At least two thirds of the interviews that speak of it are for it.
    Supports,
    /// At least two thirds are against it.
    Contradicts,
    /// Anything between.
    Mixed,
    /// No one speaks of it.
    NoMaterial,
}

/// An assumption with the quotes for and against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// The belief.
    pub statement: String,
    /// What the quotes say.
    pub verdict: Verdict,
    /// Quotes for it, by id.
    pub quotes_for: Vec<String>,
    /// Quotes against it, by id.
    pub quotes_against: Vec<String>,
    /// Interviews with quotes for it.
    pub n_for: usize,
    /// Interviews with quotes against it.
    pub n_against: usize,
    /// Interviews with either.
    pub n_interviews: usize,
    /// Whether the study says what would speak against it. If not, nothing can contradict it.
    pub can_be_contradicted: bool,
}

/// Weighs an assumption by interviews: one that says both counts on both sides. `against` is `None` where the study does not say what
/// would speak against it.
pub fn weigh(statement: &str, supporting: &[&Quote], against: Option<&[&Quote]>) -> Weighed {
    let names = |quotes: &[&Quote]| quotes.iter().map(|q| q.interview.clone()).collect::<BTreeSet<String>>();
    let ids = |quotes: &[&Quote]| quotes.iter().map(|q| q.id.clone()).collect::<Vec<String>>();
    let contrary = against.unwrap_or_default();
    let (speak_for, speak_against) = (names(supporting), names(contrary));
    let (n_for, n_against) = (speak_for.len(), speak_against.len());
    let verdict = match n_for + n_against {
        0 => Verdict::NoMaterial,
        all if 3 * n_for >= 2 * all => Verdict::Supports,
        all if 3 * n_against >= 2 * all => Verdict::Contradicts,
        _ => Verdict::Mixed,
    };
    Weighed {
        statement: statement.to_owned(),
        verdict,
        quotes_for: ids(supporting),
        quotes_against: ids(contrary),
        n_for,
        n_against,
        n_interviews: speak_for.union(&speak_against).count(),
        can_be_contradicted: against.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::quote;

    #[test]
    fn interviews_decide_and_not_quotes() {
        let told = ["a:1p", "a:2p", "a:3p", "b:1w", "c:1w"].map(|id| quote(id, "winst", 1));
        let [a, b, c, d, e] = &told;
        for (supporting, against, verdict) in [
            (vec![a, b, c], vec![d, e], Verdict::Contradicts),
            (vec![a, d], vec![e], Verdict::Supports),
            (vec![a, b], vec![d], Verdict::Mixed),
            (vec![], vec![], Verdict::NoMaterial),
        ] {
            assert_eq!(weigh("", &supporting, Some(&against)).verdict, verdict);
        }
        assert!(!weigh("", &[a], None).can_be_contradicted);
    }
}
