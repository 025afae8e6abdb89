//! What follows from an outcome. Pure: now, attempts, outcome and a throw of the dice in, the
//! notice's next state out.

use std::time::Duration;

use crate::config::Language;
use crate::dingtalk::{ConfigTrouble, Outcome};
use crate::journal::Settle;

/// Waits after the first, second, ... failure that passes; the last one repeats for ever, because a
/// notice is never dropped for an outage.
const BACK_OFF: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
];

/// How long DingTalk refuses a robot that talked too fast.
const THROTTLE_PAUSE: Duration = Duration::from_mins(10);

/// How long nothing is asked of an organisation whose quota is used up. Each try may count: more
/// would eat what a person has just bought, less would leave it lying.
const QUOTA_PAUSE: Duration = Duration::from_hours(1);

/// A wait grows by up to this many thousandths, so that shops on one network that failed together
/// do not come back together.
const MAX_JITTER_PERMILLE: u64 = 200;

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Where the notice goes.
    pub settle: Settle,
    /// The whole robot says nothing before this wall time, in milliseconds.
    pub pause_until_ms: Option<i64>,
}

/// What follows from `outcome` of the `attempts`-th attempt (from 1) that ended at `now_ms`. `dice`
/// is any random number.
pub fn next(now_ms: i64, attempts: u32, outcome: &Outcome, dice: u64, language: Language) -> Next {
    let later = |wait: Duration| now_ms.saturating_add(jittered(wait, dice));
    let queue = |not_before_ms, same| Settle::Queue {
        not_before_ms,
        same,
        reason: outcome.explain(language),
    };
    let paused = |at, same| Next { settle: queue(at, same), pause_until_ms: Some(at) };
    let only = |settle| Next { settle, pause_until_ms: None };
    match outcome {
        Outcome::Delivered => only(Settle::Delivered),
        // A definite refusal: the next attempt may say it anew.
        Outcome::Throttled { .. } => paused(later(THROTTLE_PAUSE), false),
        // The gateway never looked at the message; the same one is good.
        Outcome::IpBanned { wait } => paused(later(*wait), true),
        Outcome::Transient { .. } | Outcome::Unknown { .. } => {
            only(queue(later(back_off(attempts)), true))
        }
        // Time servers mend this without a person, and each attempt is signed anew.
        Outcome::Config { why: ConfigTrouble::Clock, .. } => {
            only(queue(later(back_off(attempts)), false))
        }
        // The next month mends this, or somebody who buys more: neither tells us.
        Outcome::Config { why: ConfigTrouble::Quota, .. } => paused(later(QUOTA_PAUSE), false),
        Outcome::Config { .. } => only(Settle::Park { reason: outcome.explain(language) }),
        Outcome::Content { .. } => only(Settle::Dead { reason: outcome.explain(language) }),
    }
}

fn back_off(attempts: u32) -> Duration {
    let rung = attempts.saturating_sub(1) as usize;
    BACK_OFF[rung.min(BACK_OFF.len() - 1)]
}

fn jittered(wait: Duration, dice: u64) -> i64 {
    let wait = wait.as_millis() as u64;
    (wait + wait * (dice % (MAX_JITTER_PERMILLE + 1)) / 1000) as i64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Next, Settle, next};
    use crate::config::Language;
    use crate::dingtalk::{ConfigTrouble, Outcome};

    const NOW: i64 = 1_795_233_682_000;

    fn after(attempts: u32, outcome: &Outcome, dice: u64) -> Next {
        next(NOW, attempts, outcome, dice, Language::En)
    }

    fn wait(next: &Next) -> Option<(i64, bool)> {
        match next.settle {
            Settle::Queue { not_before_ms, same, .. } => Some((not_before_ms - NOW, same)),
            _ => None,
        }
    }

    fn unknown() -> Outcome {
        Outcome::Unknown { why: "time-out".into() }
    }

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_never_end() {
        let waits = |dice| {
            [1, 2, 3, 4, 5, 6, 7, 1_000_000]
                .map(|n| wait(&after(n, &unknown(), dice)).map(|w| w.0 / 1000))
        };
        assert_eq!(waits(0), [2, 5, 15, 60, 300, 900, 900, 900].map(Some));
        assert_eq!(waits(200), [2, 6, 18, 72, 360, 1080, 1080, 1080].map(Some));
    }

    #[test]
    fn a_throttled_robot_is_silent_for_ten_minutes_and_then_speaks_anew() {
        let next = after(1, &Outcome::Throttled { code: 660_026 }, 0);
        assert_eq!(wait(&next), Some((600_000, false)));
        assert_eq!(next.pause_until_ms, Some(NOW + 600_000));
    }

    #[test]
    fn a_banned_address_waits_as_long_as_it_was_told() {
        let next = after(1, &Outcome::IpBanned { wait: Duration::from_mins(7) }, 0);
        assert_eq!(wait(&next), Some((420_000, true)));
        assert_eq!(next.pause_until_ms, Some(NOW + 420_000));
    }

    #[test]
    fn only_a_person_mends_a_setting_but_time_mends_a_clock() {
        let config = |why| Outcome::Config { why, code: 310_000, text: String::new() };
        for why in [
            ConfigTrouble::Keyword,
            ConfigTrouble::Sign,
            ConfigTrouble::Ip,
            ConfigTrouble::Token,
            ConfigTrouble::Stopped,
            ConfigTrouble::Dissolved,
            ConfigTrouble::Other,
        ] {
            assert!(matches!(after(1, &config(why), 0).settle, Settle::Park { .. }), "{why:?}");
        }
        assert_eq!(wait(&after(1, &config(ConfigTrouble::Clock), 0)), Some((2_000, false)));
        let spent = after(1, &config(ConfigTrouble::Quota), 0);
        assert_eq!(
            (wait(&spent), spent.pause_until_ms),
            (Some((3_600_000, false)), Some(NOW + 3_600_000))
        );
    }

    #[test]
    fn refused_content_is_set_aside_with_the_reason() {
        let refused = Outcome::Content { code: 460_101, text: "message too long".into() };
        let Settle::Dead { reason } = after(1, &refused, 0).settle else { panic!("dead") };
        assert!(reason.contains("460101: message too long"), "{reason}");
    }

    fn any_outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Delivered),
            any::<i64>().prop_map(|code| Outcome::Throttled { code }),
            Just(Outcome::Transient { code: None, why: "x".into() }),
            Just(unknown()),
            (1_u64..3_600).prop_map(|s| Outcome::IpBanned { wait: Duration::from_secs(s) }),
            Just(Outcome::Config { why: ConfigTrouble::Token, code: 1, text: String::new() }),
            Just(Outcome::Config { why: ConfigTrouble::Clock, code: 1, text: String::new() }),
            Just(Outcome::Content { code: 1, text: String::new() }),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_unknown_keeps_its_identity(
            outcome in any_outcome(), attempts in 1_u32.., dice in any::<u64>(),
        ) {
            let next = after(attempts, &outcome, dice);
            match (&outcome, &next.settle) {
                (Outcome::Delivered, settle) => prop_assert_eq!(settle, &Settle::Delivered),
                (_, Settle::Delivered) => prop_assert!(false, "{outcome:?} is no delivery"),
                (_, Settle::Park { reason } | Settle::Dead { reason }) => {
                    prop_assert!(!reason.is_empty());
                }
                (outcome, Settle::Queue { not_before_ms, same, reason }) => {
                    prop_assert!(!reason.is_empty());
                    prop_assert!(*not_before_ms > NOW);
                    prop_assert!(*not_before_ms <= NOW + 2 * 3_600_000);
                    if matches!(outcome, Outcome::Unknown { .. }) {
                        prop_assert!(same);
                    }
                }
            }
        }
    }
}
