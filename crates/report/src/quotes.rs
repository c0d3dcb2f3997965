//! The table of quotes, which others build on: whole, or part by part where it is too large to hold.

use std::{collections::BTreeSet, io};

use klantreis_study::Quote;
use serde::{Deserialize, Serialize};

use crate::table::{Field, Rows, TableOptions, row, write_rows};

/// The columns of a table of quotes. Parts of one table have the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteTable {
    /// Attributes of interviews, a column each.
    pub attributes: BTreeSet<String>,
    /// Whether each line tells which engine proposed it.
    pub engine: bool,
}

/// The engine that proposed a quote, where it was a language model.
fn model(quote: &Quote) -> Option<&str> {
    quote.reasons.iter().find_map(|reason| reason.model())
}

/// The language models that proposed some of the quotes, with commas; `None` where the built-in engine proposed all.
pub fn models(quotes: &[Quote]) -> Option<String> {
    let models: BTreeSet<&str> = quotes.iter().filter_map(model).collect();
    (!models.is_empty()).then(|| models.into_iter().collect::<Vec<_>>().join(", "))
}

impl QuoteTable {
    /// The columns that some quotes ask for.
    pub fn of(quotes: &[Quote]) -> Self {
        let attributes = quotes.iter().flat_map(|q| q.attributes.keys()).cloned().collect();
        // Only where a language model was asked: then each line tells who proposed it.
        Self { attributes, engine: quotes.iter().any(|q| model(q).is_some()) }
    }

    /// The columns of both.
    pub fn and(mut self, other: Self) -> Self {
        self.attributes.extend(other.attributes);
        Self { engine: self.engine || other.engine, ..self }
    }

    /// The heads.
    fn head(&self) -> Vec<Field> {
        let mut head = row([
            "quote_id",
            "interview",
            "file",
            "turn",
            "speaker",
            "time",
            "phase",
            "category",
            "code",
            "touchpoint",
            "emotion",
            "confidence",
            "status",
            "quote",
        ]);
        if self.engine {
            head.push("engine".into());
        }
        head.extend(self.attributes.iter().map(|a| format!("attr_{a}").into()));
        head
    }

    fn row(&self, quote: &Quote) -> Vec<Field> {
        let name = quote.file.rsplit('/').next().unwrap_or(&quote.file);
        let mut cells = row([&quote.id, &quote.interview, name]);
        cells.push(Field::Count(quote.turn.into()));
        cells.extend(row([&quote.speaker, &quote.time, quote.phase.as_str(), quote.category.as_str()]));
        cells.extend([
            quote.code.as_ref().map_or("", |c| c.as_str()).into(),
            quote.touchpoint.as_ref().map_or("", |t| t.as_str()).into(),
            Field::Count(quote.emotion.value().into()),
            Some(f64::from(quote.confidence.value())).into(),
            quote.status.as_str().into(),
            quote.quote.as_str().into(),
        ]);
        if self.engine {
            cells.push(model(quote).unwrap_or("built-in").into());
        }
        cells.extend(self.attributes.iter().map(|a| quote.attributes.get(a).map_or("", String::as_str).into()));
        cells
    }

    /// One row a coding, the heads first.
    pub(crate) fn table(&self, quotes: &[Quote]) -> Rows {
        std::iter::once(self.head()).chain(quotes.iter().map(|quote| self.row(quote))).collect()
    }

    /// What the file begins with, as it is written: mark and heads.
    pub fn begin(&self, out: &mut Vec<u8>, options: &TableOptions) -> io::Result<()> {
        if options.has_mark() {
            out.extend("\u{feff}".as_bytes());
        }
        write_rows(out, options.choose(vec![("", vec![self.head()])]).iter().flat_map(|(_, rows)| rows), options)
    }

    /// Rows as they are written.
    pub fn append(&self, out: &mut Vec<u8>, quotes: &[Quote], options: &TableOptions) -> io::Result<()> {
        let chosen = options.choose(vec![("", self.table(quotes))]);
        write_rows(out, chosen.iter().flat_map(|(_, rows)| rows.iter().skip(1)), options)
    }

    /// Rows that were [appended](Self::append) with these columns, with the columns of `wider`, which has all of them.
    pub fn widen(&self, rows: &[u8], wider: &Self, options: &TableOptions) -> io::Result<Vec<u8>> {
        let heads = |table: &Self| -> Vec<Field> {
            options.choose(vec![("", vec![table.head()])]).into_iter().flat_map(|(_, rows)| rows).flatten().collect()
        };
        let (mine, theirs) = (heads(self), heads(wider));
        let places: Vec<Option<usize>> = theirs.iter().map(|head| mine.iter().position(|h| h == head)).collect();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(options.separator()).from_reader(rows);
        let mut writer = csv::WriterBuilder::new().delimiter(options.separator()).from_writer(Vec::new());
        for row in reader.records() {
            let row = row?;
            writer.write_record(places.iter().map(|place| place.and_then(|n| row.get(n)).unwrap_or_default()))?;
        }
        writer.into_inner().map_err(|error| error.into_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn parts_put_together_are_the_whole() {
        let (_, quotes) = sample::study();
        for options in [
            TableOptions::default(),
            TableOptions { excel: true, ..TableOptions::default() },
            TableOptions { columns: vec!["quote".into(), "attr_segment".into()], ..TableOptions::default() },
        ] {
            let whole = QuoteTable::of(&quotes);
            let mut expected = Vec::new();
            whole.begin(&mut expected, &options).unwrap();
            let mut together = expected.clone();
            whole.append(&mut expected, &quotes, &options).unwrap();
            for quote in quotes.chunks(1) {
                let part = QuoteTable::of(quote);
                assert_eq!(part.clone().and(whole.clone()), whole);
                let mut rows = Vec::new();
                part.append(&mut rows, quote, &options).unwrap();
                together.extend(part.widen(&rows, &whole, &options).unwrap());
            }
            assert_eq!(String::from_utf8(together).unwrap(), String::from_utf8(expected).unwrap());
        }
    }
}
