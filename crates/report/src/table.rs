use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
};

/// Why an output can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: can't be written: {source}; close the file if it is open in Excel, and see that there is room")]
pub struct ReportError {
    /// The output.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// `;` between cells and a byte order mark, which a Dutch Excel opens right.
    pub excel: bool,
}

/// A text that a spreadsheet would run as a formula gets a `'` before it; numbers stay as they are.
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if text.parse::<f64>().is_err() => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// Writes rows as RFC 4180, UTF-8, LF: whole or not at all.
pub(crate) fn write(path: &Path, rows: &[Vec<String>], options: TableOptions) -> Result<(), ReportError> {
    let error = |source| ReportError { path: path.to_owned(), source };
    let mut out = if options.excel { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(if options.excel { b';' } else { b',' })
            .flexible(true)
            .from_writer(&mut out);
        for row in rows {
            writer.write_record(row.iter().map(|c| escape_formula(c).into_owned())).map_err(|e| error(e.into()))?;
        }
        writer.flush().map_err(error)?;
    }
    let part = path.with_extension("part");
    fs::write(&part, out).and_then(|()| fs::rename(&part, path)).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        for (text, safe) in [("-1", "-1"), ("-1.5", "-1.5"), ("- ja", "'- ja"), ("@SUM(A1)", "'@SUM(A1)"), ("", "")] {
            assert_eq!(escape_formula(text), safe);
        }
    }
}
