/*!
Quotes and journeys as tables that a spreadsheet opens.

[`Tables`] writes all of them into one folder: `quotes.csv`, the contract that others build on, and the tables of the
journey. Cells that a spreadsheet would run as a formula are escaped (OWASP, CSV injection).

```
use klantreis_report::escape_formula;

assert_eq!(escape_formula("=1+1"), "'=1+1");
assert_eq!(escape_formula("Nou ja"), "Nou ja");
```
*/
#![deny(missing_docs)]

mod table;
mod tables;
mod words;

pub use crate::{
    table::{ReportError, TableOptions, escape_formula},
    tables::Tables,
};
