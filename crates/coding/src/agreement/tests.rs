//! Against figures that an independent script computed from the same files, and counts made by hand.

use std::path::Path;

use klantreis_study::{Category, Coding, Confidence, Emotion, PhaseId, Role, TouchpointId, Turn};

use super::*;
use crate::{GoldRow, gold::place, read_gold};

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agreement").join(name)
}

fn transcript(name: &str) -> Transcript {
    let text = std::fs::read_to_string(fixture(&format!("{name}.txt"))).unwrap();
    let turn = |(n, line): (usize, &str)| {
        let (speaker, text) = line.split_once(": ").unwrap();
        Turn {
            number: n as u32 + 1,
            speaker: speaker.to_owned(),
            role: if speaker == "R" { Role::Respondent } else { Role::Interviewer },
            start: None,
            end: None,
            text: text.to_owned(),
            sentences: klantreis_text::sentences(text),
        }
    };
    Transcript {
        file: format!("{name}.txt"),
        interview: name.to_owned(),
        attributes: Default::default(),
        turns: text.lines().enumerate().map(turn).collect(),
        problems: vec![],
    }
}

/// The codings of `quotes.csv`, as the program would hold them, with the confidences there.
fn codings(transcript: &Transcript, rows: &[GoldRow]) -> Vec<Coding> {
    let sure = [0.80, 0.90, 0.60, 0.55, 0.70, 0.85, 0.45];
    let coding = |(row, sure): (&GoldRow, f32)| {
        let (turn, sentences) = place(transcript, row)?;
        Some(Coding {
            turn,
            sentences,
            category: Category::new(&row.category).ok()?,
            code: None,
            phase: PhaseId::new(&row.phase).ok()?,
            touchpoint: TouchpointId::new(&row.touchpoint).ok(),
            emotion: Emotion::new(row.emotion.parse().ok()?)?,
            confidence: Confidence::new(sure),
            status: Default::default(),
            reasons: vec![],
        })
    };
    rows.iter().zip(sure).filter(|(row, _)| row.belongs_to(transcript)).filter_map(coding).collect()
}

fn compare<T>(look: impl Fn(&Agreement) -> T) -> T {
    let (gold, quotes) = (read_gold(&fixture("gold.csv")).unwrap(), read_gold(&fixture("quotes.csv")).unwrap());
    let transcripts = [transcript("anna"), transcript("bas")];
    let interview = |transcript| {
        let (gold, missing) = Sheet::of_rows(transcript, &gold);
        assert_eq!(missing, []);
        let found = Sheet::of_codings(transcript, &codings(transcript, &quotes));
        Interview { name: transcript.file.clone(), transcript, gold, found }
    };
    let interviews: Vec<_> = transcripts.iter().map(interview).collect();
    look(&Agreement::between(&interviews))
}

#[test]
fn refused_quotes_do_not_count() {
    assert_eq!(read_gold(&fixture("quotes.csv")).unwrap().len(), 7);
}

#[test]
fn proposals_are_calibrated_by_tenths() {
    let bins: Vec<_> = compare(|a| a.calibration.iter().map(|b| (b.from, b.n, b.right)).collect());
    assert_eq!(bins, [(0.4, 1, 0.0), (0.5, 2, 0.5), (0.6, 1, 1.0), (0.7, 2, 0.5), (0.8, 2, 1.0), (0.9, 2, 0.5)]);
}

#[test]
fn the_surest_mistake_comes_first_in_its_context() {
    compare(|a| {
        let first = &a.disagreements[0];
        assert_eq!((first.file.as_str(), first.turn, first.category.as_str()), ("anna.txt", 2, "winst"));
        assert_eq!(first.before, "De mevrouw aan de balie hielp me goed.");
        assert_eq!(first.sentence, "Ik wil gewoon weten waar ik aan toe ben.");
        assert_eq!(first.after, "En daarna?");
        assert_eq!(first.confidence, Some(0.9));
        assert!(a.disagreements.iter().any(|d| d.confidence.is_none() && d.sentence == "Niemand nam op."));
    });
}

#[test]
fn a_confusion_names_what_was_given_and_what_the_gold_has() {
    let names = |c: &Confusion| {
        let name = |c: &Option<Category>| c.as_ref().map_or("none", |c| c.as_str()).to_owned();
        (name(&c.found), name(&c.gold), c.sentences)
    };
    let rows: Vec<_> = compare(|a| a.confusions.iter().map(names).collect());
    for (found, gold) in [("activiteit", "pijnpunt"), ("winst", "behoefte"), ("winst", "none"), ("pijnpunt", "none")] {
        assert!(rows.contains(&(found.to_owned(), gold.to_owned(), 1)), "{rows:?}");
    }
    assert!(rows.contains(&("none".to_owned(), "activiteit".to_owned(), 2)), "{rows:?}");
}

/// What the script says of these files; what a script does not measure is counted by hand.
#[test]
fn figures_are_those_of_an_independent_script() {
    let expected = [
        ("behoefte", 2, 1, [1.0, 0.5, 0.6667, 0.6316]),
        ("winst", 2, 4, [0.5, 1.0, 0.6667, 0.5882]),
        ("pijnpunt", 4, 3, [0.6667, 0.5, 0.5714, 0.4324]),
        ("activiteit", 3, 2, [0.5, 0.3333, 0.4, 0.2759]),
    ];
    compare(|a| {
        assert_eq!((a.interviews, a.sentences, a.both), (2, 14, 7));
        for (row, (category, gold, found, figures)) in a.categories.iter().zip(expected) {
            assert_eq!((row.category.as_str(), row.gold, row.found), (category, gold, found));
            let measured = [row.precision.value, row.recall.value, row.f1.value, row.kappa.value];
            for (measured, figure) in measured.into_iter().zip(figures) {
                assert!((measured - figure).abs() < 0.0005, "{category}: {measured} {figure}");
            }
        }
        let close =
            |value: Option<f64>, figure: f64| assert!((value.unwrap() - figure).abs() < 0.0005, "{value:?} {figure}");
        close(Some(a.macro_f1.value), 0.6349);
        close(a.alpha_decisions, 0.5423);
        close(a.phase_accuracy, 0.7143);
        close(a.emotion_curve_error, 0.7);
        // Of the seven sentences that both coded, "Ik wil gewoon weten" got a touchpoint that the gold lacks.
        close(a.touchpoint_accuracy, 6.0 / 7.0);
        // |-2 - -1| + |2 - 1| + |-1 - 0.5| + 0 + 0 + |-2 - 0| + 0, over seven.
        close(a.emotion_error, 5.5 / 7.0);
    });
}

#[test]
fn a_coder_who_skipped_an_interview_says_nothing_of_it() {
    let rows = read_gold(&fixture("gold.csv")).unwrap();
    let quotes = read_gold(&fixture("quotes.csv")).unwrap();
    let names = ["a", "b", "c"].map(str::to_owned);
    let sheet = |name, rows: &[GoldRow]| Some(Sheet::of_rows(&transcript(name), rows).0);
    let interviews = [
        vec![sheet("anna", &rows), sheet("anna", &quotes), None],
        vec![sheet("bas", &rows), sheet("bas", &quotes), sheet("bas", &rows)],
    ];
    let all = between_coders(&names, &interviews);
    assert_eq!(all.len(), 5);
    let pijnpunt = &all[2];
    let sentences: Vec<_> = pijnpunt.pairs.iter().map(|p| p.sentences).collect();
    assert_eq!(sentences, [14, 7, 7]);
    assert!((pijnpunt.pairs[0].kappa.unwrap() - 0.4324).abs() < 0.0005);
    assert_eq!(pijnpunt.pairs[1].kappa, Some(1.0));
    assert!(all[4].category.is_none() && all[4].alpha.unwrap() < 1.0);
}
