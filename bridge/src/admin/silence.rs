//! Which sources say nothing although the shop is open. Pure.
//!
//! A shop that has not said when it is open is never called silent: nobody knows what is normal
//! there. The hours hold for every day; a weekly day off costs its alarms once a shift.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::alarm::Alarm;
use crate::config::Hours;

/// Silence that is worth a word, in opening hours: two hours in milliseconds. A quiet afternoon has
/// an hour without a receipt.
const SILENT_MS: i64 = 2 * 60 * 60 * 1000;

/// A source that has said nothing for longer than this is out of use, and was told of before: seven
/// days, so that a week's holiday is the longest that is asked about.
const OUT_OF_USE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// One source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ear {
    bytes: u64,
    heard_ms: i64,
}

/// What is known of every source.
#[derive(Clone, Debug, Default)]
pub(super) struct Silence {
    ears: BTreeMap<String, Ear>,
}

impl Silence {
    /// What the journal knows at the start: a source was heard last at `heard_ms`.
    pub(super) fn heard(&mut self, source: &str, bytes: u64, heard_ms: i64) {
        self.ears.insert(source.to_owned(), Ear { bytes, heard_ms });
    }

    /// The sources that are silent at `now_ms`; `bytes` are those of each that are on disk.
    pub(super) fn judge(
        &mut self,
        now_ms: i64,
        bytes: &BTreeMap<String, u64>,
        hours: Option<Hours>,
        zone: &TimeZone,
    ) -> Vec<Alarm> {
        for (source, bytes) in bytes {
            let ear = self.ears.entry(source.clone()).or_default();
            if ear.bytes != *bytes {
                *ear = Ear { bytes: *bytes, heard_ms: now_ms };
            }
        }
        let local = Timestamp::from_millisecond(now_ms).unwrap_or_default().to_zoned(zone.clone());
        let Some(hours) = hours.filter(|hours| hours.contains(local.time())) else {
            return Vec::new();
        };
        // Silence begins when the shop opens: a night is none.
        let open_ms = opened_ms(&local, hours);
        let silent = |ear: &Ear| {
            now_ms - ear.heard_ms.max(open_ms) >= SILENT_MS && now_ms - ear.heard_ms < OUT_OF_USE_MS
        };
        self.ears
            .iter()
            .filter(|(source, ear)| bytes.contains_key(*source) && silent(ear))
            .map(|(source, ear)| Alarm::SourceSilent {
                source: source.clone(),
                since_ms: ear.heard_ms,
            })
            .collect()
    }
}

/// When the shop opened that is open now; one that never closes opened long ago.
fn opened_ms(now: &Zoned, hours: Hours) -> i64 {
    if hours.from == hours.to {
        return i64::MIN;
    }
    let today = now.datetime().with().time(hours.from).build().ok();
    let opened = today.and_then(|today| {
        let late = today > now.datetime();
        let day = if late { today.checked_sub(1.day()).ok()? } else { today };
        day.to_zoned(now.time_zone().clone()).ok()
    });
    opened.map_or(i64::MIN, |opened| opened.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::time;
    use jiff::tz::TimeZone;

    use super::Silence;
    use crate::alarm::Alarm;
    use crate::config::Hours;

    const HOURS: Hours = Hours { from: time(11, 0, 0, 0), to: time(22, 30, 0, 0) };

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().expect("a time").as_millisecond()
    }

    fn look(silence: &mut Silence, now: &str, bytes: u64, hours: Option<Hours>) -> Vec<Alarm> {
        let bytes = BTreeMap::from([("till".to_owned(), bytes)]);
        silence.judge(at(now), &bytes, hours, &TimeZone::UTC)
    }

    #[test]
    fn a_port_that_spoke_yesterday_and_not_today_is_told_two_hours_after_opening() {
        let mut silence = Silence::default();
        let yesterday = at("2026-11-20T21:00:00Z");
        silence.heard("till", 7, yesterday);
        for now in ["2026-11-21T03:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:59:00Z"] {
            assert_eq!(look(&mut silence, now, 7, Some(HOURS)), [], "{now}");
        }
        let told = look(&mut silence, "2026-11-21T13:00:00Z", 7, Some(HOURS));
        assert_eq!(told, [Alarm::SourceSilent { source: "till".into(), since_ms: yesterday }]);
        assert_eq!(look(&mut silence, "2026-11-21T13:01:00Z", 8, Some(HOURS)), [], "it speaks");
        assert_eq!(look(&mut silence, "2026-11-21T15:00:00Z", 8, Some(HOURS)), []);
        assert_eq!(look(&mut silence, "2026-11-21T15:01:00Z", 8, Some(HOURS)).len(), 1);
        assert_eq!(look(&mut silence, "2026-11-21T22:30:00Z", 8, Some(HOURS)), [], "closed");
    }

    #[test]
    fn nobody_is_asked_about_a_port_that_is_out_of_use_or_a_shop_without_hours() {
        let mut silence = Silence::default();
        silence.heard("till", 7, at("2026-11-01T12:00:00Z"));
        assert_eq!(look(&mut silence, "2026-11-21T21:00:00Z", 7, Some(HOURS)), [], "out of use");
        silence.heard("till", 7, at("2026-11-21T11:00:00Z"));
        assert_eq!(look(&mut silence, "2026-11-21T21:00:00Z", 7, None), [], "no hours");
        let gone = silence.judge(
            at("2026-11-21T21:00:00Z"),
            &BTreeMap::new(),
            Some(HOURS),
            &TimeZone::UTC,
        );
        assert_eq!(gone, [], "a source that is not there any more");
    }

    #[test]
    fn a_shop_that_is_open_past_midnight_is_silent_past_midnight() {
        let mut silence = Silence::default();
        let late = Hours { from: time(18, 0, 0, 0), to: time(3, 0, 0, 0) };
        silence.heard("till", 7, at("2026-11-21T23:30:00Z"));
        let quiet = look(&mut silence, "2026-11-22T01:29:00Z", 7, Some(late));
        assert_eq!(quiet, []);
        assert_eq!(look(&mut silence, "2026-11-22T01:30:00Z", 7, Some(late)).len(), 1);
        let always = Hours { from: time(0, 0, 0, 0), to: time(0, 0, 0, 0) };
        silence.heard("till", 7, at("2026-11-21T23:30:00Z"));
        assert_eq!(look(&mut silence, "2026-11-22T01:30:00Z", 7, Some(always)).len(), 1);
    }
}
