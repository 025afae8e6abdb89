//! All that is judged at one look. Pure: what was seen and the configuration in, alarms out.
//!
//! It does not know what was told already: that is `limit`'s.

use std::collections::BTreeMap;

use pos_protocol::event::Event;

use super::silence::Silence;
use super::till_clock::TillClock;
use super::unread::Unread;
use crate::alarm::Alarm;
use crate::config::Config;

/// Less room than this on the journal's disk is an alarm, in MiB: well before 256, where what cannot
/// be kept in memory is not written any more.
pub(crate) const DISK_LOW_MIB: u64 = 512;

/// This machine's clock may be off by this: five minutes in seconds. At an hour DingTalk refuses its
/// signatures.
const OWN_CLOCK_S: i64 = 300;

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Wall time in milliseconds.
    pub now_ms: i64,
    /// Bytes on disk, by configured source.
    pub bytes: BTreeMap<String, u64>,
    /// Events committed since the last look.
    pub events: Vec<Event>,
    /// Sources in which bytes may be missing since the last look.
    pub gaps: Vec<String>,
    /// Room on the journal's disk, where it can be told.
    pub free_mib: Option<u64>,
    /// A damaged journal that waits for a person: its file's name.
    pub set_aside: Option<String>,
    /// Seconds that this machine is ahead of DingTalk, where that was seen.
    pub ahead_s: Option<i64>,
}

/// What is remembered from look to look.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub(super) silence: Silence,
    till_clock: TillClock,
    unread: Unread,
}

impl Policy {
    /// Everything that needs a person, whether it was told before or not.
    pub fn judge(&mut self, look: &Look, config: &Config) -> Vec<Alarm> {
        let zone = &config.shop.timezone;
        let mut alarms = self.silence.judge(look.now_ms, &look.bytes, config.shop.hours, zone);
        for event in &look.events {
            alarms.extend(self.till_clock.judge(event, zone));
            alarms.extend(self.unread.judge(event, look.now_ms, config));
        }
        let missing = look.gaps.iter().map(|source| Alarm::BytesMissing { source: source.clone() });
        alarms.extend(missing);
        let low = look.free_mib.filter(|free| *free < DISK_LOW_MIB);
        alarms.extend(low.map(|free_mib| Alarm::DiskLow { free_mib }));
        let set_aside = look.set_aside.clone();
        alarms.extend(set_aside.map(|set_aside| Alarm::JournalDamaged { set_aside }));
        let off = look.ahead_s.filter(|off_s| off_s.abs() > OWN_CLOCK_S);
        alarms.extend(off.map(|off_s| Alarm::OwnClock { off_s }));
        newest_of_each(alarms)
    }
}

/// Of several alarms of one key the last one knows most.
fn newest_of_each(alarms: Vec<Alarm>) -> Vec<Alarm> {
    let mut kept: Vec<Alarm> = Vec::new();
    for alarm in alarms {
        match kept.iter_mut().find(|known| known.key() == alarm.key()) {
            Some(known) => *known = alarm,
            None => kept.push(alarm),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, Kind};

    use super::{Look, Policy};
    use crate::alarm::Alarm;
    use crate::config::{Config, Language, Shop};
    use crate::journal::event_for_tests;

    fn config() -> Config {
        let dir = std::path::Path::new("/nowhere");
        Config::for_tests(dir, Shop::for_tests(Language::En), Vec::new())
    }

    #[test]
    fn what_is_well_is_no_alarm() {
        let look = Look {
            events: vec![event_for_tests(1)],
            free_mib: Some(512),
            ahead_s: Some(-300),
            ..Look::default()
        };
        assert_eq!(Policy::default().judge(&look, &config()), []);
        assert_eq!(Policy::default().judge(&Look::default(), &config()), [], "nothing is known");
    }

    #[test]
    fn each_trouble_is_one_alarm_with_the_newest_numbers() {
        let unread = |n| Event { kind: Kind::Unread, ..event_for_tests(n) };
        let look = Look {
            events: vec![unread(1), unread(2)],
            gaps: vec!["bar".into()],
            free_mib: Some(511),
            set_aside: Some("j.db.damaged".into()),
            ahead_s: Some(4_200),
            ..Look::default()
        };
        let expected = [
            Alarm::ReceiptsUnread { source: "a".into(), count: 2 },
            Alarm::BytesMissing { source: "bar".into() },
            Alarm::DiskLow { free_mib: 511 },
            Alarm::JournalDamaged { set_aside: "j.db.damaged".into() },
            Alarm::OwnClock { off_s: 4_200 },
        ];
        assert_eq!(Policy::default().judge(&look, &config()), expected);
    }
}
