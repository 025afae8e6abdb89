//! A till's shift from its first slip to its Z report, as the clerk keeps it.

use std::sync::Arc;

use jiff::civil::date;
use pos_protocol::event::{Event, Kind};
use pos_protocol::money::Amount;
use serde_json::{Value, json};

use super::shift::cash_since;
use super::{Difference, Finding, FindingKind, Reckoning, samples};
use crate::config::{Config, Language, Robot, Shop};
use crate::journal::{Memory, NewFinding, Understand};
use crate::shop::Clerk;

/// A clerk whose owner is told of everything.
fn clerk() -> Clerk {
    let robot = Robot {
        findings: FindingKind::ALL.to_vec(),
        ..Robot::for_tests("owner", "http://127.0.0.1:9/?access_token=t")
    };
    let shop = Shop::for_tests(Language::ZhHk);
    Clerk::new(Arc::new(Config::for_tests(std::path::Path::new("unused"), shop, vec![robot])))
}

fn z(number: &str, gross: &str, receipts: u32) -> Event {
    let mut event = samples::slip(Kind::ShiftReport, number, gross, json!({}));
    event.receipt = None;
    event.report = serde_json::from_value(json!({
        "type": "z", "number": number, "gross": gross, "receipts": receipts,
    }))
    .ok();
    event
}

fn kept(events: &[Event]) -> (Memory, Vec<NewFinding>) {
    let (mut rows, mut told) = (Memory::default(), Vec::new());
    for event in events {
        rows.remember(event).expect("plain data");
        told.extend(clerk().event(event, &mut rows).expect("memory").findings);
    }
    told.retain(|finding| finding.key.starts_with("reconciliation@"));
    (rows, told)
}

fn reports(rows: &Memory) -> Vec<Reckoning> {
    Reckoning::range(rows, "", date(2026, 1, 1), date(2027, 1, 1)).expect("memory")
}

fn paid(number: &str, total: &str, method: &str) -> Event {
    let further: Value = json!({"payments": [{"method": method, "amount": total}]});
    samples::slip(Kind::Sale, number, total, further)
}

#[test]
fn a_report_that_agrees_is_kept_and_told_to_nobody() {
    let (rows, told) = kept(&[
        samples::sale("1001"),
        samples::sale("1002"),
        z("1", "72.00", 2),
        samples::sale("1003"),
        z("2", "36.00", 1),
    ]);
    assert_eq!(told, []);
    let kept = reports(&rows);
    let said: Vec<_> = kept.iter().map(|one| (one.found.agrees(), one.whole)).collect();
    assert_eq!(said, [(true, false), (true, true)], "we came in the middle of the first");
}

#[test]
fn a_report_that_differs_is_told_once_and_urgently_with_the_missing_number() {
    let (_, told) = kept(&[
        samples::sale("1001"),
        z("1", "36.00", 1),
        samples::sale("1002"),
        samples::sale("1004"),
        z("2", "90.00", 3),
    ]);
    assert_eq!(told.len(), 1);
    assert!(told[0].urgent);
    let Ok(Finding::Reconciliation(found)) = serde_json::from_str(&told[0].body) else {
        panic!("{}", told[0].body)
    };
    let [Difference::Unseen { numbers, amount, .. }] = &*found.found.differences else {
        panic!("{:?}", found.found.differences)
    };
    assert_eq!((&**numbers, *amount), (&["1003".to_owned()][..], Some(Amount::new(1_800, 2))));
}

/// Eighteen dollars back for the sale `of`.
fn refund(number: &str, of: &str) -> Event {
    samples::slip(Kind::Refund, number, "-18.00", json!({"original_number": of}))
}

#[test]
fn a_day_that_shows_nothing_of_a_habit_leaves_it_open_and_one_that_does_settles_it() {
    // This till counts refunds among its receipts: the first day without one does not show it.
    let mut days = vec![samples::sale("1001"), z("1", "36.00", 1)];
    days.extend([samples::sale("1002"), refund("1003", "1002"), z("2", "36.00", 2)]);
    let (_, told) = kept(&days);
    assert_eq!(told, []);
    days.extend([samples::sale("1004"), refund("1005", "1004"), z("3", "36.00", 1)]);
    let (_, told) = kept(&days);
    assert_eq!(told.len(), 1, "now it does not count one: that is a difference");
}

#[test]
fn what_a_line_is_reduced_by_is_told_from_what_the_bill_is_reduced_by() {
    // Two pieces of 18.00, one of them at 3.00 off; then 3.00 off the bill of 33.00.
    let further = json!({
        "subtotal": "33.00", "total": "30.00",
        "items": [{"name": "凍奶茶", "quantity": "2", "unit_price": "18.00", "amount": "36.00"}],
        "discounts": [{"amount": "-3.00"}, {"amount": "-3.00"}],
    });
    let sale = |number: &str| samples::slip(Kind::Sale, number, "30.00", further.clone());
    for gross in ["36.00", "33.00", "30.00"] {
        let days = [sale("1001"), z("1", gross, 1), sale("1002"), z("2", gross, 1)];
        assert_eq!(kept(&days).1, [], "{gross}");
    }
    let changed = [sale("1001"), z("1", "33.00", 1), sale("1002"), z("2", "36.00", 1)];
    assert_eq!(kept(&changed).1.len(), 1);
}

#[test]
fn a_report_that_is_printed_again_ends_no_shift() {
    let again = |mut event: Event| {
        event.id = samples::sale("9999").id;
        event
    };
    let first = z("1", "36.00", 1);
    let (rows, told) = kept(&[
        samples::sale("1001"),
        first.clone(),
        samples::sale("1002"),
        again(first),
        samples::sale("1003"),
        z("2", "72.00", 2),
    ]);
    assert_eq!((told, reports(&rows).len()), (Vec::new(), 2));
}

#[test]
fn a_better_reading_takes_the_place_of_the_first_in_its_shift() {
    let first = samples::sale("1001");
    let mut better = samples::slip(Kind::Correction, "1001", "38.00", json!({}));
    better.corrects = Some(first.id);
    let (_, told) = kept(&[first, better, z("1", "38.00", 1)]);
    assert_eq!(told, []);
}

#[test]
fn cash_is_what_came_into_the_drawer_since_the_last_report() {
    let refund = samples::slip(
        Kind::Refund,
        "1003",
        "-10.00",
        json!({"payments": [{"method": "cash", "amount": "-10.00"}]}),
    );
    let slips = [paid("1001", "100.00", "cash"), paid("1002", "50.00", "octopus"), refund];
    let (rows, _) = kept(&slips);
    let since = |rows: &Memory| cash_since(rows, "", "counter-1").expect("memory");
    assert_eq!(since(&rows), Some(Amount::new(9_000, 2)));
    let (rows, _) = kept(&[&slips[..], &[z("1", "150.00", 2)]].concat());
    assert_eq!(since(&rows), None, "nothing was printed since");
    assert_eq!(reports(&rows)[0].cash, Amount::new(9_000, 2));
}
