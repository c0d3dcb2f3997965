//! `klantreis explain DIR QUOTE_ID`: why a quote was coded as it is.

use std::path::PathBuf;

use klantreis_coding::{Explanation, Options, Words};
use klantreis_study::{Status, Study, quotes};

use crate::{Outcome, engine, pipeline};

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
    let found = coded.transcripts.iter().find_map(|transcript| {
        let quote = quotes(transcript).into_iter().find(|q| q.id == args.quote_id)?;
        let turn = transcript.transcript.turns.get(quote.turn as usize - 1)?;
        let coding = transcript.codings.iter().find(|c| {
            let place = c.turn + 1 == quote.turn as usize && turn.passage(c.sentences.clone()) == quote.quote;
            place && c.category == quote.category && c.code == quote.code
        })?;
        Some((transcript, quote, coding))
    });
    let Some((transcript, quote, coding)) = found else {
        return Err(pipeline::no_such_quote(&args.quote_id, &coded));
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
        "{how} as {}{} in phase {}, emotion {}",
        quote.category,
        quote.code.as_ref().map(|c| format!(" ({c})")).unwrap_or_default(),
        quote.phase,
        quote.emotion
    );
    let other = engine::other(&study);
    let why = coded.coder.explain(&transcript.transcript, coding, &mut Words::new());
    if let Some((model, _)) = other {
        let by = quote.reasons.iter().find_map(|reason| reason.model()).unwrap_or("the built-in engine");
        println!(
            "{by} proposed it, with a confidence of {:.2}: that is how far the proposals of {model} are trusted here, and no \
             probability that was worked out from the words.",
            quote.confidence.value()
        );
    } else if let Some(why) = &why {
        match quote.status {
            // Who decided is sure; what the program thought of it is with the proposal, not here.
            Status::Changed | Status::Manual => println!("A person decided so: no probability was worked out for it."),
            Status::Auto | Status::Accepted | Status::Rejected => {
                println!("{}", chance(quote.confidence.value(), why, quote.category.as_str()));
            }
        }
    }
    for (head, wanted) in [("What spoke for it:", true), ("What spoke against it:", false)] {
        let reasons: Vec<_> = quote.reasons.iter().filter(|r| (r.weight > 0.0) == wanted).collect();
        if !reasons.is_empty() {
            println!("{head}");
            for reason in reasons {
                println!("  {:+.2}  {}", reason.weight, reason.label);
            }
        }
    }
    if let Some(why) = why.filter(|_| other.is_none()) {
        println!("The way through the phases around it (what is said and asked decides, and how talk moves on):");
        let width = why.path.iter().map(|s| s.phase.as_str().chars().count()).max().unwrap_or(0);
        for step in &why.path {
            let mark = if step.quoted { '>' } else { ' ' };
            let phase = step.phase.as_str();
            println!("{mark} turn {:>3}  {phase:<width$}  {:.2}  {}", step.turn + 1, step.certainty, short(&step.text));
        }
    }
    Ok(Outcome::Well)
}

/// The probability, against the threshold and against what it would be without the sentences around.
fn chance(probability: f32, why: &Explanation, category: &str) -> String {
    let mut out = format!(
        "Its probability of {probability:.2} is above {:.2}, from which {category} is proposed.",
        why.threshold
    );
    if let Some(alone) = why.alone {
        let effect = match probability - alone {
            d if d > 0.05 => "they speak for it",
            d if d < -0.05 => "they speak against it",
            _ => "they make little difference",
        };
        out += &format!(" Without the sentences around it, it would be {alone:.2}: {effect}.");
    }
    out
}

/// The first words of a sentence.
fn short(text: &str) -> String {
    const MOST: usize = 70;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}
