//! What people do on the pages: each decision is on the disk before it is answered.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use axum::{
    Extension, Json,
    extract::{Form, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use klantreis_review::{Entry, Target, What};
use klantreis_study::{Category, CodeId, Coding, Confidence, Emotion, PhaseId, Reason, Status, TouchpointId};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    desk::{Desk, Ref},
    guard::Person,
    pages,
};

/// What a page asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `accept`, `reject`, `change`, `add`, `memo`, `star`, `finish`, `undo`, `redo`, `question`, `rename`, `merge`.
    #[serde(rename = "do")]
    action: String,
    /// The codings that it is about.
    refs: Vec<String>,
    /// The page that shows the answer: `read` or `judge`.
    view: String,
    category: Option<Category>,
    /// Empty for none.
    code: Option<String>,
    phase: Option<PhaseId>,
    /// Empty for none.
    touchpoint: Option<String>,
    emotion: Option<Emotion>,
    /// Sentences more (or fewer) at the start and at the end.
    extend: Option<(isize, isize)>,
    /// A note, a question, a name.
    text: String,
    on: bool,
    interview: Option<usize>,
    turn: usize,
    first: usize,
    last: usize,
    /// The code that another one goes into.
    into: Option<CodeId>,
    blind: bool,
}

/// A part of a page that changed.
#[derive(Debug, Serialize)]
pub struct Piece {
    /// Of the element.
    id: String,
    html: String,
}

/// What a page is answered.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    version: u64,
    pieces: Vec<Piece>,
    /// The coding that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<String>,
    /// What was done, for the line that says so.
    said: String,
    /// Whether anything was.
    changed: bool,
    /// Proposals that nobody has decided on.
    open: usize,
}

/// Something that can't be done, in a sentence.
pub struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

impl From<klantreis_review::StoreError> for Refused {
    fn from(error: klantreis_review::StoreError) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

fn refused(desk: &Desk, nl: &'static str, en: &'static str) -> Refused {
    Refused(StatusCode::CONFLICT, desk.words().say(nl, en).to_owned())
}

/// `POST /api/act`.
pub async fn act(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
    Json(request): Json<Request>,
) -> Result<Json<Answer>, Refused> {
    tokio::task::block_in_place(|| {
        let mut desk = app.desk_mut();
        let (entries, said) = carry_out(&mut desk, &person.who, &request)?;
        let select = match (&request.action[..], entries.first().and_then(|e| e.what.coding())) {
            ("add", Some(coding)) => {
                request.interview.map(|interview| Ref { interview, key: coding.key() }.to_string())
            }
            _ => None,
        };
        let refs = refs(&desk, &entries);
        if !refs.is_empty() {
            desk.note(refs.clone());
        }
        let changed = !entries.is_empty();
        Ok(Json(Answer { select, said, changed, ..answer(&desk, &refs, &request.view) }))
    })
}

/// The codings that some entries are about.
fn refs(desk: &Desk, entries: &[Entry]) -> BTreeSet<Ref> {
    let of = |entry: &Entry| {
        let coding = entry.what.coding()?;
        let interview = desk.coded.iter().position(|c| c.transcript.file == coding.file)?;
        Some(Ref { interview, key: coding.key() })
    };
    entries.iter().filter_map(of).collect()
}

fn answer(desk: &Desk, refs: &BTreeSet<Ref>, view: &str) -> Answer {
    let mut pieces = Vec::new();
    if view == "judge" {
        for wanted in refs {
            if let Some(html) = pages::judge_card(desk, wanted) {
                pieces.push(Piece { id: format!("j-{wanted}"), html: html.into_string() });
            }
        }
        pieces.push(Piece { id: "precision".to_owned(), html: pages::precision(desk).into_string() });
    } else if view == "read" {
        for (interview, turn) in turns(desk, refs) {
            let html = pages::turn(desk, interview, turn).into_string();
            pieces.push(Piece { id: format!("turn-{interview}-{turn}"), html });
        }
        if let Some(interview) = refs.first().map(|r| r.interview) {
            pieces.push(Piece { id: "review".to_owned(), html: pages::review_bar(desk, interview).into_string() });
        }
    }
    let open = desk.coded.iter().flat_map(|c| &c.codings).filter(|c| c.status == Status::Auto).count();
    Answer { version: desk.version, pieces, open, ..Answer::default() }
}

/// The turns in which codings changed: where they are, and where they would be without the decision.
fn turns(desk: &Desk, refs: &BTreeSet<Ref>) -> BTreeSet<(usize, usize)> {
    let mut out = BTreeSet::new();
    for wanted in refs {
        match desk.find(wanted) {
            Some(place) => {
                out.insert((wanted.interview, desk.coded[wanted.interview].codings[place].turn));
            }
            // A coding that was added and taken back is in no turn any more: all are looked at again.
            None => out.extend((0..desk.coded[wanted.interview].transcript.turns.len()).map(|t| (wanted.interview, t))),
        }
    }
    out
}

fn carry_out(desk: &mut Desk, who: &str, request: &Request) -> Result<(Vec<Entry>, String), Refused> {
    let words = desk.words();
    let decisions = match request.action.as_str() {
        "undo" => {
            let undone = desk.undo(who)?;
            let said = match undone.len() {
                0 => words.say("Er is niets om ongedaan te maken.", "There is nothing to undo.").to_owned(),
                n => format!("{} ({n})", words.say("Ongedaan gemaakt", "Undone")),
            };
            return Ok((undone, said));
        }
        "redo" => {
            let redone = desk.redo(who)?;
            let said = match redone.len() {
                0 => words.say("Er is niets om opnieuw te doen.", "There is nothing to redo.").to_owned(),
                n => format!("{} ({n})", words.say("Opnieuw gedaan", "Redone")),
            };
            return Ok((redone, said));
        }
        "add" if request.view == "blind" => vec![What::Blind { coding: added(desk, request)?, on: true }],
        "add" => vec![What::Add { coding: added(desk, request)? }],
        "reject" if request.view == "blind" => own(desk, who, request),
        "finish" => {
            let interview = request.interview.and_then(|t| desk.coded.get(t));
            let interview =
                interview.ok_or_else(|| refused(desk, "Dit interview is er niet.", "No such interview."))?;
            vec![What::Finish { file: interview.transcript.file.clone(), blind: request.blind, on: request.on }]
        }
        "question" => {
            let phase = request.phase.clone().filter(|p| desk.study.phase(p).is_some());
            let phase = phase.ok_or_else(|| refused(desk, "Deze fase is er niet.", "No such phase."))?;
            vec![What::Question { phase, text: request.text.trim().to_owned() }]
        }
        "rename" | "merge" => {
            let code =
                request.code.as_deref().and_then(|c| CodeId::new(c).ok()).filter(|c| desk.codebook.code(c).is_some());
            let code = code.ok_or_else(|| refused(desk, "Deze code is er niet.", "No such code."))?;
            if request.action == "rename" {
                vec![What::Rename { code, label: request.text.trim().to_owned() }]
            } else {
                vec![What::Merge { code, into: request.into.clone() }]
            }
        }
        _ => {
            let mut out = Vec::new();
            for text in &request.refs {
                out.push(of_coding(desk, request, text)?);
            }
            out
        }
    };
    if decisions.is_empty() {
        return Ok((Vec::new(), words.say("Er is niets gekozen.", "Nothing is chosen.").to_owned()));
    }
    let count = decisions.len();
    let entries = desk.decide(who, "", decisions)?;
    let said = words.say("Bewaard", "Saved");
    Ok((entries, if count > 1 { format!("{said} ({count})") } else { said.to_owned() }))
}

/// Takes one's own blind codings back.
fn own(desk: &Desk, who: &str, request: &Request) -> Vec<What> {
    let mut out = Vec::new();
    for wanted in request.refs.iter().filter_map(|text| Ref::parse(text)) {
        let Some(coded) = desk.coded.get(wanted.interview) else { continue };
        let mine = desk.state.blind.own(&coded.transcript.file, who).into_iter().filter(|c| c.key() == wanted.key);
        out.extend(mine.map(|coding| What::Blind { coding: coding.clone(), on: false }));
    }
    out
}

fn of_coding(desk: &Desk, request: &Request, text: &str) -> Result<What, Refused> {
    let gone = || {
        refused(
            desk,
            "Deze codering is intussen veranderd; ververs de pagina.",
            "This coding has changed since; reload the page.",
        )
    };
    let wanted = Ref::parse(text).filter(|r| r.interview < desk.coded.len()).ok_or_else(gone)?;
    let place = desk.find(&wanted).ok_or_else(gone)?;
    let coding = desk.target(wanted.interview, place).ok_or_else(gone)?;
    Ok(match request.action.as_str() {
        "accept" => What::Accept { coding },
        "reject" => What::Reject { coding },
        "memo" => What::Memo { coding, text: request.text.trim().to_owned() },
        "star" => What::Star { coding, on: request.on },
        "change" => {
            let to = changed(desk, request, wanted.interview, &desk.coded[wanted.interview].codings[place])?;
            let confidence = coding.confidence;
            What::Change { coding, to: Target { confidence, ..to } }
        }
        _ => return Err(Refused(StatusCode::BAD_REQUEST, "Unknown action.".to_owned())),
    })
}

fn changed(desk: &Desk, request: &Request, interview: usize, shown: &Coding) -> Result<Target, Refused> {
    let mut out = shown.clone();
    if let Some(category) = &request.category
        && *category != out.category
    {
        out.category = category.clone();
        out.emotion = usual_emotion(category);
        out.code = None;
    }
    if let Some(code) = &request.code {
        out.code = CodeId::new(code).ok().filter(|c| desk.codebook.code(c).is_some());
    }
    if let Some(phase) = &request.phase {
        if desk.study.phase(phase).is_none() {
            return Err(refused(desk, "Deze fase is er niet.", "No such phase."));
        }
        out.phase = phase.clone();
    }
    if let Some(touchpoint) = &request.touchpoint {
        out.touchpoint = TouchpointId::new(touchpoint).ok().filter(|t| desk.study.touchpoint(t).is_some());
    }
    out.emotion = request.emotion.unwrap_or(out.emotion);
    if let Some((start, end)) = request.extend {
        let count = desk.coded[interview].transcript.turns[out.turn].sentences.len();
        let first = out.sentences.start.saturating_add_signed(start);
        let last = out.sentences.end.saturating_add_signed(end);
        if first >= last || last > count || (start < 0 && out.sentences.start == 0) {
            return Err(refused(desk, "Verder kan niet.", "That is as far as it goes."));
        }
        out.sentences = first..last;
    }
    desk.target_of(interview, &out).ok_or_else(|| refused(desk, "Deze zinnen zijn er niet.", "No such sentences."))
}

/// A coding by hand starts from what is coded nearest to it.
fn added(desk: &Desk, request: &Request) -> Result<Target, Refused> {
    let missing = || refused(desk, "Kies zinnen van één respondent.", "Choose sentences of one respondent.");
    let interview = request.interview.filter(|t| *t < desk.coded.len()).ok_or_else(missing)?;
    let coded = &desk.coded[interview];
    let turn = coded.transcript.turns.get(request.turn).ok_or_else(missing)?;
    let sentences: Range<usize> = request.first..request.last.saturating_add(1);
    if turn.role != klantreis_study::Role::Respondent || turn.passage(sentences.clone()).is_empty() {
        return Err(missing());
    }
    let category = request.category.clone().unwrap_or_else(Category::pain);
    // Who codes blind takes nothing over from what was proposed.
    let codings = coded.codings.iter().filter(|_| request.view != "blind");
    let near = codings.min_by_key(|c| {
        (c.turn.abs_diff(request.turn), c.turn > request.turn, c.sentences.start.abs_diff(request.first))
    });
    let phase = near.map(|c| c.phase.clone()).or_else(|| desk.study.phases.first().map(|p| p.id.clone()));
    let coding = Coding {
        turn: request.turn,
        sentences,
        code: None,
        phase: request.phase.clone().or(phase).ok_or_else(missing)?,
        touchpoint: near.filter(|c| c.turn == request.turn).and_then(|c| c.touchpoint.clone()),
        emotion: usual_emotion(&category),
        confidence: Confidence::CERTAIN,
        status: Status::Manual,
        reasons: Vec::<Reason>::new(),
        category,
    };
    desk.target_of(interview, &coding).ok_or_else(missing)
}

/// Pains and gains are told with feeling, needs and activities neutrally.
fn usual_emotion(category: &Category) -> Emotion {
    let value = match category.as_str() {
        "pijnpunt" => -1,
        "winst" => 1,
        _ => 0,
    };
    Emotion::new(value).unwrap_or_default()
}

/// What a page knows already.
#[derive(Debug, Deserialize)]
pub struct Since {
    version: u64,
    #[serde(default)]
    view: String,
}

/// `GET /api/since`: what others changed meanwhile.
pub async fn since(State(app): State<Arc<App>>, Query(since): Query<Since>) -> Json<Answer> {
    tokio::task::block_in_place(|| {
        let desk = app.desk();
        let refs = desk.changed_since(since.version);
        Json(answer(&desk, &refs, if refs.is_empty() { "" } else { &since.view }))
    })
}

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

/// `POST /api/reread`: reads the transcripts again, after one was added or corrected.
pub async fn reread(State(app): State<Arc<App>>) -> Result<Redirect, Refused> {
    tokio::task::block_in_place(|| {
        let proposed = app.engine.propose().map_err(|e| Refused(StatusCode::CONFLICT, e))?;
        app.desk_mut().renew(proposed)?;
        Ok(Redirect::to("/"))
    })
}

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
