//! The pages: a file each, and the frame around them.

mod agreement;
mod code;
mod codebook;
mod coding;
mod entrance;
mod journey;
mod judge;
mod layout;
mod read;
mod search;
mod start;

pub use self::{
    agreement::agreement,
    code::code,
    codebook::codebook,
    coding::panel,
    entrance::open,
    journey::journey,
    judge::{judge, judge_card, precision},
    read::{encoded, read, review_bar, turn},
    search::{search, search_csv},
    start::start,
};
