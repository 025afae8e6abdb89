//! The group behind the robots: what it was shown, every call, the script, the clock.
//!
//! Everything it keeps is capped; the oldest goes first, and the running `seq` shows it.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::Serialize;
use serde_json::Value;

use super::answer::{Refusal, accepted};
use super::config::MockConfig;
use super::fault::{Fault, FaultAnswer};
use super::judge::{Call, Passed, judge};
use super::window::Window;
use crate::clock::rfc3339;

/// Most messages kept.
pub const MAX_MESSAGES: usize = 10_000;
/// Most calls kept.
pub const MAX_ATTEMPTS: usize = 10_000;
/// Most `msgUuid`s remembered.
pub const MAX_REMEMBERED_UUIDS: usize = 10_000;
/// Most lines of the fault script.
pub const MAX_FAULTS: usize = 1_000;
/// Most tokens whose rate is watched; strangers beyond that are let through to be told that they
/// are unknown.
const MAX_WINDOWS: usize = 1_024;

/// One message as a person in the group saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownMessage {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// Token of the robot that spoke.
    pub robot: String,
    /// Message type.
    pub msgtype: String,
    /// Title, where the type has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// The sender's idempotency key.
    #[serde(rename = "msgUuid", skip_serializing_if = "Option::is_none")]
    pub msg_uuid: Option<String>,
    /// When, RFC 3339.
    pub time: String,
}

/// One call and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// `access_token`, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robot: Option<String>,
    /// The sender's idempotency key, where the body could be read.
    #[serde(rename = "msgUuid", skip_serializing_if = "Option::is_none")]
    pub msg_uuid: Option<String>,
    /// Bytes of the body.
    pub bytes: usize,
    /// The error code that was or would have been answered; 0 is success.
    pub errcode: i64,
    /// The text beside it.
    pub errmsg: String,
    /// Whether the group saw a new message.
    pub shown: bool,
    /// The scripted fault that struck, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultAnswer>,
}

/// How a call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// HTTP 200 with this body.
    Json(Value),
    /// HTTP 500.
    Http500,
    /// HTTP 200 with a web page.
    Html,
    /// No answer; the connection is reset.
    Reset,
}

/// State of a mock.
#[derive(Debug)]
pub(super) struct Group {
    config: MockConfig,
    advanced_ms: i64,
    windows: HashMap<String, Window>,
    remembered: HashSet<(String, String)>,
    remembered_order: VecDeque<(String, String)>,
    script: VecDeque<Fault>,
    messages: VecDeque<ShownMessage>,
    attempts: VecDeque<Attempt>,
    message_seq: u64,
    attempt_seq: u64,
}

impl Group {
    pub(super) fn new(config: MockConfig) -> Self {
        Self {
            config,
            advanced_ms: 0,
            windows: HashMap::new(),
            remembered: HashSet::new(),
            remembered_order: VecDeque::new(),
            script: VecDeque::new(),
            messages: VecDeque::new(),
            attempts: VecDeque::new(),
            message_seq: 0,
            attempt_seq: 0,
        }
    }

    /// The fault that strikes the next call, taken off the script.
    pub(super) fn next_fault(&mut self) -> Option<Fault> {
        let fault = self.script.front_mut()?;
        let struck = *fault;
        fault.count -= 1;
        if fault.count == 0 {
            self.script.pop_front();
        }
        Some(struck)
    }

    /// Judges `call`, unless the fault decides, and remembers both.
    pub(super) fn receive(&mut self, call: &Call, fault: Option<FaultAnswer>) -> Ending {
        let now_ms = self.now_ms();
        let (body, msg_uuid, shown) = match fault {
            None | Some(FaultAnswer::ResetAfter) => match self.judged(call, now_ms) {
                Ok(passed) => {
                    let msg_uuid = passed.msg_uuid.clone();
                    let shown = self.show(call, passed, now_ms);
                    (accepted(), msg_uuid, shown)
                }
                Err(refusal) => (refusal.body(self.config.wording), None, false),
            },
            Some(FaultAnswer::Throttle) => {
                (Refusal::Throttled.body(self.config.wording), None, false)
            }
            Some(_) => (Value::Null, None, false),
        };
        self.log(call, &body, msg_uuid, shown, fault, now_ms);
        match fault {
            None | Some(FaultAnswer::Throttle) => Ending::Json(body),
            Some(FaultAnswer::Http500) => Ending::Http500,
            Some(FaultAnswer::Html) => Ending::Html,
            Some(FaultAnswer::ResetBefore | FaultAnswer::ResetAfter) => Ending::Reset,
        }
    }

    pub(super) fn messages(&self) -> Vec<ShownMessage> {
        self.messages.iter().cloned().collect()
    }

    pub(super) fn attempts(&self) -> Vec<Attempt> {
        self.attempts.iter().cloned().collect()
    }

    /// Appends to the script; a fault that strikes nobody, or a script that is full, is refused.
    pub(super) fn script(&mut self, fault: Fault) -> bool {
        let sensible = fault.count > 0 && (fault.answer.is_some() || fault.delay_ms.is_some());
        let taken = sensible && self.script.len() < MAX_FAULTS;
        if taken {
            self.script.push_back(fault);
        }
        taken
    }

    /// Moves the mock's clock forward and says what time it is now.
    pub(super) fn advance(&mut self, by_ms: u32) -> i64 {
        self.advanced_ms += i64::from(by_ms);
        self.now_ms()
    }

    /// Forgets everything but its robots and the time.
    pub(super) fn reset(&mut self) {
        let advanced_ms = self.advanced_ms;
        *self = Self { advanced_ms, ..Self::new(self.config.clone()) };
    }

    fn now_ms(&self) -> i64 {
        self.config.clock.wall_ms() + self.advanced_ms
    }

    fn judged(&mut self, call: &Call, now_ms: i64) -> Result<Passed, Refusal> {
        let Self { config, windows, .. } = self;
        judge(call, &config.robots, now_ms, |token| {
            !config.limited || admit(windows, token, now_ms)
        })
    }

    /// Shows a message unless its `msgUuid` was shown before; whether it was new.
    fn show(&mut self, call: &Call, passed: Passed, now_ms: i64) -> bool {
        let robot = call.token.clone().unwrap_or_default();
        if let Some(id) = &passed.msg_uuid {
            let key = (robot.clone(), id.clone());
            if !self.remembered.insert(key.clone()) {
                return false;
            }
            self.remembered_order.push_back(key);
            if self.remembered_order.len() > MAX_REMEMBERED_UUIDS
                && let Some(oldest) = self.remembered_order.pop_front()
            {
                self.remembered.remove(&oldest);
            }
        }
        self.message_seq += 1;
        let message = ShownMessage {
            seq: self.message_seq,
            robot,
            msgtype: passed.content.msgtype,
            title: passed.content.title,
            text: passed.content.text,
            msg_uuid: passed.msg_uuid,
            time: rfc3339(now_ms),
        };
        push_capped(&mut self.messages, message, MAX_MESSAGES);
        true
    }

    fn log(
        &mut self,
        call: &Call,
        body: &Value,
        msg_uuid: Option<String>,
        shown: bool,
        fault: Option<FaultAnswer>,
        now_ms: i64,
    ) {
        self.attempt_seq += 1;
        let attempt = Attempt {
            seq: self.attempt_seq,
            time: rfc3339(now_ms),
            robot: call.token.clone(),
            msg_uuid,
            bytes: call.body.len(),
            errcode: body["errcode"].as_i64().unwrap_or(-1),
            errmsg: body["errmsg"].as_str().unwrap_or_default().to_owned(),
            shown,
            fault,
        };
        push_capped(&mut self.attempts, attempt, MAX_ATTEMPTS);
    }
}

fn admit(windows: &mut HashMap<String, Window>, token: &str, now_ms: i64) -> bool {
    if windows.len() >= MAX_WINDOWS && !windows.contains_key(token) {
        windows.retain(|_, window| !window.is_idle(now_ms));
        if windows.len() >= MAX_WINDOWS {
            return true;
        }
    }
    windows.entry(token.to_owned()).or_default().admit(now_ms)
}

fn push_capped<T>(log: &mut VecDeque<T>, entry: T, cap: usize) {
    if log.len() == cap {
        log.pop_front();
    }
    log.push_back(entry);
}

#[cfg(test)]
mod tests {
    use super::{Call, Ending, Group, MAX_MESSAGES};
    use crate::dingtalk::{MockConfig, RobotConfig};

    fn group(limited: bool) -> Group {
        let robot = RobotConfig { token: "t".to_owned(), secret: None, keywords: Vec::new() };
        Group::new(MockConfig { limited, ..MockConfig::new(vec![robot]) })
    }

    fn call(token: &str, uuid: &str) -> Call {
        let body = format!(r#"{{"msgtype":"text","text":{{"content":"x"}},"msgUuid":"{uuid}"}}"#);
        Call { post: true, token: Some(token.to_owned()), body: body.into(), ..Call::default() }
    }

    fn code(ending: Ending) -> i64 {
        match ending {
            Ending::Json(body) => body["errcode"].as_i64().expect("a code"),
            other => panic!("expected an answer, found {other:?}"),
        }
    }

    #[test]
    fn a_repeated_msg_uuid_is_answered_ok_and_shown_once() {
        let mut group = group(true);
        assert_eq!(code(group.receive(&call("t", "a"), None)), 0);
        assert_eq!(code(group.receive(&call("t", "a"), None)), 0);
        assert_eq!(group.messages().len(), 1);
        let shown: Vec<bool> = group.attempts().iter().map(|attempt| attempt.shown).collect();
        assert_eq!(shown, [true, false]);
    }

    #[test]
    fn throttling_strikes_a_token_that_does_not_exist_too() {
        let mut group = group(true);
        let codes: Vec<i64> =
            (0..21).map(|n| code(group.receive(&call("stranger", &n.to_string()), None))).collect();
        assert_eq!(codes[..20], [300_005; 20]);
        assert_eq!(codes[20], 660_026);
        assert_eq!(code(group.receive(&call("t", "a"), None)), 0, "another robot is not concerned");
    }

    #[test]
    fn ten_minutes_of_the_mocks_own_clock_end_the_penalty() {
        let mut group = group(true);
        for n in 0..21 {
            group.receive(&call("t", &n.to_string()), None);
        }
        group.advance(590_000);
        assert_eq!(code(group.receive(&call("t", "early"), None)), 660_026);
        group.advance(10_000);
        assert_eq!(code(group.receive(&call("t", "late"), None)), 0);
    }

    #[test]
    fn the_log_is_capped_and_shows_it() {
        let mut group = group(false);
        for n in 0..=MAX_MESSAGES {
            group.receive(&call("t", &n.to_string()), None);
        }
        let messages = group.messages();
        assert_eq!((messages.len(), messages[0].seq), (MAX_MESSAGES, 2));
    }

    #[test]
    fn reset_forgets_messages_rates_and_uuids() {
        let mut group = group(true);
        for n in 0..21 {
            group.receive(&call("t", &n.to_string()), None);
        }
        group.reset();
        assert_eq!(code(group.receive(&call("t", "0"), None)), 0);
        assert_eq!(group.messages().len(), 1);
    }
}
