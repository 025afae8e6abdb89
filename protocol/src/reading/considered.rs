//! What the reader weighed, told to a [`Trace`]: every amount with a role, and the sums that the
//! receipt's own fields make.
//!
//! Not here: the weighing.

use std::collections::BTreeMap;

use super::line::ReadLine;
use super::trace::{Candidate, Term, Trace};
use super::vocabulary::Role;
use crate::event::{FieldEvidence, Receipt};
use crate::money::Amount;

/// Notes every amount that has a role, and why it did not become a field where it did not.
pub(super) fn amounts(
    lines: &[ReadLine<'_>],
    fields: &BTreeMap<String, FieldEvidence>,
    trace: &mut Trace,
) {
    for line in lines {
        for &(role, word, number) in &line.roles {
            let number = &line.numbers[number];
            let span = line.line.span(line.folded.bytes(number.chars.clone()));
            let at = |f: &&FieldEvidence| f.start == span.start && f.end == span.end;
            let taken = fields.values().any(|field| at(&field));
            trace.consider(Candidate {
                field: field_of(role).to_owned(),
                value: number.value.to_string(),
                span,
                rule: word.to_owned(),
                lost: (!taken).then(|| why_not(role, word)),
            });
        }
    }
}

fn field_of(role: Role) -> &'static str {
    match role {
        Role::Total => "total",
        Role::Subtotal => "subtotal",
        Role::Discount => "discounts",
        Role::Service => "service_charge",
        Role::Tax => "taxes",
        Role::Rounding => "rounding",
        Role::Tip => "tip",
        Role::Tendered => "tendered",
        Role::Change => "change",
        Role::Payment(_) => "payments",
        // What it is taken for by a careless reader.
        Role::Trap | Role::Net => "total",
        Role::Count => "items",
    }
}

fn why_not(role: Role, word: &str) -> String {
    match role {
        Role::Trap | Role::Net | Role::Count => format!("\"{word}\" is not an amount of the bill"),
        Role::Total => "a later line says what was owed".to_owned(),
        _ => "an earlier line said it already".to_owned(),
    }
}

/// Notes the sums that the receipt's fields make.
pub(super) fn sums(receipt: &Receipt, trace: &mut Trace) {
    let items: Vec<Term> = receipt
        .items
        .iter()
        .enumerate()
        .filter_map(|(i, item)| term(&format!("items.{i}.amount"), item.amount))
        .collect();
    if let Some(subtotal) = term("subtotal", receipt.subtotal).filter(|_| !items.is_empty()) {
        trace.add_up("items = subtotal", items.clone(), subtotal);
    }
    let Some(total) = term("total", receipt.total) else { return };
    let base = term("subtotal", receipt.subtotal).map_or(items, |subtotal| vec![subtotal]);
    if !base.is_empty() {
        let charges = charges(receipt);
        trace.add_up("goods and charges = total", [base, charges].concat(), total.clone());
    }
    let payments: Option<Vec<Term>> = receipt
        .payments
        .iter()
        .enumerate()
        .map(|(i, payment)| term(&format!("payments.{i}"), payment.amount))
        .collect();
    if let Some(payments) = payments.filter(|payments| !payments.is_empty()) {
        trace.add_up("payments = total", payments, total);
    }
}

/// What stands between goods and total, but taxes that the total already holds.
fn charges(receipt: &Receipt) -> Vec<Term> {
    let discounts = receipt.discounts.iter().enumerate();
    let discounts = discounts.filter_map(|(i, d)| term(&format!("discounts.{i}"), Some(d.amount)));
    let taxes = receipt.taxes.iter().enumerate().filter(|(_, tax)| tax.included != Some(true));
    let taxes = taxes.filter_map(|(i, tax)| term(&format!("taxes.{i}"), Some(tax.amount)));
    let single = [
        ("service_charge", receipt.service_charge),
        ("rounding", receipt.rounding),
        ("tip", receipt.tip),
    ];
    let single = single.into_iter().filter_map(|(field, amount)| term(field, amount));
    discounts.chain(single).chain(taxes).collect()
}

fn term(field: &str, amount: Option<Amount>) -> Option<Term> {
    amount.map(|amount| Term { field: field.to_owned(), amount })
}
