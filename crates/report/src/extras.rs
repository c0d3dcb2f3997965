//! What is found in the transcripts beside the journey, and all of it as one `journey.json`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use klantreis_aggregation::{Figure, FigureKind, Journey, Verdict, Weighed};
use klantreis_study::{ImpactStatement, Language, Metric, Study};
use serde::Serialize;

use crate::{
    table::{Field, ReportError, Rows, TableOptions, row, write_whole, write_whole_with},
    tables::write_tables,
    words::pick,
};

/// The JSON Schema of `journey.json`.
pub const SCHEMA: &str = include_str!("../../../data/schema/journey.schema.json");

/// What stands beside a journey.
#[derive(Debug)]
pub struct Extras<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its journey.
    pub journey: &'a Journey,
    /// The study's assumptions, weighed.
    pub assumptions: &'a [Weighed],
    /// Numbers named in talk.
    pub figures: &'a [Figure],
    /// What has changed in people.
    pub impact: &'a [ImpactStatement],
    /// Figures from elsewhere.
    pub metrics: &'a [Metric],
}

/// `journey.json`: its schema is [`SCHEMA`].
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    title: &'a str,
    language: Language,
    goal: &'a str,
    journey: &'a Journey,
    assumptions: &'a [Weighed],
    figures: &'a [Figure],
    impact: &'a [ImpactStatement],
    metrics: &'a [Metric],
}

impl Extras<'_> {
    /// Writes `assumptions.csv`, `figures.csv`, `impact.csv`, `metrics-joined.csv`, `journey.json` and its schema into a
    /// folder that is there; returns the files.
    pub fn write(&self, folder: &Path, options: &TableOptions) -> Result<Vec<PathBuf>, ReportError> {
        let tables = vec![
            ("assumptions.csv", self.assumptions()),
            ("figures.csv", self.figures()),
            ("impact.csv", self.impact()),
            ("metrics-joined.csv", self.metrics()),
        ];
        let mut files = write_tables(self.study, folder, tables, options)?;
        let document = Document {
            schema: "journey.schema.json",
            version: 1,
            title: &self.study.title,
            language: self.study.language,
            goal: &self.study.goal,
            journey: self.journey,
            assumptions: self.assumptions,
            figures: self.figures,
            impact: self.impact,
            metrics: self.metrics,
        };
        let path = folder.join("journey.json");
        write_whole_with(&path, |out| {
            serde_json::to_writer_pretty(&mut *out, &document)?;
            out.write_all(b"\n")
        })?;
        let schema = folder.join("journey.schema.json");
        write_whole(&schema, SCHEMA.as_bytes())?;
        files.extend([path, schema]);
        Ok(files)
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    fn assumptions(&self) -> Rows {
        let mut rows = vec![row([
            self.say("aanname", "assumption"),
            self.say("oordeel", "verdict"),
            self.say("toelichting", "note"),
            "n_quotes",
            "n_interviews",
            self.say("n_quotes_voor", "n_quotes_for"),
            self.say("n_interviews_voor", "n_interviews_for"),
            self.say("n_quotes_tegen", "n_quotes_against"),
            self.say("n_interviews_tegen", "n_interviews_against"),
            self.say("quote_ids_voor", "quote_ids_for"),
            self.say("quote_ids_tegen", "quote_ids_against"),
        ])];
        for a in self.assumptions {
            let verdict = match a.verdict {
                Verdict::Supports => self.say("steunt", "supports"),
                Verdict::Contradicts => self.say("spreekt tegen", "contradicts"),
                Verdict::Mixed => self.say("gemengd", "mixed"),
                Verdict::NoMaterial => self.say("geen materiaal", "no material"),
            };
            let note = if !a.can_be_contradicted {
                self.say(
                    "de zoekvraag zegt niet wat ertegen zou spreken: voeg “against” toe",
                    "the query does not say what would speak against it: add `against`",
                )
            } else if a.n_interviews > 0 && a.n_interviews < klantreis_aggregation::ENOUGH {
                self.say("rust op minder dan drie interviews", "rests on fewer than three interviews")
            } else {
                ""
            };
            let mut cells = row([a.statement.as_str(), verdict, note]);
            let (n_for, n_against) = (a.quotes_for.len(), a.quotes_against.len());
            cells.extend([n_for + n_against, a.n_interviews, n_for, a.n_for, n_against, a.n_against].map(Field::from));
            cells.extend([a.quotes_for.join(" ").into(), a.quotes_against.join(" ").into()]);
            rows.push(cells);
        }
        rows
    }

    fn figures(&self) -> Rows {
        let mut rows = vec![row([
            self.say("soort", "kind"),
            self.say("waarde", "value"),
            self.say("eenheid", "unit"),
            self.say("minuten", "minutes"),
            "interview",
            self.say("beurt", "turn"),
            self.say("fase", "phase"),
            "n_quotes",
            "n_interviews",
            "quote_ids",
            self.say("zin", "sentence"),
        ])];
        let mut figures: Vec<&Figure> = self.figures.iter().collect();
        // Stable: of a kind in the order of the talk.
        figures.sort_by_key(|f| f.kind);
        for f in figures {
            let kind = match f.kind {
                FigureKind::Mark => self.say("rapportcijfer", "report mark"),
                FigureKind::Waiting => self.say("wachttijd", "waiting time"),
                FigureKind::Duration => self.say("duur", "duration"),
                FigureKind::Money => self.say("bedrag", "money"),
                FigureKind::Count => self.say("aantal", "count"),
            };
            let mut cells: Vec<Field> = vec![kind.into(), Some(f.value).into(), f.unit.as_str().into()];
            cells.extend([f.minutes.into(), f.interview.as_str().into(), Field::Count(f.turn.into())]);
            cells.push(f.phase.as_ref().map_or("", |p| p.as_str()).into());
            cells.extend([usize::from(f.quote_id.is_some()).into(), 1_usize.into()]);
            cells.extend([f.quote_id.as_deref().unwrap_or_default().into(), f.sentence.as_str().into()]);
            rows.push(cells);
        }
        rows
    }

    fn impact(&self) -> Rows {
        let mut rows = vec![row([
            "impact",
            self.say("naam", "label"),
            "interview",
            self.say("beurt", "turn"),
            self.say("fase", "phase"),
            "cue",
            "n_quotes",
            "n_interviews",
            "quote_ids",
            self.say("zin", "sentence"),
        ])];
        for i in self.impact {
            let mut cells = row([i.code.as_str(), &i.label, &i.interview]);
            cells.push(Field::Count(i.turn.into()));
            cells.extend(row([i.phase.as_ref().map_or("", |p| p.as_str()), &i.cue]));
            cells.extend([i.quote_ids.len().into(), 1_usize.into(), i.quote_ids.join(" ").into()]);
            cells.push(i.sentence.as_str().into());
            rows.push(cells);
        }
        rows
    }

    /// The study's figures beside what people tell of the same place.
    fn metrics(&self) -> Rows {
        let mut rows = vec![row([
            self.say("fase", "phase"),
            self.say("contactmoment", "touchpoint"),
            self.say("naam", "name"),
            self.say("waarde", "value"),
            self.say("eenheid", "unit"),
            self.say("periode", "period"),
            self.say("emotie", "emotion"),
            "n_quotes",
            "n_interviews",
            "quote_ids",
        ])];
        for m in self.metrics {
            let touchpoint = self.journey.touchpoints.iter().find(|t| Some(&t.id) == m.touchpoint.as_ref());
            let phase = self.journey.phases.iter().find(|p| Some(&p.phase.id) == m.phase.as_ref());
            let told = match (touchpoint, phase) {
                (Some(t), _) => Some((&t.emotion, t.quote_ids.clone())),
                (None, Some(p)) if m.touchpoint.is_none() => {
                    let items = p.cells.iter().flat_map(|c| &c.items);
                    Some((&p.emotion, items.flat_map(|i| i.quote_ids.iter().cloned()).collect()))
                }
                _ => None,
            };
            let mut cells = row([
                m.phase.as_ref().map_or("", |p| p.as_str()),
                m.touchpoint.as_ref().map_or("", |t| t.as_str()),
                &m.name,
            ]);
            cells.extend([Some(m.value).into(), m.unit.as_str().into(), m.period.as_str().into()]);
            cells.push(told.as_ref().and_then(|(score, _)| score.mean).into());
            let ids = told.map(|(_, ids)| ids).unwrap_or_default();
            let interviews: std::collections::BTreeSet<&str> =
                ids.iter().filter_map(|id| id.rsplit_once(':')).map(|(name, _)| name).collect();
            cells.extend([ids.len().into(), interviews.len().into(), ids.join(" ").into()]);
            rows.push(cells);
        }
        rows
    }
}
