//! Coding anew in the background of the pages: after learning, and after the study's files changed.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Form, State},
    http::StatusCode,
    response::Redirect,
};
use klantreis_study::{CodeId, Status};
use serde::{Deserialize, Serialize};

use crate::{act::Refused, app::App, desk::Desk, pages::encoded};

/// What became of learning.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Learning {
    running: bool,
    done: usize,
    of: usize,
    told: Vec<String>,
}

/// `GET /api/learn`.
pub async fn learning(State(app): State<Arc<App>>) -> Json<Learning> {
    Json(app.learning().clone())
}

/// `POST /api/learn`: learns in the background; one at a time.
pub async fn learn(State(app): State<Arc<App>>) -> Json<Learning> {
    let mut learning = app.learning();
    if !learning.running {
        *learning = Learning { running: true, ..Learning::default() };
        let app = Arc::clone(&app);
        std::thread::spawn(move || {
            let told = learned(&app).unwrap_or_else(|error| vec![error]);
            let mut learning = app.learning();
            *learning = Learning { running: false, told, ..learning.clone() };
        });
    }
    Json(learning.clone())
}

fn learned(app: &App) -> Result<Vec<String>, String> {
    let step = |done, of| {
        let mut learning = app.learning();
        (learning.done, learning.of) = (done, of);
    };
    let learned = app.engine.learn(&step)?;
    let mut told = learned.told;
    if learned.is_new {
        let proposed = app.engine.propose()?;
        let mut desk = app.desk_mut();
        let words = desk.words();
        let before = counts(&desk);
        desk.renew(proposed).map_err(|e| e.to_string())?;
        let after = counts(&desk);
        let open = words.say("Open voorstellen", "Open proposals");
        told.push(format!("{open}: {} → {}", before.iter().sum::<usize>(), after.iter().sum::<usize>()));
        for (category, (a, b)) in desk.study.categories().iter().zip(before.iter().zip(&after)) {
            told.push(format!("{}: {a} → {b}", words.category(category)));
        }
    }
    Ok(told)
}

/// Open proposals a category.
fn counts(desk: &Desk) -> Vec<usize> {
    let open = || desk.coded.iter().flat_map(|c| &c.codings).filter(|c| c.status == Status::Auto);
    desk.study.categories().iter().map(|category| open().filter(|c| c.category == *category).count()).collect()
}

/// Where to go on to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Then {
    /// The page of this code.
    code: Option<CodeId>,
}

/// `POST /api/reread`: reads the transcripts again, after one was added or corrected, and codes them by the codebook as it is now.
pub async fn reread(State(app): State<Arc<App>>, Form(then): Form<Then>) -> Result<Redirect, Refused> {
    tokio::task::block_in_place(|| {
        let proposed = app.engine.propose().map_err(|e| Refused(StatusCode::CONFLICT, e))?;
        app.desk_mut().renew(proposed)?;
        let page = then.code.map_or("/".to_owned(), |code| format!("/codeboek/code?c={}", encoded(code.as_str())));
        Ok(Redirect::to(&page))
    })
}
