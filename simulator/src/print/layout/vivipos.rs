//! VIVIPOS, the till of many restaurants in Hong Kong, Macau and Taiwan: payment before the total,
//! telephone and address at the bottom, prices with an @.

use pos_protocol::event::Kind;

use crate::print::encoder::Size;
use crate::print::sheet::{Sheet, is_paid};
use crate::shop::Sale;

const QUANTITY: i32 = 6;
const PRICE: i32 = 9;
const AMOUNT: i32 = 10;

pub(super) fn ticket(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    let words = sheet.words;
    sheet.logo();
    sheet.heading(sheet.say(&sale.shop.name));
    let title = if kind == Kind::Reprint { "顧客重印單據" } else { words.receipt };
    sheet.centred(title);
    if kind != Kind::Reprint {
        sheet.marker(kind, sale);
    }
    sheet.line(&format!("單號: {}", sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("印單時間: {at}"));
    sheet.line(&format!("經手人: {}", sheet.say(&sale.cashier)));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("人數: {guests}"));
        sheet.out.size(Size::Double);
        sheet.line(&format!("檯號: {table}"));
        sheet.out.size(Size::Normal);
    }
    sheet.rule("=");
    row(sheet, ["數量", "食品", "單價", "銀碼"]);
    sheet.rule("-");
    for line in &sale.lines {
        let price = format!("@{}", sheet.money(line.unit_price));
        let amount = sheet.money(line.amount);
        let name = sheet.say(&line.dish.name);
        row(sheet, [&Sheet::quantity(line), name, &price, &amount]);
        sheet.modifiers(line, "        ");
        sheet.offer(line, "        ");
    }
    sheet.rule("-");
    sheet.sum("小計:", sale.subtotal);
    sums(sheet, kind, sale);
    sheet.qr(sale);
    sheet.centred(words.thanks);
    sheet.centred(&format!("電話: {}", sale.shop.phone));
    sheet.centred(sheet.say(&sale.shop.address));
}

/// The means of payment stands above what is owed, as this program has it.
fn sums(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    if is_paid(kind) {
        let label = sheet.say(&sale.payment.tender.label);
        sheet.out.size(Size::Double);
        sheet.line(&format!("付款方式: {label}"));
        sheet.out.size(Size::Normal);
    }
    sheet.adjustments(sale, ":");
    let total = sheet.money(sale.total);
    sheet.tall("應付金額:", &total);
    if let (true, Some((tendered, change))) = (is_paid(kind), sale.payment.cash) {
        sheet.sum("已收金額:", tendered);
        sheet.sum("找零:", change);
    }
}

fn row(sheet: &mut Sheet<'_>, row: [&str; 4]) {
    let name = sheet.columns as i32 - QUANTITY - PRICE - AMOUNT;
    let [quantity, item, price, amount] = row;
    let item = format!(" {item}");
    sheet.row(&[(quantity, -QUANTITY), (&item, name), (price, -PRICE), (amount, -AMOUNT)]);
}
