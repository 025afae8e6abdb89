//! The shops' local time: Hong Kong, which has had no summer time since 1979.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, offset};

const HONG_KONG: Offset = offset(8);

/// The local time at `ms` since the Unix epoch, in whole seconds as tills print it.
pub fn local_time(ms: i64) -> DateTime {
    let at = jiff::Timestamp::from_second(ms.div_euclid(1_000)).unwrap_or_default();
    HONG_KONG.to_datetime(at)
}

/// Milliseconds since the Unix epoch at the local time `at`.
pub fn epoch_ms(at: DateTime) -> i64 {
    let zoned = at.to_zoned(TimeZone::fixed(HONG_KONG));
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
