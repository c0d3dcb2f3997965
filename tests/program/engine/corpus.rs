//! A language model in a study too large to be held at once: it codes a sample, and teaches the built-in engine.

use super::*;

/// A study of so many short interviews.
fn many(interviews: usize, endpoint: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let study = dir.path().join("groot");
    fs::create_dir_all(study.join("interviews")).unwrap();
    fs::write(study.join("klantreis.toml"), "title = \"Groot\"\n").unwrap();
    for n in 0..interviews {
        let text =
            format!("I: Hoe ging het bij balie {n}?\n\nR: Ik was mijn wachtwoord kwijt. Toen belde ik de balie.\n");
        fs::write(study.join(format!("interviews/gesprek-{n:04}.txt")), text).unwrap();
    }
    configure(&study, endpoint, "");
    (dir, study)
}

#[test]
fn a_sample_of_a_large_study_is_asked_about_and_stands_in_its_table() {
    let server = Server::start(|_, body| says(&model(body)));
    let (_dir, study) = many(2_501, &server.endpoint);
    let dir = study.to_str().unwrap();
    let message = refused(&["run", dir, "--engine", "llm"]);
    assert!(message.contains("2501 interviews are too many") && message.contains("--sample 20"), "{message}");
    assert!(message.contains("learn") && message.contains("--from llm"), "{message}");
    let plan = well(&["run", dir, "--engine", "llm", "--sample", "3", "--dry-run"]);
    assert!(plan.contains("requests: 3 "), "{plan}");

    well(&["run", dir, "--engine", "llm", "--sample", "3", "--quiet"]);
    assert_eq!(server.requests(), 3);
    let of_model = || {
        let quotes = rows(&study.join("klantreis-out/quotes.csv"));
        let of_model = quotes.iter().filter(|q| q.get("engine").is_some_and(|engine| engine == "proef:8b"));
        of_model.map(|q| q["file"].clone()).collect::<std::collections::BTreeSet<_>>()
    };
    let three = of_model();
    assert_eq!(three.len(), 3);
    let method = fs::read_to_string(study.join("klantreis-out/method.md")).unwrap();
    assert!(method.contains("3 van de 2501 interviews"), "{method}");
    // A larger sample holds the smaller one.
    well(&["run", dir, "--engine", "llm", "--sample", "5", "--quiet"]);
    assert_eq!(server.requests(), 5);
    assert!(of_model().len() == 5 && of_model().is_superset(&three));
    let said = well(&["learn", dir, "--from", "llm"]);
    assert!(said.contains("5 interviews as proef:8b coded them"), "{said}");
    well(&["run", dir, "--quiet"]);
    assert!(of_model().is_empty(), "back to the built-in engine");
    assert_eq!(server.requests(), 5);
}

#[test]
fn part_by_part_gives_what_the_whole_gives() {
    let server = Server::start(|_, body| says(&model(body)));
    let (_a, whole) = study("kinderopvang");
    let (_b, parts) = study("kinderopvang");
    for (study, more) in [(&whole, None), (&parts, Some("--part-by-part"))] {
        configure(study, &server.endpoint, "");
        let dir = study.to_str().unwrap();
        well(&["run", dir, "--engine", "llm", "--sample", "2", "--quiet"].into_iter().chain(more).collect::<Vec<_>>());
    }
    let quotes = |study: &Path| fs::read_to_string(study.join("klantreis-out/quotes.csv")).unwrap();
    assert_eq!(quotes(&whole), quotes(&parts));
    let dir = parts.to_str().unwrap();
    well(&["run", dir, "--engine", "llm", "--sample", "2", "--part-by-part", "--min-confidence", "0.99", "--quiet"]);
    assert!(!quotes(&parts).contains("proef:8b"), "it is never so sure");
    assert!(refused(&["run", dir, "--engine", "both", "--part-by-part"]).contains("over all interviews at once"));
}

#[test]
fn parts_are_coded_again_when_the_answers_have_come() {
    let (server, alive) = dying(1);
    let (_dir, study) = study("kinderopvang");
    configure(&study, &server.endpoint, "max_parallel = 1");
    let dir = study.to_str().unwrap();
    let of_model = || {
        well(&["run", dir, "--engine", "llm", "--part-by-part", "--quiet"]);
        rows(&study.join("klantreis-out/quotes.csv")).iter().all(|q| q.get("engine").is_some_and(|e| e == "proef:8b"))
    };
    assert!(!of_model(), "most is left to the built-in engine");
    alive.store(10_000, Ordering::SeqCst);
    assert!(of_model());
}
