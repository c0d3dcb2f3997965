//! Files with a table: CSV with `,`, `;` or a tab, spreadsheets of Excel, and what a spreadsheet of any kind says.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx};
use klantreis_study::Study;

use crate::{
    archive::Archive,
    limits,
    rows::{self, Row, Sheet, Unit},
    speech::Speech,
};

const KIND: &str = "spreadsheet";

/// Takes a text with separated values apart; `tabs` for those of Whisper, whose times are in milliseconds.
pub fn separated(text: &str, tabs: bool, study: &Study) -> Result<Vec<Speech>, String> {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: u8| head.bytes().filter(|b| *b == sign).count();
    let delimiter = if tabs { b'\t' } else { *[b',', b';', b'\t'].iter().max_by_key(|s| count(**s)).unwrap_or(&b',') };
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(delimiter).flexible(true).has_headers(false).quoting(!tabs || text.contains("\t\""));
    let mut out: Vec<Row> = Vec::new();
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record.map_err(|e| format!("is no table that can be read ({e}); save it again as CSV UTF-8"))?;
        let line = record.position().map_or(0, |p| p.line() as u32);
        if out.len() >= limits::ROWS {
            return Err(format!("has more than {} rows; split it", limits::ROWS));
        }
        out.push((line, record.iter().take(limits::COLUMNS).map(str::to_owned).collect()));
    }
    // A quotation mark that is never closed swallows the rest of the file.
    if let Some((line, _)) = out.last().filter(|(_, cells)| cells.iter().any(|c| c.matches('\n').count() > 5000)) {
        return Err(format!(
            "a quotation mark in row {line} is never closed; mend it in a spreadsheet and save it again"
        ));
    }
    rows::read(&out, study, if tabs { Unit::Milliseconds } else { Unit::Seconds })
}

/// The sheets of a workbook of Excel, in their order.
pub fn xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut archive = Archive::open(bytes, KIND)?;
    // The reader below unpacks what it likes: see first that it is not too much.
    for part in archive.parts().iter().filter(|part| part.is_file && part.name.ends_with(".xml")) {
        archive.read(&part.name)?;
    }
    let damaged = |e: calamine::XlsxError| crate::archive::damaged(KIND, &e);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    names.into_iter().map(|name| Ok(Sheet { rows: rows_of(&mut book, &name)?, name })).collect()
}

/// Takes the talk from sheets, one by one; the error of the last one where none holds talk.
pub fn sheets(sheets: Vec<Sheet>, study: &Study) -> Result<Vec<Speech>, String> {
    let (mut out, mut refused) = (Vec::new(), Vec::new());
    let several = sheets.len() > 1;
    for Sheet { name, rows } in sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()) {
        match rows::read(&rows, study, Unit::Seconds) {
            Ok(mut all) => {
                for speech in &mut all {
                    speech.name = match speech.name.take() {
                        Some(own) if several => Some(format!("{name}/{own}")),
                        None if several => Some(name.clone()),
                        own => own,
                    };
                }
                out.extend(all);
            }
            Err(message) => refused.push(format!("sheet \"{name}\": {message}")),
        }
    }
    if let Some(speech) = out.first_mut() {
        speech.notes.append(&mut refused);
    }
    match refused.pop() {
        Some(message) => Err(message),
        None if out.is_empty() => Err("the spreadsheet is empty".to_owned()),
        None => Ok(out),
    }
}

/// The cells of a sheet, read one by one: a sheet with one cell in its last corner takes no more room than that cell.
fn rows_of(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Row>, String> {
    let damaged = |e: calamine::XlsxError| crate::archive::damaged(KIND, &e);
    let mut cells = book.worksheet_cells_reader(name).map_err(damaged)?;
    let mut out: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() || column as usize >= limits::COLUMNS {
            continue;
        }
        if out.last().is_none_or(|(last, _)| *last != row + 1) {
            if out.len() >= limits::ROWS {
                return Err(format!("sheet \"{name}\" has more than {} rows; split it", limits::ROWS));
            }
            out.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = out.last_mut() {
            cells.resize(cells.len().max(column as usize + 1), String::new());
            cells[column as usize] = text;
        }
    }
    Ok(out)
}

fn text(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::String(text) => text,
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => if yes { "ja" } else { "nee" }.to_owned(),
        // A time of day or a span, which a spreadsheet keeps as a part of a day; dates have whole days before it.
        Data::DateTime(moment) if moment.as_f64() < 1.0 || moment.is_duration() => {
            let ms = (moment.as_f64() * 86_400_000.0).round() as u64;
            format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
        }
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Error(_) | Data::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whisper_s_milliseconds_and_quotation_marks_are_read() {
        let study = Study::parse("").unwrap();
        let all = separated("start\tend\ttext\n500\t2400\tHij zei \"ja\n2400\t3000\tEn toen\n", true, &study).unwrap();
        assert_eq!(all[0].pieces[0].start.unwrap().0, 500);
        assert_eq!(all[0].pieces[0].text, "Hij zei \"ja");
        assert_eq!(all[0].pieces.len(), 2);
    }

    #[test]
    fn semicolons_and_cells_with_line_ends_are_read() {
        let study = Study::parse("").unwrap();
        let all = separated("interview;tekst\na;\"I: Hoe?\nR: Goed; wel.\"\n", false, &study).unwrap();
        assert_eq!(all[0].pieces[1].text, "Goed; wel.");
    }
}
