//! The control API and the log file.

use possim::dingtalk::MockConfig;
use serde_json::{Value, json};

use crate::support::{World, json_of, robot};

#[tokio::test]
async fn the_control_api_refuses_what_it_does_not_understand() {
    let world = World::new().await;
    for (verb, odd) in [
        ("faults", json!({"count": 0, "answer": "html"})),
        ("faults", json!({"count": 1})),
        ("faults", json!({"count": 1, "answer": "melt"})),
        ("faults", json!([{"count": 1, "answer": "html"}, {"count": 0, "answer": "html"}])),
        ("clock", json!({"advance": 1})),
        ("clock", json!({"set": "yesterday"})),
        ("clock", json!({"set": "2001-01-01T00:00:00Z"})),
    ] {
        let answer = world.tell(verb, &odd).await;
        assert!(answer.status().is_client_error(), "{verb} {odd}: {}", answer.status());
    }
    assert!(world.list("faults").await.is_empty(), "a bad list is not half taken");
}

#[tokio::test]
async fn the_script_can_be_read_and_dropped() {
    let world = World::new().await;
    let fault = json!({"count": 3, "robot": "t", "answer": {"slow_body": 5}, "hold_ms": 1});
    world.script(&fault).await;
    assert_eq!(world.list("faults").await, [fault]);
    let url = format!("http://{}/_control/faults", world.mock.address());
    json_of(world.client.delete(url).send().await.expect("an answer")).await;
    assert!(world.list("faults").await.is_empty());
}

#[tokio::test]
async fn the_clock_moves_forward_and_says_where_it_is() {
    let world = World::new().await;
    world.tell("clock", &json!({"set": "2133-03-03T03:03:03Z"})).await;
    let now = world.ask("clock").await;
    assert!(now["now"].as_str().is_some_and(|now| now.starts_with("2133-03-03T03:0")), "{now}");
    world.send_text("收銀").await;
    let time = world.list("messages").await[0]["time"].clone();
    assert!(time.as_str().is_some_and(|time| time.starts_with("2133-03-03")), "{time}");
}

#[tokio::test]
async fn messages_can_be_asked_for_from_a_place_on() {
    let world = World::new().await;
    for n in 1..=3 {
        world.send_text(&format!("收銀 {n}")).await;
    }
    let newer = world.list("messages?after=2").await;
    assert_eq!(newer.len(), 1);
    assert_eq!(newer[0]["text"], "收銀 3");
}

#[tokio::test]
async fn reset_forgets_messages_calls_faults_and_limits_but_not_the_time() {
    let world = World::of("window.messages = 1").await;
    world.tell("clock", &json!({"set": "2133-03-03T03:03:03Z"})).await;
    world.send_text("x").await;
    assert_eq!(world.send_text("x").await["errcode"], 660_026);
    world.script(&json!({"count": 1, "answer": "html"})).await;
    world.tell("reset", &json!({})).await;
    for verb in ["messages", "attempts", "faults"] {
        assert!(world.list(verb).await.is_empty(), "{verb}");
    }
    assert_eq!(world.send_text("x").await["errcode"], 0);
    assert_eq!(world.list("messages").await[0]["seq"], 1);
    let now = world.ask("clock").await;
    assert!(now["now"].as_str().is_some_and(|now| now.starts_with("2133")), "{now}");
}

#[tokio::test]
async fn the_log_file_holds_every_call_and_its_answer() {
    let place = tempfile::tempdir().expect("a directory");
    let log = place.path().join("calls.jsonl");
    let world = World::start(MockConfig {
        log: Some(log.clone()),
        ..MockConfig::new(vec![robot(None, &["收銀"])])
    })
    .await;
    world.send_text("收銀").await;
    world.send_text("x").await;
    let text = std::fs::read_to_string(log).expect("a log");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines, world.list("attempts").await);
    assert_eq!((&lines[0]["errcode"], &lines[1]["errcode"]), (&json!(0), &json!(310_000)));
}
