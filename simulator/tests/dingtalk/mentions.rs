//! Mentions: answered `ok` whether they work or not, and recorded.

use serde_json::{Value, json};

use crate::support::World;

async fn mentions(profile: &str, msgtype: &str, fields: Value, at: Value) -> Vec<Value> {
    let world = World::of(profile).await;
    let message = json!({"msgtype": msgtype, msgtype: fields, "at": at});
    assert_eq!(world.send(&message).await["errcode"], 0, "the sender cannot tell");
    let shown = world.list("messages").await;
    shown[0]["mentions"].as_array().cloned().unwrap_or_default()
}

fn outcome(mentions: &[Value]) -> Vec<(bool, &str)> {
    let one = |m: &'_ Value| m["works"].as_bool().expect("a verdict");
    mentions.iter().map(|m| (one(m), m["why"].as_str().unwrap_or(""))).collect()
}

#[tokio::test]
async fn the_number_must_stand_in_the_text_too() {
    let at = json!({"atMobiles": ["13800000000"], "atUserIds": ["user123"]});
    let both = json!({"content": "@13800000000 @user123 x"});
    let found = mentions("", "text", both, at.clone()).await;
    assert_eq!(outcome(&found), [(true, ""), (true, "")]);
    assert_eq!((&found[0]["by"], &found[1]["by"]), (&json!("mobile"), &json!("userId")));
    let none = mentions("", "text", json!({"content": "x"}), at).await;
    assert_eq!(outcome(&none), [(false, "not_in_text"), (false, "not_in_text")]);
}

#[tokio::test]
async fn markdown_and_action_cards_mention_and_links_and_feeds_do_not() {
    let at = json!({"atUserIds": ["u1"]});
    let markdown = json!({"title": "t", "text": "@u1"});
    assert_eq!(outcome(&mentions("", "markdown", markdown, at.clone()).await), [(true, "")]);
    let card = json!({"title": "t", "text": "@u1", "singleTitle": "s", "singleURL": "https://a"});
    assert_eq!(outcome(&mentions("", "actionCard", card, at.clone()).await), [(true, "")]);
    let link = json!({"title": "t", "text": "@u1", "messageUrl": "https://a"});
    let feed =
        json!({"links": [{"title": "@u1", "messageURL": "https://a", "picURL": "https://b"}]});
    for (msgtype, fields) in [("link", link), ("feedCard", feed)] {
        let found = mentions("", msgtype, fields, at.clone()).await;
        assert_eq!(outcome(&found), [(false, "message_type")], "{msgtype}");
    }
}

#[tokio::test]
async fn overseas_numbers_need_a_dash_after_the_country() {
    let at = json!({"atMobiles": ["+852-12345678", "+11234567890"]});
    let text = json!({"content": "@+852-12345678 @+11234567890"});
    let found = mentions("", "text", text, at).await;
    assert_eq!(outcome(&found), [(true, ""), (false, "number_form")]);
}

#[tokio::test]
async fn at_most_fifty_people_are_mentioned() {
    let people: Vec<String> = (0..51).map(|n| format!("u{n}x")).collect();
    let text = json!({"content": format!("@{}", people.join(" @"))});
    let found = mentions("", "text", text, json!({"atUserIds": people})).await;
    let outcome = outcome(&found);
    assert!(outcome[..50].iter().all(|one| *one == (true, "")));
    assert_eq!(outcome[50], (false, "beyond_fifty"));
}

#[tokio::test]
async fn nobody_is_mentioned_in_an_external_group() {
    let at = json!({"atUserIds": ["u1"], "isAtAll": true});
    let found = mentions("group.external = true", "text", json!({"content": "@u1"}), at).await;
    assert_eq!(outcome(&found), [(false, "external_group"); 2]);
}

#[tokio::test]
async fn a_number_outside_the_group_is_not_mentioned_and_shown_masked() {
    let world = World::of("group.members = ['13900000000']").await;
    let message = json!({"msgtype": "text", "text": {"content": "@13812345678 @13900000000"},
        "at": {"atMobiles": ["13812345678", "13900000000"]}});
    assert_eq!(world.send(&message).await["errcode"], 0);
    let shown = &world.list("messages").await[0];
    assert_eq!(shown["text"], "@138******78 @13900000000");
    let found = shown["mentions"].as_array().expect("mentions");
    assert_eq!(outcome(found), [(false, "not_a_member"), (true, "")]);
}
