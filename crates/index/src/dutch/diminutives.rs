//! Of which word is this the diminutive?

/// Words that look like diminutives and are none, or mean something else.
const NONE: [&str; 28] = [
    "je",
    "meisje",
    "beetje",
    "ietsje",
    "netje",
    "netjes",
    "sprookje",
    "stilletjes",
    "zachtjes",
    "poosje",
    "tientje",
    "kwartje",
    "oranje",
    "franje",
    "ansje",
    "toetje",
    "uitje",
    "ommetje",
    "eventjes",
    "campagne",
    "rijke",
    "sterke",
    "merke",
    "elke",
    "welke",
    "zulke",
    "etje",
    "eentje",
];

/// The word without its diminutive ending: "kaartjes" → "kaart", "boekske" → "boek". `known` says which words there
/// are: the Flemish endings are only taken off before one.
pub(super) fn base(word: &str, mut known: impl FnMut(&str) -> bool) -> Option<String> {
    if NONE.contains(&word) || word.len() < 5 || !word.is_ascii() {
        return None;
    }
    let single = word.strip_suffix('s').unwrap_or(word);
    if NONE.contains(&single) {
        return None;
    }
    if let Some(before) = single.strip_suffix("je") {
        return before_je(before, &mut known);
    }
    let before = single.strip_suffix("ke").filter(|before| !before.ends_with('k'))?;
    let shorter = before.strip_suffix('s').or_else(|| before.strip_suffix('e'));
    let undoubled = shorter.and_then(undouble);
    [Some(before), shorter, undoubled]
        .into_iter()
        .flatten()
        .find(|base| base.len() > 2 && known(base))
        .map(str::to_owned)
}

fn before_je(before: &str, known: &mut impl FnMut(&str) -> bool) -> Option<String> {
    if before.len() < 3 {
        return None;
    }
    if known(before) {
        return Some(before.to_owned());
    }
    // "woninkje" comes from "woning", "stukje" does not from "stug".
    if let Some(start) = before.strip_suffix("nk") {
        let base = format!("{start}ng");
        return Some(if known(&base) { base } else { before.to_owned() });
    }
    if let Some(start) = before.strip_suffix("mp") {
        return Some(format!("{start}m"));
    }
    let Some(start) = before.strip_suffix('t') else { return Some(before.to_owned()) };
    if let Some(start) = start.strip_suffix('e').filter(|s| s.len() > 2) {
        let base = undouble(start).unwrap_or(start);
        return Some(base.to_owned());
    }
    // "mailtje" comes from "mail", "momentje" from "moment".
    let sonorous = start.ends_with(['a', 'e', 'i', 'o', 'u', 'y', 'l', 'n', 'r', 'w', 'j']);
    Some(if start.len() > 2 && sonorous && (known(start) || !start.ends_with('n')) { start } else { before }.to_owned())
}

/// "mann" → "man".
fn undouble(word: &str) -> Option<&str> {
    let bytes = word.as_bytes();
    match bytes {
        [.., a, b] if a == b && !b"aeiou".contains(a) => Some(&word[..word.len() - 1]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diminutives_lead_to_their_words() {
        let known = |w: &str| ["kaart", "woning", "boek", "man", "brief", "huiz", "vraag", "uur"].contains(&w);
        for (word, expected) in [
            ("kaartjes", Some("kaart")),
            ("woninkje", Some("woning")),
            ("stukje", Some("stuk")),
            ("probleempje", Some("probleem")),
            ("bloemetje", Some("bloem")),
            ("momentje", Some("moment")),
            ("mailtje", Some("mail")),
            ("uurtje", Some("uur")),
            ("boekske", Some("boek")),
            ("manneke", Some("man")),
            ("huizeke", Some("huiz")),
            ("briefkes", Some("brief")),
            ("sterke", None),
            ("keuke", None),
            ("moeilijke", None),
            ("meisje", None),
            ("beetje", None),
        ] {
            assert_eq!(base(word, known).as_deref(), expected, "{word}");
        }
    }
}
