//! Asking: every way to query, count and list words, through the program on the example studies.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::common::*;

/// An example study that has been run.
fn run_study(name: &str) -> (tempfile::TempDir, PathBuf) {
    let (dir, path) = study(name);
    assert_eq!(klantreis(&["run", path.to_str().unwrap(), "-q"]).status.code(), Some(0));
    (dir, path)
}

fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_query_says_when_the_interviews_are_others_than_the_index_knows() {
    let (_dir, study) = run_study("bieden");
    let note = || {
        let output = klantreis(&["query", study.to_str().unwrap(), "wachtwoord"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(note(), "");
    fs::remove_file(study.join("interviews/interview-5.txt")).unwrap();
    assert!(note().contains("since the last run") && note().contains("klantreis run"));
    well(&["run", study.to_str().unwrap(), "-q", "--part-by-part"]);
    assert_eq!(note(), "");
}

#[test]
fn queries_find_count_and_say_what_is_wrong() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    assert!(refused(&["query", dir, "wachtwoord"]).contains("klantreis run"));
    assert_eq!(klantreis(&["run", dir, "-q"]).status.code(), Some(0));

    assert!(well(&["query", dir, "logo categorie:pijnpunt"]).contains("Elf *logo's*"));
    let found = json(&["query", dir, "wachtwoord* NIET emotie:>=0", "--format", "json"]);
    assert!(found["total"].as_u64().unwrap() > 0);
    for hit in found["hits"].as_array().unwrap() {
        assert!(hit["text"].as_str().unwrap().to_lowercase().contains("wachtwoord"), "{hit}");
    }
    let counts = well(&["query", dir, "", "--count-by", "categorie", "--format", "csv"]);
    assert!(counts.starts_with("categorie,passages,quotes,interviews\n") && counts.contains("pijnpunt,"), "{counts}");

    for (query, message, mark) in [
        ("fasee:ontvangen", "did you mean \"fase\"", "\n    ^^^^^\n"),
        ("wachtwoord (logo", "never closes", "\n               ^^^^^\n"),
        ("emotie:veel", "a number is expected", "\n           ^^^^\n"),
        ("tijd:later", "a time as mm:ss", "\n         ^^^^^\n"),
        ("@inloggen", "[queries]", ""),
    ] {
        let error = refused(&["query", dir, query]);
        assert!(error.contains(message) && error.contains(mark), "{query}: {error}");
    }
    assert!(refused(&["query", dir, "", "--count-by", "fase,emotie,code"]).contains("one field or two"));
}

#[test]
fn a_crosstab_has_the_numbers_of_quotes_csv() {
    for (name, query, fields) in [
        ("bieden", "", ["fase", "categorie"]),
        ("bieden", "", ["categorie", "code"]),
        ("bieden", "", ["segment", "categorie"]),
        ("vragen", "emotie:<0", ["contactmoment", "emotie"]),
    ] {
        let (_dir, study) = run_study(name);
        let column = |field: &str| {
            match field {
                "fase" => "phase",
                "categorie" => "category",
                "contactmoment" => "touchpoint",
                "emotie" => "emotion",
                "segment" => "attr_segment",
                other => other,
            }
            .to_owned()
        };
        let (row, col) = (column(fields[0]), column(fields[1]));
        let mut expected: BTreeMap<(String, String), (usize, BTreeSet<String>)> = BTreeMap::new();
        for quote in rows(&study.join("klantreis-out/quotes.csv")) {
            if query == "emotie:<0" && !quote["emotion"].starts_with('-') {
                continue;
            }
            let get = |key: &String| quote.get(key).cloned().unwrap_or_default();
            for r in [get(&row), "total".to_owned()] {
                for c in [get(&col), "total".to_owned()] {
                    let cell = expected.entry((r.clone(), c)).or_default();
                    cell.0 += 1;
                    cell.1.insert(quote["interview"].clone());
                }
            }
        }
        let dir = study.to_str().unwrap();
        let text = well(&["query", dir, query, "--count-by", &fields.join(","), "--format", "csv"]);
        let cells = csv_rows(&text);
        assert!(expected.len() > 8 && cells.len() >= expected.len(), "{text}");
        let all = expected[&("total".to_owned(), "total".to_owned())].0 as f64;
        for cell in cells {
            let key = (cell[fields[0]].clone(), cell[fields[1]].clone());
            let (quotes, interviews) = expected.remove(&key).unwrap_or_default();
            assert_eq!(cell["quotes"], quotes.to_string(), "{name} {key:?}");
            assert_eq!(cell["interviews"], interviews.len().to_string(), "{name} {key:?}");
            let percent: f64 = cell["percent_of_all"].parse().unwrap();
            assert!((percent - 100.0 * quotes as f64 / all).abs() <= 0.0501, "{name} {key:?} {percent}");
        }
        assert!(expected.is_empty(), "cells that are missing: {expected:?}");
    }
}

#[test]
fn a_crosstab_for_people_has_phases_in_their_order_and_totals() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let text = well(&["query", dir, "", "--count-by", "phase,category", "--format", "md"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "| fase \\\\ categorie | activiteit | behoefte | winst | pijnpunt | totaal |");
    let heads: Vec<&str> = lines[2..8].iter().map(|l| l.split(' ').nth(1).unwrap()).collect();
    assert_eq!(heads, ["voorbereiden", "ontvangen", "ondersteunen", "doorverwijzen", "afronden", "totaal"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv")).len();
    assert!(lines[7].ends_with(&format!("{quotes} (6) 100% |")), "{text}");
    assert!(text.contains("aandeel van de rij"));
}

#[test]
fn conditions_on_codings_hold_for_one_and_the_same_coding() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    for (query, keep) in [
        ("categorie:pijnpunt emotie:>=0", ("pijnpunt", false)),
        ("category:gain emotion:<0", ("winst", true)),
        ("categorie:pijnpunt emotie:<0", ("pijnpunt", true)),
    ] {
        let wanted = |q: &&BTreeMap<String, String>| q["category"] == keep.0 && q["emotion"].starts_with('-') == keep.1;
        let expected: BTreeSet<&String> = quotes.iter().filter(wanted).map(|q| &q["quote_id"]).collect();
        let found = csv_rows(&well(&["query", dir, query, "--format", "csv", "-n", "9999"]));
        let found: BTreeSet<&String> = found.iter().map(|q| &q["quote_id"]).collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn every_field_finds_the_quotes_that_quotes_csv_has() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let some = quotes.iter().find(|q| !q["code"].is_empty() && !q["touchpoint"].is_empty()).unwrap();
    for (nl, en, column) in [
        ("categorie", "category", "category"),
        ("code", "code", "code"),
        ("fase", "phase", "phase"),
        ("contactmoment", "touchpoint", "touchpoint"),
        ("interview", "interview", "interview"),
        ("bestand", "file", "file"),
        ("spreker", "speaker", "speaker"),
        ("status", "status", "status"),
        ("emotie", "emotion", "emotion"),
        ("beurt", "turn", "turn"),
        ("segment", "segment", "attr_segment"),
        ("locatie", "locatie", "attr_locatie"),
    ] {
        let value = &some[column];
        let expected: BTreeSet<&String> =
            quotes.iter().filter(|q| q[column] == *value).map(|q| &q["quote_id"]).collect();
        for name in [nl, en] {
            let text = well(&["query", dir, &format!("{name}:\"{value}\""), "--format", "csv", "-n", "9999"]);
            let found = csv_rows(&text);
            let found: BTreeSet<&String> = found.iter().map(|q| &q["quote_id"]).filter(|id| !id.is_empty()).collect();
            assert_eq!(found, expected, "{name}:{value}");
        }
    }
    let seconds = |time: &str| time.split(':').fold(0u32, |sum, part| sum * 60 + part.parse::<u32>().unwrap());
    let within = |q: &&BTreeMap<String, String>| !q["time"].is_empty() && (120..=600).contains(&seconds(&q["time"]));
    let expected: BTreeSet<&String> = quotes.iter().filter(within).map(|q| &q["quote_id"]).collect();
    let found = csv_rows(&well(&["query", dir, "tijd:02:00..00:10:00", "--format", "csv", "-n", "9999"]));
    let found: BTreeSet<&String> = found.iter().map(|q| &q["quote_id"]).filter(|id| !id.is_empty()).collect();
    assert!(expected.len() > 5);
    assert_eq!(found, expected);
}

#[test]
fn an_empty_answer_comes_with_what_may_have_been_meant_beside_it() {
    let (_dir, study) = run_study("bieden");
    let ask = |query: &str, options: &[&str]| {
        let output = klantreis(&[&["query", study.to_str().unwrap(), query], options].concat());
        assert_eq!(output.status.code(), Some(0));
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap())
    };
    let hint = "no respondent says \"computr\": did you mean \"computer\"?\n";
    let [answer, beside] = ask("computr", &["--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["total"], 0);
    assert_eq!(beside, hint);
    let [counts, beside] = ask("computr", &["--count-by", "fase", "--format", "csv"]);
    assert_eq!((csv_rows(&counts).len(), beside.as_str()), (0, hint));
    assert_eq!(ask("computer", &["--format", "json"])[1], "");
    assert_eq!(ask("computer", &["--count-by", "fase"])[1], "");
}

#[test]
fn context_is_what_stands_around_the_passage_in_its_file() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let source = fs::read_to_string(study.join("interviews/interview-5.txt")).unwrap();
    let found = json(&["query", dir, "interview:interview-5 computer", "-C", "2", "--format", "json"]);
    let hits = found["hits"].as_array().unwrap();
    assert!(!hits.is_empty());
    for hit in hits {
        let texts = |key: &str| -> Vec<&str> {
            hit[key].as_array().unwrap().iter().map(|s| s["text"].as_str().unwrap()).collect()
        };
        for said in texts("before").iter().chain(&texts("after")) {
            assert!(flat(&source).contains(&flat(said)), "{said}");
        }
        // The last of what was said before stands right before it, where it is the same turn.
        let before = hit["before"].as_array().unwrap().last();
        if let Some(before) = before.filter(|b| b["turn"] == hit["turn"]) {
            let joined = format!("{} {}", before["text"].as_str().unwrap(), hit["text"].as_str().unwrap());
            assert!(flat(&source).contains(&flat(&joined)), "{joined}");
        }
    }
    let screen = well(&["query", dir, "computer", "-C", "1"]);
    assert!(screen.contains("  | ") && screen.contains("*computer"), "{screen}");
}

#[test]
fn concordance_lines_stand_in_a_column() {
    let (_dir, study) = run_study("bieden");
    let text = well(&["query", study.to_str().unwrap(), "computer", "--kwic", "--width", "30"]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 5, "{text}");
    for line in &lines[..lines.len() - 1] {
        assert_eq!(line.chars().position(|c| c == '['), Some(31), "{line}");
        assert!(line.to_lowercase().contains("computer"), "{line}");
        assert!(line.contains("interview-"), "{line}");
    }
}

#[test]
fn a_sample_is_drawn_again_by_its_seed() {
    let (_dir, study) = run_study("bieden");
    let draw = |seed: &str| {
        well(&["query", study.to_str().unwrap(), "", "--sample", "7", "--seed", seed, "--format", "jsonl"])
    };
    let first = draw("1");
    assert_eq!(first.lines().count(), 7);
    assert_eq!(first, draw("1"));
    assert_ne!(first, draw("2"));
}

#[test]
fn passages_are_sorted_as_asked() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let sorted = |by: &str, pick: fn(&Value) -> f64| {
        let found = json(&["query", dir, "gemeente OF computer OF bibliotheek", "--sort", by, "--format", "json"]);
        let list: Vec<f64> = found["hits"].as_array().unwrap().iter().map(pick).collect();
        assert!(list.len() > 10 && list.is_sorted(), "{by} {list:?}");
    };
    sorted("relevance", |hit| -hit["score"].as_f64().unwrap());
    sorted("emotion", |hit| {
        let list = hit["codings"].as_array().unwrap().iter().map(|c| c["emotion"].as_f64().unwrap());
        list.fold(f64::INFINITY, f64::min)
    });
    sorted("confidence", |hit| {
        let list = hit["codings"].as_array().unwrap().iter().map(|c| c["confidence"].as_f64().unwrap());
        -list.fold(-1.0, f64::max)
    });
}

#[test]
fn saved_queries_are_asked_by_name() {
    let (_dir, study) = study("bieden");
    let path = study.join("klantreis.toml");
    let toml = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{toml}\n[queries]\ninloggen = \"wachtwoord OF digid\"\n")).unwrap();
    let dir = study.to_str().unwrap();
    assert_eq!(klantreis(&["run", dir, "-q"]).status.code(), Some(0));
    let ask = |query: &str| well(&["query", dir, query, "--format", "jsonl", "-n", "999"]);
    assert_eq!(ask("@inloggen"), ask("wachtwoord OF digid"));
    assert_eq!(ask("@inloggen emotie:<0"), ask("(wachtwoord OF digid) emotie:<0"));
    assert!(refused(&["query", dir, "@inlogen"]).contains("did you mean \"inloggen\""));
}

#[test]
fn codes_as_numbers_agree_with_the_quotes() {
    let (_dir, study) = run_study("bieden");
    let out = study.join("klantreis-out");
    let (quotes, codes) = (rows(&out.join("quotes.csv")), rows(&out.join("codes.csv")));
    assert!(codes.len() > 100);
    for quote in &quotes {
        let name = format!("category_{}", quote["category"]);
        let here = |c: &&BTreeMap<String, String>| {
            c["interview"] == quote["interview"] && c["turn"] == quote["turn"] && c[&name] == "1"
        };
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(codes.iter().filter(here).any(|c| words(&quote["quote"]).contains(&words(&c["text"]))), "{quote:?}");
    }
    let head = fs::read_to_string(out.join("codes.csv")).unwrap();
    for name in head.lines().next().unwrap().split(',') {
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name.len() <= 64, "{name}");
    }
    // Together in the table is together in the matrix.
    let meetings = rows(&out.join("co-occurrence.csv"));
    assert!(!meetings.is_empty());
    let bare = |code: &str| code.split_once(':').map(|(_, code)| format!("code_{}", code.replace('-', "_")));
    let mut compared = 0;
    for m in &meetings {
        let (Some(a), Some(b)) = (bare(&m["code_a"]), bare(&m["code_b"])) else { continue };
        let count = codes.iter().filter(|c| c[&a] == "1" && c[&b] == "1").count();
        assert_eq!(m["together"], count.to_string(), "{m:?}");
        compared += 1;
    }
    assert!(compared > 3);
    let dir = study.to_str().unwrap();
    assert_eq!(
        well(&["query", dir, "--co-occurrence", "--format", "csv"]),
        fs::read_to_string(out.join("co-occurrence.csv")).unwrap()
    );
}

#[test]
fn words_are_counted_as_they_stand_in_the_transcripts() {
    let (_dir, study) = run_study("bieden");
    let dir = study.to_str().unwrap();
    let list = csv_rows(&well(&["words", dir, "--format", "csv", "--min", "1", "-n", "99999"]));
    let codes = rows(&study.join("klantreis-out/codes.csv"));
    let count = |form: &str| {
        let words = |text: &str| -> usize {
            text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| *w == form).count()
        };
        codes.iter().map(|c| words(&c["text"])).sum::<usize>()
    };
    let row = list.iter().find(|r| r["forms"] == "computer" || r["word"] == "computer").unwrap();
    let total: usize = row["forms"].split(' ').map(count).sum();
    assert_eq!(row["count"], total.to_string(), "{row:?}");

    let keys = csv_rows(&well(&["words", dir, "fase:voorbereiden", "--format", "csv"]));
    assert!(keys.len() > 3);
    for key in &keys {
        assert!(key["log_likelihood"].parse::<f64>().unwrap() > 0.0);
        assert!(key["per_thousand"].parse::<f64>().unwrap() > key["elsewhere_per_thousand"].parse::<f64>().unwrap());
    }
    let by = csv_rows(&well(&["words", dir, "--by", "phase", "--format", "csv", "-n", "5"]));
    let phases: BTreeSet<&String> = by.iter().map(|r| &r["phase"]).collect();
    assert_eq!(phases.len(), 5);
    let with = json(&["words", dir, "--with", "computer", "--min", "2", "--format", "json"]);
    assert!(with.as_array().unwrap().iter().all(|r| r["log_dice"].as_f64().unwrap() <= 14.0));
    assert!(refused(&["words", dir, "fasee:x"]).contains("did you mean \"fase\""));
}

#[test]
fn the_examples_of_the_page_on_queries_work() {
    let (_dir, study) = run_study("bieden");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/query.md")).unwrap();
    let mut ran = 0;
    for block in page.split("```query\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            let args = shell_words(line);
            let args: Vec<&str> =
                args[1..].iter().map(|a| if a == "STUDY" { study.to_str().unwrap() } else { a.as_str() }).collect();
            let text = well(&args);
            assert!(text.lines().count() > 1 && !text.starts_with("0 passages"), "{line}\n{text}");
            ran += 1;
        }
    }
    assert!(ran > 15);
    // And each query of its tables is understood.
    for line in page.lines().filter(|l| l.starts_with("| ")) {
        for query in line
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|q| q.len() > 3 && !q.ends_with(':') && !q.starts_with('~') && !q.ends_with("mm:ss"))
        {
            let output = klantreis(&["query", study.to_str().unwrap(), query, "-n", "1"]);
            assert_eq!(output.status.code(), Some(0), "{query}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// A command line cut at its spaces, single quotes heeded.
fn shell_words(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out.into_iter().filter(|w| !w.is_empty()).collect()
}
