//! Which tills print times that are off. Pure.
//!
//! One receipt proves nothing: a copy of yesterday's is a day old. Three in a row that are off the
//! same way are a clock; a receipt from the future is one at once, since nothing else explains it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Kind, PrintedAt};

use crate::alarm::Alarm;

/// A till may be off by this without being worth a word: ten minutes in seconds.
const TOLERANCE_S: i64 = 600;
/// Receipts in a row that make a clock of it.
const RECEIPTS: u32 = 3;

/// A till's latest receipts.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// How many in a row were off.
    count: u32,
    /// Whether they were ahead.
    ahead: bool,
}

/// The tills' clocks.
#[derive(Clone, Debug, Default)]
pub(super) struct TillClock {
    rows: BTreeMap<String, Row>,
}

impl TillClock {
    /// What an event says about its till's clock; `zone` is the shop's.
    pub(super) fn judge(&mut self, event: &Event, zone: &TimeZone) -> Option<Alarm> {
        if !matches!(event.kind, Kind::Sale | Kind::Refund) {
            return None;
        }
        let off_s = off_s(event, zone)?;
        let row = self.rows.entry(event.source.clone()).or_default();
        if off_s.abs() <= TOLERANCE_S {
            *row = Row::default();
            return None;
        }
        let ahead = off_s > 0;
        let count = if row.ahead == ahead { row.count + 1 } else { 1 };
        *row = Row { count, ahead };
        let certain = ahead && is_implausible(event);
        (certain || count >= RECEIPTS)
            .then(|| Alarm::TillClock { source: event.source.clone(), off_s })
    }
}

/// Seconds that the till was ahead when it printed; nothing where it says no time of day and the
/// day can be right.
fn off_s(event: &Event, zone: &TimeZone) -> Option<i64> {
    let seen: jiff::Timestamp = event.observed_at.parse().ok()?;
    let seen = seen.to_zoned(zone.clone()).datetime();
    match event.receipt.as_ref()?.printed_at? {
        PrintedAt::DateTime(printed) => Some(printed.duration_since(seen).as_secs()),
        PrintedAt::Date(day) if is_implausible(event) => {
            Some(day.at(seen.hour(), seen.minute(), 0, 0).duration_since(seen).as_secs())
        }
        PrintedAt::Date(_) => Some(0),
    }
}

/// The decoder, which knows no zone, says that no zone explains it.
fn is_implausible(event: &Event) -> bool {
    let found = event.evidence.as_ref().map_or(&[][..], |evidence| &evidence.diagnostics);
    found.iter().any(|diagnostic| diagnostic.code == Code::PrintedAtImplausible)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use pos_protocol::event::Event;
    use serde_json::json;

    use super::TillClock;
    use crate::alarm::Alarm;

    /// A sale seen at noon in Hong Kong.
    fn sale(kind: &str, printed: &str, implausible: bool) -> Event {
        let diagnostics = if implausible {
            json!([{ "code": "printed-at-implausible", "start": 0, "end": 1 }])
        } else {
            json!([])
        };
        serde_json::from_value(json!({
            "schema": 1, "id": "1a2b3c4d5e6f708192a3b4c5d6e7f809", "source": "till",
            "observed_at": "2026-11-21T04:00:00.000Z", "kind": kind,
            "receipt": { "printed_at": printed },
            "evidence": { "session": "s", "start": 0, "end": 1, "profile": "auto",
                "dialect": "escpos", "encoding": "utf-8", "fields": {}, "diagnostics": diagnostics }
        }))
        .expect("an event")
    }

    fn judge(clock: &mut TillClock, kind: &str, printed: &str, implausible: bool) -> Option<i64> {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a known zone");
        clock.judge(&sale(kind, printed, implausible), &zone).map(|alarm| match alarm {
            Alarm::TillClock { off_s, .. } => off_s,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn three_receipts_that_are_off_the_same_way_are_a_wrong_clock() {
        let mut clock = TillClock::default();
        let mut sale = |printed: &str| judge(&mut clock, "sale", printed, false);
        assert_eq!(sale("2026-11-21T10:00:00"), None);
        assert_eq!(sale("2026-11-21T10:00:00"), None);
        assert_eq!(sale("2026-11-21T12:05:00"), None, "within tolerance: over");
        assert_eq!(sale("2026-11-21T10:00:00"), None);
        assert_eq!(sale("2026-11-21T14:00:00"), None, "the other way");
        assert_eq!(sale("2026-11-21T10:00:00"), None);
        assert_eq!(sale("2026-11-21T10:00:00"), None);
        assert_eq!(sale("2026-11-21T10:00:00"), Some(-7_200));
        assert_eq!(judge(&mut clock, "reprint", "2026-11-20T10:00:00", false), None, "a copy");
    }

    #[test]
    fn a_receipt_from_the_future_is_enough_and_an_old_one_is_not() {
        let mut clock = TillClock::default();
        assert_eq!(judge(&mut clock, "sale", "2026-11-01T12:00:00", true), None);
        assert_eq!(judge(&mut clock, "sale", "2026-11-22T12:00:00", true), Some(86_400));
        assert_eq!(judge(&mut clock, "sale", "2026-11-21", false), None, "a day alone");
        assert_eq!(judge(&mut clock, "sale", "2026-11-24", true), Some(259_200));
    }
}
