//! `run --by ATTRIBUTE`: a journey for each group of interviews, and how they differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use klantreis_aggregation::segments;
use klantreis_report::{TableOptions, write_segments};
use klantreis_study::{Quote, Study};

use crate::pipeline::Coded;

/// What people may call an attribute, and what it is called in a study.
const SYNONYMS: [(&str, &str); 6] = [
    ("perspective", "perspectief"),
    ("perspectief", "perspective"),
    ("location", "locatie"),
    ("locatie", "location"),
    ("segment", "doelgroep"),
    ("doelgroep", "segment"),
];

/// What was written of the groups, and in words.
pub struct By {
    pub files: Vec<PathBuf>,
    pub told: String,
}

/// Writes `segments.csv`, `differences.csv` and `gaps-by-segment.csv`.
pub fn write(
    study: &Study,
    attribute: &str,
    coded: &Coded,
    quotes: &[Quote],
    folder: &Path,
    options: &TableOptions,
) -> anyhow::Result<By> {
    let of: BTreeMap<String, BTreeMap<String, String>> =
        coded.transcripts.iter().map(|t| (t.transcript.interview.clone(), t.transcript.attributes.clone())).collect();
    let known: BTreeSet<&str> = of.values().flat_map(|attributes| attributes.keys()).map(String::as_str).collect();
    let asked = attribute.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(from, to)| *from == asked && known.contains(to)).map(|(_, to)| *to);
    let name = if known.contains(asked.as_str()) { asked.as_str() } else { synonym.unwrap_or(&asked) };
    let Some(found) = segments(study, &coded.codebook, quotes, &of, name) else {
        let known: Vec<&str> = known.into_iter().collect();
        anyhow::bail!(
            "no interview has the attribute \"{attribute}\"; there are: {}. Attributes stand in participants.csv or above \
             the first line of a transcript (\"Segment: starter\")",
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        );
    };
    if !found.without.is_empty() {
        eprintln!("note: without the attribute \"{name}\", so in no group: {}", found.without.join(", "));
    }
    let files = write_segments(study, &found, folder, options)?;
    let names: Vec<_> = files.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy()).collect();
    let told = format!("By {name}, in {} groups: {}", found.segments.len(), names.join(", "));
    Ok(By { files, told })
}
