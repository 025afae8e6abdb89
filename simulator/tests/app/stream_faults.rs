//! What a test can do to the Stream.

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use crate::support::{BOT, Socket, World};

const START: &str = "/v1.0/workflow/processInstances";

fn approval() -> Value {
    json!({"processCode": "PROC-1", "originatorUserId": "u1", "deptId": -1,
        "formComponentValues": [{"name": "金額", "value": "30.00"}]})
}

/// The next event.
async fn event(socket: &mut Socket) -> (String, crate::support::Frame) {
    let frame = socket.frame().await;
    assert_eq!(frame.whole["type"], "EVENT");
    (frame.header("eventId").to_owned(), frame)
}

#[tokio::test]
async fn a_farewell_is_said_then_nothing_and_after_ten_seconds_the_end() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    world.tell("stream", &json!({"do": "disconnect"})).await;
    let farewell = socket.frame().await;
    assert_eq!(farewell.header("topic"), "disconnect");
    assert_eq!(farewell.data["reason"], "connection is expired");
    let said = world.tell("say", &json!({"user": "u", "text": "x"})).await;
    assert_eq!(said["delivered"], false, "it goes to nobody who is leaving");
    assert!(socket.is_silent().await);
    world.advance(10_000).await;
    assert_eq!(socket.text().await, None);
}

#[tokio::test]
async fn a_dead_connection_stays_open_answers_nothing_and_swallows_what_is_sent() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    world.tell("stream", &json!({"do": "silence", "for_ms": 120_000})).await;
    assert_eq!(world.tell("say", &json!({"user": "u", "text": "x"})).await["delivered"], false);
    assert_eq!(world.ask("deliveries").await[0]["lost"], "silent");
    world.advance(60_000).await;
    assert!(socket.is_silent().await, "no ping either");
    world.advance(60_000).await;
    assert_eq!(socket.text().await, None, "its time is over");
}

#[tokio::test]
async fn a_connection_can_be_dropped_by_its_id() {
    let world = World::new().await;
    let mut first = world.connect(&[BOT]).await;
    let id = world.ask("stream").await["connections"][0]["id"].clone();
    let mut second = world.connect(&[BOT]).await;
    let struck = world.tell("stream", &json!({"do": "drop", "connection": id})).await;
    assert_eq!(struck["connections"], 1);
    assert_eq!(first.text().await, None);
    assert!(second.is_silent().await);
}

#[tokio::test]
async fn an_event_comes_again_until_it_is_answered_with_success() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    world.good("POST", START, &approval()).await;
    let (started, first) = event(&mut socket).await;
    let (task, second) = event(&mut socket).await;
    assert_ne!(started, task);
    socket.ack(&first, 200, &json!({"status": "SUCCESS", "message": "success"})).await;
    socket.ack(&second, 200, &json!({"status": "LATER", "message": "busy"})).await;
    world.until("deliveries", |sent| sent[1]["code"] == 200).await;
    world.advance(60_000).await;
    // A ping is due too.
    let mut again = socket.frame().await;
    if again.header("topic") == "ping" {
        again = socket.frame().await;
    }
    assert_eq!(again.header("eventId"), task);
    assert_ne!(again.header("messageId"), second.header("messageId"));
    assert_eq!(again.data, second.data);
    socket.ack(&again, 200, &json!({"status": "SUCCESS"})).await;
    world.until("stream", |stream| stream["waiting_events"] == json!([])).await;
}

#[tokio::test]
async fn an_event_waits_for_somebody_who_listens() {
    let world = World::new().await;
    world.good("POST", START, &approval()).await;
    assert_eq!(world.ask("stream").await["waiting_events"].as_array().map(Vec::len), Some(2));
    let mut socket = world.connect(&["*"]).await;
    assert_eq!(event(&mut socket).await.1.header("eventType"), "bpms_instance_change");
}

#[tokio::test]
async fn a_lost_answer_and_an_ordered_repetition_make_an_event_come_twice() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    world.tell("stream", &json!({"do": "repeat_events", "count": 1})).await;
    world.good("POST", START, &approval()).await;
    let (first, one) = event(&mut socket).await;
    let (repeated, _) = event(&mut socket).await;
    assert_eq!(first, repeated);
    world.tell("stream", &json!({"do": "lose_acks", "count": 1})).await;
    socket.ack(&one, 200, &json!({"status": "SUCCESS"})).await;
    let is_lost = |sent: &Value| sent[0]["ackLost"] == true;
    world.until("deliveries", is_lost).await;
    let waiting = world.ask("stream").await["waiting_events"].clone();
    assert_eq!(waiting[0]["eventId"], json!(first), "its answer never came");
}

#[tokio::test]
async fn tickets_that_are_out_expire_and_the_next_ones_are_born_expired() {
    let world = World::new().await;
    let out = world.ticket(&[BOT]).await;
    world.tell("stream", &json!({"do": "expire_tickets", "next": 1})).await;
    assert!(connect_async(out).await.is_err());
    assert!(connect_async(world.ticket(&[BOT]).await).await.is_err());
    assert!(connect_async(world.ticket(&[BOT]).await).await.is_ok());
}

#[tokio::test]
async fn odd_frames_go_out_as_they_were_ordered() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    world.tell("stream", &json!({"do": "garbage"})).await;
    let garbage = socket.text().await.expect("a frame");
    assert!(serde_json::from_str::<Value>(&garbage).is_err());
    world.tell("stream", &json!({"do": "send", "text": "{\"type\":\"SYSTEM\"}"})).await;
    assert_eq!(socket.text().await.as_deref(), Some("{\"type\":\"SYSTEM\"}"));
    world.tell("stream", &json!({"do": "oversized", "bytes": 3_000_000})).await;
    assert!(socket.text().await.expect("a frame").len() > 3_000_000);
    world.tell("stream", &json!({"do": "slow", "ms": 50})).await;
    let began = std::time::Instant::now();
    world.tell("say", &json!({"user": "u", "text": "x"})).await;
    assert_eq!(socket.frame().await.header("topic"), BOT);
    assert!(began.elapsed().as_millis() >= 50);
    let (status, _) =
        world.post("/_control/stream", &json!({"do": "oversized", "bytes": 100_000_000})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn an_odd_answer_is_counted_and_harms_nothing() {
    use futures_util::SinkExt;
    use tokio_tungstenite::tungstenite::Message;
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    for odd in ["}{", "[]", "{\"code\":200,\"headers\":{}}"] {
        socket.0.send(Message::text(odd)).await.expect("an open connection");
    }
    world.until("stream", |stream| stream["connections"][0]["odd_frames"] == 3).await;
    assert_eq!(world.tell("say", &json!({"user": "u", "text": "x"})).await["delivered"], true);
    assert_eq!(socket.frame().await.header("topic"), BOT);
}

#[tokio::test]
async fn a_network_that_goes_away_ends_every_connection() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    world.tell("network", &json!({"away_ms": 1})).await;
    assert_eq!(socket.text().await, None);
}

#[tokio::test]
async fn a_mock_that_goes_away_ends_every_connection() {
    let World { mock, client } = World::new().await;
    let world = World { mock, client };
    let mut socket = world.connect(&[BOT]).await;
    drop(world);
    assert_eq!(socket.text().await, None);
}
