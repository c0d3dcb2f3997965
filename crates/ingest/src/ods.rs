//! OpenDocument spreadsheets: what stands in the cells, sheet by sheet. A reader of our own, since that of `calamine`
//! writes out repeated cells and rows without end, and a file of a few kilobytes can ask for thousands of millions.

use quick_xml::events::BytesStart;

use crate::{
    archive::{Archive, damaged},
    limits,
    rows::{Row, Sheet},
    xml::{self, Elements},
};

const KIND: &str = "spreadsheet";

/// The sheets, in their order.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut archive = Archive::open(bytes, KIND)?;
    archive.refuse_locked()?;
    let content = archive.read("content.xml")?;
    let mut reading = Content::default();
    xml::walk(&content, &mut reading).map_err(|e| damaged(KIND, &e))?;
    if reading.is_full {
        return Err(
            "this spreadsheet repeats its cells without end; delete what is empty in it and save it again".to_owned()
        );
    }
    Ok(reading.sheets)
}

#[derive(Default)]
struct Content {
    sheets: Vec<Sheet>,
    /// Tables within cells of tables are no sheets.
    tables: usize,
    /// How deep in what is not in the cells: comments, pictures, tracked changes.
    skipped: usize,
    row: Cells,
    cell: Cell,
    /// The number of the row that is read, from 1.
    number: u32,
    rows_repeated: usize,
    /// Bytes that cells and the room for them take so far.
    taken: usize,
    is_full: bool,
}

/// The cells of a row.
#[derive(Default)]
struct Cells {
    texts: Vec<String>,
    /// The column of the next cell, which may lie behind empty ones that are not in `texts`.
    next: usize,
}

#[derive(Default)]
struct Cell {
    text: String,
    /// A time, date or number, which is shown in one of many ways: 12:00:04 AM, 4 sec.
    value: Option<String>,
    paragraphs: usize,
    repeated: usize,
    is_open: bool,
}

impl Elements for Content {
    fn text(&mut self, text: &str) {
        // Line breaks and tabs in the XML itself are spaces.
        self.push(&text.replace(['\n', '\r', '\t'], " "));
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        let repeated = |key: &str| xml::value(e, key).and_then(|n| n.parse().ok()).unwrap_or(1usize).max(1);
        match e.local_name().as_ref() {
            "annotation" | "shapes" | "forms" | "tracked-changes" => self.skipped += 1,
            "table" => {
                self.tables += 1;
                if self.tables == 1 {
                    self.number = 1;
                    self.sheets.push(Sheet { name: xml::value(e, "name").unwrap_or_default(), rows: Vec::new() });
                }
            }
            "table-row" if self.in_sheet() => {
                self.row = Cells::default();
                self.rows_repeated = repeated("number-rows-repeated");
            }
            "table-cell" | "covered-table-cell" if self.in_sheet() => {
                let repeated = repeated("number-columns-repeated");
                self.cell = Cell { is_open: true, value: value(e), repeated, ..Cell::default() };
            }
            "p" if self.in_sheet() => {
                if self.cell.paragraphs > 0 {
                    self.push("\n");
                }
                self.cell.paragraphs += 1;
            }
            "line-break" => self.push("\n"),
            "tab" => self.push("\t"),
            "s" => {
                let count = xml::value(e, "c").and_then(|c| c.parse().ok()).unwrap_or(1usize);
                self.push(&" ".repeat(count.min(100)));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "annotation" | "shapes" | "forms" | "tracked-changes" => self.skipped = self.skipped.saturating_sub(1),
            "table" => self.tables = self.tables.saturating_sub(1),
            "table-cell" | "covered-table-cell" if self.in_sheet() => self.end_cell(),
            "table-row" if self.in_sheet() => self.end_row(),
            _ => {}
        }
    }
}

impl Content {
    fn push(&mut self, text: &str) {
        if self.cell.is_open && self.cell.paragraphs > 0 && self.skipped == 0 {
            self.cell.text.push_str(text);
        }
    }

    fn in_sheet(&self) -> bool {
        self.tables == 1 && self.skipped == 0
    }

    fn end_cell(&mut self) {
        let mut cell = std::mem::take(&mut self.cell);
        if let Some(value) = cell.value {
            cell.text = value;
        }
        let from = self.row.next;
        self.row.next = from.saturating_add(cell.repeated);
        if cell.text.trim().is_empty() || from >= limits::COLUMNS {
            return;
        }
        let to = self.row.next.min(limits::COLUMNS);
        if self.makes_room(to, cell.text.len() * (to - from)) {
            self.row.texts.resize(from, String::new());
            self.row.texts.resize(to, cell.text);
        }
    }

    fn end_row(&mut self) {
        let texts = std::mem::take(&mut self.row.texts);
        let (first, repeated) = (self.number, self.rows_repeated);
        self.number = first.saturating_add(u32::try_from(repeated).unwrap_or(u32::MAX));
        if texts.is_empty() {
            return;
        }
        let bytes: usize = texts.iter().map(String::len).sum();
        if !self.makes_room(texts.len().saturating_mul(repeated), bytes.saturating_mul(repeated)) {
            return;
        }
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.rows.extend((first..self.number).map(|number| -> Row { (number, texts.clone()) }));
        }
    }

    /// Whether there is room for as many cells with as many bytes.
    fn makes_room(&mut self, cells: usize, bytes: usize) -> bool {
        let room = cells.saturating_mul(size_of::<String>()).saturating_add(bytes);
        self.taken = self.taken.saturating_add(room);
        self.is_full |= self.taken > limits::CELLS;
        !self.is_full
    }
}

/// The value of a cell that is no text: a time as 00:00:04, a date as 2026-03-12, a number with a point.
fn value(cell: &BytesStart<'_>) -> Option<String> {
    match xml::value(cell, "value-type")?.as_str() {
        "time" => xml::value(cell, "time-value").and_then(|time| clock(&time)),
        "date" => xml::value(cell, "date-value").and_then(|date| date.get(..10).map(str::to_owned)),
        "float" => xml::value(cell, "value"),
        _ => None,
    }
}

/// PT00H01M04.5S (ISO 8601) as 00:01:04.500.
fn clock(span: &str) -> Option<String> {
    let (hours, rest) = span.strip_prefix("PT")?.split_once('H')?;
    let (minutes, seconds) = rest.split_once('M')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds: f64 = seconds.strip_suffix('S')?.replace(',', ".").parse().ok()?;
    (minutes < 60 && (0.0..60.0).contains(&seconds)).then(|| format!("{hours:02}:{minutes:02}:{seconds:06.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Content {
        let mut content = Content::default();
        let xml = format!("<o><table:table table:name='Blad 1'>{rows}</table:table></o>");
        xml::walk(xml.as_bytes(), &mut content).unwrap();
        content
    }

    #[test]
    fn cells_stand_in_their_columns_and_comments_are_left_out() {
        let content = read(
            "<table:table-row><table:table-cell table:number-columns-repeated='2'/><table:table-cell><office:annotation>\
             <text:p>weg</text:p></office:annotation><text:p>een<text:s/>&amp;</text:p><text:p>twee</text:p></table:table-cell>\
             </table:table-row><table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>\
             <table:table-row table:number-rows-repeated='2'><table:table-cell><text:p>ja</text:p></table:table-cell></table:table-row>",
        );
        let rows: Vec<(u32, Vec<&str>)> =
            content.sheets[0].rows.iter().map(|(n, row)| (*n, row.iter().map(String::as_str).collect())).collect();
        assert_eq!(rows, [(1, vec!["", "", "een &\ntwee"]), (5, vec!["ja"]), (6, vec!["ja"])]);
    }

    #[test]
    fn times_are_read_however_they_are_shown() {
        assert_eq!(clock("PT00H01M04.5S").unwrap(), "00:01:04.500");
        assert_eq!(clock("P1D"), None);
        let shown = "<table:table-row><table:table-cell office:value-type='time' office:time-value='PT01H00M04S'>\
                     <text:p>1:00:04 AM</text:p></table:table-cell><table:table-cell office:value-type='float' \
                     office:value='1.5'><text:p>1,5</text:p></table:table-cell></table:table-row>";
        assert_eq!(read(shown).sheets[0].rows[0].1, ["01:00:04.000", "1.5"]);
    }

    #[test]
    fn what_is_repeated_a_thousand_million_times_takes_no_room() {
        let cell = "<table:table-cell table:number-columns-repeated='1000000000'><text:p>x</text:p></table:table-cell>";
        let content =
            read(&format!("<table:table-row table:number-rows-repeated='1000000000'>{cell}</table:table-row>"));
        assert!(content.is_full && content.sheets[0].rows.is_empty());
        let empty = "<table:table-row table:number-rows-repeated='99999999999999999999'><table:table-cell \
                     table:number-columns-repeated='16384'/></table:table-row>";
        assert!(!read(&empty.repeat(3)).is_full);
    }
}
