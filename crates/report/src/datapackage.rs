//! What the tables hold, for programs: `datapackage.json` (Frictionless, version 1) beside them.

mod meaning;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use klantreis_study::{Language, Study};
use serde_json::{Map, Value, json};

use crate::table::{Field, ReportError, Rows, TableOptions, write_whole};

/// Describes `tables`, which were written into `folder` with `options`. What was written there before stays described
/// as long as its file is there.
pub(crate) fn describe(
    folder: &Path,
    study: &Study,
    tables: &[(&str, Rows)],
    options: &TableOptions,
) -> Result<PathBuf, ReportError> {
    let path = folder.join(FILE);
    let mut resources = standing(&path);
    resources.retain(|file, _| folder.join(file).is_file());
    for (file, rows) in tables {
        resources.insert((*file).to_owned(), resource(study.language, file, rows, options));
    }
    let package = json!({
        "profile": "tabular-data-package",
        "name": slug(&study.title),
        "title": study.title,
        "description": study.goal,
        "resources": resources.into_values().collect::<Vec<_>>(),
    });
    // A value of strings and numbers is always writable.
    let text = format!("{package:#}\n");
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

/// The tables that are described in a folder.
pub(crate) fn described(folder: &Path) -> Vec<String> {
    standing(&folder.join(FILE)).into_keys().collect()
}

/// The file with the descriptions.
const FILE: &str = "datapackage.json";

/// The resources that are described already, by file; none where the description is no description.
fn standing(path: &Path) -> BTreeMap<String, Value> {
    let bytes = fs::read(path).unwrap_or_default();
    let mut package: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let resources = package["resources"].as_array_mut().map(std::mem::take).unwrap_or_default();
    resources.into_iter().filter_map(|resource| Some((resource["path"].as_str()?.to_owned(), resource))).collect()
}

/// Lower-case letters, digits and hyphens, as names in a package must be.
fn slug(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = plain.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "klantreis".to_owned() } else { slug }
}

fn resource(language: Language, file: &str, rows: &Rows, options: &TableOptions) -> Value {
    let (heads, body) = rows.split_first().map_or((&[][..], &[][..]), |(heads, body)| (heads.as_slice(), body));
    let fields: Vec<Value> = heads
        .iter()
        .enumerate()
        .map(|(n, head)| field(language, file, head, body.iter().filter_map(|row| row.get(n)), options))
        .collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""] });
    if file == QUOTES && heads.contains(&Field::from("quote_id")) {
        schema["primaryKey"] = json!("quote_id");
    }
    json!({
        "profile": "tabular-data-resource",
        "name": file.trim_end_matches(".csv"),
        "path": file,
        "description": meaning::table(language, file),
        "format": "csv",
        "mediatype": "text/csv",
        // Python's name for UTF-8 with a byte order mark, which `frictionless` understands.
        "encoding": if options.has_mark() { "utf-8-sig" } else { "utf-8" },
        "dialect": { "delimiter": char::from(options.separator()).to_string(), "lineTerminator": "\n" },
        "schema": schema,
    })
}

/// The table whose columns always mean the same, and which may be too large to look through.
const QUOTES: &str = "quotes.csv";

fn field<'a>(
    language: Language,
    file: &str,
    head: &Field,
    cells: impl Iterator<Item = &'a Field>,
    options: &TableOptions,
) -> Value {
    let Field::Text(name) = head else { return json!({}) };
    let kind = if file == QUOTES { of_quotes(name) } else { kind(cells) };
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(name));
    out.insert("type".to_owned(), json!(kind));
    if kind == "number" && options.excel {
        out.insert("decimalChar".to_owned(), json!(","));
    }
    let description = meaning::column(language, file, name);
    if !description.is_empty() {
        out.insert("description".to_owned(), json!(description));
    }
    if let Some(constraints) = constraints(name).filter(|_| file == QUOTES) {
        out.insert("constraints".to_owned(), constraints);
    }
    Value::Object(out)
}

/// What a column's cells are; anything where there are none.
fn kind<'a>(cells: impl Iterator<Item = &'a Field>) -> &'static str {
    let mut kind = "any";
    for cell in cells {
        kind = match cell {
            Field::Text(_) | Field::Ids(_) => return "string",
            Field::Number(_) | Field::Precise(_) | Field::Exact(_) => "number",
            Field::Count(_) if kind == "any" => "integer",
            Field::Count(_) => kind,
        };
    }
    kind
}

fn of_quotes(name: &str) -> &'static str {
    match name {
        "turn" | "emotion" => "integer",
        "confidence" => "number",
        _ => "string",
    }
}

/// What always holds of a column of quotes.
fn constraints(name: &str) -> Option<Value> {
    Some(match name {
        "quote_id" => json!({ "required": true, "unique": true }),
        "interview" | "file" | "phase" | "category" | "quote" => json!({ "required": true }),
        "turn" => json!({ "required": true, "minimum": 1 }),
        "emotion" => json!({ "required": true, "minimum": -2, "maximum": 2 }),
        "status" => json!({ "enum": ["auto", "accepted", "changed", "rejected", "manual"] }),
        _ => return None,
    })
}
