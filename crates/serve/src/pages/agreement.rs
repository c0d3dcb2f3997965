//! Overeenstemming: the program against people, and people against each other, with what they differ on to settle.

use std::{collections::BTreeSet, sync::Arc};

use axum::{Extension, extract::State};
use klantreis_coding::{CoderAgreement, Sheet, between_coders};
use klantreis_study::Category;
use maud::{Markup, html};

use super::{layout, read::encoded};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    sides::{Difference, Pair, Side, differences, sides},
    words::{Words, class},
};

/// Sentences on which sides differ that are shown.
const SHOWN: usize = 60;

/// `GET /overeenstemming`.
pub async fn agreement(State(app): State<Arc<App>>, Extension(person): Extension<Person>) -> Markup {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let body = html! {
            h1 { (words.say("Overeenstemming", "Agreement")) }
            p.hint { (words.say("Gemeten per zin van respondenten: draagt ze deze categorie? κ is Cohens kappa, α die van Krippendorff; 1 is volledig gelijk, 0 is toeval.", "Measured a sentence of respondents: does it carry this category? κ is Cohen's kappa, α Krippendorff's; 1 is full agreement, 0 is chance.")) }
            (with_program(&desk))
            (among_people(&desk))
        };
        layout::page(&desk, &person, "/overeenstemming", "agreement", words.say("Overeenstemming", "Agreement"), &body)
    })
}

/// The interviews of which two sides may be seen.
fn compared(desk: &Desk, pair: Pair) -> Vec<(usize, Vec<Side>)> {
    (0..desk.coded.len()).map(|t| (t, sides(desk, pair, t))).filter(|(_, sides)| sides.len() >= 2).collect()
}

fn with_program(desk: &Desk) -> Markup {
    let words = desk.words();
    let whole = compared(desk, Pair::Program);
    html! {
        section {
            h2 { (words.say("Programma en onderzoeker", "Program and researcher")) }
            @if whole.is_empty() {
                p { (words.say("Nog geen interview is helemaal beoordeeld. Meld er een gereed bij Lezen; dan staat hier hoe goed het programma met u overeenkomt.", "No interview is wholly reviewed yet. Mark one as finished on the page Read; then this tells how well the program agrees with you.")) }
            } @else {
                p.quiet { (whole.len()) " "
                    @if whole.len() == 1 { (words.say("beoordeeld interview. ", "reviewed interview. ")) } @else { (words.say("beoordeelde interviews. ", "reviewed interviews. ")) }
                    (words.say("Wie eerst het voorstel ziet, neemt het eerder over: blind coderen meet eerlijker.", "Who sees the proposal first adopts it more easily: coding blind measures more fairly.")) }
                (table(words, &measured(desk, &whole)))
                (differing(desk, Pair::Program, &whole))
            }
        }
    }
}

fn among_people(desk: &Desk) -> Markup {
    let words = desk.words();
    let revealed = compared(desk, Pair::People);
    html! {
        section {
            h2 { (words.say("Mensen onderling", "People among themselves")) }
            @if revealed.is_empty() {
                p { (words.say("Nog geen interview is door twee mensen blind gecodeerd. Met ", "No interview was coded blind by two people yet. With ")) code { "klantreis agreement" } (words.say(" vergelijkt u ook losse bestanden.", " you can compare separate files too.")) }
            } @else {
                (table(words, &measured(desk, &revealed)))
                (differing(desk, Pair::People, &revealed))
            }
        }
    }
}

fn measured(desk: &Desk, compared: &[(usize, Vec<Side>)]) -> Vec<CoderAgreement> {
    let mut names: Vec<String> = Vec::new();
    for side in compared.iter().flat_map(|(_, sides)| sides) {
        if !names.contains(&side.name) {
            names.push(side.name.clone());
        }
    }
    let row = |(t, sides): &(usize, Vec<Side>)| -> Vec<Option<Sheet>> {
        let sheet = |name: &String| Some(sides.iter().find(|side| side.name == *name)?.sheet(desk, *t));
        names.iter().map(sheet).collect()
    };
    between_coders(&names, &compared.iter().map(row).collect::<Vec<_>>())
}

fn table(words: Words, rows: &[CoderAgreement]) -> Markup {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| words.decimal(v, 2));
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("Overeenstemming per categorie", "Agreement a category")) { table {
            thead { tr { th scope="col" { (words.say("Categorie", "Category")) }
                @for pair in rows.first().map_or(&[][..], |r| &r.pairs) { th.n scope="col" { "κ " (pair.first) " – " (pair.second) } }
                th.n scope="col" { "α" } } }
            tbody { @for row in rows {
                tr { th scope="row" { @match &row.category { Some(c) => { (words.category(c)) } None => { (words.say("alles samen", "all together")) } } }
                    @for pair in &row.pairs { td.n { (number(pair.kappa)) } }
                    td.n { (number(row.alpha)) } }
            } }
        } }
    }
}

/// The sentences on which the first two sides that coded them differ, side by side, the open ones first.
fn differing(desk: &Desk, pair: Pair, compared: &[(usize, Vec<Side>)]) -> Markup {
    let words = desk.words();
    let of = |(t, sides): &(usize, Vec<Side>)| {
        let names = [sides[0].name.clone(), sides[1].name.clone()];
        differences(desk, *t, sides).into_iter().map(|d| (*t, names.clone(), d)).collect::<Vec<_>>()
    };
    let mut rows: Vec<(usize, [String; 2], Difference)> = compared.iter().flat_map(of).collect();
    rows.sort_by_key(|(.., d)| d.holds.is_some());
    let open = rows.iter().filter(|(.., d)| d.holds.is_none()).count();
    html! {
        h3 { (rows.len()) " " @if rows.len() == 1 { (words.say("zin verschilt", "sentence differs")) } @else { (words.say("zinnen verschillen", "sentences differ")) }
            ", " (open) " " (words.say("nog te beslechten", "still to settle")) }
        @if !rows.is_empty() {
            p.hint { (words.say("Wie heeft gelijk? Uw keuze wordt een besluit: ze geldt meteen in de klantreis en kan ongedaan worden gemaakt.", "Who is right? Your choice becomes a decision: it holds in the journey at once and can be undone.")) }
        }
        ul.quotes.settle { @for (t, names, d) in rows.iter().take(SHOWN) { (difference(desk, pair, *t, names, d)) } }
        @if rows.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
    }
}

fn difference(desk: &Desk, pair: Pair, t: usize, names: &[String; 2], d: &Difference) -> Markup {
    let words = desk.words();
    let transcript = &desk.coded[t].transcript;
    let turn = &transcript.turns[d.turn];
    html! {
        li.settled[d.holds.is_some()] {
            p.text { "“" (turn.passage(d.sentence..d.sentence + 1)) "”" }
            p.where { a href={ "/lezen?i=" (encoded(&transcript.interview)) "#turn-" (t) "-" (d.turn) } { (transcript.interview) ", " (turn.number) } }
            div.sides {
                @for (n, name) in names.iter().enumerate() {
                    div {
                        span.quiet { (name) ": " } (said(words, &d.said[n]))
                        button type="button" data-settle=(n) data-sides=(pair.as_str()) data-interview=(t) data-turn=(d.turn) data-sentence=(d.sentence)
                            aria-pressed=(d.holds == Some(n)) { (name) " " (words.say("heeft gelijk", "is right")) }
                    }
                }
            }
        }
    }
}

fn said(words: Words, categories: &BTreeSet<Category>) -> Markup {
    html! {
        @if categories.is_empty() { i { (words.say("niets", "nothing")) } }
        @for category in categories { span.tag.(class(category)) { (words.category(category)) } " " }
    }
}
