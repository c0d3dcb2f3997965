//! `klantreis learn DIR`: teaches the model what was coded by hand in a study.
//! `klantreis learn --built-in STUDIES --also MORE -o FILE`: trains the model that comes with the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::{
    CATEGORIES, Example, HeldBack, Resources, adapt, built_in_model, cross_validate, expected as expected_of, train,
};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study to learn from: the interviews that its gold*.csv code whole
    #[arg(required_unless_present = "built_in")]
    dir: Option<PathBuf>,
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
        (Some(dir), ..) => of_study(dir),
        (None, Some(studies), Some(output)) => built_in(studies, args.also.as_deref(), output),
        _ => anyhow::bail!("give the folder of a study, or --built-in with -o"),
    }
}

/// Interviews that must be coded by hand before anything can be held back to measure on.
const FEWEST: usize = 2;

fn of_study(dir: &Path) -> anyhow::Result<Outcome> {
    let gold = pipeline::gold_files(dir)?;
    if gold.is_empty() {
        anyhow::bail!(
            "{}: there is no gold*.csv to learn from; go through klantreis-out/quotes.csv, set `status` to rejected \
             where it is wrong, add what is missing, and save it there as gold.csv",
            dir.display()
        );
    }
    let mut examples = pipeline::examples(dir, &gold)?;
    examples.retain(|e| e.gold.iter().any(|g| g.categories.contains(&true)));
    if examples.len() < FEWEST {
        anyhow::bail!(
            "{}: {} interview is coded by hand; code {FEWEST} or more, so that one can be held back to see what was learned",
            dir.display(),
            examples.len()
        );
    }
    let (model, resources) = (built_in_model()?, Resources::built_in());
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for n in 0..examples.len() {
        let rest: Vec<&Example> = (0..examples.len()).filter(|m| *m != n).map(|m| &examples[m]).collect();
        let adapted = adapt(&model, &rest, &resources);
        before.push(HeldBack::of(&model, n, &examples[n], &resources));
        after.push(HeldBack::of(&adapted, n, &examples[n], &resources));
    }
    let ((old, _), (new, _)) = (expected_of(&examples, &before), expected_of(&examples, &after));
    println!("{} interviews coded by hand; each held back once, F1 before and after learning:", examples.len());
    for (l, category) in CATEGORIES.iter().enumerate() {
        println!("{category:<12}{:>7.3}{:>7.3}", old.f1[l], new.f1[l]);
    }
    println!("{:<12}{:>7.3}{:>7.3}", "macro-F1", old.macro_f1, new.macro_f1);
    let path = pipeline::own_model(dir);
    if new.macro_f1 < old.macro_f1 {
        println!("Learning would make it worse; the model stays as it is. More coded interviews may help.");
        return Ok(Outcome::Well);
    }
    let learned = adapt(&model, &examples.iter().collect::<Vec<_>>(), &resources);
    fs::create_dir_all(path.parent().unwrap_or(dir)).with_context(|| path.display().to_string())?;
    fs::write(&path, learned.to_bytes()).with_context(|| path.display().to_string())?;
    println!("`klantreis run` codes with {} from now on; delete that file to go back.", path.display());
    Ok(Outcome::Well)
}

fn built_in(studies: &Path, also: Option<&Path>, output: &Path) -> anyhow::Result<Outcome> {
    let mut examples = coded_studies(studies)?;
    let measured = examples.len();
    if let Some(also) = also {
        examples.extend(coded_studies(also)?);
    }
    if std::env::var("KT").is_ok() {
        for by in [true, false] {
            let acc = klantreis_coding::topic_accuracy(
                &examples,
                |n| {
                    if by {
                        examples[n].study.clone()
                    } else {
                        format!("{}/{}", examples[n].study, examples[n].transcript.interview)
                    }
                },
                |n| n < measured,
            );
            for (s, a) in &acc {
                print!("{} {:.2} {:.2}  ", &s[..6.min(s.len())], a.phase, a.touchpoint);
            }
            let n = acc.len() as f32;
            println!(
                "\n{by} {:.3} {:.3}",
                acc.values().map(|a| a.phase).sum::<f32>() / n,
                acc.values().map(|a| a.touchpoint).sum::<f32>() / n
            );
        }
        return Ok(Outcome::Well);
    }
    let resources = Resources::built_in();
    println!("{} interviews; leaving out one study at a time of {measured}:", examples.len());
    let held_back = cross_validate(&examples, &resources, |n| examples[n].study.clone(), |n| n < measured);
    let (expected, by_study) = expected_of(&examples, &held_back);
    println!("{:<20}{:>9}{:>7}{:>9}{:>11}{:>9}", "study", "behoefte", "winst", "pijnpunt", "activiteit", "macro-F1");
    for (study, f1) in by_study.iter().chain([&("mean".to_owned(), expected.f1)]) {
        let mean = (f1[0] + f1[1] + f1[2]) / 3.0;
        println!("{study:<20}{:>9.3}{:>7.3}{:>9.3}{:>11.3}{mean:>9.3}", f1[0], f1[1], f1[2], f1[3]);
    }
    let mut model = train(&examples, &resources);
    model.expected = expected;
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
