//! How it was paid: means, what was handed over, what came back.
//!
//! Not here: whether the payments make up the total (`solve`).

use super::candidate::Sum;
use super::line::ReadLine;
use super::vocabulary::{Label, Role};
use crate::event::{Method, Payment, Receipt};
use crate::money::Amount;

/// A payment and the sum it was read from; `None` where only its means is named.
pub(super) type Found = (Payment, Option<usize>);

/// Payments in printed order.
pub(super) fn collect(lines: &[ReadLine<'_>], sums: &[Sum], total: Option<usize>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let sale = total.is_some_and(|total| sums[total].units > 0);
    for (i, sum) in sums.iter().enumerate().filter(|(i, _)| Some(*i) != total) {
        if let Role::Payment(method) = sum.role {
            let label = label(&lines[sum.line], sum.number);
            // Some tills print what the customer gave with a minus.
            let turned = if sale && sum.units < 0 { sum.amount.checked_neg() } else { None };
            let amount = turned.or(Some(sum.amount));
            out.push((Payment { method, label, amount }, Some(i)));
        }
    }
    if let Some(total) = total {
        told_twice(&mut out, sums[total].amount);
    }
    if let (true, Some(total)) = (out.is_empty(), total) {
        out.extend(unknown_means(lines, &sums[total]));
    }
    for (method, label) in lines.iter().filter_map(named) {
        if out.iter().all(|(payment, _)| payment.method != method) {
            out.push((Payment { method, label: Some(label), amount: None }, None));
        }
    }
    if out.iter().any(|(payment, _)| payment.amount.is_some()) {
        out.retain(|(payment, _)| payment.amount.is_some());
    }
    out
}

/// The words left of a number, as printed.
pub(super) fn label(line: &ReadLine<'_>, number: usize) -> Option<String> {
    let start = number.checked_sub(1).map_or(0, |before| {
        let apart = line.roles.iter().any(|(.., at)| *at == before);
        if apart { line.numbers[before].chars.end } else { 0 }
    });
    let words = line.text(start..line.numbers[number].chars.start);
    let words = words.trim_matches([':', '：', ' ', '.', ';', '(', '\u{3000}']);
    (!words.is_empty()).then(|| words.to_owned())
}

/// An amount right below the total that is the same and whose word nobody knows: a means of payment
/// that is newer than the vocabulary.
fn unknown_means(lines: &[ReadLine<'_>], total: &Sum) -> Option<Found> {
    let below = lines.get(total.line + 1..)?.iter().take(UNKNOWN_MEANS_LINES);
    let line = below.into_iter().find(|line| {
        let same = line.numbers.last().is_some_and(|number| number.value == total.amount);
        same && line.numbers.len() == 1 && line.roles.is_empty() && line.has_words()
    })?;
    let label = label(line, 0);
    Some((Payment { method: Method::Other, label, amount: Some(total.amount) }, None))
}

/// Lines below the total in which a payment is looked for whose word is not known.
const UNKNOWN_MEANS_LINES: usize = 4;

/// A card's slip on the same paper says again what was paid; the more exact word is kept.
fn told_twice(payments: &mut Vec<Found>, total: Amount) {
    let whole = |found: &Found| found.0.amount == Some(total);
    if payments.len() < 2 || total.is_zero() || !payments.iter().all(whole) {
        return;
    }
    let exact = payments
        .iter()
        .position(|(payment, _)| !matches!(payment.method, Method::Card | Method::Other));
    let kept = payments.swap_remove(exact.unwrap_or(0));
    *payments = vec![kept];
}

/// `付款方式: 現金`, or the name of a means alone on a line.
fn named(line: &ReadLine<'_>) -> Option<(Method, String)> {
    // A slip's title names its reader, not the card that was put on it.
    let mut own = line.words.iter().filter(|found| found.word.title.is_none());
    let means = own.find_map(|found| match found.word.role {
        Some(Role::Payment(method)) => Some((method, found)),
        _ => None,
    });
    let (method, found) = means?;
    if let Some((_, value)) = line.labels.iter().find(|(label, _)| *label == Label::Method) {
        let label = line.text(value.clone());
        return value.contains(&found.chars.start).then(|| (method, label.to_owned()));
    }
    let other = |i: usize, c: &char| !found.chars.contains(&i) && c.is_alphanumeric();
    let alone = !line.folded.chars.iter().enumerate().any(|(i, c)| other(i, c));
    alone.then(|| (method, line.line.text.trim().to_owned()))
}

/// What was handed over becomes what was kept.
pub(super) fn settle(receipt: &mut Receipt) {
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
pub(super) fn infer(receipt: &mut Receipt) {
    if let [payment] = receipt.payments.as_mut_slice() {
        payment.amount = payment.amount.or(receipt.total);
    }
}
