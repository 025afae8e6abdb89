//! Questions, presses and events over a real connection.

use std::sync::Arc;

use serde_json::{Value, json};

use super::gateway::{Client, Gateway, SECRET, hurried};
use super::model::{bot, callback, card, event};
use crate::dingtalk::stream::action::Limits;
use crate::dingtalk::stream::{Callback, CardReply, Remembered};

fn success(ack: &Value) -> bool {
    ack["data"].as_str().is_some_and(|data| data.contains("SUCCESS"))
}

#[tokio::test]
async fn a_connection_is_asked_for_as_the_documents_say() {
    let mut gateway = Gateway::start().await;
    let client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    connection.ping().await;
    let asked = gateway.state().opens[0].clone();
    assert_eq!((&asked["clientId"], &asked["clientSecret"]), (&json!("dingabc"), &json!(SECRET)));
    let topics = json!([
        { "type": "EVENT", "topic": "*" },
        { "type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get" },
        { "type": "CALLBACK", "topic": "/v1.0/card/instances/callback" },
    ]);
    assert_eq!(asked["subscriptions"], topics);
    assert_eq!(gateway.state().used, ["t+1"], "encoded, so that it arrives as it was");
    client.stop().await;
}

#[tokio::test]
async fn a_question_is_acknowledged_and_handed_over_once_over_connections_and_restarts() {
    let mut gateway = Gateway::start().await;
    let memory = Arc::new(Remembered::default());
    let mut client = Client::start(&gateway, memory.clone());
    let mut connection = gateway.connection().await;
    for frame in 1..=2 {
        connection.send(bot(1, frame)).await;
        let ack = connection.frame().await.expect("an acknowledgement");
        assert_eq!((&ack["code"], &ack["data"]), (&json!(200), &json!("{\"response\":null}")));
        assert_eq!(ack["headers"]["messageId"], format!("f{frame}"));
    }
    let Callback::BotMessage(message) = client.next().await else { panic!("a question") };
    assert_eq!((message.id.as_str(), message.text.as_str()), ("q1", "today"));
    client.stop().await;

    let mut client = Client::start(&gateway, memory);
    let mut connection = gateway.connection().await;
    connection.send(bot(1, 3)).await;
    connection.send(bot(2, 4)).await;
    let Callback::BotMessage(message) = client.next().await else { panic!("a question") };
    assert_eq!(message.id, "q2", "the first one was answered before the restart");
    client.stop().await;
}

#[tokio::test]
async fn an_event_whose_acknowledgement_was_lost_is_acknowledged_and_not_done_again() {
    let mut gateway = Gateway::start().await;
    let memory = Arc::new(Remembered::default());
    let mut client = Client::start(&gateway, memory.clone());
    let mut connection = gateway.connection().await;
    connection.send(event(1, 1)).await;
    let Callback::Event(found, ack) = client.next().await else { panic!("an event") };
    assert_eq!((found.id.as_str(), found.name.as_str()), ("e1", "bpms_instance_change"));
    assert_eq!(found.data["processInstanceId"], "p");
    connection.send(event(1, 2)).await;
    let later = connection.frame().await.expect("an acknowledgement");
    assert!(!success(&later), "its work is under way: {later}");
    drop(connection);

    let mut connection = gateway.connection().await;
    ack.done().await;
    connection.ping().await;
    connection.send(event(1, 3)).await;
    let again = connection.frame().await.expect("an acknowledgement");
    assert!(success(&again) && again["headers"]["messageId"] == "f3", "{again}");
    client.stop().await;

    let client = Client::start(&gateway, memory);
    let mut connection = gateway.connection().await;
    // Somebody has to look, as the daemon does.
    let mut inbox = client.inbox;
    let looking = tokio::spawn(async move { inbox.next().await.is_some() });
    connection.send(event(1, 4)).await;
    let after = connection.frame().await.expect("an acknowledgement");
    assert!(success(&after), "done before the restart: {after}");
    looking.abort();
}

#[tokio::test]
async fn an_event_whose_work_failed_comes_again() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    connection.send(event(7, 1)).await;
    drop(client.next().await);
    let later = connection.frame().await.expect("an acknowledgement");
    assert!(!success(&later), "{later}");
    connection.send(event(7, 2)).await;
    let Callback::Event(_, ack) = client.next().await else { panic!("an event") };
    ack.done().await;
    assert!(success(&connection.frame().await.expect("an acknowledgement")));
    client.stop().await;
}

#[tokio::test]
async fn a_press_changes_the_card_and_one_that_nobody_answers_changes_nothing() {
    let mut gateway = Gateway::start().await;
    // Short, since the second press waits for it.
    let limits = Limits { card: std::time::Duration::from_secs(400), ..hurried() };
    let mut client = Client::with(&gateway, Arc::new(Remembered::default()), limits);
    let mut connection = gateway.connection().await;
    connection.send(card("p1")).await;
    let Callback::CardAction(action, answer) = client.next().await else { panic!("a press") };
    assert_eq!(
        (action.out_track_id.as_str(), action.actions.as_slice()),
        ("card-1", &["1".to_owned()][..])
    );
    let reply = CardReply { card: [("state".into(), "ok".into())].into(), ..CardReply::default() };
    let sent = tokio::spawn(answer.send(reply.clone()));
    let ack = connection.frame().await.expect("an acknowledgement");
    // A busy machine may be late; then it says so, and the card is changed by a call.
    let in_time = sent.await.expect("no panic");
    assert_eq!(ack["data"].as_str().expect("text").contains("\"state\":\"ok\""), in_time);

    connection.send(card("p2")).await;
    let Callback::CardAction(_, answer) = client.next().await else { panic!("a press") };
    let ack = connection.frame().await.expect("an acknowledgement");
    assert_eq!(ack["data"], json!("{\"response\":{}}"));
    assert!(!answer.send(reply).await, "too late, and it is told");
    client.stop().await;
}

#[tokio::test]
async fn a_topic_that_nobody_takes_is_said_so_and_bad_data_harms_nobody() {
    let mut gateway = Gateway::start().await;
    let mut client = Client::start(&gateway, Arc::new(Remembered::default()));
    let mut connection = gateway.connection().await;
    connection.send(callback("/v1.0/graph/api/invoke", "g", &json!({}))).await;
    assert_eq!(connection.frame().await.expect("an answer")["code"], 404);
    connection.send(callback("/v1.0/im/bot/messages/get", "b", &json!(["x"]))).await;
    assert_eq!(connection.frame().await.expect("an answer")["code"], 500);
    connection.send("not a frame").await;
    connection.ping().await;
    let link = client.until(|link| link.unreadable == 2).await;
    assert!(link.connected, "{link:?}");
    client.stop().await;
}
