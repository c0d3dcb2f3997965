//! Zip archives of transcripts.

use klantreis_study::{Problem, Severity, Study};

use crate::{
    archive::Archive,
    files::is_own,
    format::{ENDINGS, Format},
    parse::parse,
    reading::Reading,
};

/// Reads every transcript in an archive; an error is about the archive as a whole.
pub fn read(bytes: &[u8], file: &str, study: &Study) -> Result<Reading, String> {
    let mut archive = Archive::open(bytes, "zip archive")?;
    let mut out = Reading::default();
    for part in archive.parts() {
        let name = part.name.rsplit('/').next().unwrap_or_default();
        let hidden =
            part.name.split('/').any(|p| p.starts_with('.') && p != ".." || p.starts_with('~') || p == "__MACOSX");
        if !part.is_file || hidden || name.is_empty() || is_own(name) {
            continue;
        }
        let path = format!("{file}/{}", part.name);
        let mut say = |severity, message: String| {
            out.problems.push(Problem { file: path.clone(), line: None, severity, message });
        };
        if !part.is_safe {
            say(
                Severity::Error,
                "was left out: its path leaves the archive, as in an attack; unpack it by hand if you trust it"
                    .to_owned(),
            );
        } else if part.is_encrypted {
            say(Severity::Error, "has a password; make the archive without one".to_owned());
        } else {
            match Format::of(name) {
                None => say(Severity::Note, format!("left out: its ending is none of {ENDINGS}")),
                Some(Format::Zip | Format::Qdpx) => {
                    say(Severity::Error, "is an archive in an archive; unpack it and put it here itself".to_owned());
                }
                Some(_) => match archive.read(&part.stored) {
                    Ok(bytes) => {
                        let reading = parse(&bytes, &path, study);
                        out.interviews.extend(reading.interviews);
                        out.problems.extend(reading.problems);
                    }
                    Err(message) => say(Severity::Error, message),
                },
            }
        }
    }
    if out.interviews.is_empty() && out.problems.is_empty() {
        return Err("this zip archive holds no file that could be a transcript; check what was packed".to_owned());
    }
    Ok(out)
}
