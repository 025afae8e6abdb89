//! Cards: who decides, once, and what everybody sees.

use pos_protocol::event::{Ruling, Way};
use serde_json::{Value, json};

use super::world::{BY_CARD, CREATE_CARD, UPDATE_CARD, World, press};
use crate::matters::{pressed, work};

async fn asked() -> (World, String) {
    let world = World::new(BY_CARD).await;
    world.cards_work().await;
    world.stocked().await;
    world.transfer(4).await;
    work::look(&world.hall()).await.expect("a journal");
    let card = world.matters().await[0].instance.clone().expect("a card");
    (world, card)
}

async fn pressed(world: &World, card: &str, user: &str, action: &str) -> (String, Option<String>) {
    let (reply, _) = pressed::answer(&world.hall(), &press(card, user, action)).await;
    (reply.private["told"].clone(), reply.card.get("state").cloned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approved_transfer_moves_both_stocks_once_and_the_group_hears_of_it_once() {
    let (world, card) = asked().await;
    let made: Value = world.requests(CREATE_CARD).await[0].body_json().expect("JSON");
    let shown = &made["cardData"]["cardParamMap"];
    assert_eq!(shown["title"], json!("Transfer Pearls × 4: central → mongkok"));
    assert_eq!((&shown["open"], &shown["state"]), (&json!("true"), &json!("To be decided")));
    assert_eq!(world.pearls(), [10, 10], "nothing moves before somebody says so");

    let (told, state) = pressed(&world, &card, "waiter", "approve").await;
    assert!(told.starts_with("You are not on the list") && state.is_none(), "{told}");
    assert_eq!(
        pressed(&world, &card, "boss", "delete").await.0,
        "This button is not known. Nothing has changed"
    );
    assert_eq!(world.pearls(), [10, 10]);

    let (told, state) = pressed(&world, &card, "deputy", "acknowledge").await;
    assert_eq!((told.as_str(), state.as_deref()), ("Recorded", Some("To be decided")));
    let (told, state) = pressed(&world, &card, "boss", "approve").await;
    assert_eq!((told.as_str(), state.as_deref()), ("Recorded", Some("✅ Approved (boss)")));
    assert_eq!(pressed(&world, &card, "deputy", "approve").await.0, "That is recorded already");
    let (told, state) = pressed(&world, &card, "deputy", "reject").await;
    assert_eq!(told, "This was over already (Approved). Nothing has changed");
    assert_eq!(state.as_deref(), Some("✅ Approved (boss)"));

    assert_eq!(world.pearls(), [6, 14]);
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.ruling, ending.way), (Ruling::Approved, Some(Way::Card)));
    assert_eq!(ending.by.as_deref(), Some("boss"));
    assert_eq!(world.queued(), 1, "one message");
    world.books_agree();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_whose_answer_was_too_late_is_changed_by_a_call_and_only_once() {
    let (mut world, card) = asked().await;
    pressed(&world, &card, "boss", "reject").await;
    world.at("2026-11-21T04:01:00Z");
    for _ in 0..2 {
        work::look(&world.hall()).await.expect("a journal");
    }
    let changes = world.requests(UPDATE_CARD).await;
    assert_eq!(changes.len(), 1);
    let change: Value = changes[0].body_json().expect("JSON");
    let vars = &change["cardData"]["cardParamMap"];
    assert_eq!(vars["state"], json!("⛔ Rejected (boss)"));
    assert_eq!((&vars["open"], &vars["text"]), (&json!("false"), &Value::Null));
    assert_eq!(world.pearls(), [10, 10]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_of_last_week_decides_nothing_and_a_card_of_nobody_is_told_apart() {
    let (mut world, card) = asked().await;
    world.at("2026-11-28T04:01:00Z");
    work::look(&world.hall()).await.expect("a journal");
    assert_eq!(world.endings()[0].ruling, Ruling::Lapsed);
    let (told, state) = pressed(&world, &card, "boss", "approve").await;
    assert_eq!(told, "This was over already (Nobody decided in time). Nothing has changed");
    assert_eq!(state.as_deref(), Some("⌛ Nobody decided in time"));
    let (told, _) = pressed(&world, "posbridge-of-another-shop", "boss", "approve").await;
    assert_eq!(told, "This card is not known here, or it is too old. Nothing has changed");
    assert_eq!((world.pearls(), world.endings().len()), ([10, 10], 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_in_doubt_is_made_again_by_its_name() {
    let world = World::new(BY_CARD).await;
    world.stocked().await;
    world.transfer(1).await;
    world.answers_first(CREATE_CARD, 200, json!("nothing that can be read"), 1).await;
    work::look(&world.hall()).await.expect("a journal");
    let there = json!({ "code": "param.cardAlreadyExist", "message": "x" });
    world.answers("POST", CREATE_CARD, 400, there).await;
    let mut later = world;
    later.at("2026-11-21T04:05:00Z");
    work::look(&later.hall()).await.expect("a journal");
    let made = later.requests(CREATE_CARD).await;
    let name = |n: usize| made[n].body_json::<Value>().expect("JSON")["outTrackId"].clone();
    assert_eq!((made.len(), name(0)), (2, name(1)));
    let card = later.matters().await[0].instance.clone().expect("a card");
    assert_eq!(pressed(&later, &card, "boss", "approve").await.0, "Recorded");
    assert_eq!(later.pearls(), [9, 11]);
}
