//! Word documents: paragraphs of runs, a header table with attributes, tracked changes accepted.

use std::io::{Cursor, Read};

use quick_xml::{Reader, events::Event};

use crate::{
    plain,
    speech::{Speech, attribute},
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

/// The paragraphs outside tables as lines, and the rows of tables as cells. Rows of two cells whose first is a
/// speaker are lines of talk too.
fn paragraphs(xml: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>), String> {
    let mut reader = Reader::from_reader(xml);
    let mut lines = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let (mut text, mut cell) = (String::new(), String::new());
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
                    "t" => in_text = deleted == 0,
                    "del" | "moveFrom" => deleted += 1,
                    "tbl" => tables += 1,
                    _ => {}
                }
            }
            Event::Empty(e) => match e.local_name().as_ref() {
                "br" | "cr" => text.push('\n'),
                "tab" => text.push(' '),
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
                    "t" => in_text = false,
                    "del" | "moveFrom" => deleted = deleted.saturating_sub(1),
                    "p" if tables == 0 => lines.extend(std::mem::take(&mut text).split('\n').map(str::to_owned)),
                    "p" => {
                        cell.push_str(&std::mem::take(&mut text).replace('\n', " "));
                        cell.push(' ');
                    }
                    "tc" => row.push(std::mem::take(&mut cell).trim().to_owned()),
                    "tr" => {
                        let cells = std::mem::take(&mut row);
                        if let [name, said] = cells.as_slice()
                            && crate::roles::is_label(&name.to_lowercase())
                            && said.split_whitespace().count() > 0
                        {
                            lines.push(format!("{name}: {said}"));
                        }
                        rows.push(cells);
                    }
                    "tbl" => tables = tables.saturating_sub(1),
                    _ => {}
                }
            }
            Event::Eof if depth > 0 => return Err("it ends in the middle".to_owned()),
            Event::Eof => return Ok((lines, rows)),
            _ => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
mod tests {
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
}
