/*!
A tantivy index of what respondents said, coded and uncoded, and the language to query it.

A [`Builder`] takes coded transcripts and writes the index; [`Index::open`] reads it; [`Index::search`] answers a query
such as `wachtwoord* categorie:pijnpunt fase:ontvangen` with [`Hit`]s, by place; [`Index::search_by`] also by
relevance, emotion or confidence; [`Index::count_by`] with counts of passages and of interviews. A document is a
*passage*: the sentences of a turn that carry the same codings.

```
use klantreis_index::{Builder, Index};

let dir = std::env::temp_dir().join(format!("klantreis-doc-{}", std::process::id()));
Builder::create(&dir).unwrap().finish().unwrap();
let error = Index::open(&dir).unwrap().search("fasee:intake", 10).unwrap_err();
assert!(error.to_string().contains("did you mean \"fase\""));
std::fs::remove_dir_all(&dir).unwrap();
```
*/
#![deny(missing_docs)]

mod build;
mod count;
mod document;
mod documents;
mod dutch;
mod folder;
mod highlight;
mod joined;
mod lexicon;
mod live;
mod meeting;
mod passage;
mod query;
mod rank;
mod saved;
mod schema;
mod search;
#[cfg(test)]
mod tests;
mod turns;
mod words;

pub use crate::{
    build::Builder,
    count::{Count, Crosstab, Tally},
    documents::{Batch, Documents, Numbers, warm_up},
    highlight::nearest,
    live::Live,
    meeting::{Meeting, Meetings},
    passage::{HitCoding, Passage, passages},
    query::QueryError,
    rank::{SearchOptions, Sort},
    saved::{SavedError, filled_in},
    schema::IndexError,
    search::{Context, Hit, Hits, Index, Said},
    words::{Collocation, Corpus, Frequency, Keyword, log_likelihood},
};
