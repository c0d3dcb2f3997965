//! The words of a text with what the finder of names must know of each.

use klantreis_text::{sentences, tokens};

use crate::{
    contexts::{is_before_place, is_infix, kind_of_place},
    lists::{LISTS, Other, fold},
};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// In lower case, or no letters.
    Lower,
    /// With a capital, as a name.
    Capital,
    /// In capitals.
    Upper,
    /// With capitals inside: DigiD.
    Mixed,
}

/// A word in its place.
#[derive(Clone, Debug)]
pub struct Word<'t> {
    /// The word without the genitive's `'s`.
    pub text: &'t str,
    /// The same in lower case, without diacritics.
    pub folded: String,
    /// Where it starts.
    pub start: usize,
    /// How it is written.
    pub case: Case,
    /// Whether it would have a capital anyway, at the beginning of a sentence or of direct speech.
    pub initial: bool,
    /// Whether an `'s` follows.
    pub genitive: bool,
    /// Whether it belongs to the name of something that is no person.
    pub other: Option<Other>,
    /// What stands between the word before and this one.
    pub gap: &'t str,
}

impl Word<'_> {
    /// Where it ends, without the genitive's `'s`.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is written as a name and stands for nothing else.
    pub fn is_capital(&self) -> bool {
        self.case == Case::Capital && self.other.is_none()
    }

    /// Whether it follows the word before directly, as the parts of a name do.
    pub fn follows(&self) -> bool {
        self.gap == " " || self.gap == "\u{a0}"
    }
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let starts: Vec<usize> = sentences(text).into_iter().map(|s| s.start).collect();
    let mut out: Vec<Word<'_>> = Vec::new();
    let mut end = 0;
    for token in tokens(text) {
        let gap = &text[end..token.start];
        let sentence =
            starts.binary_search_by(|s| s.cmp(&token.start).then(std::cmp::Ordering::Less)).unwrap_or_else(|at| at);
        let opens = sentence > 0 && starts[sentence - 1] >= end.min(token.start) && starts[sentence - 1] <= token.start;
        let short_before = out.last().is_some_and(|w| w.initial && w.text.starts_with(['\'', '’']));
        let initial = out.is_empty()
            || opens
            || short_before
            || gap.contains(['.', '!', '?', '…', '"', '“', '„', '«', '‘', ':', ';', '(', ')', '[', ']', '–', '—'])
            || gap.contains(" '");
        end = token.end();
        let bare = ["'s", "’s"].iter().find_map(|s| token.text.strip_suffix(s));
        let word = bare.filter(|b| !b.is_empty() && b.starts_with(char::is_uppercase)).unwrap_or(token.text);
        // "'Zo" is a word in quotation marks, "'t" a short form.
        let unquoted = word.strip_prefix(['\'', '’']).filter(|rest| rest.starts_with(char::is_uppercase));
        let folded = fold(unquoted.unwrap_or(word));
        // "Ze zei dat ze kwam": the capital is the sentence's.
        let case = if initial && NEVER.contains(&folded.as_str()) { Case::Lower } else { case(word) };
        out.push(Word {
            text: word,
            folded,
            start: token.start,
            case,
            initial,
            genitive: word.len() < token.text.len(),
            other: None,
            gap,
        });
    }
    mark_others(&mut out);
    if !text.contains(char::is_uppercase) {
        raise(&mut out);
    }
    out
}

/// Speech recognisers that write no capitals leave names without them: there a listed name that is no word counts as one
/// with a capital, and so does any listed surname behind a title or a first name.
fn raise(words: &mut [Word<'_>]) {
    let mut named = false;
    for word in words {
        let listed = LISTS.name(&word.folded);
        let follows = named && word.follows();
        let first = listed.first() && !listed.ordinary && word.other.is_none();
        let surname = listed.surname && follows && word.other.is_none_or(|o| o == Other::Place);
        if first || surname {
            word.case = Case::Capital;
            word.initial = false;
        }
        named = first || is_before_surname(&word.folded) || follows && is_infix(&word.folded);
    }
}

/// What a surname stands behind. "Vrouw" and "zus" have another word behind them more often.
fn is_before_surname(word: &str) -> bool {
    ["heet", "mevrouw", "meneer", "mijnheer", "juffrouw", "dokter", "professor", "familie", "dominee"].contains(&word)
}

/// Words of the closed classes that open sentences and are never somebody's name, whatever stands around them.
const NEVER: [&str; 74] = [
    "ik", "je", "jij", "u", "hij", "ze", "zij", "we", "wij", "jullie", "het", "dat", "dit", "die", "deze", "er",
    "daar", "hier", "wie", "wat", "waar", "wanneer", "hoe", "welke", "de", "een", "en", "of", "maar", "want", "dus",
    "als", "toen", "dan", "omdat", "terwijl", "hoewel", "zodat", "voordat", "nadat", "ja", "nee", "nou", "nu", "ook",
    "toch", "nog", "niet", "geen", "wel", "heel", "mijn", "m'n", "zijn", "z'n", "haar", "hun", "ons", "onze", "jouw",
    "uw", "men", "iedereen", "niemand", "iemand", "alles", "niets", "iets", "bij", "met", "voor", "naar", "over", "om",
];

fn case(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let (upper, lower) = letters.fold((0, 0), |(u, l), c| if c.is_uppercase() { (u + 1, l) } else { (u, l + 1) });
    // Each part of Jan-Willem or El-Amrani has its own capital, and d'Hondt and O'Neill theirs.
    let parts = word.split(['-', '\'', '’']).filter(|p| p.starts_with(char::is_uppercase)).count();
    // B1, 5G, 3D-printer
    if word.contains(|c: char| c.is_ascii_digit()) {
        return Case::Mixed;
    }
    match (first, upper, lower) {
        (true, 0, _) => Case::Capital,
        (true, u, l) if u < parts && l > 0 => Case::Capital,
        (true, _, 0) => Case::Upper,
        (false, 0, _) => Case::Lower,
        _ => Case::Mixed,
    }
}

/// Marks names of organisations, places and things, the longest first.
fn mark_others(words: &mut [Word<'_>]) {
    let mut at = 0;
    while at < words.len() {
        if words[at].case == Case::Lower {
            at += 1;
            continue;
        }
        // "station Slinge", "sporthal Varenbeuk"
        let kind = at.checked_sub(1).and_then(|before| kind_of_place(&words[before].folded));
        if let Some(kind) = kind.filter(|_| words[at].follows() && words[at].case == Case::Capital) {
            words[at].other = Some(kind);
            at += 1;
            while words.get(at).is_some_and(|w| w.follows() && w.case == Case::Capital) {
                words[at].other = Some(kind);
                at += 1;
            }
            continue;
        }
        let run = words[at..].iter().enumerate().take(5).take_while(|(n, w)| *n == 0 || w.follows());
        let folded: Vec<&str> = run.map(|(_, w)| w.folded.as_str()).collect();
        let found = LISTS.other(&folded);
        match found {
            // Words that are names too (Florence, Mark) are told apart by what stands around them.
            Some((1, _)) if LISTS.name(&words[at].folded).first() => {
                let there = at.checked_sub(1).is_some_and(|b| words[at].follows() && is_before_place(&words[b].folded));
                words[at].other = (there && LISTS.is_place(&words[at].folded)).then_some(Other::Place);
                at += 1;
            }
            Some((len, other)) => {
                words[at..at + len].iter_mut().for_each(|w| w.other = Some(other));
                at += len;
                // NS International, Philips Lighting, Lombok Lyceum: what follows an organisation belongs to its name.
                while other == Other::Organisation && words.get(at).is_some_and(|w| w.follows() && is_no_name(w)) {
                    words[at].other = Some(other);
                    at += 1;
                }
            }
            None => {
                if LISTS.is_from_place(&words[at].folded) && !LISTS.name(&words[at].folded).surname {
                    words[at].other = Some(Other::Thing);
                }
                at += 1;
            }
        }
    }
}

/// A word with a capital that no list of names has.
fn is_no_name(word: &Word<'_>) -> bool {
    let listed = LISTS.name(&word.folded);
    word.case == Case::Capital && !word.initial && !listed.first() && !listed.surname
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_counts_where_a_sentence_would_not_give_it() {
        let found = words("Toen zei Anna's man: Ga maar. Bas ging. 's Avonds Kees niet, \"Roos wel\".");
        let capital: Vec<(&str, bool)> =
            found.iter().filter(|w| w.case == Case::Capital).map(|w| (w.text, w.initial)).collect();
        let expected =
            [("Anna", false), ("Ga", true), ("Bas", true), ("Avonds", true), ("Kees", false), ("Roos", true)];
        assert_eq!(capital, expected);
        assert!(found[2].genitive);
    }

    #[test]
    fn things_are_no_names() {
        let found = words("Bij Albert Heijn met DigiD in Den Haag, met Jan-Willem");
        let others: Vec<&str> = found.iter().filter(|w| w.other.is_some()).map(|w| w.text).collect();
        assert_eq!(others, ["Albert", "Heijn", "DigiD", "Den", "Haag"]);
        assert_eq!(found.last().map(|w| w.case), Some(Case::Capital));
    }
}
