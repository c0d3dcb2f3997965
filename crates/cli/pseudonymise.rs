//! `klantreis pseudonymise DIR -o DIR2`: a study without names, that runs.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_pseudonym::{Key, Pseudonymiser, read_decisions, write_review};
use klantreis_study::{Problem, Role, Severity, Study, Transcript};

use crate::{Outcome, pipeline, pseudonyms};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// Where to write the study without names
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Write over the study without names that an earlier run wrote there
    #[arg(long, requires = "output")]
    replace: bool,
    /// Write each replacement in its context to this file, with a column to correct
    #[arg(long)]
    review: Option<PathBuf>,
    /// Read corrections from this file; they are kept in the key
    #[arg(long)]
    decisions: Option<PathBuf>,
    /// Where the key is kept that says who is who (pseudonyms.csv in the study if left out)
    #[arg(long)]
    key: Option<PathBuf>,
    /// Replace places too
    #[arg(long)]
    places: bool,
    /// Replace organisations too
    #[arg(long)]
    organisations: bool,
}

/// The first line of a study that this command wrote: it may be written over.
const MARK: &str = "# Written by klantreis pseudonymise; what is changed here is lost when it runs again.";

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if args.output.is_none() && args.review.is_none() && args.decisions.is_none() {
        anyhow::bail!(
            "say where the study without names goes with -o DIR, or ask for a list to check with --review FILE"
        );
    }
    let study = Study::load(&args.dir)?;
    let key_path = args.key.clone().unwrap_or_else(|| pseudonyms::key_path(&study));
    if let Some(output) = &args.output {
        check(&args.dir, output, args.replace, &[Some(&key_path), args.review.as_ref()])?;
    }
    let mut wishes = study.pseudonymise.clone();
    wishes.places |= args.places;
    wishes.organisations |= args.organisations;
    let mut key = Key::load(&key_path)?;
    for decision in args.decisions.as_deref().map(read_decisions).transpose()?.unwrap_or_default() {
        key.decide(decision);
    }
    let (transcripts, problems) = pipeline::read(&study, false);
    if transcripts.is_empty() {
        pipeline::report(&problems);
        anyhow::bail!("{}: no transcript could be read", study.transcripts_dir().display());
    }
    let found = Pseudonymiser::new(&transcripts, &wishes, key);
    found.key().save(&key_path)?;
    let mut skipped = false;
    for problem in problems {
        let word = if problem.severity == Severity::Error { "skipped" } else { "note" };
        skipped |= problem.severity == Severity::Error;
        eprintln!(
            "{word}: {}",
            Problem { file: found.file_name(&problem.file), message: found.text(&problem.message), ..problem }
        );
    }
    println!("{} interviews: {}", transcripts.len(), pseudonyms::counted(&found));
    println!(
        "Who is who stands in {}, which you alone can read; keep it apart from what you share.",
        key_path.display()
    );
    if found.unplaced() > 0 {
        println!("{}", pseudonyms::unplaced(found.unplaced()));
    }
    if let Some(path) = &args.review {
        let rows = write_review(path, &transcripts, &found)?;
        println!(
            "{rows} replacements to check are in {}: write \"nee\" or another stand-in in the column correct, and give the \
             file back with --decisions. It holds the names, as the key does.",
            path.display()
        );
    }
    if let Some(output) = &args.output {
        for problem in (Copy { study: &study, transcripts: &transcripts, found: &found, output }).write()? {
            skipped = true;
            eprintln!("skipped: {problem}");
        }
        println!(
            "The study without names is in {}. No program finds every name: read it before you share it.",
            output.display()
        );
    }
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

/// Refuses to write where it would do harm: into the study, over something else, or with the key inside.
fn check(dir: &Path, output: &Path, replace: bool, apart: &[Option<&PathBuf>]) -> anyhow::Result<()> {
    let toml = output.join("klantreis.toml");
    let is_ours = fs::read_to_string(&toml).is_ok_and(|t| t.starts_with(MARK));
    let is_empty = fs::read_dir(output).map_or(true, |mut entries| entries.next().is_none());
    if !is_ours && !is_empty {
        anyhow::bail!("{}: is not empty; give a new folder", output.display());
    }
    if is_ours && !replace {
        anyhow::bail!(
            "{}: holds a study without names from an earlier run; --replace writes it anew, and what was changed in it by \
             hand is lost",
            output.display()
        );
    }
    let (from, to) = (absolute(dir)?, absolute(output)?);
    if to.starts_with(&from) || from.starts_with(&to) {
        anyhow::bail!(
            "{}: lies in the study or around it, where names and stand-ins would mix; give a folder elsewhere",
            output.display()
        );
    }
    for path in apart.iter().flatten() {
        if absolute(path)?.starts_with(&to) {
            anyhow::bail!(
                "{}: holds names and must not lie in the study without names; give another place",
                path.display()
            );
        }
    }
    Ok(())
}

/// A path without links and dots, as far as it exists.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut there = path.as_path();
    let mut rest = Vec::new();
    while !there.exists() {
        let (Some(parent), Some(name)) = (there.parent(), there.file_name()) else { break };
        rest.push(name);
        there = parent;
    }
    let start = there.canonicalize().with_context(|| there.display().to_string())?;
    Ok(rest.into_iter().rev().fold(start, |path, name| path.join(name)))
}

/// The study without names.
struct Copy<'a> {
    study: &'a Study,
    transcripts: &'a [Transcript],
    found: &'a Pseudonymiser,
    output: &'a Path,
}

impl Copy<'_> {
    /// Writes it; what could not be carried over comes back.
    fn write(&self) -> anyhow::Result<Vec<Problem>> {
        let interviews = self.output.join("interviews");
        if interviews.exists() {
            fs::remove_dir_all(&interviews).with_context(|| interviews.display().to_string())?;
        }
        let (mut problems, mut files) = (Vec::new(), Vec::new());
        let renamed = self.found.transcripts(self.transcripts);
        for transcript in &renamed {
            let name = format!("{}.txt", transcript.interview);
            let name = if transcript.interview == transcript.file {
                format!("{}.txt", transcript.file.replace('.', "-"))
            } else {
                name
            };
            let (text, same) = self.as_text(transcript, &name);
            if !same {
                let message =
                    "its turns would not be read again as they are; it was written all the same, check it".to_owned();
                problems.push(Problem { file: name.clone(), line: None, severity: Severity::Error, message });
            }
            write(&interviews.join(&name), &text)?;
            files.push(name);
        }
        write(&self.output.join("klantreis.toml"), &self.settings(&renamed)?)?;
        write(&self.output.join("participants.csv"), &participants(&renamed, &files)?)?;
        if let Some(text) = read(&self.study.root.join("codebook.toml"))? {
            let mut table: toml::Table = toml::from_str(&text)?;
            self.in_table(&mut table);
            write(&self.output.join("codebook.toml"), &toml::to_string(&table)?)?;
        }
        if let Some(text) = read(&self.study.root.join("metrics.csv"))? {
            write(&self.output.join("metrics.csv"), &self.found.text(&text))?;
        }
        for path in pipeline::gold_files(&self.study.root)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            write(&self.output.join(self.found.file_name(&name)), &self.gold(&path, &files)?)?;
        }
        Ok(problems)
    }

    /// The transcript as text that is read again with the same turns, and whether it is. Speakers whose labels would not be
    /// taken for such are called by their role.
    fn as_text(&self, transcript: &Transcript, name: &str) -> (String, bool) {
        let own = |n: usize| transcript.turns[n].speaker.clone();
        let speakers: Vec<&str> = transcript.turns.iter().map(|t| t.speaker.as_str()).collect();
        let by_role = |n: usize| {
            let mut seen: Vec<&str> = Vec::new();
            for (m, speaker) in speakers.iter().enumerate() {
                if transcript.turns[m].role == transcript.turns[n].role && !seen.contains(speaker) {
                    seen.push(speaker);
                }
            }
            let place = seen.iter().position(|s| *s == speakers[n]).unwrap_or(0) + 1;
            let role = if transcript.turns[n].role == Role::Interviewer { "Interviewer" } else { "Respondent" };
            format!("{role} {place}")
        };
        let text = lines(transcript, own);
        if same_turns(transcript, &text, name) {
            return (text, true);
        }
        let text = lines(transcript, by_role);
        let same = same_turns(transcript, &text, name);
        (text, same)
    }

    /// `klantreis.toml` with stand-ins. Comments are left out, since they may hold names.
    fn settings(&self, renamed: &[Transcript]) -> anyhow::Result<String> {
        let text = read(&self.study.root.join("klantreis.toml"))?.unwrap_or_default();
        let mut table: toml::Table = toml::from_str(text.trim_start_matches('\u{feff}'))?;
        table.remove("pseudonymise");
        let speakers = table.remove("speakers");
        self.in_table(&mut table);
        if let Some(toml::Value::Table(mut speakers)) = speakers {
            // The file's path told nothing that is not in participants.csv now; labels follow the transcripts.
            for (_, labels) in speakers.iter_mut() {
                for label in labels.as_array_mut().into_iter().flatten() {
                    if let toml::Value::String(text) = label {
                        *text = self.found.speaker(text);
                    }
                }
            }
            let spoken: BTreeSet<String> =
                renamed.iter().flat_map(|t| &t.turns).map(|t| t.speaker.to_lowercase()).collect();
            for (_, labels) in speakers.iter_mut() {
                if let Some(labels) = labels.as_array_mut() {
                    labels.retain(|l| l.as_str().is_some_and(|l| spoken.contains(&l.to_lowercase())));
                }
            }
            table.insert("speakers".to_owned(), toml::Value::Table(speakers));
        }
        table.remove("path_attributes");
        table.entry("title").or_insert_with(|| toml::Value::String(self.found.text(&self.study.title)));
        Ok(format!("{MARK}\n\n{}", toml::to_string(&table)?))
    }

    fn in_table(&self, table: &mut toml::Table) {
        table.iter_mut().for_each(|(_, value)| self.in_value(value));
    }

    fn in_value(&self, value: &mut toml::Value) {
        match value {
            toml::Value::String(text) => *text = self.found.text(text),
            toml::Value::Array(values) => values.iter_mut().for_each(|v| self.in_value(v)),
            toml::Value::Table(table) => self.in_table(table),
            _ => {}
        }
    }

    /// Codings by hand, their files renamed and their quotes with the stand-ins of their turns.
    fn gold(&self, path: &Path, files: &[String]) -> anyhow::Result<String> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let delimiter = if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(&bytes[..]);
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
        let heads = reader.headers().map_err(|_| anyhow::anyhow!("{}: is no UTF-8 table", path.display()))?.clone();
        writer.write_record(&heads)?;
        let column = |name: &str| heads.iter().position(|h| h.trim_start_matches('\u{feff}') == name);
        let (file_at, turn_at, quote_at) = (column("file"), column("turn"), column("quote"));
        for (n, record) in reader.records().enumerate() {
            // The reader's own message may hold what stands in the row.
            let record =
                record.map_err(|_| anyhow::anyhow!("{}: row {} is no row of a UTF-8 table", path.display(), n + 1))?;
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
            let file = self.transcripts.iter().position(|t| stem(&t.file) == stem(cell(file_at)));
            let turn = cell(turn_at).parse().unwrap_or(0);
            let cells = record.iter().enumerate().map(|(at, text)| match file {
                Some(file) if Some(at) == file_at => files[file].clone(),
                Some(file) if Some(at) == quote_at => pseudonyms::quote(self.found, self.transcripts, file, turn, text)
                    .unwrap_or_else(|| self.found.text(text)),
                _ if Some(at) == file_at => self.found.file_name(text),
                _ => self.found.text(text),
            });
            writer.write_record(cells)?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// One line a turn: `[00:01:02] Persoon 1: Ja.`
fn lines(transcript: &Transcript, label: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for (n, turn) in transcript.turns.iter().enumerate() {
        if let Some(start) = turn.start {
            out.push_str(&format!("[{start}] "));
        }
        out.push_str(&format!("{}: {}\n\n", label(n), turn.text));
    }
    out
}

/// Whether a text is read again with the same turns and roles.
fn same_turns(transcript: &Transcript, text: &str, name: &str) -> bool {
    let Ok(study) = Study::parse("") else { return false };
    let turns = |t: &Transcript| t.turns.iter().map(|t| (t.text.clone(), t.role)).collect::<Vec<_>>();
    let read: Vec<_> = klantreis_ingest::parse(text.as_bytes(), name, &study).transcripts().collect();
    matches!(&read[..], [read] if turns(read) == turns(transcript))
}

/// The attributes of every interview, from headers and participants.csv alike.
fn participants(transcripts: &[Transcript], files: &[String]) -> anyhow::Result<String> {
    let columns: BTreeSet<&String> = transcripts.iter().flat_map(|t| t.attributes.keys()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(std::iter::once("file").chain(columns.iter().map(|c| c.as_str())))?;
    for (transcript, file) in transcripts.iter().zip(files) {
        let values = columns.iter().map(|c| transcript.attributes.get(*c).map_or("", String::as_str));
        writer.write_record(std::iter::once(file.as_str()).chain(values))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| path.display().to_string()),
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}
