//! The solution written into a receipt: goods, sums and payments, each with the bytes it came from.
//!
//! Not here: deciding anything.

use super::candidate::Sums;
use super::fields::Collected;
use super::items::Goods;
use super::line::ReadLine;
use super::payments;
use super::solve::Solution;
use super::vocabulary::Role;
use crate::event::{Discount, Tax};
use crate::money::Amount;
use crate::span::Span;

/// Fills `out` with what was solved.
pub(super) fn fill(
    lines: &[ReadLine<'_>],
    goods: Goods,
    sums: &Sums,
    solution: &Solution,
    out: &mut Collected,
) {
    let refund = solution.refund(sums);
    for (i, (item, span)) in goods.items.into_iter().enumerate() {
        out.note(format!("items.{i}.amount"), span, "line");
        out.receipt.items.push(item);
    }
    for (i, (discount, span)) in goods.discounts.into_iter().enumerate() {
        out.note(format!("discounts.{i}"), span, "line");
        let amount = reduction(discount.amount, refund);
        out.receipt.discounts.push(Discount { amount, ..discount });
    }
    let mut filler = Filler { lines, sums, solution, refund, out };
    filler.totals();
    for i in 0..sums.list.len() {
        filler.sum(i);
    }
    filler.payments();
}

struct Filler<'a, 'p> {
    lines: &'a [ReadLine<'p>],
    sums: &'a Sums,
    solution: &'a Solution,
    refund: bool,
    out: &'a mut Collected,
}

impl Filler<'_, '_> {
    fn totals(&mut self) {
        if let Some(i) = self.solution.total {
            self.out.receipt.total = Some(self.take(i, "total"));
        }
        if let Some(i) = self.solution.subtotal {
            self.out.receipt.subtotal = Some(self.take(i, "subtotal"));
        }
    }

    /// Notes where sum `i` was read, as `field`.
    fn take(&mut self, i: usize, field: &str) -> Amount {
        let sum = &self.sums.list[i];
        self.out.note(field, self.span(i), sum.word);
        sum.amount
    }

    fn span(&self, i: usize) -> Span {
        let sum = &self.sums.list[i];
        let line = &self.lines[sum.line];
        line.line.span(line.folded.bytes(line.numbers[sum.number].chars.clone()))
    }

    fn sum(&mut self, i: usize) {
        let sum = &self.sums.list[i];
        let receipt = &self.out.receipt;
        match sum.role {
            Role::Service if receipt.service_charge.is_none() => {
                self.out.receipt.service_charge = Some(self.take(i, "service_charge"));
            }
            Role::Rounding if receipt.rounding.is_none() => {
                self.out.receipt.rounding = Some(self.take(i, "rounding"));
            }
            Role::Tip if receipt.tip.is_none() => {
                self.out.receipt.tip = Some(self.take(i, "tip"));
            }
            Role::Tendered => self.out.receipt.tendered = Some(self.take(i, "tendered")),
            Role::Change => self.out.receipt.change = Some(self.take(i, "change")),
            Role::Discount if !sum.amount.is_zero() => {
                let field = format!("discounts.{}", receipt.discounts.len());
                let label = payments::label(&self.lines[sum.line], sum.number);
                let amount = reduction(self.take(i, &field), self.refund);
                self.out.receipt.discounts.push(Discount { label, amount });
            }
            Role::Tax => {
                let field = format!("taxes.{}", receipt.taxes.len());
                let label = payments::label(&self.lines[sum.line], sum.number);
                let added = self.solution.added.get(i).copied().flatten();
                let included = added.map(|added| !added).or(sum.included.then_some(true));
                let amount = self.take(i, &field);
                self.out.receipt.taxes.push(Tax { label, amount, included });
            }
            _ => {}
        }
    }

    fn payments(&mut self) {
        for (payment, from) in payments::collect(self.lines, &self.sums.list, self.solution.total) {
            if let Some(i) = from {
                let field = format!("payments.{}", self.out.receipt.payments.len());
                self.take(i, &field);
            }
            self.out.receipt.payments.push(payment);
        }
        payments::settle(&mut self.out.receipt);
    }
}

/// A reduction is below zero on a sale, whatever sign is printed.
fn reduction(amount: Amount, refund: bool) -> Amount {
    if refund || amount.is_negative() { amount } else { amount.checked_neg().unwrap_or(amount) }
}
