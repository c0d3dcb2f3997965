//! Where persons are named in a text: titles, first names, what stands between, surnames.

use std::ops::Range;

use crate::{
    contexts::{
        is_abbreviation, is_before_place, is_before_thing, is_greeting, is_infix, is_of_direction, is_possessive,
        is_relation, is_staff, is_staff_title, is_verb_of_speech, opens_surname, title,
    },
    evidence::{Evidence, Verdict},
    lists::{LISTS, Other},
    words::{Case, Word},
};

/// A person named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name without the title before it and the genitive behind it, in bytes.
    pub range: Range<usize>,
    /// What the title tells of the gender (`true`: a woman).
    pub gender: Option<bool>,
    /// Whether the words before it say that the person works for the service.
    pub staff: bool,
    /// Whether the speaker says that this is their own name.
    pub own: bool,
    /// Whether a genitive without an apostrophe belongs to it ("Jans fiets").
    pub genitive: bool,
}

/// How a name begins at a word.
struct Opening {
    /// The first word of the name.
    at: usize,
    gender: Option<bool>,
    staff: bool,
    own: bool,
    /// Whether the context makes a name of any capital.
    strong: bool,
}

/// The words (folded) that strong context makes names: behind titles, relations, introductions, and surnames behind
/// listed first names.
pub fn strong_names(words: &[Word<'_>]) -> Vec<String> {
    let mut out = Vec::new();
    for n in 0..words.len() {
        let opening = opening(words, n);
        let first = LISTS.name(&words[n].folded);
        let (start, strong) = match &opening {
            Some(o) if o.strong => (o.at, true),
            _ if words[n].is_capital() && first.first() && !first.ordinary => (n, false),
            _ if words[n].case == Case::Capital
                && words[n].other.is_none()
                && !is_opener(&words[n])
                // "Ze komt uit Hoogland, haar man ook."
                && !n.checked_sub(1).is_some_and(|b| words[n].follows() && is_of_direction(&words[b].folded))
                && is_explained(words, n) =>
            {
                (n, true)
            }
            _ => continue,
        };
        if let Some(end) = extent(words, start, strong) {
            // A first name that a town or a thing has too is none by the list alone; what stands behind it is a surname by it.
            let doubtful = !strong && (LISTS.is_place(&words[start].folded) || is_thing(&words[start].folded));
            let named = words[start + usize::from(doubtful)..end]
                .iter()
                .filter(|w| w.case == Case::Capital && !is_infix(&w.folded));
            out.extend(named.map(|w| w.folded.clone()));
        }
    }
    out
}

/// The persons named in a text, in order, without overlaps.
pub fn mentions(words: &[Word<'_>], evidence: &Evidence) -> Vec<Mention> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = opening(words, at).filter(|o| {
            let name = &words[o.at].folded;
            o.strong && (evidence.verdict(name) != Verdict::No || is_infix(name))
        });
        let opening = match found {
            Some(opening) => Some(opening),
            None if is_named(words, at, evidence) => {
                let staff = at > 0 && words[at].follows() && is_staff(&words[at - 1].folded);
                Some(Opening { at, gender: None, staff, own: false, strong: false })
            }
            None => infix_surname(words, at, evidence),
        };
        let Some((opening, end)) = opening.and_then(|o| extent(words, o.at, true).map(|end| (o, end))) else {
            at += 1;
            continue;
        };
        let from = opening.at - initials_before(words, opening.at);
        let (first, last) = (&words[from], &words[end - 1]);
        let cut =
            usize::from(is_bare_genitive(last, evidence) && !LISTS.name(&last.folded).surname && end == opening.at + 1);
        out.push(Mention {
            range: first.start..last.end() - cut,
            gender: opening.gender,
            staff: opening.staff,
            own: opening.own,
            genitive: cut > 0,
        });
        at = end;
    }
    out
}

/// How many initials stand before a name: "Voorzitter J.W. Kalsbeek".
fn initials_before(words: &[Word<'_>], at: usize) -> usize {
    let is_dotted = |n: usize| is_initial(&words[n]) && words[n + 1].gap.starts_with('.');
    (0..at).rev().take(4).take_while(|n| is_dotted(*n)).count()
}

/// An ordinary word that has its capital from the beginning of a sentence: "Ze", "Die", "Toen".
fn is_opener(word: &Word<'_>) -> bool {
    word.initial && LISTS.is_word(&word.folded) && !LISTS.name(&word.folded).first()
}

/// Whether what follows says who it is: "Door, mijn schoonzus", "Hope heet ze".
fn is_explained(words: &[Word<'_>], n: usize) -> bool {
    let at = |k: usize| words.get(n + k);
    let is = |k: usize, list: &[&str]| at(k).is_some_and(|w| list.contains(&w.folded.as_str()));
    let whose = ["mijn", "m'n", "m’n", "onze", "ons", "zijn", "z'n", "haar", "d'r", "hun"];
    let comma = at(1).is_some_and(|w| w.gap == ", ");
    let apart = comma && is(1, &whose);
    // "Dupré, de deurwaarder"
    let works = comma && is(1, &["de", "een", "die"]) && at(2).is_some_and(|w| w.follows() && is_staff(&w.folded));
    let relation = |k: usize| at(k).is_some_and(|w| w.follows() && w.case == Case::Lower && is_relation(&w.folded));
    let called = is(1, &["heet", "heette"]) && at(1).is_some_and(|w| w.follows()) && is(2, &["hij", "ze", "zij"]);
    called || works || apart && (relation(2) || relation(3))
}

/// A title, a relation or an introduction at word `n`, and where the name behind it begins.
fn opening(words: &[Word<'_>], n: usize) -> Option<Opening> {
    let word = &words[n];
    let next = words.get(n + 1)?;
    let dotted = next.gap == ". " && is_abbreviation(&word.folded);
    // "een vrouw van Aalst"
    let is_from = next.folded == "van" && words.get(n + 2).is_some_and(|w| w.other == Some(Other::Place));
    let comes_from = is_from && matches!(word.folded.as_str(), "vrouw" | "dame" | "heer" | "agent" | "zus");
    if let Some(gender) = title(&word.folded).filter(|_| !comes_from && (next.follows() || dotted)) {
        let mut at = n + 1;
        // "mevrouw dokter Bos", "dhr. ing. Bos"
        while title(&words[at].folded).is_some() && words[at].case == Case::Lower && at + 1 < words.len() {
            at += 1;
        }
        return fits(words, at).then(|| Opening {
            at,
            gender,
            staff: is_staff_title(&word.folded),
            own: false,
            strong: true,
        });
    }
    // "post voor P. Stuivenberg"
    let initials = is_initial(word) && next.gap == ". " && !word.initial && word.follows();
    if initials && next.case == Case::Capital && next.other.is_none() && !LISTS.is_word(&next.folded) {
        return Some(Opening { at: n, gender: None, staff: false, own: false, strong: true });
    }
    if let Some(own) = introduces(words, n).filter(|_| !is_opener(next)) {
        return fits(words, n + 1).then_some(Opening { at: n + 1, gender: None, staff: false, own, strong: true });
    }
    if is_relation(&word.folded)
        && next.is_capital()
        && !is_opener(next)
        && (!next.initial || next.gap == ", " || next.gap == ": ")
    {
        let listed = LISTS.name(&next.folded).first();
        let apart = next.gap == ", " && (listed || words.get(n + 2).is_none_or(|w| w.gap.starts_with([',', '.'])));
        let staff = is_staff(&word.folded);
        // "lerares Frans"
        let subject = staff && is_thing(&next.folded);
        // "medewerker Burgerzaken": work is not always followed by a name.
        // "vier kinderen: Abdiqani, Sumaya en Hoodo"
        let listing = next.gap == ": " && !staff && words.get(n + 2).is_some_and(|w| w.gap == ", " || w.folded == "en");
        // "De chauffeur, Appie, bleef"
        let enclosed = next.gap == ", " && words.get(n + 2).is_some_and(|w| w.gap == ", ");
        let introduced = next.follows() || apart || listing;
        let strong = introduced && !subject && (listed || enclosed || !staff && !apart);
        return strong.then_some(Opening { at: n + 1, gender: None, staff, own: false, strong });
    }
    None
}

/// Whether a name may begin at a word behind a title: a capital, an initial, "de" before a capital, or a listed name
/// in lower case.
fn fits(words: &[Word<'_>], at: usize) -> bool {
    let Some(word) = words.get(at) else { return false };
    match word.case {
        Case::Capital | Case::Upper => matches!(word.other, None | Some(Other::Place)),
        Case::Lower if is_infix(&word.folded) => words[at + 1..]
            .iter()
            .take(3)
            .take_while(|w| w.follows())
            .find(|w| !is_infix(&w.folded) || w.case == Case::Capital)
            .is_some_and(|w| {
                // "een mevrouw van Indische komaf"
                w.case == Case::Capital && w.other != Some(Other::Thing) && opens_surname(&word.folded)
            }),
        Case::Lower => {
            let listed = LISTS.name(&word.folded);
            (listed.first() || listed.surname) && !listed.ordinary
        }
        Case::Mixed => false,
    }
}

/// Whether word `n` is the last of "ik heet", "mijn naam is", "hij heet", "ik ben"; whether it is the speaker's own name.
fn introduces(words: &[Word<'_>], n: usize) -> Option<bool> {
    let before = |back: usize| n.checked_sub(back).map_or("", |at| words[at].folded.as_str());
    let next = words.get(n + 1).filter(|w| w.follows() || w.gap == ", " || w.gap == ": ")?;
    let direct = next.follows();
    let me = ["ik", "'k", "’k"];
    match words[n].folded.as_str() {
        "ben" if direct => {
            // "Ik ben van Genk"
            if next.folded == "van" && words.get(n + 2).is_some_and(|w| w.other == Some(Other::Place)) {
                return None;
            }
            // "Ik ben Rotterdammer": people by their town or people are no names.
            let kind = next.other.is_some() || next.folded.ends_with("er") && !LISTS.name(&next.folded).first();
            (me.contains(&before(1)) && !kind).then_some(true)
        }
        "heet" | "heette" | "heten" if direct => {
            let near = words[n.saturating_sub(5)..n].iter().any(|w| {
                is_relation(&w.folded) || ["ik", "hij", "ze", "zij", "wie", "die"].contains(&w.folded.as_str())
            });
            let thing = words[n.saturating_sub(4)..n].iter().any(|w| {
                ["dat", "het", "app", "site", "website", "programma", "ding", "cursus"].contains(&w.folded.as_str())
            });
            (near && !thing && next.other.is_none()).then(|| me.contains(&before(1)))
        }
        "is" | "was" if matches!(before(1), "naam" | "voornaam" | "achternaam") => {
            Some(matches!(before(2), "mijn" | "m'n" | "m’n"))
        }
        "genaamd" | "genoemd" | "zekere" if direct => next.is_capital().then_some(false),
        "met" if direct && matches!(before(1), "spreekt" | "spreek" | "sprak") => next.is_capital().then_some(false),
        _ => None,
    }
}

/// Whether the word at `at` is a person's name there.
fn is_named(words: &[Word<'_>], at: usize, evidence: &Evidence) -> bool {
    let word = &words[at];
    let before = at.checked_sub(1).map(|b| &words[b]);
    let after = words.get(at + 1);
    // Only a whole place may be somebody's name as well: Ans is, the Bosch of Den Bosch is not.
    let place = word.other == Some(Other::Place) && LISTS.is_place(&word.folded);
    if (word.other.is_some() && !place) || !matches!(word.case, Case::Capital | Case::Upper) || is_saint(before, word) {
        return false;
    }
    // "in Melle", "in Gentbrugge of Melle"
    let two = |list: &[&str]| {
        at > 1 && list.contains(&words[at - 1].folded.as_str()) && words[at - 2].other == Some(Other::Place)
    };
    if place && before.is_some_and(|w| word.follows() && (is_before_place(&w.folded) || two(&["en", "of"]))) {
        return false;
    }
    let listed = LISTS.name(&word.folded);
    let strong = evidence.is_strong(&word.folded);
    let behind = |test: fn(&str) -> bool| before.is_some_and(|w| word.follows() && test(&w.folded));
    // "uit Hoogland", "het Wilhelmus"
    if !strong && (behind(is_of_direction) && !listed.first() || behind(|w| matches!(w, "het" | "'t" | "’t"))) {
        return false;
    }
    // Arnhem Velperpoort, Gelderse Vallei
    let part = before.is_some_and(|w| matches!(w.other, Some(Other::Place | Other::Thing)) && word.follows());
    if part && !listed.first() && !strong {
        return false;
    }
    if word.case == Case::Upper {
        // An initial is no name by itself; a name in capitals is.
        return word.text.chars().count() > 3
            && listed.first()
            && !listed.ordinary
            && evidence.verdict(&word.folded) == Verdict::Name;
    }
    let verdict = match evidence.verdict(&word.folded) {
        Verdict::No | Verdict::Perhaps if is_bare_genitive(word, evidence) => Verdict::Name,
        verdict => verdict,
    };
    let article = before.is_some_and(|w| word.follows() && w.case == Case::Lower && is_before_thing(&w.folded));
    let own = before.is_some_and(|w| ["mijn", "m'n", "m’n", "onze", "ons"].contains(&w.folded.as_str()));
    match verdict {
        Verdict::Name => true,
        Verdict::No => false,
        // "Een vier voor Frans", where nobody of that name does anything.
        Verdict::Perhaps if is_thing(&word.folded) && !strong && !evidence.is_human(&word.folded) => false,
        Verdict::Perhaps if !word.initial => {
            !article
                || own
                || (strong && before.is_some_and(|w| w.folded == "het"))
                || opens_surname(&before.map_or(String::new(), |w| w.folded.clone())) && listed.surname
        }
        Verdict::Perhaps => {
            let speaks =
                after.is_some_and(|w| w.follows() && (is_verb_of_speech(&w.folded) || is_possessive(&w.folded)));
            let surname = after.is_some_and(|w| w.follows() && w.is_capital() && LISTS.name(&w.folded).surname);
            let infix = after.is_some_and(|w| w.follows() && opens_surname(&w.folded))
                && words.get(at + 2).is_some_and(|w| w.is_capital() && w.follows());
            let greeted = before.is_some_and(|w| is_greeting(&w.folded)) && word.gap.starts_with([' ', ',']);
            // "Ik zei: Mark, zo raak je ze kwijt."
            let addressed =
                after.is_some_and(|w| w.gap == ", ") && (word.gap.contains(':') || !LISTS.is_word(&word.folded));
            addressed
                || speaks && (strong || !listed_verb(&word.folded, after))
                || surname
                || infix
                || word.genitive
                || greeted
        }
    }
}

/// "Wil was", "Mag had": a verb at the beginning of a question has a pronoun behind it, and so no verb; but "Dan is",
/// "Toen was" are sentences of ordinary words.
fn listed_verb(word: &str, after: Option<&Word<'_>>) -> bool {
    let opener = [
        "dan", "an", "ton", "til", "elke", "mei", "lot", "daar", "zus", "gang", "ramadan", "door", "mees", "na", "om",
        "nu", "er",
    ]
    .contains(&word);
    opener && after.is_some()
}

/// Whether a folded word is the name of a language, a feast or another thing too.
fn is_thing(word: &str) -> bool {
    matches!(LISTS.other(&[word]), Some((1, Other::Thing)))
}

fn is_saint(before: Option<&Word<'_>>, word: &Word<'_>) -> bool {
    before.is_some_and(|w| {
        ["sint", "st", "heilige", "sinte", "koning", "koningin", "prins", "prinses"].contains(&w.folded.as_str())
    }) && word.gap.len() <= 2
}

/// "Jans fiets": a name with an `s` behind it that is no word or name of its own.
fn is_bare_genitive(word: &Word<'_>, evidence: &Evidence) -> bool {
    let Some(stem) = word.folded.strip_suffix('s').filter(|s| s.len() > 2) else { return false };
    let listed = LISTS.name(&word.folded);
    !listed.first()
        && !listed.surname
        && !LISTS.is_word(&word.folded)
        && LISTS.other(&[stem]).is_none()
        && evidence.verdict(stem) == Verdict::Name
        && evidence.verdict(&word.folded) != Verdict::Name
}

/// "de Jong", "Van den Berg" without a first name: the surname must be listed or known to the study.
fn infix_surname(words: &[Word<'_>], at: usize, evidence: &Evidence) -> Option<Opening> {
    if !opens_surname(&words[at].folded) || matches!(words[at].case, Case::Upper | Case::Mixed) {
        return None;
    }
    let mut last = at + 1;
    while words.get(last).is_some_and(|w| w.follows() && is_infix(&w.folded) && w.case == Case::Lower) {
        last += 1;
    }
    let capital = words[at].case == Case::Capital && !words[at].initial;
    let written = |w: &&Word<'_>| w.follows() && w.case == Case::Capital && !w.initial;
    let name = words.get(last).filter(written)?;
    // "die Van Dongen": nobody writes the capital before a town, and hardly before a thing.
    let town = name.other == Some(Other::Place);
    if capital && words[at].folded.starts_with("van") && (town || name.other.is_none() && !LISTS.is_word(&name.folded))
    {
        return Some(Opening { at, gender: None, staff: false, own: false, strong: true });
    }
    if name.other.is_some() {
        return None;
    }
    let listed = LISTS.name(&name.folded);
    let known = (listed.surname || evidence.is_strong(&name.folded)) && (capital || !listed.first());
    // "van Kees" is Kees's; "van Jansen" may be too: the name itself is found then without its "van".
    // "Van Ommeren telt": a surname that the study knows may begin a sentence.
    let opens = words[at].case == Case::Capital && evidence.is_strong(&name.folded);
    let plain = words[at].folded == "van" && last == at + 1 && !capital && !opens;
    let fits = known && !plain && evidence.verdict(&name.folded) != Verdict::No
        || capital && !words[at].initial && listed.surname;
    fits.then_some(Opening { at, gender: None, staff: false, own: false, strong: true })
}

/// Where the name that begins at `start` ends (the word behind its last one); `None` where there is none.
fn extent(words: &[Word<'_>], start: usize, strong: bool) -> Option<usize> {
    let mut at = start;
    // Initials: "J. de Vries", "A.B. Bos".
    while words.get(at).is_some_and(|w| is_initial(w)) && words.get(at + 1).is_some_and(|w| w.gap.starts_with('.')) {
        at += 1;
    }
    let initials = at > start;
    let mut end = None;
    let first = words.get(at)?;
    let lower = first.case == Case::Lower && !is_infix(&first.folded);
    let written = !is_infix(&first.folded) || first.case == Case::Capital && LISTS.name(&first.folded).first();
    if lower || first.case != Case::Lower && written {
        end = Some(at + 1);
        at += 1;
    }
    while let Some(word) = words.get(at) {
        let joined = word.follows() || (initials && end.is_none() && word.gap == ". ") || at == start;
        if !joined {
            break;
        }
        // "Jan Hoogland" is no Jan who is called a village.
        let named_after = word.other == Some(Other::Place) && LISTS.name(&word.folded).surname && end.is_some();
        let free = word.other.is_none() || named_after;
        if matches!(word.case, Case::Capital | Case::Upper) && free && !is_infix(&word.folded) {
            if word.text.len() < 2 && !words.get(at + 1).is_some_and(|w| w.gap.starts_with('.')) {
                // Tjon A Ten
                if word.text == "A" && words.get(at + 1).is_some_and(|w| w.follows() && w.is_capital()) {
                    end = Some(at + 2);
                    at += 2;
                    continue;
                }
                break;
            }
            end = Some(at + 1);
            at += 1;
            continue;
        }
        if !is_infix(&word.folded) || lower {
            break;
        }
        // Up to three words between, then a capital.
        let run = words[at..]
            .iter()
            .take(4)
            .take_while(|w| is_infix(&w.folded) && (w.follows() || std::ptr::eq(*w, word)))
            .count();
        let Some(name) = words.get(at + run).filter(|w| w.case == Case::Capital && w.follows()) else { break };
        let listed = LISTS.name(&name.folded);
        let certain = at == start || words[at].case == Case::Capital;
        let surname = if opens_surname(&word.folded) {
            // "van Kees" behind Anna: Kees gave it. A place is a surname behind a title or a first name: Henk van Driel.
            let is_bare = name.other.is_none_or(|o| o == Other::Place);
            (if at == start { name.other.is_none() || strong } else { is_bare })
                && (certain || listed.surname || !listed.first())
        } else {
            listed.surname && run > 1
        };
        if !surname || run == 0 {
            break;
        }
        end = Some(at + run + 1);
        at += run + 1;
    }
    end
}

fn is_initial(word: &Word<'_>) -> bool {
    word.case == Case::Upper && word.text.chars().count() <= 2
        || word.text.chars().count() == 1 && word.text.starts_with(char::is_uppercase)
}
