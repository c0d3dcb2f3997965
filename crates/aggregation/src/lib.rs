/*!
Quotes in, a journey out: what is told in each phase, by how many, and how it feels.

[`journey`] counts: each [`Cell`] of a phase and a category holds [`Item`]s (the codes) with the number of quotes *and
of interviews* behind them, the most typical quotes, and the ids of all. [`Score`] is the emotion of a phase or a
touchpoint, in which every interview has one voice. From the same counts follow [`Opportunity`] (a proxy of Ulwick's
score), [`Theme`] (quotes on the same thing), [`Moment`] (peaks, lows, ends) and [`Gap`] (what rests on too little). [`segments`] makes a
journey for each group of interviews and tests how they differ. Nothing here is the machine's opinion:
all can be counted again from the quotes. Rejected quotes do not count, and the order of the quotes does not matter.

```
use klantreis_aggregation::journey;
use klantreis_study::{Codebook, Study};

let study = Study::parse("").unwrap();
let journey = journey(&study, &Codebook::default(), &[], &["gesprek-1".to_owned()]);
assert_eq!(journey.phases.len(), 3);
assert!(journey.phases[0].emotion.mean.is_none());
assert_eq!(journey.gaps.len(), 3);
```
*/
#![deny(missing_docs)]

mod assumptions;
mod cluster;
mod common;
mod comparison;
mod emotion;
mod figures;
mod gaps;
mod ids;
mod journey;
mod measures;
mod moments;
mod naming;
mod needs;
mod opportunities;
mod part;
mod paths;
mod phrases;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod properties;
mod random;
mod rounds;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
mod saturation;
mod segments;
mod themes;
mod typical;
mod vocabulary;
mod wording;

pub use crate::{
    assumptions::{Verdict, Weighed, weigh},
    comparison::{Comparison, benjamini_hochberg, compare_means},
    emotion::{ENOUGH, Label, Score, Tally, bootstrap_interval, score, to_five, to_ten},
    figures::{Figure, FigureKind, figures, number},
    gaps::{Desired, Gap, SegmentGap},
    ids::Ids,
    journey::{Cell, InterviewPhase, Item, Journey, PhaseJourney, TouchpointCount, journey},
    measures::{Measure, MeasureKind, measures},
    moments::{Mark, Moment, Place},
    needs::Need,
    opportunities::{Basis, Opportunity, Subject},
    part::Part,
    paths::{ChannelUse, Step, StepKind},
    rounds::{Change, ChangeKind, Design, Round, changes},
    saturation::Saturation,
    segments::{Difference, PersonaFigures, PersonaPhase, Segment, Segments, segments},
    themes::{Theme, Themes},
    vocabulary::warm_up,
    wording::{Hard, Wording, hard_words, wordings},
};
