//! The sheet of the emotion curve: figures and a chart of Excel's own, which a slide deck takes over.

use klantreis_aggregation::{to_five, to_ten};
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType,
    ChartSeries, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

use super::{A4, Book, TAB, cut};
use crate::{
    palette::{BRAND, QUIET, RULE},
    words::label,
};

impl Book<'_> {
    pub fn emotion(&self) -> Result<Worksheet, XlsxError> {
        let (report, language) = (self.report, self.report.study.language);
        let mut sheet = self.sheet(self.names.emotion, A4, TAB)?;
        let row = self.head(
            &mut sheet,
            self.say("Emotie per fase", "Emotion by phase"),
            &[self
                .say(
                    "Gemiddelde over interviews, van −2 (heel negatief) tot 2 (heel positief), met een 95%-interval; leeg waar minder dan drie interviews iets vertellen.",
                    "Mean over interviews, from −2 (very negative) to 2 (very positive), with a 95% interval; empty where fewer than three interviews tell of it.",
                )
                .to_owned()],
        )?;
        let heads = [
            self.say("Fase", "Phase"),
            self.say("Gemiddelde", "Mean"),
            self.say("95% onder", "95% low"),
            self.say("95% boven", "95% high"),
            self.say("Gewenst", "Desired"),
            self.say("Oordeel", "Verdict"),
            "Interviews",
            self.say("Uitspraken", "Quotes"),
            self.say("Spreiding", "Spread"),
            self.say("Schaal 1–5", "Scale 1–5"),
            self.say("Schaal 1–10", "Scale 1–10"),
        ]
        .map(str::to_owned);
        self.heads(&mut sheet, row, &heads)?;
        for (at, phase) in (row + 1..).zip(self.phases()) {
            let score = &phase.emotion;
            let number = |sheet: &mut Worksheet, column, number: Option<f64>| -> Result<(), XlsxError> {
                match number {
                    // Two decimals, as in emotion.csv.
                    Some(n) => sheet.write_number_with_format(at, column, two(n), &self.look.decimal)?,
                    None => sheet.write_blank(at, column, &self.look.decimal)?,
                };
                Ok(())
            };
            sheet.write_string_with_format(at, 0, &phase.phase.label, &self.look.word)?;
            number(&mut sheet, 1, score.mean)?;
            number(&mut sheet, 2, score.interval.map(|i| i.0))?;
            number(&mut sheet, 3, score.interval.map(|i| i.1))?;
            number(&mut sheet, 4, phase.phase.desired)?;
            sheet.write_string_with_format(at, 5, label(language, score.label), &self.look.word)?;
            sheet.write_number_with_format(at, 6, score.n_interviews as f64, &self.look.count)?;
            sheet.write_number_with_format(at, 7, score.n_quotes as f64, &self.look.count)?;
            number(&mut sheet, 8, score.spread)?;
            number(&mut sheet, 9, score.mean.map(to_five))?;
            number(&mut sheet, 10, score.mean.map(to_ten))?;
        }
        let last = row + self.phases().len() as u32;
        sheet.insert_chart(last + 2, 0, &self.curve(row + 1, last))?;

        // Beneath the chart: each interview's voice.
        let mut at = last + 24;
        sheet.write_string_with_format(at, 0, self.say("Per interview", "By interview"), &self.look.heading)?;
        at += 1;
        sheet.write_string_with_format(at, 0, "Interview", &self.look.head)?;
        for (column, phase) in (1..).zip(self.phases()) {
            sheet.write_string_with_format(at, column, &phase.phase.label, &self.look.head)?;
        }
        for (n, interview) in report.journey.interviews.iter().enumerate() {
            at += 1;
            sheet.write_string_with_format(at, 0, cut(interview), &self.look.word)?;
            for (column, phase) in (1..).zip(self.phases()) {
                match phase.by_interview[n].emotion {
                    Some(voice) => sheet.write_number_with_format(at, column, two(voice), &self.look.decimal)?,
                    None => sheet.write_blank(at, column, &self.look.decimal)?,
                };
            }
        }
        sheet.set_column_width(0, 24)?;
        for column in 1..11 {
            sheet.set_column_width(column, 13)?;
        }
        Ok(sheet)
    }

    /// Means as a line; intervals as bars from low to high; wishes as diamonds.
    fn curve(&self, first: u32, last: u32) -> Chart {
        let sheet = self.names.emotion;
        let mut chart = Chart::new(ChartType::Line);
        let mark = |kind, size: u8, colour: u32| {
            let mut marker = ChartMarker::new();
            marker
                .set_type(kind)
                .set_size(size)
                .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour)));
            marker
        };
        let series = |column: u16| {
            let mut series = ChartSeries::new();
            series
                .set_categories((sheet, first, 0, last, 0))
                .set_values((sheet, first, column, last, column))
                .set_name((sheet, first - 1, column));
            series
        };
        let mut mean = series(1);
        mean.set_format(ChartLine::new().set_color(BRAND.strong).set_width(2.5)).set_marker(&mark(
            ChartMarkerType::Circle,
            8,
            BRAND.strong,
        ));
        chart.push_series(&mean);
        for column in [2, 3] {
            let mut bound = series(column);
            bound.set_format(ChartFormat::new().set_no_line()).set_marker(&mark(ChartMarkerType::LongDash, 7, QUIET));
            chart.push_series(&bound);
        }
        if self.phases().iter().any(|p| p.phase.desired.is_some()) {
            let mut wished = series(4);
            wished.set_format(ChartFormat::new().set_no_line()).set_marker(&mark(
                ChartMarkerType::Diamond,
                9,
                0x00_73_68,
            ));
            chart.push_series(&wished);
        }
        let mut lines = ChartLine::new();
        lines.set_color(QUIET).set_width(1.0).set_dash_type(ChartLineDashType::SquareDot);
        chart.set_high_low_lines(true).set_high_low_lines_format(&mut lines);
        chart.title().set_name(self.say("Emotie per fase", "Emotion by phase"));
        chart.legend().set_position(ChartLegendPosition::Bottom);
        let mut grid = ChartLine::new();
        grid.set_color(RULE).set_width(0.75);
        chart.y_axis().set_min(-2).set_max(2).set_major_unit(1).set_num_format("0").set_major_gridlines_line(&grid);
        chart
            .x_axis()
            .set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low)
            .set_font(ChartFont::new().set_size(10));
        chart.set_alt_text(self.say(
            "Lijngrafiek van de gemiddelde emotie per fase met 95%-interval; de cijfers staan in de tabel erboven",
            "Line chart of the mean emotion by phase with its 95% interval; the figures are in the table above it",
        ));
        chart.set_width(980).set_height(400);
        chart
    }
}

/// Two decimals, rounded as in the tables and without a minus before a zero.
pub fn two(number: f64) -> f64 {
    format!("{number:.2}").parse().unwrap_or(number) + 0.0
}
