//! What people do on the pages: each decision is on the disk before it is answered.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use axum::{
    Extension, Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use klantreis_review::{Entry, Target, Text, What};
use klantreis_study::{
    Category, CodeId, Coding, Confidence, Emotion, PhaseId, Reason, Role, Status, TouchpointId, Turn,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    desk::{Desk, Ref},
    guard::Person,
    pages,
    sides::{Pair, settle, sides},
};

/// What a page asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `accept`, `reject`, `change`, `add`, `memo`, `star`, `finish`, `place`, `settle`, `undo`, `redo`, `question`, `rename`,
    /// `merge`.
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
    /// Whose difference is settled, and which side is right.
    sides: Pair,
    right: usize,
    /// The decision whose words stand elsewhere now.
    key: String,
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
}

/// Something that can't be done, in a sentence.
pub struct Refused(pub StatusCode, pub String);

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

/// Says in the study's language why something can't be done.
pub fn refused(desk: &Desk, nl: &'static str, en: &'static str) -> Refused {
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
    Answer { version: desk.version, pieces, ..Answer::default() }
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
            let file = desk.coded[interview(desk, request)?].transcript.file.clone();
            vec![What::Finish { file, blind: request.blind, on: request.on }]
        }
        "place" => vec![placed(desk, request)?],
        "settle" => settled(desk, request)?,
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

/// The interview that a request is about.
fn interview(desk: &Desk, request: &Request) -> Result<usize, Refused> {
    let found = request.interview.filter(|t| *t < desk.coded.len());
    found.ok_or_else(|| refused(desk, "Dit interview is er niet.", "No such interview."))
}

/// Says where the words of a decision stand now.
fn placed(desk: &Desk, request: &Request) -> Result<What, Refused> {
    let interview = interview(desk, request)?;
    let transcript = &desk.coded[interview].transcript;
    let decided = desk.state().decided.get(&request.key).filter(|d| d.coding.file == transcript.file);
    let decided = decided.ok_or_else(|| refused(desk, "Dit besluit is er niet.", "No such decision."))?;
    let sentences = sentences(desk, request, interview)?;
    let at = Text::of(transcript).anchor(request.turn, sentences);
    let at = at.ok_or_else(|| refused(desk, "Deze zinnen zijn er niet.", "No such sentences."))?;
    Ok(What::Place { coding: decided.coding.clone(), at })
}

/// Makes one side right about a sentence on which two differ.
fn settled(desk: &Desk, request: &Request) -> Result<Vec<What>, Refused> {
    let interview = interview(desk, request)?;
    let sides = sides(desk, request.sides, interview);
    if sides.len() < 2 || request.right > 1 {
        return Err(refused(desk, "Hier valt nog niets te vergelijken.", "There is nothing to compare here yet."));
    }
    Ok(settle(desk, interview, &sides, (request.turn, request.first), request.right))
}

/// The chosen sentences, which must be one respondent's.
fn sentences(desk: &Desk, request: &Request, interview: usize) -> Result<Range<usize>, Refused> {
    let turn = desk.coded[interview].transcript.turns.get(request.turn);
    let sentences = request.first..request.last.saturating_add(1);
    let is_said = |turn: &&Turn| turn.role == Role::Respondent && !turn.passage(sentences.clone()).is_empty();
    match turn.filter(is_said) {
        Some(_) => Ok(sentences),
        None => Err(refused(desk, "Kies zinnen van één respondent.", "Choose sentences of one respondent.")),
    }
}

/// Takes one's own blind codings back.
fn own(desk: &Desk, who: &str, request: &Request) -> Vec<What> {
    let mut out = Vec::new();
    for wanted in request.refs.iter().filter_map(|text| Ref::parse(text)) {
        let Some(coded) = desk.coded.get(wanted.interview) else { continue };
        let mine = desk.state().blind.own(&coded.transcript.file, who).into_iter().filter(|c| c.key() == wanted.key);
        out.extend(mine.map(|coding| What::Blind { coding: coding.clone(), on: false }));
    }
    out
}

/// Gives a coding another code.
pub fn of_code(desk: &Desk, coding: &str, code: &CodeId) -> Result<What, Refused> {
    let code = Some(code.as_str().to_owned());
    of_coding(desk, &Request { action: "change".to_owned(), code, ..Request::default() }, coding)
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
        out.emotion = Emotion::usual_of(category);
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
    let interview = interview(desk, request)?;
    let sentences = sentences(desk, request, interview)?;
    let coded = &desk.coded[interview];
    let missing = || refused(desk, "Deze zinnen zijn er niet.", "No such sentences.");
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
        emotion: Emotion::usual_of(&category),
        confidence: Confidence::CERTAIN,
        status: Status::Manual,
        reasons: Vec::<Reason>::new(),
        category,
    };
    desk.target_of(interview, &coding).ok_or_else(missing)
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
