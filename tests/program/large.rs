//! Corpora that are worked through part by part.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::common::{json, klantreis, out, refused, rows, study, well};

fn by_parts(dir: &Path) -> String {
    well(&["run", dir.to_str().unwrap(), "--part-by-part"])
}

/// All tables, by name.
fn tables(dir: &Path) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = fs::read_dir(dir.join("klantreis-out"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .filter(|(name, _)| name != "totals.csv")
        .collect();
    out.sort();
    out
}

/// The answers of the index, in the order of the study.
fn answers(dir: &Path, query: &str) -> serde_json::Value {
    json(&["query", dir.to_str().unwrap(), query, "--format", "json", "--limit", "1000"])
}

fn transcript(dir: &Path, n: usize) -> PathBuf {
    dir.join(format!("interviews/gesprek-{n}.txt"))
}

#[test]
fn tables_that_a_run_does_not_write_are_not_left_from_another() {
    let (_dir, dir) = study("bieden");
    let (folder, study) = (dir.join("klantreis-out"), dir.to_str().unwrap());
    let there = |file: &str| {
        let described = fs::read_to_string(folder.join("datapackage.json")).unwrap().contains(file);
        assert_eq!(folder.join(file).exists(), described, "{file}");
        described
    };
    well(&["run", study, "--part-by-part", "--by", "segment"]);
    assert!(there("totals.csv") && there("segments.csv") && there("differences.csv"));
    well(&["run", study]);
    assert!(!there("totals.csv") && !there("segments.csv") && !there("differences.csv") && there("themes.csv"));
    fs::write(folder.join("segments.csv"), "my own").unwrap();
    well(&["run", study]);
    assert!(folder.join("segments.csv").exists());
}

#[test]
fn part_by_part_gives_what_the_whole_gives() {
    let (_a, whole) = study("bieden");
    let (_b, parts) = study("bieden");
    well(&["run", whole.to_str().unwrap()]);
    by_parts(&parts);
    assert_eq!(tables(&parts), tables(&whole));
    for query in ["wachtwoord", "categorie:pijnpunt inloggen", "fase:voorbereiden", "\"elf logo's\""] {
        let expected = answers(&whole, query);
        assert!(!expected.to_string().is_empty());
        assert_eq!(answers(&parts, query), expected, "{query}");
    }
    for fields in ["fase", "fase,categorie"] {
        let counted = |dir: &Path| well(&["query", dir.to_str().unwrap(), "emotie:<0", "--count-by", fields]);
        assert_eq!(counted(&parts), counted(&whole), "numbers leave room between parts, counts none");
    }
    let totals = rows(&parts.join("klantreis-out/totals.csv"));
    let quotes = rows(&parts.join("klantreis-out/quotes.csv"));
    for row in &totals {
        let mine = quotes.iter().filter(|q| q["phase"] == row["fase"] && q["category"] == row["categorie"]);
        let interviews: std::collections::BTreeSet<&String> = mine.clone().map(|q| &q["interview"]).collect();
        assert_eq!(row["n_quotes"], mine.count().to_string());
        assert_eq!(row["n_interviews"], interviews.len().to_string());
    }
    assert!(totals.len() > 10);
}

#[test]
fn only_what_changed_is_coded_again_and_the_result_is_that_of_a_first_run() {
    let (_a, dir) = study("zorgportaal");
    let (_b, fresh) = study("zorgportaal");
    by_parts(&dir);
    assert!(by_parts(&dir).contains("Nothing has changed since the last run."));
    // Another time of change, the same content.
    let text = fs::read_to_string(transcript(&dir, 2)).unwrap();
    fs::write(transcript(&dir, 2), &text).unwrap();
    assert!(by_parts(&dir).contains("Nothing has changed"));
    for step in ["changed", "added", "removed"] {
        for study in [&dir, &fresh] {
            match step {
                "changed" => {
                    fs::write(transcript(study, 2), format!("{text}\n\nR: Dat wachten was verschrikkelijk.\n"))
                }
                "added" => fs::write(transcript(study, 9), &text),
                _ => fs::remove_file(transcript(study, 1)),
            }
            .unwrap();
        }
        assert!(!by_parts(&dir).contains("Nothing has changed"), "{step}");
        for derived in [".klantreis", "klantreis-out"] {
            let _ = fs::remove_dir_all(fresh.join(derived));
        }
        by_parts(&fresh);
        assert_eq!(tables(&dir), tables(&fresh), "{step}");
        assert_eq!(answers(&dir, "wachten"), answers(&fresh, "wachten"), "{step}");
    }
}

#[test]
fn a_decision_is_seen_and_a_bad_file_is_named_each_time() {
    let (_dir, dir) = study("zorgportaal");
    fs::write(dir.join("interviews/stuk.docx"), "geen zip").unwrap();
    let run = || klantreis(&["run", dir.to_str().unwrap(), "--part-by-part"]);
    assert_eq!(run().status.code(), Some(1));
    let again = run();
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("stuk.docx"));
    fs::remove_file(dir.join("interviews/stuk.docx")).unwrap();
    let first = rows(&dir.join("klantreis-out/quotes.csv"))[0]["quote_id"].clone();
    well(&["decide", dir.to_str().unwrap(), &first, "reject", "--who", "anna"]);
    assert!(!out(&run()).contains("Nothing has changed"));
    let quotes = rows(&dir.join("klantreis-out/quotes.csv"));
    assert_eq!(quotes.iter().filter(|q| q["status"] == "rejected").count(), 1);
}

/// A study of many interviews, so that a run takes a while.
fn many(n: usize) -> (tempfile::TempDir, PathBuf) {
    let (guard, dir) = study("zorgportaal");
    let texts: Vec<String> = (1..=4).map(|n| fs::read_to_string(transcript(&dir, n)).unwrap()).collect();
    for copy in 0..n {
        fs::write(dir.join(format!("interviews/kopie-{copy:04}.txt")), &texts[copy % 4]).unwrap();
    }
    (guard, dir)
}

fn started(dir: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_klantreis"))
        .args(["run", dir.to_str().unwrap(), "--part-by-part"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_runs_at_once_are_refused_and_a_killed_one_does_not_stand_in_the_way() {
    let (_guard, dir) = many(300);
    let mut child = started(&dir);
    let lock = dir.join(".klantreis/lock");
    while !lock.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    assert!(refused(&["run", dir.to_str().unwrap()]).contains("at work"));
    child.kill().unwrap();
    child.wait().unwrap();
    by_parts(&dir);
    assert_eq!(rows(&dir.join("klantreis-out/quotes.csv")).len() % 2, 0);
    assert!(by_parts(&dir).contains("Nothing has changed"));
}

#[test]
fn a_large_corpus_says_on_its_page_that_the_journey_is_of_a_sample() {
    let (_guard, dir) = many(320);
    let said = by_parts(&dir);
    assert!(said.contains("hold all 324 interviews") && said.contains("a sample of 250"), "{said}");
    // Only the page is made anew, and the quotes stay those of all.
    fs::remove_file(dir.join("klantreis-out/klantreis.html")).unwrap();
    by_parts(&dir);
    let page = fs::read_to_string(dir.join("klantreis-out/klantreis.html")).unwrap();
    assert!(page.contains("steekproef van 250 van de 324 interviews"));
    let interviews: std::collections::BTreeSet<String> =
        rows(&dir.join("klantreis-out/quotes.csv")).into_iter().map(|q| q["interview"].clone()).collect();
    assert_eq!(interviews.len(), 324);
}
