//! `klantreis status DIR`: the seven steps, the progress of the review, and what was skipped.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use klantreis_coding::Options;
use klantreis_review::{Progress, Steps};
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
    let rows = rows(&steps, progress.len());
    let skipped: Vec<_> = coded.problems.iter().filter(|p| p.severity == Severity::Error).collect();
    let mut out = io::stdout().lock();
    if args.json {
        let steps =
            rows.iter().map(|(name, done, says)| serde_json::json!({ "step": name, "done": done, "says": says }));
        let interviews = progress.iter().map(|p| {
            serde_json::json!({
                "file": p.file, "open": p.open, "accepted": p.accepted, "changed": p.changed,
                "rejected": p.rejected, "manual": p.added, "finished_by": p.finished_by, "whole": p.is_whole(),
            })
        });
        let all = serde_json::json!({
            "title": study.title,
            "steps": steps.collect::<Vec<_>>(),
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
fn rows(steps: &Steps, interviews: usize) -> [(&'static str, bool, String); 7] {
    let unknown = match steps.unknown {
        0 => String::new(),
        n => format!("; of {n} nobody said whose view they hold (column `perspectief` in participants.csv)"),
    };
    [
        ("brand", steps.brand == 3, format!("{} of why, how and what are written", steps.brand)),
        ("goal", steps.goal, if steps.goal { "written" } else { "not written" }.to_owned()),
        ("personas", steps.personas > 0, format!("{} written", steps.personas)),
        ("internal view", steps.internal > 0, format!("{} interviews{unknown}", steps.internal)),
        ("external view", steps.external > 0, format!("{} interviews{unknown}", steps.external)),
        ("picture", steps.drawn, if steps.drawn { "drawn" } else { "give: klantreis run" }.to_owned()),
        (
            "evaluation",
            interviews > 0 && steps.reviewed == interviews,
            format!("{} of {interviews} interviews wholly reviewed", steps.reviewed),
        ),
    ]
}
