//! An English receipt, after what cafes in Hong Kong print: day-first dates, a service charge, a
//! footer that speaks of refunds and is none.

use pos_protocol::money::Amount;

use super::columns::{apart, left, right};
use super::escpos::{Align, Encoder, Size};
use crate::shop::{Language, Line, Sale};

/// Columns of `quantity x price` and of the amount at the right edge; the name has the rest.
const PRICE_COLUMNS: usize = 10;
const AMOUNT_COLUMNS: usize = 10;

/// Prints `sale` on paper of `columns`.
pub(super) fn print(sale: &Sale, columns: usize, out: &mut Encoder) {
    out.initialise();
    head(sale, columns, out);
    for line in &sale.lines {
        out.line(&item(line, columns));
    }
    out.line(&"-".repeat(columns));
    sums(sale, columns, out);
    foot(out);
    if sale.payment.cash.is_some() {
        out.kick();
    }
    out.cut();
}

fn head(sale: &Sale, columns: usize, out: &mut Encoder) {
    out.align(Align::Centre);
    out.size(Size::Double);
    out.line(sale.shop.name.en);
    out.size(Size::Normal);
    out.line(sale.shop.address.en);
    out.line(&format!("Tel: {}", sale.shop.phone));
    out.align(Align::Left);
    out.line("");
    out.line(&format!("Receipt No: {}", sale.number));
    out.line(&format!("Date: {}", sale.at.strftime("%d/%m/%Y %H:%M:%S")));
    out.line(&format!("Terminal: {}", sale.terminal));
    out.line(&format!("Cashier: {}", sale.cashier.en));
    if let Some((table, guests)) = sale.table {
        out.line(&format!("Table: {table}"));
        out.line(&format!("Guests: {guests}"));
    }
    out.line(&"-".repeat(columns));
}

fn item(line: &Line, columns: usize) -> String {
    let name = left(line.dish.name.en, columns - PRICE_COLUMNS - AMOUNT_COLUMNS);
    let price = right(&format!("{} x {}", line.quantity, line.unit_price()), PRICE_COLUMNS);
    let amount = right(&line.amount().to_string(), AMOUNT_COLUMNS);
    format!("{name}{price}{amount}")
}

fn sums(sale: &Sale, columns: usize, out: &mut Encoder) {
    let mut row = |label: &str, amount: Amount| {
        out.line(&apart(label, &amount.to_string(), columns));
    };
    row("SUBTOTAL", sale.subtotal);
    if let Some(discount) = sale.discount {
        row(discount.label.of(Language::En), discount.amount);
    }
    if let (Some(charge), Some(percent)) = (sale.service_charge, sale.shop.service_percent) {
        row(&format!("Service Charge {percent}%"), charge);
    }
    out.bold(true);
    out.size(Size::Tall);
    out.line(&apart("TOTAL", &format!("HK${}", sale.total), columns));
    out.size(Size::Normal);
    out.bold(false);
    let label = sale.payment.tender.label.en;
    match sale.payment.cash {
        None => out.line(&apart(label, &sale.total.to_string(), columns)),
        Some((tendered, change)) => {
            out.line(&apart(label, &tendered.to_string(), columns));
            out.line(&apart("CHANGE", &change.to_string(), columns));
        }
    }
}

fn foot(out: &mut Encoder) {
    out.line("");
    out.align(Align::Centre);
    out.line("Thank you, please come again!");
    out.line("No refunds or exchanges.");
    out.align(Align::Left);
    out.feed(4);
}
