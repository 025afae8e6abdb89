//! What tills print besides receipts, in the style's own words: orders for the kitchen, card slips,
//! top-ups, shift reports and drawers opened by hand.

use pos_protocol::event::{Kind, ReportType};

use crate::print::encoder::Size;
use crate::print::sheet::Sheet;
use crate::shop::{CardSlip, NoSale, Sale, ShiftReport};

/// Large, and without prices.
pub(super) fn kitchen(sheet: &mut Sheet<'_>, sale: &Sale) {
    let words = sheet.words;
    sheet.heading(words.kitchen);
    sheet.line(&format!("{}: {}", words.order, sale.number));
    let at = sheet.date(sale.at);
    sheet.line(&format!("{}: {at}", words.date));
    if let Some((table, guests)) = sale.table {
        sheet.line(&format!("{}: {guests}", words.guests));
        sheet.out.size(Size::Double);
        sheet.line(&format!("{}: {table}", words.table));
        sheet.out.size(Size::Normal);
    }
    sheet.rule("-");
    for line in &sale.lines {
        let text = format!("{} x {}", Sheet::quantity(line), sheet.say(&line.dish.name));
        sheet.out.size(Size::Tall);
        sheet.line(&text);
        sheet.out.size(Size::Normal);
        sheet.modifiers(line, "   * ");
    }
    sheet.rule("-");
}

/// The paper of a card reader, or of an Octopus reader that was loaded.
pub(super) fn card(sheet: &mut Sheet<'_>, kind: Kind, slip: &CardSlip) {
    let words = sheet.words;
    let top_up = kind == Kind::TopUp;
    sheet.centred(sheet.say(&slip.shop.name));
    sheet.centred(if top_up { words.top_up } else { words.card_slip });
    let at = sheet.date(slip.at);
    sheet.line(&format!("{}: {at}", words.date));
    sheet.line(&format!("{}: {}", words.terminal, slip.terminal));
    sheet.line(&format!("{}: {}", words.number, slip.number));
    sheet.line(sheet.say(&slip.card));
    sheet.line(&format!("{}: {}", words.card, slip.card_number));
    sheet.rule("-");
    let amount = sheet.priced(slip.amount);
    sheet.pair(if top_up { words.loaded } else { words.charged }, &amount);
    if top_up {
        sheet.sum(sheet.say(&slip.tender.label), slip.amount);
    }
    if let Some(balance) = slip.balance {
        let balance = sheet.priced(balance);
        sheet.pair(words.balance, &balance);
    }
}

/// X and Z look the same but for the letter.
pub(super) fn report(sheet: &mut Sheet<'_>, report: &ShiftReport) {
    let words = sheet.words;
    let (title, tally) = match report.report_type {
        ReportType::X => (words.x_report, &report.tally),
        ReportType::Z => (words.z_report, &report.tally),
    };
    sheet.heading(sheet.say(&report.shop.name));
    sheet.centred(&format!("{title} {:0>4}", report.number));
    let at = sheet.date(report.at);
    sheet.line(&format!("{}: {at}", words.date));
    sheet.line(&format!("{}: {}", words.terminal, report.terminal));
    sheet.line(&format!("{}: {}", words.cashier, sheet.say(&report.cashier)));
    sheet.rule("=");
    sheet.sum(words.gross, sheet.amount(tally.gross));
    sheet.sum(words.discounts, sheet.amount(tally.discounts));
    sheet.sum(words.refunds, sheet.amount(tally.refunds));
    sheet.sum(words.net, sheet.amount(tally.net));
    if report.shop.tax.is_some() {
        sheet.sum(words.tax, sheet.amount(tally.tax));
    }
    sheet.sum(words.voids, sheet.amount(tally.voids));
    sheet.rule("-");
    for (tender, (sum, count)) in report.shop.tenders.iter().zip(&tally.tenders) {
        let label = format!("{} ({count})", sheet.say(&tender.label));
        sheet.sum(&label, sheet.amount(*sum));
    }
    sheet.rule("-");
    sheet.pair(words.receipts, &tally.receipts.to_string());
    sheet.pair(words.no_sales, &tally.no_sales.to_string());
}

/// A few lines, so that the owner can ask who it was.
pub(super) fn no_sale(sheet: &mut Sheet<'_>, opening: &NoSale) {
    let words = sheet.words;
    sheet.rule("-");
    sheet.centred(words.no_sale);
    sheet.line(&format!("{}: {}", words.number, opening.number));
    let at = sheet.date(opening.at);
    sheet.line(&format!("{}: {at}", words.date));
    sheet.line(&format!("{}: {}", words.cashier, sheet.say(&opening.cashier)));
    sheet.rule("-");
}
