//! Scripted misbehaviour: what the next calls get instead of a fair answer.

use serde::{Deserialize, Serialize};

/// One line of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// How many calls it strikes.
    pub count: u32,
    /// What they get; absent, the fair answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<FaultAnswer>,
    /// How long they wait for it, in real milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// What a call gets instead of a fair answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultAnswer {
    /// The refusal for too many messages; nothing is shown.
    Throttle,
    /// HTTP 500 with an empty body; nothing is shown.
    Http500,
    /// HTTP 200 with a web page, as a gateway answers; nothing is shown.
    Html,
    /// The connection is reset; nothing is shown.
    ResetBefore,
    /// The call is judged and shown as usual, then the connection is reset: the sender cannot know.
    ResetAfter,
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultAnswer};

    #[test]
    fn a_fault_reads_as_the_control_api_documents_it() {
        let read = |text: &str| serde_json::from_str::<Fault>(text);
        let reset = read(r#"{"count":2,"answer":"reset_after"}"#).expect("a documented fault");
        assert_eq!((reset.count, reset.answer), (2, Some(FaultAnswer::ResetAfter)));
        let slow = read(r#"{"count":1,"delay_ms":250}"#).expect("a documented fault");
        assert_eq!((slow.answer, slow.delay_ms), (None, Some(250)));
        assert!(read(r#"{"count":1,"answer":"explode"}"#).is_err());
        assert!(read(r#"{"count":1,"delay":250}"#).is_err(), "a misspelt key is no fault at all");
    }
}
