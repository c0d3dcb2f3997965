//! The second engine: a language model of the researcher's own.
//!
//! `run --engine llm` asks it, and leaves in the study which engine was chosen; every other command then lays the kept
//! answers over the built-in codings ([`lay`]), and asks nothing. `learn --from llm` and `evaluate --engines` go by the
//! kept answers too, whichever engine is chosen.

mod both;
mod calibration;
mod consent;
mod method;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_coding::Options;
use klantreis_llm::{Asking, Cache, Coded as Shown, Examples, Plan, Proposed};
use klantreis_report::write_whole;
use klantreis_review::{State, Store, overlay};
use klantreis_study::{CodedTranscript, Coding, Engine, Problem, Severity, Status, Study, Transcript};
use serde::{Deserialize, Serialize};

pub use self::method::forget_method;
use self::{calibration::Calibration, method::Method};
use crate::{pipeline, pipeline::Coded, progress};

/// Which engine proposes codings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The program's own, instant and offline
    #[default]
    BuiltIn,
    /// The language model under `[engine]` in klantreis.toml
    Llm,
    /// Both: what they agree on is surer
    Both,
}

/// What `run` is told of the engine.
#[derive(clap::Args)]
pub struct Choice {
    /// Who proposes codings; `llm` and `both` ask the model under `[engine]` in klantreis.toml
    #[arg(long, value_enum, default_value = "built-in")]
    engine: Which,
    /// Ask the language model about so many interviews only, spread over the study; the built-in engine codes the others
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Show the language model what was decided since as examples, which asks everything anew
    #[arg(long)]
    new_examples: bool,
    #[command(flatten)]
    pub consent: Consent,
    /// Say what asking the language model would take, and ask nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl Choice {
    /// Whether no language model is asked for.
    pub fn is_built_in(&self) -> bool {
        self.engine == Which::BuiltIn
    }
}

/// What may be sent to another machine.
#[derive(clap::Args)]
pub struct Consent {
    /// Send interviews with names, numbers and addresses in them to another machine
    #[arg(long)]
    names_may_leave: bool,
}

/// The language model of a study, with its answers so far and the examples that it is shown.
pub struct Model<'a> {
    study: &'a Study,
    engine: &'a Engine,
    cache: Cache,
    examples: Examples,
}

impl<'a> Model<'a> {
    /// The model under `[engine]` in a study. It is shown the same examples as before, whatever was decided since: else
    /// no answer of before would be one to the questions of now.
    pub fn of(study: &'a Study) -> anyhow::Result<Self> {
        let engine = study.engine.as_ref().context(
            "klantreis.toml has no [engine]: say there which model to ask, such as\n\n[engine]\nkind = \"llm\"\nmodel = \
             \"llama3.1\"\n\n(Ollama's address is taken if there is no `endpoint`)",
        )?;
        let folder = study.cache_dir();
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let cache = Cache::open(&folder.join("answers.db"))?;
        let examples = match fs::read(examples_file(study)) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| examples_file(study).display().to_string())?,
            Err(_) => examples(study)?,
        };
        Ok(Self { study, engine, cache, examples })
    }

    /// The same, with new examples where `run` is told so; they are kept when it is asked.
    fn for_run(study: &'a Study, args: &Choice) -> anyhow::Result<Self> {
        let model = Self::of(study)?;
        Ok(if args.new_examples { Self { examples: examples(study)?, ..model } } else { model })
    }

    pub fn name(&self) -> &str {
        &self.engine.model
    }

    /// What the tokens of some answers cost, if the study says what a million of them costs.
    pub fn cost(&self, tokens: u64) -> Option<f64> {
        self.engine.price_per_mtoken.map(|price| tokens as f64 / 1e6 * price)
    }

    fn asking<'m>(&'m self, coded: &'m Coded) -> Asking<'m> {
        Asking::new(self.study, &coded.codebook, self.engine, &self.examples, &self.cache)
    }

    /// What asking about some of the interviews would take.
    pub fn plan(&self, coded: &Coded, which: &[usize]) -> Plan {
        self.asking(coded).plan(which.iter().map(|n| &coded.transcripts[*n].transcript))
    }

    /// Asks about some of the interviews, given by their places, what was not asked before.
    pub fn ask(&self, coded: &Coded, which: &[usize], consent: &Consent, quiet: bool) -> anyhow::Result<Proposed> {
        let plan = self.plan(coded, which);
        consent.given(self.study, self.engine, &plan, which.len())?;
        write_whole(&examples_file(self.study), &serde_json::to_vec(&self.examples)?)?;
        let bar = progress::long_bar("asking", plan.requests, quiet);
        let done = || {
            bar.inc(1);
            // What has to be asked again in halves comes on top of what was planned.
            bar.set_length(bar.length().unwrap_or_default().max(bar.position()));
        };
        let proposed = self.asking(coded).propose(&interviews(coded, which), &done);
        bar.finish_and_clear();
        let proposed = proposed?;
        notes(coded, which, &proposed);
        Ok(proposed)
    }

    /// What is kept of its answers about some of the interviews, and the built-in codings where there is none.
    pub fn kept(&self, coded: &Coded, which: &[usize]) -> Proposed {
        self.asking(coded).kept(&interviews(coded, which))
    }

    /// The interviews about which it has answered all questions.
    pub fn answered(&self, coded: &Coded) -> Vec<usize> {
        let left: BTreeSet<usize> = self.kept(coded, &all(coded)).left.iter().map(|left| left.interview).collect();
        all(coded).into_iter().filter(|n| !left.contains(n)).collect()
    }
}

fn examples_file(study: &Study) -> PathBuf {
    study.cache_dir().join("examples.json")
}

fn chosen_file(study: &Study) -> PathBuf {
    study.cache_dir().join("engine.json")
}

/// The engine of the last `run`.
fn chosen(study: &Study) -> Which {
    let read = || serde_json::from_slice(&fs::read(chosen_file(study)).ok()?).ok();
    read().unwrap_or_default()
}

/// The language model whose proposals a study has, and whether the built-in engine's count beside them.
pub fn other(study: &Study) -> Option<(&str, bool)> {
    match chosen(study) {
        Which::BuiltIn => None,
        which => Some((study.engine.as_ref()?.model.as_str(), which == Which::Both)),
    }
}

/// Chooses the engine of a study, and asks a language model what it has not been asked yet.
pub fn choose(study: &Study, args: &Choice, quiet: bool) -> anyhow::Result<Option<Method>> {
    if args.engine == Which::BuiltIn {
        let file = chosen_file(study);
        if file.exists() {
            fs::remove_file(&file).with_context(|| file.display().to_string())?;
        }
        return Ok(None);
    }
    let model = Model::for_run(study, args)?;
    let coded = pipeline::propose(study, Options::default(), quiet)?;
    let asked = args.sample.map_or_else(|| all(&coded), |n| spread(coded.transcripts.len(), n));
    let proposed = model.ask(&coded, &asked, &args.consent, quiet)?;
    write_whole(&chosen_file(study), &serde_json::to_vec(&args.engine)?)?;
    Ok(Some(Method::of(&model, args.engine, &coded, &asked, &proposed)?))
}

/// Says what asking would take, and asks nothing.
pub fn dry_run(study: &Study, args: &Choice) -> anyhow::Result<()> {
    let model = Model::for_run(study, args)?;
    let engine = model.engine;
    let coded = pipeline::propose(study, Options::default(), true)?;
    let asked = args.sample.map_or_else(|| all(&coded), |n| spread(coded.transcripts.len(), n));
    let plan = model.plan(&coded, &asked);
    println!("{} would be asked of {}, at {}", engine.model, study.title, engine.endpoint);
    println!("requests: {} ({} answers are kept from before)", plan.requests, plan.kept);
    println!("tokens: about {} sent, {} received", plan.sent, plan.received);
    // What a model on a laptop reads and writes in a second, about.
    let seconds = (plan.sent as f64 / 300.0 + plan.received as f64 / 15.0) / engine.max_parallel.max(1) as f64;
    println!("time: about {:.0} minutes with a model on a laptop; a server is quicker", (seconds / 60.0).ceil());
    match model.cost((plan.sent + plan.received) as u64) {
        Some(cost) => println!("cost: about {cost:.2}"),
        None => println!("cost: unknown, as `price_per_mtoken` is not set"),
    }
    Ok(())
}

fn all(coded: &Coded) -> Vec<usize> {
    (0..coded.transcripts.len()).collect()
}

/// Some of many places, evenly over all of them: interviews of a group often have names that follow one another.
fn spread(many: usize, some: usize) -> Vec<usize> {
    let some = some.min(many);
    (0..some).map(|n| n * many / some).collect()
}

/// Some interviews with what the built-in engine proposes.
pub fn interviews<'c>(coded: &'c Coded, which: &[usize]) -> Vec<(&'c Transcript, &'c [Coding])> {
    which.iter().map(|n| &coded.transcripts[*n]).map(|t| (&t.transcript, t.codings.as_slice())).collect()
}

/// Says what of the answers could not be used.
fn notes(coded: &Coded, asked: &[usize], proposed: &Proposed) {
    for (file, why) in &proposed.dropped {
        eprintln!("note: {file}: of an answer was left out: {why}");
    }
    let mut left: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for part in &proposed.left {
        let file = &coded.transcripts[asked[part.interview]].transcript.file;
        left.entry(file).or_insert((0, &part.why)).0 += 1;
    }
    for (file, (parts, why)) in left {
        eprintln!("note: {file}: {parts} parts are coded by the built-in engine: {why}");
    }
    if let Some(error) = &proposed.unkept {
        eprintln!("note: {error}");
    }
}

/// What people decided so far, to show the model; of interviews on which nobody decided, what gold files have. Where that is
/// too little, the built-in passages of other studies stand in.
fn examples(study: &Study) -> anyhow::Result<Examples> {
    let coded = pipeline::decided(study)?;
    let rows = pipeline::gold_rows(&study.root, &pipeline::gold_files(&study.root)?)?;
    let stands = |c: &Coding| c.status.is_reviewed() && c.status != Status::Rejected;
    let by_hand: Vec<Vec<Coding>> = coded
        .transcripts
        .iter()
        .map(|t| {
            let decided: Vec<Coding> = t.codings.iter().filter(|c| stands(c)).cloned().collect();
            if !decided.is_empty() {
                return decided;
            }
            let mine = rows.iter().filter(|row| row.belongs_to(&t.transcript));
            mine.filter_map(|row| row.coding(&t.transcript)).filter(|c| study.phase(&c.phase).is_some()).collect()
        })
        .collect();
    let shown: Vec<_> = coded
        .transcripts
        .iter()
        .zip(&by_hand)
        .map(|(t, codings)| Shown { transcript: &t.transcript, codings: codings.iter().collect() })
        .collect();
    Ok(Examples::new(study, &shown))
}

/// Lays the kept answers of the chosen engine over the built-in codings. Asks nothing: a part without an answer keeps
/// its built-in codings. What is less sure than `least` is left out.
pub fn lay(study: &Study, coded: &mut Coded, least: Option<f32>) -> anyhow::Result<()> {
    let which = chosen(study);
    if which == Which::BuiltIn || study.engine.is_none() {
        return Ok(());
    }
    let model = Model::of(study)?;
    let kept = model.kept(coded, &all(coded));
    let mut said = Vec::new();
    if !kept.left.is_empty() {
        said.push(format!(
            "{} parts have no answer of {} yet and are coded by the built-in engine; `run --engine llm` asks for them",
            kept.left.len(),
            model.name()
        ));
    }
    let mut found = kept.codings;
    if which == Which::Both {
        let (together, calibration) = both(study, &interviews(coded, &all(coded)), found)?;
        said.push(format!("how sure the two engines are together: {calibration}"));
        found = together;
    }
    let sure = |coding: &Coding| least.is_none_or(|least| coding.confidence.value() >= least);
    for (CodedTranscript { codings, .. }, found) in coded.transcripts.iter_mut().zip(found) {
        *codings = found.into_iter().filter(sure).collect();
    }
    let note = |message| Problem { file: "klantreis.toml".to_owned(), line: None, severity: Severity::Note, message };
    coded.problems.extend(said.into_iter().map(note));
    Ok(())
}

/// The proposals of both engines, as sure as the decisions so far say; `found` are the model's for each interview.
pub fn both(
    study: &Study,
    interviews: &[(&Transcript, &[Coding])],
    found: Vec<Vec<Coding>>,
) -> anyhow::Result<(Vec<Vec<Coding>>, Calibration)> {
    let (talks, built_in): (Vec<&Transcript>, Vec<&[Coding]>) = interviews.iter().copied().unzip();
    let merged: Vec<_> = built_in.into_iter().zip(found).map(|(own, found)| both::merge(own.to_vec(), found)).collect();
    let calibration = Calibration::on(&decisions(study)?, talks.into_iter().zip(&merged));
    let sure = |(coding, seen): (Coding, both::Seen)| {
        let confidence = calibration.confidence(seen, coding.confidence);
        Coding { confidence, ..coding }
    };
    let together = merged.into_iter().map(|codings| codings.into_iter().map(sure).collect()).collect();
    Ok((together, calibration))
}

fn decisions(study: &Study) -> anyhow::Result<State> {
    Ok(State::of(&Store::read(&study.root)?))
}

/// The model's proposals for some interviews, with what people decided laid over them; decisions about what it did not
/// propose stand there too.
pub fn judged(
    study: &Study,
    coded: &Coded,
    which: &[usize],
    found: Vec<Vec<Coding>>,
) -> anyhow::Result<Vec<CodedTranscript>> {
    let decisions = decisions(study)?;
    let lay = |(n, codings): (&usize, _)| {
        let mut judged = CodedTranscript { transcript: coded.transcripts[*n].transcript.clone(), codings };
        overlay(&mut judged, &decisions);
        judged
    };
    Ok(which.iter().zip(found).map(lay).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_all_interviews() {
        assert_eq!(spread(9, 3), [0, 3, 6]);
        assert_eq!(spread(2, 5), [0, 1]);
        assert!(spread(4, 0).is_empty());
    }
}
