//! Codeboek: all codes with their definitions and counts, and what a cue would find.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_study::{CodeId, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{layout, read::encoded};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    trial::{Found, Trial, interviews},
    words::{Words, class},
};

/// Sentences that are shown of a cue's finds.
const SHOWN: usize = 20;

/// A cue to try.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    cue: String,
    /// In all interviews, however long it takes.
    all: bool,
}

/// `GET /codeboek`.
pub async fn codebook(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(Wanted { cue, all }): Query<Wanted>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let trial = (!cue.trim().is_empty()).then(|| app.trial(std::slice::from_ref(&cue), all));
        let desk = app.desk();
        let words = desk.words();
        let body = html! {
            h1 { (words.say("Codeboek", "Codebook")) }
            (stale(&desk, None))
            section {
                h2 { (words.say("Een trefwoord proberen", "Try a cue")) }
                form.search method="get" {
                    label.hidden for="cue" { (words.say("Trefwoord", "Cue")) }
                    input #cue name="cue" value=(cue) autocomplete="off" placeholder="loopt … vast";
                    button { (words.say("Wat vindt dit?", "What does this find?")) }
                }
                @if let Some(trial) = &trial { (finds(words, &cue, trial)) }
            }
            section {
                h2 { (words.say("Codes", "Codes")) }
                p.hint { (words.say("Een andere naam of een samenvoeging is een besluit: het geldt meteen en kan ongedaan worden gemaakt. Kies Bewerken voor de definitie, de trefwoorden en de uitspraken, en om een code te splitsen.", "Another name or a merge is a decision: it holds at once and can be undone. Choose Edit for the definition, the cues and the quotes, and to split a code.")) }
                (codes(&desk))
            }
        };
        layout::page(&desk, &person, "/codeboek", "codebook", words.say("Codeboek", "Codebook"), &body)
    })
}

/// That the proposals were made with an older codebook, and the button that makes them anew.
pub fn stale(desk: &Desk, code: Option<&CodeId>) -> Markup {
    let words = desk.words();
    html! {
        @if desk.is_stale() {
            form.notice method="post" action="/api/reread" {
                p { (words.say("Het codeboek is veranderd. De voorstellen volgen als u opnieuw laat coderen; uw besluiten blijven.", "The codebook has changed. The proposals follow once you code again; your decisions stay.")) }
                @if let Some(code) = code { input type="hidden" name="code" value=(code); }
                button.main { (words.say("Codeer opnieuw", "Code again")) }
            }
        }
    }
}

fn finds(words: Words, cue: &str, trial: &Trial) -> Markup {
    if let Some(error) = &trial.errors[0] {
        return html! { p.error role="alert" lang="en" { (error) } };
    }
    let rows: Vec<&Found> = trial.found.iter().collect();
    let n = interviews(trial.found.iter());
    html! {
        p { @if trial.is_partial() { (words.say("Ten minste ", "At least ")) }
            b { (rows.len()) } " " @if rows.len() == 1 { (words.say("zin in ", "sentence in ")) } @else { (words.say("zinnen in ", "sentences in ")) }
            b { (n) } " " @if n == 1 { "interview" } @else { "interviews" } }
        (searched(words, trial, &format!("/codeboek?cue={}&all=true", encoded(cue))))
        (sentences(words, trial, &rows))
    }
}

/// In which part of the study cues were tried, and where to try them in all of it.
pub fn searched(words: Words, trial: &Trial, all: &str) -> Markup {
    html! {
        @if trial.is_partial() {
            p.hint { (words.say("Gezocht in ", "Looked in ")) (trial.searched) (words.say(" van de ", " of the ")) (trial.coded.len())
                (words.say(" interviews, verspreid over het onderzoek. ", " interviews, from all over the study. "))
                a href=(all) { (words.say("Zoek in alle interviews", "Look in all interviews")) } }
        }
    }
}

/// The first of the sentences that were found.
pub fn sentences(words: Words, trial: &Trial, rows: &[&Found]) -> Markup {
    html! {
        ul.quotes { @for row in rows.iter().take(SHOWN) {
            @let transcript = &trial.coded[row.interview].transcript;
            li { p.text { "“" (trial.text(row)) "”" } p.where { a href={ "/lezen?i=" (encoded(&transcript.interview)) "#turn-" (row.interview) "-" (row.turn) } { (transcript.interview) ", " (transcript.turns[row.turn].number) } } }
        } }
        @if rows.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
    }
}

/// Number of quotes that carry each code.
fn counts(desk: &Desk) -> BTreeMap<&CodeId, usize> {
    let mut counts = BTreeMap::new();
    for code in desk.codings().filter(|(.., c)| c.status != Status::Rejected).filter_map(|(.., c)| c.code.as_ref()) {
        *counts.entry(code).or_insert(0) += 1;
    }
    counts
}

fn codes(desk: &Desk) -> Markup {
    let words = desk.words();
    let counts = counts(desk);
    html! {
        @for category in desk.study.categories() {
            h3.(class(&category)) { (words.category(&category)) }
            div.scroll tabindex="0" role="region" aria-label=(words.category(&category)) { table.wide.codes {
                thead { tr { th scope="col" { (words.say("Naam", "Name")) } th.n scope="col" { (words.say("Uitspraken", "Quotes")) } th scope="col" { (words.say("Definitie", "Definition")) } th scope="col" { (words.say("Samenvoegen met", "Merge with")) } td {} } }
                tbody { @for code in desk.codebook.codes.iter().filter(|c| c.category == category) {
                    tr {
                        td { (name_field(desk, &code.id)) }
                        td.n { (counts.get(&code.id).copied().unwrap_or(0)) }
                        td { (code.meaning(desk.study.language)) }
                        td { (merge_field(desk, &code.id)) }
                        td { a href={ "/codeboek/code?c=" (encoded(code.id.as_str())) } { (words.say("Bewerken", "Edit")) span.hidden { " " (desk.code_name(&code.id)) } } }
                    }
                } }
            } }
        }
    }
}

/// The name of a code, to change.
pub fn name_field(desk: &Desk, code: &CodeId) -> Markup {
    html! { input data-rename=(code) value=(desk.code_name(code)) maxlength="80" aria-label={ (desk.words().say("Naam van ", "Name of ")) (code) }; }
}

/// What a code goes into.
pub fn merge_field(desk: &Desk, id: &CodeId) -> Markup {
    let category = desk.codebook.code(id).map(|code| &code.category);
    let others = desk.codebook.codes.iter().filter(|c| Some(&c.category) == category && c.id != *id);
    html! {
        select data-merge=(id) aria-label={ (desk.words().say("Voeg samen: ", "Merge: ")) (desk.code_name(id)) } {
            option value="" { "–" }
            @for other in others {
                option value=(other.id) selected[desk.state().merged.get(id) == Some(&other.id)] { (desk.code_name(&other.id)) }
            } }
    }
}
