//! Showing something in the user's browser.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use klantreis_study::{Language, Study};

/// Hands a link or a file to the program that the system opens such things with.
pub fn open(link: &str) -> io::Result<()> {
    let mut command = Command::new(OPENER[0]);
    command.args(&OPENER[1..]).arg(link);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(|_| ())
}

const OPENER: &[&str] = if cfg!(target_os = "macos") {
    &["open"]
} else if cfg!(windows) {
    &["rundll32", "url.dll,FileProtocolHandler"]
} else {
    &["xdg-open"]
};

/// Opens quotes in the page that `run` wrote.
pub fn open_quotes(study: &Study, ids: &[&str]) -> anyhow::Result<()> {
    let page = study.out_dir().join("klantreis.html");
    if !page.is_file() {
        bail!("{}: there is no page to show quotes in; make it with `klantreis run`", page.display());
    }
    let ids: Vec<String> = ids.iter().map(|id| encoded(id)).collect();
    let link = format!("{}#quotes={}", file_link(&page)?, ids.join(","));
    match open(&signpost(study, &link)?.to_string_lossy()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{} is not on this computer, so no browser can be opened; open this link in one:\n{link}", OPENER[0])
        }
        Err(error) => bail!("{} can't open the browser ({error}); open this link in it:\n{link}", OPENER[0]),
    }
}

/// A file that leads on to the link, which holds nothing that HTML would read otherwise: many openers drop what stands
/// behind the `#` of a file.
fn signpost(study: &Study, link: &str) -> anyhow::Result<PathBuf> {
    let path = study.cache_dir().join("open.html");
    let (tag, words) = match study.language {
        Language::Dutch => ("nl", "Naar de uitspraken"),
        Language::English => ("en", "To the quotes"),
    };
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"0; url={link}\">\n\
         <title>{words}</title>\n<p><a href=\"{link}\">{words}</a></p>\n</html>\n"
    );
    fs::create_dir_all(study.cache_dir())
        .and_then(|()| fs::write(&path, html))
        .with_context(|| path.display().to_string())?;
    Ok(std::path::absolute(path)?)
}

/// A `file://` link (RFC 8089).
fn file_link(path: &Path) -> anyhow::Result<String> {
    let path = std::path::absolute(path)?.to_string_lossy().replace('\\', "/");
    let parts: Vec<String> = path.split('/').map(encoded).collect();
    Ok(format!("file://{}{}", if path.starts_with('/') { "" } else { "/" }, parts.join("/")))
}

/// Percent-encoded but for what is unreserved (RFC 3986, section 2.3), and the colon of drives and quotes.
fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_hold_no_spaces_or_marks() {
        assert_eq!(file_link(Path::new("/a b/é#1/x.html")).unwrap(), "file:///a%20b/%C3%A9%231/x.html");
    }
}
