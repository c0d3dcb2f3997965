//! The tables of journeys held against each other.

use std::path::{Path, PathBuf};

use klantreis_aggregation::{Change, ChangeKind, MeasureKind, Score};
use klantreis_study::{Metric, Study};

use crate::{
    findings::measure,
    table::{Field, ReportError, Rows, TableOptions, row},
    tables::write_tables,
    words::pick,
};

/// What was measured, in English.
pub fn measure_name(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::PhaseEmotion => "emotion of the phase",
        MeasureKind::TouchpointEmotion => "emotion of the touchpoint",
        MeasureKind::Quotes => "quotes per interview",
        MeasureKind::Touchpoint => "touchpoint",
        MeasureKind::Theme => "theme",
    }
}

/// Writes `comparison.csv` in the second study's language: a row a measure.
pub fn write_comparison(
    study: &Study,
    changes: &[Change],
    folder: &Path,
    options: &TableOptions,
) -> Result<PathBuf, ReportError> {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("maat", "measure"),
        "id",
        say("naam", "label"),
        say("naam_eerst", "label_before"),
        say("categorie", "category"),
        say("verandering", "change"),
        say("gemiddelde_eerst", "mean_before"),
        say("gemiddelde_nu", "mean_after"),
        say("verschil", "difference"),
        say("interval_laag", "interval_low"),
        say("interval_hoog", "interval_high"),
        say("p_permutatie", "p_permutation"),
        "q_benjamini_hochberg",
        say("n_interviews_eerst", "n_interviews_before"),
        "n_interviews",
        say("n_quotes_eerst", "n_quotes_before"),
        "n_quotes",
        say("quote_ids_eerst", "quote_ids_before"),
        "quote_ids",
    ])];
    for c in changes {
        let word = match c.change {
            ChangeKind::New => say("nieuw", "new"),
            ChangeKind::Gone => say("weg", "gone"),
            ChangeKind::Better => say("beter", "better"),
            ChangeKind::Worse => say("slechter", "worse"),
            ChangeKind::Different => say("anders", "different"),
            ChangeKind::Unclear => say("geen aantoonbaar verschil", "no demonstrable difference"),
        };
        let mut cells = row([
            measure(study, c.kind),
            &c.id,
            &c.label,
            c.label_before.as_deref().unwrap_or_default(),
            c.category.as_ref().map_or("", |c| c.as_str()),
            word,
        ]);
        let interval = c.comparison.and_then(|c| c.interval);
        cells.extend([
            c.means.0.into(),
            c.means.1.into(),
            c.comparison.map(|c| c.difference).into(),
            interval.map(|i| i.0).into(),
            interval.map(|i| i.1).into(),
            Field::Precise(c.comparison.and_then(|c| c.p)),
            Field::Precise(c.q),
        ]);
        cells.extend([c.n_interviews.0, c.n_interviews.1, c.quote_ids.0.len(), c.quote_ids.1.len()].map(Field::from));
        cells.extend([c.quote_ids.0.join(" ").into(), c.quote_ids.1.join(" ").into()]);
        rows.push(cells);
    }
    put(study, folder, "comparison.csv", rows, options)
}

/// A journey among several, by how many people make it and how it feels.
#[derive(Clone, Debug)]
pub struct Priority {
    /// The study's title.
    pub title: String,
    /// How many people, from `metrics.csv`.
    pub volume: Option<Metric>,
    /// How the whole journey feels.
    pub emotion: Score,
}

impl Priority {
    /// People × distance from the best that it could feel (0 at 2, 1 at -2): a rule of thumb, not a measurement. `None`
    /// without a number of people or a voice.
    pub fn score(&self) -> Option<f64> {
        let (volume, mean) = self.volume.as_ref().zip(self.emotion.mean)?;
        Some(volume.value * (2.0 - mean) / 4.0)
    }
}

/// Writes `priorities.csv`: a row a study, in the order given.
pub fn write_priorities(
    study: &Study,
    priorities: &[Priority],
    folder: &Path,
    options: &TableOptions,
) -> Result<PathBuf, ReportError> {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("studie", "study"),
        say("voorrang_vuistregel", "priority_rule_of_thumb"),
        say("mensen", "people"),
        say("wat_is_geteld", "what_was_counted"),
        say("periode", "period"),
        say("emotie", "emotion"),
        say("interval_laag", "interval_low"),
        say("interval_hoog", "interval_high"),
        "n_quotes",
        "n_interviews",
    ])];
    for p in priorities {
        let volume = p.volume.as_ref();
        let mut cells: Vec<Field> = vec![p.title.as_str().into(), p.score().into(), volume.map(|v| v.value).into()];
        cells.extend([
            volume.map_or("", |v| v.name.as_str()).into(),
            volume.map_or("", |v| v.period.as_str()).into(),
            p.emotion.mean.into(),
            p.emotion.interval.map(|i| i.0).into(),
            p.emotion.interval.map(|i| i.1).into(),
            p.emotion.n_quotes.into(),
            p.emotion.n_interviews.into(),
        ]);
        rows.push(cells);
    }
    put(study, folder, "priorities.csv", rows, options)
}

fn put(study: &Study, folder: &Path, name: &str, rows: Rows, options: &TableOptions) -> Result<PathBuf, ReportError> {
    write_tables(study, folder, vec![(name, rows)], options)?;
    Ok(folder.join(name))
}
