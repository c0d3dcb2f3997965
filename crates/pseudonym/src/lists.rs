//! The built-in lists: first names, surnames, places, names of other things, and ordinary words.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// A word in lower case without diacritics.
pub fn fold(word: &str) -> String {
    klantreis_text::fold(word).into_owned()
}

/// What the lists say of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// A woman's name.
    pub female: bool,
    /// A man's name.
    pub male: bool,
    /// A surname, without what stands before it.
    pub surname: bool,
    /// An ordinary word too, which a capital at the beginning of a sentence does not make a name.
    pub ordinary: bool,
}

impl Listed {
    /// Whether it is a first name.
    pub fn first(self) -> bool {
        self.female || self.male
    }
}

/// What a name that is no person's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A place.
    Place,
    /// An organisation.
    Organisation,
    /// A thing, a language, a feast, a law.
    Thing,
}

/// The lists; words are folded (lower case, no diacritics).
pub struct Lists {
    names: HashMap<String, Listed>,
    /// From the first word to the whole names, longest first.
    others: HashMap<String, Vec<(Vec<String>, Other)>>,
    words: HashSet<String>,
}

/// The lists, read once.
pub static LISTS: LazyLock<Lists> = LazyLock::new(Lists::read);

impl Lists {
    fn read() -> Self {
        let words: HashSet<String> = entries(include_str!("../../../data/names/words.txt")).map(fold).collect();
        let mut names: HashMap<String, Listed> = HashMap::new();
        let mut add = |text: &str, mark: fn(&mut Listed)| {
            for entry in text.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace) {
                let name = fold(entry.trim_end_matches('*'));
                let ordinary = entry.ends_with('*') || words.contains(&name);
                let listed = names.entry(name).or_default();
                mark(listed);
                listed.ordinary |= ordinary;
            }
        };
        add(include_str!("../../../data/names/first-female.txt"), |l| l.female = true);
        add(include_str!("../../../data/names/first-male.txt"), |l| l.male = true);
        add(include_str!("../../../data/names/surnames.txt"), |l| l.surname = true);
        let mut others: HashMap<String, Vec<(Vec<String>, Other)>> = HashMap::new();
        let places = entries(include_str!("../../../data/names/places.txt")).map(|e| (e, Other::Place));
        let things = entries(include_str!("../../../data/names/others.txt")).map(|e| match e.strip_prefix('+') {
            Some(name) => (name, Other::Organisation),
            None => (e, Other::Thing),
        });
        for (name, other) in places.chain(things) {
            let parts: Vec<String> = name.split('_').map(fold).collect();
            others.entry(parts[0].clone()).or_default().push((parts, other));
        }
        for list in others.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Self { names, others, words }
    }

    /// What the lists of persons' names say of a folded word; of `jan-willem` what they say of `jan`.
    pub fn name(&self, word: &str) -> Listed {
        let whole = self.names.get(word).copied();
        let part = || word.split_once('-').and_then(|(first, _)| self.names.get(first).copied());
        let frisian = || self.is_frisian(word).then_some(Listed { surname: true, ..Listed::default() });
        whole.or_else(part).or_else(frisian).unwrap_or_default()
    }

    /// Whether a folded word ends as surnames from Friesland and Groningen do: -stra, -sma, -inga.
    fn is_frisian(&self, word: &str) -> bool {
        let is_long = |stem: &str| stem.len() > 2;
        let words = ["plasma", "prisma", "charisma", "orchestra"];
        ["stra", "sma", "inga"].iter().any(|end| word.strip_suffix(end).is_some_and(is_long))
            && !words.contains(&word)
            && !self.words.contains(word)
    }

    /// Whether a folded word is two ordinary words in one: Berichtenbox, Facebookgroep.
    pub fn is_compound(&self, word: &str) -> bool {
        let known = |part: &str| part.len() > 2 && (self.words.contains(part) || self.others.contains_key(part));
        word.char_indices().map(|(at, _)| word.split_at(at)).any(|(first, second)| {
            let joined = ["s", "en", "e", "n"].iter().filter_map(|link| first.strip_suffix(link));
            second.len() > 3 && known(second) && (known(first) || joined.into_iter().any(known))
        })
    }

    /// Whether a folded word is an ordinary one, not counting names that are also words.
    pub fn is_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The name of no person that begins with the first of these folded words, and how many words it has.
    pub fn other(&self, words: &[&str]) -> Option<(usize, Other)> {
        let first = words.first()?;
        if let Some(list) = self.others.get(*first) {
            let fits = |(parts, _): &&(Vec<String>, Other)| {
                let (last, before) = parts.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
                // "Albert Heijn-tas"
                let ends =
                    |word: &&str| word.strip_prefix(last).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
                before.iter().zip(words).all(|(a, b)| a == b) && words.get(before.len()).is_some_and(ends)
            };
            if let Some((parts, other)) = list.iter().find(fits) {
                return Some((parts.len(), *other));
            }
        }
        // Rotterdam-Zuid, DigiD-code, Nederlands-Turks.
        let (part, _) = first.split_once('-').filter(|(part, _)| part.len() > 2)?;
        let single = |parts: &&(Vec<String>, Other)| parts.0.len() == 1;
        self.others.get(part)?.iter().find(single).map(|(_, other)| (1, *other))
    }

    /// Whether a folded word is the whole name of a place.
    pub fn is_place(&self, word: &str) -> bool {
        let whole = |(parts, other): &(Vec<String>, Other)| parts.len() == 1 && *other == Other::Place;
        self.others.get(word).is_some_and(|list| list.iter().any(whole))
    }

    /// Whether a folded word is made from a place's name: Hengelose, Amsterdammer, Gentenaar.
    pub fn is_from_place(&self, word: &str) -> bool {
        let stem = ["enaren", "enaar", "naar", "mers", "mer", "ers", "er", "ische", "isch", "sche", "se"];
        stem.iter().filter_map(|end| word.strip_suffix(end)).filter(|stem| stem.len() > 3).any(|stem| {
            self.is_place(stem) || self.is_place(&format!("{stem}e")) || self.is_place(&format!("{stem}en"))
        })
    }
}

/// The words of a list without its comments.
pub fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_origins_are_known_and_ordinary_words_marked() {
        for name in ["anna", "youssef", "oleksandr", "şengul", "jan-willem"] {
            assert!(LISTS.name(&fold(name)).first(), "{name}");
        }
        for name in ["roos", "wil", "mark"] {
            assert!(LISTS.name(name).first() && LISTS.name(name).ordinary, "{name}");
        }
    }

    #[test]
    fn the_longest_name_of_no_person_wins() {
        assert_eq!(LISTS.other(&["albert", "heijn", "was"]), Some((2, Other::Organisation)));
        assert_eq!(LISTS.other(&["albert", "heijn-tas"]), Some((2, Other::Organisation)));
        assert_eq!(LISTS.other(&["albert", "heijnen"]), None);
        assert_eq!(LISTS.other(&["den", "haag"]), Some((2, Other::Place)));
        assert_eq!(LISTS.other(&["rotterdam-zuid"]), Some((1, Other::Place)));
        assert!(LISTS.is_from_place("hengelose") && LISTS.is_from_place("gentenaar"));
    }
}
