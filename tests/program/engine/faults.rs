//! Servers and models that answer wrongly: what is of no use is asked again in smaller windows, and said.

use super::{server::TOKENS, *};

/// What `run --engine llm` says of an interview on standard error.
fn notes(study: &Path) -> String {
    let output = klantreis(&["run", study.to_str().unwrap(), "--engine", "llm"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

/// A study of one interview, in which a password is lost twice.
fn one_interview(endpoint: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let (dir, study) = study("bieden");
    for entry in fs::read_dir(study.join("interviews")).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let said = "Ik was mijn wachtwoord kwijt. Toen belde ik mijn zus. Die wist het ook niet. \
                Het wachtwoord stond op een briefje. Dat lag onder de kat. Zo gaat dat.";
    fs::write(study.join("interviews/an.txt"), format!("I: Hoe ging het?\n\nR: {said}\n")).unwrap();
    configure(&study, endpoint, "");
    (dir, study)
}

#[test]
fn the_sentences_of_a_useless_coding_are_asked_again_by_themselves() {
    // The first answer holds a category that nobody knows.
    let server = Server::start(|n, body| {
        let answer = model(body);
        says(&if n == 0 { answer.replacen("pijnpunt", "klacht", 1) } else { answer })
    });
    let (_dir, study) = one_interview(&server.endpoint);
    let said = notes(&study);
    assert!(said.contains("an.txt: 1 coding in its answers left out, the sentences asked again"), "{said}");
    assert!(said.contains("turn 2: the category \"klacht\" is not in the codebook"), "{said}");
    let asked: Vec<Vec<(u64, String)>> = server.asked.lock().unwrap().iter().map(numbered).collect();
    assert_eq!((asked.len(), asked[0].len()), (2, 6));
    assert_eq!(asked[1], [(1, "Ik was mijn wachtwoord kwijt.".to_owned())]);
    assert_eq!(sentences_with(&study, "wachtwoord"), 2);
    notes(&study);
    assert_eq!(server.requests(), 2, "all of that is kept");
}

#[test]
fn an_answer_that_stays_useless_is_not_asked_for_again_and_the_built_in_engine_takes_over() {
    let server = Server::start(|_, _| says("Dat mag ik helaas niet beoordelen."));
    let (_dir, study) = one_interview(&server.endpoint);
    let said = notes(&study);
    assert!(
        said.contains("an.txt: 1 part is coded by the built-in engine (turn 2: the answer holds no list"),
        "{said}"
    );
    let asked = server.requests();
    assert_eq!(sentences_with(&study, ""), 0, "all quotes are the built-in engine's");
    let said = notes(&study);
    assert!(said.contains("as the answers of proef:8b about them are of no use"), "{said}");
    assert_eq!(server.requests(), asked);
    let plan = well(&["run", study.to_str().unwrap(), "--engine", "llm", "--dry-run"]);
    assert!(plan.contains("requests: 0 "), "{plan}");
}

#[test]
fn a_model_that_says_nothing_or_names_a_phase_that_is_not_there_is_survived() {
    let server = Server::start(|n, body| {
        let answer = model(body);
        let silent = json!({ "choices": [{ "message": { "content": null }, "finish_reason": "length" }] });
        match n {
            0 => (200, "", silent.to_string()),
            _ => says(&answer.replace("\"phase\":\"", "\"phase\":\"bij ")),
        }
    });
    let (_dir, study) = study("bieden");
    configure(&study, &server.endpoint, "max_parallel = 1");
    let said = notes(&study);
    assert!(said.contains("codings in its answers put right") && said.contains("stands in for it"), "{said}");
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    assert!(quotes.iter().any(|q| q["engine"] == "proef:8b"), "its codings are used all the same");
}

#[test]
fn a_server_that_falls_over_schemas_is_asked_without() {
    let server = Server::start(|_, body| {
        if body["response_format"].is_null() {
            says(&model(body))
        } else {
            (500, "retry-after: 0\r\n", "oops".to_owned())
        }
    });
    let (_dir, study) = one_interview(&server.endpoint);
    let said = notes(&study);
    assert!(
        said.contains("the server takes no JSON Schema (the server says 500: oops); it was asked without"),
        "{said}"
    );
    assert_eq!(sentences_with(&study, "wachtwoord"), 2);
    let before = server.requests();
    // The next run knows, and does not try again.
    fs::write(study.join("interviews/nog.txt"), "I: En toen?\n\nR: Weer een wachtwoord.\n").unwrap();
    notes(&study);
    assert_eq!(server.requests(), before + 1);
}

#[test]
fn a_server_that_reads_half_of_a_question_is_said_to() {
    let server = Server::start(|_, body| {
        let (status, head, said) = says(&model(body));
        (status, head, said.replace(&TOKENS.0.to_string(), "1200"))
    });
    let (_dir, study) = one_interview(&server.endpoint);
    let said = notes(&study);
    assert!(said.contains("its context is too short") && said.contains("OLLAMA_CONTEXT_LENGTH"), "{said}");
}

#[test]
fn what_a_server_says_of_itself_is_passed_on() {
    for (body, said) in [
        (
            json!({ "error": { "message": "model \"proef:8b\" not found" } }).to_string(),
            "the server says: model \"proef:8b\"",
        ),
        ("<html><title>Welkom</title></html>".to_owned(), "is `endpoint` right? It usually ends in /v1"),
    ] {
        let server = Server::start(move |_, _| (200, "", body.clone()));
        let (_dir, study) = one_interview(&server.endpoint);
        let message = refused(&["run", study.to_str().unwrap(), "--engine", "llm"]);
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn what_goes_with_a_language_model_is_refused_without_one() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    for flag in ["--dry-run", "--new-examples", "--names-may-leave"] {
        assert!(refused(&["run", dir, flag]).contains(&format!("{flag} is about a language model")));
    }
    assert!(refused(&["run", dir, "--sample", "3"]).contains("say `--engine llm`"));
    assert!(refused(&["run", dir, "--engine", "llm", "--cues-only"]).contains("--cues-only is the built-in engine"));
    configure(&study, "http://127.0.0.1:1/v1", "window = 0");
    let message = refused(&["run", dir, "--engine", "llm"]);
    assert!(message.contains("klantreis.toml") && message.contains("give 1 to 400 sentences"), "{message}");
}
