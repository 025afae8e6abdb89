//! The mock robot as a client on the network sees it: real HTTP, one test per stated fact.

use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use reqwest::{Client, Response};
use serde_json::{Value, json};

const TOKEN: &str = "0123456789abcdef";

async fn mock() -> (MockRobot, Client) {
    let robot =
        RobotConfig { token: TOKEN.to_owned(), secret: None, keywords: vec!["收銀".to_owned()] };
    let mock = MockRobot::start(MockConfig::new(vec![robot])).await.expect("a loopback port");
    // A second test of this process finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    (mock, Client::new())
}

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

async fn send(mock: &MockRobot, client: &Client, body: &Value) -> reqwest::Result<Response> {
    client
        .post(mock.webhook(TOKEN))
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
}

async fn json_of(response: Response) -> Value {
    assert_eq!(response.status(), 200, "errors come with HTTP 200 too");
    let text = response.text().await.expect("a body");
    serde_json::from_str(&text).expect("JSON")
}

async fn control(mock: &MockRobot, client: &Client, verb: &str, body: Value) -> Response {
    let url = format!("http://{}/_control/{verb}", mock.address());
    let request = client.post(url).header("content-type", "application/json");
    request.body(body.to_string()).send().await.expect("an answer")
}

async fn list(mock: &MockRobot, client: &Client, verb: &str) -> Vec<Value> {
    let url = format!("http://{}/_control/{verb}", mock.address());
    match json_of(client.get(url).send().await.expect("an answer")).await {
        Value::Array(list) => list,
        other => panic!("expected a list, found {other}"),
    }
}

#[tokio::test]
async fn a_good_message_is_answered_ok_and_seen_in_the_group() {
    let (mock, client) = mock().await;
    let answer = send(&mock, &client, &text("收銀 #1001 HK$36.00")).await.expect("an answer");
    assert_eq!(json_of(answer).await, json!({"errcode": 0, "errmsg": "ok"}));
    let messages = list(&mock, &client, "messages").await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["text"], "收銀 #1001 HK$36.00");
    assert_eq!((&messages[0]["robot"], &messages[0]["seq"]), (&json!(TOKEN), &json!(1)));
}

#[tokio::test]
async fn a_get_needs_a_post_and_a_post_needs_a_token() {
    let (mock, client) = mock().await;
    let get = client.get(mock.webhook(TOKEN)).send().await.expect("an answer");
    assert_eq!(json_of(get).await["errcode"], 43002);
    let url = format!("http://{}/robot/send", mock.address());
    let nameless = client.post(url).send().await.expect("an answer");
    let answer = json_of(nameless).await;
    assert_eq!(answer, json!({"errcode": 40035, "errmsg": "缺少参数 access_token"}));
}

#[tokio::test]
async fn the_21st_message_of_a_minute_is_refused_for_ten_minutes_of_the_mocks_clock() {
    let (mock, client) = mock().await;
    for n in 0..20 {
        let answer = send(&mock, &client, &text(&format!("收銀 {n}"))).await.expect("an answer");
        assert_eq!(json_of(answer).await["errcode"], 0);
    }
    let refused = json_of(send(&mock, &client, &text("收銀")).await.expect("an answer")).await;
    let expected = json!({"errcode": 660_026, "errmsg": "sending too many messages per minute"});
    assert_eq!(refused, expected);
    control(&mock, &client, "clock", json!({"advance_ms": 600_000})).await;
    let later = json_of(send(&mock, &client, &text("收銀")).await.expect("an answer")).await;
    assert_eq!(later["errcode"], 0);
    assert_eq!(list(&mock, &client, "attempts").await.len(), 22);
}

#[tokio::test]
async fn a_reset_before_shows_nothing_and_a_reset_after_shows_the_message() {
    let (mock, client) = mock().await;
    for (fault, seen) in [("reset_before", 0), ("reset_after", 1)] {
        control(&mock, &client, "faults", json!({"count": 1, "answer": fault})).await;
        let error = send(&mock, &client, &text("收銀")).await.expect_err("no answer");
        assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
        assert_eq!(mock.messages().len(), seen, "{fault}");
    }
    let answer = send(&mock, &client, &text("收銀")).await.expect("the fault struck once");
    assert_eq!(json_of(answer).await["errcode"], 0);
}

#[tokio::test]
async fn scripted_answers_come_in_order_and_show_nothing() {
    let (mock, client) = mock().await;
    for answer in ["throttle", "http500", "html"] {
        control(&mock, &client, "faults", json!({"count": 1, "answer": answer})).await;
    }
    let throttled = send(&mock, &client, &text("收銀")).await.expect("an answer");
    assert_eq!(json_of(throttled).await["errcode"], 660_026);
    let failed = send(&mock, &client, &text("收銀")).await.expect("an answer");
    assert_eq!(failed.status(), 500);
    let page = send(&mock, &client, &text("收銀")).await.expect("an answer");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(mock.messages().is_empty());
    assert_eq!(mock.attempts().len(), 3);
}

#[tokio::test]
async fn a_repeated_msg_uuid_is_answered_ok_and_shown_once() {
    let (mock, client) = mock().await;
    let mut message = text("收銀");
    message["msgUuid"] = json!("one-and-the-same");
    for _ in 0..2 {
        let answer = send(&mock, &client, &message).await.expect("an answer");
        assert_eq!(json_of(answer).await["errcode"], 0);
    }
    assert_eq!(list(&mock, &client, "messages").await.len(), 1);
}

#[tokio::test]
async fn the_control_api_refuses_what_it_does_not_understand_and_reset_forgets() {
    let (mock, client) = mock().await;
    let useless = control(&mock, &client, "faults", json!({"count": 0, "answer": "html"})).await;
    assert_eq!(useless.status(), 400);
    let unknown = control(&mock, &client, "faults", json!({"count": 1, "answer": "melt"})).await;
    assert!(unknown.status().is_client_error());
    send(&mock, &client, &text("收銀")).await.expect("an answer");
    control(&mock, &client, "reset", json!({})).await;
    assert!(list(&mock, &client, "messages").await.is_empty());
    assert!(list(&mock, &client, "attempts").await.is_empty());
}
