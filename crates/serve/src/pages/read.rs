//! Lezen: a transcript with its codings as underlines and in the margin.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use klantreis_review::{Decided, Progress, Text, place};
use klantreis_study::{Coding, Role, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{coding::card, layout};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    words::{class, letter},
};

/// Which interview.
#[derive(Deserialize)]
pub struct Which {
    i: Option<String>,
    /// `1`: as one of two coders who see neither the program's proposals nor each other's codings.
    #[serde(default)]
    blind: String,
    /// A decision whose words stand elsewhere now.
    #[serde(default)]
    place: String,
}

/// A name as it stands in an address.
pub fn encoded(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// `GET /lezen?i=…`.
pub async fn read(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(which): Query<Which>,
) -> Response {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let Some(interview) = which.i.as_deref().and_then(|name| desk.interview(name)) else {
            let open = desk.coded.iter().find(|c| !Progress::of(c, desk.state()).is_whole()).or(desk.coded.first());
            let address = open.map_or("/".to_owned(), |c| format!("/lezen?i={}", encoded(&c.transcript.interview)));
            return Redirect::to(&address).into_response();
        };
        let transcript = &desk.coded[interview].transcript;
        let blind = which.blind == "1";
        let lost = desk.state().decided.get(&which.place).filter(|d| d.coding.file == transcript.file);
        let shown = if blind { blind_codings(&desk, interview, &person.who) } else { codings(&desk, interview) };
        let body = html! {
            div.reading {
                div.transcript {
                    div.head {
                        h1 { (transcript.interview) }
                        @if !transcript.attributes.is_empty() {
                            p.quiet { @for (n, (key, value)) in transcript.attributes.iter().enumerate() { @if n > 0 { " · " } (key) ": " (value) } }
                        }
                        nav.others aria-label=(words.say("Andere interviews", "Other interviews")) {
                            @if interview > 0 { a rel="prev" href={ "/lezen?i=" (encoded(&desk.coded[interview - 1].transcript.interview)) } { "← " (desk.coded[interview - 1].transcript.interview) } }
                            @if let Some(next) = desk.coded.get(interview + 1) { a rel="next" href={ "/lezen?i=" (encoded(&next.transcript.interview)) } { (next.transcript.interview) " →" } }
                        }
                        @if let Some(lost) = lost { (place_bar(&desk, lost)) }
                        @else if blind { (blind_bar(&desk, interview, &person.who)) }
                        @else { (review_bar(&desk, interview)) }
                        ul.legend aria-label=(words.say("Legenda", "Legend")) {
                            @for category in desk.study.categories() {
                                li { span.s.(class(&category)) { (words.category(&category)) } @if let Some(l) = letter(&category) { " " kbd { (l) } } }
                            }
                            li.quiet { kbd { "?" } " " (words.say("alle toetsen", "all keys")) }
                        }
                        @if lost.is_none() { p.hint { (words.say("Selecteer tekst om zelf te coderen.", "Select text to code it yourself.")) } }
                    }
                    @for t in 0..transcript.turns.len() { (turn_with(&desk, interview, t, &shown)) }
                }
                aside #panel aria-label=(words.say("Gekozen codering", "Chosen coding")) aria-live="polite" {
                    p.hint { (words.say("Kies een codering in de marge, of druk op j.", "Choose a coding in the margin, or press j.")) }
                }
            }
            div #coder hidden role="dialog" aria-label=(words.say("Codeer de selectie", "Code the selection")) data-interview=(interview) {
                @if lost.is_some() {
                    button.main type="button" data-place=(which.place) { (words.say("Hier staat het nu", "It stands here now")) }
                } @else { @for category in desk.study.categories() {
                    button.(class(&category)) type="button" data-add=(category) { (words.category(&category)) @if let Some(l) = letter(&category) { kbd { (l) } } }
                } }
                button type="button" data-add="" { (words.say("Annuleer", "Cancel")) }
            }
        };
        let view = match lost {
            Some(_) => "place",
            None if blind => "blind",
            None => "read",
        };
        layout::page(&desk, &person, "/lezen", view, &transcript.interview, &body).into_response()
    })
}

/// How far the review of an interview is, and the button that ends it.
pub fn review_bar(desk: &Desk, interview: usize) -> Markup {
    let words = desk.words();
    let p = Progress::of(&desk.coded[interview], desk.state());
    let finished = !p.finished_by.is_empty();
    html! {
        div #review {
            progress max=((p.open + p.decided()).max(1)) value=(p.decided()) aria-label=(words.say("Voortgang", "Progress")) {}
            span { " " (p.decided()) " / " (p.open + p.decided()) " " (words.say("beslist", "decided")) " " }
            button type="button" data-do="finish" data-interview=(interview) data-on=(!finished) {
                @if finished { (words.say("Weer openen", "Open again")) } @else { (words.say("Gereed melden", "Mark as finished")) }
            }
            a href={ "/lezen?blind=1&i=" (encoded(&desk.coded[interview].transcript.interview)) } { (words.say("blind coderen", "code blind")) }
            @if finished {
                span.quiet { " " (words.say("gereed volgens ", "finished by ")) (p.finished_by.join(", "))
                    @if p.open > 0 { ". " (p.open) " " (words.say("open voorstellen gelden daarmee als niet goed om van te leren", "open proposals count as not right to learn from")) } }
            }
        }
    }
}

/// What is looked for, where someone says where the words of a decision stand now.
fn place_bar(desk: &Desk, lost: &Decided) -> Markup {
    let words = desk.words();
    html! {
        div.notice #review {
            p { b { (words.say("Waar staat dit nu?", "Where does this stand now?")) } " " (words.say("Selecteer de woorden in het transcript.", "Select the words in the transcript.")) }
            blockquote { span.around { (lost.coding.anchor.prefix) } mark { (lost.coding.anchor.exact) } span.around { (lost.coding.anchor.suffix) } }
            p { span.tag.(class(&lost.coding.category)) { (words.category(&lost.coding.category)) } @if let Some(status) = lost.verdict { " " (words.status(status)) }
                " · " a href="/#lost" { (words.say("terug naar de lijst", "back to the list")) } }
        }
    }
}

/// The bar of a second coder, and the way in and out.
fn blind_bar(desk: &Desk, interview: usize, who: &str) -> Markup {
    let words = desk.words();
    let transcript = &desk.coded[interview].transcript;
    let finished = desk.state().blind.has_finished(&transcript.file, who);
    html! {
        div #review {
            b { (words.say("Blind coderen", "Coding blind")) }
            button type="button" data-do="finish" data-blind="" data-interview=(interview) data-on=(!finished) {
                @if finished { (words.say("Weer openen", "Open again")) } @else { (words.say("Gereed melden", "Mark as finished")) }
            }
            a href={ "/lezen?i=" (encoded(&transcript.interview)) } { (words.say("terug naar de voorstellen", "back to the proposals")) }
        }
        p.hint { (words.say("U ziet alleen uw eigen coderingen. Zijn twee mensen gereed, dan staat hun overeenkomst bij Overeenstemming. r neemt een gekozen codering terug.", "You see your own codings only. Once two people have finished, their agreement is on the page Agreement. r takes a chosen coding back.")) }
    }
}

/// The codings of an interview with their keys.
fn codings(desk: &Desk, interview: usize) -> Vec<(Coding, String)> {
    desk.coded[interview].codings.iter().cloned().zip(desk.keys(interview)).collect()
}

/// What `who` coded without seeing anything else.
fn blind_codings(desk: &Desk, interview: usize, who: &str) -> Vec<(Coding, String)> {
    let transcript = &desk.coded[interview].transcript;
    let text = Text::of(transcript);
    let own = desk.state().blind.own(&transcript.file, who);
    let placed =
        own.into_iter().filter_map(|target| Some((target.coding_at(place(&text, &target.anchor)?), target.key())));
    let mut out: Vec<(Coding, String)> = placed.collect();
    out.sort_by(|(a, _), (b, _)| {
        (a.turn, a.sentences.start, &a.category).cmp(&(b.turn, b.sentences.start, &b.category))
    });
    out
}

/// A turn with its margin.
pub fn turn(desk: &Desk, interview: usize, turn: usize) -> Markup {
    turn_with(desk, interview, turn, &codings(desk, interview))
}

fn turn_with(desk: &Desk, interview: usize, t: usize, all: &[(Coding, String)]) -> Markup {
    let turn = &desk.coded[interview].transcript.turns[t];
    let here: Vec<&(Coding, String)> = all.iter().filter(|(c, _)| c.turn == t).collect();
    let role = if turn.role == Role::Interviewer { "interviewer" } else { "respondent" };
    html! {
        section.turn.(role) id={ "turn-" (interview) "-" (t) } data-turn=(t) {
            div.words {
                h2 { (turn.speaker) " " @if let Some(start) = turn.start { time { (start) } " " } span.quiet { (turn.number) } }
                p {
                    @for (n, sentence) in turn.sentences.iter().enumerate() {
                        (turn.text.get(n.checked_sub(1).map_or(0, |b| turn.sentences[b].end)..sentence.start).unwrap_or_default())
                        span class=(classes(&here, n)) data-s=(n) { (turn.text[sentence.clone()]) }
                    }
                    (turn.text.get(turn.sentences.last().map_or(0, |s| s.end)..).unwrap_or_default())
                }
            }
            @if !here.is_empty() {
                ul.margin aria-label=(desk.words().say("Coderingen", "Codings")) {
                    @for (coding, key) in here.iter().copied() { (card(desk, interview, coding, key)) }
                }
            }
        }
    }
}

/// The underlines of a sentence: rejected codings have none.
fn classes(here: &[&(Coding, String)], sentence: usize) -> String {
    let mut out = "s".to_owned();
    for (coding, _) in here.iter().filter(|(c, _)| c.sentences.contains(&sentence) && c.status != Status::Rejected) {
        let class = class(&coding.category);
        if !out.split(' ').any(|c| c == class) {
            out.push(' ');
            out.push_str(class);
        }
    }
    out
}
