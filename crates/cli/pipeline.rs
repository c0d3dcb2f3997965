//! The stages in a row, shared by the commands.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use klantreis_aggregation::{Journey, journey};
use klantreis_coding::{
    Coder, Example, GoldRow, Model, Options, Words, built_in_codebook, built_in_model, lay_gold, read_gold,
};
use klantreis_ingest::{Participants, read_file, transcript_files};
use klantreis_review::{Laid, State, Store, overlay};
use klantreis_study::{Codebook, CodedTranscript, Coding, Problem, Quote, Severity, Study, Transcript, quotes};
use rayon::prelude::*;

use crate::progress;

/// A study as read, coded and aggregated: what every output is made from.
pub struct Analysis {
    pub coded: Coded,
    pub quotes: Vec<Quote>,
    pub journey: Journey,
}

/// Reads, codes and aggregates a study.
pub fn analyse(study: &Study, options: Options, quiet: bool) -> anyhow::Result<Analysis> {
    let coded = code(study, options, quiet)?;
    if coded.transcripts.is_empty() {
        report(&coded.problems);
        anyhow::bail!(
            "{}: no transcript could be read; put your .txt, .docx, .vtt or .srt files there",
            study.transcripts_dir().display()
        );
    }
    let quotes: Vec<Quote> = coded.transcripts.iter().flat_map(quotes).collect();
    let interviews: Vec<String> = coded.transcripts.iter().map(|t| t.transcript.interview.clone()).collect();
    let journey = journey(study, &coded.codebook, &quotes, &interviews);
    Ok(Analysis { coded, quotes, journey })
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
}

/// The transcripts of a study, in the order of their paths, and what went wrong.
pub fn ingest(study: &Study, quiet: bool) -> (Vec<Transcript>, Vec<Problem>) {
    let files = transcript_files(study);
    let mut problems = files.problems;
    if study.pseudonymise {
        problems.push(Problem {
            file: "klantreis.toml".to_owned(),
            line: None,
            severity: Severity::Error,
            message: "`pseudonymise` can't be done yet: names stay in every output; take them out of the transcripts \
                      yourself, and the line out of klantreis.toml"
                .to_owned(),
        });
    }
    let participants = Participants::load(study).unwrap_or_else(|problem| {
        problems.push(problem);
        Participants::default()
    });
    let bar = progress::bar("reading", files.transcripts.len(), quiet);
    let read: Vec<Result<Transcript, Problem>> = files
        .transcripts
        .par_iter()
        .map(|path| {
            let mut transcript = read_file(study, path)?;
            participants.apply(&mut transcript);
            bar.inc(1);
            Ok(transcript)
        })
        .collect();
    bar.finish_and_clear();
    let mut transcripts = Vec::new();
    for result in read {
        match result {
            Ok(transcript) => {
                problems.extend(transcript.problems.iter().cloned());
                transcripts.push(transcript);
            }
            Err(problem) => problems.push(problem),
        }
    }
    tell_apart(&mut transcripts);
    (transcripts, problems)
}

/// Interviews whose files differ only in their ending get it as part of their name.
fn tell_apart(transcripts: &mut [Transcript]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for transcript in &*transcripts {
        *counts.entry(transcript.interview.clone()).or_default() += 1;
    }
    for transcript in transcripts {
        if counts[&transcript.interview] > 1 {
            transcript.interview = transcript.file.clone();
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
        Ok(bytes) => Model::from_bytes(&bytes).with_context(|| path.display().to_string()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(built_in_model()?),
        Err(e) => Err(e).with_context(|| path.display().to_string()),
    }
}

/// Reads and codes a study, and lays what people decided over what was proposed.
pub fn code(study: &Study, options: Options, quiet: bool) -> anyhow::Result<Coded> {
    let decisions = State::of(&Store::read(&study.root)?);
    let mut coded = propose(study, options, quiet)?;
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
    let (transcripts, mut problems) = ingest(study, quiet);
    let model = model(&study.root)?;
    let expected = model.expected;
    let coder = coder(study, model, options, &mut problems)?;
    let bar = progress::bar("coding", transcripts.len(), quiet);
    let transcripts: Vec<CodedTranscript> = transcripts
        .into_par_iter()
        .map_init(Words::new, |words, transcript| {
            let codings = coder.code(&transcript, words);
            bar.inc(1);
            CodedTranscript { transcript, codings }
        })
        .collect();
    bar.finish_and_clear();
    let (codebook, laid) = (coder.codebook().clone(), vec![Laid::default(); transcripts.len()]);
    Ok(Coded { codebook, transcripts, laid, decisions: State::default(), problems, expected })
}

/// The coder of a study, with its own codebook over the built-in one.
fn coder(study: &Study, model: Model, options: Options, problems: &mut Vec<Problem>) -> anyhow::Result<Coder> {
    let built_in = built_in_codebook().map_err(|e| anyhow!("the built-in codebook: {e}"))?;
    let codebook = match Codebook::load(&study.root.join("codebook.toml"))? {
        Some(own) => built_in.overlay(own),
        None => built_in,
    };
    let (coder, errors) = Coder::new(study, codebook, model, options);
    problems.extend(errors.into_iter().map(|error| Problem {
        file: "codebook.toml".to_owned(),
        line: None,
        severity: Severity::Error,
        message: format!("{error}; the cue was left out"),
    }));
    Ok(coder)
}

/// Codes one interview with a model of one's own making.
pub fn code_with(study: &Study, model: Model, transcripts: &[&Transcript]) -> anyhow::Result<Vec<Vec<Coding>>> {
    let (coder, mut words) = (coder(study, model, Options::default(), &mut Vec::new())?, Words::new());
    Ok(transcripts.iter().map(|transcript| coder.code(transcript, &mut words)).collect())
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

/// The rows of some files of codings.
pub fn gold_rows(gold: &[PathBuf]) -> anyhow::Result<Vec<GoldRow>> {
    let mut rows = Vec::new();
    for path in gold {
        rows.extend(read_gold(path)?);
    }
    Ok(rows)
}

/// The name of a study's folder.
pub fn folder_name(dir: &Path) -> anyhow::Result<String> {
    let path = dir.canonicalize().with_context(|| dir.display().to_string())?;
    Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// The interviews of a study with what people coded in `gold`.
pub fn examples(dir: &Path, gold: &[PathBuf]) -> anyhow::Result<Vec<Example>> {
    let study = Study::load(dir)?;
    let rows = gold_rows(gold)?;
    let (transcripts, problems) = ingest(&study, true);
    report(&problems);
    let name = folder_name(dir)?;
    let phases: Vec<_> = study.phases.iter().map(|p| p.id.clone()).collect();
    let mut out = Vec::new();
    for transcript in transcripts {
        let (gold, missing) = lay_gold(&transcript, &rows);
        for row in missing {
            not_found(&transcript, &row);
        }
        out.push(Example { study: name.clone(), phases: phases.clone(), transcript, gold });
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
