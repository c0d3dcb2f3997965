//! `klantreis.html` in a real browser: what a library director does with it.

use std::path::PathBuf;

use crate::{browser::*, common::*};

/// A study that has run, and its page.
fn page(name: &str) -> (tempfile::TempDir, PathBuf) {
    let (dir, study) = study(name);
    well(&["run", study.to_str().unwrap(), "-q"]);
    (dir, study.join("klantreis-out/klantreis.html"))
}

#[test]
fn it_opens_without_a_message_in_the_console_or_a_request_to_anywhere() {
    let (_dir, page) = page("bieden");
    let browser = Browser::open(1440, 1100);
    browser.file(&page);
    browser.wait("document.readyState === 'complete'");
    assert_eq!(browser.console(), [""; 0]);
    let asked = browser.requests();
    assert!(asked.iter().all(|url| url.ends_with("/klantreis.html")), "{asked:?}");
}

#[test]
fn axe_finds_nothing_on_any_screen() {
    let (_dir, page) = page("bieden");
    let browser = Browser::open(1440, 1100);
    for (width, scheme) in [(1440, "light"), (768, "dark"), (390, "light")] {
        browser.size(width, 900);
        browser.colours(scheme);
        browser.file(&page);
        assert_eq!(browser.axe(), [""; 0], "{width} {scheme}");
    }
}
