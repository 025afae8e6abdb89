//! `possim dingtalk --app` as a person or a script starts it, and a mock without it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use possim::dingtalk::{MockConfig, MockRobot};
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::World;

const POSSIM: &str = env!("CARGO_BIN_EXE_possim");

/// A mock that runs until the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by itself already, or it ends now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn post(url: String, body: &Value) -> (u16, Value) {
    // A second test of this process finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = Client::new().post(url).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn the_flag_turns_the_application_on_and_needs_no_robot() {
    let mut command = Command::new(POSSIM);
    let place = tempfile::tempdir().expect("a directory");
    let log = place.path().join("calls.jsonl");
    command.args(["dingtalk", "--app", "dingx:s:ecret", "--log"]).arg(&log).stdout(Stdio::piped());
    let mut running = Running(command.spawn().expect("possim"));
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let line: Value = serde_json::from_str(&line).expect("JSON");
    let url = line["listening"].as_str().expect("an address");
    let body = json!({"appKey": "dingx", "appSecret": "s:ecret"});
    let (status, answer) = post(format!("{url}/v1.0/oauth2/accessToken"), &body).await;
    assert_eq!(status, 200, "{answer}");
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(log.contains("/v1.0/oauth2/accessToken") && !log.contains("s:ecret"), "{log}");
    let said = json!({"user": "u1", "text": "help"});
    assert_eq!(post(format!("{url}/_control/say"), &said).await.1["delivered"], false);
}

#[test]
fn a_mistake_in_the_flag_is_exit_code_2() {
    for arguments in [&["dingtalk", "--app", "dingx"][..], &["dingtalk"]] {
        let output = Command::new(POSSIM).args(arguments).output().expect("possim");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[tokio::test]
async fn without_an_application_its_addresses_are_not_there() {
    let mock = MockRobot::start(MockConfig::new(Vec::new())).await.expect("a loopback port");
    let url = |path: &str| format!("http://{}{path}", mock.address());
    for path in ["/v1.0/oauth2/accessToken", "/robot/sendBySession?session=x"] {
        let (status, answer) = post(url(path), &json!({})).await;
        assert_eq!((status, &answer["errcode"]), (200, &json!(404)), "{path}");
    }
    let (status, answer) = post(url("/_control/say"), &json!({"user": "u", "text": "x"})).await;
    assert_eq!(status, 404);
    assert!(answer["error"].as_str().is_some_and(|why| why.contains("--app")), "{answer}");
}

#[tokio::test]
async fn an_order_that_is_misspelt_is_refused() {
    let world = World::new().await;
    for (verb, odd) in [
        ("say", json!({"user": "u"})),
        ("say", json!({"user": "u", "text": "x", "grup": "y"})),
        ("press", json!({"outTrackId": "t"})),
        ("decide", json!({"instance": "i", "verdict": "maybe"})),
        ("stream", json!({"do": "explode"})),
        ("app", json!({"deny": "everything"})),
    ] {
        let (status, _) = world.post(&format!("/_control/{verb}"), &odd).await;
        assert!((400..500).contains(&status), "{verb} {odd}: {status}");
    }
}
