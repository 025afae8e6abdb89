//! When receipts that could not be read are worth an alarm. Pure.
//!
//! Each of them is an `unread` notice already, for the robots that are told those. Where one is, only
//! a burst is an alarm: it means a till that is not understood at all. Where none is, the admin is
//! the only one who could hear of it, and hears of the first.

use std::collections::{BTreeMap, VecDeque};

use pos_protocol::event::{Event, Kind};

use crate::alarm::Alarm;
use crate::config::Config;

/// Unread receipts of one source within [`BURST_MS`] that are a burst.
const BURST: usize = 5;
/// Ten minutes, in milliseconds.
const BURST_MS: i64 = 10 * 60 * 1000;
/// Most that are remembered of a source: the count in the alarm ends here.
const MAX_REMEMBERED: usize = 1_000;

/// The latest unread receipts, by source.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    at_ms: BTreeMap<String, VecDeque<i64>>,
}

impl Unread {
    /// Whether an event, committed at about `now_ms`, makes it an alarm.
    pub(super) fn judge(&mut self, event: &Event, now_ms: i64, config: &Config) -> Option<Alarm> {
        if event.kind != Kind::Unread {
            return None;
        }
        let told = config.robots.iter().any(|robot| robot.is_told(Kind::Unread, &event.source));
        let at_ms = self.at_ms.entry(event.source.clone()).or_default();
        while at_ms.front().is_some_and(|at| now_ms - at >= BURST_MS)
            || at_ms.len() >= MAX_REMEMBERED
        {
            at_ms.pop_front();
        }
        at_ms.push_back(now_ms);
        let enough = if told { BURST } else { 1 };
        (at_ms.len() >= enough).then(|| Alarm::ReceiptsUnread {
            source: event.source.clone(),
            count: u32::try_from(at_ms.len()).unwrap_or(u32::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, Kind};

    use super::{BURST, BURST_MS, Unread};
    use crate::alarm::Alarm;
    use crate::config::{Config, Language, Robot, Shop};
    use crate::journal::event_for_tests;

    fn config(notices: &[Kind]) -> Config {
        let url = "http://127.0.0.1:9/?access_token=t";
        let robot = Robot { notices: notices.to_vec(), ..Robot::for_tests("owner", url) };
        let shop = Shop::for_tests(Language::En);
        Config::for_tests(std::path::Path::new("/nowhere"), shop, vec![robot])
    }

    fn unread() -> Event {
        Event { kind: Kind::Unread, ..event_for_tests(1) }
    }

    fn count(alarm: Option<Alarm>) -> Option<u32> {
        alarm.map(|alarm| match alarm {
            Alarm::ReceiptsUnread { count, .. } => count,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_single_one_is_the_admins_only_where_nobody_else_is_told() {
        let (told, untold) = (config(&[Kind::Unread]), config(&[Kind::Sale]));
        let mut unreads = Unread::default();
        assert_eq!(count(unreads.judge(&unread(), 0, &told)), None);
        assert_eq!(count(Unread::default().judge(&unread(), 0, &untold)), Some(1));
        assert_eq!(unreads.judge(&event_for_tests(2), 0, &untold), None, "a sale");
    }

    #[test]
    fn a_burst_is_one_whoever_else_is_told_and_slow_ones_are_none() {
        let told = config(&[Kind::Unread]);
        let mut unreads = Unread::default();
        for nth in 1..BURST {
            assert_eq!(count(unreads.judge(&unread(), nth as i64, &told)), None);
        }
        assert_eq!(count(unreads.judge(&unread(), BURST_MS - 1, &told)), Some(BURST as u32));
        let mut slow = Unread::default();
        for nth in 0..20 {
            assert_eq!(count(slow.judge(&unread(), nth * BURST_MS / 4, &told)), None);
        }
    }
}
