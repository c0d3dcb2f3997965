//! Measuring, through the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::common::*;

/// The first two interviews of an example study and their gold, in a folder of their own.
fn two_interviews(of: &str, under: &Path) -> PathBuf {
    let (from, to) = (PathBuf::from(example(of)), under.join(of));
    fs::create_dir_all(to.join("interviews")).unwrap();
    for file in ["gold.csv", "klantreis.toml", "interviews/gesprek-1.txt", "interviews/gesprek-2.txt"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    to
}

#[test]
fn evaluation_and_agreement_say_the_same_of_the_same_quotes() {
    let (study, dir) = (example("kinderopvang"), tempfile::tempdir().unwrap());
    let evaluated = json(&["evaluate", &study, "--format", "json"]);
    let copy = two_interviews("kinderopvang", dir.path());
    for n in [3, 4] {
        let name = format!("interviews/gesprek-{n}.txt");
        fs::copy(Path::new(&study).join(&name), copy.join(name)).unwrap();
    }
    let copy = copy.to_str().unwrap();
    well(&["run", copy, "--quiet"]);
    let (gold, quotes) = (format!("{copy}/gold.csv"), format!("{copy}/klantreis-out/quotes.csv"));
    let agreed = json(&["agreement", &gold, &quotes, "--study", copy, "--format", "json"]);
    for (l, row) in evaluated["categories"].as_array().unwrap().iter().enumerate() {
        let close = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-9;
        assert_eq!(row["category"], agreed[l]["category"]);
        assert!(close(&row["kappa"]["value"], &agreed[l]["pairs"][0]["kappa"]), "{row} {}", agreed[l]);
        assert!(close(&row["alpha"], &agreed[l]["alpha"]), "{row} {}", agreed[l]);
        let (low, high) = (row["f1"]["low"].as_f64().unwrap(), row["f1"]["high"].as_f64().unwrap());
        let f1 = row["f1"]["value"].as_f64().unwrap();
        assert!(low <= f1 && f1 <= high && low < high, "{row}");
    }
    assert_eq!(evaluated["disagreements"].as_array().unwrap().len(), 20);
}

#[test]
fn measuring_twice_gives_the_same_bytes_on_screen_and_in_a_file() {
    let (study, dir) = (example("reizen"), tempfile::tempdir().unwrap());
    let path = dir.path().join("out.txt");
    for format in ["text", "csv", "json"] {
        let shown = well(&["evaluate", &study, "--format", format]);
        well(&["evaluate", &study, "--format", format, "-o", path.to_str().unwrap()]);
        assert_eq!(shown, fs::read_to_string(&path).unwrap());
    }
    let table = well(&["evaluate", &study, "--format", "csv"]);
    let rows: Vec<_> = csv::Reader::from_reader(table.as_bytes()).into_records().map(Result::unwrap).collect();
    assert!(rows.iter().any(|r| &r[0] == "f1" && &r[1] == "pijnpunt"));
}

#[test]
fn cross_validation_has_not_seen_what_it_measures() {
    let dir = tempfile::tempdir().unwrap();
    let studies = ["kinderopvang", "reizen"].map(|name| two_interviews(name, dir.path()));
    let [a, b] = [0, 1].map(|n| studies[n].to_str().unwrap());
    let f1 = |value: &Value| value["macro_f1"]["value"].as_f64().unwrap();
    let seen = json(&["evaluate", a, "--format", "json"]);
    let unseen = json(&["evaluate", a, "--cross-validate", "--format", "json"]);
    assert_eq!((&unseen["interviews"], &unseen["sentences"]), (&seen["interviews"], &seen["sentences"]));
    assert!(f1(&unseen) < f1(&seen), "{} {}", f1(&unseen), f1(&seen));
    let by_study = json(&["evaluate", a, b, "--cross-validate", "--by", "study", "--format", "json"]);
    assert_eq!(by_study["interviews"], 4);
    assert!(by_study["disagreements"][0]["file"].as_str().unwrap().contains('/'));
    assert!(refused(&["evaluate", a, "--cross-validate", "--by", "study"]).contains("two or more folders"));
    assert!(refused(&["evaluate", a, b, "--gold", "x.csv"]).contains("--gold goes with one study"));
}

#[test]
fn three_coders_are_compared_pair_by_pair_and_missing_columns_are_named() {
    let (study, dir) = (example("kinderopvang"), tempfile::tempdir().unwrap());
    let gold = fs::read_to_string(format!("{study}/gold.csv")).unwrap();
    let file = |name: &str, text: String| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let some =
        file("some.csv", gold.lines().enumerate().filter(|(n, _)| n % 5 != 1).map(|(_, l)| format!("{l}\n")).collect());
    let one = file("one.csv", gold.lines().filter(|l| !l.starts_with("gesprek-2")).map(|l| format!("{l}\n")).collect());
    let all = format!("{study}/gold.csv");
    let agreed = json(&["agreement", &all, &some, &one, "--study", &study, "--format", "json"]);
    let sets = agreed.as_array().unwrap().last().unwrap();
    let pairs = sets["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 3);
    assert!(pairs[0]["kappa"].as_f64().unwrap() < 1.0 && sets["alpha"].as_f64().unwrap() < 1.0);
    assert_eq!(pairs[1]["kappa"], 1.0, "where both coded, they coded the same");
    assert!(pairs[1]["sentences"].as_u64() < pairs[0]["sentences"].as_u64());
    assert!(well(&["agreement", &all, &some, "--study", &study]).contains("Krippendorff's alpha"));

    let bad = file("bad.csv", "file,turn,text,category\n".to_owned());
    let said = refused(&["agreement", &all, &bad, "--study", &study]);
    assert!(said.contains("bad.csv") && said.contains("the column quote is missing"), "{said}");
}

#[test]
fn what_was_coded_by_hand_is_learned_and_used_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let study = two_interviews("schuldhulp", folder.path());
    let dir = study.to_str().unwrap();
    // Researchers who see a pain in everything that the gold calls a gain: the model has to turn round.
    let gold = fs::read_to_string(study.join("gold.csv")).unwrap();
    fs::write(study.join("gold.csv"), gold.replace(",winst,", ",pijnpunt,")).unwrap();
    let pains = || {
        let measured = json(&["evaluate", dir, "--format", "json"]);
        measured["categories"][2]["f1"]["value"].as_f64().unwrap()
    };
    let before = pains();
    let said = well(&["learn", dir]);
    assert!(said.contains("macro-F1") && said.contains("each held back once"), "{said}");
    assert!(study.join(".klantreis/model.bin").exists(), "{said}");
    let after = pains();
    assert!(after > before + 0.05, "{before} {after}");

    fs::write(study.join(".klantreis/model.bin"), "damaged").unwrap();
    let error = refused(&["evaluate", dir]);
    assert!(error.contains("model.bin") && error.contains("learn"), "{error}");
    well(&["learn", dir]);
    assert_eq!(pains(), after, "what it says to do helps");
}

#[test]
fn learning_without_anything_coded_by_hand_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let study = two_interviews("schuldhulp", folder.path());
    fs::remove_file(study.join("gold.csv")).unwrap();
    let error = refused(&["learn", study.to_str().unwrap()]);
    assert!(error.contains("quotes.csv") && error.contains("gold.csv"), "{error}");
}

#[test]
fn the_next_passages_are_in_doubt_and_come_from_interviews_that_nobody_coded() {
    let folder = tempfile::tempdir().unwrap();
    let study = two_interviews("schuldhulp", folder.path());
    let dir = study.to_str().unwrap();
    assert!(well(&["next", dir]).contains("No passage would teach"));
    let gold = fs::read_to_string(study.join("gold.csv")).unwrap();
    let first_only: String = gold.lines().filter(|l| !l.starts_with("gesprek-2")).map(|l| format!("{l}\n")).collect();
    fs::write(study.join("gold.csv"), first_only).unwrap();
    let next = well(&["next", dir, "-n", "7"]);
    let heads: Vec<&str> = next.lines().filter(|l| l.contains("? (")).collect();
    assert_eq!(heads.len(), 7, "{next}");
    assert!(
        heads.iter().all(|l| l.starts_with("gesprek-2.txt") && (l.contains("(0.4") || l.contains("(0.5"))),
        "{next}"
    );
}
