//! Roles and labels put together into a receipt, each field with the bytes it came from.

use std::collections::BTreeMap;

use super::candidate::Sums;
use super::head;
use super::items::Goods;
use super::line::{self, ReadLine};
use super::merchant;
use super::solve::Solution;
use super::sums;
use crate::event::{FieldEvidence, Receipt};
use crate::money::{Amount, Currency, currency_digits};
use crate::span::Span;

/// A receipt and where its fields were read.
pub(super) struct Collected {
    pub(super) receipt: Receipt,
    pub(super) fields: BTreeMap<String, FieldEvidence>,
}

impl Collected {
    pub(super) fn note(&mut self, field: impl Into<String>, span: Span, rule: impl Into<String>) {
        self.fields.entry(field.into()).or_insert_with(|| FieldEvidence::new(span, rule));
    }
}

pub(super) fn collect(
    lines: &[ReadLine<'_>],
    goods: Goods,
    found: &Sums,
    solution: &Solution,
    home: Option<Currency>,
) -> Collected {
    let mut out = Collected { receipt: Receipt::default(), fields: BTreeMap::new() };
    let Collected { receipt, fields } = &mut out;
    let mut note = |field: &str, span: Span, rule: &str| {
        fields.insert(field.to_owned(), FieldEvidence::new(span, rule));
    };
    merchant::collect(lines, receipt, &mut note);
    head::collect(lines, receipt, &mut note);
    let currency = line::currency(lines, home);
    out.receipt.currency = currency.map(|currency| currency.code().to_owned());
    sums::fill(lines, goods, found, solution, &mut out);
    if let Some(currency) = currency {
        rescale(&mut out.receipt, currency_digits(currency));
    }
    out
}

/// Every amount of a receipt.
fn amounts(receipt: &mut Receipt) -> impl Iterator<Item = &mut Amount> {
    let single = [
        &mut receipt.subtotal,
        &mut receipt.service_charge,
        &mut receipt.rounding,
        &mut receipt.tip,
        &mut receipt.total,
        &mut receipt.tendered,
        &mut receipt.change,
    ];
    let items = receipt.items.iter_mut().filter_map(|item| item.amount.as_mut());
    let discounts = receipt.discounts.iter_mut().map(|discount| &mut discount.amount);
    let taxes = receipt.taxes.iter_mut().map(|tax| &mut tax.amount);
    let payments = receipt.payments.iter_mut().filter_map(|payment| payment.amount.as_mut());
    single.into_iter().flatten().chain(items).chain(discounts).chain(taxes).chain(payments)
}

/// Whether a receipt tells of any money.
pub(super) fn has_amounts(receipt: &Receipt) -> bool {
    amounts(&mut receipt.clone()).next().is_some()
}

fn rescale(receipt: &mut Receipt, digits: u8) {
    for amount in amounts(receipt) {
        if let Some(scaled) = amount.rescale(digits) {
            *amount = scaled;
        }
    }
}

/// A refund that prints what was given back as plain amounts is turned round.
pub(super) fn negate(receipt: &mut Receipt) {
    if receipt.total.is_some_and(Amount::is_negative) {
        return;
    }
    for amount in amounts(receipt) {
        if let Some(negated) = amount.checked_neg() {
            *amount = negated;
        }
    }
}
