//! `klantreis code - < transcripts.jsonl > quotes.jsonl`: coding as a step of a larger job, in bounded memory.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context;
use klantreis_aggregation::Part;
use klantreis_coding::{Coder, Options, Words};
use klantreis_exchange::write_jsonl;
use klantreis_study::{CodedTranscript, Quote, Study, quotes};
use rayon::prelude::*;
use serde::Deserialize;

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// Transcripts, an object a line with `file` (its name) and `text` (as in a .txt); - reads them from a pipe
    input: PathBuf,
    /// The study whose phases, codes and model to use; its own interviews show how people talk there
    #[arg(long, value_name = "DIR")]
    study: Option<PathBuf>,
    /// Also write what these transcripts add to the journey, for `klantreis aggregate`
    #[arg(long, value_name = "FILE")]
    part: Option<PathBuf>,
}

/// A line of the input.
#[derive(Deserialize)]
struct Line {
    file: String,
    text: String,
}

/// Transcripts that are in memory at the same time.
const AT_ONCE: usize = 256;

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = match &args.study {
        Some(dir) => Study::load(dir)?,
        None => Study::parse("").map_err(|e| anyhow::anyhow!("the built-in study: {e}"))?,
    };
    if study.pseudonymise.on {
        anyhow::bail!(
            "the study asks for pseudonyms, for which all interviews must be seen first: use `klantreis pseudonymise`, and \
             code what it writes"
        );
    }
    let coder = coder(&study, args.study.is_some())?;
    let mut input: Box<dyn BufRead> = if args.input.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&args.input).with_context(|| args.input.display().to_string())?;
        Box::new(BufReader::new(file))
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut part, mut well, mut read) = (Part::default(), true, 0);
    loop {
        let mut lines = Vec::new();
        while lines.len() < AT_ONCE {
            let mut line = String::new();
            if input.read_line(&mut line).with_context(|| format!("line {}", read + 1))? == 0 {
                break;
            }
            read += 1;
            if !line.trim().is_empty() {
                lines.push((read, line));
            }
        }
        if lines.is_empty() {
            break;
        }
        let coded: Vec<anyhow::Result<(Vec<String>, Vec<Quote>)>> = lines
            .par_iter()
            .map(|(n, line)| {
                Words::of_thread(|words| one(&study, &coder, words, line)).with_context(|| format!("line {n}"))
            })
            .collect();
        for result in coded {
            match result {
                Ok((interviews, quotes)) => {
                    out.write_all(&write_jsonl(&quotes)?)?;
                    if args.part.is_some() {
                        part.merge(Part::new(&quotes, &interviews));
                    }
                }
                Err(error) => {
                    eprintln!("{error:#}");
                    well = false;
                }
            }
        }
    }
    out.flush()?;
    if let Some(path) = &args.part {
        let json = serde_json::to_vec(&part)?;
        std::fs::write(path, json).with_context(|| path.display().to_string())?;
    }
    Ok(if well { Outcome::Well } else { Outcome::Partly })
}

fn coder(study: &Study, own: bool) -> anyhow::Result<Coder> {
    let mut problems = Vec::new();
    let coder = if own {
        pipeline::adapted(study, Options::default(), &mut problems)?
    } else {
        pipeline::coder(study, Options::default(), &mut problems)?
    };
    pipeline::report(&problems);
    Ok(coder)
}

/// The interviews of a line, and their quotes.
fn one(study: &Study, coder: &Coder, words: &mut Words, line: &str) -> anyhow::Result<(Vec<String>, Vec<Quote>)> {
    let Line { file, text } = serde_json::from_str(line)
        .context("no object with `file` and `text`: {\"file\": \"a.txt\", \"text\": \"I: …\"}")?;
    let reading = klantreis_ingest::parse(text.as_bytes(), &file, study);
    if let (true, Some(problem)) = (reading.interviews.is_empty(), reading.problems.first()) {
        anyhow::bail!("{problem}");
    }
    let (mut interviews, mut found) = (Vec::new(), Vec::new());
    for transcript in reading.transcripts() {
        interviews.push(transcript.interview.clone());
        let codings = coder.code(&transcript, words);
        found.extend(quotes(&CodedTranscript { transcript, codings }));
    }
    Ok((interviews, found))
}
