//! The simulator's street, read back.

use pos_protocol::event::{Event, Kind, Verdict};
use pos_protocol::money::{Amount, Currency};
use pos_tests::receipts;
use pos_tests::street::{self, Score};
use possim::print::Style;
use possim::shop::Shop;

/// Slips of each shop in each style whose totals are checked, and that are misprinted.
const SLIPS: usize = 12;
const MISPRINTED: usize = 4;

/// `STREET=10` reads ten times as many.
fn times() -> usize {
    std::env::var("STREET").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

fn streets() -> impl Iterator<Item = (&'static Style, &'static Shop)> {
    let styles = Style::ALL.iter().filter(|style| receipts::sends_text(style));
    styles.flat_map(|style| receipts::shops(style).into_iter().map(move |shop| (style, shop)))
}

#[test]
fn every_total_of_the_street_is_read() {
    let mut score = Score::default();
    for (style, shop) in streets() {
        for pair in street::pairs(style, shop, 5, SLIPS * times()) {
            let wrong = score.add(&pair);
            let text = pair.read.as_ref().and_then(|event| event.text.as_deref());
            assert!(
                !wrong.contains(&"total"),
                "{} {}\n{}",
                style.name,
                shop.id,
                text.unwrap_or("")
            );
        }
    }
    let f1 = |field: &str| score.fields[field].f1();
    assert!(f1("payments") >= 0.99, "payments {:.4}", f1("payments"));
    assert!(f1("change") >= 0.99, "change {:.4}", f1("change"));
    assert!(f1("items") >= 0.97, "items {:.4}", f1("items"));
    assert_eq!(score.balanced.read, 0, "nothing that adds up is called off");
}

/// The same text with one digit of one amount changed, for each digit of each amount.
fn misprints(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let amount =
        |line: &str| line.contains(['.', ',']) || line.ends_with(|c: char| c.is_ascii_digit());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        for (i, digit) in line.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            if !amount(line.trim_end()) || line.contains(':') && line.matches(':').count() > 1 {
                continue;
            }
            let other = char::from(b'0' + (digit as u8 - b'0' + 1 + (i % 9) as u8) % 10);
            let mut changed = text.to_owned();
            changed.replace_range(at + i..=at + i, other.encode_utf8(&mut [0; 4]));
            out.push(changed);
        }
        at += line.len();
    }
    out
}

fn total(event: &Event) -> Option<Amount> {
    event.receipt.as_ref().and_then(|receipt| receipt.total)
}

#[test]
fn a_wrong_digit_never_leaves_a_wrong_total_balanced() {
    let mut tried = 0;
    for (turn, (style, shop)) in streets().enumerate() {
        let currency = Currency::from_code(shop.money.code);
        // Each street is another part of a day, so that all kinds of slips have their turn.
        for pair in street::pairs(style, shop, 11 + turn as u64, MISPRINTED * times()) {
            let Some(event) = pair.read.filter(|event| total(event).is_some()) else { continue };
            let text = event.text.as_deref().unwrap_or_default();
            let truth = total(&pair.truth);
            for changed in misprints(text) {
                let Some(read) = street::read_text(&changed, currency) else { continue };
                tried += 1;
                let balanced =
                    read.verdict == Some(Verdict::Balanced) && read.kind != Kind::Document;
                assert!(
                    !balanced || total(&read) == truth,
                    "{} {}: {:?} for {truth:?}\n{changed}",
                    style.name,
                    shop.id,
                    total(&read)
                );
            }
        }
    }
    assert!(tried > 5_000, "only {tried} misprints were tried");
}
