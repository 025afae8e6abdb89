//! What sold best, by category, and what hardly sells any more.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use pos_protocol::money::Amount;
use rust_decimal::Decimal;

use super::{Slow, Sold};
use crate::journal::{JournalError, Rows};
use crate::shop::items::{ItemDay, Seen};
use crate::shop::stock;

/// So many of what sold best.
const TOP: usize = 3;
/// So many of what hardly sells.
const SLOWEST: usize = 5;
/// The category of what the catalogue does not have.
pub(crate) const NO_CATEGORY: &str = "…";
/// Decimals that any currency's amounts are compared with.
const MOST_DIGITS: u8 = 4;
/// Days without a sale that make something slow, and after which it is no longer on the menu.
const SLOW_DAYS: std::ops::RangeInclusive<i64> = 7..=60;

/// Items of `shops` on the days from `from` to `to`, by name as printed.
pub(super) fn items(
    rows: &dyn Rows,
    shops: &[&str],
    from: Date,
    to: Date,
) -> Result<BTreeMap<String, ItemDay>, JournalError> {
    let mut all: BTreeMap<String, ItemDay> = BTreeMap::new();
    for shop in shops {
        for day in from.series(1.day()).take_while(|day| *day <= to) {
            for (name, item) in ItemDay::of_day(rows, shop, day)? {
                all.entry(name).or_default().merge(&item);
            }
        }
    }
    Ok(all)
}

/// The three that sold best.
pub(super) fn top(items: &BTreeMap<String, ItemDay>) -> Vec<Sold> {
    let mut sold = best(items);
    sold.retain(|sold| sold.quantity > Decimal::ZERO);
    sold.truncate(TOP);
    sold
}

/// What sold best in `shops` on these days, at most so much of it, the most first.
pub fn best_sellers(
    rows: &dyn Rows,
    shops: &[&str],
    from: Date,
    to: Date,
    most: usize,
) -> Result<Vec<Sold>, JournalError> {
    let mut sold = best(&items(rows, shops, from, to)?);
    sold.retain(|sold| sold.quantity > Decimal::ZERO);
    sold.truncate(most);
    Ok(sold)
}

/// By takings, then by number, the most first.
fn best(items: &BTreeMap<String, ItemDay>) -> Vec<Sold> {
    let mut sold: Vec<Sold> = items.iter().map(|(name, item)| sold(name, item)).collect();
    let worth = |sold: &Sold| sold.amount.rescale(MOST_DIGITS).map_or(0, Amount::minor);
    sold.sort_by_key(|sold| std::cmp::Reverse((worth(sold), sold.quantity)));
    sold
}

fn sold(name: &str, item: &ItemDay) -> Sold {
    Sold { name: name.to_owned(), quantity: item.quantity, amount: item.sum.amount }
}

/// What each category brought, the most first; nothing where the catalogue has none. What it does not
/// have is [`NO_CATEGORY`].
pub(super) fn categories(
    rows: &dyn Rows,
    shops: &[&str],
    items: &BTreeMap<String, ItemDay>,
) -> Result<Vec<Sold>, JournalError> {
    let mut all: BTreeMap<String, ItemDay> = BTreeMap::new();
    for (name, item) in items {
        let mut category = None;
        for shop in shops {
            let article = stock::named(rows, shop, name)?;
            category = category.or(article.and_then(|article| article.category));
        }
        all.entry(category.unwrap_or_else(|| NO_CATEGORY.to_owned())).or_default().merge(item);
    }
    if all.keys().all(|category| category == NO_CATEGORY) {
        return Ok(Vec::new());
    }
    let mut sold = best(&all);
    // What was sold and paid back whole is no line.
    sold.retain(|sold| !sold.quantity.is_zero() || !sold.amount.is_zero());
    Ok(sold)
}

/// What is left of each article that is counted, by its name: number and unit.
fn left(rows: &dyn Rows, shops: &[&str]) -> Result<BTreeMap<String, String>, JournalError> {
    let mut left: BTreeMap<String, (Decimal, String)> = BTreeMap::new();
    for shop in shops {
        // The pace of sales is not asked for: any time does.
        for shelf in stock::shelf(rows, shop, 0)?.0 {
            let Some(here) = shelf.left else { continue };
            let kept =
                left.entry(shelf.article.name).or_insert((Decimal::ZERO, shelf.article.unit));
            kept.0 = kept.0.checked_add(here).unwrap_or(kept.0);
        }
    }
    let shown = |(number, unit): (Decimal, String)| match unit.as_str() {
        "each" => number.normalize().to_string(),
        _ => format!("{} {unit}", number.normalize()),
    };
    Ok(left.into_iter().map(|(name, left)| (name, shown(left))).collect())
}

/// What was not sold for a week or more at the end of `to`, the longest first.
pub(super) fn slow(rows: &dyn Rows, shops: &[&str], to: Date) -> Result<Vec<Slow>, JournalError> {
    let mut last: BTreeMap<String, Date> = BTreeMap::new();
    for shop in shops {
        for (name, seen) in Seen::all(rows, shop)? {
            let day = last.entry(name).or_insert(seen.last);
            *day = seen.last.max(*day);
        }
    }
    let mut slow: Vec<Slow> = last
        .into_iter()
        .filter_map(|(name, last)| {
            let days = i64::from(last.until(to).ok()?.get_days());
            SLOW_DAYS.contains(&days).then_some(Slow { name, last, days, stock: None })
        })
        .collect();
    slow.sort_by(|one, other| (one.last, &one.name).cmp(&(other.last, &other.name)));
    slow.truncate(SLOWEST);
    let left = left(rows, shops)?;
    for slow in &mut slow {
        for shop in shops {
            let article = stock::named(rows, shop, &slow.name)?;
            let found = article.and_then(|article| left.get(&article.name).cloned());
            slow.stock = slow.stock.take().or(found);
        }
    }
    Ok(slow)
}
