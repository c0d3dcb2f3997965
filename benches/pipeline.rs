//! MB/s of splitting, coding and indexing, on a corpus made by repeating and varying the six interviews.

use std::{hint::black_box, path::Path};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use klantreis_coding::{Coder, Options, Words, built_in_codebook, built_in_model};
use klantreis_index::Builder;
use klantreis_ingest::{read_file, transcript_files};
use klantreis_study::{CodedTranscript, Study, Transcript};
use klantreis_text::sentences;

/// The interviews ten times over, each time with other numbers in the names, so that words vary.
fn corpus() -> (Study, Vec<Transcript>) {
    let study = Study::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies/bieden")).expect("the study");
    let read: Vec<Transcript> =
        transcript_files(&study).transcripts.iter().flat_map(|path| read_file(&study, path).transcripts()).collect();
    let mut out = Vec::new();
    for round in 0..10 {
        for transcript in &read {
            let mut copy = transcript.clone();
            copy.interview = format!("{}-{round}", copy.interview);
            for turn in &mut copy.turns {
                turn.text = turn.text.replace("meneer", &format!("meneer{round}"));
                turn.sentences = sentences(&turn.text);
            }
            out.push(copy);
        }
    }
    (study, out)
}

fn pipeline(c: &mut Criterion) {
    let (study, transcripts) = corpus();
    let bytes = transcripts.iter().flat_map(|t| &t.turns).map(|t| t.text.len() as u64).sum();
    let mut group = c.benchmark_group("pipeline");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group.bench_function("sentences", |b| {
        b.iter(|| {
            transcripts.iter().flat_map(|t| &t.turns).map(|t| sentences(black_box(&t.text)).len()).sum::<usize>()
        });
    });
    let codebook = built_in_codebook().expect("the codebook");
    let (coder, _) = Coder::new(&study, codebook, built_in_model().expect("the model"), Options::default());
    let mut words = Words::new();
    group.bench_function("coding", |b| {
        b.iter(|| transcripts.iter().map(|t| coder.code(black_box(t), &mut words).len()).sum::<usize>());
    });
    let coded: Vec<CodedTranscript> = transcripts
        .iter()
        .map(|t| CodedTranscript { transcript: t.clone(), codings: coder.code(t, &mut words) })
        .collect();
    let dir = std::env::temp_dir().join(format!("klantreis-bench-{}", std::process::id()));
    group.bench_function("indexing", |b| {
        b.iter(|| {
            let mut builder = Builder::create(&dir).expect("a folder");
            for c in &coded {
                builder.add(c).expect("room");
            }
            builder.finish().expect("room");
        });
    });
    let _ = std::fs::remove_dir_all(dir);
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
