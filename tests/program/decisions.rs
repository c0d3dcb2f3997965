//! Deciding, through the program: what people decide holds in every output, and is never lost.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::common::*;

type Row = BTreeMap<String, String>;

fn run(study: &str) -> Vec<Row> {
    well(&["run", study, "--quiet"]);
    rows(&Path::new(study).join("klantreis-out/quotes.csv"))
}

fn find<'a>(quotes: &'a [Row], words: &str, category: &str) -> &'a Row {
    quotes.iter().find(|q| q["quote"] == words && q["category"] == category).unwrap()
}

/// Anna decides on many quotes at once.
fn decide_on(quotes: &[&Row], study: &str, decision: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_klantreis"))
        .args([&["decide", study, "-"], decision, &["--who", "anna"]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let ids: String = quotes.iter().map(|quote| format!("{}\n", quote["quote_id"])).collect();
    child.stdin.take().unwrap().write_all(ids.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn counted(study: &str) -> usize {
    let journey = rows(&Path::new(study).join("klantreis-out/journey.csv"));
    journey.iter().map(|r| r["n_quotes"].parse::<usize>().unwrap()).sum()
}

#[test]
fn decisions_hold_in_tables_query_and_explain_and_survive_a_corrected_transcript() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    let before = run(path);
    let of = |category: &str| before.iter().filter(|q| q["category"] == category).collect::<Vec<_>>();
    let (wrong, right, other) = (of("pijnpunt")[0], of("pijnpunt")[1], of("winst")[0]);
    let phase = before.iter().map(|q| &q["phase"]).find(|p| **p != other["phase"]).unwrap();
    well(&["decide", path, &wrong["quote_id"], "reject", "--who", "anna", "--why", "dat is een grap"]);
    well(&["decide", path, &right["quote_id"], "accept", "--who", "anna"]);
    let change = ["--category", "behoefte", "--phase", phase, "--emotion", "-1", "--who", "bram"];
    well(&[&["decide", path, &other["quote_id"], "change"][..], &change].concat());

    // `query` needs no new run to know.
    let rejected = json(&["query", path, "status:rejected", "--format", "json"]);
    let codings = rejected["hits"][0]["codings"].as_array().unwrap();
    assert!(codings.iter().any(|c| c["quote_id"] == wrong["quote_id"] && c["status"] == "rejected"), "{codings:?}");
    assert!(well(&["explain", path, &wrong["quote_id"]]).contains("rejected by a person"));

    let after = run(path);
    assert_eq!(find(&after, &wrong["quote"], "pijnpunt")["status"], "rejected");
    assert_eq!(find(&after, &right["quote"], "pijnpunt")["status"], "accepted");
    let changed = find(&after, &other["quote"], "behoefte");
    assert_eq!((&changed["status"][..], &changed["phase"], &changed["emotion"][..]), ("changed", phase, "-1"));
    assert_eq!((after.len(), counted(path)), (before.len(), before.len() - 1));

    // The transcript is corrected: other words before, and within the quote.
    let file = study.join("interviews").join(&changed["file"]);
    let text = fs::read_to_string(&file).unwrap();
    let corrected = text.replace(&other["quote"], &format!("Eh, {}", other["quote"]));
    assert_ne!(text, corrected);
    fs::write(&file, corrected).unwrap();
    let later = run(path);
    let again = later.iter().find(|q| q["quote"].ends_with(&other["quote"]) && q["category"] == "behoefte").unwrap();
    assert_eq!(again["status"], "changed");
    // And then it is gone: the decision is kept and named.
    fs::remove_file(&file).unwrap();
    assert!(well(&["decisions", path, "list", "--unplaced"]).contains(&other["quote"]));
    assert!(well(&["decisions", path, "list"]).contains("bram change"));
}

#[test]
fn undo_and_redo_bring_the_tables_back_byte_for_byte() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    let quotes = run(path);
    let table = || fs::read(study.join("klantreis-out/quotes.csv")).unwrap();
    let before = table();
    well(&["decide", path, &quotes[0]["quote_id"], "reject", "--who", "anna"]);
    run(path);
    let after = table();
    assert_ne!(before, after);
    well(&["decisions", path, "undo", "--who", "anna"]);
    run(path);
    assert!(table() == before);
    assert!(well(&["decisions", path, "undo", "--who", "anna"]).contains("no decision of anna"));
    well(&["decisions", path, "redo", "--who", "anna"]);
    run(path);
    assert!(table() == after);
}

#[test]
fn two_computers_carry_decisions_over_and_differences_are_listed() {
    let (a, b) = (study("vragen"), study("vragen"));
    let [a, b] = [&a, &b].map(|(_, path)| path.to_str().unwrap().to_owned());
    let quotes = run(&a);
    let ids: Vec<&str> = quotes.iter().map(|q| q["quote_id"].as_str()).collect();
    well(&["decide", &a, ids[0], "accept", "--who", "anna"]);
    well(&["decide", &a, ids[1], "accept", "--who", "anna"]);
    well(&["decide", &b, ids[1], "reject", "--who", "bram"]);
    let file = format!("{a}/klantreis-besluiten.jsonl");
    well(&["decisions", &a, "export", "-o", &file]);
    let imported = klantreis(&["decisions", &b, "import", &file]);
    assert!(out(&imported).contains("2 decisions are new, 0 were here already; 1 codings were judged differently"));
    let told = String::from_utf8_lossy(&imported.stderr).into_owned();
    assert!(told.contains("anna accept") && told.contains("bram reject"), "{told}");
    assert!(well(&["decisions", &b, "list", "--conflicts"]).contains("1 codings were judged differently"));
    well(&["decide", &b, ids[1], "accept", "--who", "bram", "--why", "anna heeft gelijk"]);
    assert!(well(&["decisions", &b, "list", "--conflicts"]).starts_with("0 codings"));
}

#[test]
fn wrong_ids_are_refused_with_what_there_is() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    let id = run(path)[0]["quote_id"].clone();
    assert!(refused(&["decide", path, "niets:1.1p", "accept"]).contains("look its id up"));
    for (option, value) in
        [("--category", "klacht"), ("--phase", "Ooit eens"), ("--touchpoint", "maan"), ("--code", "x")]
    {
        let told = refused(&["decide", path, &id, "change", option, value]);
        assert!(told.contains("there are:"), "{told}");
    }
    let told = refused(&["decide", path, &id, "change", "--phase", "Ooit eens"]);
    assert!(told.contains("zoeken (Hulp zoeken)"), "{told}");
    assert!(refused(&["decide", path, &id, "change", "--emotion", "3"]).contains("-2 to 2"));
    assert!(refused(&["decide", path, &id, "change", "--sentences", "900"]).contains("no such sentences"));
    assert!(!study.join("decisions.db").exists());
}

#[test]
fn what_a_decision_names_may_be_an_id_or_a_label_in_any_capitals() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    let quotes = run(path);
    let quote = quotes.iter().find(|q| q["phase"] != "zoeken").unwrap();
    let id = &quote["quote_id"];
    for name in ["hulp ZOEKEN", "Zoeken"] {
        well(&["decide", path, id, "change", "--phase", name]);
        assert_eq!(find(&run(path), &quote["quote"], &quote["category"])["phase"], "zoeken");
        well(&["decisions", path, "undo"]);
    }
}

#[test]
fn a_damaged_index_is_built_again_and_damaged_decisions_are_reported_with_the_newest_good_backup() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    let id = run(path)[0]["quote_id"].clone();
    let answer = well(&["query", path, "categorie:pijnpunt"]);
    for entry in fs::read_dir(study.join(".klantreis/index")).unwrap() {
        let file = entry.unwrap().path();
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    }
    let output = klantreis(&["query", path, "categorie:pijnpunt"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("built again"), "{output:?}");
    assert_eq!(out(&output), answer);

    well(&["decide", path, &id, "accept"]);
    assert!(well(&["decisions", path, "backup"]).starts_with("1 decisions are in"));
    fs::write(study.join("decisions.db"), "onzin").unwrap();
    for command in [&["run", path][..], &["decide", path, &id, "reject"], &["decisions", path, "list"]] {
        let told = refused(command);
        assert!(told.contains("damaged") && told.contains("decisions.db.backups"), "{told}");
    }
}

#[test]
fn learning_takes_interviews_that_were_wholly_decided_and_next_leaves_out_what_is_decided() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap();
    for entry in fs::read_dir(&study).unwrap() {
        let file = entry.unwrap().path();
        if file.file_name().unwrap().to_string_lossy().starts_with("gold") {
            fs::remove_file(file).unwrap();
        }
    }
    let quotes = run(path);
    let mut files: Vec<&String> = quotes.iter().map(|q| &q["file"]).collect();
    files.sort();
    files.dedup();
    assert!(refused(&["learn", path]).contains("0 interviews are coded by hand"));
    let mine: Vec<&Row> = quotes.iter().filter(|q| files[..2].contains(&&q["file"])).collect();
    let (right, wrong): (Vec<_>, Vec<_>) = mine.iter().enumerate().partition(|(n, _)| n % 4 > 0);
    for (word, quotes) in [("accept", right), ("reject", wrong)] {
        let quotes: Vec<&Row> = quotes.into_iter().map(|(_, quote)| *quote).collect();
        decide_on(&quotes, path, &[word]);
    }
    assert!(well(&["learn", path]).starts_with("2 interviews coded by hand"));
    let status = json(&["status", path, "--json"]);
    let whole = status["interviews"].as_array().unwrap().iter().filter(|i| i["whole"] == true).count();
    assert_eq!((whole, &status["steps"][6]["done"]), (2, &false.into()));
    assert!(well(&["status", path]).contains("2 of"));
    let next = well(&["next", path, "-n", "500"]);
    for quote in &mine {
        let place = format!("{} turn {}: {}?", quote["file"], quote["turn"], quote["category"]);
        assert!(!next.contains(&format!("{place} ({}", quote["confidence"])), "{place}");
    }
}

#[test]
fn a_code_of_ones_own_without_any_cue_is_named_in_new_interviews_after_twenty_examples() {
    let (_dir, study) = study("bieden");
    let path = study.to_str().unwrap();
    let book = "[[code]]\nid = \"papierwinkel\"\ncategory = \"pijnpunt\"\nlabel = \"Papierwinkel\"\n";
    fs::write(study.join("codebook.toml"), book).unwrap();
    let is_paper = |quote: &Row| {
        let text = quote["quote"].to_lowercase();
        ["formulier", "brief", "wachtwoord", "digid", "scherm", "code"].iter().any(|word| text.contains(word))
    };
    let quotes = run(path);
    let pains: Vec<&Row> = quotes.iter().filter(|q| q["category"] == "pijnpunt").collect();
    assert!(pains.iter().all(|q| q["code"] != "papierwinkel"), "nothing speaks for it yet");
    let (new, seen): (Vec<&Row>, Vec<&Row>) = pains.into_iter().partition(|q| q["interview"] == "interview-6");
    let (paper, other): (Vec<&Row>, Vec<&Row>) = seen.into_iter().partition(|q| is_paper(q));
    assert!(paper.len() >= 20, "{}", paper.len());
    decide_on(&paper, path, &["change", "--code", "papierwinkel"]);
    decide_on(&other, path, &["change", "--code", ""]);
    let said = well(&["learn", path]);
    assert!(said.contains("code papierwinkel (pijnpunt): learned from the words of"), "{said}");
    let after = run(path);
    let named: Vec<&Row> =
        after.iter().filter(|q| q["interview"] == "interview-6" && q["code"] == "papierwinkel").collect();
    let right = named.iter().filter(|q| is_paper(q)).count();
    let wanted = new.iter().filter(|q| is_paper(q)).count();
    assert!(
        2 * right > named.len() && 4 * right >= wanted && right > 0,
        "{right} of {} named, {wanted} wanted",
        named.len()
    );
    let why = well(&["explain", path, &named[0]["quote_id"]]);
    assert!(why.contains("papierwinkel"), "{why}");
}
