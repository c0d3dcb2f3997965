//! `klantreis next DIR`: the passages whose decision would teach the model most.

use std::path::PathBuf;

use klantreis_coding::Options;
use klantreis_review::{Progress, Steps, most_in_doubt};
use klantreis_study::{CodedTranscript, Coding, Status, Study};

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
    let open: Vec<(usize, &Coding)> = coded
        .transcripts
        .iter()
        .enumerate()
        .filter(|(_, c)| !by_hand(c))
        .flat_map(|(n, c)| c.codings.iter().filter(|c| c.status == Status::Auto).map(move |coding| (n, coding)))
        .collect();
    let mut next = most_in_doubt(open, |(n, coding)| (*n, coding));
    next.truncate(args.count);
    if next.is_empty() {
        let progress: Vec<Progress> = coded.transcripts.iter().map(|t| Progress::of(t, &coded.decisions)).collect();
        let steps = Steps::of(&study, &coded.transcripts, &progress);
        println!(
            "No passage would teach the model more: what is in doubt was decided, or is in an interview that somebody coded whole (gold*.csv)."
        );
        println!("Next: {}", said(&steps.next(), &args.dir));
    }
    for (n, coding) in next {
        let transcript = &coded.transcripts[n].transcript;
        let turn = &transcript.turns[coding.turn];
        let silent = coding.reasons.iter().find_map(|reason| reason.silent_engine());
        println!(
            "{} turn {}: {}? ({:.2}){}\n    {}\n",
            transcript.file,
            turn.number,
            coding.category,
            coding.confidence.value(),
            silent.map_or_else(String::new, |engine| format!(" not proposed by {engine}")),
            turn.passage(coding.sentences.clone())
        );
    }
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}
