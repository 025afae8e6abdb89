//! What was really sold, in the event wire schema: one JSON object a line.
//!
//! Only what a receipt of that language prints is told: a reader is not asked for what is not on
//! the paper. It carries no evidence, no text and no verdict; those are the reader's business.

use std::io::{self, Write};

use pos_protocol::event::{
    Discount, Event, Item, Kind, Payment, PrintedAt, Receipt, SCHEMA, SessionId,
};
use pos_protocol::money::Amount;
use rust_decimal::Decimal;

use crate::clock::rfc3339;
use crate::shop::{Language, Sale, epoch_ms};

/// The event that a perfect reader of `sale`'s receipt would emit for `source`.
pub fn event(sale: &Sale, language: Language, source: &str) -> Event {
    let session = SessionId { journal: "truth".to_owned(), source: source.to_owned(), epoch: 0 };
    let ordinal = sale.number.parse().unwrap_or(0);
    Event {
        schema: SCHEMA,
        id: session.event(0, 0, ordinal),
        source: source.to_owned(),
        observed_at: rfc3339(epoch_ms(sale.at)),
        kind: Kind::Sale,
        related: None,
        corrects: None,
        receipt: Some(receipt(sale, language)),
        report: None,
        drawer: None,
        text: None,
        verdict: None,
        evidence: None,
    }
}

/// What the paper says.
pub fn receipt(sale: &Sale, language: Language) -> Receipt {
    let items = sale.lines.iter().map(|line| Item {
        name: line.dish.name.of(language).to_owned(),
        quantity: Some(Decimal::from(line.quantity)),
        unit_price: Some(decimal(line.unit_price())),
        amount: Some(line.amount()),
        modifiers: Vec::new(),
    });
    let discounts = sale.discount.iter().map(|discount| Discount {
        label: Some(discount.label.of(language).to_owned()),
        amount: discount.amount,
    });
    Receipt {
        merchant: Some(sale.shop.name.of(language).to_owned()),
        address: Some(sale.shop.address.of(language).to_owned()),
        number: Some(sale.number.clone()),
        printed_at: Some(PrintedAt::DateTime(sale.at)),
        terminal: Some(sale.terminal.clone()),
        cashier: Some(sale.cashier.of(language).to_owned()),
        table: sale.table.map(|(table, _)| table.to_string()),
        guests: sale.table.map(|(_, guests)| guests),
        currency: Some("HKD".to_owned()),
        items: items.collect(),
        subtotal: Some(sale.subtotal),
        discounts: discounts.collect(),
        service_charge: sale.service_charge,
        total: Some(sale.total),
        payments: vec![Payment {
            method: sale.payment.tender.method,
            label: Some(sale.payment.tender.label.of(language).to_owned()),
            amount: Some(sale.total),
        }],
        tendered: sale.payment.cash.map(|(tendered, _)| tendered),
        change: sale.payment.cash.map(|(_, change)| change),
        ..Receipt::default()
    }
}

/// Writes `event` as one line.
pub fn write_line(out: &mut impl Write, event: &Event) -> io::Result<()> {
    serde_json::to_writer(&mut *out, event)?;
    out.write_all(b"\n")
}

fn decimal(amount: Amount) -> Decimal {
    Decimal::new(amount.minor(), u32::from(amount.digits()))
}

#[cfg(test)]
mod tests {
    use super::{event, write_line};
    use crate::shop::{Language, OPENING, Shop, Till};

    #[test]
    fn a_line_of_truth_is_an_event_of_the_wire_schema() {
        let shop = Shop::named("cha-chaan-teng").expect("a shop of the catalogue");
        let sale = Till::open(shop, 1, "counter-1", 1001, OPENING).sell();
        let told = event(&sale, Language::ZhHant, "counter-1");
        let mut line = Vec::new();
        write_line(&mut line, &told).expect("memory");
        let text = std::str::from_utf8(&line).expect("text");
        assert_eq!(text.lines().count(), 1);
        let read: pos_protocol::event::Event = serde_json::from_slice(&line).expect("schema 1");
        assert_eq!(read, told);
        assert_eq!(read.receipt.and_then(|r| r.merchant).as_deref(), Some("吉星茶餐廳"));
    }

    #[test]
    fn observed_at_is_hong_kong_time_in_utc() {
        let shop = Shop::named("bubble-tea").expect("a shop of the catalogue");
        let sale = Till::open(shop, 1, "counter-1", 1001, OPENING).sell_at(OPENING);
        let told = event(&sale, Language::En, "counter-1");
        assert_eq!(told.observed_at, "2026-11-21T03:00:00.000Z");
    }
}
