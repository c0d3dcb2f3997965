//! Who works on the study: their names, and the links that let them in.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Form, State},
    http::StatusCode,
    response::Redirect,
};
use serde::Deserialize;

use crate::{act::Refused, app::App, guard::Person};

/// A name.
#[derive(Debug, Deserialize)]
pub struct Name {
    name: String,
}

/// Longest name of a person, in characters.
const LONGEST_NAME: usize = 60;

/// `POST /api/name`: under which name one's decisions are kept.
pub async fn name(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Form(Name { name }): Form<Name>,
) -> Redirect {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if !name.is_empty() {
        app.sessions.rename(&person.cookie, &name);
    }
    Redirect::to("/")
}

/// `POST /api/invite`: a one-time link for a second person.
pub async fn invite(State(app): State<Arc<App>>, Form(Name { name }): Form<Name>) -> Result<String, Refused> {
    let who: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let token = app.sessions.invite(if who.is_empty() { "collega" } else { &who });
    let token = token.map_err(|e| Refused(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()))?;
    let host = app.hosts.last().map_or("", String::as_str);
    Ok(format!("http://{host}/open?token={token}"))
}
