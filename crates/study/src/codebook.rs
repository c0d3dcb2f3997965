use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Category, CodeId, Language};

/// Why a codebook can't be read.
#[derive(Debug, thiserror::Error)]
pub enum CodebookError {
    /// The file can't be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is not as it should be.
    #[error("{path}: {message}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// Line, what was found and what was expected.
        message: String,
    },
}

/// A code: what it is called, what it means, and the cues that point to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Its id in all files.
    pub id: CodeId,
    /// The category that it belongs to.
    pub category: Category,
    /// Its Dutch name.
    pub label: String,
    /// Its English name.
    #[serde(default)]
    pub label_en: String,
    /// Whether it says no more than its category does: its cues count, but no quote gets its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub general: bool,
    /// When to use it, and when not.
    #[serde(default)]
    pub definition: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition_en: String,
    /// Cues in the cue language.
    #[serde(default)]
    pub cues: Vec<String>,
}

impl Code {
    /// Its name in a language, or in the one that there is.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::English if !self.label_en.is_empty() => &self.label_en,
            _ if !self.label.is_empty() => &self.label,
            _ => self.id.as_str(),
        }
    }

    /// Its definition in a language, or in the one that there is.
    pub fn meaning(&self, language: Language) -> &str {
        match language {
            Language::English if !self.definition_en.is_empty() => &self.definition_en,
            _ => &self.definition,
        }
    }

    /// The same code with another definition, written by somebody who reads it in `language`. What it says in the other
    /// language does not hold any more.
    pub fn defined(self, language: Language, definition: String) -> Self {
        if definition == self.meaning(language) {
            return self;
        }
        Self { definition, definition_en: String::new(), ..self }
    }
}

/// The codes of a study.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// In the order of the tables.
    #[serde(default, rename = "code")]
    pub codes: Vec<Code>,
}

impl Codebook {
    /// Reads the text of a codebook. The error says the line, what was found and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let book: Self = toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| e.to_string())?;
        for (n, code) in book.codes.iter().enumerate() {
            if book.codes[..n].iter().any(|other| other.id == code.id) {
                return Err(format!("the code \"{}\" is there twice: give each its own id", code.id));
            }
        }
        Ok(book)
    }

    /// The study's `codebook.toml`, or `None` where there is none.
    pub fn load(path: &Path) -> Result<Option<Self>, CodebookError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                Self::parse(&text).map(Some).map_err(|message| CodebookError::Toml { path: path.to_owned(), message })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CodebookError::Io { path: path.to_owned(), source }),
        }
    }

    /// Lays `over` over this codebook: a code with the same id takes the place of the built-in one and keeps its
    /// place in the order; new ones follow.
    pub fn overlay(mut self, over: Self) -> Self {
        for code in over.codes {
            match self.codes.iter_mut().find(|mine| mine.id == code.id) {
                Some(mine) => *mine = code,
                None => self.codes.push(code),
            }
        }
        self
    }

    /// The name of a code in a language; of one that is not here, its id.
    pub fn name<'a>(&'a self, id: &'a CodeId, language: Language) -> &'a str {
        self.code(id).map_or(id.as_str(), |code| code.name(language))
    }

    /// The code with this id.
    pub fn code(&self, id: &CodeId) -> Option<&Code> {
        self.codes.iter().find(|code| code.id == *id)
    }
}
