//! Codeboek: codes with their definitions and counts, and what a cue would find before it is saved.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
};
use klantreis_coding::{Cue, Matcher, Words as WordCache};
use klantreis_study::Status;
use maud::{Markup, html};
use serde::Deserialize;

use super::{layout, read::encoded};
use crate::{app::App, desk::Desk, guard::Person, words::class};

/// Sentences that are shown of a cue's finds.
const SHOWN: usize = 20;

/// A cue to try.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Trial {
    cue: String,
}

/// `GET /codeboek`.
pub async fn codebook(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Query(Trial { cue }): Query<Trial>,
) -> Markup {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let body = html! {
            h1 { (words.say("Codeboek", "Codebook")) }
            section {
                h2 { (words.say("Een trefwoord proberen", "Try a cue")) }
                form.search method="get" {
                    label.hidden for="cue" { (words.say("Trefwoord", "Cue")) }
                    input #cue name="cue" value=(cue) autocomplete="off" placeholder="loopt … vast";
                    button { (words.say("Wat vindt dit?", "What does this find?")) }
                }
                @if !cue.trim().is_empty() { (finds(&desk, &cue)) }
            }
            section {
                h2 { (words.say("Codes", "Codes")) }
                p.hint { (words.say("Een andere naam of een samenvoeging is een besluit: het geldt meteen en kan ongedaan worden gemaakt. Definities en trefwoorden staan in codebook.toml.", "Another name or a merge is a decision: it holds at once and can be undone. Definitions and cues are in codebook.toml.")) }
                (codes(&desk))
            }
        };
        layout::page(&desk, &person, "/codeboek", "codebook", words.say("Codeboek", "Codebook"), &body)
    })
}

fn finds(desk: &Desk, text: &str) -> Markup {
    let words = desk.words();
    let mut cache = WordCache::new();
    let cue = match Cue::parse(text, cache.stemmer()) {
        Ok(cue) => cue,
        Err(error) => return html! { p.error role="alert" lang="en" { (error) } },
    };
    let matcher = Matcher::new(vec![cue]);
    let (mut found, mut rows, mut interviews) = (Vec::new(), Vec::new(), 0);
    for (t, coded) in desk.coded.iter().enumerate() {
        let before = rows.len();
        for (turn, s) in
            coded.transcript.respondent_turns().flat_map(|(t, turn)| (0..turn.sentences.len()).map(move |s| (t, s)))
        {
            let sentence = coded.transcript.turns[turn].passage(s..s + 1);
            matcher.find(&cache.sentence(sentence), &mut found);
            if found.iter().any(|m| !m.negated) {
                rows.push((t, turn, sentence));
            }
        }
        interviews += usize::from(rows.len() > before);
    }
    html! {
        p { b { (rows.len()) } " " (words.say("zinnen in ", "sentences in ")) b { (interviews) } " interviews" }
        ul.quotes { @for (t, turn, sentence) in rows.iter().take(SHOWN) {
            @let transcript = &desk.coded[*t].transcript;
            li { p.text { "“" (sentence) "”" } p.where { a href={ "/lezen?i=" (encoded(&transcript.interview)) "#turn-" (t) "-" (turn) } { (transcript.interview) ", " (turn + 1) } } }
        } }
    }
}

fn codes(desk: &Desk) -> Markup {
    let words = desk.words();
    let mut counts = std::collections::BTreeMap::new();
    for coding in desk.coded.iter().flat_map(|c| &c.codings).filter(|c| c.status != Status::Rejected) {
        if let Some(code) = &coding.code {
            *counts.entry(code.clone()).or_insert(0) += 1;
        }
    }
    html! {
        @for category in desk.study.categories() {
            h3.(class(&category)) { (words.category(&category)) }
            div.scroll { table.wide {
                thead { tr { th scope="col" { (words.say("Naam", "Name")) } th.n scope="col" { (words.say("uitspraken", "quotes")) } th scope="col" { (words.say("Definitie", "Definition")) } th scope="col" { (words.say("Samenvoegen met", "Merge with")) } } }
                tbody { @for code in desk.codebook.codes.iter().filter(|c| c.category == category) {
                    tr {
                        td { input data-rename=(code.id) value=(desk.code_name(&code.id)) maxlength="80" aria-label={ (words.say("Naam van ", "Name of ")) (code.id) }; }
                        td.n { (counts.get(&code.id).copied().unwrap_or(0)) }
                        td { (code.definition) }
                        td { select data-merge=(code.id) aria-label={ (words.say("Voeg samen: ", "Merge: ")) (code.id) } {
                            option value="" { "–" }
                            @for other in desk.codebook.codes.iter().filter(|c| c.category == category && c.id != code.id) {
                                option value=(other.id) selected[desk.state.merged.get(&code.id) == Some(&other.id)] { (desk.code_name(&other.id)) }
                            } } }
                    }
                } }
            } }
        }
    }
}
