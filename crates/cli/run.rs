//! `klantreis run DIR`: transcripts in, tables out.

use std::{collections::BTreeMap, path::PathBuf};

use klantreis_coding::Options;
use klantreis_report::{Level, Report, Tables, View, write_whole};
use klantreis_study::{Language, Quote, Severity, Status, Study};

use crate::{Outcome, by, engine, extras, matrix, output::TableArgs, pipeline, searching, snapshots};

#[derive(clap::Args)]
pub struct Args {
    /// The study: a folder with transcripts
    dir: PathBuf,
    /// Number of threads (all cores if left out); the result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Print nothing but problems
    #[arg(long, short)]
    quiet: bool,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    tables: TableArgs,
    /// Propose only what is at least this likely, 0 to 1
    #[arg(long)]
    min_confidence: Option<f32>,
    /// Code by cues alone, without the model
    #[arg(long)]
    cues_only: bool,
    /// Also a journey for each value of an attribute, and how they differ: segment, perspective, location, …
    #[arg(long)]
    by: Option<String>,
    #[command(flatten)]
    engine: engine::Choice,
    /// Where to write the tables (klantreis-out in the study if left out)
    #[arg(long, short)]
    output: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let quiet = args.quiet || args.json;
    let study = Study::load(&args.dir)?;
    if args.engine.dry_run {
        engine::dry_run(&study, &args.engine)?;
        return Ok(Outcome::Well);
    }
    let method = engine::choose(&study, &args.engine, quiet)?;
    let options = Options { min_confidence: args.min_confidence, cues_only: args.cues_only };
    let pipeline::Analysis { mut coded, quotes, journey } = pipeline::analyse(&study, options, quiet)?;
    let passages = searching::build(&study, &coded, quiet)?;
    let out = args.output.clone().unwrap_or_else(|| study.out_dir());
    let tables = Tables { study: &study, quotes: &quotes, journey: &journey };
    let options = args.tables.options(&tables)?;
    let mut files = tables.write(&out, &options)?;
    let (more, wrong) = extras::write(&study, &coded, &quotes, &journey, &out, &options)?;
    files.extend(more);
    coded.problems.extend(wrong);
    files.extend(matrix::write(&coded.transcripts, &out, args.tables.excel)?);
    snapshots::keep(&study, &journey.interviews, &quotes)?;
    if let Some(attribute) = &args.by {
        files.extend(by::write(&study, attribute, &coded, &quotes, &out, &options)?);
    }
    if let Some(method) = method {
        files.push(method.write(&out)?);
    }
    let errors: Vec<_> = coded.problems.iter().filter(|p| p.severity == Severity::Error).collect();
    let about = [about(&study, &coded, args.cues_only)];
    let report = Report {
        study: &study,
        codebook: &coded.codebook,
        transcripts: &coded.transcripts,
        quotes: &quotes,
        journey: &journey,
        problems: &coded.problems,
        about: &about,
        by: None,
    };
    files.push(report.page().write(&out)?);
    for (name, content) in
        [("klantreis.svg", report.svg(View::Map(Level::Basic)).into_bytes()), ("klantreis.xlsx", report.xlsx()?)]
    {
        let path = out.join(name);
        write_whole(&path, &content)?;
        files.push(path);
    }

    let mut by_category: BTreeMap<&str, usize> = BTreeMap::new();
    for row in quotes.iter().filter(|q| q.status != Status::Rejected) {
        *by_category.entry(row.category.as_str()).or_default() += 1;
    }
    if args.json {
        let summary = serde_json::json!({
            "title": study.title,
            "interviews": coded.transcripts.len(),
            "passages": passages,
            "quotes": by_category,
            "files": files,
            "skipped": errors,
            "notes": coded.problems.iter().filter(|p| p.severity == Severity::Note).collect::<Vec<_>>(),
            "expected_macro_f1": coded.expected.macro_f1,
            "expected_phase_accuracy": coded.expected.topics.phase,
            "expected_touchpoint_accuracy": coded.expected.topics.touchpoint,
        });
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        for problem in &coded.problems {
            let word = if problem.severity == Severity::Error { "skipped" } else { "note" };
            eprintln!("{word}: {problem}");
        }
        if !args.quiet {
            println!(
                "{}: {} interviews, {passages} passages, {} quotes{}",
                study.title,
                coded.transcripts.len(),
                quotes.iter().filter(|q| q.status != Status::Rejected).count(),
                decided(&quotes)
            );
            for (category, count) in &by_category {
                println!("  {category:<12}{count:>6}");
            }
            let expected = coded.expected;
            if args.cues_only {
                println!("Coded by cues alone: expect to find less than half of what a careful coder finds.");
            } else {
                println!(
                    "These are proposals, not results: on interviews of studies that the model had not seen, it agreed with \
                     careful coders at F1 {:.2} (need {:.2}, gain {:.2}, pain {:.2}, activity {:.2}); two people reach about 0.94. \
                     Of their phases {:.0}% were right, of their touchpoints {:.0}%.",
                    expected.macro_f1,
                    expected.f1[0],
                    expected.f1[1],
                    expected.f1[2],
                    expected.f1[3],
                    100.0 * expected.topics.phase,
                    100.0 * expected.topics.touchpoint
                );
            }
            println!("The tables, klantreis.html, klantreis.xlsx and klantreis.svg are in {}", out.display());
            if !errors.is_empty() {
                println!("{} of the files could not be used; see above.", errors.len());
            }
        }
    }
    Ok(if errors.is_empty() { Outcome::Well } else { Outcome::Partly })
}

/// What people decided of the quotes, in a word.
fn decided(quotes: &[Quote]) -> String {
    let count = |status| quotes.iter().filter(|q| q.status == status).count();
    let (rejected, open) = (count(Status::Rejected), count(Status::Auto));
    match quotes.len() - open {
        0 => " proposed".to_owned(),
        _ => format!(", {} of them decided; {rejected} rejected", quotes.len() - open - rejected),
    }
}

/// How well the coding agrees with people, for the page.
pub fn about(study: &Study, coded: &pipeline::Coded, cues_only: bool) -> String {
    let f1 = coded.expected.macro_f1;
    let (phase, touchpoint) = (100.0 * coded.expected.topics.phase, 100.0 * coded.expected.topics.touchpoint);
    match (study.language, cues_only) {
        (Language::Dutch, true) => {
            "De uitspraken zijn met trefwoorden alleen gezocht: verwacht minder dan de helft van wat een zorgvuldige \
             codeur vindt."
                .to_owned()
        }
        (Language::English, true) => {
            "Quotes were found by cues alone: expect less than half of what a careful coder finds.".to_owned()
        }
        (Language::Dutch, false) => format!(
            "Op interviews uit studies die het model niet kende, kwam het met zorgvuldige codeurs overeen met een \
             F1 van {}; twee mensen onderling halen ongeveer 0,94. De fase klopte bij {phase:.0}% van de uitspraken, het \
             contactmoment bij {touchpoint:.0}%.",
            format!("{f1:.2}").replace('.', ",")
        ),
        (Language::English, false) => format!(
            "On interviews of studies that the model had not seen, it agreed with careful coders at F1 {f1:.2}; two \
             people reach about 0.94. The phase was right for {phase:.0}% of the quotes, the touchpoint for \
             {touchpoint:.0}%."
        ),
    }
}
