//! What a person's entry does to the stock. It was judged before it was kept (`accept`); what cannot
//! be followed all the same changes nothing.

use std::collections::BTreeSet;

use pos_protocol::event::{Article, Entry, Inventory, Stocked};

use super::alert::{self, By, StockAlert};
use super::books;
use super::keep::{Slip, look};
use super::level::{self, Base, Moved};
use super::name::folded;
use super::{at_ms, seen};
use crate::journal::{JournalError, Rows};

/// Follows an entry; what is found to run out by it.
pub(in crate::shop) fn enter(
    slip: &Slip<'_>,
    entered: &Inventory,
    rows: &mut dyn Rows,
) -> Result<Vec<StockAlert>, JournalError> {
    let Some(now_ms) = at_ms(&slip.event.observed_at) else { return Ok(Vec::new()) };
    // Nobody counts the future.
    let dated = |at: &Option<String>| {
        at.as_deref().map_or(Some(now_ms), at_ms).map(|at_ms| at_ms.min(now_ms))
    };
    let (lines, at_ms, received) = match &entered.entry {
        Entry::Catalogue { articles } => {
            catalogue(slip, articles, now_ms, rows)?;
            return Ok(Vec::new());
        }
        Entry::Set { lines } => (lines, Some(now_ms), false),
        Entry::Count { lines, at } => (lines, dated(at), false),
        Entry::Receive { lines, at } => (lines, dated(at), true),
        Entry::Cash { .. } => return Ok(Vec::new()),
    };
    let Some(at_ms) = at_ms else { return Ok(Vec::new()) };
    let mut alerts = Vec::new();
    for Stocked { article, quantity } in lines {
        let Some(key) = books::key_of(rows, slip.shop, article)? else { continue };
        let changed = if received {
            let moved = Moved { received: *quantity, ..Moved::default() };
            level::add(rows, slip.shop, &key, at_ms, moved)?
        } else {
            let event = slip.event.id.to_string();
            let base = Base { at_ms, entered_ms: now_ms, event, quantity: *quantity };
            level::count(rows, slip.shop, &key, base)?
        };
        if changed {
            alerts.extend(look(rows, slip, &key, now_ms, By::Person)?);
        }
    }
    Ok(alerts)
}

/// A new catalogue: what is new begins with what it says, what is gone is forgotten, everything else
/// keeps its level.
fn catalogue(
    slip: &Slip<'_>,
    articles: &[Article],
    now_ms: i64,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    let shop = slip.shop;
    let before = books::articles(rows, shop)?;
    books::replace(rows, shop, articles)?;
    // What is made to order has no stock of its own.
    let stocked = articles.iter().filter(|article| article.recipe.is_empty());
    let stocked: BTreeSet<String> = stocked.map(|article| folded(&article.name)).collect();
    for (key, _) in before.iter().filter(|(key, _)| !stocked.contains(key)) {
        level::forget(rows, shop, key)?;
        alert::forget(rows, shop, key)?;
    }
    for article in articles {
        let key = folded(&article.name);
        let fresh = level::level(rows, shop, &key)?.base.is_none();
        if let Some(quantity) = article.start.filter(|_| fresh) {
            let event = slip.event.id.to_string();
            let base = Base { at_ms: now_ms, entered_ms: now_ms, event, quantity };
            level::count(rows, shop, &key, base)?;
        }
        // Whoever wrote the catalogue knows what is low in it.
        if let Some(left) = level::level(rows, shop, &key)?.known() {
            alert::cross(rows, shop, &key, article, left, By::Person)?;
        }
    }
    seen::clear(rows, shop)
}
