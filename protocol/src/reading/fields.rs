//! Roles and labels put together into a receipt, each field with the bytes it came from.

use std::collections::BTreeMap;

use super::candidate::Sums;
use super::items::Goods;
use super::kind;
use super::line::ReadLine;
use super::solve::Solution;
use super::sums;
use super::vocabulary::Label;
use crate::event::{FieldEvidence, PrintedAt, Receipt};
use crate::money::{Amount, Currency, currency_digits};
use crate::span::Span;

/// A receipt and where its fields were read.
pub(super) struct Collected {
    pub(super) receipt: Receipt,
    pub(super) fields: BTreeMap<String, FieldEvidence>,
}

impl Collected {
    pub(super) fn note(&mut self, field: impl Into<String>, span: Span, rule: impl Into<String>) {
        let evidence = FieldEvidence { start: span.start, end: span.end, rule: rule.into() };
        self.fields.entry(field.into()).or_insert(evidence);
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
    head(lines, &mut out);
    let printed = lines.iter().flat_map(|line| &line.numbers).find_map(|n| n.currency);
    let currency = printed.or(home);
    out.receipt.currency = currency.map(|currency| currency.code().to_owned());
    sums::fill(lines, goods, found, solution, &mut out);
    if let Some(currency) = currency {
        rescale(&mut out.receipt, currency_digits(currency));
    }
    out
}

/// Everything above and beside the amounts.
fn head(lines: &[ReadLine<'_>], out: &mut Collected) {
    let title = |line: &&ReadLine<'_>| {
        line.has_words()
            && line.labels.is_empty()
            && line.date.is_none()
            && line.numbers.is_empty()
            && kind::title(&line.line.text).is_none()
    };
    // The name stands above the first sum; what follows it is somebody's farewell.
    let above = lines.iter().position(|line| !line.roles.is_empty()).unwrap_or(lines.len());
    if let Some(line) = lines[..above].iter().find(title) {
        let name = line.line.text.trim();
        let at = line.line.text.len() - line.line.text.trim_start().len();
        out.receipt.merchant = Some(name.to_owned());
        out.note("merchant", line.line.span(at..at + name.len()), "first words");
    }
    for line in lines {
        for (label, chars) in &line.labels {
            labelled(line, *label, chars.clone(), out);
        }
        if let Some(found) = &line.date {
            let better = matches!(
                (out.receipt.printed_at, found.at),
                (None, _) | (Some(PrintedAt::Date(_)), PrintedAt::DateTime(_))
            );
            if better {
                out.receipt.printed_at = Some(found.at);
                out.fields.remove("printed_at");
                let span = line.line.span(line.folded.bytes(found.chars.clone()));
                out.note("printed_at", span, "date");
            }
        }
    }
}

fn labelled(
    line: &ReadLine<'_>,
    label: Label,
    chars: core::ops::Range<usize>,
    out: &mut Collected,
) {
    let text = line.text(chars.clone());
    let span = line.line.span(line.folded.bytes(chars));
    let receipt = &mut out.receipt;
    let (name, slot) = match label {
        Label::Number | Label::Order => ("number", &mut receipt.number),
        Label::Original => ("original_number", &mut receipt.original_number),
        Label::Cashier => ("cashier", &mut receipt.cashier),
        Label::Terminal => ("terminal", &mut receipt.terminal),
        Label::Table => ("table", &mut receipt.table),
        Label::Guests => {
            let guests = text.split(|c: char| !c.is_ascii_digit()).next();
            if let Some(guests) = guests.and_then(|digits| digits.parse().ok()) {
                receipt.guests.get_or_insert(guests);
                out.note("guests", span, "label");
            }
            return;
        }
        _ => return,
    };
    let value = match label {
        Label::Number | Label::Order | Label::Original => number_token(text),
        _ => Some(text),
    };
    if let Some(value) = value.filter(|_| slot.is_none()) {
        *slot = Some(value.to_owned());
        out.note(name, span, "label");
    }
}

/// A receipt number is one word with a digit in it.
fn number_token(text: &str) -> Option<&str> {
    let word = text.split_whitespace().next()?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '.');
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    (word.chars().all(fits) && word.contains(|c: char| c.is_ascii_digit())).then_some(word)
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
