//! From a study to other tools' files and back.

use klantreis_study::{CodedTranscript, Transcript, quotes};

use crate::*;

fn expected(coded: &[CodedTranscript]) -> Vec<Vec<String>> {
    let row = |q: klantreis_study::Quote| {
        vec![
            q.file,
            q.turn.to_string(),
            q.quote,
            q.category.to_string(),
            q.phase.to_string(),
            q.touchpoint.map(|t| t.to_string()).unwrap_or_default(),
            q.emotion.to_string(),
        ]
    };
    let mut rows: Vec<Vec<String>> = coded.iter().flat_map(quotes).map(row).collect();
    rows.sort();
    rows
}

fn rows(laid: &Laid) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = laid
        .rows
        .iter()
        .cloned()
        .map(|r| vec![r.file, r.turn.to_string(), r.quote, r.category, r.phase, r.touchpoint, r.emotion])
        .collect();
    rows.sort();
    rows
}

#[test]
fn an_export_comes_back_with_the_same_codings_in_every_dialect() {
    let (study, codebook, coded) = sample::study();
    let transcripts: Vec<Transcript> = coded.iter().map(|c| c.transcript.clone()).collect();
    let export = export(&study, &codebook, &coded);
    let meanings = Meanings::new(&study, &codebook, &[]).unwrap();
    for dialect in [Dialect::Standard, Dialect::Nvivo, Dialect::Atlas, Dialect::Maxqda] {
        let bytes = write_qdpx(&export.project, dialect).unwrap();
        assert!(bytes == write_qdpx(&export.project, dialect).unwrap(), "the same bytes each time");
        let read = read_qdpx(&bytes).unwrap();
        assert_eq!(read.lost, Vec::<String>::new(), "{dialect:?}");
        assert_eq!(read.project, export.project, "{dialect:?}");
        let of: Vec<Option<&Transcript>> =
            read.project.sources.iter().map(|s| transcript_of(s, &transcripts).map(|n| &transcripts[n])).collect();
        let laid = lay(&read.project, &of, &meanings, None);
        assert_eq!(rows(&laid), expected(&coded), "{dialect:?}");
        assert!(laid.unknown.is_empty() && laid.not_found.is_empty() && laid.widened == 0, "{laid:?}");
    }
}

#[test]
fn codings_find_their_words_in_a_transcript_that_was_corrected() {
    let (study, codebook, coded) = sample::study();
    let export = export(&study, &codebook, &coded);
    let mut corrected = coded[0].transcript.clone();
    let turn = &mut corrected.turns[1];
    turn.text = turn.text.replace("één ding", "een enkel ding");
    turn.sentences = klantreis_text::sentences(&turn.text);
    let meanings = Meanings::new(&study, &codebook, &[]).unwrap();
    let laid = lay(&export.project, &[Some(&corrected), None], &meanings, None);
    assert_eq!(laid.rows.len(), 4, "{laid:?}");
    assert!(laid.by_words > 0);
    assert!(laid.rows.iter().all(|row| corrected.turns[row.turn as usize - 1].text.contains(&row.quote)));
}

#[test]
fn phases_coded_on_longer_passages_count_for_what_lies_in_them() {
    let (study, codebook, coded) = sample::study();
    let mut project = export(&study, &codebook, &coded[..1]).project;
    // As a researcher codes by hand: the category on some words, the phase on the whole answer.
    let source = &mut project.sources[0];
    let at = source.text.find("zat dwars").unwrap();
    let code = |guid: String| Coding { code: guid, ..Coding::default() };
    let selection = |range, guid| Selection { range, codings: vec![code(guid)], ..Selection::default() };
    let answer = source.selections[0].range.start..source.text.len();
    source.selections = vec![
        selection(at..at + 9, guid::guid("category", &["pijnpunt"])),
        selection(answer, guid::guid("phase", &["na"])),
    ];
    let meanings = Meanings::new(&study, &codebook, &[]).unwrap();
    let laid = lay(&project, &[Some(&coded[0].transcript)], &meanings, None);
    assert_eq!(laid.widened, 1);
    assert_eq!(laid.rows[0].quote, "Ik kwam er niet uit, één ding zat dwars 😡😡.");
    assert_eq!((laid.rows[0].category.as_str(), laid.rows[0].phase.as_str()), ("pijnpunt", "na"));
}

#[test]
fn a_codebook_comes_back_with_its_ids_and_cues() {
    let (study, codebook, _) = sample::study();
    let codes = read_qdc(&write_qdc(&study, &codebook)).unwrap();
    let meanings = Meanings::new(&study, &codebook, &[]).unwrap();
    let (back, unknown) = codebook_of(&codes, &meanings, &codebook);
    assert_eq!((back.codes.len(), unknown), (2, Vec::new()));
    for code in &codebook.codes {
        let same = back.code(&code.id).unwrap();
        assert_eq!((&same.category, &same.cues, &same.definition), (&code.category, &code.cues, &code.definition));
    }
}

#[test]
fn quotes_are_written_for_programs() {
    let (_, _, coded) = sample::study();
    let quotes: Vec<_> = coded.iter().flat_map(quotes).collect();
    let lines = String::from_utf8(write_jsonl(&quotes).unwrap()).unwrap();
    assert_eq!(lines.lines().count(), 8);
    assert!(lines.starts_with("{\"quote_id\":\"a:2.1w\",") && lines.contains("\"confidence\":0.85,"), "{lines}");
    let parquet = write_parquet(&quotes).unwrap();
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    assert!(parquet == write_parquet(&quotes).unwrap());
    assert!(write_parquet(&[]).unwrap().ends_with(b"PAR1"));
}

/// Files for a look with other programs, where the environment asks for them.
#[test]
fn samples_can_be_kept() {
    let Some(folder) = std::env::var_os("KEEP") else { return };
    let folder = std::path::Path::new(&folder);
    let (study, codebook, coded) = sample::study();
    let export = export(&study, &codebook, &coded);
    for (name, dialect) in [
        ("standard", Dialect::Standard),
        ("nvivo", Dialect::Nvivo),
        ("atlas", Dialect::Atlas),
        ("maxqda", Dialect::Maxqda),
    ] {
        std::fs::write(folder.join(format!("{name}.qdpx")), write_qdpx(&export.project, dialect).unwrap()).unwrap();
    }
    std::fs::write(folder.join("book.qdc"), write_qdc(&study, &codebook)).unwrap();
    let quotes: Vec<_> = coded.iter().flat_map(quotes).collect();
    std::fs::write(folder.join("quotes.parquet"), write_parquet(&quotes).unwrap()).unwrap();
}
