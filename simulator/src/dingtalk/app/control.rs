//! The part of the control API that concerns the application: for the test that owns the mock, never
//! for its client. Every call is 404 where the mock plays no application.
//!
//! | call | meaning |
//! |---|---|
//! | `GET app`, `POST app` | who it is and its groups; revoke its token, take permissions away |
//! | `POST say` | somebody speaks to the robot |
//! | `POST press` | somebody presses a card's button; answered when the application answered |
//! | `POST submit` | somebody opens a Yida form and submits it |
//! | `POST decide` | somebody decides an approval |
//! | `GET crowd`, `POST crowd`, `DELETE crowd` | people who ask, decide and press on their own |
//! | `GET cards`, `todos`, `calendar`, `instances` | each in its present state, oldest first |
//! | `POST todos` | somebody ticks one off |
//! | `GET calls` | every call of the `OpenAPI` with its answer |
//! | `GET stream`, `POST stream` | connections and openings; a [`StreamFault`] |
//! | `GET deliveries` | every frame that was to be answered, and whether it was |

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::crowd::Crowd;
use super::people::{Deciding, Pressed, Pressing, Saying, Submitting, Ticking, Undecided, Unsaid};
use super::{state::App, todo};
use crate::dingtalk::server::Shared;
use crate::dingtalk::stream::StreamFault;

type Refused = (StatusCode, Json<Value>);

/// What can be ordered of the application itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Order {
    /// The token that is out becomes invalid.
    pub(super) revoke_token: bool,
    /// Permissions that it loses.
    pub(super) deny: Vec<String>,
    /// Permissions that it has again.
    pub(super) allow: Vec<String>,
    /// People to whom one-to-one messages are held back.
    pub(super) hold_back: Vec<String>,
    /// Nobody's are any more.
    pub(super) hold_back_nobody: bool,
}

pub(in crate::dingtalk) fn routes() -> Router<Shared> {
    Router::new()
        .route("/app", get(app).post(order))
        .route("/say", post(say))
        .route("/press", post(pressed))
        .route("/crowd", get(crowd).post(invite).delete(send_home))
        .route("/submit", post(submit))
        .route("/decide", post(decide))
        .route("/cards", get(async |State(shared)| seen(&shared, App::cards)))
        .route("/todos", get(async |State(shared)| seen(&shared, App::todos)).post(tick))
        .route("/calendar", get(async |State(shared)| seen(&shared, App::entries)))
        .route("/instances", get(async |State(shared)| seen(&shared, App::instances)))
        .route("/calls", get(async |State(shared)| seen(&shared, App::calls)))
        .route("/stream", get(stream).post(strike))
        .route("/deliveries", get(deliveries))
}

/// Looks at the application, where there is one.
fn seen<T>(shared: &Shared, look: impl FnOnce(&App) -> T) -> Result<Json<T>, Refused> {
    shared.group().with_app(|app, _| Json(look(app))).ok_or_else(nobody)
}

async fn app(State(shared): State<Shared>) -> Result<Json<Value>, Refused> {
    seen(&shared, App::describe)
}

async fn order(
    State(shared): State<Shared>,
    Json(order): Json<Order>,
) -> Result<Json<Value>, Refused> {
    let done = shared.group().with_app(|app, _| app.order(&order));
    done.map(|()| Json(json!({"ok": true}))).ok_or_else(nobody)
}

async fn say(
    State(shared): State<Shared>,
    Json(saying): Json<Saying>,
) -> Result<Json<Value>, Refused> {
    let said = shared.group().say(&saying);
    said.map(Json).map_err(|why| match why {
        Unsaid::NoApp => nobody(),
        Unsaid::Groups => refused(StatusCode::BAD_REQUEST, "expected at most 256 groups"),
    })
}

async fn pressed(
    State(shared): State<Shared>,
    Json(pressing): Json<Pressing>,
) -> Result<Json<Value>, Refused> {
    match press(&shared, &pressing).await {
        None => Err(nobody()),
        Some(Err(why)) => Err(refused(StatusCode::NOT_FOUND, &why)),
        Some(Ok(outcome)) => Ok(Json(outcome)),
    }
}

/// Presses a button and waits for the answer; none where there is no application.
pub(in crate::dingtalk) async fn press(
    shared: &Shared,
    pressing: &Pressing,
) -> Option<Result<Value, String>> {
    let began = Instant::now();
    let pressed = shared
        .group()
        .with_app(|app, now_ms| (app.press(pressing, now_ms), u64::from(app.rules.card_answer_ms)));
    let (pressed, patience_ms) = pressed?;
    let awaited = match pressed {
        Pressed::NoCard => {
            let track = &pressing.out_track_id;
            return Some(Err(format!("expected the outTrackId of a card, found {track:?}")));
        }
        Pressed::Unheard(why) => return Some(Ok(json!({"answered": false, "why": why}))),
        Pressed::Awaited(awaited) => awaited,
    };
    let answer = tokio::time::timeout(Duration::from_millis(patience_ms), awaited).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Ok(Ok(answer)) = answer else {
        return Some(Ok(json!({"answered": false, "why": "no answer in time", "ms": ms})));
    };
    let applied = shared.group().with_app(|app, now_ms| app.pressed(pressing, &answer, now_ms));
    let (code, data) = answer;
    Some(Ok(json!({
        "answered": true, "code": code, "ms": ms, "applied": applied, "response": data,
    })))
}

async fn crowd(State(shared): State<Shared>) -> Result<Json<Value>, Refused> {
    seen(&shared, App::present)
}

async fn invite(
    State(shared): State<Shared>,
    Json(crowd): Json<Crowd>,
) -> Result<Json<Value>, Refused> {
    if !crowd.is_sensible() {
        let why =
            "expected 1 to 1000 users, and as many texts where they ask; at most 60000 a minute";
        return Err(refused(StatusCode::BAD_REQUEST, why));
    }
    let invited = shared.group().with_app(|app, now_ms| app.invite(crowd, now_ms));
    invited.map(|()| Json(json!({"ok": true}))).ok_or_else(nobody)
}

async fn send_home(State(shared): State<Shared>) -> Result<Json<Value>, Refused> {
    let gone = shared.group().with_app(|app, _| app.send_home());
    gone.map(|()| Json(json!({"ok": true}))).ok_or_else(nobody)
}

async fn submit(
    State(shared): State<Shared>,
    Json(submitting): Json<Submitting>,
) -> Result<Json<Value>, Refused> {
    let begun = shared.group().with_app(|app, now_ms| app.submit(&submitting, now_ms));
    begun.map(Json).ok_or_else(nobody)
}

async fn decide(
    State(shared): State<Shared>,
    Json(deciding): Json<Deciding>,
) -> Result<Json<Value>, Refused> {
    let decided = shared.group().with_app(|app, now_ms| app.decide(&deciding, now_ms));
    decided.ok_or_else(nobody)?.map(Json).map_err(|why| match why {
        Undecided::NoInstance => {
            refused(StatusCode::NOT_FOUND, "expected the id of an approval, found none of that id")
        }
        Undecided::NotTaken(why) => {
            let why = format!("expected an approval that this person can decide; {why}");
            refused(StatusCode::CONFLICT, &why)
        }
    })
}

async fn tick(
    State(shared): State<Shared>,
    Json(ticking): Json<Ticking>,
) -> Result<Json<Value>, Refused> {
    let ticked = shared
        .group()
        .with_app(|app, now_ms| todo::tick(app, &ticking.id, ticking.done, now_ms))
        .ok_or_else(nobody)?;
    if ticked {
        return Ok(Json(json!({"ok": true})));
    }
    Err(refused(StatusCode::NOT_FOUND, "expected the id of a todo, found none of that id"))
}

async fn stream(State(shared): State<Shared>) -> Result<Json<Value>, Refused> {
    seen(&shared, |app| app.stream.describe())
}

async fn strike(
    State(shared): State<Shared>,
    Json(fault): Json<StreamFault>,
) -> Result<Json<Value>, Refused> {
    if !fault.is_sensible() {
        let why = "expected a frame of at most 64 MiB and a pause of at most 10 minutes";
        return Err(refused(StatusCode::BAD_REQUEST, why));
    }
    let struck = shared.group().with_app(|app, now_ms| app.stream.strike(&fault, now_ms));
    struck.map(|struck| Json(json!({"ok": true, "connections": struck}))).ok_or_else(nobody)
}

async fn deliveries(State(shared): State<Shared>) -> Result<Json<Value>, Refused> {
    seen(&shared, |app| json!(app.stream.deliveries()))
}

fn nobody() -> Refused {
    refused(
        StatusCode::NOT_FOUND,
        "expected a mock with an application; start it with --app ID:SECRET",
    )
}

fn refused(status: StatusCode, expected: &str) -> Refused {
    (status, Json(json!({"error": expected})))
}
