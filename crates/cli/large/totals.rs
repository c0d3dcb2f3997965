//! Counts over all interviews of a corpus, as sums, so that parts add up to the whole.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use klantreis_report::{Cell, TableOptions, write_tables};
use klantreis_study::{Language, Quote, Status, Study};
use serde::{Deserialize, Serialize};

/// Sums of one category in one phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Sums {
    quotes: usize,
    /// Interviews with one or more.
    interviews: usize,
    /// Of the interviews' mean emotions, and of their squares.
    emotion: f64,
    squares: f64,
}

/// The table of a corpus that was gone through part by part.
pub const FILE: &str = "totals.csv";

/// Counts by phase and category. Rejected quotes do not count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals(BTreeMap<String, BTreeMap<String, Sums>>);

impl Totals {
    /// Counts the quotes of one interview.
    pub fn add(&mut self, quotes: &[Quote]) {
        let mut here: BTreeMap<(&str, &str), (usize, f64)> = BTreeMap::new();
        for quote in quotes.iter().filter(|q| q.status != Status::Rejected) {
            let (n, emotion) = here.entry((quote.phase.as_str(), quote.category.as_str())).or_default();
            *n += 1;
            *emotion += f64::from(quote.emotion.value());
        }
        for ((phase, category), (n, emotion)) in here {
            let sums = self.0.entry(phase.to_owned()).or_default().entry(category.to_owned()).or_default();
            let mean = emotion / n as f64;
            sums.quotes += n;
            sums.interviews += 1;
            sums.emotion += mean;
            sums.squares += mean * mean;
        }
    }

    /// Adds those of another part.
    pub fn merge(&mut self, other: &Self) {
        for (phase, categories) in &other.0 {
            for (category, more) in categories {
                let sums = self.0.entry(phase.clone()).or_default().entry(category.clone()).or_default();
                sums.quotes += more.quotes;
                sums.interviews += more.interviews;
                sums.emotion += more.emotion;
                sums.squares += more.squares;
            }
        }
    }

    /// Number of quotes by category.
    pub fn by_category(&self) -> BTreeMap<&str, usize> {
        let mut out = BTreeMap::new();
        for (category, sums) in self.0.values().flatten() {
            *out.entry(category.as_str()).or_default() += sums.quotes;
        }
        out
    }

    /// Writes `totals.csv` into a folder: a row a phase and category, with the share of interviews that tell of it, and the mean over
    /// those interviews of the mean emotion of their quotes with its 95% interval (mean ± 1.96 standard errors).
    pub fn write(
        &self,
        study: &Study,
        interviews: usize,
        folder: &Path,
        options: &TableOptions,
    ) -> anyhow::Result<PathBuf> {
        let heads = match study.language {
            Language::Dutch => [
                "fase",
                "categorie",
                "n_quotes",
                "n_interviews",
                "aandeel_interviews",
                "emotie",
                "emotie_van",
                "emotie_tot",
            ],
            Language::English => [
                "phase",
                "category",
                "n_quotes",
                "n_interviews",
                "share_interviews",
                "emotion",
                "emotion_from",
                "emotion_to",
            ],
        };
        let mut rows = vec![heads.into_iter().map(Cell::from).collect()];
        for phase in &study.phases {
            for (category, sums) in self.0.get(phase.id.as_str()).into_iter().flatten() {
                let n = sums.interviews as f64;
                let mean = sums.emotion / n;
                let error = ((sums.squares / n - mean * mean).max(0.0) / n).sqrt();
                let mut row: Vec<Cell> = [phase.id.as_str(), category].into_iter().map(Cell::from).collect();
                row.extend([sums.quotes, sums.interviews].map(Cell::from));
                let decimals = [n / interviews.max(1) as f64, mean, mean - 1.96 * error, mean + 1.96 * error];
                row.extend(decimals.map(|number| Cell::from(Some(number))));
                rows.push(row);
            }
        }
        write_tables(study, folder, vec![(FILE, rows)], options)?;
        Ok(folder.join(FILE))
    }
}
