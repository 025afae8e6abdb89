//! Test data for messages, and the golden files: every kind of event in both languages and formats,
//! to be read by a person.

use std::fmt::Write as _;
use std::path::Path;

use pos_protocol::event::{Event, Kind};
use serde_json::{Value, json};

use super::render;
use crate::config::{Format, Language, Mode, Privacy, Robot, Shop};
use crate::dingtalk::{Content, Message};

pub(super) fn shop(language: Language) -> Shop {
    Shop::for_tests(language)
}

pub(super) fn robot(format: Format, privacy: Privacy) -> Robot {
    let url = "https://oapi.dingtalk.com/robot/send?access_token=t";
    Robot { format, privacy, ..Robot::for_tests("owner", url) }
}

/// A sale with everything on it, as `kind` would carry it.
pub(super) fn event(kind: Kind) -> Event {
    let sign = if kind == Kind::Refund { "-" } else { "" };
    let mut event = json!({
        "schema": 1, "id": "1a2b3c4d5e6f708192a3b4c5d6e7f809", "source": "counter-1",
        "observed_at": "2026-11-21T04:01:25.120Z", "kind": kind,
        "receipt": {
            "merchant": "明記冰室", "number": "1001", "printed_at": "2026-11-21T12:01:22",
            "table": "7", "cashier": "Chan Tai Man", "currency": "HKD",
            "items": [
                {"name": "凍奶茶 (少甜)", "quantity": "2", "unit_price": "18.00",
                 "amount": format!("{sign}36.00")},
                {"name": "*Set* for 9123 4567", "amount": format!("{sign}58.00")},
            ],
            "discounts": [{"label": "會員 A123456(7)", "amount": "-5.00"}],
            "total": format!("{sign}89.00"),
            "payments": [{"method": "octopus", "label": "八達通", "amount": format!("{sign}89.00")}],
        },
    });
    match kind {
        Kind::Refund => event["receipt"]["original_number"] = json!("0998"),
        Kind::NoSale | Kind::DrawerLeftOpen | Kind::DrawerOpened | Kind::DrawerClosed => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["drawer"] = match kind {
                Kind::DrawerLeftOpen => json!({"state": "opened"}),
                Kind::DrawerClosed => json!({"state": "closed"}),
                _ => json!({"kick": "pin2", "state": "commanded"}),
            };
        }
        Kind::PrinterStatus => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["printer"] = json!({"paper": "out", "cover": "closed", "offline": true,
                "error": "none"});
        }
        Kind::ShiftReport => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["report"] = json!({
                "type": "z", "number": "42", "gross": "12345.60", "net": "12300.60",
                "refunds": "-45.00", "no_sales": 2, "receipts": 181,
                "tenders": [{"method": "cash", "amount": "8000.60", "count": 120},
                            {"method": "other", "label": "飯盒券 91234567", "amount": "4300.00"}],
            });
        }
        Kind::Unread | Kind::RasterReceipt => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["text"] = json!("?? Tel 9123 4567\n\nTOTAL ??");
            event["evidence"] = json!({"session": "counter-1/0/0", "start": 0, "end": 9,
                "profile": "auto", "dialect": "escpos", "encoding": "big5",
                "diagnostics": [{"code": "gap", "start": 3, "end": 3}]});
        }
        _ => {}
    }
    if kind == Kind::DrawerOpened {
        event["related"] = json!("ffffffff5e6f708192a3b4c5d6e7f809");
    }
    serde_json::from_value(event).expect("the wire schema")
}

pub(super) fn words(message: &Message) -> String {
    match &message.content {
        Content::Text { content } => content.clone(),
        Content::Markdown { title, text } => format!("{title}\n{text}"),
        other => panic!("a format that is not laid out yet: {other:?}"),
    }
}

pub(super) fn changed(kind: Kind, change: impl FnOnce(&mut Value)) -> Event {
    let mut value = serde_json::to_value(event(kind)).expect("plain data");
    change(&mut value);
    serde_json::from_value(value).expect("the wire schema")
}

pub(super) fn text(event: &Event, language: Language, privacy: Privacy) -> String {
    words(&render(event, &shop(language), &robot(Format::Text, privacy), Mode::Live))
}

/// Every kind, one after the other, as a person reads them.
pub(super) fn gallery(language: Language, format: Format) -> String {
    let mut all = String::new();
    for &kind in Kind::ALL {
        let message =
            render(&event(kind), &shop(language), &robot(format, Privacy::Items), Mode::Live);
        writeln!(all, "=== {kind}").expect("a string takes all");
        match message.content {
            Content::Text { content } => writeln!(all, "{content}\n"),
            Content::Markdown { title, text } => writeln!(all, "[{title}]\n{text}\n"),
            other => panic!("a format that is not laid out yet: {other:?}"),
        }
        .expect("a string takes all");
    }
    all
}

#[test]
fn every_kind_in_both_languages_reads_as_the_golden_files_show() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden");
    let mut differs = Vec::new();
    for (name, language, format) in [
        ("zh-HK.text", Language::ZhHk, Format::Text),
        ("zh-HK.markdown", Language::ZhHk, Format::Markdown),
        ("en.text", Language::En, Format::Text),
        ("en.markdown", Language::En, Format::Markdown),
    ] {
        let (path, found) = (dir.join(name), gallery(language, format));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &found).expect("the source tree can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some((expected, found)) = golden.lines().zip(found.lines()).find(|(a, b)| a != b) {
            differs.push(format!("{name}: expected {expected:?}, found {found:?}"));
        } else if golden != found {
            differs.push(format!("{name}: expected {} bytes, found {}", golden.len(), found.len()));
        }
    }
    assert!(differs.is_empty(), "UPDATE_GOLDEN=1 rewrites them:\n{}", differs.join("\n"));
}
