//! Real files with a few bytes changed, cut or doubled: nothing panics, and nothing takes for ever.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use klantreis_ingest::parse;
use klantreis_study::Study;
use proptest::prelude::*;

fn real() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/fixtures/libreoffice", "../../data/studies/bieden/interviews"];
    let mut out: Vec<(String, Vec<u8>)> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    out.push(("a.json".to_owned(), br#"{"segments": [{"start": 0.5, "end": 2, "text": "Hoe?", "words": [{"word": "Hoe"}]}, {"speaker": "R", "text": "Zo."}]}"#.to_vec()));
    out.push(("a.csv".to_owned(), b"Tijd;Spreker;Tekst\n0:01;I;\"Hoe?\"\n0:02;R;Zo.\n".to_vec()));
    out.sort();
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_change_to_a_real_file_makes_it_panic(
        file in 0usize..100,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let files = real();
        let (name, mut bytes) = files[file % files.len()].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let reading = parse(&bytes, &name, &Study::parse("").unwrap());
        // Either something was read, or it is said why nothing was.
        prop_assert!(!reading.interviews.is_empty() || !reading.problems.is_empty());
    }
}
