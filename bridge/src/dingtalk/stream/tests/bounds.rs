//! A flood: what there is no room for is put off where it comes again, and counted where it does not.

use std::sync::Arc;

use serde_json::json;

use super::gateway::{Client, Gateway};
use super::model::{bot, callback, event};
use crate::dingtalk::stream::{Callback, MAX_WAITING, MAX_WAITING_BYTES, Remembered};

#[tokio::test]
async fn a_consumer_that_does_not_listen_loses_questions_beyond_the_queue_and_no_event() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    let most = u32::try_from(MAX_WAITING).expect("small");
    for n in 0..most {
        connection.send(bot(n, u64::from(n))).await;
        assert_eq!(connection.frame().await.expect("an answer")["code"], 200, "{n}");
    }
    connection.send(bot(most, 900)).await;
    assert_eq!(connection.frame().await.expect("an answer")["code"], 500, "not taken");
    connection.send(event(1, 901)).await;
    let later = connection.frame().await.expect("an answer");
    assert!(later["data"].as_str().expect("text").contains("LATER"), "{later}");
    assert_eq!(client.until(|link| link.lost > 0).await.lost, 1);

    for n in 0..most {
        let Callback::BotMessage(message) = client.next().await else { panic!("a question") };
        assert_eq!(message.id, format!("q{n}"), "in their order");
    }
    connection.send(event(1, 902)).await;
    let Callback::Event(_, ack) = client.next().await else { panic!("an event") };
    ack.done().await;
    assert!(connection.frame().await.expect("an answer").to_string().contains("SUCCESS"));
    client.stop().await;
}

#[tokio::test]
async fn large_frames_wait_within_a_bound_of_their_own() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    let large = |n: u32| {
        let data = json!({ "msgId": format!("q{n}"), "conversationId": "c", "senderId": "s",
            "filler": "x".repeat(MAX_WAITING_BYTES / 4) });
        callback("/v1.0/im/bot/messages/get", &format!("f{n}"), &data)
    };
    for (n, code) in [(0, 200), (1, 200), (2, 200), (3, 500)] {
        connection.send(large(n)).await;
        assert_eq!(connection.frame().await.expect("an answer")["code"], code, "{n}");
    }
    connection.send(bot(9, 9)).await;
    assert_eq!(connection.frame().await.expect("an answer")["code"], 200, "there is room for it");
    assert!(matches!(client.next().await, Callback::BotMessage(_)));
    connection.send(large(4)).await;
    assert_eq!(connection.frame().await.expect("an answer")["code"], 200, "one was taken");
    client.stop().await;
}
