//! The quotes of a study as they were on a day, so that the journey can be held against what it was.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use klantreis_study::{Quote, Study};
use serde::{Deserialize, Serialize};

/// What a day's tables were made of: all of them follow from it.
#[derive(Serialize, Deserialize, PartialEq)]
pub struct Snapshot {
    pub interviews: Vec<String>,
    pub quotes: Vec<Quote>,
}

/// Keeps what the tables are made of under the date of today, over an earlier one of today; nothing where nothing has
/// changed since the last.
pub fn keep(study: &Study, interviews: &[String], quotes: &[Quote]) -> anyhow::Result<()> {
    let bare = quotes.iter().map(|q| Quote { reasons: Vec::new(), ..q.clone() });
    let snapshot = Snapshot { interviews: interviews.to_vec(), quotes: bare.collect() };
    let folder = folder(study);
    let bytes = serde_json::to_vec(&snapshot)?;
    if let Some(last) = dates(&folder)?.last()
        && fs::read(folder.join(format!("{last}.json"))).is_ok_and(|old| old == bytes)
    {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let path = folder.join(format!("{}.json", today()));
    let part = path.with_extension("part");
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, &path)).with_context(|| path.display().to_string())
}

/// The snapshot of `date` or the last before it, with its own date.
pub fn at(study: &Study, date: &str) -> anyhow::Result<(String, Snapshot)> {
    let digits = date.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    if date.len() != 10 || !digits {
        bail!("\"{date}\" is no date: write it as 2026-03-31");
    }
    let folder = folder(study);
    let dates = dates(&folder)?;
    let Some(found) = dates.iter().rev().find(|kept| kept.as_str() <= date) else {
        bail!(
            "{}: nothing was kept on or before {date}; `klantreis run` keeps one for each day that something changed{}",
            folder.display(),
            dates.first().map(|first| format!(", the first on {first}")).unwrap_or_default()
        );
    };
    let path = folder.join(format!("{found}.json"));
    let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
    let snapshot = serde_json::from_slice(&bytes)
        .with_context(|| format!("{}: can't be read; it was kept by another version, or is damaged", path.display()))?;
    Ok((found.clone(), snapshot))
}

fn folder(study: &Study) -> PathBuf {
    study.cache_dir().join("snapshots")
}

/// The dates that something was kept on, the earliest first.
fn dates(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            out.extend(name.strip_suffix(".json").map(str::to_owned));
        }
    }
    out.sort();
    Ok(out)
}

/// The date of today (UTC), or of `SOURCE_DATE_EPOCH` where a build or a test sets it.
fn today() -> String {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    date(set.unwrap_or_else(now) / 86_400)
}

/// The date of a day since 1970 (Hinnant's days-to-civil).
fn date(days: u64) -> String {
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, expected) in
            [(0, "1970-01-01"), (19_782, "2024-02-29"), (20_454, "2026-01-01"), (20_819, "2027-01-01")]
        {
            assert_eq!(date(days), expected);
        }
    }
}
