//! Levels: the newest count of an article, and what moved after it.
//!
//! It knows no events. Whatever the order in which counts and movements are entered, the same ones
//! make the same rows.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{DAY_MS, KEEP_DAYS};
use crate::journal::{JournalError, MAX_RANGE, Rows};

/// One row an article.
const LEVEL: &str = "stock_level";
/// One row an article and millisecond in which it moved.
const MOVE: &str = "stock_move";

/// A count, in the order in which one takes the place of another: the later moment first, then what
/// was entered later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Base {
    pub(super) at_ms: i64,
    pub(super) entered_ms: i64,
    pub(super) event: String,
    pub(super) quantity: Decimal,
}

/// How much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Level {
    /// The count that it rests on; none where nobody has counted yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base: Option<Base>,
    /// The count and what moved after it.
    pub(super) quantity: Decimal,
    /// The newest day that something moved on, days of UTC: when it changes old rows are forgotten.
    newest_day: i64,
}

impl Level {
    /// How much there is, where somebody has counted.
    pub(super) fn known(&self) -> Option<Decimal> {
        self.base.as_ref().map(|_| self.quantity)
    }

    /// Before this, movements are not known one by one any more.
    fn forgotten_ms(&self) -> i64 {
        (self.newest_day - KEEP_DAYS) * DAY_MS
    }
}

/// What moved in one millisecond. What came in is kept apart: it says nothing about the pace of sales.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Moved {
    /// Sold, what came back taken off.
    #[serde(skip_serializing_if = "Decimal::is_zero")]
    pub(super) sold: Decimal,
    /// Received.
    #[serde(skip_serializing_if = "Decimal::is_zero")]
    pub(super) received: Decimal,
}

impl Moved {
    fn change(self) -> Decimal {
        self.received.checked_sub(self.sold).unwrap_or_default()
    }
}

/// The article's level; an empty one where nothing is known.
pub(super) fn level(rows: &dyn Rows, shop: &str, key: &str) -> Result<Level, JournalError> {
    Ok(rows.load(LEVEL, shop, key)?.unwrap_or_default())
}

/// Something moved at `at_ms`; whether the level is another one now.
pub(super) fn add(
    rows: &mut dyn Rows,
    shop: &str,
    key: &str,
    at_ms: i64,
    moved: Moved,
) -> Result<bool, JournalError> {
    let mut level = level(rows, shop, key)?;
    grow_older(rows, shop, key, &mut level, at_ms)?;
    if at_ms < level.forgotten_ms() {
        return Ok(false);
    }
    let place = place(key, at_ms);
    let before: Moved = rows.load(MOVE, shop, &place)?.unwrap_or_default();
    let sum = Moved {
        sold: sum(before.sold, moved.sold),
        received: sum(before.received, moved.received),
    };
    if sum == Moved::default() {
        rows.remove(MOVE, shop, &place)?;
    } else {
        rows.save(MOVE, shop, &place, &sum)?;
    }
    let counts = level.base.as_ref().is_none_or(|base| at_ms > base.at_ms);
    if counts {
        level.quantity = self::sum(level.quantity, moved.change());
    }
    rows.save(LEVEL, shop, key, &level)?;
    Ok(counts && level.base.is_some())
}

/// So much was there at `base.at_ms`; whether the level rests on it now.
pub(super) fn count(
    rows: &mut dyn Rows,
    shop: &str,
    key: &str,
    base: Base,
) -> Result<bool, JournalError> {
    let mut level = level(rows, shop, key)?;
    grow_older(rows, shop, key, &mut level, base.at_ms)?;
    let older = level.base.as_ref().is_some_and(|known| *known >= base);
    if older || base.at_ms < level.forgotten_ms() {
        rows.save(LEVEL, shop, key, &level)?;
        return Ok(false);
    }
    let changes = moves(rows, shop, key, base.at_ms + 1, i64::MAX)?;
    let after = changes.into_iter().fold(Decimal::ZERO, |all, (_, one)| sum(all, one.change()));
    level.quantity = sum(base.quantity, after);
    level.base = Some(base);
    rows.save(LEVEL, shop, key, &level)?;
    Ok(true)
}

/// What moved with `from_ms <= time < to_ms`, in order.
pub(super) fn moves(
    rows: &dyn Rows,
    shop: &str,
    key: &str,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<(i64, Moved)>, JournalError> {
    let (mut from, to) = (place(key, from_ms), place(key, to_ms));
    let mut all = Vec::new();
    loop {
        let page = rows.range(MOVE, shop, &from, &to)?;
        let last = page.last().map(|(place, _)| format!("{place}\u{0}"));
        let full = page.len() >= MAX_RANGE;
        all.extend(page.into_iter().filter_map(|(place, body)| {
            let (_, at_ms) = place.rsplit_once('\t')?;
            Some((at_ms.parse().ok()?, serde_json::from_str(&body).ok()?))
        }));
        match last.filter(|_| full) {
            Some(next) => from = next,
            None => return Ok(all),
        }
    }
}

/// Forgets an article and all that moved.
pub(super) fn forget(rows: &mut dyn Rows, shop: &str, key: &str) -> Result<(), JournalError> {
    rows.remove(LEVEL, shop, key)?;
    for (at_ms, _) in moves(rows, shop, key, 0, i64::MAX)? {
        rows.remove(MOVE, shop, &place(key, at_ms))?;
    }
    Ok(())
}

/// Forgets what is too old to matter when a new day begins.
fn grow_older(
    rows: &mut dyn Rows,
    shop: &str,
    key: &str,
    level: &mut Level,
    at_ms: i64,
) -> Result<(), JournalError> {
    let day = at_ms.div_euclid(DAY_MS);
    if day <= level.newest_day {
        return Ok(());
    }
    level.newest_day = day;
    for (old, _) in moves(rows, shop, key, 0, level.forgotten_ms())? {
        rows.remove(MOVE, shop, &place(key, old))?;
    }
    Ok(())
}

/// A row's key: it sorts by time.
fn place(key: &str, at_ms: i64) -> String {
    // Thirteen digits last until the year 2286.
    format!("{key}\t{:013}", at_ms.clamp(0, 9_999_999_999_999))
}

/// The sum, in its shortest form: the same sum is always the same text. One beyond what 96 bits
/// hold stays where it is.
fn sum(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(a).normalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{Base, Moved, add, count, level, moves};
    use crate::journal::Memory;
    use crate::shop::stock::{DAY_MS, KEEP_DAYS};

    /// The first of the days that the tests are about.
    const FROM_MS: i64 = 20_000 * DAY_MS;

    #[derive(Clone, Debug)]
    enum Step {
        Sold(i64, Decimal),
        Received(i64, Decimal),
        Counted(i64, i64, Decimal),
    }

    fn done(rows: &mut Memory, step: &Step, number: usize) {
        let moved = |rows: &mut Memory, at, moved| add(rows, "", "tea", at, moved).expect("memory");
        match step.clone() {
            Step::Sold(at, sold) => moved(rows, at, Moved { sold, ..Moved::default() }),
            Step::Received(at, received) => moved(rows, at, Moved { received, ..Moved::default() }),
            Step::Counted(at_ms, entered_ms, quantity) => {
                let event = number.to_string();
                count(rows, "", "tea", Base { at_ms, entered_ms, event, quantity }).expect("memory")
            }
        };
    }

    /// The newest count and everything after it, counted by hand.
    fn naive(steps: &[Step]) -> Option<Decimal> {
        let counts = steps.iter().enumerate().filter_map(|(number, step)| match step {
            Step::Counted(at, entered, quantity) => {
                Some((*at, *entered, number.to_string(), *quantity))
            }
            _ => None,
        });
        let (from, _, _, start) = counts.max()?;
        let change = |step: &Step| match step {
            Step::Sold(at, sold) if *at > from => -*sold,
            Step::Received(at, received) if *at > from => *received,
            _ => Decimal::ZERO,
        };
        Some(steps.iter().map(change).sum::<Decimal>() + start)
    }

    fn step() -> impl Strategy<Value = Step> {
        let at = || (0..40_i64).prop_map(|at| FROM_MS + at * DAY_MS / 4);
        let quantity = || (-500..5_000_i64, 0..4_u32).prop_map(|(n, scale)| Decimal::new(n, scale));
        prop_oneof![
            4 => (at(), quantity()).prop_map(|(at, sold)| Step::Sold(at, sold)),
            1 => (at(), quantity()).prop_map(|(at, in_)| Step::Received(at, in_)),
            1 => (at(), at(), quantity()).prop_map(|(at, by, n)| Step::Counted(at, by, n)),
        ]
    }

    proptest! {
        #[test]
        fn any_order_of_the_same_steps_makes_the_same_rows_and_the_level_counted_by_hand(
            (steps, shuffled) in prop::collection::vec(step(), 0..40).prop_flat_map(|steps| {
                let numbered: Vec<_> = steps.iter().cloned().enumerate().collect();
                (Just(steps), Just(numbered).prop_shuffle())
            }),
        ) {
            let (mut one, mut other) = (Memory::default(), Memory::default());
            for (number, step) in steps.iter().enumerate() {
                done(&mut one, step, number);
            }
            for (number, step) in &shuffled {
                done(&mut other, step, *number);
            }
            prop_assert_eq!(one.dump(), other.dump());
            let known = level(&one, "", "tea").expect("memory").known();
            prop_assert_eq!(known, naive(&steps));
        }
    }

    #[test]
    fn a_sale_before_the_count_is_in_it_and_one_after_it_is_not() {
        let mut rows = Memory::default();
        let ten = Decimal::TEN;
        let sold = |at| Step::Sold(FROM_MS + at, Decimal::ONE);
        for (number, step) in
            [sold(5), sold(10), sold(11), Step::Counted(FROM_MS + 10, FROM_MS + 20, ten), sold(9)]
                .iter()
                .enumerate()
        {
            done(&mut rows, step, number);
        }
        assert_eq!(level(&rows, "", "tea").expect("memory").known(), Some(ten - Decimal::ONE));
    }

    #[test]
    fn what_is_older_than_any_count_may_be_is_forgotten_and_the_level_stays() {
        let mut rows = Memory::default();
        let steps = [
            Step::Counted(FROM_MS, FROM_MS, Decimal::TEN),
            Step::Sold(FROM_MS + 1, Decimal::ONE),
            Step::Sold(FROM_MS + (KEEP_DAYS + 1) * DAY_MS, Decimal::ONE),
            Step::Counted(FROM_MS + 2, FROM_MS + 3, Decimal::ZERO),
        ];
        for (number, step) in steps.iter().enumerate() {
            done(&mut rows, step, number);
        }
        assert_eq!(level(&rows, "", "tea").expect("memory").known(), Some(Decimal::from(8)));
        assert_eq!(moves(&rows, "", "tea", 0, i64::MAX).expect("memory").len(), 1);
    }
}
