//! Finding everything in a study that is to be replaced.

use std::ops::Range;

use klantreis_study::{Pseudonymise, Role, Transcript};

use crate::{
    contexts::{is_role, is_staff, title},
    evidence::Evidence,
    identifiers::identifiers,
    key::{Key, Verdict},
    kind::Kind,
    lists::{Other, fold},
    mentions::{Mention, mentions},
    words::{Case, Word, words},
};

/// Where in a transcript something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The value of an attribute.
    Attribute(String),
    /// The name of the speaker of a turn, by its place.
    Speaker(usize),
    /// What is said in a turn, by its place.
    Turn(usize),
}

/// Something that is to be replaced.
#[derive(Clone, Debug)]
pub struct Hit {
    /// In which transcript, by its place.
    pub file: usize,
    /// Where in it.
    pub spot: Spot,
    /// Where in the text of the spot, in bytes.
    pub range: Range<usize>,
    /// The words.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// What a title tells of the gender.
    pub gender: Option<bool>,
    /// Whether an `s` behind it is its genitive.
    pub genitive: bool,
}

/// Attributes whose values name people.
const NAMES: [&str; 12] = [
    "interviewer",
    "respondent",
    "naam",
    "name",
    "deelnemer",
    "participant",
    "onderzoeker",
    "geinterviewde",
    "gespreksleider",
    "notulist",
    "auteur",
    "contactpersoon",
];

/// What the study tells of every word with a capital: first what is said, then speakers' names.
pub fn evidence(transcripts: &[Transcript], wishes: &Pseudonymise, key: &Key) -> Evidence {
    let single = |text: &str| !text.trim().contains(' ');
    let kept = key.decisions.iter().filter(|d| d.verdict == Verdict::Keep && d.place.is_none());
    let never = kept.map(|d| d.text.as_str()).chain(wishes.never.iter().map(String::as_str)).filter(|t| single(t));
    let always = key.decisions.iter().filter(|d| d.place.is_none() && is_person(d.verdict));
    let always = always.map(|d| d.text.as_str()).chain(wishes.always.iter().map(String::as_str)).filter(|t| single(t));
    // The researcher may have taken back what the lists of the study say, and the other way round.
    let mut evidence = Evidence::new(always, never);
    for transcript in transcripts {
        for turn in &transcript.turns {
            evidence.add(&words(&turn.text));
        }
        let speakers = transcript.turns.iter().map(|t| t.speaker.as_str());
        for label in speakers.chain(name_attributes(transcript)).filter_map(name_in) {
            words(&label)
                .iter()
                .filter(|w| w.is_capital() && !crate::contexts::is_infix(&w.folded))
                .for_each(|w| evidence.add_strong(&w.folded));
        }
    }
    evidence
}

fn is_person(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Keep => false,
        Verdict::StandIn(stand_in) => stand_in.kind.is_person(),
        Verdict::Kind(kind) => kind.is_person(),
    }
}

fn name_attributes(transcript: &Transcript) -> impl Iterator<Item = &str> {
    transcript.attributes.iter().filter(|(key, _)| NAMES.contains(&fold(key).as_str())).map(|(_, value)| value.as_str())
}

/// The name in a speaker's label: "Anna de Vries", "Mevrouw Bos", "Anna (bewoner)"; `None` for "Interviewer 2".
pub fn name_in(label: &str) -> Option<String> {
    let bare = label.split(['(', '[', ',', '/']).next().unwrap_or_default().trim();
    let found = words(bare);
    // "R2", "Spreker 1"
    let is_label = |w: &&Word<'_>| {
        let bare = w.folded.trim_end_matches(|c: char| c.is_ascii_digit());
        bare.is_empty() || is_role(bare)
    };
    let names: Vec<&Word<'_>> = found.iter().skip_while(is_label).collect();
    let (first, last) = (names.first()?, names.last()?);
    let written = names.iter().all(|w| w.case != Case::Lower || crate::contexts::is_infix(&w.folded));
    let one = names.len() == 1 && first.case == Case::Upper && first.text.chars().count() < 3;
    (written && names.len() <= 5 && !one && first.other.is_none_or(|o| o == Other::Place))
        .then(|| bare[first.start..last.end()].to_owned())
}

/// Everything that is to be replaced, in the order of the study, without overlaps.
pub fn hits(transcripts: &[Transcript], evidence: &Evidence, wishes: &Pseudonymise, key: &Key) -> Vec<Hit> {
    let mut out = Vec::new();
    for (file, transcript) in transcripts.iter().enumerate() {
        let staff_side = transcript.attributes.iter().any(|(k, v)| {
            k.starts_with("perspecti") && ["intern", "internal", "medewerker"].contains(&fold(v).as_str())
        });
        let kind_of = |role: Role| match role {
            Role::Interviewer => Kind::Interviewer,
            Role::Respondent if staff_side => Kind::Staff,
            Role::Respondent => Kind::Person,
        };
        for (attribute, value) in &transcript.attributes {
            let spot = Spot::Attribute(attribute.clone());
            let attribute = fold(attribute);
            let named = NAMES.contains(&attribute.as_str()).then(|| name_in(value)).flatten();
            let whole =
                named.filter(|name| words(name).first().is_some_and(|w| evidence.is_name_of_speaker(&w.folded)));
            match whole.and_then(|name| Some((value.find(&name)?, name))) {
                Some((at, text)) => {
                    let kind = if ["interviewer", "onderzoeker", "gespreksleider"].contains(&attribute.as_str()) {
                        Kind::Interviewer
                    } else {
                        kind_of(Role::Respondent)
                    };
                    out.push(Hit { file, spot, range: at..at + text.len(), text, kind, gender: None, genitive: false });
                }
                None => {
                    in_text(value, evidence, wishes, key, None, |hit| out.push(Hit { file, spot: spot.clone(), ..hit }))
                }
            }
        }
        for (n, turn) in transcript.turns.iter().enumerate() {
            if let Some(name) = name_in(&turn.speaker) {
                let label = words(&turn.speaker);
                let gender = label.first().and_then(|w| title(&w.folded)).flatten();
                let staff = label.iter().any(|w| w.case == Case::Lower && is_staff(&w.folded));
                let kind = if staff && turn.role == Role::Respondent { Kind::Staff } else { kind_of(turn.role) };
                let range = 0..turn.speaker.len();
                out.push(Hit { file, spot: Spot::Speaker(n), range, text: name, kind, gender, genitive: false });
            }
            in_text(&turn.text, evidence, wishes, key, Some(kind_of(turn.role)), |hit| {
                out.push(Hit { file, spot: Spot::Turn(n), ..hit });
            });
        }
    }
    out
}

/// What is to be replaced in one text; `own` is what a speaker who names themself is.
pub fn in_text(
    text: &str,
    evidence: &Evidence,
    wishes: &Pseudonymise,
    key: &Key,
    own: Option<Kind>,
    add: impl FnMut(Hit),
) {
    let mut found: Vec<Hit> = Vec::new();
    let free = |found: &[Hit], range: &Range<usize>| {
        found.iter().all(|h| h.range.end <= range.start || range.end <= h.range.start)
    };
    let hit = |kind, range: Range<usize>| Hit {
        file: 0,
        spot: Spot::Turn(0),
        text: text[range.clone()].to_owned(),
        range,
        kind,
        gender: None,
        genitive: false,
    };
    let always = wishes.always.iter().map(|t| (t.as_str(), Kind::Person));
    let decided = key.decisions.iter().filter_map(|d| match d.verdict {
        Verdict::StandIn(stand_in) => Some((d.text.as_str(), stand_in.kind)),
        Verdict::Kind(kind) => Some((d.text.as_str(), kind)),
        Verdict::Keep => None,
    });
    for (literal, kind) in decided.chain(always).filter(|(t, _)| !t.is_empty()) {
        for range in occurrences(text, literal) {
            if free(&found, &range) {
                found.push(hit(kind, range));
            }
        }
    }
    for identifier in identifiers(text) {
        if free(&found, &identifier.range) {
            found.push(hit(identifier.kind, identifier.range));
        }
    }
    let words = words(text);
    for Mention { range, gender, staff, own: mine, genitive } in mentions(&words, evidence) {
        if free(&found, &range) {
            let kind = match own.filter(|_| mine) {
                Some(kind) => kind,
                None if staff => Kind::Staff,
                None => Kind::Person,
            };
            found.push(Hit { gender, genitive, ..hit(kind, range) });
        }
    }
    places(&words, wishes, |kind, range| {
        if free(&found, &range) {
            found.push(hit(kind, range));
        }
    });
    let never = |text: &str| wishes.never.iter().any(|n| fold(n) == fold(text));
    found.retain(|h| !never(&h.text));
    found.sort_by_key(|h| h.range.start);
    found.into_iter().for_each(add);
}

/// Places and organisations, where the study asks.
fn places(words: &[Word<'_>], wishes: &Pseudonymise, mut add: impl FnMut(Kind, Range<usize>)) {
    let mut at = 0;
    while at < words.len() {
        let other = words[at].other;
        let mut end = at + 1;
        while other.is_some() && words.get(end).is_some_and(|w| w.other == other && w.follows()) {
            end += 1;
        }
        let kind = match other {
            Some(Other::Place) if wishes.places => Some(Kind::Place),
            Some(Other::Organisation) if wishes.organisations => Some(Kind::Organisation),
            _ => None,
        };
        if let Some(kind) = kind {
            add(kind, words[at].start..words[end - 1].end());
        }
        at = end;
    }
}

/// Where a text stands as a word or words of their own.
pub fn occurrences<'a>(text: &'a str, literal: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    text.match_indices(literal).map(|(at, found)| at..at + found.len()).filter(|r| {
        let before = text[..r.start].chars().next_back();
        let after = text[r.end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_a_number_are_no_names() {
        for label in ["R2", "Interviewer 2", "Spreker 1", "P03", "I"] {
            assert_eq!(name_in(label), None, "{label}");
        }
        assert_eq!(name_in("Mevrouw Bos (bewoner)").as_deref(), Some("Bos"));
    }
}
