//! Which engine proposes in a study, as its last `run` chose; every other command goes by it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;
use klantreis_report::write_whole;
use klantreis_study::Study;
use serde::{Deserialize, Serialize};

/// Which engine proposes codings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The program's own, instant and offline
    #[default]
    BuiltIn,
    /// The language model under `[engine]` in klantreis.toml
    Llm,
    /// Both: what they agree on is surer
    Both,
}

/// The choice of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub engine: Which,
    /// The files of the interviews that the language model was asked about; no list where it was asked about all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<BTreeSet<String>>,
}

impl Chosen {
    /// The choice of the last `run`.
    pub fn of(study: &Study) -> Self {
        let Ok(bytes) = fs::read(file(study)) else { return Self::default() };
        // Before samples were remembered there was only the engine's name.
        let name = || serde_json::from_slice(&bytes).map(|engine| Self { engine, asked: None });
        serde_json::from_slice(&bytes).or_else(|_| name()).unwrap_or_default()
    }

    /// Keeps it, and the interviews of earlier samples with it.
    pub fn keep(mut self, study: &Study) -> anyhow::Result<()> {
        let before = Self::of(study);
        self.asked = match (before, self.asked) {
            (Self { engine: Which::BuiltIn, .. }, asked) => asked,
            (Self { asked: Some(before), .. }, Some(now)) => Some(before.into_iter().chain(now).collect()),
            _ => None,
        };
        Ok(write_whole(&file(study), &serde_json::to_vec(&self)?)?)
    }

    /// Goes back to the built-in engine.
    pub fn forget(study: &Study) -> anyhow::Result<()> {
        remove(&file(study))
    }

    /// Whether the language model was asked about a file.
    pub fn is_asked(&self, file: &str) -> bool {
        self.engine != Which::BuiltIn && self.asked.as_ref().is_none_or(|asked| asked.contains(file))
    }
}

/// The language model whose proposals a study has, and whether the built-in engine's count beside them.
pub fn other(study: &Study) -> Option<(&str, bool)> {
    match Chosen::of(study).engine {
        Which::BuiltIn => None,
        which => Some((study.engine.as_ref()?.model.as_str(), which == Which::Both)),
    }
}

/// Takes a file away, if it is there.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| path.display().to_string())
        }
        _ => Ok(()),
    }
}

fn file(study: &Study) -> PathBuf {
    study.cache_dir().join("engine.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_add_up_until_the_built_in_engine_is_chosen_again() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".klantreis")).unwrap();
        let study = Study { root: dir.path().to_owned(), ..Study::parse("").unwrap() };
        let keep = |engine, files: Option<&[&str]>| {
            let asked = files.map(|files| files.iter().map(|f| (*f).to_owned()).collect());
            Chosen { engine, asked }.keep(&study).unwrap();
            Chosen::of(&study)
        };
        assert!(!Chosen::of(&study).is_asked("a.txt"));
        keep(Which::Llm, Some(&["a.txt"]));
        let two = keep(Which::Both, Some(&["b.txt"]));
        assert!(two.is_asked("a.txt") && two.is_asked("b.txt") && !two.is_asked("c.txt"));
        assert!(keep(Which::Llm, None).is_asked("c.txt"));
        assert!(keep(Which::Llm, Some(&["a.txt"])).is_asked("c.txt"), "it was asked about all before");
        Chosen::forget(&study).unwrap();
        assert!(!keep(Which::Llm, Some(&["a.txt"])).is_asked("c.txt"));
        fs::write(file(&study), "\"both\"").unwrap();
        assert_eq!(Chosen::of(&study), Chosen { engine: Which::Both, asked: None });
    }
}
