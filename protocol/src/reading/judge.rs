//! What the chosen total is worth: the verdict, the subtotal, and what was added on the way.
//!
//! Not here: choosing (`solve`).

use super::candidate::Sums;
use super::solve::{MAX_FREE, Solution, Tried, goods, is_adjustment};
use super::vocabulary::Role;
use crate::event::Verdict;
use crate::money::Amount;

/// Judges the best candidate.
pub(super) fn judge(
    sums: &Sums,
    candidates: &[usize],
    best: Tried,
    ambiguous: bool,
    work: usize,
) -> Solution {
    let subtotal = subtotal(sums, &best);
    let inner = inner(sums, subtotal);
    let failing = [best.goods.map(|goods| goods.off), best.payment, inner];
    let off = failing.into_iter().flatten().find(|off| *off != 0);
    let proven = best.payment == Some(0)
        || best.goods.is_some_and(|goods| goods.off == 0 && goods.freedom == 0);
    let verdict = match off {
        Some(_) => Verdict::Off,
        None if proven && !overpaid(sums, &best) && all_explained(sums, candidates, &best) => {
            Verdict::Balanced
        }
        None => Verdict::Unchecked,
    };
    Solution {
        total: Some(best.total),
        subtotal,
        added: added(sums, &best),
        verdict: Some(verdict),
        off_by: off.map(|off| Amount::new(off, sums.digits)),
        paid: best.payment == Some(0),
        ambiguous,
        work,
    }
}

/// The subtotal: what is called so, or a total above the total that is the sum of the items.
fn subtotal(sums: &Sums, best: &Tried) -> Option<usize> {
    let called = |i: &usize| sums.list[*i].role == Role::Subtotal;
    let first = (0..sums.list.len()).find(called).filter(|i| *i != best.total);
    let goods = sums.items.map(|items| items.saturating_add(sums.reductions));
    let summed = |i: &usize| {
        let sum = &sums.list[*i];
        matches!(sum.role, Role::Total | Role::Net) && Some(sum.units) == goods
    };
    first.or_else(|| (0..best.total).find(summed))
}

/// By how much the items miss the subtotal, where each of them is proven by its own product.
fn inner(sums: &Sums, subtotal: Option<usize>) -> Option<i64> {
    let (items, at) = (sums.items.filter(|_| sums.items_proven)?, subtotal?);
    let wanted = sums.list[at].units;
    let reduced = items.saturating_add(sums.reductions);
    let above = sums.list[..at].iter().filter(|sum| is_adjustment(sum.role));
    let adjusted = above.fold(reduced, |sum, step| {
        sum.saturating_add(if step.role == Role::Discount {
            -step.units.saturating_abs()
        } else {
            step.units
        })
    });
    let closes = [items, reduced, adjusted].contains(&wanted);
    Some(if closes { 0 } else { reduced.saturating_sub(wanted) })
}

/// Whether no other amount that is called a total says something else: it is the same, a step on
/// the way, or an earlier one that the goods make by themselves.
fn all_explained(sums: &Sums, candidates: &[usize], best: &Tried) -> bool {
    let total = sums.list[best.total].units;
    let base = best.goods.and_then(|goods| goods.base);
    candidates.iter().all(|&i| {
        let sum = &sums.list[i];
        let plain = sum.units == total || Some(i) == base || sum.role != Role::Total;
        // The same amount again, with a step between, must be made by that step or be paid.
        let steps = i > best.total && {
            let between = &sums.list[best.total + 1..i];
            between.iter().any(|sum| is_adjustment(sum.role) && sum.units != 0 && !sum.included)
        };
        if sum.units == total && sum.role == Role::Total && steps {
            return best.payment == Some(0);
        }
        // Behind the change stand summaries.
        plain
            || sum.weight <= 0 && i > best.total
            || i < best.total && {
                let mut work = 0;
                goods(sums, i, &mut work).is_some_and(|goods| goods.off == 0 && goods.freedom == 0)
            }
    })
}

/// By sum, whether the equation of the goods added it.
fn added(sums: &Sums, best: &Tried) -> Vec<Option<bool>> {
    let mut added = vec![None; sums.list.len()];
    let Some(goods) = best.goods.filter(|goods| goods.off == 0) else { return added };
    let from = goods.base.map_or(0, |base| base + 1);
    let between = (from..best.total).filter(|i| is_adjustment(sums.list[*i].role));
    for (n, i) in between.enumerate() {
        added[i] = Some(n >= MAX_FREE || goods.left_out & 1 << n == 0);
    }
    for (i, sum) in sums.list.iter().enumerate().skip(best.total + 1) {
        if sum.role == Role::Tax {
            added[i] = Some(false);
        }
    }
    added
}

/// Whether more was paid than is owed and no change is printed: one of the two may be misread.
fn overpaid(sums: &Sums, best: &Tried) -> bool {
    let paid = sums.list.iter().enumerate();
    let paid = paid.filter(|(i, sum)| {
        *i != best.total && matches!(sum.role, Role::Payment(_) | Role::Tendered)
    });
    let total = sums.list[best.total].units.unsigned_abs();
    let most = paid.map(|(_, sum)| sum.units.unsigned_abs()).max();
    best.payment.is_none() && most.is_some_and(|most| most > total)
}
