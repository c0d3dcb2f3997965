//! Klantreis: the journey as it stands now; every count opens its quotes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_aggregation::{Score, Theme};
use klantreis_study::{Category, CodedTranscript, Coding, Phase, PhaseId, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    coding::{short, sign},
    layout,
    read::encoded,
};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    map::{Cell, Count, Map},
    themes::{Place, Themes},
    words::{Words, class},
};

/// Quotes that are shown of a cell.
const SHOWN: usize = 200;

/// Codes that are shown in a cell.
const CODES: usize = 4;

/// Which quotes are open.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Open {
    phase: String,
    category: String,
    code: String,
}

/// `GET /klantreis`.
pub async fn journey(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(open): Query<Open>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let map = app.map();
        let themes = (!open.category.is_empty() && open.code.is_empty()).then(|| app.themes());
        let desk = app.desk();
        let words = desk.words();
        let body = html! {
            h1 { (words.say("Klantreis", "Journey")) }
            p { b { (map.n_quotes) } " " (words.say("uitspraken uit ", "quotes of ")) (desk.coded.len()) " " (words.say("interviews. Elk getal opent zijn uitspraken; sleep een uitspraak naar een andere fase.", "interviews. Every number opens its quotes; drag a quote to another phase.")) }
            (table(&desk, &map, &open))
            @if !open.phase.is_empty() { (quotes(&desk, &open, themes.as_deref())) }
            (questions(&desk))
        };
        layout::page(&desk, &person, "/klantreis", "journey", words.say("Klantreis", "Journey"), &body)
    })
}

fn table(desk: &Desk, map: &Map, open: &Open) -> Markup {
    let words = desk.words();
    let phases = &desk.study.phases;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("Klantreis", "Journey")) {
            table.journey {
                thead { tr {
                    td {}
                    @for p in phases { th scope="col" data-drop=(p.id) { (p.label) } }
                } }
                tbody {
                    @for category in &map.categories {
                        tr {
                            th.(class(category)) scope="row" { (words.category(category)) }
                            @for p in phases { td data-drop=(p.id) { (cell(desk, p, category, map.cell(&p.id, category), open)) } }
                        }
                    }
                    tr { th scope="row" { (words.say("Emotie", "Emotion")) }
                        @for p in phases { td { (feeling(words, map.feelings.get(&p.id))) } } }
                }
            }
        }
    }
}

fn cell(desk: &Desk, phase: &Phase, category: &Category, cell: Option<&Cell>, open: &Open) -> Markup {
    let words = desk.words();
    let Some(cell) = cell else { return html! { span.quiet { "–" } } };
    let Count { quotes, interviews, .. } = cell.count;
    let is_open = open.phase == phase.id.as_str() && open.category == category.as_str() && open.code.is_empty();
    html! {
        a.count.here[is_open] href={ "/klantreis?phase=" (phase.id) "&category=" (category) "#quotes" }
            aria-label={ (words.category(category)) ", " (phase.label) ": " (quotes) } { (quotes) }
        " " span.quiet { (interviews) " " @if interviews == 1 { "interview" } @else { "interviews" } }
        ul.items { @for (code, count) in cell.codes().into_iter().take(CODES) {
            li { a href={ "/klantreis?phase=" (phase.id) "&category=" (category) "&code=" (code) "#quotes" } { (desk.code_name(code)) } " " span.quiet { (count.quotes) } }
        } }
    }
}

fn feeling(words: Words, score: Option<&Score>) -> Markup {
    let Some(Score { mean: Some(mean), interval, n_interviews, .. }) = score else {
        return html! { span.quiet { "–" } };
    };
    html! {
        b { (words.decimal(*mean, 1)) }
        @if let Some((low, high)) = interval { " " span.quiet { "(" (words.end_of_interval(*low)) (words.say(" tot ", " to ")) (words.end_of_interval(*high)) ")" } }
        " " span.quiet { (n_interviews) " " @if *n_interviews == 1 { "interview" } @else { "interviews" } }
    }
}

fn quotes(desk: &Desk, open: &Open, themes: Option<&Themes>) -> Markup {
    let words = desk.words();
    let fits = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let here: Vec<(usize, usize, &Coding)> = desk
        .codings()
        .filter(|(.., c)| {
            c.status != Status::Rejected
                && c.phase.as_str() == open.phase
                && fits(&open.category, c.category.as_str())
                && fits(&open.code, c.code.as_ref().map_or("", |c| c.as_str()))
        })
        .collect();
    let (category, phase) = (Category::new(&open.category).ok(), PhaseId::new(&open.phase).ok());
    let themes: Vec<(&Theme, Vec<Place>)> = match (themes, &phase, &category) {
        (Some(themes), Some(phase), Some(category)) => themes.cell(phase, category).collect(),
        _ => Vec::new(),
    };
    let in_theme: HashSet<Place> = themes.iter().flat_map(|(_, places)| places.iter().copied()).collect();
    let others: Vec<Place> = here.iter().map(|(t, n, _)| (*t, *n)).filter(|place| !in_theme.contains(place)).collect();
    html! {
        section #quotes {
            h2 { (here.len()) " " (words.say("uitspraken", "quotes")) ": "
                @if let Some(category) = &category { (words.category(category)) ", " }
                @if let Some(phase) = &phase { (desk.phase_name(phase)) } }
            @if !themes.is_empty() {
                p.hint { (words.say("Uitspraken die op elkaar lijken, staan bij elkaar. Geef een thema een naam, dan wordt het een code van uw codeboek; twee thema’s met dezelfde naam worden één code.", "Quotes that are alike stand together. Name a theme, and it becomes a code of your codebook; two themes with the same name become one code.")) }
            }
            @for (theme, places) in &themes {
                section.theme {
                    h3 { (theme.label) " " span.quiet { (theme.n_quotes) " " (words.say("uitspraken", "quotes")) ", " (theme.n_interviews) " "
                        @if theme.n_interviews == 1 { "interview" } @else { "interviews" } } }
                    form.choices data-theme=(theme.category) {
                        label { (words.say("Naam", "Name")) input name="name" value=(theme.label) maxlength="64" autocomplete="off" required; }
                        button { (words.say("Maak hier een code van", "Make this a code")) }
                    }
                    (list(desk, places))
                }
            }
            @if !themes.is_empty() && !others.is_empty() { h3 { (words.say("Overige uitspraken", "Other quotes")) } }
            (list(desk, &others[..others.len().min(SHOWN)]))
            @if others.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
        }
    }
}

/// Quotes, each to be dragged to another phase.
fn list(desk: &Desk, places: &[Place]) -> Markup {
    let words = desk.words();
    let mut keys = HashMap::new();
    html! {
        ul.quotes {
            @for (t, n) in places {
                @let key = keys.entry(*t).or_insert_with(|| desk.keys(*t))[*n].clone();
                @let CodedTranscript { transcript, codings } = &*desk.coded[*t];
                @let coding = &codings[*n];
                @let turn = &transcript.turns[coding.turn];
                li.(class(&coding.category)) draggable="true" data-ref={ (t) "-" (key) } {
                    p.text { "“" (turn.passage(coding.sentences.clone())) "”" }
                    p.where { a href={ "/lezen?i=" (encoded(&transcript.interview)) "#c-" (t) "-" (key) } { (transcript.interview) ", " (turn.number) }
                        " · " span aria-hidden="true" { (sign(coding.status)) } " " (short(desk, coding)) " · " span.quiet { (words.status(coding.status)) } }
                    label { (words.say("Fase", "Phase")) " "
                        select data-field="phase" data-reload-after="" { @for p in &desk.study.phases { option value=(p.id) selected[p.id == coding.phase] { (p.label) } } } }
                }
            }
        }
    }
}

/// "How might we": a sentence a phase, which people write themselves.
fn questions(desk: &Desk) -> Markup {
    let words = desk.words();
    html! {
        section #questions {
            h2 { (words.say("Hoe kunnen we …", "How might we …")) }
            p.hint { (words.say("Een vraag per fase om mee verder te ontwerpen. Elke wijziging wordt bewaard en kan ongedaan worden gemaakt.", "A question a phase to design on from. Every change is kept and can be undone.")) }
            @for phase in &desk.study.phases {
                label.question { (phase.label)
                    textarea rows="2" data-question=(phase.id) { (desk.state().questions.get(&phase.id).map_or("", String::as_str)) } }
            }
        }
    }
}
