//! The time stamps that come with records. Nothing here can ask what time it is.

use serde::{Deserialize, Serialize};

/// When a record was taken off the wire, by two clocks.
///
/// Durations (idle, kick windows) are differences of `mono`; what people read comes from `wall`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timestamp {
    /// Nanoseconds of a clock that never jumps, from an origin of the capturing machine's choice
    /// (on Linux: `CLOCK_BOOTTIME`).
    pub mono: u64,
    /// Wall time in UTC, as good as the machine's clock.
    pub wall: jiff::Timestamp,
}

impl Timestamp {
    /// The time stamp `mono` nanoseconds and `wall_ms` milliseconds after their origins.
    ///
    /// A `wall_ms` outside years -9999..=9999 is clamped to the nearest representable time.
    pub fn new(mono: u64, wall_ms: i64) -> Self {
        let wall = jiff::Timestamp::from_millisecond(wall_ms).unwrap_or(if wall_ms < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        Self { mono, wall }
    }

    /// The same instant, `nanos` later on the monotonic clock and on the wall.
    #[must_use]
    pub fn later(self, nanos: u64) -> Self {
        let span = jiff::SignedDuration::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX));
        Self {
            mono: self.mono.saturating_add(nanos),
            wall: self.wall.saturating_add(span).unwrap_or(jiff::Timestamp::MAX),
        }
    }

    /// RFC 3339 in UTC with millisecond precision: `2026-11-21T04:01:22.120Z`.
    pub fn rfc3339(self) -> String {
        format!("{:.3}", self.wall)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn wall_time_prints_as_rfc_3339_in_utc() {
        let at = Timestamp::new(0, 1_700_000_000_120);
        assert_eq!(at.rfc3339(), "2023-11-14T22:13:20.120Z");
    }

    #[test]
    fn later_moves_both_clocks() {
        let at = Timestamp::new(5, 1_000).later(2_000_000);
        assert_eq!((at.mono, at.wall.as_millisecond()), (2_000_005, 1_002));
    }

    #[test]
    fn a_wall_clock_gone_mad_is_clamped() {
        assert_eq!(Timestamp::new(0, i64::MAX).wall, jiff::Timestamp::MAX);
    }
}
