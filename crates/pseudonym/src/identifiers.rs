//! Numbers and addresses that tell who somebody is: found by their form, their check digits or the words before them.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use crate::{
    checks::{is_bsn, is_card, is_iban, is_national_number},
    kind::Kind,
    lists::{LISTS, Other, fold},
    spoken,
};

/// Something found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// A pattern, and what else must hold of what it finds. What counts is the group `x`, or else all of it.
struct Pattern {
    kind: Kind,
    regex: Regex,
    holds: fn(&str, &Captures<'_>) -> bool,
}

/// Those that stand earlier win where two overlap.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let always: fn(&str, &Captures<'_>) -> bool = |_, _| true;
    let street = r"(?:straat|straatje|laan|steenweg|weg|plein|gracht|kade|singel|dreef|hof|pad|dijk|park|plantsoen|markt|wal|vest|haven|ring|baan|lei|steeg|berg|veld|kamp|akker|hoek|heem|donk|meent|brink|boulevard|poort|erf|kwartier)";
    let before = r"(?:(?:[Bb]urgemeester|[Bb]urg\.|[Pp]astoor|[Dd]okter|[Dd]r\.|[Pp]rins(?:es)?|[Kk]oning(?:in)?|[Gg]eneraal|[Pp]rofessor|[Pp]rof\.|[Mm]inister|Sint|St\.|Jan|Willem|Karel|Pieter|Johan|Maria|Anna|Oude|Nieuwe|Grote|Kleine|Lange|Korte|Eerste|Tweede|Derde|1e|2e|3e|Van|De|Den|Ter|Ten)\s(?:(?:van|de|den|der|ter|ten|'t)\s)*)*";
    let house = r"\d{1,4}(?:\s?(?:bis|hs|bus\s?\d+)\b|\s?[-/]\s?\d{1,3}\b|\s?-?[a-zA-Z]\b)?";
    let date = r"(?:\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:\d{1,2}|[a-zë]+(?:ste|de)?)(?:\s?e)?\s(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?:\s(?:(?:19|20)\d\d|'?\d\d\b|(?:negentien|tweeduizend)[a-zëï]*))?)";
    let list = [
        (Kind::Email, r"(?i)[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+".to_owned(), always),
        (
            Kind::Email,
            r"(?i)[\p{L}\d_-]+(?:\s(?:punt|streepje|underscore)\s[\p{L}\d_-]+)*\s(?:apenstaartje|apestaartje|at)\s[\p{L}\d-]+(?:\s(?:punt|dot)\s[\p{L}]+)+".to_owned(),
            always,
        ),
        (Kind::Web, r#"(?i)(?:https?://|www\.)[^\s<>"”]*[\p{L}\d/]"#.to_owned(), |_, c| is_personal(&c[0])),
        (
            Kind::Web,
            r#"(?i)\b[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.(?:nl|be|com|org|net|eu|info|frl|gent|vlaanderen)\b(?:/[^\s<>"”]*[\p{L}\d/])?"#.to_owned(),
            |_, c| is_personal(&c[0]),
        ),
        (Kind::Account, r"(?i)\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?\b".to_owned(), |_, c| is_iban(&c[0])),
        // Unmistakable by their form, even where a digit was misheard.
        (Kind::Account, r"(?i)\bNL\s?\d{2}[ .-]?[A-Z]{4}(?:[ .-]?\d){10}\b".to_owned(), always),
        (Kind::Account, r"\bBE\s?\d{2}(?:[ .-]?\d{4}){3}\b".to_owned(), always),
        (Kind::Account, r"\b(?:\d{4}[ -]?){3}\d{4}\b".to_owned(), |_, c| is_card(&c[0])),
        (Kind::NationalNumber, r"\b\d\d[.\s/]?\d\d[.\s/]?\d\d[-\s.]?\d{3}[-\s.]?\d\d\b".to_owned(), |_, c| is_national_number(&c[0])),
        (
            Kind::NationalNumber,
            r"(?i)\b(?:rijksregister(?:nummer)?|nationaal nummer|insz)\b[^.!?\d]{0,20}(?P<x>\d\d[.\s/]?\d\d[.\s/]?\d\d[-\s.]?\d{3}[-\s.]?\d\d)\b".to_owned(),
            always,
        ),
        (
            Kind::Bsn,
            r"(?i)\b(?:bsn|burgerservicenummer|sofi-?nummer)\b[^.!?\d]{0,30}(?P<x>\d(?:[ .-]?\d){7,8})\b".to_owned(),
            always,
        ),
        (
            Kind::Phone,
            r"(?:\+|\b00)(?:31|32|33|44|49|212|90)[\s./-]?(?:\(0\))?(?:[\s./-]?\d){8,9}\b".to_owned(),
            always,
        ),
        (Kind::Phone, r"\+\d{1,3}(?:[\s./-]?\d){7,11}\b".to_owned(), always),
        (Kind::Phone, r"\(?\b0[1-9]\d{0,2}\)?(?:[\s./-]{0,3}\d){6,8}\b".to_owned(), is_phone),
        (Kind::Phone, spoken::phone(), always),
        (Kind::Bsn, r"\b(?:\d{9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .]\d{2}[ .]\d{3})\b".to_owned(), |text, c| is_bsn(&c[0]) && !is_amount(text, c)),
        (
            Kind::BirthDate,
            format!(r"(?i)\b(?:geboren|geboortedatum|geb\.|jarig|verjaardag|verjaar|geboortedag)\b[^.!?\d]{{0,40}}?\b(?P<x>{date})"),
            |_, c| is_date(c),
        ),
        (Kind::BirthDate, format!(r"(?i)\b(?P<x>{date})[^.!?,\d]{{0,30}}\b(?:geboren|jarig)\b"), |_, c| is_date(c)),
        (Kind::Address, format!(r"{before}\p{{Lu}}[\p{{L}}'’-]*{street}\s(?:nummer\s|nr\.?\s)?{house}"), always),
        (Kind::Address, format!(r"\b\p{{L}}{{3,}}(?:straat|laan|steenweg|gracht|singel)\s(?:nummer\s|nr\.?\s)?{house}"), always),
        (
            Kind::Address,
            format!(r"{before}\p{{Lu}}[\p{{L}}'’-]+(?:straat|laan|plein|gracht|singel|kade|steenweg|dreef|weg|steeg)\b"),
            is_street,
        ),
        (Kind::Postcode, r"\b[1-9]\d{3}\s?[A-Z]{2}\b".to_owned(), is_postcode),
        (Kind::Postcode, r"(?i)\bpostcode\b[^.!?\d]{0,20}(?P<x>[1-9]\d{3}(?:\s?[a-z]{2}\b)?)".to_owned(), always),
        (Kind::Postcode, r"\b(?P<x>[1-9]\d{3})\s(?P<place>\p{Lu}[\p{L}-]+)".to_owned(), |_, c| {
            LISTS.other(&[&fold(&c["place"])]).is_some_and(|(_, other)| other == Other::Place)
        }),
        (Kind::Plate, plate(), is_plate),
        (
            Kind::Plate,
            r"(?i)\b(?:kenteken|nummerplaat)\b(?:[\s:,]+(?:is|was|dat|mijn|van|mij|de|het|auto|staat|op|met|nummer))*[\s:,]+(?P<x>(?:\d{1,3}|[a-z]{1,3})[ -](?:\d{2,3}|[a-z]{2,3})[ -](?:\d{1,3}|[a-z]{1,3})\b|\b[a-z0-9]{6,7}\b)".to_owned(),
            |_, c| c["x"].bytes().filter(u8::is_ascii_digit).count() > 1,
        ),
        (
            Kind::Number,
            r"(?i)\b(?:klant|cliënt|client|dossier|zaak|polis|lidmaatschaps?|leden|patiënt|patient|relatie|debiteuren?|factuur|bestel|order|rekening|pas|kaart|aanvraag|registratie|personeels|student|leerling|referentie|casus|melding|meldings|inschrijf|contract|paspoort|document|rijbewijs|ticket|burger|ondernemings|btw|kvk|v|a|u|nis|aansluit)[- ]?(?:nummer|nr\.?|kenmerk|code|id)\b[^.!?\d]{0,25}?(?P<x>\b[A-Z]{0,4}[-./]?\d[A-Z0-9]*(?:[-./ ]?[A-Z0-9]*\d[A-Z0-9]*)*)\b".to_owned(),
            |_, c| c["x"].chars().filter(char::is_ascii_digit).count() >= 4,
        ),
        (Kind::Number, r"\b(?:dossier|zaak|casus|kenmerk)\s(?P<x>[A-Z]{0,4}[-./]?\d[A-Z0-9]*(?:[-./]?[A-Z0-9]+)*)\b".to_owned(), |_, c| {
            c["x"].chars().filter(char::is_ascii_digit).count() >= 4
        }),
        (Kind::Number, r"\b\d{3}-\d{7}-\d{2}\b".to_owned(), always),
        (Kind::Number, r"\b[A-Z]{1,4}[-/]?\d{6,}\b".to_owned(), always),
    ];
    let patterns = list.into_iter().filter_map(|(kind, pattern, holds)| {
        let regex = Regex::new(&pattern);
        debug_assert!(regex.is_ok(), "{regex:?}");
        Some(Pattern { kind, regex: regex.ok()?, holds })
    });
    patterns.collect()
});

/// The sidecodes of Dutch plates, and Belgian ones. Letters and digits in groups of one to three, joined by hyphens.
fn plate() -> String {
    let dutch = [
        "L2-D2-D2", "D2-D2-L2", "D2-L2-D2", "L2-D2-L2", "L2-L2-D2", "D2-L2-L2", "D2-L3-D1", "D1-L3-D2", "L2-D3-L1",
        "L1-D3-L2", "L3-D2-L1", "L1-D2-L3", "D1-L2-D3", "D3-L2-D1",
    ];
    let belgian = ["D1-L3-D3", "L3-D3", "D3-L3"];
    let forms = dutch.iter().chain(&belgian).map(|form| {
        let groups = form.split('-').map(|group| {
            let sign = if group.starts_with('L') { "[A-Z]" } else { r"\d" };
            format!("{sign}{{{}}}", &group[1..])
        });
        groups.collect::<Vec<_>>().join("-")
    });
    format!(r"\b(?:{})\b", forms.collect::<Vec<_>>().join("|"))
}

/// No part of a longer row of groups, as in a product code.
fn is_plate(text: &str, found: &Captures<'_>) -> bool {
    let (before, after) = around(text, found);
    !before.ends_with('-') && !after.starts_with('-')
}

fn around<'t>(text: &'t str, found: &Captures<'_>) -> (&'t str, &'t str) {
    found.get(0).map_or(("", ""), |m| (&text[..m.start()], &text[m.end()..]))
}

/// Ten digits in the Netherlands and for Belgian mobiles, nine for Belgian lines: those with a separator, since nine
/// plain digits may be anything.
fn is_phone(text: &str, found: &Captures<'_>) -> bool {
    let number = &found[0];
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let separated = number.contains(|c: char| !c.is_ascii_digit());
    let (before, after) = around(text, found);
    let alone = !before.ends_with(['-', '.', '/', ',']) && !after.starts_with(['-', '/']);
    alone && (digits == 10 || (digits == 9 && separated))
}

fn is_amount(text: &str, found: &Captures<'_>) -> bool {
    let (before, after) = around(text, found);
    before.trim_end().ends_with(['€', '$']) || after.trim_start().starts_with("euro")
}

/// A year before an abbreviation in capitals ("in 2023 EU-regels") is no postcode; nor are SA, SD, SS ever used.
fn is_postcode(text: &str, found: &Captures<'_>) -> bool {
    let (digits, letters) = found[0].split_at(4);
    let letters = letters.trim();
    let year = digits.starts_with("19") || digits.starts_with("20");
    let abbreviation = ["EU", "TV", "PC", "NS", "IT", "OV", "UK", "VS", "AH", "WW", "AI", "HR"].contains(&letters);
    let (_, after) = around(text, found);
    let other = abbreviation && (year || after.starts_with('-'));
    !other && !["SA", "SD", "SS"].contains(&letters)
}

/// A street without a number: in the middle of a sentence, and no ordinary word (Onderweg, Snelweg).
fn is_street(text: &str, found: &Captures<'_>) -> bool {
    let (before, _) = around(text, found);
    let word = found[0].rsplit(' ').next().unwrap_or_default();
    let goes_on = before.trim_end().ends_with(|c: char| c.is_alphanumeric() || c == ',');
    goes_on && word.chars().count() > 6 && !LISTS.is_word(&fold(word))
}

/// A day of a month is a number, or a number in words.
fn is_date(found: &Captures<'_>) -> bool {
    let first = found["x"].split([' ', '-', '/', '.']).next().unwrap_or_default();
    first.starts_with(|c: char| c.is_ascii_digit()) || spoken::is_day(first)
}

/// A web address tells of a person where it has a path, or a person's name in it; bol.com and werk.nl do not.
fn is_personal(address: &str) -> bool {
    let bare = address.to_lowercase();
    let bare = bare.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let is_name = |part: &str| part.len() > 2 && (LISTS.name(&fold(part)).first() || LISTS.name(&fold(part)).surname);
    let label = host.rsplit('.').nth(1).unwrap_or_default();
    let glued = (4..label.len()).filter(|at| label.is_char_boundary(*at)).any(|at| {
        let (first, rest) = label.split_at(at);
        let rest = ["van", "de", "vanden", "vander", "vande"].iter().find_map(|p| rest.strip_prefix(p)).unwrap_or(rest);
        LISTS.name(first).first() && !LISTS.name(first).ordinary && LISTS.name(rest).surname
    });
    path.len() > 2 || glued || host.split(['-', '.']).any(|part| is_name(part) && !LISTS.name(part).ordinary)
}

/// What a text holds at all: most turns hold no digit and no street, and need no search.
struct Signs {
    digits: usize,
    mail: bool,
    web: bool,
    phone: bool,
    street: bool,
    birth: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let holds = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        Self {
            digits: text.bytes().filter(u8::is_ascii_digit).count(),
            mail: holds(&["@", "apenst", "apest", "Apenst", " at "]),
            web: holds(&[
                "www",
                "http",
                ".nl",
                ".be",
                ".com",
                ".org",
                ".net",
                ".eu",
                ".info",
                ".frl",
                ".gent",
                ".vlaanderen",
            ]),
            phone: holds(&["nul", "Nul"]),
            street: holds(&["straat", "laan", "weg", "plein", "gracht", "singel", "kade", "dreef", "steeg"]),
            birth: holds(&["geboren", "Geboren", "eboorte", "geb.", "jarig", "erjaar"]),
        }
    }

    fn allow(&self, kind: Kind) -> bool {
        match kind {
            Kind::Email => self.mail,
            Kind::Web => self.web,
            Kind::Phone => self.phone || self.digits > 7,
            Kind::Address => self.street || self.digits > 0,
            Kind::BirthDate => self.birth,
            Kind::Account => self.digits > 9,
            Kind::Bsn => self.digits > 7,
            Kind::NationalNumber => self.digits > 10,
            Kind::Plate => self.digits > 1,
            _ => self.digits > 2,
        }
    }
}

/// What tells who somebody is by its form: numbers and addresses, in the order of the text, without overlaps.
///
/// ```
/// use klantreis_pseudonym::{Kind, identifiers};
///
/// let found = identifiers("Bel me op 06-12345678, of mail anna@voorbeeld.nl; in 2024 betaalde ik 1250 euro.");
/// assert_eq!(found.iter().map(|f| f.kind).collect::<Vec<_>>(), [Kind::Phone, Kind::Email]);
/// ```
pub fn identifiers(text: &str) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let signs = Signs::of(text);
    for Pattern { kind, regex, holds } in PATTERNS.iter().filter(|p| signs.allow(p.kind)) {
        for found in regex.captures_iter(text).filter(|found| holds(text, found)) {
            let Some(range) = found.name("x").or_else(|| found.get(0)).map(|m| m.range()) else { continue };
            if out.iter().all(|other| other.range.end <= range.start || range.end <= other.range.start) {
                out.push(Found { kind: *kind, range });
            }
        }
    }
    out.sort_by_key(|found| found.range.start);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        identifiers(text).into_iter().map(|f| (f.kind, &text[f.range])).collect()
    }

    fn only(kind: Kind, cases: &[(&str, &str)]) {
        for (text, what) in cases {
            assert_eq!(found(text), [(kind, *what)], "{text}");
        }
    }

    #[test]
    fn addresses_on_the_net() {
        only(
            Kind::Email,
            &[
                ("Mail me op anna.de-vries@kpn.example.nl.", "anna.de-vries@kpn.example.nl"),
                ("het is jan punt bos apenstaartje gmail punt com, ja", "jan punt bos apenstaartje gmail punt com"),
            ],
        );
        only(
            Kind::Web,
            &[
                ("op www.annadevries.nl staat het", "www.annadevries.nl"),
                ("zie https://www.linkedin.com/in/p-jansen-12.", "https://www.linkedin.com/in/p-jansen-12"),
                ("kijk op facebook.com/truus.bakt", "facebook.com/truus.bakt"),
            ],
        );
        assert_eq!(found("Ik keek op werk.nl en op www.bol.com, en bij mijnoverheid.nl."), []);
    }

    #[test]
    fn telephone_numbers_written_and_spoken() {
        only(
            Kind::Phone,
            &[
                ("bel 06-12345678 maar", "06-12345678"),
                ("bel 06 12 34 56 78 maar", "06 12 34 56 78"),
                ("bel +31 6 1234 5678 maar", "+31 6 1234 5678"),
                ("bel (020) 123 45 67 maar", "(020) 123 45 67"),
                ("bel 0478 12 34 56 maar", "0478 12 34 56"),
                ("bel 09 123 45 67 maar", "09 123 45 67"),
                ("bel +32 (0)478 12 34 56 maar", "+32 (0)478 12 34 56"),
                (
                    "dat is nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig",
                    "nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig",
                ),
            ],
        );
        assert_eq!(found("Dat kostte 012345 of 1.234.567 euro, op 01-02-2024, en nul zes keer."), []);
    }

    #[test]
    fn citizens_and_accounts() {
        only(
            Kind::Bsn,
            &[
                ("nummer 111222333 dus", "111222333"),
                ("mijn BSN, dat is 123456789", "123456789"),
                ("het is 1112.22.333", "1112.22.333"),
            ],
        );
        only(Kind::NationalNumber, &[("dat is 85.07.30-033.28 toch", "85.07.30-033.28")]);
        only(
            Kind::Account,
            &[
                ("op NL91 ABNA 0417 1643 00 graag", "NL91 ABNA 0417 1643 00"),
                ("op BE68 5390 0754 7034 graag", "BE68 5390 0754 7034"),
            ],
        );
        assert_eq!(found("Er waren 111222333 euro en 123456789 dingen en 85.07.30-033.29 codes."), []);
    }

    #[test]
    fn where_people_live() {
        only(
            Kind::Address,
            &[
                ("wij wonen op de Kerkstraat 12b hoor", "Kerkstraat 12b"),
                ("in de Burgemeester van der Hoopstraat 3", "Burgemeester van der Hoopstraat 3"),
                ("ik woon in de Wilhelminastraat, daar", "Wilhelminastraat"),
                ("Gentsesteenweg 212 bus 3 is het", "Gentsesteenweg 212 bus 3"),
            ],
        );
        only(
            Kind::Postcode,
            &[("dat is 3512 JE in", "3512 JE"), ("mijn postcode is 9000", "9000"), ("in 9000 Gent dus", "9000")],
        );
        assert_eq!(
            found("Onderweg kocht ik 1500 stuks in 2023 EU-breed, op de weg 12 keer; in 2024 Was het druk."),
            []
        );
    }

    #[test]
    fn plates_of_every_sidecode() {
        for plate in [
            "AB-12-34",
            "12-34-AB",
            "12-AB-34",
            "AB-12-CD",
            "AB-CD-12",
            "12-AB-CD",
            "12-ABC-3",
            "1-ABC-23",
            "AB-123-C",
            "A-123-BC",
            "ABC-12-D",
            "A-12-BCD",
            "1-AB-234",
            "123-AB-4",
            "1-ABC-234",
            "ABC-123",
            "123-ABC",
        ] {
            assert_eq!(found(&format!("mijn auto, de {plate}, staat")), [(Kind::Plate, plate)]);
        }
        only(Kind::Plate, &[("kenteken is xx 12 yy", "xx 12 yy")]);
        assert_eq!(found("Op 12-03-24 om 10-12 uur, met COVID-19."), []);
    }

    #[test]
    fn days_of_birth_and_numbers_of_cases() {
        only(
            Kind::BirthDate,
            &[
                ("Ik ben geboren op 3 maart 1962 in Ede", "3 maart 1962"),
                ("geboortedatum 03-04-1985.", "03-04-1985"),
                ("Op 12 mei ben ik jarig", "12 mei"),
                ("ik ben op drie maart in Ede geboren", "drie maart"),
            ],
        );
        only(
            Kind::Number,
            &[
                ("mijn klantnummer is 4829301 dacht ik", "4829301"),
                ("cliëntnummer C-20931 en", "C-20931"),
                ("in dossier 2023/0456 stond", "2023/0456"),
            ],
        );
        assert_eq!(
            found("Op 3 maart 2024 was de afspraak, in 1962 geboren, zaak 12, klantnummer vergeten, 100 euro."),
            []
        );
    }

    proptest! {
        #[test]
        fn what_is_found_lies_in_the_text_in_order(text in "\\PC{0,80}|[0-9A-Z .@a-z-]{0,80}") {
            let mut at = 0;
            for found in identifiers(&text) {
                prop_assert!(found.range.start >= at && text.get(found.range.clone()).is_some());
                at = found.range.end;
            }
        }
    }
}
