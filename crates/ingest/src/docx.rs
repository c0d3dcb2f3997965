//! Word documents: paragraphs of runs, a header table with attributes, tracked changes accepted.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event, attributes::Attribute},
};

use crate::{
    plain,
    roles::is_label,
    speech::{Speech, attribute, clock, is_recurring_name, may_speak, name_and_text},
};

/// Bytes that a document may unpack to: an interview of a day is below 5 MB.
const LARGEST: u64 = 64 << 20;

/// Levels of XML that a document may have: Word's own have some thirty.
const DEEPEST: usize = 256;

/// Takes a document apart, or says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Speech, String> {
    let damaged = |e: &dyn std::fmt::Display| {
        format!("this Word document is damaged or incomplete ({e}); open it in a word processor and save it again")
    };
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(
            "this is an old Word document (.doc) or one with a password; open it in a word processor and save it as \
                    .docx without a password"
                .to_owned(),
        );
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let file = archive.by_name("word/document.xml").map_err(|e| damaged(&e))?;
    let mut xml = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut xml).map_err(|e| damaged(&e))?;
    if read as u64 > LARGEST {
        return Err("this Word document unpacks to more than 64 MB; split it into one file an interview".to_owned());
    }
    let (paragraphs, rows) = paragraphs(&xml).map_err(|e| damaged(&e))?;
    let mut speech = plain::read(&paragraphs.join("\n"));
    for row in rows {
        if let [key, value] = row.as_slice()
            && let Some((key, value)) = attribute(&format!("{}: {value}", key.trim_end_matches(':')))
        {
            speech.attributes.insert(key, value);
        }
    }
    Ok(speech)
}

/// A paragraph, and how many bytes of it are bold from its beginning.
type Line = (String, usize);

/// Bold names without a colon as speakers: "**Anna** Goed" is "Anna: Goed", where the name recurs or is a usual label.
fn mark_bold_speakers(lines: Vec<Line>) -> Vec<String> {
    let name = |(text, bold): &Line| {
        let (name, rest) = (text.get(..*bold)?.trim(), text.get(*bold..)?);
        let colon = name.contains(':') || rest.trim_start().starts_with(':');
        (!colon && name_and_text(&format!("{name}:")).is_some()).then(|| name.to_owned())
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in lines.iter().filter_map(name) {
        *counts.entry(name).or_default() += 1;
    }
    let speaks = |name: &str| is_label(name) || counts.get(name).is_some_and(|n| is_recurring_name(name, *n));
    let mark = |line: Line| match name(&line).filter(|n| speaks(n)) {
        Some(name) => format!("{name}: {}", &line.0[line.1..]),
        None => line.0,
    };
    lines.into_iter().map(mark).collect()
}

/// The rows of a table of talk as lines: speaker and text, with a time before them or without. `None` for a table of
/// attributes, whose first cells are all different and no "I" or "R".
fn talk(rows: &[Vec<String>]) -> Option<Vec<String>> {
    let mut names = BTreeMap::new();
    let mut lines = Vec::new();
    for row in rows {
        let (time, name, said) = match row.as_slice() {
            [name, said] => (None, name, said),
            [time, name, said] if clock(time).is_some() => (Some(time), name, said),
            // The heads of the columns.
            [_, _, _] if lines.is_empty() => continue,
            _ => return None,
        };
        let name = name.trim_end_matches(':');
        *names.entry(name).or_insert(0usize) += 1;
        lines.push(time.map(|t| format!("[{t}] ")).unwrap_or_default() + name + ": " + said);
    }
    let speaks = |(name, n): (&&str, &usize)| *n >= 2 && may_speak(name) || (name.len() == 1 && is_label(name));
    names.iter().any(speaks).then_some(lines)
}

/// The paragraphs and tables of talk as lines, and the rows of other tables as cells.
fn paragraphs(xml: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>), String> {
    let mut reader = Reader::from_reader(xml);
    let mut lines: Vec<Line> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let (mut text, mut cell) = (String::new(), String::new());
    // The bytes of `text` that are bold from its beginning, and whether this run is.
    let (mut bold, mut in_run, mut run_bold, mut fresh_bold) = (0usize, false, false, false);
    let (mut in_text, mut deleted, mut tables, mut depth) = (false, 0usize, 0usize, 0usize);
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|e| e.to_string())?;
        match &event {
            Event::Start(e) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err("its XML has more than 256 levels".to_owned());
                }
                match e.local_name().as_ref() {
                    "t" => {
                        in_text = deleted == 0;
                        fresh_bold = in_text && run_bold && bold == text.len();
                    }
                    "r" => (in_run, run_bold) = (true, false),
                    "b" if in_run => run_bold = is_on(e),
                    // What is in `Fallback` stands in `Choice` too.
                    "del" | "moveFrom" | "Fallback" => deleted += 1,
                    "tbl" => tables += 1,
                    _ => {}
                }
            }
            Event::Empty(e) => match e.local_name().as_ref() {
                "br" | "cr" => text.push('\n'),
                "tab" => text.push(' '),
                "noBreakHyphen" if deleted == 0 => text.push('-'),
                "b" if in_run => run_bold = is_on(e),
                _ => {}
            },
            Event::Text(t) if in_text => text.push_str(t.as_ref()),
            Event::GeneralRef(r) if in_text => match r.as_ref() {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                _ => {
                    if let Ok(Some(c)) = r.resolve_char_ref() {
                        text.push(c);
                    }
                }
            },
            Event::End(e) => {
                depth = depth.saturating_sub(1);
                match e.local_name().as_ref() {
                    "t" => {
                        in_text = false;
                        if std::mem::take(&mut fresh_bold) {
                            bold = text.len();
                        }
                    }
                    "r" => in_run = false,
                    "del" | "moveFrom" | "Fallback" => deleted = deleted.saturating_sub(1),
                    "p" if tables == 0 => {
                        for line in std::mem::take(&mut text).split('\n') {
                            let bold = std::mem::take(&mut bold).min(line.len());
                            lines.push((line.to_owned(), bold));
                        }
                    }
                    "p" => {
                        bold = 0;
                        cell.push_str(&std::mem::take(&mut text).replace('\n', " "));
                        cell.push(' ');
                    }
                    "tc" => row.push(std::mem::take(&mut cell).trim().to_owned()),
                    "tr" => table.push(std::mem::take(&mut row)),
                    "tbl" => {
                        tables = tables.saturating_sub(1);
                        if tables == 0 {
                            let cells = std::mem::take(&mut table);
                            match talk(&cells) {
                                Some(said) => lines.extend(said.into_iter().map(|line| (line, 0))),
                                None => rows.extend(cells),
                            }
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if depth > 0 => return Err("it ends in the middle".to_owned()),
            Event::Eof => return Ok((mark_bold_speakers(lines), rows)),
            _ => {}
        }
        buffer.clear();
    }
}

/// Whether a switch such as `<w:b/>` or `<w:b w:val="0"/>` is on.
fn is_on(element: &BytesStart<'_>) -> bool {
    let off =
        |a: Attribute<'_>| a.key.local_name().as_ref() == "val" && matches!(a.value.as_ref(), "0" | "false" | "off");
    !element.attributes().flatten().any(off)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn runs_join_and_tracked_changes_are_accepted() {
        let xml = b"<w:document xmlns:w='x'><w:body><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Segment</w:t></w:r></w:p></w:tc>\
            <w:tc><w:p><w:r><w:t>starter &amp; co</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
            <w:p><w:r><w:t>R: wacht</w:t></w:r><w:r><w:t>woord</w:t></w:r><w:del><w:r><w:delText>weg</w:delText></w:r></w:del>\
            <w:ins><w:r><w:t xml:space='preserve'> erbij</w:t></w:r></w:ins></w:p></w:body></w:document>";
        let (lines, rows) = paragraphs(xml).unwrap();
        assert_eq!(lines, ["R: wachtwoord erbij"]);
        assert_eq!(rows, [["Segment", "starter & co"]]);
    }

    #[test]
    fn a_truncated_document_says_so() {
        assert!(read(b"PK\x03\x04 and no more").unwrap_err().contains("damaged or incomplete"));
    }

    fn lines(body: &str) -> (Vec<String>, Vec<Vec<String>>) {
        paragraphs(format!("<w:document xmlns:w='x'><w:body>{body}</w:body></w:document>").as_bytes()).unwrap()
    }

    fn table(rows: &[&[&str]]) -> String {
        let cell = |c: &&str| format!("<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>");
        let row = |r: &&[&str]| format!("<w:tr>{}</w:tr>", r.iter().map(cell).collect::<String>());
        format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
    }

    #[test]
    fn bold_names_that_recur_speak_and_other_bold_words_do_not() {
        let bold = |n: &str, t: &str| {
            format!(
                "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{n}</w:t></w:r><w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t> {t}</w:t></w:r></w:p>"
            )
        };
        let body = [
            bold("Anna", "Hoe?"),
            bold("Bert", "Goed."),
            bold("Echt", "waar"),
            bold("Anna", "En?"),
            bold("Bert", "Ja."),
        ];
        let (lines, _) = lines(&body.concat());
        assert_eq!(lines, ["Anna:  Hoe?", "Bert:  Goed.", "Echt waar", "Anna:  En?", "Bert:  Ja."]);
    }

    #[test]
    fn a_table_of_talk_is_talk_and_one_of_keys_is_not() {
        let talk = table(&[&["Anna", "Hoe?"], &["Bert", "Goed."], &["Anna", "En?"], &["Bert", "Ja."]]);
        assert_eq!(lines(&talk).0.len(), 4);
        let timed = table(&[&["Tijd", "Spreker", "Tekst"], &["00:03", "Anna", "Hoe?"], &["00:05", "Anna", "Nou?"]]);
        assert_eq!(lines(&timed).0, ["[00:03] Anna: Hoe?", "[00:05] Anna: Nou?"]);
        let (said, rows) = lines(&table(&[&["Segment", "starter"], &["Respondent", "medewerker"]]));
        assert!(said.is_empty());
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn hyphens_stay_and_text_boxes_count_once() {
        let (lines, _) = lines(
            "<w:p><w:r><w:t>R: e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r></w:p>\
             <w:p><w:Choice><w:r><w:t>een</w:t></w:r></w:Choice><w:Fallback><w:r><w:t>een</w:t></w:r></w:Fallback></w:p>",
        );
        assert_eq!(lines, ["R: e-mail", "een"]);
    }

    proptest! {
        // Random bytes are no zip archive and never get this far.
        #[test]
        fn no_order_of_elements_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
            "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:b/>", "<w:br/>", "<w:tbl>", "</w:tbl>", "<w:tr>",
            "</w:tr>", "<w:tc>", "</w:tc>", "<w:del>", "</w:del>", "Anna", "é:", "…", "&amp;", "&#0;", "<", "00:01",
        ]), 0..60)) {
            let _ = paragraphs(parts.concat().as_bytes());
        }

        #[test]
        fn well_formed_runs_in_any_order_are_read(runs in prop::collection::vec((any::<bool>(), "[A-Zé: …]{0,6}", any::<bool>()), 0..20)) {
            let body: String = runs.iter().map(|(bold, text, end)| {
                let (b, end) = (if *bold { "<w:b/>" } else { "" }, if *end { "</w:p><w:p>" } else { "<w:br/>" });
                format!("<w:r>{b}<w:t>{text}</w:t></w:r>{end}")
            }).collect();
            let (lines, _) = lines(&format!("<w:p>{body}</w:p>"));
            let letters = |s: &str| s.replace([':', ' '], "");
            let said: String = runs.iter().map(|r| r.1.as_str()).collect();
            prop_assert_eq!(letters(&lines.concat()), letters(&said));
        }
    }
}
