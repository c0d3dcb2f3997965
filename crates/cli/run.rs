//! `klantreis run DIR`: transcripts in, tables out.

mod told;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use klantreis_aggregation::Journey;
use klantreis_coding::Options;
use klantreis_ingest::{Files, transcript_files};
use klantreis_report::{Level, OF_SEGMENTS, Report, TableOptions, Tables, View, forget_tables, write_whole};
use klantreis_study::{Problem, Quote, Status, Study};

pub use self::told::about;
use self::told::{Told, about_sample, decided, of_model};
use crate::{
    Outcome, by, engine, extras,
    large::{self, Corpus},
    lock, matrix,
    output::TableArgs,
    pipeline::{self, Coded},
    searching, snapshots,
};

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
    #[arg(long, value_parser = share)]
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
    /// Work part by part, as in studies of thousands of interviews, and do again only what has changed
    #[arg(long)]
    part_by_part: bool,
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f32, String> {
    let number: f32 = text.replace(',', ".").parse().map_err(|_| "not a number from 0 to 1".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("not from 0 to 1".to_owned()) }
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let study = Study::load(&args.dir)?;
    let files = transcript_files(&study);
    let by_parts = args.part_by_part || large::is_large(&files);
    args.engine.check(args.cues_only, by_parts)?;
    if args.engine.dry_run {
        engine::dry_run(&study, &files, &args.engine)?;
        return Ok(Outcome::Well);
    }
    let _lock = lock::hold(&study)?;
    if by_parts && study.pseudonymise.on {
        anyhow::bail!(
            "names are the same throughout a study, for which all its interviews must be seen first: write them without \
             names by `klantreis pseudonymise`, and run that"
        );
    }
    let method = engine::choose(&study, &files, &args.engine, args.is_quiet())?;
    let mut told = if by_parts {
        part_by_part(args, &study, files)?
    } else {
        let coded = code(args, &study, files)?;
        forget_tables(&args.out(&study), &[large::TOTALS])?;
        let told = make(args, &study, &coded, Some(&searching::folder(&study)), Vec::new())?;
        searching::keep_stamp(&study)?;
        told
    };
    let of_taught = || told.taught.as_ref().and_then(|taught| engine::Method::of_taught(&study, taught));
    match method.or_else(of_taught) {
        Some(method) => told.files.push(method.write(&args.out(&study))?),
        None => engine::forget_method(&args.out(&study))?,
    }
    told.tell(args, &study)?;
    Ok(if told.errors().next().is_none() { Outcome::Well } else { Outcome::Partly })
}

impl Args {
    fn is_quiet(&self) -> bool {
        self.quiet || self.json
    }

    fn out(&self, study: &Study) -> PathBuf {
        self.output.clone().unwrap_or_else(|| study.out_dir())
    }

    fn options(&self) -> Options {
        Options { min_confidence: self.min_confidence, cues_only: self.cues_only }
    }
}

/// Codes some interviews.
fn code(args: &Args, study: &Study, files: Files) -> anyhow::Result<Coded> {
    let coded = pipeline::code_some(study, files, args.options(), args.is_quiet())?;
    pipeline::not_empty(study, &coded)?;
    Ok(coded)
}

/// Indexes what was coded in `index`, if anything asks for it there, and writes all tables, the page, the picture and the
/// workbook. `notes` are said on the page of how all this came about.
fn make(args: &Args, study: &Study, coded: &Coded, index: Option<&Path>, notes: Vec<String>) -> anyhow::Result<Told> {
    let out = args.out(study);
    forget_tables(&out, &OF_SEGMENTS)?;
    let build = || index.map_or(Ok(0), |index| searching::build_in(index, coded, args.is_quiet()));
    let counting = || count(study, coded, args, &out);
    let finishing = |counted: Counted, index| finish(args, study, coded, counted, index, notes);
    // The index and the rest need nothing of each other, unless assumptions are weighed by what it finds.
    let (passages, told) = if study.assumptions.is_empty() {
        let (passages, told) = rayon::join(build, || finishing(counting()?, None));
        (passages?, told?)
    } else {
        let (passages, counted) = rayon::join(build, counting);
        (passages?, finishing(counted?, index)?)
    };
    Ok(Told { passages, ..told })
}

/// Makes what rests on what was counted.
fn finish(
    args: &Args,
    study: &Study,
    coded: &Coded,
    counted: Counted,
    index: Option<&Path>,
    notes: Vec<String>,
) -> anyhow::Result<Told> {
    let Counted { quotes, journey, tables, mut files, more: said } = counted;
    let out = args.out(study);
    let (found, wrong) = extras::find(study, coded, &quotes, index)?;
    let problems: Vec<Problem> = coded.problems.iter().cloned().chain(wrong).collect();
    let about: Vec<String> = notes.into_iter().chain([about(study, coded, args.cues_only)]).collect();
    let report = Report {
        study,
        codebook: &coded.codebook,
        transcripts: &coded.transcripts,
        quotes: &quotes,
        journey: &journey,
        problems: &problems,
        about: &about,
        by: None,
    };
    let picture = || report.svg(View::Map(Level::Basic)).into_bytes();
    let extra_tables = || {
        let mut files = found.write(study, &journey, &out, &tables)?;
        files.extend(matrix::write(study, &coded.transcripts, &out, &tables)?);
        snapshots::keep(study, &journey.interviews, &quotes)?;
        anyhow::Ok(files)
    };
    // The workbook takes longest: it begins first.
    let ((workbook, picture), (more, page)) = rayon::join(
        || rayon::join(|| report.xlsx(), picture),
        || rayon::join(extra_tables, || report.page().write(&out)),
    );
    files.extend(more?);
    files.push(page?);
    for (name, content) in [("klantreis.svg", picture), ("klantreis.xlsx", workbook?)] {
        let path = out.join(name);
        write_whole(&path, &content)?;
        files.push(path);
    }
    let mut by_category: BTreeMap<String, usize> = BTreeMap::new();
    for row in quotes.iter().filter(|q| q.status != Status::Rejected) {
        *by_category.entry(row.category.to_string()).or_default() += 1;
    }
    Ok(Told {
        interviews: coded.transcripts.len(),
        // Who builds the index knows it.
        passages: 0,
        by_category,
        decided: decided(&quotes),
        files,
        problems,
        expected: coded.expected,
        taught: coded.taught.clone(),
        of_model: of_model(study, &quotes),
        more: said,
    })
}

/// The same of a corpus too large to hold at once: the journey from a sample, the quotes and the index from all of it, and
/// nothing again that is as it was.
fn part_by_part(args: &Args, study: &Study, files: Files) -> anyhow::Result<Told> {
    let (out, tables) = (args.out(study), args.tables.parsed()?);
    let all = files.transcripts.len();
    let sample = large::sample(study, files);
    let n = sample.transcripts.len();
    let options = format!("{:?} {:?} {} {}", args.options(), args.by, out.display(), engine::fingerprint(study)?);
    let (coding, quiet) = (args.options(), args.is_quiet());
    let corpus = Corpus { study, tables: &tables, options, coding, out: &out, quiet };
    let mut standing = corpus.look()?;
    let coded = if standing.has_sample { None } else { Some(code(args, study, sample)?) };
    let made = std::thread::scope(|scope| {
        // What is made of the sample takes long and often uses one core; the corpus is coded and indexed meanwhile.
        let made = coded.as_ref().map(|coded| {
            let notes = if n < all { vec![about_sample(study, n, all)] } else { Vec::new() };
            scope.spawn(move || make(args, study, coded, asked_for(study).as_deref(), notes))
        });
        let updated = corpus.update(&mut standing, coded.as_ref().map(|coded| &coded.coder));
        let made = made.map(|made| made.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).transpose()?;
        updated.map(|()| made)
    })?;
    let summary = corpus.write(standing)?;
    let (expected, taught, of_model, mut files, mut more) = match made {
        Some(told) => (told.expected, told.taught, told.of_model, told.files, told.more),
        None => {
            let model = pipeline::model(&study.root)?;
            (model.expected, model.taught, None, Vec::new(), Vec::new())
        }
    };
    searching::keep_stamp(study)?;
    files.retain(|file| !summary.files.contains(file));
    let by_category = summary.totals.by_category().into_iter().map(|(c, n)| (c.to_owned(), n)).collect();
    match summary.coded {
        0 => more.push("Nothing has changed since the last run.".to_owned()),
        some if some == all => {}
        some => more.push(format!("{some} of the files were coded now; the others are as they were.")),
    }
    if n < all {
        more.push(format!(
            "quotes.csv, totals.csv and the index hold all {all} interviews; the journey, the page and the workbook rest on \
             a sample of {n}."
        ));
    }
    Ok(Told {
        interviews: summary.interviews,
        passages: summary.passages,
        by_category,
        decided: " proposed or decided".to_owned(),
        files: summary.files.into_iter().chain(files).collect(),
        problems: summary.problems,
        expected,
        taught,
        of_model,
        more,
    })
}

/// The folder of an index of the sample's own, where something is to be found in it.
fn asked_for(study: &Study) -> Option<PathBuf> {
    (!study.assumptions.is_empty()).then(|| study.cache_dir().join("sample"))
}

/// What was counted, and where it was written.
struct Counted {
    quotes: Vec<Quote>,
    journey: Journey,
    tables: TableOptions,
    files: Vec<PathBuf>,
    /// What is said of them at the end.
    more: Vec<String>,
}

/// Aggregates what was coded, and writes the tables that need no index.
fn count(study: &Study, coded: &Coded, args: &Args, out: &Path) -> anyhow::Result<Counted> {
    let (quotes, journey) = pipeline::aggregate(study, coded);
    let mut more = Vec::new();
    let tables = Tables { study, quotes: &quotes, journey: &journey };
    let options = args.tables.options(&tables)?;
    let mut files = tables.write(out, &options)?;
    if let Some(attribute) = &args.by {
        let by = by::write(study, attribute, coded, &quotes, out, &options)?;
        // Some tables are by segment anyhow.
        files.extend(by.files.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
        more.push(by.told);
    }
    Ok(Counted { quotes, journey, tables: options, files, more })
}
