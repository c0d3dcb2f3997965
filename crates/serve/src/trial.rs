//! What cues would find, before they are saved. On many interviews that takes a while: it is worked out on interviews that are
//! shared, never while someone waits to decide, and at first in some of them only.

use std::{collections::BTreeSet, sync::Arc};

use klantreis_coding::{Cue, CueError, Matcher, Words as WordCache};
use klantreis_study::CodedTranscript;

/// Sentences of respondents that are gone through at first: some tenths of a second.
const AT_FIRST: usize = 40_000;

/// What some cues find.
pub struct Trial {
    /// The interviews, as they were when it was asked.
    pub coded: Vec<Arc<CodedTranscript>>,
    /// Number of interviews that were gone through: all of them, or as many as there is time for, from all over the study.
    pub searched: usize,
    /// The sentences that are found.
    pub found: Vec<Found>,
    /// Of each cue that can't be read why.
    pub errors: Vec<Option<CueError>>,
}

/// A sentence that a cue finds.
pub struct Found {
    /// Place of the interview.
    pub interview: usize,
    /// Place of the turn.
    pub turn: usize,
    /// Place of the sentence in it.
    pub sentence: usize,
    /// Which of the cues find it.
    pub cues: Vec<usize>,
}

impl Trial {
    /// Tries cues on the respondents' sentences, in `all` interviews or in as many as give an answer at once.
    pub fn of(coded: Vec<Arc<CodedTranscript>>, cues: &[String], all: bool) -> Self {
        let mut cache = WordCache::new();
        let (mut sound, mut places, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for (n, text) in cues.iter().enumerate() {
            match Cue::parse(text, cache.stemmer()) {
                Ok(cue) => {
                    sound.push(cue);
                    places.push(n);
                    errors.push(None);
                }
                Err(error) => errors.push(Some(error)),
            }
        }
        let matcher = Arc::new(Matcher::new(sound));
        cache.listen_for(&matcher);
        let looked_at = if all { (0..coded.len()).collect() } else { sample(&coded, AT_FIRST) };
        let (mut matches, mut found) = (Vec::new(), Vec::new());
        for &interview in &looked_at {
            for (turn, said) in coded[interview].transcript.respondent_turns() {
                for sentence in 0..said.sentences.len() {
                    matcher.find(&cache.sentence(said.passage(sentence..sentence + 1)), &mut matches);
                    let mut cues: Vec<usize> = matches.iter().filter(|m| !m.negated).map(|m| places[m.cue]).collect();
                    cues.sort_unstable();
                    cues.dedup();
                    if !cues.is_empty() {
                        found.push(Found { interview, turn, sentence, cues });
                    }
                }
            }
        }
        Self { searched: looked_at.len(), coded, found, errors }
    }

    /// Whether more may be found where it was not looked.
    pub fn is_partial(&self) -> bool {
        self.searched < self.coded.len()
    }

    /// The words of a sentence that was found.
    pub fn text(&self, found: &Found) -> &str {
        self.coded[found.interview].transcript.turns[found.turn].passage(found.sentence..found.sentence + 1)
    }
}

/// Places of interviews with some `most` sentences together, evenly from all over the study: files that follow one another may be of
/// the same people.
fn sample(coded: &[Arc<CodedTranscript>], most: usize) -> Vec<usize> {
    let sentences = |c: &CodedTranscript| c.transcript.respondent_turns().map(|(_, turn)| turn.sentences.len()).sum();
    let total: usize = coded.iter().map(|c| -> usize { sentences(c) }).sum();
    let step = total.div_ceil(most).max(1);
    (0..coded.len()).step_by(step).collect()
}

/// In how many interviews some sentences stand.
pub fn interviews<'f>(found: impl Iterator<Item = &'f Found>) -> usize {
    found.map(|f| f.interview).collect::<BTreeSet<usize>>().len()
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Role, Transcript, Turn};

    use super::*;

    fn interviews_of(count: usize, sentences: usize) -> Vec<Arc<CodedTranscript>> {
        let said = "Ik ben het wachtwoord kwijt. ";
        let turn = Turn {
            number: 1,
            speaker: "R".into(),
            role: Role::Respondent,
            start: None,
            end: None,
            text: said.repeat(sentences),
            sentences: (0..sentences).map(|n| n * said.len()..(n + 1) * said.len() - 1).collect(),
        };
        let interview = |n: usize| Transcript {
            file: format!("{n}.txt"),
            interview: n.to_string(),
            attributes: Default::default(),
            turns: vec![turn.clone()],
            problems: Vec::new(),
        };
        let coded = |n| Arc::new(CodedTranscript { transcript: interview(n), codings: Vec::new() });
        (0..count).map(coded).collect()
    }

    #[test]
    fn in_many_interviews_it_looks_at_some_from_all_over_unless_asked_for_all() {
        let cues = ["wachtwoord*".to_owned()];
        let few = Trial::of(interviews_of(6, 100), &cues, false);
        assert!(!few.is_partial());
        assert_eq!((few.searched, few.found.len()), (6, 600));
        let many = interviews_of(100, AT_FIRST / 10);
        let some = Trial::of(many.clone(), &cues, false);
        assert!(some.is_partial());
        assert_eq!((some.searched, some.found.len()), (10, AT_FIRST));
        assert!(some.found.last().unwrap().interview >= 90);
        let all = Trial::of(many, &cues, true);
        assert!(!all.is_partial());
        assert_eq!(interviews(all.found.iter()), 100);
    }

    #[test]
    fn a_cue_that_cannot_be_read_is_told_and_the_others_are_tried() {
        let trial = Trial::of(interviews_of(1, 1), &["kwijt^2".to_owned(), "kwijt".to_owned()], false);
        assert!(trial.errors[0].is_some() && trial.errors[1].is_none());
        assert_eq!(trial.found[0].cues, [1]);
        assert_eq!(trial.text(&trial.found[0]), "Ik ben het wachtwoord kwijt.");
    }
}
