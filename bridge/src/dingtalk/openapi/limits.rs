//! How often the interface may be called: within a second by call, within a month by organisation.
//! Pure: clocks and counts are passed in.
//!
//! DingTalk counts both itself; this keeps a shop from ever being told so.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use pos_protocol::time::Timestamp;

use super::error::ApiError;

/// Calls of one kind within [`SECOND`]. DingTalk's standard limit is 20; the rest is left to whatever
/// else uses the application.
const PER_SECOND: usize = 15;
/// The span of that limit, and a little: two clocks measure it.
const SECOND: Duration = Duration::from_millis(1_100);
/// Share of the month's calls that what can be left out may use, in percent: approvals and answers
/// go on when the live card no longer does.
const SPARE_PERCENT: u64 = 90;
/// DingTalk's months are China's: eight hours ahead of UTC all year.
const CHINA_OFFSET_MS: i64 = 8 * 60 * 60 * 1_000;

/// A kind of call, each with a rate of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Api {
    GroupSend,
    BatchSend,
    CardCreate,
    CardUpdate,
    Workflow,
    Yida,
    Calendar,
    Todo,
}

impl Api {
    /// Whether a shop can do without it at the month's end.
    fn is_spare(self) -> bool {
        self == Self::CardUpdate
    }
}

/// The calls of the last second.
#[derive(Debug, Default)]
pub(super) struct Rate {
    made: BTreeMap<Api, VecDeque<Duration>>,
    paused: BTreeMap<Api, Duration>,
}

impl Rate {
    /// Takes a place for `api` at `now`, or says how long to wait for one.
    pub(super) fn take(&mut self, api: Api, now: Duration) -> Result<(), Duration> {
        if let Some(until) = self.paused.get(&api).filter(|until| now < **until) {
            return Err(until.saturating_sub(now));
        }
        let made = self.made.entry(api).or_default();
        while made.front().is_some_and(|at| *at + SECOND <= now) {
            made.pop_front();
        }
        match made.front() {
            Some(oldest) if made.len() >= PER_SECOND => Err((*oldest + SECOND).saturating_sub(now)),
            _ => {
                made.push_back(now);
                Ok(())
            }
        }
    }

    /// DingTalk said that `api` is called too often.
    pub(super) fn pause(&mut self, api: Api, wait: Duration, now: Duration) {
        self.paused.insert(api, now + wait);
    }
}

/// The month that wall time `now_ms` lies in, as a number: 202611.
pub(super) fn month(now_ms: i64) -> i64 {
    let shifted = Timestamp::new(0, now_ms.saturating_add(CHINA_OFFSET_MS));
    let date = shifted.wall.to_zoned(jiff::tz::TimeZone::UTC).date();
    i64::from(date.year()) * 100 + i64::from(date.month())
}

/// Whether `api` may be called once more after `made` calls of `allowed` in this month.
pub(super) fn within_month(api: Api, made: u32, allowed: u32) -> Result<(), ApiError> {
    let most = u64::from(allowed);
    let most = if api.is_spare() { most * SPARE_PERCENT / 100 } else { most };
    if u64::from(made) < most {
        return Ok(());
    }
    Err(ApiError::Spent { said: format!("{made} of {allowed} calls were made") })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Api, PER_SECOND, Rate, month, within_month};

    proptest! {
        #[test]
        fn no_second_has_more_calls_than_dingtalk_takes(
            gaps in prop::collection::vec(0_u64..300, 1..200),
        ) {
            let (mut rate, mut now, mut made) = (Rate::default(), Duration::ZERO, Vec::new());
            for gap in gaps {
                now += Duration::from_millis(gap);
                // Whoever is told to wait does, and is then taken.
                if let Err(wait) = rate.take(Api::Todo, now) {
                    now += wait;
                    prop_assert_eq!(rate.take(Api::Todo, now), Ok(()));
                }
                made.push(now);
            }
            for window in made.windows(PER_SECOND + 1) {
                prop_assert!(window[PER_SECOND] > window[0] + Duration::from_secs(1));
            }
        }
    }

    #[test]
    fn each_call_has_a_rate_of_its_own_and_a_pause_holds_for_one() {
        let (mut rate, now) = (Rate::default(), Duration::from_secs(9));
        for _ in 0..PER_SECOND {
            rate.take(Api::Todo, now).expect("within the rate");
        }
        assert!(rate.take(Api::Todo, now).is_err());
        assert!(rate.take(Api::Calendar, now).is_ok());
        rate.pause(Api::Calendar, Duration::from_mins(1), now);
        let left = rate.take(Api::Calendar, now + Duration::from_secs(20));
        assert_eq!(left, Err(Duration::from_secs(40)));
        assert!(rate.take(Api::Calendar, now + Duration::from_mins(1)).is_ok());
    }

    #[test]
    fn the_month_is_chinas() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
        assert_eq!(month(at("2026-11-30T15:59:59Z")), 202_611);
        assert_eq!(month(at("2026-11-30T16:00:00Z")), 202_612);
    }

    #[test]
    fn what_can_be_left_out_leaves_the_last_tenth_of_a_month() {
        assert!(within_month(Api::CardUpdate, 4_499, 5_000).is_ok());
        assert!(within_month(Api::CardUpdate, 4_500, 5_000).is_err());
        assert!(within_month(Api::Workflow, 4_999, 5_000).is_ok());
        let spent = within_month(Api::Workflow, 5_000, 5_000).expect_err("used up");
        assert!(spent.to_string().contains("5000 of 5000"), "{spent}");
    }
}
