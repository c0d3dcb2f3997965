//! The words of the tables, in both languages.

use std::borrow::Cow;

use klantreis_aggregation::{Label, Mark, Subject};
use klantreis_study::{Category, Channel, Language, Quote, Status};

/// The word in the study's language.
pub fn pick(language: Language, nl: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Dutch => nl,
        Language::English => en,
    }
}

/// The name of a row of the journey table.
pub fn lane(language: Language, category: &str) -> String {
    match category {
        "activiteit" => pick(language, "Activiteiten", "Activities").to_owned(),
        "behoefte" => pick(language, "Behoeften", "Needs").to_owned(),
        "winst" => pick(language, "Winsten", "Gains").to_owned(),
        "pijnpunt" => pick(language, "Pijnpunten", "Pain points").to_owned(),
        other => other.to_owned(),
    }
}

/// "3 interviews", "1 interview".
pub fn interviews(n: usize) -> String {
    format!("{n} interview{}", if n == 1 { "" } else { "s" })
}

/// "3 uitspraken", "1 quote".
pub fn quotes(language: Language, n: usize) -> String {
    let word = if n == 1 { pick(language, "uitspraak", "quote") } else { pick(language, "uitspraken", "quotes") };
    format!("{n} {word}")
}

/// Where a quote stands: file, turn, speaker, time.
pub fn place(language: Language, q: &Quote) -> String {
    let file = q.file.rsplit('/').next().unwrap_or(&q.file);
    let time = if q.time.is_empty() { String::new() } else { format!(", {}", q.time) };
    format!("{file}, {} {}, {}{time}", pick(language, "beurt", "turn"), q.turn, q.speaker)
}

/// Where a quote stands, how sure it is and what became of it.
pub fn source(language: Language, q: &Quote) -> String {
    format!(
        "{} · {} {} · {}",
        place(language, q),
        pick(language, "zekerheid", "confidence"),
        decimal(language, q.confidence.value().into(), 2),
        status(language, q.status)
    )
}

/// A number as people write it: with a decimal comma in Dutch, and no minus before a zero.
pub fn decimal(language: Language, number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    let text = if zero { text.trim_start_matches('-').to_owned() } else { text };
    match language {
        Language::Dutch => text.replace('.', ","),
        Language::English => text,
    }
}

/// What may be said of an emotion.
pub fn label(language: Language, label: Label) -> &'static str {
    match label {
        Label::Positive => pick(language, "positief", "positive"),
        Label::Neutral => pick(language, "neutraal", "neutral"),
        Label::Mixed => pick(language, "gemengd", "mixed"),
        Label::Negative => pick(language, "negatief", "negative"),
        Label::TooFew => pick(language, "te weinig", "too few"),
    }
}

/// The name of a channel.
pub fn channel(language: Language, channel: Channel) -> &'static str {
    match channel {
        Channel::Physical => pick(language, "fysiek", "in person"),
        Channel::Digital => pick(language, "digitaal", "digital"),
        Channel::Phone => pick(language, "telefoon", "telephone"),
        Channel::Paper => pick(language, "papier", "paper"),
        Channel::Others => pick(language, "via anderen", "through others"),
    }
}

/// Why a phase or touchpoint stands out.
pub fn mark(language: Language, mark: Mark) -> &'static str {
    match mark {
        Mark::Peak => pick(language, "hoogtepunt", "peak"),
        Mark::Low => pick(language, "dieptepunt", "low"),
        Mark::Divided => pick(language, "meest verdeeld", "most divided"),
        Mark::MostInterviews => pick(language, "meest besproken", "most talked of"),
        Mark::End => pick(language, "slot van de reis", "end of the journey"),
    }
}

/// What has become of a quote.
pub fn status(language: Language, status: Status) -> &'static str {
    match status {
        Status::Auto => pick(language, "voorstel, niet nagekeken", "proposed, not reviewed"),
        Status::Accepted => pick(language, "nagekeken en akkoord", "reviewed and accepted"),
        Status::Changed => pick(language, "nagekeken en aangepast", "reviewed and changed"),
        Status::Rejected => pick(language, "afgewezen", "rejected"),
        Status::Manual => pick(language, "door een onderzoeker toegevoegd", "added by a researcher"),
    }
}

/// What is asked of those who work on an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To take a pain away.
    Relieve,
    /// To meet a need.
    Meet,
    /// To make a touchpoint better.
    Improve,
}

impl Ask {
    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Touchpoint(_) => Self::Improve,
            Subject::Code(category, _) if *category == Category::pain() => Self::Relieve,
            Subject::Code(..) => Self::Meet,
        }
    }
}

/// A question with room for `{label}` and then `{phase}`. Names are quoted: whatever they are, the sentence holds.
pub fn question(language: Language, ask: Ask) -> &'static str {
    match (language, ask) {
        (Language::Dutch, Ask::Improve) => "Hoe kunnen we “{label}” verbeteren in de fase “{phase}”?",
        (Language::Dutch, Ask::Relieve) => "Hoe kunnen we iets doen aan “{label}” in de fase “{phase}”?",
        (Language::Dutch, Ask::Meet) => "Hoe kunnen we beter voorzien in “{label}” in de fase “{phase}”?",
        (Language::English, Ask::Improve) => "How might we improve “{label}” in the phase “{phase}”?",
        (Language::English, Ask::Relieve) => "How might we relieve “{label}” in the phase “{phase}”?",
        (Language::English, Ask::Meet) => "How might we better meet “{label}” in the phase “{phase}”?",
    }
}

/// A question to work on, to be rewritten by people.
pub fn how_might_we(language: Language, subject: &Subject, label: &str, phase: &str) -> String {
    // The phase first: a name with braces in it is then never taken for room.
    question(language, Ask::of(subject)).replacen("{phase}", phase, 1).replacen("{label}", label, 1)
}

/// What one quote of a category is called.
pub fn singular(language: Language, category: &str) -> String {
    match category {
        "activiteit" => pick(language, "Activiteit", "Activity").to_owned(),
        "behoefte" => pick(language, "Behoefte", "Need").to_owned(),
        "winst" => pick(language, "Winst", "Gain").to_owned(),
        "pijnpunt" => pick(language, "Pijnpunt", "Pain point").to_owned(),
        other => other.to_owned(),
    }
}

/// A score of emotion: one decimal, and a real minus.
pub fn signed(language: Language, score: f64) -> String {
    decimal(language, score, 1).replace('-', "−")
}

/// An end of an interval of such scores: with a second decimal where one would hide on which side of zero it lies.
pub fn end_of_interval(language: Language, score: f64) -> String {
    let decimals = if score.abs() < 0.05 && score.abs() >= 0.005 { 2 } else { 1 };
    decimal(language, score, decimals).replace('-', "−")
}

/// At most `most` characters, cut behind a word and marked with `…`.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else { return Cow::Borrowed(text) };
    let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    Cow::Owned(format!("{}…", text[..cut].trim_end_matches(|c: char| !c.is_alphanumeric())))
}
