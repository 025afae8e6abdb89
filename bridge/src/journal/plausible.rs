//! Whether a wall clock may be believed before anything is forgotten by it.
//!
//! A Raspberry Pi has no clock of its own: after a power cut it wakes in the past, and one wrong
//! answer from a time server puts it years ahead. It does not set the clock or tell what time it is.

use std::time::Duration;

use pos_protocol::time::Timestamp;

/// No honest clock that runs this program shows less: 2026-11-01, when this was written.
pub(super) const EARLIEST_MS: i64 = 1_793_491_200_000;

/// A jump ahead of more than this, in milliseconds, is not the clock being trimmed: one day.
const LEAP_MS: i64 = 24 * 60 * 60 * 1000;

/// How long nothing is forgotten after a leap ahead, so that whoever can may set the clock right.
pub(super) const LEAP_REST: Duration = Duration::from_hours(24);

/// Watches a wall clock beside the one that never jumps.
#[derive(Clone, Debug, Default)]
pub(super) struct Trust {
    last: Option<Timestamp>,
    /// Monotonic time until which nothing is forgotten.
    rests_until: u64,
}

impl Trust {
    /// Whether wall times up to `now` may be believed. `newest_ms` is the wall time of the newest
    /// record in the journal.
    pub(super) fn judge(&mut self, now: Timestamp, newest_ms: Option<i64>) -> bool {
        let wall = now.wall.as_millisecond();
        let expected = match self.last {
            Some(last) => {
                let passed = now.mono.saturating_sub(last.mono) / 1_000_000;
                Some(last.wall.as_millisecond().saturating_add(passed as i64))
            }
            // A shop may be closed for weeks, but its box seldom: the first look is careful.
            None => newest_ms,
        };
        self.last = Some(now);
        if expected.is_some_and(|expected| wall.saturating_sub(expected) > LEAP_MS) {
            self.rests_until = now.mono.saturating_add(LEAP_REST.as_nanos() as u64);
        }
        wall >= EARLIEST_MS
            && newest_ms.is_none_or(|newest| wall >= newest)
            && now.mono >= self.rests_until
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::time::Timestamp;

    use super::{EARLIEST_MS, LEAP_REST, Trust};

    const HOUR_MS: i64 = 3_600_000;
    const NOON: i64 = EARLIEST_MS + 500 * HOUR_MS;

    fn at(mono_ms: i64, wall_ms: i64) -> Timestamp {
        Timestamp::new(mono_ms as u64 * 1_000_000, wall_ms)
    }

    #[test]
    fn a_clock_before_the_program_or_before_the_newest_record_is_not_believed() {
        assert!(Trust::default().judge(at(1, NOON), Some(NOON)));
        assert!(!Trust::default().judge(at(1, NOON - 1), Some(NOON)));
        assert!(!Trust::default().judge(at(1, EARLIEST_MS - 1), None));
    }

    #[test]
    fn a_leap_ahead_is_believed_only_after_a_day() {
        let day = LEAP_REST.as_millis() as i64;
        let mut trust = Trust::default();
        assert!(trust.judge(at(0, NOON), Some(NOON)));
        let leap = NOON + 400 * 24 * HOUR_MS;
        assert!(!trust.judge(at(1, leap), Some(NOON)));
        assert!(!trust.judge(at(day, leap + day - 1), Some(leap)), "records do not vouch for it");
        assert!(trust.judge(at(day + 1, leap + day), Some(leap)));
    }

    #[test]
    fn a_box_that_was_off_for_a_week_waits_a_day_and_one_that_ran_does_not() {
        let week = 7 * 24 * HOUR_MS;
        assert!(!Trust::default().judge(at(0, NOON + week), Some(NOON)));
        let mut ran = Trust::default();
        assert!(ran.judge(at(0, NOON), Some(NOON)));
        assert!(ran.judge(at(week, NOON + week), Some(NOON)));
    }
}
