//! PDF with a text layer: lines by page; running heads and page numbers dropped, words joined that a line end parted.

use std::collections::{HashMap, HashSet};

use crate::{
    guard::{Lost, guarded},
    plain,
    speech::Speech,
};

const RUNNING: &str = "is a running head, a running foot or a page number";

/// Letters on a page below which it is a picture.
const FEW: usize = 20;

/// Takes a document apart, or says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Speech, String> {
    if !bytes.iter().take(1024).copied().collect::<Vec<u8>>().windows(5).any(|w| w == b"%PDF-") {
        return Err(
            "this is no PDF: it does not begin with %PDF; open it in the program that made it and save it again"
                .to_owned(),
        );
    }
    let owned = bytes.to_vec();
    let pages = match guarded(move || pdf_extract::extract_text_from_mem_by_pages(&owned).map_err(|e| e.to_string())) {
        Ok(Ok(pages)) => pages,
        Ok(Err(cause)) if cause.to_lowercase().contains("crypt") || cause.to_lowercase().contains("password") => {
            return Err("this PDF has a password; save it without one".to_owned());
        }
        Ok(Err(cause)) => return Err(unread(&cause)),
        Err(Lost::Panicked) => return Err(unread("its text can't be found")),
        Err(Lost::TooLong) => return Err(unread("reading it took more than a minute")),
    };
    let letters: usize = pages.iter().map(|page| page.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    if letters < FEW * pages.len().max(1) {
        return Err(
            "this PDF is a scan: its pages are pictures without text; run it through text recognition (such as \
                    ocrmypdf) and put the result here"
                .to_owned(),
        );
    }
    Ok(speech(&pages))
}

fn unread(cause: &str) -> String {
    format!("this PDF can't be read ({cause}); open it, copy the text into a .txt or .docx and put that here")
}

fn speech(pages: &[String]) -> Speech {
    let mut pages: Vec<Vec<&str>> =
        pages.iter().map(|page| page.lines().map(str::trim).filter(|line| !line.is_empty()).collect()).collect();
    let dropped = drop_running(&mut pages);
    let lines: Vec<&str> = pages.concat();
    let mut speech = plain::read(&join(&lines));
    for line in dropped {
        speech.pass_over(0, &line, RUNNING);
    }
    speech
}

/// Takes the running heads and feet and the page numbers from the pages; gives each once.
fn drop_running(pages: &mut [Vec<&str>]) -> Vec<String> {
    let shape = |line: &str| -> String {
        line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect::<String>().replace("##", "#")
    };
    let mut counts: HashMap<(bool, String), usize> = HashMap::new();
    for page in &*pages {
        for (foot, line) in [(false, page.first()), (true, page.last())] {
            if let Some(line) = line {
                *counts.entry((foot, shape(line))).or_default() += 1;
            }
        }
    }
    let all = pages.len();
    let recurs = |foot, line: &str| {
        let n = counts.get(&(foot, shape(line))).copied().unwrap_or(0);
        // A turn of one word may stand last on two pages of three; a head stands on nearly all.
        n >= 2 && n * 5 >= all * 3 && !line.contains(['?', '!']) && line.chars().count() < 100
    };
    let mut dropped = Vec::new();
    for page in pages.iter_mut() {
        // Head and number may stand on lines of their own.
        for _ in 0..2 {
            if let Some(line) = page.first().filter(|line| is_page_number(line) || recurs(false, line)) {
                dropped.push((*line).to_owned());
                page.remove(0);
            }
            if let Some(line) = page.last().filter(|line| is_page_number(line) || recurs(true, line)) {
                dropped.push((*line).to_owned());
                page.pop();
            }
        }
    }
    let mut seen = HashSet::new();
    dropped.retain(|line| seen.insert(shape(line)));
    dropped
}

/// "3", "- 3 -", "Pagina 3 van 10", "3/10".
fn is_page_number(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).peekable();
    let digits = words.peek().is_some() && line.bytes().any(|b| b.is_ascii_digit());
    let of = |w: &str| matches!(w.to_lowercase().as_str(), "pagina" | "page" | "van" | "of" | "blad" | "p" | "pag");
    digits
        && line.len() <= 24
        && !line.contains(':')
        && words.all(|w| of(w) || (w.len() <= 4 && w.bytes().all(|b| b.is_ascii_digit())))
}

/// The lines, with words joined that were parted at line ends.
fn join(lines: &[&str]) -> String {
    let whole: HashSet<String> = lines.iter().flat_map(|line| line.split_whitespace()).map(word).collect();
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        out.push_str(line);
        let Some(next) = lines.get(n + 1) else { break };
        match parted(line, next, &whole) {
            Parted::Joined => {
                out.pop();
            }
            Parted::Hyphened => {}
            Parted::No => out.push('\n'),
        }
    }
    out
}

enum Parted {
    /// The hyphen is the printer's.
    Joined,
    /// The hyphen is the word's: "IDO-medewerker".
    Hyphened,
    No,
}

fn parted(line: &str, next: &str, whole: &HashSet<String>) -> Parted {
    let Some(before) = line.strip_suffix(['-', '\u{ad}', '\u{2010}']) else { return Parted::No };
    let begin = before.split_whitespace().next_back().unwrap_or_default();
    let end = next.split_whitespace().next().unwrap_or_default();
    let letters = before.ends_with(char::is_alphabetic) && end.starts_with(char::is_lowercase);
    // "voor- en nadelen", and a dash after a broken-off sentence.
    if !letters || matches!(end, "en" | "of" | "tot" | "als" | "dan") {
        return Parted::No;
    }
    let hyphened = word(&format!("{begin}-{end}"));
    let own = begin.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        || matches!(word(begin).as_str(), "e" | "ex" | "oud");
    if line.ends_with('-') && (own || (whole.contains(&hyphened) && !whole.contains(&word(&format!("{begin}{end}"))))) {
        return Parted::Hyphened;
    }
    Parted::Joined
}

fn word(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_parted_at_line_ends_are_joined_and_hyphens_of_their_own_stay() {
        for (lines, joined) in [
            (&["het wacht-", "woord weg"][..], "het wachtwoord weg"),
            (&["een IDO-", "medewerker"], "een IDO-medewerker"),
            (&["voor-", "en nadelen"], "voor-\nen nadelen"),
            (&["een mail-adres en mail-", "adres"], "een mail-adres en mail-adres"),
            (&["toen -", "weg"], "toen -\nweg"),
            (&["een e-", "mail"], "een e-mail"),
            (&["zach\u{ad}", "te"], "zachte"),
        ] {
            assert_eq!(join(lines), joined);
        }
    }

    #[test]
    fn running_heads_and_page_numbers_are_dropped_and_said() {
        let page =
            |n: usize| format!("Interview 1\nI: Vraag {n}?\nR: Ja.\nen meer {}\nPagina {n} van 3\n", "abc".repeat(n));
        let s = speech(&[page(1), page(2), page(3)]);
        assert_eq!(s.pieces.iter().filter(|p| p.speaker.is_some()).count(), 6);
        assert!(s.pieces.iter().all(|p| !p.text.contains("Pagina") && !p.text.contains("Interview")));
        assert_eq!(s.passed_over.len(), 2);
    }

    #[test]
    fn numbers_that_are_told_are_no_page_numbers() {
        assert!(is_page_number("- 3 -") && is_page_number("3/10") && is_page_number("Pagina 12"));
        assert!(!is_page_number("R: 12") && !is_page_number("12 keer") && !is_page_number("I: van?"));
    }

    #[test]
    fn what_is_no_pdf_is_said() {
        assert!(read(b"hallo").unwrap_err().contains("no PDF"));
        assert!(read(b"%PDF-1.4\n%%EOF").unwrap_err().contains("can't be read"));
    }
}
