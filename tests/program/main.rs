//! The program from end to end, on real studies: one file a subject.

// Helpers outside #[test] functions may panic too: that is how a test fails.
#![allow(clippy::unwrap_used)]

mod common;
mod export;
mod measure;
mod run;
