//! When something happened, as the shop counts: local time and business day.
//!
//! It reads no clock. The till's own time counts where it can be right; a till whose clock is off is
//! believed no more than the machine that heard it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pos_protocol::event::{Event, PrintedAt};

/// Further than this from when it was heard, a printed time is a clock that is wrong or a copy of an
/// old paper: a night's spooled print is less.
const BELIEVED: SignedDuration = SignedDuration::from_hours(36);

/// A moment of a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Local time.
    pub local: DateTime,
    /// The business day that it belongs to: before `day_ends` it is still the day before.
    pub day: Date,
}

impl Moment {
    /// When `event` happened; `None` where it says no time at all, which no event of this program
    /// does.
    pub fn of(event: &Event, zone: &TimeZone, day_ends: Time) -> Option<Self> {
        let heard: Timestamp = event.observed_at.parse().ok()?;
        let heard = heard.to_zoned(zone.clone()).datetime();
        let printed = event.receipt.as_ref().and_then(|receipt| receipt.printed_at);
        let local = match printed {
            Some(PrintedAt::DateTime(printed)) if is_near(printed, heard) => printed,
            _ => heard,
        };
        Some(Self::at(local, day_ends))
    }

    /// A local time as a moment.
    pub fn at(local: DateTime, day_ends: Time) -> Self {
        let early = local.time() < day_ends;
        let day = if early { local.date().yesterday() } else { Ok(local.date()) };
        // The calendar's first day has no day before it.
        Self { local, day: day.unwrap_or(local.date()) }
    }
}

fn is_near(printed: DateTime, heard: DateTime) -> bool {
    printed.duration_until(heard).abs() <= BELIEVED
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use jiff::tz::TimeZone;
    use pos_protocol::event::{PrintedAt, Receipt};

    use super::Moment;
    use crate::shop::samples;

    #[test]
    fn a_sale_after_midnight_belongs_to_the_day_before_until_the_day_ends() {
        let ends = time(4, 0, 0, 0);
        let day = |hour, minute| Moment::at(date(2026, 11, 22).at(hour, minute, 0, 0), ends).day;
        assert_eq!(day(3, 59), date(2026, 11, 21));
        assert_eq!(day(4, 0), date(2026, 11, 22));
        assert_eq!(day(23, 59), date(2026, 11, 22));
    }

    #[test]
    fn the_tills_time_counts_unless_its_clock_is_off() {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        let local = |printed: &str| {
            let mut event = samples::sale("1001");
            let printed_at = Some(PrintedAt::DateTime(printed.parse().expect("a time")));
            event.observed_at = "2026-11-21T16:30:00.000Z".into();
            event.receipt = Some(Receipt { printed_at, ..Receipt::default() });
            Moment::of(&event, &zone, time(4, 0, 0, 0)).expect("a time").local.to_string()
        };
        assert_eq!(local("2026-11-21T23:58:00"), "2026-11-21T23:58:00");
        assert_eq!(local("2020-01-01T00:00:00"), "2026-11-22T00:30:00");
    }
}
