//! Dates, tasks and the day's card: made once, whatever comes back.

use pos_protocol::event::{Kind, Stocked};
use serde_json::{Value, json};

use super::world::{CREATE_CARD, DATES, TASKS, UPDATE_CARD, World};
use crate::journal::MatterKind;
use crate::matters::work;
use crate::shop::samples;

const AGENDA: &str = "[agenda]\nowner = \"union1\"\npeople = [\"union2\"]\n\
    [[promotion]]\nname = \"Two for one\"\nfrom = \"2026-11-26\"\nto = \"2026-11-28\"\n\
    prepare = [\"print the posters\"]\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promotion_and_what_runs_out_are_in_the_calendar_and_on_the_list_once() {
    let mut world = World::new(AGENDA).await;
    world.answers("POST", DATES, 200, json!({ "id": "ev1" })).await;
    world.answers("POST", TASKS, 200, json!({ "id": "task1" })).await;
    world.stocked().await;
    let mut sale = samples::sale("1001");
    let receipt = sale.receipt.as_mut().expect("a receipt");
    let line = Stocked { article: "Pearls".into(), quantity: 8.into() };
    (receipt.items[0].name, receipt.items[0].quantity) = (line.article, Some(line.quantity));
    sale.observed_at = "2026-11-21T04:05:00.000Z".into();
    world.keep(vec![sale]).await;
    for minute in 6..9 {
        world.at(&format!("2026-11-21T04:0{minute}:00Z"));
        work::look(&world.hall()).await.expect("a journal");
    }
    let bodies = |requests: Vec<wiremock::Request>| -> Vec<Value> {
        requests.iter().map(|request| request.body_json().expect("JSON")).collect()
    };
    let mut dates = bodies(world.requests(DATES).await);
    dates.sort_by_key(|date| date["summary"].to_string());
    let [promotion, restock] = &dates[..] else { panic!("{dates:?}") };
    assert_eq!(promotion["summary"], json!("Promotion · Two for one"));
    assert_eq!(promotion["start"], json!({ "date": "2026-11-26" }));
    assert_eq!(promotion["reminders"][0]["minutes"], json!(1440));
    assert_eq!(restock["summary"], json!("Restock: Pearls"));
    assert_eq!(restock["start"]["dateTime"], json!("2026-11-22T11:00:00+08:00"));
    let mut tasks = bodies(world.requests(TASKS).await);
    tasks.sort_by_key(|task| task["subject"].to_string());
    let [prepare, restock] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!(prepare["subject"], json!("Prepare for Two for one — print the posters"));
    assert_eq!(restock["subject"], json!("Restock: Pearls — central: 2 left"));
    assert_eq!(restock["executorIds"], json!(["union2"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_outcome_is_repeated_by_its_key_and_a_date_only_while_that_holds() {
    let mut world = World::new(AGENDA).await;
    for at in [DATES, TASKS] {
        world.answers("POST", at, 200, json!("nothing that can be read")).await;
    }
    for at in ["2026-11-21T04:00:00Z", "2026-11-21T05:00:00Z", "2026-11-22T03:30:00Z"] {
        world.at(at);
        work::look(&world.hall()).await.expect("a journal");
        world.reopen().await;
    }
    let dates = world.requests(DATES).await;
    let key = |n: usize| dates[n].headers["x-client-token"].clone();
    assert_eq!((dates.len(), key(0)), (2, key(1)), "the third would come after 23 hours");
    assert_eq!(world.journal().open_matters(MatterKind::Date).await.expect("reads"), []);
    let tasks = world.requests(TASKS).await;
    let source = |n: usize| tasks[n].body_json::<Value>().expect("JSON")["sourceId"].clone();
    assert_eq!((tasks.len(), source(0)), (3, source(2)), "its key holds for ever");
    let there = json!({ "code": "todo.taskCreate.paramError", "message": "task exist" });
    world.answers_first(TASKS, 400, there, 1).await;
    world.at("2026-11-22T05:00:00Z");
    work::look(&world.hall()).await.expect("a journal");
    assert_eq!(world.journal().open_matters(MatterKind::Task).await.expect("reads"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_days_card_changes_in_place_when_its_figures_do_and_not_more_often_than_it_may() {
    let mut world =
        World::new("[today]\ntemplate = \"d.schema\"\ngroup = \"cid1\"\nevery = \"10m\"\n").await;
    world.cards_work().await;
    let look = async |world: &World| work::look(&world.hall()).await.expect("a journal");
    look(&world).await;
    assert_eq!(world.requests(CREATE_CARD).await.len(), 0, "nothing was sold");
    let sold = |number: &str| samples::slip(Kind::Sale, number, "36.00", json!({}));
    world.keep(vec![sold("1001")]).await;
    world.at("2026-11-21T04:01:30Z");
    look(&world).await;
    assert_eq!(world.requests(CREATE_CARD).await.len(), 1, "a first receipt is soon on a card");
    for minute in [12, 13, 25] {
        world.at(&format!("2026-11-21T04:{minute}:00Z"));
        look(&world).await;
    }
    world.keep(vec![sold("1002")]).await;
    world.reopen().await;
    for minute in [26, 36, 46] {
        world.at(&format!("2026-11-21T04:{minute}:00Z"));
        look(&world).await;
    }
    let made: Vec<Value> = world
        .requests(CREATE_CARD)
        .await
        .iter()
        .map(|request| request.body_json().expect("JSON"))
        .collect();
    let changed: Vec<Value> = world
        .requests(UPDATE_CARD)
        .await
        .iter()
        .map(|request| request.body_json().expect("JSON"))
        .collect();
    assert_eq!((made.len(), changed.len()), (1, 1));
    assert_eq!(made[0]["outTrackId"], changed[0]["outTrackId"]);
    assert_eq!(
        made[0]["cardData"]["cardParamMap"]["text"],
        json!("**Takings HK$36.00, receipts: 1**")
    );
    assert_eq!(
        changed[0]["cardData"]["cardParamMap"]["text"],
        json!("**Takings HK$72.00, receipts: 2**")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_is_over_gets_no_card_any_more() {
    let mut world = World::new("[today]\ntemplate = \"d.schema\"\ngroup = \"cid1\"\n").await;
    world.cards_work().await;
    work::look(&world.hall()).await.expect("a journal");
    world.keep(vec![samples::slip(Kind::Sale, "1001", "36.00", json!({}))]).await;
    world.at("2026-11-28T04:00:00Z");
    work::look(&world.hall()).await.expect("a journal");
    assert_eq!(world.requests(CREATE_CARD).await.len(), 0);
    let open = world.journal().open_matters(MatterKind::Today).await.expect("reads");
    assert_eq!(open.len(), 1, "today's, and last week's is closed");
}
