//! The access token: one for everybody, fetched anew when DingTalk takes it back.

use std::sync::Arc;

use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer};

use super::support::{SECRET, TOKEN, api, ok, refusal, requests, server, shown};
use crate::clock::Clock;
use crate::dingtalk::openapi::{ApiError, Counted, OpenApi, Retry, RobotMessage};

const TOKENS: &str = "/v1.0/oauth2/accessToken";
const SEND: &str = "/v1.0/robot/groupMessages/send";

fn hello() -> RobotMessage {
    RobotMessage::Text { content: "hello".into() }
}

#[tokio::test]
async fn one_token_serves_many_calls_that_start_together() {
    let server = server().await;
    Mock::given(method("POST"))
        .and(path(SEND))
        .and(header("x-acs-dingtalk-access-token", TOKEN))
        .respond_with(ok(json!({ "processQueryKey": "q" })))
        .mount(&server)
        .await;
    let api = api(&server);
    let calls = (0..8).map(|_| {
        let api = api.clone();
        tokio::spawn(async move { api.send_to_group("cid1", &hello()).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.expect("no panic").as_deref(), Ok("q"));
    }
    assert_eq!(requests(&server, TOKENS).await.len(), 1);
    assert_eq!(api.calls_this_month().await, 8, "the token's own request is no call");
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_fetched_anew_once() {
    let server = server().await;
    let refused = Mock::given(method("POST")).and(path(SEND));
    refused
        .respond_with(refusal(400, "InvalidAuthentication"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let good = Mock::given(method("POST")).and(path(SEND));
    good.respond_with(ok(json!({ "processQueryKey": "q" }))).mount(&server).await;
    let api = api(&server);
    assert_eq!(api.send_to_group("cid1", &hello()).await.as_deref(), Ok("q"));
    assert_eq!(requests(&server, TOKENS).await.len(), 2);
}

#[tokio::test]
async fn a_token_that_is_never_taken_is_not_tried_for_ever() {
    let server = server().await;
    let refused = Mock::given(method("POST")).and(path(SEND));
    refused.respond_with(refusal(400, "InvalidAuthentication")).mount(&server).await;
    let error = api(&server).send_to_group("cid1", &hello()).await.expect_err("never taken");
    assert!(shown(&error).contains(".com or .io"), "{error}");
    assert_eq!((error, requests(&server, SEND).await.len()), (ApiError::TokenRefused, 2));
}

#[tokio::test]
async fn wrong_credentials_are_explained_and_not_offered_again_by_every_call() {
    let server = MockServer::start().await;
    let refused = Mock::given(method("POST")).and(path(TOKENS));
    refused.respond_with(refusal(400, "invalidClientIdOrSecret")).mount(&server).await;
    let api = api(&server);
    for _ in 0..5 {
        let error = api.sign_in().await.expect_err("wrong");
        assert!(shown(&error).contains("copy Client ID"), "{error}");
        assert_eq!(error.retry(), Retry::Person);
    }
    assert_eq!(requests(&server, TOKENS).await.len(), 1);
}

#[tokio::test]
async fn nobody_there_is_told_apart_from_a_refusal() {
    let app = crate::config::App {
        client_id: "dingabc".into(),
        client_secret: crate::secret::Secret::new(SECRET),
        api: "http://127.0.0.1:1".into(),
        robot_code: "r".into(),
        monthly_calls: 1,
        ca_file: None,
        proxy: None,
    };
    let api = OpenApi::new(&app, Clock::real(), Arc::new(Counted::default())).expect("set up");
    let error = api.sign_in().await.expect_err("nobody listens");
    assert!(matches!(error, ApiError::Unreached { .. }) && !error.is_unknown(), "{error}");
    assert!(shown(&error).contains("connection was refused"), "{}", shown(&error));
}
