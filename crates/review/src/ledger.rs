//! The log in its order with what follows from it, brought up to date entry by entry: with ten thousand decisions made, the
//! next one must cost no more than the first.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    entry::{Entry, Verdict, What},
    log,
    state::{Conflict, Decided, State, same},
};

/// What has to be worked out anew when an entry no longer holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    /// What was decided of the coding with this key.
    Coding(String),
    /// All that is about no coding that all see: names, merges, questions, who has finished what.
    Rest,
}

/// A log and what follows from it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    /// Ids of what was undone and not redone.
    undone: HashSet<String>,
    /// Places of the entries about each coding, by its key.
    about: HashMap<String, Vec<usize>>,
    /// What each entry is about, by its id.
    subjects: HashMap<String, Subject>,
    /// Places of the entries about no coding that all see.
    rest: Vec<usize>,
    state: State,
}

impl Ledger {
    /// What follows from a log. The order of the entries does not matter.
    pub fn of(mut entries: Vec<Entry>) -> Self {
        log::sort(&mut entries);
        let mut out = Self::default();
        let mut subjects = BTreeSet::new();
        for entry in entries {
            out.keep(entry, &mut subjects);
        }
        out.settle(subjects);
        out
    }

    /// Takes more entries in.
    pub fn take(&mut self, mut new: Vec<Entry>) {
        log::sort(&mut new);
        let last = self.entries.last().map(log::place);
        // What another computer decided may be older than the last entry here.
        if new.first().is_some_and(|first| last.is_some_and(|last| log::place(first) < last)) {
            let mut all = std::mem::take(&mut self.entries);
            all.extend(new);
            *self = Self::of(all);
            return;
        }
        let mut subjects = BTreeSet::new();
        for entry in new {
            self.keep(entry, &mut subjects);
        }
        self.settle(subjects);
    }

    /// Puts an entry behind the others; adds to `subjects` what has to be settled for it.
    fn keep(&mut self, entry: Entry, subjects: &mut BTreeSet<Subject>) {
        match &entry.what {
            What::Undo { entries } => self.undone.extend(entries.iter().cloned()),
            What::Redo { entries } => entries.iter().for_each(|id| {
                self.undone.remove(id);
            }),
            _ => {}
        }
        // A step reaches back to what was decided before; what it names and is not here yet is settled when it comes.
        subjects.extend(log::stepped(&entry.what).iter().filter_map(|id| self.subjects.get(id).cloned()));
        let place = self.entries.len();
        match entry.what.coding().map(crate::Target::key) {
            Some(key) => {
                self.about.entry(key.clone()).or_default().push(place);
                subjects.insert(Subject::Coding(key.clone()));
                self.subjects.insert(entry.id.clone(), Subject::Coding(key));
            }
            None if log::is_step(&entry.what) => {}
            None => {
                self.rest.push(place);
                if !subjects.contains(&Subject::Rest) && self.holds(&entry) {
                    self.state.add(&entry);
                }
                self.subjects.insert(entry.id.clone(), Subject::Rest);
            }
        }
        self.entries.push(entry);
    }

    /// Works out anew what follows for these.
    fn settle(&mut self, subjects: BTreeSet<Subject>) {
        for subject in subjects {
            match subject {
                Subject::Coding(key) => self.fold(&key),
                Subject::Rest => self.fold_rest(),
            }
        }
    }

    fn fold_rest(&mut self) {
        let State { decided, conflicts, .. } = std::mem::take(&mut self.state);
        let mut state = State { decided, conflicts, ..State::default() };
        for entry in self.rest.iter().map(|place| &self.entries[*place]).filter(|entry| self.holds(entry)) {
            state.add(entry);
        }
        self.state = state;
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

    /// The ids of what was undone and not redone.
    pub fn undone(&self) -> &HashSet<String> {
        &self.undone
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
    use klantreis_study::{CodeId, PhaseId};
    use proptest::prelude::*;

    use super::*;
    use crate::test::{coding, target, transcript};

    /// An entry without pattern: what it is, of what, what it reaches back (or forward) to, and how its computer's clock stands.
    type Draw = (u8, usize, i64, i64, bool);

    fn entry(n: usize, (kind, of, back, clock, on): Draw) -> Entry {
        let talk = transcript(&["I: Hoe gaat het?", "R: Ik zoek lang. Het formulier is nergens. Dan bel ik maar."]);
        let coding = target(&talk, &coding(1, of..of + 1, "pijnpunt"));
        let file = format!("{of}.txt");
        let code = |n: usize| CodeId::new(["a", "b", "c"][n % 3]).unwrap();
        let named = vec![(n as i64 - back).to_string(), (n as i64 - 2 * back).to_string()];
        let what = match kind {
            0 => What::Accept { coding },
            1 => What::Reject { coding },
            2 => What::Star { coding, on },
            3 => What::Memo { coding, text: if on { n.to_string() } else { String::new() } },
            4 => What::Finish { file, blind: on, on: !n.is_multiple_of(3) },
            5 => What::Blind { coding, on },
            6 => What::Rename { code: code(of), label: if on { n.to_string() } else { String::new() } },
            7 => What::Merge { code: code(of), into: on.then(|| code(of + 1)) },
            8 => What::Question { phase: PhaseId::new("tijdens").unwrap(), text: n.to_string() },
            9 | 10 => What::Undo { entries: named },
            _ => What::Redo { entries: named },
        };
        Entry {
            id: n.to_string(),
            at: format!("2026-01-01T00:00:{:02}.000Z", (n as i64 + clock).clamp(0, 59)),
            who: ["anna", "bram"][of % 2].to_owned(),
            why: String::new(),
            batch: None,
            after: n.checked_sub(7).map(|m| m.to_string()).into_iter().collect(),
            what,
        }
    }

    proptest! {
        #[test]
        fn bit_by_bit_comes_to_the_same_as_all_at_once(
            draws in prop::collection::vec((0..12_u8, 0..3_usize, -2..9_i64, prop_oneof![9 => Just(0), 1 => -5..5_i64], any::<bool>()), 1..50),
            portions in prop::collection::vec(1..4_usize, 50),
        ) {
            let entries: Vec<Entry> = draws.into_iter().enumerate().map(|(n, draw)| entry(n, draw)).collect();
            let (mut ledger, mut taken) = (Ledger::default(), 0);
            for portion in portions {
                let next = (taken + portion).min(entries.len());
                ledger.take(entries[taken..next].to_vec());
                taken = next;
                let whole = Ledger::of(entries[..taken].to_vec());
                prop_assert_eq!(&ledger.state, &whole.state);
                prop_assert_eq!(&ledger.entries, &whole.entries);
                // Whoever decided knew of what was undone later: conflicts can't be told without it.
                let holding = State { conflicts: Default::default(), ..whole.state };
                prop_assert_eq!(holding, from_scratch(&entries[..taken]));
            }
        }
    }

    /// What follows from a log, as one would say it: of all that was not undone, in its order.
    fn from_scratch(entries: &[Entry]) -> State {
        let mut entries = entries.to_vec();
        log::sort(&mut entries);
        let mut undone = HashSet::new();
        for entry in &entries {
            match &entry.what {
                What::Undo { entries } => undone.extend(entries.clone()),
                What::Redo { entries } => undone.retain(|id| !entries.contains(id)),
                _ => {}
            }
        }
        entries.retain(|e| !undone.contains(&e.id) && !log::is_step(&e.what));
        State { conflicts: Default::default(), ..Ledger::of(entries).into_state() }
    }
}
