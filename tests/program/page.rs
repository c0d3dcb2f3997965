//! `klantreis.html` in a real browser: what a library director does with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::{browser::*, common::*};

#[path = "../../benches/corpus.rs"]
mod corpus;

/// A study that has run, and its page.
fn page(name: &str) -> (tempfile::TempDir, PathBuf) {
    let (dir, study) = study(name);
    well(&["run", study.to_str().unwrap(), "-q"]);
    (dir, study.join("klantreis-out/klantreis.html"))
}

/// A window in which the page has started.
fn opened(page: &std::path::Path) -> Browser {
    let browser = Browser::open(1440, 1100);
    browser.file(page);
    browser.wait("document.querySelector('#tools select')");
    browser
}

#[test]
fn items_open_to_quotes_in_their_conversation_and_nothing_is_asked_or_complained_of() {
    let (_dir, page) = page("bieden");
    let browser = opened(&page);
    browser.click(".pijnpunt td button.item");
    browser.wait("document.querySelector('dialog').open");
    assert_eq!(browser.text("document.activeElement.id"), "panel-title", "the reader is in the panel");
    let told = browser.text("document.querySelector('dialog .n').textContent");
    let n = browser.number("document.querySelectorAll('.passages > li').length");
    assert!(told.ends_with(&format!("{n} uitspraken")) && n > 1, "{told}: {n}");
    // The quote stands letter for letter between the sentences around it.
    browser.click(".passages .around summary");
    let marked = browser.text("document.querySelector('.passages mark').textContent");
    assert_eq!(browser.text("document.querySelector('.passages blockquote').textContent"), format!("“{marked}”"));
    let within = "[...document.querySelectorAll('.passages mark')].filter(m => m.parentNode.textContent.length > m.textContent.length).length";
    assert!(browser.number(within) > n / 2, "most quotes have sentences around them");

    browser.type_into("dialog .close", "\u{e00c}");
    browser.wait("!document.querySelector('dialog').open");
    assert_eq!(
        browser.value("document.activeElement.matches('.pijnpunt button.item')"),
        true,
        "and back where they were"
    );
    assert_eq!(browser.console(), [""; 0]);
    let asked = browser.requests();
    assert!(asked.iter().all(|url| url.ends_with("/klantreis.html")), "{asked:?}");
}

#[test]
fn a_filter_counts_again_and_two_choices_stand_side_by_side() {
    let (_dir, page) = page("bieden");
    let browser = opened(&page);
    let all = browser.number("document.querySelectorAll('.journey button.item').length");
    browser.choose("#filter-0", "baliemedewerker");
    browser
        .wait("document.querySelector('#tools [role=status]').textContent.startsWith('baliemedewerker: 1 interview,')");
    let some = browser.number("document.querySelectorAll('.journey button.item').length");
    assert!(some > 0 && some < all, "{some} of {all}");
    let counts = "[...document.querySelectorAll('.journey .count')].every(c => c.textContent === '1 interview')";
    assert_eq!(browser.value(counts), true);
    assert_eq!(browser.value("document.querySelector('svg.emotion .band')"), serde_json::Value::Null, "one is too few");
    browser.click(".journey .pijnpunt button.item");
    browser.wait("document.querySelector('dialog').open");
    assert!(browser.text("document.querySelector('dialog .n').textContent").starts_with("1 interview, "));
    browser.click("dialog .close");

    browser.choose("#compare", "alle interviews");
    browser.wait("document.querySelectorAll('.journey tr.second').length === 8");
    assert_eq!(browser.number("document.querySelectorAll('svg.emotion .series-1 .dot').length"), 5);
    assert_eq!(browser.axe(), [""; 0]);
}

/// The program's own count of some interviews: the tables of what they alone add up to.
fn counted_alone(study: &Path, interviews: &[PathBuf]) -> PathBuf {
    let (dir, lines) = (study.to_str().unwrap(), study.join("some.jsonl"));
    let line = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_str().unwrap();
        json!({ "file": file, "text": fs::read_to_string(path).unwrap() }).to_string() + "\n"
    };
    fs::write(&lines, interviews.iter().map(line).collect::<String>()).unwrap();
    let (part, out) = (study.join("some.part"), study.join("some"));
    well(&["code", lines.to_str().unwrap(), "--study", dir, "--part", part.to_str().unwrap()]);
    well(&["aggregate", part.to_str().unwrap(), "--study", dir, "-o", out.to_str().unwrap()]);
    out
}

#[test]
fn stars_and_scores_of_a_choice_are_those_that_the_program_counts() {
    let (_dir, study) = study("kinderopvang");
    let mut files: Vec<_> = fs::read_dir(study.join("interviews")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let chosen = files.split_off(1);
    let row = |path: &PathBuf, segment: &str| format!("{},{segment}\n", path.file_name().unwrap().to_str().unwrap());
    let participants: String =
        chosen.iter().map(|f| row(f, "ouder")).chain(files.iter().map(|f| row(f, "leidster"))).collect();
    fs::write(study.join("participants.csv"), format!("file,segment\n{participants}")).unwrap();
    well(&["run", study.to_str().unwrap(), "-q"]);
    let tables = counted_alone(&study, &chosen);

    let browser = opened(&study.join("klantreis-out/klantreis.html"));
    let all = browser.text("document.querySelector('.journey .kans').textContent");
    browser.choose("#filter-0", "ouder");
    let told = format!("ouder: {} interviews", chosen.len());
    browser.wait(&format!("document.querySelector('#tools [role=status]').textContent.startsWith('{told}')"));
    assert_ne!(all, browser.text("document.querySelector('.journey .kans').textContent"), "counted again");

    let (moments, chances) = (rows(&tables.join("moments.csv")), rows(&tables.join("opportunities.csv")));
    let mut stars = 0;
    for (n, phase) in rows(&tables.join("emotion.csv")).iter().enumerate() {
        let label = &phase["fase_naam"];
        let star = format!("document.querySelector('.journey thead tr').cells[{}].querySelector('.moment')", n + 1);
        let star = browser.text(&format!("{star}?.textContent ?? ''"));
        let moment = moments.iter().find(|m| m["soort"] == "fase" && m["id"] == phase["fase"]);
        assert_eq!(star, moment.map_or("", |m| &m["valt_op_door"]), "{label}");
        stars += usize::from(!star.is_empty());

        let shown = format!(
            "[...document.querySelectorAll('.journey .kans td')[{n}].querySelectorAll('button.item')]\
             .map(b => b.querySelector('.label').textContent + ': ' + b.querySelector('.note').textContent)"
        );
        let shown: Vec<String> = serde_json::from_value(browser.value(&shown)).unwrap();
        let score = |c: &BTreeMap<String, String>| c["kansscore_benadering_0_20"].parse::<f64>().unwrap();
        let expected: Vec<String> = chances
            .iter()
            .filter(|c| c["fase"] == phase["fase"])
            .take(6)
            .map(|c| format!("{}: kans {}, ", c["naam"], format!("{:.1}", score(c)).replace('.', ",")))
            .collect();
        assert_eq!(shown, expected, "{label}");
    }
    assert!(stars > 0, "some phase stands out");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn the_map_prints_to_one_sheet_of_a3_and_lanes_are_never_cut() {
    let (_dir, page) = page("bieden");
    let browser = opened(&page);
    assert_eq!(pages(&browser.print(None)), 1);
    // On A4 the same sheet, smaller.
    assert_eq!(pages(&browser.print(Some((11.69, 8.27)))), 1);
    let cut =
        "[...document.querySelectorAll('.journey tr')].every(row => getComputedStyle(row).breakInside === 'avoid')";
    browser.paper();
    assert_eq!(browser.value(cut), true);
}

#[test]
fn quotes_are_searched_and_sorted() {
    let (_dir, page) = page("bieden");
    let browser = opened(&page);
    browser.type_into("#search", "MENSEN");
    browser.wait("document.querySelectorAll('table.quotes tbody tr').length < 50");
    let words = "[...document.querySelectorAll('table.quotes tbody th')].map(c => c.textContent.toLowerCase())";
    for quote in browser.value(words).as_array().unwrap() {
        assert!(quote.as_str().unwrap().contains("mensen"), "{quote}");
    }
    browser.click("table.quotes thead th:nth-child(5) button");
    browser.wait("document.querySelector('table.quotes th[aria-sort=ascending]')");
    let emotions = "[...document.querySelectorAll('table.quotes tbody tr')].map(r => Number(r.cells[4].textContent.replace('−', '-')))";
    let emotions: Vec<i64> = serde_json::from_value(browser.value(emotions)).unwrap();
    assert!(emotions.is_sorted() && emotions.len() > 1, "{emotions:?}");
}

#[test]
fn query_open_shows_the_quotes_that_it_found_in_their_conversation() {
    let (dir, page) = page("bieden");
    let study = page.parent().unwrap().parent().unwrap();
    // An opener that keeps what it was to open.
    let (bin, opened) = (dir.path().join("bin"), dir.path().join("opened"));
    fs::create_dir(&bin).unwrap();
    fs::write(
        bin.join("xdg-open"),
        format!("#!/bin/sh\nprintf %s \"$1\" > '{0}.part' && mv '{0}.part' '{0}'\n", opened.display()),
    )
    .unwrap();
    fs::set_permissions(bin.join("xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    let ask = |path: &str, query: &str| {
        let args = ["query", study.to_str().unwrap(), query, "--open", "--format", "csv"];
        Command::new(env!("CARGO_BIN_EXE_klantreis")).args(args).env("PATH", path).output().unwrap()
    };
    let asked = ask(&format!("{}:/bin:/usr/bin", bin.display()), "logo categorie:pijnpunt");
    assert!(asked.status.success(), "{asked:?}");
    let found = csv::Reader::from_reader(&asked.stdout[..]).records().count();
    let browser = Browser::open(1440, 1100);
    for _ in 0..600 {
        if opened.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    browser.file(Path::new(&fs::read_to_string(&opened).unwrap()));
    browser.wait("document.querySelector('dialog')?.open");
    assert_eq!(browser.number("document.querySelectorAll('.passages > li').length"), found as i64);
    assert!(browser.text("document.querySelector('.passages blockquote').textContent").to_lowercase().contains("logo"));
    assert_eq!(browser.value("document.querySelector('.passages .around').open"), true);
    assert_eq!(browser.console(), [""; 0]);

    let nowhere = ask(dir.path().to_str().unwrap(), "logo categorie:pijnpunt");
    let said = String::from_utf8_lossy(&nowhere.stderr).into_owned();
    assert!(nowhere.status.code() == Some(2) && said.contains("file:///") && said.contains("#quotes="), "{said}");
    let uncoded = ask("", "NIET emotie:-2..2");
    assert!(String::from_utf8_lossy(&uncoded.stderr).contains("none of these passages is coded"), "{uncoded:?}");
}

#[test]
fn axe_finds_nothing_on_any_screen_in_any_format() {
    let (_dir, page) = page("bieden");
    let browser = opened(&page);
    for (width, scheme, level) in [(1440, "light", "basis"), (768, "dark", "uitgebreid"), (390, "light", "uitgebreid")]
    {
        browser.size(width, 900);
        browser.colours(scheme);
        browser.click(&format!("#level-{level}"));
        for (format, shows) in [("emotion", ".led svg"), ("wheel", "svg.wheel"), ("map", ".journey")] {
            browser.click(&format!("#format-{format}"));
            browser.wait(&format!("document.querySelector('#view {shows}')"));
            assert_eq!(browser.axe(), [""; 0], "{width} {scheme} {format}");
            let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.number(wider), 0, "{width} {format}: nothing sticks out");
        }
    }
}

#[test]
fn without_scripts_every_item_still_unfolds_to_quotes() {
    let (_dir, page) = page("vragen");
    let browser = Browser::open(1440, 1100);
    browser.scripts(false);
    browser.file(&page);
    browser.click(".pijnpunt td details.item summary");
    assert!(browser.sees(".pijnpunt td details.item blockquote"));
    assert_eq!(browser.console(), [""; 0]);
}

/// So much fits on a memory stick, in a mail and in a browser at once.
const LARGEST: u64 = 3_000_000;

#[test]
fn the_page_of_300_interviews_is_small_enough_to_send_and_can_be_filtered() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies");
    let corpus = corpus::Corpus::read(&data, 1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("interviews")).unwrap();
    fs::copy(data.join("zorgportaal/klantreis.toml"), dir.path().join("klantreis.toml")).unwrap();
    for n in 0..300 {
        fs::write(dir.path().join(format!("interviews/{n:03}.txt")), corpus.interview(n)).unwrap();
    }
    well(&["run", dir.path().to_str().unwrap(), "-q"]);
    let out = dir.path().join("klantreis-out");
    // Texts that repeat would be packed to nothing: the quotes are as different as those of so many people.
    let quotes = rows(&out.join("quotes.csv"));
    let texts: BTreeSet<&String> = quotes.iter().map(|q| &q["quote"]).collect();
    assert!(quotes.len() > 10_000 && 10 * texts.len() > 6 * quotes.len(), "{} of {}", texts.len(), quotes.len());
    let page = out.join("klantreis.html");
    let size = fs::metadata(&page).unwrap().len();
    assert!(size < LARGEST, "{size} bytes");

    let browser = opened(&page);
    let all = browser.text("document.querySelector('#tools [role=status]').textContent");
    assert!(all.contains("300 interviews"), "{all}");
    browser.choose("#filter-0", "ouderen");
    browser.wait("document.querySelector('#tools [role=status]').textContent.startsWith('ouderen: 100 interviews,')");
    browser.click(".journey .pijnpunt button.item");
    browser.wait("document.querySelectorAll('.passages > li').length > 1");
    assert_eq!(browser.console(), [""; 0]);
}
