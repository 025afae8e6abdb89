//! Answers by the address that came with a question.

use wiremock::matchers::{body_partial_json, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use serde_json::json;

use super::gateway::SECRET;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::stream::{ReplyError, SessionWebhook, SessionWebhookClient};
use crate::dingtalk::{Message, Outcome};
use crate::secret::Secret;

fn client(server: &MockServer) -> SessionWebhookClient {
    let app = App {
        client_id: "dingabc".into(),
        client_secret: Secret::new(SECRET),
        api: server.uri(),
        robot_code: "dingabc".into(),
        monthly_calls: 5_000,
        ca_file: None,
        proxy: None,
    };
    SessionWebhookClient::new(&app, Clock::real()).expect("set up")
}

fn webhook(server: &MockServer, open_for_ms: i64) -> SessionWebhook {
    let url = format!("{}/robot/sendBySession?session=s3ss10n", server.uri());
    SessionWebhook::new(url, Clock::real().wall_ms() + open_for_ms)
}

#[tokio::test]
async fn an_answer_is_markdown_or_text_while_the_address_is_open() {
    let server = MockServer::start().await;
    let says = |body: serde_json::Value| {
        Mock::given(method("POST"))
            .and(path("/robot/sendBySession"))
            .and(query_param("session", "s3ss10n"))
            .and(body_partial_json(body))
            .respond_with(
                ResponseTemplate::new(200).set_body_json(json!({ "errcode": 0, "errmsg": "ok" })),
            )
            .expect(1)
            .mount(&server)
    };
    says(json!({ "msgtype": "markdown", "markdown": { "title": "今日", "text": "# 1" } })).await;
    says(json!({ "msgtype": "text", "text": { "content": "ok" } })).await;
    let (client, to) = (client(&server), webhook(&server, 60_000));
    client.reply(&to, &Message::markdown("今日", "# 1")).await.expect("arrived");
    client.reply(&to, &Message::text("ok")).await.expect("arrived");
}

#[tokio::test]
async fn an_address_that_has_ended_is_not_used_and_one_that_ends_now_says_so() {
    let server = MockServer::start().await;
    let client = client(&server);
    for open_for_ms in [-1, 4_000] {
        let late = client.reply(&webhook(&server, open_for_ms), &Message::text("x")).await;
        assert!(matches!(late, Err(ReplyError::Expired)), "{late:?}");
    }
    assert!(server.received_requests().await.is_some_and(|all| all.is_empty()));
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).mount(&server).await;
    let ending = client.reply(&webhook(&server, 30_000), &Message::text("x")).await;
    assert!(matches!(ending, Err(ReplyError::Expired)), "{ending:?}");
    let outage = client.reply(&webhook(&server, 600_000), &Message::text("x")).await;
    let outage = outage.expect_err("HTTP 500");
    assert!(!matches!(outage, ReplyError::Expired), "{outage}");
}

#[tokio::test]
async fn a_refusal_is_told_without_the_address_and_nothing_arrived() {
    let server = MockServer::start().await;
    let gone = json!({ "errcode": 300_001, "errmsg": "session s3ss10n 不存在" });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(gone))
        .mount(&server)
        .await;
    let refused = client(&server).reply(&webhook(&server, 600_000), &Message::text("x")).await;
    let refused = refused.expect_err("a session that is gone");
    assert!(!refused.may_have_arrived(), "{refused}");
    assert!(matches!(&refused, ReplyError::Outcome(Outcome::Config { .. })), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("s3ss10n"), "{refused}");

    let nobody = SessionWebhook::new("http://127.0.0.1:1/?session=s3ss10n", i64::MAX);
    let unsent = client(&server).reply(&nobody, &Message::text("x")).await.expect_err("nobody");
    assert!(!unsent.may_have_arrived() && !unsent.to_string().contains("s3ss10n"), "{unsent}");
    let empty = client(&server).reply(&nobody, &Message::text(" ")).await.expect_err("no words");
    assert!(matches!(empty, ReplyError::Unfit(_)), "{empty}");
}
