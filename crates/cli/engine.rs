//! The second engine: a language model of the researcher's own.
//!
//! `run --engine llm` asks it, and leaves in the study which engine was chosen; every other command then lays the kept
//! answers over the built-in codings ([`lay()`]), and asks nothing. `learn --from llm` and `evaluate --engines` go by the
//! kept answers too, whichever engine is chosen.

mod both;
mod calibration;
mod chosen;
mod consent;
mod examples;
mod lay;
mod method;
mod sample;
mod told;

use std::{collections::BTreeSet, fs};

use anyhow::Context;
use klantreis_ingest::Files;
use klantreis_llm::{Asking, Cache, Examples, Plan, Proposed};
use klantreis_review::{State, Store, overlay};
use klantreis_study::{CodedTranscript, Coding, Engine, Study, Transcript};

use self::{
    calibration::Calibration,
    sample::{Sample, all},
};
pub use self::{
    chosen::{Chosen, Which, other},
    lay::{Layer, fingerprint, lay},
    method::{Method, Verdicts, forget_method},
    sample::with_answers,
};
use crate::{pipeline::Coded, progress};

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
    fn is_built_in(&self) -> bool {
        self.engine == Which::BuiltIn
    }

    /// Refuses what goes with a language model where none is asked for, and the reverse.
    pub fn check(&self, cues_only: bool, by_parts: bool) -> anyhow::Result<()> {
        let flags = [
            ("--sample", self.sample.is_some()),
            ("--new-examples", self.new_examples),
            ("--names-may-leave", self.consent.names_may_leave),
            ("--dry-run", self.dry_run),
        ];
        match flags.into_iter().find(|(_, given)| *given) {
            Some((flag, _)) if self.is_built_in() => {
                anyhow::bail!("{flag} is about a language model: say `--engine llm` or `--engine both` with it")
            }
            _ if cues_only && !self.is_built_in() => {
                anyhow::bail!(
                    "--cues-only is the built-in engine without its model: it does not go with another engine"
                )
            }
            _ if by_parts && self.engine == Which::Both => anyhow::bail!(
                "how sure two engines are together is worked out over all interviews at once, which part by part, or with \
                 thousands of them, can't be: say `--engine llm --sample 20`"
            ),
            _ => Ok(()),
        }
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
        Ok(Self { study, engine, cache, examples: examples::kept(study)? })
    }

    /// The same, with new examples where `run` is told so; they are kept when it is asked.
    fn for_run(study: &'a Study, args: &Choice) -> anyhow::Result<Self> {
        let model = Self::of(study)?;
        Ok(if args.new_examples { Self { examples: examples::anew(study)?, ..model } } else { model })
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
        self.asking(coded).plan(&interviews(coded, which))
    }

    /// Asks about some of the interviews, given by their places, what was not asked before.
    pub fn ask(&self, coded: &Coded, which: &[usize], consent: &Consent, quiet: bool) -> anyhow::Result<Proposed> {
        let plan = self.plan(coded, which);
        consent.given(self.study, self.engine, &plan, which.len())?;
        examples::keep(self.study, &self.examples)?;
        let bar = progress::long_bar("asking", plan.requests, quiet);
        let done = || {
            bar.inc(1);
            // What has to be asked again in halves comes on top of what was planned.
            bar.set_length(bar.length().unwrap_or_default().max(bar.position()));
        };
        let proposed = self.asking(coded).propose(&interviews(coded, which), &done);
        bar.finish_and_clear();
        let proposed = proposed?;
        told::notes(coded, which, &proposed);
        Ok(proposed)
    }

    /// What is kept of its answers about some of the interviews, and the built-in codings where there is none.
    pub fn kept(&self, coded: &Coded, which: &[usize]) -> Proposed {
        self.asking(coded).kept(&interviews(coded, which))
    }

    /// The interviews about which it has answered all questions.
    pub fn answered(&self, coded: &Coded) -> Vec<usize> {
        let kept = self.kept(coded, &all(coded));
        let left: BTreeSet<usize> = kept.left.iter().filter(|left| !left.asked).map(|left| left.interview).collect();
        all(coded).into_iter().filter(|n| !left.contains(n)).collect()
    }
}

/// Chooses the engine of a study, and asks a language model what it has not been asked yet.
pub fn choose(study: &Study, files: &Files, args: &Choice, quiet: bool) -> anyhow::Result<Option<Method>> {
    if args.is_built_in() {
        Chosen::forget(study)?;
        return Ok(None);
    }
    let model = Model::for_run(study, args)?;
    let Sample { coded, asked, of } = Sample::of(study, files, args, quiet)?;
    let proposed = model.ask(&coded, &asked, &args.consent, quiet)?;
    let file = |n: &usize| coded.transcripts[*n].transcript.file.clone();
    let some = args.sample.is_some().then(|| asked.iter().map(file).collect());
    Chosen { engine: args.engine, asked: some }.keep(study)?;
    Ok(Some(Method::of(&model, args.engine, &coded, &asked, of, &proposed)?))
}

/// Says what asking would take, and asks nothing.
pub fn dry_run(study: &Study, files: &Files, args: &Choice) -> anyhow::Result<()> {
    let model = Model::for_run(study, args)?;
    let Sample { coded, asked, .. } = Sample::of(study, files, args, true)?;
    told::plan(study, &model, model.plan(&coded, &asked));
    Ok(())
}

/// Some interviews with what the built-in engine proposes.
pub fn interviews<'c>(coded: &'c Coded, which: &[usize]) -> Vec<(&'c Transcript, &'c [Coding])> {
    which.iter().map(|n| &coded.transcripts[*n]).map(|t| (&t.transcript, t.codings.as_slice())).collect()
}

/// The proposals of both engines, as sure as the decisions so far say; `found` are the model's for each interview.
pub fn both(
    study: &Study,
    interviews: &[(&Transcript, &[Coding])],
    found: Vec<Vec<Coding>>,
) -> anyhow::Result<(Vec<Vec<Coding>>, Calibration)> {
    let name = study.engine.as_ref().map_or("the language model", |engine| &engine.model);
    let (talks, built_in): (Vec<&Transcript>, Vec<&[Coding]>) = interviews.iter().copied().unzip();
    let merged: Vec<_> =
        built_in.into_iter().zip(found).map(|(own, found)| both::merge(own.to_vec(), found, name)).collect();
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
