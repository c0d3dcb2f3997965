//! Coded passages of other studies, built in: examples for a study that has few or none of its own.
//!
//! They tell what people took for a need, a gain, a pain or an activity, and what for nothing. Phases, touchpoints and
//! codes are a study's own, and not among what they tell.

use std::collections::{BTreeSet, HashSet};

use klantreis_study::{Category, Emotion, Language, Study, Transcript};
use serde::{Deserialize, Serialize};

/// `examples/passages.rs` makes it from the gold of `data/studies`.
const BUILT_IN: &str = include_str!("../../../data/prompts/passages-nl.jsonl");

/// Some sentences as a person coded them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The study that it is from.
    pub study: String,
    /// What was said just before, with who says it: "I: Hoe ging dat?"
    pub before: String,
    /// The sentences.
    pub sentences: Vec<String>,
    /// What they tell of; nothing where they tell of none.
    pub categories: Vec<Category>,
    /// How it feels.
    pub emotion: Emotion,
}

/// Letters from which on a sentence is not said twice by chance.
const TELLING: usize = 40;

/// The built-in passages that may be shown in a study: none of a study of which it holds an interview itself, and none
/// in another language.
pub fn passages(study: &Study, transcripts: &[&Transcript]) -> Vec<Passage> {
    if study.language != Language::Dutch {
        return Vec::new();
    }
    let all: Vec<Passage> = BUILT_IN.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let own = studies_among(transcripts, &all);
    all.iter().filter(|passage| !own.contains(passage.study.as_str())).cloned().collect()
}

/// The studies of passages that are said in one of the transcripts, whatever the files are called.
fn studies_among<'p>(transcripts: &[&Transcript], passages: &'p [Passage]) -> BTreeSet<&'p str> {
    let telling = |sentence: &&str| sentence.chars().count() >= TELLING;
    let said: HashSet<&str> = transcripts
        .iter()
        .flat_map(|transcript| &transcript.turns)
        .flat_map(|turn| turn.sentences.iter().map(|range| &turn.text[range.clone()]))
        .filter(telling)
        .collect();
    let is_said = |passage: &&Passage| passage.sentences.iter().any(|sentence| said.contains(sentence.as_str()));
    passages.iter().filter(is_said).map(|passage| passage.study.as_str()).collect()
}

impl Passage {
    /// What it is found by.
    pub fn text(&self) -> String {
        self.sentences.join(" ")
    }

    /// The line in which a model sees it.
    pub fn line(&self) -> String {
        let told = match self.categories.as_slice() {
            [] => "nergens bij".to_owned(),
            categories => {
                let names: Vec<&str> = categories.iter().map(Category::as_str).collect();
                format!("{}, emotie {}", names.join(" en "), self.emotion.value())
            }
        };
        format!("- {} » {} → {told}\n", self.before, self.text())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::window::tests::interview;

    fn built_in() -> Vec<Passage> {
        passages(&Study::parse("").unwrap(), &[])
    }

    #[test]
    fn the_set_is_spread_over_studies_and_over_what_can_be_told() {
        let all = built_in();
        assert_eq!(all.len(), BUILT_IN.lines().count(), "each line is a passage");
        assert!((300..=600).contains(&all.len()), "{}", all.len());
        let mut counts: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for passage in &all {
            let first = passage.categories.first().map(Category::as_str);
            *counts.entry((&passage.study, first)).or_default() += 1;
        }
        assert_eq!(counts.len(), 13 * 5, "each study has each category and none: {counts:?}");
        assert!(counts.values().all(|count| *count >= 4), "{counts:?}");
    }

    #[test]
    fn of_a_study_that_holds_an_interview_itself_nothing_is_shown() {
        let all = built_in();
        let long = |passage: &&Passage| passage.study == "wmo" && passage.sentences[0].chars().count() > TELLING;
        let said = &all.iter().find(long).unwrap().sentences[0];
        let own = interview(&[&["I: Hoe ging dat?"], &["Tja.", said]]);
        let shown = passages(&Study::parse("").unwrap(), &[&own]);
        assert!(shown.iter().all(|passage| passage.study != "wmo"));
        assert_eq!(shown.len(), all.iter().filter(|passage| passage.study != "wmo").count());
    }

    #[test]
    fn an_english_study_is_shown_no_dutch() {
        assert!(passages(&Study::parse("language = \"en\"").unwrap(), &[]).is_empty());
    }
}
