//! Numbers that people name: report marks, waiting times, amounts, counts.

use klantreis_study::{CodedTranscript, PhaseId, Role, quotes};
use klantreis_text::{Token, fold, tokens};
use serde::Serialize;

/// What a number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FigureKind {
    /// A report mark, 1…10.
    Mark,
    /// How long someone waited.
    Waiting,
    /// How long something took, or ago.
    Duration,
    /// Money.
    Money,
    /// How many of something.
    Count,
}

/// A number that was named.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What it tells.
    pub kind: FigureKind,
    /// The number.
    pub value: f64,
    /// Of what: `minuten`, `euro`, `logo's`; empty for marks.
    pub unit: String,
    /// In minutes, for waiting times and durations.
    pub minutes: Option<f64>,
    /// The interview.
    pub interview: String,
    /// The turn, from 1.
    pub turn: u32,
    /// The phase of the quote that it stands in, or of the nearest in its turn.
    pub phase: Option<PhaseId>,
    /// The quote that it stands in.
    pub quote_id: Option<String>,
    /// The sentence, letter for letter.
    pub sentence: String,
}

const SMALL: [(&str, f64); 22] = [
    ("nul", 0.0),
    ("twee", 2.0),
    ("drie", 3.0),
    ("vier", 4.0),
    ("vijf", 5.0),
    ("zes", 6.0),
    ("zeven", 7.0),
    ("acht", 8.0),
    ("negen", 9.0),
    ("tien", 10.0),
    ("elf", 11.0),
    ("twaalf", 12.0),
    ("dertien", 13.0),
    ("veertien", 14.0),
    ("vijftien", 15.0),
    ("zestien", 16.0),
    ("zeventien", 17.0),
    ("achttien", 18.0),
    ("negentien", 19.0),
    ("anderhalf", 1.5),
    ("anderhalve", 1.5),
    ("een", 1.0),
];

const TENS: [(&str, f64); 8] = [
    ("twintig", 20.0),
    ("dertig", 30.0),
    ("veertig", 40.0),
    ("vijftig", 50.0),
    ("zestig", 60.0),
    ("zeventig", 70.0),
    ("tachtig", 80.0),
    ("negentig", 90.0),
];

/// Units of time, by their beginning, in minutes.
const TIMES: [(&str, f64); 10] = [
    ("second", 1.0 / 60.0),
    ("minu", 1.0),
    ("kwartier", 15.0),
    ("halfuur", 30.0),
    ("uur", 60.0),
    ("uren", 60.0),
    ("dag", 1440.0),
    ("week", 10080.0),
    ("weken", 10080.0),
    ("maand", 43800.0),
];

const WAITING: [&str; 11] = [
    "wacht ",
    "wachten",
    "wachtte",
    "wachttijd",
    "gewacht",
    "wachtlijst",
    "in de rij",
    "aan de lijn",
    "duurde",
    "duurt",
    "voordat",
];

/// The number that a word means: `35`, `12,50`, `vijfendertig`, `tweehonderd`, `tweeënhalf`. A plain "een" is an article;
/// "één" is a number.
pub fn number(word: &str) -> Option<f64> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = match word.rsplit_once(['.', ',']) {
            // 1.200 is a thousand, 12,50 is not.
            Some((whole, part)) if part.len() == 3 && word.contains('.') => format!("{whole}{part}"),
            Some((whole, part)) => format!("{whole}.{part}"),
            None => word.to_owned(),
        };
        return plain.parse().ok();
    }
    let folded = fold(word);
    if folded == "een" && !word.contains('é') && !word.contains('É') {
        return None;
    }
    in_words(&folded)
}

fn in_words(word: &str) -> Option<f64> {
    let listed = |list: &[(&str, f64)]| list.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    if let Some(value) = listed(&SMALL).or_else(|| listed(&TENS)) {
        return Some(value);
    }
    for (name, by) in [("duizend", 1000.0), ("honderd", 100.0)] {
        if let Some((many, rest)) = word.split_once(name) {
            let many = if many.is_empty() { 1.0 } else { in_words(many)? };
            let rest = if rest.is_empty() { 0.0 } else { in_words(rest.strip_prefix("en").unwrap_or(rest))? };
            return Some(many * by + rest);
        }
    }
    if let Some(whole) = word.strip_suffix("enhalf").or_else(|| word.strip_suffix("enhalve")) {
        return Some(in_words(whole)? + 0.5);
    }
    let (name, tens) = TENS.iter().find(|(name, _)| word.ends_with(name))?;
    Some(tens + in_words(word.strip_suffix(name)?.strip_suffix("en")?)?)
}

/// All numbers that respondents name, in the order of the talk. Years behind a word of time, times of the day and phone
/// numbers are passed over.
pub fn figures(coded: &CodedTranscript) -> Vec<Figure> {
    let transcript = &coded.transcript;
    let rows = quotes(coded);
    let mut out = Vec::new();
    let mut asked_for_mark = false;
    for (t, turn) in transcript.turns.iter().enumerate() {
        if turn.role == Role::Interviewer {
            let question = fold(&turn.text).into_owned();
            asked_for_mark = ["rapportcijfer", "welk cijfer", "een cijfer", "van een tot tien", "van 1 tot 10"]
                .iter()
                .any(|words| question.contains(words));
            continue;
        }
        for (s, range) in turn.sentences.iter().enumerate() {
            let text = &turn.text[range.clone()];
            let covering = coded.codings.iter().zip(&rows).find(|(c, _)| c.turn == t && c.sentences.contains(&s));
            let near = coded.codings.iter().filter(|c| c.turn == t).min_by_key(|c| c.sentences.start.abs_diff(s));
            for (kind, value, unit, minutes) in in_sentence(text, asked_for_mark && s < 2) {
                out.push(Figure {
                    kind,
                    value,
                    unit,
                    minutes,
                    interview: transcript.interview.clone(),
                    turn: turn.number,
                    phase: covering.map(|(c, _)| c).or(near).map(|c| c.phase.clone()),
                    quote_id: covering.map(|(_, row)| row.id.clone()),
                    sentence: text.to_owned(),
                });
            }
        }
    }
    out
}

/// Words that count nothing: what stands behind a number by chance.
const NO_UNITS: [&str; 24] = [
    "en", "of", "in", "op", "van", "voor", "met", "was", "is", "ben", "tot", "om", "dan", "die", "dat", "de", "het",
    "een", "uur", "keer", "over", "bij", "procent", "jaar",
];

/// Words with the ending of a plural that are none: forms of common verbs, and others.
const NO_PLURALS: [&str; 58] = [
    "alles", "anders", "beiden", "binnen", "bleven", "blijven", "boven", "buiten", "deden", "denken", "doen", "eens",
    "gaan", "gaven", "geven", "gingen", "hadden", "hebben", "hielpen", "kenden", "kennen", "kiezen", "komen", "konden",
    "kregen", "krijgen", "kunnen", "kwamen", "laten", "lieten", "liepen", "lopen", "mochten", "moesten", "moeten",
    "mogen", "namen", "nemen", "samen", "soms", "spreken", "staan", "stonden", "tegen", "tussen", "vinden", "vonden",
    "vragen", "waren", "werden", "weten", "willen", "wilden", "wisten", "worden", "zaten", "zouden", "zullen",
];

/// Whether a number is a year: "in 2019", "vanaf 2023".
fn is_year(word: &str, before: &str) -> bool {
    let four = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    four && word.bytes().all(|b| b.is_ascii_digit())
        && matches!(
            before,
            "in" | "sinds" | "vanaf" | "tot" | "uit" | "van" | "jaar" | "eind" | "begin" | "voor" | "na"
        )
}

fn in_sentence(text: &str, asked_for_mark: bool) -> Vec<(FigureKind, f64, String, Option<f64>)> {
    let words: Vec<Token<'_>> = tokens(text).collect();
    let folded: Vec<String> = words.iter().map(|w| fold(w.text).into_owned()).collect();
    let whole = folded.join(" ") + " ";
    let waits = WAITING.iter().any(|cue| whole.contains(cue));
    let mut out = Vec::new();
    for (n, word) in words.iter().enumerate() {
        let half_hour = folded[n] == "half" && folded.get(n + 1).is_some_and(|w| w == "uur");
        let bare_quarter = folded[n] == "kwartier" && (n == 0 || number(words[n - 1].text).is_none());
        let value = match (half_hour, bare_quarter) {
            (true, _) => Some(0.5),
            (_, true) => Some(1.0),
            _ => number(word.text),
        };
        let Some(value) = value else { continue };
        let behind = if bare_quarter { Some(n) } else { Some(n + 1).filter(|at| *at < words.len()) };
        let unit = behind.map_or("", |at| folded[at].as_str());
        let before = n.checked_sub(1).map_or("", |at| folded[at].as_str());
        if is_year(word.text, before) {
            continue;
        }
        let mark = (1.0..=10.0).contains(&value)
            && ((asked_for_mark && (matches!(before, "een" | "'n" | "dikke" | "kleine" | "zeker") || words.len() < 4))
                || folded.iter().any(|w| w == "cijfer" || w == "rapportcijfer") && matches!(before, "een" | "dikke")
                || (0..n).any(|at| matches!(folded[at].as_str(), "geef" | "gaf" | "geven"))
                    && matches!(before, "een" | "dikke" | "kleine")
                    && (unit.is_empty() || NO_UNITS.contains(&unit)));
        if mark {
            // "Een zes en een half."
            let half = folded.get(n + 1..n + 4).is_some_and(|next| next.join(" ") == "en een half");
            out.push((FigureKind::Mark, if half { value + 0.5 } else { value }, String::new(), None));
        } else if unit.starts_with("euro") || text[..word.start].trim_end().ends_with('€') {
            out.push((FigureKind::Money, value, "euro".to_owned(), None));
        } else if let Some((_, minutes)) = TIMES.iter().find(|(time, _)| unit.starts_with(time)) {
            // "om tien uur" is a time of the day.
            if unit == "uur" && matches!(before, "om" | "tegen" | "rond" | "tot" | "vanaf" | "van" | "na" | "voor") {
                continue;
            }
            let kind = if waits { FigureKind::Waiting } else { FigureKind::Duration };
            out.push((kind, value, unit.to_owned(), Some(value * minutes)));
        } else if let Some(at) = behind {
            // A plural behind a number counts something.
            let plural = (unit.ends_with("en") || unit.ends_with('s')) && !NO_PLURALS.contains(&unit);
            let counts = value != 1.0 && plural && !NO_UNITS.contains(&unit);
            let follows = text[word.end()..words[at].start].trim().is_empty();
            if counts && follows && in_words(unit).is_none() && value < 100_000.0 {
                out.push((FigureKind::Count, value, words[at].text.to_owned(), None));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        for (word, value) in [
            ("35", 35.0),
            ("12,50", 12.5),
            ("1.200", 1200.0),
            ("vijfendertig", 35.0),
            ("tweeëntachtig", 82.0),
            ("drieduizend", 3000.0),
            ("tweehonderdvijftig", 250.0),
            ("tweeënhalf", 2.5),
            ("één", 1.0),
        ] {
            assert_eq!(number(word), Some(value), "{word}");
        }
        for word in ["een", "achter", "bezig", "geen", "elfje"] {
            assert_eq!(number(word), None, "{word}");
        }
    }

    #[test]
    fn marks_times_money_and_counts_are_told_apart() {
        let said = in_sentence;
        assert_eq!(said("Ik geef het een acht.", false), [(FigureKind::Mark, 8.0, String::new(), None)]);
        assert_eq!(said("Een zeven, denk ik.", true)[0].0, FigureKind::Mark);
        assert_eq!(said("Een zes en een half.", true), [(FigureKind::Mark, 6.5, String::new(), None)]);
        assert_eq!(said("Cijfers zijn cijfers, een acht is een acht.", false), []);
        assert_eq!(said("Vijfendertig minuten heb ik gewacht.", false)[0].3, Some(35.0));
        assert_eq!(said("Ik heb drie kwartier in de rij gestaan", false)[0].3, Some(45.0));
        assert_eq!(said("Het kost twaalf euro", false)[0].0, FigureKind::Money);
        assert_eq!(said("Elf logo's!", false), [(FigureKind::Count, 11.0, "logo's".to_owned(), None)]);
        assert_eq!(said("Om tien uur ging het open", false), []);
        assert_eq!(said("Een acht keer zo groot", false), []);
        assert_eq!(said("In 2019 kregen we dat", false), []);
        assert_eq!(said("Van de vier kwamen er twee, en die twee hadden geluk", false), []);
        assert_eq!(said("We hadden 2000 bezoekers", false)[0].1, 2000.0);
    }
}
