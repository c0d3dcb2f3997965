//! The kept answers of a language model over the built-in codings. Asks nothing.

use klantreis_llm::{Asking, Proposed};
use klantreis_study::{Codebook, CodedTranscript, Coding, Problem, Severity, Study, Transcript};

use super::{Chosen, Model, Which, both, interviews};
use crate::pipeline::Coded;

/// Lays the kept answers of the chosen engine over the built-in codings of the interviews that it was asked about: a part
/// without an answer keeps its built-in codings. What is less sure than `least` is left out.
pub fn lay(study: &Study, coded: &mut Coded, least: Option<f32>) -> anyhow::Result<()> {
    let chosen = Chosen::of(study);
    if chosen.engine == Which::BuiltIn || study.engine.is_none() {
        return Ok(());
    }
    let model = Model::of(study)?;
    let asked: Vec<usize> =
        (0..coded.transcripts.len()).filter(|n| chosen.is_asked(&coded.transcripts[*n].transcript.file)).collect();
    let kept = model.kept(coded, &asked);
    let mut said = Vec::new();
    let unanswered = kept.left.iter().filter(|left| !left.asked).count();
    if unanswered > 0 {
        said.push(format!(
            "{unanswered} parts have no answer of {} yet and are coded by the built-in engine; `run --engine llm` asks for \
             them",
            model.name()
        ));
    }
    let useless = kept.left.len() - unanswered;
    if useless > 0 {
        said.push(format!(
            "{useless} parts are coded by the built-in engine, as the answers of {} about them are of no use",
            model.name()
        ));
    }
    let mut found = kept.codings;
    if chosen.engine == Which::Both {
        let (together, calibration) = both(study, &interviews(coded, &asked), found)?;
        said.push(format!("how sure the two engines are together: {calibration}"));
        found = together;
    }
    for (n, found) in asked.into_iter().zip(found) {
        coded.transcripts[n].codings = found;
    }
    let sure = |coding: &Coding| least.is_none_or(|least| coding.confidence.value() >= least);
    for CodedTranscript { codings, .. } in &mut coded.transcripts {
        codings.retain(sure);
    }
    let note = |message| Problem { file: "klantreis.toml".to_owned(), line: None, severity: Severity::Note, message };
    coded.problems.extend(said.into_iter().map(note));
    Ok(())
}

/// The same for one interview at a time, of a study too large to be held at once.
pub struct Layer<'a> {
    model: Model<'a>,
    chosen: Chosen,
    codebook: Codebook,
    /// How sure it must be of what it proposes.
    least: Option<f32>,
}

impl<'a> Layer<'a> {
    /// What lays answers over the codings of a study; `None` where it is coded by the built-in engine alone.
    pub fn of(study: &'a Study, codebook: &Codebook, least: Option<f32>) -> anyhow::Result<Option<Self>> {
        let chosen = Chosen::of(study);
        if chosen.engine == Which::BuiltIn || study.engine.is_none() {
            return Ok(None);
        }
        Ok(Some(Self { model: Model::of(study)?, chosen, codebook: codebook.clone(), least }))
    }

    /// The codings of an interview, for which the built-in engine proposes `built_in`.
    pub fn over(&self, transcript: &Transcript, built_in: Vec<Coding>) -> Vec<Coding> {
        let mut codings = built_in;
        if self.chosen.is_asked(&transcript.file) {
            let Model { study, engine, cache, examples } = &self.model;
            let asking = Asking::new(study, &self.codebook, engine, examples, cache);
            let Proposed { codings: mut found, .. } = asking.kept(&[(transcript, &codings)]);
            codings = found.pop().unwrap_or(codings);
        }
        codings.retain(|coding| self.least.is_none_or(|least| coding.confidence.value() >= least));
        codings
    }
}

/// Names all of a language model that the codings of a study depend on: which was chosen for which interviews, and how many
/// answers there are by now.
pub fn fingerprint(study: &Study) -> anyhow::Result<String> {
    let chosen = Chosen::of(study);
    let answers = if chosen.engine == Which::BuiltIn { 0 } else { Model::of(study)?.cache.count() };
    Ok(format!("{chosen:?} {answers}"))
}
