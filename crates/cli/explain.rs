//! `klantreis explain DIR QUOTE_ID`: why a quote was coded as it is.

use std::path::PathBuf;

use klantreis_coding::Options;
use klantreis_study::{Status, Study, quotes};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// The quote's id, as in quotes.csv, such as interview-1:6.2p
    quote_id: String,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    let found = coded.transcripts.iter().flat_map(quotes).find(|q| q.id == args.quote_id);
    let Some(quote) = found else {
        anyhow::bail!(
            "there is no quote \"{}\"; look its id up in quotes.csv or with `klantreis query`",
            args.quote_id
        );
    };
    println!("“{}”", quote.quote);
    println!("{}, turn {}, {}", quote.file, quote.turn, quote.speaker);
    let how = match quote.status {
        Status::Auto => "proposed",
        Status::Accepted => "proposed, and accepted by a person,",
        Status::Changed => "changed by a person; it now counts",
        Status::Rejected => "rejected by a person; it was proposed",
        Status::Manual => "added by a person",
    };
    println!(
        "{how} as {}{} in phase {}, emotion {}, with probability {:.2}",
        quote.category,
        quote.code.as_ref().map(|c| format!(" ({c})")).unwrap_or_default(),
        quote.phase,
        quote.emotion,
        quote.confidence.value()
    );
    for (head, wanted) in [("What spoke for it:", true), ("What spoke against it:", false)] {
        let reasons: Vec<_> = quote.reasons.iter().filter(|r| (r.weight > 0.0) == wanted).collect();
        if !reasons.is_empty() {
            println!("{head}");
            for reason in reasons {
                println!("  {:+.2}  {}", reason.weight, reason.label);
            }
        }
    }
    println!(
        "The sentences around it, the question before it and its place in the talk weigh too, but are not listed."
    );
    Ok(Outcome::Well)
}
