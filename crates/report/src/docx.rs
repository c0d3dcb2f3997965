//! The journey as a Word report to go on writing in: headings, tables and captions in Word's own styles.

mod package;
mod text;

use std::{cmp::Reverse, collections::BTreeMap};

use klantreis_aggregation::{Cell, ENOUGH, PhaseJourney};
use klantreis_study::{Language, Quote};

use self::text::{Body, Column};
use crate::{
    RenderError, Report, View,
    palette::{BRAND, CHANCE, PLAIN, lane},
    topics::{Known, Topic, topics},
    words::{
        self, channel, decimal, end_of_interval, how_might_we, interviews, label, mark, shortened, signed, singular,
    },
};

/// Opportunities in the table; the workbook has all.
const CHANCES: usize = 15;

/// Items of a category in a phase's table; the others are in the appendix.
const ITEMS: usize = 4;

/// Characters of a quote in a table; the workbook has it whole.
const QUOTE: usize = 220;

/// Rows of the appendix with what is left: some four pages.
const REST: usize = 40;

/// Items of a category that are shown with a quote in a phase's table.
const VOICES: usize = 2;

impl Report<'_> {
    /// `klantreis.docx`. The same bytes for the same report.
    pub fn docx(&self) -> Result<Vec<u8>, RenderError> {
        let mut body = Body::default();
        self.front(&mut body);
        self.method_section(&mut body);
        body.heading(1, self.say("De reis in het kort", "The journey in short"));
        self.summary(&mut body);
        body.picture(self.say(
            "Emotiecurve: gemiddelde per fase met 95%-interval; de cijfers staan in de tabel hierboven",
            "Emotion curve: mean of each phase with its 95% interval; the figures are in the table above",
        ));
        body.caption(self.say("Figuur 1. Emotie per fase", "Figure 1. Emotion by phase"));
        for phase in &self.journey.phases {
            self.phase_section(&mut body, phase);
        }
        self.opportunities_section(&mut body);
        self.remaining_section(&mut body);
        self.codebook_section(&mut body);
        self.sources_section(&mut body);
        let picture = self.png(View::Curve)?;
        let language = match self.study.language {
            Language::Dutch => "nl-NL",
            Language::English => "en-GB",
        };
        let footer = format!("{} – {}", self.study.title, self.say("klantreis", "customer journey"));
        package::docx(&body, &picture, language, &self.study.title, &footer)
    }

    fn front(&self, body: &mut Body) {
        body.styled("Title", &self.study.title);
        body.styled("Subtitle", self.say("Klantreis op basis van interviews", "Customer journey from interviews"));
        if !self.study.goal.is_empty() {
            body.paragraph(&[(true, &format!("{}: ", self.say("Doel", "Goal"))), (false, &self.study.goal)]);
        }
        for persona in &self.study.personas {
            let name = format!("{}: ", persona.name);
            body.paragraph(&[(true, &name), (false, &persona.description)]);
        }
        body.styled("Warning", &self.warning());
    }

    fn method_section(&self, body: &mut Body) {
        body.heading(1, self.say("Hoe deze klantreis is gemaakt", "How this journey was made"));
        for paragraph in self.method() {
            body.plain(&paragraph);
        }
    }

    /// A row a phase.
    fn summary(&self, body: &mut Body) {
        let language = self.study.language;
        let categories: Vec<&str> = self
            .journey
            .phases
            .first()
            .map(|p| p.cells.iter().map(|c| c.category.as_str()).collect())
            .unwrap_or_default();
        let mut columns = vec![Column::new(self.say("Fase", "Phase"), 24, BRAND)];
        columns.extend(categories.iter().map(|c| Column::new(&words::lane(language, c), 13, lane(c)).right()));
        columns.push(Column::new("Interviews", 14, BRAND).right());
        columns.push(Column::new(self.say("Emotie", "Emotion"), 36, BRAND));
        let rows: Vec<Vec<String>> = self
            .journey
            .phases
            .iter()
            .map(|p| {
                let mut row = vec![p.phase.label.clone()];
                row.extend(p.cells.iter().map(|c| c.n_quotes.to_string()));
                row.push(p.emotion.n_interviews.to_string());
                row.push(self.felt(p));
                row
            })
            .collect();
        body.caption(self.say(
            "Tabel 1. Aantal uitspraken per fase en soort, en de emotie (−2…2)",
            "Table 1. Number of quotes by phase and kind, and the emotion (−2…2)",
        ));
        body.table(&columns, &rows);
    }

    fn felt(&self, phase: &PhaseJourney) -> String {
        let (language, score) = (self.study.language, &phase.emotion);
        let Some(mean) = score.mean else {
            return self.say("niemand vertelde hierover", "no one told of this").to_owned();
        };
        let word = label(language, score.label);
        match score.interval {
            Some((low, high)) => {
                let to = self.say("tot", "to");
                let [low, high] = [low, high].map(|n| end_of_interval(language, n));
                format!("{}, {word} (95%: {low} {to} {high})", signed(language, mean))
            }
            None => format!("{}, {word}", signed(language, mean)),
        }
    }

    fn phase_section(&self, body: &mut Body, phase: &PhaseJourney) {
        body.heading(1, &phase.phase.label);
        if !phase.phase.description.is_empty() {
            body.styled("Quiet", &phase.phase.description);
        }
        let score = &phase.emotion;
        let told = match self.study.language {
            Language::Dutch => format!(
                "Over deze fase vertellen {} van de {} interviews, in {} uitspraken. Emotie: {}.",
                score.n_interviews,
                self.journey.interviews.len(),
                score.n_quotes,
                self.felt(phase)
            ),
            Language::English => format!(
                "{} of the {} interviews tell of this phase, in {} quotes. Emotion: {}.",
                score.n_interviews,
                self.journey.interviews.len(),
                score.n_quotes,
                self.felt(phase)
            ),
        };
        body.plain(&told);
        if !phase.touchpoints.is_empty() {
            let names: Vec<String> = phase
                .touchpoints
                .iter()
                .map(|t| {
                    let how = channel(self.study.language, t.channel);
                    format!("{} ({how}, {})", t.label, interviews(t.emotion.n_interviews))
                })
                .collect();
            body.paragraph(&[
                (true, self.say("Contactmomenten: ", "Touchpoints: ")),
                (false, &format!("{}.", names.join("; "))),
            ]);
        }
        let columns = [
            Column::new(self.say("Soort", "Kind"), 16, PLAIN),
            Column::new(self.say("Onderwerp", "Subject"), 30, PLAIN),
            Column::new("Interviews", 16, PLAIN).right(),
            Column::new(self.say("Uitspraken", "Quotes"), 16, PLAIN).right(),
            Column::new(self.say("Meest typerend", "Most typical"), 70, PLAIN),
        ];
        let rows: Vec<Vec<String>> = phase.cells.iter().flat_map(|cell| self.rows(phase, cell)).collect();
        body.table(&columns, &rows);

        body.heading(2, self.say("Duiding", "Interpretation"));
        body.styled(
            "Quiet",
            self.say(
                "[Schrijf hier wat dit betekent en wat u eraan doet.]",
                "[Write here what this means and what you do about it.]",
            ),
        );
    }

    fn rows(&self, phase: &PhaseJourney, cell: &Cell) -> Vec<Vec<String>> {
        let kind = singular(self.study.language, cell.category.as_str());
        let topics = topics(self.journey, phase, cell);
        if topics.is_empty() {
            let none = self.say("geen uitspraken gevonden", "no quotes found");
            return vec![vec![kind, none.to_owned(), "0".to_owned(), "0".to_owned(), String::new()]];
        }
        let row = |(n, topic): (usize, &Topic<'_>)| {
            let quote = if n < VOICES { self.typical(topic) } else { String::new() };
            let (interviews, quotes) = (topic.n_interviews.to_string(), topic.n_quotes.to_string());
            vec![kind.clone(), self.name(topic), interviews, quotes, quote]
        };
        let mut rows: Vec<Vec<String>> = topics.iter().take(ITEMS).enumerate().map(row).collect();
        let rest = topics.len() - rows.len();
        if rest > 0 {
            let name = match (self.study.language, rest) {
                (Language::Dutch, 1) => "1 ander onderwerp, zie bijlage A".to_owned(),
                (Language::Dutch, n) => format!("{n} andere onderwerpen, zie bijlage A"),
                (Language::English, 1) => "1 other subject, see appendix A".to_owned(),
                (Language::English, n) => format!("{n} other subjects, see appendix A"),
            };
            rows.push(vec![kind.clone(), name, String::new(), String::new(), String::new()]);
        }
        rows
    }

    /// What a topic is called; a theme is told from a code.
    fn name(&self, topic: &Topic<'_>) -> String {
        match topic.known {
            Known::Theme => format!("{} ({})", topic.label, self.say("thema", "theme")),
            Known::Code | Known::Unnamed => topic.label.to_owned(),
        }
    }

    fn opportunities_section(&self, body: &mut Body) {
        let language = self.study.language;
        body.heading(1, self.say("Kansen", "Opportunities"));
        body.plain(self.say(
            "Waar veel interviews om vragen en weinig interviews tevreden over zijn. De score is een benadering, geen meting.",
            "What many interviews ask for and few are content with. The score is a proxy, no measurement.",
        ));
        let columns = [
            Column::new(self.say("Fase", "Phase"), 22, CHANCE),
            Column::new(self.say("Hoe kunnen we …", "How might we …"), 84, CHANCE),
            Column::new(self.say("Interviews", "Interviews"), 14, CHANCE).right(),
            Column::new("Score 0–20", 14, CHANCE).right(),
        ];
        let enough = self.journey.opportunities.iter().filter(|o| o.n_asking >= ENOUGH);
        let rows: Vec<Vec<String>> = enough
            .take(CHANCES)
            .map(|o| {
                let phase = self.study.phase(&o.phase).map_or(o.phase.as_str(), |p| p.label.as_str());
                let question = how_might_we(language, &o.subject, &o.label, phase);
                vec![phase.to_owned(), question, o.n_asking.to_string(), decimal(language, o.score, 1)]
            })
            .collect();
        if rows.is_empty() {
            body.styled(
                "Quiet",
                self.say("Geen kans rust op drie interviews of meer.", "No opportunity rests on three interviews."),
            );
        } else {
            body.table(&columns, &rows);
        }
        let moments: Vec<String> = self
            .journey
            .moments
            .iter()
            .filter(|m| !m.marks.is_empty())
            .map(|m| {
                let marks: Vec<&str> = m.marks.iter().map(|why| mark(language, *why)).collect();
                format!("{}: {} ({})", m.label, marks.join(", "), interviews(m.n_interviews))
            })
            .collect();
        if !moments.is_empty() {
            body.heading(2, self.say("Momenten van de waarheid", "Moments of truth"));
            moments.iter().for_each(|m| body.bullet(m));
        }
    }

    /// The quote that tells a topic best, no longer than a table bears, and where it stands.
    fn typical(&self, topic: &Topic<'_>) -> String {
        let said = |q: &Quote| {
            let turn = self.say("beurt", "turn");
            format!("“{}” ({}, {turn} {})", shortened(&q.quote, QUOTE), q.interview, q.turn)
        };
        topic.typical.first().map(said).unwrap_or_default()
    }

    /// What the tables of the phases show without a quote, or not at all: as much of it as people leaf through, what most interviews
    /// tell of first.
    fn remaining_section(&self, body: &mut Body) {
        body.page_break();
        body.heading(1, self.say("Bijlage A. Andere onderwerpen", "Appendix A. Other subjects"));
        let columns = [
            Column::new(self.say("Fase", "Phase"), 22, PLAIN),
            Column::new(self.say("Soort", "Kind"), 18, PLAIN),
            Column::new(self.say("Onderwerp", "Subject"), 34, PLAIN),
            Column::new("Interviews", 16, PLAIN).right(),
            Column::new(self.say("Meest typerend", "Most typical"), 74, PLAIN),
        ];
        let mut rest = Vec::new();
        for phase in &self.journey.phases {
            for cell in &phase.cells {
                let more = topics(self.journey, phase, cell).into_iter().skip(VOICES);
                rest.extend(more.map(|topic| (phase, cell, topic)));
            }
        }
        if rest.is_empty() {
            body.styled("Quiet", self.say("Alles staat bij de fasen.", "All of it stands with the phases."));
            return;
        }
        let all = rest.len();
        // Stable: of those that as many tell of, the first of the journey come first.
        let mut shown: Vec<usize> = (0..all).collect();
        shown.sort_by_key(|n| Reverse(rest[*n].2.n_interviews));
        shown.truncate(REST);
        shown.sort_unstable();
        if all > REST {
            body.plain(&match self.study.language {
                Language::Dutch => format!(
                    "De {REST} van {all} onderwerpen waarover de meeste interviews vertellen. Alle codes staan in journey.csv, alle thema's in themes.csv, alle \
                     uitspraken in het blad Citaten van klantreis.xlsx en in quotes.csv."
                ),
                Language::English => format!(
                    "The {REST} of {all} subjects that most interviews tell of. All codes are in journey.csv, all themes in themes.csv, all quotes on the \
                     sheet Quotes of klantreis.xlsx and in quotes.csv."
                ),
            });
        }
        let row = |n: usize| {
            let (phase, cell, topic): &(&PhaseJourney, &Cell, Topic<'_>) = &rest[n];
            let kind = singular(self.study.language, cell.category.as_str());
            let interviews = topic.n_interviews.to_string();
            vec![phase.phase.label.clone(), kind, self.name(topic), interviews, self.typical(topic)]
        };
        body.table(&columns, &shown.into_iter().map(row).collect::<Vec<_>>());
    }

    /// The codes that were used: those that were not make pages that no one reads, and stand in the codebook itself.
    fn codebook_section(&self, body: &mut Body) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for code in self.counted().filter_map(|q| q.code.as_ref()) {
            *counts.entry(code.as_str()).or_default() += 1;
        }
        body.heading(1, self.say("Bijlage B. Codeboek", "Appendix B. Codebook"));
        let columns = [
            Column::new(self.say("Soort", "Kind"), 18, PLAIN),
            Column::new(self.say("Onderwerp", "Subject"), 34, PLAIN),
            Column::new(self.say("Wanneer", "When to use it"), 74, PLAIN),
            Column::new(self.say("Uitspraken", "Quotes"), 16, PLAIN).right(),
        ];
        let rows: Vec<Vec<String>> = self
            .codebook
            .codes
            .iter()
            .filter(|code| counts.contains_key(code.id.as_str()))
            .map(|code| {
                let language = self.study.language;
                let quotes = counts.get(code.id.as_str()).copied().unwrap_or(0);
                let kind = singular(language, code.category.as_str());
                vec![kind, code.name(language).to_owned(), code.meaning(language).to_owned(), quotes.to_string()]
            })
            .collect();
        body.table(&columns, &rows);
    }

    fn sources_section(&self, body: &mut Body) {
        body.heading(1, self.say("Bijlage C. Bronnen", "Appendix C. Sources"));
        let columns = [
            Column::new("Interview", 30, PLAIN),
            Column::new(self.say("Kenmerken", "Attributes"), 80, PLAIN),
            Column::new(self.say("Uitspraken", "Quotes"), 16, PLAIN).right(),
        ];
        let rows: Vec<Vec<String>> = self
            .transcripts
            .iter()
            .map(|t| &t.transcript)
            .map(|t| {
                let attributes: Vec<String> = t.attributes.iter().map(|(k, v)| format!("{k}: {v}")).collect();
                let quotes = self.counted().filter(|q| q.interview == t.interview).count();
                vec![t.file.clone(), attributes.join("; "), quotes.to_string()]
            })
            .collect();
        body.table(&columns, &rows);
    }
}

#[cfg(test)]
mod tests {
    use klantreis_aggregation::journey;
    use klantreis_study::{CodeId, Codebook};

    use super::*;
    use crate::sample;

    #[test]
    fn the_appendix_has_what_most_tell_of_and_says_where_the_rest_is() {
        let (study, sample) = sample::study();
        let coded = |n: usize| {
            // The last of them is told of by three interviews, the others by one.
            let interviews = if n == 60 { 3 } else { 1 };
            sample[..interviews].iter().map(move |q| Quote {
                id: format!("{}:{n}", q.interview),
                code: Some(CodeId::new(&format!("code-{n:02}")).unwrap()),
                ..q.clone()
            })
        };
        let quotes: Vec<Quote> = (0..=60).flat_map(coded).collect();
        let codebook = Codebook::default();
        let journey = journey(&study, &codebook, &quotes, &[]);
        let (transcripts, problems, about) = (&[], &[], &[]);
        let report = Report {
            study: &study,
            codebook: &codebook,
            transcripts,
            quotes: &quotes,
            journey: &journey,
            problems,
            about,
            by: None,
        };
        let topics: usize = journey
            .phases
            .iter()
            .flat_map(|p| p.cells.iter().map(|c| topics(&journey, p, c).len().saturating_sub(VOICES)))
            .sum();
        assert!(topics > REST);
        let mut body = Body::default();
        report.remaining_section(&mut body);
        assert_eq!(body.xml.matches("<w:tr>").count() + body.xml.matches("<w:tr ").count(), REST + 1);
        assert!(body.xml.contains(&format!("De {REST} van {topics} onderwerpen")), "{}", body.xml);
    }
}
