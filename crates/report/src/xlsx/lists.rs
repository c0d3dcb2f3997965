//! The sheets of opportunities and of touchpoints.

use klantreis_aggregation::{Basis, Subject};
use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::{A4, Book, cut, emotion::two, quotes::Places};
use crate::{
    palette::{CHANCE, PLAIN},
    words::{channel, how_might_we, label, mark, singular},
};

impl Book<'_> {
    pub fn opportunities(&self, places: &Places<'_>) -> Result<Worksheet, XlsxError> {
        let language = self.report.study.language;
        let mut sheet = self.sheet(self.names.opportunities, A4, CHANCE.strong)?;
        let row = self.head(
            &mut sheet,
            self.names.opportunities,
            &[self
                .say(
                    "Waar veel interviews om vragen en weinig interviews tevreden over zijn. De score benadert die van Ulwick (0–20) en is geen meting: zie Verantwoording.",
                    "What many interviews ask for and few are content with. The score is a proxy of Ulwick's (0–20) and no measurement: see Account.",
                )
                .to_owned()],
        )?;
        let heads = [
            self.say("Fase", "Phase"),
            self.say("Soort", "Kind"),
            self.say("Onderwerp", "Subject"),
            self.say("Kansscore (benadering)", "Opportunity (proxy)"),
            self.say("Belang 0–10", "Importance 0–10"),
            self.say("Tevredenheid 0–10", "Satisfaction 0–10"),
            self.say("Interviews die erom vragen", "Interviews that ask"),
            self.say("Interviews met een winst", "Interviews with a gain"),
            self.say("Uitspraken", "Quotes"),
            self.say("Tevredenheid gemeten aan", "Satisfaction measured at"),
            self.say("Hoe kunnen we …", "How might we …"),
            self.say("Meest typerend citaat", "Most typical quote"),
        ]
        .map(str::to_owned);
        self.heads(&mut sheet, row, &heads)?;
        let all = &self.report.journey.opportunities;
        for (at, o) in (row + 1..).zip(all) {
            let phase = self.phase_label(&o.phase);
            sheet.write_string_with_format(at, 0, phase, &self.look.word)?;
            match &o.subject {
                Subject::Code(category, _) => {
                    let name = singular(language, category.as_str());
                    sheet.write_string_with_format(at, 1, name, &self.look.category(category.as_str()))?;
                }
                Subject::Touchpoint(_) => {
                    let name = self.say("Contactmoment", "Touchpoint");
                    sheet.write_string_with_format(at, 1, name, &self.look.category(""))?;
                }
            }
            sheet.write_string_with_format(at, 2, cut(&o.label), &self.look.text)?;
            for (column, number) in (3..).zip([o.score, o.importance, o.satisfaction]) {
                sheet.write_number_with_format(at, column, two(number), &self.look.decimal)?;
            }
            for (column, count) in (6..).zip([o.n_asking, o.n_served, o.quote_ids.len()]) {
                sheet.write_number_with_format(at, column, count as f64, &self.look.count)?;
            }
            let basis = match o.basis {
                Basis::Touchpoint => self.say("contactmoment", "touchpoint"),
                Basis::Phase => self.say("fase", "phase"),
            };
            sheet.write_string_with_format(at, 9, basis, &self.look.word)?;
            let question = how_might_we(language, &o.subject, &o.label, phase);
            sheet.write_string_with_format(at, 10, cut(&question), &self.look.text)?;
            let quote = o.typical.as_ref().map_or("", |q| q.quote.as_str());
            self.fit(&mut sheet, at, &[(&o.label, 24.0), (&question, 40.0), (quote, 60.0)])?;
            let Some(q) = &o.typical else { continue };
            match self.link_to(places, &q.id) {
                Some(link) => {
                    sheet.write_url_with_format(at, 11, Url::new(link).set_text(" "), &self.look.link)?;
                    sheet.write_string_with_format(at, 11, cut(&q.quote), &self.look.link)?;
                }
                None => {
                    sheet.write_string_with_format(at, 11, cut(&q.quote), &self.look.text)?;
                }
            }
        }
        if !all.is_empty() {
            sheet.autofilter(row, 0, row + all.len() as u32, heads.len() as u16 - 1)?;
        }
        for (column, width) in [17, 14, 24, 13, 11, 13, 13, 13, 11, 14, 40, 60].into_iter().enumerate() {
            sheet.set_column_width(column as u16, width)?;
        }
        Ok(sheet)
    }

    pub fn touchpoints(&self) -> Result<Worksheet, XlsxError> {
        let language = self.report.study.language;
        let mut sheet = self.sheet(self.names.touchpoints, A4, PLAIN.strong)?;
        let row = self.head(
            &mut sheet,
            self.names.touchpoints,
            &[self
                .say(
                    "Hoe vaak elk contactmoment ter sprake kwam en hoe het voelt; rechts het aantal uitspraken per fase.",
                    "How often each touchpoint came up and how it feels; on the right the number of quotes in each phase.",
                )
                .to_owned()],
        )?;
        let mut heads = [
            self.say("Contactmoment", "Touchpoint"),
            self.say("Kanaal", "Channel"),
            self.say("Emotie −2…2", "Emotion −2…2"),
            self.say("95% onder", "95% low"),
            self.say("95% boven", "95% high"),
            self.say("Oordeel", "Verdict"),
            "Interviews",
            self.say("Uitspraken", "Quotes"),
            self.say("Valt op door", "Stands out by"),
        ]
        .map(str::to_owned)
        .to_vec();
        heads.extend(self.phases().iter().map(|p| p.phase.label.clone()));
        self.heads(&mut sheet, row, &heads)?;
        let journey = self.report.journey;
        for (at, t) in (row + 1..).zip(&journey.touchpoints) {
            let score = &t.emotion;
            sheet.write_string_with_format(at, 0, cut(&t.label), &self.look.text)?;
            sheet.write_string_with_format(at, 1, channel(language, t.channel), &self.look.word)?;
            let numbers = [score.mean, score.interval.map(|i| i.0), score.interval.map(|i| i.1)];
            for (column, number) in (2..).zip(numbers) {
                match number {
                    Some(n) => sheet.write_number_with_format(at, column, two(n), &self.look.decimal)?,
                    None => sheet.write_blank(at, column, &self.look.decimal)?,
                };
            }
            sheet.write_string_with_format(at, 5, label(language, score.label), &self.look.word)?;
            sheet.write_number_with_format(at, 6, score.n_interviews as f64, &self.look.count)?;
            sheet.write_number_with_format(at, 7, score.n_quotes as f64, &self.look.count)?;
            let moment =
                journey.moments.iter().find(|m| m.place == klantreis_aggregation::Place::Touchpoint(t.id.clone()));
            let marks: Vec<&str> = moment.iter().flat_map(|m| &m.marks).map(|m| mark(language, *m)).collect();
            sheet.write_string_with_format(at, 8, marks.join(", "), &self.look.text)?;
            for (column, phase) in (9..).zip(self.phases()) {
                let here = phase.touchpoints.iter().find(|other| other.id == t.id).map_or(0, |t| t.emotion.n_quotes);
                sheet.write_number_with_format(at, column, here as f64, &self.look.count)?;
            }
        }
        if !journey.touchpoints.is_empty() {
            sheet.autofilter(row, 0, row + journey.touchpoints.len() as u32, heads.len() as u16 - 1)?;
        }
        for (column, width) in
            (0..heads.len() as u16).zip([30, 14, 12, 11, 11, 13, 12, 12, 24].into_iter().chain(std::iter::repeat(15)))
        {
            sheet.set_column_width(column, width)?;
        }
        Ok(sheet)
    }
}
