//! Zoeken: the query language of `klantreis query`, with counts to narrow down by.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use klantreis_index::{Hit, Index, filled_in};
use klantreis_report::escape_formula;
use maud::{Markup, html};
use serde::Deserialize;

use super::{layout, read::encoded};
use crate::{app::App, desk::Desk, guard::Person, words::class};

/// Passages a page.
const PAGE: usize = 50;

/// Values of a facet that are shown.
const VALUES: usize = 12;

/// The facets with their names in the query language.
const FACETS: [(&str, &str, &str); 6] = [
    ("categorie", "Categorie", "Category"),
    ("fase", "Fase", "Phase"),
    ("contactmoment", "Contactmoment", "Touchpoint"),
    ("status", "Status", "Status"),
    ("code", "Code", "Code"),
    ("interview", "Interview", "Interview"),
];

/// What is searched for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Question {
    q: String,
}

/// `GET /zoeken?q=…`.
pub async fn search(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(Question { q }): Query<Question>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let index = (!q.trim().is_empty()).then(|| app.index());
        let desk = app.desk();
        let words = desk.words();
        let found = index.map(|index| results(&desk, &*index?, &q));
        let body = html! {
            h1 { (words.say("Zoeken", "Search")) }
            form.search method="get" role="search" {
                label.hidden for="q" { (words.say("Zoekvraag", "Query")) }
                input #q name="q" value=(q) autocomplete="off" spellcheck="false" placeholder=(words.say("wachtwoord* categorie:pijnpunt fase:ontvangen", "wachtwoord* categorie:pijnpunt"));
                button.main { (words.say("Zoek", "Search")) }
            }
            p.hint { (words.say("Woorden, \"een zin\", wacht*, wachtwoord~1, EN/OF/NIET, fase:…, categorie:…, contactmoment:…, emotie:<0, status:…", "Words, \"a phrase\", wacht*, wachtwoord~1, EN/OF/NIET, fase:…, categorie:…, contactmoment:…, emotie:<0, status:…")) }
            (saved(&desk, &q))
            @match found {
                None => {}
                Some(Err(error)) => { p.error role="alert" lang="en" { (error) } }
                Some(Ok(markup)) => { (markup) }
            }
        };
        layout::page(&desk, &person, "/zoeken", "search", words.say("Zoeken", "Search"), &body)
    })
}

/// The saved queries, and the form that saves this one.
fn saved(desk: &Desk, q: &str) -> Markup {
    let words = desk.words();
    let queries = &desk.study.queries;
    let is_new = !q.trim().is_empty() && !queries.keys().any(|name| q.trim() == format!("@{name}"));
    html! {
        @if !queries.is_empty() {
            div.saved-queries {
                (words.say("Bewaarde vragen:", "Saved queries:"))
                ul { @for (name, query) in queries {
                    li { a href={ "/zoeken?q=" (encoded(&format!("@{name}"))) } title=(query) { "@" (name) }
                        form method="post" action="/api/query" data-save="" {
                            input type="hidden" name="name" value=(name);
                            input type="hidden" name="q" value="";
                            button.small aria-label={ (words.say("Verwijder ", "Remove ")) (name) } { "×" }
                        } }
                } }
            }
        }
        @if is_new {
            form.search.save method="post" action="/api/query" data-save="" {
                input type="hidden" name="q" value=(q);
                label for="name" { (words.say("Bewaar deze vraag als", "Save this query as")) " @" }
                input #name name="name" maxlength="40" autocomplete="off" required;
                button { (words.say("Bewaar", "Save")) }
            }
        }
    }
}

/// The facets: those of the codings, and those of the participants.
fn facets(desk: &Desk) -> Vec<(String, String)> {
    let words = desk.words();
    let mut out: Vec<(String, String)> =
        FACETS.iter().map(|(name, nl, en)| ((*name).to_owned(), words.say(nl, en).to_owned())).collect();
    let names: BTreeSet<&String> = desk.coded.iter().flat_map(|c| c.transcript.attributes.keys()).collect();
    let is_field = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    for name in names.into_iter().filter(|name| is_field(name) && !FACETS.iter().any(|f| f.0 == name.as_str())) {
        let mut letters = name.chars();
        let shown = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        out.push((name.clone(), shown.unwrap_or_default()));
    }
    out
}

fn results(desk: &Desk, index: &Index, q: &str) -> Result<Markup, String> {
    let words = desk.words();
    let filled = filled_in(&desk.study.queries, q).map_err(|e| e.to_string())?;
    let hits = index.search(&filled, PAGE).map_err(|e| e.to_string())?;
    let mut counted = Vec::new();
    for (name, shown) in facets(desk) {
        // A column of participants.csv may be called as the query language calls something else.
        let counts = index.count_by(&filled, &name).unwrap_or_default();
        let is_own = FACETS.iter().any(|f| f.0 == name);
        // What all have in common narrows nothing down.
        if counts.len() > usize::from(!is_own) {
            counted.push((name, shown, counts));
        }
    }
    Ok(html! {
        p { b { (hits.total) } " " (words.say("passages", "passages"))
            @if hits.total > PAGE { ", " (PAGE) " " (words.say("getoond", "shown")) }
            @if hits.total > 0 { " · " a href={ "/zoeken.csv?q=" (encoded(q)) } { (words.say("alles als CSV", "all as CSV")) } }
            @if !counted.is_empty() { span.refine { " · " a href="#facets" { (words.say("verfijnen", "narrow down")) } } } }
        div.found {
            ol.hits { @for hit in &hits.hits { (passage(desk, hit)) } }
            div.facets #facets {
                @for (name, shown, counts) in &counted {
                    section { h2 { (shown) }
                        ul { @for count in counts.iter().take(VALUES) {
                            li { a href={ "/zoeken?q=" (encoded(&format!("({q}) {name}:\"{}\"", count.value))) } { (desk.value_name(name, &count.value)) } " "
                                span.quiet { (count.passages) } }
                        } } }
                }
            }
        }
    })
}

fn passage(desk: &Desk, hit: &Hit) -> Markup {
    let words = desk.words();
    let p = &hit.passage;
    let interview = desk.interview(&p.interview).unwrap_or_default();
    // What stands before each match, and the match.
    let starts = std::iter::once(0).chain(hit.highlights.iter().map(|r| r.end));
    let pieces =
        starts.zip(&hit.highlights).map(|(at, range)| (p.text.get(at..range.start), p.text.get(range.clone())));
    let rest = hit.highlights.last().map_or(0, |r| r.end);
    html! {
        li {
            p.where { a href={ "/lezen?i=" (encoded(&p.interview)) "#turn-" (interview) "-" (p.turn.saturating_sub(1)) } { (p.interview) ", " (p.turn) } " · " (p.speaker) @if !p.time.is_empty() { " · " (p.time) } }
            p.text {
                @for (before, matching) in pieces { (before.unwrap_or_default()) mark { (matching.unwrap_or_default()) } }
                (p.text.get(rest..).unwrap_or_default())
            }
            p.what { @for c in &p.codings {
                @if let Ok(category) = klantreis_study::Category::new(&c.category) {
                    span.tag.(class(&category)) { (words.category(&category)) @if !c.code.is_empty() { " · " (desk.value_name("code", &c.code)) } " · " (desk.value_name("fase", &c.phase)) } " " }
            } }
        }
    }
}

/// `GET /zoeken.csv?q=…`: every passage that is found.
pub async fn search_csv(State(app): State<Arc<App>>, Query(Question { q }): Query<Question>) -> Response {
    tokio::task::block_in_place(|| {
        let filled = filled_in(&app.desk().study.queries, &q).map_err(|e| e.to_string());
        let search = |q: String| app.index()?.search(&q, usize::MAX >> 1).map_err(|e| e.to_string());
        let found = filled.and_then(search);
        match found {
            Err(error) => (StatusCode::BAD_REQUEST, error).into_response(),
            Ok(hits) => {
                let head = [
                    (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                    (header::CONTENT_DISPOSITION, "attachment; filename=\"zoekresultaat.csv\""),
                ];
                (head, table(&hits.hits)).into_response()
            }
        }
    })
}

/// RFC 4180, without formulas that a spreadsheet would run.
fn table(hits: &[Hit]) -> String {
    let mut out = "interview,file,turn,time,speaker,categories,phases,statuses,passage\n".to_owned();
    for Hit { passage: p, .. } in hits {
        let joined =
            |pick: fn(&klantreis_index::HitCoding) -> &str| p.codings.iter().map(pick).collect::<Vec<_>>().join(" ");
        let row = [
            p.interview.clone(),
            p.file.clone(),
            p.turn.to_string(),
            p.time.clone(),
            p.speaker.clone(),
            joined(|c| &c.category),
            joined(|c| &c.phase),
            joined(|c| &c.status),
            p.text.clone(),
        ];
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

fn cell(text: &str) -> String {
    let text = escape_formula(text);
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
}
