//! Beoordelen: proposals of all interviews, one after another.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_review::most_in_doubt;
use klantreis_study::{Coding, Status, quote_id};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    coding::{short, sign},
    layout,
    read::encoded,
};
use crate::{
    app::App,
    desk::{Desk, Ref},
    guard::Person,
    precision::Precision,
    words::{class, letter, shortened},
};

/// Proposals a page.
const PAGE: usize = 25;

/// What to show, and in which order.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Choice {
    order: String,
    category: String,
    phase: String,
    interview: String,
}

/// The orders: by which name in the address, and how they are called.
const ORDERS: [(&str, &str, &str); 5] = [
    ("teaches", "leert het model het meest", "teaches the model most"),
    ("sure", "zekerste eerst", "surest first"),
    ("unsure", "onzekerste eerst", "least sure first"),
    ("theme", "per thema", "by theme"),
    ("random", "willekeurig", "at random"),
];

/// `GET /beoordelen`.
pub async fn judge(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(choice): Query<Choice>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let open = queue(&desk, &choice);
        let mut keys: HashMap<usize, Vec<String>> = HashMap::new();
        let shown: Vec<Ref> = open
            .iter()
            .take(PAGE)
            .filter_map(|(t, n, _)| {
                let keys = keys.entry(*t).or_insert_with(|| desk.keys(*t));
                Some(Ref { interview: *t, key: keys.get(*n)?.clone() })
            })
            .collect();
        let body = html! {
            h1 { (words.say("Voorstellen beoordelen", "Review proposals")) }
            (choices(&desk, &choice))
            (precision(&desk))
            @if shown.is_empty() {
                p.next { (words.say("Hier wacht niets meer. Kies een andere volgorde of categorie, of bekijk de klantreis.", "Nothing waits here any more. Choose another order or category, or look at the journey.")) }
            } @else {
                div.bulk {
                    label { input #all type="checkbox"; " " (words.say("alles op deze pagina", "all on this page")) }
                    button.yes type="button" data-bulk="accept" { "✓ " (words.say("Gekozen goedkeuren", "Accept chosen")) }
                    button.no type="button" data-bulk="reject" { "✕ " (words.say("Gekozen afwijzen", "Reject chosen")) }
                    span.quiet { (open.len()) " " (words.say("open in deze keuze", "open in this choice")) }
                }
                ol.queue { @for wanted in &shown { @if let Some(card) = judge_card(&desk, wanted) { (card) } } }
                p.buttons { a.button.main href="" data-reload="" { (words.say("Volgende ", "Next ")) (PAGE) } }
            }
            (learning(&desk))
        };
        layout::page(&desk, &person, "/beoordelen", "judge", words.say("Beoordelen", "Review"), &body)
    })
}

/// A proposal with the place of its interview and its own.
type Place<'d> = (usize, usize, &'d Coding);

/// The open proposals of the choice, in its order.
fn queue<'d>(desk: &'d Desk, choice: &Choice) -> Vec<Place<'d>> {
    let fits = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let here = |t: usize| fits(&choice.interview, &desk.coded[t].transcript.interview);
    let mut out: Vec<Place<'_>> = desk
        .codings()
        .filter(|(t, _, c)| {
            c.status == Status::Auto
                && fits(&choice.category, c.category.as_str())
                && fits(&choice.phase, c.phase.as_str())
                && here(*t)
        })
        .collect();
    let confidence = |c: &Coding| c.confidence.value();
    match choice.order.as_str() {
        "sure" => out.sort_by(|(.., a), (.., b)| confidence(b).total_cmp(&confidence(a))),
        "unsure" => out.sort_by(|(.., a), (.., b)| confidence(a).total_cmp(&confidence(b))),
        "theme" => out.sort_by_key(|(.., c)| (&c.category, c.code.is_none(), &c.code, &c.phase)),
        "random" => out.sort_by_cached_key(|(t, _, c)| mixed(&quote_id(&desk.coded[*t].transcript, c))),
        _ => return most_in_doubt(out, |(t, _, c)| (*t, c)),
    }
    out
}

/// An order without a pattern, the same every time (FNV-1a, finished as in SplitMix64).
fn mixed(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 27)
}

fn choices(desk: &Desk, choice: &Choice) -> Markup {
    let words = desk.words();
    html! {
        form.choices method="get" {
            label { (words.say("Volgorde", "Order"))
                select name="order" { @for (id, nl, en) in ORDERS { option value=(id) selected[choice.order == id] { (words.say(nl, en)) } } } }
            label { (words.say("Categorie", "Category"))
                select name="category" { option value="" { (words.say("alle", "all")) }
                    @for c in desk.study.categories() { option value=(c) selected[choice.category == c.as_str()] { (words.category(&c)) } } } }
            label { (words.say("Fase", "Phase"))
                select name="phase" { option value="" { (words.say("alle", "all")) }
                    @for p in &desk.study.phases { option value=(p.id) selected[choice.phase == p.id.as_str()] { (p.label) } } } }
            label { (words.say("Interview", "Interview"))
                select name="interview" { option value="" { (words.say("alle", "all")) }
                    @for c in &desk.coded { option value=(c.transcript.interview) selected[choice.interview == c.transcript.interview] { (c.transcript.interview) } } } }
            button { (words.say("Toon", "Show")) }
        }
    }
}

/// What the decisions so far say of the proposals.
pub fn precision(desk: &Desk) -> Markup {
    let words = desk.words();
    html! {
        p #precision {
            @match Precision::now(desk) {
                None => { (words.say("Nog geen besluiten: na de eerste ziet u hier welk deel van de voorstellen klopt.", "No decisions yet: after the first you see here which share of the proposals is right.")) }
                Some(p) => {
                    (words.say("Van ", "Of ")) b { (p.decided) } (words.say(" beoordeelde voorstellen klopt ", " proposals decided on, ")) b { (words.percent(p.share())) }
                    (words.say("", " are right")) " (95%: " (words.percent(p.low)) (words.say(" tot ", " to ")) (words.percent(p.high)) "). "
                    span.quiet { (words.say("Dit geldt voor alle voorstellen als u ze in willekeurige volgorde beoordeelt.", "This holds for all proposals if you review them at random.")) }
                }
            }
        }
    }
}

/// A proposal with the words around it.
pub fn judge_card(desk: &Desk, wanted: &Ref) -> Option<Markup> {
    let words = desk.words();
    let place = desk.find(wanted)?;
    let coded = desk.coded.get(wanted.interview)?;
    let coding = &coded.codings[place];
    let turn = &coded.transcript.turns[coding.turn];
    let (first, last) = (turn.sentences.get(coding.sentences.start)?, turn.sentences.get(coding.sentences.end - 1)?);
    let before = coding
        .sentences
        .start
        .checked_sub(2)
        .or(coding.sentences.start.checked_sub(1))
        .unwrap_or(coding.sentences.start);
    let after = (coding.sentences.end + 1).min(turn.sentences.len());
    let from = turn.sentences.get(before).map_or(first.start, |s| s.start);
    let to = turn.sentences.get(after - 1).map_or(last.end, |s| s.end);
    let question = coding.turn.checked_sub(1).map(|t| &coded.transcript.turns[t]).filter(|_| before == 0);
    Some(html! {
        li.proposal.(class(&coding.category)).(coding.status.as_str()) id={ "j-" (wanted) } {
            div.pick { input type="checkbox" value=(wanted) aria-label=(words.say("Kies dit voorstel", "Choose this proposal")); }
            div.body tabindex="-1" data-ref=(wanted) data-status=(coding.status.as_str()) {
                p.where { a href={ "/lezen?i=" (encoded(&coded.transcript.interview)) "#turn-" (wanted.interview) "-" (coding.turn) } { (coded.transcript.interview) ", " (turn.number) }
                    " · " (turn.speaker) @if let Some(start) = turn.start { " · " (start) } }
                @if let Some(question) = question { p.question { (question.speaker) ": " (shortened(&question.text, 160)) } }
                p.text { span.around { (turn.text[from..first.start]) } mark { (turn.text[first.start..last.end]) } span.around { (turn.text[last.end..to]) } }
                p.what { span.sign aria-hidden="true" { (sign(coding.status)) } " " b { (short(desk, coding)) }
                    " " span.quiet { (words.status(coding.status))
                        @if coding.status == Status::Auto { " " (words.percent(f64::from(coding.confidence.value()))) } } }
                div.buttons {
                    button.yes type="button" data-do="accept" { "✓ " (words.say("Goed", "Right")) kbd { "a" } }
                    button.no type="button" data-do="reject" { "✕ " (words.say("Fout", "Wrong")) kbd { "r" } }
                    @for category in desk.study.categories().iter().filter(|c| **c != coding.category) {
                        button type="button" data-category=(category) { (words.category(category)) @if let Some(l) = letter(category) { kbd { (l) } } }
                    }
                    label { span.hidden { (words.say("Fase", "Phase")) }
                        select data-field="phase" { @for p in &desk.study.phases { option value=(p.id) selected[p.id == coding.phase] { (p.label) } } } }
                }
            }
        }
    })
}

fn learning(desk: &Desk) -> Markup {
    let words = desk.words();
    let whole = desk.coded.iter().filter(|c| klantreis_review::Progress::of(c, desk.state()).is_whole()).count();
    html! {
        section #learn {
            h2 { (words.say("Leer opnieuw", "Learn again")) }
            p { (words.say("Het model leert van interviews die helemaal beoordeeld zijn: alle voorstellen beslist, of gereed gemeld. Dat zijn er nu ", "The model learns from interviews that are wholly reviewed: every proposal decided, or marked as finished. There are ")) b { (whole) } (words.say("; twee of meer zijn nodig.", " now; two or more are needed.")) }
            button type="button" data-learn="" { (words.say("Leer opnieuw", "Learn again")) }
            " " progress #learning hidden max="1" value="0" aria-label=(words.say("Leren", "Learning")) {}
            div role="status" { ul #learned {} }
        }
    }
}
