//! What may happen once but not often: openings without a sale in a shift; refunds, copies and
//! copies of one receipt on a business day.
//!
//! One row a shop and one a till, however long the history: a new day or shift begins them anew. What
//! arrives late from an older day is not counted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use pos_protocol::event::Kind;
use serde::{Deserialize, Serialize};

use super::exception::{Exception, Oddity};
use super::watched::Watched;
use crate::journal::{JournalError, Rows};

/// One row a shop.
const DAY: &str = "watch_day";
/// One row a till.
const SHIFT: &str = "watch_shift";

/// Most things told apart on one day; what comes beyond is not counted.
const MAX_TOLD_APART: usize = 500;

/// A day's counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Counts {
    day: Date,
    /// Refunds by cashier, or by till where none is named.
    refunds: BTreeMap<String, u32>,
    /// Copies by till.
    reprints: BTreeMap<String, u32>,
    /// Copies by till and receipt number.
    copies: BTreeMap<String, u32>,
}

/// A till's shift so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Shift {
    day: Date,
    /// The event that it began with.
    began: String,
    /// Openings without a sale.
    opened: u32,
}

pub(super) fn look(
    watched: &Watched<'_>,
    rows: &mut dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    match watched.event.kind {
        Kind::NoSale | Kind::ShiftReport => shift(watched, rows),
        Kind::Refund | Kind::Reprint => day(watched, rows),
        _ => Ok(Vec::new()),
    }
}

fn shift(watched: &Watched<'_>, rows: &mut dyn Rows) -> Result<Vec<Exception>, JournalError> {
    let (source, today) = (&watched.event.source, watched.at.day);
    let began = || Shift { day: today, began: watched.event.id.to_string(), opened: 0 };
    let kept: Option<Shift> = rows.load(SHIFT, watched.shop, source)?;
    if kept.as_ref().is_some_and(|kept| kept.day > today) {
        return Ok(Vec::new());
    }
    let mut shift = kept.filter(|kept| kept.day == today).unwrap_or_else(began);
    if watched.event.kind == Kind::ShiftReport {
        shift = began();
    } else {
        shift.opened += 1;
    }
    rows.save(SHIFT, watched.shop, source, &shift)?;
    let limit = watched.limits.no_sales.filter(|limit| shift.opened == limit + 1);
    let once = format!("{source}/{}", shift.began);
    Ok(limit.map(|limit| watched.found_once(Oddity::NoSales { limit }, once)).into_iter().collect())
}

fn day(watched: &Watched<'_>, rows: &mut dyn Rows) -> Result<Vec<Exception>, JournalError> {
    let today = watched.at.day;
    let kept: Option<Counts> = rows.load(DAY, watched.shop, "")?;
    if kept.as_ref().is_some_and(|kept| kept.day > today) {
        return Ok(Vec::new());
    }
    let fresh = Counts {
        day: today,
        refunds: BTreeMap::new(),
        reprints: BTreeMap::new(),
        copies: BTreeMap::new(),
    };
    let mut counts = kept.filter(|kept| kept.day == today).unwrap_or(fresh);
    let (source, limits) = (&watched.event.source, watched.limits);
    let receipt = watched.event.receipt.as_ref();
    let mut found = Vec::new();
    let over = |count: Option<u32>, limit: Option<u32>| {
        limit.filter(|limit| count.is_some_and(|count| count == limit + 1))
    };
    if watched.event.kind == Kind::Refund {
        let cashier = receipt.and_then(|receipt| receipt.cashier.as_deref());
        let who = cashier.map_or_else(|| format!("at {source}"), |cashier| format!("by {cashier}"));
        let count = one_more(&mut counts.refunds, &who);
        if let Some(limit) = over(count, limits.refunds) {
            // A key is kept and shown: no name belongs into it.
            let once = watched.event.id.to_string();
            found.push(watched.found_once(Oddity::Refunds { limit }, once));
        }
    } else {
        let number = receipt
            .and_then(|receipt| receipt.original_number.as_deref().or(receipt.number.as_deref()));
        let copies = number.and_then(|number| {
            let copy = format!("{source}\t{number}");
            one_more(&mut counts.copies, &copy)
        });
        let count = one_more(&mut counts.reprints, source);
        if let Some(limit) = over(copies, limits.reprints) {
            let once = format!("{source}/{today}/{}", number.unwrap_or_default());
            found.push(watched.found_once(Oddity::Reprints { limit }, once));
        }
        if let Some(limit) = over(count, limits.reprints_of_day) {
            let once = format!("{source}/{today}");
            found.push(watched.found_once(Oddity::ReprintsOfDay { limit }, once));
        }
    }
    rows.save(DAY, watched.shop, "", &counts)?;
    Ok(found)
}

/// One more of `what`; how many that are, where it is counted.
fn one_more(counts: &mut BTreeMap<String, u32>, what: &str) -> Option<u32> {
    if counts.len() >= MAX_TOLD_APART && !counts.contains_key(what) {
        return None;
    }
    let count = counts.entry(what.to_owned()).or_default();
    *count = count.saturating_add(1);
    Some(*count)
}
