//! The second engine: a language model of the researcher's own.
//!
//! `run --engine llm` asks it, and leaves in the study what it asked with ([`Chosen`]); every other command then lays the
//! kept answers over the built-in codings, and asks nothing.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_coding::Options;
use klantreis_llm::{Asking, Cache, Coded as Shown, Examples, Prompt, Proposed};
use klantreis_study::{CodedTranscript, Coding, Confidence, Engine, Problem, Severity, Status, Study, Transcript};
use serde::{Deserialize, Serialize};

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

/// What the last `run` asked with.
#[derive(Serialize, Deserialize)]
struct Chosen {
    which: Which,
    /// The examples that were shown: decisions since then don't change what was asked.
    examples: Examples,
}

fn chosen_file(study: &Study) -> PathBuf {
    study.cache_dir().join("engine.json")
}

fn cache(study: &Study) -> anyhow::Result<Cache> {
    fs::create_dir_all(study.cache_dir()).with_context(|| study.cache_dir().display().to_string())?;
    Ok(Cache::open(&study.cache_dir().join("answers.db"))?)
}

fn configured(study: &Study) -> anyhow::Result<&Engine> {
    study.engine.as_ref().context(
        "klantreis.toml has no [engine]: say there which model to ask, such as\n\n[engine]\nkind = \"llm\"\nmodel = \
         \"llama3.1\"\n\n(Ollama's address is taken if there is no `endpoint`)",
    )
}

fn chosen(study: &Study) -> Option<Chosen> {
    serde_json::from_str(&fs::read_to_string(chosen_file(study)).ok()?).ok()
}

/// Chooses the engine of a study, and asks a language model what it has not been asked yet.
pub fn choose(study: &Study, which: Which, new_examples: bool, quiet: bool) -> anyhow::Result<Option<Method>> {
    if which == Which::BuiltIn {
        let file = chosen_file(study);
        if file.exists() {
            fs::remove_file(&file).with_context(|| file.display().to_string())?;
        }
        return Ok(None);
    }
    let engine = configured(study)?;
    if engine.allow_remote && !klantreis_llm::is_loopback(&engine.endpoint) {
        eprintln!("the words of all interviews are sent to {}, another machine", engine.endpoint);
        if !study.pseudonymise.on {
            eprintln!("names and numbers in them too: `pseudonymise = true` in klantreis.toml keeps those at home");
        }
    }
    let coded = pipeline::propose(study, Options::default(), quiet)?;
    let examples = match chosen(study).filter(|_| !new_examples) {
        Some(chosen) => chosen.examples,
        None => examples(study)?,
    };
    let chosen = Chosen { which, examples };
    let bar = progress::bar("asking", windows(engine, &coded), quiet);
    let proposed = ask(study, engine, &chosen.examples, &coded, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let file = chosen_file(study);
    fs::write(&file, serde_json::to_vec(&chosen)?).with_context(|| file.display().to_string())?;
    for (file, why) in &proposed.dropped {
        eprintln!("note: {file}: of an answer was left out: {why}");
    }
    let mut left: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (file, _, why) in &proposed.left {
        left.entry(file).or_insert((0, why)).0 += 1;
    }
    for (file, (parts, why)) in left {
        eprintln!("note: {file}: {parts} parts are coded by the built-in engine: {why}");
    }
    Ok(Some(Method::of(study, engine, which, &coded, &proposed)?))
}

/// Says what asking would take, and asks nothing.
pub fn dry_run(study: &Study) -> anyhow::Result<()> {
    let engine = configured(study)?;
    let coded = pipeline::propose(study, Options::default(), true)?;
    let examples = chosen(study).map_or_else(|| examples(study), |c| Ok(c.examples))?;
    let transcripts: Vec<_> = coded.transcripts.iter().map(|t| &t.transcript).collect();
    let cache = cache(study)?;
    let plan = Asking::new(study, &coded.codebook, engine, &examples, &cache).plan(&transcripts);
    println!("{} would be asked of {}, at {}", engine.model, study.title, engine.endpoint);
    println!("requests: {} ({} answers are kept from before)", plan.requests, plan.kept);
    println!("tokens: about {} sent, {} received", plan.sent, plan.received);
    // What a model on a laptop reads and writes in a second, about.
    let seconds = (plan.sent as f64 / 300.0 + plan.received as f64 / 15.0) / engine.max_parallel.max(1) as f64;
    println!("time: about {:.0} minutes with a model on a laptop; a server is quicker", (seconds / 60.0).ceil());
    match engine.price_per_mtoken {
        Some(price) => println!("cost: about {:.2}", (plan.sent + plan.received) as f64 / 1e6 * price),
        None => println!("cost: unknown, as `price_per_mtoken` is not set"),
    }
    Ok(())
}

fn windows(engine: &Engine, coded: &Coded) -> usize {
    coded.transcripts.iter().map(|t| klantreis_llm::windows(&t.transcript, engine.window).len()).sum()
}

fn ask(
    study: &Study,
    engine: &Engine,
    examples: &Examples,
    coded: &Coded,
    done: &(dyn Fn() + Sync),
) -> anyhow::Result<Proposed> {
    let cache = cache(study)?;
    Ok(Asking::new(study, &coded.codebook, engine, examples, &cache).propose(&interviews(coded), done)?)
}

/// The interviews with what the built-in engine proposes.
fn interviews(coded: &Coded) -> Vec<(&Transcript, &[Coding])> {
    coded.transcripts.iter().map(|t| (&t.transcript, t.codings.as_slice())).collect()
}

/// What people stand behind: decisions, and interviews coded by hand.
fn examples(study: &Study) -> anyhow::Result<Examples> {
    let coded = pipeline::decided(study)?;
    let stands = |c: &&Coding| c.status.is_reviewed() && c.status != Status::Rejected;
    let shown: Vec<_> = coded
        .transcripts
        .iter()
        .map(|t| Shown { transcript: &t.transcript, codings: t.codings.iter().filter(stands).collect() })
        .collect();
    Ok(Examples::new(&shown))
}

/// Lays the kept answers of the chosen engine over the built-in codings. Asks nothing: a part without an answer keeps
/// its built-in codings.
pub fn lay(study: &Study, coded: &mut Coded) -> anyhow::Result<()> {
    let Some(Chosen { which, examples }) = chosen(study) else { return Ok(()) };
    let Some(engine) = &study.engine else { return Ok(()) };
    let cache = cache(study)?;
    let kept = Asking::new(study, &coded.codebook, engine, &examples, &cache).kept(&interviews(coded))?;
    let missing = kept.left.len();
    for (CodedTranscript { codings, .. }, found) in coded.transcripts.iter_mut().zip(kept.codings) {
        *codings = if which == Which::Both { both(std::mem::take(codings), found) } else { found };
    }
    if missing > 0 {
        coded.problems.push(Problem {
            file: "klantreis.toml".to_owned(),
            line: None,
            severity: Severity::Note,
            message: format!(
                "{missing} parts have no answer of {} yet and are coded by the built-in engine; `run --engine llm` asks \
                 for them",
                engine.model
            ),
        });
    }
    Ok(())
}

/// Proposals of two engines: what both see is surer, what one sees alone is in doubt and comes first in review.
fn both(built_in: Vec<Coding>, model: Vec<Coding>) -> Vec<Coding> {
    let overlap = |a: &Coding, b: &Coding| {
        a.category == b.category
            && a.turn == b.turn
            && a.sentences.start < b.sentences.end
            && b.sentences.start < a.sentences.end
    };
    let mut out = Vec::new();
    let mut alone = vec![true; model.len()];
    for mut coding in built_in {
        let agreeing: Vec<usize> = (0..model.len()).filter(|n| overlap(&coding, &model[*n])).collect();
        let own = coding.confidence.value();
        for n in &agreeing {
            alone[*n] = false;
            coding.reasons.extend(model[*n].reasons.iter().cloned());
        }
        coding.confidence = match agreeing.first() {
            // Two witnesses that do not hear each other (noisy or).
            Some(n) => Confidence::new(1.0 - (1.0 - own) * (1.0 - model[*n].confidence.value())),
            None => Confidence::new(own * ALONE),
        };
        out.push(coding);
    }
    out.extend(model.into_iter().zip(alone).filter(|(_, alone)| *alone).map(|(mut coding, _)| {
        coding.confidence = Confidence::new(coding.confidence.value() * ALONE);
        coding
    }));
    out.sort_by(|a, b| (a.turn, a.sentences.start, &a.category).cmp(&(b.turn, b.sentences.start, &b.category)));
    out
}

/// What a proposal keeps of its confidence if the other engine does not see it.
const ALONE: f32 = 0.7;

/// How the codings came about, as a methods section tells it (the audit trail of Lincoln & Guba 1985).
pub struct Method {
    text: String,
}

impl Method {
    fn of(study: &Study, engine: &Engine, which: Which, coded: &Coded, proposed: &Proposed) -> anyhow::Result<Self> {
        let prompt = Prompt::new(study, &coded.codebook);
        let days = match cache(study)?.days(&engine.model) {
            Some((first, last)) if first == last => format!("on {first}"),
            Some((first, last)) => format!("between {first} and {last}"),
            None => "never".to_owned(),
        };
        let decided = pipeline::decided(study)?;
        let of_model = |c: &&Coding| c.reasons.iter().any(|r| r.model().is_some());
        let all: Vec<&Coding> = decided.transcripts.iter().flat_map(|t| &t.codings).filter(of_model).collect();
        let count = |status: Status| all.iter().filter(|c| c.status == status).count();
        let (good, changed, bad) = (count(Status::Accepted), count(Status::Changed), count(Status::Rejected));
        let judged = match good + changed + bad {
            0 => "Nobody has judged its proposals yet.".to_owned(),
            n => format!(
                "Of the {n} proposals that people judged, {good} were right, {changed} were changed and {bad} rejected."
            ),
        };
        let both = if which == Which::Both {
            " The built-in engine coded the same interviews; what both propose has a higher confidence, what one proposes \
             alone a lower one."
        } else {
            ""
        };
        let text = format!(
            "# How the codings came about\n\n\
             The language model {model} proposed codings for {interviews} interviews, {days}, over the OpenAI-compatible \
             protocol at {endpoint} (temperature {temperature}, seed {seed}).{both} It saw up to {window} numbered sentences at a \
             time, with the interviewer's questions, the definitions of the codebook, the phases and the touchpoints of the \
             study, and up to three coded examples of other interviews, and named the numbers of sentences: quotes are taken \
             from the transcripts, never from its answers. The task is the one with the hash {version}.\n\n\
             {requests} questions were asked in the last run, {kept} answers were kept from before; {dropped} codings in them \
             could not be used, and {left} parts were coded by the built-in engine instead. {judged}\n\n\
             Proposals are no results: a person decides on each of them, and every decision is kept with its date.\n",
            model = engine.model,
            interviews = coded.transcripts.len(),
            endpoint = engine.endpoint,
            temperature = engine.temperature,
            seed = engine.seed,
            window = engine.window,
            version = prompt.version,
            requests = proposed.requests,
            kept = proposed.kept,
            dropped = proposed.dropped.len(),
            left = proposed.left.len(),
        );
        Ok(Self { text })
    }

    /// Writes `method.md`.
    pub fn write(&self, folder: &std::path::Path) -> anyhow::Result<PathBuf> {
        let path = folder.join("method.md");
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(&path, &self.text).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Category, Emotion, PhaseId, Reason};

    use super::*;

    fn coding(category: Category, sentences: std::ops::Range<usize>, confidence: f32) -> Coding {
        Coding {
            turn: 1,
            sentences,
            category,
            code: None,
            phase: PhaseId::new("vooraf").unwrap(),
            touchpoint: None,
            emotion: Emotion::default(),
            confidence: Confidence::new(confidence),
            status: Status::Auto,
            reasons: vec![Reason { label: "x".to_owned(), weight: 1.0 }],
        }
    }

    #[test]
    fn agreement_raises_the_confidence_and_a_lone_proposal_is_in_doubt() {
        let (pain, gain) = (Category::pain(), Category::gain());
        let found = both(
            vec![coding(pain.clone(), 0..2, 0.5), coding(gain.clone(), 3..4, 0.5)],
            vec![coding(pain.clone(), 1..3, 0.6), coding(gain, 5..6, 0.6)],
        );
        let confidences: Vec<f32> = found.iter().map(|c| c.confidence.value()).collect();
        assert_eq!(found.len(), 3);
        assert!((confidences[0] - 0.8).abs() < 1e-6);
        assert!((confidences[1] - 0.35).abs() < 1e-6);
        assert!((confidences[2] - 0.42).abs() < 1e-6);
        assert_eq!(found[0].reasons.len(), 2);
    }
}
