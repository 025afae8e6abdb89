//! Questions: over the Stream, and answered at the session's address.

use serde_json::{Value, json};

use crate::support::{BOT, World};

#[tokio::test]
async fn a_question_comes_over_the_stream_and_its_answer_stands_in_the_group_beside_it() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    let said = json!({"user": "u1", "nick": "阿明", "text": "今日營業額", "admin": true});
    let said = world.tell("say", &said).await;
    assert_eq!(said["delivered"], true);
    let frame = socket.frame().await;
    assert_eq!((&frame.whole["type"], frame.header("topic")), (&json!("CALLBACK"), BOT));
    let data = &frame.data;
    assert_eq!(data["text"]["content"], " 今日營業額", "a space stands after the mention");
    assert_eq!((&data["senderStaffId"], &data["senderNick"]), (&json!("u1"), &json!("阿明")));
    assert_eq!((&data["conversationType"], &data["isAdmin"]), (&json!("2"), &json!(true)));
    assert_eq!(data["conversationId"], json!(world.group().await));
    let lives = data["sessionWebhookExpiredTime"].as_i64().zip(data["createAt"].as_i64());
    assert_eq!(lives.map(|(ends, born)| ends - born), Some(5_400_000));
    socket.ack(&frame, 200, &json!({"response": null})).await;
    let webhook = data["sessionWebhook"].as_str().expect("an address");
    let path = webhook.strip_prefix(&world.url("")).expect("this mock's");
    let answer =
        json!({"msgtype": "markdown", "markdown": {"title": "今日", "text": "**$12,345.00**"}});
    assert_eq!(world.post(path, &answer).await, (200, json!({"errcode": 0, "errmsg": "ok"})));
    let shown = world.list("messages").await;
    assert_eq!((&shown[0]["via"], &shown[0]["from"]), (&json!("person"), &json!("u1")));
    assert_eq!((&shown[1]["via"], &shown[1]["answers"]), (&json!("session"), &json!(1)));
    assert_eq!(shown[1]["text"], "**$12,345.00**");
    let sent = world.until("deliveries", |sent| sent[0]["code"] == 200).await;
    assert_eq!((&sent[0]["kind"], &sent[0]["id"]), (&json!("bot"), &said["msgId"]));
}

#[tokio::test]
async fn the_address_of_a_question_is_valid_for_an_hour_and_a_half() {
    let world = World::new().await;
    let said = world.tell("say", &json!({"user": "u1", "text": "x"})).await;
    let webhook = said["sessionWebhook"].as_str().expect("an address").to_owned();
    let path = webhook.strip_prefix(&world.url("")).expect("this mock's");
    let answer = json!({"msgtype": "text", "text": {"content": "y"}});
    world.advance(5_390_000).await;
    assert_eq!(world.post(path, &answer).await.0, 200);
    world.advance(10_000).await;
    assert_eq!(world.post(path, &answer).await.0, 500);
    assert_eq!(world.post("/robot/sendBySession?session=none", &answer).await.0, 500);
    assert_eq!(world.list("messages").await.len(), 2, "the question and one answer");
    let calls: Vec<Value> = world.list("calls").await;
    let statuses: Vec<&Value> = calls.iter().map(|call| &call["status"]).collect();
    assert_eq!(statuses, [200, 500, 500], "each is noted");
    assert_eq!(
        (&calls[0]["path"], &calls[0]["code"]),
        (&json!("/robot/sendBySession"), &json!("0"))
    );
}

#[tokio::test]
async fn an_answer_is_judged_as_a_robots_message_is() {
    let world = World::new().await;
    let said = world.tell("say", &json!({"user": "u1", "text": "x"})).await;
    let webhook = said["sessionWebhook"].as_str().expect("an address").to_owned();
    let path = webhook.strip_prefix(&world.url("")).expect("this mock's");
    let long = "長".repeat(7_000);
    for (body, code) in [
        (json!({"msgtype": "image"}), 400_105),
        (json!({"msgtype": "text", "text": {}}), 40_035),
        (json!([]), 40_035),
        (json!({"msgtype": "text", "text": {"content": long}}), 460_101),
    ] {
        assert_eq!(world.post(path, &body).await.1["errcode"], code);
    }
}

#[tokio::test]
async fn what_is_said_alone_with_the_robot_is_seen_by_nobody_else() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    world.tell("say", &json!({"user": "u1", "text": "x", "direct": true})).await;
    let frame = socket.frame().await;
    assert_eq!(frame.data["conversationType"], "1");
    assert_eq!(frame.data.get("conversationTitle"), None);
    assert_eq!(world.list("messages").await[0]["to"], json!(["u1"]));
}

#[tokio::test]
async fn another_group_has_an_id_of_its_own_and_fields_can_be_put_in_or_taken_away() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    let said = json!({"user": "u1", "text": "x", "group": "乙店",
        "with": {"senderStaffId": null, "msgtype": "picture", "content": {"downloadCode": "c"}}});
    let said = world.tell("say", &said).await;
    assert_ne!(said["openConversationId"], json!(world.group().await));
    let data = socket.frame().await.data;
    assert_eq!(data["conversationTitle"], "乙店");
    assert_eq!(
        (&data["msgtype"], &data["content"]["downloadCode"]),
        (&json!("picture"), &json!("c"))
    );
    assert_eq!(data.get("senderStaffId"), None);
}

#[tokio::test]
async fn a_question_that_nobody_hears_is_gone() {
    let world = World::new().await;
    let said = world.tell("say", &json!({"user": "u1", "text": "x"})).await;
    assert_eq!(said["delivered"], false);
    let mut socket = world.connect(&[BOT]).await;
    world.advance(600_000).await;
    let ping = socket.frame().await;
    assert_eq!(ping.header("topic"), "ping", "and not the question");
    assert!(socket.is_silent().await);
    assert_eq!(world.ask("deliveries").await[0]["lost"], "no_connection");
}

#[tokio::test]
async fn a_question_beyond_the_months_messages_has_no_text() {
    let world = World::of("quota.organisation_monthly = 1").await;
    let mut socket = world.connect(&[BOT]).await;
    for _ in 0..2 {
        world.tell("say", &json!({"user": "u1", "text": "x"})).await;
    }
    assert!(socket.frame().await.data["text"].is_object());
    let over = socket.frame().await.data;
    assert_eq!((over.get("text"), &over["code"]), (None, &json!("20001")));
}

#[tokio::test]
async fn a_scripted_fault_spoils_an_answer_like_any_other() {
    let world = World::new().await;
    let said = world.tell("say", &json!({"user": "u1", "text": "x"})).await;
    let webhook = said["sessionWebhook"].as_str().expect("an address").to_owned();
    let path = webhook.strip_prefix(&world.url("")).expect("this mock's");
    let answer = json!({"msgtype": "text", "text": {"content": "y"}});
    for (fault, status) in [("http503", 503), ("http500_after", 500)] {
        let fault = json!({"count": 1, "path": "/robot/sendBySession", "answer": fault});
        world.tell("faults", &fault).await;
        assert_eq!(world.post(path, &answer).await.0, status);
    }
    assert_eq!(world.list("messages").await.len(), 2, "the second was shown");
}
