//! Which files are transcripts, and reading one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use klantreis_study::{Problem, Severity, Study, Transcript};
use walkdir::WalkDir;

use crate::{assemble::assemble, decode::decode, docx, plain, subtitles};

/// A file larger than this is no interview.
const LARGEST: u64 = 100 << 20;

/// The transcripts of a study and what was not taken for one.
#[derive(Debug, Default)]
pub struct Files {
    /// Sorted by path.
    pub transcripts: Vec<PathBuf>,
    /// Files with an unknown ending, and folders that can't be read.
    pub problems: Vec<Problem>,
}

const OWN: [&str; 4] = ["klantreis.toml", "codebook.toml", "participants.csv", "metrics.csv"];

/// Beginnings of names that are no transcripts: `README.txt`, `decisions.db-wal`, `pseudonyms.csv`.
const OWN_BEGINNINGS: [&str; 3] = ["readme", "decisions.db", "pseudonyms"];

/// Lists the transcripts below the study's folder of interviews. Hidden files, outputs and symbolic links are left out.
pub fn transcript_files(study: &Study) -> Files {
    let root = study.transcripts_dir();
    let mut out = Files::default();
    let own = |name: &str| {
        let name = name.to_lowercase();
        OWN.contains(&name.as_str())
            || OWN_BEGINNINGS.iter().any(|b| name.starts_with(b))
            || (name.starts_with("gold") && name.ends_with(".csv"))
    };
    let walk = WalkDir::new(&root).sort_by_file_name().into_iter().filter_entry(|e| {
        let name = e.file_name().to_string_lossy();
        e.depth() == 0 || !(name.starts_with(['.', '~']) || name == "klantreis-out")
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.into_path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if own(&name) {
                    continue;
                }
                if format(&name).is_some() {
                    out.transcripts.push(path);
                } else {
                    let message =
                        "left out: its ending is none of .txt, .md, .vtt, .srt and .docx; save it as one of these"
                            .to_owned();
                    let file = relative(study, &path);
                    out.problems.push(Problem { file, line: None, severity: Severity::Note, message });
                }
            }
            Ok(_) => {}
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
fn relative(study: &Study, path: &Path) -> String {
    let path = path.strip_prefix(study.transcripts_dir()).unwrap_or(path);
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A name without the ending of a known format, in lower case; other dots ("gesprek 3.1") are part of the name.
pub(crate) fn bare(name: &str) -> String {
    let name = name.trim().replace('\\', "/").to_lowercase();
    match name.rsplit_once('.') {
        Some((stem, _)) if format(&name).is_some() => stem.to_owned(),
        _ => name,
    }
}

enum Format {
    Plain,
    Subtitles,
    Docx,
}

fn format(name: &str) -> Option<Format> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending.to_lowercase().as_str() {
        "txt" | "md" => Some(Format::Plain),
        "vtt" | "srt" => Some(Format::Subtitles),
        "docx" => Some(Format::Docx),
        _ => None,
    }
}

/// Reads one transcript. The problem names the file, the cause and the way out.
pub fn read_file(study: &Study, path: &Path) -> Result<Transcript, Problem> {
    let file = relative(study, path);
    let problem = |message| Problem { file: file.clone(), line: None, severity: Severity::Error, message };
    let size = fs::metadata(path).map_err(|e| problem(format!("can't be read: {e}")))?.len();
    if size > LARGEST {
        return Err(problem("is larger than 100 MB; split it into one file an interview".to_owned()));
    }
    let bytes = fs::read(path).map_err(|e| problem(format!("can't be read: {e}")))?;
    parse(&bytes, &file, study)
}

/// Reads a transcript from its bytes; `file` is its path below the transcripts' folder and tells the format.
pub fn parse(bytes: &[u8], file: &str, study: &Study) -> Result<Transcript, Problem> {
    let problem = |message: String| Problem { file: file.to_owned(), line: None, severity: Severity::Error, message };
    let text = || decode(bytes).map_err(|e| problem(format!("{e}; check that this is the transcript")));
    let speech = match format(file) {
        Some(Format::Plain) => plain::read(&text()?),
        Some(Format::Subtitles) => subtitles::read(&text()?),
        Some(Format::Docx) if bytes.is_empty() => {
            return Err(problem("the file is empty; check that this is the transcript".to_owned()));
        }
        Some(Format::Docx) => docx::read(bytes).map_err(problem)?,
        None => return Err(problem("its ending is none of .txt, .md, .vtt, .srt and .docx".to_owned())),
    };
    assemble(speech, file, study).map_err(problem)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[IR]: [a-z<>&:\\-0-9.\n]{0,200}") {
            let study = Study::parse("").unwrap();
            for ending in ["txt", "vtt", "srt", "docx", "md"] {
                let _ = parse(&bytes, &format!("a.{ending}"), &study);
                let _ = parse(text.as_bytes(), &format!("a.{ending}"), &study);
            }
        }

        #[test]
        fn what_is_said_stands_in_the_source(lines in prop::collection::vec("[a-zé ,.?]{1,40}", 1..8)) {
            let study = Study::parse("").unwrap();
            let source: String = lines.iter().map(|l| format!("R: {l}\nI: En?\n")).collect();
            if let Ok(transcript) = parse(source.as_bytes(), "a.txt", &study) {
                let folded = source.split_whitespace().collect::<Vec<_>>().join(" ");
                for turn in &transcript.turns {
                    prop_assert!(folded.contains(&turn.text));
                }
            }
        }
    }
}
