//! Event to message: what is said, by kind and by how much may leave the shop.

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{DrawerState, Event, EventId, Kind, Receipt, Verdict};
use pos_protocol::time::Timestamp;

use super::card::Card;
use super::fields::{self, Money};
use super::layout::lay_out;
use super::{printer, report, words};
use crate::config::{Format, Language, Mode, Privacy, Robot, Shop};
use crate::dingtalk::Message;

/// Most lines of goods in one message; keeps it on a phone's screen and far below the size limit.
const MAX_ITEMS: usize = 30;

/// Most means of payment named.
const MAX_PAYMENTS: usize = 6;

/// Most discounts named.
const MAX_DISCOUNTS: usize = 6;

/// Lines of a paper that could not be read, enough to recognise it.
const MAX_PAPER_LINES: usize = 5;

/// The message that tells `robot`'s group about `event`.
pub fn render(event: &Event, shop: &Shop, robot: &Robot, mode: Mode) -> Message {
    let language = shop.language;
    let code = event.receipt.as_ref().and_then(|receipt| receipt.currency.as_deref());
    let money = Money::new(code, shop.currency);
    let mut card = Card {
        mark: (mode == Mode::Setup).then(|| words::TEST.of(language)),
        headline: headline(event, &money, robot.format, language),
        warnings: warnings(event, language),
        ..Card::default()
    };
    card.row(words::TIME.of(language), fields::time(event, shop));
    card.row(words::SOURCE.of(language), fields::clean(&event.source, usize::MAX));
    if let Some(receipt) = &event.receipt {
        add_receipt(&mut card, event.kind, receipt, &money, robot.privacy, language);
    }
    if let Some(report) = &event.report {
        report::add(&mut card, report, &money, language);
    }
    if let Some(drawer) = &event.drawer {
        let by_key =
            (event.kind, drawer.state, drawer.kick) == (Kind::NoSale, DrawerState::Opened, None);
        let state = if by_key { words::BY_KEY } else { words::drawer(drawer.state) };
        card.row(words::DRAWER.of(language), Some(state.of(language).to_owned()));
    }
    if let Some(found) = event.printer {
        printer::add(&mut card, found, language);
    }
    if event.kind == Kind::Unread && robot.privacy == Privacy::Full {
        add_paper(&mut card, event, language);
    }
    card.row(words::RELATED.of(language), event.related.map(EventId::short));
    card.footer.push((words::REFERENCE.of(language), event.id.short()));
    lay_out(&card, robot.format, language)
}

/// The message that shows that a robot works.
pub fn hello(shop: &Shop, robot: &Robot, now: Timestamp) -> Message {
    let language = shop.language;
    let at = now.wall.to_zoned(shop.timezone.clone()).datetime();
    let mut card = Card { headline: words::HELLO.of(language).to_owned(), ..Card::default() };
    card.row(words::SHOP.of(language), fields::clean(&shop.name, usize::MAX));
    card.row(words::TIME.of(language), Some(fields::minute(at)));
    lay_out(&card, robot.format, language)
}

fn headline(event: &Event, money: &Money, format: Format, language: Language) -> String {
    if let Some(found) = event.printer {
        return printer::headline(found, language).to_owned();
    }
    let kind = words::kind(event.kind).of(language);
    let Some(receipt) = &event.receipt else { return kind.to_owned() };
    let number = receipt.number.as_deref().and_then(fields::number);
    let number = number.unwrap_or_else(|| words::NO_NUMBER.of(language).to_owned());
    let total = receipt.total;
    if event.kind != Kind::Sale {
        let total = total.map(|total| format!(" {}", money.show(total))).unwrap_or_default();
        return format!("{kind} {number}{total}");
    }
    let nothing = || words::NO_AMOUNT.of(language).to_owned();
    if (format, language) == (Format::Text, Language::En) {
        let total = total.map_or_else(nothing, |total| money.show_short(total));
        let (order, amount) = (words::NEW_ORDER.of(language), words::AMOUNT.of(language));
        return format!("{order}: {number}, {amount} {total}");
    }
    let total = total.map_or_else(nothing, |total| money.show(total));
    format!("{kind} {number} {total}")
}

fn warnings(event: &Event, language: Language) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if event.verdict == Some(Verdict::Off) {
        warnings.push(words::OFF.of(language));
    }
    let found = event.evidence.as_ref().map_or(&[][..], |evidence| &evidence.diagnostics);
    if found.iter().any(|diagnostic| diagnostic.code == Code::Gap) {
        warnings.push(words::GAP.of(language));
    }
    warnings
}

fn add_receipt(
    card: &mut Card,
    kind: Kind,
    receipt: &Receipt,
    money: &Money,
    privacy: Privacy,
    language: Language,
) {
    let original = receipt.original_number.as_deref().and_then(fields::number);
    card.row(words::ORIGINAL.of(language), original);
    if privacy >= Privacy::Categories {
        let paid = if kind == Kind::Refund { words::PAID_BACK } else { words::PAID };
        let payments = fields::payments(&receipt.payments, money, language, MAX_PAYMENTS);
        card.row(paid.of(language), payments);
        let pieces = fields::pieces(&receipt.items);
        card.row(words::ITEMS.of(language), (pieces > 0).then(|| pieces.to_string()));
    }
    if privacy >= Privacy::Full {
        for (label, value) in [(words::TABLE, &receipt.table), (words::TERMINAL, &receipt.terminal)]
        {
            card.row(label.of(language), value.as_deref().and_then(fields::free_text));
        }
        for discount in receipt.discounts.iter().take(MAX_DISCOUNTS) {
            let label = discount.label.as_deref().and_then(fields::free_text);
            let label = label.map(|label| format!("{label} ")).unwrap_or_default();
            let value = format!("{label}{}", money.show(discount.amount));
            card.row(words::DISCOUNT.of(language), Some(value));
        }
    }
    if privacy >= Privacy::Items {
        let items = receipt.items.iter().take(MAX_ITEMS);
        card.lines.extend(items.filter_map(|item| fields::item(item, money)));
        if let Some(more @ 1..) = receipt.items.len().checked_sub(MAX_ITEMS) {
            card.lines.push(format!("… {} {more}", words::MORE_ITEMS.of(language)));
        }
    }
}

fn add_paper(card: &mut Card, event: &Event, language: Language) {
    let text = event.text.as_deref().unwrap_or_default();
    let mut lines = text.lines().filter_map(fields::free_text);
    card.row(words::PRINTED.of(language), lines.next());
    card.lines.extend(lines.take(MAX_PAPER_LINES - 1));
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use pos_protocol::time::Timestamp;
    use serde_json::{Value, json};

    use super::{Format, Language, Mode, Privacy, hello, render};
    use crate::notice::gallery::{changed, event, robot, shop, text, words};

    #[test]
    fn an_order_in_english_text_starts_with_the_agreed_line() {
        let yuan = changed(Kind::Sale, |event| {
            event["receipt"]["currency"] = json!("CNY");
            event["receipt"]["total"] = json!("299.00");
        });
        let said = text(&yuan, Language::En, Privacy::Totals);
        assert_eq!(said.lines().next(), Some("New Order: #1001, Amount ¥299"));
        assert_eq!(said.matches("New Order").count(), 1);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let bare = changed(Kind::Sale, |event| event["receipt"] = json!({}));
        for (language, headline) in [
            (Language::ZhHk, "🧾 銷售 無單號 無金額"),
            (Language::En, "New Order: no number, Amount no amount"),
        ] {
            let said = text(&bare, language, Privacy::Full);
            assert_eq!(said.lines().next(), Some(headline));
            assert_eq!(said.lines().count(), 4, "time, source and id: {said}");
            for hole in ["null", "None", "NaN", "undefined"] {
                assert!(!said.contains(hole), "{said}");
            }
        }
    }

    #[test]
    fn each_level_of_privacy_adds_and_none_shows_people() {
        let said = |privacy| text(&event(Kind::Sale), Language::ZhHk, privacy);
        let totals = said(Privacy::Totals);
        assert!(totals.contains("#1001 HK$89.00") && !totals.contains("八達通"), "{totals}");
        let categories = said(Privacy::Categories);
        assert!(
            categories.contains("付款：八達通") && categories.contains("件數：3"),
            "{categories}"
        );
        assert!(!categories.contains("奶茶"), "{categories}");
        let items = said(Privacy::Items);
        assert!(items.contains("凍奶茶 (少甜) ×2 HK$36.00") && !items.contains("枱號"), "{items}");
        let full = said(Privacy::Full);
        assert!(full.contains("枱號：7") && full.contains("會員 *** -HK$5.00"), "{full}");
        for person in ["9123", "A123456", "Chan"] {
            assert!(!full.contains(person), "{full}");
        }
        let unread = text(&event(Kind::Unread), Language::En, Privacy::Full);
        assert!(unread.contains("Printed: ?? Tel ***\n· TOTAL ??"), "{unread}");
    }

    #[test]
    fn doubt_and_damage_are_flagged() {
        let off = changed(Kind::Sale, |event| event["verdict"] = json!("off"));
        assert!(text(&off, Language::ZhHk, Privacy::Totals).contains("⚠ 金額不符"));
        assert!(
            text(&event(Kind::Unread), Language::En, Privacy::Totals)
                .contains("⚠ Something may be missing")
        );
    }

    #[test]
    fn a_drawer_opened_by_its_key_is_not_laid_to_the_till() {
        let by_key = changed(Kind::NoSale, |event| event["drawer"] = json!({"state": "opened"}));
        let said = text(&by_key, Language::En, Privacy::Totals);
        assert!(said.contains("WITHOUT a sale") && said.contains("by hand or key"), "{said}");
        let kicked = changed(Kind::NoSale, |event| event["drawer"]["state"] = json!("opened"));
        let said = text(&kicked, Language::En, Privacy::Totals);
        assert!(said.contains("open, says its sensor") && !said.contains("key"), "{said}");
    }

    #[test]
    fn a_printer_says_what_a_person_has_to_do_or_that_all_is_well() {
        let said = |printer: Value| {
            let event = changed(Kind::PrinterStatus, |event| event["printer"] = printer);
            text(&event, Language::En, Privacy::Totals)
        };
        let out = said(json!({"paper": "out", "offline": true}));
        assert!(out.starts_with("⚠️ Printer needs attention"), "{out}");
        assert!(out.contains("Paper: OUT") && out.contains("off line"), "{out}");
        let well = said(json!({"paper": "ok", "error": "none", "offline": false}));
        assert!(well.starts_with("✅ Printer is well again"), "{well}");
        assert!(!well.contains("Fault") && !well.contains("off line"), "{well}");
        assert!(said(json!({"error": "cutter"})).contains("Fault: the cutter is jammed"));
    }

    #[test]
    fn a_date_alone_takes_the_time_it_was_seen_on_that_day() {
        let at = |printed: &str| {
            let event =
                changed(Kind::Sale, |event| event["receipt"]["printed_at"] = json!(printed));
            text(&event, Language::En, Privacy::Totals).lines().nth(1).map(str::to_owned)
        };
        assert_eq!(at("2026-11-21").as_deref(), Some("Time: 2026-11-21 12:01:25"));
        assert_eq!(at("2026-11-20").as_deref(), Some("Time: 2026-11-20"));
        assert_eq!(at("2026-11-20T23:59:00").as_deref(), Some("Time: 2026-11-20 23:59:00"));
    }

    #[test]
    fn a_test_is_marked_in_every_place_a_person_looks() {
        for language in [Language::En, Language::ZhHk] {
            let robot = robot(Format::Markdown, Privacy::Totals);
            let said = words(&render(&event(Kind::Refund), &shop(language), &robot, Mode::Setup));
            assert_eq!(said.matches("TEST").count(), 2, "title and body: {said}");
        }
    }

    #[test]
    fn the_largest_receipt_fits_into_one_message() {
        let name = "茶\"".repeat(3_000);
        let huge = changed(Kind::Sale, |event| {
            let item = json!({"name": name, "quantity": "2", "amount": "36.00"});
            event["receipt"]["items"] = Value::Array(vec![item; 5_000]);
            let payment = json!({"method": "other", "label": name, "amount": "1.00"});
            event["receipt"]["payments"] = Value::Array(vec![payment; 500]);
            event["receipt"]["discounts"] =
                Value::Array(vec![json!({"label": name, "amount": "-1.00"}); 500]);
            event["receipt"]["number"] = json!(name);
        });
        for format in [Format::Text, Format::Markdown] {
            let message =
                render(&huge, &shop(Language::En), &robot(format, Privacy::Full), Mode::Setup);
            message.body("00000000-0000-0000-0000-000000000000").expect("within the limit");
        }
    }

    #[test]
    fn the_test_message_names_shop_and_time() {
        let now = Timestamp::new(0, 1_795_233_682_000);
        let said = words(&hello(&shop(Language::ZhHk), &robot(Format::Text, Privacy::Totals), now));
        assert_eq!(said, "Hello POS! 測試訊息\n店舖：明記冰室\n時間：2026-11-21 12:01:22");
    }
}
