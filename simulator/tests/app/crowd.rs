//! People who act on their own.

use serde_json::{Value, json};

use crate::support::{BOT, CARD, ID, PATIENCE, World};

#[tokio::test]
async fn people_ask_by_the_mocks_clock_until_their_time_is_over() {
    let world = World::new().await;
    let mut socket = world.connect(&[BOT]).await;
    let crowd =
        json!({"users": ["u1", "u2"], "texts": ["help"], "per_minute": 60, "for_ms": 60_000});
    world.tell("crowd", &crowd).await;
    world.advance(120_000).await;
    let gone = world.until("crowd", |crowd| crowd["present"] == false).await;
    assert_eq!(gone["present"], false);
    let asked = world.list("messages").await.len();
    assert!((30..100).contains(&asked), "sixty a minute: {asked}");
    let mut heard = 0;
    while heard < asked {
        heard += usize::from(socket.frame().await.header("topic") == BOT);
    }
    assert!(world.list("messages").await.iter().all(|message| message["via"] == "person"));
}

#[tokio::test]
async fn people_decide_what_is_open_and_press_a_card_once() {
    let world = World::new().await;
    let mut socket = world.connect(&[CARD]).await;
    let crowd = json!({"users": ["boss"], "texts": [],
        "decide": {"verdict": "refuse", "after_ms": 5_000},
        "press": {"action": "approve", "after_ms": 3_000}});
    world.tell("crowd", &crowd).await;
    let approval = json!({"processCode": "PROC-1", "originatorUserId": "u1", "deptId": -1,
        "formComponentValues": []});
    world.good("POST", "/v1.0/workflow/processInstances", &approval).await;
    let card = json!({"cardTemplateId": "x", "outTrackId": "t1", "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"state": "waiting"}},
        "openSpaceId": format!("dtv1.card//IM_GROUP.{}", world.group().await),
        "imGroupOpenDeliverModel": {"robotCode": ID}});
    world.good("POST", "/v1.0/card/instances/createAndDeliver", &card).await;
    assert_eq!(world.list("instances").await[0]["status"], "RUNNING");
    world.advance(5_000).await;
    let press = socket.frame().await;
    assert_eq!((press.header("topic"), &press.data["userId"]), (CARD, &json!("boss")));
    let answer = json!({"cardData": {"cardParamMap": {"state": "approved"}}});
    socket.ack(&press, 200, &answer).await;
    world.until("cards", |cards| cards[0]["data"]["state"] == "approved").await;
    world.until("instances", |all| all[0]["status"] == "COMPLETED").await;
    let pressed = world.list("deliveries").await;
    assert_eq!(pressed.iter().filter(|one| one["kind"] == "card").count(), 1);
    let url = world.url("/_control/crowd");
    let gone = world.client.delete(url).timeout(PATIENCE).send().await.expect("an answer");
    assert_eq!(gone.status(), 200);
    assert_eq!(world.ask("crowd").await["present"], Value::Bool(false));
}

#[tokio::test]
async fn a_crowd_without_people_is_refused() {
    let world = World::new().await;
    for odd in [
        json!({"users": [], "texts": ["x"], "per_minute": 1}),
        json!({"users": ["u"], "texts": [], "per_minute": 1}),
        json!({"users": ["u"], "texts": ["x"], "per_hour": 1}),
    ] {
        let (status, _) = world.post("/_control/crowd", &odd).await;
        assert!((400..500).contains(&status), "{odd}: {status}");
    }
}
