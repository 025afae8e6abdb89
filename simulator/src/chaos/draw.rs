//! What is drawn for a fault of each kind: whose till, which robot, how far a clock is set.
//!
//! How long it lasts is drawn where its place in the run is known.

use std::time::Duration;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::fault::Fault;
use super::kind::Kind;
use crate::dingtalk::{self, Answer, FaultAnswer};

/// Pauses between the bytes of an answer that drips, in milliseconds. An answer has some thirty: the
/// slowest takes a second, which no client gives up on.
const DRIP_MS: std::ops::RangeInclusive<u32> = 1..=30;

/// How far a clock is set, in milliseconds, forward or back: the seconds of a time server that comes
/// back, the minutes beyond which a bridge may not believe its journal, the hours beyond which
/// `DingTalk` refuses a signature.
const STEPS_MS: [std::ops::RangeInclusive<i64>; 3] =
    [1_000..=90_000, 5 * 60_000..=30 * 60_000, 65 * 60_000..=3 * 3_600_000];

/// `DingTalk`'s "system busy".
const BUSY: i64 = -1;

/// A fault of `kind` that lasts no time yet.
pub(super) fn draw(random: &mut ChaCha8Rng, kind: Kind, tills: u32) -> Fault {
    let none = Duration::ZERO;
    let till = random.random_range(0..tills);
    let dingtalk = |robot, answer| Fault::DingTalk {
        robot,
        fault: dingtalk::Fault { answer: Some(answer), ..dingtalk::Fault::default() },
    };
    match kind {
        Kind::KillBrain => Fault::KillBrain { dead_for: none },
        Kind::KillWire => Fault::KillWire,
        Kind::KillBoth => Fault::KillBoth { dead_for: none },
        Kind::Unplug => Fault::Unplug { till, gone_for: none },
        Kind::PrinterAway => Fault::PrinterAway { till, away_for: none },
        Kind::PaperOut => Fault::PaperOut { till, out_for: none },
        Kind::SlowPrinter => Fault::SlowPrinter { till, slow_for: none },
        Kind::NetworkAway => Fault::NetworkAway { away_for: none },
        Kind::Http503 => dingtalk(None, FaultAnswer::Http503),
        Kind::ResetBefore => dingtalk(None, FaultAnswer::ResetBefore),
        Kind::ResetAfter => dingtalk(None, FaultAnswer::ResetAfter),
        Kind::Truncated => dingtalk(None, FaultAnswer::Truncated),
        Kind::SlowBody => dingtalk(None, FaultAnswer::SlowBody(random.random_range(DRIP_MS))),
        Kind::Refused => {
            let busy = Answer { errcode: BUSY, errmsg: "系统繁忙".to_owned() };
            dingtalk(None, FaultAnswer::Refuse(busy))
        }
        Kind::Throttle => dingtalk(Some(random.random()), FaultAnswer::Throttle),
        Kind::Html => dingtalk(None, FaultAnswer::Html),
        Kind::ClockStep => {
            let class = random.random_range(0..STEPS_MS.len());
            let far = random.random_range(STEPS_MS[class].clone());
            let by_ms = if random.random() { far } else { -far };
            Fault::ClockStep { by_ms, wrong_for: none }
        }
        Kind::DiskFull => Fault::DiskFull { full_for: none },
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::super::kind::KINDS;
    use super::draw;

    #[test]
    fn what_is_drawn_is_of_the_kind_that_was_asked_for_and_of_a_till_there_is() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for figures in KINDS {
            for _ in 0..50 {
                let fault = draw(&mut random, figures.kind, 3);
                assert_eq!(fault.kind(), figures.kind);
                let said = fault.to_string();
                assert!(
                    !said.contains("till")
                        || ["till 0", "till 1", "till 2"].iter().any(|t| said.contains(t)),
                    "{said}"
                );
            }
        }
    }
}
