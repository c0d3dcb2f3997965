//! Bad files get a message that names the cause and the way out; nothing panics and the rest is read.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use klantreis_ingest::{Reading, parse, read_file, transcript_files};
use klantreis_study::{Severity, Study};
use zip::{ZipWriter, write::SimpleFileOptions};

fn read(bytes: &[u8], file: &str) -> Reading {
    parse(bytes, file, &Study::parse("").unwrap())
}

/// The one message that a file gets.
fn refused(bytes: &[u8], file: &str) -> String {
    let reading = read(bytes, file);
    assert!(reading.interviews.is_empty(), "{file}");
    assert_eq!(reading.problems.len(), 1, "{file}: {:?}", reading.problems);
    assert_eq!(reading.problems[0].severity, Severity::Error);
    assert_eq!(reading.problems[0].file, file);
    reading.problems[0].message.clone()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ENDINGS: [&str; 17] = [
    "txt", "md", "vtt", "srt", "sbv", "docx", "odt", "rtf", "pdf", "html", "json", "tsv", "csv", "xlsx", "ods", "zip",
    "qdpx",
];

#[test]
fn an_empty_file_is_refused_in_every_format() {
    for ending in ENDINGS {
        let message = refused(b"", &format!("leeg.{ending}"));
        assert!(message.len() > 20, "{ending}: {message}");
    }
}

#[test]
fn a_text_of_nothing_but_lines_takes_no_more_room_than_a_million_of_them() {
    let lines = "\n".repeat(1_100_000);
    for (name, head, tail) in [
        ("a.txt", "I: Ja?\nR: Ja.\n", "R: Nee.\n"),
        (
            "a.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\nJa?\n\n00:01.000 --> 00:02.000\nJa.\n",
            "00:03.000 --> 00:04.000\nNee.",
        ),
    ] {
        let reading = read(format!("{head}{lines}{tail}").as_bytes(), name);
        assert!(reading.interviews[0].transcript.turns.iter().all(|turn| !turn.text.contains("Nee")), "{name}");
        let said = &reading.interviews[0].transcript.problems;
        assert!(said.iter().any(|problem| problem.message.contains("split the file")), "{name}: {said:?}");
    }
}

#[test]
fn an_archive_without_anything_to_read_says_so() {
    assert!(refused(&zipped(&[]), "a.zip").contains("no file that could be a transcript"));
    assert!(refused(&zipped(&[("__MACOSX/a.txt", b"x")]), "a.zip").contains("no file that could be a transcript"));
    // One byte too many before the heads of its parts; fuzzing found it.
    let reading = read(include_bytes!("fixtures/broken/head-of-a-part.zip"), "a.zip");
    assert!(reading.problems.iter().any(|problem| problem.message.contains("damaged")), "{:?}", reading.problems);
}

#[test]
fn a_table_of_questions_without_answers_is_refused() {
    assert!(refused(b"id;Hoe ging het?\nr1;\nr2; \n", "a.csv").contains("no row below its heads"));
}

#[test]
fn what_unpacks_to_too_much_is_not_unpacked() {
    let zeros = vec![b' '; 70 << 20];
    for (name, part) in [("a.docx", "word/document.xml"), ("a.odt", "content.xml"), ("a.xlsx", "xl/sharedStrings.xml")]
    {
        let bomb = zipped(&[(part, &zeros)]);
        assert!(bomb.len() < 200_000);
        assert!(refused(&bomb, name).contains("more than 64 MB"), "{name}");
    }
    let bundle = read(&zipped(&[("bom.txt", &zeros), ("goed.txt", b"I: Ja?\nR: Ja.\n")]), "a.zip");
    assert_eq!((bundle.interviews.len(), bundle.problems.len()), (1, 1));
}

#[test]
fn entities_that_multiply_and_levels_without_end_are_harmless() {
    let mut laughs = String::from("<!DOCTYPE d [<!ENTITY a0 'ha'>");
    for n in 1..30 {
        laughs += &format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(10));
    }
    laughs += "]><w:document><w:p><w:r><w:t>R: &a29; ja</w:t></w:r></w:p></w:document>";
    let reading = read(&zipped(&[("word/document.xml", laughs.as_bytes())]), "a.docx");
    assert_eq!(reading.interviews[0].transcript.turns[0].text, "ja");
    let deep = "<a>".repeat(10_000);
    assert!(refused(&zipped(&[("word/document.xml", deep.as_bytes())]), "a.docx").contains("levels"));
    assert!(refused(&zipped(&[("content.xml", deep.as_bytes())]), "a.odt").contains("levels"));
    assert!(refused(&zipped(&[("project.qde", deep.as_bytes())]), "a.qdpx").contains("levels"));
    assert!(refused("[".repeat(10_000).as_bytes(), "a.json").contains("JSON"));
    assert!(refused(format!("{{\\rtf1{}", "{".repeat(10_000)).as_bytes(), "a.rtf").contains("groups"));
}

#[test]
fn paths_that_leave_an_archive_are_left_out_and_the_rest_is_read() {
    let talk = b"I: Ja?\nR: Ja.\n";
    let reading = read(
        &zipped(&[
            ("../../weg.txt", talk),
            ("/etc/weg.txt", talk),
            ("C:\\weg.txt", talk),
            ("map/goed.txt", talk),
            ("van\\windows.txt", talk),
            ("in.zip", talk),
        ]),
        "a.zip",
    );
    let files: Vec<_> = reading.interviews.iter().map(|i| i.transcript.file.as_str()).collect();
    assert_eq!(files, ["a.zip/map/goed.txt", "a.zip/van/windows.txt"]);
    assert_eq!(reading.problems.iter().filter(|p| p.message.contains("leaves the archive")).count(), 3);
    assert!(reading.problems.iter().any(|p| p.message.contains("archive in an archive")));
}

#[test]
fn damaged_old_and_locked_files_are_told_apart() {
    let whole =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/libreoffice/interview-4.docx")).unwrap();
    assert!(refused(&whole[..whole.len() / 2], "a.docx").contains("damaged or incomplete"));
    assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx").contains("without a password"));
    assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls").contains("old Office file"));
    let locked = zipped(&[("META-INF/manifest.xml", b"<manifest:encryption-data/>"), ("content.xml", b"x")]);
    assert!(refused(&locked, "a.odt").contains("password"));
    assert!(refused(b"R: ja\0\0\0\0\x01\x02\0 nee", "a.txt").contains("zero bytes"));
    assert!(refused(b"%PDF-1.7 and no more", "a.pdf").contains("can't be read"));
    assert_eq!(
        read(b"{\\rtf1 I: Ja?\\par R: Ja.\\par}", "a.doc").interviews.len(),
        1,
        "rich text is often called .doc"
    );
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

#[test]
fn real_files_with_a_password_are_said_to_have_one() {
    for name in ["locked.docx", "locked.pdf"] {
        let message = refused(&fixture(&format!("locked/{name}")), name);
        assert!(message.contains("password") && message.contains("without"), "{name}: {message}");
    }
    let zip = read(&fixture("locked/locked.zip"), "locked.zip");
    assert!(zip.interviews.is_empty());
    assert!(zip.problems[0].message.contains("without one") && zip.problems[0].file == "locked.zip/gesprek.txt");
    let locked = zipped(&[("META-INF/manifest.xml", b"<manifest:encryption-data/>"), ("content.xml", b"x")]);
    assert!(refused(&locked, "a.ods").contains("password"));
    // A password before changes only is no reason not to read it.
    let free = read(&fixture("locked/restricted.pdf"), "a.pdf");
    assert_eq!(free.interviews[0].transcript.turns.len(), 2, "{:?}", free.problems);
}

#[test]
fn files_that_break_off_are_said_to() {
    for ending in ["docx", "odt", "ods", "pdf"] {
        let whole = fixture(&format!("libreoffice/interview-4.{ending}"));
        for part in [whole.len() / 10, whole.len() / 2, whole.len() - 40] {
            let reading = read(&whole[..part], &format!("a.{ending}"));
            let said = reading
                .problems
                .iter()
                .any(|p| p.message.contains("damaged or incomplete") || p.message.contains("can't be read"));
            assert!(said || !reading.interviews.is_empty(), "{ending}, {part}: {:?}", reading.problems);
            // An archive has its table of contents at the end: without it nothing of it is right.
            assert!(ending == "pdf" || said, "{ending}, {part}: {:?}", reading.problems);
        }
    }
    assert!(refused(br#"{"segments": [{"text": "Hoe ging"#, "a.json").contains("ends in the middle"));
    let cut = read(b"a;b\nspreker;tekst\nI;\"Hoe", "a.csv");
    assert!(!cut.interviews.is_empty() || !cut.problems.is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_changes_while_it_is_read_is_left_out_and_what_is_no_file_is_said() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let study = Study::parse("").unwrap();
    // The kernel's files have no size and give bytes all the same, as does one that is written while we read.
    let growing = read_file(&study, Path::new("/proc/self/status"));
    assert!(growing.problems[0].message.contains("was changed while it was read"), "{:?}", growing.problems);

    let root = std::env::temp_dir().join(format!("klantreis-no-files-{}", std::process::id()));
    fs::create_dir_all(root.join("map.txt")).unwrap();
    symlink("nergens", root.join("weg.txt")).unwrap();
    symlink("/usr", root.join("elders")).unwrap();
    let _socket = UnixListener::bind(root.join("deur.txt")).unwrap();
    fs::write(root.join("map.txt/goed.txt"), "I: Ja?\nR: Ja.\n").unwrap();
    let study = Study::load(&root).unwrap();
    let files = transcript_files(&study);
    assert_eq!(files.transcripts.len(), 1, "{files:?}");
    for (name, message) in [("weg.txt", "link"), ("elders", "link"), ("deur.txt", "no plain file")] {
        assert!(files.problems.iter().any(|p| p.file == name && p.message.contains(message)), "{name}: {files:?}");
    }
    assert!(read_file(&study, &root.join("map.txt")).problems[0].message.contains("is a folder"));
    assert!(read_file(&study, &root.join("weg.txt")).problems[0].message.contains("is not there"));
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_pdf_of_pictures_is_said_to_be_a_scan() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources<<>>/Contents 4 0 R>>",
        "<</Length 10>>\nstream\n0 0 m 9 9 l\nendstream",
    ];
    let (mut pdf, mut places) = (String::from("%PDF-1.4\n"), Vec::new());
    for (n, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = pdf.len();
    pdf += "xref\n0 5\n0000000000 65535 f \n";
    places.iter().for_each(|at| pdf += &format!("{at:010} 00000 n \n"));
    pdf += &format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    assert!(refused(pdf.as_bytes(), "a.pdf").contains("is a scan"));
}

#[test]
fn a_sheet_with_one_cell_in_its_last_corner_takes_no_room() {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let cell = |at: &str, text: &str| format!("<c r='{at}' t='inlineStr'><is><t>{text}</t></is></c>");
    let rows = format!(
        "<row r='1'>{}{}</row><row r='2'>{}{}</row><row r='3'>{}{}</row><row r='1048576'>{}</row>",
        cell("A1", "Spreker"),
        cell("B1", "Tekst"),
        cell("A2", "I"),
        cell("B2", "Hoe?"),
        cell("A3", "R"),
        cell("B3", "Goed."),
        cell("XFD1048576", "x")
    );
    let sheet = format!("<worksheet xmlns='{main}'><sheetData>{rows}</sheetData></worksheet>");
    let book = format!(
        "<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='Blad1' sheetId='1' r:id='r1'/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
    );
    let bytes = zipped(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let reading = read(&bytes, "a.xlsx");
    assert_eq!(reading.interviews.len(), 1, "{:?}", reading.problems);
    assert_eq!(reading.interviews[0].transcript.turns.len(), 2);
}

#[test]
fn one_line_of_megabytes_is_read() {
    let line = format!("I: Hoe?\nR: {}", "En toen ging ik weer verder. ".repeat(70_000));
    let turns = &read(line.as_bytes(), "a.txt").interviews[0].transcript.turns;
    assert_eq!(turns[1].sentences.len(), 70_000);
    for ending in ["vtt", "json", "csv", "html", "rtf"] {
        let _ = read("x:<[({#".repeat(50_000).as_bytes(), &format!("a.{ending}"));
    }
}

#[test]
#[cfg(unix)]
fn folders_with_loops_odd_names_and_giants_are_walked_through() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let root = std::env::temp_dir().join(format!("klantreis-limits-{}", std::process::id()));
    let dir = root.join("interviews/lus");
    fs::create_dir_all(&dir).unwrap();
    symlink(&root, dir.join("rond")).unwrap();
    symlink("/etc/passwd", dir.join("elders.txt")).unwrap();
    let talk = "I: Ja?\nR: Ja.\n";
    fs::write(dir.join("goed.txt"), talk).unwrap();
    fs::write(dir.join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), talk).unwrap();
    fs::File::create(dir.join("reus.txt")).unwrap().set_len(200 << 20).unwrap();
    let study = Study::load(&root).unwrap();
    let files = transcript_files(&study);
    assert!(files.problems.iter().any(|p| p.file.ends_with("elders.txt") && p.message.contains("link")));
    let readings: Vec<Reading> = files.transcripts.iter().map(|path| read_file(&study, path)).collect();
    assert_eq!(readings.iter().map(|r| r.interviews.len()).sum::<usize>(), 2);
    assert!(readings.iter().flat_map(|r| &r.problems).any(|p| p.message.contains("larger than 100 MB")));
    fs::remove_file(dir.join("goed.txt")).unwrap();
    let gone = read_file(&study, &dir.join("goed.txt"));
    assert!(gone.problems[0].message.contains("can't be read"));
    fs::remove_dir_all(root).unwrap();
}
