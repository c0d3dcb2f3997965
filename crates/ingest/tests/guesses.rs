//! How often guesses are right, on all interviews here, with their labels taken away.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use klantreis_ingest::parse;
use klantreis_study::{Role, Study};
use walkdir::WalkDir;

#[test]
fn interviewers_and_languages_are_found_without_labels() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let study = Study::parse("").unwrap();
    let (mut all, mut right, mut dutch, mut sure) = (0usize, 0usize, 0usize, 0.0);
    for entry in WalkDir::new(root).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|e| e != "txt") || !path.parent().unwrap().ends_with("interviews") {
            continue;
        }
        let labelled = parse(&fs::read(&path).unwrap(), "a.txt", &study).transcripts().next().unwrap();
        let asks = labelled.turns.iter().filter(|t| t.role == Role::Interviewer).count();
        if asks == 0 || asks == labelled.turns.len() {
            continue;
        }
        // Names tell nothing; that a question is asked is all there is to go by.
        let name = |role| if role == Role::Interviewer { "Piet Vos" } else { "Anna Bos" };
        let bare: String = labelled.turns.iter().map(|t| format!("[00:00] {}: {}\n", name(t.role), t.text)).collect();
        let reading = parse(bare.as_bytes(), "a.txt", &study);
        let interview = &reading.interviews[0];
        let guess = interview.speakers.iter().find(|s| s.role == Role::Interviewer).unwrap();
        all += 1;
        right += usize::from(guess.name == "Piet Vos");
        sure += guess.confidence;
        dutch += usize::from(interview.language.is_some_and(|l| l.code == "nld"));
    }
    println!("{right} of {all} interviewers, sure for {:.2}; {dutch} of {all} Dutch", sure / all as f64);
    assert!(all > 100, "{all}");
    assert!(right * 100 >= all * 97, "{right} of {all}");
    assert!(dutch * 100 >= all * 97, "{dutch} of {all}");
}
