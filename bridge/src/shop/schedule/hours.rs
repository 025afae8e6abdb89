//! When the shop opens and closes on a business day. Reads the configuration, and no clock.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use crate::config::{Config, Hours, OccasionKind};

/// When people who said no hours read what a day brought.
const MORNING: Time = Time::constant(8, 0, 0, 0);

/// The doors on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shop) enum Doors {
    /// Nobody said when they are open, or they always are.
    Unsaid,
    Closed,
    Open(Hours),
}

pub(in crate::shop) fn doors(config: &Config, day: Date) -> Doors {
    let holiday = config.calendar.iter().find_map(|occasion| match occasion.kind {
        OccasionKind::Holiday { hours } if occasion.covers(day) => Some(hours),
        _ => None,
    });
    // A shop that never closes has no moment of closing.
    let usual = config.shop.hours.filter(|hours| hours.from != hours.to);
    match (holiday, usual) {
        (Some(None), _) => Doors::Closed,
        (Some(Some(hours)), _) | (None, Some(hours)) => Doors::Open(hours),
        (None, None) => Doors::Unsaid,
    }
}

/// When the shop opens on `day`; nothing where it is closed.
pub fn opening(config: &Config, day: Date) -> Option<DateTime> {
    let from = match doors(config, day) {
        Doors::Closed => return None,
        Doors::Open(hours) => hours.from,
        Doors::Unsaid => MORNING,
    };
    Some(at(config, day, from))
}

/// When the shop closes on `day`; nothing where no hours were said or it is closed.
pub fn closing(config: &Config, day: Date) -> Option<DateTime> {
    let Doors::Open(hours) = doors(config, day) else { return None };
    let closes = at(config, day, hours.to);
    let next = i64::from(hours.to < hours.from);
    let date = day.checked_add(next.days()).ok()?;
    // A day ends at its end, however late the shop is open.
    Some(closes.max(date.to_datetime(hours.to)).min(end(config, day)))
}

/// When a business day ends.
pub(super) fn end(config: &Config, day: Date) -> DateTime {
    day.tomorrow().unwrap_or(day).to_datetime(config.shop.day_ends)
}

/// `time` of the business day `day`: before its end it is on the calendar's next day.
fn at(config: &Config, day: Date, time: Time) -> DateTime {
    let date = if time < config.shop.day_ends { day.tomorrow().unwrap_or(day) } else { day };
    date.to_datetime(time)
}
