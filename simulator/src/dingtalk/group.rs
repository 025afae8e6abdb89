//! The group behind the robots: who may speak, what it was shown, every call, the script, the clock.
//!
//! One call at a time; it waits for nothing and writes nowhere but to its log file.

use std::collections::HashMap;
use std::net::SocketAddr;

use tokio::sync::watch;

use super::answer::{Refusal, accepted};
use super::app::{App, Speech};
use super::config::{MockConfig, RobotConfig};
use super::diary::Diary;
use super::ending::{Ending, Verdict, ending};
use super::fault::{Fault, FaultAnswer};
use super::group_app::application;
use super::judge::{Allowance, Call, Passed, judge};
use super::limiter::Limiter;
use super::log::{Attempt, Log, MAX_ATTEMPTS, MAX_MESSAGES, ShownMessage, Uuids};
use super::profile::Profile;
use super::script::Script;
use super::witness::Witness;
use crate::clock::rfc3339;

/// Where the running log stands: it changes with every message and every reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// How often it was reset.
    pub(crate) epoch: u64,
    /// `seq` of the newest message.
    pub(crate) seq: u64,
    /// Grows with every change of a card or a todo.
    pub(crate) revision: u64,
}

/// State of a mock.
#[derive(Debug)]
pub(crate) struct Group {
    robots: HashMap<String, RobotConfig>,
    pub(super) config: MockConfig,
    pub(super) app: Option<App>,
    pub(super) diary: Diary,
    advanced_ms: i64,
    pub(super) limiter: Limiter,
    uuids: Uuids,
    pub(super) script: Script,
    pub(super) messages: Log<ShownMessage>,
    attempts: Log<Attempt>,
    attempt_seq: u64,
    pub(super) mark: watch::Sender<Mark>,
    away_until_ms: Option<i64>,
    left: watch::Sender<()>,
    pub(super) witness: Witness,
}

impl Group {
    pub(super) fn new(config: MockConfig, diary: Diary, address: SocketAddr) -> Self {
        let app = application(&config, address);
        let robots = config.robots.iter().map(|robot| (robot.token.clone(), robot.clone()));
        Self {
            robots: robots.collect(),
            config,
            app,
            diary,
            advanced_ms: 0,
            limiter: Limiter::default(),
            uuids: Uuids::default(),
            script: Script::default(),
            messages: Log::new(MAX_MESSAGES),
            attempts: Log::new(MAX_ATTEMPTS),
            attempt_seq: 0,
            mark: watch::Sender::default(),
            away_until_ms: None,
            left: watch::Sender::default(),
            witness: Witness::default(),
        }
    }

    /// Lets the network be away for so long, by the mock's clock.
    pub(super) fn leave(&mut self, for_ms: u32) {
        self.away_until_ms = Some(self.now_ms() + i64::from(for_ms));
        self.left.send_replace(());
    }

    /// Whether the network is away.
    pub(super) fn is_away(&self) -> bool {
        self.away_until_ms.is_some_and(|until| self.now_ms() < until)
    }

    /// Hears of every leaving.
    pub(super) fn watch_leaving(&self) -> watch::Receiver<()> {
        self.left.subscribe()
    }

    /// The fault that strikes the next call with `token`, taken off the script once it is over.
    pub(super) fn next_fault(&mut self, token: Option<&str>) -> Option<Fault> {
        let now_ms = self.now_ms();
        self.script.strike(|fault| fault.strikes(token), now_ms)
    }

    /// Judges `call`, unless the fault decides, and remembers both.
    pub(super) fn receive(&mut self, call: &Call, fault: &Fault) -> Ending {
        let now_ms = self.now_ms();
        let verdict = match &fault.answer {
            Some(answer) if !answer.is_after() => Verdict {
                answer: match answer {
                    FaultAnswer::Throttle => Some(Refusal::Throttled.answer(&self.config.profile)),
                    FaultAnswer::Refuse(answer) => Some(answer.clone()),
                    _ => None,
                },
                ..Verdict::default()
            },
            _ => self.judged(call, now_ms, fault.skew_ms.unwrap_or(0)),
        };
        let ending = ending(&verdict, fault.answer.as_ref(), &self.config.profile);
        self.note(call, verdict, fault.answer.clone(), now_ms);
        ending
    }

    /// What the group saw after `seq`, oldest first.
    pub(crate) fn messages_after(&self, seq: u64) -> Vec<ShownMessage> {
        let newer = self.messages.iter().rev().take_while(|message| message.seq > seq);
        let mut newer: Vec<ShownMessage> = newer.cloned().collect();
        newer.reverse();
        newer
    }

    pub(super) fn attempts(&self) -> Vec<Attempt> {
        self.attempts.iter().cloned().collect()
    }

    /// Where the running log stands, and how to hear of it.
    pub(crate) fn watch(&self) -> watch::Receiver<Mark> {
        self.mark.subscribe()
    }

    /// How many watch.
    pub(crate) fn watchers(&self) -> usize {
        self.mark.receiver_count()
    }

    /// Appends to the script, all or nothing.
    pub(super) fn script(&mut self, faults: Vec<Fault>) -> bool {
        let now_ms = self.now_ms();
        self.script.append(faults, now_ms)
    }

    /// The faults that have yet to strike.
    pub(super) fn waiting_faults(&self) -> Vec<Fault> {
        self.script.left(self.now_ms())
    }

    /// Drops the script.
    pub(super) fn clear_faults(&mut self) {
        self.script.clear();
    }

    /// Moves the mock's clock forward and says what time it is now.
    pub(super) fn advance(&mut self, by_ms: u32) -> i64 {
        self.advanced_ms += i64::from(by_ms);
        self.now_ms()
    }

    /// Sets the mock's clock to `at_ms`, unless that is in its past; what time it is now.
    pub(super) fn set_time(&mut self, at_ms: i64) -> Result<i64, i64> {
        let now_ms = self.now_ms();
        if at_ms < now_ms {
            return Err(now_ms);
        }
        self.advanced_ms += at_ms - now_ms;
        Ok(at_ms)
    }

    /// Forgets everything but its robots and the time.
    pub(super) fn reset(&mut self) {
        self.limiter = Limiter::default();
        self.uuids = Uuids::default();
        self.script.clear();
        self.messages = Log::new(MAX_MESSAGES);
        self.attempts = Log::new(MAX_ATTEMPTS);
        self.attempt_seq = 0;
        let revision = self.app.as_mut().map_or(0, App::reset);
        self.mark.send_modify(|mark| *mark = Mark { epoch: mark.epoch + 1, seq: 0, revision });
    }

    /// What time it is here.
    pub(super) fn now_ms(&self) -> i64 {
        self.config.clock.wall_ms() + self.advanced_ms
    }

    fn judged(&mut self, call: &Call, now_ms: i64, skew_ms: i64) -> Verdict {
        let Self { config, limiter, robots, .. } = self;
        let profile = &config.profile;
        if config.limited && !limiter.knock(call.from, now_ms, profile) {
            return Verdict { banned: true, ..Verdict::default() };
        }
        let mut allowance = Metered { on: config.limited, limiter, profile, now_ms };
        match judge(call, robots, profile, now_ms + skew_ms, &mut allowance) {
            Ok(passed) => {
                let msg_uuid = passed.msg_uuid.clone();
                let shown = self.show(call, passed, now_ms);
                Verdict { answer: Some(accepted()), msg_uuid, shown, banned: false }
            }
            Err(refusal) => {
                let answer = Some(refusal.answer(profile));
                Verdict { answer, ..Verdict::default() }
            }
        }
    }

    /// Shows a message unless its `msgUuid` was shown before; whether it was new.
    fn show(&mut self, call: &Call, passed: Passed, now_ms: i64) -> bool {
        let robot = call.token.clone().unwrap_or_default();
        if let Some(id) = &passed.msg_uuid
            && !self.uuids.remember(&robot, id)
        {
            return false;
        }
        let seq = self.mark.borrow().seq + 1;
        let message = ShownMessage {
            seq,
            robot,
            msgtype: passed.content.msgtype,
            title: passed.content.title,
            text: passed.content.text,
            card: passed.content.card,
            mentions: passed.mentions,
            msg_uuid: passed.msg_uuid,
            speech: Speech::default(),
            time: rfc3339(now_ms),
        };
        // What is kept of a message is what its body said, and the body is capped.
        self.witness.shown(&message);
        self.messages.push(message, call.body.len());
        self.mark.send_modify(|mark| mark.seq = seq);
        true
    }

    fn note(&mut self, call: &Call, verdict: Verdict, fault: Option<FaultAnswer>, now_ms: i64) {
        self.attempt_seq += 1;
        let (errcode, errmsg) =
            verdict.answer.map(|answer| (answer.errcode, answer.errmsg)).unzip();
        let texts = [&call.token, &errmsg, &verdict.msg_uuid];
        let bytes = texts.into_iter().flatten().map(String::len).sum();
        let attempt = Attempt {
            seq: self.attempt_seq,
            time: rfc3339(now_ms),
            robot: call.token.clone(),
            msg_uuid: verdict.msg_uuid,
            bytes: call.body.len(),
            errcode,
            errmsg,
            shown: verdict.shown,
            banned: verdict.banned,
            fault,
        };
        self.diary.write(&attempt);
        self.attempts.push(attempt, bytes);
    }
}

/// What the limiter leaves a token, or everything where limits are off.
struct Metered<'a> {
    on: bool,
    limiter: &'a mut Limiter,
    profile: &'a Profile,
    now_ms: i64,
}

impl Allowance for Metered<'_> {
    fn minute(&mut self, token: &str) -> bool {
        !self.on || self.limiter.admit(token, self.now_ms, self.profile)
    }

    fn month(&mut self, token: &str) -> bool {
        !self.on || self.limiter.spend(token, self.now_ms, self.profile)
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Diary, Ending, Fault, Group, MAX_MESSAGES};
    use crate::dingtalk::{MockConfig, RobotConfig};

    fn group(limited: bool) -> Group {
        let robot = RobotConfig { token: "t".to_owned(), secret: None, keywords: Vec::new() };
        let config = MockConfig { limited, ..MockConfig::new(vec![robot]) };
        let address = config.listen;
        Group::new(config, Diary::default(), address)
    }

    fn call(token: &str, uuid: &str) -> Call {
        let body = format!(r#"{{"msgtype":"text","text":{{"content":"x"}},"msgUuid":"{uuid}"}}"#);
        Call { post: true, token: Some(token.to_owned()), body: body.into(), ..Call::default() }
    }

    fn code(ending: Ending) -> i64 {
        match ending {
            Ending::Json(200, body) => body["errcode"].as_i64().expect("a code"),
            other => panic!("expected an answer, found {other:?}"),
        }
    }

    #[test]
    fn throttling_strikes_a_token_that_does_not_exist_too() {
        let mut group = group(true);
        let codes: Vec<i64> = (0..21)
            .map(|n| code(group.receive(&call("stranger", &n.to_string()), &Fault::default())))
            .collect();
        assert_eq!(codes[..20], [300_005; 20]);
        assert_eq!(codes[20], 660_026);
        assert_eq!(
            code(group.receive(&call("t", "a"), &Fault::default())),
            0,
            "another robot is not concerned"
        );
    }

    #[test]
    fn a_fault_for_one_robot_waits_for_that_robot() {
        let mut group = group(true);
        let fault = |text: &str| serde_json::from_str::<Fault>(text).expect("a fault");
        let own = fault(r#"{"count":1,"robot":"t","answer":"html"}"#);
        assert!(group.script(vec![own, fault(r#"{"count":1,"answer":"http500"}"#)]));
        let struck = |group: &mut Group, token| group.next_fault(Some(token)).map(|f| f.robot);
        assert_eq!(struck(&mut group, "other"), Some(None), "the one for anybody");
        assert_eq!(struck(&mut group, "other"), None);
        assert_eq!(struck(&mut group, "t"), Some(Some("t".to_owned())));
        assert!(group.waiting_faults().is_empty());
    }

    #[test]
    fn the_log_is_capped_and_shows_it() {
        let mut group = group(false);
        for n in 0..=MAX_MESSAGES {
            group.receive(&call("t", &n.to_string()), &Fault::default());
        }
        let messages = group.messages_after(0);
        assert_eq!((messages.len(), messages[0].seq), (MAX_MESSAGES, 2));
        assert_eq!(group.messages_after(messages[0].seq).len(), MAX_MESSAGES - 1);
    }

    #[test]
    fn the_clock_never_goes_back() {
        let mut group = group(true);
        let now = group.now_ms();
        assert_eq!(group.set_time(now + 3_600_000), Ok(now + 3_600_000));
        assert!(group.set_time(now).is_err());
    }
}
