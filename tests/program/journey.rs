//! From coded quotes to what a design team acts on, through the program, on real studies.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::common::*;

type Row = BTreeMap<String, String>;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

fn ids(row: &Row, column: &str) -> Vec<String> {
    row[column].split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// A copy of a study that was run, with what was written.
fn ran(name: &str, more: &[&str]) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (dir, study) = study(name);
    let mut args = vec!["run", study.to_str().unwrap(), "-q"];
    args.extend(more);
    well(&args);
    let out = study.join("klantreis-out");
    (dir, study, out)
}

#[test]
fn themes_are_in_the_words_of_respondents_and_lead_back_to_quotes() {
    let (mut wide, mut all) = (0, 0);
    for name in ["bieden", "vragen", "reizen"] {
        let (_dir, _, out) = ran(name, &[]);
        let quotes: BTreeMap<String, Row> =
            rows(&out.join("quotes.csv")).into_iter().map(|q| (q["quote_id"].clone(), q)).collect();
        let said = quotes.values().map(|q| q["quote"].to_lowercase()).collect::<Vec<_>>().join("\n");
        let themes = rows(&out.join("themes.csv"));
        assert!(themes.len() > 15, "{name}: {}", themes.len());
        let mut seen = BTreeSet::new();
        for theme in &themes {
            let mine = ids(theme, "quote_ids");
            assert!(mine.iter().all(|id| seen.insert(id.clone())), "{name}: a quote is in one theme: {theme:?}");
            assert_eq!(mine.len() as f64, number(theme, "n_quotes"));
            let interviews: BTreeSet<&String> = mine.iter().map(|id| &quotes[id]["interview"]).collect();
            assert_eq!(interviews.len() as f64, number(theme, "n_interviews"));
            assert_eq!(theme["draagvlak"] == "één interview", interviews.len() == 1);
            assert!(mine.iter().all(|id| quotes[id]["phase"] == theme["fase"]), "{theme:?}");
            let stop = ["de", "het", "een", "en", "niet", "ik"];
            for part in theme["naam"].split(", ") {
                assert!(!stop.contains(&part), "{part}");
                for word in part.split(' ') {
                    // A verb whose parts stood apart is written as one: "vulde … in" is "invullen".
                    let joined = || word.ends_with("en") && part.contains(' ');
                    assert!(
                        said.contains(&word.to_lowercase()) || joined(),
                        "{name}: nobody said \"{word}\" of \"{part}\""
                    );
                }
            }
        }
        wide += themes.iter().filter(|t| number(t, "n_interviews") > 1.0).count();
        all += themes.len();
    }
    assert!(2 * wide > all, "most themes are shared by interviews: {wide} of {all}");
}

#[test]
fn needs_become_questions_with_evidence() {
    let (_dir, _, out) = ran("bieden", &[]);
    let themes: BTreeSet<String> = rows(&out.join("themes.csv")).into_iter().map(|t| t["thema"].clone()).collect();
    let needs = rows(&out.join("needs.csv"));
    assert!(needs.len() > 5);
    for need in &needs {
        assert!(themes.contains(&need["thema"]));
        assert!(need["kans"].starts_with("Hoe kunnen we ") && need["kans"].ends_with('?'), "{need:?}");
        assert!(need["kans"].contains(&need["naam"]) && !need["meest_typerend"].is_empty());
    }
    let scores: Vec<f64> = needs.iter().map(|n| number(n, "kansscore_benadering_0_20")).collect();
    assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "the greatest first");
}

#[test]
fn saturation_channels_and_ways_are_counted() {
    let (_dir, _, out) = ran("vragen", &[]);
    let saturation = rows(&out.join("saturation.csv"));
    assert_eq!(saturation.len(), 4, "one row an interview");
    assert!(number(&saturation[0], "nieuwe_codes") > number(&saturation[3], "nieuwe_codes"));
    let channels = rows(&out.join("channels.csv"));
    let used: BTreeSet<&str> = channels.iter().map(|c| c["kanaal"].as_str()).collect();
    assert!(used.contains("fysiek") && used.contains("digitaal") && used.contains("telefoon"), "{used:?}");
    let steps = rows(&out.join("sequences.csv"));
    let of = |kind: &str| steps.iter().filter(|s| s["soort"] == kind).collect::<Vec<_>>();
    assert!(of("activiteit").len() > 5);
    assert!(of("overgang").iter().any(|s| s["wisselt_van_kanaal"] == "ja"));
    let last: f64 = of("laatste fase die wordt verteld").iter().map(|s| number(s, "n_interviews")).sum();
    assert_eq!(last, 4.0, "every interview ends once");
}

/// One study with the staff's interviews and the visitors'.
fn both_views() -> (tempfile::TempDir, PathBuf) {
    let (dir, path) = study("bieden");
    let visitors = PathBuf::from(example("vragen")).join("interviews");
    copy(&visitors, &path.join("interviews"));
    (dir, path)
}

#[test]
fn staff_and_visitors_are_held_against_each_other() {
    let (_dir, study) = both_views();
    let told = well(&["run", study.to_str().unwrap(), "--by", "perspective"]);
    assert!(told.contains("By perspectief, in 2 groups: segments.csv, differences.csv, gaps-by-segment.csv"), "{told}");
    let out = study.join("klantreis-out");
    // Every group and phase is either told by three interviews or a gap.
    let gaps = rows(&out.join("gaps-by-segment.csv"));
    for s in rows(&out.join("segments.csv")).iter().filter(|s| s["soort"] == "fase") {
        let gap = gaps.iter().find(|g| g["waarde"] == s["waarde"] && g["fase"] == s["id"]);
        assert_eq!(gap.is_some(), number(s, "n_interviews") < 3.0, "{s:?}");
        assert!(gap.is_none_or(|g| g["n_interviews"] == s["n_interviews"] && g["n_quotes"] == s["n_quotes"]));
    }
    let segments = rows(&out.join("segments.csv"));
    let sizes: BTreeSet<(&str, &str)> =
        segments.iter().map(|s| (s["waarde"].as_str(), s["interviews_in_groep"].as_str())).collect();
    assert_eq!(sizes, BTreeSet::from([("extern", "4"), ("intern", "6")]));
    let differences = rows(&out.join("differences.csv"));
    for d in &differences {
        assert_eq!((d["groep"].as_str(), d["tegenover"].as_str()), ("extern", "intern"));
        let (p, q) = (&d["p_permutatie"], &d["q_benjamini_hochberg"]);
        assert_eq!(p.is_empty(), q.is_empty());
        if !p.is_empty() {
            // 210 ways to deal four of ten interviews: no smaller chance can be.
            assert!(
                number(d, "p_permutatie") >= 0.0047 && number(d, "q_benjamini_hochberg") >= number(d, "p_permutatie")
            );
        }
        assert_eq!(ids(d, "quote_ids").len() as f64, number(d, "n_quotes"));
    }
    let only = |who: &str| differences.iter().any(|d| d["alleen_bij"] == who && d["maat"].contains("thema"));
    assert!(only("intern"), "staff tell of things that visitors do not");

    let message = refused(&["run", study.to_str().unwrap(), "-q", "--by", "kleur"]);
    assert!(message.contains("\"kleur\"") && message.contains("perspectief"), "{message}");
}

#[test]
fn personas_stand_with_the_figures_of_their_segment() {
    let (_dir, _, out) = ran("bieden", &[]);
    let personas = rows(&out.join("personas.csv"));
    assert_eq!(personas.len(), 10, "two personas, five phases");
    assert!(personas.iter().all(|p| p["interviews_van_persona"] == "1" && p["oordeel"] == "te weinig"));
}

#[test]
fn assumptions_are_weighed() {
    let (_dir, study) = study("bieden");
    let toml = study.join("klantreis.toml");
    let more = "\n[[assumption]]\nstatement = \"De folder werkt niet\"\nquery = \"folder categorie:pijnpunt\"\n\
                [[assumption]]\nstatement = \"Iedereen houdt van zeilen\"\nquery = \"zeilboot categorie:winst\"\n\
                [[assumption]]\nstatement = \"Wachtwoorden zijn een last\"\nquery = \"wachtwoord*\"\n\
                [[assumption]]\nstatement = \"Onleesbaar\"\nquery = \"(folder\"\n";
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + more).unwrap();
    let output = klantreis(&["run", study.to_str().unwrap(), "-q"]);
    assert_eq!(output.status.code(), Some(1), "a query that can't be read is reported");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the assumption \"Onleesbaar\""));
    let found = rows(&study.join("klantreis-out/assumptions.csv"));
    let verdicts: Vec<&str> = found.iter().map(|a| a["oordeel"].as_str()).collect();
    assert_eq!(verdicts, ["steunt", "geen materiaal", "steunt", "geen materiaal"]);
    assert!(number(&found[0], "n_interviews_voor") >= 3.0 && !found[0]["quote_ids_voor"].is_empty());
    assert!(found[2]["toelichting"].contains("against"), "{:?}", found[2]);
}

#[test]
fn numbers_named_in_talk_and_impact_are_found() {
    let (_dir, _, out) = ran("bieden", &[]);
    let figures = rows(&out.join("figures.csv"));
    let has = |kind: &str, value: &str, unit: &str| {
        figures.iter().any(|f| f["soort"] == kind && f["waarde"] == value && f["eenheid"] == unit)
    };
    assert!(has("aantal", "11.00", "logo's"), "elf logo's");
    assert!(has("wachttijd", "3.00", "kwartier") && has("wachttijd", "18.00", "minuten"));
    let impact = rows(&out.join("impact.csv"));
    let kinds: BTreeSet<&str> = impact.iter().map(|i| i["impact"].as_str()).collect();
    assert!(kinds.contains("kennis") && kinds.contains("vaardigheden"), "{kinds:?}");
}

#[test]
fn figures_from_elsewhere_stand_beside_what_people_tell() {
    let (_dir, study) = study("bieden");
    let metrics = "fase;contactmoment;naam;waarde;eenheid;periode\nontvangen;;bezoekers;1.250;per jaar;2025\n\
                   ;balie;klachten;14;;2025\nnergens;;klachten;2;;2025\n";
    fs::write(study.join("metrics.csv"), metrics).unwrap();
    let output = klantreis(&["run", study.to_str().unwrap(), "-q"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no phase \"nergens\""));
    let joined = rows(&study.join("klantreis-out/metrics-joined.csv"));
    assert_eq!(joined.len(), 2);
    assert_eq!(number(&joined[0], "waarde"), 1250.0);
    let emotion = rows(&study.join("klantreis-out/emotion.csv"));
    let received = emotion.iter().find(|row| row["fase"] == "ontvangen").unwrap();
    assert_eq!(joined[0]["n_interviews"], received["n_interviews"]);
    assert!(joined[1]["emotie"].parse::<f64>().is_ok());

    let (_other, second) = crate::common::study("vragen");
    fs::write(second.join("metrics.csv"), "name,value\nbezoekers,90000\n").unwrap();
    let told = klantreis(&["compare", study.to_str().unwrap(), second.to_str().unwrap()]);
    let ranked = rows(&second.join("klantreis-out/priorities.csv"));
    assert_eq!(ranked[0]["mensen"], "90000.00", "{}", out(&told));
}

#[test]
fn two_rounds_are_compared() {
    let (_dir, before) = study("bieden");
    let (_dir2, after) = study("bieden");
    // The second round: three of the interviews, in which nobody speaks of a folder.
    for gone in ["interview-1.docx", "interview-4.srt", "interview-5.txt"] {
        fs::remove_file(after.join("interviews").join(gone)).unwrap();
    }
    let own_model = after.join(".klantreis/model.bin");
    fs::create_dir_all(own_model.parent().unwrap()).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/models/nl.bin"), &own_model).unwrap();
    let output = klantreis(&["compare", before.to_str().unwrap(), after.to_str().unwrap()]);
    let (told, noted) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(told.contains("gone:") && told.contains("new:"), "{told}");
    // Both have the same title.
    assert!(told.contains(&format!("({})", after.display())), "{told}");
    assert!(noted.contains("not coded by the same model"), "{noted}");
    let found = rows(&after.join("klantreis-out/comparison.csv"));
    let phases: Vec<&Row> = found.iter().filter(|c| c["maat"] == "emotie van de fase").collect();
    assert_eq!(phases.len(), 5);
    // Not everybody speaks of every phase.
    let between = |c: &Row, field: &str, low: f64, high: f64| (low..=high).contains(&number(c, field));
    assert!(phases.iter().all(|c| between(c, "n_interviews_eerst", 4.0, 6.0) && between(c, "n_interviews", 2.0, 3.0)));
    // Fewer than three interviews are not tested.
    for phase in &phases {
        let tested = number(phase, "n_interviews") >= 3.0;
        assert_eq!([!phase["q_benjamini_hochberg"].is_empty(), !phase["interval_laag"].is_empty()], [tested; 2]);
    }
    let matched = found.iter().filter(|c| c["maat"].contains("thema") && number(c, "n_interviews_eerst") > 0.0);
    assert!(matched.filter(|c| number(c, "n_interviews") > 0.0).count() > 2, "themes are matched by words");

    let message = refused(&["compare", before.to_str().unwrap()]);
    assert!(message.contains("--since"), "{message}");
}

#[test]
fn studies_without_a_phase_in_common_are_told_so() {
    let compare = |second: &str| {
        let out = tempfile::tempdir().unwrap();
        let output = klantreis(&["compare", &example("bieden"), &example(second), "-o", out.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    let told = compare("kinderopvang");
    assert!(told.contains("no phase in common") && told.contains("the same id in both klantreis.toml"), "{told}");
    assert_eq!(compare("bieden"), "");
}

#[test]
fn a_study_is_held_against_what_it_was() {
    let (_dir, study) = study("bieden");
    let at = |day: u64, args: &[&str]| {
        let epoch = (20_454 + day) * 86_400; // 2026-01-01 and after
        let mut command = Command::new(env!("CARGO_BIN_EXE_klantreis"));
        let output = command.args(args).env("SOURCE_DATE_EPOCH", epoch.to_string()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        out(&output)
    };
    let dir = study.to_str().unwrap();
    let held = study.join("interview-6.txt");
    fs::rename(study.join("interviews/interview-6.txt"), &held).unwrap();
    at(0, &["run", dir, "-q"]);
    at(3, &["run", dir, "-q"]);
    fs::rename(&held, study.join("interviews/interview-6.txt")).unwrap();
    at(9, &["run", dir, "-q"]);
    let mut kept: Vec<_> = fs::read_dir(study.join(".klantreis/snapshots"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    assert_eq!(kept, ["2026-01-01.json", "2026-01-10.json"], "nothing had changed on the fourth");
    let told = at(10, &["compare", dir, "--since", "2026-01-05"]);
    assert!(told.contains("Then (2026-01-01): 5 interviews") && told.contains("Now: 6 interviews"), "{told}");
    let found = rows(&study.join("klantreis-out/comparison.csv"));
    assert!(told.contains("5 of the interviews are in both"), "{told}");
    // The five said the same then and now, and the sixth is not held against them.
    let tested: Vec<_> = found.iter().filter(|c| !c["p_permutatie"].is_empty()).collect();
    assert!(tested.len() > 10 && tested.iter().all(|c| c["verandering"] == "geen aantoonbaar verschil"));
    let phases = tested.iter().filter(|c| c["maat"] == "emotie van de fase");
    assert!(phases.clone().count() > 2 && phases.clone().all(|c| number(c, "verschil").abs() < 0.5));
    assert!(refused(&["compare", dir, "--since", "2020-01-01"]).contains("the first on 2026-01-01"));
    assert!(refused(&["compare", dir, "--since", "gisteren"]).contains("no date"));
}

#[test]
fn check_says_what_is_not_in_order() {
    let (_dir, study) = study("bieden");
    let toml = study.join("klantreis.toml");
    let more = "\n[[persona]]\nname = \"De afwezige\"\nsegment = \"kapitein\"\n[[phase]]\nid = \"nazorgtraject\"\n";
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + more).unwrap();
    let output = klantreis(&["check", study.to_str().unwrap()]);
    let told = out(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for line in [
        "no interview has the segment \"kapitein\"",
        "phase \"nazorgtraject\": has no cues and no description",
        "2 doel: done",
        "5 extern: no interview has perspectief \"extern\"",
        "\"doorverwijzen\" is formal: \"sturen naar iemand anders\"",
        "\"Partnerorganisatie\" is long",
        "what they say there: ",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let ran = klantreis(&["run", study.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(0), "a note is no error");
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("persona \"De afwezige\": no interview has the segment \"kapitein\""), "{said}");
    let found = json(&["check", &example("vragen"), "--format", "json"]);
    assert!(found.as_array().unwrap().iter().all(|f| f["kind"] != "error"), "{found}");
}

#[test]
fn the_journey_as_json_fits_its_published_schema_and_is_the_same_every_time() {
    let (_dir, study, out) = ran("bieden", &[]);
    // Six segments of one interview each: none tells enough of any of the five phases.
    assert_eq!(rows(&out.join("gaps-by-segment.csv")).len(), 30);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/schema/journey.schema.json");
    assert_eq!(fs::read(out.join("journey.schema.json")).unwrap(), fs::read(&schema).unwrap());
    let python = PathBuf::from(std::env::var("HOME").unwrap()).join(".cache/klantreis-tests/venv/bin/python");
    let script = "import json, sys, jsonschema\n\
                  schema, journey = (json.load(open(path)) for path in sys.argv[1:])\n\
                  jsonschema.Draft202012Validator.check_schema(schema)\n\
                  jsonschema.validate(journey, schema, jsonschema.Draft202012Validator)\n\
                  del journey['journey']['themes']\n\
                  assert not jsonschema.Draft202012Validator(schema).is_valid(journey), 'the schema asks for nothing'\n";
    let output = Command::new(python)
        .args(["-c", script, schema.to_str().unwrap(), out.join("journey.json").to_str().unwrap()])
        .output()
        .expect("tests/install makes the environment");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let once = fs::read(out.join("journey.json")).unwrap();
    well(&["run", study.to_str().unwrap(), "-q", "--threads", "1"]);
    assert!(fs::read(out.join("journey.json")).unwrap() == once);
}
