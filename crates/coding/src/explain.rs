//! Why a quote was coded as it is, beyond the words in it.

use klantreis_study::{Coding, PhaseId, Transcript};

use crate::{
    coder::{CUES_SUFFICE, Coder},
    model::CATEGORIES,
    words::Words,
};

/// What a coding rests on beside its own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The probability from which on the category is proposed.
    pub threshold: f32,
    /// The probability that its sentences would have if nothing stood around them; `None` where cues alone decided.
    pub alone: Option<f32>,
    /// The sentences around it, with their phases.
    pub path: Vec<Step>,
}

/// A sentence on the path through the phases.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Place of the turn.
    pub turn: usize,
    /// The words.
    pub text: String,
    /// The phase that it was placed in.
    pub phase: PhaseId,
    /// Probability of that phase given the whole interview.
    pub certainty: f32,
    /// Whether it is part of the quote.
    pub quoted: bool,
}

/// Sentences shown to either side of a quote.
const AROUND: usize = 3;

impl Coder {
    /// Says what a coding of an interview rests on; `None` if the coding is not of this interview.
    pub fn explain(&self, transcript: &Transcript, coding: &Coding, words: &mut Words) -> Option<Explanation> {
        let all = self.analyse(transcript, words);
        let quoted = |i: usize| {
            let place = all[i].said.place;
            place.turn == coding.turn && coding.sentences.contains(&place.sentence)
        };
        let start = (0..all.len()).find(|i| quoted(*i))?;
        let end = (start..all.len()).take_while(|i| quoted(*i)).last()? + 1;
        let label = CATEGORIES.iter().position(|c| *c == coding.category.as_str());
        let learned = self.model.as_ref().zip(label);
        let alone = learned.map(|(model, label)| {
            let scores = self.scores(transcript, &all);
            let spots = self.spots(transcript, &all);
            (start..end).map(|i| model.alone(&spots, &scores, i)[label]).sum::<f32>() / (end - start) as f32
        });
        let said = || all.iter().map(|a| &a.said);
        let topics = self.topics.path(transcript, said());
        let certainties = self.topics.certainties(transcript, said(), &topics);
        let path = (start.saturating_sub(AROUND)..(end + AROUND).min(all.len()))
            .filter_map(|i| {
                Some(Step {
                    turn: all[i].said.place.turn,
                    text: all[i].said.sentence.text.to_owned(),
                    phase: self.topics.ids(topics[i], &self.study)?.0,
                    certainty: certainties[i],
                    quoted: (start..end).contains(&i),
                })
            })
            .collect();
        let threshold = learned.map_or(CUES_SUFFICE, |(model, label)| model.thresholds[label]);
        Some(Explanation { threshold: self.options.min_confidence.unwrap_or(threshold), alone, path })
    }
}
