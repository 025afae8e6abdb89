//! Stock that went from one shop to another: both levels move, or neither does.
//!
//! It was approved before, and judged in the transaction that kept the approval.

use pos_protocol::event::{Approval, Stocked};

use super::alert::{By, StockAlert};
use super::at_ms;
use super::books;
use super::keep::{Slip, look};
use super::level::{self, Moved};
use crate::journal::{JournalError, Rows};

/// Whether both shops know every article of these lines, and keep it in stock.
pub(crate) fn can_move(
    rows: &dyn Rows,
    from: &str,
    to: &str,
    lines: &[Stocked],
) -> Result<bool, JournalError> {
    for line in lines {
        for shop in [from, to] {
            let known = books::named(rows, shop, &line.article)?;
            if known.is_none_or(|article| !article.recipe.is_empty()) {
                return Ok(false);
            }
        }
    }
    Ok(!lines.is_empty())
}

/// Takes the lines from the one shop and adds them to the other; what runs out by it.
pub(in crate::shop) fn transfer(
    slip: &Slip<'_>,
    approved: &Approval,
    rows: &mut dyn Rows,
) -> Result<Vec<StockAlert>, JournalError> {
    let from = approved.shop.as_deref().unwrap_or_default();
    let Some((to, at_ms)) = approved.to.as_deref().zip(at_ms(&slip.event.observed_at)) else {
        return Ok(Vec::new());
    };
    if !can_move(rows, from, to, &approved.lines)? {
        return Ok(Vec::new());
    }
    let mut alerts = Vec::new();
    for Stocked { article, quantity } in &approved.lines {
        for (shop, received) in [(from, -*quantity), (to, *quantity)] {
            let Some(key) = books::key_of(rows, shop, article)? else { continue };
            // What leaves for another shop is no sale: it says nothing about the pace.
            let moved = Moved { received, ..Moved::default() };
            if level::add(rows, shop, &key, at_ms, moved)? {
                let slip = Slip { shop, ..*slip };
                alerts.extend(look(rows, &slip, &key, at_ms, By::Person)?);
            }
        }
    }
    Ok(alerts)
}
