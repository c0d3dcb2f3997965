//! The program from end to end, on real studies: one file a subject.

// Helpers outside #[test] functions may panic too: that is how a test fails.
#![allow(clippy::unwrap_used)]

mod browser;
mod browsing;
mod common;
mod decisions;
mod engine;
mod exchange;
mod export;
mod ingest;
mod journey;
mod large;
mod measure;
mod page;
mod pseudonyms;
mod query;
mod reviewing;
mod run;
mod serving;
mod streaming;
