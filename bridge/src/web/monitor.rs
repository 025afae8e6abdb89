//! What a monitor asks: `/healthz` (is it well) and `/metrics` (numbers, in Prometheus' text format).
//!
//! Labels are the configured names of sources and robots; there is no text of a receipt and no secret.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use super::metrics;
use crate::control::{Desk, Status};

/// The two paths.
pub(super) fn routes(desk: Desk) -> Router {
    Router::new().route("/healthz", get(healthz)).route("/metrics", get(numbers)).with_state(desk)
}

async fn healthz(State(desk): State<Desk>) -> Response {
    let status = desk.status().await;
    let well = status.ready && status.trouble.is_none();
    let code = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (code, headers, format!("{}\n", told(well, &status))).into_response()
}

fn told(well: bool, status: &Status) -> serde_json::Value {
    let sources: Vec<_> = status
        .sources
        .iter()
        .map(|source| json!({ "name": source.name, "state": source.state }))
        .collect();
    json!({ "well": well, "ready": status.ready, "trouble": status.trouble, "sources": sources })
}

async fn numbers(State(desk): State<Desk>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")];
    (headers, metrics::render(&desk.status().await)).into_response()
}
