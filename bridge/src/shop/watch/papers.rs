//! One receipt by itself, beside the one that it takes back, and beside the opening hours.
//!
//! Amounts of another currency than the shop's are compared with nothing.

use jiff::civil::Time;
use pos_protocol::event::{Kind, Receipt};
use pos_protocol::money::Amount;

use super::exception::{Exception, Oddity};
use super::watched::{Watched, seconds_since};
use crate::config::Hours;
use crate::journal::{JournalError, Rows};
use crate::shop::receipts::{Known, Receipts, Standing};
use crate::shop::schedule::Doors;

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

pub(super) fn look(watched: &Watched<'_>, rows: &dyn Rows) -> Result<Vec<Exception>, JournalError> {
    let Some(receipt) = &watched.event.receipt else { return Ok(Vec::new()) };
    let mut found = match watched.event.kind {
        Kind::Refund => refund(watched, receipt, rows)?,
        Kind::Void => void(watched, receipt),
        Kind::Sale => sale(watched, receipt),
        _ => return Ok(Vec::new()),
    };
    found.extend(outside_hours(watched));
    Ok(found)
}

fn is_own(watched: &Watched<'_>, receipt: &Receipt) -> bool {
    receipt.currency.as_deref().is_none_or(|currency| currency == watched.own)
}

fn refund(
    watched: &Watched<'_>,
    receipt: &Receipt,
    rows: &dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let mut found = Vec::new();
    let limits = watched.limits;
    let paid = receipt.total.and_then(positive);
    if let Some((limit, paid)) = limits.refund_over.zip(paid)
        && paid > limit
        && is_own(watched, receipt)
    {
        found.push(watched.found(Oddity::RefundOver { limit }));
    }
    let Some(sale) = original(watched, receipt, rows)? else {
        if limits.refund_without_original {
            found.push(watched.found(Oddity::RefundWithoutOriginal));
        }
        return Ok(found);
    };
    let seconds = seconds_since(&sale.at, watched.at.local);
    let within = limits.refund_soon.zip(seconds).filter(|(limit, seconds)| {
        let limit = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
        (0..=limit).contains(seconds)
    });
    let who_sold = receipt.cashier.is_some() && receipt.cashier == sale.cashier;
    if let Some((_, seconds)) = within
        && who_sold
    {
        let original = receipt.original_number.clone().unwrap_or_default();
        found.push(watched.found(Oddity::RefundSoon { original, minutes: seconds / 60 }));
    }
    Ok(found)
}

/// The sale that a refund names: at its own till, or at another of the shop.
fn original(
    watched: &Watched<'_>,
    receipt: &Receipt,
    rows: &dyn Rows,
) -> Result<Option<Known>, JournalError> {
    if let Standing::Of(known) = watched.standing {
        return Ok(Some(known.clone()));
    }
    let Some(number) = &receipt.original_number else { return Ok(None) };
    let others = watched.tills.iter().filter(|till| **till != watched.event.source);
    for till in others {
        if let Some(known) = Receipts::new(watched.shop).find(till, number, rows)? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

fn void(watched: &Watched<'_>, receipt: &Receipt) -> Vec<Exception> {
    let taken_back = matches!(watched.standing, Standing::Of(_));
    let paid = taken_back || !receipt.payments.is_empty();
    let told = paid && watched.limits.void_after_tender;
    told.then(|| watched.found(Oddity::VoidAfterTender)).into_iter().collect()
}

fn sale(watched: &Watched<'_>, receipt: &Receipt) -> Vec<Exception> {
    if let Some((limit, percent)) = watched.limits.discount_over.zip(percent_off(receipt))
        && percent > limit
    {
        // What it comes to follows from that: one word is enough.
        return vec![watched.found(Oddity::DiscountOver { percent, limit })];
    }
    let nothing = receipt.total.is_some_and(|total| total.is_negative() || total.is_zero());
    let told = nothing && watched.limits.zero_total;
    told.then(|| watched.found(Oddity::ZeroTotal)).into_iter().collect()
}

/// Whole per cent that the discounts take off what the goods cost before them, rounded up: 50.1 % is
/// more than 50.
fn percent_off(receipt: &Receipt) -> Option<u32> {
    let off = receipt.discounts.iter().map(|discount| discount.amount);
    let mut off = off.filter(|amount| amount.is_negative());
    let off = positive(off.try_fold(Amount::zero(0), Amount::checked_add)?)?;
    let goods = receipt.items.iter().filter_map(|item| item.amount);
    let mut goods = goods.filter(|amount| !amount.is_negative());
    let goods = goods.try_fold(Amount::zero(0), Amount::checked_add)?;
    let before = receipt.total.and_then(|total| total.checked_add(off))?;
    // Either may lack something: goods that could not be read, a service charge in the total. The
    // larger one accuses less.
    let before = goods.max(before);
    let digits = off.digits().max(before.digits());
    let (off, before) = (off.rescale(digits)?.minor(), before.rescale(digits)?.minor());
    if off == 0 || before <= 0 {
        return None;
    }
    let percent = (i128::from(off) * 100 + i128::from(before) - 1) / i128::from(before);
    u32::try_from(percent).ok()
}

/// Without its sign.
fn positive(amount: Amount) -> Option<Amount> {
    if amount.is_negative() { amount.checked_neg() } else { Some(amount) }
}

/// Once a till and a night: who sells after hours sells more than once.
fn outside_hours(watched: &Watched<'_>) -> Option<Exception> {
    let grace = watched.limits.outside_hours?;
    let grace = i64::try_from(grace.as_secs() / 60).ok()?;
    let (hours, side) = match watched.doors {
        Doors::Unsaid => return None,
        Doors::Closed => (String::new(), "closed"),
        Doors::Open(hours) => {
            let early = outside(hours, watched.at.local.time(), grace)?;
            let clock = |time: Time| time.strftime("%H:%M").to_string();
            let open = format!("{}-{}", clock(hours.from), clock(hours.to));
            (open, if early { "before" } else { "after" })
        }
    };
    let once = format!("{}/{}/{side}", watched.event.source, watched.at.day);
    Some(watched.found_once(Oddity::OutsideHours { hours }, once))
}

/// Whether `time` is more than `grace` minutes off the hours, and then whether it is nearer to the
/// opening that follows than to the closing before.
fn outside(hours: Hours, time: Time, grace: i64) -> Option<bool> {
    if hours.contains(time) {
        return None;
    }
    let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
    let since = (minutes(time) - minutes(hours.to)).rem_euclid(DAY_MINUTES);
    let until = (minutes(hours.from) - minutes(time)).rem_euclid(DAY_MINUTES);
    // The minute of closing is over once it has passed whole.
    (since >= grace && until > grace).then_some(until < since)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;
    use pos_protocol::event::Receipt;
    use serde_json::json;

    use super::{outside, percent_off};
    use crate::config::Hours;

    fn time(text: &str) -> Time {
        format!("{text}:00").parse().expect("a time")
    }

    #[test]
    fn a_receipt_is_outside_hours_only_beyond_the_grace_on_either_side() {
        for (hours, at, expected) in [
            (("11:00", "22:30"), "22:59", None),
            (("11:00", "22:30"), "23:00", Some(false)),
            (("11:00", "22:30"), "02:00", Some(false)),
            (("11:00", "22:30"), "10:30", None),
            (("11:00", "22:30"), "10:29", Some(true)),
            (("11:00", "22:30"), "12:00", None),
            (("18:00", "03:00"), "01:00", None),
            (("18:00", "03:00"), "03:29", None),
            (("18:00", "03:00"), "04:00", Some(false)),
            (("18:00", "03:00"), "17:00", Some(true)),
            (("00:00", "00:00"), "04:00", None),
        ] {
            let open = Hours { from: time(hours.0), to: time(hours.1) };
            assert_eq!(outside(open, time(at), 30), expected, "{hours:?} {at}");
        }
    }

    #[test]
    fn a_reduction_is_measured_by_what_the_goods_cost_before_it() {
        let of = |total: &str, off: &[&str], goods: &[&str]| {
            let discounts: Vec<_> = off.iter().map(|off| json!({"amount": off})).collect();
            let items: Vec<_> = goods.iter().map(|a| json!({"name": "x", "amount": a})).collect();
            let receipt = json!({"total": total, "discounts": discounts, "items": items});
            percent_off(&serde_json::from_value::<Receipt>(receipt).expect("a receipt"))
        };
        assert_eq!(of("50.00", &["-50.00"], &["100.00"]), Some(50));
        assert_eq!(of("49.90", &["-50.10"], &["100.00"]), Some(51), "rounded up");
        assert_eq!(of("55.00", &["-50.00"], &["60.00", "40.00"]), Some(48), "a service charge");
        assert_eq!(of("70.00", &["-10.00", "-20.00"], &[]), Some(30));
        assert_eq!(of("0.00", &["-36.00"], &["36.00"]), Some(100));
        assert_eq!(of("36.00", &[], &["36.00"]), None);
    }
}
