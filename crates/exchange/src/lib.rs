/*!
What goes to other tools and comes back from them.

[`export`] makes a [`Project`] of a coded study, which [`write_qdpx`] writes for a [`Dialect`] of the standard for qualitative
data (REFI-QDA 1.5). [`read_qdpx`] reads the project of any tool; [`lay`] lays its codings on the study's transcripts, as rows
of a gold file. [`read_sheet`] and [`lay_rows`] do the same for codings made in a spreadsheet. What a code of another tool
means here, [`Meanings`] tells. [`write_jsonl`] and [`write_parquet`] hold the quotes for programs.

What can't be taken along is always listed, never dropped in silence.

```
use klantreis_exchange::{Dialect, export, read_qdpx, write_qdpx};
use klantreis_study::{Codebook, Study};

let study = Study::parse("title = \"Lenen & lezen\"").unwrap();
let project = export(&study, &Codebook::default(), &[]).project;
let bytes = write_qdpx(&project, Dialect::Standard).unwrap();
assert_eq!(read_qdpx(&bytes).unwrap().project.codes, project.codes);
```
*/
#![deny(missing_docs)]

mod align;
mod archive;
mod codebook;
mod dialect;
mod export;
mod find;
mod gold;
mod guid;
mod hand;
mod lay;
mod names;
mod parquet;
mod participants;
mod position;
mod project;
mod qde;
mod records;
mod render;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
mod sheet;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod xml;

pub use crate::{
    archive::{ExchangeError, read_qdpx, write_qdpx},
    codebook::{codebook_of, codebook_toml, read_qdc, write_qdc},
    dialect::Dialect,
    export::{Export, export},
    gold::{GoldRow, gold_csv},
    hand::{HandLaid, RowReport, lay_rows, report_csv},
    lay::{Laid, lay, transcript_of},
    names::{Meaning, Meanings},
    parquet::{PartitionError, write_parquet, write_partitions},
    participants::participants_csv,
    position::Units,
    project::{Case, Code, Coding, Kind, Note, Project, Selection, Set, Source, User, Value, Variable},
    qde::Read,
    records::write_jsonl,
    sheet::{HandRow, read_map, read_sheet},
};
