//! Names of speakers, and the words before a colon that are none.

/// Abbreviations that a name may hold with their full stop.
const SHORTENED: [&str; 14] =
    ["mw", "mevr", "mv", "dhr", "dr", "drs", "ir", "ing", "mr", "prof", "int", "resp", "st", "mrs"];

/// A line as "Name: text", where the name could be one.
pub fn name_and_text(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.split_once(':')?;
    let name = name.trim().trim_start_matches("**").trim_end_matches("**").trim();
    (is_name(name) && !text.starts_with("//")).then(|| (name, text.trim_start_matches("**").trim()))
}

/// Whether a text could be a name: at most four words and 40 characters, beginning with a letter, without the signs
/// of a sentence.
pub fn is_name(name: &str) -> bool {
    let stops = || name.split_whitespace().filter_map(|w| w.strip_suffix('.'));
    let shortened = |w: &str| w.chars().count() == 1 || SHORTENED.contains(&w.to_lowercase().as_str());
    name.len() <= 160
        && name.chars().next().is_some_and(char::is_alphabetic)
        && name.split_whitespace().count() <= 4
        && name.chars().count() <= 40
        && !name.contains([',', ':', '?', '!', ';', '"', '<', '>', '\t', '\u{1f}'])
        && stops().all(shortened)
        && name.matches('.').count() == stops().count()
}

/// Words before a colon that are no speaker, however often they recur.
const NO_NAMES: [&str; 40] = [
    "let op",
    "opmerking",
    "noot",
    "bijvoorbeeld",
    "kortom",
    "conclusie",
    "ps",
    "nb",
    "vraag aan",
    "notitie",
    "dus",
    "maar",
    "en",
    "want",
    "nou",
    "kijk",
    "ja",
    "nee",
    "of",
    "oké",
    "tip",
    "punt",
    "voorbeeld",
    "namelijk",
    "note",
    "samengevat",
    "kind",
    "language",
    "klopt",
    "goed",
    "zeker",
    "precies",
    "inderdaad",
    "mmm",
    "hm",
    "hmm",
    "nou ja",
    "oke",
    "bron",
    "pauze",
];

/// Keys that head a line of metadata.
const KEYS: [&str; 32] = [
    "studie",
    "onderzoek",
    "project",
    "interview",
    "gesprek",
    "datum",
    "tijd",
    "duur",
    "locatie",
    "plaats",
    "vestiging",
    "gemeente",
    "organisatie",
    "perspectief",
    "segment",
    "persona",
    "doelgroep",
    "leeftijd",
    "geslacht",
    "functie",
    "rol",
    "beroep",
    "kanaal",
    "taal",
    "opname",
    "bestand",
    "versie",
    "transcriptie",
    "date",
    "location",
    "age",
    "role",
];

/// Whether a name (in any case) is a usual key of metadata.
pub fn is_key(name: &str) -> bool {
    KEYS.contains(&name.to_lowercase().as_str())
}

/// Whether a name is none of the words that stand before a colon without speaking.
pub fn may_speak(name: &str) -> bool {
    !is_key(name) && !NO_NAMES.contains(&name.to_lowercase().as_str())
}

/// Whether a name that stands `n` times before a colon speaks: it recurs and is written as a name.
pub fn is_recurring_name(name: &str, n: usize) -> bool {
    n >= 2 && may_speak(name) && !name.starts_with(char::is_lowercase)
}

/// A line of a header: "Key: value".
pub fn attribute(line: &str) -> Option<(&str, &str)> {
    name_and_text(line).filter(|(_, value)| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_begin_with_a_letter() {
        assert_eq!(name_and_text("Anna de Vries: ja hoor"), Some(("Anna de Vries", "ja hoor")));
        assert_eq!(name_and_text("Mevr. J. Bos: ja"), Some(("Mevr. J. Bos", "ja")));
        for line in
            ["10:30 Overleg", "https://example.org", "Dan zei hij, nou: weg", "Dat was het. Toen: weg", "geen punt"]
        {
            assert_eq!(name_and_text(line), None, "{line}");
        }
    }
}
