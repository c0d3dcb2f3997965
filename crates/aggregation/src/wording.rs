//! Whether labels are in the words of the people it is about.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{CodedTranscript, Quote, Status, Study};
use klantreis_text::fold;
use serde::Serialize;

use crate::{
    naming::{Naming, Text},
    vocabulary::Vocabulary,
};

/// Formal Dutch and Flemish words with plain ones beside them.
const OFFICIALESE: &str = include_str!("../../../data/words/nl-ambtelijk.csv");

/// Words of so many letters are hard to read (compounds).
const LONG: usize = 18;

/// A label of the study against the words of respondents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wording {
    /// `phase` or `touchpoint`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// The label.
    pub label: String,
    /// What is hard about it.
    pub hard: Vec<Hard>,
    /// Interviews in which a respondent uses a word of the label, anywhere.
    pub used_by: usize,
    /// Interviews that speak of it.
    pub told_by: usize,
    /// The words that set apart what respondents say of it.
    pub theirs: Vec<String>,
}

/// What is hard about a label or a description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Hard {
    /// A formal word, and a plain one.
    Formal(String, String),
    /// A long compound.
    Long(String),
    /// A passive: it hides who does it.
    Passive(String),
}

/// What is hard about a text, in the order of its words.
pub fn hard_words(text: &str) -> Vec<Hard> {
    let mut formal: BTreeMap<String, &str> = BTreeMap::new();
    for line in OFFICIALESE.lines().skip(1) {
        if let Some((word, plain)) = line.split_once(',') {
            formal.insert(fold(word).into_owned(), plain);
        }
    }
    let words: Vec<(&str, String)> =
        klantreis_text::tokens(text).map(|t| (t.text, fold(t.text).into_owned())).collect();
    let mut out = Vec::new();
    for (n, (written, folded)) in words.iter().enumerate() {
        // "ten behoeve van": the longest first.
        let phrase = (1..=3_usize).rev().find_map(|length| {
            let part: Vec<&str> = words.get(n..n + length)?.iter().map(|w| w.1.as_str()).collect();
            let part = part.join(" ");
            let bare = ["en", "e", "s"].iter().find_map(|ending| part.strip_suffix(ending)).unwrap_or(&part);
            let plain = formal.get(&part).or_else(|| formal.get(bare))?;
            Some(Hard::Formal(part, (*plain).to_owned()))
        });
        out.extend(phrase);
        if written.chars().count() >= LONG {
            out.push(Hard::Long((*written).to_owned()));
        }
        let passive = matches!(folded.as_str(), "wordt" | "worden" | "werd" | "werden");
        let done = words[n + 1..]
            .iter()
            .find(|(_, w)| is_participle(w))
            .or_else(|| words[..n].iter().rev().find(|(_, w)| is_participle(w)));
        if let Some((participle, _)) = done.filter(|_| passive) {
            out.push(Hard::Passive(format!("{written} {participle}")));
        }
    }
    out
}

/// "geholpen", "doorverwezen": seldom wrong for words beside "wordt".
fn is_participle(word: &str) -> bool {
    let ends = word.ends_with("en") || word.ends_with('d') || word.ends_with('t');
    let begins =
        ["ge", "be", "ver", "ont", "her", "aange", "afge", "doorge", "doorver", "inge", "opge", "uitge", "terugge"]
            .iter()
            .any(|b| word.starts_with(b));
    ends && begins && word.len() > 5
}

/// The labels of phases and touchpoints, held against what respondents say, and the quotes.
pub fn wordings(study: &Study, transcripts: &[CodedTranscript], quotes: &[Quote]) -> Vec<Wording> {
    let mut quotes: Vec<&Quote> = quotes.iter().filter(|q| q.status != Status::Rejected).collect();
    quotes.sort_by(|a, b| (&a.interview, a.turn, &a.id).cmp(&(&b.interview, b.turn, &b.id)));
    let mut vocabulary = Vocabulary::new();
    let texts: Vec<Text> = quotes.iter().map(|q| Text::new(&q.quote, &mut vocabulary)).collect();
    let phases = study.phases.iter().map(|p| ("phase", p.id.as_str(), p.label.as_str()));
    let touchpoints = study.touchpoints.iter().map(|t| ("touchpoint", t.id.as_str(), t.label.as_str()));
    let labels: Vec<_> = phases.chain(touchpoints).collect();
    let mut said = Vocabulary::new();
    let heard: Vec<BTreeSet<usize>> = transcripts
        .iter()
        .map(|t| t.transcript.respondent_turns().flat_map(|(_, turn)| said.read(&turn.text)).map(|w| w.stem).collect())
        .collect();
    let naming = Naming::new(&vocabulary, texts.iter());
    labels
        .into_iter()
        .map(|(kind, id, label)| {
            let here = quotes.iter().zip(&texts).filter(|(q, _)| {
                if kind == "phase" {
                    q.phase.as_str() == id
                } else {
                    q.touchpoint.as_ref().is_some_and(|t| t.as_str() == id)
                }
            });
            let (told, group): (BTreeSet<&String>, Vec<&Text>) = here.map(|(q, text)| (&q.interview, text)).unzip();
            let of_label: BTreeSet<usize> = said.read(label).iter().filter(|w| !w.stop).map(|w| w.stem).collect();
            Wording {
                kind,
                id: id.to_owned(),
                label: label.to_owned(),
                hard: hard_words(label),
                used_by: heard.iter().filter(|stems| !stems.is_disjoint(&of_label)).count(),
                told_by: told.len(),
                theirs: if group.is_empty() { Vec::new() } else { naming.name(&group).words },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Role, Transcript, Turn};

    use super::*;
    use crate::sample::{at, quote, study};

    fn interview(said: &str) -> CodedTranscript {
        let turn = Turn {
            number: 1,
            speaker: "R".to_owned(),
            role: Role::Respondent,
            start: None,
            end: None,
            text: said.to_owned(),
            sentences: std::iter::once(0..said.len()).collect(),
        };
        let transcript = Transcript {
            file: "a.txt".to_owned(),
            interview: "a".to_owned(),
            attributes: BTreeMap::new(),
            turns: vec![turn],
            problems: Vec::new(),
        };
        CodedTranscript { transcript, codings: Vec::new() }
    }

    #[test]
    fn formal_long_and_passive_words_are_named() {
        let hard = hard_words(
            "Het intakegesprek wordt door de klantcontactmedewerker gevoerd, teneinde het traject te starten",
        );
        let expected = [
            Hard::Formal("intakegesprek".to_owned(), "eerste gesprek".to_owned()),
            Hard::Passive("wordt gevoerd".to_owned()),
            Hard::Long("klantcontactmedewerker".to_owned()),
            Hard::Formal("teneinde".to_owned(), "om".to_owned()),
            Hard::Formal("traject".to_owned(), "stappen".to_owned()),
        ];
        assert_eq!(hard, expected);
        assert_eq!(hard_words("Aan de balie"), []);
    }

    #[test]
    fn labels_stand_beside_the_words_of_respondents() {
        let quotes: Vec<Quote> = ["a", "b"]
            .map(|name| Quote {
                quote: "Bij het loket stond een rij".to_owned(),
                ..quote(&format!("{name}:1p"), "pijnpunt", -1)
            })
            .map(|quote| at("balie", quote))
            .to_vec();
        let counter = |said: [&str; 2]| {
            let transcripts = said.map(interview);
            wordings(&study(), &transcripts, &quotes).into_iter().find(|w| w.id == "balie").unwrap()
        };
        let unheard = counter(["Bij het loket stond een rij", "Ik stond in de rij"]);
        assert_eq!((unheard.used_by, unheard.told_by), (0, 2));
        assert!(unheard.theirs.contains(&"loket".to_owned()), "{unheard:?}");
        // Who says it without being quoted uses it too.
        assert_eq!(counter(["Bij het loket stond een rij", "Dan die balie!"]).used_by, 1);
    }
}
