/*!
A second engine: a language model of the researcher's own proposes codings, over the OpenAI-compatible protocol.

[`Asking::propose`] cuts interviews into windows of numbered sentences, asks the model which of them tell of what, and takes
over what stands the test: sentences that exist, categories and phases of the study. **A quote is never taken from the
model's text**, only the numbers of sentences, so that none can be invented. Answers are kept in a [`Cache`]: the same
question costs nothing a second time and gives the same result. What can't be used is asked again in smaller windows, and
at last left to the built-in engine, which [`Proposed`] says.

Nothing is sent anywhere unless the study has an `[engine]`, and to another machine only with `allow_remote`
([`is_loopback`]).
*/
#![deny(missing_docs)]

mod answer;
mod cache;
mod client;
mod examples;
mod nearest;
mod part;
mod passages;
mod prompt;
mod propose;
mod schema;
mod window;

pub use crate::{
    cache::{Cache, CacheError, Spent},
    client::{AskError, is_loopback},
    examples::{Coded, Examples},
    passages::Passage,
    prompt::Prompt,
    propose::{Asking, Left, LlmError, Plan, Proposed, Remark},
};
