//! `klantreis learn DIR --from llm`: the built-in model learns what a language model proposed and nobody rejected, so
//! that a large corpus is coded at its own speed after a few interviews by the language model.

use std::{path::Path, sync::Arc};

use klantreis_coding::{Example, GoldRow, Options, Taught, lay_gold};
use klantreis_ingest::transcript_files;
use klantreis_study::{CodedTranscript, Coding, Status, Study, quotes};

use super::{FEWEST, adapted, coded_by_hand, hold_back, keep, set_aside_what_cannot_be_read};
use crate::{Outcome, by_hand::row, engine, pipeline};

pub fn run(dir: &Path) -> anyhow::Result<Outcome> {
    let study = Study::load(dir)?;
    let model = engine::Model::of(&study)?;
    set_aside_what_cannot_be_read(dir)?;
    let files = engine::with_answers(&study, transcript_files(&study))?;
    let decided = pipeline::code_some(&study, files.clone(), Options::default(), true)?;
    pipeline::report(&decided.problems);
    let by_hand = coded_by_hand(dir, study.clone(), decided)?;
    let coded = pipeline::propose_some(&study, files, Options::default(), true)?;
    let is_by_hand = |n: &usize| by_hand.iter().any(|e| e.transcript.file == coded.transcripts[*n].transcript.file);
    let answered: Vec<usize> = model.answered(&coded).into_iter().filter(|n| !is_by_hand(n)).collect();
    if answered.is_empty() || answered.len() + by_hand.len() < FEWEST {
        anyhow::bail!(
            "{}: {} has answered about {} interviews whole that people did not code; {FEWEST} or more are needed, so that \
             one can be held back to see what was learned. `klantreis run {} --engine llm --sample 5` asks about five",
            dir.display(),
            model.name(),
            answered.len(),
            dir.display()
        );
    }
    let found = model.kept(&coded, &answered).codings;
    let judged = engine::judged(&study, &coded, &answered, found)?;
    check_verdicts(&judged, model.name())?;
    let taken: Vec<Vec<GoldRow>> = judged.iter().map(not_rejected).collect();
    // People reject proposals of the built-in engine too; those are not among what the model proposed.
    let refused = |c: &&Coding| c.status == Status::Rejected && c.is_of_model();
    let rejected = judged.iter().flat_map(|t| &t.codings).filter(refused).count();
    println!(
        "{} interviews as {} coded them ({} codings, without {rejected} that people rejected); each held back once, F1 \
         before and after learning, against the language model and not against people:",
        answered.len(),
        model.name(),
        taken.iter().map(Vec::len).sum::<usize>()
    );
    let (name, design) = (pipeline::folder_name(dir)?, Arc::new(study.clone()));
    let people = by_hand.len();
    let mut examples = by_hand;
    for (coded_transcript, rows) in judged.into_iter().zip(&taken) {
        let transcript = coded_transcript.transcript;
        let (gold, _) = lay_gold(&transcript, rows);
        examples.push(Example { study: name.clone(), design: design.clone(), transcript, gold, standard: true });
    }
    let held = hold_back(&examples, &|_, _| ())?;
    let of_model = held.measure(&examples, |n| n >= people);
    of_model.print();
    // What people coded is what the language model itself is measured by.
    let deciding = if people > 0 {
        let of_people = held.measure(&examples, |n| n < people);
        println!("On the {people} interviews that people coded whole, against them:");
        of_people.print();
        of_people
    } else {
        of_model
    };
    if deciding.is_better() {
        // What was learned of codes before stays.
        let codes = pipeline::model(dir)?.codes;
        let taught = Taught { interviews: examples.len(), ..deciding.taught(Some(model.name()), people > 0) };
        keep(dir, &klantreis_coding::Model { codes, taught: Some(taught), ..adapted(&examples)? })?;
        println!(
            "`klantreis run` codes with {} from now on, and asks nothing; delete that file to go back.",
            pipeline::own_model(dir).display()
        );
    } else {
        println!("Learning would make it worse; the model stays as it is.");
    }
    Ok(Outcome::Well)
}

/// What stands after the decisions of people, or was not decided on.
fn not_rejected(judged: &CodedTranscript) -> Vec<GoldRow> {
    quotes(judged).iter().filter(|q| q.status != Status::Rejected).map(row).collect()
}

/// Proposals that people must have judged before it can be said that the language model is wrong too often to learn from.
const ENOUGH: usize = 20;

/// Refuses to learn from a language model of whose proposals people rejected most, and says so where nobody has judged any.
fn check_verdicts(judged: &[CodedTranscript], model: &str) -> anyhow::Result<()> {
    let verdicts = engine::Verdicts::on(judged);
    if verdicts.all() >= ENOUGH && verdicts.rejected * 2 > verdicts.all() {
        anyhow::bail!(
            "people rejected {} of the {} proposals of {model} that they judged: a model that learns from it would be wrong \
             as often. Nothing was learned",
            verdicts.rejected,
            verdicts.all()
        );
    }
    if verdicts.all() == 0 {
        println!(
            "Nobody has judged a proposal of {model} yet, so that the program learns its mistakes too. Judge some first: \
             `klantreis serve`, or `klantreis next` and `decide`."
        );
    }
    Ok(())
}
