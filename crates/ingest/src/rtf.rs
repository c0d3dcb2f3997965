//! Rich text: groups, control words and text in the code page that the head names.

use encoding_rs::Encoding;

use crate::{
    document::{Block, Document, Runs},
    limits,
    speech::Speech,
};

/// Groups whose text is none of the talk.
const SKIPPED: [&str; 33] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "annotation",
    "atnid",
    "atnauthor",
    "pict",
    "object",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "themedata",
    "datastore",
    "latentstyles",
    "fldinst",
    "xe",
    "tc",
    "nonshppict",
    "bkmkstart",
    "bkmkend",
    "filetbl",
];

/// Takes a document apart, or says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Speech, String> {
    document(bytes).map(Document::into_speech)
}

/// What holds within a group.
#[derive(Clone, Default)]
struct Group {
    skipped: bool,
    deleted: bool,
    bold: bool,
    italic: bool,
    underlined: bool,
    colour: i32,
    font: i32,
    /// How many characters stand for a Unicode one in readers that know none.
    fallback: usize,
}

struct Rtf {
    document: Document,
    runs: Runs,
    group: Group,
    outer: Vec<Group>,
    encoding: &'static Encoding,
    /// Bytes of the code page that wait for the rest of their character.
    pending: Vec<u8>,
    /// Half of a pair of UTF-16.
    high: Option<u16>,
    /// Fallback characters still to be skipped.
    skip: usize,
    in_row: bool,
    table: Vec<Vec<String>>,
    row: Vec<String>,
}

fn document(bytes: &[u8]) -> Result<Document, String> {
    if !bytes.starts_with(b"{\\rtf") {
        return Err(
            "this is no rich text: it does not begin with {\\rtf; open it in a word processor and save it again"
                .to_owned(),
        );
    }
    let mut rtf = Rtf {
        document: Document::default(),
        runs: Runs::default(),
        group: Group { fallback: 1, ..Group::default() },
        outer: Vec::new(),
        encoding: encoding_rs::WINDOWS_1252,
        pending: Vec::new(),
        high: None,
        skip: 0,
        in_row: false,
        table: Vec::new(),
        row: Vec::new(),
    };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                rtf.flush();
                if rtf.outer.len() >= limits::LEVELS {
                    return Err(format!("this rich text has more than {} groups in each other", limits::LEVELS));
                }
                rtf.outer.push(rtf.group.clone());
            }
            b'}' => {
                rtf.flush();
                rtf.skip = 0;
                rtf.group = rtf.outer.pop().unwrap_or_default();
                if rtf.outer.is_empty() {
                    break;
                }
            }
            b'\\' => at = rtf.control(bytes, at),
            b'\r' | b'\n' => {}
            byte => rtf.byte(byte),
        }
    }
    rtf.flush();
    if !rtf.outer.is_empty() {
        return Err(
            "this rich text is incomplete: it ends in the middle; open it in a word processor and save it again"
                .to_owned(),
        );
    }
    rtf.end_table();
    if !rtf.runs.is_empty() {
        rtf.paragraph();
    }
    Ok(rtf.document)
}

impl Rtf {
    /// A control word or sign after the backslash; returns where the text goes on.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(&sign) = bytes.get(at) else { return at };
        if !sign.is_ascii_alphabetic() {
            match sign {
                b'\'' => {
                    let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
                    return match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                        Some(byte) => {
                            self.byte(byte);
                            at + 3
                        }
                        None => at + 1,
                    };
                }
                b'*' => self.group.skipped = true,
                b'~' => self.sign("\u{a0}"),
                b'_' => self.sign("-"),
                b'\\' | b'{' | b'}' => self.byte(sign),
                b'\r' | b'\n' => self.word("par", None),
                _ => {}
            }
            return at + 1;
        }
        let length = bytes[at..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&bytes[at..at + length]).unwrap_or_default();
        let mut end = at + length;
        let digits = bytes[end..].iter().take(11).enumerate();
        let digits = digits.take_while(|(n, b)| b.is_ascii_digit() || (*n == 0 && **b == b'-')).count();
        let number = std::str::from_utf8(&bytes[end..end + digits]).ok().and_then(|d| d.parse::<i32>().ok());
        end += digits;
        if bytes.get(end) == Some(&b' ') {
            end += 1;
        }
        if word == "bin" {
            return end.saturating_add(number.unwrap_or(0).max(0) as usize);
        }
        self.word(word, number);
        end
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        if word == "u" {
            return self.unicode(number.unwrap_or(0));
        }
        self.flush();
        match word {
            "par" | "sect" | "page" if self.in_row && !self.group.skipped => self.sign("\n"),
            "par" | "sect" | "page" if !self.group.skipped => {
                self.end_table();
                self.paragraph();
            }
            "line" => self.sign("\n"),
            "tab" => self.sign("\t"),
            "emdash" => self.sign("—"),
            "endash" => self.sign("–"),
            "lquote" => self.sign("‘"),
            "rquote" => self.sign("’"),
            "ldblquote" => self.sign("“"),
            "rdblquote" => self.sign("”"),
            "bullet" => self.sign("•"),
            "emspace" | "enspace" | "qmspace" => self.sign(" "),
            "trowd" | "intbl" if !self.group.skipped => self.in_row = true,
            "pard" => self.in_row = false,
            "cell" if !self.group.skipped => {
                let text = self.runs.take().text.replace('\n', " ");
                self.row.push(text.trim().to_owned());
            }
            "row" if !self.group.skipped => {
                self.in_row = false;
                self.table.push(std::mem::take(&mut self.row));
            }
            "plain" => {
                let Group { skipped, fallback, .. } = self.group;
                self.group = Group { skipped, fallback, ..Group::default() };
            }
            "b" => self.group.bold = on,
            "i" => self.group.italic = on,
            "ul" => self.group.underlined = on,
            "ulnone" => self.group.underlined = false,
            "cf" => self.group.colour = number.unwrap_or(0),
            "f" => self.group.font = number.unwrap_or(0),
            "v" | "deleted" => self.group.deleted = on,
            "uc" => self.group.fallback = number.unwrap_or(1).clamp(0, 8) as usize,
            "ansicpg" => {
                let page = number.and_then(|n| Encoding::for_label(format!("windows-{n}").as_bytes()));
                self.encoding = page.unwrap_or(self.encoding);
            }
            "mac" => self.encoding = encoding_rs::MACINTOSH,
            _ if SKIPPED.contains(&word) => self.group.skipped = true,
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        self.skip = self.group.fallback;
        let unit = number as u16;
        let text = match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return;
            }
            (Some(high), unit) => String::from_utf16(&[high, unit]).unwrap_or_default(),
            (None, unit) => String::from_utf16(&[unit]).unwrap_or_default(),
        };
        self.sign(&text);
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.pending.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            let text = self.encoding.decode_without_bom_handling(&bytes).0;
            self.sign(&text);
        }
    }

    fn sign(&mut self, text: &str) {
        if !self.group.skipped && !self.group.deleted {
            let g = &self.group;
            let sign = |on: bool, sign: &'static str| if on { sign } else { "" };
            let look = format!("{}{}{}", sign(g.bold, "b"), sign(g.italic, "i"), sign(g.underlined, "u"));
            let look = if g.colour + g.font == 0 { look } else { format!("{look}{};{}", g.colour, g.font) };
            self.runs.push(text, &look);
        }
    }

    fn paragraph(&mut self) {
        self.document.blocks.push(Block::Paragraph(self.runs.take()));
    }

    fn end_table(&mut self) {
        if !self.table.is_empty() {
            self.document.blocks.push(Block::Table(std::mem::take(&mut self.table)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(rtf: &str) -> Vec<Block> {
        document(rtf.as_bytes()).unwrap().blocks
    }

    fn lines(rtf: &str) -> Vec<String> {
        let text = |b| if let Block::Paragraph(p) = b { p.text } else { String::new() };
        blocks(rtf).into_iter().map(text).collect()
    }

    #[test]
    fn accents_in_both_forms_and_words_of_the_head_are_read_right() {
        let text = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times;}}{\*\generator x;}{\info{\author Piet}}\pard I: E\'e9n caf\u233?? #00:00:10-5#\par R: \u8220?ja\u8221?\~nee {\b vet}{\footnote noot} \{x\}\par}";
        assert_eq!(lines(text), ["I: Eén café? #00:00:10-5#", "R: “ja”\u{a0}nee vet {x}"]);
    }

    #[test]
    fn deleted_text_is_left_out_and_tables_are_tables() {
        assert_eq!(lines(r"{\rtf1 R: ja{\deleted  weg} hoor\par}"), ["R: ja hoor"]);
        let table = r"{\rtf1\trowd\intbl Anna\cell Hoe?\cell\row\trowd\intbl Jan\cell Goed.\cell\row\pard einde\par}";
        assert_eq!(
            blocks(table)[0],
            Block::Table(vec![vec!["Anna".into(), "Hoe?".into()], vec!["Jan".into(), "Goed.".into()]])
        );
    }

    #[test]
    fn what_is_cut_off_or_too_deep_is_said() {
        assert!(document(br"{\rtf1 R: ja").unwrap_err().contains("incomplete"));
        assert!(document(format!("{{\\rtf1 {}", "{".repeat(10_000)).as_bytes()).unwrap_err().contains("groups"));
        assert!(document(b"ja").is_err());
        assert!(document(br"{\rtf1 \bin99999999999 x\'zz\u").is_err());
    }
}
