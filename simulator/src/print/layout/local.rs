//! Programs without a name beyond their country: the same order everywhere, local words, numbers
//! and dates.

use pos_protocol::event::Kind;

use crate::print::sheet::Sheet;
use crate::shop::Sale;

const QUANTITY: i32 = 6;
const PRICE: i32 = 10;
const AMOUNT: i32 = 11;

/// The name on a line of its own, as narrow paper needs it.
pub(super) fn two_lines(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    head(sheet, kind, sale);
    for line in &sale.lines {
        let (name, amount) = (sheet.say(&line.dish.name), sheet.money(line.amount));
        sheet.line(name);
        let price = format!("  {} x {}", Sheet::quantity(line), sheet.money(line.unit_price));
        sheet.pair(&price, &amount);
        sheet.modifiers(line, "  - ");
        sheet.offer(line, "  ");
    }
    foot(sheet, kind, sale);
}

/// Everything about a thing in one row.
pub(super) fn one_line(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    head(sheet, kind, sale);
    let item = sheet.columns as i32 - QUANTITY - PRICE - AMOUNT;
    let words = sheet.words;
    let heads = [words.item, words.quantity, words.price, words.amount];
    sheet.row(&[(heads[0], item), (heads[1], -QUANTITY), (heads[2], -PRICE), (heads[3], -AMOUNT)]);
    for line in &sale.lines {
        let (price, amount) = (sheet.money(line.unit_price), sheet.money(line.amount));
        let (name, quantity) = (sheet.say(&line.dish.name), Sheet::quantity(line));
        sheet.row(&[(name, item), (&quantity, -QUANTITY), (&price, -PRICE), (&amount, -AMOUNT)]);
        sheet.modifiers(line, "  + ");
        sheet.offer(line, "  ");
    }
    foot(sheet, kind, sale);
}

fn head(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let words = sheet.words;
    sheet.logo();
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(sheet.say(&sale.shop.address));
    sheet.centred(&format!("{}: {}", words.phone, sale.shop.phone));
    sheet.centred(words.receipt);
    sheet.marker(kind, sale);
    sheet.line(&format!("{}: {}", words.number, sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("{}: {at}", words.date));
    sheet.line(&format!("{}: {}", words.terminal, sale.terminal));
    sheet.line(&format!("{}: {}", words.cashier, sheet.say(&sale.cashier)));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("{}: {table}", words.table));
        sheet.line(&format!("{}: {guests}", words.guests));
    }
    sheet.rule("-");
}

fn foot(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let words = sheet.words;
    sheet.rule("-");
    sheet.sum(words.subtotal, sale.subtotal);
    sheet.adjustments(sale, "");
    let total = sheet.priced(sale.total);
    sheet.tall(words.total, &total);
    sheet.included_tax(sale);
    sheet.payment(kind, sale, "");
    if kind == Kind::Bill {
        sheet.centred(words.unpaid);
    }
    sheet.qr(sale);
    sheet.centred(words.thanks);
}
