//! When something will be gone at the pace of the last hours.
//!
//! A pace needs several sales, and says nothing beyond the next hours: tomorrow sells otherwise.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::level::Moved;

/// Sales of so long ago still say how it goes now, in milliseconds.
pub(super) const WINDOW_MS: i64 = 3 * 3_600_000;
/// A shorter time than this is no pace: a party of ten is not ten parties.
const MIN_SPAN_MS: i64 = 30 * 60_000;
/// Fewest sales that are a pace.
const MIN_SALES: usize = 3;
/// Furthest that is told.
const MAX_AHEAD_MS: i64 = 12 * 3_600_000;
/// Told to ten minutes: nobody believes more.
const ROUND_MS: i64 = 10 * 60_000;

/// Wall time at which `left` will be gone; `moves` are those of the last [`WINDOW_MS`].
pub(super) fn gone_at_ms(left: Decimal, moves: &[(i64, Moved)], now_ms: i64) -> Option<i64> {
    let sold = moves.iter().filter(|(_, moved)| !moved.sold.is_zero());
    let first = sold.clone().map(|(at, _)| *at).min()?;
    if sold.clone().count() < MIN_SALES || left <= Decimal::ZERO {
        return None;
    }
    let sum: Decimal = sold
        .map(|(_, moved)| moved.sold)
        .try_fold(Decimal::ZERO, Decimal::checked_add)
        .filter(|sum| *sum > Decimal::ZERO)?;
    let span_ms = Decimal::from((now_ms - first).max(MIN_SPAN_MS));
    let ahead_ms = left.checked_mul(span_ms)?.checked_div(sum)?.to_i64()?;
    let gone_ms = now_ms.checked_add(ahead_ms)?;
    let round_ms = (gone_ms + ROUND_MS / 2).div_euclid(ROUND_MS) * ROUND_MS;
    (ahead_ms <= MAX_AHEAD_MS).then_some(round_ms.max(now_ms))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{MAX_AHEAD_MS, Moved, WINDOW_MS, gone_at_ms};

    const NOW_MS: i64 = 1_795_240_800_000;
    const MINUTE_MS: i64 = 60_000;

    /// One sold every `minutes` during the last three hours.
    fn every(minutes: i64) -> Vec<(i64, Moved)> {
        let sold = Moved { sold: Decimal::ONE, ..Moved::default() };
        let times = (1..=WINDOW_MS / (minutes * MINUTE_MS)).map(|n| n * minutes * MINUTE_MS);
        times.map(|ago| (NOW_MS - ago, sold)).collect()
    }

    #[test]
    fn what_sells_six_an_hour_is_gone_after_an_hour_with_six_left() {
        let gone = gone_at_ms(Decimal::from(6), &every(10), NOW_MS).expect("a pace");
        assert_eq!((gone - NOW_MS) / MINUTE_MS, 60);
    }

    #[test]
    fn too_few_sales_a_long_time_and_nothing_left_say_nothing() {
        let six = Decimal::from(6);
        assert_eq!(gone_at_ms(six, &every(90), NOW_MS), None, "two sales");
        let beyond = MAX_AHEAD_MS / (10 * MINUTE_MS) + 2;
        assert_eq!(gone_at_ms(Decimal::from(beyond), &every(10), NOW_MS), None, "tomorrow");
        assert_eq!(gone_at_ms(Decimal::ZERO, &every(10), NOW_MS), None);
        let delivered = Moved { received: six, ..Moved::default() };
        let deliveries: Vec<_> = (1..9).map(|n| (NOW_MS - n * MINUTE_MS, delivered)).collect();
        assert_eq!(gone_at_ms(six, &deliveries, NOW_MS), None, "deliveries are no sales");
    }

    #[test]
    fn more_stock_never_lasts_shorter() {
        let moves = every(7);
        let gone = |left: i64| gone_at_ms(Decimal::from(left), &moves, NOW_MS).expect("a pace");
        assert!((1..80).collect::<Vec<_>>().is_sorted_by_key(|left| gone(*left)));
    }
}
