//! Starts a process of a Yida application, and reads what stands in one's form.
//!
//! Documents: 发起宜搭审批流程, version 2.0 (POST `/v2.0/yida/processes/instances/start`), 获取流程实例
//! (GET `/v1.0/yida/processes/instancesInfos/{id}`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::client::{Call, OpenApi, escaped, filled};
use super::error::ApiError;
use super::limits::Api;
use crate::secret::Secret;

/// A process to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YidaProcess {
    /// The Yida application: `APP_...`.
    pub app_type: String,
    /// Its key.
    pub system_token: Secret,
    /// The form: `FORM-...`.
    pub form_uuid: String,
    /// The process, where the form has several: `TPROC--...`.
    pub process_code: Option<String>,
    /// In whose name it is started.
    pub user_id: String,
    /// The form's fields by their unique ids, `textField_...`.
    pub fields: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    app_type: &'a str,
    system_token: &'a str,
    user_id: &'a str,
    form_uuid: &'a str,
    /// A string of JSON.
    form_data_json: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    process_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Started {
    result: String,
}

/// A Yida application whose processes are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YidaReader {
    /// The Yida application: `APP_...`.
    pub app_type: String,
    /// Its key.
    pub system_token: Secret,
    /// In whose name it is read.
    pub user_id: String,
}

#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    data: BTreeMap<String, serde_json::Value>,
}

impl OpenApi {
    /// Starts a process; its instance id. It has no key: repeated, it is started twice.
    pub async fn start_yida(&self, process: &YidaProcess) -> Result<String, ApiError> {
        filled("appType", &process.app_type)?;
        filled("formUuid", &process.form_uuid)?;
        filled("userId", &process.user_id)?;
        let body = Start {
            app_type: &process.app_type,
            system_token: process.system_token.expose(),
            user_id: &process.user_id,
            form_uuid: &process.form_uuid,
            form_data_json: serde_json::json!(process.fields).to_string(),
            process_code: process.process_code.as_deref(),
        };
        let path = "/v2.0/yida/processes/instances/start";
        let started: Started = self.call(&Call::post(Api::Yida, path, &body)).await?;
        Ok(started.result)
    }

    /// The texts in the form of the process `instance`, by the fields' unique ids.
    pub async fn read_yida(
        &self,
        reader: &YidaReader,
        instance: &str,
    ) -> Result<BTreeMap<String, String>, ApiError> {
        filled("id", instance)?;
        let path = format!(
            "/v1.0/yida/processes/instancesInfos/{}?appType={}&systemToken={}&userId={}",
            escaped(instance),
            escaped(&reader.app_type),
            escaped(reader.system_token.expose()),
            escaped(&reader.user_id)
        );
        let read: Read = self.call(&Call::get(Api::Yida, path)).await?;
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(read.data.into_iter().map(|(field, value)| (field, text(value))).collect())
    }
}
