//! What people did, typed: a question to the robot, a button of a card, an event of the organisation.
//! Pure.
//!
//! It does not understand the question. What a person wrote is in no `Debug` text.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::frame::{MAX_ID_BYTES, number};
use super::session_webhook::SessionWebhook;

/// Longest question that is read, in characters; what stands beyond is cut off.
const MAX_TEXT_CHARS: usize = 2_000;
/// Longest name of a person or a group that is kept, in characters.
const MAX_NAME_CHARS: usize = 100;
/// Longest address for an answer, in bytes; a real one has about 100.
const MAX_ADDRESS_BYTES: usize = 2_048;
/// The code of a message that the organisation's quota no longer covers: it has no text.
const OVER_QUOTA: &str = "20001";

/// Somebody wrote to the robot, alone or by mentioning it in a group.
#[derive(Clone, PartialEq, Eq)]
pub struct BotMessage {
    /// DingTalk's id of the message.
    pub id: String,
    /// The conversation: what `send_to_group` takes.
    pub conversation_id: String,
    /// Whether it is a group; else the chat with one person.
    pub is_group: bool,
    /// The group's name, where it has one.
    pub group: Option<String>,
    /// The sender's user id in the organisation; nothing for somebody from outside it.
    pub staff_id: Option<String>,
    /// The sender as DingTalk encrypts them: unlike the user id, always there.
    pub sender_id: String,
    /// The sender's name as others see it.
    pub nick: String,
    /// Whether DingTalk calls them an administrator of the organisation.
    pub is_admin: bool,
    /// What they wrote, without the mention's blank; empty where it is not text.
    pub text: String,
    /// `text`, `richText`, `picture`, `audio`, ...
    pub msgtype: String,
    /// When it was written, wall time in milliseconds, where it says so.
    pub created_ms: Option<i64>,
    /// Where an answer goes while that is open.
    pub reply: Option<SessionWebhook>,
    /// The robot that was written to.
    pub robot_code: String,
    /// DingTalk kept the text back, since the organisation's messages are used up.
    pub over_quota: bool,
}

/// Ids alone: words and names stay in the shop.
impl fmt::Debug for BotMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotMessage")
            .field("id", &self.id)
            .field("msgtype", &self.msgtype)
            .finish_non_exhaustive()
    }
}

/// Somebody pressed a button of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardAction {
    /// The id of this press: the same button pressed twice has two.
    pub id: String,
    /// The card, by our own name of it.
    pub out_track_id: String,
    /// Who pressed it, by user id.
    pub user_id: String,
    /// The buttons, by the ids that the template gives them.
    pub actions: Vec<String>,
    /// What the template sends with them.
    pub params: BTreeMap<String, String>,
}

/// Something happened in the organisation: an approval ended, a person joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// DingTalk's id of it; the same for one that comes again.
    pub id: String,
    /// `bpms_instance_change`, ...
    pub name: String,
    /// The organisation.
    pub corp_id: String,
    /// When it happened, wall time in milliseconds, where it says so.
    pub born_ms: Option<i64>,
    /// What it says of it.
    pub data: Value,
}

/// How a card changes because of a press: for everybody, and for the one who pressed. Only the named
/// variables change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardReply {
    /// For everybody.
    pub card: BTreeMap<String, String>,
    /// For the one who pressed.
    pub private: BTreeMap<String, String>,
}

impl CardReply {
    /// The acknowledgement's `data`.
    pub(super) fn data(&self) -> String {
        let mut response = json!({});
        if !self.card.is_empty() {
            response["cardData"] = json!({ "cardParamMap": self.card });
        }
        if !self.private.is_empty() {
            response["userPrivateData"] = json!({ "cardParamMap": self.private });
        }
        if !self.card.is_empty() || !self.private.is_empty() {
            response["cardUpdateOptions"] =
                json!({ "updateCardDataByKey": true, "updatePrivateDataByKey": true });
        }
        json!({ "response": response }).to_string()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawMessage {
    msg_id: String,
    conversation_id: String,
    conversation_type: Value,
    conversation_title: Option<String>,
    sender_id: String,
    sender_nick: String,
    sender_staff_id: Option<String>,
    is_admin: bool,
    text: Value,
    content: Value,
    msgtype: String,
    create_at: Value,
    session_webhook: Option<String>,
    session_webhook_expired_time: Value,
    robot_code: String,
    code: Value,
}

/// The question that `data` is; `frame_id` names it where it has no id of its own. `of_dingtalk` says
/// whether an answer may be sent to an address.
pub(super) fn bot_message(
    data: &str,
    frame_id: &str,
    of_dingtalk: impl Fn(&str) -> bool,
) -> Option<BotMessage> {
    let raw: RawMessage = serde_json::from_str(data).ok()?;
    if raw.conversation_id.is_empty() || raw.sender_id.is_empty() && raw.sender_staff_id.is_none() {
        return None;
    }
    let staff = raw.sender_staff_id.as_deref().unwrap_or_default();
    let ids = [&raw.msg_id, &raw.conversation_id, &raw.sender_id, &raw.robot_code, &raw.msgtype];
    if ids.iter().any(|id| id.len() > MAX_ID_BYTES) || staff.len() > MAX_ID_BYTES {
        return None;
    }
    let text = written(&raw);
    let reply = raw
        .session_webhook
        .filter(|url| url.len() <= MAX_ADDRESS_BYTES && of_dingtalk(url))
        .zip(number(&raw.session_webhook_expired_time));
    let id = if raw.msg_id.is_empty() { frame_id.to_owned() } else { raw.msg_id };
    Some(BotMessage {
        id,
        conversation_id: raw.conversation_id,
        is_group: number(&raw.conversation_type) == Some(2),
        group: raw.conversation_title.map(|title| shortened(&title)),
        staff_id: raw.sender_staff_id.filter(|id| !id.is_empty()),
        sender_id: raw.sender_id,
        nick: shortened(&raw.sender_nick),
        is_admin: raw.is_admin,
        text,
        msgtype: raw.msgtype,
        created_ms: number(&raw.create_at),
        reply: reply.map(|(url, expires_ms)| SessionWebhook::new(url, expires_ms)),
        robot_code: raw.robot_code,
        over_quota: number(&raw.code).is_some_and(|code| code.to_string() == OVER_QUOTA),
    })
}

fn shortened(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

/// The words of a message: of plain text, or of the pieces of a rich one.
fn written(raw: &RawMessage) -> String {
    let plain = raw.text["content"].as_str().map(str::to_owned);
    let pieces = || {
        let pieces = raw.content["richText"].as_array()?.iter();
        Some(pieces.filter_map(|piece| piece["text"].as_str()).collect::<Vec<_>>().join(" "))
    };
    let text = plain.or_else(pieces).unwrap_or_default();
    text.trim().chars().take(MAX_TEXT_CHARS).collect()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawAction {
    out_track_id: String,
    user_id: String,
    /// A string of JSON in the documents; taken as an object as well.
    content: Value,
}

/// The press that `data` is; `frame_id` names it.
pub(super) fn card_action(data: &str, frame_id: &str) -> Option<CardAction> {
    let raw: RawAction = serde_json::from_str(data).ok()?;
    let ids = [&raw.out_track_id, &raw.user_id];
    if raw.out_track_id.is_empty() || ids.iter().any(|id| id.len() > MAX_ID_BYTES) {
        return None;
    }
    let content = match raw.content {
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        other => other,
    };
    let private = &content["cardPrivateData"];
    let actions = private["actionIds"].as_array().into_iter().flatten();
    let params = private["params"].as_object().into_iter().flatten();
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(CardAction {
        id: frame_id.to_owned(),
        out_track_id: raw.out_track_id,
        user_id: raw.user_id,
        actions: actions.filter_map(Value::as_str).map(str::to_owned).collect(),
        params: params.map(|(key, value)| (key.clone(), shown(value))).collect(),
    })
}

/// JSON, or what was not JSON as the string it is: an event of a kind that nobody knows is kept.
pub(super) fn json_or_text(data: String) -> Value {
    serde_json::from_str(&data).unwrap_or(Value::String(data))
}

#[cfg(test)]
mod tests {
    use super::{CardReply, bot_message, card_action};

    /// As the documents have it.
    const GROUP: &str = r#"{"senderPlatform":"Mac","conversationId":"cid6EU==","atUsers":[{"dingtalkId":"x"}],
        "chatbotCorpId":"ding9","chatbotUserId":"$:LWCP_r5","msgId":"msgrK2U+riw==","senderNick":"小钉",
        "isAdmin":true,"senderStaffId":"01478602","sessionWebhookExpiredTime":1708332604316,
        "createAt":1708327204136,"senderCorpId":"ding9","conversationType":"2","senderId":"$:LWCP_v1",
        "conversationTitle":"测试群","isInAtList":true,
        "sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=66d7",
        "text":{"content":" 今日生意"},"robotCode":"dingom3k","msgtype":"text"}"#;

    #[test]
    fn a_question_says_who_asked_where_and_how_it_is_answered() {
        let message = bot_message(GROUP, "f", |_| true).expect("a question");
        assert_eq!((message.text.as_str(), message.msgtype.as_str()), ("今日生意", "text"));
        assert_eq!(
            (message.id.as_str(), message.conversation_id.as_str()),
            ("msgrK2U+riw==", "cid6EU==")
        );
        assert_eq!(message.staff_id.as_deref(), Some("01478602"));
        assert!(message.is_group && message.is_admin && !message.over_quota);
        let reply = message.reply.as_ref().expect("a way back");
        assert!(reply.is_open(1_708_332_604_315) && !reply.is_open(1_708_332_604_316));
        let shown = format!("{message:?}");
        assert!(!shown.contains("生意") && !shown.contains("小钉") && !shown.contains("66d7"));
        assert_eq!(bot_message(GROUP, "f", |_| false).expect("a question").reply, None);
    }

    #[test]
    fn a_stranger_a_picture_and_an_empty_quota_are_messages_too() {
        let picture =
            r#"{"conversationId":"c","conversationType":"1","senderId":"s","msgtype":"picture"}"#;
        let message = bot_message(picture, "f1", |_| true).expect("a message");
        assert_eq!((message.id.as_str(), message.text.as_str()), ("f1", ""));
        assert!(message.staff_id.is_none() && message.reply.is_none() && !message.is_group);
        let rich = r#"{"conversationId":"c","senderId":"s","msgtype":"richText",
            "content":{"richText":[{"text":"find"},{"pictureDownloadCode":"x"},{"text":"1043"}]}}"#;
        assert_eq!(bot_message(rich, "f", |_| true).expect("a message").text, "find 1043");
        let kept = r#"{"conversationId":"c","senderId":"s","code":"20001","errorMessage":"x"}"#;
        assert!(bot_message(kept, "f", |_| true).expect("a message").over_quota);
        let long = format!(r#"{{"conversationId":"c","senderId":"{}"}}"#, "s".repeat(257));
        for nothing in ["", "[]", "{}", r#"{"conversationId":"c"}"#, long.as_str()] {
            assert_eq!(bot_message(nothing, "f", |_| true), None, "{nothing}");
        }
    }

    #[test]
    fn a_press_names_the_card_the_person_and_the_button() {
        let data = r#"{"type":"actionCallback","outTrackId":"X","corpId":"dingX","userId":"U",
            "content":"{\"cardPrivateData\":{\"actionIds\":[\"1\"],\"params\":{\"action\":\"accept\",\"n\":5}}}"}"#;
        let action = card_action(data, "f").expect("a press");
        assert_eq!((action.id.as_str(), action.out_track_id.as_str()), ("f", "X"));
        assert_eq!(
            (action.user_id.as_str(), action.actions.as_slice()),
            ("U", &["1".to_owned()][..])
        );
        assert_eq!(
            (action.params["action"].as_str(), action.params["n"].as_str()),
            ("accept", "5")
        );
        assert_eq!(card_action(r#"{"userId":"U"}"#, "f"), None);
    }

    #[test]
    fn an_empty_reply_changes_nothing_and_a_full_one_only_what_it_names() {
        assert_eq!(CardReply::default().data(), r#"{"response":{}}"#);
        let card = [("state".to_owned(), "approved".to_owned())].into();
        let data = CardReply { card, ..CardReply::default() }.data();
        assert!(data.contains(r#""updateCardDataByKey":true"#), "{data}");
        assert!(data.contains(r#""cardData":{"cardParamMap":{"state":"approved"}}"#), "{data}");
        assert!(!data.contains("userPrivateData"), "{data}");
    }
}
