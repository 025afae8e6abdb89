//! Do the printed amounts add up? Each equation is told by amounts that were printed apart from
//! the total, so a wrong digit in either shows.

use crate::event::{Receipt, Verdict};
use crate::money::Amount;

/// The verdict, and by how much the first failing equation is off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Balance {
    pub(super) verdict: Verdict,
    /// The payments are printed and make up the total: the receipt is told to its end.
    pub(super) paid: bool,
    pub(super) off_by: Option<Amount>,
}

/// Checks a receipt and settles whether its taxes were included.
pub(super) fn check(receipt: &mut Receipt) -> Balance {
    let Some(total) = receipt.total else {
        return Balance { verdict: Verdict::Unchecked, paid: false, off_by: None };
    };
    let goods = goods(receipt, total);
    if let Some((_, Some(included))) = goods {
        for tax in &mut receipt.taxes {
            tax.included = Some(included);
        }
    }
    let unpaid = paid(receipt).and_then(|paid| paid.checked_sub(total));
    let paid = unpaid.is_some_and(Amount::is_zero);
    let differences = [goods.map(|(off, _)| off), unpaid];
    let known: Vec<Amount> = differences.into_iter().flatten().collect();
    match known.iter().find(|off| !off.is_zero()) {
        Some(off) => Balance { verdict: Verdict::Off, paid, off_by: Some(*off) },
        None if known.is_empty() => Balance { verdict: Verdict::Unchecked, paid, off_by: None },
        None => Balance { verdict: Verdict::Balanced, paid, off_by: None },
    }
}

/// How far goods and charges are from the total, and whether tax was included where that was what
/// closed it. `None` where too little is printed.
fn goods(receipt: &Receipt, total: Amount) -> Option<(Amount, Option<bool>)> {
    let items = sum(receipt.items.iter().map(|item| item.amount));
    let items = items.filter(|_| !receipt.items.is_empty());
    let discounts = sum(receipt.discounts.iter().map(|discount| Some(discount.amount)))?;
    let taxes = sum(receipt.taxes.iter().map(|tax| Some(tax.amount)))?;
    let charges = [receipt.service_charge, receipt.rounding, receipt.tip];
    let charges = sum(charges.into_iter().map(|charge| charge.or(Some(Amount::zero(0)))))?;
    // Between items and subtotal only discounts of single items can stand.
    let inner = match (items, receipt.subtotal) {
        (Some(items), Some(subtotal)) => {
            let off = items.checked_sub(subtotal)?;
            let with_discounts = off.checked_add(discounts)?;
            Some(if with_discounts.is_zero() { with_discounts } else { off })
        }
        _ => None,
    };
    let base = receipt.subtotal.or(items)?;
    let mut best: Option<(Amount, Option<bool>)> = None;
    for discounted in [true, false] {
        for tax_included in [false, true] {
            let discount = if discounted { discounts } else { Amount::zero(0) };
            let tax = if tax_included { Amount::zero(0) } else { taxes };
            let expected = base.checked_add(discount)?.checked_add(charges)?.checked_add(tax)?;
            let off = expected.checked_sub(total)?;
            // Leaving a printed discount out is right only where the subtotal already holds it.
            let allowed = discounted
                || (receipt.subtotal.is_some() && inner_discounts(receipt, items, discounts));
            if allowed && off.is_zero() {
                let told = (!receipt.taxes.is_empty()).then_some(tax_included);
                return Some((inner.filter(|inner| !inner.is_zero()).unwrap_or(off), told));
            }
            if allowed {
                best.get_or_insert((off, None));
            }
        }
    }
    best
}

/// Whether the items and the discounts together make the subtotal.
fn inner_discounts(receipt: &Receipt, items: Option<Amount>, discounts: Amount) -> bool {
    let sum = items.and_then(|items| items.checked_add(discounts));
    sum.is_some() && sum == receipt.subtotal && !discounts.is_zero()
}

/// What the payments come to.
fn paid(receipt: &Receipt) -> Option<Amount> {
    if receipt.payments.is_empty() {
        return None;
    }
    // A payment without a printed amount leaves the sum unknown.
    sum(receipt.payments.iter().map(|payment| payment.amount))
}

/// The sum, or `None` where one is unknown.
fn sum(amounts: impl IntoIterator<Item = Option<Amount>>) -> Option<Amount> {
    amounts.into_iter().try_fold(Amount::zero(0), |sum, amount| sum.checked_add(amount?))
}
