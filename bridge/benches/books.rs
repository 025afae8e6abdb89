//! What the shop's books cost over a year: milliseconds an event in the first and in the last month,
//! the size of the rows, and a summary beside a plain SQL scan of the same receipts.
//!
//! `cargo bench -p posbridge --bench books [RECEIPTS A DAY]` (300 where none is said).

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use pos_protocol::event::{Event, SessionId};
use posbridge::config;
use posbridge::journal::{Batch, Journal, JournalReader};
use posbridge::shop::{Clerk, Period, Summary};
use serde_json::json;

/// The first day of the year.
const FIRST: Date = Date::constant(2026, 1, 1);
const DAYS: i64 = 365;
/// A busy shop's receipts a day.
const A_DAY: u64 = 300;
/// Receipts of one commit.
const GROUP: usize = 50;
/// Items on the menu.
const MENU: u64 = 80;
/// Times that a reading is repeated; the quickest counts.
const READINGS: usize = 5;

const CONFIG: &str = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
    [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";

fn main() {
    let typed = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let a_day: u64 = typed.unwrap_or(A_DAY);
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("posbridge.toml");
    std::fs::write(&file, CONFIG).expect("room");
    let clerk = Arc::new(Clerk::new(Arc::new(config::load(&file).expect("good"))));
    let path = dir.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").expect("stdout");

    let mut months: Vec<(Date, Duration, u64)> = Vec::new();
    for day in FIRST.series(1.day()).take_while(|day| *day < FIRST.saturating_add(DAYS.days())) {
        let events: Vec<Event> = (0..a_day).map(|n| receipt(day, n, a_day)).collect();
        let begun = Instant::now();
        for group in events.chunks(GROUP) {
            let shop = Some(Arc::clone(&clerk) as Arc<_>);
            let batch = Batch { events: group.to_vec(), shop, ..Batch::default() };
            journal.commit(batch).expect("commits");
        }
        if day.day() == 1 {
            months.push((day, Duration::ZERO, 0));
        }
        let month = months.last_mut().expect("begun on the first");
        month.1 += begun.elapsed();
        month.2 += a_day;
    }
    // From March on, receipts of two months ago are forgotten as new ones come.
    for (first, took, events) in [months[0], months[3], months[months.len() - 1]] {
        let each = took.as_secs_f64() * 1_000.0 / events as f64;
        say(format!("{}: {each:.3} ms an event, kept and counted", first.strftime("%B")));
    }
    drop(journal);
    let reader = JournalReader::open(&path).expect("opens");
    let last = FIRST.saturating_add((DAYS - 1).days());
    for (name, from) in [("last month", date(2026, 12, 1)), ("year", FIRST)] {
        let (books, kept) = quickest(|| {
            let read = Summary::read(&reader.books(), &[""], Period::Month, from, last);
            read.expect("reads").expect("trade").total.sales.count
        });
        let (scan, scanned) = quickest(|| scan(&path, from));
        assert_eq!(kept, scanned, "both count the same");
        say(format!("{name}: {kept} sales; summary {books:.1?}, SQL scan {scan:.1?}"));
    }
    let (rows, bytes) = size(&path);
    say(format!("the books of the year: {rows} rows, {} KiB", bytes / 1024));
}

/// The quickest of some readings.
fn quickest(mut read: impl FnMut() -> i64) -> (Duration, i64) {
    let timed = |()| {
        let begun = Instant::now();
        let found = read();
        (begun.elapsed(), found)
    };
    std::iter::repeat_n((), READINGS).map(timed).min().expect("some")
}

/// Sales and sums of the receipts since `from`, from the events themselves.
fn scan(path: &std::path::Path, from: Date) -> i64 {
    let conn = rusqlite::Connection::open(path).expect("opens");
    let sql = "SELECT count(*), sum(total),
                      sum(json_extract(body, '$.receipt.payments[0].amount'))
               FROM event WHERE kind = 'sale' AND observed_at >= ?1";
    conn.query_row(sql, [from.to_string()], |row| row.get(0)).expect("a count")
}

/// Rows of the books, and their bytes.
fn size(path: &std::path::Path) -> (i64, i64) {
    let conn = rusqlite::Connection::open(path).expect("opens");
    let sql = "SELECT count(*), sum(length(topic) + length(shop) + length(key) + length(body))
               FROM shop_row";
    conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a count")
}

fn receipt(day: Date, n: u64, a_day: u64) -> Event {
    let epoch = u64::try_from(day.since(FIRST).map_or(0, |span| span.get_days())).unwrap_or(0);
    let session = SessionId { journal: "j".into(), source: "till".into(), epoch };
    let minute = i64::try_from(n * 680 / a_day).unwrap_or(0);
    // Eleven in the morning in Hong Kong.
    let at = day.at(3, 0, 0, 0).saturating_add(minute.minutes());
    let item = |k: u64| {
        let which = (n * 7 + k * 13 + epoch) % MENU;
        json!({"name": format!("item {which}"), "quantity": "1", "unit_price": "18.00",
               "amount": "18.00"})
    };
    serde_json::from_value(json!({
        "schema": 1, "id": session.event(0, n, 0), "source": "till", "kind": "sale",
        "observed_at": format!("{at}.000Z"),
        "receipt": {
            "number": (epoch * a_day + n).to_string(), "printed_at": null, "cashier": "Ming",
            "currency": "HKD", "total": "36.00", "items": [item(0), item(1)],
            "payments": [{"method": "octopus", "amount": "36.00"}],
        },
    }))
    .expect("the wire schema")
}
