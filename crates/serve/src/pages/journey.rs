//! Klantreis: the journey as it stands now; every count opens its quotes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_aggregation::{Journey, PhaseJourney};
use klantreis_study::{Category, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    coding::{short, sign},
    layout,
    read::encoded,
};
use crate::{app::App, desk::Desk, guard::Person, words::class};

/// Quotes that are shown of a cell.
const SHOWN: usize = 200;

/// Which quotes are open.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Cell {
    phase: String,
    category: String,
    code: String,
}

/// `GET /klantreis`.
pub async fn journey(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(cell): Query<Cell>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let journey = desk.journey();
        let body = html! {
            h1 { (words.say("Klantreis", "Journey")) }
            p { b { (journey.n_quotes) } " " (words.say("uitspraken uit ", "quotes of ")) (journey.interviews.len()) " " (words.say("interviews. Elk getal opent zijn uitspraken; sleep een uitspraak naar een andere fase.", "interviews. Every number opens its quotes; drag a quote to another phase.")) }
            (table(&desk, &journey, &cell))
            @if !cell.phase.is_empty() { (quotes(&desk, &cell)) }
            (questions(&desk))
        };
        layout::page(&desk, &person, "/klantreis", "journey", words.say("Klantreis", "Journey"), &body)
    })
}

fn table(desk: &Desk, journey: &Journey, open: &Cell) -> Markup {
    let words = desk.words();
    let categories: Vec<&Category> =
        journey.phases.first().map_or_else(Vec::new, |p| p.cells.iter().map(|c| &c.category).collect());
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("Klantreis", "Journey")) {
            table.journey {
                thead { tr {
                    td {}
                    @for p in &journey.phases { th scope="col" data-drop=(p.phase.id) { (p.phase.label) } }
                } }
                tbody {
                    @for (row, category) in categories.iter().enumerate() {
                        tr {
                            th.(class(category)) scope="row" { (words.category(category)) }
                            @for p in &journey.phases {
                                td data-drop=(p.phase.id) {
                                    @let here = &p.cells[row];
                                    @if here.n_quotes > 0 {
                                        a.count.here[open.phase == p.phase.id.as_str() && open.category == category.as_str() && open.code.is_empty()]
                                            href={ "/klantreis?phase=" (p.phase.id) "&category=" (category) "#quotes" }
                                            aria-label={ (words.category(category)) ", " (p.phase.label) ": " (here.n_quotes) } { (here.n_quotes) }
                                        " " span.quiet { (here.n_interviews) " " @if here.n_interviews == 1 { "interview" } @else { "interviews" } }
                                        ul.items { @for item in here.items.iter().filter(|i| i.code.is_some()).take(4) {
                                            li { a href={ "/klantreis?phase=" (p.phase.id) "&category=" (category) "&code=" (item.code.as_ref().map_or("", |c| c.as_str())) "#quotes" } { (item.label) } " " span.quiet { (item.n_quotes) } }
                                        } }
                                    } @else { span.quiet { "–" } }
                                }
                            }
                        }
                    }
                    tr { th scope="row" { (words.say("Emotie", "Emotion")) }
                        @for p in &journey.phases { td { (feeling(desk, p)) } } }
                }
            }
        }
    }
}

fn feeling(desk: &Desk, phase: &PhaseJourney) -> Markup {
    let words = desk.words();
    html! {
        @match phase.emotion.mean {
            None => { span.quiet { "–" } }
            Some(mean) => {
                b { (words.decimal(mean, 1)) }
                @if let Some((low, high)) = phase.emotion.interval { " " span.quiet { "(" (words.decimal(low, 1)) (words.say(" tot ", " to ")) (words.decimal(high, 1)) ")" } }
                " " span.quiet { (phase.emotion.n_interviews) " interviews" }
            }
        }
    }
}

fn quotes(desk: &Desk, cell: &Cell) -> Markup {
    let words = desk.words();
    let fits = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
    let here: Vec<_> = desk
        .quotes()
        .into_iter()
        .filter(|(.., q)| {
            q.status != Status::Rejected
                && q.phase.as_str() == cell.phase
                && fits(&cell.category, q.category.as_str())
                && fits(&cell.code, q.code.as_ref().map_or("", |c| c.as_str()))
        })
        .collect();
    let mut keys = std::collections::HashMap::new();
    html! {
        section #quotes {
            h2 { (here.len()) " " (words.say("uitspraken", "quotes")) ": "
                @if let Ok(category) = Category::new(&cell.category) { (words.category(&category)) ", " }
                @if let Ok(phase) = klantreis_study::PhaseId::new(&cell.phase) { (desk.phase_name(&phase)) } }
            ul.quotes {
                @for (t, n, quote) in here.iter().take(SHOWN) {
                    @let key = keys.entry(*t).or_insert_with(|| desk.keys(*t))[*n].clone();
                    @let coding = &desk.coded[*t].codings[*n];
                    li.(class(&quote.category)) draggable="true" data-ref={ (t) "-" (key) } {
                        p.text { "“" (quote.quote) "”" }
                        p.where { a href={ "/lezen?i=" (encoded(&quote.interview)) "#c-" (t) "-" (key) } { (quote.interview) ", " (quote.turn) }
                            " · " span aria-hidden="true" { (sign(coding.status)) } " " (short(desk, coding)) " · " span.quiet { (words.status(coding.status)) } }
                        label { (words.say("Fase", "Phase")) " "
                            select data-field="phase" data-reload-after="" { @for p in &desk.study.phases { option value=(p.id) selected[p.id == quote.phase] { (p.label) } } } }
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
                    textarea rows="2" data-question=(phase.id) { (desk.state.questions.get(&phase.id).map_or("", String::as_str)) } }
            }
        }
    }
}
