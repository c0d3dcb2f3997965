//! Outputs for other programs, each read back by a reader that is not ours and held against the tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    process::Command,
};

use calamine::{Data, Reader as _, Xlsx};
use quick_xml::events::Event;

use crate::common::*;

/// What is there is run once for all tests of a kind.
fn run_study() -> (tempfile::TempDir, PathBuf) {
    let (dir, study) = study("bieden");
    well(&["run", study.to_str().unwrap(), "-q"]);
    (dir, study)
}

fn export(study: &Path, to: &str, more: &[&str]) -> Vec<u8> {
    let file = study.join(format!("made.{to}"));
    let mut args = vec!["export", study.to_str().unwrap(), "--to", to, "-o", file.to_str().unwrap()];
    args.extend(more);
    well(&args);
    fs::read(file).unwrap()
}

fn table(study: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    rows(&study.join("klantreis-out").join(name))
}

/// The rows of a sheet under its heads, which stand in the first row that has this many words.
fn sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, heads: usize) -> Vec<BTreeMap<String, String>> {
    let range = workbook.worksheet_range(name).unwrap();
    let text = |cell: &Data| match cell {
        Data::Float(n) => format!("{n:.2}"),
        Data::Int(n) => format!("{n}.00"),
        other => other.to_string(),
    };
    let mut lines = range.rows().map(|row| row.iter().map(text).collect::<Vec<_>>());
    let named = lines.find(|row| row.iter().filter(|c| !c.is_empty()).count() >= heads).unwrap();
    lines
        .take_while(|row| row.iter().any(|c| !c.is_empty()))
        .map(|row| named.iter().cloned().zip(row).collect())
        .collect()
}

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The labels of phases, as the tables of Dutch studies give them.
fn phase_labels(study: &Path) -> BTreeMap<String, String> {
    table(study, "emotion.csv").into_iter().map(|row| (row["fase"].clone(), row["fase_naam"].clone())).collect()
}

fn title_case(id: &str) -> String {
    id[..1].to_uppercase() + &id[1..]
}

/// XML must be read whole; the texts of the elements with this name.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut within, mut found) = (false, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) if e.name().as_ref() == element => {
                within = true;
                found.push(String::new());
            }
            Event::End(e) if e.name().as_ref() == element => within = false,
            Event::Text(text) if within => found.last_mut().unwrap().push_str(&text),
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn the_workbook_holds_the_numbers_of_the_tables() {
    let (_dir, study) = run_study();
    let mut book = open(fs::read(study.join("klantreis-out/klantreis.xlsx")).unwrap());
    let names = ["Klantreis", "Citaten", "Matrix", "Emotie", "Kansen", "Contactmomenten", "Verantwoording"];
    assert_eq!(book.sheet_names(), names);
    let quotes = table(&study, "quotes.csv");
    let labels = phase_labels(&study);

    // Every quote, word for word.
    let sheet_quotes = sheet(&mut book, "Citaten", 10);
    assert_eq!(sheet_quotes.len(), quotes.len());
    for (row, quote) in sheet_quotes.iter().zip(&quotes) {
        // A quote that a spreadsheet would run as a formula has a ' before it in the table, and none in the workbook.
        let escaped = quote["quote"].strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
        let words = escaped.unwrap_or(&quote["quote"]);
        assert_eq!((row["Id"].as_str(), row["Citaat"].as_str()), (quote["quote_id"].as_str(), words));
        assert_eq!((&row["Fase"], &row["Soort"]), (&labels[&quote["phase"]], &title_case(&quote["category"])));
        assert_eq!(row["Emotie"].parse::<f64>().unwrap(), quote["emotion"].parse::<f64>().unwrap());
        assert_eq!(row["segment"], quote["attr_segment"]);
    }

    // The matrix counts them, and how many interviews they come from.
    let mut counted: BTreeMap<(String, String), (usize, BTreeSet<String>)> = BTreeMap::new();
    for quote in &quotes {
        let cell = counted.entry((labels[&quote["phase"]].clone(), title_case(&quote["category"]))).or_default();
        cell.0 += 1;
        cell.1.insert(quote["interview"].clone());
    }
    let number = |row: &BTreeMap<String, String>, head: &str| row[head].parse::<f64>().unwrap() as usize;
    let matrix = sheet(&mut book, "Matrix", 6);
    assert_eq!(matrix.len(), 5 * 4);
    for row in &matrix {
        let (n, interviews) = counted.get(&(row["Fase"].clone(), row["Soort"].clone())).cloned().unwrap_or_default();
        assert_eq!(number(row, "Alle: uitspraken"), n, "{row:?}");
        assert_eq!(number(row, "Alle: interviews (van 6)"), interviews.len(), "{row:?}");
        let of_groups: usize = row
            .iter()
            .filter(|(k, _)| k.ends_with(": uitspraken") && !k.starts_with("Alle"))
            .map(|(k, _)| number(row, k))
            .sum();
        assert_eq!(of_groups, n, "the groups add up: {row:?}");
    }

    let emotion = sheet(&mut book, "Emotie", 8);
    for (row, felt) in emotion.iter().zip(table(&study, "emotion.csv")) {
        assert_eq!((&row["Fase"], &row["Gemiddelde"]), (&felt["fase_naam"], &felt["emotie"]));
        assert_eq!((&row["95% onder"], &row["95% boven"]), (&felt["interval_laag"], &felt["interval_hoog"]));
    }
    assert_eq!(emotion.len(), 5);
    let chances = sheet(&mut book, "Kansen", 8);
    let opportunities = table(&study, "opportunities.csv");
    assert_eq!(chances.len(), opportunities.len());
    for (row, o) in chances.iter().zip(&opportunities) {
        assert_eq!((&row["Onderwerp"], &row["Kansscore (benadering)"]), (&o["naam"], &o["kansscore_benadering_0_20"]));
    }
    let touchpoints = sheet(&mut book, "Contactmomenten", 8);
    for (row, t) in touchpoints.iter().zip(table(&study, "touchpoints.csv")) {
        assert_eq!(
            (&row["Contactmoment"], number(row, "Uitspraken")),
            (&t["contactmoment_naam"], t["n_quotes"].parse().unwrap())
        );
    }
}

#[test]
fn items_of_the_map_link_to_the_row_of_their_quote() {
    let (_dir, study) = run_study();
    let bytes = fs::read(study.join("klantreis-out/klantreis.xlsx")).unwrap();
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let mut xml = String::new();
    parts.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut book = open(bytes);
    let quotes = book.worksheet_range("Citaten").unwrap();
    let map = book.worksheet_range("Klantreis").unwrap();
    let mut followed = 0;
    for link in xml.split("<hyperlink ").skip(1) {
        let value =
            |name: &str| link.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let location = value("location");
        let Some((_, row)) = location.rsplit_once("!A").filter(|(sheet, _)| sheet.contains("Citaten")) else {
            continue;
        };
        let row: u32 = row.parse().unwrap();
        let (column, line) =
            value("ref").split_at_checked(1).map(|(c, n)| (c.as_bytes()[0] - b'A', n.parse::<u32>().unwrap())).unwrap();
        let item = map.get_value((line - 1, u32::from(column))).unwrap().to_string();
        let quote = quotes.get_value((row - 1, 0)).unwrap().to_string();
        // Under the item stands the beginning of the quote in that row; opportunities show none.
        let under = map.get_value((line, u32::from(column))).map(ToString::to_string).unwrap_or_default();
        if let Some(shown) = under.strip_prefix('“') {
            let shown = shown.trim_end_matches(['”', '…']);
            assert!(quote.starts_with(shown), "{item} leads to {quote}");
            followed += 1;
        }
    }
    assert!(followed > 30, "{followed}");
}

#[test]
fn the_document_is_well_formed_and_has_a_chapter_a_phase() {
    let (_dir, study) = run_study();
    let mut parts = zip::ZipArchive::new(Cursor::new(export(&study, "docx", &[]))).unwrap();
    let names: Vec<String> = parts.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut document = String::new();
    for name in names.iter().filter(|n| n.ends_with(".xml") || n.ends_with(".rels")) {
        let mut xml = String::new();
        parts.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        assert!(!texts(&xml, "nothing").iter().any(String::is_empty));
        if name == "word/document.xml" {
            document = xml;
        }
    }
    let said = texts(&document, "w:t");
    let quotes = table(&study, "quotes.csv");
    for (phase, label) in phase_labels(&study) {
        let head = format!("<w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{label}</w:t>");
        assert_eq!(document.matches(&head).count(), 1, "{label}");
        let n = quotes.iter().filter(|q| q["phase"] == phase).count();
        assert!(said.iter().any(|t| t.contains(&format!("in {n} uitspraken"))), "{label}: {n}");
    }
    let mut picture = Vec::new();
    parts.by_name("word/media/curve.png").unwrap().read_to_end(&mut picture).unwrap();
    assert!(resvg::tiny_skia::Pixmap::decode_png(&picture).unwrap().width() > 1000);
}

#[test]
fn the_wiki_page_has_the_numbers_and_a_diagram_that_mermaid_takes() {
    let (_dir, study) = run_study();
    let page = String::from_utf8(export(&study, "md", &[])).unwrap();
    for felt in table(&study, "emotion.csv") {
        let mean = felt["emotie"].replace('.', ",").replace('-', "−");
        let row = format!("| {} | {mean} |", felt["fase_naam"]);
        let ends = format!("| {} | {} |", felt["n_interviews"], felt["n_quotes"]);
        assert!(page.lines().any(|l| l.starts_with(&row) && l.ends_with(&ends)), "{row} … {ends}");
    }
    let diagram: Vec<&str> = page.split("```").nth(1).unwrap().lines().collect();
    assert_eq!(diagram[..2], ["mermaid", "journey"]);
    assert_eq!(diagram.iter().filter(|l| l.starts_with("    section ")).count(), 5);
    for line in diagram.iter().filter(|l| l.starts_with("      ")) {
        let parts: Vec<&str> = line.split(": ").collect();
        assert!(parts.len() == 3 && ["1", "2", "3", "4", "5"].contains(&parts[1]) && !line.contains(','), "{line}");
    }
    // All rows of a table are as wide as its head.
    let mut width = 0;
    for line in page.lines().map(|l| l.replace("\\|", "")) {
        let here = line.matches('|').count();
        assert!(here == 0 || width == 0 || here == width, "{line}");
        width = here;
    }
}

#[test]
fn a_note_is_made_of_each_item_of_each_phase() {
    let (_dir, study) = run_study();
    let notes = export(&study, "miro", &[]);
    let mut reader = csv::Reader::from_reader(&notes[..]);
    assert_eq!(reader.headers().unwrap().len(), 6);
    let made: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let lanes = ["Activiteiten", "Behoeften", "Winsten", "Pijnpunten"];
    let items = made.iter().filter(|r| lanes.contains(&&r[0]));
    let filled = items.flat_map(|r| r.iter().skip(1)).filter(|c| !c.is_empty()).count();
    assert_eq!(filled, table(&study, "journey.csv").len());
}

/// What Chromium measures: texts that reach beyond their column or their neighbours above and below.
fn overflows(study: &Path, svg: &[u8]) -> String {
    let page = study.join("measure.html");
    let script = "document.fonts.ready.then(() => {
        const svg = document.querySelector('svg'), whole = svg.viewBox.baseVal, wrong = [];
        const column = n => {
            const left = g => Math.min(...[...g.querySelectorAll('text')].map(t => t.getBBox().x));
            const at = n => svg.querySelector(`g[data-part='cijfers ${n}']`);
            const next = at(n + 1);
            return [left(at(n)), next ? left(next) - 12 : whole.width - 36];
        };
        let texts = 0;
        for (const text of svg.querySelectorAll('text')) {
            const box = text.getBBox(), part = text.parentNode.dataset.part;
            texts++;
            if (box.x < 0 || box.y < 0 || box.x + box.width > whole.width || box.y + box.height > whole.height)
                wrong.push('outside: ' + text.textContent);
            const number = /^(.*) (\\d+)$/.exec(part);
            if (number) {
                const [left, right] = column(+number[2]);
                if (box.x < left - 2.5 || box.x + box.width > right + 0.5)
                    wrong.push(part + ': ' + text.textContent + ' ' + [box.x, box.x + box.width, left, right]);
            }
        }
        const faces = [...document.fonts].filter(f => f.status === 'loaded').length;
        document.body.textContent = 'measured ' + texts + ' faces ' + faces + ' wrong ' + wrong.join(' | ');
    })";
    let svg = String::from_utf8(svg.to_vec()).unwrap();
    fs::write(&page, format!("<!DOCTYPE html><meta charset=utf-8><body>{svg}<script>{script}</script>")).unwrap();
    let shown = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", study.join("chromium").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    String::from_utf8(shown.stdout).unwrap()
}

#[test]
fn every_text_of_the_picture_stays_inside_its_column_in_a_real_browser() {
    let (_dir, study) = run_study();
    // Names that are long, and a word that fits no column.
    let toml = fs::read_to_string(study.join("klantreis.toml")).unwrap();
    let long =
        "Ontvangen en de vraag achter de vraag vinden en arbeidsongeschiktheidsverzekeringsmaatschappijenoverleg";
    fs::write(study.join("klantreis.toml"), toml.replace("label = \"Ontvangen\"", &format!("label = \"{long}\"")))
        .unwrap();
    for level in ["basis", "uitgebreid"] {
        let svg = export(&study, "svg", &["--level", level]);
        texts(std::str::from_utf8(&svg).unwrap(), "text");
        let shown = overflows(&study, &svg);
        let measured = shown.split("measured ").nth(1).unwrap_or_else(|| panic!("{shown}"));
        assert!(measured.split(' ').next().unwrap().parse::<usize>().unwrap() > 100, "{measured}");
        assert!(
            measured.contains("faces 3 wrong <") || measured.trim_end().contains("faces 3 wrong </body>"),
            "{level}: {measured}"
        );
    }
}

#[test]
fn pixels_and_paper_show_the_same_map() {
    let (_dir, study) = run_study();
    let picture = resvg::tiny_skia::Pixmap::decode_png(&export(&study, "png", &[])).unwrap();
    assert_eq!((picture.width(), picture.height()), (3174, 2244));
    let colours: BTreeSet<[u8; 3]> = picture.pixels().iter().map(|p| [p.red(), p.green(), p.blue()]).collect();
    // The lanes of needs, gains and pains, and the curve.
    for colour in [[0x44, 0x45, 0xA3], [0x00, 0x73, 0x68], [0xAD, 0x45, 0x0A], [0x15, 0x42, 0x73]] {
        assert!(colours.contains(&colour), "{colour:?}");
    }

    let paper = study.join("made.pdf");
    export(&study, "pdf", &["--level", "uitgebreid"]);
    let said = |program: &str, more: &[&str]| {
        let output = Command::new(program).args(more).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let about = said("pdfinfo", &[paper.to_str().unwrap()]);
    let pages: usize = about.split("Pages:").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    assert!((2..8).contains(&pages) && about.contains("1190.55 x 841.89 pts (A3)"), "{about}");
    // Each page can be read by itself.
    for page in (1..=pages).map(|n| n.to_string()) {
        let words = said("pdftotext", &["-f", &page, "-l", &page, paper.to_str().unwrap(), "-"]);
        assert!(words.contains(&format!("{page}/{pages}")), "{page}");
        for label in phase_labels(&study).values() {
            assert!(words.contains(label), "{label} on page {page}");
        }
    }
    let words = said("pdftotext", &[paper.to_str().unwrap(), "-"]);
    // A quote can be searched for, accents and all.
    assert!(words.contains("“") && words.contains("é"), "{words}");
    export(&study, "pdf", &[]);
    let about = said("pdfinfo", &[paper.to_str().unwrap()]);
    assert!(about.contains("Pages:           1\n") && about.contains("1190.55 x 841.89 pts (A3)"), "{about}");
    assert!(about.contains("Digitale ondersteuning bieden"), "{about}");
}

#[test]
fn every_output_is_the_same_byte_for_byte() {
    let (_dir, study) = run_study();
    for to in ["html", "svg", "png", "pdf", "xlsx", "docx", "md", "miro", "json"] {
        assert!(export(&study, to, &[]) == export(&study, to, &[]), "{to}");
    }
    let shown = well(&["export", study.to_str().unwrap(), "--to", "md", "-o", "-"]);
    assert_eq!(shown.as_bytes(), export(&study, "md", &[]));
    let workbook = fs::read(study.join("klantreis-out/klantreis.xlsx")).unwrap();
    assert!(workbook == export(&study, "xlsx", &[]), "run and export write the same workbook");
}

#[test]
fn phases_and_attributes_can_be_chosen_and_mistakes_say_what_there_is() {
    let (_dir, study) = run_study();
    let dir = study.to_str().unwrap();
    let journey: serde_json::Value =
        serde_json::from_slice(&export(&study, "json", &["--phase", "ontvangen,afronden"])).unwrap();
    let phases: Vec<&str> =
        journey["phases"].as_array().unwrap().iter().map(|p| p["phase"]["id"].as_str().unwrap()).collect();
    assert_eq!(phases, ["ontvangen", "afronden"]);
    let quotes = table(&study, "quotes.csv");
    let kept = quotes.iter().filter(|q| phases.contains(&q["phase"].as_str())).count();
    assert_eq!(journey["n_quotes"], kept);

    let mut book = open(export(&study, "xlsx", &["--by", "perspectief"]));
    let matrix = sheet(&mut book, "Matrix", 6);
    assert!(matrix.iter().all(|row| row["intern: uitspraken"] == row["Alle: uitspraken"]));
    let page = String::from_utf8(export(&study, "md", &["--by", "segment"])).unwrap();
    assert!(page.contains("### Emotie per segment") && page.contains("baliemedewerker (1 interview)"));

    let error = refused(&["export", dir, "--to", "svg", "--phase", "wachten"]);
    assert!(error.contains("\"wachten\"") && error.contains("voorbereiden, ontvangen"), "{error}");
    let error = refused(&["export", dir, "--to", "xlsx", "--by", "leeftijd"]);
    assert!(error.contains("\"leeftijd\"") && error.contains("perspectief, respondent, segment"), "{error}");
}

#[test]
fn an_option_that_would_change_nothing_is_refused() {
    let (_dir, study) = run_study();
    let dir = study.to_str().unwrap();
    for (to, option, value) in [
        ("jsonl", "--columns", "quote,phase"),
        ("parquet", "--delimiter", ";"),
        ("html", "--by", "segment"),
        ("docx", "--level", "basis"),
        ("html", "--view", "curve"),
        ("qdc", "--dialect", "maxqda"),
        ("csv", "--partition-by", "phase"),
    ] {
        let error = refused(&["export", dir, "--to", to, option, value]);
        assert!(error.contains(option) && error.contains("would change nothing here: that is for --to "), "{error}");
    }
}

#[test]
fn tables_go_into_a_folder() {
    let (_dir, study) = run_study();
    let folder = study.join("los");
    well(&["export", study.to_str().unwrap(), "--to", "csv", "-o", folder.to_str().unwrap()]);
    for name in ["quotes.csv", "journey.csv", "emotion.csv"] {
        assert_eq!(fs::read(folder.join(name)).unwrap(), fs::read(study.join("klantreis-out").join(name)).unwrap());
    }
}

#[test]
fn a_study_in_english_is_told_in_english_and_an_empty_one_says_so() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("interviews")).unwrap();
    fs::write(dir.path().join("klantreis.toml"), "title = \"Borrowing\"\nlanguage = \"en\"\n").unwrap();
    fs::write(dir.path().join("interviews/talk.txt"), "I: Hoe ging het?\nR: Hm.\n").unwrap();
    for to in ["svg", "png", "pdf", "xlsx", "docx", "md", "miro"] {
        export(dir.path(), to, &[]);
    }
    let mut book = open(export(dir.path(), "xlsx", &[]));
    assert!(book.sheet_names().contains(&"Opportunities".to_owned()));
    assert!(book.worksheet_range("Quotes").is_ok());
    let page = String::from_utf8(export(dir.path(), "md", &[])).unwrap();
    assert!(page.contains("no quotes found") && !page.contains("uitspra"), "{page}");
    let svg = String::from_utf8(export(dir.path(), "svg", &[])).unwrap();
    assert!(svg.contains("no quotes found in 1 interview") && svg.contains("xml:lang=\"en\""));
}
