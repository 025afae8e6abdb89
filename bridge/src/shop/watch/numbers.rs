//! Receipt numbers of a shop: keeps their series by shape, and says what is sure.
//!
//! Which slip takes a number and which only mentions one is decided here; what follows is `series`'s.

use std::collections::BTreeMap;

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Kind, PrintedAt};
use serde::{Deserialize, Serialize};

use super::exception::{Exception, Oddity};
use super::series::{Heard, Series, Sure};
use super::watched::Watched;
use super::written::{like, taken_apart};
use crate::inbound::Scheme;
use crate::journal::{JournalError, Rows};

/// One row a shape.
const SERIES: &str = "number";
/// The shapes in the order of their last use, one row.
const SHAPES: &str = "number_shapes";
/// What explains a gap, one row.
const EXCUSES: &str = "number_excuses";

/// Most shapes of a shop: tills that print chance in place of numbers fill no disk.
const MAX_SHAPES: usize = 32;
/// Receipts for which a paper that was not read explains a missing number.
const EXCUSED_RECEIPTS: u8 = 3;
/// Receipts that make a repeat sure where missing numbers are not told.
const SURE_AFTER: u32 = 5;

/// What a slip does with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Takes,
    /// It may be its own, or that of what it is about.
    MayTake,
    Mentions,
}

fn use_of(event: &Event) -> Option<Use> {
    let receipt = event.receipt.as_ref()?;
    // What is pushed comes in any order, so that nothing follows from a number that did not come.
    if Scheme::is_source(&event.source) {
        return Some(Use::Mentions);
    }
    match event.kind {
        Kind::Sale => Some(Use::Takes),
        Kind::Refund if receipt.number != receipt.original_number => Some(Use::MayTake),
        Kind::Refund
        | Kind::Void
        | Kind::Bill
        | Kind::KitchenOrder
        | Kind::ShiftReport
        | Kind::TopUp
        | Kind::TableMove
        | Kind::Training
        | Kind::Membership
        | Kind::NoSale
        | Kind::Document => Some(Use::Mentions),
        _ => None,
    }
}

pub(super) fn look(
    watched: &Watched<'_>,
    rows: &mut dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let Watched { event, shop, at, limits, .. } = watched;
    let source = event.source.clone();
    if is_unseen(event) {
        excuse(shop, rows, |excuses| {
            excuses.unread.insert(source, EXCUSED_RECEIPTS);
        })?;
    } else if is_unnumbered(event) {
        excuse(shop, rows, |excuses| {
            let slips = excuses.unnumbered.entry(source).or_default();
            *slips = slips.saturating_add(1);
        })?;
    }
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
    let (Some(used), Some(number)) = (use_of(event), number) else { return Ok(Vec::new()) };
    if used == Use::Mentions {
        mention(event, shop, rows)?;
        return Ok(Vec::new());
    }
    let Some(written) = taken_apart(number) else { return Ok(Vec::new()) };
    let (excused, spare) = excused(&event.source, shop, rows)?;
    let id = event.id.to_string();
    let heard = Heard {
        count: written.count,
        source: &event.source,
        day: at.day,
        event: &id,
        excused,
        spare: i64::from(spare),
        claims: used == Use::Takes,
    };
    let mut series: Series = rows.load(SERIES, shop, &written.shape)?.unwrap_or_default();
    let sure = series.hear(&heard, limits.number_missing.unwrap_or(SURE_AFTER));
    rows.save(SERIES, shop, &written.shape, &series)?;
    remember(&written.shape, shop, rows)?;
    let mut found = Vec::new();
    for sure in sure {
        found.extend(told(sure, number, watched, rows)?);
    }
    Ok(found)
}

/// A slip that takes no number, or one that a person has read again, shows that it exists.
pub(super) fn mention(event: &Event, shop: &str, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
    let Some(written) = number.and_then(taken_apart) else { return Ok(()) };
    // Where no receipt has such a number, it is no receipt's.
    let Some(mut series) = rows.load::<Series>(SERIES, shop, &written.shape)? else {
        return Ok(());
    };
    series.mention(written.count);
    rows.save(SERIES, shop, &written.shape, &series)
}

fn told(
    sure: Sure,
    number: &str,
    watched: &Watched<'_>,
    rows: &dyn Rows,
) -> Result<Option<Exception>, JournalError> {
    let event = match &sure {
        Sure::Missing { event, .. } | Sure::Again { event } => rows.event(event)?,
    };
    let receipt = event.as_ref().and_then(|event| event.receipt.as_ref());
    let neighbour = receipt.and_then(|receipt| receipt.number.as_deref()).unwrap_or(number);
    // When it happened: among tables it is known for sure on the day after only.
    let printed = receipt.and_then(|receipt| match receipt.printed_at {
        Some(PrintedAt::DateTime(at)) => Some(at.to_string()),
        _ => None,
    });
    Ok(match sure {
        Sure::Missing { from, to, event } if watched.limits.number_missing.is_some() => {
            let what =
                Oddity::NumberMissing { from: like(neighbour, from), to: like(neighbour, to) };
            let found = watched.found_once(what, format!("{event}/{from}"));
            // It is about what is not there, and not about the receipt that made it sure.
            Some(Exception {
                event: Some(event),
                at: printed.unwrap_or(found.at),
                number: None,
                amount: None,
                currency: None,
                table: None,
                cashier: None,
                ..found
            })
        }
        Sure::Again { event: id } if watched.limits.number_repeated => {
            let found = watched.found_once(Oddity::NumberRepeated, &id);
            Some(Exception {
                event: Some(id),
                source: event.as_ref().map_or(found.source.clone(), |event| event.source.clone()),
                at: printed.unwrap_or(found.at),
                number: Some(neighbour.to_owned()),
                amount: receipt.and_then(|receipt| receipt.total),
                table: receipt.and_then(|receipt| receipt.table.clone()),
                cashier: receipt.and_then(|receipt| receipt.cashier.clone()),
                ..found
            })
        }
        _ => None,
    })
}

/// Whether a paper with a number may have gone by unread.
fn is_unseen(event: &Event) -> bool {
    let gap = |code: Code| matches!(code, Code::Gap | Code::GapBefore);
    let mut odd = event.evidence.iter().flat_map(|evidence| &evidence.diagnostics);
    matches!(event.kind, Kind::Unread | Kind::RasterReceipt) || odd.any(|odd| gap(odd.code))
}

/// Whether a slip may have used a number up without printing it: tills count an opening without a
/// sale or a report like a receipt.
fn is_unnumbered(event: &Event) -> bool {
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_ref());
    let counts = matches!(
        event.kind,
        Kind::NoSale | Kind::ShiftReport | Kind::Void | Kind::Training | Kind::TopUp
    );
    counts && number.is_none()
}

/// What explains numbers that did not come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Excuses {
    /// By till with an unread paper: receipts for which that still counts.
    unread: BTreeMap<String, u8>,
    /// By till: slips without a number since its last receipt, each of which may have used one up.
    unnumbered: BTreeMap<String, u8>,
}

fn excuse(
    shop: &str,
    rows: &mut dyn Rows,
    add: impl FnOnce(&mut Excuses),
) -> Result<(), JournalError> {
    let mut excuses: Excuses = rows.load(EXCUSES, shop, "")?.unwrap_or_default();
    add(&mut excuses);
    rows.save(EXCUSES, shop, "", &excuses)
}

/// Whether an unread paper explains any gap before the receipt that is heard now, and how wide a gap
/// the till's slips without a number explain.
fn excused(source: &str, shop: &str, rows: &mut dyn Rows) -> Result<(bool, u8), JournalError> {
    let Some(mut excuses) = rows.load::<Excuses>(EXCUSES, shop, "")? else {
        return Ok((false, 0));
    };
    let unread = !excuses.unread.is_empty();
    for left in excuses.unread.values_mut() {
        *left -= 1;
    }
    excuses.unread.retain(|_, left| *left > 0);
    let unnumbered = excuses.unnumbered.remove(source).unwrap_or(0);
    if excuses == Excuses::default() {
        rows.remove(EXCUSES, shop, "")?;
    } else {
        rows.save(EXCUSES, shop, "", &excuses)?;
    }
    Ok((unread, unnumbered))
}

/// The newest shape stays, and the one that was not used longest goes.
fn remember(shape: &str, shop: &str, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let mut shapes: Vec<String> = rows.load(SHAPES, shop, "")?.unwrap_or_default();
    if shapes.last().is_some_and(|last| last == shape) {
        return Ok(());
    }
    shapes.retain(|known| known != shape);
    shapes.push(shape.to_owned());
    if shapes.len() > MAX_SHAPES {
        let gone = shapes.remove(0);
        rows.remove(SERIES, shop, &gone)?;
    }
    rows.save(SHAPES, shop, "", &shapes)
}
