//! Interactive cards: delivered, updated in place, pressed.

use serde_json::{Value, json};

use crate::support::{CARD, ID, World};

const DELIVER: &str = "/v1.0/card/instances/createAndDeliver";
const UPDATE: &str = "/v1.0/card/instances";

fn card(track: &str, group: &str) -> Value {
    json!({
        "cardTemplateId": "refund.schema", "outTrackId": track, "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "退款 1043", "state": "waiting"}},
        "openSpaceId": format!("dtv1.card//IM_GROUP.{group}"),
        "imGroupOpenSpaceModel": {"supportForward": true},
        "imGroupOpenDeliverModel": {"robotCode": ID},
    })
}

async fn delivered(world: &World) -> Value {
    let group = world.group().await;
    world.good("POST", DELIVER, &card("t1", &group)).await
}

#[tokio::test]
async fn a_card_is_shown_once_and_updated_in_place() {
    let world = World::new().await;
    let answer = delivered(&world).await;
    let result = &answer["result"]["deliverResults"][0];
    assert_eq!((&answer["success"], &result["success"]), (&json!(true), &json!(true)));
    assert!(result["carrierId"].as_str().is_some_and(|id| !id.is_empty()));
    let by_key = json!({"outTrackId": "t1", "cardData": {"cardParamMap": {"state": "approved"}},
        "cardUpdateOptions": {"updateCardDataByKey": true}});
    let updated = world.good("PUT", UPDATE, &by_key).await;
    assert_eq!(updated, json!({"success": true, "result": true}));
    let data = world.list("cards").await[0]["data"].clone();
    assert_eq!(data, json!({"title": "退款 1043", "state": "approved"}));
    let whole = json!({"outTrackId": "t1", "cardData": {"cardParamMap": {"state": "closed"}}});
    world.good("PUT", UPDATE, &whole).await;
    let state = &world.list("cards").await[0];
    assert_eq!(state["data"], json!({"state": "closed"}), "the default replaces everything");
    assert_eq!(state["updates"], 2);
    let shown = world.list("messages").await;
    assert_eq!((shown.len(), &shown[0]["outTrackId"]), (1, &json!("t1")));
}

#[tokio::test]
async fn every_documented_refusal_of_a_card_has_its_code() {
    let world =
        World::of("[app.templates]\n'refund.schema' = {}\n'draft.schema' = { published = false }")
            .await;
    let group = world.group().await;
    delivered(&world).await;
    let with = |field: &str, value: Value| {
        let mut body = card("t2", &group);
        body[field] = value;
        body
    };
    for (body, code) in [
        (card("t1", &group), "param.cardAlreadyExist"),
        (with("cardTemplateId", json!("other.schema")), "param.templateNotExist"),
        (with("cardTemplateId", json!("draft.schema")), "param.templateUnpublished"),
        (with("openSpaceId", json!("IM_GROUP.x")), "param.openSpaceIdInvalid"),
        (with("cardData", json!({"cardParamMap": {"a": 1}})), "param.invalid"),
        (with("cardTemplateId", Value::Null), "MissingcardTemplateId"),
        (with("outTrackId", Value::Null), "MissingoutTrackId"),
        (with("cardData", Value::Null), "MissingcardData"),
    ] {
        assert_eq!(world.bad("POST", DELIVER, &body).await, (400, code.to_owned()));
    }
    let absent = json!({"outTrackId": "t9", "cardData": {"cardParamMap": {}}});
    assert_eq!(world.bad("PUT", UPDATE, &absent).await.1, "param.cardNotExist");
}

#[tokio::test]
async fn a_space_that_cannot_be_reached_is_told_apart_from_those_that_can() {
    let world = World::of("app.users = ['u1']").await;
    let mut body = card("t1", &world.group().await);
    let spaces = format!("dtv1.card//im_group.{};IM_ROBOT.u1;IM_GROUP.cidx", world.group().await);
    body["openSpaceId"] = json!(spaces);
    let answer = world.good("POST", DELIVER, &body).await;
    let results = answer["result"]["deliverResults"].as_array().expect("a list").clone();
    let reached: Vec<&Value> = results.iter().map(|result| &result["success"]).collect();
    assert_eq!(reached, [true, false, false], "no model for the robot, no such group");
    assert!(results[1]["errorMsg"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(world.list("cards").await[0]["spaces"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_press_is_answered_over_the_stream_and_the_answer_changes_the_card() {
    let world = World::new().await;
    delivered(&world).await;
    let mut socket = world.connect(&[CARD]).await;
    let press = json!({"outTrackId": "t1", "user": "boss", "action": "approve"});
    let answer = async {
        let frame = socket.frame().await;
        assert_eq!(frame.header("topic"), CARD);
        assert_eq!(
            (&frame.data["userId"], &frame.data["outTrackId"]),
            (&json!("boss"), &json!("t1"))
        );
        let content = frame.data["content"].as_str().expect("a text");
        let content: Value = serde_json::from_str(content).expect("JSON");
        assert_eq!(content["cardPrivateData"]["actionIds"], json!(["approve"]));
        let data = json!({"cardData": {"cardParamMap": {"state": "approved"}},
            "userPrivateData": {"cardParamMap": {"mine": "yes"}},
            "cardUpdateOptions": {"updateCardDataByKey": true}});
        socket.ack(&frame, 200, &data).await;
    };
    let (pressed, ()) = tokio::join!(world.tell("press", &press), answer);
    assert_eq!((&pressed["answered"], &pressed["applied"]), (&json!(true), &json!(true)));
    let state = &world.list("cards").await[0];
    assert_eq!(state["data"]["state"], "approved");
    assert_eq!(state["privateData"], json!({"boss": {"mine": "yes"}}));
}

#[tokio::test]
async fn a_press_that_is_not_answered_in_time_changes_nothing() {
    let world = World::of("app.card_answer_ms = 50").await;
    delivered(&world).await;
    let mut socket = world.connect(&[CARD]).await;
    let press = json!({"outTrackId": "t1", "user": "boss", "action": "approve"});
    let pressed = world.tell("press", &press).await;
    assert_eq!(
        (&pressed["answered"], &pressed["why"]),
        (&json!(false), &json!("no answer in time"))
    );
    let frame = socket.frame().await;
    socket.ack(&frame, 200, &json!({"cardData": {"cardParamMap": {"state": "late"}}})).await;
    world.until("deliveries", |sent| sent[0]["code"] == 200).await;
    assert_eq!(world.list("cards").await[0]["data"]["state"], "waiting");
}

#[tokio::test]
async fn a_press_needs_a_card_that_calls_back_and_somebody_who_listens() {
    let world = World::new().await;
    let press = |track: &str| json!({"outTrackId": track, "user": "boss", "action": "approve"});
    assert_eq!(world.post("/_control/press", &press("t1")).await.0, 404);
    delivered(&world).await;
    assert_eq!(world.tell("press", &press("t1")).await["answered"], false);
    let mut mute = card("t2", &world.group().await);
    mute["callbackType"] = Value::Null;
    world.good("POST", DELIVER, &mute).await;
    let _socket = world.connect(&[CARD]).await;
    assert_eq!(world.tell("press", &press("t2")).await["why"], "callbackType is not STREAM");
}
