//! `method.md`: how the codings came about, as a methods section tells it (the audit trail of Lincoln & Guba 1985).

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_llm::{Prompt, Proposed};
use klantreis_study::{Coding, Status};

use super::{Model, Which, all, both, interviews, judged};
use crate::pipeline::Coded;

/// Takes away the account of another run, of which it is no longer true.
pub fn forget_method(out: &Path) -> anyhow::Result<()> {
    let path = out.join(FILE);
    if path.exists() {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The file in the folder of tables.
const FILE: &str = "method.md";

pub struct Method {
    text: String,
}

impl Method {
    pub fn of(
        model: &Model<'_>,
        which: Which,
        coded: &Coded,
        asked: &[usize],
        proposed: &Proposed,
    ) -> anyhow::Result<Self> {
        let Model { study, engine, cache, examples } = model;
        let prompt = Prompt::new(study, &coded.codebook);
        let days = match cache.days(&engine.model) {
            Some((first, last)) if first == last => format!("on {first}"),
            Some((first, last)) => format!("between {first} and {last}"),
            None => "never".to_owned(),
        };
        let all = all(coded);
        let kept = model.kept(coded, &all).codings;
        let together = if which == Which::Both {
            let (_, calibration) = both(study, &interviews(coded, &all), kept.clone())?;
            format!(
                " The built-in engine coded the same interviews; what both propose has a higher confidence, what one \
                 proposes alone a lower one ({calibration})."
            )
        } else {
            String::new()
        };
        let interviews = match (asked.len(), all.len()) {
            (some, all) if some == all => format!("{all} interviews"),
            (some, all) => format!("{some} of {all} interviews, the built-in engine for the others"),
        };
        let passages = examples.of_others().map_or_else(String::new, |(count, version)| {
            format!(
                " Where the study had fewer examples, the nearest of {count} coded passages of other studies stood in for \
                 them (the set with the hash {version})."
            )
        });
        let judged = judged(study, coded, &all, kept)?;
        let judged: Vec<&Coding> = judged.iter().flat_map(|t| &t.codings).collect();
        let text = format!(
            "# How the codings came about\n\n\
             The language model {model} proposed codings for {interviews}, {days}, over the OpenAI-compatible \
             protocol at {endpoint} (temperature {temperature}, seed {seed}).{together} It saw up to {window} numbered sentences at a \
             time, with the interviewer's questions, the definitions of the codebook, the phases and the touchpoints of the \
             study, and up to three coded examples of other interviews, and named the numbers of sentences: quotes are taken \
             from the transcripts, never from its answers. The task is the one with the hash {version}.{passages}\n\n\
             {requests} questions were asked in the last run, {kept} answers were kept from before; {dropped} codings in them \
             could not be used, and {left} parts were coded by the built-in engine instead. {verdicts}\n\n\
             Proposals are no results: a person decides on each of them, and every decision is kept with its date.\n",
            model = engine.model,
            endpoint = engine.endpoint,
            temperature = engine.temperature,
            seed = engine.seed,
            window = engine.window,
            version = prompt.version,
            requests = proposed.requests,
            kept = proposed.kept,
            dropped = proposed.dropped.len(),
            left = proposed.left.len(),
            verdicts = verdicts(&judged),
        );
        Ok(Self { text })
    }

    /// Writes `method.md`.
    pub fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let path = folder.join(FILE);
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(&path, &self.text).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

/// What people made of the model's proposals.
fn verdicts(codings: &[&Coding]) -> String {
    let of_model = codings.iter().filter(|c| c.reasons.iter().any(|r| r.model().is_some()));
    let (mut good, mut changed, mut bad) = (0, 0, 0);
    for coding in of_model {
        match coding.status {
            Status::Accepted => good += 1,
            Status::Changed => changed += 1,
            Status::Rejected => bad += 1,
            Status::Auto | Status::Manual => {}
        }
    }
    match good + changed + bad {
        0 => "Nobody has judged its proposals yet.".to_owned(),
        n => format!(
            "Of its {n} proposals that people judged, {good} were right, {changed} were changed and {bad} rejected."
        ),
    }
}
