//! The journey as an Excel workbook: a sheet a question, all leading back to the quotes.

mod account;
mod emotion;
mod lists;
mod look;
mod map;
mod matrix;
mod quotes;

use klantreis_aggregation::PhaseJourney;
use klantreis_study::{Language, PhaseId};
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use self::{look::Look, quotes::Places};
use crate::{RenderError, Report, palette, picture::count_lines, table::CELL, words};

/// A3 and A4 in the numbering of Excel.
const A3: u8 = 8;
const A4: u8 = 9;

impl Report<'_> {
    /// `klantreis.xlsx`. The same bytes for the same report: the date of making is fixed.
    pub fn xlsx(&self) -> Result<Vec<u8>, RenderError> {
        Ok(Book { report: self, look: Look::new(), names: Names::of(self.study.language) }.bytes()?)
    }
}

/// The sheets' names, which links and charts go by.
struct Names {
    map: &'static str,
    quotes: &'static str,
    matrix: &'static str,
    emotion: &'static str,
    opportunities: &'static str,
    touchpoints: &'static str,
    account: &'static str,
}

impl Names {
    fn of(language: Language) -> Self {
        let say = |nl, en| words::pick(language, nl, en);
        Self {
            map: say("Klantreis", "Journey"),
            quotes: say("Citaten", "Quotes"),
            matrix: "Matrix",
            emotion: say("Emotie", "Emotion"),
            opportunities: say("Kansen", "Opportunities"),
            touchpoints: say("Contactmomenten", "Touchpoints"),
            account: say("Verantwoording", "Account"),
        }
    }
}

struct Book<'a> {
    report: &'a Report<'a>,
    look: Look,
    names: Names,
}

impl Book<'_> {
    fn bytes(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties = DocProperties::new().set_title(&self.report.study.title).set_creation_datetime(&made);
        workbook.set_properties(&properties);
        let places = Places::of(self.report);
        let sheets: [&(dyn Fn() -> Result<Worksheet, XlsxError> + Sync); 7] = [
            &|| self.map(&places),
            &|| self.quotes(&places),
            &|| self.matrix(),
            &|| self.emotion(),
            &|| self.opportunities(&places),
            &|| self.touchpoints(),
            &|| self.account(),
        ];
        let sheets = sheets.into_par_iter().map(|sheet| sheet()).collect::<Result<Vec<_>, _>>()?;
        sheets.into_iter().for_each(|sheet| {
            workbook.push_worksheet(sheet);
        });
        workbook.save_to_buffer()
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        self.report.say(nl, en)
    }

    fn phases(&self) -> &[PhaseJourney] {
        &self.report.journey.phases
    }

    fn phase_label<'b>(&'b self, id: &'b PhaseId) -> &'b str {
        self.report.study.phase(id).map_or(id.as_str(), |p| p.label.as_str())
    }

    /// An empty sheet that prints one page wide, with its name and the page's number at the foot.
    fn sheet(&self, name: &str, paper: u8, colour: u32) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_tab_color(colour).set_screen_gridlines(false);
        sheet.set_landscape().set_paper_size(paper).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        // A text that begins with & would be a command there.
        let title = self.report.study.title.replace('&', "&&");
        let title: String = title.chars().take(120).collect();
        sheet.set_footer(format!("&L{title}&C&A&R&P / &N"));
        Ok(sheet)
    }

    /// Title, an explanation, and the row under them.
    fn head(&self, sheet: &mut Worksheet, title: &str, lines: &[String]) -> Result<u32, XlsxError> {
        sheet.write_string_with_format(0, 0, cut(title), &self.look.title)?;
        for (n, line) in (1..).zip(lines) {
            sheet.write_string_with_format(n, 0, cut(line), &self.look.note)?;
        }
        Ok(lines.len() as u32 + 2)
    }

    /// Sets a row as high as its texts need in columns of these widths: not every program does so by itself.
    fn fit(&self, sheet: &mut Worksheet, row: u32, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
        let lines = texts.iter().map(|(text, width)| lines(text, *width)).max().unwrap_or(1);
        sheet.set_row_height(row, (LINE * lines as f64 + 3.0).min(HIGHEST))?;
        Ok(())
    }

    /// A row of heads, which stays in sight and is printed again on each page.
    fn heads(&self, sheet: &mut Worksheet, row: u32, heads: &[String]) -> Result<(), XlsxError> {
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(row, column, head, &self.look.head)?;
        }
        sheet.set_row_height(row, 3.0 * LINE + 3.0)?;
        sheet.set_freeze_panes(row + 1, 0)?.set_repeat_rows(row, row)?;
        Ok(())
    }
}

/// Points from line to line of the text size.
const LINE: f64 = 13.5;

/// Rows are no higher than this.
const HIGHEST: f64 = 400.0;

/// The lines of a text in a column as wide as this many digits. Measured in a font that is wider than Calibri, so that
/// nothing is cut off.
fn lines(text: &str, width: f64) -> usize {
    count_lines(text, width * 7.0 - 4.0, 13.0)
}

/// A text that fits into a cell.
fn cut(text: &str) -> String {
    words::shortened(text, CELL).into_owned()
}

/// The colour of a tab of a sheet that is no lane.
const TAB: u32 = palette::BRAND.strong;
