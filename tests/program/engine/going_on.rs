//! Asking much, for long: side by side, broken off, and gone on with.

use std::{
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::*;

#[test]
fn requests_run_side_by_side_up_to_the_bound_and_no_faster() {
    const TAKES: Duration = Duration::from_millis(200);
    let times = Arc::new(Mutex::new(Vec::new()));
    let noted = times.clone();
    let server = Server::start(move |_, body| {
        let start = Instant::now();
        thread::sleep(TAKES);
        noted.lock().unwrap().push((start, Instant::now()));
        says(&model(body))
    });
    let (_dir, study) = study("bieden");
    configure(&study, &server.endpoint, "max_parallel = 4");
    well(&["run", study.to_str().unwrap(), "--engine", "both", "--quiet"]);
    assert_eq!(server.most.load(Ordering::SeqCst), 4);
    let times = times.lock().unwrap();
    let took = times.iter().map(|t| t.1).max().unwrap() - times.iter().map(|t| t.0).min().unwrap();
    let one_after_another = TAKES * times.len() as u32;
    assert!(took >= one_after_another / 4 && took < one_after_another / 2, "{took:?} for {} answers", times.len());
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let engines = |name: &str| quotes.iter().filter(|q| q["engine"] == name).count();
    assert!(engines("proef:8b") > 0 && engines("built-in") > 0);
}

#[test]
fn a_server_that_dies_leaves_the_rest_to_the_built_in_engine_and_the_next_run_goes_on() {
    let (server, alive) = dying(5);
    let (_dir, study) = study("bieden");
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    let output = klantreis(&["run", dir, "--engine", "llm"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("parts are coded by the built-in engine"));
    let engines: Vec<String> =
        rows(&study.join("klantreis-out/quotes.csv")).iter().map(|q| q["engine"].clone()).collect();
    assert!(engines.contains(&"built-in".to_owned()));
    alive.store(10_000, Ordering::SeqCst);
    let before = server.requests();
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    assert!(server.requests() > before);
    assert!(rows(&study.join("klantreis-out/quotes.csv")).iter().all(|q| q["engine"] == "proef:8b"));
}

/// The program as a terminal starts it: a shell that runs tests in the background may have it ignore Ctrl-C.
#[cfg(target_os = "linux")]
#[test]
fn a_server_that_is_always_in_trouble_is_left_alone_soon() {
    let server = Server::start(|_, _| (429, "retry-after: 0\r\n", "slow down".to_owned()));
    let (_dir, study) = study("bieden");
    configure(&study, &server.endpoint, "");
    let message = refused(&["run", study.to_str().unwrap(), "--engine", "llm", "--quiet"]);
    assert!(message.contains("429") && message.contains("slow down"), "{message}");
    assert!(server.requests() < 100, "{}", server.requests());
}

fn in_a_terminal(args: &[&str]) -> Child {
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(env!("CARGO_BIN_EXE_klantreis")).args(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_leaves_a_state_from_which_the_run_goes_on() {
    use std::os::unix::process::ExitStatusExt;

    let server = Server::start(|_, body| {
        thread::sleep(Duration::from_millis(100));
        says(&model(body))
    });
    let (_dir, broken_off) = study("bieden");
    configure(&broken_off, &server.endpoint, "max_parallel = 2");
    let dir = broken_off.to_str().unwrap();
    let planned = requests_planned(dir);

    let mut run = in_a_terminal(&["run", dir, "--engine", "llm"]);
    while server.requests() < 6 {
        assert!(run.try_wait().unwrap().is_none(), "it ended too early");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().signal(), Some(2));
    let asked = server.requests();
    assert!(asked < planned, "{asked} of {planned}");
    assert!(!broken_off.join("klantreis-out").exists());

    // What was answered is kept; only what was under way is asked once more.
    let left = requests_planned(dir);
    assert!(left >= planned - asked && left <= planned - asked + 2, "{left} left after {asked} of {planned}");
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    assert_eq!(server.requests(), asked + left);

    let (_dir, whole) = study("bieden");
    configure(&whole, &server.endpoint, "");
    well(&["run", whole.to_str().unwrap(), "--engine", "llm", "--quiet"]);
    let quotes = |study: &Path| fs::read_to_string(study.join("klantreis-out/quotes.csv")).unwrap();
    assert_eq!(quotes(&broken_off), quotes(&whole));
}

/// How many requests a dry run counts.
fn requests_planned(dir: &str) -> usize {
    let plan = well(&["run", dir, "--engine", "llm", "--dry-run"]);
    let count = plan.lines().find_map(|line| line.strip_prefix("requests: ")?.split(' ').next()?.parse().ok());
    count.unwrap_or_else(|| panic!("{plan}"))
}

#[test]
fn what_had_to_be_asked_in_halves_is_not_asked_whole_again() {
    let server = Server::start(|_, body| match numbered(body).len() {
        0..=12 => says(&model(body)),
        _ => says("Dat is me te veel."),
    });
    let (_dir, study) = study("bieden");
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    let planned = requests_planned(dir);
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    let asked = server.requests();
    assert!(asked > 2 * planned, "{asked} of {planned} planned");
    assert!(rows(&study.join("klantreis-out/quotes.csv")).iter().all(|q| q["engine"] == "proef:8b"));
    assert_eq!(requests_planned(dir), 0);
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    assert_eq!(server.requests(), asked);
}

#[test]
fn what_an_answer_that_breaks_off_does_not_come_to_is_asked_again() {
    let whole = Server::start(|_, body| says(&model(body)));
    let breaking = Server::start(|_, body| {
        let answer = model(body);
        says(answer.find("},{").map_or(&answer, |first| &answer[..first + 2]))
    });
    let mut found = Vec::new();
    for server in [&whole, &breaking] {
        let (_dir, study) = study("bieden");
        configure(&study, &server.endpoint, "");
        well(&["run", study.to_str().unwrap(), "--engine", "llm", "--quiet"]);
        assert_eq!(requests_planned(study.to_str().unwrap()), 0);
        found.push(fs::read_to_string(study.join("klantreis-out/quotes.csv")).unwrap());
    }
    assert!(breaking.requests() > whole.requests());
    assert_eq!(found[0], found[1]);
}
