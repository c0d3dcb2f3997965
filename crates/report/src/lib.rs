/*!
Quotes and journeys as tables that a spreadsheet opens, and as a page to read and print.

[`Tables`] writes all tables into one folder: `quotes.csv`, the contract that others build on, and the tables of the
journey. Cells that a spreadsheet would run as a formula are escaped (OWASP, CSV injection). [`Page`] writes
`klantreis.html`: one file that asks for nothing from elsewhere, in which every item opens to the quotes that it rests on.

```
use klantreis_aggregation::journey;
use klantreis_report::{Page, escape_formula};
use klantreis_study::{Codebook, Study};

assert_eq!(escape_formula("=1+1"), "'=1+1");
assert_eq!(escape_formula("Nou ja"), "Nou ja");

let study = Study::parse("title = \"Lenen & lezen\"").unwrap();
let journey = journey(&study, &Codebook::default(), &[], &[]);
let page =
    Page { study: &study, quotes: &[], journey: &journey, transcripts: &[], problems: &[], about: &[] }.html();
assert!(page.contains("<h1>Lenen &amp; lezen</h1>"));
```
*/
#![deny(missing_docs)]

mod comparisons;
mod datapackage;
mod docx;
mod evidence;
mod extras;
mod findings;
mod markdown;
mod method;
mod needs;
mod page;
mod palette;
mod picture;
mod quotes;
mod report;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
mod stretches;
mod table;
mod tables;
mod topics;
mod words;
mod xlsx;
mod xml;

pub use crate::{
    comparisons::{Priority, measure_name, write_comparison, write_priorities},
    extras::{Extras, SCHEMA},
    page::Page,
    picture::{Level, View},
    quotes::QuoteTable,
    report::{Group, RenderError, Report},
    table::{Field as Cell, ReportError, Rows, TableOptions, escape_formula, write_whole},
    tables::{OF_SEGMENTS, Tables, describe_quotes, forget_tables, write_segments, write_tables},
    words::end_of_interval,
};
