//! uniCenta and Chromis: a refund has the same layout with other words, a reprint no mark at all.

use pos_protocol::event::Kind;

use crate::print::sheet::{Sheet, is_paid};
use crate::shop::Sale;

/// Columns of item, price, quantity and amount; what the paper has beyond goes to the item.
const PRICE: i32 = 8;
const QUANTITY: i32 = 8;
const AMOUNT: i32 = 10;

pub(super) fn ticket(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let item = sheet.columns as i32 - PRICE - QUANTITY - AMOUNT;
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    match kind {
        Kind::Refund | Kind::Reprint => {}
        _ => sheet.marker(kind, sale),
    }
    let label = if kind == Kind::Refund { "Refund:" } else { "Receipt:" };
    sheet.row(&[(label, 12), (&sale.number, 20)]);
    let at = sheet.date(sale.at);
    sheet.row(&[("Date:", 12), (&at, 20)]);
    sheet.row(&[("Terminal:", 12), (&sale.terminal, 20)]);
    sheet.row(&[("Served by:", 12), (sheet.say(&sale.cashier), 20)]);
    if let Some((table, _)) = sale.table {
        sheet.row(&[("Table:", 12), (&table.to_string(), 20)]);
    }
    if let Some(original) = &sale.original {
        sheet.row(&[("Original:", 12), (original, 20)]);
    }
    sheet.line("");
    sheet.row(&[("Item", item), ("Price", -PRICE), ("Qty", -QUANTITY), ("Amount", -AMOUNT)]);
    sheet.rule("-");
    for line in &sale.lines {
        let (price, amount) = (sheet.money(line.unit_price), sheet.money(line.amount));
        let quantity = format!("x{}", Sheet::quantity(line));
        let name = sheet.say(&line.dish.name);
        sheet.row(&[(name, item), (&price, -PRICE), (&quantity, -QUANTITY), (&amount, -AMOUNT)]);
        sheet.modifiers(line, "  ");
        sheet.offer(line, "  ");
    }
    sheet.rule("-");
    sheet.line(&format!("Items count: {}", sale.lines.len()));
    sheet.line("");
    sheet.sum("Subtotal.", sale.subtotal);
    sheet.adjustments(sale, "");
    let total = sheet.priced(sale.total);
    sheet.tall("Total.", &total);
    sheet.included_tax(sale);
    payment(sheet, kind, sale);
    sheet.line("");
    sheet.centred("Thank you for your custom");
}

fn payment(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    if !is_paid(kind) {
        return;
    }
    let label = sheet.say(&sale.payment.tender.label);
    let label = if kind == Kind::Refund { format!("{label} refund") } else { label.to_owned() };
    sheet.sum(&label, sale.total);
    if let Some((tendered, change)) = sale.payment.cash {
        sheet.sum("Tendered:", tendered);
        sheet.sum("Change:", change);
    }
}
