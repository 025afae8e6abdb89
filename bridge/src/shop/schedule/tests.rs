//! What is due when, over days, holidays and a box that was off.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, date, time};
use serde_json::json;

use super::due::{Span, due, spans};
use crate::config::{Config, Hears, Hours, Language, Occasion, OccasionKind, Robot, Shop};
use crate::journal::{Memory, Understand};
use crate::shop::finding::Finding;
use crate::shop::summary::{Period, When};
use crate::shop::{Clerk, FindingKind, Moment, samples};

/// A café that is open from eleven to half past ten.
fn config() -> Config {
    let shop = Shop::for_tests(Language::ZhHk);
    let hours = Some(Hours { from: time(11, 0, 0, 0), to: time(22, 30, 0, 0) });
    let robot = Robot {
        findings: FindingKind::ALL.to_vec(),
        ..Robot::for_tests("owner", "http://127.0.0.1:9/?access_token=t")
    };
    let shop = Shop { hours, ..shop };
    Config::for_tests(std::path::Path::new("unused"), shop, vec![robot])
}

fn source(name: &str, shop: &str) -> crate::config::Source {
    let text = format!(
        "[[source]]\nname = \"{name}\"\nkind = \"file\"\npath = \"a\"\nshop = \"{shop}\"\n\
         [[robot]]\nname = \"o\"\nurl = \"http://127.0.0.1/?access_token=t\"\n"
    );
    let (config, _) =
        crate::config::parse_in(&text, std::path::Path::new("p.toml"), &|_| None).expect("good");
    let mut source = config.sources[0].clone();
    source.shop = shop.trim().to_owned();
    source
}

/// The café with one till.
fn one_till() -> Config {
    let mut config = config();
    config.sources = vec![source("counter-1", "x")];
    config.sources[0].shop = String::new();
    config
}

fn now(at: &str) -> Moment {
    Moment::at(at.parse::<DateTime>().expect("a time"), time(4, 0, 0, 0))
}

fn told(config: &Config, at: &str) -> Vec<(Period, When, Date, bool)> {
    let spans = spans(config, now(at)).into_iter();
    spans.map(|span: Span| (span.period, span.when, span.to, span.late.is_some())).collect()
}

/// A journal in memory with one sale at noon of each of these days.
fn sold(config: &Config, days: &[&str]) -> Memory {
    let clerk = Clerk::new(Arc::new(config.clone()));
    let mut rows = Memory::default();
    for (n, day) in days.iter().enumerate() {
        let printed = json!({"printed_at": format!("{day}T12:00:00")});
        let number = (1001 + n).to_string();
        let mut event = samples::slip(pos_protocol::event::Kind::Sale, &number, "36.00", printed);
        event.observed_at = format!("{day}T04:00:00.000Z");
        clerk.event(&event, &mut rows).expect("memory");
    }
    rows
}

#[test]
fn a_day_is_told_after_closing_and_again_before_the_next_one_opens() {
    let config = one_till();
    let saturday = date(2026, 11, 21);
    let closing = (Period::Day, When::Closing, saturday, false);
    assert!(!told(&config, "2026-11-21T22:39:00").contains(&closing));
    assert!(told(&config, "2026-11-21T22:40:00").contains(&closing));
    let opening = (Period::Day, When::Opening, saturday, false);
    assert!(!told(&config, "2026-11-22T10:29:00").contains(&opening));
    assert_eq!(told(&config, "2026-11-22T10:30:00"), [opening]);
}

#[test]
fn a_box_that_was_off_tells_what_is_still_of_use_once_and_says_that_it_is_late() {
    let config = one_till();
    let saturday = date(2026, 11, 21);
    let late = (Period::Day, When::Closing, saturday, true);
    assert_eq!(told(&config, "2026-11-22T02:00:00"), [late]);
    // By the morning the card before opening says the same.
    assert_eq!(
        told(&config, "2026-11-22T14:00:00"),
        [(Period::Day, When::Opening, saturday, true)]
    );

    let rows = sold(&config, &["2026-11-21"]);
    let clerk = Clerk::new(Arc::new(config));
    let mut rows = rows;
    let first = clerk.tick(now("2026-11-22T02:00:00"), &rows).expect("memory");
    assert_eq!(first.len(), 1);
    assert!(first[0].body.contains("\"late\":\"2026-11-21T22:40:00\""), "{}", first[0].body);
    let read: Finding = serde_json::from_str(&first[0].body).expect("what the outbox keeps");
    assert_eq!(serde_json::to_string(&read).expect("plain data"), first[0].body);
    rows.tell(&first);
    for at in ["2026-11-22T02:01:00", "2026-11-21T23:00:00", "2026-11-22T10:00:00"] {
        assert_eq!(clerk.tick(now(at), &rows).expect("memory"), [], "{at}");
    }
    // A clock that leaps by months brings nothing of days without trade.
    assert_eq!(clerk.tick(now("2027-03-01T02:00:00"), &rows).expect("memory"), []);
}

#[test]
fn a_week_and_a_month_are_told_on_the_morning_after_and_not_for_ever() {
    let config = one_till();
    let week = |at: &str| told(&config, at).iter().any(|(period, ..)| *period == Period::Week);
    assert!(!week("2026-11-23T10:29:00"));
    assert!(week("2026-11-23T10:30:00") && week("2026-11-24T23:00:00"));
    assert!(!week("2026-11-25T10:30:00"));
    let november = (Period::Month, When::After, date(2026, 11, 30), false);
    assert!(told(&config, "2026-12-01T10:30:00").contains(&november));
    assert!(!told(&config, "2026-12-06T10:30:00").iter().any(|(p, ..)| *p == Period::Month));
}

#[test]
fn a_night_that_passes_midnight_closes_with_its_own_day() {
    let mut config = one_till();
    config.shop.hours = Some(Hours { from: time(18, 0, 0, 0), to: time(3, 0, 0, 0) });
    let friday = (Period::Day, When::Closing, date(2026, 11, 20), false);
    assert!(told(&config, "2026-11-21T03:10:00").contains(&friday));
    // Open beyond the day's end: the day ends all the same.
    config.shop.hours = Some(Hours { from: time(18, 0, 0, 0), to: time(5, 0, 0, 0) });
    assert!(told(&config, "2026-11-21T04:10:00").contains(&friday));
}

#[test]
fn on_a_holiday_nothing_is_told_before_an_opening_that_does_not_come() {
    let mut config = one_till();
    config.calendar = vec![occasion("Christmas", date(2026, 11, 22), false)];
    let rows = sold(&config, &["2026-11-21"]);
    let of = |at: &str| {
        let found = due(&config, now(at), &rows).expect("memory");
        let opening = |one: &Finding| matches!(one, Finding::Summary(summary) if summary.when == When::Opening);
        found.into_iter().filter(opening).collect::<Vec<_>>()
    };
    assert!(of("2026-11-22T10:45:00").is_empty(), "the shop is closed");
    // The day after, the last day of trade is told.
    let days: Vec<Date> = of("2026-11-23T10:45:00")
        .iter()
        .filter_map(|one| match one {
            Finding::Summary(summary) => Some(summary.to),
            _ => None,
        })
        .collect();
    assert_eq!(days, [date(2026, 11, 21)]);
}

fn occasion(name: &str, day: Date, promotion: bool) -> Occasion {
    let kind =
        if promotion { OccasionKind::Promotion } else { OccasionKind::Holiday { hours: None } };
    let prepare = vec!["print the posters".to_owned()];
    Occasion { kind, name: name.into(), from: day, to: day, remind_days: 3, prepare }
}

#[test]
fn a_reminder_comes_its_days_ahead_once_with_what_to_prepare() {
    let mut config = one_till();
    config.calendar = vec![occasion("Half price", date(2026, 11, 26), true)];
    let clerk = Clerk::new(Arc::new(config));
    let mut rows = Memory::default();
    let mut told = |at: &str| {
        let new = clerk.tick(now(at), &rows).expect("memory");
        rows.tell(&new);
        new
    };
    assert_eq!(told("2026-11-23T10:29:00"), []);
    let first = told("2026-11-23T10:30:00");
    assert_eq!(first.len(), 1);
    assert!(first[0].body.contains("print the posters"), "{}", first[0].body);
    assert_eq!(told("2026-11-25T12:00:00"), []);
}

#[test]
fn several_shops_are_told_each_and_together_to_those_who_hear_all_of_them() {
    let mut config = one_till();
    config.sources = vec![source("a-1", "Central"), source("b-1", "Mong Kok")];
    config.robots.push(Robot {
        sources: Hears::Only(["a-1".to_owned()].into()),
        name: "central".into(),
        ..config.robots[0].clone()
    });
    let clerk = Clerk::new(Arc::new(config));
    let mut rows = Memory::default();
    for (n, till) in ["a-1", "b-1"].into_iter().enumerate() {
        let mut event = samples::sale(&(1001 + n).to_string());
        event.source = till.into();
        clerk.event(&event, &mut rows).expect("memory");
    }
    let new = clerk.tick(now("2026-11-21T22:45:00"), &rows).expect("memory");
    let told: Vec<(&str, &str)> =
        new.iter().map(|one| (&*one.robot, one.key.rsplit('@').next().unwrap_or(""))).collect();
    assert_eq!(
        told,
        [("owner", "Central"), ("central", "Central"), ("owner", "Mong Kok"), ("owner", "*"),]
    );
}
