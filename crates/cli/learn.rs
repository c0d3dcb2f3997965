//! `klantreis learn DIR`: teaches the model what was coded by hand in a study, or, `--from llm`, by a language model.
//! `klantreis learn --built-in STUDIES --also MORE -o FILE`: trains the model that comes with the program.

mod built_in;
mod from_model;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_coding::{
    CATEGORIES, DecidedQuote, Example, Expected, HeldBack, LearnedCode, Model, Options, Resources, Taught, adapt,
    built_in_model, expected as expected_of, lay_gold, learn_codes,
};
use klantreis_study::{Quote, Study, quotes};

use crate::{
    Outcome,
    by_hand::{ByHand, stands},
    pipeline,
};

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
    #[arg(long, value_name = "STUDIES", conflicts_with = "dir")]
    built_in: Option<PathBuf>,
    /// A folder of more studies with gold: they teach which words speak for what, and are not measured on
    #[arg(long, value_name = "STUDIES", requires = "built_in")]
    also: Option<PathBuf>,
    /// Where to write the model that comes with the program
    #[arg(long, short, requires = "built_in")]
    output: Option<PathBuf>,
    /// Say what each part of the coder adds, and what more interviews add, in place of training
    #[arg(long, requires = "built_in", conflicts_with = "output")]
    ablation: bool,
    /// Say how often phases are right in studies that the model knows and in those that it does not, in place of training
    #[arg(long, requires = "built_in", conflicts_with_all = ["output", "ablation"])]
    phases: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    match (&args.dir, &args.built_in, &args.output) {
        (Some(dir), ..) if args.from == Teacher::Llm => from_model::run(dir),
        (Some(dir), ..) => of_study(dir),
        (None, Some(studies), Some(output)) => built_in::train_and_measure(studies, args.also.as_deref(), output),
        (None, Some(studies), None) if args.phases => built_in::phases(studies, args.also.as_deref()),
        (None, Some(studies), None) if args.ablation => built_in::ablate(studies, args.also.as_deref()),
        _ => anyhow::bail!("give the folder of a study, or --built-in with -o, --ablation or --phases"),
    }
}

/// Interviews that must be coded by hand before anything can be held back to measure on.
const FEWEST: usize = 2;

fn of_study(dir: &Path) -> anyhow::Result<Outcome> {
    let learned = from_study(dir, &|_, _| ())?;
    if let Some(categories) = &learned.categories {
        println!(
            "{} interviews coded by hand; each held back once, F1 before and after learning:",
            categories.interviews
        );
        categories.print();
        if !categories.is_better() {
            println!("Learning would make it worse; the categories stay as they were. More coded interviews may help.");
        }
    }
    for code in &learned.codes {
        println!("{}", told_of_code(code));
    }
    if learned.is_new() {
        let path = pipeline::own_model(dir);
        println!("`klantreis run` codes with {} from now on; delete that file to go back.", path.display());
    }
    Ok(Outcome::Well)
}

fn told_of_code(code: &LearnedCode) -> String {
    let (found, right) = ((code.recall * 100.0).round(), (code.precision * 100.0).round());
    let verdict = if code.is_sound() {
        "it is named by them from now on"
    } else {
        "too often wrong to be named by them; its cues go on as before"
    };
    format!(
        "code {} ({}): learned from the words of {} quotes; in interviews held back, {found}% of its quotes were found, \
         and {right}% of what was found was right: {verdict}",
        code.code, code.category, code.examples
    )
}

/// What came of learning from a study.
pub struct Learned {
    /// The categories, where enough interviews are coded whole.
    pub categories: Option<Measured>,
    /// The codes that enough quotes carry.
    pub codes: Vec<LearnedCode>,
}

impl Learned {
    /// Whether the study codes in another way from now on.
    pub fn is_new(&self) -> bool {
        self.is_better() || self.codes.iter().any(LearnedCode::is_sound)
    }

    fn is_better(&self) -> bool {
        self.categories.as_ref().is_some_and(Measured::is_better)
    }
}

/// The agreement on each interview when the others were learned from.
pub struct Measured {
    pub interviews: usize,
    pub before: Expected,
    pub after: Expected,
}

impl Measured {
    /// Whether the study codes with what was learned from now on.
    pub fn is_better(&self) -> bool {
        self.after.macro_f1 >= self.before.macro_f1
    }

    /// What is to be known of a model that learned so, from a language model too or from people alone.
    fn taught(&self, by: Option<&str>, against_people: bool) -> Taught {
        let macro_f1 = [self.before.macro_f1, self.after.macro_f1];
        Taught { by: by.map(str::to_owned), interviews: self.interviews, macro_f1, against_people }
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
    let study = Study::load(dir)?;
    set_aside_what_cannot_be_read(dir)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    pipeline::report(&coded.problems);
    let codes = codes(&coded);
    let examples = coded_by_hand(dir, study, coded)?;
    let enough = examples.len() >= FEWEST;
    if !enough && codes.is_empty() {
        anyhow::bail!(
            "{}: {} interviews are coded by hand; {FEWEST} or more are needed, so that one can be held back to see what \
             was learned. Decide on every proposal of an interview (klantreis serve), or go through \
             klantreis-out/quotes.csv, set `status` to rejected where it is wrong, add what is missing, and save it \
             there as gold.csv",
            dir.display(),
            examples.len()
        );
    }
    let categories = if enough { Some(hold_back(&examples, step)?.measure(&examples, |_| true)) } else { None };
    let learned = Learned { categories, codes };
    if learned.is_new() {
        let model = match &learned.categories {
            Some(measured) if measured.is_better() => {
                Model { taught: Some(measured.taught(None, true)), ..adapted(&examples)? }
            }
            _ => pipeline::model(dir)?,
        };
        keep(dir, &Model { codes: learned.codes.clone(), ..model })?;
    }
    step(examples.len() + 1, examples.len() + 1);
    Ok(learned)
}

/// A model of an older version, or a damaged one, must not keep anybody from learning a new one: it is made from what
/// people decided, and that is all still there.
fn set_aside_what_cannot_be_read(dir: &Path) -> anyhow::Result<()> {
    let path = pipeline::own_model(dir);
    if pipeline::model(dir).is_err() && path.is_file() {
        let aside = path.with_extension("old.bin");
        fs::rename(&path, &aside).with_context(|| path.display().to_string())?;
        eprintln!("{}: can't be read by this version; set aside as {}", path.display(), aside.display());
    }
    Ok(())
}

/// What the quotes that people decided on teach of the codes that they carry.
fn codes(coded: &pipeline::Coded) -> Vec<LearnedCode> {
    let quotes: Vec<Quote> = coded.transcripts.iter().flat_map(quotes).filter(|q| stands(q.status)).collect();
    let decided: Vec<DecidedQuote<'_>> = quotes
        .iter()
        .map(|q| DecidedQuote { interview: &q.interview, category: &q.category, code: q.code.as_ref(), text: &q.quote })
        .collect();
    learn_codes(&decided)
}

/// What the built-in model proposes for each interview, and what it proposes after learning from the others.
struct Held {
    before: Vec<HeldBack>,
    after: Vec<HeldBack>,
}

impl Held {
    /// The agreement with some of the interviews.
    fn measure(&self, examples: &[Example], which: impl Fn(usize) -> bool) -> Measured {
        let of = |held: &[HeldBack]| {
            let some: Vec<HeldBack> = held.iter().filter(|h| which(h.example)).cloned().collect();
            expected_of(examples, &some).0
        };
        let interviews = (0..examples.len()).filter(|n| which(*n)).count();
        Measured { interviews, before: of(&self.before), after: of(&self.after) }
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

/// What all examples teach.
fn adapted(examples: &[Example]) -> anyhow::Result<Model> {
    Ok(adapt(&built_in_model()?, &examples.iter().collect::<Vec<_>>(), &Resources::built_in()))
}

/// Keeps a model for the next `run`.
fn keep(dir: &Path, model: &Model) -> anyhow::Result<()> {
    let path = pipeline::own_model(dir);
    fs::create_dir_all(path.parent().unwrap_or(dir)).with_context(|| path.display().to_string())?;
    fs::write(&path, model.to_bytes()).with_context(|| path.display().to_string())
}

/// The interviews that people coded whole: in a gold*.csv, or by decisions, which hold where there are both.
fn coded_by_hand(dir: &Path, study: Study, coded: pipeline::Coded) -> anyhow::Result<Vec<Example>> {
    let by_hand = ByHand::of(dir, &coded)?;
    let (name, design) = (pipeline::folder_name(dir)?, Arc::new(study));
    let mut examples = Vec::new();
    for transcript in coded.transcripts.into_iter().map(|coded| coded.transcript) {
        let (gold, missing) = lay_gold(&transcript, &by_hand.rows);
        missing.iter().for_each(|row| pipeline::not_found(&transcript, row));
        // An interview in which people found nothing teaches too, if they said so.
        if by_hand.whole.contains(&transcript.file) || gold.iter().any(|g| g.categories.contains(&true)) {
            let (study, design) = (name.clone(), design.clone());
            examples.push(Example { study, design, transcript, gold, standard: true });
        }
    }
    Ok(examples)
}
