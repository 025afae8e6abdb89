//! What small places in Hong Kong print: cafes in English, with a footer that speaks of refunds and
//! is none; restaurants in Chinese, with a picture on top and the address at the bottom.

use pos_protocol::event::Kind;

use crate::print::encoder::{Align, Size};
use crate::print::sheet::Sheet;
use crate::shop::{Line, Sale};

/// Columns of `quantity x price` and of the amount, in English.
const PRICE_COLUMNS: i32 = 12;
const AMOUNT_COLUMNS: i32 = 10;

/// English, the name of the thing at the left.
pub(super) fn cafe(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    sheet.heading(sale.shop.name.en);
    sheet.out.align(Align::Centre);
    sheet.line(sale.shop.address.en);
    sheet.line(&format!("Tel: {}", sale.shop.phone));
    sheet.out.align(Align::Left);
    sheet.line("");
    sheet.marker(kind, sale);
    sheet.line(&format!("Receipt No: {}", sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("Date: {at}"));
    sheet.line(&format!("Terminal: {}", sale.terminal));
    sheet.line(&format!("Cashier: {}", sale.cashier.en));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("Table: {table}"));
        sheet.line(&format!("Guests: {guests}"));
    }
    sheet.rule("-");
    for line in &sale.lines {
        cafe_item(sheet, line);
    }
    sheet.rule("-");
    sheet.sum("SUBTOTAL", sale.subtotal);
    sheet.adjustments(sale, "");
    let total = sheet.priced(sale.total);
    sheet.tall("TOTAL", &total);
    sheet.included_tax(sale);
    sheet.payment(kind, sale, "");
    sheet.line("");
    sheet.centred("Thank you, please come again!");
    sheet.centred("No refunds or exchanges.");
}

fn cafe_item(sheet: &mut Sheet<'_>, line: &Line) {
    let name = sheet.columns as i32 - PRICE_COLUMNS - AMOUNT_COLUMNS;
    let price = format!("{} x {}", Sheet::quantity(line), sheet.money(line.unit_price));
    let amount = sheet.money(line.amount);
    sheet.row(&[(line.dish.name.en, name), (&price, -PRICE_COLUMNS), (&amount, -AMOUNT_COLUMNS)]);
    sheet.modifiers(line, "  * ");
    sheet.offer(line, "  ");
}

/// Columns of quantity, price and amount, in Chinese; the name has the rest.
const QUANTITY: i32 = 4;
const PRICE: i32 = 7;
const AMOUNT: i32 = 9;

/// Chinese, the quantity at the left.
pub(super) fn restaurant(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    sheet.logo();
    sheet.heading(sheet.say(&sale.shop.name));
    sheet.centred(sheet.words.receipt);
    sheet.marker(kind, sale);
    sheet.line(&format!("單號：{}", sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("印單時間：{at}"));
    sheet.line(&format!("機號：{}", sale.terminal));
    sheet.line(&format!("經手人：{}", sheet.say(&sale.cashier)));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("人數：{guests}"));
        sheet.out.size(Size::Double);
        sheet.line(&format!("檯號：{table}"));
        sheet.out.size(Size::Normal);
    }
    sheet.rule("-");
    restaurant_row(sheet, ["數量", "食品", "單價", "銀碼"]);
    for line in &sale.lines {
        let (price, amount) = (sheet.money(line.unit_price), sheet.money(line.amount));
        let name = sheet.say(&line.dish.name);
        restaurant_row(sheet, [&Sheet::quantity(line), name, &price, &amount]);
        sheet.modifiers(line, "      ");
        sheet.offer(line, "      ");
    }
    sheet.rule("-");
    sheet.sum("小計：", sale.subtotal);
    sheet.adjustments(sale, "：");
    let total = sheet.money(sale.total);
    sheet.tall("應付金額：", &total);
    sheet.payment(kind, sale, "：");
    sheet.rule("-");
    sheet.centred(sheet.words.thanks);
    sheet.centred("貨物出門　恕不退換");
    sheet.centred(&format!("電話：{}", sale.shop.phone));
    sheet.centred(sheet.say(&sale.shop.address));
}

fn restaurant_row(sheet: &mut Sheet<'_>, row: [&str; 4]) {
    let name = sheet.columns as i32 - QUANTITY - PRICE - AMOUNT;
    let [quantity, item, price, amount] = row;
    let item = format!(" {item}");
    sheet.row(&[(quantity, -QUANTITY), (&item, name), (price, -PRICE), (amount, -AMOUNT)]);
}
