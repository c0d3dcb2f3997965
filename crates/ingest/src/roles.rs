//! Who asks and who answers: by the study, by the label, else by who asks the questions.

use std::collections::BTreeMap;

use klantreis_study::{Role, Speakers};

const ASKS: [&str; 13] = [
    "i",
    "int",
    "interviewer",
    "v",
    "vraag",
    "vragensteller",
    "onderzoeker",
    "gespreksleider",
    "moderator",
    "q",
    "interviewster",
    "onderzoekster",
    "facilitator",
];
const ANSWERS: [&str; 18] = [
    "r",
    "resp",
    "respondent",
    "medewerker",
    "a",
    "antwoord",
    "deelnemer",
    "b",
    "bewoner",
    "burger",
    "klant",
    "geïnterviewde",
    "bezoeker",
    "inwoner",
    "cliënt",
    "participant",
    "p",
    "persoon",
];

/// Whether a name (in lower case) is a usual label of an interviewer or a respondent, numbered or not.
pub fn is_label(name: &str) -> bool {
    by_label(name).is_some()
}

fn by_label(name: &str) -> Option<Role> {
    let name = name.to_lowercase();
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let any = |list: &[&str]| list.contains(&bare) || bare.split_whitespace().any(|w| w.len() > 3 && list.contains(&w));
    if any(&ASKS) {
        Some(Role::Interviewer)
    } else if any(&ANSWERS) {
        Some(Role::Respondent)
    } else {
        None
    }
}

/// The role of each speaker, and a note where it was guessed. `turns` are speakers with what they said.
pub fn roles(turns: &[(String, String)], speakers: &Speakers) -> (BTreeMap<String, Role>, Option<String>) {
    let mut roles = BTreeMap::new();
    let mut unknown: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let same = |list: &[String], name: &str| list.iter().any(|l| l.trim().to_lowercase() == name.to_lowercase());
    for (name, text) in turns {
        let role = if same(&speakers.interviewer, name) {
            Some(Role::Interviewer)
        } else if same(&speakers.respondent, name) {
            Some(Role::Respondent)
        } else {
            by_label(name)
        };
        match role {
            Some(role) => {
                roles.insert(name.clone(), role);
            }
            None => {
                let entry = unknown.entry(name).or_default();
                entry.0 += 1;
                entry.1 += usize::from(text.contains('?'));
                entry.2 += text.split_whitespace().count();
            }
        }
    }
    if unknown.is_empty() {
        return (roles, None);
    }
    // One who asks is enough: with a known interviewer, all others answer.
    let asks = if roles.values().any(|r| *r == Role::Interviewer) || unknown.len() + roles.len() < 2 {
        None
    } else {
        // The share of turns with a question, less for those who speak at length.
        let words: usize = unknown.values().map(|u| u.2).sum();
        unknown
            .iter()
            .max_by(|a, b| {
                let score = |(turns, questions, said): &(usize, usize, usize)| {
                    *questions as f64 / *turns as f64 - 0.5 * *said as f64 / words.max(1) as f64
                };
                score(a.1).total_cmp(&score(b.1)).then(b.0.cmp(a.0))
            })
            .map(|(name, _)| (*name).to_owned())
    };
    let note = asks.as_ref().map(|name| {
        format!(
            "took \"{name}\" for the interviewer, who asks most questions; if that is wrong, write [speakers] interviewer = [\"…\"] in klantreis.toml"
        )
    });
    for name in unknown.into_keys() {
        let role = if asks.as_deref() == Some(name) { Role::Interviewer } else { Role::Respondent };
        roles.insert(name.to_owned(), role);
    }
    (roles, note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn labels_tell_the_role() {
        let (roles, note) = roles(&turns(&[("Interviewer", "Ja?"), ("Medewerker 2", "Ja.")]), &Speakers::default());
        assert_eq!(roles["Interviewer"], Role::Interviewer);
        assert_eq!(roles["Medewerker 2"], Role::Respondent);
        assert_eq!(note, None);
    }

    #[test]
    fn without_labels_the_one_who_asks_is_the_interviewer_and_the_guess_is_said() {
        let talk = turns(&[
            ("Sanne", "Hoe ging dat?"),
            ("Bert", "Dat ging zo. Eerst dit en toen dat, weet je?"),
            ("Sanne", "En toen?"),
            ("Bert", "Nou, dat was het wel zo'n beetje."),
        ]);
        let (roles, note) = roles(&talk, &Speakers::default());
        assert_eq!(roles["Sanne"], Role::Interviewer);
        assert_eq!(roles["Bert"], Role::Respondent);
        assert!(note.unwrap().contains("Sanne"));
    }
}
