//! How often alarms are told. Pure: what was told lately in, yes or no out, so that a restart
//! changes nothing.

use crate::alarm::{Alarm, MOST_AN_HOUR, SAME_EVERY_MS};
use crate::journal::AlarmRow;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Whether `alarm` is worth telling at `now_ms` beside those of the last [`SAME_EVERY_MS`].
pub fn may_raise(alarm: &Alarm, now_ms: i64, told: &[AlarmRow]) -> bool {
    // A clock that was set back makes some of them lie ahead: they were told all the same.
    let within = |row: &&AlarmRow, span| (now_ms - row.created_ms).abs() < span;
    let key = alarm.key();
    let same = |row: &AlarmRow| row.key.rsplit_once('@').is_some_and(|(told, _)| told == key);
    let again = told.iter().filter(|row| within(row, SAME_EVERY_MS)).any(same);
    let lately = told.iter().filter(|row| within(row, HOUR_MS)).count();
    !again && lately < MOST_AN_HOUR
}

/// What an alarm told at `now_ms` is stored under: the same within one slot is one alarm.
pub(super) fn slot_key(alarm: &Alarm, now_ms: i64) -> String {
    format!("{}@{}", alarm.key(), now_ms.div_euclid(SAME_EVERY_MS))
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, may_raise, slot_key};
    use crate::alarm::{Alarm, MOST_AN_HOUR, SAME_EVERY_MS};
    use crate::journal::AlarmRow;

    const NOW: i64 = 1_795_000_000_000;

    fn told(alarm: &Alarm, created_ms: i64) -> AlarmRow {
        AlarmRow { key: slot_key(alarm, created_ms), created_ms }
    }

    #[test]
    fn the_same_trouble_is_told_once_in_six_hours_and_another_at_once() {
        let low = Alarm::DiskLow { free_mib: 100 };
        let lower = Alarm::DiskLow { free_mib: 50 };
        let rows = [told(&low, NOW)];
        for after in [0, 1, SAME_EVERY_MS - 1, -HOUR_MS] {
            assert!(!may_raise(&lower, NOW + after, &rows), "{after}");
        }
        assert!(may_raise(&lower, NOW + SAME_EVERY_MS, &rows));
        assert!(may_raise(&Alarm::BytesMissing { source: "till".into() }, NOW, &rows));
        assert_ne!(told(&low, NOW).key, told(&low, NOW + SAME_EVERY_MS).key, "both are kept");
    }

    #[test]
    fn a_box_on_which_everything_fails_stops_telling_for_the_hour() {
        let missing = |n: usize| Alarm::BytesMissing { source: format!("till-{n}") };
        let rows: Vec<AlarmRow> = (0..MOST_AN_HOUR).map(|n| told(&missing(n), NOW)).collect();
        assert!(!may_raise(&missing(99), NOW + HOUR_MS - 1, &rows));
        assert!(may_raise(&missing(99), NOW + HOUR_MS, &rows));
        assert!(may_raise(&missing(99), NOW, &rows[1..]));
    }
}
