//! Start: the study, the seven steps, the interviews, and what to do next.

use std::{collections::BTreeSet, sync::Arc};

use axum::{Extension, extract::State};
use klantreis_review::{Decided, Next, Progress, Step, Steps};
use klantreis_study::Severity;
use maud::{Markup, html};

use super::{layout, read::encoded};
use crate::{
    app::App,
    desk::Desk,
    guard::Person,
    words::{Words, class},
};

/// `GET /`.
pub async fn start(State(app): State<Arc<App>>, Extension(person): Extension<Person>) -> Markup {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let words = desk.words();
        let progress: Vec<Progress> = desk.coded.iter().map(|c| Progress::of(c, desk.state())).collect();
        let steps = Steps::of(&desk.study, &desk.coded, &progress);
        let body = html! {
            h1 { (desk.study.title) }
            @if !desk.study.goal.is_empty() { p.lead { (desk.study.goal) } }
            (next(&desk, &progress, &steps))
            div.columns {
                section { h2 { (words.say("De zeven stappen", "The seven steps")) } (the_steps(words, &steps)) }
                section { h2 { (words.say("Wie beoordeelt", "Who reviews")) } (people(words, &person)) }
            }
            section { h2 { (words.say("Interviews", "Interviews")) } (interviews(words, &progress)) }
            (set_aside(&desk))
        };
        layout::page(&desk, &person, "/", "start", words.say("Start", "Start"), &body)
    })
}

fn next(desk: &Desk, progress: &[Progress], steps: &Steps) -> Markup {
    let words = desk.words();
    let open: usize = progress.iter().map(|p| p.open).sum();
    let decided: usize = progress.iter().map(Progress::decided).sum();
    html! {
        section.next {
            h2 { (words.say("Wat nu?", "What next?")) }
            @match steps.next() {
                Next::Review { interview, begun } => {
                    p {
                        @if decided == 0 {
                            (words.say("Het programma heeft ", "The program made ")) (open)
                            (words.say(" voorstellen gedaan; nog niemand heeft ze bekeken. Begin met lezen, of loop de voorstellen langs.",
                                " proposals; nobody has looked at them yet. Begin to read, or go through the proposals."))
                        } @else {
                            (decided) @if decided == 1 { (words.say(" besluit", " decision")) } @else { (words.say(" besluiten", " decisions")) }
                            (words.say(" genomen; open voorstellen: ", " made; open proposals: ")) (open) "."
                        }
                    }
                    p.buttons {
                        a.button.main href={ "/lezen?i=" (encoded(&interview)) } {
                            @if begun { (words.say("Verder lezen: ", "Read on: ")) } @else { (words.say("Lezen: ", "Read: ")) }
                            (interview)
                        }
                        a.button href="/beoordelen" { (words.say("Voorstellen beoordelen", "Review proposals")) }
                        @if steps.reviewed >= 2 { a.button href="/beoordelen#learn" { (words.say("Leer van mijn besluiten", "Learn from my decisions")) } }
                    }
                }
                Next::Step(step) => {
                    p {
                        @if steps.interviews == 0 { (words.say("Er zijn nog geen interviews. ", "There are no interviews yet. ")) }
                        @else { (words.say("Alle interviews zijn beoordeeld. ", "All interviews are reviewed. ")) }
                        (words.say("Nu: ", "Now: ")) (to_do(words, step))
                    }
                    p.buttons { a.button.main href="/klantreis" { (words.say("Naar de klantreis", "To the journey")) } }
                }
                Next::Nothing => {
                    p { (words.say("Alle zeven stappen zijn gezet. Na nieuwe besluiten maakt ", "All seven steps are done. After new decisions "))
                        code { "klantreis run" } (words.say(" de tabellen en de kaart opnieuw.", " makes the tables and the map anew.")) }
                    p.buttons { a.button.main href="/klantreis" { (words.say("Naar de klantreis", "To the journey")) } }
                }
            }
        }
    }
}

/// What is to do for a step that is open.
fn to_do(words: Words, step: Step) -> &'static str {
    match step {
        Step::Brand => words.say(
            "vul waarom, hoe en wat in onder [brand] in klantreis.toml.",
            "fill in why, how and what under [brand] in klantreis.toml.",
        ),
        Step::Goal => words.say("vul het doel in bij goal in klantreis.toml.", "fill in goal in klantreis.toml."),
        Step::Personas => words.say(
            "beschrijf een persona onder [[persona]] in klantreis.toml.",
            "write a persona under [[persona]] in klantreis.toml.",
        ),
        Step::Internal => words.say(
            "spreek met medewerkers, of zet in participants.csv welke interviews intern zijn.",
            "talk to staff, or say in participants.csv which interviews are internal.",
        ),
        Step::External => words.say(
            "spreek met klanten, of zet in participants.csv welke interviews extern zijn.",
            "talk to customers, or say in participants.csv which interviews are external.",
        ),
        Step::Picture => words.say("teken de klantreis met klantreis run.", "draw the journey with klantreis run."),
        Step::Evaluation => words.say("beoordeel de interviews.", "review the interviews."),
    }
}

fn the_steps(words: Words, steps: &Steps) -> Markup {
    let written = |done: bool, nl: [&'static str; 2], en: [&'static str; 2]| {
        let at = usize::from(!done);
        words.say(nl[at], en[at]).to_owned()
    };
    let rows = Step::ALL.map(|step| {
        let (name, says) = match step {
            Step::Brand => (words.say("Merk", "Brand"), format!("{} {} 3", steps.brand, words.say("van", "of"))),
            Step::Goal => (
                words.say("Doel", "Goal"),
                written(steps.goal, ["beschreven", "nog niet beschreven"], ["written", "not written yet"]),
            ),
            Step::Personas => (
                words.say("Persona’s", "Personas"),
                format!("{} {}", steps.personas, words.say("beschreven", "written")),
            ),
            Step::Internal => (words.say("Intern", "Internal view"), format!("{} interviews", steps.internal)),
            Step::External => (words.say("Extern", "External view"), format!("{} interviews", steps.external)),
            Step::Picture => (
                words.say("Visualiseren", "Picture"),
                written(steps.drawn, ["getekend", "nog niet getekend"], ["drawn", "not drawn yet"]),
            ),
            Step::Evaluation => {
                let (of, reviewed) =
                    (words.say("van", "of"), words.say("interviews beoordeeld", "interviews reviewed"));
                let says = format!("{} {of} {} {reviewed}", steps.reviewed, steps.interviews);
                (words.say("Evalueren", "Evaluation"), says)
            }
        };
        (name, steps.is_done(step), says)
    });
    html! {
        ol.steps {
            @for (name, done, says) in rows {
                li.done[done] {
                    b { (name) } " "
                    span.mark { @if done { "✓ " (words.say("gereed", "done")) } @else { (words.say("open", "open")) } }
                    span.quiet { " · " (says) }
                }
            }
        }
        @if steps.unknown > 0 {
            p.hint { (words.say("Van ", "Of ")) (steps.unknown)
                (words.say(" interviews is niet bekend of ze intern of extern zijn: zet het in de kolom perspectief van participants.csv.",
                    " interviews it is not known whether they are internal or external: say so in the column perspectief of participants.csv.")) }
        }
    }
}

fn people(words: Words, person: &Person) -> Markup {
    html! {
        form.inline method="post" action="/api/name" {
            label for="name" { (words.say("Uw naam bij besluiten", "Your name with decisions")) }
            input #name name="name" value=(person.who) maxlength="60" autocomplete="name";
            button { (words.say("Opslaan", "Save")) }
        }
        form.inline #invite {
            label for="guest" { (words.say("Een tweede beoordelaar op deze computer", "A second reviewer on this computer")) }
            input #guest name="name" maxlength="60" placeholder=(words.say("naam", "name"));
            button { (words.say("Maak een link", "Make a link")) }
            output #link for="guest" {}
        }
    }
}

fn interviews(words: Words, progress: &[Progress]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Interviews" { table.wide.progress {
            thead { tr {
                th scope="col" { (words.say("Interview", "Interview")) }
                th scope="col" { (words.say("Voortgang", "Progress")) }
                th.n scope="col" { (words.say("open", "open")) }
                th.n scope="col" { (words.say("goed", "right")) }
                th.n scope="col" { (words.say("gewijzigd", "changed")) }
                th.n scope="col" { (words.say("afgewezen", "rejected")) }
                th.n scope="col" { (words.say("toegevoegd", "added")) }
                th scope="col" { (words.say("gereed volgens", "finished by")) }
            } }
            tbody {
                @for p in progress {
                    tr {
                        th scope="row" { a href={ "/lezen?i=" (encoded(&p.interview)) } { (p.interview) } }
                        td { progress max=((p.open + p.decided()).max(1)) value=(p.decided())
                            aria-label={ (p.interview) ": " (p.decided()) " / " (p.open + p.decided()) } {} }
                        td.n { (p.open) } td.n { (p.accepted) } td.n { (p.changed) } td.n { (p.rejected) } td.n { (p.added) }
                        td { (p.finished_by.join(", ")) }
                    }
                }
            }
        } }
    }
}

/// What was skipped, what could not be placed, what people judged differently.
fn set_aside(desk: &Desk) -> Markup {
    let words = desk.words();
    let lost = lost(desk);
    html! {
        @if !desk.state().conflicts.is_empty() {
            section { h2 { (words.say("Verschillend beoordeeld", "Judged differently")) }
                p.hint { (words.say("Mensen beslisten zonder elkaars besluit te kennen. Beide zijn bewaard; het laatste geldt tot iemand opnieuw beslist.",
                    "People decided without knowing of each other. Both are kept; the last one holds until someone decides again.")) }
                ul { @for conflict in desk.state().conflicts.values() {
                    @if let Some(coding) = conflict.entries.first().and_then(|e| e.what.coding()) {
                        li { q { (coding.anchor.exact) } " (" (coding.file) "): "
                            @for (n, e) in conflict.entries.iter().enumerate() { @if n > 0 { ", " } (e.who) " " (words.done(e.what.word())) } }
                    }
                } }
            }
        }
        @if !lost.is_empty() {
            section #lost { h2 { (words.say("Besluiten zonder plaats", "Decisions without a place")) }
                p.hint { (words.say("Hun woorden staan in geen transcript meer, of zijn te veel veranderd om ze te herkennen. Ze blijven bewaard; wijs aan waar ze nu staan.", "Their words are in no transcript any more, or have changed too much to be known again. They are kept; say where they stand now.")) }
                ul.quotes { @for (key, d) in lost {
                    li.(class(&d.coding.category)) { p.text { "“" (d.coding.anchor.exact) "”" }
                        p.where { (d.coding.file) " · " (words.category(&d.coding.category)) @if let Some(status) = d.verdict { " · " (words.status(status)) } }
                        @match near(desk, d) {
                            Some((t, turn)) => { a.button href={ "/lezen?i=" (encoded(&desk.coded[t].transcript.interview)) "&place=" (key) "#turn-" (t) "-" (turn) } { (words.say("Wijs de plaats aan", "Say where it stands")) } }
                            None => { p.quiet { (words.say("Dit bestand is er niet meer; geef het zijn oude naam terug.", "This file is gone; give it its old name again.")) } }
                        } }
                } }
            }
        }
        section { h2 { (words.say("Overgeslagen", "Skipped")) }
            @let skipped: Vec<_> = desk.problems.iter().filter(|p| p.severity == Severity::Error).collect();
            @if skipped.is_empty() { p { (words.say("Niets: alle bestanden zijn gelezen.", "Nothing: all files were read.")) } }
            @else { ul { @for problem in skipped { li lang="en" { (problem) } } } }
            form method="post" action="/api/reread" { button { (words.say("Transcripten opnieuw lezen", "Read the transcripts again")) } }
        }
    }
}

/// Decisions whose words are nowhere, with their keys.
fn lost(desk: &Desk) -> Vec<(&String, &Decided)> {
    let files: BTreeSet<&str> = desk.coded.iter().map(|c| c.transcript.file.as_str()).collect();
    let decided = &desk.state().decided;
    let gone = decided.iter().filter(|(_, d)| !files.contains(d.coding.file.as_str()));
    gone.chain(desk.laid.iter().flat_map(|l| &l.unplaced).filter_map(|key| decided.get_key_value(key))).collect()
}

/// The interview of a lost decision and the turn nearest to where its words stood.
fn near(desk: &Desk, lost: &Decided) -> Option<(usize, usize)> {
    let interview = desk.coded.iter().position(|c| c.transcript.file == lost.coding.file)?;
    let turns = &desk.coded[interview].transcript.turns;
    let mut read = 0;
    let turn = turns.iter().position(|turn| {
        // Positions count all turns, one a line.
        read += turn.text.chars().count() + 1;
        read > lost.coding.anchor.start
    });
    Some((interview, turn.unwrap_or(turns.len().saturating_sub(1))))
}
