//! What holds and what does not, what is said at which level, and a rule that fails.

use std::path::Path;
use std::sync::Arc;

use pos_protocol::event::{Event, Kind};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::Condition;
use super::condition::Asks;
use super::facts::{Today, facts};
use crate::config::{Config, parse_in};
use crate::journal::{Memory, NewFinding, Rows, Understand, Understood};
use crate::shop::{Clerk, Finding, Moment, samples};

fn sale() -> Event {
    samples::slip(
        Kind::Sale,
        "1001",
        "5000.50",
        json!({
            "table": "7", "discounts": [{"amount": "-10.00"}],
            "items": [{"name": "VIP Diamond", "quantity": "1", "amount": "5000.00"},
                      {"name": "凍奶茶", "quantity": "2.5", "amount": "10.50"}],
            "payments": [{"method": "cash", "amount": "4000.50"}, {"method": "visa", "amount": "1000.00"}],
        }),
    )
}

/// The day with this one sale in it.
fn day(event: &Event) -> (Memory, Moment) {
    let mut rows = Memory::default();
    samples::clerk().event(event, &mut rows).expect("memory");
    let zone = jiff::tz::TimeZone::get("Asia/Hong_Kong").expect("a zone");
    (rows, Moment::of(event, &zone, jiff::civil::time(4, 0, 0, 0)).expect("a time"))
}

fn holds(text: &str, event: &Event) -> bool {
    let condition = Condition::new(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let (rows, at) = day(event);
    let today = Today::read(&rows, "", at, Asks { items: true, categories: true }).expect("memory");
    condition.holds(facts(event, "", at, &today)).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn conditions_are_asked_of_the_event_and_the_day() {
    for (text, expected) in [
        ("total > 5000", true),
        ("total > 5000.50", false),
        ("total >= 5000.5", true),
        ("total == 5000.50 and table == '7'", true),
        ("total + 0.1 - 0.1 == 5000.5", true),
        ("total > 9000 or \"VIP Diamond\" in items", true),
        ("'VIP' in items", false),
        ("'VIP' in goods and not 'Gold' in goods", true),
        ("'vip' in goods|lower", true),
        ("'cash' in paid and paid['cash'] > 4000", true),
        ("paid['octopus'] == 0", true),
        ("quantity['凍奶茶'] == 2.5 and pieces == 3.5", true),
        ("discount >= 10 and hour == 12 and weekday == 'sat'", true),
        ("today.count == 1 and today.sales == total", true),
        ("today.average == 5000.5 and today.net >= 5000", true),
        ("today.items['凍奶茶'] + today.items['熱奶茶'] >= 10.5", true),
        ("today.quantities['VIP Diamond'] > 1", false),
        ("today.tenders['visa'] == 1000 and today.cashiers['Ming'] > 5000", true),
        ("-total < 0", true),
        ("kind == 'sale' and source != 'counter-2'", true),
        ("(total > 1) == true", true),
    ] {
        assert_eq!(holds(text, &sale()), expected, "{text}");
    }
}

#[test]
fn what_is_not_known_makes_a_comparison_false_either_way() {
    for text in [
        "guests > 1",
        "guests <= 1",
        "guests != 1",
        "guests + 1 > 0",
        "'x' in terminal",
        "terminal in 'x'",
        "guests is known",
    ] {
        assert!(!holds(text, &sale()), "{text}");
    }
    assert!(holds("guests is not known and table is known", &sale()));
    assert!(holds("not (guests > 1)", &sale()));
}

proptest! {
    /// Money is compared to the last digit, however large it is.
    #[test]
    fn amounts_are_compared_exactly(minor in -9_000_000_000_000_i64..9_000_000_000_000, off in -1_i64..=1) {
        let event = samples::slip(Kind::Sale, "1", &Decimal::new(minor, 2).to_string(), json!({}));
        let other = Decimal::new(minor + off, 2);
        let other = if other.is_sign_negative() { format!("-{}", other.abs()) } else { other.to_string() };
        prop_assert_eq!(holds(&format!("total < {other}"), &event), off > 0);
        prop_assert_eq!(holds(&format!("total == {other}"), &event), off == 0);
    }

    /// Whatever is typed is a condition or a mistake with a place inside it, and what compiles ends.
    #[test]
    fn any_text_is_judged_without_a_fault(
        text in "(total|table|today\\.sales|'a'|5\\.5|paid\\['cash'\\]|and|or|not|in|is|known|<|==|\\+|-|\\(|\\)| ){0,14}|.{0,20}"
    ) {
        match Condition::new(&text) {
            Ok(condition) => {
                let event = sale();
                let (_, at) = day(&event);
                prop_assert!(condition.holds(facts(&event, "", at, &Today::default())).is_ok(), "{text}");
            }
            Err(fault) => {
                prop_assert!(text.get(fault.at.clone()).is_some(), "{fault:?}");
                prop_assert!(!fault.expected.is_empty() && !fault.hint.is_empty());
            }
        }
    }
}

const CONFIG: &str = r#"
[[source]]
name = "counter-1"
kind = "file"
path = "a"
[[robot]]
name = "owner"
url = "http://127.0.0.1/?access_token=t"
privacy = "full"
[[robot]]
name = "staff"
url = "http://127.0.0.1/?access_token=t"
notices = []
[admin]
robot = "owner"
"#;

fn config(rules: &str) -> Config {
    let text = format!("{CONFIG}{rules}");
    parse_in(&text, Path::new("p.toml"), &|_| None).unwrap_or_else(|error| panic!("{error}")).0
}

/// What is told of `events` besides exceptions: robot and body.
fn told(rules: &str, events: &[Event]) -> Vec<NewFinding> {
    let clerk = Clerk::new(Arc::new(config(rules)));
    let mut rows = Memory::default();
    let mut all = Vec::new();
    for event in events {
        let mut new = clerk.event(event, &mut rows).expect("memory").findings;
        new.retain(|new| !new.body.contains("\"kind\":\"exception\""));
        new.retain(|new| !rows.told(&new.key).expect("memory"));
        rows.tell(&new);
        all.extend(new);
    }
    all
}

fn said(new: &NewFinding) -> String {
    match serde_json::from_str(&new.body).expect("as kept") {
        Finding::Rule(said) => said.text,
        other => panic!("{other:?}"),
    }
}

const VIP: &str = r#"
[[rule]]
name = "vip"
on = ["sale", "membership"]
when = "'VIP Diamond' in goods"
say = "VIP Diamond (#{{ number|default('') }}): next visit you skip the line. {{ cashier }} {{ table }}"
mention = ["+852-91234567"]
"#;

#[test]
fn a_membership_is_told_to_all_who_want_rules_and_names_nobody_below_full() {
    let rule = VIP.replace("#{{ number|default('') }}", "{{ number }}");
    let new = told(&rule, &[sale(), samples::sale("1002")]);
    assert_eq!(new.len(), 1, "staff asked for nothing");
    assert_eq!(said(&new[0]), "VIP Diamond (#1001): next visit you skip the line. Ming 7");
    let staff = told(&format!("{rule}robot = \"staff\"\nurgent = true\n"), &[sale()]);
    assert_eq!((staff[0].robot.as_str(), staff[0].urgent), ("staff", true));
    assert_eq!(said(&staff[0]), "VIP Diamond (#1001): next visit you skip the line. — —");
}

#[test]
fn the_days_goal_is_told_once_a_day_and_an_event_each_time() {
    let goal = "[[rule]]\nname = \"goal\"\non = [\"sale\"]\nonce = \"day\"\n\
                when = \"today.items['凍奶茶'] >= 72\"\nsay = \"{{ today.sales }} of {{ today.count }}\"\n";
    let mut events: Vec<Event> = (1..=4).map(|n| samples::sale(&format!("100{n}"))).collect();
    let mut tomorrow = samples::slip(Kind::Sale, "2001", "80.00", json!({}));
    tomorrow.observed_at = "2026-11-22T04:01:25.120Z".into();
    tomorrow.receipt.as_mut().expect("a receipt").printed_at = None;
    events.push(tomorrow);
    let texts = |rules: &str| -> Vec<String> { told(rules, &events).iter().map(said).collect() };
    assert_eq!(texts(goal), ["HK$72.00 of 2", "HK$80.00 of 1"]);
    assert_eq!(texts(&goal.replace("day\"\nwhen", "event\"\nwhen")).len(), 4);
}

#[test]
fn a_rule_that_fails_is_told_to_the_admin_once_and_the_others_speak_on() {
    let broken =
        "[[rule]]\nname = \"broken\"\non = [\"sale\"]\nsay = \"{% if terminal %}x{% endif %}\"\n";
    let events = [sale(), samples::sale("1002"), samples::sale("1003")];
    let new = told(&format!("{broken}{VIP}"), &events);
    let kinds: Vec<(&str, bool)> = new
        .iter()
        .map(|new| (new.robot.as_str(), new.key.starts_with("rule_failed/broken@")))
        .collect();
    assert_eq!(kinds, [("owner", true), ("owner", false)]);
    let mended = broken.replace("x{%", "y{%");
    let again = told(&mended, &events);
    assert_ne!(again[0].key, new[0].key, "another version that fails is news");
}

#[test]
fn practice_is_asked_nothing_before_the_shop_goes_live() {
    let rule = CONFIG.to_owned() + VIP;
    let (config, _) = parse_in(&rule, Path::new("p.toml"), &|_| None).expect("good");
    let slip = Event { test: true, ..sale() };
    let new = Clerk::new(Arc::new(config)).event(&slip, &mut Memory::default()).expect("memory");
    assert_eq!(new, Understood::default());
}

#[test]
fn a_text_of_any_size_is_bounded() {
    let rule = "[[rule]]\nname = \"long\"\non = [\"sale\"]\n\
                say = \"{% for a in items %}{% for b in items %}{{ a.name }}{% endfor %}{% endfor %}\"\n";
    let mut event = sale();
    let items = &mut event.receipt.as_mut().expect("a receipt").items;
    *items = vec![items[0].clone(); 200];
    let new = told(rule, &[event]);
    assert!(new[0].key.starts_with("rule_failed/long@"), "{}", new[0].key);
}
