//! A researcher at work in a real browser.

use std::{path::Path, time::Instant};

use serde_json::json;

use crate::{browser::Browser, common::*, serving::Server};

const OPEN: &str = "document.querySelectorAll('.card[data-status=auto]').length";
pub const SAVED: &str = "/^(Bewaard|Ongedaan|Opnieuw)/.test(document.querySelector('#said').textContent)";

/// A browser that came in by the server's link.
pub fn enter(server: &Server) -> Browser {
    let browser = Browser::open(1440, 900);
    browser.go(&server.link);
    browser.wait("document.querySelector('.steps')");
    browser
}

pub fn press(browser: &Browser, key: &str) {
    browser.type_into("body", key);
}

/// Where the journey stands: the number of quotes that count.
fn counted(study: &Path) -> usize {
    well(&["run", study.to_str().unwrap(), "--quiet"]);
    let journey = rows(&study.join("klantreis-out/journey.csv"));
    journey.iter().map(|r| r["n_quotes"].parse::<usize>().unwrap()).sum()
}

#[test]
fn from_opening_to_a_changed_journey_by_the_keyboard() {
    let server = Server::start("bieden");
    let before = counted(&server.study);
    let browser = enter(&server);
    browser.click(".next .main");
    browser.wait("document.querySelector('.turn')");
    let open = browser.number(OPEN);

    // The first proposal: chosen by j, refused by r, and the next one is chosen at once.
    press(&browser, "j");
    browser.wait("document.querySelector('#panel .detail')");
    let first = browser.text("document.querySelector('.card.chosen').dataset.ref");
    press(&browser, "r");
    browser.wait(SAVED);
    browser.wait(&format!("document.querySelector('.card.chosen').dataset.ref !== '{first}'"));
    assert_eq!(browser.number(OPEN), open - 1);
    assert_eq!(browser.text(&format!("document.getElementById('c-{first}').dataset.status")), "rejected");
    // The second becomes a need, in the third phase, a sentence shorter or longer, with a note and a star.
    let second = browser.text("document.querySelector('.card.chosen').dataset.ref");
    let card = format!("document.getElementById('c-{second}')");
    press(&browser, "b");
    browser.wait(&format!("{card}.classList.contains('need')"));
    press(&browser, "3");
    browser
        .wait("document.querySelector('#panel [data-phase]:nth-of-type(3)').getAttribute('aria-pressed') === 'true'");
    press(&browser, "m");
    browser.wait("document.activeElement.matches('[data-field=memo]')");
    browser.type_into("[data-field=memo]", "navragen bij het team");
    press(&browser, "\u{e004}");
    browser.value("document.activeElement.blur()");
    browser.wait(&format!("{card}.querySelector('.note')"));
    press(&browser, "s");
    browser.wait(&format!("{card}.querySelector('.star')"));
    browser.wait("/schreef een notitie/.test(document.querySelector('.history').textContent)");

    // Undo takes the star, the note, the phase and the category back, one by one; redo brings them.
    press(&browser, "u");
    browser.wait(&format!("!{card}.querySelector('.star')"));
    press(&browser, "U");
    browser.wait(&format!("{card}.querySelector('.star')"));

    let list = well(&["decisions", server.study.to_str().unwrap(), "list"]);
    assert!(list.contains("anna reject") && list.contains("category"), "{list}");
    assert_eq!(counted(&server.study), before - 1);
    let quotes = rows(&server.study.join("klantreis-out/quotes.csv"));
    assert!(
        quotes.iter().any(|q| q["status"] == "changed" && q["category"] == "behoefte" && q["phase"] == "ondersteunen")
    );
    // The map shows it too.
    browser.click("nav a[href='/klantreis']");
    browser.wait("document.querySelector('.journey')");
    let total = browser.text("document.querySelector('main p b').textContent");
    assert_eq!(total, (before - 1).to_string());
    assert_eq!(browser.console(), [""; 0], "nothing is blocked or broken");
}

#[test]
fn a_selection_is_coded_by_hand_and_a_quote_moves_to_another_phase() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    browser.go(&format!("http://{}/lezen?i=interview-5", server.host));
    browser.wait("document.querySelector('.turn')");
    // A sentence that nobody coded, selected as by mouse.
    browser.value(
        "(() => { const s = [...document.querySelectorAll('.respondent .s')].find(s => s.className === 's' && s.textContent.length > 40);
            s.scrollIntoView({ block: 'center' });
            const range = document.createRange(); range.selectNodeContents(s);
            getSelection().removeAllRanges(); getSelection().addRange(range); window.words = s.textContent; })()",
    );
    browser.wait("!document.querySelector('#coder').hidden");
    browser.click("#coder .gain");
    browser.wait("document.querySelector('.card.chosen.manual.gain')");
    let words = browser.text("window.words");
    assert_eq!(browser.text("document.querySelector('#panel blockquote').textContent"), words);

    browser.go(&format!("http://{}/klantreis?phase=ontvangen&category=pijnpunt", server.host));
    browser.wait("document.querySelector('#quotes li')");
    let count = "Number(document.querySelector('.count.here').textContent)";
    let before = browser.number(count);
    browser.choose("#quotes li select", "Afronden");
    browser.wait(&format!("document.readyState === 'complete' && {count} === {}", before - 1));
    let list = well(&["decisions", server.study.to_str().unwrap(), "list"]);
    assert!(list.contains("phase ontvangen → afronden") && list.contains(&words), "{list}");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn two_people_at_once_see_each_others_decisions_and_undo_their_own() {
    let mut server = Server::start("vragen");
    let anna = enter(&server);
    anna.type_into("#name", " de Vries");
    anna.click("#name + button");
    anna.wait("document.querySelector('.who').textContent === 'anna de Vries'");
    anna.type_into("#guest", "bram");
    anna.click("#invite button");
    anna.wait("document.querySelector('#link').textContent.includes('token=')");
    let link = anna.text("document.querySelector('#link').textContent");
    let bram = Browser::open(1000, 800);
    bram.go(&link);
    bram.wait("document.querySelector('.steps')");
    for browser in [&anna, &bram] {
        browser.go(&format!("http://{}/lezen?i=burger-1", server.host));
        browser.wait("document.querySelector('.card')");
        press(browser, "j");
        browser.wait("document.querySelector('#panel .detail')");
    }
    press(&anna, "a");
    anna.wait(SAVED);
    // Bram sees it without doing anything, decides on the next, and undoes that one only.
    bram.wait("document.querySelectorAll('.card.accepted').length === 1");
    press(&bram, "j");
    bram.wait("document.querySelectorAll('.card')[1].classList.contains('chosen')");
    press(&bram, "r");
    bram.wait("document.querySelectorAll('.card.rejected').length === 1");
    anna.wait("document.querySelectorAll('.card.rejected').length === 1");
    press(&bram, "u");
    bram.wait("document.querySelectorAll('.card.rejected').length === 0");
    bram.wait("document.querySelectorAll('.card.accepted').length === 1");
    // In the middle of it all the program dies: the page says that nothing is saved any more.
    server.kill();
    press(&anna, "r");
    anna.wait("/^Niet bewaard/.test(document.querySelector('#said').textContent)");
    let list = well(&["decisions", server.study.to_str().unwrap(), "list"]);
    assert!(list.contains("anna de Vries accept") && list.contains("bram undo"), "{list}");
}

#[test]
fn a_hundred_proposals_are_decided_as_fast_as_hands_type() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    browser.go(&format!("http://{}/beoordelen?order=sure", server.host));
    let mut times = Vec::new();
    for page in 0..4 {
        browser.wait("document.querySelectorAll('.proposal.auto').length === 25");
        press(&browser, "j");
        for n in 0..25 {
            let start = Instant::now();
            press(&browser, if (page + n) % 5 == 0 { "r" } else { "a" });
            browser.wait(&format!("document.querySelectorAll('.proposal.auto').length === {}", 24 - n));
            times.push(start.elapsed());
        }
        browser.value("document.querySelector('[data-reload]').click()");
        browser.wait("document.querySelectorAll('.proposal.auto').length === 25");
    }
    times.sort();
    println!("median {:?}, longest {:?}", times[50], times[99]);
    assert_eq!(well(&["decisions", server.study.to_str().unwrap(), "list"]).lines().count(), 101);
    browser.wait("/100/.test(document.querySelector('#precision').textContent)");
    assert!(browser.text("document.querySelector('#precision').textContent").contains("80%"));
    // All on the page at once, and back at once.
    browser.click("#all");
    browser.click("[data-bulk=reject]");
    browser.wait("document.querySelectorAll('.proposal.rejected').length === 25");
    press(&browser, "u");
    browser.wait("document.querySelectorAll('.proposal.auto').length === 25");
}

#[test]
fn the_pages_are_accessible_and_fit_a_phone() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    let mut amiss = Vec::new();
    let pages = [
        "/",
        "/lezen?i=interview-1",
        "/beoordelen",
        "/zoeken?q=wachtwoord*",
        "/klantreis?phase=ontvangen&category=pijnpunt",
        "/overeenstemming",
        "/codeboek?cue=wachtwoord",
        "/codeboek/code?c=obstakel",
    ];
    for (width, scheme) in [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")] {
        browser.size(width, 900);
        browser.colours(scheme);
        for page in pages {
            browser.go(&format!("http://{}{page}", server.host));
            if page.starts_with("/lezen") {
                press(&browser, "j");
                browser.wait("document.querySelector('#panel .detail')");
            }
            amiss.extend(browser.axe().into_iter().map(|line| format!("{page} {width} {scheme}: {line}")));
            let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            if browser.number(wider) > 0 {
                amiss.push(format!("{page} {width}: {} px too wide", browser.number(wider)));
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
    assert!(browser.requests().iter().all(|url| url.starts_with(&format!("http://{}/", server.host))));
    assert_eq!(json!(browser.console()), json!([]));
}
