use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use klantreis_aggregation::{Cell, Journey, PhaseJourney, Score};
use klantreis_study::{Quote, Status, Study};

use crate::{
    table::{ReportError, TableOptions, write},
    words::{channel, interviews, label, lane, pick},
};

/// All tables of a run.
pub struct Tables<'a> {
    /// The study: its language and touchpoints.
    pub study: &'a Study,
    /// All quotes, rejected ones too.
    pub quotes: &'a [Quote],
    /// What was counted from them.
    pub journey: &'a Journey,
}

type Rows = Vec<Vec<String>>;

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

fn number(value: Option<f64>) -> String {
    value.map(|v| format!("{v:.2}")).unwrap_or_default()
}

impl Tables<'_> {
    /// Writes every table into `folder`, which is made where it does not exist; returns the files.
    pub fn write(&self, folder: &Path, options: TableOptions) -> Result<Vec<PathBuf>, ReportError> {
        fs::create_dir_all(folder).map_err(|source| ReportError { path: folder.to_owned(), source })?;
        let tables: [(&str, Rows); 6] = [
            ("quotes.csv", self.quotes()),
            ("journey.csv", self.journey()),
            ("journey-table.csv", self.journey_table()),
            ("emotion.csv", self.emotion()),
            ("touchpoints.csv", self.touchpoints()),
            ("phases-by-interview.csv", self.phases_by_interview()),
        ];
        tables
            .into_iter()
            .map(|(name, rows)| {
                let path = folder.join(name);
                write(&path, &rows, options)?;
                Ok(path)
            })
            .collect()
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    /// One row a coding: the columns that others build on, then the interview's attributes.
    fn quotes(&self) -> Rows {
        let attributes: BTreeSet<&String> = self.quotes.iter().flat_map(|q| q.attributes.keys()).collect();
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
        head.extend(attributes.iter().map(|a| format!("attr_{a}")));
        let mut rows = vec![head];
        for q in self.quotes {
            let name = q.file.rsplit('/').next().unwrap_or(&q.file);
            let mut cells = row([
                &q.id,
                &q.interview,
                name,
                &q.turn.to_string(),
                &q.speaker,
                &q.time,
                q.phase.as_str(),
                q.category.as_str(),
            ]);
            cells.extend([
                q.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                q.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
                q.emotion.to_string(),
                format!("{:.2}", q.confidence.value()),
                q.status.to_string(),
                q.quote.clone(),
            ]);
            cells.extend(attributes.iter().map(|a| q.attributes.get(*a).cloned().unwrap_or_default()));
            rows.push(cells);
        }
        rows
    }

    /// One row a phase × category × code.
    fn journey(&self) -> Rows {
        let mut rows = vec![row([
            self.say("fase", "phase"),
            self.say("fase_naam", "phase_label"),
            self.say("categorie", "category"),
            "code",
            self.say("code_naam", "code_label"),
            "n_quotes",
            "n_interviews",
            self.say("meest_typerend", "most_typical"),
            "quote_ids",
        ])];
        for phase in &self.journey.phases {
            for cell in &phase.cells {
                for item in &cell.items {
                    let typical = item.typical.first().map(|q| q.quote.as_str()).unwrap_or_default();
                    rows.push(row([
                        phase.phase.id.as_str(),
                        &phase.phase.label,
                        cell.category.as_str(),
                        item.code.as_ref().map(|c| c.as_str()).unwrap_or_default(),
                        &item.label,
                        &item.n_quotes.to_string(),
                        &item.n_interviews.to_string(),
                        typical,
                        &item.quote_ids.join(" "),
                    ]));
                }
            }
        }
        rows
    }

    /// The table as people draw it: phases as columns.
    fn journey_table(&self) -> Rows {
        let phases = &self.journey.phases;
        let line = |name: &str, cell: &dyn Fn(&PhaseJourney) -> String| -> Vec<String> {
            std::iter::once(name.to_owned()).chain(phases.iter().map(cell)).collect()
        };
        let mut rows = vec![line(self.say("Fase", "Phase"), &|p| p.phase.label.clone())];
        let lanes: Vec<&str> =
            phases.first().map(|p| p.cells.iter().map(|c| c.category.as_str()).collect()).unwrap_or_default();
        for (n, category) in lanes.iter().enumerate() {
            rows.push(line(&lane(self.study.language, category), &|p| self.cell(&p.cells[n])));
            if n == 0 {
                rows.push(line(self.say("Contactmomenten", "Touchpoints"), &|p| self.touchpoint_cell(p)));
            }
        }
        rows.push(line(self.say("Emotie", "Emotion"), &|p| self.emotion_cell(&p.emotion)));
        rows
    }

    fn cell(&self, cell: &Cell) -> String {
        if cell.items.is_empty() {
            return self.say("geen uitspraken gevonden", "no quotes found").to_owned();
        }
        let items = cell.items.iter().map(|item| {
            let quote = item.typical.first().map(|q| q.quote.as_str()).unwrap_or_default();
            format!("{} ({}): “{quote}”", item.label, interviews(item.n_interviews))
        });
        items.collect::<Vec<_>>().join("\n")
    }

    fn touchpoint_cell(&self, phase: &PhaseJourney) -> String {
        if phase.touchpoints.is_empty() {
            return self.say("geen contactmomenten genoemd", "no touchpoints named").to_owned();
        }
        let lines = phase.touchpoints.iter().map(|t| {
            let how = channel(self.study.language, t.channel);
            format!("{} ({how}, {})", t.label, interviews(t.emotion.n_interviews))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn emotion_cell(&self, score: &Score) -> String {
        let word = label(self.study.language, score.label);
        match (score.mean, score.interval) {
            (Some(mean), Some((low, high))) => {
                let to = self.say("tot", "to");
                format!("{mean:.1}, {word} (95%: {low:.1} {to} {high:.1}; {})", interviews(score.n_interviews))
            }
            (Some(mean), None) => format!("{mean:.1}, {word} ({})", interviews(score.n_interviews)),
            _ => self.say("geen uitspraken gevonden", "no quotes found").to_owned(),
        }
    }

    fn score_cells(&self, score: &Score) -> Vec<String> {
        let scale = |to: fn(f64) -> f64| number(score.mean.map(to));
        vec![
            number(score.mean),
            number(score.interval.map(|i| i.0)),
            number(score.interval.map(|i| i.1)),
            number(score.spread),
            score.n_interviews.to_string(),
            score.n_quotes.to_string(),
            label(self.study.language, score.label).to_owned(),
            scale(|m| 3.0 + m),
            scale(|m| 5.5 + m * 2.25),
        ]
    }

    fn score_heads(&self) -> Vec<String> {
        row([
            self.say("emotie", "emotion"),
            self.say("interval_laag", "interval_low"),
            self.say("interval_hoog", "interval_high"),
            self.say("spreiding", "spread"),
            "n_interviews",
            "n_quotes",
            self.say("oordeel", "label"),
            self.say("schaal_1_5", "scale_1_5"),
            self.say("schaal_1_10", "scale_1_10"),
        ])
    }

    /// One row a phase: the emotion curve.
    fn emotion(&self) -> Rows {
        let mut head = row([self.say("fase", "phase"), self.say("fase_naam", "phase_label")]);
        head.extend(self.score_heads());
        let mut rows = vec![head];
        for phase in &self.journey.phases {
            let mut cells = row([phase.phase.id.as_str(), &phase.phase.label]);
            cells.extend(self.score_cells(&phase.emotion));
            rows.push(cells);
        }
        rows
    }

    /// One row a touchpoint: its heartbeat.
    fn touchpoints(&self) -> Rows {
        let mut head = row([
            self.say("contactmoment", "touchpoint"),
            self.say("contactmoment_naam", "touchpoint_label"),
            self.say("kanaal", "channel"),
        ]);
        head.extend(self.score_heads());
        let mut rows = vec![head];
        for t in &self.journey.touchpoints {
            let mut cells = row([t.id.as_str(), &t.label, channel(self.study.language, t.channel)]);
            cells.extend(self.score_cells(&t.emotion));
            rows.push(cells);
        }
        rows
    }

    /// One row an interview × phase: numbers of quotes a category, and its voice.
    fn phases_by_interview(&self) -> Rows {
        let categories: Vec<String> = self
            .journey
            .phases
            .first()
            .map(|p| p.cells.iter().map(|c| c.category.to_string()).collect())
            .unwrap_or_default();
        let mut head = row(["interview", self.say("fase", "phase")]);
        head.extend(categories.iter().map(|c| format!("n_{c}")));
        head.push(self.say("emotie", "emotion").to_owned());
        let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for q in self.quotes.iter().filter(|q| q.status != Status::Rejected) {
            *counts.entry((&q.interview, q.phase.as_str(), q.category.as_str())).or_default() += 1;
        }
        let mut rows = vec![head];
        for interview in &self.journey.interviews {
            for phase in &self.journey.phases {
                let id = phase.phase.id.as_str();
                let mut cells = row([interview, id]);
                let count =
                    |c: &String| counts.get(&(interview.as_str(), id, c.as_str())).copied().unwrap_or(0).to_string();
                cells.extend(categories.iter().map(count));
                cells.push(number(phase.emotion.voices.get(interview).copied()));
                rows.push(cells);
            }
        }
        rows
    }
}
