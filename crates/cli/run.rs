//! `klantreis run DIR`: transcripts in, tables out.

use std::{collections::BTreeMap, path::PathBuf};

use klantreis_coding::Options;
use klantreis_index::Builder;
use klantreis_report::{Level, Page, Report, TableOptions, Tables, View, write_whole};
use klantreis_study::{Language, Severity, Study};

use crate::{Outcome, pipeline, progress};

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
    /// Write tables with ; and a byte order mark, for a Dutch Excel
    #[arg(long)]
    excel: bool,
    /// Propose only what is at least this likely, 0 to 1
    #[arg(long)]
    min_confidence: Option<f32>,
    /// Code by cues alone, without the model
    #[arg(long)]
    cues_only: bool,
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
    let options = Options { min_confidence: args.min_confidence, cues_only: args.cues_only };
    let pipeline::Analysis { coded, quotes, journey } = pipeline::analyse(&study, options, quiet)?;
    let errors: Vec<_> = coded.problems.iter().filter(|p| p.severity == Severity::Error).collect();
    let bar = progress::bar("indexing", coded.transcripts.len(), quiet);
    let mut builder = Builder::create(&study.cache_dir().join("index"))?;
    let mut passages = 0;
    for transcript in &coded.transcripts {
        passages += builder.add(transcript)?;
        bar.inc(1);
    }
    builder.finish()?;
    bar.finish_and_clear();
    let out = args.output.clone().unwrap_or_else(|| study.out_dir());
    let mut files =
        Tables { study: &study, quotes: &quotes, journey: &journey }.write(&out, TableOptions { excel: args.excel })?;
    let about = [about(&study, &coded, args.cues_only)];
    files.push(Page { study: &study, quotes: &quotes, journey: &journey, about: &about }.write(&out)?);
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
    for (name, content) in
        [("klantreis.svg", report.svg(View::Map(Level::Basic)).into_bytes()), ("klantreis.xlsx", report.xlsx()?)]
    {
        let path = out.join(name);
        write_whole(&path, &content)?;
        files.push(path);
    }

    let mut by_category: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &quotes {
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
        });
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        for problem in &coded.problems {
            let word = if problem.severity == Severity::Error { "skipped" } else { "note" };
            eprintln!("{word}: {problem}");
        }
        if !args.quiet {
            println!(
                "{}: {} interviews, {passages} passages, {} quotes proposed",
                study.title,
                coded.transcripts.len(),
                quotes.len()
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
                     careful coders at F1 {:.2} (need {:.2}, gain {:.2}, pain {:.2}, activity {:.2}); two people reach about 0.94.",
                    expected.macro_f1, expected.f1[0], expected.f1[1], expected.f1[2], expected.f1[3]
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

/// How well the coding agrees with people, for the page.
pub fn about(study: &Study, coded: &pipeline::Coded, cues_only: bool) -> String {
    let f1 = coded.expected.macro_f1;
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
             F1 van {}; twee mensen onderling halen ongeveer 0,94.",
            format!("{f1:.2}").replace('.', ",")
        ),
        (Language::English, false) => format!(
            "On interviews of studies that the model had not seen, it agreed with careful coders at F1 {f1:.2}; two \
             people reach about 0.94."
        ),
    }
}
