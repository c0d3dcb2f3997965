//! How often guesses are right, on all interviews here, with their labels taken away.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use klantreis_ingest::{Interview, parse};
use klantreis_study::{Role, Study, Turn};
use walkdir::WalkDir;

/// The turns of every interview in which somebody asks and somebody answers.
fn interviews(study: &Study) -> Vec<Vec<Turn>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let files = WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let texts =
        files.filter(|p| p.extension().is_some_and(|e| e == "txt") && p.parent().unwrap().ends_with("interviews"));
    let read = texts.filter_map(|path| parse(&fs::read(&path).unwrap(), "a.txt", study).transcripts().next());
    let both =
        |turns: &[Turn]| [Role::Interviewer, Role::Respondent].iter().all(|r| turns.iter().any(|t| t.role == *r));
    read.map(|transcript| transcript.turns).filter(|turns| both(turns)).collect()
}

/// The turns read again under the names that a speech recogniser gives to voices, in the order in which they speak: that a
/// question is asked is all there is to go by.
fn without_labels(turns: &[Turn], study: &Study) -> Interview {
    let voice = |turn: &Turn| if turn.role == turns[0].role { 1 } else { 2 };
    let text: String = turns.iter().map(|t| format!("Spreker {}: {}\n", voice(t), t.text)).collect();
    parse(text.as_bytes(), "a.txt", study).interviews.remove(0)
}

/// Whether the interviewer was found, and how sure the guess is.
fn guess(turns: &[Turn], interview: &Interview) -> Option<(bool, f64)> {
    let asks = if turns[0].role == Role::Interviewer { "Spreker 1" } else { "Spreker 2" };
    let taken = interview.speakers.iter().find(|s| s.role == Role::Interviewer)?;
    Some((taken.name == asks, taken.confidence))
}

#[test]
fn interviewers_and_languages_are_found_without_labels() {
    let study = Study::parse("").unwrap();
    let (mut all, mut right, mut dutch) = (0usize, 0usize, 0usize);
    for turns in interviews(&study) {
        let interview = without_labels(&turns, &study);
        let (is_right, _) = guess(&turns, &interview).unwrap();
        all += 1;
        right += usize::from(is_right);
        dutch += usize::from(interview.language.is_some_and(|l| l.code == "nld"));
    }
    println!("{right} of {all} interviewers; {dutch} of {all} Dutch");
    assert!(all > 130, "{all}");
    assert!(right * 100 >= all * 99, "{right} of {all}");
    assert!(dutch * 100 >= all * 97, "{dutch} of {all}");
}

#[test]
fn a_guess_is_right_as_often_as_its_confidence_says() {
    let study = Study::parse("").unwrap();
    // How many guesses, how sure they are and how many are right, by how sure they are.
    let mut bins = [(0.5, 0usize, 0.0, 0usize), (0.9, 0, 0.0, 0), (0.97, 0, 0.0, 0)];
    let mut dice = 1u64;
    for turns in interviews(&study) {
        // Every third, so that they begin with a question as often as with an answer.
        for window in turns.windows(3).step_by(3) {
            // Half of the question marks are lost, as speech recognisers lose them.
            let mut heard = window.to_vec();
            for turn in &mut heard {
                // A linear congruential generator (Knuth's MMIX).
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if dice >> 63 == 1 {
                    turn.text = turn.text.replace('?', ".");
                }
            }
            let Some((is_right, sure)) = guess(&heard, &without_labels(&heard, &study)) else { continue };
            let bin = bins.iter_mut().rev().find(|bin| sure >= bin.0).unwrap();
            *bin = (bin.0, bin.1 + 1, bin.2 + sure, bin.3 + usize::from(is_right));
        }
    }
    let sum = bins.iter().fold((0, 0.0, 0), |sum, bin| (sum.0 + bin.1, sum.1 + bin.2, sum.2 + bin.3));
    let (said, is) = (sum.1 / sum.0 as f64, sum.2 as f64 / sum.0 as f64);
    assert!((is - said).abs() < 0.03, "sure for {said:.3}, right {is:.3} of {}", sum.0);
    for (from, all, sure, right) in bins {
        let (said, is) = (sure / all as f64, right as f64 / all as f64);
        println!("from {from}: {all} guesses, sure for {said:.3}, right {is:.3}");
        assert!(all > 10 && is > said - 0.15, "from {from}: sure for {said:.3}, right {is:.3} of {all}");
    }
}
