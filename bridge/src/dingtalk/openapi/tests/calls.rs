//! Each call, as its document has it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use jiff::civil::date;

use super::support::{TOKEN, api, ok, refusal, server};
use crate::dingtalk::openapi::{
    ApiError, Approval, CalendarEvent, CardData, CardSpace, Made, NewCard, Priority, RobotMessage,
    Todo, When, YidaProcess, YidaReader,
};
use crate::secret::Secret;

/// Takes exactly this request, with the token, once.
async fn takes(server: &MockServer, verb: &str, at: &str, body: Value, answer: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(at))
        .and(header("x-acs-dingtalk-access-token", TOKEN))
        .and(body_json(body))
        .respond_with(answer)
        .expect(1)
        .mount(server)
        .await;
}

#[tokio::test]
async fn the_robot_speaks_to_a_group_and_to_people() {
    let server = server().await;
    let param = json!({ "title": "今日", "text": "# 1" }).to_string();
    let group = json!({ "robotCode": "robot-1", "openConversationId": "cid1",
        "msgKey": "sampleMarkdown", "msgParam": param });
    let at = "/v1.0/robot/groupMessages/send";
    takes(&server, "POST", at, group, ok(json!({ "processQueryKey": "q1" }))).await;
    let param = json!({ "content": "hi" }).to_string();
    let people = json!({ "robotCode": "robot-1", "userIds": ["u1", "u2"], "msgKey": "sampleText",
        "msgParam": param });
    let answer = json!({ "processQueryKey": "q2", "invalidStaffIdList": ["u2"],
        "flowControlledStaffIdList": [] });
    takes(&server, "POST", "/v1.0/robot/oToMessages/batchSend", people, ok(answer)).await;

    let api = api(&server);
    let markdown = RobotMessage::Markdown { title: "今日".into(), text: "# 1".into() };
    assert_eq!(api.send_to_group("cid1", &markdown).await.as_deref(), Ok("q1"));
    let hi = RobotMessage::Text { content: "hi".into() };
    let sent = api.send_to_people(&["u1".into(), "u2".into()], &hi).await.expect("sent");
    assert_eq!(
        (sent.process_query_key.as_str(), sent.unknown_people),
        ("q2", vec!["u2".to_owned()])
    );
}

fn card(space: CardSpace) -> NewCard {
    NewCard {
        template_id: "t.schema".into(),
        out_track_id: "refund-1".into(),
        data: CardData::from([("title".to_owned(), "退款".to_owned())]),
        space,
    }
}

#[tokio::test]
async fn a_card_is_made_once_and_changed_in_place() {
    let server = server().await;
    let at = "/v1.0/card/instances/createAndDeliver";
    let group = json!({
        "cardTemplateId": "t.schema", "outTrackId": "refund-1", "callbackType": "STREAM",
        "cardData": { "cardParamMap": { "title": "退款" } }, "userIdType": 1,
        "openSpaceId": "dtv1.card//IM_GROUP.cid1",
        "imGroupOpenSpaceModel": { "supportForward": false },
        "imGroupOpenDeliverModel": { "robotCode": "robot-1" },
    });
    let made = json!({ "success": true, "result": { "outTrackId": "refund-1", "deliverResults":
        [{ "spaceType": "IM_GROUP", "spaceId": "cid1", "success": true, "carrierId": "c" }] } });
    takes(&server, "POST", at, group, ok(made)).await;
    let change = json!({ "outTrackId": "refund-1",
        "cardData": { "cardParamMap": { "state": "approved" } },
        "cardUpdateOptions": { "updateCardDataByKey": true } });
    let changed = ok(json!({ "success": true, "result": true }));
    takes(&server, "PUT", "/v1.0/card/instances", change, changed).await;

    let api = api(&server);
    let space = CardSpace::Group { conversation_id: "cid1".into() };
    assert_eq!(api.create_card(&card(space)).await, Ok(Made::Now("refund-1".into())));
    let data = CardData::from([("state".to_owned(), "approved".to_owned())]);
    assert_eq!(api.update_card("refund-1", &data).await, Ok(()));
}

#[tokio::test]
async fn a_card_that_is_there_is_no_error_and_one_that_nobody_sees_is() {
    let server = server().await;
    let at = "/v1.0/card/instances/createAndDeliver";
    let again = Mock::given(method("POST")).and(path(at));
    again
        .respond_with(refusal(400, "param.cardAlreadyExist"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let unseen = json!({ "success": true, "result": { "outTrackId": "refund-1", "deliverResults":
        [{ "spaceType": "IM_ROBOT", "success": false, "errorMsg": "not in the space" }] } });
    Mock::given(method("POST")).and(path(at)).respond_with(ok(unseen)).mount(&server).await;
    let api = api(&server);
    let card = card(CardSpace::Person { user_id: "u1".into() });
    assert_eq!(api.create_card(&card).await, Ok(Made::Already));
    let error = api.create_card(&card).await.expect_err("nobody sees it");
    assert!(
        matches!(&error, ApiError::Refused { text, .. } if text == "not in the space"),
        "{error}"
    );
}

#[tokio::test]
async fn an_approval_and_a_yida_process_are_started_with_strings() {
    let server = server().await;
    let approval = json!({ "processCode": "PROC-1", "originatorUserId": "u1", "deptId": -1,
        "formComponentValues": [{ "name": "金額", "value": "-800.00" }] });
    let started = ok(json!({ "instanceId": "91ef1076" }));
    takes(&server, "POST", "/v1.0/workflow/processInstances", approval, started).await;
    let fields = json!({ "textField_1": "1043" }).to_string();
    let yida = json!({ "appType": "APP_1", "systemToken": "tok", "userId": "u1",
        "formUuid": "FORM-1", "formDataJson": fields, "processCode": "TPROC--1" });
    let at = "/v2.0/yida/processes/instances/start";
    takes(&server, "POST", at, yida, ok(json!({ "result": "f30233fb" }))).await;

    let api = api(&server);
    let approval = Approval {
        process_code: "PROC-1".into(),
        originator_user_id: "u1".into(),
        department: None,
        fields: vec![("金額".into(), "-800.00".into())],
    };
    assert_eq!(api.start_approval(&approval).await.as_deref(), Ok("91ef1076"));
    let process = YidaProcess {
        app_type: "APP_1".into(),
        system_token: Secret::new("tok"),
        form_uuid: "FORM-1".into(),
        process_code: Some("TPROC--1".into()),
        user_id: "u1".into(),
        fields: BTreeMap::from([("textField_1".into(), "1043".into())]),
    };
    assert_eq!(api.start_yida(&process).await.as_deref(), Ok("f30233fb"));
}

#[tokio::test]
async fn a_form_is_read_by_its_process_and_a_number_in_it_is_its_digits() {
    let server = server().await;
    Mock::given(method("GET"))
        .and(path("/v1.0/yida/processes/instancesInfos/f30233fb"))
        .and(query_param("appType", "APP_1"))
        .and(query_param("systemToken", "t&k"))
        .and(query_param("userId", "u1"))
        .respond_with(ok(json!({ "instanceStatus": "COMPLETED",
            "data": { "textField_1": "1043", "numberField_2": 30 } })))
        .expect(1)
        .mount(&server)
        .await;
    let reader = YidaReader {
        app_type: "APP_1".into(),
        system_token: Secret::new("t&k"),
        user_id: "u1".into(),
    };
    let form = api(&server).read_yida(&reader, "f30233fb").await.expect("read");
    assert_eq!((form["textField_1"].as_str(), form["numberField_2"].as_str()), ("1043", "30"));
}

#[tokio::test]
async fn a_calendar_event_carries_its_key_in_the_header() {
    let server = server().await;
    Mock::given(method("POST"))
        .and(path("/v1.0/calendar/users/un%2Fion/calendars/primary/events"))
        .and(header("x-client-token", "promo-1"))
        .respond_with(ok(json!({ "id": "ev1", "summary": "x" })))
        .expect(1)
        .mount(&server)
        .await;
    let event = CalendarEvent {
        key: "promo-1".into(),
        summary: "買二送一".into(),
        description: String::new(),
        when: When::Days(date(2026, 11, 30), date(2026, 11, 30)),
        people: Vec::new(),
        reminders: Vec::new(),
    };
    assert_eq!(api(&server).create_calendar_event("un/ion", &event).await.as_deref(), Ok("ev1"));
}

#[tokio::test]
async fn a_task_is_made_once_by_its_source() {
    let server = server().await;
    let at = "/v1.0/todo/users/union1/tasks";
    let body = json!({ "sourceId": "low-stock-1", "subject": "補貨：叉燒", "creatorId": "union1",
        "executorIds": ["union2"], "detailUrl": { "appUrl": "https://h/", "pcUrl": "https://h/" },
        "priority": 20, "notifyConfigs": { "dingNotify": "1" }, "dueTime": 1_795_000_000_000_i64 });
    Mock::given(method("POST"))
        .and(path(at))
        .and(query_param("operatorId", "union1"))
        .and(body_json(body))
        .respond_with(ok(json!({ "id": "task1" })))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let there = json!({ "code": "todo.taskCreate.paramError", "message": "task exist" });
    let other = json!({ "code": "todo.taskCreate.paramError", "message": "bad executor" });
    for body in [there, other] {
        let again = Mock::given(method("POST")).and(path(at));
        let answer = ResponseTemplate::new(400).set_body_json(body);
        again.respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    let todo = Todo {
        source_id: "low-stock-1".into(),
        subject: "補貨：叉燒".into(),
        due_ms: Some(1_795_000_000_000),
        executors: vec!["union2".into()],
        page: "https://h/".into(),
        priority: Priority::Normal,
        notify: true,
    };
    let api = api(&server);
    assert_eq!(api.create_todo("union1", &todo).await, Ok(Made::Now("task1".into())));
    assert_eq!(api.create_todo("union1", &todo).await, Ok(Made::Already));
    let error = api.create_todo("union1", &todo).await.expect_err("another reason");
    assert!(matches!(error, ApiError::Refused { .. }), "{error}");
}
