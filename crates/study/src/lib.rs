/*!
The words of the domain: what a study is, what a transcript is, what it means that a passage is coded.

[`Study`] is what a researcher wrote in `klantreis.toml`: phases, touchpoints, personas, goal. A [`Transcript`] is
one interview as read: [`Turn`]s with their sentences and the participant's attributes. A [`Coding`] says that
some whole sentences of one turn carry a category, in a phase, with an emotion and a confidence. A [`Quote`] is
a coding with the words it rests on, as it appears in every output.

```
use klantreis_study::{Category, Emotion};

assert_eq!(Category::new("pijnpunt").unwrap(), Category::pain());
assert!(Emotion::new(3).is_none());
```
*/
#![deny(missing_docs)]

mod codebook;
mod coding;
mod edit;
mod engine;
mod findings;
mod ids;
mod pseudonymise;
mod quote;
mod study;
mod transcript;

pub use crate::{
    codebook::{Code, Codebook, CodebookError},
    coding::{Coding, Confidence, Emotion, Reason, Status},
    engine::{Engine, EngineKind},
    findings::{ImpactStatement, Metric},
    ids::{Category, CodeId, IdError, PhaseId, TouchpointId},
    pseudonymise::Pseudonymise,
    quote::{CodedTranscript, Quote, numbered_quotes, quote_id, quotes},
    study::{Assumption, Brand, Channel, Language, Persona, Phase, Speakers, Study, StudyError, Touchpoint},
    transcript::{Problem, Role, Sentence, Severity, Timestamp, Transcript, Turn},
};
