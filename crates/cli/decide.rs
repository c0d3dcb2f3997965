//! `klantreis decide DIR QUOTE_ID …`: a decision on one proposal, for scripts.

use std::{collections::HashMap, fmt::Display, io, ops::Range, path::PathBuf};

use clap::{Subcommand, ValueEnum};
use klantreis_coding::Options;
use klantreis_review::{Store, Target, Text, What};
use klantreis_study::{Category, Coding, Emotion, Study, quotes};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// The quote's id, as in quotes.csv, such as interview-1:6.2p; - reads ids from the input, one a line
    quote_id: String,
    #[command(subcommand)]
    decision: Decision,
    /// Who decides
    #[arg(long, global = true, default_value_t = whoami())]
    who: String,
    /// Why
    #[arg(long, global = true, default_value = "", hide_default_value = true)]
    why: String,
}

#[derive(Subcommand)]
enum Decision {
    /// It is right
    Accept,
    /// It is wrong
    Reject,
    /// It should be something else
    Change(Change),
    /// Write a note about it
    Memo {
        /// The note; an empty one takes yours away
        text: String,
    },
    /// Star it, or take the star away
    Star {
        #[arg(value_enum, default_value = "on")]
        switch: Switch,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct Change {
    /// Another category, by its id in whatever capitals
    #[arg(long)]
    category: Option<String>,
    /// Another code, by its id or name; empty for none
    #[arg(long)]
    code: Option<String>,
    /// Another phase, by its id or name
    #[arg(long)]
    phase: Option<String>,
    /// Another touchpoint, by its id or name; empty for none
    #[arg(long)]
    touchpoint: Option<String>,
    /// Another emotion, -2 to 2; with another category it is the usual one of that, if left out
    #[arg(long, allow_negative_numbers = true)]
    emotion: Option<i8>,
    /// Other sentences of the turn: the first and the last, counted from 1, such as 2-4
    #[arg(long, value_parser = sentences)]
    sentences: Option<Range<usize>>,
}

/// The name that the computer knows the user by.
pub fn whoami() -> String {
    let named = ["KLANTREIS_WHO", "USER", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_else(|| "onderzoeker".to_owned())
}

/// Reads `2-4` or `3`, counted from 1.
pub fn sentences(text: &str) -> Result<Range<usize>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
        (Ok(first), Ok(last)) if first > 0 && first <= last => Ok(first - 1..last),
        _ => Err(format!("\"{text}\" is no range of sentences, such as 2-4 or 3")),
    }
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    let skipped = pipeline::report(&coded.problems);
    let places = places(&coded);
    let ids = match args.quote_id.as_str() {
        "-" => io::stdin().lines().collect::<Result<Vec<_>, _>>()?,
        id => vec![id.to_owned()],
    };
    let mut decisions = Vec::new();
    for id in ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()) {
        let Some((transcript, at)) = places.get(id) else {
            return Err(pipeline::no_such_quote(id, &coded));
        };
        decisions.push(what(args, &study, &coded, *transcript, *at)?);
    }
    let saved = Store::open(&args.dir)?.append(&args.who, &args.why, decisions)?;
    for (id, entry) in ids.iter().zip(&saved) {
        println!("{id}: {}, saved as a decision of {}", entry.what.word(), entry.who);
        if let What::Change { to, .. } = &entry.what
            && let Some(now) = renamed(id, &to.category)
        {
            println!("its id is {now} now, since the last letter is that of the category");
        }
    }
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

/// The id of a quote that was given another category, where that changes it.
fn renamed(id: &str, category: &Category) -> Option<String> {
    let (turn, sentence) = id.rsplit_once('.')?;
    let digits = sentence.trim_end_matches(|c: char| !c.is_ascii_digit());
    let now = format!("{turn}.{digits}{}", category.letter());
    (now != id).then_some(now)
}

/// Where each quote stands: the place of its transcript, and of its coding there.
fn places(coded: &pipeline::Coded) -> HashMap<String, (usize, usize)> {
    let mut out = HashMap::new();
    for (t, transcript) in coded.transcripts.iter().enumerate() {
        out.extend(quotes(transcript).into_iter().enumerate().map(|(n, quote)| (quote.id, (t, n))));
    }
    out
}

/// What is decided of the coding `at` of a transcript.
fn what(args: &Args, study: &Study, coded: &pipeline::Coded, t: usize, at: usize) -> anyhow::Result<What> {
    let (transcript, laid) = (&coded.transcripts[t], &coded.laid[t]);
    let (text, shown) = (Text::of(&transcript.transcript), &transcript.codings[at]);
    // A decision on what was decided before is about the same proposal.
    let before = laid.keys[at].as_ref().and_then(|key| coded.decisions.decided.get(key));
    let coding = match before {
        Some(before) => before.coding.clone(),
        None => target(&text, shown)?,
    };
    Ok(match &args.decision {
        Decision::Accept => What::Accept { coding },
        Decision::Reject => What::Reject { coding },
        Decision::Memo { text } => What::Memo { coding, text: text.clone() },
        Decision::Star { switch } => What::Star { coding, on: matches!(switch, Switch::On) },
        Decision::Change(change) => {
            let to = target(&text, &changed(study, coded, shown, change)?)?;
            let confidence = coding.confidence;
            What::Change { coding, to: Target { confidence, ..to } }
        }
    })
}

fn target(text: &Text<'_>, coding: &Coding) -> anyhow::Result<Target> {
    let target = Target::of(text, coding);
    target.ok_or_else(|| anyhow::anyhow!("the turn has no such sentences; count them from 1"))
}

/// The coding with what was asked for; ids that the study does not have are refused.
fn changed(study: &Study, coded: &pipeline::Coded, shown: &Coding, change: &Change) -> anyhow::Result<Coding> {
    let mut out = shown.clone();
    if let Some(category) = &change.category {
        let mut known = study.categories();
        known.extend(coded.codebook.codes.iter().map(|c| c.category.clone()));
        out.category = named("category", category, known.iter().map(|c| (c, "")))?.clone();
        if out.category != shown.category {
            out.emotion = Emotion::usual_of(&out.category);
        }
        // A code of another category says nothing any more.
        out.code = out.code.filter(|c| coded.codebook.code(c).is_some_and(|c| c.category == out.category));
    }
    if let Some(code) = &change.code {
        let mine = coded.codebook.codes.iter().filter(|c| c.category == out.category);
        let mine = mine.map(|c| (&c.id, c.label.as_str()));
        out.code = if code.is_empty() { None } else { Some(named("code", code, mine)?.clone()) };
    }
    if let Some(phase) = &change.phase {
        out.phase = named("phase", phase, study.phases.iter().map(|p| (&p.id, p.label.as_str())))?.clone();
    }
    if let Some(touchpoint) = &change.touchpoint {
        let there = study.touchpoints.iter().map(|t| (&t.id, t.label.as_str()));
        out.touchpoint =
            if touchpoint.is_empty() { None } else { Some(named("touchpoint", touchpoint, there)?.clone()) };
    }
    if let Some(emotion) = change.emotion {
        out.emotion = Emotion::new(emotion).ok_or_else(|| anyhow::anyhow!("{emotion} is no emotion: give -2 to 2"))?;
    }
    if let Some(sentences) = &change.sentences {
        out.sentences = sentences.clone();
    }
    Ok(out)
}

/// What people call by its id or its name, in whatever capitals; else what there is.
fn named<'a, T: Display>(
    what: &str,
    given: &str,
    there: impl Iterator<Item = (&'a T, &'a str)>,
) -> anyhow::Result<&'a T> {
    let there: Vec<(&T, &str)> = there.collect();
    let given = given.trim();
    let same = |name: &str| name.to_lowercase() == given.to_lowercase();
    // An id is surer than a name, which two may share.
    let by_id = there.iter().find(|(id, _)| same(&id.to_string()));
    if let Some((id, _)) = by_id.or_else(|| there.iter().find(|(_, label)| same(label))) {
        return Ok(id);
    }
    let mut list: Vec<String> = Vec::new();
    for (id, label) in there {
        let name = if label.is_empty() { id.to_string() } else { format!("{id} ({label})") };
        // Many codes are of one category.
        if !list.contains(&name) {
            list.push(name);
        }
    }
    anyhow::bail!("the study has no {what} \"{given}\"; there are: {}", list.join(", "))
}
