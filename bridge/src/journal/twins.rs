//! The same sale, heard of in two ways: printed, and pushed by the till's provider.
//!
//! Which two are one is the shop's judgement; here it is made in the transaction that keeps the second,
//! so that no order of arrival counts a sale twice. What is in the journal already is never changed,
//! but for the mark that an event has a twin: a third account finds no free one.

use pos_protocol::event::{Event, Kind};
use rusqlite::{Connection, params};

use super::error::JournalError;
use super::shop_rows::Understand;

/// Most earlier events of one number that are looked at. Tills count on for months before a number
/// comes round again.
const MAX_LOOKED_AT: usize = 16;

/// A second account of a sale.
#[derive(Debug)]
pub(super) struct Twin {
    /// The event as it is kept.
    pub(super) event: Event,
    /// The first account.
    first: String,
}

/// The event that told of the same sale before, where there is one.
pub(super) fn find(
    conn: &Connection,
    event: &Event,
    shop: &dyn Understand,
) -> Result<Option<Twin>, JournalError> {
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
    let (Kind::Sale | Kind::Refund, Some(number)) = (event.kind, number) else { return Ok(None) };
    if !shop.hears_twice() {
        return Ok(None);
    }
    let mut statement = conn.prepare_cached(
        "SELECT body FROM event
         WHERE kind IN ('sale', 'refund') AND number = ?1 AND twin IS NULL AND id <> ?2
         ORDER BY seq DESC LIMIT ?3",
    )?;
    let id = event.id.to_string();
    let rows = statement
        .query_map(params![number, id, MAX_LOOKED_AT as i64], |row| row.get::<_, String>(0))?;
    for body in rows {
        // One that cannot be read is of a newer version, which is refused at the door.
        let Ok(known) = serde_json::from_str::<Event>(&body?) else { continue };
        // A till that was set back after practice gives its numbers once more.
        if known.test {
            continue;
        }
        if let Some(second) = shop.second(event, &known) {
            return Ok(Some(Twin { event: second, first: known.id.to_string() }));
        }
    }
    Ok(None)
}

/// Marks both: neither is a third one's twin.
pub(super) fn join(conn: &Connection, twin: &Twin) -> Result<(), JournalError> {
    let second = twin.event.id.to_string();
    let mut mark = conn.prepare_cached("UPDATE event SET twin = ?2 WHERE id = ?1")?;
    mark.execute([&twin.first, &second])?;
    mark.execute([&second, &twin.first])?;
    Ok(())
}
