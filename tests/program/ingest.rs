//! How transcripts are read, through the program.

use std::fs;

use crate::common::*;

#[test]
fn the_table_tells_how_each_file_is_read() {
    let table = well(&["ingest", &example("bieden")]);
    let row = table.lines().find(|l| l.starts_with("interview-3.vtt")).unwrap();
    for part in ["subtitles", "UTF-8", "Dutch", "98", "Sanne Interviewer: interviewer (label)"] {
        assert!(row.contains(part), "{part}: {row}");
    }
    assert!(table.contains("6 interviews; 0 files"), "{table}");
    let all = json(&["ingest", &example("bieden"), "--format", "json"]);
    assert_eq!(all["interviews"].as_array().unwrap().len(), 6);
    let csv = well(&["ingest", &example("bieden"), "--format", "csv"]);
    assert_eq!(csv.lines().count(), 7);
}

#[test]
fn what_was_not_understood_is_listed_line_by_line() {
    let dir = tempfile::tempdir().unwrap();
    let study = dir.path().to_str().unwrap();
    let talk =
        "Notes by Gemini\nSummary\nJan wil sneller.\nTranscript\n00:00:11\nAnna: Hoe ging het?\n00:00:15\nJan: Goed.\n";
    fs::write(dir.path().join("meet.txt"), talk).unwrap();
    fs::write(dir.path().join("stuk.docx"), "geen archief").unwrap();
    fs::write(
        dir.path().join("tabel.csv"),
        "id,Segment,transcript\np1,starter,\"I: Hoe?\nR: Goed.\"\np2,ander,\"I: En?\nR: Nou.\"\n",
    )
    .unwrap();
    let output = klantreis(&["ingest", study]);
    assert_eq!(output.status.code(), Some(1), "a file was skipped");
    let text = out(&output);
    assert!(text.contains("error: stuk.docx: this Word document is damaged"), "{text}");
    assert!(text.contains("tabel.csv/p1") && text.contains("tabel.csv/p2"), "{text}");

    let shown = well(&["ingest", study, "--show", "meet.txt"]);
    assert!(shown.contains("1 [00:00:11] Anna (interviewer): Hoe ging het?"), "{shown}");
    assert!(shown.contains("line 3: \"Jan wil sneller.\" belongs to the summary"), "{shown}");
    let vtt = well(&["ingest", study, "--show", "meet.txt", "--as", "vtt"]);
    assert!(vtt.starts_with("WEBVTT") && vtt.contains("<v Jan>Goed.</v>"), "{vtt}");
    assert!(refused(&["ingest", study, "--show", "weg.txt"]).contains("there is no transcript"));
}

#[test]
fn attributes_come_from_header_path_and_table_in_this_order_and_conflicts_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("interviews/lelystad");
    fs::create_dir_all(&folder).unwrap();
    fs::write(dir.path().join("klantreis.toml"), "path_attributes = \"{location}\"\n").unwrap();
    fs::write(dir.path().join("participants.csv"), "file,segment\ngesprek.txt,ervaren\nweg.txt,starter\n").unwrap();
    fs::write(folder.join("gesprek.txt"), "Segment: starter\nLocation: Almere\n\nI: Hoe?\nR: Goed.\n").unwrap();
    let all = json(&["ingest", dir.path().to_str().unwrap(), "--format", "json"]);
    let one = &all["interviews"][0];
    assert_eq!(one["attributes"]["location"], "lelystad");
    assert_eq!(one["attributes"]["segment"], "ervaren");
    let messages = one["problems"].to_string();
    assert!(messages.contains("Almere") && messages.contains("starter"), "{messages}");
    let others = all["problems"].to_string();
    assert!(others.contains("weg") && !others.contains("gesprek"), "{others}");
}

#[test]
fn several_interviews_of_one_file_become_quotes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let answer =
        "Ik vond het heel vervelend dat niemand mij kon helpen met het wachtwoord, ik raakte helemaal in de war.";
    let rows: String = (1..4).map(|n| format!("p{n},\"I: Hoe ging het?\nR: {answer}\"\n")).collect();
    fs::write(dir.path().join("antwoorden.csv"), format!("id,transcript\n{rows}")).unwrap();
    well(&["run", dir.path().to_str().unwrap(), "-q"]);
    let quotes = crate::common::rows(&dir.path().join("klantreis-out/quotes.csv"));
    let interviews: std::collections::BTreeSet<_> = quotes.iter().map(|q| q["interview"].clone()).collect();
    assert_eq!(interviews.len(), 3, "{interviews:?}");
}

#[test]
fn a_study_without_names_shows_stand_ins_unless_asked_for_the_names() {
    let dir = tempfile::tempdir().unwrap();
    let study = dir.path().to_str().unwrap();
    fs::write(dir.path().join("klantreis.toml"), "pseudonymise = true\n").unwrap();
    let talk = "Samenvatting door Hedwig Postma\nTranscript\n00:00:11\nAnna Bos: Hoe hielp mevrouw Terpstra u?\n\
                00:00:15\nJan Vis: Mevrouw Terpstra belde Kees. Bel 06-12345678.\n";
    fs::write(dir.path().join("jan-vis.txt"), format!("Notes by Gemini\nSummary\nJan Vis wil sneller.\n{talk}"))
        .unwrap();
    let names = ["Jan", "Vis", "Anna", "Bos", "Terpstra", "Kees", "06-12345678"];
    for args in [
        &["--show", "jan-vis.txt"][..],
        &["--show", "jan-vis.txt", "--as", "vtt"],
        &["--show", "jan-vis.txt", "--as", "json"],
        &["--format", "json"],
        &["--format", "csv"],
        &[],
    ] {
        let output = klantreis(&[&["ingest", study], args].concat());
        assert!(output.status.success(), "{args:?}");
        let said = out(&output) + &String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("--real-names"), "{args:?}: {said}");
        for name in names {
            assert!(!said.contains(name), "{args:?} shows {name}: {said}");
        }
    }
    let shown = well(&["ingest", study, "--show", "jan-vis.txt", "--real-names"]);
    assert!(names.iter().all(|name| shown.contains(name)), "{shown}");
    assert!(!dir.path().join("pseudonyms.csv").exists(), "looking writes nothing");
}

#[test]
fn an_interview_in_which_nobody_answers_is_left_out_and_said() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), "I: Hoe ging het?\nR: Ik kwam er met mijn wachtwoord niet in.\n").unwrap();
    fs::write(dir.path().join("b.txt"), "I: Hoe ging het?\nInterviewer: En toen?\n").unwrap();
    for parts in [&["--json"][..], &["--json", "--part-by-part"]] {
        let out = klantreis(&[&["run", dir.path().to_str().unwrap()], parts].concat());
        assert_eq!(out.status.code(), Some(1));
        let summary: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(summary["interviews"], 1, "{summary}");
        let skipped = summary["skipped"].to_string();
        assert!(skipped.contains("b.txt") && skipped.contains("nobody answers"), "{skipped}");
    }
}
