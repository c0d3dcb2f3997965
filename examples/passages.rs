//! Writes the coded passages that a language model is shown where a study has no examples of its own, from the gold of
//! the studies in `data/studies`: `cargo run --example passages > data/prompts/passages-nl.jsonl`.
//!
//! As many of each study and, within it, of each category and of what was not coded, spread over its interviews.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use klantreis_coding::{GoldRow, read_gold};
use klantreis_ingest::{read_file, transcript_files};
use klantreis_llm::Passage;
use klantreis_pseudonym::identifiers;
use klantreis_study::{Category, Emotion, Role, Study, Transcript};

/// Passages of each category, and of no category, from a study.
const EACH: usize = 8;
/// Letters of a passage: shorter ones teach little, longer ones cost more than they teach.
const LETTERS: Range<usize> = 25..260;

fn main() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/studies");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&root)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    folders.sort();
    for folder in folders {
        for passage in chosen(&passages(&folder)?) {
            println!("{}", serde_json::to_string(passage)?);
        }
    }
    Ok(())
}

/// All passages of a study without numbers and addresses: what is coded, and single sentences that are not, in the order of
/// its interviews.
fn passages(folder: &Path) -> anyhow::Result<Vec<Passage>> {
    let study = Study::load(folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut gold = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if file.starts_with("gold") && file.ends_with(".csv") {
            gold.extend(read_gold(&path)?);
        }
    }
    let mut out = Vec::new();
    for file in transcript_files(&study).transcripts {
        for transcript in read_file(&study, &file).transcripts() {
            out.extend(of_interview(&transcript, &gold, &name));
        }
    }
    let fits = |passage: &Passage| {
        LETTERS.contains(&passage.text().chars().count())
            && [&passage.before, &passage.text()].iter().all(|text| identifiers(text).is_empty())
    };
    Ok(out.into_iter().filter(fits).collect())
}

/// Where a passage stands: its turn, and its sentences there.
type Place = (usize, (usize, usize));

fn of_interview(transcript: &Transcript, gold: &[GoldRow], study: &str) -> Vec<Passage> {
    let mut told: BTreeMap<Place, (BTreeSet<Category>, Emotion)> = BTreeMap::new();
    let codings = gold.iter().filter(|row| row.belongs_to(transcript)).filter_map(|row| row.coding(transcript));
    for coding in codings.filter(|coding| !coding.sentences.is_empty()) {
        let place = (coding.turn, (coding.sentences.start, coding.sentences.end));
        told.entry(place).or_insert((BTreeSet::new(), coding.emotion)).0.insert(coding.category);
    }
    let coded: BTreeSet<(usize, usize)> =
        told.keys().flat_map(|(turn, (start, end))| (*start..*end).map(move |sentence| (*turn, sentence))).collect();
    for (turn, of) in transcript.respondent_turns() {
        for sentence in (0..of.sentences.len()).filter(|sentence| !coded.contains(&(turn, *sentence))) {
            told.insert((turn, (sentence, sentence + 1)), (BTreeSet::new(), Emotion::default()));
        }
    }
    // Words that are coded twice over, in a longer and a shorter quote, would be shown with half of what they tell.
    let all: Vec<Place> = told.keys().copied().collect();
    let alone = |(turn, (start, end)): &Place| {
        all.iter().filter(|(t, (from, to))| t == turn && from < end && start < to).count() == 1
    };
    told.retain(|place, _| alone(place));
    let passage = |((turn, (start, end)), (categories, emotion)): (Place, (BTreeSet<Category>, Emotion))| Passage {
        study: study.to_owned(),
        before: before(transcript, turn, start),
        sentences: (start..end).map(|sentence| said(transcript, turn, sentence)).collect(),
        categories: categories.into_iter().collect(),
        emotion,
    };
    told.into_iter().map(passage).collect()
}

/// The sentence before, with who says it.
fn before(transcript: &Transcript, turn: usize, sentence: usize) -> String {
    let place = match sentence.checked_sub(1) {
        Some(before) => Some((turn, before)),
        None => turn.checked_sub(1).and_then(|t| Some((t, transcript.turns[t].sentences.len().checked_sub(1)?))),
    };
    place.map_or_else(String::new, |(turn, sentence)| {
        let who = if transcript.turns[turn].role == Role::Interviewer { "I" } else { "R" };
        format!("{who}: {}", said(transcript, turn, sentence))
    })
}

fn said(transcript: &Transcript, turn: usize, sentence: usize) -> String {
    let turn = &transcript.turns[turn];
    turn.text[turn.sentences[sentence].clone()].to_owned()
}

/// Some of each category and of no category, evenly over the study.
fn chosen(passages: &[Passage]) -> Vec<&Passage> {
    let firsts: BTreeSet<Option<&Category>> = passages.iter().map(|passage| passage.categories.first()).collect();
    let mut places = BTreeSet::new();
    for first in firsts {
        let of: Vec<usize> = (0..passages.len()).filter(|n| passages[*n].categories.first() == first).collect();
        let some = EACH.min(of.len());
        places.extend((0..some).map(|n| of[n * of.len() / some]));
    }
    places.into_iter().map(|n| &passages[n]).collect()
}
