//! When somebody is told that something runs out: once on the way down to the threshold, once on the
//! way down to nothing.
//!
//! A level that wavers around its threshold is told once: only a person's entry, or a level well
//! above the threshold, makes it worth telling again. It is the only row that depends on the order
//! in which things became known, as what was told does.

use jiff::civil::Time;
use pos_protocol::event::Article;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::journal::{JournalError, Rows};

/// How bad it is, as far as it was told. One row an article that is not well.
const STATE: &str = "stock_state";

/// Sales and refunds make an alert worth repeating only this far above the threshold, in per cent of
/// it: a refund or two is no delivery.
const WELL_ABOVE_PERCENT: i64 = 120;

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// There is enough, or nobody said what is enough.
    #[default]
    Ok,
    /// At the threshold or below.
    Low,
    /// Nothing left.
    Out,
}

impl Severity {
    /// How bad `level` is for an article with this threshold.
    pub(super) fn of(level: Decimal, threshold: Option<Decimal>) -> Self {
        if level <= Decimal::ZERO {
            Self::Out
        } else if threshold.is_some_and(|threshold| level <= threshold) {
            Self::Low
        } else {
            Self::Ok
        }
    }

    /// The word in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Low => "low",
            Self::Out => "out",
        }
    }
}

/// Something runs out or has run out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StockAlert {
    /// The shop, where the bridge has several.
    pub shop: String,
    /// The event that brought the level there.
    pub event: String,
    /// The article, as the catalogue names it.
    pub article: String,
    /// Low or out.
    pub severity: Severity,
    /// How much is left; below zero where more was sold than anybody had counted.
    pub left: Decimal,
    /// What it is counted in.
    pub unit: String,
    /// From there down it is low.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Decimal>,
    /// When it will be gone at this pace, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Time>,
    /// Where it is ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Who is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// When, wall time in milliseconds.
    pub at_ms: i64,
}

impl StockAlert {
    /// One event brings one article down once.
    pub fn key(&self) -> String {
        format!("stock_{}@{}@{}", self.severity.as_str(), self.event, self.article)
    }
}

/// Who changed a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A sale, a refund, a void.
    Till,
    /// Somebody who looked.
    Person,
}

/// Remembers how bad it is now, and says so where that is worse than what was told before.
pub(super) fn cross(
    rows: &mut dyn Rows,
    shop: &str,
    key: &str,
    article: &Article,
    level: Decimal,
    by: By,
) -> Result<Option<Severity>, JournalError> {
    let before: Severity = rows.load(STATE, shop, key)?.unwrap_or_default();
    let now = Severity::of(level, article.threshold);
    let after = next(before, now, level, article.threshold, by);
    if after == Severity::Ok {
        rows.remove(STATE, shop, key)?;
    } else if after != before {
        rows.save(STATE, shop, key, &after)?;
    }
    Ok((after > before).then_some(after))
}

/// Forgets what was told of an article.
pub(super) fn forget(rows: &mut dyn Rows, shop: &str, key: &str) -> Result<(), JournalError> {
    rows.remove(STATE, shop, key)
}

fn next(
    before: Severity,
    now: Severity,
    level: Decimal,
    threshold: Option<Decimal>,
    by: By,
) -> Severity {
    if now >= before || by == By::Person {
        return now;
    }
    let bar =
        threshold.and_then(|threshold| threshold.checked_mul(Decimal::new(WELL_ABOVE_PERCENT, 2)));
    let well = now == Severity::Ok && bar.is_some_and(|bar| level > bar);
    if well { Severity::Ok } else { before }
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Article;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{By, Severity, cross};
    use crate::journal::Memory;

    /// What is told while the level goes through `levels`, with a threshold of ten.
    fn told(levels: &[(i64, By)]) -> Vec<Severity> {
        let mut rows = Memory::default();
        let article = Article { threshold: Some(Decimal::TEN), ..Article::default() };
        let told = levels.iter().filter_map(|(level, by)| {
            cross(&mut rows, "", "tea", &article, Decimal::from(*level), *by).expect("memory")
        });
        told.collect()
    }

    fn by_till(levels: &[i64]) -> Vec<Severity> {
        told(&levels.iter().map(|level| (*level, By::Till)).collect::<Vec<_>>())
    }

    #[test]
    fn each_crossing_is_told_once() {
        use Severity::{Low, Out};
        assert_eq!(by_till(&[12, 11, 10, 9, 1, 0, -1, -2]), [Low, Out]);
        assert_eq!(by_till(&[12, 0]), [Out], "both at once");
    }

    #[test]
    fn a_level_that_wavers_is_not_told_again_and_one_that_recovered_is() {
        use Severity::{Low, Out};
        assert_eq!(by_till(&[10, 11, 10, 12, 9]), [Low], "refunds around the threshold");
        assert_eq!(by_till(&[10, 13, 10]), [Low, Low], "well above it in between");
        assert_eq!(by_till(&[10, 0, 1, 0]), [Low, Out], "one came back");
        let received = [(0, By::Till), (5, By::Person), (0, By::Till)];
        assert_eq!(told(&received), [Out, Out], "a delivery that sold out again");
        let counted = [(12, By::Till), (9, By::Person), (8, By::Till), (11, By::Person)];
        assert_eq!(told(&counted), [Low], "a count tells too");
    }

    proptest! {
        #[test]
        fn going_down_tells_low_and_out_once_at_most(
            mut levels in prop::collection::vec(-20..40_i64, 0..30),
        ) {
            levels.sort_unstable_by(|a, b| b.cmp(a));
            let told = by_till(&levels);
            prop_assert!(told.len() <= 2 && told.is_sorted());
            let lowest = levels.last().map(|level| Severity::of((*level).into(), Some(Decimal::TEN)));
            let worst = told.last().copied().unwrap_or_default();
            prop_assert_eq!(worst, lowest.unwrap_or_default());
        }
    }
}
