//! What holds for every message, whatever the event: nobody's data, no hole, nothing lost, never too
//! large.

use pos_protocol::event::{Event, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::gallery::{robot, within, words};
use super::samples::changed;
use super::{DigestReason, digest, render};
use crate::config::{Format, Language, Mention, Mode, Privacy, Robot};
use crate::dingtalk::Message;
use crate::privacy::seeds::{Seed, seed};
use crate::privacy::{let_through, redact_event};

const LEVELS: [Privacy; 4] = [Privacy::Totals, Privacy::Categories, Privacy::Items, Privacy::Full];
const UUID: &str = "00000000-0000-0000-0000-000000000000";

/// Printed words with a person's datum among them.
#[derive(Clone, Debug)]
struct Printed {
    text: String,
    secret: String,
}

fn printed() -> impl Strategy<Value = Printed> {
    let before =
        prop_oneof![Just(""), Just("凍奶茶 "), Just("*Set A* "), Just("送貨"), Just("2 x ")];
    let after = prop_oneof![Just(""), Just(" 多謝"), Just(", thanks"), Just("\nTotal 5.00")];
    (before, seed(), after).prop_map(|(before, (seeded, secret), after): (_, Seed, _)| Printed {
        text: format!("{before}{seeded}{after}"),
        secret,
    })
}

/// An event of any kind with a person's datum in each of its free texts, and numbers that look like
/// a person's in the fields that are never touched. Any field may be missing.
fn event() -> impl Strategy<Value = (Event, Vec<String>)> {
    let kind = prop::sample::select(Kind::ALL);
    let texts = prop::collection::vec(printed(), 12);
    let there = prop::collection::vec(prop::bool::weighted(0.8), 12);
    (kind, texts, there, "[4-9][0-9]{7}", 0_i64..100_000_000).prop_map(
        |(kind, texts, there, number, minor)| {
            let event = changed(kind, |event| fill(event, &texts, &there, &number, minor));
            (event, texts.into_iter().map(|printed| printed.secret).collect())
        },
    )
}

fn fill(event: &mut Value, texts: &[Printed], there: &[bool], number: &str, minor: i64) {
    let text = |at: usize| json!(texts[at].text);
    let amount = format!("{}.{:02}", minor / 100, minor % 100);
    event["text"] = text(0);
    if event["receipt"].is_object() {
        let fields = [
            ("merchant", text(1)),
            ("address", text(2)),
            ("cashier", text(3)),
            ("terminal", text(4)),
            ("table", text(5)),
            ("number", json!(number)),
            ("total", json!(amount)),
            (
                "items",
                json!([
                    {"name": text(6), "quantity": "12345678", "amount": amount, "modifiers": [text(7)]},
                ]),
            ),
            ("discounts", json!([{"label": text(8), "amount": "-5.00"}])),
            ("payments", json!([{"method": "other", "label": text(9), "amount": amount}])),
            ("taxes", json!([{"label": text(10), "amount": "1.00"}])),
            ("original_number", json!(number)),
        ];
        event["receipt"] = json!({"printed_at": "2026-11-21T12:01:22"});
        for ((name, value), there) in fields.into_iter().zip(there) {
            if *there {
                event["receipt"][name] = value;
            }
        }
    }
    if event["report"].is_object() {
        event["report"]["tenders"] =
            json!([{"method": "other", "label": text(11), "amount": amount}]);
    }
}

fn language() -> impl Strategy<Value = Language> {
    prop::sample::select(&[Language::ZhHk, Language::ZhCn, Language::En, Language::Id][..])
}

fn format() -> impl Strategy<Value = Format> {
    prop::sample::select(&[Format::Text, Format::Markdown, Format::Card][..])
}

/// What `message` lacks or holds that no message may.
fn fault(message: &Message) -> Option<String> {
    let body = match message.body(UUID) {
        Ok(body) => body,
        Err(error) => return Some(error.to_string()),
    };
    let said = words(message);
    let hole = ["null", "None", "NaN", "undefined", "{{", "{%", "{}"];
    if let Some(hole) = hole.into_iter().find(|hole| said.contains(hole)) {
        return Some(format!("{hole} in {said}"));
    }
    // A label with nothing behind it. What was printed may end as it likes: behind its label, and
    // in lines of its own.
    let blank = said.lines().map(str::trim).any(|line| {
        let bare = line.strip_suffix(['：', ':']).filter(|_| !line.starts_with('·'));
        bare.is_some_and(|bare| !bare.contains(['：', ':']))
    });
    (blank || body.contains("null")).then_some(said)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_message_of_any_language_format_or_level_shows_a_person(
        (event, secrets) in event(), language in language(), format in format(),
    ) {
        for level in LEVELS {
            let robot = robot(format, level);
            let (one, many) = within(language, &robot, Mode::Live, |context| {
                let many = digest(&[event.clone(), event.clone()], DigestReason::Budget, context);
                (render(&event, context), many)
            });
            for message in std::iter::once(&one).chain(many.iter().map(|(_, message)| message)) {
                prop_assert_eq!(fault(message), None);
                let said = words(message);
                // Markdown has full-width twins; look behind them as well.
                let plain: String = said.chars().map(|c| match c {
                    '＊' => '*', '［' => '[', '］' => ']', '＋' => '+', '－' => '-', c => c,
                }).collect();
                for secret in &secrets {
                    prop_assert!(!plain.contains(secret.as_str()), "{secret} in {said}");
                }
            }
        }
        let shown = serde_json::to_string(&redact_event(event.clone())).expect("plain data");
        for secret in &secrets {
            prop_assert!(!shown.contains(secret.as_str()), "{secret} in {shown}");
        }
    }

    #[test]
    fn numbers_amounts_dates_and_quantities_survive_every_level((event, _) in event()) {
        let redacted = redact_event(event.clone());
        let Some(all) = &event.receipt else { return Ok(()) };
        let quantities = |event: &Event| -> Vec<_> {
            event.receipt.iter().flat_map(|r| r.items.iter().map(|item| item.quantity)).collect()
        };
        prop_assert_eq!(quantities(&redacted), quantities(&event));
        for level in LEVELS {
            let told = let_through(&event, level);
            let some = told.receipt.as_ref().expect("a receipt stays one");
            prop_assert_eq!(&some.number, &all.number);
            prop_assert_eq!(&some.original_number, &all.original_number);
            prop_assert_eq!(some.printed_at, all.printed_at);
            prop_assert_eq!(some.total, all.total);
            if level >= Privacy::Categories {
                prop_assert_eq!(quantities(&told), quantities(&event));
            }
            let robot = robot(Format::Markdown, level);
            let said =
                within(Language::En, &robot, Mode::Live, |context| words(&render(&event, context)));
            if let Some(number) = &all.number {
                let shown = format!("#{number}");
                prop_assert!(said.contains(&shown), "{number} in {said}");
            }
            prop_assert!(said.contains("2026-11-21 12:01:22"), "{said}");
        }
    }

    #[test]
    fn a_digest_tells_every_event_once_and_in_order_within_the_limit(
        numbers in prop::collection::vec("[A-Z0-9\"*#-]{1,60}", 1..400),
        language in language(), format in format(), people in 0_usize..=50,
    ) {
        let sale = |(at, number): (usize, &String)| changed(Kind::Sale, |event| {
            event["id"] = json!(format!("{at:032x}"));
            event["receipt"]["number"] = json!(format!("{at}-{number}"));
            event["receipt"]["total"] = json!(format!("{at}.25"));
        });
        let events: Vec<Event> = numbers.iter().enumerate().map(sale).collect();
        let called = Mention {
            kinds: vec![Kind::Sale],
            findings: Vec::new(),
            mobiles: Vec::new(),
            user_ids: (0..people).map(|at| format!("{at:064}")).collect(),
            all: false,
        };
        let robot = Robot { mentions: vec![called], ..robot(format, Privacy::Totals) };
        let why = DigestReason::Late { since_ms: 1_795_233_682_000 };
        let messages = within(language, &robot, Mode::Live, |context| digest(&events, why, context));
        prop_assert_eq!(messages.iter().map(|(count, _)| count).sum::<usize>(), events.len());
        let mut at = 0;
        for (page, (count, message)) in messages.iter().enumerate() {
            prop_assert_eq!(fault(message), None);
            let said = words(message);
            let mut from = 0;
            for index in at..at + count {
                let (number, amount) = (format!(" #{index}-"), format!("{index}.25"));
                let found = said[from..].find(&number);
                prop_assert!(found.is_some(), "{number} in {said}");
                from += found.unwrap_or_default();
                prop_assert!(said[from..].lines().next().is_some_and(|line| line.contains(&amount)));
            }
            at += count;
            if messages.len() > 1 {
                let part = format!("{}/{}", page + 1, messages.len());
                prop_assert!(said.contains(&part), "{part} in {said}");
            }
        }
    }
}

#[test]
fn practice_and_what_counts_are_told_apart_and_neither_is_in_the_sums_of_the_other() {
    let sale = |number: usize, test: bool| {
        let mut event = changed(Kind::Sale, |event| {
            event["receipt"]["number"] = json!(number.to_string());
            event["receipt"]["total"] = json!("10.00");
        });
        event.test = test;
        event
    };
    let events: Vec<Event> = (0..5).map(|at| sale(1_000 + at, at < 2)).collect();
    let robot = robot(Format::Text, Privacy::Totals);
    let told = within(Language::En, &robot, Mode::Live, |context| {
        digest(&events, DigestReason::Budget, context)
    });
    let told: Vec<(usize, String)> =
        told.iter().map(|(count, message)| (*count, words(message))).collect();
    let [(2, tests), (3, live)] = &told[..] else { panic!("{told:?}") };
    assert!(tests.starts_with("[TEST]") && tests.contains("HK$20.00"), "{tests}");
    assert!(!live.contains("TEST") && live.contains("HK$30.00"), "{live}");
}
