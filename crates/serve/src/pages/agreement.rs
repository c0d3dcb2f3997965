//! Overeenstemming: the program against people, and people against each other.

use std::sync::Arc;

use axum::{Extension, extract::State};
use klantreis_coding::{CoderAgreement, Sheet, between_coders};
use klantreis_review::{Progress, Text, place};
use klantreis_study::{CodedTranscript, Coding};
use maud::{Markup, html};

use super::{layout, read::encoded};
use crate::{app::App, desk::Desk, guard::Person, words::Words};

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

fn with_program(desk: &Desk) -> Markup {
    let words = desk.words();
    let whole: Vec<usize> =
        (0..desk.coded.len()).filter(|t| Progress::of(&desk.coded[*t], &desk.state).is_whole()).collect();
    let sheets: Vec<Vec<Option<Sheet>>> = whole
        .iter()
        .map(|t| {
            let transcript = &desk.coded[*t].transcript;
            let people: Vec<Coding> =
                desk.coded[*t].codings.iter().filter(|c| c.status.is_reviewed()).cloned().collect();
            vec![Some(Sheet::of_codings(transcript, desk.proposals(*t))), Some(Sheet::of_codings(transcript, &people))]
        })
        .collect();
    let names = [words.say("programma", "program").to_owned(), words.say("onderzoeker", "researcher").to_owned()];
    html! {
        section {
            h2 { (words.say("Programma en onderzoeker", "Program and researcher")) }
            @if whole.is_empty() {
                p { (words.say("Nog geen interview is helemaal beoordeeld. Meld er een gereed bij Lezen; dan staat hier hoe goed het programma met u overeenkomt.", "No interview is wholly reviewed yet. Mark one as finished on the page Read; then this tells how well the program agrees with you.")) }
            } @else {
                p.quiet { (whole.len()) " " (words.say("beoordeelde interviews. Wie eerst het voorstel ziet, neemt het eerder over: blind coderen meet eerlijker.", "reviewed interviews. Who sees the proposal first adopts it more easily: coding blind measures more fairly.")) }
                (table(words, &between_coders(&names, &sheets)))
                (differences(desk, &whole, &sheets, &names))
            }
        }
    }
}

fn among_people(desk: &Desk) -> Markup {
    let words = desk.words();
    let mut names: Vec<String> = Vec::new();
    let mut revealed = Vec::new();
    for (t, coded) in desk.coded.iter().enumerate() {
        if let Some(coders) = desk.state.blind.revealed(&coded.transcript.file) {
            for who in coders.keys().filter(|who| !names.iter().any(|n| n == *who)).copied().collect::<Vec<_>>() {
                names.push(who.to_owned());
            }
            revealed.push((t, coders));
        }
    }
    let sheets: Vec<Vec<Option<Sheet>>> = revealed
        .iter()
        .map(|(t, coders)| {
            let transcript = &desk.coded[*t].transcript;
            let text = Text::of(transcript);
            let sheet = |who: &String| {
                let codings = coders.get(who.as_str())?.iter();
                let codings = codings.filter_map(|target| Some(target.coding_at(place(&text, &target.anchor)?)));
                Some(Sheet::of_codings(transcript, &codings.collect::<Vec<_>>()))
            };
            names.iter().map(sheet).collect()
        })
        .collect();
    let places: Vec<usize> = revealed.iter().map(|(t, _)| *t).collect();
    html! {
        section {
            h2 { (words.say("Mensen onderling", "People among themselves")) }
            @if revealed.is_empty() {
                p { (words.say("Nog geen interview is door twee mensen blind gecodeerd. Met ", "No interview was coded blind by two people yet. With ")) code { "klantreis agreement" } (words.say(" vergelijkt u ook losse bestanden.", " you can compare separate files too.")) }
            } @else {
                (table(words, &between_coders(&names, &sheets)))
                (differences(desk, &places, &sheets, &names))
            }
        }
    }
}

fn table(words: Words, rows: &[CoderAgreement]) -> Markup {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| words.decimal(v, 2));
    html! {
        table {
            thead { tr { th scope="col" { (words.say("Categorie", "Category")) }
                @for pair in rows.first().map_or(&[][..], |r| &r.pairs) { th.n scope="col" { "κ " (pair.first) " – " (pair.second) } }
                th.n scope="col" { "α" } } }
            tbody { @for row in rows {
                tr { th scope="row" { @match &row.category { Some(c) => { (words.category(c)) } None => { (words.say("alles samen", "all together")) } } }
                    @for pair in &row.pairs { td.n { (number(pair.kappa)) } }
                    td.n { (number(row.alpha)) } }
            } }
        }
    }
}

/// The sentences on which the first two sides that coded them differ, side by side.
fn differences(desk: &Desk, places: &[usize], sheets: &[Vec<Option<Sheet>>], names: &[String]) -> Markup {
    let words = desk.words();
    let mut rows = Vec::new();
    for (t, row) in places.iter().zip(sheets) {
        let sides: Vec<(usize, &Sheet)> = row.iter().enumerate().filter_map(|(n, s)| Some((n, s.as_ref()?))).collect();
        let [(a, left), (b, right), ..] = &sides[..] else { continue };
        for (n, (turn, sentence)) in left.places.iter().enumerate() {
            let said = |sheet: &Sheet| -> Vec<String> {
                sheet.marks.get(n).map_or_else(Vec::new, |m| m.categories.keys().map(|c| words.category(c)).collect())
            };
            let (one, other) = (said(left), said(right));
            if one != other {
                rows.push((
                    *t,
                    *turn,
                    *sentence,
                    format!("{}: {}", names[*a], or_none(words, &one)),
                    format!("{}: {}", names[*b], or_none(words, &other)),
                ));
            }
        }
    }
    let text =
        |coded: &CodedTranscript, turn: usize, s: usize| coded.transcript.turns[turn].passage(s..s + 1).to_owned();
    html! {
        h3 { (rows.len()) " " (words.say("zinnen verschillen", "sentences differ")) }
        ul.quotes { @for (t, turn, s, one, other) in rows.iter().take(SHOWN) {
            li { p.text { "“" (text(&desk.coded[*t], *turn, *s)) "”" }
                p.where { a href={ "/lezen?i=" (encoded(&desk.coded[*t].transcript.interview)) "#turn-" (t) "-" (turn) } { (desk.coded[*t].transcript.interview) ", " (desk.coded[*t].transcript.turns[*turn].number) } " · " (one) " · " (other) } }
        } }
        @if rows.len() > SHOWN { p.quiet { (SHOWN) " " (words.say("getoond", "shown")) } }
    }
}

fn or_none(words: Words, said: &[String]) -> String {
    if said.is_empty() { words.say("niets", "nothing").to_owned() } else { said.join(", ") }
}
