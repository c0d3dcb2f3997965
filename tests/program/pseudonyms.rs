//! `klantreis pseudonymise`: a study without names, and who is who in a file apart.

use std::{fs, path::Path};

use crate::common::*;

/// Every text under a folder, with the names of its files.
fn everything(dir: &Path) -> String {
    let mut out = String::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        out += &path.file_name().unwrap().to_string_lossy();
        out += &if path.is_dir() { everything(&path) } else { fs::read_to_string(&path).unwrap() };
    }
    out
}

#[test]
fn a_study_without_names_runs_and_its_key_lies_elsewhere() {
    let (dir, study) = study("bieden");
    let without = dir.path().join("zonder");
    let (study, output) = (study.to_str().unwrap(), without.to_str().unwrap());
    let said = well(&["pseudonymise", study, "-o", output]);
    assert!(said.contains("6 interviews") && said.contains("pseudonyms.csv"), "{said}");

    let text = everything(&without);
    for name in ["Joke Terpstra", "Hedwig", "Rob van Gestel", "06-41872205", "s.oudekerk", "Hilbrands"] {
        assert!(!text.contains(name), "{name}");
    }
    let key = Path::new(study).join("pseudonyms.csv");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Two are called Joke; which of them is meant, their full names tell.
    let given: Vec<String> = rows(&key).into_iter().map(|row| row["text"].clone()).collect();
    assert!(given.iter().any(|text| text == "Joke Terpstra") && given.iter().any(|text| text == "Joke Maljaars"));
    assert!(given.iter().all(|text| text != "Joke"), "{given:?}");
    // A bag of a supermarket, a shop and a town are nobody.
    for thing in ["Albert Heijn", "Poiesz", "Axel"] {
        assert!(given.iter().all(|text| !text.contains(thing)), "{thing}");
    }

    well(&["run", output, "--quiet"]);
    assert!(!rows(&without.join("klantreis-out/quotes.csv")).is_empty());
}

#[test]
fn what_an_earlier_run_wrote_is_written_over_only_if_asked() {
    let (dir, study) = study("bieden");
    let without = dir.path().join("zonder");
    let (study, output) = (study.to_str().unwrap(), without.to_str().unwrap());
    well(&["pseudonymise", study, "-o", output]);
    let corrected = without.join("interviews/interview-1.txt");
    let text = fs::read_to_string(&corrected).unwrap();
    fs::write(&corrected, "by hand").unwrap();

    let message = refused(&["pseudonymise", study, "-o", output]);
    assert!(message.contains("--replace"), "{message}");
    assert_eq!(fs::read_to_string(&corrected).unwrap(), "by hand");
    well(&["pseudonymise", study, "-o", output, "--replace"]);
    assert_eq!(fs::read_to_string(&corrected).unwrap(), text, "stand-ins stay the same from run to run");

    // What is no study without names is never written over, nor is the study itself.
    let other = dir.path().join("iets-anders");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("brief.txt"), "iets").unwrap();
    assert!(refused(&["pseudonymise", study, "-o", other.to_str().unwrap(), "--replace"]).contains("not empty"));
    let inside = Path::new(study).join("zonder");
    assert!(refused(&["pseudonymise", study, "-o", inside.to_str().unwrap()]).contains("in the study"));
}

#[test]
fn what_the_researcher_corrects_holds_from_then_on() {
    let (dir, study) = study("bieden");
    let review = dir.path().join("nakijken.csv");
    let (study, review_path) = (study.to_str().unwrap(), review.to_str().unwrap());
    well(&["pseudonymise", study, "--review", review_path]);
    let found = rows(&review);
    let hedwig = found.iter().find(|row| row["text"] == "Hedwig").unwrap();
    assert!(hedwig["context"].contains("»Hedwig«"), "{}", hedwig["context"]);

    let decisions = dir.path().join("beslist.csv");
    fs::write(&decisions, "text,correct\nHedwig,nee\nAladdin,persoon\n").unwrap();
    let without = dir.path().join("zonder");
    well(&["pseudonymise", study, "--decisions", decisions.to_str().unwrap(), "-o", without.to_str().unwrap()]);
    let text = everything(&without);
    assert!(text.contains("Hedwig") && !text.contains("Aladdin"));
}
