//! What can happen in delivery's [property](super::property), and what an answer means.

use std::time::Duration;

use proptest::prelude::*;

use crate::dingtalk::{ConfigTrouble, Outcome};

const HOUR_MS: i64 = 3_600_000;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Sell {
        count: usize,
        urgent: bool,
    },
    /// The queue's next turns, each answered so.
    Turn {
        turns: usize,
        answer: Answer,
        dice: u64,
    },
    Wait(i64),
    /// The wall clock is set by this.
    Set(i64),
    Restart,
    /// A person mends the robots.
    Mend,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Ok,
    /// Nothing was reached.
    NoWay,
    /// No answer; the message is in the group or not.
    Unknown {
        arrived: bool,
    },
    Throttled,
    Banned,
    BadWord,
    Config(ConfigTrouble),
    /// The process dies before it hears.
    Dies {
        arrived: bool,
    },
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let answer = prop_oneof![
        8 => Just(Answer::Ok),
        2 => Just(Answer::NoWay),
        2 => any::<bool>().prop_map(|arrived| Answer::Unknown { arrived }),
        1 => Just(Answer::Throttled),
        1 => Just(Answer::Banned),
        1 => Just(Answer::BadWord),
        1 => Just(Answer::Config(ConfigTrouble::Keyword)),
        1 => Just(Answer::Config(ConfigTrouble::Token)),
        1 => Just(Answer::Config(ConfigTrouble::Clock)),
        1 => any::<bool>().prop_map(|arrived| Answer::Dies { arrived }),
    ];
    let turn = (1_usize..12, answer, any::<u64>()).prop_map(|(turns, answer, dice)| Step::Turn {
        turns,
        answer,
        dice,
    });
    let step = prop_oneof![
        4 => (1_usize..12, any::<bool>()).prop_map(|(count, urgent)| Step::Sell { count, urgent }),
        10 => turn,
        4 => (0_i64..120_000).prop_map(Step::Wait),
        1 => (0_i64..3 * HOUR_MS).prop_map(Step::Wait),
        1 => Just(Step::Restart),
        1 => Just(Step::Mend),
        1 => (-20 * HOUR_MS..20 * HOUR_MS).prop_map(Step::Set),
    ];
    prop::collection::vec(step, 1..30)
}

/// `None`: nobody heard it.
pub(super) fn outcome(answer: Answer) -> Option<Outcome> {
    let why = "x".to_owned();
    Some(match answer {
        Answer::Ok => Outcome::Delivered,
        Answer::NoWay => Outcome::Transient { code: None, why },
        Answer::Unknown { .. } => Outcome::Unknown { why },
        Answer::Throttled => Outcome::Throttled { code: 660_026 },
        Answer::Banned => Outcome::IpBanned { wait: Duration::from_mins(5) },
        Answer::BadWord => Outcome::Content { code: 430_102, text: why },
        Answer::Config(trouble) => Outcome::Config { why: trouble, code: 310_000, text: why },
        Answer::Dies { .. } => return None,
    })
}
