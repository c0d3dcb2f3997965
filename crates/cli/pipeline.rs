//! The stages in a row, shared by the commands.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow};
use klantreis_aggregation::{Journey, journey};
use klantreis_coding::{
    Coder, Compiled, Example, GoldRow, Model, Options, Taught, Words, built_in_codebook, built_in_model, lay_gold,
    read_gold,
};
use klantreis_ingest::{
    Files, Interview, NOBODY_ANSWERS, Participants, Reading, read_file, relative, transcript_files,
};
use klantreis_review::{Laid, State, Store, overlay};
use klantreis_study::{Codebook, CodedTranscript, Coding, Problem, Quote, Severity, Study, Transcript, quotes};
use rayon::prelude::*;

use crate::{engine, large, progress, pseudonyms};

/// A study as read, coded and aggregated: what every output is made from.
pub struct Analysis {
    pub coded: Coded,
    pub quotes: Vec<Quote>,
    pub journey: Journey,
}

/// Reads, codes and aggregates a study.
pub fn analyse(study: &Study, options: Options, quiet: bool) -> anyhow::Result<Analysis> {
    let coded = code(study, options, quiet)?;
    not_empty(study, &coded)?;
    let (quotes, journey) = aggregate(study, &coded);
    Ok(Analysis { coded, quotes, journey })
}

/// Without a transcript there is nothing to add up.
pub fn not_empty(study: &Study, coded: &Coded) -> anyhow::Result<()> {
    if coded.transcripts.is_empty() {
        report(&coded.problems);
        anyhow::bail!(
            "{}: no transcript with answers could be read; put them there, and see what `klantreis ingest` says of them",
            study.transcripts_dir().display()
        );
    }
    Ok(())
}

/// The quotes of a study as coded, and what they add up to.
pub fn aggregate(study: &Study, coded: &Coded) -> (Vec<Quote>, Journey) {
    let quotes: Vec<Quote> = coded.transcripts.iter().flat_map(quotes).collect();
    let interviews: Vec<String> = coded.transcripts.iter().map(|t| t.transcript.interview.clone()).collect();
    let journey = journey(study, &coded.codebook, &quotes, &interviews);
    (quotes, journey)
}

/// A study as read and coded, with what people decided.
pub struct Coded {
    pub codebook: Codebook,
    pub transcripts: Vec<CodedTranscript>,
    /// What came of laying the decisions over each transcript.
    pub laid: Vec<Laid>,
    pub decisions: State,
    pub problems: Vec<Problem>,
    pub expected: klantreis_coding::Expected,
    /// Who taught the study's own model, where it has one.
    pub taught: Option<Taught>,
    pub coder: Coder,
}

/// The transcripts of a study, in the order of their paths, and what went wrong or is worth knowing; with stand-ins for
/// names where the study asks for it, so that nothing later sees them.
pub fn ingest(study: &Study, quiet: bool) -> (Vec<Transcript>, Vec<Problem>) {
    ingest_some(study, transcript_files(study), quiet)
}

/// The same of some files of a study.
pub fn ingest_some(study: &Study, files: Files, quiet: bool) -> (Vec<Transcript>, Vec<Problem>) {
    let (transcripts, problems) = said(interviews_of(study, files, quiet));
    let (mut transcripts, mut problems) = if study.pseudonymise.on {
        pseudonyms::on_reading(study, &transcripts, problems)
    } else {
        (transcripts, problems)
    };
    transcripts.retain(|transcript| answers(transcript, &mut problems));
    (transcripts, problems)
}

/// Whether anybody answers in a transcript. One in which nobody does would count among those that tell nothing: it is left out,
/// which is more than the note that it came with.
pub fn answers(transcript: &Transcript, problems: &mut [Problem]) -> bool {
    let any = transcript.respondent_turns().next().is_some();
    for problem in problems.iter_mut().filter(|p| !any && p.file == transcript.file && p.message == NOBODY_ANSWERS) {
        problem.severity = Severity::Error;
    }
    any
}

/// The transcripts as their files have them.
pub fn read(study: &Study, quiet: bool) -> (Vec<Transcript>, Vec<Problem>) {
    said(interviews(study, quiet))
}

/// What was said in interviews, and all problems of reading them.
fn said((interviews, mut problems): (Vec<Interview>, Vec<Problem>)) -> (Vec<Transcript>, Vec<Problem>) {
    let transcripts: Vec<Transcript> = interviews.into_iter().map(|interview| interview.transcript).collect();
    problems.extend(transcripts.iter().flat_map(|transcript| transcript.problems.iter().cloned()));
    (transcripts, problems)
}

/// The interviews of a study with how they were read, and what could not be.
pub fn interviews(study: &Study, quiet: bool) -> (Vec<Interview>, Vec<Problem>) {
    interviews_of(study, transcript_files(study), quiet)
}

fn interviews_of(study: &Study, files: Files, quiet: bool) -> (Vec<Interview>, Vec<Problem>) {
    let mut problems = files.problems;
    let participants = Participants::load(study).unwrap_or_else(|problem| {
        problems.push(problem);
        Participants::default()
    });
    let bar = progress::bar("reading", files.transcripts.len(), quiet);
    let read: Vec<Reading> = files
        .transcripts
        .par_iter()
        .map(|path| {
            let mut reading = read_file(study, path);
            reading.interviews.iter_mut().for_each(|interview| participants.apply(&mut interview.transcript));
            bar.inc(1);
            reading
        })
        .collect();
    bar.finish_and_clear();
    let mut interviews = Vec::new();
    for reading in read {
        interviews.extend(reading.interviews);
        problems.extend(reading.problems);
    }
    if files.whole {
        let paths: Vec<String> = files.transcripts.iter().map(|path| relative(study, path)).collect();
        let inside = interviews.iter().map(|interview| interview.transcript.file.as_str());
        problems.extend(participants.unused(paths.iter().map(String::as_str).chain(inside)));
        let unheard = unheard_personas(study, interviews.iter().map(|interview| &interview.transcript));
        problems.extend(unheard.into_iter().map(|(persona, message)| Problem {
            file: "klantreis.toml".to_owned(),
            line: None,
            severity: Severity::Note,
            message: format!("persona \"{persona}\": {message}"),
        }));
    }
    tell_apart(&mut interviews);
    (interviews, problems)
}

/// The names of personas whose segment no interview has, with what there is.
pub fn unheard_personas<'t>(study: &Study, transcripts: impl Iterator<Item = &'t Transcript>) -> Vec<(String, String)> {
    let segments: BTreeSet<&str> =
        transcripts.filter_map(|t| t.attributes.get("segment")).map(|segment| segment.trim()).collect();
    let there =
        if segments.is_empty() { "none".to_owned() } else { Vec::from_iter(segments.iter().copied()).join("; ") };
    let asked = study.personas.iter().filter_map(|persona| Some((&persona.name, persona.segment.as_deref()?)));
    asked
        .filter(|(_, segment)| !segments.iter().any(|there| there.eq_ignore_ascii_case(segment.trim())))
        .map(|(name, segment)| {
            (name.clone(), format!("no interview has the segment \"{segment}\"; there are: {there}"))
        })
        .collect()
}

/// Interviews whose files differ only in their ending get it as part of their name.
fn tell_apart(interviews: &mut [Interview]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for Interview { transcript, .. } in &*interviews {
        *counts.entry(transcript.interview.clone()).or_default() += 1;
    }
    for Interview { transcript, .. } in interviews {
        if counts[&transcript.interview] > 1 {
            transcript.interview.clone_from(&transcript.file);
        }
    }
}

/// Where a study keeps the model that learned from it.
pub fn own_model(dir: &Path) -> PathBuf {
    dir.join(".klantreis/model.bin")
}

/// The model that learned from the study, or else the built-in one.
pub fn model(dir: &Path) -> anyhow::Result<Model> {
    let path = own_model(dir);
    match std::fs::read(&path) {
        Ok(bytes) => Model::from_bytes(bytes).with_context(|| path.display().to_string()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(built_in_model()?),
        Err(e) => Err(e).with_context(|| path.display().to_string()),
    }
}

/// Reads and codes a study, and lays what people decided over what was proposed.
pub fn code(study: &Study, options: Options, quiet: bool) -> anyhow::Result<Coded> {
    code_some(study, transcript_files(study), options, quiet)
}

/// The same of some files of a study.
pub fn code_some(study: &Study, files: Files, options: Options, quiet: bool) -> anyhow::Result<Coded> {
    // Engines are held together as they are, and then asked to be as sure as wanted.
    let together = engine::other(study).is_some();
    let own = Options { min_confidence: options.min_confidence.filter(|_| !together), ..options };
    let mut coded = propose_some(study, files, own, quiet)?;
    engine::lay(study, &mut coded, options.min_confidence)?;
    with_decisions(study, coded)
}

/// Some files of a study with the built-in engine's proposals and the decisions of people alone.
pub fn decided(study: &Study, files: Files) -> anyhow::Result<Coded> {
    with_decisions(study, propose_some(study, files, Options::default(), true)?)
}

fn with_decisions(study: &Study, mut coded: Coded) -> anyhow::Result<Coded> {
    let decisions = State::of(&Store::read(&study.root)?);
    coded.laid = coded.transcripts.par_iter_mut().map(|transcript| overlay(transcript, &decisions)).collect();
    let lost = unplaced(&decisions, &coded.transcripts, &coded.laid).len();
    if lost > 0 {
        coded.problems.push(Problem {
            file: klantreis_review::FILE.to_owned(),
            line: None,
            severity: Severity::Note,
            message: format!(
                "{lost} decisions are about words that are in no transcript any more; they are kept: see `klantreis \
                 decisions {} list --unplaced`",
                study.root.display()
            ),
        });
    }
    decisions.rename(&mut coded.codebook);
    coded.decisions = decisions;
    Ok(coded)
}

/// Keys of decisions whose words, or whose file, are not there any more.
pub fn unplaced(decisions: &State, transcripts: &[CodedTranscript], laid: &[Laid]) -> Vec<String> {
    let files: BTreeSet<&str> = transcripts.iter().map(|c| c.transcript.file.as_str()).collect();
    let without = decisions.decided.iter().filter(|(_, d)| !files.contains(d.coding.file.as_str()));
    without.map(|(key, _)| key.clone()).chain(laid.iter().flat_map(|l| l.unplaced.clone())).collect()
}

/// Reads and codes a study as the program alone would.
pub fn propose(study: &Study, options: Options, quiet: bool) -> anyhow::Result<Coded> {
    propose_some(study, transcript_files(study), options, quiet)
}

/// The same of some files of a study.
pub fn propose_some(study: &Study, files: Files, options: Options, quiet: bool) -> anyhow::Result<Coded> {
    let ((transcripts, mut problems), coder) = rayon::join(
        || ingest_some(study, files, quiet),
        // A core that has read its files waits for the model and the lexicon: it makes ready what comes afterwards.
        || rayon::join(|| made(study, options), warm_up).0,
    );
    let Made { mut coder, expected, taught, wrong } = coder?;
    problems.extend(wrong);
    coder.adapt(transcripts.iter());
    let bar = progress::bar("coding", transcripts.len(), quiet);
    let transcripts: Vec<CodedTranscript> = transcripts
        .into_par_iter()
        .map(|transcript| {
            let codings = Words::of_thread(|words| coder.code(&transcript, words));
            bar.inc(1);
            CodedTranscript { transcript, codings }
        })
        .collect();
    bar.finish_and_clear();
    let (codebook, laid) = (coder.codebook().clone(), vec![Laid::default(); transcripts.len()]);
    Ok(Coded { codebook, transcripts, laid, decisions: State::default(), problems, expected, taught, coder })
}

/// Makes the lists of words of the later stages ready.
fn warm_up() {
    klantreis_index::warm_up();
    klantreis_aggregation::warm_up();
}

/// The built-in codebook with the study's own over it.
pub fn codebook(study: &Study) -> anyhow::Result<Codebook> {
    let built_in = built_in_codebook().map_err(|e| anyhow!("the built-in codebook: {e}"))?;
    Ok(match Codebook::load(&study.root.join("codebook.toml"))? {
        Some(own) => built_in.overlay(own),
        None => built_in,
    })
}

/// The coder of a study that knows how people talk there, from the interviews that all are learned from.
pub fn adapted(study: &Study, options: Options, problems: &mut Vec<Problem>) -> anyhow::Result<Coder> {
    let (transcripts, more) = ingest_some(study, large::sample(study, transcript_files(study)), true);
    problems.extend(more);
    let mut coder = coder(study, options, problems)?;
    coder.adapt(transcripts.iter());
    Ok(coder)
}

/// The coder of a study, with its own codebook over the built-in one.
pub fn coder(study: &Study, options: Options, problems: &mut Vec<Problem>) -> anyhow::Result<Coder> {
    let Made { coder, wrong, .. } = made(study, options)?;
    problems.extend(wrong);
    Ok(coder)
}

/// A coder, with what is known of its model.
struct Made {
    coder: Coder,
    expected: klantreis_coding::Expected,
    taught: Option<Taught>,
    /// Cues that were left out.
    wrong: Vec<Problem>,
}

fn made(study: &Study, options: Options) -> anyhow::Result<Made> {
    let (model, compiled) = rayon::join(|| model(&study.root), || anyhow::Ok(Compiled::of(codebook(study)?)));
    let (model, (compiled, errors)) = (model?, compiled?);
    let wrong = errors.into_iter().map(|error| Problem {
        file: "codebook.toml".to_owned(),
        line: None,
        severity: Severity::Error,
        message: format!("{error}; the cue was left out"),
    });
    let (wrong, expected, taught) = (wrong.collect(), model.expected, model.taught.clone());
    Ok(Made { coder: Coder::with(study, compiled, model, options), expected, taught, wrong })
}

/// Codes some interviews of a study with a model of one's own making; `all` are the interviews that show how people
/// talk in that study.
pub fn code_with(
    study: &Study,
    model: Model,
    all: &[&Transcript],
    some: &[&Transcript],
) -> anyhow::Result<Vec<Vec<Coding>>> {
    let mut coder = Coder::with(study, Compiled::of(codebook(study)?).0, model, Options::default());
    coder.adapt(all.iter().copied());
    let mut words = Words::new();
    Ok(some.iter().map(|transcript| coder.code(transcript, &mut words)).collect())
}

/// Says what was skipped; whether anything was.
pub fn report(problems: &[Problem]) -> bool {
    let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    errors.iter().for_each(|problem| eprintln!("{problem}"));
    !errors.is_empty()
}

/// Says that a coding fits nowhere.
pub fn not_found(transcript: &Transcript, row: &GoldRow) {
    eprintln!(
        "{}: turn {}: the quote \"{}\" ({}) is not in what respondents say there, or its category is no id; it was left out",
        transcript.file, row.turn, row.quote, row.category
    );
}

/// The rows of some files of codings of a study, with its stand-ins where it has them.
pub fn gold_rows(dir: &Path, gold: &[PathBuf]) -> anyhow::Result<Vec<GoldRow>> {
    let mut rows = Vec::new();
    for path in gold {
        rows.extend(read_gold(path)?);
    }
    let study = Study::load(dir)?;
    if study.pseudonymise.on && !rows.is_empty() {
        rows = pseudonyms::in_rows(&study, &read(&study, true).0, rows)?;
    }
    Ok(rows)
}

/// What to say of an id that no quote has: those of its turn have others since it was written down.
pub fn no_such_quote(id: &str, coded: &Coded) -> anyhow::Error {
    let turn = id.rsplit_once('.').map(|(turn, _)| format!("{turn}."));
    let near = coded.transcripts.iter().flat_map(quotes).map(|quote| quote.id);
    let near: Vec<String> = near.filter(|there| turn.as_ref().is_some_and(|turn| there.starts_with(turn))).collect();
    let way_out = if near.is_empty() {
        "look its id up in quotes.csv or with `klantreis query`".to_owned()
    } else {
        format!("in the same turn there are {}", near.join(", "))
    };
    anyhow::anyhow!("there is no quote \"{id}\"; {way_out}")
}

/// The name of a study's folder.
pub fn folder_name(dir: &Path) -> anyhow::Result<String> {
    let path = dir.canonicalize().with_context(|| dir.display().to_string())?;
    Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// The interviews of a study with what people coded in `gold`.
pub fn examples(dir: &Path, gold: &[PathBuf]) -> anyhow::Result<Vec<Example>> {
    let study = Study::load(dir)?;
    let rows = gold_rows(dir, gold)?;
    let (transcripts, problems) = ingest(&study, true);
    report(&problems);
    let name = folder_name(dir)?;
    let design = Arc::new(study);
    let mut out = Vec::new();
    for transcript in transcripts {
        let (gold, missing) = lay_gold(&transcript, &rows);
        for row in missing {
            not_found(&transcript, &row);
        }
        out.push(Example { study: name.clone(), design: design.clone(), transcript, gold, standard: true });
    }
    Ok(out)
}

/// The gold files of a study: `gold*.csv`, sorted.
pub fn gold_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("gold") && name.ends_with(".csv") {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}
