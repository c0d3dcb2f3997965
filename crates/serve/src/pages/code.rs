//! One code of the codebook: its definition, its cues with what they find before they are saved, and its quotes to split off.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use klantreis_study::{Code, CodeId, Coding, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    codebook::{merge_field, name_field, searched, sentences, stale},
    coding::{short, sign},
    layout,
    read::encoded,
};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    saving::cue_lines,
    trial::{Found, Trial, interviews},
    words::{Words, class},
};

/// Quotes that are shown.
const SHOWN: usize = 200;

/// Which code, and what is typed but not saved.
#[derive(Deserialize)]
pub struct Which {
    c: String,
    cues: Option<String>,
    definition: Option<String>,
    #[serde(default)]
    saved: String,
    /// Try the cues in all interviews, however long it takes.
    #[serde(default)]
    all: bool,
}

/// `GET /codeboek/code?c=…`.
pub async fn code(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(which): Query<Which>,
) -> Response {
    tokio::task::block_in_place(|| {
        let id = CodeId::new(&which.c).ok();
        let own = |desk: &Desk| id.as_ref().and_then(|id| desk.own_code(id)).cloned();
        let Some(code) = own(&app.desk()) else {
            return Redirect::to("/codeboek").into_response();
        };
        let typed = which.cues.clone().unwrap_or_else(|| code.cues.join("\n"));
        let cues = cue_lines(&typed);
        let trial = app.trial(&cues, which.all);
        let desk = app.desk();
        let words = desk.words();
        let name = desk.code_name(&code.id);
        let body = html! {
            p { a href="/codeboek" { "← " (words.say("Codeboek", "Codebook")) } }
            h1 { (name) " " span.tag.(class(&code.category)) { (words.category(&code.category)) } }
            @if which.saved == "1" { p.notice role="status" { (words.say("Bewaard in codebook.toml.", "Saved in codebook.toml.")) } }
            (stale(&desk, Some(&code.id)))
            div.columns {
                section { h2 { (words.say("Definitie en trefwoorden", "Definition and cues")) } (editor(&desk, &code, &which, &typed)) div #counts aria-live="polite" { (counts(words, &code, &cues, &trial)) } }
                section { h2 { (words.say("Naam en samenvoegen", "Name and merging")) }
                    p.fields { label { (words.say("Naam", "Name")) (name_field(&desk, &code.id)) }
                        label { (words.say("Al zijn uitspraken naar", "All its quotes to")) (merge_field(&desk, &code.id)) } }
                    p.hint { (words.say("Dit zijn besluiten: ze gelden meteen en kunnen ongedaan worden gemaakt.", "These are decisions: they hold at once and can be undone.")) } }
            }
            (quotes(&desk, &code))
        };
        layout::page(&desk, &person, "/codeboek", "code", name, &body).into_response()
    })
}

fn editor(desk: &Desk, code: &Code, which: &Which, typed: &str) -> Markup {
    let words = desk.words();
    let definition = which.definition.as_deref().unwrap_or_else(|| code.meaning(desk.study.language));
    html! {
        form.edit method="post" action="/api/code" data-save="" data-trial="" {
            input type="hidden" name="id" value=(code.id);
            label { (words.say("Definitie", "Definition")) textarea name="definition" rows="2" { (definition) } }
            label { (words.say("Trefwoorden, een per regel", "Cues, one a line"))
                textarea name="cues" rows=(typed.lines().count().clamp(6, 24)) spellcheck="false" aria-describedby="cue-help" { (typed) } }
            p.hint #cue-help { (words.say("loop … vast: met woorden ertussen · wacht*: begint zo · \"op slot\": precies zo · a | b: een van beide · drempel !over de drempel: niet als dat er staat · ^0.4: weegt zo zwaar", "loop … vast: with words between · wacht*: begins so · \"op slot\": exactly so · a | b: either · drempel !over de drempel: not when that is there · ^0.4: weighs so much")) }
            p.buttons {
                button.main { (words.say("Bewaar in codebook.toml", "Save in codebook.toml")) }
                button formmethod="get" formaction="/codeboek/code" name="c" value=(code.id) data-count="" { (words.say("Tel eerst", "Count first")) }
            }
        }
        @if let Some(before) = desk.before_edit(&code.id) {
            form method="post" action="/api/code" data-save="" {
                input type="hidden" name="id" value=(code.id);
                input type="hidden" name="definition" value=(before.meaning(desk.study.language));
                textarea name="cues" hidden { (before.cues.join("\n")) }
                button { "↶ " (words.say("Zet terug wat er stond", "Put back what was there")) }
            }
        }
    }
}

/// What the cues find as they are typed.
fn counts(words: Words, code: &Code, cues: &[String], trial: &Trial) -> Markup {
    let has_code = |f: &&Found| {
        let is_here = |c: &Coding| c.turn == f.turn && c.sentences.contains(&f.sentence);
        let codings = trial.coded[f.interview].codings.iter();
        codings.filter(|c| is_here(c)).any(|c| c.code.as_ref() == Some(&code.id) && c.status != Status::Rejected)
    };
    let (known, new): (Vec<&Found>, Vec<&Found>) = trial.found.iter().partition(has_code);
    let of = |n: usize| trial.found.iter().filter(move |f| f.cues.contains(&n));
    let all = format!("/codeboek/code?c={}&cues={}&all=true", encoded(code.id.as_str()), encoded(&cues.join("\n")));
    html! {
        p { (words.say("Zinnen die ze samen vinden: ", "Sentences that they find together: "))
            @if trial.is_partial() { (words.say("ten minste ", "at least ")) } b { (trial.found.len()) }
            (words.say("; met deze code al: ", "; with this code already: ")) b { (known.len()) } "." }
        (searched(words, trial, &all))
        table.cues {
            thead { tr { th scope="col" { (words.say("Trefwoord", "Cue")) } th.n scope="col" { (words.say("Zinnen", "Sentences")) } th.n scope="col" { (words.say("Interviews", "Interviews")) } } }
            tbody { @for (n, cue) in cues.iter().enumerate() {
                tr.new[!code.cues.contains(cue)] {
                    th scope="row" { (cue) @if !code.cues.contains(cue) { " " span.tag { (words.say("nieuw", "new")) } } }
                    @if let Some(error) = &trial.errors[n] { td.error colspan="2" lang="en" { (error.reason) } }
                    @else { td.n { (of(n).count()) } td.n { (interviews(of(n))) } }
                }
            } }
        }
        @if !new.is_empty() {
            details { summary { (words.say("Zinnen zonder deze code", "Sentences without this code")) " (" (new.len()) ")" } (sentences(words, trial, &new)) }
        }
    }
}

/// The quotes of a code, of which some can go to another one.
fn quotes(desk: &Desk, code: &Code) -> Markup {
    let words = desk.words();
    let here: Vec<(usize, usize, &Coding)> =
        desk.codings().filter(|(.., c)| c.code.as_ref() == Some(&code.id) && c.status != Status::Rejected).collect();
    let mut keys = HashMap::new();
    let others = desk.codebook.codes.iter().filter(|c| c.category == code.category && c.id != code.id);
    html! {
        section #split {
            h2 { (here.len()) " " @if here.len() == 1 { (words.say("uitspraak", "quote")) } @else { (words.say("uitspraken", "quotes")) } }
            @if !here.is_empty() {
                p.hint { (words.say("Splitsen: kies de uitspraken die iets anders zeggen en geef ze een andere of een nieuwe code. Dat is één besluit.", "Splitting: choose the quotes that say something else and give them another code or a new one. That is one decision.")) }
                form.choices data-split=(code.id) {
                    label { (words.say("Naar", "To"))
                        select name="into" { option value="" { (words.say("een nieuwe code", "a new code")) }
                            @for other in others { option value=(other.id) { (desk.code_name(&other.id)) } } } }
                    label { (words.say("Naam van de nieuwe code", "Name of the new code")) input name="name" maxlength="64" autocomplete="off"; }
                    button.main { (words.say("Splits de gekozen uitspraken af", "Split the chosen quotes off")) }
                }
            }
            ul.quotes { @for (t, n, coding) in here.iter().take(SHOWN) {
                @let key = keys.entry(*t).or_insert_with(|| desk.keys(*t))[*n].clone();
                @let transcript = &desk.coded[*t].transcript;
                @let turn = &transcript.turns[coding.turn];
                li.(class(&coding.category)) {
                    label.pick { input type="checkbox" value={ (t) "-" (key) }; " “" (turn.passage(coding.sentences.clone())) "”" }
                    p.where { a href={ "/lezen?i=" (encoded(&transcript.interview)) "#c-" (t) "-" (key) } { (transcript.interview) ", " (turn.number) }
                        " · " span aria-hidden="true" { (sign(coding.status)) } " " (short(desk, coding)) " · " span.quiet { (words.status(coding.status)) } }
                }
            } }
            @if here.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
        }
    }
}
