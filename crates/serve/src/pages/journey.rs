//! Klantreis: the journey as it stands now; every count opens its quotes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_aggregation::Score;
use klantreis_study::{Category, Phase, Status};
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
        let desk = app.desk();
        let words = desk.words();
        let body = html! {
            h1 { (words.say("Klantreis", "Journey")) }
            p { b { (map.n_quotes) } " " (words.say("uitspraken uit ", "quotes of ")) (desk.coded.len()) " " (words.say("interviews. Elk getal opent zijn uitspraken; sleep een uitspraak naar een andere fase.", "interviews. Every number opens its quotes; drag a quote to another phase.")) }
            (table(&desk, &map, &open))
            @if !open.phase.is_empty() { (quotes(&desk, &open)) }
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
        @if let Some((low, high)) = interval { " " span.quiet { "(" (words.decimal(*low, 1)) (words.say(" tot ", " to ")) (words.decimal(*high, 1)) ")" } }
        " " span.quiet { (n_interviews) " " @if *n_interviews == 1 { "interview" } @else { "interviews" } }
    }
}

fn quotes(desk: &Desk, open: &Open) -> Markup {
    let words = desk.words();
    let fits = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let here: Vec<_> = desk
        .codings()
        .filter(|(.., c)| {
            c.status != Status::Rejected
                && c.phase.as_str() == open.phase
                && fits(&open.category, c.category.as_str())
                && fits(&open.code, c.code.as_ref().map_or("", |c| c.as_str()))
        })
        .collect();
    let mut keys = std::collections::HashMap::new();
    html! {
        section #quotes {
            h2 { (here.len()) " " (words.say("uitspraken", "quotes")) ": "
                @if let Ok(category) = Category::new(&open.category) { (words.category(&category)) ", " }
                @if let Ok(phase) = klantreis_study::PhaseId::new(&open.phase) { (desk.phase_name(&phase)) } }
            ul.quotes {
                @for (t, n, coding) in here.iter().take(SHOWN) {
                    @let key = keys.entry(*t).or_insert_with(|| desk.keys(*t))[*n].clone();
                    @let transcript = &desk.coded[*t].transcript;
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
            @if here.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
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
