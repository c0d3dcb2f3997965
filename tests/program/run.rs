//! The main job, through the program, on the six interviews.

use std::{fs, path::Path};

use crate::common::*;

#[test]
fn six_interviews_become_tables_whose_quotes_stand_in_their_files() {
    let (_dir, study) = study("bieden");
    let output = klantreis(&["run", study.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(out(&output).contains("6 interviews"), "{}", out(&output));

    let head = fs::read_to_string(study.join("klantreis-out/quotes.csv")).unwrap();
    assert!(head.starts_with(
        "quote_id,interview,file,turn,speaker,time,phase,category,code,touchpoint,emotion,confidence,status,quote,attr_"
    ));
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    assert!(quotes.len() > 200, "{}", quotes.len());
    let mut ids: Vec<&String> = quotes.iter().map(|q| &q["quote_id"]).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), quotes.len(), "ids are unique");
    for quote in &quotes {
        let name = format!("{}.txt", quote["interview"]);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bieden").join(name);
        let words = quote["quote"].strip_prefix('\'').filter(|q| q.starts_with(['-', '=', '+', '@']));
        assert!(fs::read_to_string(source).unwrap().contains(words.unwrap_or(&quote["quote"])), "{quote:?}");
    }
    let timed = quotes.iter().filter(|q| q["file"].ends_with(".vtt") || q["file"].ends_with(".srt"));
    assert!(timed.clone().count() > 20 && timed.clone().all(|q| q["time"].len() == 8));

    // The journey counts the quotes, and nothing else.
    let journey = rows(&study.join("klantreis-out/journey.csv"));
    let counted: usize = journey.iter().map(|r| r["n_quotes"].parse::<usize>().unwrap()).sum();
    assert_eq!(counted, quotes.len());
    let table = fs::read_to_string(study.join("klantreis-out/journey-table.csv")).unwrap();
    assert!(table.starts_with("Fase,Voorbereiden,Ontvangen,Ondersteunen,Doorverwijzen,Afronden\nActiviteiten,"));
    assert_eq!(rows(&study.join("klantreis-out/emotion.csv")).len(), 5);
}

#[test]
fn the_page_shows_quotes_asks_for_nothing_and_says_that_they_are_proposals() {
    let (_dir, study) = study("bieden");
    assert_eq!(klantreis(&["run", study.to_str().unwrap(), "-q"]).status.code(), Some(0));
    let page = fs::read_to_string(study.join("klantreis-out/klantreis.html")).unwrap();
    assert!(page.contains("Elf logo’s") || page.contains("Elf logo&#39;s") || page.contains("Elf logo's"));
    assert!(page.contains("default-src 'none'") && page.matches("<script").count() == 2);
    assert!(page.contains("Voorstellen van het programma, die fout kunnen zijn"));
    for (table, column) in
        [("opportunities.csv", "quote_ids"), ("moments.csv", "n_interviews"), ("gaps.csv", "n_interviews")]
    {
        let text = fs::read_to_string(study.join("klantreis-out").join(table)).unwrap();
        assert!(text.lines().next().unwrap().contains(column), "{table}: {text}");
    }
}

#[test]
fn one_thread_and_eight_give_the_same_bytes() {
    let (_dir, study) = study("vragen");
    let run = |threads: &str| {
        let target = study.join(format!("out-{threads}"));
        let output = klantreis(&["run", study.to_str().unwrap(), "--threads", threads, "-o", target.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0));
        ["quotes.csv", "journey.csv", "journey-table.csv", "emotion.csv"].map(|f| fs::read(target.join(f)).unwrap())
    };
    assert!(run("1") == run("8"));
}

#[test]
fn broken_files_are_named_and_the_batch_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..30 {
        fs::write(dir.path().join(format!("gesprek-{n:02}.txt")), "I: Hoe ging het?\nR: Ik kon het niet vinden.\n")
            .unwrap();
    }
    fs::write(dir.path().join("leeg.txt"), "").unwrap();
    fs::write(dir.path().join("ruis.txt"), [0u8, 1, 200, 7, 0, 0, 3, 9].repeat(50)).unwrap();
    fs::write(dir.path().join("half.docx"), b"PK\x03\x04half").unwrap();
    let output = klantreis(&["run", dir.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    for name in ["leeg.txt: ", "ruis.txt: ", "half.docx: "] {
        assert!(errors.contains(&format!("skipped: {name}")), "{errors}");
    }
    assert!(out(&output).contains("30 interviews"));
    let table = fs::read_to_string(dir.path().join("klantreis-out/journey-table.csv")).unwrap();
    assert!(table.starts_with("Fase,Vooraf,Tijdens,Achteraf\n"), "the built-in phases: {table}");
}

#[test]
fn a_category_of_ones_own_is_proposed_by_its_cues() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("codebook.toml"),
        "[[code]]\nid = \"wachtrij\"\ncategory = \"rij\"\nlabel = \"In de rij staan\"\ncues = [\"in de rij\", \"drempel ^hoog\"]\n",
    )
    .unwrap();
    fs::write(dir.path().join("een.txt"), "I: En?\nR: We stonden weer in de rij. Het regende.\n").unwrap();
    let output = klantreis(&["run", dir.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "a cue that can't be read is reported");
    assert!(String::from_utf8_lossy(&output.stderr).contains("a number from 0 to 1"));
    let quotes = rows(&dir.path().join("klantreis-out/quotes.csv"));
    let own: Vec<&str> = quotes.iter().filter(|q| q["category"] == "rij").map(|q| q["quote"].as_str()).collect();
    assert_eq!(own, ["We stonden weer in de rij."]);
}

#[test]
fn a_quote_can_say_why_it_was_coded() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    klantreis(&["run", dir, "-q"]);
    let quote = rows(&study.join("klantreis-out/quotes.csv")).into_iter().find(|q| !q["code"].is_empty()).unwrap();
    let why = out(&klantreis(&["explain", dir, &quote["quote_id"]]));
    assert!(why.contains("What spoke for it") && why.contains("cue \""), "{why}");
}

#[test]
fn a_new_study_runs_and_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nieuw");
    assert_eq!(klantreis(&["new", path.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(klantreis(&["new", path.to_str().unwrap()]).status.code(), Some(2));
    fs::write(path.join("interviews/een.txt"), "I: En?\nR: Het lukte niet, ik zou graag hulp willen.\n").unwrap();
    assert_eq!(klantreis(&["run", path.to_str().unwrap()]).status.code(), Some(0));
}

#[test]
fn names_are_never_silently_kept_where_the_study_asks_to_replace_them() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("klantreis.toml"), "pseudonymise = true\n").unwrap();
    fs::write(dir.path().join("een.txt"), "I: En?\nR: Ik ben Joke Bakker. Het lukte niet.\n").unwrap();
    let output = klantreis(&["run", dir.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("who is who stands in"));
    for file in ["quotes.csv", "klantreis.html"] {
        let text = fs::read_to_string(dir.path().join("klantreis-out").join(file)).unwrap();
        assert!(!text.contains("Joke") && !text.contains("Bakker"), "{file}");
    }
    assert!(fs::read_to_string(dir.path().join("pseudonyms.csv")).unwrap().contains("Joke Bakker"));
}
