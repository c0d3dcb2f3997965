//! What the study itself tells of a word: how often it stands in lower case, with a capital where none is due, after
//! an article, before a verb of people, after "mevrouw" or "ik heet". A name found once by strong context is
//! found everywhere in the study.

use std::collections::{HashMap, HashSet};

use crate::{
    contexts::{
        self, is_before_anything, is_before_person, is_before_place, is_before_thing, is_human_verb, is_possessive,
        is_verb_of_people, is_verb_of_speech,
    },
    lists::{LISTS, fold},
    mentions::strong_names,
    words::{Case, Word},
};

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    lower: u32,
    middle: u32,
    place: u32,
    thing: u32,
    /// Those of `thing` that are "de" or "den", which Flemings and Limburgers put before first names too.
    article: u32,
    /// In the middle of a sentence, after words that say nothing of what follows: "bij", "tot", "van".
    plain: u32,
    person: u32,
    strong: u32,
    /// At the beginning of a sentence, before a verb that people are the subject of.
    speaks: u32,
    /// Anywhere, before a verb that only people are the subject of.
    human: u32,
}

/// Whether a word with a capital is a person's name in this study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Wherever it has a capital.
    Name,
    /// Where nothing else gives it the capital.
    Perhaps,
    /// Nowhere.
    No,
}

/// The counts of a study, and what the researcher decided.
#[derive(Debug, Default)]
pub struct Evidence {
    counts: HashMap<String, Count>,
    always: HashSet<String>,
    never: HashSet<String>,
}

impl Evidence {
    /// With words that are always and never names.
    pub fn new<'a>(always: impl Iterator<Item = &'a str>, never: impl Iterator<Item = &'a str>) -> Self {
        Self { counts: HashMap::new(), always: always.map(fold).collect(), never: never.map(fold).collect() }
    }

    /// Counts the words of a text.
    pub fn add(&mut self, words: &[Word<'_>]) {
        for (n, word) in words.iter().enumerate() {
            if word.case == Case::Lower {
                if let Some(count) = self.counts.get_mut(&word.folded) {
                    count.lower += 1;
                } else if !LISTS.is_word(&word.folded) || LISTS.name(&word.folded) != Default::default() {
                    self.counts.insert(word.folded.clone(), Count { lower: 1, ..Count::default() });
                }
                continue;
            }
            if word.case != Case::Capital {
                continue;
            }
            let before = n.checked_sub(1).map(|b| &words[b]).filter(|_| word.follows());
            let after = words.get(n + 1).filter(|w| w.follows());
            let count = self.counts.entry(word.folded.clone()).or_default();
            // "Bij Ekehaar ging het": who went stands behind the verb.
            let within = before.is_some_and(|w| w.folded != "als" && is_before_anything(&w.folded));
            let subject = !within && after.is_some_and(|w| is_human_verb(&w.folded));
            count.human += u32::from(subject || word.genitive);
            if word.initial {
                // "Jacintha, die heeft de shirts gewassen."
                let told = words.get(n + 1).is_some_and(|w| w.gap == ", " && w.folded == "die")
                    && words.get(n + 2).is_some_and(|w| w.follows() && is_verb_of_speech(&w.folded));
                let speaks = after.is_some_and(|w| is_verb_of_speech(&w.folded))
                    || word.genitive
                    || told
                    || is_addressed(words, n);
                count.speaks += u32::from(speaks);
                continue;
            }
            count.middle += 1;
            // "bij De Hazelmuis": an article stands before a thing, with a capital too.
            let said = before.filter(|w| w.case != Case::Capital || matches!(w.folded.as_str(), "de" | "het"));
            let is_before = |test: fn(&str) -> bool| said.is_some_and(|w| test(&w.folded));
            count.place += u32::from(is_before(is_before_place));
            count.thing += u32::from(is_before(is_before_thing));
            count.article += u32::from(is_before(|w| matches!(w, "de" | "den")));
            count.plain += u32::from(is_before(is_before_anything));
            let verb = after.is_some_and(|w| is_verb_of_people(&w.folded) || is_possessive(&w.folded));
            let listed = enumerated(words, n);
            count.person +=
                u32::from(verb || word.genitive) + u32::from(is_before(is_before_person)) + 2 * u32::from(listed);
        }
        for name in strong_names(words) {
            self.add_strong(&name);
        }
    }

    /// Counts a word that is a name beyond doubt.
    pub fn add_strong(&mut self, folded: &str) {
        self.counts.entry(folded.to_owned()).or_default().strong += 1;
    }

    /// Whether a folded word stands in a speaker's label, behind a title or in an introduction, or is a listed name.
    pub fn is_name_of_speaker(&self, word: &str) -> bool {
        let listed = LISTS.name(word);
        !self.never.contains(word)
            && (self.counts.get(word).is_some_and(|c| c.strong > 0) && !LISTS.is_word(word)
                || listed.first()
                || listed.surname)
    }

    /// Whether strong context names a folded word.
    pub fn is_strong(&self, word: &str) -> bool {
        self.counts.get(word).is_some_and(|c| c.strong > 0)
    }

    /// Whether a folded word stands before a verb of which only people are the subject.
    pub fn is_human(&self, word: &str) -> bool {
        self.counts.get(word).is_some_and(|c| c.human > 0)
    }

    /// Whether a folded word is a name.
    pub fn verdict(&self, word: &str) -> Verdict {
        if self.never.contains(word) {
            return Verdict::No;
        }
        if self.always.contains(word) {
            return Verdict::Name;
        }
        let (count, listed) = (self.counts.get(word).copied().unwrap_or_default(), LISTS.name(word));
        let ordinary = listed.ordinary || LISTS.is_word(word) || count.lower > 0;
        let things = count.place + count.thing;
        if LISTS.is_place(word) && !listed.first() {
            // "Ans belde" where nobody ever is "in Ans".
            let person = count.strong > 0 || (count.human > 0 && count.thing == 0);
            return if person && count.place == 0 { Verdict::Perhaps } else { Verdict::No };
        }
        // "van Axel" alone tells nothing, "met Axel" does.
        let somewhere = count.plain + count.place > 0 && count.person <= count.plain;
        let unknown = !listed.first() && !listed.surname && count.place > 0;
        if count.strong == 0
            && (LISTS.is_place(word) && somewhere && count.human == 0 || unknown && count.place >= count.human)
        {
            return Verdict::No;
        }
        if (count.strong > 0 || listed.first()) && !ordinary {
            return Verdict::Name;
        }
        if count.strong > 0 {
            return Verdict::Perhaps;
        }
        if listed.first() || listed.surname {
            // "de Jong" and "van den Berg" count as things, which surnames don't mind.
            let things = if ordinary { things } else { things - count.article };
            let minds = if listed.first() { things * 2 > count.middle } else { count.place * 2 > count.middle };
            return match (ordinary, minds) {
                (false, false) => Verdict::Name,
                (true, false) if count.middle > 0 || (count.speaks > 0 && listed.first()) => Verdict::Perhaps,
                _ => Verdict::No,
            };
        }
        if ordinary || word.chars().count() < 2 || contexts::title(word).is_some() {
            return Verdict::No;
        }
        if count.human == 0 && LISTS.is_compound(word) {
            return Verdict::No;
        }
        match count.middle {
            0 if count.speaks > 1 && count.human > 0 && !looks_ordinary(word) => Verdict::Name,
            0 if count.speaks > 0 && !looks_ordinary(word) => Verdict::Perhaps,
            0 => self.short_form(word),
            middle => {
                let told = count.person + 2 * count.human;
                let is_told = told > things.max(count.plain) || things == 0 && middle > count.plain;
                if is_told { Verdict::Name } else { self.short_form(word) }
            }
        }
    }

    /// A pet name of somebody whom the study or the lists know: Sienneke, Lowieke, Kareltje.
    fn short_form(&self, word: &str) -> Verdict {
        let stems = ["neke", "eke", "ke", "etje", "tje", "je"].iter().filter_map(|end| word.strip_suffix(end));
        let known = |stem: &str| {
            let listed = LISTS.name(stem);
            stem.len() > 2 && listed.first() && !listed.ordinary || self.is_strong(stem)
        };
        if stems.into_iter().any(|stem| known(stem) || known(&format!("{stem}e"))) {
            Verdict::Perhaps
        } else {
            Verdict::No
        }
    }
}

/// Whether somebody is spoken to by this name: "Die zei: Lieuwe, jij zit te veel alleen".
fn is_addressed(words: &[Word<'_>], n: usize) -> bool {
    let you =
        ["jij", "je", "u", "ge", "gij", "jullie", "ik", "we", "wij", "dit", "dat", "zo", "kom", "hou", "wat", "hoe"];
    let next = words.get(n + 1).filter(|w| w.gap == ", ");
    // "Riny, zou jij dat willen?"
    let asks = words.get(n + 2).is_some_and(|w| w.follows() && ["jij", "je", "u", "ge"].contains(&w.folded.as_str()));
    let rises = next.is_some_and(|w| asks || you.contains(&w.folded.as_str()) || is_command(&w.folded));
    words[n].gap.contains(':') && !LISTS.is_word(&words[n].folded) && rises
}

/// "Ga slapen", "slik eerst eens door".
fn is_command(word: &str) -> bool {
    ["ga", "kijk", "luister", "doe", "laat", "neem", "bel", "vraag", "wacht", "hoor", "blijf", "stop", "slik", "zeg"]
        .contains(&word)
}

/// Whether the word stands in a row with a listed first name: "Anna, Wubbo en Kees".
fn enumerated(words: &[Word<'_>], n: usize) -> bool {
    let first = |w: &Word<'_>| w.is_capital() && LISTS.name(&w.folded).first() && !LISTS.name(&w.folded).ordinary;
    let joined = |gap: &str| gap == ", " || gap == " ";
    let before = match n {
        0 => false,
        _ if words[n].gap == ", " => first(&words[n - 1]),
        1 => false,
        _ => matches!(words[n - 1].folded.as_str(), "en" | "of") && joined(words[n - 1].gap) && first(&words[n - 2]),
    };
    let after = match (words.get(n + 1), words.get(n + 2)) {
        (Some(next), _) if next.gap == ", " => first(next),
        (Some(and), Some(next)) => {
            matches!(and.folded.as_str(), "en" | "of") && and.follows() && next.follows() && first(next)
        }
        _ => false,
    };
    before || after
}

/// Endings of ordinary words that people begin sentences with; a stem of the list counts as well.
fn looks_ordinary(word: &str) -> bool {
    let ends = [
        "lijk", "heid", "ing", "end", "isch", "eren", "baar", "ste", "tjes", "matig", "wijs", "weg", "loos", "dag",
        "avond", "maal", "steeds",
    ];
    let stems = ["en", "e", "t", "s", "n", "de", "te", "den", "ten"];
    ends.iter().any(|end| word.ends_with(end))
        || word.contains('-')
        || stems
            .iter()
            .filter_map(|end| word.strip_suffix(end))
            .any(|stem| LISTS.is_word(stem) || LISTS.is_word(&format!("{stem}en")))
        || ["en", "t", "e"].iter().any(|end| LISTS.is_word(&format!("{word}{end}")))
}
