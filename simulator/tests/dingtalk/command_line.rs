//! `possim dingtalk` as a person or a script starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::Client;
use serde_json::Value;

use crate::support::{client, json_of, text};

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

fn start(arguments: &[&str]) -> (Running, String) {
    let mut command = Command::new(POSSIM);
    command.arg("dingtalk").args(arguments).stdout(Stdio::piped());
    let mut running = Running(command.spawn().expect("possim"));
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let line: Value = serde_json::from_str(&line).expect("JSON");
    (running, line["listening"].as_str().expect("an address").to_owned())
}

async fn code(client: &Client, url: &str, token: &str, content: &str) -> Value {
    let request = client.post(format!("{url}/robot/send?access_token={token}"));
    let request = request.header("content-type", "application/json");
    let answer = request.body(text(content).to_string()).send().await.expect("an answer");
    json_of(answer).await["errcode"].clone()
}

#[tokio::test]
async fn the_first_line_says_where_it_listens_and_every_flag_counts() {
    let place = tempfile::tempdir().expect("a directory");
    let profile = place.path().join("profile.toml");
    std::fs::write(&profile, "wording = '2021'\nwindow.messages = 1").expect("a file");
    let log = place.path().join("calls.jsonl");
    let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    let (profile, written) = (path(&profile), path(&log));
    let (_running, url) = start(&[
        "--token",
        "one",
        "--token",
        "two",
        "--keyword",
        "till",
        "--keyword",
        "收銀",
        "--profile",
        &profile,
        "--wording",
        "2023",
        "--log",
        &written,
    ]);
    let client = client(std::net::Ipv4Addr::LOCALHOST);
    assert_eq!(code(&client, &url, "one", "the till").await, 0);
    assert_eq!(
        code(&client, &url, "one", "收銀").await,
        410_100,
        "a window of one, worded as of 2023"
    );
    assert_eq!(code(&client, &url, "two", "neither").await, 310_000);
    assert_eq!(code(&client, &url, "three", "收銀").await, 300_001);
    let lines = std::fs::read_to_string(log).expect("a log");
    assert_eq!(lines.lines().count(), 4);
}

#[tokio::test]
async fn no_limits_lets_a_flood_through_and_a_secret_is_demanded() {
    let (_running, url) = start(&["--token", "t", "--no-limits"]);
    let client = client(std::net::Ipv4Addr::LOCALHOST);
    for _ in 0..40 {
        assert_eq!(code(&client, &url, "t", "x").await, 0);
    }
    let (_running, url) = start(&["--token", "t", "--secret", "SECx"]);
    assert_eq!(code(&client, &url, "t", "x").await, 310_000);
}

#[test]
fn a_mistake_in_a_profile_is_exit_code_2_and_names_file_line_and_hint() {
    let place = tempfile::tempdir().expect("a directory");
    let file = place.path().join("profile.toml");
    std::fs::write(&file, "wording = '2021'\npenalty = 5\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    let output = Command::new(POSSIM)
        .args(["dingtalk", "--token", "t", "--profile", file])
        .output()
        .expect("possim");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    for part in [file, "line 2", "unknown field `penalty`", "hint: docs/SIMULATOR.md"] {
        assert!(told.contains(part), "expected {part} in {told}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (_running, url) = start(&["--token", "t"]);
    let taken = url.trim_start_matches("http://");
    let arguments = ["dingtalk", "--token", "t", "--listen", taken];
    let output = Command::new(POSSIM).args(arguments).output().expect("possim");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(told.contains(&format!("expected to listen on {taken}")), "{told}");
}
