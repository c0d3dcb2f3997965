//! What another tool knows of its cases, as `participants.csv`.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::{Project, Value};

/// The table, with a row for each text in `files` (from its GUID to its file); `None` where nothing is known of them.
pub fn participants_csv(project: &Project, files: &BTreeMap<String, String>) -> Option<String> {
    let of_cases = project.cases.iter().flat_map(|c| c.sources.iter().map(|source| (source, &c.values)));
    let of_texts = project.sources.iter().map(|s| (&s.guid, &s.values));
    let mut rows: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (source, values) in of_cases.chain(of_texts) {
        let Some(file) = files.get(source) else { continue };
        for Value { variable, value, .. } in values {
            if let Some(variable) = project.variables.iter().find(|v| v.guid == *variable && !v.name.is_empty()) {
                rows.entry(file).or_default().insert(&variable.name, value);
            }
        }
    }
    let names: BTreeSet<&str> = rows.values().flat_map(|row| row.keys().copied()).collect();
    if names.is_empty() {
        return None;
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(std::iter::once("file").chain(names.iter().copied())).ok()?;
    for (file, row) in rows {
        let cells = names.iter().map(|name| row.get(name).copied().unwrap_or_default());
        writer.write_record(std::iter::once(file).chain(cells)).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}
