//! Numbers in words, as transcripts of speech have them.

/// Days of the month and two-digit numbers: a unit, a number below twenty, or tens with a unit before them.
const NUMBER: &str = "(?:(?:(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|honderd)";

/// A telephone number in words: nul, and at least four numbers behind it.
pub fn phone() -> String {
    format!(r"(?i)\bnul(?:[\s,-]{{1,2}}{NUMBER}){{4,10}}\b")
}

/// Whether a word is a day of the month: drie, derde, twaalf, eenentwintigste.
pub fn is_day(word: &str) -> bool {
    let word = word.to_lowercase();
    let bare = word.strip_suffix("ste").or_else(|| word.strip_suffix("de")).unwrap_or(&word);
    let units = ["een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"];
    let teens =
        ["tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"];
    let tens = bare.strip_suffix("twintig").or_else(|| bare.strip_suffix("dertig"));
    let unit_before = |rest: &str| {
        rest.is_empty() || units.iter().any(|u| rest.strip_prefix(u).is_some_and(|e| e == "en" || e == "ën"))
    };
    ["eerste", "derde"].contains(&word.as_str())
        || units.contains(&bare)
        || teens.contains(&bare)
        || tens.is_some_and(unit_before)
}
