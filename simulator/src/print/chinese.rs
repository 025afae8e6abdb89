//! A Traditional Chinese receipt on 58 mm paper, with the habits of the restaurant tills of Hong
//! Kong: a picture on top, full-width colons, telephone and address at the bottom, the time of
//! printing rather than of ordering.

use pos_protocol::money::Amount;

use super::columns::{apart, left, right};
use super::escpos::{Align, Encoder, Size};
use super::logo::tea_cup;
use crate::shop::{Language, Line, Sale};

/// Columns of quantity, price and amount; the name has the rest.
const QUANTITY_COLUMNS: usize = 4;
const PRICE_COLUMNS: usize = 7;
const AMOUNT_COLUMNS: usize = 8;

/// Prints `sale` on paper of `columns`.
pub(super) fn print(sale: &Sale, columns: usize, out: &mut Encoder) {
    out.initialise();
    head(sale, columns, out);
    for line in &sale.lines {
        out.line(&item(line, columns));
    }
    out.line(&"-".repeat(columns));
    sums(sale, columns, out);
    out.line(&"-".repeat(columns));
    foot(sale, out);
    if sale.payment.cash.is_some() {
        out.kick();
    }
    out.cut();
}

fn head(sale: &Sale, columns: usize, out: &mut Encoder) {
    out.align(Align::Centre);
    out.raster(&tea_cup());
    out.size(Size::Double);
    out.line(sale.shop.name.zh);
    out.size(Size::Normal);
    out.line("顧客單據");
    out.align(Align::Left);
    out.line(&format!("單號：{}", sale.number));
    out.line(&format!("印單時間：{}", sale.at.strftime("%Y-%m-%d %H:%M:%S")));
    out.line(&format!("機號：{}", sale.terminal));
    out.line(&format!("經手人：{}", sale.cashier.zh));
    if let Some((table, guests)) = sale.table {
        out.line(&format!("人數：{guests}"));
        out.size(Size::Double);
        out.line(&format!("檯號：{table}"));
        out.size(Size::Normal);
    }
    out.line(&"-".repeat(columns));
    out.line(&row("數量", "食品", "單價", "銀碼", columns));
}

fn row(quantity: &str, name: &str, price: &str, amount: &str, columns: usize) -> String {
    let name_columns = columns - QUANTITY_COLUMNS - 1 - PRICE_COLUMNS - AMOUNT_COLUMNS;
    let quantity = right(quantity, QUANTITY_COLUMNS);
    let name = left(name, name_columns);
    let price = right(price, PRICE_COLUMNS);
    let amount = right(amount, AMOUNT_COLUMNS);
    format!("{quantity} {name}{price}{amount}")
}

fn item(line: &Line, columns: usize) -> String {
    row(
        &line.quantity.to_string(),
        line.dish.name.zh,
        &line.unit_price().to_string(),
        &line.amount().to_string(),
        columns,
    )
}

fn sums(sale: &Sale, columns: usize, out: &mut Encoder) {
    let row =
        |label: &str, amount: Amount| apart(&format!("{label}："), &amount.to_string(), columns);
    out.line(&row("小計", sale.subtotal));
    if let Some(discount) = sale.discount {
        out.line(&row(discount.label.of(Language::ZhHant), discount.amount));
    }
    if let Some(charge) = sale.service_charge {
        out.line(&row("加一服務", charge));
    }
    out.size(Size::Tall);
    out.line(&row("應付金額", sale.total));
    out.size(Size::Normal);
    let label = sale.payment.tender.label.zh;
    match sale.payment.cash {
        None => out.line(&row(label, sale.total)),
        Some((tendered, change)) => {
            out.line(&row(label, tendered));
            out.line(&row("找續", change));
        }
    }
}

fn foot(sale: &Sale, out: &mut Encoder) {
    out.align(Align::Centre);
    out.line("多謝惠顧　歡迎再臨");
    out.line("貨物出門　恕不退換");
    out.line(&format!("電話：{}", sale.shop.phone));
    out.line(sale.shop.address.zh);
    out.align(Align::Left);
    out.feed(3);
}
