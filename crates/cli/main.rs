//! `klantreis`: from interview transcripts to a customer journey.

mod aggregate;
mod agreement;
mod by;
mod by_hand;
mod check;
mod code;
mod compare;
mod completions;
mod decide;
mod decisions;
mod engine;
mod evaluate;
mod explain;
mod export;
mod extras;
mod import;
mod ingest;
mod large;
mod learn;
mod lock;
mod matrix;
mod new;
mod next;
mod opener;
mod output;
mod pipeline;
mod progress;
mod pseudonymise;
mod pseudonyms;
mod query;
mod run;
mod searching;
mod serve;
mod snapshots;
mod status;
mod words;

use std::{io, process::ExitCode};

use clap::{Parser, Subcommand};

/// Words, quotes and cells are millions of small pieces: the system's allocator takes a tenth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From interview transcripts to a customer journey, on your own computer.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read, code, index and aggregate a study, and write its tables
    Run(run::Args),
    /// Say how each transcript is read, without coding it
    Ingest(ingest::Args),
    /// Search the passages of a study
    Query(query::Args),
    /// Write one output: a page, a picture, a workbook, a report, tables
    Export(export::Args),
    /// Count the words of respondents, and say which stand out
    Words(words::Args),
    /// Say why a quote was coded as it is
    Explain(explain::Args),
    /// Measure the agreement with codings made by hand
    Evaluate(evaluate::Args),
    /// Measure the agreement among people who coded the same interviews
    Agreement(agreement::Args),
    /// Teach the model what was coded by hand in a study
    Learn(learn::Args),
    /// List the passages whose decision would teach the model most
    Next(next::Args),
    /// Hold two rounds or two places against each other, or say which of several journeys to improve first
    Compare(compare::Args),
    /// Say what is not in order in a study, and which labels are not in the words of its people
    Check(check::Args),
    /// Write a study without names, telephone numbers and the like
    Pseudonymise(pseudonymise::Args),
    /// Take over codings, texts or a codebook from another tool or a spreadsheet
    Import(import::Args),
    /// Decide on one proposal
    Decide(decide::Args),
    /// List, carry over, back up or take back what people decided
    Decisions(decisions::Args),
    /// Read, decide, search and see the journey in the browser
    Serve(serve::Args),
    /// Say what is done of the seven steps, what waits for review and what was skipped
    Status(status::Args),
    /// Code transcripts from a pipe, a line each, as a step of a larger job
    Code(code::Args),
    /// Put together what parts of a corpus add up to
    Aggregate(aggregate::Args),
    /// Make a study to fill in
    New(new::Args),
    /// Print a script that completes commands in your shell
    Completions(completions::Args),
}

/// What a command came to.
enum Outcome {
    Well,
    /// Something was skipped.
    Partly,
}

fn main() -> ExitCode {
    end_quietly_with_the_pipe();
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Ingest(args) => ingest::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Words(args) => words::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Agreement(args) => agreement::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Next(args) => next::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Pseudonymise(args) => pseudonymise::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Decide(args) => decide::run(&args),
        Command::Decisions(args) => decisions::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Code(args) => code::run(&args),
        Command::Aggregate(args) => aggregate::run(&args),
        Command::New(args) => new::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    match result {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("klantreis: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// `println!` panics where nobody reads on (`klantreis explain … | head`): that is no fault of the program.
fn end_quietly_with_the_pipe() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.starts_with("failed printing to stdout") && said.contains("Broken pipe")) {
            std::process::exit(0);
        }
        tell(panic);
    }));
}

/// `klantreis query … | head` ends quietly.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
