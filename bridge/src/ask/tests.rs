//! The stage against a gateway: it answers, remembers, follows the configuration and says how it is.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::recall::Recall;
use super::run;
use crate::clock::Clock;
use crate::config::{App, Config, Language, Shop};
use crate::dingtalk::openapi::Ledger;
use crate::dingtalk::stream::Memory;
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
    let mut config = Config::for_tests(dir, Shop::for_tests(Language::ZhHk), Vec::new());
    config.dingtalk.app = app;
    go(journal, Live::new(config))
}

fn go(journal: Journal, live: Live) -> Running {
    let health = Arc::new(Health::default());
    let (stop, stopped) = watch::channel(false);
    let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=100").expect("a good argument");
    let task = tokio::spawn(run(journal.clone(), live, clock, Arc::clone(&health), stopped));
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
    assert!(sent["msgParam"].as_str().expect("a string").contains("明記冰室"), "{sent}");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_silences_nobody_and_calls_are_counted_all_the_same() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let recall = Recall::new(journal.clone());
    assert!(recall.first("bot:1").await && !recall.first("bot:1").await);
    assert_eq!(recall.count(202_611).await, 1);
    let full = journal.clone();
    let limited = tokio::task::spawn_blocking(move || full.limit_pages(1)).await;
    assert!(limited.expect("no panic") > 1, "as many as there are");
    // Until the last free page is used; no key fits then.
    let long = "x".repeat(200);
    let mut refused = 0;
    for n in 0..10_000 {
        let key = format!("event:{n}:{long}");
        assert!(recall.first(&key).await, "new, or not known to be old");
        refused += u32::from(!recall.knows(&key).await);
        if refused > 2 {
            break;
        }
    }
    assert!(refused > 2, "the disk is full");
    assert!(recall.knows("bot:1").await, "what was done before is known");
    let counted = recall.count(202_611).await;
    assert_eq!((counted, recall.count(202_611).await), (2, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_application_in_the_file_is_another_stream_and_the_same_one_goes_on() {
    let (mut first, mut second) = (Gateway::start().await, Gateway::start().await);
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("posbridge.toml");
    std::fs::write(dir.path().join("app.secret"), "app-s3cr3t").expect("room");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(dir.path().join("app.secret"), private).expect("ours");
    let write = |app: String| {
        let text = format!(
            "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
             [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n{app}"
        );
        std::fs::write(&file, text).expect("room");
    };
    let app = |base: &str| {
        format!(
            "[dingtalk.app]\nclient_id = \"dingabc\"\napi = \"{base}\"\n\
             client_secret_file = \"app.secret\"\n"
        )
    };
    write(app(&first.base));
    let live = Live::new(crate::config::load(&file).expect("good"));
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let running = go(journal, live.clone());
    let reload = || {
        let live = live.clone();
        tokio::task::spawn_blocking(move || live.reload().map(|done| done.changed))
    };
    let mut connection = first.connection().await;
    assert!(reload().await.expect("no panic").expect("good").is_empty());
    connection.ping().await;
    assert_eq!(first.state().opens.len(), 1, "the same application goes on");

    write(app(&second.base));
    let changed = reload().await.expect("no panic").expect("good");
    assert_eq!(changed, ["[dingtalk]"]);
    let mut other = second.connection().await;
    other.ping().await;
    assert_eq!(connection.frame().await, None, "the first one was left");

    write(String::new());
    reload().await.expect("no panic").expect("good");
    assert_eq!(other.frame().await, None);
    running.until(|state| state.stream.is_none()).await;
    running.stop().await;
}
