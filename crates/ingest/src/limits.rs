//! How much of a file is read: enough for any interview, and not enough to fill the memory.

use std::io::Read;

/// Bytes of a file: a day of talk is below 5 MB.
pub const FILE: u64 = 100 << 20;

/// Bytes that one part of an archive (a Word document is one) may unpack to.
pub const PART: u64 = 64 << 20;

/// Bytes that a whole archive may unpack to.
pub const ARCHIVE: u64 = 1 << 30;

/// Files in an archive.
pub const PARTS: usize = 10_000;

/// Bytes of JSON, which takes many times its size in memory.
pub const JSON: usize = 32 << 20;

/// Levels of XML or of groups in RTF: Word's own have some thirty.
pub const LEVELS: usize = 256;

/// Lines of a text, each of which takes many times its size in memory: a week of talk has some ten thousand.
pub const LINES: usize = 1 << 20;

/// Rows of a table.
pub const ROWS: usize = 1 << 20;

/// Columns of a table.
pub const COLUMNS: usize = 1 << 10;

/// Bytes that the cells of a spreadsheet may take once its repeated cells are written out.
pub const CELLS: usize = 256 << 20;

/// A text as far as its lines are read, and whether that is all of it.
pub fn first_lines(text: &str) -> (&str, bool) {
    match text.match_indices('\n').nth(LINES) {
        Some((at, _)) => (&text[..at], false),
        None => (text, true),
    }
}

/// Reads to the end, or not more than `most` bytes; `None` where there is more.
pub fn read_at_most(reader: impl Read, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = reader.take(most + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= most).then_some(bytes))
}
