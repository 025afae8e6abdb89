//! Connections that end in every way, and the next one.

use std::sync::Arc;

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::gateway::{Client, Gateway, PATIENCE, SECRET};
use super::model::bot;
use crate::dingtalk::stream::{Callback, MAX_FRAME_BYTES, Remembered};

#[tokio::test]
async fn each_connection_has_a_fresh_ticket_also_after_a_goodbye() {
    let mut gateway = Gateway::start().await;
    let client = Client::start(&gateway, Arc::new(Remembered::default()));
    for _ in 0..3 {
        let mut connection = gateway.connection().await;
        connection.ping().await;
        connection.say_goodbye().await;
        assert_eq!(connection.frame().await, None, "it leaves, though nobody closed");
    }
    let _fourth = gateway.connection().await;
    assert_eq!(gateway.state().used, ["t+1", "t+2", "t+3", "t+4"]);
    client.stop().await;
}

#[tokio::test]
async fn a_ticket_that_has_ended_is_not_tried_again() {
    let mut gateway = Gateway::start().await;
    gateway.state().expired = 2;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let trouble = client.until(|link| link.trouble.is_some()).await.trouble.expect("some");
    assert!(trouble.contains("to take the ticket, found HTTP 401"), "{trouble}");
    assert!(!trouble.contains("t+"), "{trouble}");
    let mut connection = gateway.connection().await;
    connection.ping().await;
    let link = client.until(|link| link.connected).await;
    assert_eq!((link.trouble, link.tries), (None, 3));
    assert_eq!(gateway.state().used, ["t+1", "t+2", "t+3"]);
    client.stop().await;
}

#[tokio::test]
async fn a_zombie_that_takes_everything_and_says_nothing_is_left() {
    let mut gateway = Gateway::start().await;
    let client = Client::start(&gateway, Arc::new(Remembered::default()));
    // Not read, so that no websocket ping is answered.
    let zombie = gateway.connection().await;
    let mut next = gateway.connection().await;
    drop(zombie);
    next.ping().await;
    client.stop().await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_the_connection_and_not_the_stream() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    let large = "x".repeat(MAX_FRAME_BYTES + 1);
    // It may hang up while this is being written.
    let _cut = connection.0.send(Message::text(large)).await;
    let link = client.until(|link| link.trouble.is_some()).await;
    let trouble = link.trouble.expect("some");
    assert!(trouble.contains("a frame of more than 1048576 bytes"), "{trouble}");
    let mut connection = gateway.connection().await;
    connection.send(bot(1, 1)).await;
    assert!(matches!(client.next().await, Callback::BotMessage(_)));
    client.stop().await;
}

/// The client learns of the cut by an answer that it cannot send, before it has read what came.
#[tokio::test]
async fn questions_that_arrived_before_the_cut_are_handed_over() {
    // No more than TCP sends before it hears that something has come: a reset throws the rest away.
    const ASKED: u32 = 8;
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    for round in 0..3 {
        let mut connection = gateway.connection().await;
        connection.ping().await;
        connection.0.get_ref().set_nodelay(true).expect("a socket");
        for n in 0..ASKED {
            connection.send(bot(round * ASKED + n, u64::from(n))).await;
        }
        if round > 0 {
            // Reset, not closed.
            connection.0.get_ref().set_zero_linger().expect("a socket");
        }
        drop(connection);
        for n in 0..ASKED {
            let Callback::BotMessage(message) = client.next().await else { panic!("a question") };
            assert_eq!(message.id, format!("q{}", round * ASKED + n));
        }
    }
    client.stop().await;
}

#[tokio::test]
async fn nonsense_without_end_is_left() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    let sending = tokio::spawn(async move {
        loop {
            let text = connection.0.send(Message::text("{\"type\":7}")).await;
            let bytes = connection.0.send(Message::Binary(Bytes::from_static(b"\xff"))).await;
            if text.is_err() || bytes.is_err() {
                return;
            }
        }
    });
    let left = tokio::time::timeout(PATIENCE, sending).await;
    left.expect("it leaves in time").expect("no panic");
    let mut connection = gateway.connection().await;
    connection.ping().await;
    assert!(client.until(|link| link.unreadable > 50).await.connected);
    client.stop().await;
}

#[tokio::test]
async fn wrong_credentials_are_told_with_what_to_do_and_tried_seldom() {
    let mut gateway = Gateway::start().await;
    let refused = json!({ "code": "invalidClientIdOrSecret", "message": format!("no {SECRET}") });
    gateway.state().refuse.push((400, refused.to_string()));
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let began = std::time::Instant::now();
    let trouble = client.until(|link| link.trouble.is_some()).await.trouble.expect("some");
    assert!(trouble.contains("DingTalk does not know") && trouble.contains("hint:"), "{trouble}");
    assert!(!trouble.contains(SECRET), "{trouble}");
    let mut connection = gateway.connection().await;
    // Five minutes at a thousandfold, at least half of them, less what passed before they began.
    assert!(began.elapsed().as_millis() >= 100, "{:?}", began.elapsed());
    connection.ping().await;
    client.until(|link| link.trouble.is_none()).await;
    client.stop().await;
}

#[tokio::test]
async fn a_stream_that_nobody_listens_to_ends() {
    let mut gateway = Gateway::start().await;
    let Client { inbox, mut link, stop: _never, .. } =
        Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    connection.ping().await;
    drop(inbox);
    assert_eq!(connection.frame().await, None);
    let ended = tokio::time::timeout(PATIENCE, async { while link.changed().await.is_ok() {} });
    ended.await.expect("it ends");
}
