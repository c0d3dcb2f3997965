//! Paragraphs and tables in the XML of a Word document.

use std::fmt::Write as _;

use crate::{palette::Paint, xml::escape};

/// The text of a document, in the order of reading.
#[derive(Default)]
pub struct Body {
    pub xml: String,
}

/// A column of a table: its head, its width as a share of the table, its colours.
pub struct Column {
    head: String,
    share: usize,
    paint: Paint,
    right: bool,
}

impl Column {
    pub fn new(head: &str, share: usize, paint: Paint) -> Self {
        Self { head: head.to_owned(), share, paint, right: false }
    }

    /// Numbers stand on the right.
    pub fn right(self) -> Self {
        Self { right: true, ..self }
    }
}

/// Width between the margins of an A4 page on its side, in twentieths of a point.
const WIDTH: usize = 13_958;

/// The picture's width, and its height for a curve, in English metric units (360,000 to the centimetre).
const EMU_WIDTH: usize = WIDTH * 635;

impl Body {
    pub fn styled(&mut self, style: &str, text: &str) {
        let _ = writeln!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", run(false, text));
    }

    pub fn heading(&mut self, level: u8, text: &str) {
        self.styled(&format!("Heading{level}"), text);
    }

    pub fn caption(&mut self, text: &str) {
        self.styled("Caption", text);
    }

    pub fn plain(&mut self, text: &str) {
        self.paragraph(&[(false, text)]);
    }

    /// A paragraph of pieces, some of them bold.
    pub fn paragraph(&mut self, pieces: &[(bool, &str)]) {
        let runs: String = pieces.iter().map(|(bold, text)| run(*bold, text)).collect();
        let _ = writeln!(self.xml, "<w:p>{runs}</w:p>");
    }

    pub fn bullet(&mut self, text: &str) {
        self.styled("ListBullet", text);
    }

    pub fn page_break(&mut self) {
        self.xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n");
    }

    /// The one picture of the document, as wide as the text.
    pub fn picture(&mut self, alternative: &str) {
        let alternative = escape(alternative);
        let _ = writeln!(
            self.xml,
            "<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{EMU_WIDTH}\" cy=\"@HEIGHT@\"/><wp:docPr id=\"1\" name=\"curve\" descr=\"{alternative}\"/>\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
             <pic:nvPicPr><pic:cNvPr id=\"1\" name=\"curve.png\" descr=\"{alternative}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"rPicture\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{EMU_WIDTH}\" cy=\"@HEIGHT@\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
             </wp:inline></w:drawing></w:r></w:p>"
        );
    }

    /// The document's picture is this high for its width.
    pub fn with_picture(&self, height_for_width: f64) -> String {
        self.xml.replace("@HEIGHT@", &((EMU_WIDTH as f64 * height_for_width) as usize).to_string())
    }

    /// A table whose heads are repeated on each page and whose rows stay whole.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<String>]) {
        let all: usize = columns.iter().map(|c| c.share).sum::<usize>().max(1);
        let widths: Vec<usize> = columns.iter().map(|c| WIDTH * c.share / all).collect();
        let grid: String = widths.iter().map(|w| format!("<w:gridCol w:w=\"{w}\"/>")).collect();
        let _ = write!(
            self.xml,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Journey\"/><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0420\" w:firstRow=\"1\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>\n\
             <w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        );
        for (column, width) in columns.iter().zip(&widths) {
            let (fill, head) = (column.paint.strong, escape(&column.head));
            let _ = write!(
                self.xml,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill:06X}\"/></w:tcPr>\
                 <w:p><w:pPr><w:pStyle w:val=\"TableHead\"/>{}</w:pPr><w:r><w:t xml:space=\"preserve\">{head}</w:t></w:r></w:p></w:tc>",
                align(column.right)
            );
        }
        self.xml.push_str("</w:tr>\n");
        for row in rows {
            self.xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((column, width), text) in columns.iter().zip(&widths).zip(row) {
                let _ = write!(
                    self.xml,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableText\"/>{}</w:pPr>{}</w:p></w:tc>",
                    align(column.right),
                    run(false, text)
                );
            }
            self.xml.push_str("</w:tr>\n");
        }
        // Two tables that touch would become one.
        self.xml.push_str("</w:tbl>\n<w:p><w:pPr><w:pStyle w:val=\"AfterTable\"/></w:pPr></w:p>\n");
    }
}

fn align(right: bool) -> &'static str {
    if right { "<w:jc w:val=\"right\"/>" } else { "" }
}

fn run(bold: bool, text: &str) -> String {
    let properties = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    let lines: Vec<String> =
        text.split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(line))).collect();
    format!("<w:r>{properties}{}</w:r>", lines.join("<w:br/>"))
}
