use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Category, Engine, PhaseId, Pseudonymise, TouchpointId};

/// Why a study can't be read.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The folder is not there or is no folder.
    #[error("{0}: there is no such folder; give the folder that holds your interviews")]
    NoFolder(PathBuf),
    /// A file of the study can't be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// `klantreis.toml` is not as it should be.
    #[error("{path}: {message}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// Line, what was found and what was expected.
        message: String,
    },
}

/// The language of the study's labels and outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// Dutch.
    #[default]
    #[serde(rename = "nl")]
    Dutch,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// Through what a contact goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Channel {
    /// In person, at a place.
    #[default]
    #[serde(rename = "fysiek", alias = "physical")]
    Physical,
    /// Website, e-mail, app, computer.
    #[serde(rename = "digitaal", alias = "digital")]
    Digital,
    /// By telephone.
    #[serde(rename = "telefoon", alias = "phone")]
    Phone,
    /// Letters, folders, posters.
    #[serde(rename = "papier", alias = "paper")]
    Paper,
    /// Through family, neighbours, other organisations.
    #[serde(rename = "via anderen", alias = "via-anderen", alias = "others")]
    Others,
}

/// A phase of the journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its id in all files.
    pub id: PhaseId,
    /// Its name on screen and paper.
    #[serde(default)]
    pub label: String,
    /// What it spans, in a sentence: also what the phase recogniser goes by.
    #[serde(default)]
    pub description: String,
    /// Words and cues that point to it, in the cue language.
    #[serde(default)]
    pub cues: Vec<String>,
    /// The emotion wished for, -2…2.
    #[serde(default)]
    pub desired: Option<f64>,
}

/// A place or means of contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// Its id in all files.
    pub id: TouchpointId,
    /// Its name on screen and paper.
    #[serde(default)]
    pub label: String,
    /// Through what the contact goes.
    #[serde(default)]
    pub channel: Channel,
    /// Words and cues that point to it, in the cue language.
    #[serde(default)]
    pub cues: Vec<String>,
}

/// A persona of the study, tied to a segment of the participants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// The persona's name.
    pub name: String,
    /// Who they are, in some sentences.
    #[serde(default)]
    pub description: String,
    /// The value of the attribute `segment` that their interviews carry.
    #[serde(default)]
    pub segment: Option<String>,
}

/// Why, how and what: the brand behind the service.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Why the service exists.
    #[serde(default)]
    pub why: String,
    /// How it does that.
    #[serde(default)]
    pub how: String,
    /// What it does.
    #[serde(default)]
    pub what: String,
}

/// Something the team believes, to be held against the quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The belief, in a sentence.
    pub statement: String,
    /// The query that finds quotes which speak for it.
    pub query: String,
    /// The query that finds quotes which speak against it. If left out, `query` with pains and gains, or negative and
    /// positive emotions, changed for each other.
    #[serde(default)]
    pub against: Option<String>,
}

/// Who is who in the transcripts.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speakers {
    /// Names and labels of interviewers.
    #[serde(default)]
    pub interviewer: Vec<String>,
    /// Names and labels of respondents.
    #[serde(default)]
    pub respondent: Vec<String>,
}

/// A study: what a researcher wrote in `klantreis.toml`, or the built-in defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The folder.
    #[serde(skip)]
    pub root: PathBuf,
    /// The study's title.
    #[serde(default)]
    pub title: String,
    /// The language of labels and outputs.
    #[serde(default)]
    pub language: Language,
    /// What the team wants to know or reach.
    #[serde(default)]
    pub goal: String,
    /// Why, how, what.
    #[serde(default)]
    pub brand: Brand,
    /// The personas.
    #[serde(default, rename = "persona")]
    pub personas: Vec<Persona>,
    /// The phases, in the order of the journey.
    #[serde(default, rename = "phase")]
    pub phases: Vec<Phase>,
    /// The touchpoints, in the order of the tables.
    #[serde(default, rename = "touchpoint")]
    pub touchpoints: Vec<Touchpoint>,
    /// What the team believes beforehand.
    #[serde(default, rename = "assumption")]
    pub assumptions: Vec<Assumption>,
    /// Who is who in the transcripts.
    #[serde(default)]
    pub speakers: Speakers,
    /// Saved queries by name.
    #[serde(default)]
    pub queries: BTreeMap<String, String>,
    /// Columns of tabular transcripts: from `speaker`, `text`, `time`, `end`, `interview` to the name of the column.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// A pattern for attributes in the first parts of the transcripts' paths, such as `{location}/{segment}`; `*` is anything.
    #[serde(default)]
    pub path_attributes: Option<String>,
    /// Whether and how names and numbers are replaced on reading, before anything is indexed.
    #[serde(default)]
    pub pseudonymise: Pseudonymise,
    /// A language model of the researcher's own.
    #[serde(default)]
    pub engine: Option<Engine>,
}

const DEFAULTS: &str = include_str!("default.toml");
const DEFAULTS_IN_ENGLISH: &str = include_str!("default-en.toml");

impl Study {
    /// Reads `klantreis.toml` of the folder `root`. Without one, the built-in phases (vooraf, tijdens, achteraf:
    /// pre-, direct and post-exposure, Goossens & Mazursky) are used and the folder's name is the title.
    pub fn load(root: &Path) -> Result<Self, StudyError> {
        if !root.is_dir() {
            return Err(StudyError::NoFolder(root.to_owned()));
        }
        let path = root.join("klantreis.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(StudyError::Io { path, source }),
        };
        let mut study = Self::parse(&text).map_err(|message| StudyError::Toml { path, message })?;
        if study.title.is_empty() {
            let folder = root.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
            study.title = folder.unwrap_or_default();
        }
        root.clone_into(&mut study.root);
        Ok(study)
    }

    /// Reads the text of a `klantreis.toml`; what it leaves out is filled in from the built-in study.
    ///
    /// The error says the line, what was found and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut study: Self = toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| e.to_string())?;
        if study.phases.is_empty() {
            let defaults = match study.language {
                Language::Dutch => DEFAULTS,
                Language::English => DEFAULTS_IN_ENGLISH,
            };
            let defaults: Self = toml::from_str(defaults).map_err(|e| e.to_string())?;
            study.phases = defaults.phases;
        }
        for phase in &mut study.phases {
            if phase.label.is_empty() {
                phase.label = title_case(phase.id.as_str());
            }
        }
        for touchpoint in &mut study.touchpoints {
            if touchpoint.label.is_empty() {
                touchpoint.label = title_case(touchpoint.id.as_str());
            }
        }
        duplicate("phase", study.phases.iter().map(|p| p.id.as_str()))?;
        duplicate("touchpoint", study.touchpoints.iter().map(|t| t.id.as_str()))?;
        study.engine.as_ref().map_or(Ok(()), Engine::check)?;
        Ok(study)
    }

    /// The folder of the transcripts: `interviews/` where there is one, else the study's own folder.
    pub fn transcripts_dir(&self) -> PathBuf {
        let dir = self.root.join("interviews");
        if dir.is_dir() { dir } else { self.root.clone() }
    }

    /// Where derived data lives: index and cache, which may be thrown away.
    pub fn cache_dir(&self) -> PathBuf {
        self.root.join(".klantreis")
    }

    /// Where `run` writes its outputs.
    pub fn out_dir(&self) -> PathBuf {
        self.root.join("klantreis-out")
    }

    /// The phase with this id.
    pub fn phase(&self, id: &PhaseId) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.id == *id)
    }

    /// The touchpoint with this id.
    pub fn touchpoint(&self, id: &TouchpointId) -> Option<&Touchpoint> {
        self.touchpoints.iter().find(|touchpoint| touchpoint.id == *id)
    }

    /// The categories, built-in ones first, in the order of the tables.
    pub fn categories(&self) -> Vec<Category> {
        vec![Category::activity(), Category::need(), Category::gain(), Category::pain()]
    }
}

fn title_case(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn duplicate<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(format!("the {what} \"{id}\" is there twice: give each its own id"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_study_has_the_three_built_in_phases() {
        let study = Study::parse("").unwrap();
        let ids: Vec<_> = study.phases.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["vooraf", "tijdens", "achteraf"]);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let message = Study::parse("title = \"x\"\ntitel = \"y\"\n").unwrap_err();
        assert!(message.contains("line 2") && message.contains("titel"), "{message}");
    }

    #[test]
    fn a_phase_that_is_there_twice_is_refused() {
        let message = Study::parse("[[phase]]\nid = \"a\"\n[[phase]]\nid = \"a\"\n").unwrap_err();
        assert!(message.contains("\"a\" is there twice"), "{message}");
    }

    #[test]
    fn the_built_in_phases_are_named_in_the_language_of_the_study_and_have_the_same_ids() {
        let (dutch, english) = (Study::parse("").unwrap(), Study::parse("language = \"en\"").unwrap());
        let ids = |study: &Study| study.phases.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&dutch), ids(&english));
        assert_eq!((&*dutch.phases[0].label, &*english.phases[0].label), ("Vooraf", "Before"));
        let cues = |study: &Study| study.phases[1].cues.clone();
        assert!(cues(&dutch).iter().all(|cue| cues(&english).contains(cue)), "interviews are Dutch in both");
    }

    #[test]
    fn values_that_an_engine_cannot_have_are_named() {
        let parse = |more: &str| Study::parse(&format!("[engine]\nkind = \"llm\"\n{more}\n"));
        parse("model = \"m\"").unwrap();
        for (more, field) in [
            ("model = \" \"", "model"),
            ("model = \"m\"\nwindow = 0", "window"),
            ("model = \"m\"\ntemperature = -1.0", "temperature"),
            ("model = \"m\"\nprice_per_mtoken = -0.5", "price_per_mtoken"),
            ("model = \"m\"\nmax_parallel = 0", "max_parallel"),
            ("model = \"m\"\ntimeout = 0", "timeout"),
            ("model = \"m\"\nendpoint = \"127.0.0.1:11434\"", "endpoint"),
        ] {
            let message = parse(more).unwrap_err();
            assert!(message.starts_with(&format!("`{field} = ")) && message.contains(": give "), "{message}");
        }
    }

    #[test]
    fn a_key_in_the_place_of_its_name_is_refused_and_not_repeated() {
        let text = "[engine]\nkind = \"llm\"\nmodel = \"m\"\nkey_env = \"sk-abc-123\"\n";
        let message = Study::parse(text).unwrap_err();
        assert!(message.contains("`key_env`") && !message.contains("sk-abc"), "{message}");
        Study::parse(&text.replace("sk-abc-123", "MY_KEY_2")).unwrap();
    }

    #[test]
    fn labels_follow_from_ids() {
        let study = Study::parse("[[phase]]\nid = \"zelf-verder\"\n").unwrap();
        assert_eq!(study.phases[0].label, "Zelf verder");
    }
}
