//! Approvals of OA and Yida, and the events that tell of them.

use serde_json::{Value, json};

use crate::support::{Socket, World};

const START: &str = "/v1.0/workflow/processInstances";
const YIDA: &str = "/v2.0/yida/processes/instances/start";

fn refund() -> Value {
    json!({"processCode": "PROC-REFUND", "originatorUserId": "till", "deptId": -1,
        "formComponentValues": [{"name": "金額", "value": "30.00"}]})
}

fn yida() -> Value {
    json!({"appType": "APP_X", "systemToken": "t", "userId": "till", "formUuid": "FORM-X",
        "formDataJson": "{\"textField_a\":\"1043\"}"})
}

/// The next `count` events, answered, as kind, type, result and person.
async fn events(socket: &mut Socket, count: usize) -> Vec<[String; 4]> {
    let mut told = Vec::new();
    for _ in 0..count {
        let frame = socket.frame().await;
        let text = |field: &str| frame.data[field].as_str().unwrap_or("").to_owned();
        let kind = frame.header("eventType").to_owned();
        told.push([kind, text("type"), text("result"), text("staffId")]);
        socket.ack(&frame, 200, &json!({"status": "SUCCESS", "message": "success"})).await;
    }
    told
}

fn told(kind: &str, what: &str, result: &str, who: &str) -> [String; 4] {
    [kind, what, result, who].map(ToOwned::to_owned)
}

#[tokio::test]
async fn an_approval_is_told_from_its_start_to_its_end() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    let id = world.good("POST", START, &refund()).await["instanceId"].clone();
    let (whole, part) = ("bpms_instance_change", "bpms_task_change");
    let expected = [told(whole, "start", "", "till"), told(part, "start", "", "manager")];
    assert_eq!(events(&mut socket, 2).await, expected);
    let agreed = json!({"instance": id, "verdict": "agree", "remark": "好"});
    let answer = world.tell("decide", &agreed).await;
    assert_eq!(answer, json!({"status": "COMPLETED", "result": "agree"}));
    let expected =
        [told(part, "finish", "agree", "manager"), told(whole, "finish", "agree", "till")];
    assert_eq!(events(&mut socket, 2).await, expected);
    let path = format!("{START}?processInstanceId={}", id.as_str().expect("an id"));
    let read = world.good("GET", &path, &Value::Null).await;
    assert_eq!(read["result"]["status"], "COMPLETED");
    assert_eq!(read["result"]["formComponentValues"][0]["value"], "30.00");
    let (status, _) = world.post("/_control/decide", &agreed).await;
    assert_eq!(status, 409, "it is over");
}

#[tokio::test]
async fn a_refusal_and_a_withdrawal_end_it_too() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    for (verdict, kind, result, left) in
        [("refuse", "finish", "refuse", 1), ("terminate", "terminate", "", 1)]
    {
        let id = world.good("POST", START, &refund()).await["instanceId"].clone();
        events(&mut socket, 2).await;
        world.tell("decide", &json!({"instance": id, "verdict": verdict})).await;
        let last = events(&mut socket, 1 + left).await.pop().expect("an event");
        assert_eq!(last, told("bpms_instance_change", kind, result, "till"), "{verdict}");
    }
}

#[tokio::test]
async fn one_of_two_is_enough_where_the_call_says_so_and_a_return_asks_again() {
    let world = World::new().await;
    let mut body = refund();
    body["approvers"] = json!([{"actionType": "OR", "userIds": ["a", "b"]}]);
    let id = world.good("POST", START, &body).await["instanceId"].clone();
    let decide =
        |user: &str, verdict: &str| json!({"instance": id, "user": user, "verdict": verdict});
    let stranger = world.post("/_control/decide", &decide("c", "agree")).await;
    assert_eq!(stranger.0, 409);
    assert_eq!(world.tell("decide", &decide("a", "return")).await["status"], "RUNNING");
    assert_eq!(world.tell("decide", &decide("b", "agree")).await["result"], "agree");
    let instance = &world.list("instances").await[0];
    let tasks: Vec<&Value> =
        instance["tasks"].as_array().expect("a list").iter().map(|task| &task["status"]).collect();
    assert_eq!(tasks, ["COMPLETED", "CANCELED", "CANCELED", "COMPLETED"]);
}

#[tokio::test]
async fn yida_starts_on_both_paths_and_is_decided_the_same_way() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    for path in [YIDA, "/v1.0/yida/processes/instances/start"] {
        let id = world.good("POST", path, &yida()).await["result"].clone();
        events(&mut socket, 2).await;
        world.tell("decide", &json!({"instance": id, "verdict": "refuse"})).await;
        let last = events(&mut socket, 2).await.pop().expect("an event");
        assert_eq!(last, told("bpms_instance_change", "finish", "refuse", "till"));
        let id = id.as_str().expect("an id");
        let path = format!(
            "/v1.0/yida/processes/instancesInfos/{id}?appType=APP_X&systemToken=t&userId=till"
        );
        let read = world.good("GET", &path, &Value::Null).await;
        assert_eq!(read["approvedResult"], "disagree");
        assert_eq!(read["data"]["textField_a"], "1043");
    }
    let form = world.good("POST", "/v2.0/yida/forms/instances", &yida()).await;
    let form = form["result"].as_str().expect("an id").to_owned();
    assert!(form.starts_with("FORM-"), "{form}");
    let decided = json!({"instance": form, "verdict": "agree"});
    assert_eq!(world.post("/_control/decide", &decided).await.0, 404, "nobody decides a form");
}

#[tokio::test]
async fn a_form_that_somebody_submits_on_their_own_is_a_process_like_any_other() {
    let world = World::new().await;
    let mut socket = world.connect(&["*"]).await;
    let form = json!({"user": "ming", "processCode": "TPROC--1", "form": {"單號": "1043"}});
    let id = world.tell("submit", &form).await["instance"].clone();
    let (whole, part) = ("bpms_instance_change", "bpms_task_change");
    let expected = [told(whole, "start", "", "ming"), told(part, "start", "", "manager")];
    assert_eq!(events(&mut socket, 2).await, expected);
    world.tell("decide", &json!({"instance": id, "verdict": "agree"})).await;
    assert_eq!(events(&mut socket, 2).await[1], told(whole, "finish", "agree", "ming"));
    assert_eq!(world.list("instances").await[0]["form"]["單號"], "1043");
}

#[tokio::test]
async fn every_documented_refusal_of_an_approval_has_its_code() {
    let world = World::of("app.users = ['till', 'manager']").await;
    let with = |field: &str, value: Value| {
        let mut body = refund();
        body[field] = value;
        body
    };
    for (body, code) in [
        (with("processCode", json!("REFUND")), "processCodeError"),
        (with("formComponentValues", json!([{"name": "a", "value": 1}])), "formConverterError"),
        (with("formComponentValues", Value::Null), "MissingformComponentValues"),
        (with("deptId", Value::Null), "MissingdeptId"),
        (with("originatorUserId", json!("stranger")), "processInstanceInvalidParameter"),
        (with("approvers", json!([{"actionType": "NONE", "userIds": []}])), "approverParamError"),
    ] {
        assert_eq!(world.bad("POST", START, &body).await, (400, code.to_owned()));
    }
    let absent = format!("{START}?processInstanceId=x");
    assert_eq!(world.bad("GET", &absent, &Value::Null).await.0, 400);
    let mut broken = yida();
    broken["formDataJson"] = json!("{");
    assert_eq!(world.bad("POST", YIDA, &broken).await.1, "invalidParameter");
    assert!(world.list("instances").await.is_empty());
}
