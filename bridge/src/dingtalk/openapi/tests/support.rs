//! A server, and an application that calls it.

use std::sync::Arc;

use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::openapi::{ApiError, Counted, Ledger, OpenApi};
use crate::secret::Secret;

pub(super) const SECRET: &str = "app-s3cr3t";
pub(super) const TOKEN: &str = "t0ken-fw8ef8we8f76e6f7s8dxxxx";

pub(super) fn app(server: &MockServer) -> App {
    App {
        client_id: "dingabc".into(),
        client_secret: Secret::new(SECRET),
        api: server.uri(),
        robot_code: "robot-1".into(),
        monthly_calls: 5_000,
        ca_file: None,
        proxy: None,
    }
}

pub(super) fn api(server: &MockServer) -> OpenApi {
    with(&app(server), Arc::new(Counted::default()))
}

pub(super) fn with(app: &App, ledger: Arc<dyn Ledger>) -> OpenApi {
    OpenApi::new(app, Clock::real(), ledger).expect("set up")
}

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(super) fn refusal(status: u16, code: &str) -> ResponseTemplate {
    let body =
        json!({ "code": code, "requestid": "r1", "message": format!("no {TOKEN} {SECRET}") });
    ResponseTemplate::new(status).set_body_json(body)
}

/// A server that gives the token to who knows the secret.
pub(super) async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1.0/oauth2/accessToken"))
        .and(body_json(json!({ "appKey": "dingabc", "appSecret": SECRET })))
        .respond_with(ok(json!({ "accessToken": TOKEN, "expireIn": 7200 })))
        .mount(&server)
        .await;
    server
}

/// The requests behind `path`, in their order.
pub(super) async fn requests(server: &MockServer, path: &str) -> Vec<Request> {
    let all = server.received_requests().await.expect("they are kept");
    all.into_iter().filter(|request| request.url.path() == path).collect()
}

/// A refusal as people see it shows neither token nor secret.
pub(super) fn shown(error: &ApiError) -> String {
    let shown = format!("{error} {error:?} {}", error.hint());
    assert!(!shown.contains(TOKEN) && !shown.contains(SECRET), "{shown}");
    shown
}
