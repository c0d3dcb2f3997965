//! `klantreis`: from interview transcripts to a customer journey.

mod agreement;
mod completions;
mod decide;
mod decisions;
mod evaluate;
mod explain;
mod learn;
mod new;
mod next;
mod output;
mod pipeline;
mod progress;
mod query;
mod run;
mod searching;
mod serve;
mod status;

use std::{io, process::ExitCode};

use clap::{Parser, Subcommand};

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
    /// Search the passages of a study
    Query(query::Args),
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
    /// Decide on one proposal
    Decide(decide::Args),
    /// List, carry over, back up or take back what people decided
    Decisions(decisions::Args),
    /// Read, decide, search and see the journey in the browser
    Serve(serve::Args),
    /// Say what is done of the seven steps, what waits for review and what was skipped
    Status(status::Args),
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
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Agreement(args) => agreement::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Next(args) => next::run(&args),
        Command::Decide(args) => decide::run(&args),
        Command::Decisions(args) => decisions::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Status(args) => status::run(&args),
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

/// `klantreis query … | head` ends quietly.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
