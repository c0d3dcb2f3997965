//! A corpus cut into parts that stay the same where their files do.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::hash_of_name;
use klantreis_ingest::relative;
use klantreis_report::QuoteTable;
use klantreis_review::State;
use klantreis_study::{Problem, Study};
use serde::{Deserialize, Serialize};

use super::{
    identity::{Identities, hash},
    names_of_several,
    totals::Totals,
};

/// Some files in a row, coded together.
pub struct Part {
    /// The files, with the name of the interview's file where its ending is part of the interview's name.
    pub files: Vec<(PathBuf, bool)>,
    /// Hash of all that its coding depends on.
    pub key: String,
    /// Bytes of its files.
    pub bytes: u64,
    /// Its place in the order of the corpus; also the first number of its passages in the index.
    pub number: u64,
}

/// Files of a part at least, on average beyond that, and at most.
const FILES: [usize; 3] = [16, 64, 256];

/// Room for numbers between two parts of a new corpus: others can come between them some ten times over.
const ROOM: u64 = 1 << 44;

/// Numbers that the passages of a part may take.
pub const NUMBERS: u64 = 1 << 32;

/// Numbers that the passages of a file may take.
pub const OF_FILE: u64 = NUMBERS / FILES[2] as u64;

/// Cuts files, in order, into parts. A part ends behind a file whose name hashes so, not after a count: a new file
/// changes the part that it falls into and no other (content-defined chunking, Muthitacharoen et al. 2001).
pub fn parts(
    study: &Study,
    files: &[PathBuf],
    identities: &Identities,
    decisions: &State,
    fingerprint: &str,
) -> Vec<Part> {
    let several = names_of_several(study, files);
    let mut decided: HashMap<&str, String> = HashMap::new();
    for (key, decision) in &decisions.decided {
        decided.entry(&decision.coding.file).or_default().push_str(&format!("{key} {decision:?}\n"));
    }
    let mut out = Vec::new();
    let (mut some, mut pieces, mut bytes) = (Vec::new(), vec![fingerprint.to_owned()], 0);
    for (n, path) in files.iter().enumerate() {
        let name = relative(study, path);
        let apart = several.contains(&relative(study, &path.with_extension("")));
        let identity = identities.get(&name);
        bytes += identity.map_or(0, |identity| identity.size);
        pieces.push(identity.map(|identity| identity.hash.clone()).unwrap_or_default());
        pieces.push(decided.get(name.as_str()).cloned().unwrap_or_default());
        pieces.push(format!("{name} {apart}"));
        some.push((path.clone(), apart));
        let ends = hash_of_name(&name).is_multiple_of(FILES[1] as u64) && some.len() >= FILES[0];
        if ends || some.len() == FILES[2] || n + 1 == files.len() {
            let key = hash(std::mem::replace(&mut pieces, vec![fingerprint.to_owned()]));
            out.push(Part { files: std::mem::take(&mut some), key, bytes, number: 0 });
            bytes = 0;
        }
    }
    out
}

/// What came of a part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// Of the part.
    pub key: String,
    /// Of the part.
    pub number: u64,
    /// How many interviews it has.
    pub interviews: usize,
    /// How many passages.
    pub passages: usize,
    /// The columns of its rows.
    pub columns: QuoteTable,
    /// Its counts.
    pub totals: Totals,
    /// What was skipped or is worth knowing.
    pub problems: Vec<Problem>,
}

impl Done {
    /// The name of the file with its rows.
    pub fn file(&self) -> String {
        format!("{}.csv", self.key)
    }
}

/// The parts that are coded and in the index.
#[derive(Clone, Default)]
pub struct Manifest(BTreeMap<String, Done>);

impl Manifest {
    /// Reads what was kept; nothing where the index is gone, since all must be coded again for it.
    pub fn load(folder: &Path, index: &Path) -> Self {
        let bytes = fs::read(folder.join("parts.json")).unwrap_or_default();
        let done: Vec<Done> = serde_json::from_slice(&bytes).unwrap_or_default();
        let usable = klantreis_index::Index::open(index).is_ok();
        let there = |done: &Done| usable && folder.join(done.file()).is_file();
        Self(done.into_iter().filter(there).map(|done| (done.key.clone(), done)).collect())
    }

    /// Keeps them: whole or not at all.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join("parts.json");
        let part = folder.join("parts.json.part");
        let all: Vec<&Done> = self.0.values().collect();
        fs::write(&part, serde_json::to_vec(&all)?)
            .and_then(|()| fs::rename(&part, &path))
            .with_context(|| path.display().to_string())
    }

    /// Removes the rows of all other parts: of what is gone, of a run that was killed, of an earlier version. What can't be removed
    /// is in nobody's way.
    pub fn sweep(&self, folder: &Path) {
        let kept: BTreeSet<String> = self.0.values().map(Done::file).collect();
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        for file in files.filter(|file| file.path().extension().is_some_and(|ending| ending == "csv")) {
            if !kept.contains(&*file.file_name().to_string_lossy()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What came of a part.
    pub fn get(&self, part: &Part) -> Option<&Done> {
        self.0.get(&part.key)
    }

    /// Adds a part.
    pub fn add(&mut self, done: Done) {
        self.0.insert(done.key.clone(), done);
    }

    /// The columns of all rows so far.
    pub fn columns(&self) -> QuoteTable {
        self.0.values().fold(QuoteTable::default(), |all, done| all.and(done.columns.clone()))
    }

    /// Forgets and returns what is no part any more.
    pub fn retain(&mut self, parts: &[Part]) -> Vec<Done> {
        let keys: BTreeSet<&str> = parts.iter().map(|part| part.key.as_str()).collect();
        let (kept, gone) = std::mem::take(&mut self.0).into_iter().partition(|(key, _)| keys.contains(key.as_str()));
        self.0 = kept;
        let gone: BTreeMap<String, Done> = gone;
        gone.into_values().collect()
    }

    /// Gives each part its number: the one that it has, or one between its neighbours'. Where there is no room, all is
    /// done anew.
    pub fn place(&mut self, parts: &mut [Part]) {
        let known = |part: &Part| self.0.get(&part.key).map(|done| done.number);
        let mut placed: Vec<Option<u64>> = parts.iter().map(known).collect();
        let mut from = 0;
        while from < placed.len() {
            if placed[from].is_some() {
                from += 1;
                continue;
            }
            let to = (from..placed.len()).find(|n| placed[*n].is_some()).unwrap_or(placed.len());
            let before = from.checked_sub(1).and_then(|n| placed[n]).unwrap_or(0);
            let step = match placed.get(to) {
                Some(after) => after.unwrap_or(0).saturating_sub(before) / (to - from + 1) as u64,
                None => ROOM,
            };
            for (n, place) in placed[from..to].iter_mut().enumerate() {
                *place = Some(before + step * (n as u64 + 1));
            }
            from = to;
        }
        let numbers: Vec<u64> = placed.into_iter().flatten().collect();
        let roomy = numbers.windows(2).all(|pair| pair[1] >= pair[0].saturating_add(NUMBERS));
        if !roomy {
            self.0.clear();
        }
        for (n, part) in parts.iter_mut().enumerate() {
            part.number = if roomy { numbers[n] } else { (n as u64 + 1) * ROOM };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(key: &str) -> Part {
        Part { files: vec![], key: key.to_owned(), bytes: 0, number: 0 }
    }

    fn done(part: &Part) -> Done {
        Done {
            key: part.key.clone(),
            number: part.number,
            interviews: 0,
            passages: 0,
            columns: QuoteTable::default(),
            totals: Totals::default(),
            problems: vec![],
        }
    }

    #[test]
    fn a_part_between_two_others_is_numbered_between_them() {
        let mut manifest = Manifest::default();
        let mut first: Vec<Part> = ["a", "c"].into_iter().map(part).collect();
        manifest.place(&mut first);
        first.iter().for_each(|part| manifest.add(done(part)));
        let mut second: Vec<Part> = ["0", "a", "b", "b2", "c", "d"].into_iter().map(part).collect();
        manifest.place(&mut second);
        assert_eq!((second[1].number, second[4].number), (first[0].number, first[1].number));
        assert!(second.windows(2).all(|pair| pair[1].number >= pair[0].number + NUMBERS));
        assert!(!manifest.is_empty());
    }

    #[test]
    fn where_there_is_no_room_all_is_done_anew() {
        let mut manifest = Manifest::default();
        let mut parts: Vec<Part> = ["a", "z"].into_iter().map(part).collect();
        manifest.place(&mut parts);
        parts[1].number = parts[0].number + NUMBERS;
        parts.iter().for_each(|part| manifest.add(done(part)));
        let mut parts: Vec<Part> = ["a", "m", "z"].into_iter().map(part).collect();
        manifest.place(&mut parts);
        assert!(manifest.is_empty());
        assert!(parts.windows(2).all(|pair| pair[1].number >= pair[0].number + NUMBERS));
    }

    #[test]
    fn rows_of_no_part_are_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::default();
        manifest.add(done(&part("kept")));
        for file in ["kept.csv", "old.csv", "parts.json"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        manifest.sweep(folder.path());
        let there = |file: &str| folder.path().join(file).exists();
        assert!(there("kept.csv") && there("parts.json") && !there("old.csv"));
    }

    #[test]
    fn what_is_no_part_any_more_is_given_back() {
        let mut manifest = Manifest::default();
        ["a", "b"].into_iter().for_each(|key| manifest.add(done(&part(key))));
        let gone = manifest.retain(&[part("b"), part("c")]);
        assert_eq!(gone.iter().map(|d| d.key.as_str()).collect::<Vec<_>>(), ["a"]);
        assert!(manifest.get(&part("b")).is_some() && manifest.get(&part("a")).is_none());
    }
}
