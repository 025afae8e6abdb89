//! The golden file: everything that is ever said, in every language, to be read by a person.
//!
//! `UPDATE_GOLDEN=1 cargo test -p posbridge --lib golden` rewrites it; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use pos_protocol::event::{Event, Kind};
use pos_protocol::money::Currency;
use pos_protocol::time::Timestamp;
use serde_json::{Value, json};

use super::gallery::{robot, within_shop};
use super::samples::{alarms, changed, event};
use super::{Context, DigestReason, ReceiptLink, alarm, digest, hello, render};
use crate::config::{Admin, Format, Language, Mention, Mode, Privacy, Robot, Shop};
use crate::dingtalk::{Content, Message};

const LANGUAGES: [(&str, Language); 4] = [
    ("zh-HK", Language::ZhHk),
    ("zh-CN", Language::ZhCn),
    ("en", Language::En),
    ("id", Language::Id),
];

/// The currency of a shop that speaks `language`.
fn currency(language: Language) -> Currency {
    match language {
        Language::ZhHk | Language::En => Currency::HKD,
        Language::ZhCn => Currency::CNY,
        Language::Id => Currency::IDR,
    }
}

/// `event` in the money of a shop that speaks `language`.
fn priced(event: &Event, language: Language) -> Event {
    let mut value = serde_json::to_value(event).expect("plain data");
    if value["receipt"]["currency"] == json!("HKD") {
        value["receipt"]["currency"] = json!(currency(language).code());
    }
    if language == Language::Id {
        in_thousands(&mut value);
    }
    serde_json::from_value(value).expect("the wire schema")
}

fn in_thousands(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(in_thousands),
        Value::Array(values) => values.iter_mut().for_each(in_thousands),
        Value::String(text) => {
            if let Some(amount) = text.strip_suffix(".00").filter(|t| t.parse::<i64>().is_ok()) {
                *text = format!("{amount}000.00");
            }
        }
        _ => {}
    }
}

fn written(message: &Message) -> String {
    let mut out = match &message.content {
        Content::Text { content } => format!("{content}\n"),
        Content::Markdown { title, text } => format!("[{title}]\n{text}\n"),
        Content::ActionCard { title, text, buttons, .. } => {
            let buttons: Vec<_> =
                buttons.iter().map(|b| format!("({} -> {})", b.title, b.url)).collect();
            format!("[{title}]\n{text}\n{}\n", buttons.join("\n"))
        }
        other => panic!("nothing that notices are said with: {other:?}"),
    };
    if message.at.all {
        out.push_str("(everybody is called)\n");
    }
    out
}

fn sales() -> Vec<Event> {
    let sale = |number: &str, minute: u32, total: Option<&str>| {
        changed(Kind::Sale, |event| {
            event["id"] = json!(format!("{number:0>8}{}", "0".repeat(24)));
            event["receipt"]["number"] = json!(number);
            event["receipt"]["printed_at"] = json!(format!("2026-11-21T12:{minute:02}:00"));
            event["receipt"]["total"] = json!(total);
        })
    };
    let mut sales = vec![
        sale("1001", 1, Some("36.00")),
        sale("1002", 3, Some("12345.60")),
        sale("1003", 4, None),
        sale("20261121", 7, Some("58.00")),
    ];
    sales.push(changed(Kind::Sale, |event| {
        event["id"] = json!(format!("{:0>8}{}", "1004", "0".repeat(24)));
        event["receipt"]["number"] = json!("1004");
        event["receipt"]["currency"] = json!("CNY");
        event["receipt"]["total"] = json!("299.00");
        event["verdict"] = json!("off");
    }));
    sales.push(changed(Kind::Reprint, |event| {
        event["id"] = json!(format!("{:0>8}{}", "1005", "0".repeat(24)));
        event["receipt"]["printed_at"] = json!("2026-11-21T12:09:00");
    }));
    sales
}

fn within<T>(
    language: Language,
    robot: &Robot,
    mode: Mode,
    see: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let shop = Shop { currency: currency(language), ..Shop::for_tests(language) };
    within_shop(&shop, robot, mode, see)
}

fn section(out: &mut String, name: &str, messages: &[Message]) {
    writeln!(out, "=== {name}").expect("a string takes all");
    for message in messages {
        writeln!(out, "{}", written(message)).expect("a string takes all");
    }
}

fn spoken(out: &mut String, tag: &str, context: &Context<'_>) {
    let language = context.shop.language;
    let format = match context.robot.format {
        Format::Text => "text",
        Format::Markdown => "markdown",
        Format::Card => "card",
    };
    for &kind in Kind::ALL {
        let message = render(&priced(&event(kind), language), context);
        section(out, &format!("{tag} {format} {kind}"), &[message]);
    }
    let sales: Vec<Event> = sales().iter().map(|sale| priced(sale, language)).collect();
    let told = |why| digest(&sales, why, context).into_iter().map(|(_, message)| message);
    let budget: Vec<_> = told(DigestReason::Budget).collect();
    section(out, &format!("{tag} {format} digest"), &budget);
    let late: Vec<_> = told(DigestReason::Late { since_ms: 1_795_233_682_000 }).collect();
    section(out, &format!("{tag} {format} digest, late"), &late);
    for trouble in alarms() {
        let message = alarm(&trouble, context);
        section(out, &format!("{tag} {format} alarm {}", trouble.key()), &[message]);
    }
    let now = Timestamp::new(0, 1_795_233_682_000);
    section(out, &format!("{tag} {format} send-test"), &[hello(context, now)]);
}

/// One file: each language in text and Markdown, cards where they differ, and one message under
/// each level of privacy.
fn everything() -> String {
    let mut out = String::new();
    for (tag, language) in LANGUAGES {
        for format in [Format::Text, Format::Markdown] {
            let robot = robot(format, Privacy::Items);
            within(language, &robot, Mode::Live, |context| spoken(&mut out, tag, context));
        }
        let called = Mention {
            kinds: vec![Kind::Refund, Kind::NoSale],
            findings: Vec::new(),
            mobiles: Vec::new(),
            user_ids: vec!["manager01".into()],
            all: false,
        };
        let card = Robot { mentions: vec![called], ..robot(Format::Card, Privacy::Categories) };
        let link = ReceiptLink::parse("https://pos.example/{id}").expect("an address");
        for kind in [Kind::Sale, Kind::Refund, Kind::NoSale] {
            let message = within(language, &card, Mode::Live, |context| {
                let context = Context { link: Some(&link), ..*context };
                let test = Event { test: true, ..priced(&event(kind), language) };
                render(&test, &context)
            });
            section(&mut out, &format!("{tag} card {kind}, as a test"), &[message]);
        }
        let admin = Admin { robot: "owner".into(), mention: vec!["+852-91234567".into()] };
        let text = robot(Format::Text, Privacy::Items);
        let message = within(language, &text, Mode::Live, |context| {
            alarm(&alarms()[0], &Context { admin: Some(&admin), ..*context })
        });
        section(&mut out, &format!("{tag} text alarm that calls somebody"), &[message]);
        for (name, level) in [("totals", Privacy::Totals), ("full", Privacy::Full)] {
            for kind in [Kind::Sale, Kind::Unread] {
                let robot = robot(Format::Text, level);
                let message = within(language, &robot, Mode::Live, |context| {
                    render(&priced(&event(kind), language), context)
                });
                section(&mut out, &format!("{tag} text {kind} at level {name}"), &[message]);
            }
        }
    }
    out
}

#[test]
fn everything_that_is_said_reads_as_the_golden_file_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden.txt");
    let found = everything();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the source tree can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let first = golden.lines().zip(found.lines()).find(|(a, b)| a != b);
    assert_eq!(first, None, "UPDATE_GOLDEN=1 rewrites it");
    assert_eq!(golden.len(), found.len(), "UPDATE_GOLDEN=1 rewrites it");
}
