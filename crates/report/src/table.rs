use std::{
    borrow::Cow,
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use klantreis_aggregation::Ids;

use crate::words::shortened;

/// Why an output can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: can't be written: {source}; close the file if it is open in Excel, and see that there is room")]
pub struct ReportError {
    /// The output.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// Characters of a text that goes into a cell of Excel, which takes 32,767; what is left out is marked.
pub(crate) const CELL: usize = 32_000;

/// How tables are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// `;` between cells, a decimal comma and a byte order mark, which a Dutch Excel opens right: it reads `3.12` as
    /// the third of December.
    pub excel: bool,
    /// What stands between cells; a comma if left out, or `;` for Excel. One byte.
    pub delimiter: Option<u8>,
    /// A byte order mark, by which Excel knows UTF-8.
    pub bom: bool,
    /// Only these columns, in this order, of each table that has some of them; the others are not written. All if empty.
    pub columns: Vec<String>,
}

impl TableOptions {
    /// What stands between cells.
    pub(crate) fn separator(&self) -> u8 {
        self.delimiter.unwrap_or(if self.excel { b';' } else { b',' })
    }

    /// Whether files begin with a byte order mark.
    pub(crate) fn has_mark(&self) -> bool {
        self.excel || self.bom
    }

    /// The chosen columns of each table; tables without any of them are left out.
    pub(crate) fn choose<'n>(&self, tables: Vec<(&'n str, Rows)>) -> Vec<(&'n str, Rows)> {
        tables.into_iter().filter_map(|(name, rows)| Some((name, self.chosen(rows)?))).collect()
    }

    /// The chosen columns of a table; `None` where it has none of them.
    fn chosen(&self, rows: Rows) -> Option<Rows> {
        if self.columns.is_empty() {
            return Some(rows);
        }
        let heads = rows.first()?;
        let at = |name: &String| heads.iter().position(|h| *h == Field::from(name.as_str()));
        let places: Vec<usize> = self.columns.iter().filter_map(at).collect();
        let pick = |row: &Vec<Field>| places.iter().filter_map(|n| row.get(*n).cloned()).collect();
        (!places.is_empty()).then(|| rows.iter().map(pick).collect())
    }
}

impl TableOptions {
    /// As much of a text as a cell of Excel has room for: the list of quotes of a phase is longer in a study of hundreds of
    /// interviews, and Excel would put the rest of it into a row of its own. `journey.json` has it whole.
    fn fitting<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.excel && text.len() > CELL { shortened(&text, CELL).into_owned().into() } else { text }
    }

    /// A number with the decimal sign that is read right; nothing where there is none.
    fn decimal(&self, number: Option<String>) -> String {
        let text = number.unwrap_or_default();
        if self.excel { text.replace('.', ",") } else { text }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Words, which must not run as a formula.
    Text(String),
    /// Ids of quotes, with spaces between them: put together only when written.
    Ids(Box<Ids>),
    /// A whole number.
    Count(i64),
    /// A number with two decimals; empty where there is none.
    Number(Option<f64>),
    /// A number with four decimals, for probabilities; empty where there is none.
    Precise(Option<f64>),
    /// A number that is rounded already, with as many decimals as it has.
    Exact(f64),
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&Ids> for Field {
    fn from(ids: &Ids) -> Self {
        Self::Ids(Box::new(ids.clone()))
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Field {
    fn from(count: usize) -> Self {
        Self::Count(count as i64)
    }
}

impl From<Option<f64>> for Field {
    fn from(number: Option<f64>) -> Self {
        Self::Number(number)
    }
}

impl Field {
    fn written(&self, options: &TableOptions) -> Cow<'_, str> {
        match self {
            Self::Text(text) => options.fitting(escape(text)),
            Self::Ids(ids) => options.fitting(escape(&ids.join(" ")).into_owned().into()),
            Self::Count(count) => count.to_string().into(),
            Self::Number(number) => options.decimal(number.map(two_decimals)).into(),
            Self::Exact(number) => options.decimal(Some(format!("{number:?}"))).into(),
            Self::Precise(number) => options.decimal(number.map(|n| format!("{n:.4}"))).into(),
        }
    }
}

/// Two decimals, without a minus before a zero.
fn two_decimals(number: f64) -> String {
    let text = format!("{number:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

/// The rows of a table, its heads first.
pub type Rows = Vec<Vec<Field>>;

/// A row of cells of one kind.
pub(crate) fn row<const N: usize>(cells: [&str; N]) -> Vec<Field> {
    cells.into_iter().map(Field::from).collect()
}

/// A text that a spreadsheet would run as a formula gets a `'` before it; numbers such as `-1` and `-0.5` stay as they
/// are. For cells of which it isn't known whether they are words or numbers.
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = [whole, part].iter().all(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
    if number { Cow::Borrowed(text) } else { escape(text) }
}

/// The characters of OWASP's page "CSV Injection".
fn escape(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// Writes rows as RFC 4180, UTF-8, LF: whole or not at all.
pub(crate) fn write(path: &Path, rows: &Rows, options: &TableOptions) -> Result<(), ReportError> {
    write_whole_with(path, |out| {
        if options.has_mark() {
            out.write_all("\u{feff}".as_bytes())?;
        }
        write_rows(out, rows.iter(), options)
    })
}

/// Writes rows behind what is there.
pub(crate) fn write_rows<'r>(
    out: &mut impl Write,
    rows: impl Iterator<Item = &'r Vec<Field>>,
    options: &TableOptions,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(options.separator()).from_writer(out);
    for row in rows {
        for field in row {
            writer.write_field(field.written(options).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    write_whole_with(path, |out| out.write_all(bytes))
}

/// The same of what is made while it is written: what a large study's files hold need not fit into memory.
pub(crate) fn write_whole_with(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<fs::File>) -> io::Result<()>,
) -> Result<(), ReportError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = fs::File::create(&part).and_then(|file| {
        let mut out = BufWriter::with_capacity(BUFFER, file);
        write(&mut out)?;
        out.flush()
    });
    written.and_then(|()| fs::rename(&part, path)).map_err(|source| {
        // What is left of the attempt is of no use; that it can't be removed changes nothing.
        let _ = fs::remove_file(&part);
        ReportError { path: path.to_owned(), source }
    })
}

/// Bytes that are written at a time.
const BUFFER: usize = 128 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_longer_than_a_cell_is_cut_for_excel_alone() {
        let (list, short) = (Field::from("a:1w ".repeat(7000)), Field::from("a:1w"));
        let excel = TableOptions { excel: true, ..TableOptions::default() };
        assert!(list.written(&excel).ends_with("a:1w…") && list.written(&excel).len() <= CELL + "…".len());
        assert_eq!(list.written(&TableOptions::default()).len(), 35_000);
        assert_eq!(short.written(&excel), "a:1w");
    }

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        for (text, safe) in [
            ("-1", "-1"),
            ("-1.5", "-1.5"),
            ("0.85", "0.85"),
            ("- ja", "'- ja"),
            ("-inf", "'-inf"),
            ("-1.", "'-1."),
            ("-1+1", "'-1+1"),
            ("+31612345678", "'+31612345678"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("=1+1", "'=1+1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("Nou = ja", "Nou = ja"),
            ("", ""),
        ] {
            assert_eq!(escape_formula(text), safe);
        }
    }

    #[test]
    fn cells_are_written_by_their_kind() {
        let excel = TableOptions { excel: true, ..TableOptions::default() };
        for (field, plain, dutch) in [
            (Field::from("-1"), "'-1", "'-1"),
            (Field::from("10.30"), "10.30", "10.30"),
            (Field::Count(-1), "-1", "-1"),
            (Field::from(Some(-0.5)), "-0.50", "-0,50"),
            (Field::from(Some(-0.001)), "0.00", "0,00"),
            (Field::from(None), "", ""),
        ] {
            assert_eq!(field.written(&TableOptions::default()), plain);
            assert_eq!(field.written(&excel), dutch);
        }
    }

    #[test]
    fn a_table_comes_back_as_it_was_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let texts = ["komma, punt; \"zo\"", "twee\nregels", "é", "\r"];
        let rows = vec![row(["a", "b", "c", "d"]), row(texts)];
        for (excel, delimiter) in [(false, b','), (true, b';')] {
            write(&path, &rows, &TableOptions { excel, ..TableOptions::default() }).unwrap();
            let bytes = fs::read(&path).unwrap();
            assert_eq!(bytes.starts_with(b"\xef\xbb\xbf"), excel);
            let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..]);
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(record.iter().collect::<Vec<_>>(), [texts[0], texts[1], texts[2], "'\r"]);
        }
        assert!(!fs::read_to_string(&path).unwrap().contains("\r\n"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_in_the_way_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a.csv")).unwrap();
        let error = write(&dir.path().join("a.csv"), &vec![row(["a"])], &TableOptions::default()).unwrap_err();
        assert!(error.to_string().contains("a.csv"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
