//! What is made of a language model's answers beside codings: learning from them, measuring them, and how sure two
//! engines are together.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use super::{server::TOKENS, *};

/// A model that codes as the gold of a study does, but for the mistakes that `change` makes: it is given the number of
/// the sentence and its category, and says which one the model gives it.
fn by_gold(name: &str, change: fn(u64, &str) -> Option<String>) -> impl Fn(usize, &Value) -> server::Answer + use<> {
    let gold = rows(Path::new(&format!("{}/gold.csv", example(name))));
    move |_, body| {
        let mut codings = Vec::new();
        // "Ja, klopt." stands in many a quote: only what can't be taken for something else.
        for (n, sentence) in numbered(body).into_iter().filter(|(_, sentence)| sentence.len() > 20) {
            for row in gold.iter().filter(|row| row["quote"].contains(&sentence)) {
                if let Some(category) = change(n, &row["category"]) {
                    codings.push(json!({ "sentences": [n], "category": category, "code": null, "phase": row["phase"],
                                         "touchpoint": null, "emotion": 0, "reason": "als in de leidraad" }));
                }
            }
        }
        says(&json!({ "codings": codings }).to_string())
    }
}

/// What researchers would say who see a pain in everything that others call a gain.
fn gloomy(_: u64, category: &str) -> Option<String> {
    Some(if category == "winst" { "pijnpunt" } else { category }.to_owned())
}

#[test]
fn a_few_interviews_by_the_model_teach_the_built_in_engine_to_code_the_rest() {
    let server = Server::start(by_gold("schuldhulp", gloomy));
    let (_dir, study) = study("schuldhulp");
    let gold = fs::read_to_string(study.join("gold.csv")).unwrap();
    fs::remove_file(study.join("gold.csv")).unwrap();
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    assert!(refused(&["learn", dir, "--from", "llm"]).contains("has answered about 0 interviews"));

    well(&["run", dir, "--engine", "llm", "--sample", "3", "--quiet"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let engines: BTreeMap<&str, &str> = quotes.iter().map(|q| (q["file"].as_str(), q["engine"].as_str())).collect();
    let asked: Vec<&str> = engines.iter().filter(|(_, engine)| **engine == "proef:8b").map(|(file, _)| *file).collect();
    assert_eq!(asked, ["gesprek-1.txt", "gesprek-2.txt", "gesprek-3.txt"]);
    let method = fs::read_to_string(study.join("klantreis-out/method.md")).unwrap();
    assert!(method.contains("3 van de 4 interviews (voor de andere deed de ingebouwde codeur dat)"), "{method}");

    // What the model did not see, as gloomy people code it.
    let unseen = study.join("unseen.csv");
    let of_the_fourth = gold.lines().enumerate().filter(|(n, line)| *n == 0 || line.starts_with("gesprek-4"));
    let gloomy: String = of_the_fourth.map(|(_, line)| line.replace(",winst,", ",pijnpunt,") + "\n").collect();
    fs::write(&unseen, gloomy).unwrap();
    let pains = || {
        let measured = json(&["evaluate", dir, "--gold", unseen.to_str().unwrap(), "--format", "json"]);
        measured["categories"][2]["f1"]["value"].as_f64().unwrap()
    };
    let before = pains();
    let requests = server.requests();
    let rejected = quotes.iter().find(|q| q["engine"] == "proef:8b").unwrap();
    well(&["decide", dir, &rejected["quote_id"], "reject"]);
    let said = well(&["learn", dir, "--from", "llm"]);
    assert!(
        said.contains("3 interviews as proef:8b coded them") && said.contains("without 1 that people rejected"),
        "{said}"
    );
    let figures: Vec<f64> = said.lines().find(|l| l.starts_with("macro-F1")).unwrap()[8..]
        .split_whitespace()
        .map(|figure| figure.parse().unwrap())
        .collect();
    assert!(figures[1] > figures[0], "{said}");
    let after = pains();
    assert!(after > before + 0.01, "{before} {after}");

    well(&["run", dir, "--quiet"]);
    assert_eq!(server.requests(), requests, "neither learning nor what was learned asks anything");
    let taken_back = rows(&study.join("klantreis-out/quotes.csv"));
    assert!(taken_back.iter().all(|q| !q.contains_key("engine")));
    // Whoever reads the tables or the page knows from whom the program has it.
    let said = well(&["run", dir]);
    assert!(said.contains("the model has learned from 3 interviews as proef:8b coded them"), "{said}");
    assert!(!said.contains("studies that the model had not seen"), "{said}");
    let method = fs::read_to_string(study.join("klantreis-out/method.md")).unwrap();
    assert!(method.contains("had geleerd van 3 interviews die het taalmodel proef:8b had gecodeerd"), "{method}");
    let page = well(&["export", dir, "--to", "md", "-o", "-"]);
    assert!(page.contains("zoals het taalmodel proef:8b ze codeerde"), "{page}");

    // An interview that people coded whole is learned from them, and measured apart.
    let first = gold.lines().enumerate().filter(|(n, line)| *n == 0 || line.starts_with("gesprek-1"));
    fs::write(study.join("gold.csv"), first.map(|(_, line)| format!("{line}\n")).collect::<String>()).unwrap();
    let said = well(&["learn", dir, "--from", "llm"]);
    assert!(said.contains("2 interviews as proef:8b coded them"), "{said}");
    assert!(said.contains("On the 1 interviews that people coded whole"), "{said}");
}

#[test]
fn engines_are_held_side_by_side_by_the_answers_that_are_kept() {
    // A model that overlooks every third sentence and is right on all others.
    let server = Server::start(by_gold("kinderopvang", |n, category| (n % 3 != 0).then(|| category.to_owned())));
    let (_dir, study) = study("kinderopvang");
    configure(&study, &server.endpoint, "price_per_mtoken = 2.0");
    let dir = study.to_str().unwrap();
    let message = refused(&["evaluate", dir, "--engines"]);
    assert!(message.contains("--ask asks it") && server.requests() == 0, "{message}");

    well(&["run", dir, "--engine", "llm", "--sample", "2", "--quiet"]);
    let asked = server.requests();
    let two = json(&["evaluate", dir, "--engines", "--format", "json"]);
    assert_eq!(two["left_out"], json!(["gesprek-2.txt", "gesprek-4.txt"]));
    assert_eq!(two["engines"][0]["agreement"]["interviews"], 2);
    assert_eq!(server.requests(), asked, "nothing is asked unless somebody says so");

    let text = well(&["evaluate", dir, "--engines", "--ask"]);
    let all = server.requests();
    assert!(all > asked);
    for column in ["built-in", "proef:8b", "both", "F1    pijnpunt", "kappa behoefte", "macro-F1", "seconds", "cost"] {
        assert!(text.contains(column), "{column}: {text}");
    }
    let four = json(&["evaluate", dir, "--engines", "--format", "json"]);
    let engines = four["engines"].as_array().unwrap();
    let names: Vec<&str> = engines.iter().map(|e| e["engine"].as_str().unwrap()).collect();
    assert_eq!(names, ["built-in", "proef:8b", "both"]);
    assert_eq!(four["left_out"], json!([]));
    let pain = &engines[1]["agreement"]["categories"][2];
    assert!(pain["precision"]["value"].as_f64().unwrap() > 0.95, "{pain}");
    let recall = pain["recall"]["value"].as_f64().unwrap();
    assert!((0.5..0.8).contains(&recall), "{pain}");
    assert!(engines[2]["agreement"]["categories"][2]["recall"]["value"].as_f64().unwrap() > recall);
    assert_eq!(engines[1]["questions"], all);
    assert_eq!(engines[1]["tokens_sent"], all as u64 * TOKENS.0);
    let cost = (all as u64 * (TOKENS.0 + TOKENS.1)) as f64 / 1e6 * 2.0;
    assert!((engines[1]["cost"].as_f64().unwrap() - cost).abs() < 1e-9);
    assert_eq!(engines[0]["cost"], 0.0);
    assert!(engines[0]["seconds"].as_f64().unwrap() > 0.0);

    let table = well(&["evaluate", dir, "--engines", "--format", "csv"]);
    let records: Vec<_> = csv::Reader::from_reader(table.as_bytes()).into_records().map(Result::unwrap).collect();
    let figure =
        |engine: &str, measure: &str| records.iter().any(|r| &r[0] == engine && &r[1] == measure && !r[3].is_empty());
    assert!(["built-in", "proef:8b", "both"].iter().all(|e| figure(e, "kappa") && figure(e, "cost")), "{table}");
    assert_eq!(server.requests(), all);
}

#[test]
fn a_model_that_people_reject_teaches_nothing_and_one_that_nobody_judged_is_said_to() {
    let server = Server::start(by_gold("schuldhulp", gloomy));
    let (_dir, study) = study("schuldhulp");
    fs::remove_file(study.join("gold.csv")).unwrap();
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    assert!(well(&["learn", dir, "--from", "llm"]).contains("Nobody has judged a proposal of proef:8b yet"));
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let ids: Vec<&str> = quotes.iter().map(|q| q["quote_id"].as_str()).take(20).collect();
    decide(dir, &ids, "reject");
    let message = refused(&["learn", dir, "--from", "llm"]);
    assert!(message.contains("people rejected 20 of the 20 proposals of proef:8b"), "{message}");
}

#[test]
fn interviews_that_were_decided_on_whole_measure_the_engines_too() {
    let server = Server::start(by_gold("kinderopvang", |_, category| Some(category.to_owned())));
    let (_dir, study) = study("kinderopvang");
    fs::remove_file(study.join("gold.csv")).unwrap();
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    well(&["run", dir, "--engine", "llm", "--quiet"]);
    assert!(refused(&["evaluate", dir, "--engines"]).contains("no interview is decided on whole"));
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let of_first = quotes.iter().filter(|q| q["file"] == "gesprek-1.txt");
    let ids: Vec<&str> = of_first.map(|q| q["quote_id"].as_str()).collect();
    decide(dir, &ids, "accept");
    let two = json(&["evaluate", dir, "--engines", "--format", "json"]);
    assert_eq!(two["engines"][1]["agreement"]["interviews"], 1);
    assert_eq!(two["engines"][1]["agreement"]["macro_f1"]["value"], 1.0);
}

/// Decides on many quotes at once.
fn decide(dir: &str, ids: &[&str], decision: &str) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_klantreis"))
        .args(["decide", dir, "-", decision])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(ids.join("\n").as_bytes()).unwrap();
    assert!(program.wait().unwrap().success());
}

#[test]
fn decisions_say_how_sure_two_engines_are_together() {
    // A model that sees a need in every second sentence is right nowhere but by chance.
    let server = Server::start(|_, body| {
        let coding = |n: &u64| {
            json!({ "sentences": [n], "category": "behoefte", "code": null, "phase": "zoeken", "touchpoint": null,
                    "emotion": 0, "reason": "zomaar" })
        };
        let codings: Vec<Value> = numbered(body).iter().map(|(n, _)| n).filter(|n| *n % 2 == 0).map(coding).collect();
        says(&json!({ "codings": codings }).to_string())
    });
    let (_dir, study) = study("kinderopvang");
    configure(&study, &server.endpoint, "");
    let dir = study.to_str().unwrap();
    let run = || {
        let output = klantreis(&["run", dir, "--engine", "both"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run();
    assert!(said.contains("the language model alone: by the fixed rule (0 decisions; 30 are needed)"), "{said}");
    let quotes = || rows(&study.join("klantreis-out/quotes.csv"));
    let alone = |q: &&BTreeMap<String, String>| q["engine"] == "proef:8b" && q["confidence"].starts_with("0.42");
    let first = quotes();
    let ids: Vec<&str> = first.iter().filter(alone).map(|q| q["quote_id"].as_str()).take(35).collect();
    let requests = server.requests();
    // What only one of them sees is what people should look at first, where they did not code.
    fs::remove_file(study.join("gold.csv")).unwrap();
    let next = well(&["next", dir, "-n", "8"]);
    assert!(next.matches("not proposed by ").count() == 8, "{next}");

    decide(dir, &ids[..29], "reject");
    assert!(run().contains("the language model alone: by the fixed rule (29 decisions"));
    decide(dir, &ids[29..], "reject");
    let said = run();
    assert!(said.contains("the language model alone: by Platt's method from 35 decisions, 0 of them right"), "{said}");
    assert!(said.contains("what both propose: by the fixed rule (0 decisions"), "{said}");
    let method = fs::read_to_string(study.join("klantreis-out/method.md")).unwrap();
    assert!(method.contains("met de methode van Platt uit 35 besluiten"), "{method}");
    let second = quotes();
    assert!(!second.iter().any(|q| q["status"] == "auto" && alone(&q)), "none is as sure as before");
    let low = |q: &&BTreeMap<String, String>| {
        q["status"] == "auto" && q["engine"] == "proef:8b" && q["confidence"].as_str() < "0.05"
    };
    assert!(second.iter().filter(low).count() > 35);
    assert_eq!(server.requests(), requests);
}
