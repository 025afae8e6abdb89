//! Compares the time on a receipt with the time it was seen.
//!
//! A till prints local time and says no zone, so only what no zone explains is called wrong. In a
//! captured file all bytes carry the time of reading it, which says nothing.

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};

use crate::event::PrintedAt;

/// The zone that is furthest ahead of UTC.
const FURTHEST_AHEAD: i8 = 14;
/// The zone that is furthest behind it.
const FURTHEST_BEHIND: i8 = -12;
/// A till's clock may run ahead by this without being worth a word: 10 min in seconds.
const TOLERANCE_S: i64 = 600;
/// A receipt older than that was not printed when it was sold: 24 h.
const OLD: SignedDuration = SignedDuration::from_hours(24);

/// Why `printed` cannot be right for paper that was seen at `seen`.
pub(super) fn implausible(printed: PrintedAt, seen: Timestamp) -> Option<&'static str> {
    let local = |hours| Offset::constant(hours).to_datetime(seen);
    let (latest, earliest) = (local(FURTHEST_AHEAD), local(FURTHEST_BEHIND));
    let (first, last) = match printed {
        PrintedAt::DateTime(at) => (at, at),
        PrintedAt::Date(day) => {
            (day.to_datetime(civil::Time::MIN), day.to_datetime(civil::Time::MAX))
        }
    };
    let ahead = latest.saturating_add(SignedDuration::from_secs(TOLERANCE_S));
    if first > ahead {
        Some("future")
    } else if last < earliest.saturating_sub(OLD) {
        Some("more than a day old")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::implausible;
    use crate::event::PrintedAt;

    fn said(printed: &str) -> Option<&'static str> {
        let seen = "2026-11-21T04:00:00Z".parse().expect("a time");
        let printed: PrintedAt =
            serde_json::from_str(&format!("\"{printed}\"")).expect("a local time");
        implausible(printed, seen)
    }

    #[test]
    fn what_some_zone_explains_is_not_called_wrong() {
        for printed in ["2026-11-21T12:00:00", "2026-11-20T16:00:00", "2026-11-21", "2026-11-20"] {
            assert_eq!(said(printed), None, "{printed}");
        }
    }

    #[test]
    fn a_clock_far_off_is() {
        assert_eq!(said("2026-11-22T12:00:00"), Some("future"));
        assert_eq!(said("2027-11-21"), Some("future"));
        assert_eq!(said("2026-11-19T12:00:00"), Some("more than a day old"));
        assert_eq!(said("2020-01-01"), Some("more than a day old"));
    }
}
