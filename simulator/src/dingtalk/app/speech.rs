//! What the application and people put into a conversation, before the group remembers it.

use serde::Serialize;

use crate::dingtalk::mention::Mention;
use crate::dingtalk::message::Content;

/// How a message came into a conversation, where no custom robot's webhook brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A person typed it.
    Person,
    /// The application answered a question at its session's address.
    Session,
    /// The application sent it to a group.
    Group,
    /// The application sent it to people one to one.
    OneToOne,
    /// The application put a card there.
    Card,
}

/// The rest of what is known of such a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Speech {
    /// How it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// User id of the person who typed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `openConversationId` of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The only people who see it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// `seq` of the question that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<u64>,
    /// The card that it is.
    #[serde(rename = "outTrackId", skip_serializing_if = "Option::is_none")]
    pub out_track_id: Option<String>,
}

/// A message that is about to be shown.
#[derive(Clone, Debug)]
pub(in crate::dingtalk) struct Spoken {
    pub(in crate::dingtalk) content: Content,
    pub(in crate::dingtalk) mentions: Vec<Mention>,
    pub(in crate::dingtalk) speech: Speech,
    /// About as many bytes as it holds.
    pub(in crate::dingtalk) bytes: usize,
}
