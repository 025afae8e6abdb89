//! The gateway and its websockets while nothing is wrong.

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use crate::support::{BOT, CARD, ID, SECRET, World};

fn opening(secret: &str, subscriptions: &Value) -> Value {
    json!({"clientId": ID, "clientSecret": secret, "subscriptions": subscriptions})
}

const OPEN: &str = "/v1.0/gateway/connections/open";

#[tokio::test]
async fn a_ticket_opens_one_connection_and_only_for_ninety_seconds() {
    let world = World::new().await;
    let address = world.ticket(&[BOT]).await;
    assert!(address.starts_with(&format!("ws://{}/connect?ticket=", world.mock.address())));
    let _first = connect_async(&address).await.expect("a websocket");
    assert!(connect_async(&address).await.is_err(), "used up");
    let late = world.ticket(&[BOT]).await;
    world.advance(90_000).await;
    assert!(connect_async(&late).await.is_err(), "too late");
    let never = format!("ws://{}/connect?ticket=never", world.mock.address());
    assert!(connect_async(never).await.is_err());
    let openings = world.ask("stream").await["openings"].clone();
    let what: Vec<&str> = openings
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["what"].as_str())
        .collect();
    let expected =
        ["ticket", "connected", "unknown_ticket", "ticket", "expired_ticket", "unknown_ticket"];
    assert_eq!(what, expected);
}

#[tokio::test]
async fn a_wrong_secret_is_401_and_a_body_that_lacks_something_400() {
    let world = World::new().await;
    let all = json!([{"type": "EVENT", "topic": "*"}]);
    let (status, answer) = world.post(OPEN, &opening("wrong", &all)).await;
    assert_eq!((status, &answer["code"]), (401, &json!("authFailed")));
    for (odd, code) in [
        (opening(SECRET, &json!([])), "Missingsubscriptions"),
        (opening(SECRET, &json!([{"type": "EVENT", "topic": "bpms"}])), "Missingsubscriptions"),
        (json!({"clientSecret": SECRET, "subscriptions": all}), "MissingclientId"),
        (json!([1]), "InvalidParameter"),
    ] {
        let (status, answer) = world.post(OPEN, &odd).await;
        assert_eq!((status, answer["code"].as_str()), (400, Some(code)), "{odd}");
    }
}

#[tokio::test]
async fn without_the_right_accept_the_gateway_answers_xml() {
    let world = World::new().await;
    let all = json!([{"type": "EVENT", "topic": "*"}]);
    let request = world.client.post(world.url(OPEN)).body(opening(SECRET, &all).to_string());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/xml");
    let text = answer.text().await.expect("a body");
    assert!(text.contains("<ticket>") && text.contains("<endpoint>ws://"), "{text}");
}

#[tokio::test]
async fn a_ping_is_sent_every_half_minute_and_its_echo_is_counted() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    for n in 1..=2 {
        world.advance(30_000).await;
        let ping = socket.frame().await;
        assert_eq!((&ping.whole["type"], ping.header("topic")), (&json!("SYSTEM"), "ping"));
        let data = ping.data.clone();
        socket.ack(&ping, 200, &data).await;
        world.until("stream", |stream| stream["connections"][0]["pongs"] == n).await;
    }
}

#[tokio::test]
async fn a_connection_gets_what_it_subscribed_to_and_nothing_else() {
    let world = World::new().await;
    let mut bot = world.connect(&[BOT]).await;
    let mut rest = world.connect(&[CARD, "*"]).await;
    for _ in 0..10 {
        assert_eq!(world.tell("say", &json!({"user": "u", "text": "x"})).await["delivered"], true);
    }
    for _ in 0..10 {
        assert_eq!(bot.frame().await.header("topic"), BOT);
    }
    assert!(rest.is_silent().await);
}

#[tokio::test]
async fn several_connections_share_the_messages_and_each_comes_once() {
    let world = World::new().await;
    let mut sockets = [world.connect(&[BOT]).await, world.connect(&[BOT]).await];
    let mut sent = Vec::new();
    for n in 0..40 {
        let said = world.tell("say", &json!({"user": "u", "text": n.to_string()})).await;
        sent.push(said["msgId"].clone());
    }
    let deliveries = world.list("deliveries").await;
    let ids = world.ask("stream").await["connections"].clone();
    let mut heard = Vec::new();
    for (socket, connection) in sockets.iter_mut().zip(ids.as_array().expect("two")) {
        let its = deliveries.iter().filter(|one| one["connection"] == connection["id"]).count();
        assert!(its > 0, "each gets some of forty");
        for _ in 0..its {
            heard.push(socket.frame().await.data["msgId"].clone());
        }
    }
    heard.sort_by_key(ToString::to_string);
    sent.sort_by_key(ToString::to_string);
    assert_eq!(heard, sent);
}

#[tokio::test]
async fn an_end_by_the_client_is_noticed() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    socket.0.close(None).await.expect("a goodbye");
    let is_gone = |stream: &Value| stream["connections"] == json!([]);
    world.until("stream", is_gone).await;
    let dropped = world.connect(&[BOT]).await;
    drop(dropped);
    world.until("stream", is_gone).await;
}
