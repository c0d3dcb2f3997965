//! `klantreis check DIR`: what is not in order in a study, and which labels are not in the words of its people.

use std::{collections::BTreeSet, path::PathBuf};

use klantreis_aggregation::{ENOUGH, Hard, hard_words, wordings};
use klantreis_coding::{Options, read_gold};
use klantreis_ingest::read_metrics;
use klantreis_review::{Progress, Step, Steps};
use klantreis_study::{Codebook, Problem, Severity, Study};
use serde::Serialize;

use crate::{
    Outcome,
    output::{Format, Output},
    pipeline,
    query::cell,
    status::to_do,
};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Something to look at.
#[derive(Debug, PartialEq, Serialize)]
struct Finding {
    /// `error` (something does not work), `advice`, `step` (of the seven) or `words`.
    kind: &'static str,
    /// The file or label that it is about.
    subject: String,
    /// What was found, and what to do.
    message: String,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let analysis = pipeline::analyse(&study, Options::default(), true)?;
    let mut found = Vec::new();
    problems(&analysis.coded.problems, &mut found);
    for problem in
        analysis.coded.problems.iter().filter(|p| p.file == "participants.csv" && p.severity == Severity::Note)
    {
        note(&mut found, "advice", problem.file.clone(), problem.message.clone());
    }
    ids(&study, &mut found)?;
    phases(&study, &analysis, &mut found);
    personas(&study, &analysis, &mut found);
    assumptions(&study, &mut found);
    steps(&study, &analysis.coded, &mut found);
    words(&study, &analysis, &mut found)?;
    let errors = found.iter().any(|f| f.kind == "error");
    let text = match args.output.format {
        Format::Json => serde_json::to_string_pretty(&found)? + "\n",
        Format::Csv => {
            let rows = found.iter().map(|f| format!("{},{},{}\n", f.kind, cell(&f.subject), cell(&f.message)));
            "kind,subject,message\n".to_owned() + &rows.collect::<String>()
        }
        Format::Text => text(&found),
    };
    args.output.write(&text)?;
    Ok(if errors { Outcome::Partly } else { Outcome::Well })
}

fn text(found: &[Finding]) -> String {
    let mut out = String::new();
    for (kind, head) in [
        ("error", "Does not work"),
        ("advice", "Could be better"),
        ("step", "The seven steps"),
        ("words", "Say it in the words of your respondents"),
    ] {
        let mine: Vec<&Finding> = found.iter().filter(|f| f.kind == kind).collect();
        if !mine.is_empty() {
            out += &format!("{head}\n");
            mine.iter().for_each(|f| out += &format!("  {}: {}\n", f.subject, f.message));
        }
    }
    if out.is_empty() { "All is well.\n".to_owned() } else { out }
}

/// Finds something.
fn note(found: &mut Vec<Finding>, kind: &'static str, subject: impl Into<String>, message: impl Into<String>) {
    found.push(Finding { kind, subject: subject.into(), message: message.into() });
}

fn problems(problems: &[Problem], found: &mut Vec<Finding>) {
    for problem in problems.iter().filter(|p| p.severity == Severity::Error) {
        note(found, "error", problem.file.clone(), problem.message.clone());
    }
}

/// Ids in files beside the study that it does not have.
fn ids(study: &Study, found: &mut Vec<Finding>) -> anyhow::Result<()> {
    let (_, wrong) = read_metrics(study);
    problems(&wrong, found);
    for path in pipeline::gold_files(&study.root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let rows = match read_gold(&path) {
            Ok(rows) => rows,
            Err(error) => {
                note(found, "error", name, error.to_string());
                continue;
            }
        };
        let known = |id: &str, ids: &[&str]| id.is_empty() || ids.contains(&id);
        let phases: Vec<&str> = study.phases.iter().map(|p| p.id.as_str()).collect();
        let touchpoints: Vec<&str> = study.touchpoints.iter().map(|t| t.id.as_str()).collect();
        let unknown_phases: BTreeSet<&str> =
            rows.iter().map(|r| r.phase.as_str()).filter(|id| !known(id, &phases)).collect();
        let unknown_touchpoints: BTreeSet<&str> =
            rows.iter().map(|r| r.touchpoint.as_str()).filter(|id| !known(id, &touchpoints)).collect();
        for (what, unknown, there) in
            [("phases", unknown_phases, phases), ("touchpoints", unknown_touchpoints, touchpoints)]
        {
            if !unknown.is_empty() {
                let list = unknown.into_iter().collect::<Vec<_>>().join(", ");
                let message = format!("has {what} that the study has not: {list}; there are: {}", there.join(", "));
                note(found, "error", name.clone(), message);
            }
        }
    }
    Ok(())
}

fn phases(study: &Study, analysis: &pipeline::Analysis, found: &mut Vec<Finding>) {
    for phase in &study.phases {
        if phase.cues.is_empty() && phase.description.is_empty() {
            let message = "has no cues and no description: the program can only go by its name";
            note(found, "error", format!("phase \"{}\"", phase.id), message);
        } else if phase.cues.is_empty() {
            let message = "has no cues; the program goes by its description. A few words that people use for it help";
            note(found, "advice", format!("phase \"{}\"", phase.id), message);
        }
    }
    for phase in analysis.journey.phases.iter().filter(|p| p.emotion.n_interviews < ENOUGH) {
        let message = format!("is spoken of in {} interviews: too few to conclude from", phase.emotion.n_interviews);
        note(found, "advice", format!("phase \"{}\"", phase.phase.id), message);
    }
    for touchpoint in &study.touchpoints {
        if !analysis.journey.touchpoints.iter().any(|t| t.id == touchpoint.id) {
            note(found, "advice", format!("touchpoint \"{}\"", touchpoint.id), "nobody speaks of it");
        }
    }
}

fn personas(study: &Study, analysis: &pipeline::Analysis, found: &mut Vec<Finding>) {
    let subject = |name: &str| format!("persona \"{name}\"");
    for persona in study.personas.iter().filter(|persona| persona.segment.is_none()) {
        note(found, "advice", subject(&persona.name), "has no segment: no interview can speak for it");
    }
    for (name, message) in
        pipeline::unheard_personas(study, analysis.coded.transcripts.iter().map(|coded| &coded.transcript))
    {
        note(found, "error", subject(&name), message);
    }
}

fn assumptions(study: &Study, found: &mut Vec<Finding>) {
    for assumption in &study.assumptions {
        if crate::extras::contrary(assumption).is_none() {
            let message = "its query does not say what would speak against it; add `against`, or ask for \
                           categorie:winst or categorie:pijnpunt";
            note(found, "advice", format!("assumption \"{}\"", assumption.statement), message);
        }
    }
}

/// The seven steps, under the names that Cubiss's plan gives them.
fn steps(study: &Study, coded: &pipeline::Coded, found: &mut Vec<Finding>) {
    let progress: Vec<Progress> = coded.transcripts.iter().map(|t| Progress::of(t, &coded.decisions)).collect();
    let steps = Steps::of(study, &coded.transcripts, &progress);
    for step in Step::ALL {
        let name = match step {
            Step::Brand => "1 merk",
            Step::Goal => "2 doel",
            Step::Personas => "3 persona's",
            Step::Internal => "4 intern",
            Step::External => "5 extern",
            Step::Picture => "6 visualiseren",
            Step::Evaluation => "7 evalueren",
        };
        note(found, "step", name, if steps.is_done(step) { "done" } else { to_do(step) });
    }
}

fn words(study: &Study, analysis: &pipeline::Analysis, found: &mut Vec<Finding>) -> anyhow::Result<()> {
    for wording in wordings(study, &analysis.coded.transcripts, &analysis.quotes) {
        let unheard = wording.used_by == 0 && wording.told_by >= ENOUGH;
        if wording.hard.is_empty() && !unheard {
            continue;
        }
        let mut message = advice(&wording.hard);
        if unheard {
            message.push("no respondent uses this word".to_owned());
        } else {
            message.push(format!("{} interviews use a word of it", wording.used_by));
        }
        if !wording.theirs.is_empty() {
            message.push(format!("what they say there: {}", wording.theirs.join(", ")));
        }
        note(found, "words", format!("{} \"{}\"", wording.kind, wording.label), message.join("; "));
    }
    let own = Codebook::load(&study.root.join("codebook.toml"))?.unwrap_or_default();
    let codes = own.codes.iter().map(|code| ("code", &code.label, &code.definition));
    let phases = study.phases.iter().map(|phase| ("description of", &phase.label, &phase.description));
    for (kind, label, description) in codes.chain(phases) {
        let whole = if kind == "code" { format!("{label}. {description}") } else { description.clone() };
        let hard = hard_words(&whole);
        if !hard.is_empty() {
            note(found, "words", format!("{kind} \"{label}\""), advice(&hard).join("; "));
        }
    }
    Ok(())
}

fn advice(hard: &[Hard]) -> Vec<String> {
    let say = |hard: &Hard| match hard {
        Hard::Formal(word, plain) => format!("\"{word}\" is formal: \"{plain}\""),
        Hard::Long(word) => format!("\"{word}\" is long: cut it in two, or say it otherwise"),
        Hard::Passive(words) => format!("\"{words}\" hides who does it"),
    };
    hard.iter().map(say).collect()
}
