//! Floreant and `SambaPOS`: programs of bars and cafes.

use pos_protocol::event::Kind;

use crate::print::columns::apart;
use crate::print::sheet::{Sheet, is_paid};
use crate::shop::Sale;

const PRICE: i32 = 9;
const QUANTITY: i32 = 8;
const AMOUNT: i32 = 10;

/// Floreant: unit price before quantity.
pub(super) fn floreant(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let item = sheet.columns as i32 - PRICE - QUANTITY - AMOUNT;
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    sheet.centred(&format!("Tel: {}", sale.shop.phone));
    sheet.marker(kind, sale);
    sheet.line(&format!("TERMINAL: {}", sale.terminal));
    sheet.line(&format!("CHECK#: {}", sale.number));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("TABLE#: {table}"));
        sheet.line(&format!("GUESTS: {guests}"));
    }
    sheet.line(&format!("SERVER: {}", sheet.say(&sale.cashier)));
    let at = sheet.date(sale.at);
    sheet.line(&format!("PRINTED: {at}"));
    sheet.rule("-");
    sheet.row(&[("ITEM", item), ("U/PRICE", -PRICE), ("QTY", -QUANTITY), ("SUBTOTAL", -AMOUNT)]);
    sheet.rule("-");
    for line in &sale.lines {
        let (price, amount) = (sheet.money(line.unit_price), sheet.money(line.amount));
        let name = sheet.say(&line.dish.name);
        let quantity = Sheet::quantity(line);
        sheet.row(&[(name, item), (&price, -PRICE), (&quantity, -QUANTITY), (&amount, -AMOUNT)]);
        sheet.modifiers(line, " --");
        sheet.offer(line, " --");
    }
    sheet.rule("-");
    sheet.sum("Subtotal:", sale.subtotal);
    sheet.adjustments(sale, ":");
    let total = sheet.priced(sale.total);
    sheet.pair("Total:", &total);
    sheet.included_tax(sale);
    sheet.payment(kind, sale, ":");
}

/// `SambaPOS`: a dash before each line, a star before each wish, spaced-out thanks.
pub(super) fn sambapos(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    sheet.centred(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    sheet.marker(kind, sale);
    let at = sheet.date(sale.at);
    sheet.line(&format!("Date: {at}"));
    if let Some((table, _)) = sale.table {
        sheet.line(&format!("Table: {table}"));
    }
    sheet.line(&format!("Ticket No: {}", sale.number));
    sheet.rule("-");
    for line in &sale.lines {
        let name = format!("- {} {}", Sheet::quantity(line), sheet.say(&line.dish.name));
        sheet.sum(&name, line.amount);
        sheet.modifiers(line, "   * ");
        sheet.offer(line, "   ");
    }
    sheet.rule("-");
    if sale.total != sale.subtotal {
        sheet.sum("Sub Total:", sale.subtotal);
    }
    sheet.adjustments(sale, ":");
    let total = apart("Total:", &sheet.priced(sale.total), sheet.columns);
    sheet.out.bold(true);
    sheet.line(&total);
    sheet.out.bold(false);
    sheet.included_tax(sale);
    if is_paid(kind) {
        let label = format!("{}:", sheet.say(&sale.payment.tender.label));
        sheet.sum(&label, sale.total);
    }
    sheet.centred("T H A N K   Y O U");
}
