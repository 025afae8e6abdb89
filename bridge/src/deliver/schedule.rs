//! What follows from an outcome. Pure: now, the attempt and a throw of the dice in, the notice's and
//! its carrier's next state out.

use std::time::Duration;

use crate::dingtalk::{ConfigTrouble, Outcome};
use crate::journal::Settle;

/// Waits after the first, second, ... failure that passes; the last one repeats for ever, because a
/// notice is never dropped for an outage.
const ORDINARY_WAITS: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
];

/// As above, of urgent notices, which have to arrive within a minute of the way being free again.
const URGENT_WAITS: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// An urgent notice that `DingTalk` itself failed so often waits as an ordinary one from then on:
/// such attempts count against the month. Half an hour's worth.
const URGENT_TRIES: u32 = 60;

/// How long `DingTalk` refuses a robot that talked too fast.
const THROTTLE_PAUSE: Duration = Duration::from_mins(10);

/// How long nothing is asked of an organisation whose quota is used up. Each try may count: more
/// would eat what a person has just bought, less would leave it lying.
const QUOTA_PAUSE: Duration = Duration::from_hours(1);

/// A wait grows by up to this many thousandths, so that shops on one network that failed together
/// do not come back together.
const MAX_JITTER_PERMILLE: u64 = 200;

/// An attempt that has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended<'a> {
    /// Wall time in milliseconds.
    pub(super) now_ms: i64,
    /// Attempts of this notice, this one included.
    pub(super) attempts: u32,
    /// Whether the notice goes before ordinary ones.
    pub(super) urgent: bool,
    /// Whether the same request had gone out before.
    pub(super) repeated: bool,
    /// HTTP status, where there was an answer.
    pub(super) http_status: Option<u16>,
    /// Whether another robot can carry the notice.
    pub(super) others: bool,
    /// What became of it.
    pub(super) outcome: &'a Outcome,
    /// That and what stood in the way, in the shop's language.
    pub(super) why: &'a str,
}

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// Where the notice goes.
    pub(super) settle: Settle,
    /// The carrier, or after an address ban every one, says nothing before this wall time, in
    /// milliseconds.
    pub(super) pause_until_ms: Option<i64>,
    /// The carrier is of no use until a person mends it: why.
    pub(super) out: Option<String>,
}

/// What follows from an attempt. `dice` is any random number.
pub(super) fn next(ended: Ended<'_>, dice: u64) -> Next {
    let Ended { now_ms, outcome, .. } = ended;
    let later = |wait: Duration| now_ms.saturating_add(jittered(wait, dice));
    let reason = || ended.why.to_owned();
    let queue = |not_before_ms, same| Settle::Queue { not_before_ms, same, reason: reason() };
    let only = |settle| Next { settle, pause_until_ms: None, out: None };
    // A pause is the carrier's: another one may take the notice at once.
    let pause = |at, same| Next { pause_until_ms: Some(at), ..only(queue(now_ms, same)) };
    match outcome {
        Outcome::Delivered => only(Settle::Delivered),
        // A definite refusal: the next attempt may say it anew.
        Outcome::Throttled { .. } => pause(later(THROTTLE_PAUSE), false),
        // The gateway never looked at the message; the same one is good.
        Outcome::IpBanned { wait } => pause(later(*wait), true),
        Outcome::Transient { .. } | Outcome::Unknown { .. } => {
            only(queue(later(back_off(ended)), true))
        }
        // Time servers mend this without a person, and each attempt is signed anew.
        Outcome::Config { why: ConfigTrouble::Clock, .. } => {
            only(queue(later(back_off(ended)), false))
        }
        // The next month mends this, or somebody who buys more: neither tells us.
        Outcome::Config { why: ConfigTrouble::Quota, .. } => pause(later(QUOTA_PAUSE), false),
        // What was frozen under other settings has to be said under these first.
        Outcome::Config { why: ConfigTrouble::Keyword, .. } if ended.repeated => {
            only(queue(now_ms, false))
        }
        Outcome::Config { .. } if ended.others => {
            Next { out: Some(reason()), ..only(queue(now_ms, false)) }
        }
        Outcome::Config { .. } => {
            Next { out: Some(reason()), ..only(Settle::Park { reason: reason() }) }
        }
        Outcome::Content { .. } => only(Settle::Dead { reason: reason() }),
    }
}

fn back_off(ended: Ended<'_>) -> Duration {
    // An attempt that found no way costs nothing.
    let lost = matches!(ended.outcome, Outcome::Transient { .. }) && ended.http_status.is_none();
    let hurry = ended.urgent && (lost || ended.attempts <= URGENT_TRIES);
    rung(if hurry { URGENT_WAITS } else { ORDINARY_WAITS }, ended.attempts)
}

/// How long a notice that has failed so often can have been put off at most, in milliseconds. One
/// whose time is further ahead was put off by a clock that has been set back since.
pub(super) fn longest_wait_ms(attempts: u32, urgent: bool) -> i64 {
    // Without an attempt of its own it is one of a digest that was taken apart.
    let hurry = urgent && (1..=URGENT_TRIES).contains(&attempts);
    let waits = if hurry { URGENT_WAITS } else { ORDINARY_WAITS };
    jittered(rung(waits, u32::MAX), MAX_JITTER_PERMILLE)
}

fn rung(waits: &[Duration], attempts: u32) -> Duration {
    waits[(attempts.saturating_sub(1) as usize).min(waits.len() - 1)]
}

fn jittered(wait: Duration, dice: u64) -> i64 {
    let wait = wait.as_millis() as u64;
    (wait + wait * (dice % (MAX_JITTER_PERMILLE + 1)) / 1000) as i64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Ended, Next, Settle, next};
    use crate::dingtalk::{ConfigTrouble, Outcome};

    const WHY: &str = "what a person is told";
    const NOW: i64 = 1_795_233_682_000;

    fn ended(attempts: u32, outcome: &Outcome) -> Ended<'_> {
        Ended {
            now_ms: NOW,
            attempts,
            urgent: false,
            repeated: false,
            http_status: Some(200),
            others: false,
            outcome,
            why: WHY,
        }
    }

    fn after(attempts: u32, outcome: &Outcome, dice: u64) -> Next {
        next(ended(attempts, outcome), dice)
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

    fn config(why: ConfigTrouble) -> Outcome {
        Outcome::Config { why, code: 310_000, text: String::new() }
    }

    proptest! {
        #[test]
        fn no_notice_is_put_off_for_longer_than_is_believed_later(
            attempts in 1u32..200, urgent: bool, answered: bool, dice: u64,
        ) {
            let outcomes = [
                unknown(),
                Outcome::Transient { code: None, why: String::new() },
                config(ConfigTrouble::Clock),
            ];
            for outcome in &outcomes {
                let http_status = answered.then_some(503);
                let ended = Ended { urgent, http_status, ..ended(attempts, outcome) };
                let (ahead_ms, _) = wait(&next(ended, dice)).expect("put off");
                prop_assert!(ahead_ms <= super::longest_wait_ms(attempts, urgent));
                prop_assert!(ahead_ms <= super::longest_wait_ms(0, urgent), "a digest's part");
            }
        }
    }

    #[test]
    fn waits_grow_to_five_minutes_and_never_end() {
        let waits = |dice| {
            [1, 2, 3, 4, 5, 6, 1_000_000]
                .map(|n| wait(&after(n, &unknown(), dice)).map(|w| w.0 / 1000))
        };
        assert_eq!(waits(0), [2, 5, 15, 60, 300, 300, 300].map(Some));
        assert_eq!(waits(200), [2, 6, 18, 72, 360, 360, 360].map(Some));
    }

    #[test]
    fn an_urgent_notice_is_back_within_a_minute_of_an_outage_of_any_length() {
        let most = |attempts, http_status| {
            let outcome = Outcome::Transient { code: None, why: "x".into() };
            let ended = Ended { urgent: true, http_status, ..ended(attempts, &outcome) };
            wait(&next(ended, 200)).map(|w| w.0 / 1000)
        };
        assert_eq!([1, 4, 60].map(|n| most(n, Some(500))), [2, 36, 36].map(Some));
        assert_eq!(most(1_000_000, None), Some(36), "no way was found, nothing is spent");
        assert_eq!(most(61, Some(500)), Some(360), "each of these costs a call");
    }

    #[test]
    fn a_throttled_carrier_is_silent_for_ten_minutes_and_its_notice_is_free_at_once() {
        let next = after(1, &Outcome::Throttled { code: 660_026 }, 0);
        assert_eq!(wait(&next), Some((0, false)));
        assert_eq!(next.pause_until_ms, Some(NOW + 600_000));
    }

    #[test]
    fn a_banned_address_waits_as_long_as_it_was_told() {
        let next = after(1, &Outcome::IpBanned { wait: Duration::from_mins(7) }, 0);
        assert_eq!(wait(&next), Some((0, true)));
        assert_eq!(next.pause_until_ms, Some(NOW + 420_000));
    }

    #[test]
    fn only_a_person_mends_a_setting_but_time_mends_a_clock() {
        for why in [
            ConfigTrouble::Keyword,
            ConfigTrouble::Sign,
            ConfigTrouble::Ip,
            ConfigTrouble::Token,
            ConfigTrouble::Stopped,
            ConfigTrouble::Dissolved,
            ConfigTrouble::Other,
        ] {
            let refused = config(why);
            let alone = after(1, &refused, 0);
            assert!(matches!(alone.settle, Settle::Park { .. }) && alone.out.is_some(), "{why:?}");
            let helped = next(Ended { others: true, ..ended(1, &refused) }, 0);
            assert_eq!((wait(&helped), helped.out), (Some((0, false)), alone.out), "{why:?}");
        }
        let clock = after(1, &config(ConfigTrouble::Clock), 0);
        assert_eq!((wait(&clock), clock.out), (Some((2_000, false)), None));
        let spent = after(1, &config(ConfigTrouble::Quota), 0);
        assert_eq!((wait(&spent), spent.pause_until_ms), (Some((0, false)), Some(NOW + 3_600_000)));
    }

    #[test]
    fn a_request_frozen_with_an_old_keyword_is_said_anew_before_anybody_is_called() {
        let refused = config(ConfigTrouble::Keyword);
        let next = next(Ended { repeated: true, ..ended(2, &refused) }, 0);
        assert_eq!((wait(&next), next.out), (Some((0, false)), None));
    }

    #[test]
    fn refused_content_is_set_aside_with_the_reason() {
        let refused = Outcome::Content { code: 460_101, text: "message too long".into() };
        let Settle::Dead { reason } = after(1, &refused, 0).settle else { panic!("dead") };
        assert_eq!(reason, WHY);
    }

    fn any_outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Delivered),
            any::<i64>().prop_map(|code| Outcome::Throttled { code }),
            Just(Outcome::Transient { code: None, why: "x".into() }),
            Just(unknown()),
            (1_u64..3_600).prop_map(|s| Outcome::IpBanned { wait: Duration::from_secs(s) }),
            Just(config(ConfigTrouble::Token)),
            Just(config(ConfigTrouble::Keyword)),
            Just(config(ConfigTrouble::Clock)),
            Just(Outcome::Content { code: 1, text: String::new() }),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_unknown_keeps_its_identity(
            outcome in any_outcome(), attempts in 1_u32.., dice in any::<u64>(),
            flags in any::<[bool; 4]>(),
        ) {
            let [urgent, repeated, answered, others] = flags;
            let http_status = answered.then_some(200);
            let ended = Ended { urgent, repeated, http_status, others, ..ended(attempts, &outcome) };
            let next = next(ended, dice);
            match (&outcome, &next.settle) {
                (Outcome::Delivered, settle) => prop_assert_eq!(settle, &Settle::Delivered),
                (_, Settle::Delivered) => prop_assert!(false, "{outcome:?} is no delivery"),
                (_, Settle::Park { reason } | Settle::Dead { reason }) => {
                    prop_assert!(!reason.is_empty());
                }
                (outcome, Settle::Queue { not_before_ms, same, reason }) => {
                    prop_assert!(!reason.is_empty());
                    prop_assert!(*not_before_ms >= NOW);
                    prop_assert!(*not_before_ms <= NOW + 10 * 60_000);
                    if matches!(outcome, Outcome::Unknown { .. }) {
                        prop_assert!(same);
                    }
                }
            }
            if let Some(at) = next.pause_until_ms {
                prop_assert!(at > NOW && at <= NOW + 2 * 3_600_000);
            }
        }
    }
}
