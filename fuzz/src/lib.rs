//! What the fuzz targets share.

use std::io::{Cursor, Write};

use klantreis_ingest::{As, parse, write};
use klantreis_study::Study;
use zip::{ZipWriter, write::SimpleFileOptions};

/// Reads the bytes as a file of this name, and writes what comes of it in every form.
pub fn read(data: &[u8], name: &str) {
    let study = Study::parse("").expect("the built-in study");
    let reading = parse(data, name, &study);
    assert!(!reading.interviews.is_empty() || !reading.problems.is_empty(), "nothing read and nothing said");
    for interview in reading.interviews {
        for turn in &interview.transcript.turns {
            // Sentences are slices of their turn.
            assert!(turn.sentences.iter().all(|s| turn.text.get(s.clone()).is_some()));
        }
        for form in [As::Text, As::Vtt, As::Srt, As::Json] {
            let _ = write(&interview.transcript, form);
        }
    }
}

/// Reads an archive with the bytes as one of its parts.
pub fn part(data: &[u8], part: &str, name: &str) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(part, SimpleFileOptions::default()).expect("a part");
    zip.write_all(data).expect("its bytes");
    read(&zip.finish().expect("an archive").into_inner(), name);
}
