//! What may go to another machine.

use super::*;

#[test]
fn nothing_is_sent_unless_the_study_says_where_to_and_not_to_another_machine_unasked() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    assert!(refused(&["run", dir, "--engine", "llm"]).contains("has no [engine]"));
    configure(&study, "https://models.example.org/v1", "");
    let message = refused(&["run", dir, "--engine", "llm"]);
    assert!(message.contains("allow_remote") && message.contains("pseudonymise"), "{message}");
    let path = study.join("klantreis.toml");
    let toml = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        toml.replace("https://models.example.org/v1", "http://127.0.0.1:1/v1") + "key_env = \"KEY_OF_NOBODY\"\n",
    )
    .unwrap();
    assert!(refused(&["run", dir, "--engine", "llm"]).contains("KEY_OF_NOBODY, which is not set"));
}

/// A study whose model is on "another machine": 0.0.0.0 is none of the loopback addresses, but is answered by this one.
fn with_a_model_elsewhere(server: &Server, more: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let (dir, study) = study("kinderopvang");
    let elsewhere = server.endpoint.replace("127.0.0.1", "0.0.0.0");
    configure(&study, &elsewhere, &format!("allow_remote = true\n{more}"));
    (dir, study)
}

#[test]
fn without_a_terminal_names_go_to_another_machine_only_if_somebody_says_so() {
    let server = Server::start(|_, body| says(&model(body)));
    let (_dir, study) = with_a_model_elsewhere(&server, "");
    let dir = study.to_str().unwrap();
    let message = refused(&["run", dir, "--engine", "llm", "--quiet"]);
    assert!(message.contains("http://0.0.0.0:") && message.contains("without encryption"), "{message}");
    assert!(message.contains("the words of 4 interviews") && message.contains("questions to proef:8b"), "{message}");
    assert!(message.contains("pseudonymise = true") && message.contains("--names-may-leave"), "{message}");
    assert!(refused(&["evaluate", dir, "--engines", "--ask"]).contains("nothing was sent"));
    assert_eq!(server.requests(), 0);

    let output = klantreis(&["run", dir, "--engine", "llm", "--names-may-leave"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("go along (--names-may-leave)"), "{said}");
    assert!(server.requests() > 0 && everything_asked(&server).contains("Jurre"));
    // With all answers kept nothing is sent, and nothing has to be allowed.
    well(&["run", dir, "--engine", "llm"]);
}

#[test]
fn stand_ins_go_to_another_machine_without_further_questions() {
    let server = Server::start(|_, body| says(&model(body)));
    let (_dir, study) = with_a_model_elsewhere(&server, "");
    let path = study.join("klantreis.toml");
    fs::write(&path, format!("pseudonymise = true\n{}", fs::read_to_string(&path).unwrap())).unwrap();
    let output = klantreis(&["run", study.to_str().unwrap(), "--engine", "llm"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Stand-ins are sent"), "{said}");
    assert!(server.requests() > 0 && !everything_asked(&server).contains("Jurre"));
}

fn everything_asked(server: &Server) -> String {
    server.asked.lock().unwrap().iter().map(Value::to_string).collect()
}
