//! How many messages a day and a month there will be, before the first one is sent. Pure.
//!
//! It is a forecast for somebody who ticks boxes: of what is rare it assumes what ordinary shops see.

use pos_protocol::event::Kind;

use crate::config::Sales;
use crate::deliver::ORDINARY_SENDS;
use crate::shop::{FindingKind, urgent};

/// Days of a month.
const DAYS: u64 = 30;
/// Hours in which most of a day's sales are made.
const TRADING_HOURS: u64 = 11;
/// How much busier the busiest minute is than the mean one.
const RUSH: u64 = 6;
/// A digest every quarter of an hour.
const DIGESTS_AN_HOUR: u64 = 4;
/// Share of the month that ordinary messages may use, in percent: the rest is kept for urgent ones
/// and for calls that have to be made again.
const ORDINARY_PERCENT: u64 = 80;

/// What is to be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Messages a day.
    pub day: u64,
    /// Messages a month.
    pub month: u64,
    /// Messages in the busiest minute.
    pub minute: u64,
    /// Whether they fit the month's calls.
    pub fits: bool,
}

/// Events of a kind for a thousand sales.
fn per_thousand(kind: Kind) -> u64 {
    match kind {
        Kind::Sale | Kind::KitchenOrder => 1_000,
        Kind::CardSlip | Kind::Bill => 500,
        Kind::DrawerOpened => 200,
        Kind::TopUp | Kind::Document | Kind::Reprint | Kind::NoSale => 20,
        Kind::Refund | Kind::Void | Kind::DrawerLeftOpen | Kind::TableMove => 10,
        _ => 5,
    }
}

/// Findings in ten days.
fn in_ten_days(kind: FindingKind) -> u64 {
    match kind {
        FindingKind::DailySummary | FindingKind::Reconciliation => 10,
        FindingKind::LowStock | FindingKind::Exception => 20,
        FindingKind::WeeklySummary => 2,
        _ => 1,
    }
}

/// What so many sales a day bring, told in this way, out of `quota` calls a month.
pub fn forecast(
    sales_a_day: u64,
    (kinds, findings): (&[Kind], &[FindingKind]),
    sales: Sales,
    quota: u32,
) -> Forecast {
    let events = |urgently: bool| -> u64 {
        let those = kinds.iter().filter(|kind| urgent(**kind) == urgently);
        let sum: u64 = those.map(|kind| per_thousand(*kind)).sum();
        (sales_a_day * sum).div_ceil(1_000)
    };
    let found: u64 = findings.iter().map(|kind| in_ten_days(*kind)).sum();
    let urgent = events(true) + found.div_ceil(10);
    let ordinary = events(false);
    let quota = u64::from(quota);
    let afford = (quota * ORDINARY_PERCENT / 100 / DAYS).saturating_sub(urgent).max(1);
    let digests = (DIGESTS_AN_HOUR * TRADING_HOURS).min(afford);
    let told = match sales {
        Sales::Each => ordinary,
        Sales::Digest => ordinary.min(digests),
        Sales::Auto => ordinary.min(afford),
    };
    let day = urgent + told;
    let rush = (told * RUSH).div_ceil(TRADING_HOURS * 60).min(ORDINARY_SENDS as u64);
    let minute = rush + u64::from(urgent > 0);
    Forecast { day, month: day * DAYS, minute, fits: day * DAYS <= quota }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::forecast;
    use crate::config::{DEFAULT_FINDINGS, DEFAULT_NOTICES, Sales};

    #[test]
    fn a_busy_shop_that_wants_a_message_per_sale_is_told_that_it_will_not_do() {
        let of = |day, sales| forecast(day, (&DEFAULT_NOTICES, &DEFAULT_FINDINGS), sales, 3_000);
        assert!(of(40, Sales::Each).fits);
        assert!(!of(300, Sales::Each).fits);
        assert!(of(300, Sales::Auto).fits && of(300, Sales::Digest).fits);
        assert!(of(300, Sales::Digest).day < of(300, Sales::Each).day);
    }

    proptest! {
        #[test]
        fn automatic_sales_fit_wherever_urgent_ones_leave_room_and_no_minute_is_too_full(
            sales in 0_u64..5_000, kinds in prop::sample::subsequence(DEFAULT_NOTICES.to_vec(), 0..=7),
        ) {
            for how in [Sales::Auto, Sales::Digest, Sales::Each] {
                let found = forecast(sales, (&kinds, &[]), how, 3_000);
                prop_assert!(found.minute <= 18);
                let none = forecast(0, (&kinds, &[]), how, 3_000);
                prop_assert_eq!(none.day, 0);
            }
            let auto = forecast(sales, (&kinds, &[]), Sales::Auto, 3_000);
            let each = forecast(sales, (&kinds, &[]), Sales::Each, 3_000);
            prop_assert!(auto.day <= each.day);
        }
    }
}
