//! What must hold for every style and every shop it suits.

use pos_protocol::event::{Kind, Receipt, Report};
use pos_protocol::money::Amount;
use serde_json::Value;

use super::columns::width;
use super::layout::Layout;
use super::paper::{read, there_and_back};
use super::style::{Drawer, Style};
use crate::shop::{Day, OPENING, Shop, Slip};
use crate::truth;

/// Every style with every shop it suits, and a day's slips of the shop that the style prints.
fn street() -> impl Iterator<Item = (&'static Style, Slip)> {
    let pairs = Style::ALL.iter().flat_map(|style| {
        Shop::ALL.iter().filter(|shop| style.suits(shop)).map(move |s| (style, s))
    });
    pairs.flat_map(|(style, shop)| {
        // Pictures take long to draw and to read back.
        let many = if style.layout == Layout::Odoo { 40 } else { 200 };
        let day = Day::open(shop, 11, "counter-1", 1001, OPENING).take(many);
        let printed = day.filter(|slip| style.kinds().contains(&slip.kind()));
        printed.map(move |slip| (style, slip)).collect::<Vec<_>>()
    })
}

#[test]
fn the_paper_holds_every_name_and_amount_of_the_truth() {
    for (style, slip) in street().filter(|(style, slip)| style.leaves_paper(slip)) {
        let paper = read(&style.print_slip(&slip), style);
        let told = truth::slip(&slip, style, "counter-1");
        let amounts =
            told.receipt.iter().flat_map(amounts).chain(told.report.iter().flat_map(sums));
        for amount in amounts {
            let shown = style.numbers.show(amount.minor(), slip.shop());
            assert!(paper.text.contains(&shown), "{}: {amount}\n{}", style.name, paper.text);
        }
        let told = serde_json::to_value(&told.receipt).expect("plain data");
        for name in names(&told) {
            let name = there_and_back(&name, style.charset);
            assert!(paper.text.contains(&name), "{}: {name:?}\n{}", style.name, paper.text);
        }
    }
}

fn amounts(receipt: &Receipt) -> Vec<Amount> {
    let items = receipt.items.iter().filter_map(|item| item.amount);
    let discounts = receipt.discounts.iter().map(|discount| discount.amount);
    let taxes = receipt.taxes.iter().map(|tax| tax.amount);
    let payments = receipt.payments.iter().filter_map(|payment| payment.amount);
    let one = [
        receipt.subtotal,
        receipt.service_charge,
        receipt.rounding,
        receipt.total,
        receipt.tendered,
        receipt.change,
    ];
    let one = one.into_iter().flatten();
    items.chain(discounts).chain(taxes).chain(payments).chain(one).collect()
}

fn sums(report: &Report) -> Vec<Amount> {
    let tenders = report.tenders.iter().map(|tender| tender.amount);
    let taxes = report.taxes.iter().map(|tax| tax.amount);
    let one = [report.gross, report.net, report.refunds, report.voids].into_iter().flatten();
    tenders.chain(taxes).chain(one).collect()
}

/// Every name of the truth; amounts, dates and codes are printed another way.
fn names(truth: &Value) -> Vec<String> {
    match truth {
        Value::Array(list) => list.iter().flat_map(names).collect(),
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| named(name, value)).collect()
        }
        _ => Vec::new(),
    }
}

fn named(name: &str, value: &Value) -> Vec<String> {
    let said = ["merchant", "address", "number", "terminal", "cashier", "table", "name", "label"];
    let said = said.contains(&name) || name == "original_number";
    match value {
        Value::String(text) if said => vec![text.clone()],
        Value::Array(list) if name == "modifiers" => {
            list.iter().filter_map(|wish| wish.as_str().map(str::to_owned)).collect()
        }
        _ => names(value),
    }
}

#[test]
fn no_line_is_wider_than_the_paper() {
    for (style, slip) in street() {
        let paper = read(&style.print_slip(&slip), style);
        for line in paper.text.lines() {
            assert!(width(line) <= style.columns, "{}: {line:?}", style.name);
        }
    }
}

#[test]
fn every_character_is_in_the_character_set() {
    for (style, slip) in street() {
        let paper = read(&style.print_slip(&slip), style);
        assert!(!paper.text.contains(['?', '\u{FFFD}']), "{}\n{}", style.name, paper.text);
    }
}

#[test]
fn cash_and_hands_open_the_drawer_and_nothing_else_does() {
    for (style, slip) in street() {
        let paper = read(&style.print_slip(&slip), style);
        assert_eq!(paper.kicks, usize::from(slip.opens_drawer()), "{} {}", style.name, slip.kind());
        assert_eq!(paper.cuts, usize::from(style.leaves_paper(&slip)), "{}", style.name);
    }
}

#[test]
fn drawers_are_kicked_before_after_and_without_text() {
    for habit in [Drawer::Before, Drawer::After, Drawer::AfterCut] {
        assert!(Style::ALL.iter().any(|style| style.drawer == habit), "{habit:?}");
    }
    assert!(Style::ALL.iter().any(|style| !style.no_sale_slip));
}

#[test]
fn every_kind_is_printed_by_some_style_and_every_shop_has_a_style() {
    for shop in Shop::ALL {
        assert!(Style::ALL.iter().any(|style| style.suits(shop)), "{}", shop.id);
    }
    let mut seen: Vec<Kind> = street().map(|(_, slip)| slip.kind()).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 11, "{seen:?}");
}

#[test]
fn receipts_look_like_this() {
    for style in Style::ALL {
        let shop = Shop::ALL.iter().rev().find(|shop| style.suits(shop));
        golden(style, shop.expect("a shop that speaks the language"));
    }
}

/// Compares with `golden/STYLE.SHOP.txt`, which a person has looked at; with `POSSIM_GOLDEN=write`
/// in the environment it is written for the next look.
fn golden(style: &Style, shop: &'static Shop) {
    let path = format!("{}/golden/{}.{}.txt", env!("CARGO_MANIFEST_DIR"), style.name, shop.id);
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let mut day = Day::open(shop, 4, "counter-1", 1001, OPENING);
    let mut slips: Vec<Slip> = day.by_ref().take(4).collect();
    slips.extend(day.close());
    let printed = slips.iter().filter(|slip| style.kinds().contains(&slip.kind()));
    let text: String = printed.map(|slip| read(&style.print_slip(slip), style).text).collect();
    if std::env::var_os("POSSIM_GOLDEN").is_some_and(|wish| wish == "write") {
        std::fs::write(&path, &text).expect("room on the disk");
        return;
    }
    assert_eq!(text, expected, "{path} differs; what is printed now:\n{text}");
}
