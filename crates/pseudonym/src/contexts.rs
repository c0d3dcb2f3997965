//! The words around names: titles, relations, verbs of people, and what stands before places and things. The lists are in
//! `data/names`, each under its name in brackets.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use crate::lists::{Other, entries};

type Words = HashSet<&'static str>;

/// The lists by their names.
static LISTS: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let texts = [
        include_str!("../../../data/names/before.txt"),
        include_str!("../../../data/names/people.txt"),
        include_str!("../../../data/names/titles.txt"),
        include_str!("../../../data/names/verbs.txt"),
    ];
    let mut lists: HashMap<&str, Words> = HashMap::new();
    for text in texts {
        let mut list = "";
        for entry in entries(text) {
            match entry.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                Some(name) => list = name,
                None => _ = lists.entry(list).or_default().insert(entry),
            }
        }
    }
    lists
});

/// Whether a folded word is in a list.
fn within(list: &str, word: &str) -> bool {
    LISTS[list].contains(word)
}

/// What stands between a first name and a surname: "van den", "El".
pub fn is_infix(word: &str) -> bool {
    within("infix", word)
}

/// Whether a surname may begin with this infix where no first name stands before it ("de Jong", not "bij Jong").
pub fn opens_surname(word: &str) -> bool {
    within("surname", word)
}

/// A title before a name, and the gender it tells (`true`: a woman). All titles in lower case ask for a capital behind them.
pub fn title(word: &str) -> Option<Option<bool>> {
    [("women", Some(true)), ("men", Some(false)), ("anyone", None)]
        .into_iter()
        .find_map(|(list, gender)| within(list, word).then_some(gender))
}

/// Whether a title is shortened, and so may have a stop behind it that ends no sentence.
pub fn is_abbreviation(word: &str) -> bool {
    within("shortened", word)
}

/// A title of those through whom a service works.
pub fn is_staff_title(word: &str) -> bool {
    within("staff", word)
}

/// People by what they are to the speaker: "mijn man Bas", "onze Noor".
pub fn is_relation(word: &str) -> bool {
    within("relations", word) || is_staff(word)
}

/// People by their work: those the service works through.
pub fn is_staff(word: &str) -> bool {
    // "baas" and "arts" end many a word that is nobody's work.
    let ends_in = |work: &&str| work.len() > 3 && word.len() > work.len() + 2 && word.ends_with(*work);
    within("work", word) || LISTS["work"].iter().any(ends_in)
}

/// Verbs of which only people are the subject, or nearly so.
pub fn is_verb_of_people(word: &str) -> bool {
    within("people", word)
}

/// Of these verbs people are the subject always: they carry a name at the beginning of a sentence.
pub fn is_verb_of_speech(word: &str) -> bool {
    within("speech", word)
}

/// Of these verbs towns and firms are hardly ever the subject.
pub fn is_human_verb(word: &str) -> bool {
    within("human", word)
}

/// Prepositions before places.
pub fn is_before_place(word: &str) -> bool {
    within("place", word)
}

/// What stands before persons, places and firms alike, and tells nothing of which it is.
pub fn is_before_anything(word: &str) -> bool {
    within("anything", word)
}

/// Prepositions that say where to, where from or where, hardly with whom.
pub fn is_of_direction(word: &str) -> bool {
    within("direction", word)
}

/// Of what kind the name behind this word is: "station Slinge", "camping De Paal".
pub fn kind_of_place(word: &str) -> Option<Other> {
    let in_list = |list, kind| within(list, word).then_some(kind);
    in_list("places", Other::Place).or_else(|| in_list("organisations", Other::Organisation))
}

/// What stands before things, and hardly before a person.
pub fn is_before_thing(word: &str) -> bool {
    within("thing", word)
}

/// What stands before persons often: prepositions, conjunctions, verbs.
pub fn is_before_person(word: &str) -> bool {
    within("person", word)
}

/// Words that greet the one whose name follows.
pub fn is_greeting(word: &str) -> bool {
    within("greeting", word)
}

/// What stands behind a name as its possessive: "Bas z'n fiets".
pub fn is_possessive(word: &str) -> bool {
    within("possessive", word)
}

/// Labels of speakers that are no names; with a number or without.
pub fn is_role(word: &str) -> bool {
    within("roles", word) || is_relation(word) || title(word).is_some()
}
