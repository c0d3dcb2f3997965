//! What follows from a log, in its order: what still holds, what can be undone, who knew of what.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::entry::{Entry, What};

/// Brings entries of several computers into the one order that all of them see.
pub(crate) fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
}

pub(crate) fn is_sorted(entries: &[Entry]) -> bool {
    entries.is_sorted_by(|a, b| (&a.at, &a.id) <= (&b.at, &b.id))
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

fn is_step(what: &What) -> bool {
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

/// The judgements of each coding that hold and that no later one knew of, by the coding's key. More than one means that
/// people judged without knowing of each other.
pub(crate) fn heads(entries: &[Entry]) -> BTreeMap<String, Vec<&Entry>> {
    let undone = undone(entries);
    let by_id: HashMap<&str, &Entry> = entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut out: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    let holding = entries.iter().filter(|e| e.what.verdict().is_some() && !undone.contains(e.id.as_str()));
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for entry in holding.clone() {
        let mut open: Vec<&str> = entry.after.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if known.insert(id) {
                open.extend(by_id.get(id).into_iter().flat_map(|e| e.after.iter().map(String::as_str)));
            }
        }
    }
    for entry in holding.filter(|e| !known.contains(e.id.as_str())) {
        if let Some(coding) = entry.what.coding() {
            out.entry(coding.key()).or_default().push(entry);
        }
    }
    out
}
