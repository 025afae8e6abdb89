//! The server over real connections: what is believed, what is kept, what is answered.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{MAX_BODY_BYTES, bind, serve_within};
use super::verify::{Proof, StandardKey};
use super::verify_tests::sha256;
use super::{Reception, Scheme};
use crate::clock::Clock;
use crate::config::{Config, Hooks, Language, Pushed, Robot, Shop};
use crate::health::Health;
use crate::journal::{Journal, JournalReader, OutboxState};
use crate::live::Live;
use crate::secret::Secret;

const URL: &str = "https://shop.example/hooks/square";
const KEY: &[u8] = b"square's key";
const WORD: &str = "a-long-word-nobody-knows";
const TOKEN: &str = "0123456789abcdef";
const STANDARD_KEY: [u8; 32] = [5; 32];
/// Short, so that a test of it is.
const LIMIT: Duration = Duration::from_millis(1_500);

struct Bench {
    to: SocketAddr,
    journal: Journal,
    _dir: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
        let journal = opened.expect("no panic").expect("opens");
        let robot = Robot::for_tests("owner", "http://127.0.0.1:9/?access_token=t");
        let robot = Robot { notices: vec![pos_protocol::event::Kind::Sale], ..robot };
        let shop = Shop::for_tests(Language::En);
        let mut config = Config::for_tests(dir.path(), shop, vec![robot]);
        let standard = Secret::new(format!("whsec_{}", STANDARD.encode(STANDARD_KEY)));
        let standard = || Proof::Standard(StandardKey::parse(&standard).expect("a key"));
        let key = Secret::new(String::from_utf8_lossy(KEY));
        let square = Proof::Square { key, urls: vec![URL.into()] };
        config.hooks = Some(Hooks::for_tests(Pushed {
            proofs: [
                (Scheme::Square, square),
                (Scheme::Push, standard()),
                (Scheme::Standard, standard()),
            ]
            .into(),
            token: Some(Secret::new(TOKEN)),
            path: Some(Secret::new(WORD)),
            unsigned: [Scheme::Loyverse].into(),
            ..Pushed::default()
        }));
        let (live, told) = (Live::new(config), Arc::default());
        let health = Arc::new(Health::default());
        let reception = Reception::new(journal.clone(), live, Clock::real(), told, health);
        let listener = bind("127.0.0.1:0".parse().expect("an address")).await.expect("binds");
        let to = listener.local_addr().expect("bound");
        tokio::spawn(serve_within(listener, reception, LIMIT));
        Self { to, journal, _dir: dir }
    }

    /// The answer's code and body.
    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Value) {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(self.to).await.expect("connects");
        stream.write_all((head + "\r\n").as_bytes()).await.expect("room");
        stream.write_all(body).await.expect("room");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let code = answer.get(9..12).and_then(|code| code.parse().ok()).expect("a code");
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (code, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    async fn square(&self, body: &[u8]) -> (u16, Value) {
        let code = STANDARD.encode(sha256(KEY, &[URL.as_bytes(), body].concat()));
        self.post("/hooks/square", &[("x-square-hmacsha256-signature", &code)], body).await
    }

    async fn push(&self, id: &str, body: &[u8]) -> (u16, Value) {
        let now = Clock::real().wall_ms().div_euclid(1_000).to_string();
        let signed = [format!("{id}.{now}.").as_bytes(), body].concat();
        let code = format!("v1,{}", STANDARD.encode(sha256(&STANDARD_KEY, &signed)));
        let headers =
            [("webhook-id", id), ("webhook-timestamp", &*now), ("webhook-signature", &*code)];
        self.post("/v1/events", &headers, body).await
    }

    /// How many events, calls and waiting notices the journal has.
    async fn kept(&self) -> (u64, i64, usize) {
        let path = self.journal.path().to_owned();
        let read = tokio::task::spawn_blocking(move || {
            let reader = JournalReader::open(&path).expect("opens");
            let conn = rusqlite::Connection::open(&path).expect("opens");
            let calls = conn.query_one("SELECT count(*) FROM hook", [], |row| row.get(0));
            let queued = reader.outbox(OutboxState::Queued, 100).expect("reads").len();
            (reader.totals().expect("reads").events, calls.expect("a number"), queued)
        });
        read.await.expect("no panic")
    }

    /// Ends outside the runtime, where the journal may block.
    async fn close(self) {
        tokio::task::spawn_blocking(move || drop(self)).await.expect("closes");
    }
}

fn paid(event: &str, payment: &str) -> Vec<u8> {
    json!({ "type": "payment.updated", "event_id": event, "data": { "object": { "payment": {
        "id": payment, "status": "COMPLETED", "created_at": "2026-11-21T04:01:22Z",
        "total_money": { "amount": 3600, "currency": "HKD" } } } } })
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn a_sale_is_on_disk_when_it_is_answered_and_counts_once_however_often_it_comes() {
    let bench = Bench::new().await;
    let (code, said) = bench.square(&paid("e1", "p1")).await;
    assert_eq!((code, &said["kept"], &said["duplicate"]), (200, &true.into(), &false.into()));
    assert_eq!(bench.kept().await, (1, 1, 1));
    let (code, said) = bench.square(&paid("e1", "p1")).await;
    assert_eq!((code, &said["duplicate"]), (200, &true.into()), "the same call");
    assert_eq!(bench.kept().await, (1, 1, 1));
    assert_eq!(bench.square(&paid("e2", "p1")).await.0, 200, "another call of the same payment");
    assert_eq!(bench.kept().await, (1, 2, 1));
    let unknown = br#"{"type":"loyalty.account.created","event_id":"e3"}"#;
    assert_eq!(bench.square(unknown).await.0, 200);
    assert_eq!(bench.kept().await, (1, 3, 1), "kept, and not fatal");
    bench.close().await;
}

#[tokio::test]
async fn what_is_not_proved_leaves_nothing_behind() {
    let bench = Bench::new().await;
    let (body, code) = (paid("e1", "p1"), STANDARD.encode([0; 32]));
    let wrong = [("x-square-hmacsha256-signature", &*code)];
    assert_eq!(bench.post("/hooks/square", &wrong, &body).await.0, 401);
    assert_eq!(bench.post("/hooks/square", &[], &body).await.0, 401);
    for path in [
        "/hooks/shopify",
        "/hooks/loyverse",
        "/hooks/push",
        "/hooks/x",
        "/x",
        "/hooks/wrong/loyverse",
    ] {
        assert_eq!(bench.post(path, &[], b"{}").await.0, 404, "{path}");
    }
    assert_eq!(bench.post("/v1/events", &[], b"{}").await.0, 401);
    let proxied = [("Authorization", &*format!("Bearer {TOKEN}")), ("X-Forwarded-For", "1.2.3.4")];
    assert_eq!(bench.post("/v1/events", &proxied, b"{}").await.0, 403);
    let (events, calls, told) = bench.kept().await;
    assert_eq!((events, calls), (0, 0));
    assert_eq!(told, 2, "an alarm for each scheme that was tried");
    let unsigned = bench.post(&format!("/hooks/{WORD}/loyverse"), &[], br#"{"type":"x"}"#).await;
    assert_eq!(unsigned.0, 200);
    bench.close().await;
}

#[tokio::test]
async fn a_broken_body_is_refused_by_its_place_and_the_admin_told_once() {
    let bench = Bench::new().await;
    let (code, said) = bench.square(br#"{"type":"payment.updated" "event_id":1}"#).await;
    assert_eq!((code, &said["offset"]), (400, &26.into()));
    let latin = bench.square(b"{\"type\":\"caf\xe9\"}").await;
    assert_eq!((latin.0, &latin.1["offset"]), (400, &12.into()));
    for body in [r#"{"type":1,"type":2}"#.to_owned(), "[".repeat(5_000), String::new()] {
        assert_eq!(bench.square(body.as_bytes()).await.0, 400);
    }
    assert_eq!(bench.kept().await, (0, 0, 1), "one alarm");
    bench.close().await;
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_and_its_sender_hears_why() {
    let bench = Bench::new().await;
    let (code, said) = bench.square(&vec![b' '; 10 * 1024 * 1024]).await;
    assert_eq!(code, 413, "{said}");
    assert!(said["error"].as_str().is_some_and(|why| why.contains("1048576")), "{said}");
    let fits =
        [&paid("e1", "p1")[..], &vec![b' '; MAX_BODY_BYTES - paid("e1", "p1").len()]].concat();
    assert_eq!(bench.square(&fits).await.0, 200, "the largest that is read");
    bench.close().await;
}

#[tokio::test]
async fn a_providers_test_is_told_to_the_group_and_counts_nothing() {
    let bench = Bench::new().await;
    let test = br#"{"type":"webhooks.test_notification","event_id":"t1"}"#;
    for _ in 0..2 {
        assert_eq!(bench.square(test).await.0, 200);
    }
    assert_eq!(bench.kept().await, (0, 1, 1));
    bench.close().await;
}

#[tokio::test]
async fn a_push_is_accepted_with_three_fields_and_refused_by_the_path_of_the_fourth() {
    let bench = Bench::new().await;
    let body = br#"{"kind":"sale","receipt":{"total":"36.00"},"colour":"red"}"#;
    let (code, said) = bench.push("k-1", body).await;
    assert_eq!((code, &said["ignored"]), (202, &json!(["$.colour"])));
    let id = said["id"].as_str().expect("an id").to_owned();
    let (code, said) = bench.push("k-1", body).await;
    assert_eq!((code, said["id"].as_str(), &said["duplicate"]), (202, Some(&*id), &true.into()));
    let bearer = format!("Bearer {TOKEN}");
    let given = [("Authorization", &*bearer), ("Idempotency-Key", "k-2")];
    assert_eq!(bench.post("/v1/events", &given, body).await.0, 202);
    let (code, said) = bench.push("k-3", br#"{"kind":"sale","receipt":{"total":"x"}}"#).await;
    assert_eq!((code, said["path"].as_str()), (422, Some("$.receipt.total")));
    let unknown = br#"{"kind":"inventory","inventory":{"entry":"set","lines":[{"article":"Tea","quantity":"1"}]}}"#;
    let (code, said) = bench.push("k-4", unknown).await;
    assert_eq!((code, said["path"].as_str()), (422, Some("$.inventory")), "{said}");
    assert_eq!(bench.kept().await.0, 2);
    bench.close().await;
}

#[tokio::test]
async fn a_full_disk_is_answered_with_later_and_the_next_try_counts() {
    let bench = Bench::new().await;
    let journal = bench.journal.clone();
    let limited = tokio::task::spawn_blocking(move || journal.limit_pages(1)).await;
    limited.expect("no panic");
    let mut refused = 0;
    // What is left of the last pages takes some.
    for number in 0..200 {
        let id = format!("f{number}");
        match bench.square(&paid(&id, &id)).await.0 {
            200 => {}
            503 => refused += 1,
            other => panic!("{other}"),
        }
        if refused > 0 {
            break;
        }
    }
    assert!(refused > 0, "the disk is full");
    let before = bench.kept().await.0;
    let journal = bench.journal.clone();
    tokio::task::spawn_blocking(move || journal.limit_pages(1_000_000)).await.expect("no panic");
    assert_eq!(bench.square(&paid("again", "again")).await.0, 200);
    assert_eq!(bench.kept().await.0, before + 1);
    bench.close().await;
}

#[tokio::test]
async fn a_peer_that_sends_slowly_loses_its_place_in_time() {
    let bench = Bench::new().await;
    let mut slow = Vec::new();
    // More than there are places.
    for _ in 0..40 {
        let mut stream = TcpStream::connect(bench.to).await.expect("connects");
        stream.write_all(b"POST /hooks/square HTTP/1.1\r\nContent-").await.expect("room");
        slow.push(stream);
    }
    // Those that wait are served once the slow ones are let go.
    let answer = tokio::time::timeout(4 * LIMIT, bench.square(&paid("e1", "p1"))).await;
    assert_eq!(answer.expect("within the limit").0, 200);
    bench.close().await;
}
