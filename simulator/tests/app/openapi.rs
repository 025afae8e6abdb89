//! What is the same for every interface: tokens, permissions, limits, faults, the form of refusals.

use serde_json::{Value, json};

use crate::support::{ID, SECRET, World, todo};

const TASKS: &str = "/v1.0/todo/users/u1/tasks?operatorId=u1";

#[tokio::test]
async fn a_token_stays_the_same_while_it_is_valid_and_expires_after_two_hours() {
    let world = World::new().await;
    let token = world.token().await;
    assert_eq!(world.token().await, token);
    world.advance(7_190_000).await;
    assert_eq!(world.api_with("POST", TASKS, &todo("a"), &token, &[]).await.0, 200);
    world.advance(10_000).await;
    let (status, answer) = world.api_with("POST", TASKS, &todo("b"), &token, &[]).await;
    assert_eq!((status, &answer["code"]), (400, &json!("InvalidAuthentication")));
    assert_eq!(answer["message"], "不合法的access_token");
    assert_ne!(world.token().await, token);
}

#[tokio::test]
async fn the_newer_way_to_a_token_gives_the_same_one() {
    let world = World::new().await;
    let body =
        json!({"client_id": ID, "client_secret": SECRET, "grant_type": "client_credentials"});
    let (status, answer) = world.post("/v1.0/oauth2/dingcorp/token", &body).await;
    assert_eq!((status, &answer["expires_in"]), (200, &json!(7200)));
    assert_eq!(answer["access_token"], json!(world.token().await));
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_the_documented_form() {
    let world = World::new().await;
    let body = json!({"appKey": ID, "appSecret": "wrong"});
    let (status, answer) = world.post("/v1.0/oauth2/accessToken", &body).await;
    assert_eq!(status, 400);
    assert_eq!(answer["code"], "invalidClientIdOrSecret");
    assert_eq!(answer["message"], "无效的clientId或者clientSecret");
    assert!(answer["requestid"].is_string());
    let lacking = world.post("/v1.0/oauth2/accessToken", &json!({"appKey": ID})).await;
    assert_eq!((lacking.0, &lacking.1["code"]), (400, &json!("MissingappSecret")));
}

#[tokio::test]
async fn the_token_belongs_into_its_own_header() {
    let world = World::new().await;
    let token = world.token().await;
    let url = format!("{TASKS}&access_token={token}");
    let authorization = ("authorization", format!("Bearer {token}"));
    let request = world.client.post(world.url(&url)).header(authorization.0, authorization.1);
    let answer = request.body(todo("a").to_string()).send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    let text = answer.text().await.expect("a body");
    assert!(text.contains("AuthenticationFailed.MissingParameter"), "{text}");
    assert!(text.contains("缺少参数：x-acs-dingtalk-access-token"), "{text}");
}

#[tokio::test]
async fn an_unknown_path_is_http_200_with_404_in_it() {
    let world = World::new().await;
    for (method, path) in [
        ("POST", "/v1.0/im/robots/send"),
        ("GET", "/v1.0/robot/groupMessages/send"),
        ("DELETE", "/v1.0/card/instances"),
        ("POST", "/v3.0/card/instances"),
    ] {
        let (status, answer) = world.api(method, path, &json!({})).await;
        assert_eq!((status, &answer["errcode"]), (200, &json!(404)), "{method} {path}");
    }
}

#[tokio::test]
async fn a_permission_that_is_lacking_is_named_and_can_come_back() {
    let world = World::of("app.denied = ['Todo.Todo.Write']").await;
    let (status, answer) = world.api("POST", TASKS, &todo("a")).await;
    assert_eq!(status, 403);
    assert_eq!(answer["code"], "Forbidden.AccessDenied.AccessTokenPermissionDenied");
    assert_eq!(answer["accessdenieddetail"]["requiredScopes"], json!(["Todo.Todo.Write"]));
    world.tell("app", &json!({"allow": ["Todo.Todo.Write"]})).await;
    world.good("POST", TASKS, &todo("a")).await;
    world.tell("app", &json!({"deny": ["Todo.Todo.Write"]})).await;
    assert_eq!(world.bad("POST", TASKS, &todo("b")).await.0, 403);
}

#[tokio::test]
async fn a_token_can_be_revoked_and_an_address_kept_out() {
    let world = World::new().await;
    let token = world.token().await;
    world.tell("app", &json!({"revoke_token": true})).await;
    let (_, answer) = world.api_with("POST", TASKS, &todo("a"), &token, &[]).await;
    assert_eq!(answer["code"], "InvalidAuthentication");
    let far = World::of("security.ips = ['10.0.0.0/8']").await;
    let refused = far.bad("POST", TASKS, &todo("a")).await;
    assert_eq!(refused, (403, "Forbidden.AccessDenied.IpNotInWhiteList".to_owned()));
}

#[tokio::test]
async fn a_second_has_room_for_so_many_calls_of_one_interface() {
    let world = World::of("app.calls_per_second = 2").await;
    world.tell("clock", &json!({"set": "2133-01-01T00:00:00Z"})).await;
    let token = world.token().await;
    let mut codes = Vec::new();
    for n in 0..12 {
        let task = todo(&n.to_string());
        codes.push(world.api_with("POST", TASKS, &task, &token, &[]).await);
    }
    let refused: Vec<&(u16, Value)> = codes.iter().filter(|(status, _)| *status != 200).collect();
    assert!(!refused.is_empty(), "twelve calls take less than six seconds");
    for (status, answer) in refused {
        assert_eq!(*status, 403);
        assert_eq!(answer["code"], "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    }
    let passed = codes.iter().filter(|(status, _)| *status == 200).count();
    let app = world.ask("app").await;
    assert_eq!(app["calls_this_month"], json!(passed), "what was too fast costs nothing");
    world.advance(1_000).await;
    world.good("POST", TASKS, &todo("later")).await;
}

#[tokio::test]
async fn a_month_that_is_used_up_begins_anew_in_the_next() {
    let world = World::of("app.calls_monthly = 1").await;
    world.tell("clock", &json!({"set": "2133-01-15T00:00:00Z"})).await;
    world.good("POST", TASKS, &todo("a")).await;
    let refused = world.bad("POST", TASKS, &todo("b")).await;
    assert_eq!(refused, (403, "Forbidden.AccessDenied.ApiCountLimitForOrg".to_owned()));
    world.tell("clock", &json!({"set": "2133-01-31T16:00:00Z"})).await;
    world.good("POST", TASKS, &todo("b")).await;
}

#[tokio::test]
async fn any_other_refusal_can_be_ordered_and_every_call_is_noted() {
    let world = World::new().await;
    let busy = json!({"status": 500, "code": "system.busy", "message": "系统繁忙"});
    let fault = json!({"count": 1, "path": "/v1.0/todo", "answer": {"fail": busy}});
    world.tell("faults", &fault).await;
    assert_eq!(world.bad("POST", TASKS, &todo("a")).await, (500, "system.busy".to_owned()));
    for (answer, status) in
        [("throttle", 403), ("http503", 503), ("html", 200), ("http500_after", 500)]
    {
        world.tell("faults", &json!({"count": 1, "path": "/v1.0/todo", "answer": answer})).await;
        assert_eq!(world.api("POST", TASKS, &todo(answer)).await.0, status, "{answer}");
    }
    assert_eq!(world.list("todos").await.len(), 1, "only what was spoiled after it was judged");
    let calls = world.list("calls").await;
    let todos: Vec<&Value> =
        calls.iter().filter(|call| call["path"] == "/v1.0/todo/users/u1/tasks").collect();
    assert_eq!(todos.len(), 5);
    assert_eq!((&todos[0]["status"], &todos[0]["code"]), (&json!(500), &json!("system.busy")));
    assert_eq!(todos[4]["fault"], "http500_after");
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_and_a_torn_answer_is_torn() {
    let world = World::new().await;
    assert_eq!(world.bad("POST", TASKS, &json!([])).await.0, 400);
    let fault = json!({"count": 1, "path": "/v1.0/todo", "answer": "reset_after"});
    world.tell("faults", &fault).await;
    let token = world.token().await;
    let request = world.client.post(world.url(TASKS)).header("x-acs-dingtalk-access-token", token);
    assert!(request.body(todo("a").to_string()).send().await.is_err());
    assert_eq!(world.list("todos").await.len(), 1);
}

#[tokio::test]
async fn reset_forgets_what_was_made_and_keeps_token_and_connections() {
    let world = World::new().await;
    let token = world.token().await;
    let _socket = world.connect(&["*"]).await;
    world.good("POST", TASKS, &todo("a")).await;
    world.tell("reset", &json!({})).await;
    for verb in ["todos", "calls", "deliveries", "messages"] {
        assert!(world.list(verb).await.is_empty(), "{verb}");
    }
    assert_eq!(world.api_with("POST", TASKS, &todo("a"), &token, &[]).await.0, 200);
    assert_eq!(world.ask("stream").await["connections"].as_array().map(Vec::len), Some(1));
}
