//! One interview in each of the formats that researchers get gives the same turns, speakers and times.

#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
};

use klantreis_ingest::parse;
use klantreis_study::{Role, Study};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A turn: whether the interviewer speaks, what is said, and when, in seconds.
struct Turn {
    asks: bool,
    text: String,
    start: u64,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn interview() -> Vec<Turn> {
    let text = std::fs::read_to_string(root().join("tests/fixtures/bieden/interview-4.txt")).unwrap();
    let (mut out, mut at) = (Vec::new(), 4);
    for line in text.lines() {
        let Some((label, said)) = line.split_once(": ").filter(|(label, _)| label.len() == 1) else { continue };
        out.push(Turn { asks: label == "I", text: said.to_owned(), start: at });
        at += 1 + said.split(' ').count() as u64 / 2;
    }
    assert_eq!(out.len(), 98);
    out
}

fn clock(seconds: u64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn short(seconds: u64) -> String {
    if seconds < 3600 { format!("{}:{:02}", seconds / 60, seconds % 60) } else { clock(seconds) }
}

fn name(turn: &Turn) -> &'static str {
    if turn.asks { "Sanne Vos" } else { "Piet van der Meer" }
}

fn each(turns: &[Turn], line: impl Fn(usize, &Turn) -> String) -> String {
    turns.iter().enumerate().map(|(n, turn)| line(n, turn)).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let body = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>{body}</w:body></w:document>"
    );
    zipped(&[("word/document.xml", body.into_bytes())])
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space='preserve'>{}</w:t></w:r>", escape(text))
}

fn paragraph(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut sheet =
        String::from("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>");
    for (r, row) in rows.iter().enumerate() {
        let _ = write!(sheet, "<row r='{}'>", r + 1);
        for (c, cell) in row.iter().enumerate() {
            let _ = write!(
                sheet,
                "<c r='{}{}' t='inlineStr'><is><t>{}</t></is></c>",
                (b'A' + c as u8) as char,
                r + 1,
                escape(cell)
            );
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    zipped(&[
        ("[Content_Types].xml", format!("<Types xmlns='{package}/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>").into_bytes()),
        ("_rels/.rels", format!("<Relationships xmlns='{package}/relationships'><Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>").into_bytes()),
        ("xl/workbook.xml", format!("<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='{office}'><sheets><sheet name='Blad1' sheetId='1' r:id='r1'/></sheets></workbook>").into_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns='{package}/relationships'><Relationship Id='r1' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>").into_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

fn csv(rows: &[Vec<String>], separator: &str) -> Vec<u8> {
    let cell = |c: &String| format!("\"{}\"", c.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(separator) + "\r\n";
    rows.iter().map(line).collect::<String>().into_bytes()
}

/// A format: its name, the file, whether it tells who speaks and when.
struct Case(&'static str, &'static str, Vec<u8>, bool, bool);

fn text_cases(t: &[Turn], out: &mut Vec<Case>) {
    let mut add = |name, text: String, times| out.push(Case(name, "a.txt", text.into_bytes(), true, times));
    add("labels", each(t, |_, t| format!("{}: {}\n\n", if t.asks { "I" } else { "R" }, t.text)), false);
    add("labels and tabs", each(t, |_, t| format!("{}\t{}\n", if t.asks { "I" } else { "R" }, t.text)), false);
    add(
        "Spreker 1, lines of their own",
        each(t, |_, t| format!("Spreker {}\n{}\n\n", 2 - u8::from(t.asks), t.text)),
        false,
    );
    add("names in brackets", each(t, |_, t| format!("({})\n{}\n", name(t), t.text)), false);
    add("by hand, with times", each(t, |_, t| format!("[{}]{}: {}\n", clock(t.start), name(t), t.text)), true);
    add(
        "Otter",
        each(t, |_, t| format!("{}  {}  \n{}\n\n", name(t), short(t.start), t.text))
            + "Transcribed by https://otter.ai\n",
        true,
    );
    add("Rev", each(t, |_, t| format!("{} ({}):\n{}\n\n", name(t), clock(t.start), t.text)), true);
    add("Descript", each(t, |_, t| format!("{} ({}): {}\n\n", name(t), clock(t.start), t.text)), true);
    add("Zoom, tabs", each(t, |_, t| format!("{}\t{}\t{}\n", clock(t.start), name(t), t.text)), true);
    add(
        "f4, mark before",
        each(t, |_, t| format!("#{}-0# {}: {}\n", clock(t.start), if t.asks { "I" } else { "B" }, t.text)),
        true,
    );
    // A mark behind a paragraph is the beginning of the next; the first has none.
    let next = |n: usize| t.get(n + 1).map_or(9999, |t| t.start);
    add(
        "f4, mark behind",
        each(t, |n, t| format!("{}: {} #{}-0#\n", if t.asks { "I" } else { "B" }, t.text, clock(next(n)))),
        true,
    );
    add("MAXQDA", each(t, |_, t| format!("{}.0{}: {}\n", clock(t.start), name(t), t.text)), true);
    add("noScribe", each(t, |_, t| format!("{}: [{}] {}\n\n", name(t), clock(t.start), t.text)), true);
    add("Windows-1252", String::new(), false);
    let latin = each(t, |_, t| format!("{}: {}\r\n\r\n", if t.asks { "I" } else { "R" }, t.text));
    out.last_mut().unwrap().2 = encoding_rs::WINDOWS_1252.encode(&latin).0.into_owned();
}

fn subtitle_cases(t: &[Turn], out: &mut Vec<Case>) {
    let time = |s: u64, point: &str| format!("{}{point}000", clock(s));
    let end = |n: usize| t.get(n + 1).map_or(9999, |t| t.start);
    let teams: Vec<String> = t
        .iter()
        .enumerate()
        .map(|(n, t)| {
            format!(
                "1f0c6b1e-7a52/{n}-0\n{} --> {}\n<v {}>{}</v>\n\n",
                time(t.start, "."),
                time(end(n), "."),
                name(t),
                escape(&t.text)
            )
        })
        .collect();
    // Cues of Teams come out of order now and then.
    let shuffled: String = teams.chunks(3).flat_map(|chunk| chunk.iter().rev()).cloned().collect();
    let zoom = each(t, |n, t| {
        format!("{}\n{} --> {}\n{}: {}\n\n", n + 1, time(t.start, "."), time(end(n), "."), name(t), t.text)
    });
    let srt = each(t, |n, t| {
        format!("{}\n{} --> {}\n{}:\n{}\n\n", n + 1, time(t.start, ","), time(end(n), ","), name(t), t.text)
    });
    let sbv = each(t, |n, t| format!("{}.000,{}.000\n{}: {}\n\n", clock(t.start), clock(end(n)), name(t), t.text));
    out.push(Case("Teams vtt, out of order", "a.vtt", format!("WEBVTT\n\n{shuffled}").into_bytes(), true, true));
    out.push(Case("Zoom vtt", "a.vtt", format!("WEBVTT\n\n{zoom}").into_bytes(), true, true));
    out.push(Case("srt, names on lines", "a.srt", srt.into_bytes(), true, true));
    out.push(Case("sbv", "a.sbv", sbv.into_bytes(), true, true));
}

fn word_cases(t: &[Turn], out: &mut Vec<Case>) {
    let mut add = |name, body: String, times| out.push(Case(name, "a.docx", docx(&body), true, times));
    let whole = each(t, |_, t| {
        format!(
            "<w:p>{}<w:r><w:t xml:space='preserve'>   {}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>",
            run(name(t)),
            short(t.start),
            escape(&t.text).replace(". ", ".</w:t><w:br/><w:t>")
        )
    });
    let around = |body: &str| {
        paragraph("Gesprek-20260314-Opname")
            + &paragraph("14 maart 2026")
            + &paragraph("Sanne Vos started transcription")
            + body
            + &paragraph("Sanne Vos stopped transcription")
    };
    add("Teams 2026 docx", around(&whole), true);
    add(
        "older Teams docx",
        each(t, |_, t| {
            paragraph(&format!("{}.0 --> {}.500", short_hours(t.start), short_hours(t.start + 1)))
                + &paragraph(name(t))
                + &paragraph(&t.text)
        }),
        true,
    );
    let summary = [
        "Notes by Gemini",
        "Summary",
        "Piet van der Meer: wil meer tijd.",
        "Sanne Vos: vraagt door.",
        "Piet van der Meer: ook geld.",
        "Suggested next steps",
        "Sanne Vos: belt.",
        "📖 Transcript",
    ];
    let meet = each(t, |_, t| paragraph(&clock(t.start)) + &paragraph(&format!("{}: {}", name(t), t.text)));
    add(
        "Google Meet docx",
        summary.map(paragraph).concat() + &meet + &paragraph("Meeting ended after 00:26:10 👋"),
        true,
    );
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    add(
        "two-column table docx",
        format!("<w:tbl>{}</w:tbl>", each(t, |_, t| format!("<w:tr>{}{}</w:tr>", cell(name(t)), cell(&t.text)))),
        false,
    );
    add(
        "bold names docx",
        each(t, |_, t| {
            format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>{}</w:p>", name(t), run(&format!(" {}", t.text)))
        }),
        false,
    );
    let tracked = each(t, |n, t| {
        let (a, b) = t.text.split_at(t.text.find(' ').unwrap_or(t.text.len()));
        format!(
            "<w:p>{}<w:ins w:id='{n}'>{}</w:ins><w:del><w:r><w:delText>weg </w:delText></w:r></w:del><w:commentRangeStart w:id='1'/>{}<w:r><w:commentReference w:id='1'/></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>",
            run(if t.asks { "I: " } else { "R: " }),
            run(a),
            run(b)
        )
    });
    add("tracked changes docx", tracked, false);
}

fn short_hours(seconds: u64) -> String {
    format!("{}:{}:{}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn data_cases(t: &[Turn], out: &mut Vec<Case>) {
    let end = |n: usize| t.get(n + 1).map_or(9999, |t| t.start);
    let segments: Vec<_> = t.iter().enumerate().map(|(n, t)| serde_json::json!({"id": n, "start": t.start as f64, "end": end(n) as f64, "text": format!(" {}", t.text), "speaker": if t.asks { "SPEAKER_00" } else { "SPEAKER_01" }})).collect();
    let whisperx = serde_json::json!({"language": "nl", "segments": segments, "word_segments": []});
    let words = |t: &Turn| {
        t.text
            .split(' ')
            .map(|w| serde_json::json!({"text": w, "start": t.start as f64, "end": t.start as f64 + 0.5, "conf": 0.9}))
            .collect::<Vec<_>>()
    };
    let segments: Vec<_> = t
        .iter()
        .map(|t| serde_json::json!({"speaker": if t.asks { "spk1" } else { "spk2" }, "words": words(t)}))
        .collect();
    let amberscript = serde_json::json!({"id": "x", "segments": segments, "speakers": [{"spkid": "spk1", "name": "Sanne"}, {"spkid": "spk2", "name": "Piet"}]});
    out.push(Case("WhisperX json", "a.json", whisperx.to_string().into_bytes(), true, true));
    out.push(Case("Amberscript-like json", "a.json", amberscript.to_string().into_bytes(), true, true));
    let tsv = format!(
        "start\tend\tspeaker\ttext\n{}",
        each(t, |n, t| format!("{}\t{}\t{}\t{}\n", t.start * 1000, end(n) * 1000, name(t), t.text))
    );
    out.push(Case("tsv in milliseconds", "a.tsv", tsv.into_bytes(), true, true));
    let mut rows = vec![["Tijd", "Spreker", "Tekst"].map(str::to_owned).to_vec()];
    rows.extend(t.iter().map(|t| vec![clock(t.start), name(t).to_owned(), t.text.clone()]));
    out.push(Case("csv, a turn a row", "a.csv", csv(&rows, ","), true, true));
    out.push(Case("csv with ;", "a.csv", csv(&rows, ";"), true, true));
    out.push(Case("xlsx, a turn a row", "a.xlsx", xlsx(&rows), true, true));
    let whole = each(t, |_, t| format!("{}: {}\n", if t.asks { "I" } else { "R" }, t.text));
    let one = vec![
        vec!["id".to_owned(), "segment".to_owned(), "transcript".to_owned()],
        vec!["p1".to_owned(), "starter".to_owned(), whole.clone()],
    ];
    out.push(Case("csv, an interview a row", "a.csv", csv(&one, ","), true, false));
    out.push(Case("xlsx, an interview a row", "a.xlsx", xlsx(&one), true, false));
    let html = each(t, |_, t| format!("<p><b>{}</b> {}</p>\n", name(t), escape(&t.text)));
    out.push(Case(
        "html, bold names",
        "a.html",
        format!("<html><head><title>x</title></head><body><h1>Gesprek</h1>{html}</body></html>").into_bytes(),
        true,
        false,
    ));
    let rtf = each(t, |n, t| {
        let text: String =
            t.text.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{}?", c as u32) }).collect();
        format!("{{\\b {}:}} {text} #{}-0#\\par\n", if t.asks { "I" } else { "B" }, clock(end(n)))
    });
    out.push(Case("f4 rtf, mark behind", "a.rtf", format!("{{\\rtf1\\ansi\\uc1 {rtf}}}").into_bytes(), true, true));
    out.push(Case(
        "zip",
        "a.zip",
        zipped(&[("map/gesprek.txt", whole.clone().into_bytes()), ("__MACOSX/x.txt", b"x".to_vec())]),
        true,
        false,
    ));
    let project =
        "<Project><Sources><TextSource guid='s' name='gesprek' plainTextPath='internal://s.txt'/></Sources></Project>";
    out.push(Case(
        "qdpx",
        "a.qdpx",
        zipped(&[("project.qde", project.into()), ("sources/s.txt", whole.into_bytes())]),
        true,
        false,
    ));
}

fn saved_cases(out: &mut Vec<Case>) {
    for (name, file) in [
        ("LibreOffice docx", "a.docx"),
        ("LibreOffice odt", "a.odt"),
        ("LibreOffice rtf", "a.rtf"),
        ("LibreOffice html", "a.html"),
        ("LibreOffice pdf", "a.pdf"),
        ("LibreOffice ods, a turn a row", "a.ods"),
    ] {
        let saved = file.replacen('a', "interview-4", 1);
        let path = root().join("crates/ingest/tests/fixtures/libreoffice").join(saved);
        out.push(Case(name, file, std::fs::read(path).unwrap(), true, file.ends_with("ods")));
    }
}

#[test]
fn every_format_gives_the_same_turns_speakers_and_times() {
    let turns = interview();
    let mut cases = Vec::new();
    text_cases(&turns, &mut cases);
    subtitle_cases(&turns, &mut cases);
    word_cases(&turns, &mut cases);
    data_cases(&turns, &mut cases);
    saved_cases(&mut cases);
    let study = Study::parse("").unwrap();
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for Case(name, file, bytes, speakers, times) in cases {
        let reading = parse(&bytes, file, &study);
        let found: Vec<_> = reading.interviews.iter().flat_map(|i| &i.transcript.turns).collect();
        let pairs = || found.iter().zip(&turns);
        let said = pairs().filter(|(a, b)| a.text == b.text).count();
        let who = pairs().filter(|(a, b)| (a.role == Role::Interviewer) == b.asks).count();
        let when = pairs().filter(|(a, b)| a.start.is_some_and(|s| s.0 == b.start * 1000)).count();
        let all = turns.len();
        let of = |told: bool, n: usize| if told { format!("{n} of {all}") } else { "not told".to_owned() };
        let _ = writeln!(table, "{name:<32} {said} of {all}   {}   {}", of(speakers, who), of(times, when));
        // What f4 writes behind the paragraphs says nothing of when the first begins.
        let enough = if name.contains("behind") { all - 1 } else { all };
        if found.len() != all || said < all || (speakers && who < all) || (times && when < enough) {
            let first = pairs().find(|(a, b)| a.text != b.text).map(|(a, b)| format!("\n  {}\n  {}", a.text, b.text));
            wrong.push(format!("{name}: {} turns {:?} {}", found.len(), reading.problems, first.unwrap_or_default()));
        }
    }
    println!("{:<32} turns   speakers   times\n{table}", "format");
    assert!(wrong.is_empty(), "{table}\n{}", wrong.join("\n"));
}
