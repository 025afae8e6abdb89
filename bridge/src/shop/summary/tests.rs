//! Summaries of days that were sold in memory.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use pos_protocol::event::{Event, SessionId};
use pos_protocol::money::Amount;
use proptest::prelude::*;
use serde_json::json;

use super::{Period, Summary};
use crate::config::{Config, Language, Shop};
use crate::journal::{Memory, Rows, Understand};
use crate::shop::{Clerk, samples};

fn sale(n: u64, at: &str, item: &str, total: &str) -> Event {
    let session = SessionId { journal: "j".into(), source: "counter-1".into(), epoch: 0 };
    let local: jiff::civil::DateTime = at.parse().expect("a time");
    let heard = local.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).expect("a time");
    serde_json::from_value(json!({
        "schema": 1, "id": session.event(n, 0, 0), "source": "counter-1", "kind": "sale",
        "observed_at": heard.timestamp().to_string(),
        "receipt": {
            "number": n.to_string(), "printed_at": at, "currency": "HKD", "total": total,
            "items": [{"name": item, "quantity": "1", "amount": total}],
            "payments": [{"method": "cash", "amount": total}],
        },
    }))
    .expect("the wire schema")
}

fn kept(events: &[Event]) -> Memory {
    let mut rows = Memory::default();
    for event in events {
        rows.remember(event).expect("plain data");
        samples::clerk().event(event, &mut rows).expect("memory");
    }
    rows
}

fn read(rows: &Memory, period: Period, day: Date) -> Option<Summary> {
    Summary::read(rows, &[""], period, period.first(day), period.last(day)).expect("memory")
}

#[test]
fn a_day_is_compared_with_the_same_weekday_and_names_what_sold_best_and_hardly() {
    let rows = kept(&[
        sale(1, "2026-11-01T12:00:00", "魚蛋", "20.00"),
        sale(2, "2026-11-14T12:00:00", "凍奶茶", "40.00"),
        sale(3, "2026-11-21T12:00:00", "凍奶茶", "36.00"),
        sale(4, "2026-11-21T13:00:00", "凍奶茶", "36.00"),
        sale(5, "2026-11-21T13:30:00", "蛋撻", "9.00"),
    ]);
    let day = read(&rows, Period::Day, date(2026, 11, 21)).expect("trade");
    assert_eq!(day.net, Some(Amount::new(8_100, 2)));
    assert_eq!(day.average, Some(Amount::new(2_700, 2)));
    let before = day.before.expect("a Saturday");
    assert_eq!((before.from, before.net), (date(2026, 11, 14), Amount::new(4_000, 2)));
    let top: Vec<&str> = day.top.iter().map(|sold| &*sold.name).collect();
    assert_eq!(top, ["凍奶茶", "蛋撻"]);
    let slow: Vec<(&str, i64)> = day.slow.iter().map(|slow| (&*slow.name, slow.days)).collect();
    assert_eq!(slow, [("魚蛋", 20)]);
    assert_eq!(read(&rows, Period::Day, date(2026, 11, 20)), None, "no trade, no summary");
}

#[test]
fn a_week_begins_on_monday_and_a_month_on_its_first() {
    let days = |period: Period| {
        (period.first(date(2026, 11, 21)).to_string(), period.last(date(2026, 11, 21)).to_string())
    };
    assert_eq!(days(Period::Week), ("2026-11-16".into(), "2026-11-22".into()));
    assert_eq!(days(Period::Month), ("2026-11-01".into(), "2026-11-30".into()));
}

proptest! {
    #[test]
    fn weeks_and_months_are_the_sums_of_their_days(
        sold in prop::collection::vec((0_i64..45, 0_i64..24, 1_i64..90_000), 1..40),
    ) {
        let first = date(2026, 10, 20);
        let event = |(n, (day, hour, minor)): (usize, &(i64, i64, i64))| {
            let at = first.saturating_add(day.days()).at(*hour as i8, 0, 0, 0);
            sale(n as u64, &at.to_string(), "茶", &Amount::new(*minor, 2).to_string())
        };
        let events: Vec<Event> = sold.iter().enumerate().map(event).collect();
        let rows = kept(&events);
        let net = |summary: Option<Summary>| {
            summary.and_then(|summary| summary.net).map_or(0, Amount::minor)
        };
        let all: i64 = sold.iter().map(|(.., minor)| minor).sum();
        let mut days = 0;
        let (mut weeks, mut months) = (0, 0);
        for day in date(2026, 10, 1).series(1.day()).take_while(|day| *day <= date(2026, 12, 31)) {
            days += net(read(&rows, Period::Day, day));
            if Period::Week.first(day) == day {
                weeks += net(read(&rows, Period::Week, day));
            }
            if Period::Month.first(day) == day {
                months += net(read(&rows, Period::Month, day));
            }
        }
        prop_assert_eq!((days, weeks, months), (all, all, all));
    }
}

/// Measured, not only said: what an event costs in the books after a year is what it costs in the
/// first month. Counted in rows touched, which no busy machine disturbs.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever runs it with --nocapture")]
fn an_event_touches_no_more_rows_after_a_year_than_in_the_first_month() {
    let shop = Shop::for_tests(Language::ZhHk);
    let config = Config::for_tests(std::path::Path::new("unused"), shop, Vec::new());
    let clerk = Clerk::new(Arc::new(config));
    let mut rows = Counted::default();
    let mut n = 0;
    let mut month = |rows: &mut Counted, first: Date, days: i64| {
        let (before, began) = (rows.touched.get(), std::time::Instant::now());
        for day in 0..days {
            for sold in 0..30 {
                n += 1;
                let at = first.saturating_add(day.days()).at(11 + (sold / 3) as i8, 0, 0, 0);
                let item = format!("item {}", (n * 7) % 60);
                clerk.event(&sale(n, &at.to_string(), &item, "36.00"), rows).expect("memory");
            }
        }
        let events = u64::try_from(days * 30).expect("few");
        (
            (rows.touched.get() - before) / events,
            began.elapsed() / u32::try_from(events).expect("few"),
        )
    };
    let (first, first_took) = month(&mut rows, date(2026, 1, 1), 30);
    month(&mut rows, date(2026, 1, 31), 305);
    let (last, last_took) = month(&mut rows, date(2026, 12, 2), 30);
    println!("rows touched an event: first month {first}, last month {last}");
    println!("time an event: first month {first_took:?}, last month {last_took:?}");
    // What is forgotten of two months ago is touched too, once an event.
    assert!(last <= first + 6, "{first} rows, then {last}");
}

/// Counts the rows that are read, written and removed.
#[derive(Default)]
struct Counted {
    rows: Memory,
    touched: std::cell::Cell<u64>,
}

impl Counted {
    fn touch(&self, rows: usize) {
        self.touched.set(self.touched.get() + rows as u64);
    }
}

type Kept<T> = Result<T, crate::journal::JournalError>;

impl Rows for Counted {
    fn read(&self, topic: &str, shop: &str, key: &str) -> Kept<Option<String>> {
        self.touch(1);
        self.rows.read(topic, shop, key)
    }

    fn write(&mut self, topic: &str, shop: &str, key: &str, body: &str) -> Kept<()> {
        self.touch(1);
        self.rows.write(topic, shop, key, body)
    }

    fn remove(&mut self, topic: &str, shop: &str, key: &str) -> Kept<()> {
        self.touch(1);
        self.rows.remove(topic, shop, key)
    }

    fn range(&self, topic: &str, shop: &str, from: &str, to: &str) -> Kept<Vec<(String, String)>> {
        let found = self.rows.range(topic, shop, from, to)?;
        self.touch(found.len() + 1);
        Ok(found)
    }

    fn event(&self, id: &str) -> Kept<Option<Event>> {
        self.rows.event(id)
    }

    fn told(&self, key: &str) -> Kept<bool> {
        self.rows.told(key)
    }
}
