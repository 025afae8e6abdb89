//! The shops' local time: fixed offsets, because no simulated shop changes its clocks.
//!
//! Hong Kong has had no summer time since 1979; London is taken as it is in winter.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, offset};

const HONG_KONG: Offset = offset(8);

/// The Hong Kong time at `ms` since the Unix epoch, in whole seconds as tills print it.
pub fn local_time(ms: i64) -> DateTime {
    let at = jiff::Timestamp::from_second(ms.div_euclid(1_000)).unwrap_or_default();
    HONG_KONG.to_datetime(at)
}

/// Milliseconds since the Unix epoch at the Hong Kong time `at`.
pub fn epoch_ms(at: DateTime) -> i64 {
    epoch(at, HONG_KONG)
}

/// Milliseconds since the Unix epoch at the local time `at`, `hours` ahead of UTC.
pub fn epoch_ms_at(at: DateTime, hours: i8) -> i64 {
    epoch(at, offset(hours))
}

fn epoch(at: DateTime, ahead: Offset) -> i64 {
    let zoned = at.to_zoned(TimeZone::fixed(ahead));
    zoned.map_or(0, |at| at.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{epoch_ms, local_time};

    #[test]
    fn local_time_and_back_is_the_same_second() {
        let at = local_time(1_700_000_000_999);
        assert_eq!(at.to_string(), "2023-11-15T06:13:20");
        assert_eq!(epoch_ms(at), 1_700_000_000_000);
    }
}
