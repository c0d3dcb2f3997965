use std::ops::Range;

/// Abbreviations that end in a full stop without ending a sentence, folded, without their last stop.
const ABBREVIATIONS: &[&str] = &[
    "a.d.h.v", "a.s", "a.u.b", "afd", "alg", "art", "b.v", "bijv", "blz", "bv", "ca", "cf", "d.m.v", "d.w.z", "dhr",
    "dr", "drs", "e.d", "e.e.a", "enz", "etc", "evt", "excl", "fam", "hr", "i.c", "i.p.v", "i.v.m", "incl", "ing",
    "ir", "jl", "m.a.w", "m.b.t", "m.b.v", "m.i", "m.i.v", "m.n", "max", "mevr", "min", "mr", "mw", "n.a.v", "n.v.t",
    "nl", "no", "nr", "o.a", "o.i.v", "p", "pag", "par", "ph", "prof", "resp", "sr", "st", "t.a.v", "t.b.v", "t.g.v",
    "t.o.v", "t.w", "t/m", "tel", "toel", "v.a", "vb", "vgl", "wo", "z.o.z", "zgn",
];

/// Words that often open a sentence and are no surname: after them a lone capital was no initial ("perron E. Nou, …").
const OPENERS: &[&str] = &[
    "als", "daar", "dan", "dat", "de", "die", "dit", "dus", "een", "en", "er", "gewoon", "had", "heb", "het", "hij",
    "hoe", "ik", "in", "ja", "je", "maar", "met", "mijn", "nee", "niet", "nou", "nu", "of", "oh", "ook", "op", "soms",
    "toen", "u", "voor", "want", "wat", "we", "wij", "ze", "zij", "zo",
];

/// Where the sentences of `text` stand, in bytes, in order, without the white space between them.
///
/// A sentence ends at `.`, `!`, `?` or `…`, with the closing quotes and brackets behind it, before white space
/// and a capital, digit, opening quote or bracket. Abbreviations (bijv., d.w.z., dhr.), initials ("J. de Vries")
/// and numbers ("10.30 uur") end none.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = text.len() - text.trim_start().len();
    let mut from = start;
    while let Some(found) = text[from..].find(['.', '!', '?', '…']) {
        let mark = from + found;
        let end = end_of_marks(text, mark);
        from = end;
        let rest = &text[end..];
        let next = rest.trim_start();
        if next.len() == rest.len() || next.is_empty() || !opens_sentence(next) {
            continue;
        }
        if text[mark..end].starts_with('.') && end == mark + 1 && is_abbreviation(&text[start..mark], next) {
            continue;
        }
        out.push(start..end);
        start = text.len() - next.len();
        from = start;
    }
    let end = text.trim_end().len();
    if start < end {
        out.push(start..end);
    }
    out
}

fn end_of_marks(text: &str, mark: usize) -> usize {
    let after = text[mark..].trim_start_matches(['.', '!', '?', '…']);
    let after = after.trim_start_matches(['"', '\'', '’', '”', ')', ']']);
    text.len() - after.len()
}

fn opens_sentence(next: &str) -> bool {
    let mut chars = next.chars();
    match chars.next() {
        Some('…' | '(' | '[' | '"' | '\'' | '“' | '‘' | '’') => true,
        Some(c) => c.is_uppercase() || c.is_ascii_digit(),
        None => false,
    }
}

fn is_abbreviation(before: &str, next: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    // An initial: one capital, as in "J. de Vries"; "vitamine C." before a new sentence is rarer than a name.
    let mut chars = word.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let follower: String = next.chars().take_while(|c| c.is_alphabetic()).collect();
        let is_name = follower.starts_with(char::is_uppercase) && !OPENERS.contains(&follower.to_lowercase().as_str());
        return c.is_uppercase() && is_name;
    }
    let folded = word.to_lowercase();
    if !ABBREVIATIONS.contains(&folded.as_str()) {
        return false;
    }
    // "enz." and "etc." end a sentence when a capital follows; titles and the like never do.
    !matches!(folded.as_str(), "enz" | "etc" | "e.d" | "e.e.a" | "min" | "max" | "no" | "wo" | "p" | "nl")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn sentences_end_at_marks_before_a_capital() {
        assert_eq!(split("Ja. Nee! Hoezo? Nou… Tja."), ["Ja.", "Nee!", "Hoezo?", "Nou…", "Tja."]);
        assert_eq!(split("Toen dacht ik... nou ja. En weg."), ["Toen dacht ik... nou ja.", "En weg."]);
    }

    #[test]
    fn abbreviations_numbers_and_initials_end_none() {
        for whole in [
            "Bel bijv. Joke even op.",
            "Om 10.30 uur d.w.z. 's Ochtends.",
            "Dan komt dhr. De Vries of mevr. Bakker.",
            "Vraag J. de Vries en A. Bakker.",
            "Bel evt. 's avonds.",
        ] {
            assert_eq!(split(whole), [whole]);
        }
        assert_eq!(split("Dat was perron E. Nou, weg was ie."), ["Dat was perron E.", "Nou, weg was ie."]);
        assert_eq!(split("Koffie, thee, enz. Dat was het."), ["Koffie, thee, enz.", "Dat was het."]);
    }

    #[test]
    fn closing_quotes_stay_with_their_sentence() {
        assert_eq!(
            split("Hij zei: \"Kom maar.\" En weg was ie. (lacht) Ja."),
            ["Hij zei: \"Kom maar.\"", "En weg was ie.", "(lacht) Ja."]
        );
    }

    proptest! {
        #[test]
        fn sentences_are_in_order_and_leave_only_white_space_out(text in "\\PC{0,80}|[a-zA-Z.!?…\"' ]{0,80}") {
            let mut at = 0;
            for r in sentences(&text) {
                prop_assert!(text[at..r.start].trim().is_empty());
                prop_assert!(r.start < r.end);
                at = r.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
