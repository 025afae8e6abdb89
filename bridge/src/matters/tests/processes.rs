//! OA and Yida: started once, ended by events that come twice, late, early or from elsewhere.

use pos_protocol::event::{About, Entry, Inventory, Kind, Reason, Ruling};
use pos_protocol::money::Amount;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{BY_OA, START_OA, START_YIDA, World, clock_at, refund};
use crate::dingtalk::stream::Event;
use crate::journal::OutboxState;
use crate::matters::{happened, unasked, work};
use crate::operate;
use crate::shop::samples;

fn ended(instance: &str, code: &str, kind: &str, result: &str) -> Event {
    let data = json!({ "processInstanceId": instance, "processCode": code, "type": kind,
        "result": result, "title": "x", "staffId": "clerk" });
    let name = "bpms_instance_change".to_owned();
    Event { id: "e".into(), name, corp_id: "c".into(), born_ms: None, data }
}

/// Somebody said yes or no.
fn part(instance: &str, code: &str, result: &str, who: &str) -> Event {
    let data = json!({ "processInstanceId": instance, "processCode": code, "type": "finish",
        "result": result, "taskId": 1, "staffId": who });
    let name = "bpms_task_change".to_owned();
    Event { id: "t".into(), name, corp_id: "c".into(), born_ms: None, data }
}

async fn heard(world: &World, event: &Event) -> bool {
    happened::heard(&world.hall(), event).await.expect("a journal")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_is_started_with_its_fields_and_its_result_counts_once() {
    let world = World::new(BY_OA).await;
    world.answers("POST", START_OA, 200, json!({ "instanceId": "P1" })).await;
    world.stocked().await;
    world.transfer(3).await;
    for _ in 0..2 {
        work::look(&world.hall()).await.expect("a journal");
    }
    let started = world.requests(START_OA).await;
    assert_eq!(started.len(), 1);
    let body: Value = started[0].body_json().expect("JSON");
    let title = json!({ "name": "內容", "value": "Transfer Pearls × 3: central → mongkok" });
    assert_eq!(
        (&body["originatorUserId"], &body["formComponentValues"][0]),
        (&json!("clerk"), &title)
    );
    let approved = ended("P1", "PROC-1", "finish", "agree");
    assert!(heard(&world, &ended("P1", "PROC-1", "start", "")).await);
    assert_eq!(world.endings(), []);
    for _ in 0..3 {
        assert!(heard(&world, &approved).await);
    }
    assert_eq!((world.pearls(), world.endings().len(), world.queued()), ([7, 13], 1, 1));
    assert!(heard(&world, &ended("P1", "PROC-1", "terminate", "")).await);
    assert_eq!((world.pearls(), world.endings().len()), ([7, 13], 1));
    world.books_agree();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decided_in_the_process_stands_in_its_ending() {
    let world = World::new(BY_OA).await;
    world.answers("POST", START_OA, 200, json!({ "instanceId": "P1" })).await;
    world.stocked().await;
    world.transfer(3).await;
    work::look(&world.hall()).await.expect("a journal");
    let other = |kind: &str, who: &str| {
        let mut event = part("P1", "PROC-1", "", who);
        event.data["type"] = json!(kind);
        event
    };
    for event in [
        other("start", "assistant"),
        part("P1", "PROC-1", "agree", "assistant"),
        part("P1", "PROC-1", "agree", "manager"),
        other("cancel", "deputy"),
        part("P2", "PROC-1", "agree", "somebody"),
        ended("P1", "PROC-1", "finish", "agree"),
        part("P1", "PROC-1", "refuse", "too late"),
    ] {
        assert!(heard(&world, &event).await);
    }
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.ruling, ending.by.as_deref()), (Ruling::Approved, Some("manager")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_have_been_asked_is_not_asked_again_and_its_late_result_moves_nothing() {
    let mut world = World::new(BY_OA).await;
    world.stocked().await;
    world.transfer(3).await;
    world.answers("POST", START_OA, 200, json!("nothing that can be read")).await;
    work::look(&world.hall()).await.expect("a journal");
    world.reopen().await;
    world.at("2026-11-21T05:00:00Z");
    work::look(&world.hall()).await.expect("a journal");
    assert_eq!(world.requests(START_OA).await.len(), 1);
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.ruling, ending.reason), (Ruling::Unasked, Some(Reason::Unknown)));
    for _ in 0..2 {
        assert!(heard(&world, &ended("P9", "PROC-1", "finish", "agree")).await);
    }
    assert!(heard(&world, &ended("P8", "PROC-of-another-team", "finish", "agree")).await);
    assert_eq!((world.pearls(), world.queued()), ([10, 10], 2), "how it ended, and the stranger");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_is_quicker_than_the_answer_comes_again() {
    let world = World::new(BY_OA).await;
    world.stocked().await;
    world.transfer(2).await;
    let slow = wiremock::ResponseTemplate::new(200)
        .set_body_json(json!({ "instanceId": "P1" }))
        .set_delay(std::time::Duration::from_millis(400));
    let asks = wiremock::Mock::given(wiremock::matchers::path(START_OA)).respond_with(slow);
    asks.mount(&world.server).await;
    let hall = world.hall();
    let asking = tokio::spawn(async move { work::look(&hall).await.expect("a journal") });
    let reached = async {
        while world.requests(START_OA).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), reached).await.expect("asked");
    let approved = ended("P1", "PROC-1", "finish", "agree");
    let early = heard(&world, &approved).await;
    asking.await.expect("no panic");
    // The server may have answered before the event was looked at: then it counted at once.
    assert!(heard(&world, &approved).await);
    assert_eq!((world.pearls(), world.endings().len()), ([8, 12], 1), "early: {early}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_over_the_limit_is_asked_with_what_the_group_may_read() {
    let tables = "[exceptions]\nrefund_over = \"500.00\"\n[[approval]]\non = \"refund\"\n\
        app_type = \"APP_1\"\nsystem_token_env = \"APP_SECRET\"\nform = \"FORM-1\"\n\
        originator = \"clerk\"\nfields = { \"textField_1\" = \"receipt\", \"n\" = \"number\" }\n";
    let world = World::new(tables).await;
    world.answers("POST", START_YIDA, 200, json!({ "result": "Y1" })).await;
    world.keep(vec![refund("1042", "-500.00"), refund("1043", "-800.00")]).await;
    work::look(&world.hall()).await.expect("a journal");
    let started = world.requests(START_YIDA).await;
    assert_eq!(started.len(), 1);
    let body: Value = started[0].body_json().expect("JSON");
    let fields = body["formDataJson"].as_str().expect("a string");
    let fields: Value = serde_json::from_str(fields).expect("JSON");
    let text = fields["textField_1"].as_str().expect("a receipt");
    assert!(text.contains("#1043") && text.contains("800"), "{text}");
    assert!(
        !text.contains("凍奶茶") && !text.contains("Ming"),
        "the robot shows categories: {text}"
    );
    let before = world.queued();
    assert!(heard(&world, &ended("Y1", "", "finish", "refuse")).await);
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.about, ending.ruling), (About::Refund, Ruling::Rejected));
    assert_eq!(world.queued(), before + 1);
    let kept = world.reader().events(0, 100).expect("reads");
    let last = kept.last().and_then(|stored| stored.event().ok()).expect("an event");
    assert_eq!((last.kind, last.related), (Kind::Approval, Some(refund("1043", "-800.00").id)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_return_that_staff_put_into_the_form_is_heard_of_when_it_is_decided() {
    let tables = "[[approval]]\non = \"return\"\nform_url = \"https://y.example/f?n={number}\"\n\
        process_code = \"TPROC--7\"\n";
    let world = World::new(tables).await;
    assert!(heard(&world, &ended("R1", "TPROC--7", "start", "")).await);
    assert_eq!((world.matters().await.len(), world.queued()), (1, 0), "it waits for somebody");
    assert!(heard(&world, &part("R1", "TPROC--7", "agree", "manager")).await);
    for _ in 0..2 {
        assert!(heard(&world, &ended("R1", "TPROC--7", "finish", "agree")).await);
    }
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.about, ending.instance.as_deref()), (About::Return, Some("R1")));
    assert_eq!((ending.by.as_deref(), world.queued()), (Some("manager"), 1));
    // Of one that was submitted before the bridge listened only the end is heard.
    assert!(heard(&world, &ended("R2", "TPROC--7", "finish", "refuse")).await);
    assert_eq!((world.endings().len(), world.queued()), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returns_result_is_told_with_the_receipt_that_its_form_names() {
    let tables = "[[approval]]\non = \"return\"\nform_url = \"https://y.example/f?n={number}\"\n\
        process_code = \"TPROC--7\"\napp_type = \"APP_1\"\nsystem_token_env = \"APP_SECRET\"\n\
        originator = \"clerk\"\nnumber_field = \"textField_n\"\n";
    let world = World::new(tables).await;
    let refund = refund("1043", "-80.00");
    world.keep(vec![refund.clone()]).await;
    let form = |number: &str| json!({ "data": { "textField_n": number } });
    world.answers("GET", "/v1.0/yida/processes/instancesInfos/R1", 200, form("#1043")).await;
    world.answers("GET", "/v1.0/yida/processes/instancesInfos/R2", 200, form("9999")).await;
    let broken = json!({ "code": "noPermission", "message": "no" });
    world.answers("GET", "/v1.0/yida/processes/instancesInfos/R3", 403, broken).await;
    for instance in ["R1", "R2", "R3"] {
        assert!(heard(&world, &ended(instance, "TPROC--7", "finish", "agree")).await);
    }
    let endings = world.endings();
    let told: Vec<_> = endings
        .iter()
        .map(|ending| (ending.number.as_deref(), ending.amount.map(|sum| sum.to_string())))
        .collect();
    let amount = Some("-80.00".to_owned());
    assert_eq!(told, [(Some("1043"), amount), (Some("9999"), None), (None, None)]);
    let kept = world.reader().events(0, 100).expect("reads");
    let events: Vec<_> = kept.iter().map(|stored| stored.event().expect("an event")).collect();
    let related: Vec<_> = events.iter().filter_map(|event| event.related).collect();
    assert_eq!(related, [refund.id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_application_the_group_is_told_that_nobody_can_be_asked() {
    let world = World::new(BY_OA).await;
    world.stocked().await;
    world.transfer(3).await;
    let mut config = (*world.config).clone();
    config.dingtalk.app = None;
    let (config, now) = (std::sync::Arc::new(config), clock_at(super::world::NOON).now());
    for closed in [1, 0] {
        let told = unasked(world.journal(), &config, now).await.expect("a journal");
        assert_eq!(told, closed);
    }
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.ruling, ending.reason), (Ruling::Unasked, Some(Reason::NoApplication)));
    let queued = world.reader().outbox(OutboxState::Queued, 10).expect("reads");
    assert_eq!((queued.len(), queued[0].robot.as_str(), world.pearls()), (1, "owner", [10, 10]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_good_is_told_at_once_and_trouble_that_passes_is_waited_out() {
    let mut world = World::new(BY_OA).await;
    world.stocked().await;
    world.transfer(3).await;
    let busy = json!({ "code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "x" });
    world.answers_first(START_OA, 403, busy, 1).await;
    let no = json!({ "code": "processCodeError", "message": "no such template" });
    world.answers("POST", START_OA, 400, no).await;
    work::look(&world.hall()).await.expect("a journal");
    assert_eq!(world.endings(), []);
    world.at("2026-11-21T04:10:00Z");
    work::look(&world.hall()).await.expect("a journal");
    let [ending] = &world.endings()[..] else { panic!("one ending") };
    assert_eq!((ending.ruling, ending.reason), (Ruling::Unasked, Some(Reason::Refused)));
    assert_eq!(world.requests(START_OA).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drawer_that_is_short_is_asked_about_and_one_that_is_nearly_right_is_not() {
    let tables = BY_OA.replace("\"transfer\"", "\"cash_short\"\nover = \"20.00\"");
    let world = World::new(&tables).await;
    world.answers("POST", START_OA, 200, json!({ "instanceId": "P1" })).await;
    let cash = json!({ "payments": [{ "method": "cash", "amount": "36.00" }] });
    world.keep(vec![samples::slip(Kind::Sale, "1001", "36.00", cash)]).await;
    for (counted, till, asked) in
        [("16.00", "counter-1", 0), ("50.00", "counter-1", 0), ("10.50", "counter-1", 1)]
    {
        let amount = Amount::parse(counted).expect("an amount");
        let entry = Entry::Cash { amount, till: Some(till.into()), at: None };
        let inventory = Inventory { shop: Some("central".into()), entry };
        let now = clock_at(super::world::NOON).now();
        world.keep(vec![operate::stock::event(inventory, Uuid::new_v4(), now)]).await;
        assert_eq!(world.matters().await.len(), asked, "{counted}");
    }
    work::look(&world.hall()).await.expect("a journal");
    let body: Value = world.requests(START_OA).await[0].body_json().expect("JSON");
    let title = "The drawer of counter-1 is short by HK$25.50";
    assert_eq!(body["formComponentValues"][0]["value"], json!(title));
}
