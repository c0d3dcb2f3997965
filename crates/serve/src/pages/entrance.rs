//! The way in: a one-time link becomes a cookie.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, html};
use serde::Deserialize;

use crate::{app::App, session::COOKIE};

/// What stands in the link.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

/// `GET /open?token=…`. The page goes on by itself: a redirect would not carry the cookie where the link was followed from
/// elsewhere, since it is meant for our own pages only.
pub async fn open(State(app): State<Arc<App>>, Query(Token { token }): Query<Token>) -> Response {
    let Some(cookie) = app.sessions.enter(&token) else {
        let why = "This link was used before, or is not ours. Start klantreis again, or ask for a new link on its first page.";
        return (StatusCode::FORBIDDEN, why).into_response();
    };
    let page = html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="0; url=/";
                title { "klantreis" }
                link rel="icon" href="/icon.svg";
            }
            body { p { a href="/" { "klantreis" } } }
        }
    };
    let cookie = format!("{COOKIE}={cookie}; HttpOnly; SameSite=Strict; Path=/");
    ([(header::SET_COOKIE, cookie)], page).into_response()
}
