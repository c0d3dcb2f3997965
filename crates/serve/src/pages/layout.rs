//! The frame around every page.

use maud::{DOCTYPE, Markup, html};

use crate::{desk::Desk, guard::Person};

/// A page with its name and address, in the order of the menu.
const MENU: [(&str, &str, &str); 7] = [
    ("/", "Start", "Start"),
    ("/lezen", "Lezen", "Read"),
    ("/beoordelen", "Beoordelen", "Review"),
    ("/zoeken", "Zoeken", "Search"),
    ("/klantreis", "Klantreis", "Journey"),
    ("/overeenstemming", "Overeenstemming", "Agreement"),
    ("/codeboek", "Codeboek", "Codebook"),
];

/// A whole page. `here` is its address in the menu, `view` how pieces of it are made anew.
pub fn page(desk: &Desk, person: &Person, here: &str, view: &str, title: &str, body: &Markup) -> Markup {
    let words = desk.words();
    html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (desk.study.title) }
                link rel="stylesheet" href="/app.css";
                link rel="icon" href="/icon.svg";
                script src="/app.js" defer {}
            }
            body data-view=(view) data-version=(desk.version) {
                a.skip href="#main" { (words.say("Naar de inhoud", "Skip to content")) }
                header.top {
                    span.study { (desk.study.title) }
                    nav aria-label=(words.say("Pagina’s", "Pages")) {
                        @for (address, nl, en) in MENU {
                            a href=(address) aria-current=[(address == here).then_some("page")] { (words.say(nl, en)) }
                        }
                    }
                    p.saved {
                        span #said role="status" {}
                        button type="button" data-do="undo" title=(words.say("Ongedaan maken (u)", "Undo (u)")) { "↶ " (words.say("Ongedaan", "Undo")) }
                        button type="button" data-do="redo" title=(words.say("Opnieuw (shift+u)", "Redo (shift+u)")) { "↷ " (words.say("Opnieuw", "Redo")) }
                        span.who { (person.who) }
                    }
                }
                main #main tabindex="-1" { (body) }
                (help(desk))
            }
        }
    }
}

/// The keys, shown by `?`.
fn help(desk: &Desk) -> Markup {
    let words = desk.words();
    let keys = [
        ("j k", "volgende, vorige voorstel", "next, previous proposal"),
        ("a", "goedkeuren", "accept"),
        ("r", "afwijzen", "reject"),
        ("b w p c", "is een behoefte, winst, pijnpunt, activiteit", "is a need, gain, pain point, activity"),
        ("1 … 9", "hoort bij deze fase", "belongs to this phase"),
        ("e  shift+e", "een zin langer, een zin korter", "a sentence longer, shorter"),
        ("m", "notitie schrijven", "write a note"),
        ("s", "ster", "star"),
        ("u  shift+u", "ongedaan maken, opnieuw doen", "undo, redo"),
        ("/", "zoeken", "search"),
        ("?", "deze lijst", "this list"),
    ];
    html! {
        dialog #help aria-labelledby="help-title" {
            h2 #help-title { (words.say("Toetsen", "Keys")) }
            dl {
                @for (key, nl, en) in keys { dt { kbd { (key) } } dd { (words.say(nl, en)) } }
                @for (n, phase) in desk.study.phases.iter().take(9).enumerate() {
                    dt { kbd { (n + 1) } } dd { (phase.label) }
                }
            }
            form method="dialog" { button { (words.say("Sluiten", "Close")) } }
        }
    }
}
