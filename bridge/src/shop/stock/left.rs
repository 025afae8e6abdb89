//! How much was left after a sale: what a message about it can show beside each line.
//!
//! It is worked out from the books when it is asked for, so nothing of it is kept, and a count that
//! is entered later makes it right.

use pos_protocol::event::{Event, Kind};
use rust_decimal::Decimal;

use super::books::{self, Amounts};
use super::{accept, at_ms, level};
use crate::journal::{JournalError, Rows};
use crate::shop::catalogue::Unit;

/// How much of something is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How much; of what is made to order, how many can still be made.
    pub quantity: Decimal,
    /// What it is counted in.
    pub unit: Unit,
}

/// For each line of a sale, what was left of it; nothing for what nobody counts.
pub fn left(rows: &dyn Rows, shop: &str, event: &Event) -> Result<Vec<Option<Left>>, JournalError> {
    let (Kind::Sale, Some(receipt)) = (event.kind, &event.receipt) else { return Ok(Vec::new()) };
    let Some(at_ms) = at_ms(&event.observed_at) else { return Ok(Vec::new()) };
    receipt.items.iter().map(|item| of_name(rows, shop, &item.name, at_ms)).collect()
}

fn of_name(
    rows: &dyn Rows,
    shop: &str,
    name: &str,
    at_ms: i64,
) -> Result<Option<Left>, JournalError> {
    let Some(key) = books::key_of(rows, shop, name)? else { return Ok(None) };
    let Some(article) = books::article(rows, shop, &key)? else { return Ok(None) };
    let quantity = enough_for(rows, shop, &key, |part| at(rows, shop, part, at_ms))?;
    Ok(quantity.map(|quantity| Left { quantity, unit: accept::unit(&article) }))
}

/// How much of an article there is, going by the level of each part that it takes: of what is made to
/// order the whole ones that the scarcest part is enough for.
pub(super) fn enough_for(
    rows: &dyn Rows,
    shop: &str,
    key: &str,
    level_of: impl Fn(&str) -> Result<Option<Decimal>, JournalError>,
) -> Result<Option<Decimal>, JournalError> {
    let mut parts = Amounts::new();
    books::expand(rows, shop, key, Decimal::ONE, &mut parts)?;
    if parts.contains_key(key) {
        return level_of(key);
    }
    let mut fewest: Option<Decimal> = None;
    for (part, needed) in parts {
        let Some(left) = level_of(&part)? else { continue };
        let Some(enough) = left.checked_div(needed) else { continue };
        fewest = Some(fewest.map_or(enough, |fewest| fewest.min(enough)));
    }
    Ok(fewest.map(|fewest| fewest.floor().max(Decimal::ZERO)))
}

/// The level as it was at `at_ms`, as far as is known now.
fn at(rows: &dyn Rows, shop: &str, key: &str, at_ms: i64) -> Result<Option<Decimal>, JournalError> {
    let Some(now) = level::level(rows, shop, key)?.known() else { return Ok(None) };
    let later = level::moves(rows, shop, key, at_ms + 1, i64::MAX)?;
    let change = |sum: Decimal, moved: &level::Moved| {
        sum.checked_add(moved.sold)?.checked_sub(moved.received)
    };
    Ok(later.iter().try_fold(now, |sum, (_, moved)| change(sum, moved)))
}
