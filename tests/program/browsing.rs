//! The researcher's other pages in a real browser: the codebook, saved queries, lost decisions, differences, paper.

use std::fs;

use serde_json::json;

use crate::{browser::Browser, common::*, reviewing::enter, serving::Server};

fn go(browser: &Browser, server: &Server, path: &str) {
    browser.go(&format!("http://{}{path}", server.host));
    browser.wait("document.querySelector('main h1')");
}

/// Types over what stands in a field.
fn fill(browser: &Browser, css: &str, text: &str) {
    let (css, text) = (json!(css), json!(text));
    browser.value(&format!(
        "(() => {{ const field = document.querySelector({css}); field.value = {text};
            field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ));
}

#[test]
fn cues_are_counted_as_they_are_typed_saved_with_the_comments_of_the_file_and_taken_back() {
    let (_dir, study) = study("vragen");
    let file = study.join("codebook.toml");
    let written = "# Ons codeboek\n\n[[code]]\nid = \"obstakel\"\ncategory = \"pijnpunt\"\nlabel = \"Obstakel\" # naam\n\
                   cues = [\n    \"dichte deur\", # van Anna\n]\n";
    fs::write(&file, written).unwrap();
    let server = Server::on(&study);
    let browser = enter(&server);
    go(&browser, &server, "/codeboek");
    browser.click("a[href='/codeboek/code?c=obstakel']");
    browser.wait("document.querySelector('#counts tbody tr')");
    assert_eq!(browser.number("document.querySelectorAll('#counts tbody tr').length"), 1);

    // A word that is really said: its count stands there before anything is saved.
    fill(&browser, "[name=cues]", "dichte deur\nformulier\n…");
    browser.wait("document.querySelectorAll('#counts tbody tr').length === 3");
    let said =
        browser.number("Number(document.querySelectorAll('#counts tbody tr')[1].querySelector('.n').textContent)");
    assert!(said > 0);
    assert!(browser.text("document.querySelector('#counts .error').textContent").len() > 5);
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    // A cue that can't be read is not saved, and what was typed stays.
    browser.click("form[data-trial] button.main");
    browser.wait("/^Niet bewaard/.test(document.querySelector('#said').textContent)");
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    fill(&browser, "[name=cues]", "dichte deur\nformulier");
    fill(&browser, "[name=definition]", "iets staat in de weg");
    browser.click("form[data-trial] button.main");
    browser.wait("document.querySelector('.notice[role=status]')");
    let saved = fs::read_to_string(&file).unwrap();
    let expected = written.replace("# van Anna\n]", "# van Anna\n    \"formulier\",\n]");
    assert_eq!(saved, format!("{expected}definition = \"iets staat in de weg\"\n"));

    // Coded again, the new cue proposes; then back to what was.
    let carrying = "Number(document.querySelectorAll('#counts p b')[1].textContent)";
    let before = browser.number(carrying);
    browser.click("form.notice button");
    browser.wait(&format!("!document.querySelector('form.notice') && {carrying} > {before}"));
    browser.click("form[action='/api/code']:not([data-trial]) button");
    browser.wait("document.querySelector('form.notice')");
    assert!(!fs::read_to_string(&file).unwrap().contains("formulier"));
    assert_eq!(browser.console().len(), 1, "the refusal alone");
}

#[test]
fn a_code_is_split_and_merged_and_both_can_be_undone() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    go(&browser, &server, "/codeboek/code?c=obstakel");
    let count = "document.querySelectorAll('#split .pick').length";
    let all = browser.number(count);
    assert!(all > 2);
    // Without a choice, or a name, nothing happens.
    browser.click("#split form button");
    browser.wait("/Kies eerst uitspraken/.test(document.querySelector('#said').textContent)");
    browser.value("[...document.querySelectorAll('#split .pick input')].slice(0, 2).forEach(box => box.click())");
    browser.click("#split form button");
    browser.wait("/een naam/.test(document.querySelector('#said').textContent)");
    browser.type_into("#split [name=name]", "Geen toegang tot systemen");
    browser.click("#split form button");
    browser.wait("/geen-toegang-tot-systemen/.test(location.search) && document.querySelector('#split')");
    assert_eq!(browser.number(count), 2);
    let book = fs::read_to_string(server.study.join("codebook.toml")).unwrap();
    assert!(book.contains("id = \"geen-toegang-tot-systemen\"") && book.contains("category = \"pijnpunt\""), "{book}");
    well(&["run", server.study.to_str().unwrap(), "--quiet"]);
    let quotes = rows(&server.study.join("klantreis-out/quotes.csv"));
    assert_eq!(quotes.iter().filter(|q| q["code"] == "geen-toegang-tot-systemen").count(), 2);

    // Merged back, and that undone.
    browser.choose("[data-merge]", "Obstakel");
    browser.wait("document.readyState === 'complete' && document.querySelectorAll('#split .pick').length === 0");
    go(&browser, &server, "/codeboek/code?c=obstakel");
    assert_eq!(browser.number(count), all);
    browser.click("[data-do=undo]");
    browser.wait(&format!("{count} === {}", all - 2));
    // The split is one decision too.
    browser.click("[data-do=undo]");
    browser.wait(&format!("{count} === {all}"));
}

#[test]
fn themes_get_names_of_peoples_own_and_two_of_one_name_are_one_code() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    let cell = "/klantreis?phase=ondersteunen&category=pijnpunt";
    let count = "document.querySelectorAll('#split .pick').length";
    let mut named = 0;
    for _ in 0..2 {
        go(&browser, &server, cell);
        named += browser.number("document.querySelector('#quotes .theme').querySelectorAll('li').length");
        browser.value("document.querySelector('#quotes .theme [name=name]').value = ' Hand en oog '");
        browser.click("#quotes .theme form button");
        browser
            .wait("/bewaard/i.test(document.querySelector('#said').textContent) || document.readyState === 'complete'");
        go(&browser, &server, "/codeboek/code?c=hand-en-oog");
        browser.wait(&format!("{count} === {named}"));
    }
    well(&["run", server.study.to_str().unwrap(), "--quiet"]);
    let themes = rows(&server.study.join("klantreis-out/themes.csv"));
    let mine = themes.iter().find(|theme| theme["code"] == "hand-en-oog").unwrap();
    assert_eq!((mine["naam"].as_str(), mine["n_quotes"].parse()), ("Hand en oog", Ok(named)));
    // Each naming is one decision.
    browser.click("[data-do=undo]");
    browser.wait(&format!("{count} > 0 && {count} < {named}"));
    browser.click("[data-do=undo]");
    browser.wait(&format!("{count} === 0"));
}

#[test]
fn queries_are_saved_by_name_between_what_people_wrote_and_used() {
    let server = Server::start("bieden");
    let file = server.study.join("klantreis.toml");
    let written = format!("{}\n# Wat we vaak vragen\n[queries]\n", fs::read_to_string(&file).unwrap());
    fs::write(&file, &written).unwrap();
    let browser = enter(&server);
    go(&browser, &server, "/zoeken?q=wachtwoord*%20categorie%3Apijnpunt");
    let total = "document.querySelector('main p b').textContent";
    let found = browser.text(total);
    assert!(found.parse::<usize>().unwrap() > 0);
    // The participants' attributes are facets too.
    let facets = browser.text("[...document.querySelectorAll('.facets h2')].map(h => h.textContent).join(' ')");
    assert!(facets.starts_with("Categorie Fase") && facets.contains("Segment"), "{facets}");
    browser.type_into("#name", "in loggen");
    browser.click("form.save button");
    browser.wait("/zonder spaties/.test(document.querySelector('#said').textContent)");
    fill(&browser, "#name", "inloggen");
    browser.click("form.save button");
    browser.wait("location.search === '?q=%40inloggen' && document.querySelector('.hits')");
    assert_eq!(browser.text(total), found);
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{written}inloggen = \"wachtwoord* categorie:pijnpunt\"\n"));
    let path = server.study.to_str().unwrap();
    well(&["run", path, "--quiet"]);
    let answer = json(&["query", path, "@inloggen", "--format", "json"]);
    assert_eq!(answer["total"].to_string(), found);
    // In another query, and taken away.
    go(&browser, &server, "/zoeken?q=%40inloggen%20fase%3Aontvangen");
    assert!(browser.text(total).parse::<usize>().unwrap() < found.parse().unwrap());
    browser.click(".saved-queries button");
    browser.wait("!document.querySelector('.saved-queries')");
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
}

#[test]
fn a_decision_whose_words_are_gone_is_given_its_place_in_the_transcript() {
    let (_dir, study) = study("vragen");
    let path = study.to_str().unwrap().to_owned();
    well(&["run", &path, "--quiet"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    let lost = quotes.iter().find(|q| q["file"] == "burger-1.txt" && q["category"] == "pijnpunt").unwrap();
    well(&["decide", &path, &lost["quote_id"], "accept", "--who", "anna"]);
    let file = study.join("interviews/burger-1.txt");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&lost["quote"], "Daar kwam ik dus helemaal niet uit.")).unwrap();

    let server = Server::on(&study);
    let browser = enter(&server);
    assert!(browser.text("document.querySelector('#lost li').textContent").contains(&lost["quote"]));
    browser.click("#lost a.button");
    browser.wait("document.querySelector('#review mark')");
    assert_eq!(browser.text("document.querySelector('#review mark').textContent"), lost["quote"]);
    browser.value(
        "(() => { const s = [...document.querySelectorAll('.respondent .s')].find(s => s.textContent.includes('helemaal niet uit'));
            s.scrollIntoView({ block: 'center' });
            const range = document.createRange(); range.selectNodeContents(s);
            getSelection().removeAllRanges(); getSelection().addRange(range); })()",
    );
    browser.wait("!document.querySelector('#coder').hidden");
    browser.click("#coder [data-place]");
    browser.wait("document.querySelector('.card.chosen.accepted.pain')");
    let quote = browser.text("document.querySelector('#panel blockquote').textContent");
    assert!(quote.contains("helemaal niet uit"), "{quote}");
    browser.wait("/wees de plaats aan/.test(document.querySelector('.history').textContent)");
    assert!(well(&["decisions", &path, "list", "--unplaced"]).starts_with("0 decisions"));
    well(&["run", &path, "--quiet"]);
    let quotes = rows(&study.join("klantreis-out/quotes.csv"));
    assert!(quotes.iter().any(|q| q["quote"].contains("helemaal niet uit") && q["status"] == "accepted"));
}

#[test]
fn two_blind_coders_see_nothing_of_each_other_until_both_have_finished_and_settle_what_they_differ_on() {
    let server = Server::start("vragen");
    let anna = enter(&server);
    anna.type_into("#guest", "bram");
    anna.click("#invite button");
    anna.wait("document.querySelector('#link').textContent.includes('token=')");
    let bram = Browser::open(1440, 900);
    bram.go(&anna.text("document.querySelector('#link').textContent"));
    bram.wait("document.querySelector('.steps')");
    let code = |browser: &Browser, sentence: usize, kind: &str| {
        let before = browser.number("document.querySelectorAll('.card').length");
        browser.value(&format!(
            "(() => {{ const s = document.querySelectorAll('.respondent .s')[{sentence}];
                s.scrollIntoView({{ block: 'center' }});
                const range = document.createRange(); range.selectNodeContents(s);
                getSelection().removeAllRanges(); getSelection().addRange(range); }})()"
        ));
        browser.wait("!document.querySelector('#coder').hidden");
        browser.click(&format!("#coder .{kind}"));
        browser.wait(&format!(
            "document.readyState === 'complete' && document.querySelectorAll('.card').length === {}",
            before + 1
        ));
    };
    for (browser, sentence) in [(&anna, 4), (&bram, 5)] {
        go(browser, &server, "/lezen?i=burger-1&blind=1");
        assert_eq!(browser.number("document.querySelectorAll('.card').length"), 0, "no proposals");
        code(browser, sentence, "pain");
        code(browser, 7, "need");
    }
    anna.value("scrollTo(0, 0)");
    anna.click("[data-do=finish]");
    anna.wait("document.readyState === 'complete' && document.querySelector('[data-do=finish][data-on=false]')");
    go(&anna, &server, "/overeenstemming");
    assert!(!anna.text("document.querySelector('main').textContent").contains("bram"), "bram has not finished");
    bram.value("scrollTo(0, 0)");
    bram.click("[data-do=finish]");
    bram.wait("document.readyState === 'complete' && document.querySelector('[data-do=finish][data-on=false]')");

    go(&anna, &server, "/overeenstemming");
    assert_eq!(anna.number("document.querySelectorAll('.settle li').length"), 2);
    let words = anna.text("document.querySelector('.settle li .text').textContent");
    let sentence = words.trim_matches(|c| "“”".contains(c)).to_owned();
    assert!(anna.text("document.querySelector('.settle li .sides').textContent").contains("Pijnpunt"));
    anna.click(".settle li [data-settle='0']");
    anna.wait("document.querySelectorAll('.settle li.settled [aria-pressed=true]').length === 1");
    // Settled in favour of anna: her pain point is in the study, whatever the program proposed.
    let list = well(&["decisions", server.study.to_str().unwrap(), "list"]);
    assert!(list.lines().any(|l| l.contains("pijnpunt") && (l.contains(" add ") || l.contains(" accept "))), "{list}");
    well(&["run", server.study.to_str().unwrap(), "--quiet"]);
    let quotes = rows(&server.study.join("klantreis-out/quotes.csv"));
    let is_hers = |status: &str| ["manual", "accepted"].contains(&status);
    assert!(
        quotes.iter().any(|q| q["quote"].contains(&sentence) && q["category"] == "pijnpunt" && is_hers(&q["status"]))
    );
    // The other side after all, and back again by undo.
    anna.click(".settle li.settled [data-settle='1']");
    anna.wait("document.querySelector('.settle li.settled [aria-pressed=true]')?.dataset.settle === '1'");
    anna.click("[data-do=undo]");
    anna.wait("document.querySelector('.settle li.settled [aria-pressed=true]')?.dataset.settle === '0'");
    assert_eq!(anna.console(), [""; 0]);
}

#[test]
fn a_transcript_is_printed_with_its_margin_and_without_the_rest() {
    let server = Server::start("bieden");
    let browser = enter(&server);
    go(&browser, &server, "/lezen?i=interview-1");
    browser.paper();
    for css in [".top", "#panel", "#review button"] {
        assert!(!browser.sees(css), "{css}");
    }
    // The margin stands beside the words, within the paper.
    browser.size(794, 1123);
    let turn = "[...document.querySelectorAll('.turn')].find(t => t.querySelector('.card'))";
    let left =
        |css: &str| browser.number(&format!("Math.round({turn}.querySelector('{css}').getBoundingClientRect().left)"));
    assert!(left(".card") > left(".words p") + 300);
    let right = format!("Math.round({turn}.querySelector('.card').getBoundingClientRect().right)");
    assert!(browser.number(&right) <= 794);
    let pdf = browser.print(Some((8.27, 11.69)));
    assert!(crate::browser::pages(&pdf) > 2);
}
