//! The golden file of what is said about the stock: every severity and tone in every language, to be
//! read by a person.
//!
//! `UPDATE_GOLDEN=1 cargo test -p posbridge --lib golden` rewrites it; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::time;
use pos_protocol::event::Kind;
use rust_decimal::Decimal;
use serde_json::json;

use super::gallery::{robot, within, words};
use super::samples::changed;
use super::{Context, finding, render};
use crate::config::{Format, Language, Mode, Privacy, Robot, Tone};
use crate::shop::Finding;
use crate::shop::catalogue::Unit;
use crate::shop::stock::{Left, Severity, StockAlert};

const LANGUAGES: [Language; 4] = [Language::ZhHk, Language::ZhCn, Language::En, Language::Id];

fn alert(severity: Severity) -> Finding {
    let low = severity == Severity::Low;
    Finding::Stock(StockAlert {
        shop: String::new(),
        event: "8bde772f2c5a805140988f20fe9116bb".into(),
        article: "珍珠".into(),
        severity,
        left: if low { Decimal::new(7_505, 1) } else { Decimal::from(-30) },
        unit: "g".into(),
        threshold: Some(Decimal::from(800)),
        gone_at: low.then(|| time(16, 40, 0, 0)),
        supplier: Some("https://wa.me/85298765432".into()),
        buyer: Some("+852-91234567".into()),
        at_ms: 1_795_240_800_000,
    })
}

/// A sale whose messages say what is left.
fn sale(language: Language) -> String {
    let sale = changed(Kind::Sale, |event| {
        event["receipt"]["items"] = json!([
            {"name": "檸檬茶", "quantity": "1", "amount": "18.00"},
            {"name": "珍珠", "quantity": "0.5", "amount": "9.00"},
            {"name": "西多士", "quantity": "1", "amount": "28.00"},
        ]);
    });
    let some = |quantity, unit| Some(Left { quantity, unit });
    let left =
        [some(Decimal::from(98), Unit::Each), some(Decimal::new(125, 2), Unit::Kilogram), None];
    let robot = robot(Format::Text, Privacy::Items);
    within(language, &robot, Mode::Live, |context| {
        words(&render(&sale, &Context { left: &left, ..*context }))
    })
}

#[test]
fn what_is_said_about_the_stock_is_what_the_golden_file_says() {
    let mut all = String::new();
    for language in LANGUAGES {
        for severity in [Severity::Low, Severity::Out] {
            for tone in [Tone::Plain, Tone::Firm, Tone::Humorous] {
                let robot = Robot { stock_tone: tone, ..robot(Format::Markdown, Privacy::Totals) };
                let said = within(language, &robot, Mode::Live, |context| {
                    words(&finding(&alert(severity), context))
                });
                let head = format!("{language:?}, {}, {tone:?}", severity.as_str());
                let _ = write!(all, "## {head}\n{said}\n\n");
            }
        }
        let _ = write!(all, "## {language:?}, a sale with what is left\n{}\n\n", sale(language));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden_stock.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &all).expect("written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file");
    assert!(all == golden, "UPDATE_GOLDEN=1 rewrites it; then read the difference");
}
