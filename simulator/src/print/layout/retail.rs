//! `ERPNext` and Open Source Point of Sale: programs of shops rather than restaurants.

use pos_protocol::event::Kind;
use pos_protocol::money::Amount;

use crate::print::sheet::Sheet;
use crate::shop::Sale;

const QUANTITY: i32 = 9;
const AMOUNT: i32 = 12;
const PRICE: i32 = 11;

/// `ERPNext`: the rate stands below the quantity, and there are two totals.
pub(super) fn erpnext(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let item = sheet.columns as i32 - QUANTITY - AMOUNT;
    sheet.centred(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    sheet.marker(kind, sale);
    sheet.line(&format!("Receipt No: {}", sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("Date: {at}"));
    sheet.line(&format!("Cashier: {}", sheet.say(&sale.cashier)));
    sheet.line("Customer: Walk-in");
    sheet.rule("-");
    sheet.row(&[("Item", item), ("Qty", -QUANTITY), ("Amount", -AMOUNT)]);
    for line in &sale.lines {
        let amount = sheet.money(line.amount);
        let name = sheet.say(&line.dish.name);
        sheet.row(&[(name, item), (&Sheet::quantity(line), -QUANTITY), (&amount, -AMOUNT)]);
        let rate = format!("@ {}", sheet.money(line.unit_price));
        sheet.row(&[(&rate, -(item + QUANTITY))]);
        sheet.modifiers(line, "  ");
        sheet.offer(line, "  ");
    }
    sheet.rule("-");
    sheet.sum("Total", sale.subtotal);
    let unrounded = sale.total.minor() - sale.rounding.map_or(0, Amount::minor);
    sheet.adjustments(&Sale { rounding: None, ..sale.clone() }, "");
    let grand = sheet.priced(sheet.amount(unrounded));
    sheet.pair("Grand Total", &grand);
    if let Some(rounding) = sale.rounding {
        sheet.sum("Rounding", rounding);
        let total = sheet.priced(sale.total);
        sheet.pair("Rounded Total", &total);
    }
    sheet.included_tax(sale);
    sheet.payment(kind, sale, "");
    sheet.qr(sale);
    sheet.centred("Thank you, please visit again.");
}

/// Open Source Point of Sale: four columns and "Change Due".
pub(super) fn ospos(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let item = sheet.columns as i32 - PRICE - QUANTITY - AMOUNT;
    sheet.logo();
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    sheet.centred(sale.shop.phone);
    sheet.centred("Sales Receipt");
    sheet.marker(kind, sale);
    let at = sheet.date(sale.at);
    sheet.centred(&at);
    sheet.line(&format!("Sale ID: POS {}", sale.number));
    sheet.line(&format!("Employee: {}", sheet.say(&sale.cashier)));
    sheet.rule("-");
    sheet.row(&[("Item", item), ("Price", -PRICE), ("Quantity", -QUANTITY), ("Total", -AMOUNT)]);
    for line in &sale.lines {
        let (price, amount) = (sheet.money(line.unit_price), sheet.money(line.amount));
        let name = sheet.say(&line.dish.name);
        let quantity = Sheet::quantity(line);
        sheet.row(&[(name, item), (&price, -PRICE), (&quantity, -QUANTITY), (&amount, -AMOUNT)]);
        sheet.modifiers(line, "  ");
        sheet.offer(line, "  ");
    }
    sheet.rule("-");
    sheet.sum("Sub Total", sale.subtotal);
    sheet.adjustments(sale, "");
    let total = sheet.priced(sale.total);
    sheet.pair("Total", &total);
    sheet.included_tax(sale);
    sheet.payment(kind, sale, "");
    sheet.qr(sale);
    sheet.centred("Returns within 14 days with this receipt");
}
