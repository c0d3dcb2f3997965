//! What fields are there, and what do their values mean?

use std::{borrow::Cow, ops::Bound};

use klantreis_text::fold;
use tantivy::Term;

use crate::{documents::seconds, highlight::edit_distance, lexicon::Lexicon, schema::Fields};

/// A field's Dutch name, which the index keeps, and its English one.
pub(super) const FIELDS: [(&str, &str); 12] = [
    ("categorie", "category"),
    ("code", "code"),
    ("fase", "phase"),
    ("contactmoment", "touchpoint"),
    ("interview", "interview"),
    ("spreker", "speaker"),
    ("bestand", "file"),
    ("status", "status"),
    ("emotie", "emotion"),
    ("zekerheid", "confidence"),
    ("beurt", "turn"),
    ("tijd", "time"),
];

/// What an attribute is called in queries: as in the tables (`attr_interview`) where a field has its name already.
pub(crate) fn attribute_name(name: &str) -> Cow<'_, str> {
    let folded = fold(name);
    let is_field = FIELDS.iter().any(|(nl, en)| *nl == folded || *en == folded);
    if is_field { format!("attr_{name}").into() } else { name.into() }
}

/// Other names of the built-in categories.
const CATEGORIES: [(&str, &[&str]); 4] = [
    ("pijnpunt", &["pijnpunten", "pijn", "pain", "pains"]),
    ("winst", &["winsten", "winstpunt", "winstpunten", "gain", "gains"]),
    ("behoefte", &["behoeften", "behoeftes", "need", "needs"]),
    ("activiteit", &["activiteiten", "activity", "activities"]),
];

const STATUSES: [&str; 5] = ["auto", "accepted", "changed", "rejected", "manual"];

/// The field that a name stands for; the error lists them and the nearest.
pub(super) fn field_name(name: &str, lexicon: &Lexicon<'_>) -> Result<String, String> {
    let name = fold(name);
    if let Some((field, _)) = FIELDS.iter().find(|(nl, en)| *nl == name || *en == name) {
        return Ok((*field).to_owned());
    }
    let attributes = lexicon.names().map_err(|e| e.to_string())?;
    if attributes.contains(name.as_ref()) {
        return Ok(name.into_owned());
    }
    let built_in = FIELDS.iter().flat_map(|(nl, en)| [*nl, *en]);
    let nearest = built_in.chain(attributes.iter().map(String::as_str)).min_by_key(|k| edit_distance(k, &name));
    let mut list: Vec<&str> = FIELDS.iter().map(|f| f.0).collect();
    list.extend(attributes.iter().map(String::as_str).filter(|a| FIELDS.iter().all(|f| f.0 != *a)));
    Err(format!(
        "there is no field \"{name}\": did you mean \"{}\"? This study has the fields {}",
        nearest.unwrap_or("fase"),
        list.join(", ")
    ))
}

/// The field to count by that a name stands for.
pub(crate) fn countable(name: &str, lexicon: &Lexicon<'_>) -> Result<String, String> {
    let field = field_name(name, lexicon)?;
    if is_number(&field) && field != "emotie" {
        return Err(format!(
            "\"{name}\" can't be counted by: a field with a few values is expected, such as fase, categorie or emotie"
        ));
    }
    Ok(field)
}

pub(super) fn is_number(field: &str) -> bool {
    matches!(field, "emotie" | "zekerheid" | "beurt" | "tijd")
}

/// The value as the index keeps it: folded, the names of categories in one language and number.
pub(super) fn value_name(field: &str, value: &str) -> String {
    let folded = fold(value.trim()).into_owned();
    let named = CATEGORIES.iter().find(|(_, others)| field == "categorie" && others.contains(&folded.as_str()));
    named.map_or(folded, |(id, _)| (*id).to_owned())
}

/// What to say of a value that no passage has: nothing where it may simply not occur, else what there is.
pub(super) fn unknown_value(field: &str, value: &str, lexicon: &Lexicon<'_>) -> tantivy::Result<Option<String>> {
    let built_in: Vec<&str> = match field {
        "categorie" => CATEGORIES.iter().map(|c| c.0).collect(),
        "status" => STATUSES.to_vec(),
        _ => Vec::new(),
    };
    if built_in.contains(&value) {
        return Ok(None);
    }
    let start = format!("{field}=");
    let keys = lexicon.keys(&start)?;
    let mut known: Vec<&str> = keys.iter().filter_map(|k| k.strip_prefix(start.as_str())).collect();
    known.extend(built_in.iter().filter(|b| !keys.contains(&format!("{start}{b}"))));
    let Some(nearest) = known.iter().min_by_key(|k| unlikeness(k, value)) else { return Ok(None) };
    let slip = unlikeness(nearest, value).0 < 2 || edit_distance(nearest, value) <= 2;
    // Fields with a few values are closed; elsewhere only what looks like a slip is one, and the rest may not occur.
    let closed = matches!(field, "fase" | "categorie" | "status" | "contactmoment" | "code");
    if !closed && !slip {
        return Ok(None);
    }
    let hint = if slip { format!(": did you mean \"{nearest}\"?") } else { ".".to_owned() };
    let list = match known.len() {
        0..=LISTED => format!(" There are {}", known.join(", ")),
        _ if closed => format!(" There are {}, …", known[..LISTED].join(", ")),
        // Of names of files, say: nobody wants them all.
        _ => String::new(),
    };
    Ok(Some(format!("no passage has {field} \"{value}\"{hint}{list}")))
}

/// So many values of a field are named in a message.
const LISTED: usize = 20;

/// How far a value is from what was written: least where it was written in part, then by letters.
fn unlikeness(known: &str, written: &str) -> (u8, usize) {
    let part = match known.find(written) {
        Some(0) => 0,
        Some(_) => 1,
        None => 2,
    };
    (part, edit_distance(known, written))
}

/// The range that `<0`, `>=0.7`, `3`, `1..5` and `tijd:10:00..12:30` mean in a field of numbers.
pub(super) fn range(field: &str, value: &str, fields: Fields) -> Result<(Bound<Term>, Bound<Term>), String> {
    let wrong = |what: &str| {
        format!(
            "\"{field}:{value}\": {what} is expected, with <, <=, > or >= before it or .. between two if wished, such \
             as emotie:<0, zekerheid:>=0.7, beurt:12..20 or tijd:10:00..12:30"
        )
    };
    let term = |digits: &str| -> Result<Term, String> {
        let digits = digits.trim().replace(',', ".").replace('−', "-");
        Ok(match field {
            "zekerheid" => {
                let number = digits.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| wrong("a number"))?;
                check_confidence(value, number)?;
                Term::from_field_f64(fields.confidence, number)
            }
            "emotie" => {
                let number = whole(&digits).map_err(wrong)?;
                if !(-2..=2).contains(&number) {
                    return Err(format!(
                        "\"emotie:{value}\": emotion goes from -2 (very negative) to 2 (very positive)"
                    ));
                }
                Term::from_field_i64(fields.emotion, number)
            }
            "tijd" => {
                let seconds = seconds(&digits).ok_or_else(|| wrong("a time as mm:ss or hh:mm:ss"))?;
                Term::from_field_u64(fields.time, seconds)
            }
            _ => {
                let number = u64::try_from(whole(&digits).map_err(wrong)?).map_err(|_| wrong("a number from 0"))?;
                Term::from_field_u64(fields.turn, number)
            }
        })
    };
    if let Some((low, high)) = value.split_once("..") {
        let bound = |digits: &str| {
            if digits.is_empty() { Ok(Bound::Unbounded) } else { term(digits).map(Bound::Included) }
        };
        if low.is_empty() && high.is_empty() {
            return Err(wrong("a number"));
        }
        let (from, to) = (bound(low)?, bound(high)?);
        if let (Bound::Included(from), Bound::Included(to)) = (&from, &to)
            && from > to
        {
            return Err(format!("\"{field}:{value}\" goes from high to low: did you mean {field}:{high}..{low}?"));
        }
        return Ok((from, to));
    }
    let (sign, digits) = sign(value);
    let term = term(digits)?;
    Ok(match sign {
        "<" => (Bound::Unbounded, Bound::Excluded(term)),
        "<=" | "=<" => (Bound::Unbounded, Bound::Included(term)),
        ">" => (Bound::Excluded(term), Bound::Unbounded),
        ">=" | "=>" => (Bound::Included(term), Bound::Unbounded),
        "" | "=" => (Bound::Included(term.clone()), Bound::Included(term)),
        _ => return Err(wrong("a number")),
    })
}

/// Confidence is a probability: who writes 7 or 70 most likely means 0.7.
fn check_confidence(value: &str, number: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&number) {
        return Ok(());
    }
    let meant = if number <= 10.0 { number / 10.0 } else { number / 100.0 };
    let hint = if (0.0..=1.0).contains(&meant) { format!(": did you mean {meant}?") } else { String::new() };
    Err(format!("\"zekerheid:{value}\": confidence goes from 0 to 1{hint}"))
}

/// What `>60`, `<=3` or `30..50` asks of an attribute that holds numbers, such as an age; `None` where it asks for words.
pub(super) fn numeric(value: &str) -> Option<impl Fn(f64) -> bool> {
    let number = |digits: &str| digits.trim().replace(',', ".").parse::<f64>().ok();
    let (low, high, open) = match value.split_once("..") {
        Some((low, high)) => (number(low)?, number(high)?, false),
        None => match sign(value) {
            ("<", digits) => (f64::NEG_INFINITY, number(digits)?, true),
            ("<=" | "=<", digits) => (f64::NEG_INFINITY, number(digits)?, false),
            (">", digits) => (number(digits)?, f64::INFINITY, true),
            (">=" | "=>", digits) => (number(digits)?, f64::INFINITY, false),
            _ => return None,
        },
    };
    Some(move |n: f64| if open { low < n && n < high } else { low <= n && n <= high })
}

fn sign(value: &str) -> (&str, &str) {
    value.split_at(value.find(|c: char| !matches!(c, '<' | '>' | '=')).unwrap_or(value.len()))
}

fn whole(digits: &str) -> Result<i64, &'static str> {
    digits.parse().map_err(|_| if digits.parse::<f64>().is_ok() { "a whole number" } else { "a number" })
}
