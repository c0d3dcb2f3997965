//! `klantreis ingest DIR`: how each transcript is read, before anything is made of it.

use std::{collections::BTreeSet, fmt::Write, path::PathBuf};

use clap::ValueEnum;
use klantreis_ingest::{As, Interview, Speaker, write};
use klantreis_study::{Problem, Role, Severity, Study, Transcript};
use serde_json::{Value, json};

use crate::{
    Outcome,
    output::{Format, Output},
    pipeline, pseudonyms,
    query::cell,
};

#[derive(clap::Args)]
pub struct Args {
    /// The study: a folder with transcripts
    dir: PathBuf,
    /// Print one transcript as it was read, with every line that is in no turn
    #[arg(long, value_name = "FILE")]
    show: Option<String>,
    /// With --show: write it in another form
    #[arg(long = "as", value_enum, requires = "show", value_name = "FORM")]
    form: Option<Form>,
    /// In a study with pseudonymise = true: show the names themselves, not their stand-ins
    #[arg(long)]
    real_names: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Text,
    Vtt,
    Srt,
    Json,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let (interviews, problems) = pipeline::interviews(&study, false);
    // Who asks for a file knows it by the name that it has on the disk, which may hold somebody's.
    let wanted = args.show.as_ref().map(|file| Wanted::find(file, &interviews, &problems));
    let (interviews, problems) = if study.pseudonymise.on && !args.real_names {
        eprintln!("note: stand-ins are shown for names, as this study asks; --real-names shows the names themselves");
        pseudonyms::in_interviews(&study, interviews, problems).map_err(|problem| anyhow::anyhow!("{problem}"))?
    } else {
        (interviews, problems)
    };
    let text = match (&args.show, args.output.format) {
        (Some(file), _) => {
            let mut wanted = wanted.unwrap_or_default();
            wanted.add(Wanted::find(file, &interviews, &problems));
            shown(file, &wanted, &interviews, &problems, args.form)?
        }
        (None, Format::Text) => table(&interviews, &problems)?,
        (None, Format::Csv) => csv(&interviews, &problems)?,
        (None, Format::Json) => serde_json::to_string_pretty(&as_json(&interviews, &problems))? + "\n",
    };
    args.output.write(&text)?;
    let all = interviews.iter().flat_map(|i| &i.transcript.problems).chain(&problems);
    let skipped = all.filter(|p| p.severity == Severity::Error).count() > 0;
    Ok(if skipped && args.show.is_none() { Outcome::Partly } else { Outcome::Well })
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Interviewer => "interviewer",
        Role::Respondent => "respondent",
    }
}

/// "Sanne: interviewer (guess, 93%)".
fn speaker(speaker: &Speaker) -> String {
    let name = if speaker.name.is_empty() { "nobody named" } else { &speaker.name };
    let sure = if speaker.confidence < 1.0 { format!(", {:.0}%", speaker.confidence * 100.0) } else { String::new() };
    format!("{name}: {} ({}{sure})", role(speaker.role), speaker.how.name())
}

/// Minutes until the last time code; `None` without any.
fn minutes(transcript: &Transcript) -> Option<f64> {
    let last = transcript.turns.iter().filter_map(|turn| turn.end.max(turn.start)).max()?;
    Some(last.0 as f64 / 60_000.0)
}

fn words(interview: &Interview) -> usize {
    interview.speakers.iter().map(|s| s.words).sum()
}

fn table(interviews: &[Interview], problems: &[Problem]) -> Result<String, std::fmt::Error> {
    let width = interviews.iter().map(|i| i.transcript.file.chars().count()).max().unwrap_or(0).clamp(4, 48);
    let mut out = String::new();
    writeln!(
        out,
        "{:<width$}  {:<9}  {:<12}  {:<8}  {:>5}  {:>6}  {:>7}  {:>8}  speakers",
        "file", "format", "encoding", "language", "turns", "words", "minutes", "problems"
    )?;
    for interview in interviews {
        let t = &interview.transcript;
        let speakers: Vec<String> = interview.speakers.iter().map(speaker).collect();
        writeln!(
            out,
            "{:<width$}  {:<9}  {:<12}  {:<8}  {:>5}  {:>6}  {:>7}  {:>8}  {}",
            t.file,
            interview.format.name(),
            interview.encoding.unwrap_or("-"),
            interview.language.map_or("-", |l| l.name),
            t.turns.len(),
            words(interview),
            minutes(t).map_or_else(|| "-".to_owned(), |m| format!("{m:.1}")),
            t.problems.len(),
            speakers.join("; ")
        )?;
    }
    let errors = |p: &&Problem| p.severity == Severity::Error;
    let failed = problems.iter().filter(errors).count();
    writeln!(out, "\n{} interviews; {failed} files or parts of files could not be read", interviews.len())?;
    let all = || problems.iter().chain(interviews.iter().flat_map(|i| &i.transcript.problems));
    for problem in all().filter(errors) {
        writeln!(out, "error: {problem}")?;
    }
    for problem in all().filter(|p| p.severity == Severity::Note) {
        writeln!(out, "note: {problem}")?;
    }
    Ok(out)
}

fn csv(interviews: &[Interview], problems: &[Problem]) -> Result<String, std::fmt::Error> {
    let mut out =
        String::from("file,interview,format,encoding,language,turns,words,minutes,speakers,passed_over,problems\n");
    let joined = |problems: &[&Problem]| problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join(" | ");
    for interview in interviews {
        let t = &interview.transcript;
        let speakers: Vec<String> = interview.speakers.iter().map(speaker).collect();
        writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{}",
            cell(&t.file),
            cell(&t.interview),
            interview.format.name(),
            interview.encoding.unwrap_or_default(),
            interview.language.map_or("", |l| l.code),
            t.turns.len(),
            words(interview),
            minutes(t).map(|m| format!("{m:.1}")).unwrap_or_default(),
            cell(&speakers.join("; ")),
            interview.passed_over.len(),
            cell(&joined(&t.problems.iter().collect::<Vec<_>>()))
        )?;
    }
    for problem in problems {
        writeln!(out, "{},,,,,,,,,,{}", cell(&problem.file), cell(&problem.message))?;
    }
    Ok(out)
}

fn as_json(interviews: &[Interview], problems: &[Problem]) -> Value {
    let one = |interview: &Interview| {
        let t = &interview.transcript;
        let speakers = interview.speakers.iter().map(|s| {
            json!({
                "name": s.name, "role": s.role, "how": s.how.name(), "confidence": s.confidence,
                "turns": s.turns, "questions": s.questions, "words": s.words,
            })
        });
        let passed = interview.passed_over.iter().map(|p| json!({"line": p.line, "text": p.text, "why": p.why}));
        json!({
            "file": t.file,
            "interview": t.interview,
            "format": interview.format.name(),
            "encoding": interview.encoding,
            "language": interview.language.map(|l| l.code),
            "language_confidence": interview.language.map(|l| l.confidence),
            "turns": t.turns.len(),
            "words": words(interview),
            "minutes": minutes(t),
            "speakers": speakers.collect::<Vec<_>>(),
            "attributes": t.attributes,
            "passed_over": passed.collect::<Vec<_>>(),
            "problems": t.problems,
        })
    };
    json!({"interviews": interviews.iter().map(one).collect::<Vec<_>>(), "problems": problems})
}

/// The places of what `--show` asks for among the interviews and the problems.
#[derive(Default)]
struct Wanted {
    interviews: BTreeSet<usize>,
    problems: BTreeSet<usize>,
}

impl Wanted {
    /// The transcripts of a file, or the one of that name.
    fn find(file: &str, interviews: &[Interview], problems: &[Problem]) -> Self {
        let inside = format!("{}/", file.trim_end_matches('/'));
        let is_wanted = |t: &Transcript| t.file == file || t.interview == file || t.file.starts_with(&inside);
        let places = |is: &dyn Fn(usize) -> bool, all: usize| (0..all).filter(|n| is(*n)).collect();
        Self {
            interviews: places(&|n| is_wanted(&interviews[n].transcript), interviews.len()),
            problems: places(&|n| problems[n].file == file, problems.len()),
        }
    }

    fn add(&mut self, other: Self) {
        self.interviews.extend(other.interviews);
        self.problems.extend(other.problems);
    }
}

fn shown(
    file: &str,
    wanted: &Wanted,
    interviews: &[Interview],
    problems: &[Problem],
    form: Option<Form>,
) -> anyhow::Result<String> {
    let found: Vec<&Interview> = wanted.interviews.iter().map(|n| &interviews[*n]).collect();
    if found.is_empty() {
        if let Some(problem) = wanted.problems.first() {
            anyhow::bail!("{}", problems[*problem]);
        }
        anyhow::bail!("there is no transcript \"{file}\"; `klantreis ingest` without --show lists them");
    }
    let form = match form {
        None => {
            let mut out = String::new();
            for interview in found {
                show(interview, &mut out)?;
            }
            return Ok(out);
        }
        Some(Form::Text) => As::Text,
        Some(Form::Vtt) => As::Vtt,
        Some(Form::Srt) => As::Srt,
        Some(Form::Json) => As::Json,
    };
    match found.as_slice() {
        [one] => Ok(write(&one.transcript, form)),
        several => anyhow::bail!(
            "\"{file}\" holds {} interviews; name one, such as \"{}\"",
            several.len(),
            several[0].transcript.file
        ),
    }
}

fn show(interview: &Interview, out: &mut String) -> Result<(), std::fmt::Error> {
    let t = &interview.transcript;
    writeln!(out, "{} ({})", t.file, interview.format.name())?;
    for (key, value) in &t.attributes {
        writeln!(out, "  {key}: {value}")?;
    }
    for s in &interview.speakers {
        writeln!(out, "  {}, {} turns, {} with a question, {} words", speaker(s), s.turns, s.questions, s.words)?;
    }
    for turn in &t.turns {
        let time = turn.start.map(|time| format!("[{time}] ")).unwrap_or_default();
        writeln!(out, "\n{} {time}{} ({}): {}", turn.number, turn.speaker, role(turn.role), turn.text)?;
    }
    if !interview.passed_over.is_empty() {
        writeln!(out, "\nIn no turn:")?;
    }
    for passed in &interview.passed_over {
        let line = if passed.line > 0 { format!("line {}", passed.line) } else { "somewhere".to_owned() };
        writeln!(out, "  {line}: \"{}\" {}", passed.text, passed.why)?;
    }
    for problem in t.problems.iter().filter(|p| p.line.is_none()) {
        writeln!(out, "note: {}", problem.message)?;
    }
    writeln!(out)
}
