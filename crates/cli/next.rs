//! `klantreis next DIR`: the passages whose decision would teach the model most.

use std::path::PathBuf;

use klantreis_coding::Options;
use klantreis_review::{Progress, Steps};
use klantreis_study::{CodedTranscript, Quote, Status, Study, quotes};

use crate::{Outcome, pipeline, status::said};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// How many
    #[arg(short = 'n', long = "count", default_value_t = 20)]
    count: usize,
}

/// From which chance on a category is in doubt at all.
const IN_DOUBT: f32 = 0.2;

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let options = Options { min_confidence: Some(IN_DOUBT), cues_only: false };
    let coded = pipeline::code(&study, options, true)?;
    let skipped = pipeline::report(&coded.problems);
    let rows = pipeline::gold_rows(&args.dir, &pipeline::gold_files(&args.dir)?)?;
    let by_hand = |c: &CodedTranscript| {
        coded.decisions.finished.contains_key(&c.transcript.file)
            || rows.iter().any(|row| row.belongs_to(&c.transcript))
    };
    let open = coded
        .transcripts
        .iter()
        .filter(|c| !by_hand(c))
        .map(|c| quotes(c).into_iter().filter(|q| q.status == Status::Auto).collect());
    let next = most_in_doubt(open.collect(), args.count);
    if next.is_empty() {
        let progress: Vec<Progress> = coded.transcripts.iter().map(|t| Progress::of(t, &coded.decisions)).collect();
        let steps = Steps::of(&study, &coded.transcripts, &progress);
        println!("No passage would teach the model more: what is in doubt is coded by hand or decided.");
        println!("Next: {}", said(&steps.next(), &args.dir));
    }
    for q in next {
        println!("{} turn {}: {}? ({:.2})\n    {}\n", q.file, q.turn, q.category, q.confidence.value(), q.quote);
    }
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

/// The codings nearest to even odds (uncertainty sampling, Lewis & Gale 1994), from one interview after another, so
/// that no single person teaches all.
fn most_in_doubt(mut interviews: Vec<Vec<Quote>>, count: usize) -> Vec<Quote> {
    let doubt = |q: &Quote| (q.confidence.value() - 0.5).abs();
    for quotes in &mut interviews {
        quotes.sort_by(|a, b| doubt(b).total_cmp(&doubt(a)));
    }
    let mut out = Vec::new();
    while out.len() < count && interviews.iter().any(|quotes| !quotes.is_empty()) {
        out.extend(interviews.iter_mut().filter_map(Vec::pop));
    }
    out.truncate(count);
    out
}
