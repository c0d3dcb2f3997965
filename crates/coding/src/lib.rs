/*!
Codes transcripts: which sentences tell of a need, a gain, a pain point or an activity, in which phase, and why.

A [`Coder`] is made once for a study, from its codebook and a [`Model`]; [`Coder::code`] turns a transcript into
codings, each with its reasons and a calibrated confidence. [`train`] makes a model from coded [`Example`]s,
[`cross_validate`] says how good such a model is on interviews that it has not seen.

```
use klantreis_coding::{Cue, Matcher, Words};
use klantreis_text::Stemmer;

let cue = Cue::parse("loopt … vast ^0.8", &mut Stemmer::dutch()).unwrap();
let matcher = Matcher::new(vec![cue]);
let mut found = vec![];
matcher.find(&Words::new().sentence("Dan loopt hij weer vast."), &mut found);
assert_eq!(found.len(), 1);
```
*/
#![deny(missing_docs)]

mod agreement;
mod around;
mod boost;
mod coder;
mod codes;
mod company;
mod cue;
mod explain;
mod features;
mod forest;
mod gold;
mod hash;
mod impact;
mod lexicon;
mod logistic;
mod matcher;
mod model;
mod pattern;
mod topics;
mod train;
mod weights;
mod words;

pub use crate::{
    agreement::{
        Agreement, CalibrationBin, CategoryAgreement, CoderAgreement, Confusion, Disagreement, Estimate, Interview,
        Marks, PairAgreement, Sheet, alpha, between_coders, kappa,
    },
    coder::{BUILT_IN_MODEL, Coder, Compiled, Options, Resources, built_in_codebook, built_in_model},
    codes::{DecidedQuote, LearnedCode, learn_codes},
    cue::{Cue, CueError, DEFAULT_WEIGHT, Element, GAP, Pattern},
    explain::{Explanation, Step},
    gold::{GoldError, GoldRow, bare_name, lay_gold, read_gold},
    impact::{Impact, impact_codebook},
    matcher::{Match, Matcher},
    model::{CATEGORIES, Expected, Model, ModelError, Taught},
    topics::{TopicAccuracy, Topics, drawn, hash_of_name, teachers, topic_accuracy},
    train::{Example, Gold, HeldBack, ablation, adapt, calibration, cross_validate, expected, train},
    words::{Sentence, Word, Words},
};
