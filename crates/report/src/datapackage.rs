//! What the tables hold, for programs: `datapackage.json` (Frictionless, version 1) beside them.

use std::path::{Path, PathBuf};

use klantreis_study::{Language, Study};
use serde_json::{Map, Value, json};

use crate::{
    table::{Field, ReportError, Rows, TableOptions, write_whole},
    words::pick,
};

/// Writes the description of `tables`, which were written with `options`.
pub(crate) fn write(
    folder: &Path,
    study: &Study,
    tables: &[(&str, Rows)],
    options: &TableOptions,
) -> Result<PathBuf, ReportError> {
    let path = folder.join("datapackage.json");
    let package = json!({
        "profile": "tabular-data-package",
        "name": slug(&study.title),
        "title": study.title,
        "description": study.goal,
        "resources": tables.iter().map(|(file, rows)| resource(study.language, file, rows, options)).collect::<Vec<_>>(),
    });
    // A value of strings and numbers is always writable.
    let text = format!("{package:#}\n");
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

/// Lower-case letters, digits and hyphens, as names in a package must be.
fn slug(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = plain.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "klantreis".to_owned() } else { slug }
}

fn resource(language: Language, file: &str, rows: &Rows, options: &TableOptions) -> Value {
    let (heads, body) = rows.split_first().map_or((&[][..], &[][..]), |(heads, body)| (heads.as_slice(), body));
    let quotes = file == "quotes.csv";
    let fields: Vec<Value> = heads
        .iter()
        .enumerate()
        .map(|(n, head)| field(language, head, body.iter().filter_map(|row| row.get(n)), quotes, options))
        .collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""] });
    if quotes && heads.contains(&Field::from("quote_id")) {
        schema["primaryKey"] = json!("quote_id");
    }
    json!({
        "profile": "tabular-data-resource",
        "name": file.trim_end_matches(".csv"),
        "path": file,
        "format": "csv",
        "mediatype": "text/csv",
        // Python's name for UTF-8 with a byte order mark, which `frictionless` understands.
        "encoding": if options.has_mark() { "utf-8-sig" } else { "utf-8" },
        "dialect": { "delimiter": char::from(options.separator()).to_string(), "lineTerminator": "\n" },
        "schema": schema,
    })
}

fn field<'a>(
    language: Language,
    head: &Field,
    cells: impl Iterator<Item = &'a Field>,
    quotes: bool,
    options: &TableOptions,
) -> Value {
    let Field::Text(name) = head else { return json!({}) };
    let mut kind = "integer";
    let mut filled = false;
    for cell in cells {
        match cell {
            Field::Text(_) => kind = "string",
            Field::Number(_) if kind == "integer" => kind = "number",
            _ => {}
        }
        filled = true;
    }
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(name));
    out.insert("type".to_owned(), json!(if filled { kind } else { "any" }));
    if kind == "number" && options.excel {
        out.insert("decimalChar".to_owned(), json!(","));
    }
    if let Some(description) = description(language, name) {
        out.insert("description".to_owned(), json!(description));
    }
    if let Some(constraints) = constraints(name).filter(|_| quotes) {
        out.insert("constraints".to_owned(), constraints);
    }
    Value::Object(out)
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

/// What a column means, in the study's language.
fn description(language: Language, name: &str) -> Option<&'static str> {
    let say = |nl, en| Some(pick(language, nl, en));
    match name {
        "quote_id" => say(
            "waar de uitspraak staat: interview:beurt.zin en de letter van de categorie",
            "where the quote stands: interview:turn.sentence and the category's letter",
        ),
        "interview" => say("naam van het interview", "name of the interview"),
        "file" => say("bestand van het transcript", "file of the transcript"),
        "turn" => say("nummer van de spreekbeurt, vanaf 1", "number of the turn, from 1"),
        "speaker" => say("wie spreekt, zoals in het transcript", "who speaks, as in the transcript"),
        "time" => say("begin in de opname, uu:mm:ss", "start in the recording, hh:mm:ss"),
        "phase" | "fase" => say("id van de fase", "id of the phase"),
        "phase_label" | "fase_naam" => say("naam van de fase", "name of the phase"),
        "category" | "categorie" => say(
            "behoefte, winst, pijnpunt, activiteit of een eigen categorie",
            "behoefte (need), winst (gain), pijnpunt (pain point), activiteit (activity) or one of your own",
        ),
        "code" => say("id van de code in het codeboek", "id of the code in the codebook"),
        "code_label" | "code_naam" => say("naam van de code", "name of the code"),
        "touchpoint" | "contactmoment" => say("id van het contactmoment", "id of the touchpoint"),
        "touchpoint_label" | "contactmoment_naam" => say("naam van het contactmoment", "name of the touchpoint"),
        "channel" | "kanaal" => say("waarlangs het contact loopt", "through what the contact goes"),
        "emotion" | "emotie" => say(
            "hoe de betrokkene het beleeft: -2 (zeer negatief) tot 2 (zeer positief); per fase of contactmoment het \
             gemiddelde over interviews",
            "how the person concerned experiences it: -2 (very negative) to 2 (very positive); for a phase or touchpoint the \
             mean over interviews",
        ),
        "confidence" => say("kans dat de codering klopt, 0 tot 1", "probability that the coding is right, 0 to 1"),
        "status" => say(
            "auto: voorstel; accepted, changed, rejected, manual: besluit van een onderzoeker",
            "auto: proposed; accepted, changed, rejected, manual: decided by a researcher",
        ),
        "quote" => say("de uitspraak, letterlijk", "the words, letter for letter"),
        "n_quotes" => say("aantal uitspraken", "number of quotes"),
        "n_interviews" => say("aantal interviews", "number of interviews"),
        "quote_ids" => say("de uitspraken waarop dit berust", "the quotes on which this rests"),
        "interval_low" | "interval_laag" => say("ondergrens van het 95%-interval", "lower end of the 95% interval"),
        "interval_high" | "interval_hoog" => say("bovengrens van het 95%-interval", "upper end of the 95% interval"),
        "spread" | "spreiding" => say("standaardafwijking over interviews", "standard deviation over interviews"),
        "scale_1_5" | "schaal_1_5" => say("de emotie op de schaal 1 tot 5", "the emotion on the scale 1 to 5"),
        "scale_1_10" | "schaal_1_10" => say("de emotie op de schaal 1 tot 10", "the emotion on the scale 1 to 10"),
        "desired" | "gewenst" => say("de gewenste emotie", "the emotion wished for"),
        "difference" | "verschil" => say("beleving min wens", "experience minus wish"),
        name if name.starts_with("attr_") => say("kenmerk van het interview", "attribute of the interview"),
        _ => None,
    }
}
