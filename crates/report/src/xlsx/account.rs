//! The sheet that says what the numbers rest on: method, sources, gaps, codes, messages.

use std::collections::BTreeMap;

use klantreis_aggregation::Place;
use klantreis_study::Severity;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{A4, Book, TAB, cut};
use crate::words::{lane, mark, singular};

/// Widths of the columns.
const WIDTHS: [f64; 6] = [34.0, 24.0, 60.0, 14.0, 14.0, 40.0];

impl Book<'_> {
    pub fn account(&self) -> Result<Worksheet, XlsxError> {
        let mut sheet = self.sheet(self.names.account, A4, TAB)?;
        for (column, width) in WIDTHS.into_iter().enumerate() {
            sheet.set_column_width(column as u16, width)?;
        }
        let mut row = self.head(&mut sheet, self.names.account, &[self.report.facts()])?;
        for paragraph in self.report.method() {
            sheet.merge_range(row, 0, row, 4, &cut(&paragraph), &self.look.text)?;
            self.fit(&mut sheet, row, &[(&paragraph, WIDTHS[..5].iter().sum())])?;
            row += 1;
        }
        row = self.sources(&mut sheet, row + 1)?;
        row = self.moments(&mut sheet, row)?;
        row = self.gaps(&mut sheet, row)?;
        row = self.codes(&mut sheet, row)?;
        self.messages(&mut sheet, row)?;
        Ok(sheet)
    }

    /// A heading with the heads of a table under it; where nothing is to be told, a line that says so.
    fn part(&self, sheet: &mut Worksheet, row: u32, title: &str, heads: &[&str]) -> Result<u32, XlsxError> {
        sheet.write_string_with_format(row, 0, title, &self.look.heading)?;
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(row + 1, column, *head, &self.look.head)?;
        }
        Ok(row + 2)
    }

    fn sources(&self, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for quote in self.report.counted() {
            *counts.entry(&quote.interview).or_default() += 1;
        }
        let heads = [
            "Interview",
            self.say("Bestand", "File"),
            self.say("Kenmerken", "Attributes"),
            self.say("Beurten", "Turns"),
            self.say("Uitspraken", "Quotes"),
        ];
        let mut at = self.part(sheet, row, self.say("Bronnen", "Sources"), &heads)?;
        for transcript in self.report.transcripts.iter().map(|t| &t.transcript) {
            let attributes: Vec<String> = transcript.attributes.iter().map(|(k, v)| format!("{k}: {v}")).collect();
            sheet.write_string_with_format(at, 0, cut(&transcript.interview), &self.look.text)?;
            sheet.write_string_with_format(at, 1, cut(&transcript.file), &self.look.text)?;
            sheet.write_string_with_format(at, 2, cut(&attributes.join("; ")), &self.look.text)?;
            sheet.write_number_with_format(at, 3, transcript.respondent_turns().count() as f64, &self.look.count)?;
            self.fit(
                sheet,
                at,
                &[
                    (&transcript.interview, WIDTHS[0]),
                    (&transcript.file, WIDTHS[1]),
                    (&attributes.join("; "), WIDTHS[2]),
                ],
            )?;
            let quotes = counts.get(transcript.interview.as_str()).copied().unwrap_or(0);
            sheet.write_number_with_format(at, 4, quotes as f64, &self.look.count)?;
            at += 1;
        }
        Ok(at + 1)
    }

    fn moments(&self, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
        let heads = [
            self.say("Waar", "Where"),
            self.say("Soort", "Kind"),
            self.say("Valt op door", "Stands out by"),
            "Score 0–1",
            "Interviews",
        ];
        let title = self.say("Momenten van de waarheid", "Moments of truth");
        let mut at = self.part(sheet, row, title, &heads)?;
        for m in self.report.journey.moments.iter().filter(|m| !m.marks.is_empty()) {
            let marks: Vec<&str> = m.marks.iter().map(|why| mark(self.report.study.language, *why)).collect();
            sheet.write_string_with_format(at, 0, cut(&m.label), &self.look.text)?;
            sheet.write_string_with_format(at, 1, self.place(&m.place), &self.look.word)?;
            sheet.write_string_with_format(at, 2, marks.join(", "), &self.look.text)?;
            sheet.write_number_with_format(at, 3, super::emotion::two(m.score), &self.look.decimal)?;
            sheet.write_number_with_format(at, 4, m.n_interviews as f64, &self.look.count)?;
            at += 1;
        }
        Ok(at + 1)
    }

    fn gaps(&self, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
        let heads = [
            self.say("Waar", "Where"),
            self.say("Soort", "Kind"),
            self.say("Waarover", "About"),
            "Interviews",
            self.say("Uitspraken", "Quotes"),
        ];
        let title = self.say("Hier is te weinig over verteld", "Too little was told of these");
        let mut at = self.part(sheet, row, title, &heads)?;
        for gap in &self.report.journey.gaps {
            let about = gap.category.as_ref().map(|c| lane(self.report.study.language, c.as_str())).unwrap_or_default();
            sheet.write_string_with_format(at, 0, cut(&gap.label), &self.look.text)?;
            sheet.write_string_with_format(at, 1, self.place(&gap.place), &self.look.word)?;
            sheet.write_string_with_format(at, 2, about, &self.look.word)?;
            sheet.write_number_with_format(at, 3, gap.n_interviews as f64, &self.look.count)?;
            sheet.write_number_with_format(at, 4, gap.n_quotes as f64, &self.look.count)?;
            at += 1;
        }
        Ok(at + 1)
    }

    fn codes(&self, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for code in self.report.counted().filter_map(|q| q.code.as_ref()) {
            *counts.entry(code.as_str()).or_default() += 1;
        }
        let heads = [
            self.say("Onderwerp", "Subject"),
            self.say("Soort", "Kind"),
            self.say("Wanneer", "When to use it"),
            self.say("Uitspraken", "Quotes"),
            "Id",
        ];
        let mut at = self.part(sheet, row, self.say("Codeboek", "Codebook"), &heads)?;
        for code in &self.report.codebook.codes {
            let language = self.report.study.language;
            let (name, meaning, category) = (code.name(language), code.meaning(language), code.category.as_str());
            sheet.write_string_with_format(at, 0, cut(name), &self.look.text)?;
            let kind = singular(language, category);
            sheet.write_string_with_format(at, 1, kind, &self.look.category(category))?;
            sheet.write_string_with_format(at, 2, cut(meaning), &self.look.text)?;
            self.fit(sheet, at, &[(name, WIDTHS[0]), (meaning, WIDTHS[2])])?;
            let quotes = counts.get(code.id.as_str()).copied().unwrap_or(0);
            sheet.write_number_with_format(at, 3, quotes as f64, &self.look.count)?;
            sheet.write_string_with_format(at, 4, code.id.as_str(), &self.look.word)?;
            at += 1;
        }
        Ok(at + 1)
    }

    fn messages(&self, sheet: &mut Worksheet, row: u32) -> Result<u32, XlsxError> {
        let heads = [self.say("Bestand", "File"), self.say("Soort", "Kind"), self.say("Melding", "Message")];
        let mut at = self.part(sheet, row, self.say("Meldingen bij het lezen", "Messages on reading"), &heads)?;
        for problem in self.report.problems {
            let kind = match problem.severity {
                Severity::Error => self.say("overgeslagen", "skipped"),
                Severity::Note => self.say("opmerking", "note"),
            };
            let place = problem.line.map_or(problem.file.clone(), |line| format!("{}:{line}", problem.file));
            sheet.write_string_with_format(at, 0, cut(&place), &self.look.text)?;
            sheet.write_string_with_format(at, 1, kind, &self.look.word)?;
            sheet.write_string_with_format(at, 2, cut(&problem.message), &self.look.text)?;
            self.fit(sheet, at, &[(&place, WIDTHS[0]), (&problem.message, WIDTHS[2])])?;
            at += 1;
        }
        if self.report.problems.is_empty() {
            sheet.write_string_with_format(at, 0, self.say("Geen", "None"), &self.look.note)?;
            at += 1;
        }
        Ok(at)
    }

    fn place(&self, place: &Place) -> &'static str {
        match place {
            Place::Phase(_) => self.say("fase", "phase"),
            Place::Touchpoint(_) => self.say("contactmoment", "touchpoint"),
        }
    }
}
