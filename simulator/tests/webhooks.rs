//! The senders of webhooks against a receiver on the network: real HTTP, one test per stated fact.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use possim::clock::Clock;
use possim::shop::{OPENING, Shop};
use possim::webhooks::{Key, LineUp, Order, Report, Scheme, SendError, send};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

const POSSIM: &str = env!("CARGO_BIN_EXE_possim");
const SECRET: &str = "signature-key";
/// A day of retries passes in a tenth of a second.
const HURRY: u32 = 1_000_000;

/// One call as it was received.
#[derive(Clone, Debug)]
struct Heard {
    headers: HeaderMap,
    body: Bytes,
}

/// Answers as it was told to, in turn for each body, and then always as the last.
#[derive(Clone, Debug)]
struct Receiver {
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Vec<StatusCode>,
    seen: Arc<Mutex<HashMap<Bytes, usize>>>,
}

impl Receiver {
    async fn start(answers: &[u16]) -> (Self, String) {
        let answers = answers.iter().map(|code| StatusCode::from_u16(*code).expect("a status"));
        let receiver =
            Self { heard: Arc::default(), answers: answers.collect(), seen: Arc::default() };
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any).await.expect("a loopback port");
        let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/hooks", post(hear)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (receiver, url)
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no panic").clone()
    }
}

async fn hear(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let mut seen = receiver.seen.lock().expect("no panic");
    let before = seen.entry(body.clone()).or_default();
    let at = (*before).min(receiver.answers.len() - 1);
    *before += 1;
    drop(seen);
    receiver.heard.lock().expect("no panic").push(Heard { headers, body });
    (receiver.answers[at], [(header::LOCATION, "/elsewhere")]).into_response()
}

fn line_up(scheme: Scheme, sales: u32) -> LineUp {
    LineUp {
        shop: Shop::named("bubble-tea").expect("a shop of the catalogue"),
        till: "cloud".to_owned(),
        seed: 3,
        opening: OPENING,
        sales,
        scheme,
        duplicates: 10,
        reorder: true,
    }
}

fn secret(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Standard => "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        Scheme::LightspeedK => "name:word",
        _ => SECRET,
    }
}

fn order(scheme: Scheme, url: &str) -> Order {
    Order {
        url: url.to_owned(),
        subscribed: None,
        owned: false,
        scheme,
        key: Key::new(scheme, Some(secret(scheme))).expect("a secret"),
        pause: Duration::ZERO,
        connections: 8,
        hurry: HURRY,
        clock: Clock::real(),
    }
}

async fn sent(scheme: Scheme, sales: u32, answers: &[u16]) -> (Report, Vec<Heard>) {
    let (receiver, url) = Receiver::start(answers).await;
    let calls = line_up(scheme, sales).calls();
    let report = send(&order(scheme, &url), calls).await.expect("a loopback address");
    (report, receiver.heard())
}

fn mac(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[tokio::test]
async fn what_is_refused_comes_again_until_it_is_taken_and_nothing_is_lost() {
    for scheme in [
        Scheme::Square,
        Scheme::LightspeedX,
        Scheme::LightspeedK,
        Scheme::Shopify,
        Scheme::Standard,
    ] {
        let (report, heard) = sent(scheme, 40, &[500, 503, 200]).await;
        let calls = line_up(scheme, 40).calls().count() as u64;
        assert_eq!((report.notices, report.given_up), (calls, 0), "{scheme:?}");
        assert_eq!(report.accepted, calls, "{scheme:?}");
        assert_eq!(report.calls, calls + report.retries, "{scheme:?}");
        assert_eq!(heard.len() as u64, report.calls, "{scheme:?}");
        assert!(report.answers["500"] > 0 && report.answers["503"] > 0, "{scheme:?}");
        assert_eq!(report.answers["200"], calls);
    }
}

#[tokio::test]
async fn a_sender_gives_up_when_its_schedule_is_over() {
    for (scheme, tries) in [(Scheme::Shopify, 9), (Scheme::LightspeedX, 21), (Scheme::Standard, 10)]
    {
        let (report, heard) = sent(scheme, 1, &[500]).await;
        assert_eq!((report.accepted, report.given_up), (0, report.notices), "{scheme:?}");
        assert_eq!(heard.len() as u64, tries * report.notices, "{scheme:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let (report, heard) = sent(Scheme::Shopify, 1, &[302]).await;
    assert_eq!((report.accepted, report.answers["302"]), (0, report.calls));
    assert_eq!(heard.len() as u64, report.calls);
}

#[tokio::test]
async fn gone_ends_standard_webhooks_and_nobody_else() {
    let (report, _) = sent(Scheme::Standard, 100, &[410]).await;
    assert!(report.disabled && report.accepted == 0);
    assert!(report.notices < 100, "what was under way is all that was tried: {report:?}");
    assert_eq!(report.given_up, report.notices);
    let (report, _) = sent(Scheme::Shopify, 1, &[410, 200]).await;
    assert_eq!((report.disabled, report.accepted), (false, report.notices));
}

#[tokio::test]
async fn every_call_is_signed_over_the_body_as_it_came() {
    let (receiver, url) = Receiver::start(&[200]).await;
    let own = Order {
        subscribed: Some("https://shop.example/hooks/square".to_owned()),
        ..order(Scheme::Square, &url)
    };
    send(&own, line_up(Scheme::Square, 5).calls()).await.expect("sent");
    for heard in receiver.heard() {
        let expected = STANDARD.encode(mac(&[b"https://shop.example/hooks/square", &heard.body]));
        assert_eq!(heard.headers["x-square-hmacsha256-signature"], expected.as_str());
        let body: Value = serde_json::from_slice(&heard.body).expect("JSON");
        assert!(body["event_id"].is_string() && body["data"]["object"].is_object(), "{body}");
    }
    let (_, all) = sent(Scheme::LightspeedX, 5, &[200]).await;
    for heard in all {
        let bytes = mac(&[&heard.body]);
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        let expected = format!("signature={hex},algorithm=HMAC-SHA256");
        assert_eq!(heard.headers["x-signature"], expected.as_str());
        assert_eq!(heard.headers["content-type"], "application/x-www-form-urlencoded");
        assert!(heard.body.starts_with(b"payload=%7B%22"), "{:?}", heard.body);
    }
    let (_, all) = sent(Scheme::Shopify, 5, &[200]).await;
    for heard in all {
        let expected = STANDARD.encode(mac(&[&heard.body]));
        assert_eq!(heard.headers["x-shopify-hmac-sha256"], expected.as_str());
        assert!(heard.headers.contains_key("x-shopify-webhook-id"));
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_tried_as_often_as_any_other() {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any).await.expect("a loopback port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    drop(listener);
    let calls = line_up(Scheme::Shopify, 1).calls();
    let report = send(&order(Scheme::Shopify, &url), calls).await.expect("a loopback address");
    assert_eq!(report.answers["no_answer"], 9 * report.notices);
}

#[tokio::test]
async fn another_host_is_not_called() {
    let calls = || line_up(Scheme::Square, 1).calls();
    let refused = send(&order(Scheme::Square, "http://192.0.2.1/"), calls()).await;
    assert!(matches!(refused, Err(SendError::Host(_))), "{refused:?}");
}

#[tokio::test]
async fn the_command_writes_the_truth_and_says_in_one_line_what_became_of_it() {
    let (receiver, url) = Receiver::start(&[503, 200]).await;
    let place = tempfile::tempdir().expect("a directory");
    let truth = place.path().join("truth.jsonl");
    let path = truth.to_str().expect("UTF-8").to_owned();
    let output = tokio::task::spawn_blocking(move || {
        Command::new(POSSIM)
            .args(["webhooks", "--scheme", "square", "--to", &url, "--secret", SECRET])
            .args(["--sales", "30", "--seed", "5", "--truth", &path])
            .args(["--duplicates", "10", "--reorder", "--hurry", "1000000"])
            .output()
    });
    let output = output.await.expect("a thread").expect("possim");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let line: Value = serde_json::from_slice(&output.stdout).expect("a line of JSON");
    assert_eq!((line["sold"].as_u64(), line["given_up"].as_u64()), (Some(30), Some(0)));
    assert_eq!(line["calls"].as_u64(), Some(receiver.heard().len() as u64));
    let truth = std::fs::read_to_string(truth).expect("the truth");
    assert_eq!(truth.lines().count(), 30);
}

#[test]
fn a_mistake_in_the_command_is_exit_code_2() {
    let wrong: [&[&str]; 4] = [
        &["--scheme", "square", "--to", "http://127.0.0.1:1/"],
        &["--scheme", "standard", "--to", "http://127.0.0.1:1/", "--secret", "x"],
        &[
            "--scheme",
            "square",
            "--to",
            "https://api.dingtalk.com/",
            "--secret",
            "x",
            "--i-own-this-host",
        ],
        &["--scheme", "paypal", "--to", "http://127.0.0.1:1/", "--secret", "x"],
    ];
    for arguments in wrong {
        let output = Command::new(POSSIM).arg("webhooks").args(arguments).output().expect("possim");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
    }
}
