//! Signatures and the clock they are made with.

use std::sync::atomic::{AtomicUsize, Ordering};

use wiremock::matchers::{body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::support::{BODY, OK, SECRET, TOKEN, client, robot, send};
use crate::clock::Clock;
use crate::config::Robot;
use crate::dingtalk::{Answer, ConfigTrouble, Outcome, RobotClient, sign};

const HOUR_MS: i64 = 60 * 60 * 1_000;
const AHEAD_MS: i64 = 70 * 60 * 1_000;
/// The ways in which a wrong time has been refused.
const LATE: [&str; 3] = ["invalid timestamp", "description:机器人发送签名过期;", "sign not match"];

fn query(request: &Request, key: &str) -> Vec<String> {
    let pairs = request.url.query_pairs();
    pairs.filter(|(k, _)| k == key).map(|(_, value)| value.into_owned()).collect()
}

fn dated(body: &str, server_ms: i64) -> ResponseTemplate {
    let at = jiff::Timestamp::from_millisecond(server_ms).expect("near now");
    let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    ResponseTemplate::new(200).set_body_string(body).insert_header("date", date)
}

fn refusal(text: &str) -> String {
    serde_json::json!({ "errcode": 310_000, "errmsg": text }).to_string()
}

/// A DingTalk whose clock is 70 minutes ahead of ours, and which refuses a wrong time with `late`.
async fn ahead(late: &'static str) -> MockServer {
    let server = MockServer::start().await;
    let judge = move |request: &Request| {
        let server_ms = Clock::real().wall_ms() + AHEAD_MS;
        let at: i64 = query(request, "timestamp")[0].parse().expect("milliseconds");
        let right = query(request, "sign")[0] == sign(at, SECRET).base64;
        let in_time = (at - server_ms).abs() <= HOUR_MS;
        let body = if right && in_time { OK.to_owned() } else { refusal(late) };
        dated(&body, server_ms)
    };
    Mock::given(method("POST")).respond_with(judge).mount(&server).await;
    server
}

#[tokio::test]
async fn a_request_is_signed_with_the_time_of_now_and_says_who_asks() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/robot/send"))
        .and(query_param("access_token", TOKEN))
        .and(header("content-type", "application/json; charset=utf-8"))
        .and(header("user-agent", concat!("posbridge/", env!("CARGO_PKG_VERSION"))))
        .and(body_string(BODY))
        .respond_with(ResponseTemplate::new(200).set_body_string(OK))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let mut signed = Vec::new();
    for _ in 0..2 {
        let before = Clock::real().wall_ms();
        let answer = send(&client).await;
        assert_eq!((answer.outcome, answer.http_status), (Outcome::Delivered, Some(200)));
        assert_eq!((answer.skew_s.map(|s| s.abs() < 5), answer.calls), (Some(true), 1));
        signed.push(before..=Clock::real().wall_ms());
    }
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests.len(), 2);
    for (request, window) in requests.iter().zip(signed) {
        let [at] = query(request, "timestamp").try_into().expect("one: the pasted one is gone");
        let at: i64 = at.parse().expect("milliseconds");
        assert!(window.contains(&at), "signed for this attempt: {at}");
        assert_eq!(query(request, "sign"), [sign(at, SECRET).base64]);
    }
}

#[tokio::test]
async fn a_refused_time_is_signed_anew_once_and_remembered() {
    for late in LATE {
        let server = ahead(late).await;
        let client = client(&server.uri());
        let first = send(&client).await;
        assert_eq!((&first.outcome, first.calls), (&Outcome::Delivered, 2), "{late}: {first:?}");
        assert!(first.skew_s.is_some_and(|s| (s + AHEAD_MS / 1_000).abs() < 10), "{first:?}");
        assert_eq!(client.skew_s(), first.skew_s);
        let second = send(&client.clone()).await;
        assert_eq!((second.outcome, second.calls), (Outcome::Delivered, 1), "remembered");

        let requests = server.received_requests().await.expect("recorded");
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| request.body == BODY.as_bytes()), "the same body");
    }
}

#[tokio::test]
async fn a_time_that_is_refused_whatever_it_is_costs_two_calls_and_no_more() {
    let server = MockServer::start().await;
    let never =
        |_: &Request| dated(&refusal("invalid timestamp"), Clock::real().wall_ms() + AHEAD_MS);
    Mock::given(method("POST")).respond_with(never).expect(2).mount(&server).await;
    let answer = send(&client(&server.uri())).await;
    let clock = |answer: &Answer| {
        matches!(answer.outcome, Outcome::Config { why: ConfigTrouble::Clock, .. })
    };
    assert!(clock(&answer) && answer.calls == 2, "{answer:?}");

    // Nothing to mend: the clocks agree, or nothing is signed.
    let server = MockServer::start().await;
    let agreed = |_: &Request| dated(&refusal("invalid timestamp"), Clock::real().wall_ms());
    Mock::given(method("POST")).respond_with(agreed).expect(1).mount(&server).await;
    let answer = send(&client(&server.uri())).await;
    assert!(clock(&answer) && answer.calls == 1, "{answer:?}");

    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(never).expect(1).mount(&server).await;
    let unsigned = Robot { secret: None, ..robot(&server.uri()) };
    let client = RobotClient::new(&unsigned, Clock::real()).expect("a robot");
    let answer = send(&client).await;
    assert!(clock(&answer) && answer.calls == 1, "{answer:?}");
}

#[tokio::test]
async fn a_wrong_secret_is_not_blamed_on_the_clock_once_that_is_mended() {
    let server = ahead("sign not match").await;
    let wrong = Robot { secret: Some(crate::secret::Secret::new("SEC9")), ..robot(&server.uri()) };
    let client = RobotClient::new(&wrong, Clock::real()).expect("a robot");
    let answer = send(&client).await;
    assert!(
        matches!(answer.outcome, Outcome::Config { why: ConfigTrouble::Sign, .. }),
        "with DingTalk's own time it is the secret: {answer:?}"
    );
}

#[tokio::test]
async fn an_unknown_outcome_of_the_second_call_stays_unknown() {
    let server = MockServer::start().await;
    let calls = AtomicUsize::new(0);
    let judge = move |_: &Request| {
        let server_ms = Clock::real().wall_ms() + AHEAD_MS;
        let first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        let body = if first { refusal("invalid timestamp") } else { "who knows".to_owned() };
        dated(&body, server_ms)
    };
    Mock::given(method("POST")).respond_with(judge).mount(&server).await;
    let answer = send(&client(&server.uri())).await;
    assert!(matches!(answer.outcome, Outcome::Unknown { .. }) && answer.calls == 2, "{answer:?}");
}

#[tokio::test]
async fn reaching_the_host_measures_the_clock_and_sends_no_token() {
    let server = MockServer::start().await;
    let front = |_: &Request| dated("", Clock::real().wall_ms() - AHEAD_MS);
    Mock::given(method("HEAD")).respond_with(front).expect(1).mount(&server).await;
    let client = client(&server.uri());
    let ahead_s = client.reach().await.expect("it answers").expect("a date");
    assert!((ahead_s - AHEAD_MS / 1_000).abs() < 10, "{ahead_s}");
    assert_eq!(client.skew_s(), Some(ahead_s));
    let requests = server.received_requests().await.expect("recorded");
    assert!(!requests[0].url.as_str().contains(TOKEN), "{}", requests[0].url);
}
