//! `klantreis status DIR`: the seven steps, the progress of the review, and what was skipped.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use klantreis_coding::Options;
use klantreis_review::{Next, Progress, Step, Steps};
use klantreis_study::{Severity, Study};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    let progress: Vec<Progress> = coded.transcripts.iter().map(|c| Progress::of(c, &coded.decisions)).collect();
    let steps = Steps::of(&study, &coded.transcripts, &progress);
    let lost = pipeline::unplaced(&coded.decisions, &coded.transcripts, &coded.laid).len();
    let rows = rows(&steps);
    let skipped: Vec<_> = coded.problems.iter().filter(|p| p.severity == Severity::Error).collect();
    let mut out = io::stdout().lock();
    if args.json {
        let list =
            rows.iter().map(|(name, done, says)| serde_json::json!({ "step": name, "done": done, "says": says }));
        let interviews = progress.iter().map(|p| {
            serde_json::json!({
                "file": p.file, "open": p.open, "accepted": p.accepted, "changed": p.changed,
                "rejected": p.rejected, "manual": p.added, "finished_by": p.finished_by, "whole": p.is_whole(),
            })
        });
        let all = serde_json::json!({
            "title": study.title,
            "steps": list.collect::<Vec<_>>(),
            "next": said(&steps.next(), &args.dir),
            "interviews": interviews.collect::<Vec<_>>(),
            "unplaced": lost,
            "conflicts": coded.decisions.conflicts.len(),
            "skipped": skipped,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
    } else {
        writeln!(out, "{}\n", study.title)?;
        for (n, (name, done, says)) in rows.iter().enumerate() {
            writeln!(out, "{} {}. {name:<15}{says}", if *done { "✓" } else { "·" }, n + 1)?;
        }
        writeln!(out, "\nNext: {}", said(&steps.next(), &args.dir))?;
        let width = progress.iter().map(|p| p.file.chars().count()).max().unwrap_or(0).max(9);
        writeln!(out, "\n{:<width$}  open  decided  added  finished by", "interview")?;
        for p in &progress {
            let by = p.finished_by.join(", ");
            let row = format!("{:<width$}  {:>4}  {:>7}  {:>5}  {by}", p.file, p.open, p.decided() - p.added, p.added);
            writeln!(out, "{}", row.trim_end())?;
        }
        let conflicts = coded.decisions.conflicts.len();
        for (count, text) in [
            (
                lost,
                "decisions are about words that are in no transcript any more: klantreis decisions … list --unplaced",
            ),
            (conflicts, "codings were judged differently: klantreis decisions … list --conflicts"),
        ] {
            if count > 0 {
                writeln!(out, "\n{count} {text}")?;
            }
        }
        for problem in &skipped {
            writeln!(out, "\nskipped: {problem}")?;
        }
    }
    Ok(if skipped.is_empty() { Outcome::Well } else { Outcome::Partly })
}

/// The steps: name, whether done, what there is to say.
fn rows(steps: &Steps) -> [(&'static str, bool, String); 7] {
    let unknown = match steps.unknown {
        0 => String::new(),
        n => format!("; of {n} nobody said whose view they hold (column `perspectief` in participants.csv)"),
    };
    Step::ALL.map(|step| {
        let (name, says) = match step {
            Step::Brand => ("brand", format!("{} of why, how and what are written", steps.brand)),
            Step::Goal => ("goal", if steps.goal { "written" } else { "not written" }.to_owned()),
            Step::Personas => ("personas", format!("{} written", steps.personas)),
            Step::Internal => ("internal view", format!("{} interviews{unknown}", steps.internal)),
            Step::External => ("external view", format!("{} interviews{unknown}", steps.external)),
            Step::Picture => ("picture", if steps.drawn { "drawn" } else { "give: klantreis run" }.to_owned()),
            Step::Evaluation => {
                ("evaluation", format!("{} of {} interviews wholly reviewed", steps.reviewed, steps.interviews))
            }
        };
        (name, steps.is_done(step), says)
    })
}

/// What to do next, with the command for it.
pub fn said(next: &Next, dir: &Path) -> String {
    match next {
        Next::Review { interview, begun } => {
            let go = if *begun { "go on reviewing" } else { "review" };
            format!("{go} {interview}: klantreis serve {}", dir.display())
        }
        Next::Step(step) => to_do(*step).to_owned(),
        Next::Nothing => "nothing: all seven steps are done".to_owned(),
    }
}

/// What is to do for a step that is open.
pub fn to_do(step: Step) -> &'static str {
    match step {
        Step::Brand => "fill in why, how and what under [brand]",
        Step::Goal => "fill in goal",
        Step::Personas => "add a [[persona]] with the segment of its interviews",
        Step::Internal => {
            "no interview has perspectief \"intern\": talk to staff, or add the column to participants.csv"
        }
        Step::External => {
            "no interview has perspectief \"extern\": talk to the people it is for, or add the column to participants.csv"
        }
        Step::Picture => "`klantreis run` draws the journey",
        Step::Evaluation => "not all interviews are wholly reviewed: `klantreis serve` to review them",
    }
}
