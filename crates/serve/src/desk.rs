use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::{Arc, OnceLock},
};

use klantreis_coding::Expected;
use klantreis_review::{Entry, Laid, State, Store, StoreError, Target, Text, What, overlay};
use klantreis_study::{Category, Code, CodeId, Codebook, CodebookError, CodedTranscript, Coding, Problem, Study};

use crate::engine::Proposed;

/// A study on the table: as coded, with the decisions laid over it, open for more.
pub struct Desk {
    /// The study.
    pub study: Study,
    /// Its codes, with the names that people gave them.
    pub codebook: Codebook,
    /// The interviews with their codings as they stand now; shared, so that what takes long can be made of them while people
    /// decide on.
    pub coded: Vec<Arc<CodedTranscript>>,
    /// What came of laying the decisions over each.
    pub laid: Vec<Laid>,
    /// What was skipped.
    pub problems: Vec<Problem>,
    /// How well the model agrees with people on studies it had not seen.
    pub expected: Expected,
    /// Grows with every change.
    pub version: u64,
    /// Which codings each version changed, oldest first.
    changes: Vec<(u64, BTreeSet<Ref>)>,
    /// What the program proposed of each interview.
    proposals: Vec<Vec<Coding>>,
    /// The keys of those, once someone asked for them.
    proposal_keys: Vec<OnceLock<Keys>>,
    own_codebook: Codebook,
    /// What codes were before they were last edited here.
    edited: BTreeMap<CodeId, Code>,
    /// Whether the codebook was edited since the proposals were made.
    is_stale: bool,
    /// Entries of the log that are laid over the interviews.
    laid_entries: usize,
    /// The merges that are.
    merged: BTreeMap<CodeId, CodeId>,
    store: Store,
}

/// Keys of proposals by turn, sentences and category.
type Keys = HashMap<(usize, Range<usize>, Category), String>;

/// A coding by its interview and the key that decisions know it by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref {
    /// Place of the interview.
    pub interview: usize,
    /// [`Target::key`] of what was proposed.
    pub key: String,
}

impl Ref {
    /// Reads `3-0a1b…`.
    pub fn parse(text: &str) -> Option<Self> {
        let (interview, key) = text.split_once('-')?;
        Some(Self { interview: interview.parse().ok()?, key: key.to_owned() })
    }
}

impl std::fmt::Display for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.interview, self.key)
    }
}

impl Desk {
    /// Lays out a study.
    pub fn new(proposed: Proposed, store: Store) -> Self {
        let Proposed { study, codebook, transcripts, problems, expected } = proposed;
        let mut desk = Self {
            laid: vec![Laid::default(); transcripts.len()],
            proposals: transcripts.iter().map(|t| t.codings.clone()).collect(),
            proposal_keys: transcripts.iter().map(|_| OnceLock::new()).collect(),
            coded: transcripts.into_iter().map(Arc::new).collect(),
            version: 0,
            changes: Vec::new(),
            own_codebook: codebook.clone(),
            study,
            codebook,
            problems,
            expected,
            edited: BTreeMap::new(),
            is_stale: false,
            laid_entries: 0,
            merged: BTreeMap::new(),
            store,
        };
        desk.lay(None);
        desk
    }

    /// Takes new proposals: a model was trained, or the transcripts were read again.
    pub fn renew(&mut self, proposed: Proposed) -> Result<(), StoreError> {
        self.study = proposed.study;
        self.own_codebook = proposed.codebook;
        self.problems = proposed.problems;
        self.expected = proposed.expected;
        self.proposals = proposed.transcripts.iter().map(|t| t.codings.clone()).collect();
        self.proposal_keys = proposed.transcripts.iter().map(|_| OnceLock::new()).collect();
        self.laid = vec![Laid::default(); proposed.transcripts.len()];
        self.coded = proposed.transcripts.into_iter().map(Arc::new).collect();
        self.changes.clear();
        self.is_stale = false;
        self.store.catch_up()?;
        self.lay(None);
        Ok(())
    }

    /// Lays the decisions over the interviews anew that these entries are about, which were decided just now; over all
    /// where there are others that are not laid yet.
    fn lay(&mut self, decided: Option<(&[Entry], usize)>) {
        let state = self.store.state();
        let entries = self.store.entries().len();
        let known = decided.filter(|(_, added)| self.laid_entries + added == entries && self.merged == state.merged);
        let files = known.map(|(about, _)| files(about));
        for (t, coded) in self.coded.iter_mut().enumerate() {
            if files.as_ref().is_none_or(|files| files.contains(coded.transcript.file.as_str())) {
                let coded = Arc::make_mut(coded);
                coded.codings.clone_from(&self.proposals[t]);
                self.laid[t] = overlay(coded, state);
            }
        }
        self.codebook.clone_from(&self.own_codebook);
        state.rename(&mut self.codebook);
        self.merged.clone_from(&state.merged);
        self.laid_entries = entries;
        self.version += 1;
    }

    /// What was decided.
    pub fn state(&self) -> &State {
        self.store.state()
    }

    /// Keeps what `who` decided; it is on the disk when this returns.
    pub fn decide(&mut self, who: &str, why: &str, decisions: Vec<What>) -> Result<Vec<Entry>, StoreError> {
        let added = self.store.append(who, why, decisions)?;
        self.lay(Some((&added, added.len())));
        Ok(added)
    }

    /// Takes the last decision of `who` back; returns what no longer holds.
    pub fn undo(&mut self, who: &str) -> Result<Vec<Entry>, StoreError> {
        let step = self.store.undo(who)?;
        Ok(self.stepped(&step))
    }

    /// Brings back what `who` took back last; returns what holds again.
    pub fn redo(&mut self, who: &str) -> Result<Vec<Entry>, StoreError> {
        let step = self.store.redo(who)?;
        Ok(self.stepped(&step))
    }

    fn stepped(&mut self, step: &[Entry]) -> Vec<Entry> {
        let ids: BTreeSet<String> = step
            .iter()
            .flat_map(|e| match &e.what {
                What::Undo { entries } | What::Redo { entries } => entries.clone(),
                _ => Vec::new(),
            })
            .collect();
        let about: Vec<Entry> = self.store.entries().iter().filter(|e| ids.contains(&e.id)).cloned().collect();
        self.lay(Some((&about, step.len())));
        about
    }

    /// Remembers which codings the last version changed, for those who look at them in another window.
    pub fn note(&mut self, refs: BTreeSet<Ref>) {
        self.changes.push((self.version, refs));
    }

    /// The codings that changed after `version`.
    pub fn changed_since(&self, version: u64) -> BTreeSet<Ref> {
        let new = self.changes.iter().rev().take_while(|(v, _)| *v > version);
        new.flat_map(|(_, refs)| refs.iter().filter(|r| r.interview < self.coded.len()).cloned()).collect()
    }

    /// Writes a code to the study's codebook. Proposals follow when the study is coded again.
    pub fn save_code(&mut self, code: Code) -> Result<(), CodebookError> {
        Codebook::save(&self.study.root.join("codebook.toml"), &code)?;
        if let Some(old) = self.own_codebook.code(&code.id).filter(|old| **old != code) {
            self.edited.insert(code.id.clone(), old.clone());
        }
        self.own_codebook = std::mem::take(&mut self.own_codebook).overlay(Codebook { codes: vec![code] });
        self.is_stale = true;
        self.lay(Some((&[], 0)));
        Ok(())
    }

    /// A code as the codebook has it, without the name that people gave it here.
    pub fn own_code(&self, id: &CodeId) -> Option<&Code> {
        self.own_codebook.code(id)
    }

    /// What a code was before it was last edited here.
    pub fn before_edit(&self, id: &CodeId) -> Option<&Code> {
        self.edited.get(id)
    }

    /// Whether the codebook was edited since the proposals were made.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The entries about a coding, by its key, oldest first.
    pub fn history(&self, key: &str) -> impl Iterator<Item = &Entry> {
        self.store.about(key)
    }

    /// The keys of an interview's codings, in their order.
    pub fn keys(&self, interview: usize) -> Vec<String> {
        let (Some(coded), Some(laid)) = (self.coded.get(interview), self.laid.get(interview)) else {
            return Vec::new();
        };
        let proposals = self.proposal_keys[interview].get_or_init(|| {
            let text = Text::of(&coded.transcript);
            let key = |c: &Coding| Some((place(c), Target::of(&text, c)?.key()));
            self.proposals[interview].iter().filter_map(key).collect()
        });
        let key = |(coding, key): (&Coding, &Option<String>)| {
            let known = || proposals.get(&place(coding)).cloned();
            // Of a proposal that is decided in part the rest is a coding of its own.
            let rest = || Some(Target::of(&Text::of(&coded.transcript), coding)?.key());
            key.clone().or_else(known).or_else(rest).unwrap_or_default()
        };
        coded.codings.iter().zip(&laid.keys).map(key).collect()
    }

    /// The place of a coding in its interview.
    pub fn find(&self, wanted: &Ref) -> Option<usize> {
        self.keys(wanted.interview).iter().position(|key| *key == wanted.key)
    }

    /// What was proposed: what decisions about the coding at this place are about.
    pub fn target(&self, interview: usize, coding: usize) -> Option<Target> {
        match self.laid[interview].keys.get(coding)? {
            Some(key) => self.state().decided.get(key).map(|d| d.coding.clone()),
            None => self.target_of(interview, &self.coded[interview].codings[coding]),
        }
    }

    /// A coding of one's own making as a target.
    pub fn target_of(&self, interview: usize, coding: &Coding) -> Option<Target> {
        Target::of(&Text::of(&self.coded.get(interview)?.transcript), coding)
    }

    /// The place of the interview with this name.
    pub fn interview(&self, name: &str) -> Option<usize> {
        self.coded.iter().position(|c| c.transcript.interview == name)
    }

    /// What the program alone proposes of an interview.
    pub fn proposals(&self, interview: usize) -> &[Coding] {
        self.proposals.get(interview).map_or(&[], Vec::as_slice)
    }

    /// All codings with the place of their interview and their own.
    pub fn codings(&self) -> impl Iterator<Item = (usize, usize, &Coding)> {
        self.coded.iter().enumerate().flat_map(|(t, c)| c.codings.iter().enumerate().map(move |(n, c)| (t, n, c)))
    }
}

fn place(coding: &Coding) -> (usize, Range<usize>, Category) {
    (coding.turn, coding.sentences.clone(), coding.category.clone())
}

/// The files that entries are about.
fn files(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().filter_map(|e| Some(e.what.coding()?.file.as_str())).collect()
}
