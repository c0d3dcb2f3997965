//! What follows from a log, in its order: what still holds, and what can be undone.

use std::collections::HashSet;

use crate::entry::{Entry, What};

/// What an entry is sorted by.
pub(crate) fn place(entry: &Entry) -> (&str, &str) {
    (&entry.at, &entry.id)
}

/// Brings entries of several computers into the one order that all of them see.
pub(crate) fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| place(a).cmp(&place(b)));
}

pub(crate) fn is_sorted(entries: &[Entry]) -> bool {
    entries.is_sorted_by(|a, b| place(a) <= place(b))
}

/// The ids of what was undone and not redone.
pub(crate) fn undone(entries: &[Entry]) -> HashSet<&str> {
    let mut out = HashSet::new();
    for entry in entries {
        match &entry.what {
            What::Undo { entries } => out.extend(entries.iter().map(String::as_str)),
            What::Redo { entries } => entries.iter().for_each(|id| {
                out.remove(id.as_str());
            }),
            _ => {}
        }
    }
    out
}

/// Whether it undoes or redoes others.
pub(crate) fn is_step(what: &What) -> bool {
    matches!(what, What::Undo { .. } | What::Redo { .. })
}

/// What `who` would undo next: their last decision that holds, with all of its batch.
pub(crate) fn to_undo(entries: &[Entry], who: &str) -> Vec<String> {
    let undone = undone(entries);
    let holds = |e: &&Entry| e.who == who && !is_step(&e.what) && !undone.contains(e.id.as_str());
    let Some(last) = entries.iter().rfind(holds) else { return Vec::new() };
    let together = |e: &&Entry| e.id == last.id || (e.batch.is_some() && e.batch == last.batch);
    entries.iter().filter(holds).filter(together).map(|e| e.id.clone()).collect()
}

/// What `who` would redo next: what they undid last and nobody redid, unless they decided something new since.
pub(crate) fn to_redo(entries: &[Entry], who: &str) -> Vec<String> {
    let undone = undone(entries);
    for entry in entries.iter().rev().filter(|e| e.who == who) {
        match &entry.what {
            What::Undo { entries } if entries.iter().all(|id| undone.contains(id.as_str())) => return entries.clone(),
            What::Undo { .. } | What::Redo { .. } => {}
            _ => return Vec::new(),
        }
    }
    Vec::new()
}
