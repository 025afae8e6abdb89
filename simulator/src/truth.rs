//! What was really sold, in the event wire schema: one JSON object a line.
//!
//! Only what a slip of that style prints is told: a reader is not asked for what is not on the
//! paper. It carries no evidence, no text and no verdict; those are the reader's business.

use std::io::{self, Write};

use jiff::civil::DateTime;
use pos_protocol::event::{
    Discount, Drawer, DrawerState, Event, Item, Kick, Kind, Payment, PrintedAt, Receipt, Report,
    SCHEMA, SessionId, Tax, Tender,
};
use rust_decimal::Decimal;

use crate::clock::rfc3339;
use crate::print::{Style, Tells, is_paid};
use crate::shop::{CardSlip, Language, Line, NoSale, Sale, ShiftReport, Shop, Slip, epoch_ms_at};

/// The event that a perfect reader of `sale`'s receipt would emit for `source`, where the receipt
/// says everything.
pub fn event(sale: &Sale, language: Language, source: &str) -> Event {
    sold(Kind::Sale, sale, language, source)
}

/// The same for a sale or a refund.
pub fn sold(kind: Kind, sale: &Sale, language: Language, source: &str) -> Event {
    let told = Told { kind, number: &sale.number, at: sale.at, shop: sale.shop };
    Event { receipt: Some(receipt(sale, language)), ..told.event(source) }
}

/// The event that a perfect reader of `slip` in `style` would emit for `source`.
pub fn slip(slip: &Slip, style: &Style, source: &str) -> Event {
    let kind = slip.kind();
    let told = |number| Told { kind, number, at: slip.at(), shop: slip.shop() }.event(source);
    match slip {
        Slip::Ticket(Kind::KitchenOrder, sale) => {
            Event { receipt: Some(order(sale, style)), ..told(&sale.number) }
        }
        Slip::Ticket(_, sale) => {
            Event { receipt: Some(ticket(kind, sale, style)), ..told(&sale.number) }
        }
        Slip::Card(_, card) => {
            Event { receipt: Some(card_slip(kind, card, style)), ..told(&card.number) }
        }
        Slip::Report(shift) => {
            Event { report: Some(report(shift, style.language)), ..told(&shift.number) }
        }
        Slip::NoSale(opening) => Event {
            receipt: style.no_sale_slip.then(|| no_sale(opening, style)),
            drawer: Some(Drawer { kick: Some(Kick::Pin2), state: DrawerState::Commanded }),
            ..told(&opening.number)
        },
    }
}

/// What every event of a slip has.
struct Told<'a> {
    kind: Kind,
    number: &'a str,
    at: DateTime,
    shop: &'static Shop,
}

impl Told<'_> {
    fn event(&self, source: &str) -> Event {
        let session =
            SessionId { journal: "truth".to_owned(), source: source.to_owned(), epoch: 0 };
        let digits: String = self.number.chars().filter(char::is_ascii_digit).collect();
        let ordinal = digits.parse().unwrap_or(0);
        let at = epoch_ms_at(self.at, self.shop.utc_offset);
        // Truth has no bytes to count: kind, time and number tell its events apart.
        let kind = Kind::ALL.iter().position(|kind| *kind == self.kind).unwrap_or(0);
        Event {
            schema: SCHEMA,
            id: session.event(kind as u64, at.unsigned_abs(), ordinal),
            source: source.to_owned(),
            observed_at: rfc3339(at),
            kind: self.kind,
            test: false,
            related: None,
            corrects: None,
            receipt: None,
            report: None,
            drawer: None,
            printer: None,
            inventory: None,
            approval: None,
            text: None,
            verdict: None,
            evidence: None,
        }
    }
}

/// What the paper says, where it says everything.
pub fn receipt(sale: &Sale, language: Language) -> Receipt {
    let offers = sale.lines.iter().filter_map(|line| line.offer);
    let discounts = offers.chain(sale.discount).map(|discount| Discount {
        label: Some(discount.label.of(language).to_owned()),
        amount: discount.amount,
    });
    let taxes = sale.tax.iter().map(|tax| Tax {
        label: Some(tax.label.of(language).to_owned()),
        amount: tax.amount,
        included: Some(tax.included),
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
        currency: Some(sale.shop.money.code.to_owned()),
        items: sale.lines.iter().map(|line| item(line, language)).collect(),
        subtotal: Some(sale.subtotal),
        discounts: discounts.collect(),
        service_charge: sale.service_charge,
        taxes: taxes.collect(),
        rounding: sale.rounding,
        total: Some(sale.total),
        payments: vec![Payment {
            method: sale.payment.tender.method,
            label: Some(sale.payment.tender.label.of(language).to_owned()),
            amount: Some(sale.total),
        }],
        tendered: sale.payment.cash.map(|(tendered, _)| tendered),
        change: sale.payment.cash.map(|(_, change)| change),
        original_number: sale.original.clone(),
        ..Receipt::default()
    }
}

fn item(line: &Line, language: Language) -> Item {
    let price = line.unit_price;
    Item {
        name: line.dish.name.of(language).to_owned(),
        quantity: Some(line.quantity()),
        unit_price: Some(Decimal::new(price.minor(), u32::from(price.digits()))),
        amount: Some(line.amount),
        modifiers: line.modifiers.iter().map(|wish| wish.of(language).to_owned()).collect(),
    }
}

/// A ticket with what its layout leaves out left out.
fn ticket(kind: Kind, sale: &Sale, style: &Style) -> Receipt {
    let tells = style.layout.tells();
    let mut told = receipt(sale, style.language);
    told.printed_at = Some(printed_at(sale.at, style));
    told.address = told.address.filter(|_| tells.address);
    told.terminal = told.terminal.filter(|_| tells.terminal);
    told.cashier = told.cashier.filter(|_| tells.cashier);
    told.table = told.table.filter(|_| tells.table);
    told.guests = told.guests.filter(|_| tells.guests);
    told.subtotal = told.subtotal.filter(|sum| tells.equal_subtotal || *sum != sale.total);
    let paid = is_paid(kind);
    told.tendered = told.tendered.filter(|_| paid && tells.tendered);
    told.change = told.change.filter(|_| paid && tells.tendered);
    if !paid {
        told.payments.clear();
    }
    for (item, line) in told.items.iter_mut().zip(&sale.lines) {
        reduce(item, line, tells);
    }
    if tells.capitals {
        told.merchant = told.merchant.map(|name| name.to_uppercase());
        abbreviate(&mut told);
    }
    told
}

fn reduce(item: &mut Item, line: &Line, tells: Tells) {
    item.unit_price = item.unit_price.filter(|_| tells.unit_price);
    if line.count == 1 && !tells.single_price && tells.unit_price {
        item.unit_price = None;
        item.quantity = None;
    }
    if !tells.modifiers {
        item.modifiers.clear();
    }
    if tells.capitals {
        item.name = item.name.to_uppercase();
    }
}

/// Tills without a computer have no words for offers and included taxes, only keys.
fn abbreviate(told: &mut Receipt) {
    let offers = told.discounts.iter_mut().filter(|d| d.label.as_deref() == Some("Item offer"));
    for offer in offers {
        offer.label = Some("%-".to_owned());
    }
    for tax in told.taxes.iter_mut().filter(|tax| tax.included == Some(true)) {
        tax.label = Some("TX1".to_owned());
    }
}

/// A kitchen hears nothing of money.
fn order(sale: &Sale, style: &Style) -> Receipt {
    let told = receipt(sale, style.language);
    let nameless = |item| Item { unit_price: None, amount: None, ..item };
    Receipt {
        number: told.number,
        printed_at: Some(printed_at(sale.at, style)),
        table: told.table,
        guests: told.guests,
        items: told.items.into_iter().map(nameless).collect(),
        ..Receipt::default()
    }
}

fn card_slip(kind: Kind, card: &CardSlip, style: &Style) -> Receipt {
    // The reader's own slip names the card; a top-up is paid for with something else.
    let label = if kind == Kind::TopUp { card.tender.label } else { card.card };
    Receipt {
        merchant: Some(card.shop.name.of(style.language).to_owned()),
        number: Some(card.number.clone()),
        printed_at: Some(printed_at(card.at, style)),
        terminal: Some(card.terminal.clone()),
        currency: Some(card.shop.money.code.to_owned()),
        total: Some(card.amount),
        payments: vec![Payment {
            method: card.tender.method,
            label: Some(label.of(style.language).to_owned()),
            amount: Some(card.amount),
        }],
        ..Receipt::default()
    }
}

fn no_sale(opening: &NoSale, style: &Style) -> Receipt {
    Receipt {
        number: Some(opening.number.clone()),
        printed_at: Some(printed_at(opening.at, style)),
        cashier: Some(opening.cashier.of(style.language).to_owned()),
        ..Receipt::default()
    }
}

fn report(shift: &ShiftReport, language: Language) -> Report {
    let amount = |minor| shift.shop.money.amount(minor);
    let tenders = shift.shop.tenders.iter().zip(&shift.tally.tenders);
    let tenders = tenders.map(|(tender, (sum, count))| Tender {
        method: tender.method,
        label: Some(tender.label.of(language).to_owned()),
        amount: amount(*sum),
        count: Some(*count),
    });
    let taxes = shift.shop.tax.iter().map(|rule| Tax {
        label: None,
        amount: amount(shift.tally.tax),
        included: Some(rule.included),
    });
    Report {
        report_type: shift.report_type,
        number: Some(format!("{:0>4}", shift.number)),
        gross: Some(amount(shift.tally.gross)),
        net: Some(amount(shift.tally.net)),
        tenders: tenders.collect(),
        taxes: taxes.collect(),
        refunds: Some(amount(shift.tally.refunds)),
        voids: Some(amount(shift.tally.voids)),
        no_sales: Some(shift.tally.no_sales),
        receipts: Some(shift.tally.receipts),
    }
}

/// The time to the second, or to the minute where the style prints no seconds.
fn printed_at(at: DateTime, style: &Style) -> PrintedAt {
    let second = if style.dates.contains("%S") { at.second() } else { 0 };
    PrintedAt::DateTime(at.with().second(second).build().unwrap_or(at))
}

/// Writes `event` as one line.
pub fn write_line(out: &mut impl Write, event: &Event) -> io::Result<()> {
    serde_json::to_writer(&mut *out, event)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::{event, slip, write_line};
    use crate::print::Style;
    use crate::shop::{Day, Language, OPENING, Shop, Till};

    #[test]
    fn a_line_of_truth_is_an_event_of_the_wire_schema() {
        for shop in Shop::ALL {
            let style = Style::ALL.iter().find(|style| style.suits(shop)).expect("a style");
            for happened in Day::open(shop, 1, "counter-1", 1001, OPENING).take(200) {
                let told = slip(&happened, style, "counter-1");
                let mut line = Vec::new();
                write_line(&mut line, &told).expect("memory");
                let text = std::str::from_utf8(&line).expect("text");
                assert_eq!(text.lines().count(), 1);
                let read: pos_protocol::event::Event =
                    serde_json::from_slice(&line).expect("schema 1");
                assert_eq!(read, told);
            }
        }
    }

    #[test]
    fn no_two_events_of_a_day_have_one_id() {
        let shop = Shop::named("dim-sum").expect("a shop of the catalogue");
        let style = &Style::ALL[2];
        let slips = Day::open(shop, 1, "counter-1", 1001, OPENING).take(400);
        let mut ids: Vec<String> =
            slips.map(|happened| slip(&happened, style, "counter-1").id.to_string()).collect();
        let told = ids.len();
        ids.sort();
        ids.dedup();
        assert!(told - ids.len() <= 8, "only a second reprint of one receipt may repeat an id");
    }

    #[test]
    fn observed_at_is_the_shops_time_in_utc() {
        let at = |shop: &str| {
            let shop = Shop::named(shop).expect("a shop of the catalogue");
            let sale = Till::open(shop, 1, "counter-1", 1001, OPENING).sell_at(OPENING);
            event(&sale, Language::En, "counter-1").observed_at
        };
        assert_eq!(at("bubble-tea"), "2026-11-21T03:00:00.000Z");
        assert_eq!(at("london-cafe"), "2026-11-21T11:00:00.000Z");
        assert_eq!(at("tokyo-ramen"), "2026-11-21T02:00:00.000Z");
    }
}
