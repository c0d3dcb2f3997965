//! A part of a corpus, to be merged with others before anything is averaged.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Codebook, PhaseId, Quote, Status, Study, TouchpointId};
use serde::{Deserialize, Serialize};

use crate::{
    emotion::Tally,
    journey::{Journey, journey_of},
};

/// What some interviews add to a journey: sums and counts, no means, so that parts can be merged in any order to what
/// the whole would have given, also where an interview is cut across parts. The quotes go along: themes, medoids and
/// the way back to the words need them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub(crate) interviews: BTreeSet<String>,
    pub(crate) phases: BTreeMap<PhaseId, Tally>,
    pub(crate) touchpoints: BTreeMap<TouchpointId, Tally>,
    quotes: Vec<Quote>,
}

impl Part {
    /// Counts some quotes. `interviews` are all that were read, also those without a quote.
    pub fn new(quotes: &[Quote], interviews: &[String]) -> Self {
        let mut part = Self::default();
        part.interviews.extend(interviews.iter().cloned());
        for quote in quotes.iter().filter(|q| q.status != Status::Rejected) {
            part.interviews.insert(quote.interview.clone());
            part.phases.entry(quote.phase.clone()).or_default().add(quote);
            if let Some(touchpoint) = &quote.touchpoint {
                part.touchpoints.entry(touchpoint.clone()).or_default().add(quote);
            }
            part.quotes.push(quote.clone());
        }
        part.sort();
        part
    }

    /// Adds another part. No quote is in both.
    pub fn merge(&mut self, other: Self) {
        self.interviews.extend(other.interviews);
        for (phase, tally) in other.phases {
            self.phases.entry(phase).or_default().merge(tally);
        }
        for (touchpoint, tally) in other.touchpoints {
            self.touchpoints.entry(touchpoint).or_default().merge(tally);
        }
        self.quotes.extend(other.quotes);
        self.sort();
    }

    /// The quotes, by file and place.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// The journey of all that was merged.
    pub fn journey(&self, study: &Study, codebook: &Codebook) -> Journey {
        journey_of(self, &self.quotes.iter().collect::<Vec<_>>(), study, codebook)
    }

    fn sort(&mut self) {
        self.quotes.sort_by(|a, b| a.place().cmp(&b.place()));
    }
}
