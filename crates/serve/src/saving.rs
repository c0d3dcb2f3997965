//! What people write to the study's own files from the pages: codes with their cues, and queries by name.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Form, State},
    http::StatusCode,
    response::Redirect,
};
use klantreis_coding::{Cue, Words as WordCache};
use klantreis_index::filled_in;
use klantreis_study::{Category, Code, CodeId};
use serde::{Deserialize, Serialize};

use crate::{
    act::{Refused, of_code, refused},
    app::App,
    desk::Desk,
    guard::Person,
    pages::encoded,
};

/// A code as edited: one cue a line.
#[derive(Debug, Deserialize)]
pub struct Edited {
    id: CodeId,
    definition: String,
    cues: String,
}

/// The cues of a text, one a line.
pub fn cue_lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.iter().any(|other| other == line) {
            out.push(line.to_owned());
        }
    }
    out
}

/// `POST /api/code`: saves a code's definition and cues in the study's codebook.
pub async fn code(State(app): State<Arc<App>>, Form(edited): Form<Edited>) -> Result<Redirect, Refused> {
    tokio::task::block_in_place(|| {
        let mut desk = app.desk_mut();
        let cues = cue_lines(&edited.cues);
        let mut cache = WordCache::new();
        for cue in &cues {
            Cue::parse(cue, cache.stemmer()).map_err(|e| Refused(StatusCode::CONFLICT, e.to_string()))?;
        }
        let code = desk.own_code(&edited.id).ok_or_else(|| no_code(&desk))?;
        let definition = edited.definition.split_whitespace().collect::<Vec<_>>().join(" ");
        let code = Code { cues, ..code.clone().defined(desk.study.language, definition) };
        save(&mut desk, code)?;
        Ok(Redirect::to(&format!("/codeboek/code?c={}&saved=1", encoded(edited.id.as_str()))))
    })
}

fn no_code(desk: &Desk) -> Refused {
    refused(desk, "Deze code is er niet.", "No such code.")
}

fn save(desk: &mut Desk, code: Code) -> Result<(), Refused> {
    desk.save_code(code).map_err(|e| Refused(StatusCode::CONFLICT, e.to_string()))
}

/// Some quotes of a code that go to another one.
#[derive(Debug, Deserialize)]
pub struct Split {
    /// The code that they have.
    code: CodeId,
    refs: Vec<String>,
    /// The code that they go to; empty for a new one.
    into: String,
    /// The name of the new code.
    name: String,
}

/// Where to go on to.
#[derive(Debug, Serialize)]
pub struct Onward {
    href: String,
}

/// `POST /api/split`: gives some quotes of a code another code, a new one if asked.
pub async fn split(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Json(split): Json<Split>,
) -> Result<Json<Onward>, Refused> {
    tokio::task::block_in_place(|| {
        let mut desk = app.desk_mut();
        let old = desk.own_code(&split.code).ok_or_else(|| no_code(&desk))?.clone();
        if split.refs.is_empty() {
            return Err(refused(&desk, "Kies eerst uitspraken.", "Choose quotes first."));
        }
        let into = match CodeId::new(&split.into).ok().filter(|id| desk.codebook.code(id).is_some()) {
            Some(into) => into,
            None => begun(&mut desk, &split.name, old.category)?,
        };
        let decisions = split.refs.iter().map(|coding| of_code(&desk, coding, &into)).collect::<Result<_, _>>()?;
        desk.decide(&person.who, "", decisions)?;
        Ok(Json(Onward { href: format!("/codeboek/code?c={}", encoded(into.as_str())) }))
    })
}

/// Quotes that are about the same thing, with the name that people give it.
#[derive(Debug, Deserialize)]
pub struct Theme {
    category: Category,
    refs: Vec<String>,
    name: String,
}

/// `POST /api/theme`: makes a theme a code, or part of the code of that name.
pub async fn theme(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Json(Theme { category, refs, name }): Json<Theme>,
) -> Result<StatusCode, Refused> {
    tokio::task::block_in_place(|| {
        let mut desk = app.desk_mut();
        let name = name.trim();
        let of_that_name = |code: &&Code| code.category == category && code.label.to_lowercase() == name.to_lowercase();
        let into = match desk.codebook.codes.iter().find(of_that_name) {
            Some(code) => code.id.clone(),
            None => begun(&mut desk, name, category)?,
        };
        let decisions = refs.iter().map(|coding| of_code(&desk, coding, &into)).collect::<Result<_, _>>()?;
        desk.decide(&person.who, "", decisions)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Begins a code with a name of people's own.
fn begun(desk: &mut Desk, name: &str, category: Category) -> Result<CodeId, Refused> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = CodeId::new(&id_of(&name)).map_err(|_| {
        refused(
            desk,
            "Geef de nieuwe code een naam van hooguit 64 letters.",
            "Name the new code, in 64 letters at most.",
        )
    })?;
    if desk.codebook.code(&id).is_some() {
        return Err(refused(
            desk,
            "Er is al een code met die naam; kies hem in de lijst.",
            "There is a code of that name; choose it from the list.",
        ));
    }
    let (label_en, definition, definition_en, cues) = (String::new(), String::new(), String::new(), Vec::new());
    let new = Code { id: id.clone(), category, label: name, label_en, general: false, definition, definition_en, cues };
    save(desk, new)?;
    Ok(id)
}

/// A name as an id: letters and digits, with hyphens between the words.
fn id_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A query to save.
#[derive(Debug, Deserialize)]
pub struct Named {
    name: String,
    /// Empty to take it away.
    q: String,
}

/// Longest name of a query, in characters.
const LONGEST_NAME: usize = 40;

/// `POST /api/query`: saves a query under a name in `klantreis.toml`, or takes it away.
pub async fn query(State(app): State<Arc<App>>, Form(Named { name, q }): Form<Named>) -> Result<Redirect, Refused> {
    tokio::task::block_in_place(|| {
        let (name, q) = (name.trim(), q.trim());
        let fits = |c: char| !c.is_whitespace() && !c.is_control() && !"()\"@".contains(c);
        let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(fits);
        if !is_name {
            return Err(refused(
                &app.desk(),
                "Kies een naam zonder spaties, haakjes of aanhalingstekens, zodat @naam hem vindt.",
                "Choose a name without spaces, brackets or quotation marks, so that @name finds it.",
            ));
        }
        if !q.is_empty() {
            let mut saved = app.desk().study.queries.clone();
            saved.insert(name.to_owned(), q.to_owned());
            let filled = filled_in(&saved, q).map_err(|e| e.to_string());
            let sound = filled.and_then(|q| app.index()?.search(&q, 1).map_err(|e| e.to_string()));
            sound.map_err(|e| Refused(StatusCode::CONFLICT, e))?;
        }
        let saved = app.desk_mut().study.save_query(name, (!q.is_empty()).then_some(q));
        saved.map_err(|e| Refused(StatusCode::CONFLICT, e.to_string()))?;
        Ok(Redirect::to(&if q.is_empty() {
            "/zoeken".to_owned()
        } else {
            format!("/zoeken?q={}", encoded(&format!("@{name}")))
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_and_lines_become_cues() {
        assert_eq!(id_of("Wachten aan de Balie (oud)"), "wachten-aan-de-balie-oud");
        assert_eq!(id_of("Privé & veilig"), "privé-veilig");
        assert_eq!(cue_lines(" loop … vast \r\n\nmocht niet\nloop … vast\n"), ["loop … vast", "mocht niet"]);
    }
}
