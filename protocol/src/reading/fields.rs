//! Roles and labels put together into a receipt, each field with the bytes it came from.

use std::collections::BTreeMap;

use super::amount::Number;
use super::fold::folded;
use super::head;
use super::items;
use super::line::ReadLine;
use super::merchant;
use super::vocabulary::{self, Label, Role};
use crate::event::{Discount, FieldEvidence, Method, Payment, Receipt, Tax};
use crate::money::{Amount, Currency, currency_digits};
use crate::span::Span;

/// A receipt and where its fields were read.
pub(super) struct Collected {
    pub(super) receipt: Receipt,
    pub(super) fields: BTreeMap<String, FieldEvidence>,
}

impl Collected {
    fn note(&mut self, field: impl Into<String>, span: Span, rule: impl Into<String>) {
        let evidence = FieldEvidence { start: span.start, end: span.end, rule: rule.into() };
        self.fields.entry(field.into()).or_insert(evidence);
    }
}

pub(super) fn collect(lines: &[ReadLine<'_>], home: Option<Currency>) -> Collected {
    let mut out = Collected { receipt: Receipt::default(), fields: BTreeMap::new() };
    let Collected { receipt, fields } = &mut out;
    let mut note = |field: &str, span: Span, rule: &str| {
        let rule = rule.to_owned();
        fields.insert(field.to_owned(), FieldEvidence { start: span.start, end: span.end, rule });
    };
    merchant::collect(lines, receipt, &mut note);
    head::collect(lines, receipt, &mut note);
    named_methods(lines, receipt);
    let printed = lines.iter().flat_map(|line| &line.numbers).find_map(|n| n.currency);
    let currency = printed.or(home);
    out.receipt.currency = currency.map(|currency| currency.code().to_owned());
    for (i, (item, span)) in items::collect(lines).into_iter().enumerate() {
        out.note(format!("items.{i}.amount"), span, "line");
        out.receipt.items.push(item);
    }
    sums(lines, &mut out);
    payments(&mut out.receipt);
    if let Some(currency) = currency {
        rescale(&mut out.receipt, currency_digits(currency));
    }
    out
}

/// Means of payment that are named in a word behind their label.
fn named_methods(lines: &[ReadLine<'_>], receipt: &mut Receipt) {
    for line in lines {
        for (_, chars) in line.labels.iter().filter(|(label, _)| *label == Label::Method) {
            let text = line.text(chars.clone());
            if let Some((Role::Payment(method), _)) = vocabulary::role(&folded(text)) {
                let label = Some(text.to_owned());
                receipt.payments.push(Payment { method, label, amount: None });
            }
        }
    }
}

/// Every amount with a role.
fn sums(lines: &[ReadLine<'_>], out: &mut Collected) {
    for line in lines {
        let mut start = 0;
        for &(role, word, number) in &line.roles {
            let number = &line.numbers[number];
            let span = line.line.span(line.folded.bytes(number.chars.clone()));
            let words = line.text(start..number.chars.start);
            let words = words.trim_matches([':', '：', ' ', '.', ';']);
            let label = (!words.is_empty()).then(|| words.to_owned());
            start = number.chars.end;
            if let Some(field) = take(role, number, label, &mut out.receipt) {
                // Of several totals the last one printed is the one that was owed.
                if field == "total" {
                    out.fields.remove("total");
                }
                out.note(field, span, word);
            }
        }
    }
}

/// Puts an amount where its role says; the field's name, or `None` where it was taken already.
fn take(
    role: Role,
    number: &Number,
    label: Option<String>,
    receipt: &mut Receipt,
) -> Option<String> {
    let value = number.value;
    let mut first = |slot: fn(&mut Receipt) -> &mut Option<Amount>, name: &str| {
        let slot = slot(receipt);
        let free = slot.is_none();
        slot.get_or_insert(value);
        free.then(|| name.to_owned())
    };
    match role {
        Role::Trap | Role::Net | Role::Count => None,
        Role::Total => {
            receipt.total = Some(value);
            Some("total".to_owned())
        }
        Role::Subtotal => first(|r| &mut r.subtotal, "subtotal"),
        Role::Service => first(|r| &mut r.service_charge, "service_charge"),
        Role::Rounding => first(|r| &mut r.rounding, "rounding"),
        Role::Tip => first(|r| &mut r.tip, "tip"),
        Role::Tendered => first(|r| &mut r.tendered, "tendered"),
        Role::Change => first(|r| &mut r.change, "change"),
        Role::Discount => {
            let amount = if value.is_negative() { value } else { value.checked_neg()? };
            receipt.discounts.push(Discount { label, amount });
            Some(format!("discounts.{}", receipt.discounts.len() - 1))
        }
        Role::Tax => {
            receipt.taxes.push(Tax { label, amount: value, included: None });
            Some(format!("taxes.{}", receipt.taxes.len() - 1))
        }
        Role::Payment(method) => {
            receipt.payments.push(Payment { method, label, amount: Some(value) });
            Some(format!("payments.{}", receipt.payments.len() - 1))
        }
    }
}

/// What was handed over becomes what was kept.
fn payments(receipt: &mut Receipt) {
    // A means that is named in a word and again with its amount is one payment.
    let with_amount: Vec<Method> =
        receipt.payments.iter().filter(|p| p.amount.is_some()).map(|p| p.method).collect();
    receipt.payments.retain(|p| p.amount.is_some() || !with_amount.contains(&p.method));
    let cash: Vec<usize> = (0..receipt.payments.len())
        .filter(|i| receipt.payments[*i].method == Method::Cash)
        .collect();
    match (cash.as_slice(), receipt.tendered, receipt.change) {
        ([i], Some(tendered), Some(change)) if receipt.payments[*i].amount.is_none() => {
            receipt.payments[*i].amount = tendered.checked_sub(change);
        }
        ([i], tendered, Some(change)) => {
            let printed = receipt.payments[*i].amount;
            let handed = tendered.or(printed);
            receipt.tendered = handed;
            let kept = handed.and_then(|handed| handed.checked_sub(change));
            // Cash equal to what was handed over is not what was kept.
            if printed == handed {
                receipt.payments[*i].amount = kept;
            }
        }
        ([], Some(tendered), Some(change)) if receipt.payments.is_empty() => {
            let amount = tendered.checked_sub(change);
            receipt.payments.push(Payment { method: Method::Cash, label: None, amount });
        }
        _ => {}
    }
}

/// One means of payment without an amount paid the total. Said only once the sums were checked:
/// what is inferred confirms nothing.
pub(super) fn infer_payment(receipt: &mut Receipt) {
    if let [payment] = receipt.payments.as_mut_slice() {
        payment.amount = payment.amount.or(receipt.total);
    }
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
