//! Web pages: blocks are paragraphs, bold words lead, tables are tables; scripts, styles and forms are left out.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};

use crate::{
    document::{Block, Document, Runs},
    limits,
    speech::Speech,
};

/// Takes a page apart.
pub fn read(text: &str) -> Speech {
    document(text).into_speech()
}

fn document(text: &str) -> Document {
    let input = BufferQueue::default();
    // A piece at a time: the tokenizer copies what it has not used yet.
    let mut rest = text;
    while !rest.is_empty() {
        let to = (0..=rest.len().min(1 << 16)).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (piece, more) = rest.split_at(to);
        input.push_back(StrTendril::from(piece));
        rest = more;
    }
    let tokenizer = Tokenizer::new(Page::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut page = tokenizer.sink.state.into_inner();
    page.paragraph();
    page.document
}

#[derive(Default)]
struct Page {
    state: RefCell<State>,
}

/// Whether a block repeats on every page, as LibreOffice marks it.
fn is_running(tag: &Tag) -> bool {
    tag.attrs.iter().any(|a| &*a.name.local == "title" && matches!(&*a.value, "header" | "footer"))
}

#[derive(Default)]
struct State {
    document: Document,
    runs: Runs,
    /// Open elements that make text bold or leave it out.
    bold: usize,
    /// Whether the paragraph is a term, which names who speaks.
    in_term: bool,
    skipped: usize,
    /// How deep inside a running head or foot.
    running: usize,
    preformatted: usize,
    tables: usize,
    table: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.state.borrow_mut().text(&text),
            Token::TagToken(tag) => return self.state.borrow_mut().tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn text(&mut self, text: &str) {
        if self.skipped > 0 {
            return;
        }
        let look = if self.bold > 0 || self.in_term { "b" } else { "" };
        if self.preformatted > 0 {
            return self.runs.push(text, look);
        }
        // White space is folded, but a space between two elements is one.
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                ' ' | '\n' | '\r' | '\t' if out.ends_with(' ') || (out.is_empty() && self.runs.is_empty()) => {}
                ' ' | '\n' | '\r' | '\t' => out.push(' '),
                c => out.push(c),
            }
        }
        self.runs.push(&out, look);
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let start = tag.kind == TagKind::StartTag;
        let count = |n: &mut usize| *n = if start { *n + 1 } else { n.saturating_sub(1) };
        match &*tag.name {
            "script" | "style" | "iframe" | "noembed" | "noframes" => {
                count(&mut self.skipped);
                if start {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
            }
            "xmp" if start => return TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" | "del" | "s" | "head" | "select" | "button" | "nav" | "footer" => {
                count(&mut self.skipped);
                if start && matches!(&*tag.name, "title" | "textarea") {
                    return TokenSinkResult::RawData(RawKind::Rcdata);
                }
            }
            // A word processor's running head or foot, with the number of the page.
            "div" if start && (self.running > 0 || is_running(tag)) => {
                if self.running == 0 {
                    self.paragraph();
                    self.skipped += 1;
                }
                self.running += 1;
            }
            "div" if self.running > 0 => {
                self.running -= 1;
                if self.running == 0 {
                    self.skipped = self.skipped.saturating_sub(1);
                }
            }
            // Few pages close their head by a tag.
            "body" if start => self.skipped = 0,
            "b" | "strong" => count(&mut self.bold),
            "dt" => {
                self.paragraph();
                self.in_term = start;
            }
            "br" => self.runs.push("\n", ""),
            "pre" => {
                self.paragraph();
                count(&mut self.preformatted);
            }
            name => self.block(name, start),
        }
        TokenSinkResult::Continue
    }

    fn block(&mut self, name: &str, start: bool) {
        match name {
            // Speaker and time are often inline elements: they stay in their line.
            "p" | "div" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "article" | "section"
            | "dl" | "dd" | "blockquote" | "header" | "main" | "hr" => self.paragraph(),
            "table" if start => {
                self.paragraph();
                self.tables += 1;
            }
            "table" => {
                self.row();
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.document.blocks.push(Block::Table(std::mem::take(&mut self.table)));
                }
            }
            // End tags of cells and rows may be left out.
            "tr" => self.row(),
            "td" | "th" => self.cell(),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let paragraph = self.runs.take();
        self.in_term = false;
        if self.tables == 0 {
            if !paragraph.text.trim().is_empty() {
                self.document.blocks.push(Block::Paragraph(paragraph));
            }
        } else {
            self.cell.push_str(&paragraph.text.replace('\n', " "));
            self.cell.push(' ');
        }
    }

    fn cell(&mut self) {
        self.paragraph();
        let cell = std::mem::take(&mut self.cell);
        if !cell.trim().is_empty() && self.row.len() < limits::COLUMNS {
            self.row.push(cell.trim().to_owned());
        }
    }

    fn row(&mut self) {
        self.cell();
        let row = std::mem::take(&mut self.row);
        if !row.is_empty() {
            self.table.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_bold_names_and_entities_are_read_and_scripts_are_not() {
        let s = read(
            "<!doctype html><html><head><title>x</title><style>p { color: red }</style></head><body><script>var a = '<p>R: weg</p>'</script>\
             <p><strong>Anna</strong> Hoe\n ging het&nbsp;&eacute;cht?<p><b>Jan</b> Goed &amp; wel<br>nou ja<p><b>Anna</b> En?<p><b>Jan</b> <del>weg</del>Ja.",
        );
        let said: Vec<_> = s.pieces.iter().map(|p| (p.speaker.as_deref(), p.text.as_str())).collect();
        assert_eq!(said[0], (Some("Anna"), "Hoe ging het\u{a0}écht?"));
        assert_eq!(said[1..3], [(Some("Jan"), "Goed & wel"), (None, "nou ja")]);
        assert_eq!(said[4], (Some("Jan"), "Ja."));
        assert!(s.passed_over.is_empty(), "{:?}", s.passed_over);
    }

    #[test]
    fn a_table_of_talk_is_read() {
        let s =
            read("<table><tr><th>Spreker<th>Tekst<tr><td>Anna<td>Hoe?<tr><td>Jan<td>Goed.<tr><td>Anna<td>En?</table>");
        assert!(s.pieces.iter().any(|p| p.speaker.as_deref() == Some("Jan")), "{s:?}");
    }

    #[test]
    fn any_depth_is_read() {
        assert_eq!(read(&format!("{}R: ja", "<div><b>".repeat(100_000))).pieces.len(), 1);
    }
}
