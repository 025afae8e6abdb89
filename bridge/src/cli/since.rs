//! Times as people type them: a date, a local time, or so long ago.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Exit, Failure};

/// `text` as RFC 3339 in UTC, which orders as text like the events' own times. Local times are the
/// shop's.
pub(super) fn since(text: &str, now: Timestamp, zone: &TimeZone) -> Result<String, Failure> {
    time("--since", text, now, zone)
}

/// As [`since`], of another `option`.
pub(super) fn time(
    option: &str,
    text: &str,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<String, Failure> {
    let at = ago(text).and_then(|span| now.checked_sub(span).ok()).or_else(|| moment(text, zone));
    let at = at.ok_or_else(|| {
        Failure::said(Exit::Usage, format!("expected a time for {option}, found {text:?}"))
            .hint("2026-11-21, 2026-11-21T12:00, an RFC 3339 time, or 90m, 24h, 7d for so long ago")
    })?;
    Ok(pos_protocol::time::Timestamp::new(0, at.as_millisecond()).rfc3339())
}

fn ago(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let count: i64 = text[..text.len() - 1].parse().ok().filter(|count| *count >= 0)?;
    Some(SignedDuration::from_secs(count.checked_mul(seconds)?))
}

fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use pos_protocol::time::Timestamp;

    use super::since;

    #[test]
    fn a_time_is_the_shops_own_unless_it_says_otherwise() {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        let now = Timestamp::new(0, 1_795_233_600_000).wall;
        let read = |text| since(text, now, &zone).expect(text);
        assert_eq!(read("2026-11-21"), "2026-11-20T16:00:00.000Z");
        assert_eq!(read("2026-11-21T12:30"), "2026-11-21T04:30:00.000Z");
        assert_eq!(read("2026-11-21T12:30:00Z"), "2026-11-21T12:30:00.000Z");
        assert_eq!(read("1d"), "2026-11-20T04:00:00.000Z");
        for bad in ["", "yesterday", "-1d", "5", "2026-13-01", "9999999999999999d"] {
            assert!(since(bad, now, &zone).is_err(), "{bad}");
        }
    }
}
