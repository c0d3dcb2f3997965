//! Which files are transcripts, and reading one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use klantreis_study::{Problem, Severity, Study};
use walkdir::WalkDir;

use crate::{
    format::{ENDINGS, Format},
    limits,
    parse::parse,
    reading::Reading,
};

/// The transcripts of a study and what was not taken for one.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Sorted by path.
    pub transcripts: Vec<PathBuf>,
    /// Files with an unknown ending, and folders that can't be read.
    pub problems: Vec<Problem>,
    /// Whether these are all that the study has.
    pub whole: bool,
}

const OWN: [&str; 4] = ["klantreis.toml", "codebook.toml", "participants.csv", "metrics.csv"];

/// Beginnings of names that are no transcripts: `README.txt`, `decisions.db-wal`, `pseudonyms.csv`.
const OWN_BEGINNINGS: [&str; 3] = ["readme", "decisions.db", "pseudonyms"];

/// Whether a file is one of the study's own that is no transcript.
pub(crate) fn is_own(name: &str) -> bool {
    let name = name.to_lowercase();
    OWN.contains(&name.as_str())
        || OWN_BEGINNINGS.iter().any(|b| name.starts_with(b))
        || (name.starts_with("gold") && name.ends_with(".csv"))
}

/// Lists the transcripts below the study's folder of interviews. Hidden files and outputs are left out;
/// links and what is no plain file too, with a note.
pub fn transcript_files(study: &Study) -> Files {
    let root = study.transcripts_dir();
    let mut out = Files { whole: true, ..Files::default() };
    let walk = WalkDir::new(&root).sort_by_file_name().into_iter().filter_entry(|e| {
        let name = e.file_name().to_string_lossy();
        e.depth() == 0 || !(name.starts_with(['.', '~']) || name == "klantreis-out")
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.into_path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if is_own(&name) {
                    continue;
                }
                if Format::of(&name).is_some() {
                    out.transcripts.push(path);
                } else {
                    let message = format!("left out: its ending is none of {ENDINGS}; save it as one of these");
                    let file = relative(study, &path);
                    out.problems.push(Problem { file, line: None, severity: Severity::Note, message });
                }
            }
            Ok(entry) if entry.file_type().is_dir() || is_own(&entry.file_name().to_string_lossy()) => {}
            Ok(entry) => {
                let message = if entry.path_is_symlink() {
                    "left out: it is a link to another place; put the file itself here"
                } else {
                    "left out: it is no plain file but a pipe, a socket or a device"
                };
                let (file, message) = (relative(study, entry.path()), message.to_owned());
                out.problems.push(Problem { file, line: None, severity: Severity::Note, message });
            }
            Err(e) => {
                let file = e.path().map(|p| relative(study, p)).unwrap_or_default();
                let message = format!("can't be read: {e}");
                out.problems.push(Problem { file, line: None, severity: Severity::Error, message });
            }
        }
    }
    out
}

/// The path below the transcripts' folder, with `/` between its parts.
pub fn relative(study: &Study, path: &Path) -> String {
    let path = path.strip_prefix(study.transcripts_dir()).unwrap_or(path);
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A name in lower case, with `/` between folders.
pub(crate) fn plain(name: &str) -> String {
    name.trim().replace('\\', "/").to_lowercase()
}

/// A [plain] name without the ending of a known format; other dots ("gesprek 3.1") are part of the name.
pub(crate) fn bare(name: &str) -> String {
    let name = plain(name);
    match name.rsplit_once('.') {
        Some((stem, _)) if Format::of(&name).is_some() => stem.to_owned(),
        _ => name,
    }
}

/// Reads what a file holds. A problem names the file, the cause and the way out.
pub fn read_file(study: &Study, path: &Path) -> Reading {
    let file = relative(study, path);
    match bytes(path) {
        Ok(bytes) => parse(&bytes, &file, study),
        Err(message) => Reading::failed(Problem { file, line: None, severity: Severity::Error, message }),
    }
}

/// The bytes of a file that is not too large and stays as it is while it is read.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let too_large = || "is larger than 100 MB; split it into one file an interview".to_owned();
    let state = |path: &Path| fs::metadata(path).map(|m| (m.len(), m.modified().ok())).map_err(unread);
    let before = state(path)?;
    if before.0 > limits::FILE {
        return Err(too_large());
    }
    let file = fs::File::open(path).map_err(unread)?;
    let bytes = limits::read_at_most(file, limits::FILE).map_err(unread)?.ok_or_else(too_large)?;
    if bytes.len() as u64 != before.0 || state(path)? != before {
        return Err("was changed while it was read; save it, close it and run again".to_owned());
    }
    Ok(bytes)
}

/// Why a file can't be read, and what to do.
fn unread(e: io::Error) -> String {
    match e.kind() {
        io::ErrorKind::PermissionDenied => {
            "can't be read: you have no permission; ask its owner, or copy it".to_owned()
        }
        io::ErrorKind::NotFound => "can't be read: it is not there any more; run again".to_owned(),
        io::ErrorKind::IsADirectory => "can't be read: it is a folder, not a file".to_owned(),
        _ => format!("can't be read: {e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_file_can_t_be_read_is_said_with_the_way_out() {
        assert!(unread(io::ErrorKind::PermissionDenied.into()).contains("ask its owner"));
        assert!(unread(io::ErrorKind::IsADirectory.into()).contains("is a folder"));
        assert!(unread(io::ErrorKind::TimedOut.into()).contains("can't be read"));
    }
}
