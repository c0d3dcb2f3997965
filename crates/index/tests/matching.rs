//! How well do Dutch words find each other? Pairs of a query and a word that it should find, or should not.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use klantreis_index::{Builder, Index};
use klantreis_study::{CodedTranscript, Role, Transcript, Turn};
use klantreis_text::sentences;

struct Pair {
    query: String,
    word: String,
    should: bool,
    kind: String,
}

fn pairs(file: &str) -> Vec<Pair> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(file);
    let text = fs::read_to_string(path).unwrap();
    let pair = |line: &str| {
        let mut cells = line.split(',').map(str::to_owned);
        let mut cell = || cells.next().unwrap();
        Pair { query: cell(), word: cell(), should: cell() == "yes", kind: cell() }
    };
    text.lines().skip(1).map(pair).collect()
}

/// An interview in which each word is an answer of its own.
fn interview(pairs: &[Pair]) -> CodedTranscript {
    let turn = |(n, pair): (usize, &Pair)| Turn {
        number: n as u32 + 1,
        speaker: "R".to_owned(),
        role: Role::Respondent,
        start: None,
        end: None,
        text: pair.word.clone(),
        sentences: sentences(&pair.word),
    };
    let transcript = Transcript {
        file: "woorden.txt".to_owned(),
        interview: "woorden".to_owned(),
        attributes: BTreeMap::new(),
        turns: pairs.iter().enumerate().map(turn).collect(),
        problems: vec![],
    };
    CodedTranscript { transcript, codings: vec![] }
}

/// How many of the words that should be found are, of how many, and how many that should not.
struct Measured {
    found: usize,
    wanted: usize,
    alarms: usize,
    unwanted: usize,
}

fn measure(file: &str) -> Measured {
    let pairs = pairs(file);
    let dir = tempfile::TempDir::new().unwrap();
    let mut builder = Builder::create(dir.path()).unwrap();
    builder.add(&interview(&pairs)).unwrap();
    builder.finish().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut out = Measured { found: 0, wanted: 0, alarms: 0, unwanted: 0 };
    for (n, pair) in pairs.iter().enumerate() {
        let hits = index.search(&pair.query, pairs.len()).unwrap();
        let hit = hits.hits.iter().any(|hit| hit.passage.turn == n as u32 + 1);
        let right = hit == pair.should;
        let count = by_kind.entry(&pair.kind).or_default();
        count.0 += usize::from(right);
        count.1 += 1;
        if pair.should {
            (out.found, out.wanted) = (out.found + usize::from(hit), out.wanted + 1);
        } else {
            (out.alarms, out.unwanted) = (out.alarms + usize::from(hit), out.unwanted + 1);
        }
        if !right {
            println!("{} {} {}", pair.query, if hit { "finds" } else { "misses" }, pair.word);
        }
    }
    for (kind, (right, all)) in by_kind {
        println!("{kind}: {right} of {all} right");
    }
    println!("{file}: found {} of {}; false alarms {} of {}", out.found, out.wanted, out.alarms, out.unwanted);
    out
}

#[test]
fn dutch_words_find_their_forms_compounds_and_variants_and_little_else() {
    let m = measure("matching.csv");
    assert!(m.wanted + m.unwanted >= 200);
    assert!(m.found * 100 >= m.wanted * 95, "{} of {}", m.found, m.wanted);
    assert!(m.alarms * 100 <= m.unwanted * 4, "{} of {}", m.alarms, m.unwanted);
}

/// Pairs that were written after the matching was, and that it was not mended for.
#[test]
fn words_that_nobody_mended_for_are_found_nearly_as_well() {
    let m = measure("matching-fresh.csv");
    assert!(m.found * 100 >= m.wanted * 85, "{} of {}", m.found, m.wanted);
    assert!(m.alarms * 100 <= m.unwanted * 10, "{} of {}", m.alarms, m.unwanted);
}
