//! The six interviews in the formats that researchers get give the turns of their plain texts.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use klantreis_ingest::{parse, read_file, transcript_files};
use klantreis_study::{Role, Study};

#[test]
fn every_format_gives_the_turns_of_the_plain_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let study = Study::load(&root.join("data/studies/bieden")).unwrap();
    let files = transcript_files(&study).transcripts;
    assert_eq!(files.len(), 6);
    for path in files {
        let read = read_file(&study, &path).transcripts().next().unwrap();
        let name = format!("{}.txt", read.interview);
        let source = std::fs::read(root.join("tests/fixtures/bieden").join(&name)).unwrap();
        let plain = parse(&source, &name, &study).transcripts().next().unwrap();
        let talk = |t: &klantreis_study::Transcript| -> Vec<(Role, String)> {
            t.turns.iter().map(|t| (t.role, t.text.clone())).collect()
        };
        let (a, b) = (talk(&read), talk(&plain));
        for (n, (a, b)) in a.iter().zip(&b).enumerate() {
            assert_eq!(a, b, "{} turn {}", read.file, n + 1);
        }
        assert_eq!(a.len(), b.len(), "{}", read.file);
        if !read.file.ends_with(".srt") {
            assert_eq!(read.attributes.get("segment"), plain.attributes.get("segment"), "{}", read.file);
        } else {
            assert!(read.turns[0].start.is_some());
        }
    }
}
