//! Todo tasks: one for each `sourceId`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::api::Asked;
use super::fields::{self, length};
use super::refusal::ApiRefusal;
use super::state::App;

/// Most characters of a subject and of a description, and most people on a task; the last is chosen.
const MAX_SUBJECT: usize = 1_024;
const MAX_DESCRIPTION: usize = 4_096;
const MAX_PEOPLE: usize = 1_000;

/// A task in its present state.
#[derive(Clone, Debug, Serialize)]
pub(in crate::dingtalk) struct Task {
    #[serde(flatten)]
    fields: Map<String, Value>,
    #[serde(skip)]
    pub(super) revision: u64,
}

impl Task {
    fn is(&self, field: &str, value: &str) -> bool {
        self.fields.get(field).and_then(Value::as_str) == Some(value)
    }
}

/// `POST /v1.0/todo/users/{unionId}/tasks`.
pub(super) fn create(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let body = &asked.body;
    fields::text(body, "subject")?;
    check(body)?;
    let source = fields::optional(body, "sourceId").unwrap_or_else(|| app.ids.hex());
    if app.tasks.iter().any(|task| task.is("sourceId", &source)) {
        return Err(wrong(&format!("task exist, sourceId is {source}")));
    }
    let id = app.ids.hex();
    let owner = asked.part(0);
    let creator = fields::optional(body, "creatorId").unwrap_or_else(|| owner.to_owned());
    let mut task = json!({
        "id": id,
        "sourceId": source,
        "subject": body["subject"],
        "done": false,
        "creatorId": creator,
        "modifierId": creator,
        "createdTime": asked.now_ms,
        "modifiedTime": asked.now_ms,
        "requestId": app.ids.uuid(),
        "detailUrl": body["detailUrl"],
    });
    for field in
        ["description", "dueTime", "executorIds", "participantIds", "priority", "notifyConfigs"]
    {
        if !body[field].is_null() {
            task[field] = body[field].clone();
        }
    }
    app.revision += 1;
    let fields = task.as_object().cloned().unwrap_or_default();
    app.tasks.put(&id, Task { fields, revision: app.revision }, asked.bytes);
    Ok(task)
}

/// `PUT /v1.0/todo/users/{unionId}/tasks/{taskId}`.
pub(super) fn update(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let known = ["subject", "description", "dueTime", "done", "executorIds", "participantIds"];
    let found = known.into_iter().filter(|field| !asked.body[field].is_null());
    let changes = found.map(|field| (field, asked.body[field].clone())).collect();
    if change(app, asked.part(1), changes, asked.now_ms) {
        Ok(json!({"result": true, "requestId": app.ids.uuid()}))
    } else {
        Err(ApiRefusal::bad("todo.taskUpdate.paramError", "task not exist"))
    }
}

/// A person ticks a task off, or takes the tick back; whether there is one.
pub(super) fn tick(app: &mut App, id: &str, done: bool, now_ms: i64) -> bool {
    change(app, id, vec![("done", json!(done))], now_ms)
}

fn change(app: &mut App, id: &str, changes: Vec<(&'static str, Value)>, now_ms: i64) -> bool {
    let revision = app.revision + 1;
    let Some(task) = app.tasks.find_mut(id) else { return false };
    for (field, value) in changes {
        task.fields.insert(field.to_owned(), value);
    }
    task.fields.insert("modifiedTime".to_owned(), json!(now_ms));
    task.revision = revision;
    app.revision = revision;
    true
}

fn check(body: &Value) -> Result<(), ApiRefusal> {
    let crowded = |field: &str| body[field].as_array().is_some_and(|list| list.len() > MAX_PEOPLE);
    let due = &body["dueTime"];
    let linked = ["appUrl", "pcUrl"].iter().all(|url| body["detailUrl"][*url].is_string());
    let priority = body["priority"].as_i64();
    let why = match () {
        () if length(body, "subject") > MAX_SUBJECT => "subject is oversize",
        () if length(body, "description") > MAX_DESCRIPTION => "description is oversize",
        () if crowded("executorIds") => "executors is oversize",
        () if crowded("participantIds") => "participants is oversize",
        () if !due.is_null() && due.as_i64().is_none_or(|due| due <= 0) => "dueTime is invalid",
        () if !linked => "todo.taskCreate.paramError",
        () if priority.is_some_and(|p| ![10, 20, 30, 40].contains(&p)) => {
            "todo.taskCreate.paramError"
        }
        () => return Ok(()),
    };
    Err(wrong(why))
}

fn wrong(why: &str) -> ApiRefusal {
    ApiRefusal::bad("todo.taskCreate.paramError", why)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::check;

    #[test]
    fn every_documented_fault_of_a_task_is_named() {
        let task = |field: &str, value: Value| {
            let mut task = json!({"subject": "s", "detailUrl": {"appUrl": "a", "pcUrl": "p"}});
            task[field] = value;
            check(&task).map_err(|refusal| refusal.message)
        };
        let people = json!(vec!["u"; 1_001]);
        for (field, value, why) in [
            ("subject", json!("字".repeat(1_025)), "subject is oversize"),
            ("description", json!("x".repeat(4_097)), "description is oversize"),
            ("executorIds", people.clone(), "executors is oversize"),
            ("participantIds", people, "participants is oversize"),
            ("dueTime", json!("soon"), "dueTime is invalid"),
            ("dueTime", json!(0), "dueTime is invalid"),
            ("detailUrl", json!({"appUrl": "a"}), "todo.taskCreate.paramError"),
            ("priority", json!(15), "todo.taskCreate.paramError"),
        ] {
            assert_eq!(task(field, value), Err(why.to_owned()), "{field}");
        }
        assert_eq!(task("subject", json!("字".repeat(1_024))), Ok(()));
    }
}
