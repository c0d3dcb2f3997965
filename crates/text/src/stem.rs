use std::{borrow::Cow, cell::RefCell};

use rustc_hash::FxHashMap;

/// Lower case, diacritics off, curly apostrophes straight: "Één" → "een".
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().flat_map(char::to_lowercase).filter_map(plain).collect())
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' | 'ā' => 'a',
        'ç' => 'c',
        'è'..='ë' | 'ē' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' | '‘' => '\'',
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}

/// A Snowball stemmer for Dutch. What one has stemmed, all stemmers of its thread remember: coding, index and themes ask for
/// the same words one after another.
///
/// Words repeat: of 100,000 words of interviews some 8,000 differ, so that most look-ups are one hash.
pub struct Stemmer {
    snowball: rust_stemmers::Stemmer,
    /// The last stem.
    stem: String,
}

/// Words remembered before the memory is emptied: bounds memory on endless input.
const REMEMBERED: usize = 40_000;

thread_local! {
    /// Words as written, with their stems.
    static SEEN: RefCell<FxHashMap<Box<str>, Box<str>>> = RefCell::default();
}

impl Stemmer {
    /// The stemmer for Dutch.
    pub fn dutch() -> Self {
        Self { snowball: rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Dutch), stem: String::new() }
    }

    /// The stem of a word as written: folded, then stemmed.
    pub fn stem(&mut self, word: &str) -> &str {
        self.stem.clear();
        SEEN.with_borrow_mut(|seen| {
            if let Some(stem) = seen.get(word) {
                return self.stem.push_str(stem);
            }
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            let folded = fold(word);
            self.stem.push_str(&self.snowball.stem(&folded));
            seen.insert(Box::from(word), Box::from(self.stem.as_str()));
        });
        &self.stem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stemmers_remember_for_one_another_and_forget_what_is_too_much() {
        let (mut first, mut second) = (Stemmer::dutch(), Stemmer::dutch());
        assert_eq!(first.stem("Formulieren"), second.stem("Formulieren"));
        SEEN.with_borrow(|seen| assert_eq!(seen.len(), 1));
        for n in 0..=REMEMBERED {
            first.stem(&format!("woord{n}"));
        }
        SEEN.with_borrow(|seen| assert!(seen.len() <= REMEMBERED));
        assert_eq!(second.stem("Formulieren"), "formulier");
    }

    #[test]
    fn stems_ignore_case_and_diacritics() {
        let mut stemmer = Stemmer::dutch();
        assert_eq!(stemmer.stem("Ideeën").to_owned(), stemmer.stem("ideeen"));
        assert_eq!(stemmer.stem("Wachtwoorden"), "wachtwoord");
    }
}
