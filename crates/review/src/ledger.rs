//! The log in its order with what follows from it, brought up to date entry by entry: with ten thousand decisions made, the
//! next one must cost no more than the first.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    entry::{Entry, Verdict},
    log,
    state::{Conflict, Decided, State, same},
};

/// A log and what follows from it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    /// Ids of what was undone and not redone.
    undone: HashSet<String>,
    /// Places of the entries about each coding, by its key.
    about: HashMap<String, Vec<usize>>,
    state: State,
}

impl Ledger {
    /// What follows from a log. The order of the entries does not matter.
    pub fn of(mut entries: Vec<Entry>) -> Self {
        log::sort(&mut entries);
        let undone = log::undone(&entries).into_iter().map(str::to_owned).collect();
        let mut out = Self { undone, ..Self::default() };
        for entry in entries {
            out.keep(entry);
        }
        let keys: Vec<String> = out.about.keys().cloned().collect();
        for key in keys {
            out.fold(&key);
        }
        out
    }

    /// Takes more entries in.
    pub fn take(&mut self, new: Vec<Entry>) {
        let last = self.entries.last().map(log::place);
        let follow =
            log::is_sorted(&new) && new.first().is_none_or(|first| last.is_none_or(|l| l <= log::place(first)));
        // An undo reaches back, and what another computer decided may be older than the last entry here.
        if !follow || new.iter().any(|entry| log::is_step(&entry.what)) {
            let mut all = std::mem::take(&mut self.entries);
            all.extend(new);
            *self = Self::of(all);
            return;
        }
        for entry in new {
            let key = self.keep(entry);
            if let Some(key) = key {
                self.fold(&key);
            }
        }
    }

    /// Puts an entry behind the others; returns the key of the coding that it is about.
    fn keep(&mut self, entry: Entry) -> Option<String> {
        let key = entry.what.coding().map(crate::Target::key);
        match &key {
            Some(key) => self.about.entry(key.clone()).or_default().push(self.entries.len()),
            None if self.undone.contains(&entry.id) => {}
            None => self.state.add(&entry),
        }
        self.entries.push(entry);
        key
    }

    /// What was decided of a coding follows from the entries about it alone.
    fn fold(&mut self, key: &str) {
        let decided = Decided::of(self.about(key).filter(|entry| self.holds(entry)));
        match decided {
            Some(decided) => self.state.decided.insert(key.to_owned(), decided),
            None => self.state.decided.remove(key),
        };
        let heads = self.heads(key);
        let verdicts: Vec<Verdict> = heads.iter().filter_map(|e| e.what.verdict()).collect();
        let differ = verdicts.windows(2).any(|pair| !same(&pair[0], &pair[1]));
        let conflict = differ.then(|| Conflict { entries: heads.into_iter().cloned().collect() });
        match conflict {
            Some(conflict) => self.state.conflicts.insert(key.to_owned(), conflict),
            None => self.state.conflicts.remove(key),
        };
    }

    /// The judgements of a coding that hold and that no later one knew of. More than one means that people judged without
    /// knowing of each other.
    pub fn heads(&self, key: &str) -> Vec<&Entry> {
        let by_id: HashMap<&str, &Entry> = self.about(key).map(|e| (e.id.as_str(), e)).collect();
        let holding = || self.about(key).filter(|e| e.what.verdict().is_some() && self.holds(e));
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for entry in holding() {
            let mut open: Vec<&str> = entry.after.iter().map(String::as_str).collect();
            while let Some(id) = open.pop() {
                if known.insert(id) {
                    open.extend(by_id.get(id).into_iter().flat_map(|e| e.after.iter().map(String::as_str)));
                }
            }
        }
        holding().filter(|e| !known.contains(e.id.as_str())).collect()
    }

    /// The entries about a coding, oldest first.
    pub fn about(&self, key: &str) -> impl Iterator<Item = &Entry> {
        self.about.get(key).into_iter().flatten().map(|place| &self.entries[*place])
    }

    fn holds(&self, entry: &Entry) -> bool {
        !self.undone.contains(&entry.id)
    }

    /// All entries, in the order that all computers see.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What holds now.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What holds now, alone.
    pub fn into_state(self) -> State {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entry::What,
        test::{coding, target, transcript},
    };

    #[test]
    fn entry_by_entry_comes_to_the_same_as_all_at_once() {
        let talk = transcript(&["I: Hoe gaat het?", "R: Ik zoek lang. Het formulier is nergens. Dan bel ik maar."]);
        let of = |n: usize| target(&talk, &coding(1, n..n + 1, "pijnpunt"));
        let what = |n: usize| match n % 7 {
            0 => What::Accept { coding: of(n % 3) },
            1 => What::Reject { coding: of(n % 2) },
            2 => What::Star { coding: of(n % 3), on: n.is_multiple_of(2) },
            3 => {
                What::Memo { coding: of(n % 3), text: if n.is_multiple_of(4) { String::new() } else { n.to_string() } }
            }
            4 => What::Undo { entries: vec![(n - 1).to_string(), (n - 3).to_string()] },
            5 => What::Redo { entries: vec![(n - 4).to_string()] },
            _ => What::Finish { file: "a.txt".to_owned(), blind: false, on: n.is_multiple_of(2) },
        };
        let entries: Vec<Entry> = (0..40)
            .map(|n| Entry {
                id: n.to_string(),
                // Some come from a computer whose clock is behind.
                at: format!("2026-01-01T00:00:{:02}.000Z", if n % 11 == 10 { n - 5 } else { n }),
                who: ["anna", "bram"][n % 2].to_owned(),
                why: String::new(),
                batch: None,
                after: n.checked_sub(7).map(|m| m.to_string()).into_iter().collect(),
                what: what(n),
            })
            .collect();
        let mut ledger = Ledger::default();
        for (n, entry) in entries.iter().enumerate() {
            ledger.take(vec![entry.clone()]);
            let whole = Ledger::of(entries[..=n].to_vec());
            assert_eq!(ledger.state, whole.state, "after {n}");
            assert_eq!(ledger.entries, whole.entries, "after {n}");
        }
    }
}
