//! What cues would find, before they are saved.

use std::collections::BTreeSet;

use klantreis_coding::{Cue, CueError, Matcher, Words as WordCache};

use crate::desk::Desk;

/// A sentence that a cue finds.
pub struct Found<'d> {
    /// Place of the interview.
    pub interview: usize,
    /// Place of the turn.
    pub turn: usize,
    /// Place of the sentence in it.
    pub sentence: usize,
    /// Its words.
    pub text: &'d str,
    /// Which of the cues find it.
    pub cues: Vec<usize>,
}

/// The sentences of respondents that some cues find; of each cue that can't be read why.
pub fn found<'d>(desk: &'d Desk, cues: &[String]) -> (Vec<Found<'d>>, Vec<Option<CueError>>) {
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
    let matcher = Matcher::new(sound);
    let (mut matches, mut out) = (Vec::new(), Vec::new());
    for (interview, coded) in desk.coded.iter().enumerate() {
        for (turn, said) in coded.transcript.respondent_turns() {
            for sentence in 0..said.sentences.len() {
                let text = said.passage(sentence..sentence + 1);
                matcher.find(&cache.sentence(text), &mut matches);
                let mut cues: Vec<usize> = matches.iter().filter(|m| !m.negated).map(|m| places[m.cue]).collect();
                cues.sort_unstable();
                cues.dedup();
                if !cues.is_empty() {
                    out.push(Found { interview, turn, sentence, text, cues });
                }
            }
        }
    }
    (out, errors)
}

/// In how many interviews some sentences stand.
pub fn interviews<'f, 'd: 'f>(found: impl Iterator<Item = &'f Found<'d>>) -> usize {
    found.map(|f| f.interview).collect::<BTreeSet<usize>>().len()
}
