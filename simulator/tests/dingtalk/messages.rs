//! What may be sent: the five types, the case of their fields, size, `msgUuid`.

use serde_json::{Value, json};

use crate::support::{World, json_of, text};

/// One valid message of every documented shape.
fn every_shape() -> Vec<Value> {
    vec![
        text("收銀 #1001"),
        json!({"msgtype": "link", "link": {"title": "收銀日報", "text": "t", "messageUrl": "https://a"}}),
        json!({"msgtype": "markdown", "markdown": {"title": "收銀", "text": "#### x"}}),
        json!({"msgtype": "actionCard", "actionCard": {"title": "收銀", "text": "x",
            "singleTitle": "go", "singleURL": "https://a", "btnOrientation": "0"}}),
        json!({"msgtype": "actionCard", "actionCard": {"title": "收銀", "text": "x",
            "btnOrientation": "1", "btns": [
                {"title": "yes", "actionURL": "https://a"}, {"title": "no", "actionURL": "https://b"}]}}),
        json!({"msgtype": "feedCard", "feedCard": {"links": [
            {"title": "收銀", "messageURL": "https://a", "picURL": "https://b"},
            {"title": "二", "messageURL": "https://c", "picURL": "https://d"}]}}),
    ]
}

#[tokio::test]
async fn a_good_message_is_answered_ok_and_seen_in_the_group() {
    let world = World::new().await;
    assert_eq!(world.send_text("收銀 #1001").await, json!({"errcode": 0, "errmsg": "ok"}));
    let messages = world.list("messages").await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["text"], "收銀 #1001");
    assert_eq!((&messages[0]["seq"], &messages[0]["msgtype"]), (&json!(1), &json!("text")));
}

#[tokio::test]
async fn all_five_types_are_taken_and_shown_with_what_there_is_to_press() {
    let world = World::new().await;
    for message in every_shape() {
        assert_eq!(world.send(&message).await["errcode"], 0, "{message}");
    }
    let shown = world.list("messages").await;
    let types: Vec<&str> = shown.iter().filter_map(|one| one["msgtype"].as_str()).collect();
    assert_eq!(types, ["text", "link", "markdown", "actionCard", "actionCard", "feedCard"]);
    assert_eq!(shown[1]["url"], "https://a");
    assert_eq!(shown[3]["buttons"], json!([{"title": "go", "url": "https://a"}]));
    assert_eq!(shown[4]["horizontal"], true);
    assert_eq!(shown[4]["buttons"][1]["title"], "no");
    assert_eq!(shown[5]["text"], "收銀\n二", "the titles are what a person reads of a feed");
    assert_eq!(
        shown[5]["links"][1],
        json!({"title": "二", "url": "https://c", "picture": "https://d"})
    );
}

#[tokio::test]
async fn every_required_field_is_missed_by_its_name() {
    let world = World::of("window.messages = 1000").await;
    for (msgtype, path) in [
        ("text", "content"),
        ("link", "title"),
        ("link", "text"),
        ("link", "messageUrl"),
        ("markdown", "title"),
        ("markdown", "text"),
        ("actionCard", "title"),
        ("actionCard", "text"),
        ("actionCard", "singleTitle"),
        ("actionCard", "singleURL"),
    ] {
        let shapes = every_shape();
        let whole = shapes.iter().find(|one| one["msgtype"] == msgtype).expect("a shape");
        for lack in [None, Some(json!("")), Some(json!(7))] {
            let mut message = whole.clone();
            match lack {
                None => drop(message[msgtype].as_object_mut().expect("fields").remove(path)),
                Some(value) => message[msgtype][path] = value,
            }
            let answer = world.send(&message).await;
            let expected = format!("缺少参数 {msgtype}.{path}");
            assert_eq!(answer, json!({"errcode": 40035, "errmsg": expected}), "{message}");
        }
    }
    for (message, missed) in [
        (json!({"msgtype": "feedCard", "feedCard": {"links": []}}), "feedCard.links"),
        (
            json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "x", "picURL": "y"}]}}),
            "feedCard.links.messageURL",
        ),
        (
            json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "x", "messageURL": "y"}]}}),
            "feedCard.links.picURL",
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "x", "text": "y", "btns": [{"title": "z"}]}}),
            "actionCard.btns.actionURL",
        ),
        (json!({"text": {"content": "x"}}), "msgtype"),
    ] {
        assert_eq!(world.send(&message).await["errmsg"], format!("缺少参数 {missed}"), "{message}");
    }
}

#[tokio::test]
async fn the_case_of_field_names_matters_and_is_inconsistent() {
    let world = World::of("").await;
    let link = json!({"msgtype": "link", "link": {"title": "x", "text": "x", "messageURL": "y"}});
    assert_eq!(world.send(&link).await["errmsg"], "缺少参数 link.messageUrl");
    let feed = json!({"msgtype": "feedCard",
        "feedCard": {"links": [{"title": "x", "messageUrl": "y", "picUrl": "z"}]}});
    assert_eq!(world.send(&feed).await["errmsg"], "缺少参数 feedCard.links.messageURL");
    let card = json!({"msgtype": "actionCard",
        "actionCard": {"title": "x", "text": "y", "singleTitle": "z", "singleUrl": "u"}});
    assert_eq!(world.send(&card).await["errmsg"], "缺少参数 actionCard.singleURL");
    let shouted = json!({"msgtype": "actioncard", "actioncard": {"title": "x"}});
    assert_eq!(world.send(&shouted).await["errcode"], 400_105);
}

#[tokio::test]
async fn types_of_the_other_api_and_replies_are_400105() {
    let world = World::of("").await;
    for msgtype in ["image", "audio", "file", "video", "empty", "sampleText"] {
        let answer = world.send(&json!({"msgtype": msgtype, msgtype: {"x": "y"}})).await;
        assert_eq!(answer["errcode"], 400_105);
        let errmsg = answer["errmsg"].as_str().expect("a text");
        assert!(errmsg.contains(&format!("不支持类型 msgType:{msgtype} ")), "{errmsg}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_40035() {
    let world = World::of("").await;
    for body in ["", "x", "[]", "\"text\"", "{\"msgtype\":\"text\""] {
        let answer = world.send_raw(Some("application/json"), body).await;
        assert_eq!(answer, json!({"errcode": 40035, "errmsg": "缺少参数 json"}), "{body}");
    }
}

#[tokio::test]
async fn a_content_type_that_is_not_json_is_43004() {
    let world = World::of("").await;
    let body = text("x").to_string();
    let form = world.send_raw(Some("application/x-www-form-urlencoded"), &body).await;
    assert_eq!(form, json!({"errcode": 43004, "errmsg": "无效的HTTP HEADER Content-Type"}));
    for good in [None, Some("application/json; charset=utf-8")] {
        assert_eq!(world.send_raw(good, &body).await["errcode"], 0, "{good:?}");
    }
}

#[tokio::test]
async fn twenty_thousand_bytes_of_body_pass_and_one_more_is_460101() {
    let frame = text("").to_string().len();
    for (profile, words) in [
        ("wording = '2021'", "message too long, exceed 20000 bytes"),
        ("", "description: body 大小不合法;solution:请保持大小在 20000bytes 以内;"),
    ] {
        let world = World::of(profile).await;
        assert_eq!(world.send_text(&"a".repeat(20_000 - frame)).await["errcode"], 0);
        let long = world.send_text(&"a".repeat(20_001 - frame)).await;
        assert_eq!(long, json!({"errcode": 460_101, "errmsg": words}));
        // Bytes count, not characters.
        let wide = world.send_text(&"收".repeat((20_001 - frame) / 3 + 1)).await;
        assert_eq!(wide["errcode"], 460_101);
        let huge = world.send_text(&"a".repeat(2_000_000)).await;
        assert_eq!(huge["errcode"], 460_101);
    }
}

#[tokio::test]
async fn a_repeated_msg_uuid_is_answered_ok_and_shown_once() {
    let world = World::new().await;
    let mut message = text("收銀");
    message["msgUuid"] = json!("one-and-the-same");
    for shown in [true, false] {
        assert_eq!(world.send(&message).await, json!({"errcode": 0, "errmsg": "ok"}));
        let attempts = world.list("attempts").await;
        assert_eq!(attempts.last().expect("a call")["shown"], shown);
    }
    assert_eq!(world.list("messages").await.len(), 1);
    message["msgUuid"] = json!("another");
    world.send(&message).await;
    assert_eq!(world.list("messages").await.len(), 2);
}

#[tokio::test]
async fn a_refused_message_does_not_use_up_its_msg_uuid() {
    let world = World::new().await;
    let mut message = text("x");
    message["msgUuid"] = json!("u");
    assert_eq!(world.send(&message).await["errcode"], 310_000);
    message["text"]["content"] = json!("收銀");
    assert_eq!(world.send(&message).await["errcode"], 0);
    assert_eq!(world.list("messages").await.len(), 1);
}

#[tokio::test]
async fn codes_are_strings_where_the_profile_follows_the_documentations_sample() {
    let world = World::of("string_codes = true").await;
    assert_eq!(world.send_text("x").await, json!({"errcode": "0", "errmsg": "ok"}));
    let get = world.client.get(world.mock.webhook("t")).send().await.expect("an answer");
    assert_eq!(json_of(get).await["errcode"], "43002");
}
