//! `klantreis learn DIR`: teaches the model what was coded by hand in a study, or, `--from llm`, by a language model.
//! `klantreis learn --built-in STUDIES --also MORE -o FILE`: trains the model that comes with the program.

mod from_model;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_coding::{
    CATEGORIES, Example, Expected, GoldRow, HeldBack, Options, Resources, TopicAccuracy, adapt, built_in_model,
    calibration, cross_validate, expected as expected_of, lay_gold, topic_accuracy, train,
};
use klantreis_review::Progress;
use klantreis_study::{Quote, Status, Study, quotes};

use crate::{Outcome, pipeline};

/// Whose codings the model learns from.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Teacher {
    /// What was coded by hand and decided
    People,
    /// Also what the language model proposed and nobody rejected, where people did not code a whole interview
    Llm,
}

#[derive(clap::Args)]
pub struct Args {
    /// The study to learn from: the interviews that were decided on whole, or that its gold*.csv code whole
    #[arg(required_unless_present = "built_in")]
    dir: Option<PathBuf>,
    /// Whose codings to learn from
    #[arg(long, value_enum, default_value = "people", conflicts_with = "built_in")]
    from: Teacher,
    /// Train the model that comes with the program, from a folder of studies, each with its gold*.csv
    #[arg(long, value_name = "STUDIES", conflicts_with = "dir", requires = "output")]
    built_in: Option<PathBuf>,
    /// A folder of more studies with gold, to learn from but not to measure on
    #[arg(long, value_name = "STUDIES", requires = "built_in")]
    also: Option<PathBuf>,
    /// Where to write the model that comes with the program
    #[arg(long, short, requires = "built_in")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    match (&args.dir, &args.built_in, &args.output) {
        (Some(dir), ..) if args.from == Teacher::Llm => from_model::run(dir),
        (Some(dir), ..) => of_study(dir),
        (None, Some(studies), Some(output)) => built_in(studies, args.also.as_deref(), output),
        _ => anyhow::bail!("give the folder of a study, or --built-in with -o"),
    }
}

/// Interviews that must be coded by hand before anything can be held back to measure on.
const FEWEST: usize = 2;

fn of_study(dir: &Path) -> anyhow::Result<Outcome> {
    let learned = from_study(dir, &|_, _| ())?;
    println!("{} interviews coded by hand; each held back once, F1 before and after learning:", learned.interviews);
    learned.print();
    if learned.is_better() {
        let path = pipeline::own_model(dir);
        println!("`klantreis run` codes with {} from now on; delete that file to go back.", path.display());
    } else {
        println!("Learning would make it worse; the model stays as it is. More coded interviews may help.");
    }
    Ok(Outcome::Well)
}

/// What came of learning: the agreement on each interview when the others were learned from.
pub struct Learned {
    pub interviews: usize,
    pub before: Expected,
    pub after: Expected,
}

impl Learned {
    /// Whether the study codes with what was learned from now on.
    pub fn is_better(&self) -> bool {
        self.after.macro_f1 >= self.before.macro_f1
    }

    fn print(&self) {
        for (l, category) in CATEGORIES.iter().enumerate() {
            println!("{category:<12}{:>7.3}{:>7.3}", self.before.f1[l], self.after.f1[l]);
        }
        println!("{:<12}{:>7.3}{:>7.3}", "macro-F1", self.before.macro_f1, self.after.macro_f1);
    }
}

/// Learns from what people coded in a study, and keeps it if it helps; tells of each interview that was held back.
pub fn from_study(dir: &Path, step: &dyn Fn(usize, usize)) -> anyhow::Result<Learned> {
    let examples = coded_by_hand(dir)?;
    if examples.len() < FEWEST {
        anyhow::bail!(
            "{}: {} interviews are coded by hand; {FEWEST} or more are needed, so that one can be held back to see what \
             was learned. Decide on every proposal of an interview (klantreis serve), or go through \
             klantreis-out/quotes.csv, set `status` to rejected where it is wrong, add what is missing, and save it \
             there as gold.csv",
            dir.display(),
            examples.len()
        );
    }
    let held_back = hold_back(&examples, step)?;
    let learned = held_back.measure(&examples, |_| true);
    if learned.is_better() {
        keep(dir, &examples)?;
    }
    step(examples.len() + 1, examples.len() + 1);
    Ok(learned)
}

/// What the built-in model proposes for each interview, and what it proposes after learning from the others.
struct Held {
    before: Vec<HeldBack>,
    after: Vec<HeldBack>,
}

impl Held {
    /// The agreement with some of the interviews.
    fn measure(&self, examples: &[Example], which: impl Fn(usize) -> bool) -> Learned {
        let of = |held: &[HeldBack]| {
            let some: Vec<HeldBack> = held.iter().filter(|h| which(h.example)).cloned().collect();
            expected_of(examples, &some).0
        };
        let interviews = (0..examples.len()).filter(|n| which(*n)).count();
        Learned { interviews, before: of(&self.before), after: of(&self.after) }
    }
}

/// Holds back one interview after another, and learns from the others.
fn hold_back(examples: &[Example], step: &dyn Fn(usize, usize)) -> anyhow::Result<Held> {
    let (model, resources) = (built_in_model()?, Resources::built_in());
    let mut held = Held { before: Vec::new(), after: Vec::new() };
    for n in 0..examples.len() {
        step(n, examples.len() + 1);
        let rest: Vec<&Example> = (0..examples.len()).filter(|m| *m != n).map(|m| &examples[m]).collect();
        let adapted = adapt(&model, &rest, &resources);
        held.before.push(HeldBack::of(&model, n, &examples[n], &resources));
        held.after.push(HeldBack::of(&adapted, n, &examples[n], &resources));
    }
    step(examples.len(), examples.len() + 1);
    Ok(held)
}

/// Learns from all examples, for the next `run`.
fn keep(dir: &Path, examples: &[Example]) -> anyhow::Result<()> {
    let path = pipeline::own_model(dir);
    let model = adapt(&built_in_model()?, &examples.iter().collect::<Vec<_>>(), &Resources::built_in());
    fs::create_dir_all(path.parent().unwrap_or(dir)).with_context(|| path.display().to_string())?;
    fs::write(&path, model.to_bytes()).with_context(|| path.display().to_string())
}

/// The interviews that people coded whole: in a gold*.csv, or by decisions, which hold where there are both.
fn coded_by_hand(dir: &Path) -> anyhow::Result<Vec<Example>> {
    let study = Study::load(dir)?;
    let mut rows = pipeline::gold_rows(dir, &pipeline::gold_files(dir)?)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    pipeline::report(&coded.problems);
    let (name, design) = (pipeline::folder_name(dir)?, Arc::new(study));
    let mut examples = Vec::new();
    for coded_transcript in coded.transcripts {
        let whole = Progress::of(&coded_transcript, &coded.decisions).is_whole();
        if whole {
            rows.retain(|row| !row.belongs_to(&coded_transcript.transcript));
            rows.extend(quotes(&coded_transcript).iter().filter(|q| stands(q.status)).map(row));
        }
        let (gold, missing) = lay_gold(&coded_transcript.transcript, &rows);
        missing.iter().for_each(|row| pipeline::not_found(&coded_transcript.transcript, row));
        // An interview in which people found nothing teaches too, if they said so.
        if whole || gold.iter().any(|g| g.categories.contains(&true)) {
            let (study, design, transcript) = (name.clone(), design.clone(), coded_transcript.transcript);
            examples.push(Example { study, design, transcript, gold });
        }
    }
    Ok(examples)
}

/// Whether people stand behind it.
fn stands(status: Status) -> bool {
    status.is_reviewed() && status != Status::Rejected
}

fn row(quote: &Quote) -> GoldRow {
    GoldRow {
        file: quote.file.clone(),
        turn: quote.turn,
        quote: quote.quote.clone(),
        category: quote.category.to_string(),
        phase: quote.phase.to_string(),
        touchpoint: quote.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
        emotion: quote.emotion.to_string(),
    }
}

fn built_in(studies: &Path, also: Option<&Path>, output: &Path) -> anyhow::Result<Outcome> {
    let mut examples = coded_studies(studies)?;
    let measured = examples.len();
    if let Some(also) = also {
        examples.extend(coded_studies(also)?);
    }
    let resources = Resources::built_in();
    println!("{} interviews; leaving out one study at a time of {measured}:", examples.len());
    let held_back = cross_validate(&examples, &resources, |n| examples[n].study.clone(), |n| n < measured);
    let (mut expected, by_study) = expected_of(&examples, &held_back);
    let topics = topic_accuracy(&examples, |n| examples[n].study.clone(), |n| n < measured);
    let mean = |of: fn(&TopicAccuracy) -> f32| topics.values().map(of).sum::<f32>() / topics.len() as f32;
    expected.topics = TopicAccuracy { phase: mean(|a| a.phase), touchpoint: mean(|a| a.touchpoint) };
    println!(
        "{:<20}{:>9}{:>7}{:>9}{:>11}{:>9}{:>7}{:>11}",
        "study", "behoefte", "winst", "pijnpunt", "activiteit", "macro-F1", "phase", "touchpoint"
    );
    let rows = by_study.iter().map(|(study, f1)| (study.as_str(), f1, topics.get(study).copied().unwrap_or_default()));
    for (study, f1, right) in rows.chain([("mean", &expected.f1, expected.topics)]) {
        let mean = (f1[0] + f1[1] + f1[2]) / 3.0;
        println!(
            "{study:<20}{:>9.3}{:>7.3}{:>9.3}{:>11.3}{mean:>9.3}{:>7.3}{:>11.3}",
            f1[0], f1[1], f1[2], f1[3], right.phase, right.touchpoint
        );
    }
    println!("Of the proposals with a confidence of about … so many were right:");
    for bin in calibration(&examples, &held_back) {
        println!("{:>6.2}{:>7.2} of {}", bin.confidence, bin.right, bin.n);
    }
    let mut model = train(&examples, &resources);
    model.expected = expected;
    // Phases of one's own are known by their words; those of studies that nobody looks at would only be carried along.
    model.topics.keep(|study| examples[..measured].iter().any(|example| example.study == study));
    fs::write(output, model.to_bytes()).with_context(|| output.display().to_string())?;
    println!("wrote {}", output.display());
    Ok(Outcome::Well)
}

/// The interviews of all studies in a folder that have gold, in the order of their names.
fn coded_studies(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut dirs = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            dirs.push(path);
        }
    }
    dirs.sort();
    let mut examples = Vec::new();
    for dir in dirs {
        let gold = pipeline::gold_files(&dir)?;
        if !gold.is_empty() {
            examples.extend(pipeline::examples(&dir, &gold)?);
        }
    }
    Ok(examples)
}
