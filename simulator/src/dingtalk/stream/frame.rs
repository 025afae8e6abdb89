//! Frames in both directions, letter by letter as documented.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::dingtalk::app::CORP;

/// Topic of messages to the robot.
pub(in crate::dingtalk) const BOT: &str = "/v1.0/im/bot/messages/get";
/// Topic of presses of a card's button.
pub(in crate::dingtalk) const CARD: &str = "/v1.0/card/instances/callback";
/// Topic of every event.
pub(in crate::dingtalk) const EVENTS: &str = "*";
/// Most subscriptions of one connection, and most bytes of a topic.
const MAX_TOPICS: usize = 32;
const MAX_TOPIC_BYTES: usize = 256;

/// The topics of a list of subscriptions, `EVENT` ones as `*`; none where it is no such list.
pub(in crate::dingtalk) fn topics(subscriptions: &Value) -> Option<Vec<String>> {
    let list =
        subscriptions.as_array().filter(|list| !list.is_empty() && list.len() <= MAX_TOPICS)?;
    let topics = list.iter().map(|one| match (one["type"].as_str()?, one["topic"].as_str()?) {
        ("EVENT", EVENTS) => Some(EVENTS.to_owned()),
        ("CALLBACK", topic) if topic.starts_with('/') && topic.len() <= MAX_TOPIC_BYTES => {
            Some(topic.to_owned())
        }
        _ => None,
    });
    topics.collect()
}

/// What the headers of a frame say beside its topic.
#[derive(Clone, Debug)]
pub(super) struct Headers<'a> {
    pub(super) message: &'a str,
    pub(super) connection: &'a str,
    pub(super) app: &'a str,
    pub(super) now_ms: i64,
}

impl Headers<'_> {
    fn of(&self, topic: &str) -> Value {
        json!({
            "topic": topic,
            "contentType": "application/json",
            "messageId": self.message,
            "time": self.now_ms.to_string(),
            "appId": self.app,
            "connectionId": self.connection,
        })
    }

    /// A callback.
    pub(super) fn callback(&self, topic: &str, data: &Value) -> String {
        frame("CALLBACK", &self.of(topic), data)
    }

    /// An event of this id and kind, which happened at `born_ms`.
    pub(super) fn event(&self, id: &str, kind: &str, born_ms: i64, data: &Value) -> String {
        let mut headers = self.of(EVENTS);
        headers["eventId"] = json!(id);
        headers["eventType"] = json!(kind);
        headers["eventBornTime"] = json!(born_ms.to_string());
        headers["eventCorpId"] = json!(CORP);
        headers["eventUnifiedAppId"] = json!(self.app);
        frame("EVENT", &headers, data)
    }

    /// A ping.
    pub(super) fn ping(&self, opaque: &str) -> String {
        frame("SYSTEM", &self.of("ping"), &json!({"opaque": opaque}))
    }

    /// The announcement that the connection ends; some such frames lack `specVersion`.
    pub(super) fn disconnect(&self, reason: &str) -> String {
        let data = json!({"reason": reason}).to_string();
        json!({"type": "SYSTEM", "headers": self.of("disconnect"), "data": data}).to_string()
    }

    /// A callback of a topic that nobody knows, with a frame of at least `bytes`.
    pub(super) fn oversized(&self, bytes: usize) -> String {
        let data = json!({"filler": "x".repeat(bytes)});
        frame("CALLBACK", &self.of("/v1.0/possim/oversized"), &data)
    }
}

fn frame(kind: &str, headers: &Value, data: &Value) -> String {
    let (version, data) = ("1.0", data.to_string());
    json!({"specVersion": version, "type": kind, "headers": headers, "data": data}).to_string()
}

/// The answer to a frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ack {
    pub(super) message: String,
    pub(super) code: i64,
    /// Its data, read as JSON; null where it is none.
    pub(super) data: Value,
}

#[derive(Deserialize)]
struct Raw {
    code: i64,
    headers: RawHeaders,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHeaders {
    message_id: String,
}

impl Ack {
    /// Reads what a client sent; none where it is no answer.
    pub(super) fn read(text: &str) -> Option<Self> {
        let raw: Raw = serde_json::from_str(text).ok()?;
        let data = match raw.data {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::Null),
            other => other,
        };
        Some(Self { message: raw.headers.message_id, code: raw.code, data })
    }

    /// Whether it says of an event that it need not come again.
    pub(super) fn settles(&self) -> bool {
        self.code == 200 && self.data["status"] != "LATER"
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Ack, BOT, Headers, topics};

    #[test]
    fn frames_have_the_documented_fields_and_their_data_is_a_text() {
        let headers =
            Headers { message: "m", connection: "c", app: "a", now_ms: 1_690_362_102_194 };
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let bot = read(&headers.callback(BOT, &json!({"msgtype": "text"})));
        assert_eq!(bot["data"], r#"{"msgtype":"text"}"#);
        assert_eq!((&bot["specVersion"], &bot["type"]), (&json!("1.0"), &json!("CALLBACK")));
        assert_eq!(bot["headers"]["time"], "1690362102194");
        let event = read(&headers.event("e", "bpms_instance_change", 5, &json!({})));
        for field in ["eventId", "eventType", "eventBornTime", "eventCorpId", "eventUnifiedAppId"] {
            assert!(event["headers"][field].is_string(), "{field}");
        }
        let gone = read(&headers.disconnect("connection is expired"));
        assert_eq!(gone.get("specVersion"), None);
        assert_eq!(gone["data"], r#"{"reason":"connection is expired"}"#);
    }

    #[test]
    fn an_answer_is_read_with_its_data_and_later_settles_nothing() {
        let ack = |code: i64, data: &str| {
            let text = json!({"code": code, "headers": {"messageId": "m"}, "data": data});
            Ack::read(&text.to_string()).expect("an answer").settles()
        };
        assert!(ack(200, r#"{"status":"SUCCESS","message":"success"}"#));
        assert!(!ack(200, r#"{"status":"LATER","message":"busy"}"#));
        assert!(!ack(500, r#"{"status":"SUCCESS"}"#) && !ack(404, ""));
        assert_eq!(Ack::read("}{"), None);
        assert_eq!(Ack::read(r#"{"code":200}"#), None);
    }

    #[test]
    fn subscriptions_are_all_events_or_paths() {
        let of = |kind: &str, topic: &str| topics(&json!([{"type": kind, "topic": topic}]));
        assert_eq!(of("EVENT", "*"), Some(vec!["*".to_owned()]));
        assert_eq!(of("CALLBACK", BOT), Some(vec![BOT.to_owned()]));
        assert_eq!(
            (of("EVENT", "bpms"), of("CALLBACK", "*"), of("ROBOT", "*")),
            (None, None, None)
        );
        assert_eq!((topics(&json!([])), topics(&json!(null))), (None, None));
    }
}
