//! The sheet of quotes: a table with filters, a row a quote.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatType, Table, TableColumn, TableStyle, Worksheet, XlsxError,
};

use super::{A4, Book, TAB, cut};
use crate::{Report, words};

/// Rows above the table: title, explanation, an empty one.
const ABOVE: u32 = 3;

/// What a sheet holds under the heads, less some room.
const MOST: usize = 1_048_000;

/// Width of the quotes' column.
const QUOTE: f64 = 70.0;

/// Columns that are printed; those behind them are for filters.
const PRINTED: u16 = 9;

/// The row of each quote, for links.
pub struct Places<'a>(BTreeMap<&'a str, u32>);

impl<'a> Places<'a> {
    pub fn of(report: &Report<'a>) -> Self {
        Self(report.quotes.iter().take(MOST).map(|q| q.id.as_str()).zip(ABOVE + 1..).collect())
    }

    /// The row of a quote, from 0.
    pub fn row(&self, id: &str) -> Option<u32> {
        self.0.get(id).copied()
    }
}

impl Book<'_> {
    /// A link to a quote's row.
    pub fn link_to(&self, places: &Places<'_>, id: &str) -> Option<String> {
        places.row(id).map(|row| format!("internal:'{}'!A{}", self.names.quotes, row + 1))
    }

    pub fn quotes(&self, places: &Places<'_>) -> Result<Worksheet, XlsxError> {
        let (report, language) = (self.report, self.report.study.language);
        let mut sheet = self.sheet(self.names.quotes, A4, TAB)?;
        let attributes: BTreeSet<&String> = report.quotes.iter().flat_map(|q| q.attributes.keys()).collect();
        let mut heads: Vec<String> = [
            self.say("Citaat", "Quote"),
            self.say("Fase", "Phase"),
            self.say("Soort", "Kind"),
            self.say("Onderwerp", "Subject"),
            self.say("Contactmoment", "Touchpoint"),
            self.say("Emotie", "Emotion"),
            self.say("Zekerheid", "Confidence"),
            "Status",
            "Interview",
            self.say("Bestand", "File"),
            self.say("Beurt", "Turn"),
            self.say("Tijd", "Time"),
            self.say("Spreker", "Speaker"),
            "Id",
        ]
        .map(str::to_owned)
        .to_vec();
        // Heads of a table must differ from each other, whatever their case.
        for attribute in attributes.iter().map(|a| a.as_str()) {
            let taken = heads.iter().any(|h| h.to_lowercase() == attribute.to_lowercase());
            heads.push(if taken { format!("{attribute} (interview)") } else { attribute.to_owned() });
        }
        let left_out = report.quotes.len().saturating_sub(MOST);
        let mut line = self
            .say(
                "Filter met de pijltjes in de koppen. Elk citaat staat letterlijk in het transcript, in de beurt die erbij staat.",
                "Filter with the arrows in the heads. Each quote stands letter for letter in the transcript, in the turn named.",
            )
            .to_owned();
        if left_out > 0 {
            line += &format!(" {}: {left_out}.", self.say("Niet op dit blad, wel in quotes.csv", "Only in quotes.csv"));
        }
        let row = self.head(&mut sheet, self.names.quotes, &[line])?;
        debug_assert_eq!(row, ABOVE);

        for q in report.quotes.iter().take(MOST) {
            let Some(row) = places.row(&q.id) else { continue };
            sheet.write_string_with_format(row, 0, cut(&q.quote), &self.look.text)?;
            self.fit(&mut sheet, row, &[(&q.quote, QUOTE)])?;
            let words = |sheet: &mut Worksheet, column, text: &str| -> Result<(), XlsxError> {
                sheet.write_string_with_format(row, column, cut(text), &self.look.word).map(|_| ())
            };
            words(&mut sheet, 1, self.phase_label(&q.phase))?;
            let category = q.category.as_str();
            let kind = words::singular(language, category);
            sheet.write_string_with_format(row, 2, kind, &self.look.category(category))?;
            words(&mut sheet, 3, &self.code_label(q))?;
            let touchpoint = q.touchpoint.as_ref().and_then(|id| report.study.touchpoint(id));
            words(&mut sheet, 4, touchpoint.map_or("", |t| t.label.as_str()))?;
            sheet.write_number_with_format(row, 5, q.emotion.value(), &self.look.count)?;
            // As in quotes.csv, so that the same numbers are seen.
            let confidence = (f64::from(q.confidence.value()) * 100.0).round() / 100.0;
            sheet.write_number_with_format(row, 6, confidence, &self.look.percent)?;
            words(&mut sheet, 7, words::status(language, q.status))?;
            words(&mut sheet, 8, &q.interview)?;
            words(&mut sheet, 9, q.file.rsplit('/').next().unwrap_or(&q.file))?;
            sheet.write_number_with_format(row, 10, q.turn, &self.look.count)?;
            words(&mut sheet, 11, &q.time)?;
            words(&mut sheet, 12, &q.speaker)?;
            words(&mut sheet, 13, &q.id)?;
            for (column, attribute) in (14..).zip(&attributes) {
                words(&mut sheet, column, q.attributes.get(*attribute).map_or("", String::as_str))?;
            }
        }
        // A table has one row at least.
        let last = ABOVE + report.quotes.len().clamp(1, MOST) as u32;
        let columns: Vec<TableColumn> =
            heads.iter().map(|h| TableColumn::new().set_header(h).set_header_format(&self.look.head)).collect();
        let table = Table::new().set_name(self.names.quotes).set_style(TableStyle::None).set_columns(&columns);
        sheet.add_table(ABOVE, 0, last, heads.len() as u16 - 1, &table)?;
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, -2)
            .set_midpoint(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 2)
            .set_minimum_color(0xF4_B4_8A)
            .set_midpoint_color(0xFF_FF_FF)
            .set_maximum_color(0x8C_CF_C6);
        sheet.add_conditional_format(ABOVE + 1, 5, last, 5, &scale)?;

        for (column, width) in [QUOTE as u16, 17, 13, 24, 20, 9, 11, 24, 16, 18, 8, 10, 14, 18].into_iter().enumerate()
        {
            sheet.set_column_width(column as u16, width)?;
        }
        for column in 14..heads.len() {
            sheet.set_column_width(column as u16, 20)?;
        }
        sheet.set_print_area(0, 0, last, PRINTED - 1)?;
        sheet.set_freeze_panes(ABOVE + 1, 1)?.set_repeat_rows(ABOVE, ABOVE)?;
        Ok(sheet)
    }

    fn code_label(&self, quote: &klantreis_study::Quote) -> String {
        let name = |id| self.report.codebook.name(id, self.report.study.language).to_owned();
        quote.code.as_ref().map(name).unwrap_or_default()
    }
}
