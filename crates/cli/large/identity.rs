//! Whether a file is still the one that was read.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::Context;
use klantreis_coding::{BUILT_IN_MODEL, drawn, teachers};
use klantreis_ingest::{Files, relative};
use klantreis_review::State;
use klantreis_study::Study;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Corpus;
use crate::pipeline;

/// What a file was when it was last looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970 of its last change.
    modified: u128,
    /// Of its content.
    pub hash: String,
}

/// Identities by path below the folder of interviews.
#[derive(Default, Serialize, Deserialize)]
pub struct Identities(HashMap<String, Identity>);

impl Identities {
    /// Looks at all files. The content of those whose size and time of change are as before is not read again.
    pub fn of(study: &Study, files: &[PathBuf]) -> Self {
        let known = fs::read(kept(study)).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let known = known.unwrap_or_default().0;
        let look = |path: &PathBuf| {
            let name = relative(study, path);
            let meta = fs::metadata(path).ok();
            let size = meta.as_ref().map_or(0, fs::Metadata::len);
            let since = meta.and_then(|m| m.modified().ok()).and_then(|t| t.duration_since(UNIX_EPOCH).ok());
            let modified = since.map_or(0, |t| t.as_nanos());
            let identity = match known.get(&name) {
                Some(old) if (old.size, old.modified) == (size, modified) => old.clone(),
                // A file that can't be read is the same as long as it can't be.
                _ => Identity { size, modified, hash: fs::read(path).map(|bytes| hash([&bytes])).unwrap_or_default() },
            };
            (name, identity)
        };
        Self(files.par_iter().map(look).collect())
    }

    /// A file's identity.
    pub fn get(&self, name: &str) -> Option<&Identity> {
        self.0.get(name)
    }

    /// Keeps them for the next run.
    pub fn save(&self, study: &Study) -> anyhow::Result<()> {
        let path = kept(study);
        fs::write(&path, serde_json::to_vec(self)?).with_context(|| path.display().to_string())
    }
}

fn kept(study: &Study) -> PathBuf {
    study.cache_dir().join("parts/files.json")
}

/// A hash of some pieces, as hexadecimal digits.
pub fn hash<T: AsRef<[u8]>>(pieces: impl IntoIterator<Item = T>) -> String {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update((piece.as_ref().len() as u64).to_le_bytes());
        hasher.update(piece.as_ref());
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// All that the coding of any interview depends on: version, model, study, codebook, participants, options, the
/// interviews that show how people talk, and what people decided of codes.
pub fn fingerprint(corpus: &Corpus<'_>, identities: &Identities, decisions: &State) -> String {
    let root = &corpus.study.root;
    let read = |path: &Path| fs::read(path).unwrap_or_default();
    let mut names: Vec<&String> = identities.0.keys().collect();
    names.sort_unstable();
    let teaching = teachers(names.iter().map(|name| name.as_str()));
    let teaching: String = teaching.into_iter().map(|n| identities.0[names[n]].hash.as_str()).collect();
    hash([
        env!("CARGO_PKG_VERSION").as_bytes(),
        &read(&pipeline::own_model(root)),
        BUILT_IN_MODEL,
        &read(&root.join("klantreis.toml")),
        &read(&root.join("codebook.toml")),
        &read(&root.join("participants.csv")),
        corpus.options.as_bytes(),
        format!("{:?}", corpus.tables).as_bytes(),
        teaching.as_bytes(),
        format!("{:?} {:?}", decisions.names, decisions.merged).as_bytes(),
    ])
}

/// All that the outputs of the sample depend on.
pub fn of_sample(
    study: &Study,
    files: &Files,
    identities: &Identities,
    decisions: &State,
    fingerprint: &str,
) -> String {
    let names: Vec<String> = files.transcripts.iter().map(|path| relative(study, path)).collect();
    let sample = drawn(names.iter().map(String::as_str), super::SAMPLE);
    let content = sample.into_iter().filter_map(|n| Some(format!("{} {}", names[n], identities.get(&names[n])?.hash)));
    let beside = ["impact.toml", "metrics.csv"].map(|file| hash(fs::read(study.root.join(file)).ok()));
    let about = [fingerprint.to_owned(), names.len().to_string(), format!("{decisions:?}")];
    hash(about.into_iter().chain(beside).chain(content))
}
