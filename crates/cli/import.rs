//! `klantreis import DIR FILE`: codings made elsewhere become gold; texts become transcripts; a codebook becomes the study's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use klantreis_coding::Options;
use klantreis_exchange::{
    GoldRow, HandRow, Meanings, Project, RowReport, codebook_of, codebook_toml, export, gold_csv, lay, lay_rows,
    participants_csv, read_map, read_qdc, read_qdpx, read_sheet, report_csv, transcript_of,
};
use klantreis_ingest::transcript_files;
use klantreis_study::{Study, Transcript};

use crate::{Outcome, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// A project (.qdpx), a codebook (.qdc), or a table of codings (.csv, .xlsx, .ods)
    file: PathBuf,
    /// What a code means here: "Wachten=pijnpunt", "Balie=contactmoment:balie", "Intake=fase:ontvangen", "Test=-" for nothing;
    /// may be given more than once
    #[arg(long, value_name = "CODE=MEANING")]
    map: Vec<String>,
    /// The same from a table of two columns: code, meaning
    #[arg(long, value_name = "FILE")]
    map_file: Option<PathBuf>,
    /// Only the codings of this coder
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// The name in gold-NAME.csv (that of the file if left out)
    #[arg(long)]
    name: Option<String>,
    /// Write what became of each row of a table of codings to this .csv
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let bytes = fs::read(&args.file).with_context(|| args.file.display().to_string())?;
    let study = Study::load(&args.dir)?;
    let job = Job { args, meanings: meanings(args, &study)?, study };
    let ending = args.file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "qdpx" => job.project(&bytes),
        "qdc" => job.codebook(&bytes),
        "csv" | "tsv" | "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => job.sheet(&bytes),
        "qde" => bail!(
            "{}: this is the document of a project without its texts; give the .qdpx from which it comes",
            args.file.display()
        ),
        _ => bail!("{}: its ending is none of .qdpx, .qdc, .csv, .xlsx and .ods", args.file.display()),
    }
}

fn meanings(args: &Args, study: &Study) -> anyhow::Result<Meanings> {
    let mut map = Vec::new();
    if let Some(path) = &args.map_file {
        let named = || path.display().to_string();
        map.extend(read_map(&fs::read(path).with_context(named)?).map_err(|e| anyhow!("{}: {e}", named()))?);
    }
    for pair in &args.map {
        let (code, meaning) =
            pair.rsplit_once('=').with_context(|| format!("--map \"{pair}\": expected CODE=MEANING"))?;
        map.push((code.to_owned(), meaning.to_owned()));
    }
    Meanings::new(study, &pipeline::codebook(study)?, &map).map_err(|e| anyhow!("--map: {e}"))
}

struct Job<'a> {
    args: &'a Args,
    study: Study,
    meanings: Meanings,
}

impl Job<'_> {
    fn project(&self, bytes: &[u8]) -> anyhow::Result<Outcome> {
        let read = read_qdpx(bytes).map_err(|e| anyhow!("{}: {e}", self.args.file.display()))?;
        let project = read.project;
        if self.is_known(&project)? {
            println!(
                "\"{}\" came from this study, and the study knows all of its texts and codings: nothing was taken over",
                project.name
            );
            return Ok(Outcome::Well);
        }
        let gold = self.gold_path()?;
        let coder = self.coder(&project)?;
        let passages: usize = project.sources.iter().map(|s| s.selections.len()).sum();
        let by = if project.origin.is_empty() { String::new() } else { format!(", by {}", project.origin) };
        println!("\"{}\"{by}: {} texts, {passages} coded passages", project.name, project.sources.len());
        let mut lost = read.lost;
        let transcripts = self.transcripts(&project, &mut lost)?;
        let of: Vec<Option<&Transcript>> =
            project.sources.iter().map(|s| transcript_of(s, &transcripts).map(|n| &transcripts[n])).collect();
        for (source, _) in project.sources.iter().zip(&of).filter(|(s, t)| t.is_none() && !s.selections.is_empty()) {
            lost.push(format!("{}: {} passages: there is no such transcript", source.name, source.selections.len()));
        }
        let laid = lay(&project, &of, &self.meanings, coder.as_deref());
        lost.extend(laid.not_found);
        if laid.widened > 0 {
            println!("{} passages are less than half a sentence; the whole one was taken", laid.widened);
        }
        if laid.by_words > 0 {
            println!(
                "{} passages were found by their words, since the text differs from the transcript",
                laid.by_words
            );
        }
        let whole: usize = project.sources.iter().map(|s| s.codes.len()).sum();
        if whole > 0 {
            lost.push(format!("{whole} codes on whole texts: a coding here is of a passage"));
        }
        if !project.notes.is_empty() {
            lost.push(format!("{} notes: the study keeps none", project.notes.len()));
        }
        let mut names: Vec<&str> = project.users.iter().map(|u| u.name.as_str()).collect();
        names.dedup();
        if coder.is_none() && names.len() > 1 {
            println!("The codings of {} were taken together; --coder NAME takes those of one", names.join(", "));
        }
        let unknown = self.unknown(&laid.unknown);
        self.write_gold(&gold, &laid.rows)?;
        Ok(outcome(&lost, unknown))
    }

    /// Whether the project is what the study would write itself: its codings as gold would only measure the study
    /// against itself.
    fn is_known(&self, project: &Project) -> anyhow::Result<bool> {
        if !project.is_ours() {
            return Ok(false);
        }
        let coded = pipeline::code(&self.study, Options::default(), true)?;
        let own = export(&self.study, &coded.codebook, &coded.transcripts).project;
        Ok(project.is_within(&own))
    }

    /// The study's transcripts, with the texts that it did not have.
    fn transcripts(&self, project: &Project, lost: &mut Vec<String>) -> anyhow::Result<Vec<Transcript>> {
        let (transcripts, problems) = pipeline::ingest(&self.study, true);
        pipeline::report(&problems);
        let missing: Vec<_> = project.sources.iter().filter(|s| transcript_of(s, &transcripts).is_none()).collect();
        let missing: Vec<_> = missing.into_iter().filter(|s| !s.text.trim().is_empty()).collect();
        let known = project.sources.len() - missing.len();
        if known > 0 {
            println!("{known} of the texts are transcripts of the study already");
        }
        let valued =
            project.cases.iter().any(|c| !c.values.is_empty()) || project.sources.iter().any(|s| !s.values.is_empty());
        if missing.is_empty() {
            if valued {
                lost.push("variables of cases: the study's participants.csv and headers stay as they are".to_owned());
            }
            return Ok(transcripts);
        }
        let folder = self.folder()?;
        let mut files = BTreeMap::new();
        for source in missing {
            let path = fresh(&folder, &source.name);
            fs::write(&path, &source.text).with_context(|| path.display().to_string())?;
            println!("{} is a new transcript", path.display());
            files.insert(source.guid.clone(), path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
        let participants = self.study.root.join("participants.csv");
        if participants.exists() && valued {
            lost.push("variables of cases: participants.csv is there already; add them by hand".to_owned());
        } else if let Some(table) = participants_csv(project, &files) {
            fs::write(&participants, table).with_context(|| participants.display().to_string())?;
            println!("{} holds what is known of the cases", participants.display());
        }
        let study = Study::load(&self.args.dir)?;
        let (transcripts, problems) = pipeline::ingest(&study, true);
        pipeline::report(&problems);
        Ok(transcripts)
    }

    /// Where new transcripts go: `interviews/`, unless the study's transcripts stand in its own folder.
    fn folder(&self) -> anyhow::Result<PathBuf> {
        let own = self.study.transcripts_dir();
        if own == self.study.root && transcript_files(&self.study).transcripts.is_empty() {
            let folder = own.join("interviews");
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            return Ok(folder);
        }
        Ok(own)
    }

    /// The GUID of the coder who is asked for.
    fn coder(&self, project: &Project) -> anyhow::Result<Option<String>> {
        let Some(name) = &self.args.coder else { return Ok(None) };
        let user = project.users.iter().find(|u| u.name.eq_ignore_ascii_case(name));
        let names: Vec<&str> = project.users.iter().map(|u| u.name.as_str()).collect();
        let user =
            user.with_context(|| format!("--coder: nobody is called \"{name}\"; there are: {}", names.join(", ")))?;
        Ok(Some(user.guid.clone()))
    }

    fn sheet(&self, bytes: &[u8]) -> anyhow::Result<Outcome> {
        let file = self.args.file.to_string_lossy();
        let mut rows = read_sheet(&file, bytes).map_err(|e| anyhow!("{file}: {e}"))?;
        let gold = self.gold_path()?;
        let coders: std::collections::BTreeSet<String> =
            rows.iter().map(|r| r.coder.clone()).filter(|c| !c.is_empty()).collect();
        if let Some(name) = &self.args.coder {
            rows.retain(|row: &HandRow| row.coder.eq_ignore_ascii_case(name));
            if rows.is_empty() {
                let names = coders.into_iter().collect::<Vec<_>>().join(", ");
                bail!("--coder: no row is by \"{name}\"; there are: {names}");
            }
        } else if coders.len() > 1 {
            let names = coders.into_iter().collect::<Vec<_>>().join(", ");
            println!("The codings of {names} were taken together; --coder NAME takes those of one");
        }
        let (transcripts, problems) = pipeline::ingest(&self.study, true);
        pipeline::report(&problems);
        if transcripts.is_empty() {
            bail!(
                "{}: there are no transcripts to lay codings on; put them there first",
                self.study.transcripts_dir().display()
            );
        }
        let laid = lay_rows(&rows, &transcripts, &self.meanings);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for report in &laid.reports {
            *counts.entry(report.outcome).or_default() += 1;
        }
        let counts: Vec<String> = counts.into_iter().map(|(outcome, n)| format!("{n} {outcome}")).collect();
        println!("{} rows: {}", rows.len(), counts.join(", "));
        if let Some(path) = &self.args.report {
            fs::write(path, report_csv(&laid.reports)?).with_context(|| path.display().to_string())?;
            println!("{} says what became of each", path.display());
        }
        let doubtful: Vec<&RowReport> = laid.reports.iter().filter(|r| r.is_doubtful()).collect();
        doubtful.iter().take(SHOWN).for_each(|report| eprintln!("{}", line(report)));
        if doubtful.len() > SHOWN && self.args.report.is_none() {
            eprintln!("… and {} rows more: --report FILE.csv lists them all", doubtful.len() - SHOWN);
        }
        let unknown = self.unknown(&laid.unknown);
        self.write_gold(&gold, &laid.rows)?;
        let left_out = laid.reports.iter().any(|r| r.found.is_empty());
        Ok(if left_out || unknown { Outcome::Partly } else { Outcome::Well })
    }

    fn codebook(&self, bytes: &[u8]) -> anyhow::Result<Outcome> {
        let codes = read_qdc(bytes).map_err(|e| anyhow!("{}: {e}", self.args.file.display()))?;
        let path = self.study.root.join("codebook.toml");
        if path.exists() {
            bail!(
                "{} is there already and stays as it is; rename it, import again, and take over from the old one what you want",
                path.display()
            );
        }
        let (book, unknown) = codebook_of(&codes, &self.meanings, &pipeline::codebook(&self.study)?);
        let unknown: BTreeMap<String, usize> = unknown.into_iter().map(|path| (path, 0)).collect();
        let unknown = self.unknown(&unknown);
        if book.codes.is_empty() {
            println!("There is nothing to write: no code has a category that this study knows");
        } else {
            fs::write(&path, codebook_toml(&book)?).with_context(|| path.display().to_string())?;
            println!("{}: {} codes", path.display(), book.codes.len());
        }
        Ok(if unknown { Outcome::Partly } else { Outcome::Well })
    }

    /// Says which codes nobody knows and how to say what they mean; whether there are any.
    fn unknown(&self, unknown: &BTreeMap<String, usize>) -> bool {
        if unknown.is_empty() {
            return false;
        }
        eprintln!("Codes that are no category, phase, touchpoint or emotion of this study, and were left out:");
        for (path, count) in unknown {
            let count = if *count == 0 { String::new() } else { format!("  ({count} codings)") };
            eprintln!("  {path}{count}");
        }
        let first = unknown.keys().next().map_or("CODE", String::as_str);
        eprintln!(
            "Say what they mean, and import again: --map \"{first}=pijnpunt\", or --map-file with the columns code and meaning"
        );
        true
    }

    /// Where the codings go; never over a file that is there.
    fn gold_path(&self) -> anyhow::Result<PathBuf> {
        let stem = self.args.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = self.args.name.clone().unwrap_or_else(|| stem.trim_start_matches("gold-").to_owned());
        let name: String =
            name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        let path = self.study.root.join(format!("gold-{name}.csv"));
        if path.exists() {
            bail!("{} is there already and stays as it is; give another name with --name", path.display());
        }
        Ok(path)
    }

    fn write_gold(&self, path: &Path, rows: &[GoldRow]) -> anyhow::Result<()> {
        if rows.is_empty() {
            println!("No coding could be taken over; {} was not written", path.display());
            return Ok(());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(&row.category).or_default() += 1;
        }
        fs::write(path, gold_csv(rows)).with_context(|| path.display().to_string())?;
        let counts: Vec<String> = counts.into_iter().map(|(category, n)| format!("{category} {n}")).collect();
        println!("{}: {} codings ({})", path.display(), rows.len(), counts.join(", "));
        println!("evaluate and learn read it from now on; what has no row in those interviews counts as uncoded");
        Ok(())
    }
}

/// So many doubtful rows are shown.
const SHOWN: usize = 30;

fn line(report: &RowReport) -> String {
    let typed: String = report.typed.chars().take(60).collect();
    let score = if report.outcome == "nearly" { format!(" ({:.0}%)", report.score * 100.0) } else { String::new() };
    let note = if report.note.is_empty() { String::new() } else { format!(": {}", report.note) };
    format!("row {}: \"{typed}\": {}{score}{note}", report.row, report.outcome)
}

fn outcome(lost: &[String], unknown: bool) -> Outcome {
    if !lost.is_empty() {
        eprintln!("Not taken over:");
        lost.iter().take(200).for_each(|line| eprintln!("  {line}"));
    }
    if lost.is_empty() && !unknown { Outcome::Well } else { Outcome::Partly }
}

/// A path for a text that is not there yet, with a name that counts as a transcript's.
fn fresh(folder: &Path, name: &str) -> PathBuf {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = ["txt", "docx", "doc", "rtf", "odt", "pdf"]
        .iter()
        .find_map(|ending| name.to_lowercase().strip_suffix(&format!(".{ending}")).map(str::len))
        .and_then(|len| name.get(..len))
        .unwrap_or(name);
    let stem: String = stem.chars().map(|c| if c.is_control() || "<>:\"|?*".contains(c) { '-' } else { c }).collect();
    let stem = match stem.trim().trim_start_matches(['.', '~']) {
        "" => "tekst".to_owned(),
        stem if stem.to_lowercase().starts_with("readme") => format!("tekst-{stem}"),
        stem => stem.to_owned(),
    };
    let names = std::iter::once(format!("{stem}.txt")).chain((2..).map(|n| format!("{stem}-{n}.txt")));
    names.map(|name| folder.join(name)).find(|path| !path.exists()).unwrap_or_else(|| folder.join("tekst.txt"))
}
