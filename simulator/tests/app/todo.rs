//! Todos.

use serde_json::{Value, json};

use crate::support::{World, todo};

const TASKS: &str = "/v1.0/todo/users/union1/tasks?operatorId=union1";

#[tokio::test]
async fn a_source_id_makes_one_task() {
    let world = World::new().await;
    let task = world.good("POST", TASKS, &todo("low-1")).await;
    assert_eq!((&task["sourceId"], &task["done"]), (&json!("low-1"), &json!(false)));
    let (status, again) = world.api("POST", TASKS, &todo("low-1")).await;
    assert_eq!((status, &again["code"]), (400, &json!("todo.taskCreate.paramError")));
    assert!(again["message"].as_str().is_some_and(|text| text.contains("task exist")), "{again}");
    assert_eq!(world.list("todos").await.len(), 1);
}

#[tokio::test]
async fn a_task_is_done_by_the_application_or_by_a_person() {
    let world = World::new().await;
    let id = world.good("POST", TASKS, &todo("low-1")).await["id"].clone();
    let id = id.as_str().expect("an id");
    let path = format!("/v1.0/todo/users/union1/tasks/{id}?operatorId=union1");
    let done = world.good("PUT", &path, &json!({"done": true})).await;
    assert_eq!(done["result"], true);
    assert_eq!(world.list("todos").await[0]["done"], true);
    world.tell("todos", &json!({"id": id, "done": false})).await;
    assert_eq!(world.list("todos").await[0]["done"], false);
    let absent = world.bad("PUT", "/v1.0/todo/users/union1/tasks/x", &json!({"done": true})).await;
    assert_eq!(absent.0, 400);
    let (status, _) = world.post("/_control/todos", &json!({"id": "x", "done": true})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_task_needs_a_subject_and_a_link() {
    let world = World::new().await;
    let with = |field: &str, value: Value| {
        let mut task = todo("a");
        task[field] = value;
        task
    };
    for (task, code) in [
        (with("subject", json!("")), "Missingsubject"),
        (with("subject", json!("字".repeat(1_025))), "todo.taskCreate.paramError"),
        (with("detailUrl", Value::Null), "todo.taskCreate.paramError"),
        (with("dueTime", json!("soon")), "todo.taskCreate.paramError"),
    ] {
        assert_eq!(world.bad("POST", TASKS, &task).await, (400, code.to_owned()));
    }
}
