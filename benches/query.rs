//! How long until the first answers, from opening the index: on the six interviews, and on many made of them.
//!
//! `KLANTREIS_TRANSCRIPTS=100000 cargo bench --bench query` sets how many (10,000 if left out). Each is a call of a contact
//! centre: twenty answers drawn from all example studies with what they are coded as, and a word of its own.

use std::{hint::black_box, path::Path, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use klantreis_coding::{Coder, Options, Words, built_in_codebook, built_in_model};
use klantreis_index::{Builder, Index, SearchOptions, Sort};
use klantreis_ingest::{read_file, transcript_files};
use klantreis_study::{CodedTranscript, Coding, Role, Study, Transcript, Turn};

/// What analysts ask: a word with compounds, fields, a phrase, a prefix, everything.
const QUERIES: [&str; 7] = [
    "wachtwoord",
    "wachtwoord categorie:pijnpunt",
    "\"niet gelukt\" OF \"lukt niet\"",
    "formul* emotie:<0",
    "categorie:winst fase:tijdens zekerheid:>=0.7",
    "niet",
    "",
];

fn coded(study: &Study) -> Vec<CodedTranscript> {
    let codebook = built_in_codebook().expect("the codebook");
    let (coder, _) = Coder::new(study, codebook, built_in_model().expect("the model"), Options::default());
    let mut words = Words::new();
    let files = transcript_files(study).transcripts;
    let read = files.iter().flat_map(|path| read_file(study, path).transcripts());
    read.map(|transcript| CodedTranscript { codings: coder.code(&transcript, &mut words), transcript }).collect()
}

fn index(dir: &Path, transcripts: impl Iterator<Item = CodedTranscript>) {
    let mut builder = Builder::create(dir).expect("a folder");
    for transcript in transcripts {
        builder.add(&transcript).expect("room");
    }
    builder.finish().expect("room");
}

/// Calls of twenty answers, drawn without pattern but always the same.
fn calls(answers: &[(Turn, Vec<Coding>)], count: usize) -> impl Iterator<Item = CodedTranscript> {
    let mut state = 1u64;
    let mut draw = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..count).map(move |n| {
        let (mut turns, mut codings) = (Vec::new(), Vec::new());
        for number in 1..=20 {
            let (turn, coded) = &answers[draw(answers.len())];
            let mut turn = Turn { number, ..turn.clone() };
            if number == 1 {
                turn.text.push_str(&format!(" Kenmerk k{n}x."));
            }
            codings.extend(coded.iter().map(|c| Coding { turn: turns.len(), ..c.clone() }));
            turns.push(turn);
        }
        let segment = ["starter", "student", "oudere"][n % 3].to_owned();
        let transcript = Transcript {
            file: format!("gesprek-{n:06}.txt"),
            interview: format!("gesprek-{n:06}"),
            attributes: [("segment".to_owned(), segment)].into(),
            turns,
            problems: vec![],
        };
        CodedTranscript { transcript, codings }
    })
}

fn measure(c: &mut Criterion, name: &str, dir: &Path) {
    let mut group = c.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for query in QUERIES {
        for sort in [Sort::Place, Sort::Relevance] {
            let options = SearchOptions { limit: 50, sort, seed: None };
            group.bench_function(format!("open and ask {query:?} by {sort:?}"), |b| {
                b.iter(|| Index::open(dir).expect("the index").search_by(black_box(query), &options).expect("answers"));
            });
        }
    }
    group.bench_function("open and count by fase,categorie", |b| {
        b.iter(|| Index::open(dir).expect("the index").crosstab("", "fase", "categorie").expect("counts"));
    });
    group.finish();
}

fn queries(c: &mut Criterion) {
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies");
    let dir = std::env::temp_dir().join(format!("klantreis-bench-query-{}", std::process::id()));
    let six = coded(&Study::load(&studies.join("bieden")).expect("the study"));
    index(&dir, six.into_iter());
    measure(c, "six interviews", &dir);

    let count = std::env::var("KLANTREIS_TRANSCRIPTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let mut answers = Vec::new();
    for entry in std::fs::read_dir(&studies).expect("the studies") {
        let mut study = Study::load(&entry.expect("a folder").path()).expect("a study");
        study.phases = Study::parse("").expect("the built-in study").phases;
        for CodedTranscript { transcript, codings } in coded(&study) {
            for (t, turn) in transcript.turns.into_iter().enumerate().filter(|(_, turn)| turn.role == Role::Respondent)
            {
                answers.push((turn, codings.iter().filter(|c| c.turn == t).cloned().collect()));
            }
        }
    }
    answers.sort_by(|a, b| a.0.text.cmp(&b.0.text));
    let started = std::time::Instant::now();
    index(&dir, calls(&answers, count));
    println!("{count} calls indexed in {:.0?}", started.elapsed());
    measure(c, &format!("{count} calls"), &dir);
    let _ = std::fs::remove_dir_all(dir);
}

criterion_group!(benches, queries);
criterion_main!(benches);
