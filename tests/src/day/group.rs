//! One group and the mock DingTalk in front of it, with the day's faults.

use possim::clock::Clock;
use possim::dingtalk::{
    Answer, Attempt, Fault, FaultAnswer, MockConfig, MockRobot, RobotConfig, ShownMessage,
};
use tokio::runtime::Runtime;

use super::script::Act;
use crate::wait::{SOON, check, until};

/// Every robot's signing secret.
pub(super) const SECRET: &str =
    "SECd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4yd4y";
/// Word that every robot demands.
pub(super) const KEYWORD: &str = "收銀";
/// The main robot's token until it is reset.
pub(super) const MAIN: &str = "0a110a110a110a110a110a110a110a110a110a110a110a110a110a110a110a11";
/// Its token afterwards.
pub(super) const MAIN_ANEW: &str =
    "0b220b220b220b220b220b220b220b220b220b220b220b220b220b220b220b22";
/// The token of the second robot in the group.
pub(super) const SECOND: &str = "0c330c330c330c330c330c330c330c330c330c330c330c330c330c330c330c33";

/// What a robot that was reset answers under its old address.
const GONE: (i64, &str) = (300_005, "token is not exist");
/// How far DingTalk's clock is from ours while it is off.
const CLOCK_OFF_MS: i64 = 70 * 60 * 1_000;
/// How long, in real milliseconds, the answer is held back in which a sender is killed.
const HOLD_MS: u64 = 20_000;
/// Longer than what is left of a day.
const REST_OF_THE_DAY_MS: u64 = 24 * 3_600_000;

/// A group and its robots.
#[derive(Debug)]
pub(super) struct Group {
    mock: MockRobot,
}

impl Group {
    /// A group with three addresses: the main robot's, its next one, and the second robot's.
    pub(super) fn open(runtime: &Runtime, clock: Clock) -> Self {
        let robot = |token: &str| RobotConfig {
            token: token.to_owned(),
            secret: Some(SECRET.to_owned()),
            keywords: vec![KEYWORD.to_owned()],
        };
        let robots = [MAIN, MAIN_ANEW, SECOND].map(robot).to_vec();
        let config = MockConfig { clock, ..MockConfig::new(robots) };
        Self { mock: runtime.block_on(MockRobot::start(config)).expect("a loopback port") }
    }

    pub(super) fn webhook(&self, token: &str) -> String {
        self.mock.webhook(token)
    }

    pub(super) fn messages(&self) -> Vec<ShownMessage> {
        self.mock.messages()
    }

    pub(super) fn attempts(&self) -> Vec<Attempt> {
        self.mock.attempts()
    }

    /// Lets go wrong what goes wrong at DingTalk's end.
    pub(super) fn suffer(&self, act: Act) {
        let lasting = |seconds: u32| Some(u64::from(seconds) * 1_000);
        let main = Some(MAIN.to_owned());
        let (code, text) = GONE;
        let gone = Answer { errcode: code, errmsg: text.to_owned() };
        let fair = Fault::default();
        let fault = match act {
            Act::Cut(seconds) => return self.mock.leave(seconds * 1_000),
            Act::Throttle(seconds) => Fault {
                for_ms: lasting(seconds),
                robot: main,
                answer: Some(FaultAnswer::Throttle),
                ..fair
            },
            Act::Storm(seconds) => {
                Fault { for_ms: lasting(seconds), answer: Some(FaultAnswer::Http503), ..fair }
            }
            Act::ResetBefore(count) => {
                Fault { count: Some(count), answer: Some(FaultAnswer::ResetBefore), ..fair }
            }
            Act::ResetAfter(count) => {
                Fault { count: Some(count), answer: Some(FaultAnswer::ResetAfter), ..fair }
            }
            Act::ClockOff(seconds) => {
                Fault { for_ms: lasting(seconds), skew_ms: Some(CLOCK_OFF_MS), ..fair }
            }
            Act::KillInAttempt => Fault { count: Some(1), hold_ms: Some(HOLD_MS), ..fair },
            Act::RobotDies => Fault {
                for_ms: Some(REST_OF_THE_DAY_MS),
                robot: main,
                answer: Some(FaultAnswer::Refuse(gone)),
                ..fair
            },
            Act::KillSender | Act::KillWire | Act::RobotSet => return,
        };
        assert!(self.mock.script(fault), "the mock takes every fault of the day");
    }

    /// Waits until a call is under way whose message has appeared and whose answer is held back.
    pub(super) fn until_in_attempt(&self, before: usize) {
        until(SOON, "an attempt under way", || {
            check(self.mock.attempts().len(), |attempts| *attempts > before)
        });
    }
}
