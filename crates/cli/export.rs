//! `klantreis export DIR --to FORMAT`: one output, of the whole journey or some of its phases.

mod partitions;

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use klantreis_aggregation::{Journey, journey};
use klantreis_coding::Options;
use klantreis_exchange::{Dialect, write_jsonl, write_parquet, write_partitions, write_qdc, write_qdpx};
use klantreis_report::{Report, Tables, write_whole};
use klantreis_study::{PhaseId, Quote, Study};

use crate::{Outcome, output::TableArgs, pipeline, run};

/// What can be written. A new one needs a line here, its ending, and a line in [`content`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The journey as a page to open by double-click
    Html,
    /// The map or the curve as a drawing
    Svg,
    /// The same as pixels
    Png,
    /// The same on one A3 page
    Pdf,
    /// A workbook: journey, quotes, counts, emotion with a chart, opportunities, touchpoints, account
    Xlsx,
    /// A report to go on writing in
    Docx,
    /// A page for a wiki, with tables and a Mermaid diagram
    Md,
    /// Sticky notes for Miro or Mural
    Miro,
    /// The journey with all that was counted
    Json,
    /// All tables, into a folder
    Csv,
    /// A project for NVivo, ATLAS.ti, MAXQDA, QualCoder (REFI-QDA): texts, codes and codings
    Qdpx,
    /// The codebook for these (REFI-QDA)
    Qdc,
    /// The quotes, an object a line
    Jsonl,
    /// The quotes with a type a column, for R, Python and DuckDB
    Parquet,
}

impl Format {
    /// The ending of its file's name; `None` for a folder of files.
    fn ending(self) -> Option<&'static str> {
        match self {
            Format::Html => Some("html"),
            Format::Svg => Some("svg"),
            Format::Png => Some("png"),
            Format::Pdf => Some("pdf"),
            Format::Xlsx => Some("xlsx"),
            Format::Docx => Some("docx"),
            Format::Md => Some("md"),
            Format::Miro => Some("miro.csv"),
            Format::Json => Some("json"),
            Format::Csv => None,
            Format::Qdpx => Some("qdpx"),
            Format::Qdc => Some("qdc"),
            Format::Jsonl => Some("jsonl"),
            Format::Parquet => Some("parquet"),
        }
    }
}

/// How much a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    /// What fits on one A3 page
    Basis,
    /// Everything, each item with its most typical quote
    Uitgebreid,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum View {
    /// The journey with the emotion curve in it
    Map,
    /// The emotion curve alone
    Curve,
}

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// What to write
    #[arg(long, value_enum)]
    to: Format,
    /// Only these phases: their ids, with commas between them
    #[arg(long, value_delimiter = ',')]
    phase: Vec<String>,
    /// For which tool a project is written: standard (if left out), nvivo, atlas or maxqda
    #[arg(long)]
    dialect: Option<Dialect>,
    #[command(flatten)]
    tables: TableArgs,
    /// Break counts down by this attribute of the interviews, such as segment, for xlsx, docx, md and pictures
    #[arg(long, value_name = "ATTRIBUTE")]
    by: Option<String>,
    /// How much a map shows, for svg, png and pdf (basis if left out)
    #[arg(long, value_enum)]
    level: Option<Level>,
    /// What a picture shows, for svg, png and pdf (map if left out)
    #[arg(long, value_enum)]
    view: Option<View>,
    /// For parquet: a file for each value of these columns, such as phase,category, in folders as Hive names them
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    partition_by: Vec<String>,
    /// Where to write it: a file, or - for the screen; for csv and partitions a folder (in klantreis-out if left out)
    #[arg(long, short)]
    output: Option<PathBuf>,
}

const PICTURES: &[Format] = &[Format::Svg, Format::Png, Format::Pdf];
const BROKEN_DOWN: &[Format] = &[Format::Xlsx, Format::Docx, Format::Md, Format::Svg, Format::Png, Format::Pdf];

impl Args {
    /// Refuses options that say nothing to the format that was asked for: an output that silently lacks what somebody
    /// asked for is worse than none.
    fn check(&self) -> anyhow::Result<()> {
        let options: [(&str, bool, &[Format]); 6] = [
            ("--dialect", self.dialect.is_some(), &[Format::Qdpx]),
            ("--level", self.level.is_some(), PICTURES),
            ("--view", self.view.is_some(), PICTURES),
            ("--by", self.by.is_some(), BROKEN_DOWN),
            ("--partition-by", !self.partition_by.is_empty(), &[Format::Parquet]),
            ("--excel, --delimiter, --bom and --columns", self.tables.are_given(), &[Format::Csv]),
        ];
        match options.into_iter().find(|(_, given, formats)| *given && !formats.contains(&self.to)) {
            Some((option, _, formats)) => {
                let name =
                    |format: &Format| format.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
                let names: Vec<String> = formats.iter().map(name).collect();
                anyhow::bail!("{option} would change nothing here: that is for --to {}", names.join(", "))
            }
            None => Ok(()),
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut study = Study::load(&args.dir)?;
    let mut analysis = pipeline::analyse(&study, Options::default(), true)?;
    let skipped = pipeline::report(&analysis.coded.problems);
    if !args.phase.is_empty() {
        keep_phases(&mut study, &mut analysis, &args.phase)?;
    }
    let mut about = vec![run::about(&study, &analysis.coded, false)];
    about.extend(limits(&study, &args.phase));
    let report = Report {
        study: &study,
        codebook: &analysis.coded.codebook,
        transcripts: &analysis.coded.transcripts,
        quotes: &analysis.quotes,
        journey: &analysis.journey,
        problems: &analysis.coded.problems,
        about: &about,
        by: args.by.as_deref(),
    };
    check_attribute(&report)?;
    args.check()?;
    let written = match args.to.ending() {
        _ if !args.partition_by.is_empty() => {
            let folder = args.output.clone().unwrap_or_else(|| study.out_dir().join("parquet"));
            partitions::write(&folder, &write_partitions(report.quotes, &args.partition_by)?)?;
            folder
        }
        None => {
            let folder = args.output.clone().unwrap_or_else(|| study.out_dir());
            let tables = Tables { study: &study, quotes: report.quotes, journey: report.journey };
            tables.write(&folder, &args.tables.options(&tables)?)?;
            folder
        }
        Some(ending) => {
            let content = content(args, &report)?;
            match &args.output {
                Some(path) if path.as_os_str() == "-" => {
                    io::stdout().lock().write_all(&content)?;
                    return Ok(outcome(skipped));
                }
                Some(path) => write(path, &content)?,
                None => write(&study.out_dir().join("klantreis").with_extension(ending), &content)?,
            }
        }
    };
    println!("{}", written.display());
    Ok(outcome(skipped))
}

fn outcome(skipped: bool) -> Outcome {
    if skipped { Outcome::Partly } else { Outcome::Well }
}

/// The bytes of an output that is one file.
fn content(args: &Args, report: &Report<'_>) -> anyhow::Result<Vec<u8>> {
    let Report { study, quotes, journey, .. } = *report;
    let view = match (args.view.unwrap_or(View::Map), args.level.unwrap_or(Level::Basis)) {
        (View::Curve, _) => klantreis_report::View::Curve,
        (View::Map, Level::Basis) => klantreis_report::View::Map(klantreis_report::Level::Basic),
        (View::Map, Level::Uitgebreid) => klantreis_report::View::Map(klantreis_report::Level::Extended),
    };
    Ok(match args.to {
        Format::Html => report.page().html().into_bytes(),
        Format::Svg => report.svg(view).into_bytes(),
        Format::Png => report.png(view)?,
        Format::Pdf => report.pdf(view),
        Format::Xlsx => report.xlsx()?,
        Format::Docx => report.docx()?,
        Format::Md => report.markdown().into_bytes(),
        Format::Miro => report.notes()?,
        Format::Json => (serde_json::to_string_pretty(journey)? + "\n").into_bytes(),
        Format::Csv => anyhow::bail!("tables are written as files of a folder"),
        Format::Qdpx => {
            let export = klantreis_exchange::export(study, report.codebook, report.transcripts);
            export.lost.iter().for_each(|line| eprintln!("note: {line}"));
            write_qdpx(&export.project, args.dialect.unwrap_or_default())?
        }
        Format::Qdc => write_qdc(study, report.codebook),
        Format::Jsonl => write_jsonl(quotes)?,
        Format::Parquet => write_parquet(quotes)?,
    })
}

fn write(path: &Path, content: &[u8]) -> anyhow::Result<PathBuf> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| anyhow::anyhow!("{}: {e}", folder.display()))?;
    }
    write_whole(path, content)?;
    Ok(path.to_owned())
}

/// Leaves out the other phases, with their quotes, and counts again.
fn keep_phases(study: &mut Study, analysis: &mut pipeline::Analysis, wanted: &[String]) -> anyhow::Result<()> {
    let known: Vec<&str> = study.phases.iter().map(|p| p.id.as_str()).collect();
    if let Some(unknown) = wanted.iter().find(|id| !known.contains(&id.as_str())) {
        anyhow::bail!("there is no phase \"{unknown}\"; the study has: {}", known.join(", "));
    }
    let keep = |id: &PhaseId| wanted.iter().any(|w| w == id.as_str());
    study.phases.retain(|p| keep(&p.id));
    analysis.quotes.retain(|q: &Quote| keep(&q.phase));
    analysis.coded.transcripts.iter_mut().for_each(|t| t.codings.retain(|c| keep(&c.phase)));
    let interviews: Vec<String> = analysis.coded.transcripts.iter().map(|t| t.transcript.interview.clone()).collect();
    let counted: Journey = journey(study, &analysis.coded.codebook, &analysis.quotes, &interviews);
    analysis.journey = counted;
    Ok(())
}

/// What readers must know of what was left out.
fn limits(study: &Study, phases: &[String]) -> Option<String> {
    let labels: Vec<&str> = study.phases.iter().map(|p| p.label.as_str()).collect();
    let labels = labels.join(", ");
    (!phases.is_empty()).then(|| match study.language {
        klantreis_study::Language::Dutch => format!("Alleen deze fasen zijn meegenomen: {labels}."),
        klantreis_study::Language::English => format!("Only these phases were taken: {labels}."),
    })
}

/// An attribute that no interview has would silently break down nothing.
fn check_attribute(report: &Report<'_>) -> anyhow::Result<()> {
    let Some(asked) = report.by else { return Ok(()) };
    if report.attribute().is_some() {
        return Ok(());
    }
    let known: BTreeSet<&str> =
        report.transcripts.iter().flat_map(|t| t.transcript.attributes.keys()).map(String::as_str).collect();
    if known.is_empty() {
        anyhow::bail!("the interviews have no attributes to break down by; give them some in participants.csv");
    }
    let known: Vec<&str> = known.into_iter().collect();
    anyhow::bail!("no interview has the attribute \"{asked}\"; they have: {}", known.join(", "))
}
