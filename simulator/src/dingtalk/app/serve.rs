//! The application's addresses: from request to call, and from answer to response.

use axum::Router;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::Value;

use super::api::ApiCall;
use super::session::Answering;
use crate::dingtalk::door::Caller;
use crate::dingtalk::ending::Ending;
use crate::dingtalk::server::{Shared, content_type, read, respond, wait};
use crate::dingtalk::stream;

/// Where a connection is asked for; without the right `Accept` the answer is XML.
const OPEN: &str = "/v1.0/gateway/connections/open";

/// The addresses under which the application and its client meet.
pub(in crate::dingtalk) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1.0/{*path}", any(call))
        .route("/v2.0/{*path}", any(call))
        .route("/robot/sendBySession", any(answer))
        .route("/connect", get(stream::connect))
}

async fn call(
    State(shared): State<Shared>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let headers = request.headers();
    let xml = request.uri().path() == OPEN && !takes_json(headers);
    let call = ApiCall {
        from: caller.address.ip(),
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query,
        token: text(headers, "x-acs-dingtalk-access-token"),
        client_token: text(headers, "x-client-token"),
        body: read(request.into_body()).await,
    };
    if shared.group().is_away() {
        return respond(Ending::Reset, &caller);
    }
    let fault = shared.group().next_api_fault(&call.path).unwrap_or_default();
    wait(fault.delay_ms).await;
    let ending = shared.group().answer_api(&call, &fault);
    let token = call.client_token.filter(|_| fault.hold_ms.is_some());
    if let Some(token) = &token {
        shared.group().with_app(|app, _| app.begin(token));
    }
    wait(fault.hold_ms).await;
    if let Some(token) = &token {
        shared.group().with_app(|app, _| app.end(token));
    }
    match ending {
        Ending::Json(status, body) if xml => as_xml(status, &body),
        ending => respond(ending, &caller),
    }
}

async fn answer(
    State(shared): State<Shared>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let session = query.into_iter().find(|(key, _)| key == "session").map(|(_, value)| value);
    let path = request.uri().path().to_owned();
    let answering = Answering {
        session: session.unwrap_or_default(),
        content_type: content_type(request.headers()),
        body: read(request.into_body()).await,
    };
    if shared.group().is_away() {
        return respond(Ending::Reset, &caller);
    }
    let fault = shared.group().next_api_fault(&path).unwrap_or_default();
    wait(fault.delay_ms).await;
    let ending = shared.group().answer_session(&answering, &fault);
    wait(fault.hold_ms).await;
    respond(ending, &caller)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(ToOwned::to_owned)
}

fn takes_json(headers: &HeaderMap) -> bool {
    text(headers, header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("application/json"))
}

/// The flat object `body` as XML; its texts hold nothing that would have to be escaped.
fn as_xml(status: u16, body: &Value) -> Response {
    let fields = body.as_object().into_iter().flatten();
    let fields =
        fields.map(|(name, value)| format!("<{name}>{}</{name}>", value.as_str().unwrap_or("")));
    let text =
        format!("<?xml version=\"1.0\"?><response>{}</response>", fields.collect::<String>());
    let status = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/xml")], text).into_response()
}
