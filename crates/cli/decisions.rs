//! `klantreis decisions DIR …`: what people decided, listed, carried to another computer, backed up, taken back.

use std::{
    fs::File,
    io::{self, BufReader, Write},
    ops::Range,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Subcommand;
use klantreis_coding::Options;
use klantreis_review::{Conflict, Decided, Entry, State, Store, Text, What, backups, export};
use klantreis_study::Study;

use crate::{
    Outcome,
    decide::{sentences, whoami},
    pipeline,
};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    #[command(subcommand)]
    action: Action,
    /// Whose decisions are taken back
    #[arg(long, global = true, default_value_t = whoami())]
    who: String,
}

#[derive(Subcommand)]
enum Action {
    /// Write all decisions as JSON Lines, to carry them to another computer
    Export {
        /// Where to write them (the screen if left out)
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Add the decisions of an export; nothing that is here is lost
    Import {
        /// What `export` wrote
        file: PathBuf,
    },
    /// List what was decided, the newest last
    List {
        /// Only decisions whose words are in no transcript any more
        #[arg(long)]
        unplaced: bool,
        /// Only what people judged differently without knowing of each other
        #[arg(long)]
        conflicts: bool,
    },
    /// Say where the words of a decision stand now
    Place {
        /// What `list --unplaced` names it by
        key: String,
        /// The transcript's file
        #[arg(long)]
        file: String,
        /// The turn's number, from 1
        #[arg(long)]
        turn: usize,
        /// The first and the last sentence, counted from 1, such as 2-4
        #[arg(long, value_parser = sentences)]
        sentences: Range<usize>,
    },
    /// Take your last decision back
    Undo,
    /// Bring back what you took back last
    Redo,
    /// Copy all decisions to a safe place beside them
    Backup,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    // A folder that is no study is said to be none, before a file is made in it.
    let study = Study::load(&args.dir)?;
    match &args.action {
        Action::Export { output: None } => export(&Store::read(&args.dir)?, &mut out)?,
        Action::Export { output: Some(path) } => {
            let entries = Store::read(&args.dir)?;
            let mut bytes = Vec::new();
            export(&entries, &mut bytes)?;
            std::fs::write(path, bytes).with_context(|| format!("{}: can't be written", path.display()))?;
            writeln!(out, "{} decisions are in {}", entries.len(), path.display())?;
        }
        Action::Import { file } => return import(&args.dir, file),
        Action::List { unplaced: true, .. } => {
            let coded = pipeline::code(&study, Options::default(), true)?;
            let lost = pipeline::unplaced(&coded.decisions, &coded.transcripts, &coded.laid);
            for key in &lost {
                let Decided { coding, verdict, .. } = &coded.decisions.decided[key];
                let verdict = verdict.map_or("noted", klantreis_study::Status::as_str);
                writeln!(out, "{key} {}: {} ({verdict})\n    {}\n", coding.file, coding.category, coding.anchor.exact)?;
            }
            writeln!(out, "{} decisions are about words that are in no transcript any more", lost.len())?;
        }
        Action::List { conflicts: true, .. } => {
            let state = State::of(&Store::read(&args.dir)?);
            for conflict in state.conflicts.values() {
                write!(out, "{}", told(conflict))?;
            }
            writeln!(out, "{} codings were judged differently", state.conflicts.len())?;
        }
        Action::List { .. } => {
            let entries = Store::read(&args.dir)?;
            for entry in &entries {
                writeln!(out, "{}", line(entry))?;
            }
            writeln!(out, "{} decisions", entries.len())?;
        }
        Action::Place { key, file, turn, sentences } => {
            let state = State::of(&Store::read(&args.dir)?);
            let Some(decided) = state.decided.get(key) else {
                anyhow::bail!("there is no decision \"{key}\"; see `klantreis decisions … list --unplaced`");
            };
            let (transcripts, _) = pipeline::ingest(&study, true);
            let transcript = transcripts.iter().find(|t| t.file == *file);
            let transcript = transcript.ok_or_else(|| anyhow::anyhow!("{file}: there is no such transcript"))?;
            if *file != decided.coding.file {
                anyhow::bail!("the decision is about {}: give that file its name again", decided.coding.file);
            }
            let at = Text::of(transcript).anchor(turn.wrapping_sub(1), sentences.clone());
            let at = at.ok_or_else(|| anyhow::anyhow!("{file}: turn {turn} has no such sentences"))?;
            writeln!(out, "placed at: {}", at.exact)?;
            Store::open(&args.dir)?.append(&args.who, "", vec![What::Place { coding: decided.coding.clone(), at }])?;
        }
        Action::Undo | Action::Redo => {
            let mut store = Store::open(&args.dir)?;
            let undo = matches!(args.action, Action::Undo);
            let done = if undo { store.undo(&args.who)? } else { store.redo(&args.who)? };
            let ids = done.iter().flat_map(|e| match &e.what {
                What::Undo { entries } | What::Redo { entries } => entries.clone(),
                _ => Vec::new(),
            });
            let ids: Vec<String> = ids.collect();
            if ids.is_empty() {
                let (what, done) = if undo { ("decision", "take back") } else { ("decision taken back", "bring back") };
                writeln!(out, "There is no {what} of {} to {done}; nothing was changed.", args.who)?;
            }
            let word = if undo { "taken back" } else { "brought back" };
            for entry in store.entries().iter().filter(|e| ids.contains(&e.id)) {
                writeln!(out, "{word}: {}", line(entry))?;
            }
        }
        Action::Backup => {
            let path = Store::open(&args.dir)?.backup()?;
            let entries = backups(&args.dir).into_iter().find(|b| b.path == path).map_or(0, |b| b.entries);
            writeln!(out, "{entries} decisions are in {}", path.display())?;
        }
    }
    Ok(Outcome::Well)
}

fn import(dir: &Path, path: &Path) -> anyhow::Result<Outcome> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let import = Store::open(dir)?.import(BufReader::new(file))?;
    for (line, why) in &import.bad {
        eprintln!("{}:{line}: left out: {why}", path.display());
    }
    for conflict in &import.conflicts {
        eprint!("judged differently, both kept, the last one holds until someone decides again:\n{}", told(conflict));
    }
    println!(
        "{} decisions are new, {} were here already; {} codings were judged differently",
        import.added,
        import.known,
        import.conflicts.len()
    );
    Ok(if import.bad.is_empty() { Outcome::Well } else { Outcome::Partly })
}

fn told(conflict: &Conflict) -> String {
    conflict.entries.iter().map(|entry| format!("  {}\n", line(entry))).collect()
}

/// When, who, what, of which words, and why.
fn line(entry: &Entry) -> String {
    let about = match &entry.what {
        What::Change { coding, to } => {
            let mut parts = Vec::new();
            let mut put = |name: &str, from: String, to: String| {
                if from != to {
                    parts.push(format!("{name} {from} → {to}"));
                }
            };
            let or_none = |id: Option<&str>| id.unwrap_or("none").to_owned();
            put("category", coding.category.to_string(), to.category.to_string());
            let codes = [&coding.code, &to.code].map(|c| or_none(c.as_ref().map(|c| c.as_str())));
            put("code", codes[0].clone(), codes[1].clone());
            put("phase", coding.phase.to_string(), to.phase.to_string());
            let touchpoints = [&coding.touchpoint, &to.touchpoint].map(|t| or_none(t.as_ref().map(|t| t.as_str())));
            put("touchpoint", touchpoints[0].clone(), touchpoints[1].clone());
            put("emotion", coding.emotion.to_string(), to.emotion.to_string());
            if coding.anchor.exact != to.anchor.exact {
                parts.push(format!("extent → “{}”", to.anchor.exact));
            }
            format!("{}: {} of {}: “{}”", coding.file, parts.join(", "), coding.category, coding.anchor.exact)
        }
        What::Memo { coding, text } => format!("{}: “{}” of “{}”", coding.file, text, coding.anchor.exact),
        What::Finish { file, on, .. } => format!("{file}{}", if *on { "" } else { ": taken up again" }),
        What::Undo { entries } | What::Redo { entries } => format!("{} decisions", entries.len()),
        What::Rename { code, label } => format!("{code}: “{label}”"),
        What::Merge { code, into } => format!("{code} → {}", into.as_ref().map_or("itself", |i| i.as_str())),
        What::Question { phase, text } => format!("{phase}: “{text}”"),
        what => what.coding().map_or_else(String::new, |c| format!("{}: {} “{}”", c.file, c.category, c.anchor.exact)),
    };
    let why = if entry.why.is_empty() { String::new() } else { format!(" ({})", entry.why) };
    format!("{} {} {:<7}{about}{why}", entry.at, entry.who, entry.what.word())
}
