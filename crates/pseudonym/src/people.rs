//! Who is who: full names, first names and surnames of the same person get the same stand-in.

use std::collections::HashMap;

use klantreis_text::tokens;

use crate::{
    contexts::is_infix,
    kind::{Kind, StandIn},
    lists::{LISTS, fold},
};

/// A name as people are told apart by: folded, without initials' stops.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// One name, which may be a first name or a surname ("anna", "de jong").
    Single(String),
    /// A first name or initials, and a surname with what stands before it.
    Full {
        /// "anna", "j".
        given: String,
        /// "de jong".
        surname: String,
    },
}

impl Name {
    /// Reads a name as it is written.
    pub fn parse(text: &str) -> Self {
        let words: Vec<String> = tokens(text).map(|t| fold(t.text)).collect();
        let given = usize::from(words.first().is_some_and(|w| !is_infix(w) || LISTS.name(w).first()));
        match words.len() {
            // "van den Berg" has no first name.
            n if n < 2 || given == 0 => Self::Single(words.join(" ")),
            _ => {
                // "J.P. de Jong", "Anna Maria Bos": one given name tells, and the last names.
                let extra = words[1..].iter().take_while(|w| w.len() == 1).count();
                let rest = &words[1 + extra.min(words.len() - 2)..];
                Self::Full { given: words[0].clone(), surname: rest.join(" ") }
            }
        }
    }

    /// Whether a single name may be (part of) this one.
    fn holds(&self, single: &str) -> bool {
        match self {
            Self::Single(own) => own == single || core(own) == core(single),
            Self::Full { given, surname } => {
                given == single || self.is_surname(single) || surname.split(' ').next() == Some(single)
            }
        }
    }

    fn is_surname(&self, single: &str) -> bool {
        matches!(self, Self::Full { surname, .. } if surname == single || core(surname) == core(single))
    }
}

/// A surname without what stands before it; "Vandenbroucke" and the like keep it.
fn core(surname: &str) -> &str {
    let mut rest = surname;
    while let Some((first, more)) = rest.split_once(' ').filter(|(first, _)| is_infix(first)) {
        let _ = first;
        rest = more;
    }
    rest
}

/// A name in its place.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// What a title tells of the gender (`true`: a woman).
    pub gender: Option<bool>,
    /// What the context says the person is.
    pub kind: Kind,
    /// In which transcript.
    pub file: usize,
}

/// A person with all names they go by.
#[derive(Clone, Debug)]
struct Person {
    kind: Kind,
    number: Option<u32>,
    names: Vec<Name>,
    gender: Option<bool>,
}

/// The persons of a study.
#[derive(Clone, Debug, Default)]
pub struct People {
    persons: Vec<Person>,
}

impl People {
    /// Says that a name has a stand-in already; a name has only one.
    pub fn know(&mut self, text: &str, stand_in: StandIn) {
        let name = Name::parse(text);
        for person in &mut self.persons {
            person.names.retain(|n| *n != name);
        }
        let gender = gender(&name);
        match self.persons.iter_mut().find(|p| p.kind == stand_in.kind && p.number == Some(stand_in.number)) {
            Some(person) => {
                person.names.push(name);
                person.gender = person.gender.or(gender);
            }
            None => self.persons.push(Person {
                kind: stand_in.kind,
                number: Some(stand_in.number),
                names: vec![name],
                gender,
            }),
        }
    }

    /// The stand-in of each name, in the order of the study. Full names are told apart first, so that "Anna" finds Anna
    /// de Vries wherever she is named in full; numbers follow the order of the study.
    pub fn resolve(&mut self, named: &[Named]) -> Vec<StandIn> {
        let mut who: Vec<Option<usize>> = vec![None; named.len()];
        for full in [true, false] {
            let mut last_in_file: HashMap<usize, Vec<usize>> = HashMap::new();
            for (n, named) in named.iter().enumerate() {
                if let Some(person) = who[n] {
                    last_in_file.entry(named.file).or_default().push(person);
                    continue;
                }
                if full != matches!(named.name, Name::Full { .. }) {
                    continue;
                }
                let near = last_in_file.get(&named.file).map_or(&[][..], Vec::as_slice);
                let person = self.find(named, near).unwrap_or_else(|| self.add(named));
                last_in_file.entry(named.file).or_default().push(person);
                who[n] = Some(person);
            }
        }
        let who: Vec<usize> = who.into_iter().flatten().collect();
        for (n, named) in named.iter().enumerate() {
            let person = &mut self.persons[who[n]];
            // Who was given a number keeps it; else the interviewer is one, and who works for the service is staff.
            if person.number.is_none() && (named.kind == Kind::Interviewer || person.kind == Kind::Person) {
                person.kind = named.kind;
            }
        }
        for &n in &who {
            if self.persons[n].number.is_none() {
                let kind = self.persons[n].kind;
                let taken = self.persons.iter().filter(|p| p.kind == kind).filter_map(|p| p.number).max();
                self.persons[n].number = Some(taken.unwrap_or(0) + 1);
            }
        }
        who.into_iter().filter_map(|n| self.stand_in(n)).collect()
    }

    fn stand_in(&self, person: usize) -> Option<StandIn> {
        let person = &self.persons[person];
        Some(StandIn { kind: person.kind, number: person.number? })
    }

    /// The stand-in of a name that stands outside the transcripts: in a message, a file's name, a setting.
    pub fn known(&self, name: &Name) -> Option<StandIn> {
        let named = Named { name: name.clone(), gender: None, kind: Kind::Person, file: usize::MAX };
        self.find(&named, &[]).and_then(|person| self.stand_in(person))
    }

    /// Whether somebody has this very name, or holds it as first name or surname.
    pub fn has(&self, name: &Name) -> bool {
        self.known(name).is_some()
    }

    /// The person with this name: the very name, or one that holds it; of several the one named last in the file.
    fn find(&self, named: &Named, near: &[usize]) -> Option<usize> {
        let fits = |person: &Person| match (&named.name, named.gender.or_else(|| gender(&named.name)), person.gender) {
            (_, Some(a), Some(b)) if a != b => false,
            (Name::Single(single), ..) => person.names.iter().any(|n| n.holds(single)),
            (Name::Full { given, surname }, ..) => person.names.iter().any(|own| match own {
                Name::Full { given: g, surname: s } => {
                    core(s) == core(surname) && (g == given || initial_of(g, given) || initial_of(given, g))
                }
                Name::Single(_) => own == &named.name,
            }),
        };
        let exact = |person: &Person| fits(person) && person.names.contains(&named.name);
        let found: Vec<usize> = (0..self.persons.len()).filter(|n| fits(&self.persons[*n])).collect();
        match found.len() {
            0 => None,
            1 => Some(found[0]),
            _ => near
                .iter()
                .rev()
                .find(|n| found.contains(n))
                .or_else(|| found.iter().find(|n| exact(&self.persons[**n])))
                .or_else(|| found.first())
                .copied(),
        }
    }

    fn add(&mut self, named: &Named) -> usize {
        let gender = named.gender.or_else(|| gender(&named.name));
        self.persons.push(Person { kind: named.kind, number: None, names: vec![named.name.clone()], gender });
        self.persons.len() - 1
    }
}

fn initial_of(initial: &str, name: &str) -> bool {
    initial.chars().count() == 1 && name.starts_with(initial)
}

/// The gender that the lists tell of a first name; `None` where it is a name of both or of none.
fn gender(name: &Name) -> Option<bool> {
    let given = match name {
        Name::Single(single) => single,
        Name::Full { given, .. } => given,
    };
    let listed = LISTS.name(given);
    match (listed.female, listed.male) {
        // A single name that is also a surname tells nothing.
        _ if listed.surname && matches!(name, Name::Single(_)) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_ins(names: &[(&str, Option<bool>, usize)]) -> Vec<u32> {
        let named: Vec<Named> = names
            .iter()
            .map(|(text, gender, file)| Named {
                name: Name::parse(text),
                gender: *gender,
                kind: Kind::Person,
                file: *file,
            })
            .collect();
        People::default().resolve(&named).into_iter().map(|s| s.number).collect()
    }

    #[test]
    fn one_person_has_one_stand_in_whatever_they_are_called() {
        let names = [
            ("Anna", None, 0),
            ("de Vries", Some(true), 0),
            ("Kees", None, 0),
            ("Anna de Vries", None, 1),
            ("A. de Vries", None, 1),
        ];
        assert_eq!(stand_ins(&names), [1, 1, 2, 1, 1]);
    }

    #[test]
    fn mister_and_missis_are_two() {
        assert_eq!(stand_ins(&[("Bos", Some(true), 0), ("Bos", Some(false), 0), ("Jan Bos", None, 0)]), [1, 2, 2]);
    }

    #[test]
    fn of_two_of_a_name_the_one_named_last_is_meant() {
        let names = [("Anna Bos", None, 0), ("Anna", None, 0), ("Anna Vis", None, 1), ("Anna", None, 1)];
        assert_eq!(stand_ins(&names), [1, 1, 2, 2]);
    }
}
