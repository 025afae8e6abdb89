//! What DingTalk refuses, and what is not even asked for.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::support::{api, app, ok, refusal, requests, server, shown, with};
use crate::config::App;
use crate::dingtalk::openapi::{ApiError, CardData, Counted, Retry, RobotMessage};

const SEND: &str = "/v1.0/robot/groupMessages/send";
const CARDS: &str = "/v1.0/card/instances";

fn hello() -> RobotMessage {
    RobotMessage::Text { content: "hello".into() }
}

#[tokio::test]
async fn a_refusal_for_the_rate_does_not_count_and_holds_the_next_call_back() {
    let server = server().await;
    let limited = Mock::given(method("POST")).and(path(SEND));
    let code = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi";
    limited.respond_with(refusal(403, code)).up_to_n_times(1).mount(&server).await;
    let good = Mock::given(method("POST")).and(path(SEND));
    good.respond_with(ok(json!({ "processQueryKey": "q" }))).mount(&server).await;
    let api = api(&server);
    let error = api.send_to_group("cid1", &hello()).await.expect_err("too fast");
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(1)));
    let began = std::time::Instant::now();
    assert_eq!(api.send_to_group("cid1", &hello()).await.as_deref(), Ok("q"));
    assert!(began.elapsed() >= Duration::from_millis(800), "it waits out the pause");
    assert_eq!(api.calls_this_month().await, 1);
}

#[tokio::test]
async fn a_long_pause_is_told_at_once_and_nothing_is_sent() {
    let server = server().await;
    let limited = Mock::given(method("POST")).and(path(SEND));
    limited.respond_with(refusal(400, "send.too.fast")).mount(&server).await;
    let api = api(&server);
    for _ in 0..3 {
        let error = api.send_to_group("cid1", &hello()).await.expect_err("too fast");
        let Retry::After(wait) = error.retry() else { panic!("{error}") };
        assert!(wait > Duration::from_secs(30) && wait <= Duration::from_mins(1), "{wait:?}");
    }
    assert_eq!(requests(&server, SEND).await.len(), 1);
}

#[tokio::test]
async fn a_month_that_is_used_up_sends_nothing_and_the_live_card_stops_first() {
    let server = server().await;
    let send = Mock::given(method("POST")).and(path(SEND));
    send.respond_with(ok(json!({ "processQueryKey": "q" }))).mount(&server).await;
    let update = Mock::given(method("PUT")).and(path(CARDS));
    update.respond_with(ok(json!({ "success": true, "result": true }))).mount(&server).await;
    let app = App { monthly_calls: 10, ..app(&server) };
    let api = with(&app, Arc::new(Counted::default()));
    let data = CardData::from([("today".to_owned(), "HK$ 1".to_owned())]);
    for _ in 0..9 {
        api.update_card("card-1", &data).await.expect("within nine tenths");
    }
    let stopped = api.update_card("card-1", &data).await.expect_err("the last tenth");
    assert!(shown(&stopped).contains("9 of 10 calls"), "{stopped}");
    api.send_to_group("cid1", &hello()).await.expect("an answer still goes");
    let spent = api.send_to_group("cid1", &hello()).await.expect_err("used up");
    assert!(matches!(spent, ApiError::Spent { .. }), "{spent}");
    let made = requests(&server, SEND).await.len() + requests(&server, CARDS).await.len();
    assert_eq!((made, api.calls_this_month().await), (10, 10));
}

#[tokio::test]
async fn a_revoked_permission_says_which_and_where_to_ask_for_it() {
    let server = server().await;
    let body = json!({ "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "requestid": "r", "message": "应用尚未开通所需的权限：[qyapi_robot_sendmsg]" });
    let denied = Mock::given(method("POST")).and(path(SEND));
    denied.respond_with(ResponseTemplate::new(403).set_body_json(body)).mount(&server).await;
    let error = api(&server).send_to_group("cid1", &hello()).await.expect_err("denied");
    let said = shown(&error);
    assert!(said.contains("qyapi_robot_sendmsg") && said.contains("Permissions"), "{said}");
    assert_eq!(error.retry(), Retry::Person);
}

#[tokio::test]
async fn a_server_error_leaves_it_open_whether_it_was_done() {
    let server = server().await;
    for answer in
        [refusal(500, "system.error"), ResponseTemplate::new(502).set_body_string("<html>")]
    {
        let failing = Mock::given(method("POST")).and(path(SEND));
        failing.respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    let api = api(&server);
    for _ in 0..2 {
        let error = api.send_to_group("cid1", &hello()).await.expect_err("not well");
        assert!(error.is_unknown() && matches!(error.retry(), Retry::WithKey(_)), "{error}");
    }
    assert_eq!(api.calls_this_month().await, 2, "what may have arrived counts");
}

#[tokio::test]
async fn what_dingtalk_would_not_take_is_not_sent() {
    let server = server().await;
    let api = api(&server);
    let long = RobotMessage::Text { content: "茶".repeat(5_000) };
    let error = api.send_to_group("cid1", &long).await.expect_err("too long");
    assert!(matches!(error, ApiError::TooLarge { limit: 15_000, .. }), "{error}");
    let people: Vec<String> = (0..21).map(|n| format!("u{n}")).collect();
    let error = api.send_to_people(&people, &hello()).await.expect_err("too many");
    assert!(matches!(error, ApiError::TooLarge { limit: 20, found: 21, .. }), "{error}");
    let value = CardData::from([("x".to_owned(), "茶".repeat(342))]);
    let error = api.update_card("card-1", &value).await.expect_err("too long");
    assert!(matches!(error, ApiError::TooLarge { limit: 1_024, .. }), "{error}");
    let error = api.send_to_group(" ", &hello()).await.expect_err("no group");
    assert_eq!((error.retry(), api.calls_this_month().await), (Retry::Never, 0));
}
