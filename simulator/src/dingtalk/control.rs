//! The control API under `/_control/`: for the test that owns the mock, never for its client.
//!
//! | call | meaning |
//! |---|---|
//! | `GET messages[?after=SEQ]` | what the group saw, oldest first: a list of [`ShownMessage`] |
//! | `GET attempts` | every call with its answer, oldest first: a list of [`Attempt`] |
//! | `GET faults` | the script that is left: a list of [`Fault`] |
//! | `POST faults` | appends one [`Fault`] or a list of them |
//! | `DELETE faults` | drops the script |
//! | `GET clock` | `{"now":"..."}` |
//! | `POST clock` | `{"advance_ms":n}` or `{"set":"RFC3339"}` moves the clock forward |
//! | `POST network` | `{"away_ms":n}` closes the port for so long, this API included |
//! | what concerns the application | see module `app` |
//! | `POST reset` | forgets messages, calls, faults, limits and `msgUuid`s, but not the time |

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{Fault, MAX_LASTING_MS, MAX_SKEW_MS, MAX_WAIT_MS};
use super::log::{Attempt, ShownMessage};
use super::script::MAX_FAULTS;
use super::server::Shared;
use crate::clock::rfc3339;

type Refused = (StatusCode, Json<Value>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Move {
    AdvanceMs(u32),
    Set(jiff::Timestamp),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Script {
    One(Fault),
    Many(Vec<Fault>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Absence {
    away_ms: u32,
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/messages", get(messages))
        .route("/attempts", get(attempts))
        .route("/faults", get(waiting).post(faults).delete(clear))
        .route("/clock", get(time).post(clock))
        .route("/network", post(network))
        .route("/reset", post(reset))
}

async fn messages(
    State(shared): State<Shared>,
    Query(asked): Query<After>,
) -> Json<Vec<ShownMessage>> {
    Json(shared.group().messages_after(asked.after))
}

async fn attempts(State(shared): State<Shared>) -> Json<Vec<Attempt>> {
    Json(shared.group().attempts())
}

async fn waiting(State(shared): State<Shared>) -> Json<Vec<Fault>> {
    Json(shared.group().waiting_faults())
}

async fn faults(
    State(shared): State<Shared>,
    Json(script): Json<Script>,
) -> Result<Json<Value>, Refused> {
    let faults = match script {
        Script::One(fault) => vec![fault],
        Script::Many(faults) => faults,
    };
    if shared.group().script(faults) {
        return Ok(Json(json!({"ok": true})));
    }
    Err(refused(&format!(
        "expected a count above 0 or a for_ms of 1 to {MAX_LASTING_MS}; an answer, a delay_ms or a \
         hold_ms of at most {MAX_WAIT_MS}, or a skew_ms of at most {MAX_SKEW_MS} either way; and at \
         most {MAX_FAULTS} faults waiting"
    )))
}

async fn clear(State(shared): State<Shared>) -> Json<Value> {
    shared.group().clear_faults();
    Json(json!({"ok": true}))
}

async fn time(State(shared): State<Shared>) -> Json<Value> {
    now(shared.group().now_ms())
}

async fn clock(State(shared): State<Shared>, Json(by): Json<Move>) -> Result<Json<Value>, Refused> {
    match by {
        Move::AdvanceMs(by_ms) => Ok(now(shared.group().advance(by_ms))),
        Move::Set(at) => shared.group().set_time(at.as_millisecond()).map(now).map_err(|now_ms| {
            let now = rfc3339(now_ms);
            refused(&format!("expected a time not before the mock's {now}, found {at}"))
        }),
    }
}

async fn network(State(shared): State<Shared>, Json(absence): Json<Absence>) -> Json<Value> {
    shared.group().leave(absence.away_ms);
    Json(json!({"ok": true}))
}

async fn reset(State(shared): State<Shared>) -> Json<Value> {
    shared.group().reset();
    Json(json!({"ok": true}))
}

fn now(ms: i64) -> Json<Value> {
    Json(json!({"now": rfc3339(ms)}))
}

fn refused(expected: &str) -> Refused {
    (StatusCode::BAD_REQUEST, Json(json!({"error": expected})))
}
