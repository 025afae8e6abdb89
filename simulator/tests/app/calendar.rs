//! Calendar entries and the keys that keep them single.

use serde_json::{Value, json};

use crate::support::World;

const EVENTS: &str = "/v1.0/calendar/users/union1/calendars/primary/events";

fn promotion(summary: &str) -> Value {
    json!({"summary": summary, "attendees": [{"id": "union2"}],
        "start": {"dateTime": "2026-12-01T11:00:00+08:00", "timeZone": "Asia/Hong_Kong"},
        "end": {"dateTime": "2026-12-01T14:00:00+08:00", "timeZone": "Asia/Hong_Kong"}})
}

#[tokio::test]
async fn one_client_token_makes_one_entry_for_a_day() {
    let world = World::new().await;
    let create = async |key: &str| {
        let token = world.token().await;
        let headers = [("x-client-token", key)];
        world.api_with("POST", EVENTS, &promotion("午市優惠"), &token, &headers).await
    };
    let (status, first) = create("k1").await;
    assert_eq!(status, 200, "{first}");
    assert_eq!(first["reminders"], json!([{"method": "dingtalk", "minutes": 15}]));
    assert_eq!(first["attendees"][0]["responseStatus"], "needsAction");
    assert_eq!(create("k1").await.1, first);
    assert_ne!(create("k2").await.1["id"], first["id"]);
    assert_eq!(world.list("calendar").await.len(), 2);
    world.advance(24 * 3_600_000).await;
    assert_ne!(create("k1").await.1["id"], first["id"]);
}

#[tokio::test]
async fn a_token_whose_call_still_waits_is_refused() {
    let world = World::new().await;
    let token = world.token().await;
    let headers = [("x-client-token", "k1")];
    let body = promotion("x");
    let hold = json!({"count": 1, "path": "/v1.0/calendar", "hold_ms": 3_600_000});
    world.tell("faults", &hold).await;
    let first = world.api_with("POST", EVENTS, &body, &token, &headers);
    let second = async {
        world
            .until("calendar", |entries| entries.as_array().is_some_and(|all| !all.is_empty()))
            .await;
        loop {
            let (status, answer) = world.api_with("POST", EVENTS, &body, &token, &headers).await;
            if status == 400 {
                return answer;
            }
        }
    };
    tokio::select! {
        _ = first => panic!("it is held for an hour"),
        answer = second => assert_eq!(answer["code"], "idempotencyProcessing"),
    }
}

#[tokio::test]
async fn a_user_can_create_so_many_a_day() {
    let world = World::of("app.events_daily = 2").await;
    world.tell("clock", &json!({"set": "2133-01-01T00:00:00Z"})).await;
    for _ in 0..2 {
        world.good("POST", EVENTS, &promotion("x")).await;
    }
    let (status, answer) = world.api("POST", EVENTS, &promotion("x")).await;
    assert_eq!((status, &answer["code"]), (400, &json!("flowLimit")));
    assert_eq!(answer["message"], "current user can not create events exceed 2 per day");
    world.advance(24 * 3_600_000).await;
    world.good("POST", EVENTS, &promotion("x")).await;
}

#[tokio::test]
async fn an_entry_that_cannot_be_is_refused() {
    let world = World::new().await;
    let with = |field: &str, value: Value| {
        let mut body = promotion("x");
        body[field] = value;
        body
    };
    for (body, code) in [
        (with("summary", json!("")), "Missingsummary"),
        (with("summary", json!("字".repeat(2_049))), "invalidParameter"),
        (with("description", json!("字".repeat(5_001))), "invalidParameter"),
        (with("attendees", json!(vec![json!({"id": "u"}); 501])), "invalidParameter"),
        (with("start", Value::Null), "Missingstart"),
        (with("end", json!({"dateTime": "2026-12-01T10:00:00+08:00"})), "invalidParameter"),
        (with("isAllDay", json!(true)), "Missingstart"),
    ] {
        assert_eq!(world.bad("POST", EVENTS, &body).await, (400, code.to_owned()));
    }
    assert!(world.list("calendar").await.is_empty());
}
