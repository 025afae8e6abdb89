//! Tasks on a person's list, made once per `sourceId`.
//!
//! Document: 新增钉钉待办任务 (POST `/v1.0/todo/users/{unionId}/tasks`).

use serde::Deserialize;
use serde_json::{Value, json};

use super::Made;
use super::client::{Call, OpenApi, at_most, escaped, filled};
use super::error::ApiError;
use super::limits::Api;

/// Longest `subject`, in characters.
const MAX_SUBJECT: usize = 1_024;
/// The refusal of a parameter; a `sourceId` that was used before is told from others by its text.
const PARAM_ERROR: &str = "todo.taskCreate.paramError";
/// That text.
const EXISTS: &str = "task exist";

/// How urgent a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Low.
    Low = 10,
    /// Ordinary.
    Normal = 20,
    /// Urgent.
    Urgent = 30,
    /// Very urgent.
    Highest = 40,
}

/// A task to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// Its key: the same one makes nothing new, ever.
    pub source_id: String,
    /// What is to be done.
    pub subject: String,
    /// Until when, wall time in milliseconds.
    pub due_ms: Option<i64>,
    /// Whose it is, by union id.
    pub executors: Vec<String>,
    /// The page that it opens: DingTalk wants one.
    pub page: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Whether they are told at once.
    pub notify: bool,
}

impl Todo {
    fn body(&self, creator: &str) -> Result<Value, ApiError> {
        filled("sourceId", &self.source_id)?;
        filled("subject", &self.subject)?;
        filled("detailUrl", &self.page)?;
        at_most("subject", "characters", MAX_SUBJECT, self.subject.chars().count())?;
        let mut body = json!({
            "sourceId": self.source_id,
            "subject": self.subject,
            "creatorId": creator,
            "executorIds": self.executors,
            "detailUrl": { "appUrl": self.page, "pcUrl": self.page },
            "priority": self.priority as u8,
            "notifyConfigs": { "dingNotify": if self.notify { "1" } else { "0" } },
        });
        if let Some(due_ms) = self.due_ms {
            body["dueTime"] = json!(due_ms);
        }
        Ok(body)
    }
}

#[derive(Deserialize)]
struct Task {
    id: String,
}

impl OpenApi {
    /// Makes a task in the name of the person with this union id. The same `sourceId` makes nothing.
    pub async fn create_todo(&self, union_id: &str, todo: &Todo) -> Result<Made, ApiError> {
        filled("unionId", union_id)?;
        let body = todo.body(union_id)?;
        let id = escaped(union_id);
        let path = format!("/v1.0/todo/users/{id}/tasks?operatorId={id}");
        match self.call::<_, Task>(&Call::post(Api::Todo, path, &body)).await {
            Ok(task) => Ok(Made::Now(task.id)),
            Err(ApiError::Refused { code, text })
                if code == PARAM_ERROR && text.contains(EXISTS) =>
            {
                Ok(Made::Already)
            }
            Err(error) => Err(error),
        }
    }
}
