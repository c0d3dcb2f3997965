//! How many of each, by one field or by two.

use std::io::Write;

use anyhow::bail;
use klantreis_index::{Crosstab, Index, Tally};
use klantreis_study::{Language, Study};

use super::table::{Format, Table, rounded};

pub fn print(
    out: &mut impl Write,
    index: &Index,
    study: &Study,
    query: &str,
    fields: &str,
    format: Format,
) -> anyhow::Result<()> {
    let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
    match fields[..] {
        [field] => one(index, query, field)?.print(out, format),
        [rows, columns] => {
            let mut table = index.crosstab(query, rows, columns)?;
            table.sort_by_key(|field, value| place(study, field, value));
            match format {
                Format::Table | Format::Md => wide(study, &table).print(out, format)?,
                Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&table)?)?,
                Format::Csv | Format::Jsonl => long(&table).print(out, format)?,
            }
            if format == Format::Table || format == Format::Md {
                let about =
                    say(study, "uitspraken (interviews) aandeel van de rij", "quotes (interviews) share of the row");
                writeln!(out, "\n{about}")?;
            }
            Ok(())
        }
        _ => bail!("--count-by takes one field or two with a comma between, such as fase or fase,categorie"),
    }
}

fn say(study: &Study, nl: &'static str, en: &'static str) -> &'static str {
    if study.language == Language::Dutch { nl } else { en }
}

/// In the order of the study where it has one, numbers by size, the rest by the alphabet; what has no value comes last.
fn place(study: &Study, field: &str, value: &str) -> (bool, usize, i64, String) {
    let at = match field {
        "fase" => study.phases.iter().position(|p| p.id.as_str() == value),
        "contactmoment" => study.touchpoints.iter().position(|t| t.id.as_str() == value),
        "categorie" => study.categories().iter().position(|c| c.as_str() == value),
        _ => None,
    };
    let number = value.parse().unwrap_or(i64::MAX);
    (value.is_empty(), at.unwrap_or(usize::MAX), number, value.to_owned())
}

fn one(index: &Index, query: &str, field: &str) -> anyhow::Result<Table> {
    let mut table = Table::new([field, "passages", "quotes", "interviews"]);
    for c in index.count_by(query, field)? {
        table.rows.push(vec![c.value.into(), c.passages.into(), c.quotes.into(), c.interviews.into()]);
    }
    Ok(table)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// As people read it: rows and columns with totals.
fn wide(study: &Study, t: &Crosstab) -> Table {
    let total = say(study, "totaal", "total");
    let name = |value: &String| if value.is_empty() { "-".to_owned() } else { value.clone() };
    let heads = std::iter::once(format!("{} \\ {}", t.fields[0], t.fields[1])).chain(t.columns.iter().map(name));
    let mut table = Table::new(heads.chain([total.to_owned()]));
    let line = |name: String, cells: &[Tally], all: Tally| {
        let cell = |c: &Tally| match c.quotes {
            0 => "0".to_owned(),
            n => format!("{n} ({}) {:.0}%", c.interviews, share(n, all.quotes)),
        };
        std::iter::once(name).chain(cells.iter().chain([&all]).map(cell)).map(Into::into).collect()
    };
    for (n, row) in t.rows.iter().enumerate() {
        table.rows.push(line(name(row), &t.cells[n], t.row_totals[n]));
    }
    table.rows.push(line(total.to_owned(), &t.column_totals, t.total));
    table
}

/// As programs read it: a row a cell, totals under the name "total".
fn long(t: &Crosstab) -> Table {
    let [rows, columns] = &t.fields;
    let heads = ["quotes", "interviews", "percent_of_row", "percent_of_column", "percent_of_all"];
    let mut table = Table::new([rows.as_str(), columns.as_str()].into_iter().chain(heads));
    let mut put = |row: &str, column: &str, cell: Tally, row_total: Tally, column_total: Tally| {
        let percent = |whole: Tally| rounded(share(cell.quotes, whole.quotes), 1);
        table.rows.push(vec![
            row.into(),
            column.into(),
            cell.quotes.into(),
            cell.interviews.into(),
            percent(row_total),
            percent(column_total),
            percent(t.total),
        ]);
    };
    for (r, row) in t.rows.iter().enumerate() {
        for (c, column) in t.columns.iter().enumerate() {
            put(row, column, t.cells[r][c], t.row_totals[r], t.column_totals[c]);
        }
        put(row, "total", t.row_totals[r], t.row_totals[r], t.total);
    }
    for (c, column) in t.columns.iter().enumerate() {
        put("total", column, t.column_totals[c], t.total, t.column_totals[c]);
    }
    put("total", "total", t.total, t.total, t.total);
    table
}
