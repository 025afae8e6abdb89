//! Which amount is the total: the one that closes the most equations with what else is printed.
//!
//! Every candidate is tried as the total. Goods: items or a subtotal, with what is printed between
//! it and the total added, come to it. Payment: what was paid less the change comes to it. A step
//! that print order does not suggest (a tax left out because the prices hold it) is allowed but
//! never proves anything by itself. The search is bounded by [`MAX_ASSIGNMENTS`].
//!
//! Not here: reading or writing fields. Numbers are never repaired.

use super::candidate::{Sum, Sums};
use super::judge::judge;
use super::vocabulary::Role;
use crate::event::Verdict;
use crate::limits::MAX_ASSIGNMENTS;
use crate::money::Amount;

/// Most totals that are tried.
const MAX_TOTALS: usize = 16;
/// Most sums between subtotal and total that may be left out or not.
pub(super) const MAX_FREE: usize = 8;
/// Points of an equation that closes, by what it is told by.
const GOODS_CLOSE: i32 = 100;
const PAYMENT_CLOSES: i32 = 120;
/// Points of an equation that is printed and does not close.
const GOODS_OFF: i32 = -40;
const PAYMENT_OFF: i32 = -60;
/// Points of each step against print order.
const FREEDOM: i32 = -15;
/// A total that is made from another one, and one that is another one rounded.
const SUPERSEDES: i32 = 10;
const ROUNDS: i32 = 20;
/// A subtotal or a payment taken for the total.
const SUBSTITUTE: i32 = -30;

/// What the amounts are.
#[derive(Clone, Debug, Default)]
pub(super) struct Solution {
    /// Which sum is the total.
    pub(super) total: Option<usize>,
    /// Which sum is the subtotal.
    pub(super) subtotal: Option<usize>,
    /// By sum: whether the total was reached by adding it. `None` where no equation says.
    pub(super) added: Vec<Option<bool>>,
    /// The verdict, where there is a total.
    pub(super) verdict: Option<Verdict>,
    /// By how much the first equation is off.
    pub(super) off_by: Option<Amount>,
    /// The payments are printed and make up the total: the receipt is told to its end.
    pub(super) paid: bool,
    /// Another amount would have served as well.
    pub(super) ambiguous: bool,
    /// Assignments that were tried.
    pub(super) work: usize,
}

impl Solution {
    /// Whether money went back: a total below zero.
    pub(super) fn refund(&self, sums: &Sums) -> bool {
        self.total.is_some_and(|total| sums.list[total].units < 0)
    }
}

/// An equation that was formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Its sum less the total.
    pub(super) off: i64,
    /// Steps against print order.
    pub(super) freedom: u32,
    /// Sums that were left out, as bits over those between base and total.
    pub(super) left_out: u32,
    /// Which sum was the base; `None` for the items.
    pub(super) base: Option<usize>,
}

/// A candidate and how it fared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    pub(super) total: usize,
    pub(super) points: i32,
    pub(super) goods: Option<Outcome>,
    pub(super) payment: Option<i64>,
}

/// Finds the total.
pub(super) fn solve(sums: &Sums) -> Solution {
    let mut work = 0;
    let mut best: Option<Tried> = None;
    let mut ambiguous = false;
    let candidates = candidates(sums);
    for &total in &candidates {
        let tried = attempt(sums, total, &mut work);
        // Nothing but arithmetic speaks for a substitute.
        let closes = tried.goods.is_some_and(|g| g.off == 0) || tried.payment == Some(0);
        let sum = &sums.list[total];
        let called = matches!(sum.role, Role::Total | Role::Net) || sum.charged;
        if !called && !closes {
            continue;
        }
        match best {
            Some(other) if other.points > tried.points => {}
            Some(other) => {
                let same = sums.list[other.total].units == sums.list[total].units;
                ambiguous = other.points == tried.points && !same;
                best = Some(tried);
            }
            None => best = Some(tried),
        }
    }
    let Some(best) = best else { return Solution { work, ..Solution::default() } };
    judge(sums, &candidates, best, ambiguous, work)
}

/// Sums that may be the total: those called so, or what may stand for one where none is.
fn candidates(sums: &Sums) -> Vec<usize> {
    let sure = sums.list.iter().any(|sum| sum.role == Role::Total && sum.weight > 0);
    let may_be = |sum: &Sum| match sum.role {
        Role::Total | Role::Net => true,
        Role::Subtotal | Role::Payment(_) | Role::Tendered | Role::Trap | Role::Count => !sure,
        _ => false,
    };
    let found = sums.list.iter().enumerate().filter(|(_, sum)| may_be(sum));
    let mut found: Vec<usize> = found.map(|(i, _)| i).collect();
    let surplus = found.len().saturating_sub(MAX_TOTALS);
    found.drain(..surplus);
    found
}

fn attempt(sums: &Sums, total: usize, work: &mut usize) -> Tried {
    let sum = &sums.list[total];
    let goods = goods(sums, total, work);
    let payment = payment(sums, total);
    let mut points = sum.weight;
    points += match goods {
        Some(outcome) if outcome.off == 0 => GOODS_CLOSE + FREEDOM * outcome.freedom as i32,
        Some(_) => GOODS_OFF,
        None => 0,
    };
    if let Some(Outcome { off: 0, base: Some(base), .. }) = goods
        && sums.list[base].role == Role::Total
    {
        points += if rounds(sums, base, total) { ROUNDS } else { SUPERSEDES };
    }
    points += match payment {
        Some(0) => PAYMENT_CLOSES,
        Some(_) => PAYMENT_OFF,
        None => 0,
    };
    if !matches!(sum.role, Role::Total | Role::Net) {
        points += SUBSTITUTE;
    }
    Tried { total, points, goods, payment }
}

/// Whether nothing but a rounding stands between a total and the next.
fn rounds(sums: &Sums, base: usize, total: usize) -> bool {
    let between = &sums.list[base + 1..total];
    !between.is_empty() && between.iter().all(|sum| sum.role == Role::Rounding)
}

/// A base and the sums that print order puts between it and the total.
struct Way {
    base: Option<usize>,
    units: i64,
    between: Vec<usize>,
}

/// The best way from goods to the total; `None` where neither items nor a subtotal are printed.
pub(super) fn goods(sums: &Sums, total: usize, work: &mut usize) -> Option<Outcome> {
    let mut best: Option<Outcome> = None;
    for way in ways(sums, total) {
        let found = walk(sums, total, &way, work);
        let rank = |outcome: &Outcome| (outcome.off != 0, outcome.freedom);
        if best.as_ref().is_none_or(|best| rank(&found) < rank(best)) {
            best = Some(found);
        }
    }
    best
}

/// Subtotals nearest to the total first, then the items.
fn ways(sums: &Sums, total: usize) -> Vec<Way> {
    let between = |from: usize| -> Vec<usize> {
        (from..total).filter(|i| is_adjustment(sums.list[*i].role)).collect()
    };
    let mut ways = Vec::new();
    for (i, sum) in sums.list[..total].iter().enumerate().rev() {
        let earlier = sum.role == Role::Total && sum.units != sums.list[total].units;
        if matches!(sum.role, Role::Subtotal | Role::Net) || earlier {
            ways.push(Way { base: Some(i), units: sum.units, between: between(i + 1) });
        }
    }
    if let Some(items) = sums.items {
        let after = between(0);
        if sums.reductions != 0 {
            let units = items.saturating_add(sums.reductions);
            ways.push(Way { base: None, units, between: after.clone() });
        } else {
            ways.push(Way { base: None, units: items, between: after });
        }
    }
    ways
}

pub(super) fn is_adjustment(role: Role) -> bool {
    matches!(role, Role::Discount | Role::Service | Role::Tax | Role::Rounding | Role::Tip)
}

/// What a sum adds on the way to the total.
fn step(sums: &Sums, sum: &Sum, total: usize) -> i64 {
    let refund = sums.list[total].units < 0;
    if sum.role == Role::Discount && !refund { -sum.units.saturating_abs() } else { sum.units }
}

/// Adds up with every choice of what is left out, print order's own first.
fn walk(sums: &Sums, total: usize, way: &Way, work: &mut usize) -> Outcome {
    let target = sums.list[total].units;
    let free = way.between.len().min(MAX_FREE);
    let steps: Vec<i64> = way.between.iter().map(|i| step(sums, &sums.list[*i], total)).collect();
    let fixed = steps[free..].iter().fold(way.units, |sum, step| sum.saturating_add(*step));
    let expected: u32 =
        (0..free).filter(|i| sums.list[way.between[*i]].included).fold(0, |bits, i| bits | 1 << i);
    let mut best: Option<Outcome> = None;
    for choice in 0..1_u32 << free {
        if *work >= MAX_ASSIGNMENTS {
            break;
        }
        *work += 1;
        let left_out = choice ^ expected;
        let sum = (0..free)
            .filter(|i| left_out & 1 << i == 0)
            .fold(fixed, |sum, i| sum.saturating_add(steps[i]));
        // Leaving out what is zero is no step.
        let freedom = (0..free).filter(|i| choice & 1 << i != 0 && steps[*i] != 0).count() as u32;
        let off = sum.saturating_sub(target);
        let found = Outcome { off, freedom, left_out, base: way.base };
        let better = |best: &Outcome| (off != 0, freedom) < (best.off != 0, best.freedom);
        if best.as_ref().is_none_or(better) {
            best = Some(found);
        }
        if off == 0 && freedom == 0 {
            break;
        }
    }
    best.unwrap_or(Outcome {
        off: fixed.saturating_sub(target),
        freedom: 0,
        left_out: 0,
        base: way.base,
    })
}

/// By how much the payments miss the total; `None` where too little is printed.
fn payment(sums: &Sums, total: usize) -> Option<i64> {
    let of = |wanted: Role| {
        let found = sums.list.iter().enumerate().rev();
        let mut found = found.filter(|(i, sum)| *i != total && sum.role == wanted);
        found.next().map(|(_, sum)| sum.units)
    };
    let (tendered, change) = (of(Role::Tendered), of(Role::Change));
    let target = owed(sums, total);
    let others = || {
        let payments = sums.list.iter().enumerate();
        payments.filter(|(i, sum)| *i != total && matches!(sum.role, Role::Payment(_)))
    };
    // Some tills print what the customer gave with a minus.
    let given_up = |units: i64| if target > 0 { units.saturating_abs() } else { units };
    let paid =
        others().fold(0_i64, |sum, (_, payment)| sum.saturating_add(given_up(payment.units)));
    let any = others().next().is_some();
    let given = change.unwrap_or(0).saturating_abs();
    if let Some(tendered) = tendered {
        let off = tendered.saturating_sub(given).saturating_sub(target);
        let echoes = paid == target || paid == tendered || paid == 0;
        return match change {
            None if off > 0 => None,
            _ if any && off == 0 && !echoes && !repeats(sums, target) => {
                Some(paid.saturating_sub(target))
            }
            _ => Some(off),
        };
    }
    if !any {
        return None;
    }
    let off = paid.saturating_sub(given).saturating_sub(target);
    match change {
        // A card's slip below the receipt says its amount once more.
        _ if off != 0 && given == 0 && repeats(sums, target) => Some(0),
        None if off > 0 && target >= 0 => None,
        _ => Some(off),
    }
}

/// Whether each payment is the whole total: one payment said several times.
fn repeats(sums: &Sums, target: i64) -> bool {
    let mut payments = sums.list.iter().filter(|sum| matches!(sum.role, Role::Payment(_)));
    payments.all(|sum| sum.units == target)
}

/// The total with the rounding and the tip that are printed below it, unless a total below says so
/// itself.
fn owed(sums: &Sums, total: usize) -> i64 {
    let own = sums.list[total].units;
    let below = &sums.list[total + 1..];
    let next = below.iter().take_while(|sum| !matches!(sum.role, Role::Total));
    let steps = next.filter(|sum| matches!(sum.role, Role::Rounding | Role::Tip));
    let owed = steps.fold(own, |sum, step| sum.saturating_add(step.units));
    let told = below.iter().any(|sum| sum.role == Role::Total && sum.weight > 0);
    if told { own } else { owed }
}
