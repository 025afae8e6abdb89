//! The control API under `/_control/`: for the test that owns the mock, never for its client.
//!
//! | call | meaning |
//! |---|---|
//! | `GET messages` | what the group saw, oldest first: a list of [`ShownMessage`] |
//! | `GET attempts` | every call with its answer, oldest first: a list of [`Attempt`] |
//! | `POST faults` | appends a [`Fault`] to the script |
//! | `POST clock` | `{"advance_ms":n}` moves the clock forward; answers `{"now":"..."}` |
//! | `POST reset` | forgets messages, calls, faults, rates and `msgUuid`s |

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::group::{Attempt, MAX_FAULTS, ShownMessage};
use super::server::Shared;
use crate::clock::rfc3339;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u32,
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/messages", get(messages))
        .route("/attempts", get(attempts))
        .route("/faults", post(faults))
        .route("/clock", post(clock))
        .route("/reset", post(reset))
}

async fn messages(State(shared): State<Shared>) -> Json<Vec<ShownMessage>> {
    Json(shared.group().messages())
}

async fn attempts(State(shared): State<Shared>) -> Json<Vec<Attempt>> {
    Json(shared.group().attempts())
}

async fn faults(
    State(shared): State<Shared>,
    Json(fault): Json<Fault>,
) -> (StatusCode, Json<Value>) {
    if shared.group().script(fault) {
        return (StatusCode::OK, Json(json!({"ok": true})));
    }
    let expected = format!(
        "expected a count above 0, an answer or a delay_ms, and at most {MAX_FAULTS} faults waiting"
    );
    (StatusCode::BAD_REQUEST, Json(json!({"error": expected})))
}

async fn clock(State(shared): State<Shared>, Json(by): Json<Advance>) -> Json<Value> {
    let now = shared.group().advance(by.advance_ms);
    Json(json!({"now": rfc3339(now)}))
}

async fn reset(State(shared): State<Shared>) -> Json<Value> {
    shared.group().reset();
    Json(json!({"ok": true}))
}
