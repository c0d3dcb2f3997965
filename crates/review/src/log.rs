//! The order of a log, and what can be undone in it.

use crate::{
    entry::{Entry, What},
    ledger::Ledger,
};

/// What an entry is sorted by.
pub(crate) fn place(entry: &Entry) -> (&str, &str) {
    (&entry.at, &entry.id)
}

/// Brings entries of several computers into the one order that all of them see.
pub(crate) fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| place(a).cmp(&place(b)));
}

/// The ids of what it undoes or redoes.
pub(crate) fn stepped(what: &What) -> &[String] {
    match what {
        What::Undo { entries } | What::Redo { entries } => entries,
        _ => &[],
    }
}

/// Whether it undoes or redoes others.
pub(crate) fn is_step(what: &What) -> bool {
    matches!(what, What::Undo { .. } | What::Redo { .. })
}

/// What `who` would undo next: their last decision that holds, with all of its batch.
pub(crate) fn to_undo(ledger: &Ledger, who: &str) -> Vec<String> {
    let (entries, undone) = (ledger.entries(), ledger.undone());
    let holds = |e: &&Entry| e.who == who && !is_step(&e.what) && !undone.contains(&e.id);
    let Some(last) = entries.iter().rfind(holds) else { return Vec::new() };
    let together = |e: &&Entry| e.id == last.id || (e.batch.is_some() && e.batch == last.batch);
    entries.iter().filter(together).filter(holds).map(|e| e.id.clone()).collect()
}

/// What `who` would redo next: what they undid last and nobody redid, unless they decided something new since.
pub(crate) fn to_redo(ledger: &Ledger, who: &str) -> Vec<String> {
    for entry in ledger.entries().iter().rev().filter(|e| e.who == who) {
        match &entry.what {
            What::Undo { entries } if entries.iter().all(|id| ledger.undone().contains(id)) => return entries.clone(),
            What::Undo { .. } | What::Redo { .. } => {}
            _ => return Vec::new(),
        }
    }
    Vec::new()
}
