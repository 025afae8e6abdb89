//! Slips that the simulator's till does not print by itself, made from a sale of its.

use jiff::civil::DateTime;
use pos_protocol::money::Amount;
use possim::shop::{Discount, Line, Payment, Sale, Tender, Words};

const STAFF: Words = Words { en: "Staff discount", zh: "員工優惠", local: "Staff discount" };

fn back(amount: Amount) -> Amount {
    amount.checked_neg().expect("a small amount")
}

/// All of `sale` paid back.
pub(crate) fn refund_of(sale: &Sale, number: String, at: DateTime, cashier: Words) -> Sale {
    let reverse = |discount: Discount| Discount { amount: back(discount.amount), ..discount };
    let line = |line: &Line| Line {
        count: -line.count,
        amount: back(line.amount),
        modifiers: Vec::new(),
        offer: line.offer.map(reverse),
        ..line.clone()
    };
    Sale {
        number,
        at,
        cashier,
        table: None,
        lines: sale.lines.iter().map(line).collect(),
        subtotal: back(sale.subtotal),
        discount: sale.discount.map(reverse),
        service_charge: sale.service_charge.map(back),
        rounding: sale.rounding.map(back),
        total: back(sale.total),
        payment: Payment { cash: None, ..sale.payment },
        original: Some(sale.number.clone()),
        ..sale.clone()
    }
}

/// `sale` taken back.
pub(super) fn void_of(sale: &Sale, number: String, at: DateTime) -> Sale {
    let payment = Payment { cash: None, ..sale.payment };
    Sale { number, at, payment, original: Some(sale.number.clone()), ..sale.clone() }
}

/// The same goods for `percent` off, without a service charge.
pub(super) fn reduced(sale: &Sale, percent: i64, tender: &'static Tender) -> Sale {
    let money = sale.shop.money;
    let subtotal: i64 = sale.lines.iter().map(net).sum();
    let off = subtotal * percent / 100 / money.coin * money.coin;
    let total = money.amount(subtotal - off);
    Sale {
        subtotal: money.amount(subtotal),
        discount: Some(Discount { label: STAFF, amount: money.amount(-off) }),
        service_charge: None,
        rounding: None,
        total,
        payment: Payment { tender, cash: None },
        ..sale.clone()
    }
}

/// The same goods for nothing, without a word of a discount.
pub(super) fn given_away(sale: &Sale, tender: &'static Tender) -> Sale {
    let nothing = sale.shop.money.amount(0);
    let free =
        |line: &Line| Line { unit_price: nothing, amount: nothing, offer: None, ..line.clone() };
    Sale {
        lines: sale.lines.iter().map(free).collect(),
        subtotal: nothing,
        discount: None,
        service_charge: None,
        rounding: None,
        total: nothing,
        payment: Payment { tender, cash: None },
        ..sale.clone()
    }
}

fn net(line: &Line) -> i64 {
    line.amount.minor() + line.offer.map_or(0, |offer| offer.amount.minor())
}
