//! Event to card: what is said, by kind.

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{DrawerState, Event, EventId, Item, Kind, Receipt, Verdict};
use pos_protocol::time::Timestamp;

use super::card::{Card, Group, Row, Tone};
use super::context::Context;
use super::layout::{Link, lay_out};
use super::money::Money;
use super::words::Sign;
use super::{approval, fields, mentions, printer, report, stock, words};
use crate::config::{Format, Language, Mode, Robot};
use crate::dingtalk::{At, Message};
use crate::privacy::let_through;

/// Most lines of goods in one message; keeps it on a phone's screen and far below the size limit.
const MAX_ITEMS: usize = 30;

/// Most means of payment named.
const MAX_PAYMENTS: usize = 6;

/// Most discounts named.
const MAX_DISCOUNTS: usize = 6;

/// Most codes of a diagnosis named.
const MAX_CODES: usize = 6;

/// Lines of a paper that could not be read, enough to recognise it.
const MAX_PAPER_LINES: usize = 5;

/// The message that tells the robot's group about `event`.
pub fn render(event: &Event, context: &Context<'_>) -> Message {
    let at = mentions::of_kinds(&[event.kind], context);
    if let Some(url) = context.form.filter(|_| event.kind == Kind::Refund).and_then(|f| f.of(event))
    {
        // Staff who took something back put it into the form from here: a button is pressed sooner
        // than a link is found.
        let robot = &Robot { format: Format::Card, ..context.robot.clone() };
        let link = Link { label: words::UPLOAD_PHOTO, url: &url, in_text: true };
        return lay_out(card(event, context), &at, Some(link), &Context { robot, ..*context });
    }
    let url = context.link.and_then(|link| link.of(event));
    let label = words::OPEN_RECEIPT;
    let link = url.as_deref().map(|url| Link { label, url, in_text: false });
    lay_out(card(event, context), &at, link, context)
}

/// What is said about `event`, after it was let through.
pub(super) fn card(event: &Event, context: &Context<'_>) -> Card {
    let event = &let_through(event, context.robot.privacy);
    if let Some(approval) = &event.approval {
        return approval::card(event, approval, context);
    }
    let language = context.shop.language;
    let code = event.receipt.as_ref().and_then(|receipt| receipt.currency.as_deref());
    let money = Money::new(code, context.shop.currency);
    let (group, tone) = meant(event);
    let mut card = Card::new(group, event.kind.as_str(), mode_of(event), language);
    card.shop = fields::clean(&context.shop.name, usize::MAX).unwrap_or_default();
    if let Some(receipt) = &event.receipt {
        card.number = receipt.number.as_deref().and_then(fields::number);
        card.amount = receipt.total.map(|total| money.show(total));
    }
    let sign = event.printer.map_or_else(|| words::kind(event.kind), printer::sign);
    let headline = headline(event, &card, sign, context);
    let mut card = card.headed(headline, sign, tone, language);
    card.warnings = warnings(event, language);
    card.row(words::TIME.of(language), fields::time(event, context.shop));
    card.row(words::SOURCE.of(language), fields::clean(&event.source, usize::MAX));
    if let Some(receipt) = &event.receipt {
        add_receipt(&mut card, event.kind, receipt, &money, context);
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
    if matches!(event.kind, Kind::Unread | Kind::RasterReceipt) {
        card.row(words::DIAGNOSIS.of(language), diagnosis(event));
    }
    if event.kind == Kind::Unread {
        add_paper(&mut card, event, language);
    }
    card.row(words::RELATED.of(language), event.related.map(EventId::short));
    card.id = Some(event.id.short());
    card.footer.push(Row { label: words::REFERENCE.of(language), value: event.id.short() });
    card
}

/// What the event was heard under: practice stays practice, whenever it is told.
pub(super) fn mode_of(event: &Event) -> Mode {
    if event.test { Mode::Setup } else { Mode::Live }
}

/// The message that shows that a robot works.
pub fn hello(context: &Context<'_>, now: Timestamp) -> Message {
    lay_out(hello_card(context, now), &At::default(), None, context)
}

/// What the test message says.
pub(super) fn hello_card(context: &Context<'_>, now: Timestamp) -> Card {
    let language = context.shop.language;
    let at = now.wall.to_zoned(context.shop.timezone.clone()).datetime();
    let card = Card::new(Group::Hello, Group::Hello.as_str(), Mode::Live, language);
    let headline = words::HELLO.of(language).to_owned();
    let mut card = card.headed(headline, words::HELLO_SIGN, Tone::Ordinary, language);
    card.shop = fields::clean(&context.shop.name, usize::MAX).unwrap_or_default();
    card.row(words::SHOP.of(language), fields::clean(&context.shop.name, usize::MAX));
    card.row(words::TIME.of(language), Some(fields::minute(at)));
    card
}

/// How a statement is meant: what somebody has to look at is told apart by its template and colour.
fn meant(event: &Event) -> (Group, Tone) {
    match event.kind {
        Kind::Refund | Kind::Void | Kind::NoSale | Kind::DrawerLeftOpen => {
            (Group::Alert, Tone::Alarm)
        }
        Kind::Unread | Kind::RasterReceipt => (Group::Alert, Tone::Warning),
        Kind::PrinterStatus => {
            let trouble = event.printer.is_some_and(printer::is_trouble);
            (Group::Alert, if trouble { Tone::Warning } else { Tone::Good })
        }
        _ => (Group::Event, Tone::Ordinary),
    }
}

fn headline(event: &Event, card: &Card, sign: Sign, context: &Context<'_>) -> String {
    let language = context.shop.language;
    let what = format!("{} {}", sign.emoji, sign.word.of(language));
    if event.receipt.is_none() {
        return what;
    }
    let number = card.number.as_deref().unwrap_or(words::NO_NUMBER.of(language));
    if event.kind != Kind::Sale {
        let total = card.amount.as_ref().map(|total| format!(" {total}")).unwrap_or_default();
        return format!("{what} {number}{total}");
    }
    let total = card.amount.as_deref().unwrap_or(words::NO_AMOUNT.of(language));
    if (context.robot.format, language) == (Format::Text, Language::En) {
        let (order, amount) = (words::NEW_ORDER.of(language), words::AMOUNT.of(language));
        return format!("{order}: {number}, {amount} {total}");
    }
    format!("{what} {number} {total}")
}

fn warnings(event: &Event, language: Language) -> Vec<String> {
    let mut warnings = Vec::new();
    if event.verdict == Some(Verdict::Off) {
        warnings.push(words::OFF.of(language).to_owned());
    }
    let found = event.evidence.as_ref().map_or(&[][..], |evidence| &evidence.diagnostics);
    if found.iter().any(|diagnostic| diagnostic.code == Code::Gap) {
        warnings.push(words::GAP.of(language).to_owned());
    }
    warnings
}

fn add_receipt(
    card: &mut Card,
    kind: Kind,
    receipt: &Receipt,
    money: &Money,
    context: &Context<'_>,
) {
    let language = context.shop.language;
    let original = receipt.original_number.as_deref().and_then(fields::number);
    card.row(words::ORIGINAL.of(language), original);
    let paid = if kind == Kind::Refund { words::PAID_BACK } else { words::PAID };
    let payments = fields::payments(&receipt.payments, money, language, MAX_PAYMENTS);
    card.row(paid.of(language), payments);
    let pieces = fields::pieces(&receipt.items);
    card.row(words::ITEMS.of(language), (pieces > 0).then(|| pieces.to_string()));
    for (label, value) in [(words::TABLE, &receipt.table), (words::TERMINAL, &receipt.terminal)] {
        card.row(label.of(language), value.as_deref().and_then(fields::free_text));
    }
    for discount in receipt.discounts.iter().take(MAX_DISCOUNTS) {
        let label = discount.label.as_deref().and_then(fields::free_text);
        let label = label.map(|label| format!("{label} ")).unwrap_or_default();
        let value = format!("{label}{}", money.show(discount.amount));
        card.row(words::DISCOUNT.of(language), Some(value));
    }
    let items = receipt.items.iter().enumerate();
    let named: Vec<_> = items.filter(|(_, item)| !item.name.is_empty()).collect();
    let line = |(place, item): &(usize, &Item)| {
        let left = context.left.get(*place).copied().flatten();
        let left = left.map(|left| stock::beside(&left, language)).unwrap_or_default();
        Some(format!("{}{left}", fields::item(item, money)?))
    };
    card.lines.extend(named.iter().take(MAX_ITEMS).filter_map(line));
    if let Some(more @ 1..) = named.len().checked_sub(MAX_ITEMS) {
        card.lines.push(words::MORE_ITEMS.with(language, &[("count", &more.to_string())]));
    }
}

/// What the reader found odd, by its codes: they name no text of the paper.
fn diagnosis(event: &Event) -> Option<String> {
    let found = &event.evidence.as_ref()?.diagnostics;
    let mut codes: Vec<String> = Vec::new();
    for diagnostic in found {
        let code = serde_json::to_value(diagnostic.code).ok()?.as_str()?.to_owned();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.truncate(MAX_CODES);
    (!codes.is_empty()).then(|| codes.join(", "))
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

    use super::{Format, Language, Mode, hello, render};
    use crate::config::Privacy;
    use crate::notice::gallery::{robot, text, within, words};
    use crate::notice::samples::{changed, event};

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
            let said = within(language, &robot, Mode::Live, |context| {
                let mut event = event(Kind::Refund);
                event.test = true;
                words(&render(&event, context))
            });
            assert_eq!(said.matches("TEST").count(), 2, "title and body: {said}");
        }
    }

    #[test]
    fn the_largest_receipt_fits_into_one_message() {
        let name = "茶\"".repeat(300);
        let huge = changed(Kind::Sale, |event| {
            let item = json!({"name": name, "quantity": "2", "amount": "36.00"});
            event["receipt"]["items"] = Value::Array(vec![item; 500]);
            let payment = json!({"method": "other", "label": name, "amount": "1.00"});
            event["receipt"]["payments"] = Value::Array(vec![payment; 100]);
            event["receipt"]["discounts"] =
                Value::Array(vec![json!({"label": name, "amount": "-1.00"}); 100]);
            event["receipt"]["number"] = json!(name);
        });
        for format in [Format::Text, Format::Markdown] {
            let robot = robot(format, Privacy::Full);
            let message =
                within(Language::En, &robot, Mode::Setup, |context| render(&huge, context));
            message.body("00000000-0000-0000-0000-000000000000").expect("within the limit");
        }
    }

    #[test]
    fn the_test_message_names_shop_and_time() {
        let now = Timestamp::new(0, 1_795_233_682_000);
        let robot = robot(Format::Text, Privacy::Totals);
        let said = within(Language::ZhHk, &robot, Mode::Live, |c| words(&hello(c, now)));
        assert_eq!(said, "Hello POS! 測試訊息\n店舖：明記冰室\n時間：2026-11-21 12:01:22");
    }
}
