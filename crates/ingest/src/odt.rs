//! OpenDocument texts: paragraphs, spans with automatic styles, tables. Deletions, notes and comments are left out.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use crate::{
    archive::{Archive, damaged},
    document::{Block, Document, Runs},
    speech::Speech,
    xml::{self, Elements},
};

const KIND: &str = "OpenDocument text";

/// Takes a document apart, or says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Speech, String> {
    let mut archive = Archive::open(bytes, KIND)?;
    archive.refuse_locked()?;
    let body = archive.read("content.xml")?;
    let mut document = document(&body).map_err(|e| damaged(KIND, &e))?;
    if let Some(meta) = archive.read_if_there("meta.xml")? {
        document.properties = xml::properties(&meta, "user-defined", "name");
    }
    Ok(document.into_speech())
}

/// The paragraphs and tables of `content.xml`.
fn document(xml: &[u8]) -> Result<Document, String> {
    let mut content = Content::default();
    xml::walk(xml, &mut content)?;
    Ok(content.document)
}

#[derive(Default)]
struct Content {
    document: Document,
    runs: Runs,
    /// The look of each automatic style.
    styles: HashMap<String, String>,
    style: String,
    /// The looks of the spans around the text, the innermost last; the paragraph's own at the bottom.
    looks: Vec<String>,
    paragraphs: usize,
    skipped: usize,
    tables: usize,
    table: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
}

impl Content {
    fn push(&mut self, text: &str) {
        if self.paragraphs > 0 && self.skipped == 0 {
            self.runs.push(text, self.looks.last().map_or("", String::as_str));
        }
    }
}

impl Elements for Content {
    fn text(&mut self, text: &str) {
        // Line breaks and tabs in the XML itself are spaces.
        self.push(&text.replace(['\n', '\r', '\t'], " "));
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        match e.local_name().as_ref() {
            "annotation" | "note" | "tracked-changes" | "forms" | "ruby-text" => self.skipped += 1,
            "style" => self.style = xml::value(e, "name").unwrap_or_default(),
            "text-properties" => {
                let look = ["font-weight", "font-style", "color", "font-name"].map(|key| {
                    let value = xml::value(e, key).filter(|v| !matches!(v.as_str(), "normal" | "#000000"));
                    value.map(|v| format!("{key}={v};")).unwrap_or_default()
                });
                self.styles.entry(self.style.clone()).or_default().push_str(&look.concat());
            }
            "p" | "h" if self.skipped == 0 => {
                self.paragraphs += 1;
                self.looks.push(String::new());
            }
            "span" => {
                let style = xml::value(e, "style-name").unwrap_or_default();
                self.looks.push(self.styles.get(&style).cloned().unwrap_or_default());
            }
            "line-break" => self.push("\n"),
            "tab" => self.push("\t"),
            "s" => {
                let count = xml::value(e, "c").and_then(|c| c.parse().ok()).unwrap_or(1usize);
                self.push(&" ".repeat(count.min(100)));
            }
            "table" => self.tables += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "annotation" | "note" | "tracked-changes" | "forms" | "ruby-text" => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            "span" => {
                self.looks.pop();
            }
            "p" | "h" if self.skipped == 0 => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.looks.pop();
                let paragraph = self.runs.take();
                if self.tables == 0 {
                    self.document.blocks.push(Block::Paragraph(paragraph));
                } else {
                    self.cell.push_str(&paragraph.text.replace('\n', " "));
                    self.cell.push(' ');
                }
            }
            "table-cell" => self.row.push(std::mem::take(&mut self.cell).trim().to_owned()),
            "table-row" => self.table.push(std::mem::take(&mut self.row)),
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.document.blocks.push(Block::Table(std::mem::take(&mut self.table)));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_breaks_and_tables_are_read_and_notes_and_deletions_are_not() {
        let d = document(
            "<o><style:style style:name='T1'><style:text-properties fo:font-weight='bold'/></style:style>\
             <text:tracked-changes><text:p>weg</text:p></text:tracked-changes>\
             <table:table><table:table-row><table:table-cell><text:p>Segment</text:p></table:table-cell><table:table-cell><text:p>starter</text:p></table:table-cell></table:table-row></table:table>\
             <text:p><text:span text:style-name='T1'>Anna</text:span><text:s/>ja<text:note><text:p>noot</text:p></text:note> &amp; nee<text:line-break/>echt<office:annotation><text:p>opmerking</text:p></office:annotation></text:p></o>"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(d.blocks[0], Block::Table(vec![vec!["Segment".into(), "starter".into()]]));
        let Block::Paragraph(p) = &d.blocks[1] else { panic!("{d:?}") };
        assert_eq!((p.text.as_str(), p.lead), ("Anna ja & nee\necht", 5));
    }
}
