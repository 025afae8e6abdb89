//! The golden file of summaries, Z reports that differ and reminders, in every language.
//!
//! `UPDATE_GOLDEN=1 cargo test -p posbridge --lib golden` rewrites it; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::finding;
use super::gallery::{robot, within_shop};
use crate::config::{Format, Language, Mode, Privacy, Shop};
use crate::dingtalk::Content;
use crate::shop::Finding;

const LANGUAGES: [(&str, Language); 4] = [
    ("zh-HK", Language::ZhHk),
    ("zh-CN", Language::ZhCn),
    ("en", Language::En),
    ("id", Language::Id),
];

fn findings() -> Vec<(&'static str, Finding)> {
    let sum = |count: i64, amount: &str| json!({"count": count, "amount": amount});
    let total = json!({
        "sales": sum(152, "12345.60"), "refunds": sum(2, "-72.00"), "voids": sum(1, "18.00"),
        "tenders": {"cash": sum(60, "4310.50"), "octopus": sum(92, "7963.10")},
        "hours": {"11": sum(20, "1500.00"), "12": sum(82, "8045.60"), "22": sum(5, "300.00"), "1": sum(1, "36.00")},
        "cashiers": {"Ming": sum(152, "12273.60")}, "others": {"no_sale": 3}, "off": 1,
    });
    let summary = |period: &str, when: &str, to: &str| {
        json!({
            "kind": "summary", "key": "k", "period": period, "when": when, "from": "2026-11-21",
            "to": to, "shops": [""], "days": 1, "total": total, "net": "12273.60",
            "average": "81.22", "before": {"from": "2026-11-14", "net": "11000.00", "count": 140},
            "top": [{"name": "凍奶茶", "quantity": "80", "amount": "1440.00"}],
            "categories": [{"name": "飲品", "quantity": "120", "amount": "2400.00"}],
            "slow": [{"name": "魚蛋", "last": "2026-11-10", "days": 11, "stock": "12"}],
            "each": [["Central", sum(90, "7000.00")]],
            "reports": [
                {"source": "counter-1", "number": "0007", "agrees": true},
                {"source": "counter-2", "number": null, "agrees": false},
            ],
            "occasions": [reminder("2026-11-22", None)], "late": "2026-11-21T22:40:00",
        })
    };
    let read = |value| serde_json::from_value(value).expect("a finding");
    vec![
        ("closing", read(summary("day", "closing", "2026-11-21"))),
        ("opening", read(summary("day", "opening", "2026-11-21"))),
        ("week", read(summary("week", "after", "2026-11-27"))),
        ("month", read(summary("month", "after", "2026-12-20"))),
        ("Z report", read(reckoning())),
        ("promotion", read(with_kind(reminder("2026-11-22", Some(true))))),
        ("holiday", read(with_kind(reminder("2026-11-20", Some(false))))),
    ]
}

fn with_kind(mut value: serde_json::Value) -> serde_json::Value {
    value["kind"] = json!("reminder");
    value
}

fn reminder(today: &str, promotion: Option<bool>) -> serde_json::Value {
    json!({
        "promotion": promotion.unwrap_or(false), "name": "冬至", "from": "2026-11-23",
        "to": if promotion == Some(true) { "2026-11-25" } else { "2026-11-23" },
        "hours": "11:00-18:00", "prepare": ["訂珍珠 20 公斤", "印海報"], "today": today, "late": null,
    })
}

fn reckoning() -> serde_json::Value {
    let line = |figure: serde_json::Value, report: &str, own: &str| json!({"figure": figure, "report": report, "own": own});
    let slip = |kind: &str, number: &str, or: &[&str]| json!({"kind": kind, "number": number, "at": "2026-11-21T12:01:00", "amount": "36.00", "or": or});
    json!({
        "kind": "reconciliation", "source": "counter-1", "shop": "", "number": "0007",
        "at": "2026-11-21T22:35:00", "day": "2026-11-21", "event": "e", "whole": false,
        "cash": "4310.50",
        "found": {
            "habit": {"gross": "before_all", "tenders_before_refunds": false,
                      "without_voided": false, "receipts": "sales"},
            "lines": [
                line(json!("gross"), "12345.60", "12309.60"), line(json!("net"), "1.00", "2.00"),
                line(json!("refunds"), "36.00", "72.00"), line(json!("voids"), "1.00", "2.00"),
                line(json!("receipts"), "152", "151"), line(json!("no_sales"), "3", "2"),
                line(json!({"tender": "octopus"}), "7963.10", "7927.10"),
                line(json!({"tender_count": "octopus"}), "92", "91"),
            ],
            "differences": [
                {"why": "unseen", "kind": "sale", "numbers": ["1043"], "amount": "36.00",
                 "method": "octopus"},
                {"why": "not_in_report", "slip": slip("refund", "1050", &["1051"])},
                {"why": "printed_twice", "slip": slip("sale", "1017", &[])},
                {"why": "other_tender", "slip": slip("sale", "1020", &[]), "ours": "alipay",
                 "theirs": "payme"},
                {"why": "counted_as_void", "slip": slip("sale", "1021", &[])},
                {"why": "read_otherwise", "slip": slip("sale", "1022", &[]), "more": "3.00"},
                {"why": "unexplained", "figures": ["gross"]},
            ],
        },
    })
}

fn everything() -> String {
    let mut out = String::new();
    for (tag, language) in LANGUAGES {
        for format in [Format::Text, Format::Markdown] {
            let robot = robot(format, Privacy::Full);
            for (name, found) in findings() {
                let shop = Shop::for_tests(language);
                let message =
                    within_shop(&shop, &robot, Mode::Live, |context| finding(&found, context));
                let said = match message.content {
                    Content::Text { content } => content,
                    Content::Markdown { title, text } => format!("[{title}]\n{text}"),
                    other => panic!("nothing that findings are said with: {other:?}"),
                };
                let format = if format == Format::Text { "text" } else { "markdown" };
                writeln!(out, "=== {tag} {format} {name}\n{said}\n").expect("a string takes all");
            }
        }
    }
    out
}

#[test]
fn summaries_z_reports_and_reminders_read_as_the_golden_file_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden_books.txt");
    let found = everything();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the source directory");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let first = golden.lines().zip(found.lines()).find(|(a, b)| a != b);
    assert_eq!(first, None, "UPDATE_GOLDEN=1 rewrites it");
    assert_eq!(golden.len(), found.len(), "UPDATE_GOLDEN=1 rewrites it");
}

#[test]
fn people_and_goods_are_told_by_the_robots_privacy_only() {
    let shop = Shop::for_tests(Language::En);
    let text = |which: usize, level: Privacy| {
        let robot = robot(Format::Text, level);
        let (_, found) = findings().swap_remove(which);
        let message = within_shop(&shop, &robot, Mode::Live, |context| finding(&found, context));
        let Content::Text { content } = message.content else { panic!("plain text") };
        content
    };
    let shows = |level, what: &str| text(0, level).contains(what);
    assert!(!shows(Privacy::Totals, "Octopus") && shows(Privacy::Categories, "Octopus"));
    assert!(!shows(Privacy::Categories, "凍奶茶") && shows(Privacy::Items, "凍奶茶"));
    assert!(!shows(Privacy::Items, "Ming") && shows(Privacy::Full, "Ming"));
    let report = |level| text(4, level).contains("Octopus");
    assert!(!report(Privacy::Totals) && report(Privacy::Categories));
}
