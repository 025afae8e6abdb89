//! The application's part of the group: one lock for both, so that what it says is shown in order.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::{Value, json};

use super::answer::{Refusal, accepted, body};
use super::app::{
    Answering, ApiAttempt, ApiCall, ApiRefusal, App, Guard, Saying, Spoken, Unanswered, Unsaid,
};
use super::config::MockConfig;
use super::ending::{Ending, spoiled};
use super::fault::{Fault, FaultAnswer};
use super::group::Group;
use super::log::ShownMessage;
use crate::clock::rfc3339;

/// Where a question is answered.
const SESSION: &str = "/robot/sendBySession";

/// A call, as far as it is remembered.
#[derive(Clone, Copy, Debug)]
struct Heard<'a> {
    method: &'a str,
    path: &'a str,
    bytes: usize,
}

impl Group {
    /// Does something with the application, where there is one, and shows what came of it.
    pub(super) fn with_app<R>(&mut self, act: impl FnOnce(&mut App, i64) -> R) -> Option<R> {
        let now_ms = self.now_ms();
        let app = self.app.as_mut()?;
        let done = act(app, now_ms);
        let (said, revision) = (app.take_said(), app.revision());
        let robot = app.robot_code().to_owned();
        for spoken in said {
            self.speak(&robot, spoken, now_ms);
        }
        self.mark.send_if_modified(|mark| {
            let changed = mark.revision != revision;
            mark.revision = revision;
            changed
        });
        Some(done)
    }

    fn speak(&mut self, robot: &str, spoken: Spoken, now_ms: i64) {
        let seq = self.next_seq();
        let message = ShownMessage {
            seq,
            robot: robot.to_owned(),
            msgtype: spoken.content.msgtype,
            title: spoken.content.title,
            text: spoken.content.text,
            card: spoken.content.card,
            mentions: spoken.mentions,
            msg_uuid: None,
            speech: spoken.speech,
            time: rfc3339(now_ms),
        };
        self.witness.shown(&message);
        self.messages.push(message, spoken.bytes);
        self.mark.send_modify(|mark| mark.seq = seq);
    }

    fn next_seq(&self) -> u64 {
        self.mark.borrow().seq + 1
    }

    /// The fault that strikes the next call of the application at `path`.
    pub(super) fn next_api_fault(&mut self, path: &str) -> Option<Fault> {
        let now_ms = self.now_ms();
        self.script.strike(|fault| fault.strikes_path(path), now_ms)
    }

    /// The cards and todos that changed after `revision`; null where there is no application.
    pub(crate) fn changed_after(&self, revision: u64) -> Value {
        self.app.as_ref().map_or(Value::Null, |app| app.changed_after(revision))
    }

    /// A person speaks to the robot.
    pub(super) fn say(&mut self, saying: &Saying) -> Result<Value, Unsaid> {
        let now_ms = self.now_ms();
        let robot = self.app.as_ref().ok_or(Unsaid::NoApp)?.robot_code().to_owned();
        let Self { config, limiter, .. } = self;
        let paid = !config.limited || limiter.spend(&robot, now_ms, &config.profile);
        let next_seq = self.next_seq();
        let said = self.with_app(|app, now_ms| app.say(saying, paid, now_ms, next_seq));
        said.unwrap_or(Err(Unsaid::NoApp))
    }

    /// Answers a call of the `OpenAPI`, unless the fault decides, and remembers both.
    pub(super) fn answer_api(&mut self, call: &ApiCall, fault: &Fault) -> Ending {
        let now_ms = self.now_ms();
        let Self { config, limiter, .. } = self;
        let (limited, profile) = (config.limited, config.profile.clone());
        if limited && !limiter.knock(call.from, now_ms, &profile) {
            return Ending::Banned(profile.gateway.shape);
        }
        let answer = fault.answer.as_ref().filter(|answer| !answer.is_after());
        let fair = self.with_app(|app, now_ms| match answer {
            Some(FaultAnswer::Throttle) => app.refused(&ApiRefusal::too_fast()),
            Some(FaultAnswer::Refuse(answer)) => (200, body(answer, profile.string_codes)),
            Some(FaultAnswer::Fail(failure)) => (failure.status, json!({"code": failure.code})),
            Some(_) => (200, Value::Null),
            None => {
                let guard = Guard { limited, security: &profile.security };
                app.answer(call, guard, now_ms)
            }
        });
        let Some((status, answered)) = fair else { return nowhere() };
        let heard = Heard { method: &call.method, path: &call.path, bytes: call.body.len() };
        let code = answered["code"].as_str().map(ToOwned::to_owned);
        self.note_api(heard, status, code, fault);
        spoiled(Ok((status, answered)), fault.answer.as_ref())
    }

    /// Remembers a call and what it was fairly answered.
    fn note_api(&mut self, heard: Heard<'_>, status: u16, code: Option<String>, fault: &Fault) {
        let attempt = ApiAttempt {
            seq: 0,
            time: rfc3339(self.now_ms()),
            method: heard.method.to_owned(),
            path: heard.path.to_owned(),
            status,
            code,
            bytes: heard.bytes,
            fault: fault.answer.clone(),
        };
        if let Some(attempt) = self.with_app(|app, _| app.note(attempt)) {
            self.diary.write(&attempt);
        }
    }

    /// Shows the answer to a question, unless the fault decides.
    pub(super) fn answer_session(&mut self, answering: &Answering, fault: &Fault) -> Ending {
        let profile = self.config.profile.clone();
        let answer = fault.answer.as_ref().filter(|answer| !answer.is_after());
        let shown = self.with_app(|app, now_ms| match answer {
            Some(FaultAnswer::Throttle) => Ok(Some(Refusal::Throttled.answer(&profile))),
            Some(FaultAnswer::Refuse(answer)) => Ok(Some(answer.clone())),
            Some(_) => Ok(None),
            None => match app.answer_session(answering, &profile.group, now_ms) {
                Ok(()) => Ok(Some(accepted())),
                Err(Unanswered::Refused(refusal)) => Ok(Some(refusal.answer(&profile))),
                Err(Unanswered::Expired) => Err(Ending::Empty(500)),
            },
        });
        let heard = Heard { method: "POST", path: SESSION, bytes: answering.body.len() };
        match shown {
            Some(Ok(answer)) => {
                let code = answer.as_ref().map(|answer| answer.errcode.to_string());
                self.note_api(heard, 200, code, fault);
                let fair = answer.map(|answer| body(&answer, profile.string_codes));
                spoiled(Ok((200, fair.unwrap_or_default())), fault.answer.as_ref())
            }
            Some(Err(expired)) => {
                self.note_api(heard, 500, None, fault);
                expired
            }
            None => nowhere(),
        }
    }
}

/// Where no application is, nothing is.
fn nowhere() -> Ending {
    Ending::Json(200, json!({"errcode": 404, "errmsg": "请求的URI地址不存在"}))
}

/// The application of a mock that listens at `address`, where there is one.
pub(super) fn application(config: &MockConfig, address: SocketAddr) -> Option<App> {
    let rules = config.profile.app.clone();
    config.app.clone().map(|app| App::new(app, rules, host(address)))
}

/// Host and port at which a client on this machine reaches `address`.
fn host(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        return format!("{}:{}", Ipv4Addr::LOCALHOST, address.port());
    }
    address.to_string()
}
