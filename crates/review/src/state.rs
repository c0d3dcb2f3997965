use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{CodeId, Codebook, PhaseId, Status};

use crate::{
    anchor::Anchor,
    blind::Blind,
    entry::{Entry, Target, Verdict, What},
    ledger::Ledger,
};

/// A note that someone wrote about a coding.
#[derive(Clone, Debug, PartialEq)]
pub struct Memo {
    /// Who.
    pub who: String,
    /// When.
    pub at: String,
    /// What.
    pub text: String,
}

/// Judgements of one coding by people who did not know of each other's.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The judgements, oldest first; the last one holds until someone decides again.
    pub entries: Vec<Entry>,
}

/// All that was decided of one coding.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The coding as proposed or added.
    pub coding: Target,
    /// What it was changed to.
    pub to: Option<Target>,
    /// Whether a person added it.
    pub added: bool,
    /// `None` where there are notes only.
    pub verdict: Option<Status>,
    /// Where its words stand now, where someone had to say so.
    pub moved: Option<Anchor>,
    /// One a person.
    pub memos: Vec<Memo>,
    /// Whether it is starred.
    pub starred: bool,
}

impl Decided {
    fn new(coding: Target) -> Self {
        let (to, added, verdict, moved, memos, starred) = (None, false, None, None, Vec::new(), false);
        Self { coding, to, added, verdict, moved, memos, starred }
    }

    /// What follows from the entries about one coding that hold, oldest first; `None` where nothing does.
    pub(crate) fn of<'e>(entries: impl Iterator<Item = &'e Entry>) -> Option<Self> {
        let mut out: Option<Self> = None;
        for entry in entries {
            let Some(coding) = entry.what.coding() else { continue };
            out.get_or_insert_with(|| Self::new(coding.clone())).add(entry);
        }
        out.filter(|d| d.verdict.is_some() || d.starred || !d.memos.is_empty())
    }

    fn add(&mut self, entry: &Entry) {
        match &entry.what {
            What::Memo { text, .. } => {
                self.memos.retain(|memo| memo.who != entry.who);
                if !text.is_empty() {
                    let (who, at) = (entry.who.clone(), entry.at.clone());
                    self.memos.push(Memo { who, at, text: text.clone() });
                }
            }
            What::Star { on, .. } => self.starred = *on,
            What::Place { at, .. } => self.moved = Some(at.clone()),
            what => what.verdict().into_iter().for_each(|verdict| self.judge(verdict)),
        }
    }

    /// What it is now.
    pub fn now(&self) -> &Target {
        self.to.as_ref().unwrap_or(&self.coding)
    }

    fn judge(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Rejected => {
                self.verdict = Some(Status::Rejected);
                return;
            }
            Verdict::Changed(to) => self.to = Some(to),
            Verdict::Added => self.added = true,
            Verdict::Accepted => {}
        }
        self.verdict = Some(match (self.added, &self.to) {
            (true, _) => Status::Manual,
            (false, Some(to)) if !to.agrees(&self.coding) => Status::Changed,
            _ => Status::Accepted,
        });
    }
}

/// What holds now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// By [`Target::key`].
    pub decided: BTreeMap<String, Decided>,
    /// Who has finished each transcript.
    pub finished: BTreeMap<String, BTreeSet<String>>,
    /// What second coders coded, by transcript.
    pub blind: Blind,
    /// The study's own names of codes.
    pub names: BTreeMap<CodeId, String>,
    /// Codes that went into others.
    pub merged: BTreeMap<CodeId, CodeId>,
    /// Questions that people wrote, by phase.
    pub questions: BTreeMap<PhaseId, String>,
    /// Codings that were judged differently by people who did not know of each other, by key.
    pub conflicts: BTreeMap<String, Conflict>,
}

impl State {
    /// What follows from a log. The order of the entries does not matter.
    pub fn of(entries: &[Entry]) -> Self {
        Ledger::of(entries.to_vec()).into_state()
    }

    /// Takes in a decision that holds and is about no coding that all see.
    pub(crate) fn add(&mut self, entry: &Entry) {
        match &entry.what {
            What::Finish { file, blind: false, on } => set(self.finished.entry(file.clone()).or_default(), entry, *on),
            What::Finish { file, blind: true, on } => self.blind.finish(file, &entry.who, *on),
            What::Blind { coding, on } => self.blind.code(coding, &entry.who, *on),
            What::Rename { code, label } => put(&mut self.names, code, Some(label).filter(|l| !l.is_empty())),
            What::Merge { code, into } => put(&mut self.merged, code, into.as_ref().filter(|i| *i != code)),
            What::Question { phase, text } => put(&mut self.questions, phase, Some(text).filter(|t| !t.is_empty())),
            _ => {}
        }
        self.finished.retain(|_, who| !who.is_empty());
    }

    /// Gives codes the names that people gave them in this study.
    pub fn rename(&self, codebook: &mut Codebook) {
        for code in &mut codebook.codes {
            if let Some(name) = self.names.get(&code.id) {
                name.clone_into(&mut code.label);
                name.clone_into(&mut code.label_en);
            }
        }
    }

    /// The code that quotes of `code` count under, after merges.
    pub fn merged_into<'a>(&'a self, code: &'a CodeId) -> &'a CodeId {
        let mut at = code;
        // A merge may follow a merge; a circle ends where it began.
        for _ in 0..self.merged.len() {
            match self.merged.get(at) {
                Some(next) if next != code => at = next,
                _ => break,
            }
        }
        at
    }
}

/// Whether two judgements come to the same.
pub(crate) fn same(a: &Verdict, b: &Verdict) -> bool {
    match (a, b) {
        (Verdict::Changed(a), Verdict::Changed(b)) => a.agrees(b),
        _ => a == b,
    }
}

fn set(people: &mut BTreeSet<String>, entry: &Entry, on: bool) {
    if on {
        people.insert(entry.who.clone());
    } else {
        people.remove(&entry.who);
    }
}

fn put<K: Ord + Clone, V: Clone>(map: &mut BTreeMap<K, V>, key: &K, value: Option<&V>) {
    match value {
        Some(value) => map.insert(key.clone(), value.clone()),
        None => map.remove(key),
    };
}
