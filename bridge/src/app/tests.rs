//! The stage against a gateway: it answers, remembers, follows the configuration and says how it is.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Nobody, Stages, run};
use crate::clock::Clock;
use crate::config::{App, Config, Language, Robot, Shop};
use crate::dingtalk::stream::tests::gateway::{Gateway, PATIENCE};
use crate::dingtalk::stream::tests::model::callback;
use crate::health::{Health, State};
use crate::journal::Journal;
use crate::live::Live;

struct Running {
    journal: Journal,
    health: Arc<Health>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// The stage for `app`, with the journal in `dir`.
fn start(dir: &std::path::Path, app: Option<App>) -> Running {
    let journal = Journal::open(&dir.join("j.db")).expect("opens");
    let mut config = Config::for_tests(
        dir,
        Shop::for_tests(Language::ZhHk),
        vec![Robot::for_tests("owner", "http://127.0.0.1:9/?access_token=t")],
    );
    config.dingtalk.app = app;
    let (health, live) = (Arc::new(Health::default()), Live::new(config));
    let (stop, stopped) = watch::channel(false);
    let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=100").expect("a good argument");
    let task = tokio::spawn(run(Stages {
        journal: journal.clone(),
        live,
        clock,
        told: Arc::default(),
        health: Arc::clone(&health),
        stopped,
        open_desk: Nobody::open,
    }));
    Running { journal, health, stop, task }
}

impl Running {
    async fn until(&self, so: impl Fn(&State) -> bool) -> State {
        let wait = async {
            while !so(&self.health.state()) {
                self.health.changed().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("in time");
        self.health.state()
    }

    async fn stop(self) -> Journal {
        self.stop.send(true).expect("it runs");
        tokio::time::timeout(PATIENCE, self.task).await.expect("in time").expect("no panic");
        self.journal
    }
}

fn question(id: &str, server: &MockServer, open_until_ms: i64) -> String {
    let data = json!({ "msgId": id, "conversationId": "cid1", "conversationType": "2",
        "senderId": "s", "senderStaffId": "u1", "msgtype": "text", "text": { "content": " hi" },
        "sessionWebhook": format!("{}/robot/sendBySession?session=1", server.uri()),
        "sessionWebhookExpiredTime": open_until_ms });
    callback("/v1.0/im/bot/messages/get", &format!("frame-{id}"), &data)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_once_over_restarts_and_late_ones_by_the_robot() {
    let server = MockServer::start().await;
    let by_session = Mock::given(method("POST"))
        .and(path("/robot/sendBySession"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "errcode": 0 })));
    by_session.expect(1).mount(&server).await;
    let mut gateway = Gateway::start().await;
    let dir = tempfile::tempdir().expect("a directory");
    for answered in 0..2 {
        let running = start(dir.path(), Some(gateway.app()));
        let mut connection = gateway.connection().await;
        assert!(connection.send(question("q1", &server, i64::MAX)).await);
        assert_eq!(connection.frame().await.expect("an answer")["code"], 200);
        running.until(|state| state.stream.as_ref().is_some_and(|link| link.connected)).await;
        if answered == 0 {
            let came = async {
                while server.received_requests().await.is_none_or(|all| all.is_empty()) {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(PATIENCE, came).await.expect("an answer in the group");
        }
        connection.ping().await;
        running.stop().await;
    }

    // The address has ended: the gateway is the interface too, and refuses this one.
    let running = start(dir.path(), Some(gateway.app()));
    let mut connection = gateway.connection().await;
    assert!(connection.send(question("q2", &server, 1)).await);
    let sent = gateway.call().await;
    assert_eq!(
        (&sent["openConversationId"], &sent["msgKey"]),
        (&json!("cid1"), &json!("sampleMarkdown"))
    );
    assert!(sent["msgParam"].as_str().expect("a string").contains("takings today"), "{sent}");
    let journal = running.stop().await;
    assert_eq!(journal.api_calls(202_611).await.expect("a journal"), 1);
}

#[tokio::test]
async fn trouble_that_lasts_is_told_and_an_application_is_needed_by_nobody() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut gateway = Gateway::start().await;
    let refused = json!({ "code": "invalidClientIdOrSecret", "message": "no" }).to_string();
    gateway.state().refuse = vec![(400, refused)];
    let running = start(dir.path(), Some(gateway.app()));
    let state = running.until(|state| state.trouble().is_some()).await;
    assert!(state.troubles["stream"].contains("copy Client ID"), "{state:?}");
    let mut connection = gateway.connection().await;
    connection.ping().await;
    running.until(|state| state.trouble().is_none()).await;
    running.stop().await;

    std::fs::create_dir(dir.path().join("idle")).expect("room");
    let idle = start(&dir.path().join("idle"), None);
    assert_eq!(idle.health.state().stream, None);
    idle.stop().await;
}
