/*!
The study in the browser, on the researcher's own computer: read, decide, search, and see the journey change.

[`serve`] listens on this computer alone and answers those who came with the one-time link that it hands out. A [`Desk`]
holds the study as coded with the decisions laid over it; each decision is on the disk before it is shown as saved. The
pages are made here, in `pages`; what changes after a decision is sent as pieces of the same pages. What needs the whole
pipeline (coding, learning) is asked of an [`Engine`], so that this crate knows of no command line.
*/
#![deny(missing_docs)]

mod act;
mod app;
mod desk;
mod engine;
mod guard;
mod learning;
mod map;
mod pages;
mod people;
mod precision;
mod saving;
mod session;
mod sides;
mod themes;
mod trial;
mod words;

pub use crate::{
    app::{Options, ServeError, serve},
    desk::Desk,
    engine::{Engine, Learned, Proposed},
};
