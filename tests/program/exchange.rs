//! To other tools and back: what we write is read by other people's programs, and what they write by ours.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::common::*;

/// Runs a script of `tests/python` with what `tests/install` put there.
fn python(script: &str, args: &[&Path]) -> Value {
    let venv = PathBuf::from(std::env::var("HOME").unwrap()).join(".cache/klantreis-tests/venv");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let output = Command::new(venv.join("bin/python"))
        .arg(folder.join(script))
        .args(args)
        .output()
        .expect("Python is there: run tests/install");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn xsd() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/Project.xsd")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_project_is_valid_and_another_reader_finds_every_quote_in_every_dialect() {
    let (_dir, study) = study("bieden");
    // Words beyond U+FFFF and a second line, where the tools count differently.
    fs::write(
        study.join("interviews/interview-7.txt"),
        "Segment: baliemedewerker\n\nI: Hoe ging het?\n\nR: Leuk hoor 😀. Ik kon het formulier niet vinden, heel vervelend 😡😡. \
         Ik kon niet inloggen, ik werd er gek van.\n",
    )
    .unwrap();
    let dir = study.to_str().unwrap();
    well(&["run", dir, "-q"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    assert!(quotes.iter().any(|q| q["interview"] == "interview-7"));
    for dialect in ["standard", "nvivo", "atlas", "maxqda"] {
        let path = study.join(format!("{dialect}.qdpx"));
        let args = ["export", dir, "--to", "qdpx", "--dialect", dialect, "-o", path.to_str().unwrap()];
        well(&args);
        let first = fs::read(&path).unwrap();
        well(&args);
        assert!(first == fs::read(&path).unwrap(), "the same bytes each time");
        let read = python("qdpx.py", &[&xsd(), &path]);
        assert_eq!(read["users"], 2);
        assert_eq!(read["cases"], 7);
        assert_eq!(read["dates"], serde_json::json!([1980]));
        assert_eq!(read["sets"].as_array().unwrap().len(), 5, "a set a phase");
        assert_eq!(read["notes"].as_u64().unwrap() as usize, quotes.len());
        let windows = dialect == "nvivo" || dialect == "maxqda";
        assert_eq!((read["crlf"] == true, read["bom"] == true), (windows, dialect == "nvivo"), "{dialect}");
        assert_eq!(read["folder"], if dialect == "nvivo" { "Sources" } else { "sources" });
        let unit = if dialect == "nvivo" { "utf16" } else { "points" };
        let found: BTreeMap<&str, &str> = read["quotes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|q| (q["name"].as_str().unwrap(), q[unit].as_str().unwrap()))
            .collect();
        assert_eq!(found.len(), quotes.len());
        for quote in &quotes {
            let words = quote["quote"].strip_prefix('\'').filter(|q| q.starts_with(['-', '=', '+', '@']));
            assert_eq!(found[quote["quote_id"].as_str()], words.unwrap_or(&quote["quote"]), "{dialect}");
        }
    }
}

#[test]
fn what_was_exported_comes_back_the_same_in_every_dialect() {
    let (_dir, study) = study("vragen");
    let dir = study.to_str().unwrap();
    well(&["run", dir, "-q"]);
    // Names of files are lost: a project has names of texts.
    let cells = |row: &BTreeMap<String, String>| -> Vec<String> {
        ["turn", "quote", "category", "phase", "touchpoint", "emotion"].iter().map(|c| row[*c].clone()).collect()
    };
    let quotes: BTreeSet<Vec<String>> = rows(&study.join("klantreis-out/quotes.csv")).iter().map(cells).collect();
    for dialect in ["standard", "nvivo", "atlas", "maxqda"] {
        let path = study.join(format!("{dialect}.qdpx"));
        let project = path.to_str().unwrap();
        well(&["export", dir, "--to", "qdpx", "--dialect", dialect, "-o", project]);
        // The study that it came from has nothing to learn from it.
        assert!(well(&["import", dir, project]).contains("knows all of its texts and codings"), "{dialect}");
        assert!(!study.join(format!("gold-{dialect}.csv")).exists());
        // An empty study gets the texts, the codings, and what is known of the participants.
        let empty = tempfile::tempdir().unwrap();
        fs::copy(study.join("klantreis.toml"), empty.path().join("klantreis.toml")).unwrap();
        let fresh = empty.path().to_str().unwrap();
        let output = klantreis(&["import", fresh, project]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        // The notes are lost, and it is said.
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains("notes") && !errors.contains("Codes that are no"), "{errors}");
        let gold = rows(&empty.path().join(format!("gold-{dialect}.csv")));
        assert_eq!(gold.iter().map(cells).collect::<BTreeSet<_>>(), quotes, "{dialect}");
        well(&["evaluate", fresh]);
    }
    // Once somebody has decided otherwise, the project holds something that the study does not say.
    let quote = rows(&study.join("klantreis-out/quotes.csv")).swap_remove(0);
    well(&["decide", dir, &quote["quote_id"], "reject", "--who", "anna"]);
    let path = study.join("standard.qdpx");
    let output = klantreis(&["import", dir, path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(rows(&study.join("gold-standard.csv")).len(), quotes.len());
    let again = refused(&["import", dir, path.to_str().unwrap()]);
    assert!(again.contains("is there already"), "{again}");
}

/// A project as a tool writes it: an interview of two turns, with `passage` coded.
struct Tool {
    document: &'static str,
    folder: &'static str,
    origin: &'static str,
    crlf: bool,
    bom: bool,
    utf16: bool,
    /// CRLF counts as two.
    two: bool,
    inclusive: bool,
}

const SAID: [&str; 3] =
    ["Ik kwam er niet uit 😀 met DigiD.", "Toen heb ik gebeld, 😡 en dat hielp meteen.", "Ik wil graag een cursus."];

impl Tool {
    fn write(&self, path: &Path) {
        let end = if self.crlf { "\r\n" } else { "\n" };
        let text = format!(
            "I: Hoe ging het?{end}{end}R: {}{end}{end}I: En toen?{end}{end}R: {} {}{end}",
            SAID[0], SAID[1], SAID[2]
        );
        let count = |part: &str| {
            let part = if self.two { part.to_owned() } else { part.replace("\r\n", "\n") };
            if self.utf16 { part.encode_utf16().count() } else { part.chars().count() }
        };
        let codes = [
            "c1111111-1111-1111-1111-111111111111",
            "c2222222-1111-1111-1111-111111111111",
            "c3333333-1111-1111-1111-111111111111",
        ];
        let selections: String = SAID
            .iter()
            .zip(codes)
            .map(|(said, code)| {
                let at = text.find(said).unwrap();
                let (start, end) = (count(&text[..at]), count(&text[..at + said.len()]) - usize::from(self.inclusive));
                format!(
                    "<PlainTextSelection guid=\"{{E{code}}}\" startPosition=\"{start}\" endPosition=\"{end}\">\
                     <Coding guid=\"A{code}\"><CodeRef targetGUID=\"{}\"/></Coding></PlainTextSelection>",
                    code.to_uppercase()
                )
            })
            .collect();
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"Handwerk\" origin=\"{}\">\
             <CodeBook><Codes><Code guid=\"{}\" name=\"Pijnpunten\" isCodable=\"true\"/>\
             <Code guid=\"d0\" name=\"Thema’s\" isCodable=\"false\"><Code guid=\"{}\" name=\"Nabellen\" isCodable=\"true\"/></Code>\
             <Code guid=\"{{{}}}\" name=\"Needs\" isCodable=\"true\"/></Codes></CodeBook><Sources>\
             <TextSource guid=\"s1\" name=\"Gesprek met Jo\" plainTextPath=\"internal://s1.txt\">{selections}</TextSource>\
             <PictureSource guid=\"p1\" name=\"foto\"/></Sources></Project>",
            self.origin, codes[0], codes[1], codes[2]
        );
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        zip.start_file(format!("{}/s1.txt", self.folder), options).unwrap();
        zip.write_all(if self.bom { "\u{feff}" } else { "" }.as_bytes()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
        zip.start_file(self.document, options).unwrap();
        zip.write_all(document.as_bytes()).unwrap();
        fs::write(path, zip.finish().unwrap().into_inner()).unwrap();
    }
}

#[test]
fn the_projects_of_other_tools_give_the_same_passages() {
    let tool = |origin, document, folder, [crlf, bom, utf16, two, inclusive]: [bool; 5]| Tool {
        document,
        folder,
        origin,
        crlf,
        bom,
        utf16,
        two,
        inclusive,
    };
    let tools = [
        tool("standard", "project.qde", "sources", [false; 5]),
        tool("NVivo", "project.qde", "Sources", [true, true, true, true, false]),
        tool("ATLAS.ti", "Handwerk.qde", "sources", [true, false, false, false, false]),
        tool("MAXQDA", "project.qde", "sources", [true, false, false, true, false]),
        tool("QualCoder", "project.qde", "Sources", [false, true, false, false, false]),
        tool("inclusive", "project.qde", "sources", [false, false, false, false, true]),
    ];
    for tool in tools {
        let dir = tempfile::tempdir().unwrap();
        let study = dir.path().join("studie");
        fs::create_dir(&study).unwrap();
        let file = dir.path().join("handwerk.qdpx");
        tool.write(&file);
        let args = ["import", study.to_str().unwrap(), file.to_str().unwrap()];
        let output = klantreis(&args);
        let (said, errors) = (out(&output), String::from_utf8_lossy(&output.stderr).into_owned());
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains("Thema’s/Nabellen") && errors.contains("pictures"), "{errors}");
        assert!(said.contains("Gesprek met Jo.txt is a new transcript"), "{said}");
        let gold = |name: &str| -> Vec<(String, String, String)> {
            let rows = rows(&study.join(name));
            rows.into_iter().map(|r| (r["turn"].clone(), r["quote"].clone(), r["category"].clone())).collect()
        };
        let row = |turn: &str, quote: &str, category: &str| (turn.to_owned(), quote.to_owned(), category.to_owned());
        let (pain, need) = (row("2", SAID[0], "pijnpunt"), row("4", SAID[2], "behoefte"));
        assert_eq!(gold("gold-handwerk.csv"), [pain.clone(), need.clone()], "{}", tool.origin);
        // The researcher says what the unknown code means; the texts are there already.
        let output = klantreis(&[&args[..], &["--map", "Nabellen=winst", "--name", "tweede"]].concat());
        assert!(!String::from_utf8_lossy(&output.stderr).contains("Nabellen"));
        assert_eq!(gold("gold-tweede.csv"), [pain, row("4", SAID[1], "winst"), need], "{}", tool.origin);
        assert_eq!(fs::read_dir(study.join("interviews")).unwrap().count(), 1);
    }
}

#[test]
fn files_that_are_no_project_are_named_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let study = dir.path().to_str().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let word = zip.finish().unwrap().into_inner();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("project.qde", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<Project><Codes></Project>").unwrap();
    let broken = zip.finish().unwrap().into_inner();
    for (file, message) in [
        (write("a.qdpx", b"geen zip"), "export it again as .qdpx"),
        (write("b.qdpx", &word), "found: word/document.xml"),
        (write("c.qdpx", &broken), "project.qde: "),
        (write("d.qdc", b"<html></html>"), "<CodeBook> was expected"),
        (write("e.csv", b"naam,leeftijd\n"), "found: naam, leeftijd"),
        (write("f.docx", b""), "none of .qdpx"),
    ] {
        let error = refused(&["import", study, &file]);
        assert!(error.contains(message) && error.contains(&file), "{error}");
    }
}

#[test]
fn a_codebook_goes_out_and_comes_back() {
    let (_dir, study) = study("bieden");
    fs::write(
        study.join("codebook.toml"),
        "[[code]]\nid = \"wachtrij\"\ncategory = \"pijnpunt\"\nlabel = \"In de rij staan\"\ndefinition = \"mensen wachten\"\n\
         cues = [\"in de rij | rijen ^0.8\", \"wachtrij\"]\n",
    )
    .unwrap();
    let (dir, path) = (study.to_str().unwrap(), study.join("boek.qdc"));
    well(&["export", dir, "--to", "qdc", "-o", path.to_str().unwrap()]);
    let codes = python("qdc.py", &[&path]);
    let find = |name: &str| codes.as_array().unwrap().iter().find(|c| c[0] == name).unwrap().clone();
    assert!(find("Pijnpunt/In de rij staan")[2].as_str().unwrap().starts_with("mensen wachten"));
    assert_eq!(find("Pijnpunt")[1], "#C0392B");
    find("Fase/Doorverwijzen");
    assert!(refused(&["import", dir, path.to_str().unwrap()]).contains("is there already"));
    let before = text(&study.join("codebook.toml"));
    fs::remove_file(study.join("codebook.toml")).unwrap();
    well(&["import", dir, path.to_str().unwrap()]);
    let after = text(&study.join("codebook.toml"));
    assert!(after.contains("in de rij | rijen ^0.8") && after.contains("mensen wachten"), "{after}");
    assert!(after.contains("id = \"obstakel\"") && before.contains("wachtrij"));
    well(&["run", dir, "-q"]);
}

#[test]
fn codings_from_a_spreadsheet_find_their_place_though_retyped() {
    let (_dir, study) = study("bieden");
    let (dir, path) = (study.to_str().unwrap(), study.join("codering anna.csv"));
    fs::write(
        &path,
        "\u{feff}Bestand;Citaat;Categorie;Fase;Contactmoment;Emotie\n\
         Interview-1;\"dan haal ik de laptops uit de kast en zet ik ze alle vier vast aan\";Activiteit;Voorbereiden;Computer;0\n\
         interview-1.docx;van die vier staan er 2 te updaten, daar kan je de klok op gelijk zetten;pain points;;;-1\n\
         interview-4;Alle medewerkers doorlopen de tweedaagse IDO training;winst;vooraf;;\n\
         interview-4;dit heeft helemaal niemand ooit gezegd in dit gesprek;winst;;;\n\
         interview-1;Scheelt een hoop gezichtsverlies.;rust;;;1\n",
    )
    .unwrap();
    let report = study.join("verslag.csv");
    let output = klantreis(&["import", dir, path.to_str().unwrap(), "--report", report.to_str().unwrap()]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains("row 5: \"dit heeft helemaal niemand") && errors.contains("\"vooraf\" is no phase"),
        "{errors}"
    );
    let outcomes: Vec<String> = rows(&report).into_iter().map(|r| r["outcome"].clone()).collect();
    assert_eq!(outcomes, ["exact", "nearly", "words", "not found", "unknown code"]);
    let gold = rows(&study.join("gold-codering-anna.csv"));
    let of = |n: usize, column: &str| gold[n][column].as_str();
    assert_eq!(gold.len(), 3);
    assert_eq!(
        (of(0, "category"), of(0, "phase"), of(0, "touchpoint"), of(0, "turn")),
        ("activiteit", "voorbereiden", "computer", "6")
    );
    assert!(of(1, "quote").starts_with("Van die vier staan er twee te updaten"), "{}", of(1, "quote"));
    assert_eq!((of(1, "category"), of(1, "emotion")), ("pijnpunt", "-1"));
    assert_eq!(of(2, "file"), "interview-4.srt");
    // It is what `evaluate` reads.
    let gold = study.join("gold-codering-anna.csv");
    well(&["evaluate", dir, "--gold", gold.to_str().unwrap()]);
}

#[test]
fn a_workbook_of_codings_is_read() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    well(&["run", dir, "-q"]);
    let book = study.join("klantreis-out/klantreis.xlsx");
    let output = klantreis(&["import", dir, book.to_str().unwrap()]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let (quotes, gold) = (rows(&study.join("klantreis-out/quotes.csv")), rows(&study.join("gold-klantreis.csv")));
    assert!(gold.len() * 100 >= quotes.len() * 99, "{} of {}: {errors}", gold.len(), quotes.len());
}

#[test]
fn duckdb_counts_the_same_in_the_parquet_and_the_table() {
    let (_dir, study) = study("bieden");
    let (dir, path) = (study.to_str().unwrap(), study.join("quotes.parquet"));
    well(&["run", dir, "-q"]);
    well(&["export", dir, "--to", "parquet", "-o", path.to_str().unwrap()]);
    let read = python("parquet.py", &[&path, &study.join("klantreis-out/quotes.csv")]);
    assert!(read["parquet"]["rows"].as_u64().unwrap() > 200);
    assert_eq!(read["parquet"], read["csv"]);
    assert!(read["apart"].as_f64().unwrap() <= 0.00501, "{}", read["apart"]);
    let kind = |name: &str| read["types"][name].as_str().unwrap().to_owned();
    assert_eq!(
        ["turn", "emotion", "confidence", "time", "quote"].map(kind),
        ["INTEGER", "INTEGER", "DOUBLE", "TIME", "VARCHAR"]
    );
    let first = fs::read(&path).unwrap();
    well(&["export", dir, "--to", "parquet", "-o", path.to_str().unwrap()]);
    assert!(first == fs::read(&path).unwrap(), "the same bytes each time");

    let lines = well(&["export", dir, "--to", "jsonl", "-o", "-"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    assert_eq!(lines.len(), quotes.len());
    for (line, row) in lines.iter().zip(&quotes) {
        assert_eq!(line["quote_id"], row["quote_id"]);
        assert_eq!(line["emotion"].as_i64().unwrap().to_string(), row["emotion"]);
    }
}

#[test]
fn duckdb_reads_partitions_as_one_table() {
    let (_dir, study) = study("bieden");
    let (dir, folder) = (study.to_str().unwrap(), study.join("klantreis-out/parquet"));
    well(&["run", dir, "-q"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    for by in [&["phase", "category"][..], &["interview"], &["code", "emotion"], &["locatie"]] {
        well(&["export", dir, "--to", "parquet", "--partition-by", &by.join(",")]);
        let read = python("parquet.py", &[&folder, &study.join("klantreis-out/quotes.csv")]);
        assert_eq!(read["parquet"], read["csv"], "{by:?}");
        assert_eq!(read["parquet"]["rows"], quotes.len());
        let deep = |path: &Path| path.strip_prefix(&folder).unwrap().components().count();
        let files = files_below(&folder);
        assert!(files.len() > 1 && files.iter().all(|path| deep(path) == by.len() + 1), "{files:?}");
    }
    // What can't stand in the name of a folder everywhere.
    let place = "attr_locatie=Zeeland%2C%20vergaderkamer%20op%20het%20hoofdkantoor";
    assert!(folder.join(place).join("quotes.parquet").is_file());
    let export = |more: &[&str]| refused(&[&["export", dir, "--to"][..], more].concat());
    assert!(export(&["parquet", "--partition-by", "fase"]).contains("there are: interview, file"));
    assert!(export(&["parquet", "--partition-by", "phase,phase"]).contains("twice"));
    assert!(export(&["csv", "--partition-by", "phase"]).contains("--to parquet"));
    assert!(export(&["parquet", "--partition-by", "phase", "-o", dir]).contains("is there already"));
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    below.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn the_data_dictionary_describes_the_tables_however_they_are_written() {
    let (_dir, study) = study("bieden");
    let dir = study.to_str().unwrap();
    let out = study.join("klantreis-out");
    let by = ["--by", "perspectief"];
    for options in [&["--excel", by[0], by[1]][..], &["--delimiter", "tab", "--bom"], &["--part-by-part"], &[]] {
        well(&[&["run", dir, "-q"][..], options].concat());
        let read = python("datapackage.py", &[&out.join("datapackage.json")]);
        let tables: BTreeSet<String> = files_below(&out)
            .iter()
            .filter(|path| path.extension().is_some_and(|e| e == "csv"))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let described: BTreeSet<String> = read.as_object().unwrap().keys().cloned().collect();
        assert_eq!(tables, described, "no table is left out: {options:?}");
        assert_eq!(tables.contains("segments"), options.contains(&by[0]), "{options:?}");
        assert!(tables.contains("impact") && tables.contains("codes"));
        let types = &read["quotes"];
        assert_eq!([&types["turn"], &types["emotion"], &types["confidence"]], ["integer", "integer", "number"]);
    }
    let package: Value = serde_json::from_str(&text(&out.join("datapackage.json"))).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        for field in resource["schema"]["fields"].as_array().unwrap() {
            assert!(field["description"].as_str().is_some_and(|d| !d.is_empty()), "{}: {field}", resource["path"]);
        }
        assert!(!resource["description"].as_str().unwrap().is_empty(), "{}", resource["path"]);
    }
    let folder = study.join("gekozen");
    let chosen =
        ["export", dir, "--to", "csv", "-o", folder.to_str().unwrap(), "--columns", "quote,phase", "--delimiter", ";"];
    well(&chosen);
    assert!(text(&folder.join("quotes.csv")).starts_with("quote;phase\n"));
    assert!(!folder.join("emotion.csv").exists());
    python("datapackage.py", &[&folder.join("datapackage.json")]);
    let error = refused(&["export", dir, "--to", "csv", "-o", folder.to_str().unwrap(), "--columns", "citaat"]);
    assert!(error.contains("\"citaat\"") && error.contains("quote_id"), "{error}");
}
