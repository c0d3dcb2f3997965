//! What is said of asking a language model: what it would take, and what of the answers was of no use.

use std::collections::BTreeMap;

use klantreis_llm::{Plan, Proposed, is_loopback};
use klantreis_study::Study;

use super::Model;
use crate::{output::counted, pipeline::Coded};

/// Says what asking would take.
pub fn plan(study: &Study, model: &Model<'_>, plan: Plan) {
    let engine = model.engine;
    println!("{} would be asked of {}, at {}", engine.model, study.title, engine.endpoint);
    println!("requests: {} ({} answers are kept from before)", plan.requests, plan.kept);
    println!("tokens: about {} sent, {} received", plan.sent, plan.received);
    // What a model on a laptop reads and writes in a second, about.
    let seconds = (plan.sent as f64 / 300.0 + plan.received as f64 / 15.0) / engine.max_parallel.max(1) as f64;
    println!("time: about {:.0} minutes with a model on a laptop; a server is quicker", (seconds / 60.0).ceil());
    match model.cost((plan.sent + plan.received) as u64) {
        Some(cost) => println!("cost: about {cost:.2}"),
        None => println!("cost: unknown, as `price_per_mtoken` is not set"),
    }
    if !is_loopback(&engine.endpoint) {
        println!(
            "{} is another machine: {}",
            engine.endpoint,
            match (engine.allow_remote, study.pseudonymise.on) {
                (false, _) =>
                    "it will be refused unless your organisation allows that and you set `allow_remote = true` under [engine]",
                (true, true) => "stand-ins go there for names, numbers and addresses",
                (true, false) => "names, numbers and addresses would go along, for which you will be asked",
            }
        );
    }
}

/// Faults of an interview that are told one by one.
const TOLD: usize = 3;

/// Says what of the answers could not be used, a line for each interview and kind.
pub fn notes(coded: &Coded, asked: &[usize], proposed: &Proposed) {
    let file = |interview: usize| coded.transcripts[asked[interview]].transcript.file.as_str();
    let remarks = |remarks: &[klantreis_llm::Remark], what: &str| {
        let one = |remark: &klantreis_llm::Remark| {
            (file(remark.interview).to_owned(), format!("turn {}: {}", remark.turn, remark.why))
        };
        for (file, told) in by_file(remarks.iter().map(one)) {
            let codings = counted(told.len(), "coding", "codings");
            eprintln!("note: {file}: {codings} in its answers {what} ({})", some_of(&told));
        }
    };
    remarks(&proposed.mended, "put right");
    remarks(&proposed.dropped, "left out, the sentences asked again");
    let one = |left: &klantreis_llm::Left| {
        let turns = match left.turns {
            [from, to] if from == to => format!("turn {from}"),
            [from, to] => format!("turns {from} to {to}"),
        };
        (file(left.interview).to_owned(), format!("{turns}: {}", left.why))
    };
    for (file, told) in by_file(proposed.left.iter().map(one)) {
        let parts = counted(told.len(), "part is", "parts are");
        eprintln!("note: {file}: {parts} coded by the built-in engine ({})", some_of(&told));
    }
    if let Some(refusal) = &proposed.without_schema {
        eprintln!(
            "note: the server takes no JSON Schema ({refusal}); it was asked without, by the task alone. Answers are less \
             orderly so; once the server takes schemas, another `seed` asks anew"
        );
    }
    if let Some(read) = proposed.read_little {
        eprintln!(
            "note: the server read about {read}% of each question: its context is too short, and what it cut off is the task. \
             Make it longer (for Ollama, start it with OLLAMA_CONTEXT_LENGTH=16384), and ask anew with another `seed`"
        );
    }
    if let Some(error) = &proposed.unkept {
        eprintln!("note: {error}");
    }
}

fn by_file(told: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, one) in told {
        out.entry(file).or_default().push(one);
    }
    out
}

fn some_of(told: &[String]) -> String {
    let first = told[..told.len().min(TOLD)].join("; ");
    match told.len().saturating_sub(TOLD) {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}
