use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Target;

/// What second coders coded of each transcript without seeing each other's codings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blind {
    files: BTreeMap<String, BTreeMap<String, Coder>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Coder {
    codings: BTreeMap<String, Target>,
    finished: bool,
}

impl Blind {
    pub(crate) fn code(&mut self, coding: &Target, who: &str, on: bool) {
        let mine = self.coder(&coding.file, who);
        if on {
            mine.codings.insert(coding.key(), coding.clone());
        } else {
            mine.codings.remove(&coding.key());
        }
    }

    pub(crate) fn finish(&mut self, file: &str, who: &str, on: bool) {
        self.coder(file, who).finished = on;
    }

    fn coder(&mut self, file: &str, who: &str) -> &mut Coder {
        self.files.entry(file.to_owned()).or_default().entry(who.to_owned()).or_default()
    }

    /// What `who` coded of a transcript: always theirs to see.
    pub fn own(&self, file: &str, who: &str) -> Vec<&Target> {
        self.files.get(file).and_then(|coders| coders.get(who)).map_or_else(Vec::new, |c| c.codings.values().collect())
    }

    /// Whether `who` has finished a transcript.
    pub fn has_finished(&self, file: &str, who: &str) -> bool {
        self.files.get(file).and_then(|coders| coders.get(who)).is_some_and(|c| c.finished)
    }

    /// Everybody's codings of a transcript, once two or more have begun it and all of them have finished it.
    pub fn revealed(&self, file: &str) -> Option<BTreeMap<&str, Vec<&Target>>> {
        let coders = self.files.get(file)?;
        let ready = coders.len() >= 2 && coders.values().all(|c| c.finished);
        ready.then(|| coders.iter().map(|(who, c)| (who.as_str(), c.codings.values().collect())).collect())
    }

    /// The transcripts that someone coded so.
    pub fn files(&self) -> BTreeSet<&str> {
        self.files.keys().map(String::as_str).collect()
    }
}
