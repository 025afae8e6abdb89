//! Starts an approval of the organisation's OA.
//!
//! How it ends comes as an event of the Stream (`bpms_instance_change`). Document:
//! 发起审批实例, `create-an-approval-instance` (POST `/v1.0/workflow/processInstances`).

use serde::{Deserialize, Serialize};

use super::client::{Call, OpenApi, filled};
use super::error::ApiError;
use super::limits::Api;

/// The department where none is said: the originator's first.
const ANY_DEPARTMENT: i64 = -1;

/// An approval to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The template: `PROC-...`.
    pub process_code: String,
    /// In whose name it is asked for.
    pub originator_user_id: String,
    /// Their department; their first one where nothing is said.
    pub department: Option<i64>,
    /// The form's fields by the names they have on it. Every value is a string.
    pub fields: Vec<(String, String)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    process_code: &'a str,
    originator_user_id: &'a str,
    dept_id: i64,
    form_component_values: Vec<Field<'a>>,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    instance_id: String,
}

impl OpenApi {
    /// Starts an approval; its instance id. It has no key: repeated, it is asked for twice.
    pub async fn start_approval(&self, approval: &Approval) -> Result<String, ApiError> {
        filled("processCode", &approval.process_code)?;
        filled("originatorUserId", &approval.originator_user_id)?;
        let fields = approval.fields.iter().map(|(name, value)| Field { name, value });
        let body = Start {
            process_code: &approval.process_code,
            originator_user_id: &approval.originator_user_id,
            dept_id: approval.department.unwrap_or(ANY_DEPARTMENT),
            form_component_values: fields.collect(),
        };
        let call = Call::post(Api::Workflow, "/v1.0/workflow/processInstances", &body);
        let started: Started = self.call(&call).await?;
        Ok(started.instance_id)
    }
}
