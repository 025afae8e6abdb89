//! How many messages a robot's group would get, by what its tills did lately. Pure.
//!
//! It is for somebody who ticks boxes: what a shop finds in its events is counted where it comes by the
//! calendar, and not where nobody can know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pos_protocol::event::Kind;

use crate::config::{Hears, Robot, Sales};
use crate::journal::Lately;
use crate::shop::FindingKind;

/// Days looked at.
const DAYS: f64 = 7.0;
/// Days of a month.
const MONTH_DAYS: f64 = 30.0;
/// Digests a day: one every 15 minutes of 12 hours.
const DIGESTS: f64 = 48.0;
/// Share of the month's calls that ordinary sales may use; the rest is for what is urgent.
const SALES_SHARE: f64 = 0.8;
/// Messages that DingTalk takes a minute from one robot.
pub(super) const MINUTE: usize = 20;

/// What the tills did lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    events: Vec<(Kind, String, i64)>,
    days: f64,
}

impl Seen {
    /// Events of the last seven days before `now`, or of as many days as `lately` reaches back.
    pub(super) fn of(lately: &[Lately], now: Timestamp) -> Self {
        let mut events = Vec::new();
        let mut oldest = now;
        for one in lately {
            let (Some(kind), Ok(at)) =
                (Kind::parse(&one.kind), one.observed_at.parse::<Timestamp>())
            else {
                continue;
            };
            let age_s = (now.as_second() - at.as_second()).max(0);
            if age_s as f64 > DAYS * 86_400.0 {
                continue;
            }
            oldest = oldest.min(at);
            events.push((kind, one.source.clone(), at.as_second().div_euclid(60)));
        }
        // Less than a day says little about another one.
        let days = (now.as_second() - oldest.as_second()) as f64 / 86_400.0;
        Self { events, days: days.clamp(1.0, DAYS) }
    }

    fn of_sources<'a>(
        &'a self,
        sources: &'a Hears,
    ) -> impl Iterator<Item = &'a (Kind, String, i64)> {
        self.events.iter().filter(|(_, source, _)| sources.contains(source))
    }

    /// Events of `kind` a day that `robot` hears of.
    pub(super) fn events_a_day(&self, robot: &Robot, kind: Kind) -> f64 {
        self.of_sources(&robot.sources).filter(|(one, ..)| *one == kind).count() as f64 / self.days
    }

    /// Messages of `kind` a day: sales may go together. `queues` share the month's `quota`.
    pub(super) fn messages_a_day(
        &self,
        robot: &Robot,
        kind: Kind,
        quota: u32,
        queues: usize,
    ) -> f64 {
        let events = self.events_a_day(robot, kind);
        if kind != Kind::Sale {
            return events;
        }
        let share = f64::from(quota) * SALES_SHARE / MONTH_DAYS / queues.max(1) as f64;
        match robot.sales {
            Sales::Each => events,
            Sales::Digest => events.min(DIGESTS).min(share),
            Sales::Auto => events.min(share),
        }
    }

    /// Events of the busiest minute that `robot` is told, sales not among them where they go together.
    pub(super) fn busiest_minute(&self, robot: &Robot) -> usize {
        let told = self.of_sources(&robot.sources).filter(|(kind, ..)| {
            robot.notices.contains(kind) && (*kind != Kind::Sale || robot.sales == Sales::Each)
        });
        let mut minutes: BTreeMap<i64, usize> = BTreeMap::new();
        for (_, _, minute) in told {
            *minutes.entry(*minute).or_default() += 1;
        }
        minutes.into_values().max().unwrap_or_default()
    }
}

/// Messages a day of what the shop finds, where the calendar says how many.
pub(super) fn findings_a_day(kind: FindingKind) -> f64 {
    match kind {
        FindingKind::DailySummary | FindingKind::Reconciliation => 1.0,
        FindingKind::WeeklySummary => 1.0 / 7.0,
        FindingKind::MonthlySummary => 1.0 / MONTH_DAYS,
        _ => 0.0,
    }
}

/// So many a month.
pub(super) fn a_month(a_day: f64) -> u64 {
    (a_day * MONTH_DAYS).ceil() as u64
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;

    use super::{Seen, a_month};
    use crate::config::{Hears, Robot, Sales};
    use crate::journal::Lately;

    fn lately(kind: &str, source: &str, observed_at: &str) -> Lately {
        Lately { kind: kind.into(), source: source.into(), observed_at: observed_at.into() }
    }

    #[test]
    fn a_forecast_goes_by_the_last_days_and_by_how_sales_are_told() {
        let now = "2026-11-21T12:00:00Z".parse().expect("a time");
        let mut all = vec![
            lately("refund", "a", "2026-11-19T12:00:00Z"),
            lately("refund", "b", "2026-11-20T12:00:00Z"),
            lately("sale", "a", "2026-11-01T12:00:00Z"),
            lately("new_kind", "a", "2026-11-21T12:00:00Z"),
        ];
        all.extend(
            (0..600).map(|n| lately("sale", "a", &format!("2026-11-20T12:{:02}:01Z", n % 60))),
        );
        let seen = Seen::of(&all, now);
        let mut robot = Robot::for_tests("owner", "http://127.0.0.1/?access_token=t");
        robot.notices = vec![Kind::Sale, Kind::Refund];
        // In hundredths of a message.
        let day = |robot: &Robot, kind| {
            (seen.messages_a_day(robot, kind, 3_000, 1) * 100.0).round() as u64
        };
        let both = |robot: &Robot| (day(robot, Kind::Sale), day(robot, Kind::Refund));
        assert_eq!(both(&robot), (30_000, 100));
        assert_eq!(seen.busiest_minute(&robot), 11);
        robot.sales = Sales::Auto;
        assert_eq!((day(&robot, Kind::Sale), seen.busiest_minute(&robot)), (8_000, 1));
        robot.sales = Sales::Digest;
        assert_eq!(day(&robot, Kind::Sale), 4_800);
        robot.sources = Hears::Only(["b".to_owned()].into());
        assert_eq!(both(&robot), (0, 50));
        let none = Seen::of(&[], now).events_a_day(&robot, Kind::Sale);
        assert!(none.abs() < f64::EPSILON, "nothing yet: {none}");
        assert_eq!((a_month(0.5), a_month(0.0)), (15, 0));
    }
}
