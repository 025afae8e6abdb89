//! The golden file of what is said about matters, dates and the day's card, in Hong Kong's Chinese
//! and in English, to be read by a person.
//!
//! `UPDATE_GOLDEN=1 cargo test -p posbridge --lib golden` rewrites it; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::date;
use pos_protocol::event::{About, Approval, Event, Kind, Reason, Ruling, Stocked, Way};
use pos_protocol::money::Amount;
use serde_json::json;

use super::gallery::{robot, within, words};
use super::samples::changed;
use super::{
    PressWord, drawer_text, finding, matter_state, matter_title, press, promotion, render, restock,
    seen_by, today_text, today_time, today_title,
};
use crate::approve::{Matter, State};
use crate::config::{Config, Format, Language, Mode, Privacy, Shop};
use crate::shop::{Day, Drawer, Finding, Foreign, Sum};

const LANGUAGES: [Language; 2] = [Language::ZhHk, Language::En];

fn hkd(text: &str) -> Amount {
    Amount::parse(text).expect(text)
}

/// A matter of that kind with all that it can say.
fn matter(about: About) -> Matter {
    let goods = [("珍珠", 5), ("檸檬茶", 2)];
    let line = |(article, quantity): (&str, i64)| Stocked {
        article: article.into(),
        quantity: quantity.into(),
    };
    let transfer = about == About::Transfer;
    let (number, amount, limit, source) = match about {
        About::Refund => (Some("1043"), Some("-800.00"), Some("500.00"), Some("counter-1")),
        About::CashShort => (None, Some("-120.50"), Some("20.00"), Some("counter-1")),
        About::Transfer | About::Return => (None, None, None, None),
    };
    Matter {
        key: format!("{}/1", about.as_str()),
        about,
        shop: if transfer { "中環" } else { "" }.into(),
        to: transfer.then(|| "旺角".into()),
        lines: if transfer { goods.map(line).into() } else { Vec::new() },
        source: source.map(str::to_owned),
        amount: amount.map(hkd),
        currency: None,
        limit: limit.map(hkd),
        number: number.map(str::to_owned),
        receipt: None,
        event: None,
        asked_by: None,
        at_ms: 1_795_240_800_000,
        way: Some(Way::Card),
        said_by: None,
        state: State::Waiting { tries: 0 },
    }
}

/// How it ended.
fn ended(about: About, ruling: Ruling, reason: Option<Reason>) -> Event {
    let matter = matter(about);
    let mut event = changed(Kind::Approval, |event| {
        event["receipt"] = json!(null);
        event["drawer"] = json!(null);
    });
    event.approval = Some(Approval {
        matter: matter.reference(),
        about,
        ruling,
        way: matter.way,
        instance: Some("7d0c6d0e-0001".into()),
        by: Some("boss01".into()),
        reason,
        shop: Some(matter.shop.clone()).filter(|shop| !shop.is_empty()),
        to: matter.to.clone(),
        lines: matter.lines.clone(),
        number: matter.number.clone(),
        amount: matter.amount,
    });
    event
}

fn endings(language: Language, all: &mut String) {
    let robot = robot(Format::Text, Privacy::Totals);
    let mut show = |about: About, ruling: Ruling, reason: Option<Reason>| {
        let event = ended(about, ruling, reason);
        let said = within(language, &robot, Mode::Live, |context| words(&render(&event, context)));
        let _ = write!(all, "## {language:?}, {} {}\n{said}\n\n", about.as_str(), ruling.as_str());
    };
    for about in About::ALL {
        for ruling in Ruling::ALL {
            match ruling {
                Ruling::Unasked => show(about, ruling, Some(Reason::NoApplication)),
                Ruling::Impossible if about != About::Transfer => {}
                Ruling::Impossible => show(about, ruling, Some(Reason::Gone)),
                _ => show(about, ruling, None),
            }
        }
    }
    for reason in Reason::ALL {
        show(About::CashShort, Ruling::Unasked, Some(reason));
    }
}

fn foreign(language: Language, all: &mut String) {
    let robot = robot(Format::Text, Privacy::Totals);
    for before in [None, Some(Ruling::Lapsed)] {
        let found = Finding::Foreign(Foreign {
            about: About::Transfer,
            ruling: Ruling::Approved,
            before,
            matter: before.map(|_| "7f3a91c2".into()),
            instance: "7d0c6d0e-0001-0002".into(),
        });
        let said = within(language, &robot, Mode::Live, |context| words(&finding(&found, context)));
        let _ = write!(all, "## {language:?}, a result that changes nothing\n{said}\n\n");
    }
}

fn small(language: Language, all: &mut String) {
    let config = Config::for_tests(Path::new("unused"), Shop::for_tests(language), Vec::new());
    let _ = writeln!(all, "## {language:?}, cards, chat, dates, tasks");
    let mut line = |text: String| {
        let _ = writeln!(all, "{text}");
    };
    for about in About::ALL {
        line(matter_title(&matter(about), &config));
    }
    line(matter_state(None, &config));
    for ruling in Ruling::ALL {
        line(matter_state(Some((ruling, Some("boss01"))), &config));
    }
    line(seen_by(&["boss01".into(), "clerk02".into()], &config));
    for word in [
        PressWord::Recorded,
        PressWord::Same,
        PressWord::TooLate(Ruling::Rejected),
        PressWord::MayNot,
        PressWord::UnknownCard,
        PressWord::UnknownButton,
        PressWord::NotKept,
    ] {
        line(press(word, &config));
    }
    let drawer = Drawer {
        source: "counter-1".into(),
        float: hkd("500.00"),
        takings: hkd("3800.50"),
        expected: hkd("4300.50"),
        counted: hkd("4180.00"),
        over: hkd("-120.50"),
    };
    line(drawer_text(&drawer, &config));
    let sum = |count, amount| Sum { count, amount: hkd(amount) };
    let day = Day { sales: sum(12, "1234.50"), refunds: sum(1, "-36.00"), ..Day::default() };
    line(today_title(date(2026, 11, 21), &config));
    line(today_text(&day, &[("中環", day.clone()), ("旺角", Day::default())], &config));
    line(today_time(1_795_240_800_000, &config));
    let (title, text) = restock("珍珠", "中環", 250.into(), "g", &config);
    line(format!("{title} | {text}"));
    let (title, task) = promotion("買二送一", &config);
    line(format!("{title} | {task}\n"));
}

#[test]
fn what_is_said_about_matters_is_what_the_golden_file_says() {
    let mut all = String::new();
    for language in LANGUAGES {
        endings(language, &mut all);
        foreign(language, &mut all);
        small(language, &mut all);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notice/golden_approvals.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &all).expect("written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file");
    assert!(all == golden, "UPDATE_GOLDEN=1 rewrites it; then read the difference");
}

#[test]
fn every_ending_is_said_whole_in_every_format() {
    for format in [Format::Text, Format::Markdown, Format::Card] {
        let robot = robot(format, Privacy::Full);
        for (about, ruling) in
            About::ALL.into_iter().flat_map(|about| Ruling::ALL.map(|ruling| (about, ruling)))
        {
            let event = ended(about, ruling, None);
            let said =
                within(Language::En, &robot, Mode::Live, |context| words(&render(&event, context)));
            assert!(said.contains("boss01"), "{format:?} {about:?} {ruling:?}: {said}");
        }
    }
}

#[test]
fn a_return_has_a_button_to_its_form_and_whoever_decided_is_named_in_full_only() {
    let link = super::ReceiptLink::parse("https://y.example/f?n={number}").expect("an address");
    let refund = changed(Kind::Refund, |_| {});
    let robot = robot(Format::Text, Privacy::Totals);
    let message = within(Language::En, &robot, Mode::Live, |context| {
        render(&refund, &super::Context { form: Some(&link), ..*context })
    });
    let crate::dingtalk::Content::ActionCard { buttons, .. } = &message.content else {
        panic!("a card: {message:?}")
    };
    assert_eq!(buttons[0].title, "Upload the return's photo");
    assert!(buttons[0].url.starts_with("https://y.example/f?n="), "{}", buttons[0].url);
    let said = |privacy| {
        let event = ended(About::Refund, Ruling::Approved, None);
        super::gallery::text(&event, Language::En, privacy)
    };
    assert!(!said(Privacy::Items).contains("boss01") && said(Privacy::Full).contains("boss01"));
}
