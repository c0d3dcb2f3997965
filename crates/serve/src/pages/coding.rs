//! A coding in short (a card in the margin) and in full (the panel).

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use klantreis_study::{Coding, Status};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    app::App,
    desk::{Desk, Ref},
    words::{class, letter},
};

/// The sign of a status, beside its word for those who can't see it.
pub fn sign(status: Status) -> &'static str {
    match status {
        Status::Auto => "?",
        Status::Accepted => "✓",
        Status::Changed => "✎",
        Status::Rejected => "✕",
        Status::Manual => "+",
    }
}

/// What it is coded as, in a line.
pub fn short(desk: &Desk, coding: &Coding) -> Markup {
    let words = desk.words();
    html! {
        span.kind { (words.category(&coding.category)) }
        @if let Some(code) = &coding.code { span.code { " · " (desk.code_name(code)) } }
        span.phase { " · " (desk.phase_name(&coding.phase)) }
        @if let Some(t) = &coding.touchpoint { span.touch { " · " (desk.touchpoint_name(t)) } }
    }
}

/// A card in the margin of a transcript.
pub fn card(desk: &Desk, interview: usize, coding: &Coding, key: &str) -> Markup {
    let words = desk.words();
    let decided = desk.state().decided.get(key);
    html! {
        li {
            button.card.(class(&coding.category)).(coding.status.as_str()) type="button" id={ "c-" (interview) "-" (key) }
                data-ref={ (interview) "-" (key) } data-status=(coding.status.as_str())
                data-turn=(coding.turn) data-first=(coding.sentences.start) data-last=(coding.sentences.end - 1) {
                span.sign aria-hidden="true" { (sign(coding.status)) }
                " " span.hidden { (words.status(coding.status)) ": " }
                (short(desk, coding))
                @if coding.status == Status::Auto { span.sure { " " (words.percent(f64::from(coding.confidence.value()))) } }
                @if decided.is_some_and(|d| d.starred) { span.star { " ★" span.hidden { (words.say("ster", "star")) } } }
                @if decided.is_some_and(|d| !d.memos.is_empty()) { span.note { " ✎" span.hidden { (words.say("notitie", "note")) } } }
            }
        }
    }
}

/// Which coding.
#[derive(Deserialize)]
pub struct Which {
    #[serde(rename = "ref")]
    coding: String,
}

/// `GET /paneel?ref=…`.
pub async fn panel(State(app): State<Arc<App>>, Query(which): Query<Which>) -> Result<Markup, StatusCode> {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let wanted = Ref::parse(&which.coding).ok_or(StatusCode::NOT_FOUND)?;
        let place = desk.find(&wanted).ok_or(StatusCode::NOT_FOUND)?;
        Ok(full(&desk, &wanted, place))
    })
}

fn full(desk: &Desk, wanted: &Ref, place: usize) -> Markup {
    let words = desk.words();
    let coded = &desk.coded[wanted.interview];
    let coding = &coded.codings[place];
    let turn = &coded.transcript.turns[coding.turn];
    let decided = desk.state().decided.get(&wanted.key);
    let starred = decided.is_some_and(|d| d.starred);
    let codes = desk
        .codebook
        .codes
        .iter()
        .filter(|c| c.category == coding.category && !desk.state().merged.contains_key(&c.id));
    html! {
        div.detail data-ref=(wanted) data-starred=(starred) {
            h2 { span.sign aria-hidden="true" { (sign(coding.status)) } " " (words.category(&coding.category)) }
            p.status { (words.status(coding.status))
                @if coding.status == Status::Auto { ", " (words.say("zekerheid ", "confidence ")) (words.percent(f64::from(coding.confidence.value()))) } }
            blockquote { (turn.passage(coding.sentences.clone())) }
            div.buttons {
                button.yes type="button" data-do="accept" { "✓ " (words.say("Goed", "Right")) kbd { "a" } }
                button.no type="button" data-do="reject" { "✕ " (words.say("Fout", "Wrong")) kbd { "r" } }
                button type="button" data-do="star" aria-pressed=(starred) { @if starred { "★" } @else { "☆" } " " (words.say("Ster", "Star")) kbd { "s" } }
            }
            fieldset.choice {
                legend { (words.say("Categorie", "Category")) }
                @for category in desk.study.categories() {
                    button.(class(&category)) type="button" data-category=(category) aria-pressed=(category == coding.category) {
                        (words.category(&category)) @if let Some(l) = letter(&category) { kbd { (l) } } }
                }
            }
            fieldset.choice {
                legend { (words.say("Fase", "Phase")) }
                @for (n, phase) in desk.study.phases.iter().enumerate() {
                    button type="button" data-phase=(phase.id) aria-pressed=(phase.id == coding.phase) { (phase.label) @if n < 9 { kbd { (n + 1) } } }
                }
            }
            fieldset.choice {
                legend { (words.say("Zinnen", "Sentences")) }
                button type="button" data-extend="-1,0" { "⇤ " (words.say("begin eerder", "start earlier")) }
                button type="button" data-extend="1,0" { "⇥ " (words.say("begin later", "start later")) }
                button type="button" data-extend="0,-1" { "⇤ " (words.say("eind eerder", "end earlier")) kbd { "E" } }
                button type="button" data-extend="0,1" { "⇥ " (words.say("eind later", "end later")) kbd { "e" } }
            }
            div.fields {
                label { (words.say("Code", "Code"))
                    select data-field="code" {
                        option value="" { "–" }
                        @for code in codes { option value=(code.id) selected[Some(&code.id) == coding.code.as_ref()] { (desk.code_name(&code.id)) } }
                    } }
                label { (words.say("Contactmoment", "Touchpoint"))
                    select data-field="touchpoint" {
                        option value="" { "–" }
                        @for t in &desk.study.touchpoints { option value=(t.id) selected[Some(&t.id) == coding.touchpoint.as_ref()] { (t.label) } }
                    } }
                label { (words.say("Emotie", "Emotion"))
                    select data-field="emotion" {
                        @for (value, nl, en) in [(-2, "heel negatief", "very negative"), (-1, "negatief", "negative"), (0, "neutraal", "neutral"), (1, "positief", "positive"), (2, "heel positief", "very positive")] {
                            option value=(value) selected[value == i32::from(coding.emotion.value())] { (value) " – " (words.say(nl, en)) }
                        }
                    } }
            }
            label.memo { (words.say("Notitie", "Note")) kbd { "m" }
                textarea rows="2" data-field="memo" { @for memo in decided.iter().flat_map(|d| &d.memos).take(1) { (memo.text) } } }
            @for memo in decided.iter().flat_map(|d| &d.memos) { p.quiet { (memo.who) ": " (memo.text) } }
            @if !coding.reasons.is_empty() {
                details open {
                    summary { (words.say("Waarom dit voorstel", "Why this proposal")) }
                    table.reasons {
                        @for reason in &coding.reasons {
                            tr { td.n { (words.decimal(f64::from(reason.weight), 2)) } td lang="en" { (reason.label) } }
                        }
                    }
                    p.hint { (words.say("Boven nul sprak ervoor, onder nul ertegen. De zinnen eromheen en de vraag wegen ook mee.",
                        "Above zero spoke for it, below zero against. The sentences around it and the question weigh too.")) }
                }
            }
            @if desk.history(&wanted.key).next().is_some() {
                details open {
                    summary { (words.say("Geschiedenis", "History")) }
                    ul.history { @for e in desk.history(&wanted.key) {
                        li { time { (e.at.get(..16).unwrap_or(&e.at).replace('T', " ")) } " " (e.who) " " (words.done(e.what.word())) @if !e.why.is_empty() { ": " (e.why) } }
                    } }
                }
            }
        }
    }
}
