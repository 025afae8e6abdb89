//! Messages of the application's robot.

use serde_json::{Value, json};

use crate::support::{ID, World};

const GROUP: &str = "/v1.0/robot/groupMessages/send";
const PEOPLE: &str = "/v1.0/robot/oToMessages/batchSend";

fn to_group(group: &str) -> Value {
    json!({"robotCode": ID, "openConversationId": group, "msgKey": "sampleMarkdown",
        "msgParam": json!({"title": "今日", "text": "**1**"}).to_string()})
}

fn to_people(users: &[&str]) -> Value {
    json!({"robotCode": ID, "userIds": users, "msgKey": "sampleText",
        "msgParam": json!({"content": "hello"}).to_string()})
}

#[tokio::test]
async fn a_message_to_the_group_is_shown_and_has_a_key_to_ask_by() {
    let world = World::new().await;
    let group = world.group().await;
    let answer = world.good("POST", GROUP, &to_group(&group)).await;
    assert!(answer["processQueryKey"].is_string());
    let shown = &world.list("messages").await[0];
    assert_eq!((&shown["via"], &shown["msgtype"]), (&json!("group"), &json!("markdown")));
    assert_eq!((&shown["conversation"], &shown["text"]), (&json!(group), &json!("**1**")));
}

#[tokio::test]
async fn every_documented_refusal_of_a_message_has_its_code() {
    let world = World::new().await;
    let group = world.group().await;
    let with = |field: &str, value: Value| {
        let mut body = to_group(&group);
        body[field] = value;
        body
    };
    let untitled = json!({"text": "x"}).to_string();
    let long = json!({"title": "t", "text": "x".repeat(15_000)}).to_string();
    for (body, code) in [
        (with("robotCode", json!("dingother")), "invalidParameter.robotCode.auth"),
        (with("openConversationId", json!("cidx")), "invalid.openConversationId"),
        (with("msgKey", json!("markdown")), "invalidParameter.msgKey.invalid"),
        (with("msgParam", json!(long)), "invalidParameter.msgParam.tooLong"),
        (with("msgParam", json!("{")), "invalidParameter.msgParam.invalid"),
        (with("msgParam", json!(untitled)), "miss.param.title"),
        (with("msgParam", json!({"title": "t"})), "MissingmsgParam"),
        (with("msgKey", Value::Null), "MissingmsgKey"),
    ] {
        assert_eq!(world.bad("POST", GROUP, &body).await, (400, code.to_owned()));
    }
    assert!(world.list("messages").await.is_empty());
}

#[tokio::test]
async fn one_to_one_says_who_is_unknown_and_who_is_held_back() {
    let world = World::of("app.users = ['u1', 'u2']").await;
    world.tell("app", &json!({"hold_back": ["u2"]})).await;
    let answer = world.good("POST", PEOPLE, &to_people(&["u1", "u2", "stranger"])).await;
    assert_eq!(answer["invalidStaffIdList"], json!(["stranger"]));
    assert_eq!(answer["flowControlledStaffIdList"], json!(["u2"]));
    let shown = world.list("messages").await;
    assert_eq!((&shown[0]["via"], &shown[0]["to"]), (&json!("one_to_one"), &json!(["u1"])));
    world.good("POST", PEOPLE, &to_people(&["stranger"])).await;
    assert_eq!(world.list("messages").await.len(), 1, "nobody was reached");
    world.tell("app", &json!({"hold_back_nobody": true})).await;
    world.good("POST", PEOPLE, &to_people(&["u2"])).await;
    assert_eq!(world.list("messages").await[1]["to"], json!(["u2"]));
}

#[tokio::test]
async fn twenty_people_are_the_most() {
    let world = World::new().await;
    world.good("POST", PEOPLE, &to_people(&["u"; 20])).await;
    let refused = world.bad("POST", PEOPLE, &to_people(&["u"; 21])).await;
    assert_eq!(refused.1, "invalidParameter.userIds.overMax");
    assert_eq!(world.bad("POST", PEOPLE, &to_people(&[])).await.1, "MissinguserIds");
}
