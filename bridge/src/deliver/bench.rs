//! A shop on a test bench: a real journal, robots that are real HTTP servers, and virtual time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pos_protocol::event::{Event, SessionId};
use serde_json::{Value, json};
use tokio::sync::watch;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{News, Revival, run};
use crate::clock::Clock;
use crate::config::{Config, Language, Robot, Shop};
use crate::health::Health;
use crate::journal::{Batch, Journal, JournalError, JournalReader, NewNotice, OutboxState};
use crate::secret::Secret;

/// Ten minutes of the bridge's time pass in a second.
pub(super) const RATE: i64 = 600;

pub(super) const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
pub(super) const THROTTLED: &str =
    r#"{"errcode":660026,"errmsg":"sending too many messages per minute"}"#;
pub(super) const NO_TOKEN: &str = r#"{"errcode":300005,"errmsg":"token is not exist"}"#;
pub(super) const BAD_WORDS: &str = r#"{"errcode":430102,"errmsg":"不合适的文本"}"#;

pub(super) struct Bench {
    pub(super) dir: tempfile::TempDir,
    pub(super) config: Config,
    pub(super) clock: Clock,
    pub(super) wake: Arc<News>,
    pub(super) revival: Revival,
    settings: watch::Sender<Arc<Config>>,
}

impl Bench {
    /// A shop with these robots, each with its server.
    pub(super) fn new(robots: &[(&str, &MockServer)]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let robots = robots.iter().map(|(name, server)| Robot {
            secret: Some(Secret::new("SEC1")),
            keywords: vec!["till".into()],
            ..Robot::for_tests(name, &format!("{}/robot/send?access_token=tok-0001", server.uri()))
        });
        let timezone = jiff::tz::TimeZone::UTC;
        let shop = Shop { name: "Tea House".into(), timezone, ..Shop::for_tests(Language::En) };
        let config = Config::for_tests(dir.path(), shop, robots.collect());
        let clock = Clock::parse(&format!("origin=2026-11-21T04:00:00Z,rate={RATE}"));
        Self {
            dir,
            settings: watch::Sender::new(Arc::new(config.clone())),
            config,
            clock: clock.expect("a clock"),
            wake: Arc::default(),
            revival: Revival::new(),
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().join("j.db")
    }

    /// Queues one sale per number for `robot`; a negative number is urgent.
    pub(super) async fn sell(&self, journal: &Journal, robot: &str, numbers: &[i64]) {
        let created_ms = self.clock.wall_ms();
        let mut batch = Batch::default();
        for &number in numbers {
            let event = sale(robot, number);
            let urgent = number < 0;
            batch.notices.push(NewNotice {
                event_id: event.id,
                robot: robot.into(),
                urgent,
                created_ms,
            });
            batch.events.push(event);
        }
        let journal = journal.clone();
        let commit = tokio::task::spawn_blocking(move || journal.commit(batch));
        commit.await.expect("no panic").expect("commits");
        self.wake.changed();
    }

    /// Delivers until `stopped`, under settings that may change meanwhile: see [`Bench::change`].
    pub(super) async fn run(
        &self,
        journal: &Journal,
        stopped: watch::Receiver<bool>,
        health: &Health,
    ) -> Result<(), JournalError> {
        // What a test changed before is what the daemon starts with.
        self.settings.send_replace(Arc::new(self.config.clone()));
        let (settings, wake) = (self.settings.subscribe(), self.wake.clone());
        run(journal.clone(), settings, &self.revival, self.clock, wake, stopped, health).await
    }

    /// New settings while it runs.
    pub(super) fn change(&self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::clone(&self.settings.borrow());
        change(&mut config);
        self.settings.send_replace(Arc::new(config));
    }

    /// Delivers until `done` says so of the outbox, then stops.
    pub(super) async fn deliver(&self, journal: &Journal, done: impl Fn(&Counts) -> bool) {
        let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
        let delivery = self.run(journal, stopped, &health);
        let (delivered, ()) = tokio::join!(delivery, async {
            self.settled(done).await;
            stop.send(true).expect("still running");
        });
        delivered.expect("a journal");
    }

    /// Waits until `done` holds; ten real seconds at most.
    pub(super) async fn settled(&self, done: impl Fn(&Counts) -> bool) {
        let wait = async {
            while !done(&counts(&self.path())) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), wait).await;
        assert!(waited.is_ok(), "still waiting: {:?}", counts(&self.path()));
    }
}

impl Bench {
    /// Waits until `server` was asked so often; ten real seconds at most.
    pub(super) async fn settled_on(&self, server: &MockServer, times: usize) {
        let wait = async {
            while server.received_requests().await.map_or(0, |asked| asked.len()) < times {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), wait).await;
        assert!(waited.is_ok(), "asked too seldom: {:?}", counts(&self.path()));
    }
}

pub(super) type Counts = Vec<(String, OutboxState, u64)>;

pub(super) fn counts(path: &Path) -> Counts {
    let totals = JournalReader::open(path).and_then(|reader| reader.totals()).expect("reads");
    totals.outbox.into_iter().map(|o| (o.robot, o.state, o.count)).collect()
}

pub(super) fn has(counts: &Counts, robot: &str, state: OutboxState, count: u64) -> bool {
    counts.contains(&(robot.to_owned(), state, count))
}

pub(super) fn sale(robot: &str, number: i64) -> Event {
    let session = SessionId { journal: "j".into(), source: robot.into(), epoch: 0 };
    let event = json!({"schema": 1, "id": session.event(0, number as u64, 0), "source": "counter-1",
        "observed_at": "2026-11-21T04:01:22.120Z", "kind": "sale",
        "receipt": {"number": number.to_string(), "total": "36.00"}});
    serde_json::from_value(event).expect("the wire schema")
}

/// A robot that gives these answers in turn, the last one for ever.
pub(super) async fn server(answers: &[&str]) -> MockServer {
    let server = MockServer::start().await;
    let given = std::sync::atomic::AtomicUsize::new(0);
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let respond = move |_: &Request| {
        let turn = given.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let answer = &answers[turn.min(answers.len() - 1)];
        ResponseTemplate::new(200).set_body_string(answer)
    };
    Mock::given(method("POST")).respond_with(respond).mount(&server).await;
    server
}

/// What the robot was asked, as (idempotency key, body).
pub(super) async fn asked(server: &MockServer) -> Vec<(String, String)> {
    let requests = server.received_requests().await.expect("recorded");
    let read = requests.into_iter().map(|request| {
        let json: Value = serde_json::from_slice(&request.body).expect("JSON");
        let uuid = json["msgUuid"].as_str().expect("a key").to_owned();
        (uuid, String::from_utf8(request.body).expect("UTF-8"))
    });
    read.collect()
}

pub(super) fn started_ms(path: &Path) -> Vec<i64> {
    let conn = rusqlite::Connection::open(path).expect("a journal");
    let mut rows = conn.prepare("SELECT started_ms FROM attempt ORDER BY id").expect("a table");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("numbers")
}
