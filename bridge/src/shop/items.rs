//! What was sold of each item: by business day, and when first and last.
//!
//! Items have the names that are printed; what they are is the catalogue's matter. They are forgotten
//! after 400 days.

use jiff::ToSpan;
use jiff::civil::Date;
use pos_protocol::event::Receipt;
use pos_protocol::money::Amount;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tally::{Counted, Sum, name, signed};
use crate::journal::{JournalError, Rows};

/// One row a business day and item name.
const ITEM: &str = "day_item";
/// One row an item name: when it was sold first and last.
const SEEN: &str = "item";

/// Days that items are kept: the same month of last year, whole.
const KEEP_ITEM_DAYS: i64 = 400;

/// What was sold of one item on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDay {
    /// How many, refunds taken off.
    pub quantity: Decimal,
    /// For how much.
    pub sum: Sum,
}

impl ItemDay {
    /// What was sold on a day, by name as printed.
    pub fn of_day(
        rows: &dyn Rows,
        shop: &str,
        day: Date,
    ) -> Result<Vec<(String, Self)>, JournalError> {
        let (from, to) = (format!("{day}\t"), format!("{day}\u{b}"));
        let found = rows.range(ITEM, shop, &from, &to)?;
        let items = found.into_iter().filter_map(|(key, body)| {
            let (_, name) = key.split_once('\t')?;
            Some((name.to_owned(), serde_json::from_str(&body).ok()?))
        });
        Ok(items.collect())
    }
}

impl ItemDay {
    /// Adds another day of the same item, or another shop's.
    pub fn merge(&mut self, other: &Self) {
        self.quantity = self.quantity.checked_add(other.quantity).unwrap_or(self.quantity);
        self.sum.merge(other.sum);
    }
}

/// When an item was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The first business day.
    pub(super) first: Date,
    /// The last one.
    pub(super) last: Date,
}

impl Seen {
    /// Every item that a shop sold in the last 400 days, by name as printed.
    pub(super) fn all(rows: &dyn Rows, shop: &str) -> Result<Vec<(String, Self)>, JournalError> {
        let found = rows.range(SEEN, shop, "", LAST_KEY)?;
        let seen = |(name, body): (String, String)| Some((name, serde_json::from_str(&body).ok()?));
        Ok(found.into_iter().filter_map(seen).collect())
    }
}

/// Behind every name.
const LAST_KEY: &str = "\u{10ffff}";

/// Forgets items of more than 400 days before `today`, a day that begins.
pub(super) fn forget(shop: &str, today: Date, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let Ok(oldest) = today.checked_sub(KEEP_ITEM_DAYS.days()) else { return Ok(()) };
    let old = rows.range(ITEM, shop, "", &oldest.to_string())?;
    for (key, _) in &old {
        rows.remove(ITEM, shop, key)?;
        let Some((_, name)) = key.split_once('\t') else { continue };
        let seen: Option<Seen> = rows.load(SEEN, shop, name)?;
        if seen.is_some_and(|seen| seen.last < oldest) {
            rows.remove(SEEN, shop, name)?;
        }
    }
    Ok(())
}

/// Counts the goods of a receipt; `sign` is 1 where they count and -1 where they are taken back.
pub(super) fn keep(
    counted: &Counted<'_>,
    receipt: &Receipt,
    sign: i64,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    for item in &receipt.items {
        let key = format!("{}\t{}", counted.at.day, name(&item.name));
        let mut kept: ItemDay = rows.load(ITEM, counted.shop, &key)?.unwrap_or_default();
        // A refund's lines have negative amounts; a quantity may be printed either way.
        let back = item.amount.is_some_and(Amount::is_negative);
        let quantity = item.quantity.unwrap_or(Decimal::ONE).abs();
        let quantity = if back { -quantity } else { quantity } * Decimal::from(sign);
        kept.quantity = kept.quantity.checked_add(quantity).unwrap_or(kept.quantity);
        kept.sum.add(sign, signed(item.amount, sign));
        rows.save(ITEM, counted.shop, &key, &kept)?;
        let (day, own) = (counted.at.day, name(&item.name));
        let seen: Option<Seen> = rows.load(SEEN, counted.shop, &own)?;
        if !back && seen.is_none_or(|seen| seen.last < day) {
            let first = seen.map_or(day, |seen| seen.first);
            rows.save(SEEN, counted.shop, &own, &Seen { first, last: day })?;
        }
    }
    Ok(())
}
