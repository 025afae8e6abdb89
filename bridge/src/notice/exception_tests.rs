//! Golden test: every exception and what rules say, as a group reads it (`golden_exceptions.txt`).

use std::fmt::Write as _;
use std::path::Path;

use super::gallery::{robot, within, words};
use super::samples::exceptions;
use super::{Context, finding};
use crate::config::{Admin, Format, Language, Mode, Privacy};
use crate::shop::{Finding, RuleFault, Said};

const LANGUAGES: [(&str, Language); 4] = [
    ("zh-HK", Language::ZhHk),
    ("zh-CN", Language::ZhCn),
    ("en", Language::En),
    ("id", Language::Id),
];

fn said() -> Said {
    Said {
        rule: "vip".into(),
        once: "1".into(),
        text: "VIP Diamond #1001\n\nnext visit *you* skip the line".into(),
        event: "1a2b3c4d5e6f708192a3b4c5d6e7f809".into(),
        source: "counter-1".into(),
        mention: vec!["+852-91234567".into()],
        urgent: true,
    }
}

fn everything() -> String {
    let fault = RuleFault {
        rule: "vip".into(),
        why: "expected words, found an empty text".into(),
        version: "0badcafe".into(),
        source: "counter-1".into(),
    };
    let mut all: Vec<Finding> = exceptions().into_iter().map(Finding::Exception).collect();
    all.extend([Finding::Rule(said()), Finding::RuleFailed(fault)]);
    let admin = Admin { robot: "owner".into(), mention: vec!["+852-98765432".into()] };
    let mut out = String::new();
    for (tag, language) in LANGUAGES {
        let text = robot(Format::Text, Privacy::Categories);
        for one in &all {
            let message = within(language, &text, Mode::Live, |context| {
                words(&finding(one, &Context { admin: Some(&admin), ..*context }))
            });
            writeln!(out, "=== {tag} {}\n{message}\n", one.key()).expect("a string takes all");
        }
        let full = robot(Format::Markdown, Privacy::Full);
        for one in [&all[3], &all[all.len() - 2]] {
            let message =
                within(language, &full, Mode::Setup, |context| words(&finding(one, context)));
            writeln!(out, "=== {tag} markdown, full, as a test\n{message}\n").expect("as above");
        }
    }
    out
}

#[test]
fn every_exception_reads_as_the_golden_file_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden_exceptions.txt");
    let found = everything();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the source tree can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let first = golden.lines().zip(found.lines()).find(|(a, b)| a != b);
    assert_eq!(first, None, "UPDATE_GOLDEN=1 rewrites it");
    assert_eq!(golden.len(), found.len(), "UPDATE_GOLDEN=1 rewrites it");
    assert!(!found.contains('{'), "every hole is filled");
}

#[test]
fn who_served_and_where_is_told_at_full_and_below_it_never() {
    for level in [Privacy::Totals, Privacy::Categories, Privacy::Items, Privacy::Full] {
        let robot = robot(Format::Text, level);
        for exception in exceptions().into_iter().filter(|one| one.cashier.is_some()) {
            let one = Finding::Exception(exception);
            let said =
                within(Language::En, &robot, Mode::Live, |context| words(&finding(&one, context)));
            assert_eq!(said.contains("Chan Tai Man"), level == Privacy::Full, "{said}");
            assert_eq!(said.contains("Table: 7"), level == Privacy::Full, "{said}");
        }
    }
}
