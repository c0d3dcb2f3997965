//! The words of the tables, in both languages.

use klantreis_aggregation::Label;
use klantreis_study::{Channel, Language};

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

/// What may be said of an emotion.
pub fn label(language: Language, label: Label) -> &'static str {
    match label {
        Label::Positive => pick(language, "positief", "positive"),
        Label::Neutral => pick(language, "neutraal", "neutral"),
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
