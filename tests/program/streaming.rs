//! Coding as a step of a larger job: the same quotes and tables as `run`.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::common::*;

fn code(study: &str, lines: &str, part: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_klantreis"))
        .args(["code", "-", "--study", study, "--part", part])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn parts_of_a_corpus_give_what_run_gives() {
    let (_dir, study) = study("kinderopvang");
    let dir = study.to_str().unwrap();
    well(&["run", dir, "--quiet"]);
    let mut files: Vec<_> = fs::read_dir(study.join("interviews")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let lines: Vec<String> = files
        .iter()
        .map(|path| {
            let file = path.file_name().unwrap().to_str().unwrap();
            json!({ "file": file, "text": fs::read_to_string(path).unwrap() }).to_string() + "\n"
        })
        .collect();
    let parts = [study.join("a.part"), study.join("b.part")];
    let (first, rest) = lines.split_at(1);
    let mut quotes = String::new();
    for (lines, part) in [(rest, &parts[0]), (first, &parts[1])] {
        let (status, out, err) = code(dir, &lines.concat(), part.to_str().unwrap());
        assert_eq!(status, Some(0), "{err}");
        quotes = out + &quotes;
    }
    let expected = rows(&study.join("klantreis-out/quotes.csv"));
    let found: Vec<Value> = quotes.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        for column in ["quote_id", "phase", "category", "quote"] {
            assert_eq!(found[column].as_str().unwrap(), expected[column]);
        }
    }
    let out = study.join("merged");
    well(&[
        "aggregate",
        parts[0].to_str().unwrap(),
        parts[1].to_str().unwrap(),
        "--study",
        dir,
        "-o",
        out.to_str().unwrap(),
    ]);
    for table in ["quotes.csv", "journey.csv", "emotion.csv", "themes.csv", "touchpoints.csv", "opportunities.csv"] {
        let read = |folder: &str| fs::read_to_string(study.join(folder).join(table)).unwrap();
        assert!(read("merged") == read("klantreis-out"), "{table} differs");
    }
}

#[test]
fn a_line_that_is_no_transcript_is_named_and_the_rest_goes_on() {
    let (_dir, study) = study("kinderopvang");
    let lines = "{\"file\": \"a.txt\", \"text\": \"I: Hoe was het?\\n\\nR: Het was echt heel vervelend dat niemand me terugbelde.\\n\"}\n\
                 niet dit\n{\"file\": \"b.txt\", \"text\": \"\"}\n";
    let (status, out, err) = code(study.to_str().unwrap(), lines, study.join("p").to_str().unwrap());
    assert_eq!(status, Some(1));
    assert!(err.contains("line 2") && err.contains("`file` and `text`"), "{err}");
    assert!(err.contains("line 3") && err.contains("b.txt"), "{err}");
    assert!(out.lines().all(|line| line.contains("\"file\":\"a.txt\"")));
}
