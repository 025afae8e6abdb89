//! The shop's rows are what the events say: after crashes, duplicates, corrections, other settings,
//! and after events were forgotten.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use pos_protocol::event::{Event, Kind};
use proptest::prelude::*;
use serde_json::json;

use super::retention::{self, Pass};
use super::{Batch, Books, Journal, JournalReader, Keep, NewNotice, Understand};
use crate::config::{Config, Language, Mode, Shop};
use crate::shop::{Clerk, Day, samples};

/// 21 November 2026 at noon in Hong Kong, in milliseconds.
const NOON_MS: i64 = 1_795_233_682_120;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn config() -> Config {
    Config::for_tests(Path::new("unused"), Shop::for_tests(Language::ZhHk), Vec::new())
}

fn clerk() -> Arc<dyn Understand> {
    Arc::new(Clerk::new(Arc::new(config())))
}

fn keep(journal: &Journal, events: Vec<Event>, shop: &Arc<dyn Understand>) -> usize {
    let shop = Some(Arc::clone(shop));
    journal.commit(Batch { events, shop, ..Batch::default() }).expect("commits").new_events
}

fn books(journal: &Journal) -> Books {
    let reader = JournalReader::open(journal.path()).expect("opens");
    reader.check_books(&*clerk()).expect("reads")
}

/// Forgets what is older than its days at `now_ms`; how many rows that were.
fn forget(journal: &Journal, now_ms: i64) -> u64 {
    let mut pass = Pass::default();
    let keep = Keep { days: 30, max_bytes: u64::MAX };
    while pass.over().is_none() {
        let shop = clerk();
        pass = journal
            .with(move |conn| retention::step(conn, pass, keep, Some(now_ms), Some(&*shop)))
            .expect("a step");
    }
    pass.forgotten
}

/// Sales, refunds, voids, reprints, corrections of a few receipts, in any order.
fn slip() -> impl Strategy<Value = Event> {
    let kinds = prop::sample::select(vec![
        Kind::Sale,
        Kind::Sale,
        Kind::Refund,
        Kind::Void,
        Kind::Reprint,
        Kind::NoSale,
        Kind::Correction,
        Kind::ShiftReport,
    ]);
    (kinds, 1_u32..9, 1_u32..9, 0_i64..40).prop_map(|(kind, number, of, day)| {
        let total = if kind == Kind::Refund { "-36.00" } else { "36.00" };
        let original = json!({"original_number": of.to_string(), "printed_at": null});
        let mut event = samples::slip(kind, &number.to_string(), total, original);
        // Apart from others of its number by its day.
        let session = pos_protocol::event::SessionId {
            journal: "j".into(),
            source: "counter-1".into(),
            epoch: day as u64,
        };
        event.id = session.event(0, u64::from(number), kind as u32);
        event.observed_at = pos_protocol::time::Timestamp::new(0, NOON_MS + day * DAY_MS).rfc3339();
        if kind == Kind::Correction {
            let corrected = pos_protocol::event::SessionId { epoch: day as u64 / 2, ..session };
            event.corrects = Some(corrected.event(0, u64::from(of), Kind::Sale as u32));
        }
        if kind == Kind::ShiftReport {
            event.receipt = None;
            event.report = serde_json::from_value(json!({
                "type": "z", "number": of.to_string(), "gross": "72.00", "net": "36.00",
                "tenders": [], "taxes": [], "receipts": 2,
            }))
            .ok();
        }
        event
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_read_again_are_the_same_bytes_over_duplicates_crashes_and_forgetting(
        mut events in prop::collection::vec(slip(), 1..60),
        again in prop::collection::vec(0_usize..60, 0..10),
        crash in 0_usize..60,
        forgotten_by in 88_i64..140,
    ) {
        for at in again {
            events.extend(events.get(at).cloned());
        }
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let shop = clerk();
        let mut journal = Journal::open(&path).expect("opens");
        for (at, event) in events.into_iter().enumerate() {
            if at == crash {
                drop(journal);
                journal = Journal::open(&path).expect("opens again");
            }
            keep(&journal, vec![event], &shop);
            if at % 20 == 19 {
                forget(&journal, NOON_MS + (forgotten_by - 20) * DAY_MS);
            }
        }
        prop_assert_eq!(books(&journal).differs, None);
        forget(&journal, NOON_MS + forgotten_by * DAY_MS);
        prop_assert_eq!(books(&journal).differs, None);
        forget(&journal, NOON_MS + 400 * DAY_MS);
        prop_assert_eq!(books(&journal).differs, None);
    }
}

fn under(mode: Mode) -> Arc<dyn Understand> {
    Arc::new(Clerk::new(Arc::new(Config { mode, ..config() })))
}

/// The books' rows as text.
fn dump(journal: &Journal) -> Vec<(String, String, String, String)> {
    let read = |conn: &rusqlite::Connection| {
        let mut rows =
            conn.prepare("SELECT topic, shop, key, body FROM shop_row ORDER BY 1, 2, 3")?;
        let rows =
            rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    journal.with(move |conn| read(conn)).expect("reads")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever practice held, and wherever it ended, begun again or not.
    #[test]
    fn the_books_are_those_of_the_live_events_alone_over_crashes_and_a_rebuild(
        events in prop::collection::vec((slip(), any::<bool>()), 1..50),
        turns in prop::collection::vec(0_usize..50, 1..3),
        crash in 0_usize..50,
    ) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let mut journal = Journal::open(&path).expect("opens");
        let (mut mode, mut live, mut tests) = (Mode::Setup, Vec::new(), Vec::new());
        for (at, (event, twice)) in events.into_iter().enumerate() {
            if turns.contains(&at) {
                mode = if mode == Mode::Setup { Mode::Live } else { Mode::Setup };
            }
            if at == crash {
                drop(journal);
                journal = Journal::open(&path).expect("opens again");
            }
            let new = keep(&journal, vec![event.clone()], &under(mode)) == 1;
            // What was not acknowledged is fed once more, under the other mode.
            if twice {
                prop_assert_eq!(keep(&journal, vec![event.clone()], &clerk()), 0);
            }
            if new {
                let corrected = event.corrects.filter(|id| tests.contains(id) || live.iter().any(|e: &Event| e.id == *id));
                let test = match corrected {
                    Some(id) => tests.contains(&id),
                    None => mode == Mode::Setup,
                };
                if test { tests.push(event.id) } else { live.push(event) }
            }
        }
        let alone = Journal::open(&dir.path().join("alone.db")).expect("opens");
        for event in live {
            keep(&alone, vec![event], &clerk());
        }
        prop_assert_eq!(dump(&journal), dump(&alone));
        prop_assert_eq!(books(&journal).differs, None);
        journal.with(|conn| {
            Ok(conn.execute("UPDATE meta SET value = '0' WHERE key = 'fold_version'", [])?)
        }).expect("changed");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(journal.renew_books(clerk())).expect("reads");
        prop_assert_eq!(dump(&journal), dump(&alone), "rebuilt");
        let reader = JournalReader::open(&path).expect("opens");
        for stored in reader.events(0, 1_000).expect("reads") {
            let event = stored.event().expect("an event");
            prop_assert_eq!(event.test, tests.contains(&event.id));
        }
    }
}

fn sale(number: u32, day: i64) -> Event {
    let mut event =
        samples::slip(Kind::Sale, &number.to_string(), "36.00", json!({"printed_at": null}));
    event.observed_at = pos_protocol::time::Timestamp::new(0, NOON_MS + day * DAY_MS).rfc3339();
    event
}

#[test]
fn what_a_forgotten_sale_brought_stays_in_the_books_and_in_their_base() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    keep(&journal, vec![sale(1001, 0), sale(1002, 1), sale(1003, 80)], &clerk());
    assert_eq!(forget(&journal, NOON_MS + 95 * DAY_MS), 2);
    let checked = books(&journal);
    assert_eq!((checked.differs, checked.events), (None, 1));
    let reader = JournalReader::open(journal.path()).expect("opens");
    let day = Day::read(&reader.books(), "", date(2026, 11, 21)).expect("reads").expect("a day");
    assert_eq!(day.sales.count, 1);
}

#[test]
fn a_sale_that_a_later_void_needed_stays_until_the_base_holds_both() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let mut void = samples::slip(
        Kind::Void,
        "1002",
        "36.00",
        json!({"original_number": "1001", "printed_at": null}),
    );
    void.observed_at = sale(1, 40).observed_at;
    keep(&journal, vec![sale(1001, 0), void], &clerk());
    assert_eq!(forget(&journal, NOON_MS + 100 * DAY_MS), 0, "the void is young");
    assert_eq!(books(&journal).differs, None);
    forget(&journal, NOON_MS + 140 * DAY_MS);
    forget(&journal, NOON_MS + 140 * DAY_MS);
    let checked = books(&journal);
    assert_eq!((checked.differs, checked.events), (None, 0));
}

#[test]
fn practice_counts_nowhere_and_settings_hold_for_what_came_under_them() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let practice = Config { mode: Mode::Setup, ..config() };
    keep(&journal, vec![sale(1, 0)], &(Arc::new(Clerk::new(Arc::new(practice))) as Arc<_>));
    keep(&journal, vec![sale(2, 0)], &clerk());
    let mut elsewhere = config();
    elsewhere.shop.timezone = jiff::tz::TimeZone::get("America/New_York").expect("a zone");
    keep(&journal, vec![sale(3, 0)], &(Arc::new(Clerk::new(Arc::new(elsewhere))) as Arc<_>));
    let checked = books(&journal);
    assert_eq!((checked.differs, checked.events), (None, 2));
}

#[test]
fn a_row_that_somebody_changed_is_named_and_another_version_makes_all_anew() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let renew = || runtime.block_on(journal.renew_books(clerk())).expect("reads");
    assert!(!renew(), "a new journal has nothing to make anew");
    keep(&journal, vec![sale(1001, 0)], &clerk());
    journal
        .with(|conn| {
            conn.execute("UPDATE shop_row SET body = '{}' WHERE topic = 'day'", [])?;
            Ok(conn.execute("UPDATE meta SET value = '0' WHERE key = 'fold_version'", [])?)
        })
        .expect("changed");
    assert_eq!(books(&journal).differs.as_deref(), Some("day//2026-11-21"));
    assert!(renew() && !renew());
    assert_eq!(books(&journal).differs, None);
}

#[test]
fn an_event_whose_notice_waits_stays_and_counts_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let event = sale(1001, 0);
    let notice =
        NewNotice { event_id: event.id, robot: "owner".into(), urgent: false, created_ms: NOON_MS };
    let batch = Batch {
        events: vec![event],
        notices: vec![notice],
        shop: Some(clerk()),
        ..Batch::default()
    };
    journal.commit(batch).expect("commits");
    keep(&journal, vec![sale(1002, 1)], &clerk());
    assert_eq!(forget(&journal, NOON_MS + 100 * DAY_MS), 1);
    assert_eq!(books(&journal).differs, None);
}
