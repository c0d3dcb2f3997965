//! What do people say about a word? Two words of one clause, in the form in which they were said.

use std::collections::{BTreeMap, BTreeSet};

use crate::{naming::Text, vocabulary::Word};

/// A word of a group of texts beside another one.
pub struct Phrase {
    /// The stem of the other word.
    pub other: usize,
    /// Whether the other one says nothing by itself.
    pub beside: bool,
    /// Whether it is a verb.
    pub verb: bool,
    /// In how many texts the two stand in one clause.
    pub texts: usize,
    /// As it was said most often.
    pub form: String,
    /// How it is built.
    pub shape: Shape,
    /// Words between the two.
    pub apart: usize,
}

/// How two words hang together, the tightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Nothing or small words between them: "geheime code", "folder in vijf talen".
    Whole,
    /// Other words between them, left out: "formulier … ingevuld".
    Apart,
}

/// Words between two of a phrase, at most.
const FURTHEST: usize = 4;

/// Small words that a phrase may have inside.
const BETWEEN: [&str; 26] = [
    "met", "van", "aan", "op", "in", "bij", "voor", "de", "het", "een", "naar", "via", "over", "uit", "tegen", "tot",
    "te", "m'n", "mijn", "uw", "je", "twee", "drie", "vier", "vijf", "zes",
];

/// What may stand before a noun and leads on to a verb: "op de grond zitten".
const PREPOSITIONS: [&str; 12] =
    ["met", "van", "aan", "op", "in", "bij", "voor", "naar", "via", "over", "uit", "tegen"];
const DETERMINERS: [&str; 6] = ["de", "het", "een", "mijn", "m'n", "je"];

/// All phrases of a word in a group.
pub fn phrases(stem: usize, group: &[&Text]) -> Vec<Phrase> {
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for (n, text) in group.iter().enumerate() {
        for clause in text.words.split_inclusive(|w| w.last) {
            let heads = clause.iter().enumerate().filter(|(_, w)| w.stem == stem && !w.stop);
            for (at, _) in heads {
                let near = at.saturating_sub(FURTHEST + 1)..clause.len().min(at + FURTHEST + 2);
                for other in near.filter(|other| *other != at) {
                    let word = &clause[other];
                    if word.stem == stem || (word.stop && !word.beside) || is_number(word) || is_name(word) {
                        continue;
                    }
                    if let Some(said) = Said::of(clause, at, other) {
                        let entry = found.entry(word.stem).or_default();
                        entry.texts.insert(n);
                        (entry.beside, entry.verb) = (word.stop, word.verb);
                        *entry.forms.entry(said).or_default() += 1;
                    }
                }
            }
        }
    }
    let phrase = |(other, found): (usize, Found)| {
        let most = found.forms.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
        let Said { shape, apart, form } = most.0;
        Some(Phrase { other, beside: found.beside, verb: found.verb, texts: found.texts.len(), form, shape, apart })
    };
    found.into_iter().filter_map(phrase).collect()
}

#[derive(Default)]
struct Found {
    texts: BTreeSet<usize>,
    beside: bool,
    verb: bool,
    forms: BTreeMap<Said, usize>,
}

/// One way to say it; of equally many the tightest and shortest comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    shape: Shape,
    apart: usize,
    form: String,
}

impl Said {
    /// The words at two places of a clause; `None` where they make no phrase.
    fn of(clause: &[Word], head: usize, other: usize) -> Option<Self> {
        let (from, to) = (head.min(other), head.max(other));
        let (noun, word) = (&clause[head], &clause[other]);
        let between = &clause[from + 1..to];
        let led = between.first().is_some_and(|w| is_one_of(w, &PREPOSITIONS));
        let small = between.len() <= 3 && between.iter().all(|w| is_one_of(w, &BETWEEN));
        let whole = small
            && if word.verb {
                // "foto van gemaakt" is no phrase, "kreeg een bericht" is one, "vul het formulier in" is none.
                let object = between.first().is_some_and(|w| is_one_of(w, &DETERMINERS[..3]));
                !word.joined && (between.is_empty() || (other < head && (led || object)))
            } else if word.stop {
                // "moeilijke woorden", "avond voor vaders".
                other < head && (between.is_empty() || led)
            } else {
                between.is_empty() || led
            };
        let words =
            |from: usize, to: usize| clause[from..=to].iter().map(|w| w.surface.as_str()).collect::<Vec<_>>().join(" ");
        if whole {
            let from = if word.verb && other > head { with_preposition(clause, from) } else { from };
            return Some(Self { shape: Shape::Whole, apart: between.len(), form: words(from, to) });
        }
        // A verb goes behind its noun, as the infinitive does; what else stands apart from it is no phrase.
        (word.verb && !noun.verb && (!word.stop || word.beside)).then(|| Self {
            shape: Shape::Apart,
            apart: between.len(),
            form: format!("{} {}", words(with_preposition(clause, head), head), word.surface),
        })
    }
}

fn is_one_of(word: &Word, list: &[&str]) -> bool {
    list.contains(&word.surface.to_lowercase().as_str())
}

/// Where the phrase begins, with the preposition before its noun: "op de grond".
fn with_preposition(clause: &[Word], noun: usize) -> usize {
    match noun {
        n if n >= 2 && is_one_of(&clause[n - 1], &DETERMINERS) && is_one_of(&clause[n - 2], &PREPOSITIONS) => n - 2,
        n if n >= 1 && is_one_of(&clause[n - 1], &PREPOSITIONS) => n - 1,
        n => n,
    }
}

/// "zestig", "driehonderdtachtig": how many says nothing of what.
fn is_number(word: &Word) -> bool {
    let word = word.surface.to_lowercase();
    word.contains("honderd") || word.contains("duizend") || word.ends_with("tig") || word.ends_with("tien")
}

/// "Gerard", but not "DigiD" or "UWV".
fn is_name(word: &Word) -> bool {
    let mut letters = word.surface.chars();
    letters.next().is_some_and(char::is_uppercase) && !letters.as_str().contains(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    fn said_of(word: &str, texts: &[&str]) -> Vec<(String, usize)> {
        let mut vocabulary = Vocabulary::new();
        let texts: Vec<Text> = texts.iter().map(|t| Text::new(t, &mut vocabulary)).collect();
        let stem = vocabulary.read(word)[0].stem;
        let mut found = phrases(stem, &texts.iter().collect::<Vec<_>>());
        found.sort_by(|a, b| b.texts.cmp(&a.texts).then_with(|| a.form.cmp(&b.form)));
        found.into_iter().map(|p| (p.form, p.texts)).collect()
    }

    #[test]
    fn phrases_are_in_the_form_in_which_people_say_them() {
        for (word, texts, form, n) in [
            ("code", &["Het is een geheime code", "Die geheime code, hè"][..], "geheime code", 2),
            ("vader", &["Een avond voor vaders", "En een avond voor de vaders"], "avond voor vaders", 2),
            ("grond", &["Ze gaat op de grond zitten", "Hij zat daar op de grond"], "op de grond zitten", 2),
            (
                "wijkteam",
                &["Toen heeft ze met het wijkteam gebeld", "Die bellen het wijkteam"],
                "met het wijkteam gebeld",
                2,
            ),
            // Parts of a verb that stand apart are one word; what stands between is left out.
            ("formulier", &["Ik vulde het formulier samen met haar in"], "formulier invullen", 1),
            ("bericht", &["Vijf weken later kreeg ik eindelijk bericht"], "bericht kreeg", 1),
        ] {
            assert!(said_of(word, texts).contains(&(form.to_owned(), n)), "{word}: {:?}", said_of(word, texts));
        }
    }

    #[test]
    fn what_hangs_together_by_chance_is_no_phrase() {
        for (word, text) in [
            ("foto", "Ik maakte een foto van mijn eigen scherm"),
            ("gemeente", "Dat was Gerard van de gemeente"),
            ("trein", "De trein kwam. Het loket was dicht"),
            ("kosten", "Dat kosten ze, zestig en driehonderd"),
        ] {
            let found = said_of(word, &[text]);
            let by_chance = ["foto van mijn eigen", "Gerard", "loket", "zestig", "driehonderd"];
            assert!(
                found
                    .iter()
                    .all(|(form, _)| by_chance.iter().all(|bad| !form.ends_with(bad) && !form.starts_with(bad))),
                "{found:?}"
            );
        }
    }
}
