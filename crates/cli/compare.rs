//! `klantreis compare A B`: two rounds or two places held against each other; which of several journeys comes first.

use std::path::{Path, PathBuf};

use anyhow::bail;
use klantreis_aggregation::{Change, ChangeKind, Design, ENOUGH, Journey, Round, changes, journey, score};
use klantreis_coding::Options;
use klantreis_ingest::read_metrics;
use klantreis_report::{Priority, TableOptions, measure_name, write_comparison, write_priorities};
use klantreis_study::{Metric, Phase, Quote, Study};

use crate::{Outcome, pipeline, snapshots};

#[derive(clap::Args)]
pub struct Args {
    /// The studies: first and second round, one place and another, or all that ask for improvement
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    /// Hold one study against what it was on a day, such as 2026-03-31
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Where to write the tables (klantreis-out in the last study if left out)
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Write tables with ; and a byte order mark, for a Dutch Excel
    #[arg(long)]
    excel: bool,
}

/// A study with its journey.
struct Side {
    study: Study,
    journey: Journey,
    quotes: Vec<Quote>,
    metrics: Vec<Metric>,
    skipped: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let sides = match (&args.since, args.dirs.as_slice()) {
        (Some(date), [dir]) => return since(dir, date, args),
        (Some(_), _) => bail!("--since holds one study against what it was: give one folder"),
        (None, [_]) => bail!("give two studies to compare, or one with --since DATE"),
        (None, dirs) => dirs.iter().map(|dir| read(dir)).collect::<anyhow::Result<Vec<Side>>>()?,
    };
    let options = TableOptions { excel: args.excel, ..TableOptions::default() };
    // There are at least two.
    let last = &sides[sides.len() - 1];
    let out = args.output.clone().unwrap_or_else(|| last.study.out_dir());
    if let [before, after] = sides.as_slice() {
        for line in phases_apart(&before.study, &after.study).iter().chain(&models_apart(&before.study, &after.study)) {
            eprintln!("note: {line}");
        }
        let found = changes(round(before), round(after), Design::Apart);
        let path = write_comparison(&after.study, &found, &out, &options)?;
        let same = before.study.title == after.study.title;
        let name = |study: &Study| match same {
            true => format!("{} ({})", study.title, study.root.display()),
            false => study.title.clone(),
        };
        tell(&name(&before.study), &name(&after.study), &found);
        println!("All {} lines are in {}", found.len(), path.display());
    }
    if sides.len() > 2 || sides.iter().all(|side| !side.metrics.is_empty()) {
        let ranked = priorities(&sides);
        let path = write_priorities(&last.study, &ranked, &out, &options)?;
        println!("Which journey to improve first (people × how far from good it feels; a rule of thumb):");
        for p in &ranked {
            let score = p.score().map_or("no numbers of people in metrics.csv".to_owned(), |s| format!("{s:.0}"));
            println!("  {}: {score}", p.title);
        }
        println!("The figures are in {}", path.display());
    }
    Ok(if sides.iter().any(|side| side.skipped) { Outcome::Partly } else { Outcome::Well })
}

fn read(dir: &Path) -> anyhow::Result<Side> {
    let study = Study::load(dir)?;
    let pipeline::Analysis { mut coded, quotes, journey } = pipeline::analyse(&study, Options::default(), true)?;
    let (metrics, wrong) = read_metrics(&study);
    coded.problems.extend(wrong);
    let skipped = pipeline::report(&coded.problems);
    Ok(Side { study, journey, quotes, metrics, skipped })
}

fn round(side: &Side) -> Round<'_> {
    Round { study: &side.study, journey: &side.journey, quotes: &side.quotes }
}

/// One study against what it was.
fn since(dir: &Path, date: &str, args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(dir)?;
    let (kept, snapshot) = snapshots::at(&study, date)?;
    let coded = pipeline::code(&study, Options::default(), true)?;
    let now = read(dir)?;
    let then = journey(&study, &coded.codebook, &snapshot.quotes, &snapshot.interviews);
    let shared = then.interviews.iter().filter(|name| now.journey.interviews.contains(name)).count();
    let before = Round { study: &study, journey: &then, quotes: &snapshot.quotes };
    let design = if shared == 0 { Design::Apart } else { Design::Paired };
    let found = changes(before, round(&now), design);
    let out = args.output.clone().unwrap_or_else(|| study.out_dir());
    let path = write_comparison(&study, &found, &out, &TableOptions { excel: args.excel, ..TableOptions::default() })?;
    println!(
        "Then ({kept}): {} interviews, {} quotes. Now: {} interviews, {} quotes.",
        then.interviews.len(),
        then.n_quotes,
        now.journey.interviews.len(),
        now.journey.n_quotes
    );
    match shared {
        0 => {}
        some if some < ENOUGH => println!(
            "{some} of the interviews {} in both; each is held against itself, and fewer than {ENOUGH} are too few to test: what \
             you see is how the tables moved.",
            if some == 1 { "is" } else { "are" }
        ),
        some => println!(
            "{some} of the interviews are in both: differences are those of each with itself (paired), and the others are \
             in the means alone."
        ),
    }
    tell(&format!("{} on {kept}", study.title), &study.title, &found);
    println!("All {} lines are in {}", found.len(), path.display());
    Ok(if now.skipped { Outcome::Partly } else { Outcome::Well })
}

/// Which phases can't be compared, since one study alone has them, and what to do about it.
fn phases_apart(before: &Study, after: &Study) -> Vec<String> {
    let missing = |from: &Study, other: &Study| -> Vec<String> {
        let like = |a: &Phase, b: &Phase| a.id == b.id || a.label.to_lowercase() == b.label.to_lowercase();
        let alone = from.phases.iter().filter(|a| !other.phases.iter().any(|b| like(a, b)));
        alone.map(|phase| phase.id.to_string()).collect()
    };
    let (first, second) = (missing(before, after), missing(after, before));
    let way_out = "Give phases that are the same the same id in both klantreis.toml, and run both again.";
    let list = |study: &Study, ids: &[String]| format!("\"{}\" has {}", study.title, ids.join(", "));
    if first.len() == before.phases.len() && second.len() == after.phases.len() {
        let lists = format!("{}; {}", list(before, &first), list(after, &second));
        return vec![format!(
            "the studies have no phase in common, so no phase could be compared, only touchpoints and themes ({lists}). {way_out}"
        )];
    }
    let mut out = Vec::new();
    for (study, ids) in [(before, first), (after, second)] {
        if !ids.is_empty() {
            let alone = ids.join(", ");
            out.push(format!("only \"{}\" has the phases {alone}: they are not compared. {way_out}", study.title));
        }
    }
    out
}

/// That two studies were coded by different models, which can make a difference of its own.
fn models_apart(before: &Study, after: &Study) -> Option<String> {
    let model = |study: &Study| std::fs::read(pipeline::own_model(&study.root)).ok();
    (model(before) != model(after)).then(|| {
        format!(
            "{} and {} were not coded by the same model (one has learned from decisions in its study), so that some of the \
             differences may be the model's. Only what people decided on in both is sure.",
            before.root.display(),
            after.root.display()
        )
    })
}

/// The changes that are beyond chance, and what is new and gone.
fn tell(before: &str, after: &str, found: &[Change]) {
    println!("{before} → {after}");
    for (kind, head) in [
        (ChangeKind::Better, "better"),
        (ChangeKind::Worse, "worse"),
        (ChangeKind::Different, "different"),
        (ChangeKind::New, "new"),
        (ChangeKind::Gone, "gone"),
    ] {
        let mut mine: Vec<&Change> = found.iter().filter(|c| c.change == kind).collect();
        mine.sort_by_key(|c| std::cmp::Reverse(c.n_interviews.0.max(c.n_interviews.1)));
        println!("  {head}: {}", mine.len());
        for change in mine.iter().take(5) {
            let category = change.category.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
            let (a, b) = change.n_interviews;
            println!("    {}: {}{category}, {a} → {b} interviews", measure_name(change.kind), change.label);
        }
    }
}

/// Words in the name of a figure that counts people or their visits.
const PEOPLE: [&str; 14] = [
    "bezoek",
    "klant",
    "gebruik",
    "aanvra",
    "contact",
    "mensen",
    "inwoner",
    "burger",
    "gesprek",
    "deelnemer",
    "volume",
    "visit",
    "user",
    "people",
];

fn priorities(sides: &[Side]) -> Vec<Priority> {
    let mut out: Vec<Priority> = sides
        .iter()
        .map(|side| {
            let people = side.metrics.iter().filter(|m| {
                let name = m.name.to_lowercase();
                PEOPLE.iter().any(|word| name.contains(word))
            });
            // The same people pass through many phases: the greatest figure, not the sum.
            let volume = people.max_by(|a, b| a.value.total_cmp(&b.value)).cloned();
            Priority { title: side.study.title.clone(), volume, emotion: score(side.quotes.iter()) }
        })
        .collect();
    out.sort_by(|a, b| b.score().unwrap_or(-1.0).total_cmp(&a.score().unwrap_or(-1.0)));
    out
}
