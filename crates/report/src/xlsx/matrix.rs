//! The sheet of counts: phase × category × group of interviews.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::Quote;
use rust_xlsxwriter::{ConditionalFormat2ColorScale, ConditionalFormatType, Worksheet, XlsxError};

use super::{A3, Book, TAB};
use crate::{palette::BRAND, words::singular};

/// Of a phase and category: the quotes of each interview.
type Counts<'a> = BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, usize>>;

impl Book<'_> {
    pub fn matrix(&self) -> Result<Worksheet, XlsxError> {
        let (report, language) = (self.report, self.report.study.language);
        let mut sheet = self.sheet(self.names.matrix, A3, TAB)?;
        let groups = report.groups();
        let explanation = match (report.attribute(), report.is_english()) {
            (Some(attribute), false) => {
                format!("Aantal uitspraken, en in hoeveel interviews, per fase, soort en {attribute}. Afgewezen uitspraken tellen niet mee.")
            }
            (Some(attribute), true) => {
                format!("Number of quotes, and of interviews, by phase, kind and {attribute}. Rejected quotes do not count.")
            }
            (None, false) => "Aantal uitspraken, en in hoeveel interviews, per fase en soort. De interviews hebben geen kenmerk om op te splitsen (zie participants.csv).".to_owned(),
            (None, true) => "Number of quotes, and of interviews, by phase and kind. The interviews have no attribute to break them down by (see participants.csv).".to_owned(),
        };
        let row = self.head(&mut sheet, self.names.matrix, &[explanation])?;
        let (quotes, interviews) = (self.say("uitspraken", "quotes"), "interviews");
        let all = report.journey.interviews.len();
        let mut heads = vec![self.say("Fase", "Phase").to_owned(), self.say("Soort", "Kind").to_owned()];
        let of = self.say("van", "of");
        heads.extend([
            format!("{}: {quotes}", self.say("Alle", "All")),
            format!("{}: {interviews} ({of} {all})", self.say("Alle", "All")),
        ]);
        for group in &groups {
            heads.extend([
                format!("{}: {quotes}", group.value),
                format!("{}: {interviews} ({of} {})", group.value, group.interviews.len()),
            ]);
        }
        self.heads(&mut sheet, row, &heads)?;
        sheet.set_freeze_panes(row + 1, 2)?.set_repeat_columns(0, 1)?;

        let mut counts: Counts<'_> = BTreeMap::new();
        for Quote { phase, category, interview, .. } in report.counted() {
            *counts.entry((phase.as_str(), category.as_str())).or_default().entry(interview.as_str()).or_default() += 1;
        }
        let mut at = row + 1;
        for phase in self.phases() {
            for cell in &phase.cells {
                let category = cell.category.as_str();
                sheet.write_string_with_format(at, 0, &phase.phase.label, &self.look.word)?;
                sheet.write_string_with_format(at, 1, singular(language, category), &self.look.category(category))?;
                let by_interview = counts.get(&(phase.phase.id.as_str(), category));
                let count = |among: Option<&BTreeSet<String>>| {
                    let told = by_interview.into_iter().flatten();
                    let told = told.filter(|(interview, _)| among.is_none_or(|g| g.contains(**interview)));
                    told.fold((0, 0), |(quotes, n), (_, more)| (quotes + more, n + 1))
                };
                let columns = std::iter::once(count(None)).chain(groups.iter().map(|g| count(Some(&g.interviews))));
                for (n, (quotes, interviews)) in columns.enumerate() {
                    let column = 2 + 2 * n as u16;
                    sheet.write_number_with_format(at, column, quotes as f64, &self.look.count)?;
                    sheet.write_number_with_format(at, column + 1, f64::from(interviews), &self.look.count)?;
                }
                at += 1;
            }
        }
        if at > row + 1 {
            // Shades among the groups, and apart among the totals, which would drown them.
            for columns in [2..3, 4..heads.len() as u16] {
                for column in columns.step_by(2) {
                    let scale = ConditionalFormat2ColorScale::new()
                        .set_minimum(ConditionalFormatType::Number, 0)
                        .set_minimum_color(0xFF_FF_FF)
                        .set_maximum_color(BRAND.tint & 0xC8_DA_EE);
                    sheet.add_conditional_format(row + 1, column, at - 1, column, &scale)?;
                }
            }
            sheet.autofilter(row, 0, at - 1, heads.len() as u16 - 1)?;
        }
        sheet.set_column_width(0, 20)?.set_column_width(1, 14)?;
        for column in 2..heads.len() as u16 {
            sheet.set_column_width(column, 14)?;
        }
        Ok(sheet)
    }
}
