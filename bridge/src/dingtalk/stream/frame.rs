//! One frame of the Stream as JSON: what the gateway sends, what is sent back. Pure.
//!
//! It does not decide what to answer: that is `protocol`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest identifier that is taken, in bytes; real ones have about 30. It is kept and sent back.
pub(super) const MAX_ID_BYTES: usize = 256;

/// The topic of questions to the robot.
pub(super) const BOT: &str = "/v1.0/im/bot/messages/get";
/// The topic of buttons.
pub(super) const CARD: &str = "/v1.0/card/instances/callback";

/// A frame from the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) topic: String,
    /// Empty where the frame has none: then it cannot be acknowledged.
    pub(super) message_id: String,
    /// JSON, as it was written.
    pub(super) data: String,
}

/// What sort of frame it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    System,
    Callback,
    Event { id: String, name: String, corp_id: String, born_ms: Option<i64> },
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    // One of the documents' examples has it without its last letter.
    #[serde(alias = "header", default)]
    headers: Headers,
    #[serde(default)]
    data: Value,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Headers {
    topic: String,
    message_id: String,
    event_id: String,
    event_type: String,
    event_corp_id: String,
    /// A string in the examples, a number in the table.
    event_born_time: Value,
}

/// The frame that `text` is, or nothing where it is none.
pub(super) fn parse(text: &str) -> Option<Frame> {
    let Raw { kind, headers, data } = serde_json::from_str(text).ok()?;
    let Headers { topic, message_id, event_id, event_type, event_corp_id, event_born_time } =
        headers;
    let ids = [&topic, &message_id, &event_id, &event_type, &event_corp_id];
    if ids.iter().any(|id| id.len() > MAX_ID_BYTES) {
        return None;
    }
    let kind = match kind.as_str() {
        "SYSTEM" => Kind::System,
        "CALLBACK" => Kind::Callback,
        "EVENT" => Kind::Event {
            // One without an id cannot be told from another; its message is all there is.
            id: if event_id.is_empty() { message_id.clone() } else { event_id },
            name: event_type,
            corp_id: event_corp_id,
            born_ms: number(&event_born_time),
        },
        _ => return None,
    };
    // What cannot be acknowledged would come again for ever, or is not from a gateway.
    if kind != Kind::System && message_id.is_empty() {
        return None;
    }
    let data = match data {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Some(Frame { kind, topic, message_id, data })
}

/// A number, which some write as a string.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// What an acknowledgement says of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Taken.
    Ok = 200,
    /// Nobody here takes this topic.
    NotFound = 404,
    /// It could not be taken.
    Failed = 500,
}

impl Code {
    fn message(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::NotFound => "handler not found",
            Self::Failed => "internal error",
        }
    }
}

#[derive(Serialize)]
struct Ack<'a> {
    code: u16,
    headers: AckHeaders<'a>,
    message: &'static str,
    data: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AckHeaders<'a> {
    message_id: &'a str,
    content_type: &'static str,
}

/// The acknowledgement of `message_id`.
pub(super) fn ack(message_id: &str, code: Code, data: &str) -> String {
    let headers = AckHeaders { message_id, content_type: "application/json" };
    let ack = Ack { code: code as u16, headers, message: code.message(), data };
    serde_json::to_string(&ack).expect("strings and a number")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Code, Kind, MAX_ID_BYTES, ack, parse};

    proptest! {
        #[test]
        fn any_text_is_a_frame_or_none(text in "\\PC{0,200}") {
            let _any = parse(&text);
        }

        #[test]
        fn an_acknowledgement_carries_the_id_and_the_data_as_they_were(
            id in "\\PC{0,60}", data in "\\PC{0,60}",
        ) {
            let sent: Value = serde_json::from_str(&ack(&id, Code::Ok, &data)).expect("JSON");
            let expected = json!({
                "code": 200,
                "headers": { "messageId": id, "contentType": "application/json" },
                "message": "OK",
                "data": data,
            });
            prop_assert_eq!(sent, expected);
        }
    }

    #[test]
    fn the_documents_examples_are_read() {
        let bot = r#"{"specVersion":"1.0","type":"CALLBACK","headers":{"appId":"1305d5f5",
            "contentType":"application/json","messageId":"212ca9d7_974_1898c159aa6_1783b",
            "time":"1690362102194","topic":"/v1.0/im/bot/messages/get"},"data":"{\"a\":1}"}"#;
        let frame = parse(bot).expect("a frame");
        assert_eq!((frame.kind, frame.data.as_str()), (Kind::Callback, "{\"a\":1}"));
        assert_eq!(frame.message_id, "212ca9d7_974_1898c159aa6_1783b");

        let event = r#"{"type":"EVENT","header":{"messageId":"m","topic":"*","eventId":"e",
            "eventBornTime":"1683533823336","eventCorpId":"c","eventType":"user_add_org"}}"#;
        let kind = Kind::Event {
            id: "e".into(),
            name: "user_add_org".into(),
            corp_id: "c".into(),
            born_ms: Some(1_683_533_823_336),
        };
        assert_eq!(parse(event).expect("a frame").kind, kind, "also without the last letter");

        let bye =
            r#"{"type":"SYSTEM","headers":{"topic":"disconnect"},"data":"{\"reason\":\"x\"}"}"#;
        assert_eq!(parse(bye).expect("a frame").topic, "disconnect");
    }

    #[test]
    fn what_could_not_be_acknowledged_is_no_frame() {
        let frame = |kind: &str, id: &str| {
            json!({ "type": kind, "headers": { "topic": "t", "messageId": id } }).to_string()
        };
        assert_eq!(parse(&frame("CALLBACK", "")), None);
        assert_eq!(parse(&frame("GREETING", "m")), None);
        assert_eq!(parse(&frame("EVENT", &"m".repeat(MAX_ID_BYTES + 1))), None);
        assert!(parse(&frame("EVENT", &"m".repeat(MAX_ID_BYTES))).is_some());
        assert!(parse(&frame("SYSTEM", "")).is_some());
    }
}
