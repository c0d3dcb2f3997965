/*!
What people decided about a study: kept for ever, laid over what the program proposes.

A [`Store`] is the study's `decisions.db`: a log of [`Entry`]s that only grows. [`State::of`] folds the log into what
holds now; undo and redo are entries too, so nothing is ever lost. Each decision is about a [`Target`]: a passage, tied by an
[`Anchor`] to its words, and what it was coded as. [`overlay`] finds the passages again, also in a transcript that was
corrected since, and lays the decisions over the codings; what it can't place it names.

```
use klantreis_review::{Store, What};

let dir = tempfile::tempdir().unwrap();
let mut store = Store::open(dir.path()).unwrap();
store.append("anna", "", vec![What::Finish { file: "gesprek-1.txt".to_owned(), blind: false, on: true }]).unwrap();
assert_eq!(store.state().finished.len(), 1);
store.undo("anna").unwrap();
assert_eq!(store.state().finished.len(), 0);
```
*/
#![deny(missing_docs)]

mod anchor;
mod backup;
mod blind;
mod doubt;
mod entry;
mod error;
mod exchange;
mod ledger;
mod log;
mod migrate;
mod overlay;
mod place;
mod progress;
mod state;
mod store;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod test;

pub use crate::{
    anchor::{Anchor, CONTEXT, Text},
    backup::{Backup, KEPT, backups},
    blind::Blind,
    doubt::most_in_doubt,
    entry::{Entry, Target, Verdict, What},
    error::StoreError,
    exchange::{Import, export},
    overlay::{Laid, overlay},
    place::place,
    progress::{Next, Progress, Step, Steps},
    state::{Conflict, Decided, Memo, State},
    store::{FILE, Store},
};
