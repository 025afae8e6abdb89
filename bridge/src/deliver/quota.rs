//! The month's calls: how many are left, how many will be used, and how far apart ordinary messages
//! must be so that they last. Pure: now, the calls made and the quota in, a [`Purse`] out.
//!
//! Urgent notices are never asked for a place in it: it keeps a reserve for them, and one for calls
//! that have to be made again.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use pos_protocol::event::Kind;

use crate::config::{Config, Hours, Robot};
use crate::journal::Calls;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// Share of the quota that is kept for urgent notices where few were seen, in percent.
const URGENT_PERCENT: u64 = 10;

/// How many times the urgent calls of an ordinary week are kept, in percent: weeks differ.
const URGENT_MARGIN_PERCENT: u64 = 150;

/// Share of the quota that is kept for calls that have to be made again, in percent: a storm of 5xx,
/// a connection that broke, a clock that was refused.
const REPEAT_PERCENT: u64 = 10;

/// Most messages that calls made again put off the next one by: what they cost is saved, but not at
/// once.
const MAX_DEBT: i64 = 1;

/// The quota is near when this share of it is used, in percent.
const NEAR_PERCENT: u64 = 90;

/// A forecast is believed once calls were seen for this long, in milliseconds: a first lunch says
/// little about a month.
const MIN_SEEN_MS: i64 = DAY_MS;

/// Hours a day in which a shop sells that has not said when it is open, in milliseconds.
const TRADING_MS: i64 = 12 * HOUR_MS;

/// Share of a day's calls that may go at once rather than spaced, one in so many.
const BURST_SHARE: u64 = 3;

/// Most calls in a row, whatever the quota.
const MAX_BURST: u64 = 40;

/// Once nothing is left, ordinary sales are told this far apart, in milliseconds: once a day, so
/// that nobody takes silence for a shop without sales.
const MAX_SPACING_MS: i64 = DAY_MS;

/// A calendar month of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its name, `2026-11`, as a number: 202611.
    pub name: i64,
    /// Its first moment, wall time in milliseconds.
    pub start_ms: i64,
    /// The first moment of the next one.
    pub end_ms: i64,
}

/// The month that `now_ms` lies in, in the shop's time zone.
pub fn month(now_ms: i64, zone: &TimeZone) -> Month {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    let date = now.to_zoned(zone.clone()).date();
    let first = date.first_of_month();
    let at = |date: DateTime| {
        let zoned = date.to_zoned(zone.clone());
        zoned.map_or(now_ms, |zoned| zoned.timestamp().as_millisecond())
    };
    let next = first.checked_add(1.month()).unwrap_or(first);
    Month {
        name: i64::from(first.year()) * 100 + i64::from(first.month()),
        start_ms: at(first.to_datetime(jiff::civil::Time::midnight())),
        end_ms: at(next.to_datetime(jiff::civil::Time::midnight())),
    }
}

/// Milliseconds of a day in which the shop sells.
pub(super) fn trading_ms(hours: Option<Hours>) -> i64 {
    let Some(Hours { from, to }) = hours else { return TRADING_MS };
    let open = from
        .until(to)
        .map_or(0, |span| span.total(jiff::Unit::Millisecond).map_or(0, |ms| ms as i64));
    let open = if open <= 0 { open + DAY_MS } else { open };
    open.clamp(HOUR_MS, DAY_MS)
}

/// Calls by the month's end if it goes on as in the last seven days.
pub fn forecast(now_ms: i64, month: Month, calls: Calls) -> u64 {
    let left_ms = (month.end_ms - now_ms).max(0);
    calls.month + per_span(calls.week, seen_ms(now_ms, calls), left_ms)
}

/// What a person should be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// The forecast passes the quota.
    Forecast,
    /// Nine tenths are used.
    Used,
}

/// Whether the month's calls will not do.
pub fn near(now_ms: i64, month: Month, calls: Calls, quota: u32) -> Option<Near> {
    let quota = u64::from(quota);
    if calls.month * 100 >= quota * NEAR_PERCENT {
        return Some(Near::Used);
    }
    let seen = calls.first_ms.is_some_and(|first| now_ms - first >= MIN_SEEN_MS);
    (seen && forecast(now_ms, month, calls) > quota).then_some(Near::Forecast)
}

/// What ordinary messages of one queue may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Purse {
    /// Messages that may go now.
    pub(super) credit: usize,
    /// When the next one may, where none may now; wall time in milliseconds.
    pub(super) next_ms: i64,
    /// Distance of messages that go on for the rest of the month, in milliseconds.
    pub(super) spacing_ms: i64,
    /// What is left is kept for urgent notices.
    pub(super) spent: bool,
}

/// What a purse is filled from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means<'a> {
    /// The month.
    pub(super) month: Month,
    /// The organisation's calls.
    pub(super) calls: Calls,
    /// The organisation's quota.
    pub(super) quota: u32,
    /// Milliseconds of a day in which the shop sells.
    pub(super) trading_ms: i64,
    /// Queues that share the quota.
    pub(super) shares: usize,
    /// When this queue's ordinary calls of the last day started, oldest first.
    pub(super) ordinary_ms: &'a [i64],
}

/// Queues that ordinary sales go to: they share the month.
pub(super) fn shares(config: &Config) -> usize {
    let told = |robot: &&Robot| robot.pool.is_none() && robot.notices.contains(&Kind::Sale);
    config.robots.iter().filter(told).count().max(1)
}

/// Fills the purse of one queue.
pub(super) fn purse(now_ms: i64, means: &Means<'_>) -> Purse {
    let left_ms = (means.month.end_ms - now_ms).max(HOUR_MS);
    let quota = u64::from(means.quota);
    let month_ms = (means.month.end_ms - means.month.start_ms).max(1) as u64;
    let kept = |percent: u64| quota * percent / 100 * left_ms as u64 / month_ms;
    let week = per_span(means.calls.week_urgent, seen_ms(now_ms, means.calls), left_ms);
    let urgent = kept(URGENT_PERCENT).max(week * URGENT_MARGIN_PERCENT / 100);
    let reserve = urgent + kept(REPEAT_PERCENT);
    let left = quota.saturating_sub(means.calls.month).saturating_sub(reserve);
    let share = left / means.shares.max(1) as u64;
    // The last hours of a month are not a reason to spend it all at once.
    let a_day = share * DAY_MS as u64 / left_ms.max(DAY_MS) as u64;
    if a_day == 0 {
        let spacing_ms = MAX_SPACING_MS;
        return fill(now_ms, means.ordinary_ms, spacing_ms, 1, true);
    }
    let burst = (a_day / BURST_SHARE).clamp(1, MAX_BURST);
    let spaced = a_day.saturating_sub(burst).max(1);
    let spacing_ms = (means.trading_ms / spaced as i64).clamp(1, MAX_SPACING_MS);
    fill(now_ms, means.ordinary_ms, spacing_ms, burst as usize, false)
}

/// A bucket of `burst` messages that gains one every `spacing_ms`, after what was sent.
fn fill(now_ms: i64, sent_ms: &[i64], spacing_ms: i64, burst: usize, spent: bool) -> Purse {
    // When the bucket is full again. It is hardly emptier than empty: what went under a narrower
    // spacing is no debt under a wider one, or a day that grows busier would wait for ever.
    let debt = if spent { 0 } else { MAX_DEBT };
    let deepest_ms = spacing_ms.saturating_mul(burst as i64 + debt);
    let full_ms = sent_ms.iter().fold(i64::MIN, |full: i64, at| {
        full.max(*at).saturating_add(spacing_ms).min(at.saturating_add(deepest_ms))
    });
    let missing_ms = full_ms.saturating_sub(now_ms).max(0);
    let missing = (missing_ms as u64).div_ceil(spacing_ms as u64) as usize;
    let next_ms = full_ms.saturating_sub((burst as i64 - 1) * spacing_ms).max(now_ms);
    Purse { credit: burst.saturating_sub(missing), next_ms, spacing_ms, spent }
}

/// How much of the last seven days calls were made in; at least a day.
fn seen_ms(now_ms: i64, calls: Calls) -> i64 {
    calls.first_ms.map_or(DAY_MS, |first| (now_ms - first).clamp(DAY_MS, 7 * DAY_MS))
}

fn per_span(count: u64, seen_ms: i64, span_ms: i64) -> u64 {
    (u128::from(count) * span_ms as u128).div_ceil(seen_ms as u128) as u64
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::{
        DAY_MS, HOUR_MS, MAX_DEBT, Means, Month, Near, TRADING_MS, forecast, month, near, purse,
        trading_ms,
    };
    use crate::config::Hours;
    use crate::journal::Calls;

    /// 2026-11-01 00:00 in Hong Kong.
    const NOVEMBER: i64 = 1_793_462_400_000;
    const MONTH: Month =
        Month { name: 202_611, start_ms: NOVEMBER, end_ms: NOVEMBER + 30 * DAY_MS };

    fn means(calls: Calls, ordinary_ms: &[i64]) -> Means<'_> {
        let trading_ms = TRADING_MS;
        Means { month: MONTH, calls, quota: 3_000, trading_ms, shares: 1, ordinary_ms }
    }

    #[test]
    fn a_month_is_the_shops_own() {
        let hong_kong = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        assert_eq!(month(NOVEMBER, &hong_kong), MONTH);
        assert_eq!(month(MONTH.end_ms - 1, &hong_kong), MONTH);
        assert_eq!(month(NOVEMBER - 1, &hong_kong).name, 202_610);
        let december = month(MONTH.end_ms, &hong_kong);
        assert_eq!((december.name, december.end_ms - december.start_ms), (202_612, 31 * DAY_MS));
        assert_eq!(month(NOVEMBER, &TimeZone::UTC).name, 202_610);
    }

    #[test]
    fn a_bar_that_closes_after_midnight_is_open_for_hours() {
        let hours = |from, to| trading_ms(Some(Hours { from, to }));
        assert_eq!(hours(time(11, 0, 0, 0), time(22, 30, 0, 0)), 11 * HOUR_MS + HOUR_MS / 2);
        assert_eq!(hours(time(18, 0, 0, 0), time(3, 0, 0, 0)), 9 * HOUR_MS);
        assert_eq!(hours(time(8, 0, 0, 0), time(8, 0, 0, 0)), DAY_MS);
        assert_eq!(trading_ms(None), 12 * HOUR_MS);
    }

    #[test]
    fn a_person_is_told_of_a_month_that_will_not_do_and_again_when_it_nearly_has_not() {
        let now = NOVEMBER + 10 * DAY_MS;
        let calls =
            |month, week| Calls { month, week, week_urgent: 0, first_ms: Some(now - 7 * DAY_MS) };
        assert_eq!(forecast(now, MONTH, calls(1_000, 700)), 3_000);
        assert_eq!(near(now, MONTH, calls(1_000, 700), 3_000), None);
        assert_eq!(near(now, MONTH, calls(1_001, 700), 3_000), Some(Near::Forecast));
        assert_eq!(near(now, MONTH, calls(2_700, 0), 3_000), Some(Near::Used));
        let first = Calls { first_ms: Some(now - DAY_MS / 2), ..calls(200, 200) };
        assert_eq!(near(now, MONTH, first, 3_000), None, "one lunch is no month");
    }

    #[test]
    fn a_quiet_shop_is_told_of_every_sale_and_a_busy_one_in_digests() {
        let now = NOVEMBER + 12 * HOUR_MS;
        let fresh = purse(now, &means(Calls::default(), &[]));
        assert!(fresh.credit >= 20 && !fresh.spent, "{fresh:?}");
        let sent: Vec<i64> = (0..60).map(|n| now - n * 60_000).rev().collect();
        let busy = purse(now, &means(Calls { month: 60, ..Calls::default() }, &sent));
        assert_eq!(busy.credit, 0);
        assert!(busy.next_ms > now && busy.spacing_ms > 10 * 60_000, "{busy:?}");
    }

    #[test]
    fn a_spacing_that_widens_makes_no_debt_of_what_was_sent() {
        let now = NOVEMBER + 12 * HOUR_MS;
        let sent: Vec<i64> = (0..40).map(|n| now - (40 - n) * 60_000).collect();
        let calls = Calls { month: 100, week_urgent: 40, ..Calls::default() };
        let purse = purse(now, &means(calls, &sent));
        let next_ms = sent[39] + purse.spacing_ms * (1 + MAX_DEBT);
        assert_eq!(purse.next_ms, next_ms, "{purse:?}");
    }

    #[test]
    fn digests_widen_as_the_month_is_used_up_and_end_at_one_a_day() {
        let now = NOVEMBER + 15 * DAY_MS;
        let spacing =
            |used| purse(now, &means(Calls { month: used, ..Calls::default() }, &[])).spacing_ms;
        let widths = [0, 1_000, 2_000, 2_700].map(spacing);
        assert!(widths.windows(2).all(|pair| pair[0] < pair[1]), "{widths:?}");
        let gone = purse(now, &means(Calls { month: 2_850, ..Calls::default() }, &[now - HOUR_MS]));
        assert_eq!((gone.credit, gone.next_ms, gone.spent), (0, now + 23 * HOUR_MS, true));
        let over = purse(now, &means(Calls { month: 9_000, ..Calls::default() }, &[]));
        assert_eq!((over.credit, over.spent), (1, true));
    }

    #[test]
    fn queues_share_the_month_evenly() {
        let now = NOVEMBER + 15 * DAY_MS;
        let alone = means(Calls::default(), &[]);
        let [one, two] = [1, 2].map(|shares| purse(now, &Means { shares, ..alone }).spacing_ms);
        assert!(two >= 2 * one - 60_000, "{one} {two}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// A shop that always has sales waiting, over a whole month, with urgent notices between.
        #[test]
        fn the_calls_of_a_greedy_shop_last_to_the_months_end(
            quota in 200_u32..4_000, urgent_a_day in 0_i64..6, from_day in 0_i64..29,
        ) {
            let mut now = NOVEMBER + from_day * DAY_MS;
            let mut sent = Vec::<(i64, bool)>::new();
            while now < MONTH.end_ms {
                let since = |ms: i64| sent.partition_point(|call| call.0 < now - ms);
                let week = &sent[since(7 * DAY_MS)..];
                let calls = Calls {
                    month: sent.len() as u64,
                    week: week.len() as u64,
                    week_urgent: week.iter().filter(|call| call.1).count() as u64,
                    first_ms: week.first().map(|call| call.0),
                };
                let day = &sent[since(DAY_MS)..];
                let ordinary: Vec<i64> =
                    day.iter().filter(|call| !call.1).map(|call| call.0).collect();
                let purse = purse(now, &Means { quota, ..means(calls, &ordinary) });
                let today = sent[since((now - NOVEMBER) % DAY_MS)..].iter();
                if (today.filter(|call| call.1).count() as i64) < urgent_a_day {
                    sent.push((now, true));
                } else if purse.credit > 0 {
                    prop_assert_eq!(purse.next_ms, now);
                    sent.push((now, false));
                } else {
                    prop_assert!(purse.next_ms > now);
                }
                now += (purse.next_ms - now).clamp(60_000, HOUR_MS);
            }
            let spare = i64::from(quota) - urgent_a_day * 30;
            prop_assert!(sent.len() as u64 <= u64::from(quota) || spare < 60, "{} calls", sent.len());
            if from_day < 20 {
                prop_assert!(sent.len() as u64 >= u64::from(quota).min(2_000) / 4, "{} calls", sent.len());
            }
        }
    }
}
