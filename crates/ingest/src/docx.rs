//! Word documents: paragraphs of runs and tables. Tracked changes are accepted; comments, footnotes, running heads and
//! the codes of fields stand elsewhere in the file or are skipped.

use quick_xml::events::BytesStart;

use crate::{
    archive::{Archive, damaged},
    document::{Block, Document, Runs},
    speech::Speech,
    xml::{self, Elements},
};

const KIND: &str = "Word document";

/// Takes a document apart, or says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Speech, String> {
    let mut archive = Archive::open(bytes, KIND)?;
    let body = archive.read("word/document.xml")?;
    let mut document = document(&body).map_err(|e| damaged(KIND, &e))?;
    if let Some(custom) = archive.read_if_there("docProps/custom.xml")? {
        document.properties = xml::properties(&custom, "property", "name");
    }
    Ok(document.into_speech())
}

/// The paragraphs and tables of `word/document.xml`.
fn document(xml: &[u8]) -> Result<Document, String> {
    let mut body = Body::default();
    xml::walk(xml, &mut body)?;
    body.paragraph();
    Ok(body.document)
}

/// The document as it is read.
#[derive(Default)]
struct Body {
    document: Document,
    runs: Runs,
    /// The look of the run that is read: `b;color=FF0000;`.
    look: String,
    in_run: bool,
    in_text: bool,
    /// How deep in what is not there: deleted text, alternatives.
    skipped: usize,
    in_properties: bool,
    /// Whether the end of this paragraph was deleted: the next goes on where it ends.
    joined: bool,
    tables: usize,
    table: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
}

impl Elements for Body {
    fn text(&mut self, text: &str) {
        if self.in_text {
            self.runs.push(text, &self.look);
        }
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        let name = e.local_name();
        let name = name.as_ref();
        let there = self.skipped == 0;
        match name {
            "t" => self.in_text = there,
            "r" => {
                self.in_run = true;
                self.look.clear();
            }
            "pPr" => self.in_properties = true,
            "del" | "moveFrom" if self.in_properties => self.joined = true,
            // What is in `Fallback` stands in `Choice` too.
            "del" | "moveFrom" | "Fallback" => self.skipped += 1,
            "b" | "i" | "u" | "caps" if self.in_run && is_on(e) => self.look.push_str(name),
            "color" | "highlight" | "rStyle" if self.in_run => self.add_look(name, xml::value(e, "val")),
            "rFonts" if self.in_run => self.add_look(name, xml::value(e, "ascii")),
            "br" | "cr" if there && !self.in_properties => self.runs.push("\n", &self.look),
            "tab" if there && self.in_run => self.runs.push("\t", &self.look),
            "noBreakHyphen" if there => self.runs.push("-", &self.look),
            "tbl" => self.tables += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "r" => self.in_run = false,
            "pPr" => self.in_properties = false,
            "del" | "moveFrom" | "Fallback" if !self.in_properties => self.skipped = self.skipped.saturating_sub(1),
            "p" if std::mem::take(&mut self.joined) => {}
            "p" if self.tables == 0 => self.paragraph(),
            "p" => {
                self.cell.push_str(&self.runs.take().text.replace('\n', " "));
                self.cell.push(' ');
            }
            "tc" => self.row.push(std::mem::take(&mut self.cell).trim().to_owned()),
            "tr" => self.table.push(std::mem::take(&mut self.row)),
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.document.blocks.push(Block::Table(std::mem::take(&mut self.table)));
                }
            }
            _ => {}
        }
    }
}

impl Body {
    fn add_look(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|v| v != "auto" && v != "000000") {
            self.look.push_str(&format!("{name}={value};"));
        }
    }

    fn paragraph(&mut self) {
        self.document.blocks.push(Block::Paragraph(self.runs.take()));
    }
}

/// Whether a switch such as `<w:b/>` or `<w:b w:val="0"/>` is on.
fn is_on(element: &BytesStart<'_>) -> bool {
    !xml::value(element, "val").is_some_and(|v| matches!(v.as_str(), "0" | "false" | "off" | "none"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::speech::Origin;

    fn body(body: &str) -> Document {
        document(format!("<w:document xmlns:w='x'><w:body>{body}</w:body></w:document>").as_bytes()).unwrap()
    }

    fn lines(document: &Document) -> Vec<&str> {
        let blocks = document.blocks.iter();
        let texts = blocks.filter_map(|b| if let Block::Paragraph(p) = b { Some(p.text.as_str()) } else { None });
        texts.filter(|t| !t.is_empty()).collect()
    }

    #[test]
    fn runs_split_in_mid_word_are_joined_and_deletions_left_out() {
        let d = body(
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Segment</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>starter &amp; co</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             <w:p><w:r><w:t>R: wacht</w:t></w:r><w:r><w:t>woord</w:t></w:r><w:del><w:r><w:delText>weg</w:delText><w:t>weg</w:t></w:r></w:del>\
             <w:ins><w:r><w:t xml:space='preserve'> erbij</w:t></w:r></w:ins></w:p>",
        );
        assert_eq!(lines(&d), ["R: wachtwoord erbij"]);
        assert_eq!(d.into_speech().attributes[&Origin::Table]["segment"], "starter & co");
    }

    #[test]
    fn a_paragraph_whose_end_was_deleted_goes_on_and_moved_text_counts_once() {
        let d = body(
            "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr><w:r><w:t>R: een </w:t></w:r></w:p><w:p><w:r><w:t>zin</w:t></w:r></w:p>\
             <w:p><w:moveFrom><w:r><w:t>weg</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>hier</w:t></w:r></w:moveTo></w:p>",
        );
        assert_eq!(lines(&d), ["R: een zin", "hier"]);
    }

    #[test]
    fn a_whole_turn_of_teams_in_one_paragraph_is_read() {
        let turn = |name: &str, time: &str, said: &str| {
            format!(
                "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{name}</w:t></w:r><w:r><w:t xml:space='preserve'>   {time}</w:t><w:br/><w:t>{said}</w:t><w:br/><w:t>Ja.</w:t></w:r></w:p>"
            )
        };
        let d = body(&[
            "<w:p><w:r><w:t>Overleg-20260314_101500-Opname</w:t></w:r></w:p><w:p><w:r><w:t>Anna Bos started transcription</w:t></w:r></w:p>",
            &turn("Anna Bos", "0:04", "Hoe ging het?"), &turn("Jan Vis", "1:02:03", "Goed."),
        ].concat());
        let s = d.into_speech();
        let said: Vec<_> =
            s.pieces.iter().map(|p| (p.speaker.as_deref(), p.start.map(|t| t.0), p.text.as_str())).collect();
        assert_eq!(said[..2], [(Some("Anna Bos"), Some(4000), ""), (None, None, "Hoe ging het?")]);
        assert_eq!(said[3], (Some("Jan Vis"), Some(3_723_000), ""));
        assert_eq!(s.passed_over.len(), 2);
    }

    #[test]
    fn hyphens_stay_and_text_boxes_count_once() {
        let d = body(
            "<w:p><w:r><w:t>R: e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r></w:p>\
             <w:p><w:Choice><w:r><w:t>een</w:t></w:r></w:Choice><w:Fallback><w:r><w:t>een</w:t></w:r></w:Fallback></w:p>",
        );
        assert_eq!(lines(&d), ["R: e-mail", "een"]);
    }

    #[test]
    fn a_name_in_a_colour_leads() {
        let d = body(
            "<w:p><w:r><w:rPr><w:color w:val='FF0000'/></w:rPr><w:t>Anna</w:t></w:r><w:r><w:t> ja</w:t></w:r></w:p>",
        );
        assert!(matches!(&d.blocks[0], Block::Paragraph(p) if p.lead == 4), "{d:?}");
    }

    #[test]
    fn what_is_no_document_says_so() {
        assert!(read(b"PK\x03\x04 and no more").unwrap_err().contains("damaged or incomplete"));
        assert!(document(b"<a><b></b>").unwrap_err().contains("ends in the middle"));
        assert!(document("<a>".repeat(10_000).as_bytes()).unwrap_err().contains("levels"));
    }

    #[test]
    fn entities_of_its_own_do_not_grow() {
        let lol =
            "<!DOCTYPE d [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>]><d><w:p><w:r><w:t>R: &b; ja</w:t></w:r></w:p></d>";
        assert_eq!(lines(&document(lol.as_bytes()).unwrap()), ["R:  ja"]);
    }

    proptest! {
        // Random bytes are no zip archive and never get this far.
        #[test]
        fn no_order_of_elements_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
            "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:b/>", "<w:br/>", "<w:tbl>", "</w:tbl>", "<w:tr>",
            "</w:tr>", "<w:tc>", "</w:tc>", "<w:del>", "</w:del>", "Anna", "é:", "…", "&amp;", "&#0;", "<", "00:01",
        ]), 0..60)) {
            let _ = document(parts.concat().as_bytes()).map(Document::into_speech);
        }

        #[test]
        fn well_formed_runs_in_any_order_are_read(runs in prop::collection::vec((any::<bool>(), "[A-Zé: …]{0,6}", any::<bool>()), 0..20)) {
            let parts: String = runs.iter().map(|(bold, text, end)| {
                let (b, end) = (if *bold { "<w:rPr><w:b/></w:rPr>" } else { "" }, if *end { "</w:p><w:p>" } else { "<w:br/>" });
                format!("<w:r>{b}<w:t>{text}</w:t></w:r>{end}")
            }).collect();
            let d = body(&format!("<w:p>{parts}</w:p>"));
            let letters = |s: &str| s.replace([':', ' ', '\n'], "");
            let said: String = runs.iter().map(|r| r.1.as_str()).collect();
            prop_assert_eq!(letters(&lines(&d).concat()), letters(&said));
        }
    }
}
