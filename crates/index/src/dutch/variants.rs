//! Which ways of writing are one word?

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::lines;

/// Classes of words that stand for each other.
pub(super) struct Variants {
    first: FxHashMap<&'static str, &'static str>,
    also: FxHashMap<&'static str, &'static str>,
}

impl Variants {
    pub fn built_in() -> Self {
        let (mut first, mut also) = (FxHashMap::default(), FxHashMap::default());
        for line in lines(include_str!("../../data/variants.txt")) {
            let (class, other) = line.split_once('|').unwrap_or((line, ""));
            let mut words = class.split_whitespace();
            let Some(head) = words.next() else { continue };
            first.extend(words.map(|word| (word, head)));
            also.extend(other.split_whitespace().map(|other| (head, other)));
        }
        Self { first, also }
    }

    /// The word that stands for the class of `word`, where it is another.
    pub fn first(&self, word: &str) -> Option<&'static str> {
        self.first.get(word).copied()
    }

    /// What `word` means besides itself.
    pub fn also(&self, word: &str) -> Option<&'static str> {
        self.also.get(word).copied()
    }
}

/// A folded word without hyphens and without the ending behind an apostrophe, "e-mail" as "mail" at its start: "foto's"
/// → "foto", "sms'je" → "sms", "e-mailadres" → "mailadres".
pub(super) fn bare(folded: &str) -> Cow<'_, str> {
    // The quotation mark of 'ik, but not the apostrophe of 't.
    let folded = folded.strip_prefix('\'').filter(|rest| rest.len() > 1).unwrap_or(folded);
    let mut word = match folded.rsplit_once('\'') {
        Some((before, "s" | "je" | "jes" | "tje" | "tjes" | "en" | "er")) if !before.is_empty() => {
            Cow::Borrowed(before)
        }
        _ => Cow::Borrowed(folded),
    };
    if word.contains('-') {
        word = Cow::Owned(word.replace('-', ""));
    }
    for (start, plain) in [("email", "mail"), ("geemail", "gemail"), ("gesms't", "gesmst")] {
        if let Some(rest) = word.strip_prefix(start).filter(|rest| !rest.starts_with("le")) {
            return Cow::Owned(format!("{plain}{rest}"));
        }
    }
    word
}

/// The word that two words are together, where people write it apart.
pub(super) fn written_apart(first: &str, second: &str) -> Option<&'static str> {
    const APART: [(&str, &str, &str); 6] = [
        ("digi", "d", "digid"),
        ("e", "mail", "mail"),
        ("e", "mails", "mail"),
        ("wi", "fi", "wifi"),
        ("id", "kaart", "identiteitskaart"),
        ("wacht", "woord", "wachtwoord"),
    ];
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    APART.iter().find(|(a, b, _)| same(a, first) && same(b, second)).map(|found| found.2)
}
