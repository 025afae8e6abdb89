//! Odoo from version 18: the receipt is a picture, the date stands at its end.

use pos_protocol::event::Kind;
use pos_protocol::money::Amount;

use crate::print::sheet::{Sheet, is_paid};
use crate::shop::Sale;

pub(super) fn ticket(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(&format!("Tel: {}", sale.shop.phone));
    sheet.centred(&format!("Served by {}", sheet.say(&sale.cashier)));
    sheet.marker(kind, sale);
    sheet.rule("-");
    for line in &sale.lines {
        let name = sheet.say(&line.dish.name);
        sheet.sum(name, line.amount);
        let price = sheet.money(line.unit_price);
        sheet.line(&format!("  {} x {price} / Units", Sheet::quantity(line)));
        sheet.modifiers(line, "  - ");
        sheet.offer(line, "  ");
    }
    sheet.rule("-");
    sheet.sum("Subtotal", sale.subtotal);
    sheet.adjustments(&Sale { rounding: None, ..sale.clone() }, "");
    let unrounded = sale.total.minor() - sale.rounding.map_or(0, Amount::minor);
    let total = sheet.priced(sheet.amount(unrounded));
    sheet.tall("TOTAL", &total);
    if let Some(rounding) = sale.rounding {
        sheet.sum("Rounding", rounding);
        let total = sheet.priced(sale.total);
        sheet.pair("To Pay", &total);
    }
    sheet.included_tax(sale);
    if is_paid(kind) {
        let (paid, change) = sale.payment.cash.map_or((sale.total, None), |(t, c)| (t, Some(c)));
        sheet.sum(sheet.say(&sale.payment.tender.label), paid);
        if let Some(change) = change {
            sheet.sum("CHANGE", change);
        }
    }
    sheet.centred(&format!("Order {}", sale.number));
    let at = sheet.date(sale.at);
    sheet.centred(&at);
}
