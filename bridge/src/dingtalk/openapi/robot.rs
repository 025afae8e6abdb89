//! Messages of the application's robot: to a group, to people. Unlike a webhook's they mention nobody.
//!
//! Documents: 机器人发送群聊消息 (POST `/v1.0/robot/groupMessages/send`),
//! 批量发送人与机器人会话中机器人消息 (POST `/v1.0/robot/oToMessages/batchSend`),
//! 机器人发送消息的类型 (`msgKey`, `msgParam`).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::client::{Call, OpenApi, at_most, filled};
use super::error::ApiError;
use super::limits::Api;

/// Largest `msgParam`, in bytes.
const MAX_PARAM_BYTES: usize = 15_000;
/// Most people of one call. The table says 20, an error text 100.
const MAX_PEOPLE: usize = 20;

/// What the application's robot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobotMessage {
    /// Plain text.
    Text {
        /// All of it.
        content: String,
    },
    /// DingTalk's Markdown subset.
    Markdown {
        /// The line in the conversation list.
        title: String,
        /// The body.
        text: String,
    },
}

impl RobotMessage {
    /// `msgKey` and `msgParam`, the latter a string of JSON.
    fn parts(&self) -> Result<(&'static str, String), ApiError> {
        let (key, text, param) = match self {
            Self::Text { content } => ("sampleText", content, json!({ "content": content })),
            Self::Markdown { title, text } => {
                ("sampleMarkdown", text, json!({ "title": title, "text": text }))
            }
        };
        filled("msgParam", text)?;
        let param = param.to_string();
        at_most("msgParam", "bytes", MAX_PARAM_BYTES, param.len())?;
        Ok((key, param))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Send<'a> {
    robot_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    open_conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_ids: Option<&'a [String]>,
    msg_key: &'static str,
    msg_param: String,
}

/// What became of a message to people. HTTP 200 may still name some who did not get it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BatchSent {
    /// DingTalk's name of the message.
    pub process_query_key: String,
    /// People that DingTalk does not know.
    #[serde(rename = "invalidStaffIdList")]
    pub unknown_people: Vec<String>,
    /// People who were sent too much; nothing was sent to them.
    #[serde(rename = "flowControlledStaffIdList")]
    pub throttled_people: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupSent {
    process_query_key: String,
}

impl OpenApi {
    /// Says `message` in a group; DingTalk's name of the message. It has no key: repeated, it is said
    /// twice.
    pub async fn send_to_group(
        &self,
        conversation_id: &str,
        message: &RobotMessage,
    ) -> Result<String, ApiError> {
        filled("openConversationId", conversation_id)?;
        let (msg_key, msg_param) = message.parts()?;
        let body = Send {
            robot_code: self.robot_code(),
            open_conversation_id: Some(conversation_id),
            user_ids: None,
            msg_key,
            msg_param,
        };
        let call = Call::post(Api::GroupSend, "/v1.0/robot/groupMessages/send", &body);
        let sent: GroupSent = self.call(&call).await?;
        Ok(sent.process_query_key)
    }

    /// Says `message` to each of these people alone. It has no key: repeated, it is said twice.
    pub async fn send_to_people(
        &self,
        user_ids: &[String],
        message: &RobotMessage,
    ) -> Result<BatchSent, ApiError> {
        filled("userIds", &user_ids.concat())?;
        at_most("userIds", "people", MAX_PEOPLE, user_ids.len())?;
        let (msg_key, msg_param) = message.parts()?;
        let body = Send {
            robot_code: self.robot_code(),
            open_conversation_id: None,
            user_ids: Some(user_ids),
            msg_key,
            msg_param,
        };
        self.call(&Call::post(Api::BatchSend, "/v1.0/robot/oToMessages/batchSend", &body)).await
    }
}
