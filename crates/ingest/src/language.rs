//! In which language an interview was held.

use klantreis_study::Language;
use whatlang::{Detector, Lang};

/// Languages that are told apart. Afrikaans and the like are left out: Dutch talk is too often taken for them.
const KNOWN: [Lang; 14] = [
    Lang::Nld,
    Lang::Eng,
    Lang::Deu,
    Lang::Fra,
    Lang::Spa,
    Lang::Ita,
    Lang::Por,
    Lang::Pol,
    Lang::Tur,
    Lang::Ara,
    Lang::Ukr,
    Lang::Rus,
    Lang::Ron,
    Lang::Bul,
];

/// Letters below which nothing can be said.
const ENOUGH: usize = 120;

/// Bytes that are looked at: more make it no surer.
const LOOKED_AT: usize = 20_000;

/// Bytes of each piece of a long text that are looked at first.
const PIECE: usize = 600;

/// A language with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detected {
    /// The code of ISO 639-3, such as `nld`.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
}

/// The language of what was said, where there is enough to tell.
pub fn detect<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Detected> {
    let mut sample = String::new();
    for text in texts {
        sample.push_str(text);
        sample.push(' ');
        if sample.len() > LOOKED_AT {
            break;
        }
    }
    if sample.len() > LOOKED_AT {
        let end = (0..=LOOKED_AT).rev().find(|at| sample.is_char_boundary(*at))?;
        sample.truncate(end);
    }
    if sample.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH {
        return None;
    }
    // Where begin, middle and end leave no doubt, what lies between is not looked at: it took longer than all else of reading.
    let detector = Detector::with_allowlist(KNOWN.to_vec());
    let certain = extract(&sample).and_then(|short| detector.detect(&short)).filter(|info| info.confidence() == 1.0);
    let info = certain.or_else(|| detector.detect(&sample))?;
    Some(Detected { code: info.lang().code(), name: info.lang().eng_name(), confidence: info.confidence() })
}

/// Begin, middle and end of a long text.
fn extract(text: &str) -> Option<String> {
    if text.len() < 6 * PIECE {
        return None;
    }
    let before = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let starts = [0, (text.len() - PIECE) / 2, text.len() - PIECE];
    Some(starts.map(|start| &text[before(start)..before(start + PIECE)]).join(" "))
}

/// What to say of an interview in another language than the study's.
pub fn note(detected: Detected, study: Language) -> Option<String> {
    let (code, name) = match study {
        Language::Dutch => ("nld", "Dutch"),
        Language::English => ("eng", "English"),
    };
    let sure = (detected.confidence * 100.0).round();
    (detected.code != code && detected.confidence >= 0.5).then(|| {
        format!(
            "is in {} (sure for {sure}%), not in the study's {name}: what is proposed for it will be poor",
            detected.name
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUTCH: &str = "Nou, ik kwam daar dus binnen en toen moest ik eerst een nummertje trekken. Dat duurde wel even, want er \
                         zat een hele rij voor mij. Maar die mevrouw aan de balie was heel vriendelijk en heeft mij goed geholpen met het formulier.";
    const ENGLISH: &str = "Well, I came in and first I had to take a number. That took a while because there was quite a queue in \
                           front of me. But the lady at the desk was very friendly and she helped me to fill in the form properly.";

    #[test]
    fn dutch_and_english_are_told_apart_and_the_other_one_is_said() {
        let dutch = detect([DUTCH].into_iter()).unwrap();
        assert_eq!((dutch.code, note(dutch, Language::Dutch)), ("nld", None));
        let english = detect([ENGLISH].into_iter()).unwrap();
        assert!(note(english, Language::Dutch).unwrap().contains("English"));
        assert_eq!(detect(["Ja."].into_iter()), None);
    }

    #[test]
    fn of_a_long_text_a_few_pieces_say_what_the_whole_says() {
        for (text, code) in [(DUTCH, "nld"), (ENGLISH, "eng")] {
            let long = text.repeat(LOOKED_AT / text.len() + 2);
            let whole = Detector::with_allowlist(KNOWN.to_vec()).detect(&long[..LOOKED_AT]).unwrap();
            let found = detect([long.as_str()].into_iter()).unwrap();
            assert_eq!((found.code, found.confidence), (code, whole.confidence()));
        }
        assert_eq!(extract(&"é".repeat(6 * PIECE)).unwrap().chars().filter(|c| *c == 'é').count(), 3 * PIECE / 2);
    }
}
