//! Tills without a computer, after Casio's and Sharp's: capitals, counts before multiplied lines,
//! a consecutive number and nothing that nobody programmed into them.

use pos_protocol::event::Kind;

use crate::print::sheet::{Sheet, is_paid};
use crate::shop::Sale;

pub(super) fn ticket(sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
    sheet.centred(&sheet.say(&sale.shop.name).to_uppercase());
    let at = sheet.date(sale.at);
    sheet.pair(&at, &format!("#{}", sale.number));
    sheet.pair("REG", sheet.say(&sale.cashier));
    sheet.marker(kind, sale);
    for line in &sale.lines {
        if line.count != 1 {
            let price = sheet.money(line.unit_price);
            sheet.line(&format!("  {} X @{price}", Sheet::quantity(line)));
        }
        sheet.sum(&sheet.say(&line.dish.name).to_uppercase(), line.amount);
        if let Some(offer) = line.offer {
            sheet.sum("%-", offer.amount);
        }
    }
    if sale.total != sale.subtotal {
        sheet.sum("ST", sale.subtotal);
    }
    sheet.adjustments(sale, "");
    let total = sheet.money(sale.total);
    sheet.tall("TL", &total);
    if let Some(tax) = sale.tax.filter(|tax| tax.included) {
        sheet.sum("TX1", tax.amount);
    }
    if !is_paid(kind) {
        return;
    }
    let (paid, change) = sale.payment.cash.map_or((sale.total, None), |(t, c)| (t, Some(c)));
    let label = sheet.say(&sale.payment.tender.label);
    sheet.sum(label, paid);
    if let Some(change) = change {
        sheet.sum("CG", change);
    }
}
