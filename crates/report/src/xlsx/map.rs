//! The sheet of the journey as people draw it: phases as columns, a coloured lane a category.

use klantreis_aggregation::{ENOUGH, Opportunity, PhaseJourney};
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

use super::{A3, Book, TAB, cut, quotes::Places};
use crate::{
    palette::{BRAND, Paint, QUIET, lane},
    topics::{Known, Topic, topics},
    words::{self, channel, end_of_interval, how_might_we, interviews, label, shortened, signed},
};

/// Characters of a quote on the map; the whole one is a click away.
const QUOTE: usize = 200;
/// Items of a lane in a phase; more would bury the others.
const ITEMS: usize = 8;
/// Opportunities of a phase.
const CHANCES: usize = 3;
/// Width of a phase's column.
const PHASE: f64 = 36.0;

/// How a piece of text in a cell stands out.
#[derive(Clone, Copy, PartialEq)]
enum Tone {
    Bold,
    Plain,
    Quiet,
}

/// What stands in a phase: pieces of text on a line of their own, where a click on them leads, and a quote under them.
#[derive(Default)]
struct Entry {
    pieces: Vec<(Tone, String)>,
    link: Option<String>,
    quote: String,
}

impl Entry {
    fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }
}

impl Book<'_> {
    pub fn map(&self, places: &Places<'_>) -> Result<Worksheet, XlsxError> {
        let study = self.report.study;
        let mut sheet = self.sheet(self.names.map, A3, TAB)?;
        let mut lines = Vec::new();
        if !study.goal.is_empty() {
            lines.push(format!("{}: {}", self.say("Doel", "Goal"), study.goal));
        }
        lines.push(format!("{}. {}", self.report.facts(), self.report.warning()));
        let mut row = self.head(&mut sheet, &study.title, &lines)?;

        sheet.set_column_width(0, 17)?;
        sheet.write_string_with_format(row, 0, self.say("Fase", "Phase"), &self.look.phase)?;
        sheet.write_string_with_format(row + 1, 0, "", &self.look.about)?;
        for (column, phase) in (1..).zip(self.phases()) {
            sheet.set_column_width(column, PHASE)?;
            sheet.write_string_with_format(row, column, &phase.phase.label, &self.look.phase)?;
            sheet.write_string_with_format(row + 1, column, cut(&phase.phase.description), &self.look.about)?;
        }
        sheet.set_row_height(row, 20)?;
        let about: Vec<(&str, f64)> = self.phases().iter().map(|p| (p.phase.description.as_str(), PHASE)).collect();
        self.fit(&mut sheet, row + 1, &about)?;
        sheet.set_repeat_rows(row, row)?.set_repeat_columns(0, 0)?.set_freeze_panes(row + 1, 1)?;
        row += 2;

        let n_lanes = self.phases().first().map_or(0, |p| p.cells.len());
        let language = study.language;
        for n in 0..n_lanes {
            let category = self.phases()[0].cells[n].category.as_str();
            let name = words::lane(language, category);
            row = self.lane(&mut sheet, row, &name, lane(category), &|p| {
                self.items(&topics(self.report.journey, p, &p.cells[n]), places)
            })?;
            if n == 0 {
                let name = self.say("Contactmomenten", "Touchpoints");
                row = self.lane(&mut sheet, row, name, self.look.neutral(), &|p| self.named_touchpoints(p))?;
            }
        }
        row = self.lane(&mut sheet, row, self.say("Emotie", "Emotion"), BRAND, &|p| self.felt(p))?;
        row = self.lane(&mut sheet, row, self.say("Kansen", "Opportunities"), self.look.chance(), &|p| {
            self.chances(p, places)
        })?;
        self.lane(&mut sheet, row, self.say("Cijfers", "Figures"), self.look.neutral(), &|p| self.figures(p))?;
        Ok(sheet)
    }

    /// Writes a lane, an entry a row and its quote in the next, and says which row comes then.
    fn lane(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        name: &str,
        paint: Paint,
        entries: &dyn Fn(&PhaseJourney) -> Vec<Entry>,
    ) -> Result<u32, XlsxError> {
        let columns: Vec<Vec<Entry>> = self.phases().iter().map(entries).collect();
        let quoted = columns.iter().flatten().any(|entry| !entry.quote.is_empty());
        let entries = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let quote_format = self.look.lane_cell(paint, false).set_italic();
        let mut at = row;
        for n in 0..entries {
            let format = self.look.lane_cell(paint, n == 0);
            sheet.write_string_with_format(at, 0, if n == 0 { name } else { "" }, &self.look.lane_head(paint))?;
            let nothing = Entry::default();
            let here: Vec<&Entry> = columns.iter().map(|entries| entries.get(n).unwrap_or(&nothing)).collect();
            for (column, entry) in (1..).zip(&here) {
                self.entry(sheet, at, column, entry, &format)?;
            }
            let texts: Vec<String> = here.iter().map(|entry| entry.text()).collect();
            self.fit(sheet, at, &texts.iter().map(|text| (text.as_str(), PHASE)).collect::<Vec<_>>())?;
            at += 1;
            if quoted {
                sheet.write_string_with_format(at, 0, "", &self.look.lane_head(paint))?;
                for (column, entry) in (1..).zip(&here) {
                    sheet.write_string_with_format(at, column, cut(&entry.quote), &quote_format)?;
                }
                self.fit(sheet, at, &here.iter().map(|entry| (entry.quote.as_str(), PHASE)).collect::<Vec<_>>())?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn nothing(&self, why: String) -> Vec<Entry> {
        vec![Entry { pieces: vec![(Tone::Quiet, why)], ..Entry::default() }]
    }

    fn items(&self, topics: &[Topic<'_>], places: &Places<'_>) -> Vec<Entry> {
        if topics.is_empty() {
            let read = interviews(self.report.journey.interviews.len());
            return self.nothing(format!("{} {read}", self.say("Geen uitspraken gevonden in", "No quotes found in")));
        }
        let mut entries: Vec<Entry> = topics.iter().take(ITEMS).map(|topic| self.topic(topic, places)).collect();
        if topics.len() > ITEMS {
            let more = topics.len() - ITEMS;
            let subjects = match more {
                1 => self.say("onderwerp: zie Citaten", "more subject: see Quotes"),
                _ => self.say("onderwerpen: zie Citaten", "more subjects: see Quotes"),
            };
            entries.extend(self.nothing(format!("{} {more} {subjects}", self.say("En nog", "And"))));
        }
        entries
    }

    fn topic(&self, topic: &Topic<'_>, places: &Places<'_>) -> Entry {
        let strong =
            if topic.n_interviews < ENOUGH || topic.known == Known::Unnamed { Tone::Plain } else { Tone::Bold };
        let theme = if topic.known == Known::Theme { self.say("thema, ", "theme, ") } else { "" };
        let pieces = vec![
            (strong, shortened(topic.label, QUOTE).into_owned()),
            (Tone::Quiet, format!(" · {theme}{}", interviews(topic.n_interviews))),
        ];
        let typical = topic.typical.first();
        let quote = typical.map_or(String::new(), |q| format!("“{}”", shortened(&q.quote, QUOTE)));
        Entry { pieces, link: typical.and_then(|q| self.link_to(places, &q.id)), quote }
    }

    fn named_touchpoints(&self, phase: &PhaseJourney) -> Vec<Entry> {
        if phase.touchpoints.is_empty() {
            return self.nothing(self.say("Geen contactmomenten genoemd", "No touchpoints named").to_owned());
        }
        let mut pieces = Vec::new();
        for (n, t) in phase.touchpoints.iter().enumerate() {
            let how = channel(self.report.study.language, t.channel);
            pieces.push((Tone::Plain, format!("{}{}", if n == 0 { "" } else { "\n" }, t.label)));
            pieces.push((Tone::Quiet, format!(" · {how}, {}", interviews(t.emotion.n_interviews))));
        }
        vec![Entry { pieces, ..Entry::default() }]
    }

    fn felt(&self, phase: &PhaseJourney) -> Vec<Entry> {
        let (language, score) = (self.report.study.language, &phase.emotion);
        let Some(mean) = score.mean else {
            return self.nothing(self.say("Niemand vertelde hierover", "No one told of it").to_owned());
        };
        let mut text = format!(" · {}", signed(language, mean));
        if let Some((low, high)) = score.interval {
            let to = self.say("tot", "to");
            text += &format!(" (95%: {} {to} {})", end_of_interval(language, low), end_of_interval(language, high));
        }
        if let Some(desired) = &phase.desired {
            text += &format!("\n{}: {}", self.say("gewenst", "desired"), signed(language, desired.wished));
        }
        let word = label(language, score.label);
        let pieces = vec![(Tone::Bold, word.to_owned()), (Tone::Plain, text)];
        vec![Entry { pieces, ..Entry::default() }]
    }

    fn chances(&self, phase: &PhaseJourney, places: &Places<'_>) -> Vec<Entry> {
        let here = |o: &&Opportunity| o.phase == phase.phase.id && o.n_asking >= ENOUGH;
        let entry = |o: &Opportunity| {
            let question = how_might_we(self.report.study.language, &o.subject, &o.label, &phase.phase.label);
            let basis = format!(" · {} {}", interviews(o.n_asking), self.say("vragen erom", "ask for it"));
            Entry {
                pieces: vec![(Tone::Plain, question), (Tone::Quiet, basis)],
                link: o.typical.as_ref().and_then(|q| self.link_to(places, &q.id)),
                quote: String::new(),
            }
        };
        let entries: Vec<Entry> =
            self.report.journey.opportunities.iter().filter(here).take(CHANCES).map(entry).collect();
        if entries.is_empty() {
            return self.nothing(
                self.say(
                    "Geen kans die op drie interviews of meer rust",
                    "No opportunity that rests on three interviews",
                )
                .to_owned(),
            );
        }
        entries
    }

    fn figures(&self, phase: &PhaseJourney) -> Vec<Entry> {
        let score = &phase.emotion;
        let quotes =
            if score.n_quotes == 1 { self.say("uitspraak", "quote") } else { self.say("uitspraken", "quotes") };
        let text = format!("{} {quotes} · {}", score.n_quotes, interviews(score.n_interviews));
        vec![Entry { pieces: vec![(Tone::Plain, text)], ..Entry::default() }]
    }

    /// Writes the pieces of an entry over its link.
    fn entry(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        entry: &Entry,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if let Some(link) = &entry.link {
            sheet.write_url_with_format(row, column, Url::new(link).set_text(" "), format)?;
        }
        let font = |tone: Tone| match tone {
            Tone::Bold => &self.look.bold,
            Tone::Plain => &self.look.plain,
            Tone::Quiet => &self.look.quiet,
        };
        // Excel takes no empty piece, and no rich text of one piece.
        let pieces: Vec<(Tone, &str)> = entry
            .pieces
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(tone, text)| (*tone, text.as_str()))
            .collect();
        match pieces[..] {
            [] => sheet.write_blank(row, column, format)?,
            [(Tone::Quiet, text)] => {
                sheet.write_string_with_format(row, column, text, &format.clone().set_font_color(QUIET))?
            }
            [(_, text)] => sheet.write_string_with_format(row, column, text, format)?,
            _ => {
                let rich: Vec<(&Format, &str)> = pieces.iter().map(|(tone, text)| (font(*tone), *text)).collect();
                sheet.write_rich_string_with_format(row, column, &rich, format)?
            }
        };
        Ok(())
    }
}
