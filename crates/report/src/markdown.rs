//! The journey as Markdown for a wiki: tables, quotes, and a Mermaid `journey`.

use std::fmt::Write as _;

use crate::{
    Report,
    topics::{Known, Topic, topics},
    words::{channel, decimal, how_might_we, interviews, label, lane, shortened, signed},
};
use klantreis_aggregation::{Cell, ENOUGH, PhaseJourney, score, to_five};

/// Items of a category in a cell of the table.
const ITEMS: usize = 5;
/// Opportunities.
const CHANCES: usize = 15;
/// Touchpoints of a phase in the diagram.
const STEPS: usize = 4;
/// Characters of a quote.
const QUOTE: usize = 240;

impl Report<'_> {
    /// `klantreis.md`.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n", text(&self.study.title));
        if !self.study.goal.is_empty() {
            put(&mut out, format_args!("**{}:** {}\n\n", self.say("Doel", "Goal"), text(&self.study.goal)));
        }
        put(&mut out, format_args!("{}. {}\n\n", self.facts(), self.warning()));
        self.journey_table(&mut out);
        self.diagram(&mut out);
        self.emotion_table(&mut out);
        if self.by.is_some() {
            self.group_table(&mut out);
        }
        self.phases_with_quotes(&mut out);
        self.opportunity_table(&mut out);
        put(&mut out, format_args!("## {}\n", self.say("Hoe deze klantreis is gemaakt", "How this journey was made")));
        for paragraph in self.method() {
            put(&mut out, format_args!("\n{}\n", text(&paragraph)));
        }
        out
    }

    /// Phases as columns, lanes as rows.
    fn journey_table(&self, out: &mut String) {
        let phases = &self.journey.phases;
        put(out, format_args!("## {}\n\n", self.say("De reis in fasen", "The journey in phases")));
        let heads: Vec<String> = phases.iter().map(|p| text(&p.phase.label)).collect();
        row(out, self.say("Fase", "Phase"), &heads);
        put(out, format_args!("|{}\n", "---|".repeat(phases.len() + 1)));
        for n in 0..phases.first().map_or(0, |p| p.cells.len()) {
            let name = lane(self.study.language, phases[0].cells[n].category.as_str());
            let cells: Vec<String> = phases.iter().map(|p| self.items(p, &p.cells[n])).collect();
            row(out, &format!("**{}**", text(&name)), &cells);
            if n == 0 {
                let cells: Vec<String> = phases.iter().map(|p| self.touchpoints(p)).collect();
                row(out, &format!("**{}**", self.say("Contactmomenten", "Touchpoints")), &cells);
            }
        }
        let language = self.study.language;
        let felt = |p: &PhaseJourney| match p.emotion.mean {
            Some(mean) => format!("{} ({})", label(language, p.emotion.label), signed(language, mean)),
            None => self.nothing(),
        };
        row(out, &format!("**{}**", self.say("Emotie", "Emotion")), &phases.iter().map(felt).collect::<Vec<_>>());
        out.push('\n');
    }

    fn nothing(&self) -> String {
        format!("*{}*", self.say("geen uitspraken gevonden", "no quotes found"))
    }

    fn items(&self, phase: &PhaseJourney, cell: &Cell) -> String {
        let topics = topics(self.journey, phase, cell);
        if topics.is_empty() {
            return self.nothing();
        }
        let line = |topic: &Topic<'_>| {
            let theme = if topic.known == Known::Theme { self.say("thema, ", "theme, ") } else { "" };
            format!("{} ({theme}{})", text(topic.label), interviews(topic.n_interviews))
        };
        let mut lines: Vec<String> = topics.iter().take(ITEMS).map(line).collect();
        if topics.len() > ITEMS {
            lines.push(format!("… +{}", topics.len() - ITEMS));
        }
        lines.join("<br>")
    }

    fn touchpoints(&self, phase: &PhaseJourney) -> String {
        if phase.touchpoints.is_empty() {
            return format!("*{}*", self.say("geen contactmomenten genoemd", "no touchpoints named"));
        }
        let line = |t: &klantreis_aggregation::TouchpointCount| {
            let how = channel(self.study.language, t.channel);
            format!("{} ({how}, {})", text(&t.label), interviews(t.emotion.n_interviews))
        };
        phase.touchpoints.iter().map(line).collect::<Vec<_>>().join("<br>")
    }

    /// Mermaid's own journey: each phase as a whole, then its touchpoints, 1 to 5.
    fn diagram(&self, out: &mut String) {
        put(out, format_args!("## {}\n\n", self.say("De reis als diagram", "The journey as a diagram")));
        out.push_str(self.say(
            "Van 1 (heel negatief) tot 5 (heel positief), afgerond; contactmomenten waar drie interviews of meer iets over vertellen.\n\n",
            "From 1 (very negative) to 5 (very positive), rounded; touchpoints that three interviews or more tell of.\n\n",
        ));
        put(out, format_args!("```mermaid\njourney\n    title {}\n", task(&self.study.title)));
        let actor = self.say("Respondenten", "Respondents");
        let whole = self.say("Hele fase", "Whole phase");
        for phase in &self.journey.phases {
            let Some(mean) = phase.emotion.mean else { continue };
            put(
                out,
                format_args!("    section {}\n      {whole}: {}: {actor}\n", task(&phase.phase.label), five(mean)),
            );
            let told = phase.touchpoints.iter().filter(|t| t.emotion.n_interviews >= ENOUGH).take(STEPS);
            for (t, mean) in told.filter_map(|t| Some((t, t.emotion.mean?))) {
                put(out, format_args!("      {}: {}: {actor}\n", task(&t.label), five(mean)));
            }
        }
        out.push_str("```\n\n");
    }

    fn emotion_table(&self, out: &mut String) {
        let language = self.study.language;
        put(out, format_args!("## {}\n\n", self.say("Emotie", "Emotion")));
        out.push_str(self.say(
            "| Fase | Gemiddelde (−2…2) | 95%-interval | Oordeel | Interviews | Uitspraken |\n|---|---:|---|---|---:|---:|\n",
            "| Phase | Mean (−2…2) | 95% interval | Verdict | Interviews | Quotes |\n|---|---:|---|---|---:|---:|\n",
        ));
        for phase in &self.journey.phases {
            let score = &phase.emotion;
            let to = self.say("tot", "to");
            let mean = score.mean.map_or_else(|| "–".to_owned(), |n| decimal(language, n, 2).replace('-', "−"));
            let interval = score.interval.map_or_else(
                || "–".to_owned(),
                |(low, high)| {
                    format!("{} {to} {}", decimal(language, low, 2), decimal(language, high, 2)).replace('-', "−")
                },
            );
            let word = label(language, score.label);
            put(
                out,
                format_args!(
                    "| {} | {mean} | {interval} | {word} | {} | {} |\n",
                    text(&phase.phase.label),
                    score.n_interviews,
                    score.n_quotes
                ),
            );
        }
        out.push('\n');
    }

    /// Emotion and number of interviews of each group in each phase.
    fn group_table(&self, out: &mut String) {
        let (language, groups) = (self.study.language, self.groups());
        put(
            out,
            format_args!(
                "### {} {}\n\n",
                self.say("Emotie per", "Emotion by"),
                text(self.attribute().unwrap_or_default())
            ),
        );
        let heads: Vec<String> =
            groups.iter().map(|g| format!("{} ({})", text(&g.value), interviews(g.interviews.len()))).collect();
        row(out, self.say("Fase", "Phase"), &heads);
        put(out, format_args!("|---|{}\n", "---:|".repeat(groups.len())));
        for phase in &self.journey.phases {
            let cells: Vec<String> = groups
                .iter()
                .map(|group| {
                    let here = self.counted().filter(|q| q.phase == phase.phase.id);
                    let felt = score(here.filter(|q| group.interviews.contains(&q.interview)));
                    let few = if felt.n_interviews < ENOUGH { "*" } else { "" };
                    felt.mean.map_or_else(|| "–".to_owned(), |mean| format!("{few}{}{few}", signed(language, mean)))
                })
                .collect();
            row(out, &text(&phase.phase.label), &cells);
        }
        out.push_str(self.say(
            "\nCursief: minder dan drie interviews, te weinig voor een conclusie.\n\n",
            "\nIn italics: fewer than three interviews, too few to conclude from.\n\n",
        ));
    }

    fn phases_with_quotes(&self, out: &mut String) {
        put(out, format_args!("## {}\n\n", self.say("Citaten per fase", "Quotes by phase")));
        for phase in &self.journey.phases {
            put(out, format_args!("### {}\n\n", text(&phase.phase.label)));
            for cell in &phase.cells {
                let Some((item, quote)) = cell.items.iter().find_map(|i| Some((i, i.typical.first()?))) else {
                    continue;
                };
                let name = lane(self.study.language, cell.category.as_str());
                let file = quote.file.rsplit('/').next().unwrap_or(&quote.file);
                put(
                    out,
                    format_args!(
                        "- **{}, {}** ({}): “{}” ({}, {} {})\n",
                        text(&name),
                        text(&item.label),
                        interviews(item.n_interviews),
                        text(&shortened(&quote.quote, QUOTE)),
                        text(file),
                        self.say("beurt", "turn"),
                        quote.turn
                    ),
                );
            }
            if phase.cells.iter().all(|c| c.items.is_empty()) {
                put(out, format_args!("{}\n", self.nothing()));
            }
            out.push('\n');
        }
    }

    fn opportunity_table(&self, out: &mut String) {
        let language = self.study.language;
        put(out, format_args!("## {}\n\n", self.say("Kansen", "Opportunities")));
        let found: Vec<_> = self.journey.opportunities.iter().filter(|o| o.n_asking >= ENOUGH).take(CHANCES).collect();
        if found.is_empty() {
            put(
                out,
                format_args!(
                    "{}\n\n",
                    self.say("Geen kans rust op drie interviews of meer.", "No opportunity rests on three interviews.")
                ),
            );
            return;
        }
        out.push_str(self.say(
            "| Hoe kunnen we … | Interviews | Score 0–20 (benadering) |\n|---|---:|---:|\n",
            "| How might we … | Interviews | Score 0–20 (proxy) |\n|---|---:|---:|\n",
        ));
        for o in found {
            let phase = self.study.phase(&o.phase).map_or(o.phase.as_str(), |p| p.label.as_str());
            let question = how_might_we(language, &o.subject, &o.label, phase);
            put(out, format_args!("| {} | {} | {} |\n", text(&question), o.n_asking, decimal(language, o.score, 1)));
        }
        out.push('\n');
    }

    /// A grid of notes for Miro and Mural, which make a note of each cell: phases as columns, what they are about in
    /// the first column.
    pub fn notes(&self) -> Result<Vec<u8>, csv::Error> {
        let phases = &self.journey.phases;
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = std::iter::once(self.say("Fase", "Phase")).chain(phases.iter().map(|p| p.phase.label.as_str()));
        writer.write_record(head.map(note))?;
        for n in 0..phases.first().map_or(0, |p| p.cells.len()) {
            let name = lane(self.study.language, phases[0].cells[n].category.as_str());
            let most = phases.iter().map(|p| p.cells[n].items.len()).max().unwrap_or(0);
            for line in 0..most {
                let cell = |p: &PhaseJourney| {
                    let Some(item) = p.cells[n].items.get(line) else { return String::new() };
                    let quote = item.typical.first().map_or("", |q| q.quote.as_str());
                    let head = format!("{} ({})", item.label, interviews(item.n_interviews));
                    note(&format!("{head}\n“{}”", shortened(quote, NOTE)))
                };
                writer.write_record(std::iter::once(note(&name)).chain(phases.iter().map(cell)))?;
            }
            if n == 0 {
                self.touchpoint_notes(&mut writer)?;
            }
        }
        let language = self.study.language;
        let felt = |p: &PhaseJourney| {
            p.emotion.mean.map_or(String::new(), |mean| {
                format!("{} ({})", label(language, p.emotion.label), signed(language, mean))
            })
        };
        let emotion = self.say("Emotie", "Emotion").to_owned();
        writer.write_record(std::iter::once(emotion).chain(phases.iter().map(felt)))?;
        writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))
    }

    fn touchpoint_notes(&self, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
        let phases = &self.journey.phases;
        let name = self.say("Contactmomenten", "Touchpoints");
        for line in 0..phases.iter().map(|p| p.touchpoints.len()).max().unwrap_or(0) {
            let cell = |p: &PhaseJourney| {
                p.touchpoints.get(line).map_or(String::new(), |t| {
                    let how = channel(self.study.language, t.channel);
                    note(&format!("{} ({how}, {})", t.label, interviews(t.emotion.n_interviews)))
                })
            };
            writer.write_record(std::iter::once(name.to_owned()).chain(phases.iter().map(cell)))?;
        }
        Ok(())
    }
}

/// Characters of a quote on a note, which is read from a distance.
const NOTE: usize = 140;

/// A note's text; a spreadsheet may open the file too.
fn note(text: &str) -> String {
    crate::escape_formula(text).into_owned()
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(text);
}

fn row(out: &mut String, first: &str, cells: &[String]) {
    put(out, format_args!("| {first} | {} |\n", cells.join(" | ")));
}

/// Mermaid takes whole numbers from 1 to 5.
fn five(mean: f64) -> i64 {
    (to_five(mean).round() as i64).clamp(1, 5)
}

/// A label of Mermaid: its separators and comments taken out.
fn task(label: &str) -> String {
    let cleaned: String = label
        .chars()
        .map(|c| if matches!(c, ':' | ',' | ';' | '#' | '%' | '<' | '>') || c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = cleaned.split_whitespace().collect();
    if words.is_empty() { "–".to_owned() } else { words.join(" ") }
}

/// Text that Markdown shows as it is, on one line.
fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_the_diagram_hold_no_separator() {
        for (label, expected) in [
            ("Balie: hulp, uitleg", "Balie hulp uitleg"),
            ("50% #1; <b>", "50 1 b"),
            (" , ", "–"),
            ("Ontvangen", "Ontvangen"),
        ] {
            assert_eq!(task(label), expected);
        }
    }

    #[test]
    fn emotion_becomes_a_whole_number_from_one_to_five() {
        for (mean, expected) in [(-2.0, 1), (-0.4, 3), (-0.6, 2), (0.5, 4), (2.0, 5)] {
            assert_eq!(five(mean), expected);
        }
    }

    #[test]
    fn text_of_others_makes_no_table_and_no_markup() {
        assert_eq!(text("a | *b* <i> & [c]\nd"), "a \\| \\*b\\* &lt;i> &amp; \\[c\\] d");
    }
}
