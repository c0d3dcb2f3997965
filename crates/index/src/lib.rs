/*!
A tantivy index of what respondents said, coded and uncoded, and the language to query it.

A [`Builder`] takes coded transcripts and writes the index; [`Index::open`] reads it; [`Index::search`] answers a query
such as `wachtwoord* categorie:pijnpunt fase:ontvangen` with [`Hit`]s, [`Index::count_by`] with counts of passages and
of interviews. A document is a *passage*: the sentences of a turn that carry the same codings.

```
use klantreis_index::{Builder, Index};

let dir = std::env::temp_dir().join(format!("klantreis-doc-{}", std::process::id()));
Builder::create(&dir).unwrap().finish().unwrap();
let error = Index::open(&dir).unwrap().search("fasee:intake", 10).unwrap_err();
assert!(error.to_string().contains("bedoelde u \"fase\""));
std::fs::remove_dir_all(&dir).unwrap();
```
*/
#![deny(missing_docs)]

mod build;
mod passage;
mod query;
mod schema;
mod search;

pub use crate::{
    build::Builder,
    passage::{HitCoding, Passage, passages},
    query::QueryError,
    schema::IndexError,
    search::{Count, Hit, Hits, Index},
};
