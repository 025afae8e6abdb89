//! Names that tills print and no catalogue has: collected for the owner, never guessed.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::DAY_MS;
use super::books::{self, LAST};
use super::name::folded;
use crate::journal::{JournalError, Rows};
use crate::shop::catalogue::MAX_NAME_CHARS;

/// One row a name.
const SEEN: &str = "stock_unknown";
/// How many rows there are, and how often a further name had no room: one row.
const ROOM: &str = "stock_unknown_room";

/// Days after which a name that was not printed again is forgotten.
const KEEP_DAYS: i64 = 90;
/// Most names kept: more than a menu has, and few enough to be read.
const MAX_SEEN: usize = 1_000;

/// A name that no article has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// As it was printed when it was seen last.
    pub name: String,
    /// On how many lines of receipts.
    pub count: u64,
    /// How much of it was sold.
    pub quantity: Decimal,
    /// What one cost, where that was printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// When it was seen last, wall time in milliseconds.
    pub last_ms: i64,
}

/// What the room for names is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Room {
    /// Names kept.
    pub(super) kept: usize,
    /// Lines whose name found no room.
    pub(super) lost: u64,
    /// The newest day that a name was noted on, days of UTC: when it changes old names are forgotten.
    day: i64,
}

/// Notes a line of a receipt whose name no article has.
pub(super) fn note(
    rows: &mut dyn Rows,
    shop: &str,
    name: &str,
    quantity: Decimal,
    price: Option<Decimal>,
    at_ms: i64,
) -> Result<(), JournalError> {
    let short: String = name.trim().chars().take(MAX_NAME_CHARS).collect();
    let key = folded(&short);
    if key.is_empty() {
        return Ok(());
    }
    let mut room = room(rows, shop)?;
    if at_ms.div_euclid(DAY_MS) > room.day {
        room.day = at_ms.div_euclid(DAY_MS);
        grow_older(rows, shop, &mut room)?;
        rows.save(ROOM, shop, "", &room)?;
    }
    let known: Option<Unknown> = rows.load(SEEN, shop, &key)?;
    if known.is_none() {
        let full = room.kept >= MAX_SEEN;
        if full {
            room.lost += 1;
        } else {
            room.kept += 1;
        }
        rows.save(ROOM, shop, "", &room)?;
        if full {
            return Ok(());
        }
    }
    let mut unknown = known.unwrap_or_default();
    unknown.count += 1;
    unknown.quantity = unknown.quantity.checked_add(quantity).unwrap_or_default().normalize();
    if at_ms >= unknown.last_ms {
        unknown.last_ms = at_ms;
        unknown.name = short;
        unknown.price = price.or(unknown.price);
    }
    rows.save(SEEN, shop, &key, &unknown)
}

/// Forgets names that have not been printed for long.
fn grow_older(rows: &mut dyn Rows, shop: &str, room: &mut Room) -> Result<(), JournalError> {
    let oldest_ms = (room.day - KEEP_DAYS) * DAY_MS;
    for (key, body) in rows.range(SEEN, shop, "", LAST)? {
        let seen: Option<Unknown> = serde_json::from_str(&body).ok();
        if seen.is_none_or(|seen| seen.last_ms < oldest_ms) {
            rows.remove(SEEN, shop, &key)?;
            room.kept = room.kept.saturating_sub(1);
        }
    }
    Ok(())
}

/// The names, most often printed first.
pub(super) fn all(rows: &dyn Rows, shop: &str) -> Result<Vec<Unknown>, JournalError> {
    let kept = rows.range(SEEN, shop, "", LAST)?;
    let mut all: Vec<Unknown> =
        kept.into_iter().filter_map(|(_, body)| serde_json::from_str(&body).ok()).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

pub(super) fn room(rows: &dyn Rows, shop: &str) -> Result<Room, JournalError> {
    Ok(rows.load(ROOM, shop, "")?.unwrap_or_default())
}

/// Takes out the names that the catalogue has by now.
pub(super) fn clear(rows: &mut dyn Rows, shop: &str) -> Result<(), JournalError> {
    let mut kept = 0;
    for (key, _) in rows.range(SEEN, shop, "", LAST)? {
        if books::key_of(rows, shop, &key)?.is_some() {
            rows.remove(SEEN, shop, &key)?;
        } else {
            kept += 1;
        }
    }
    let room = Room { kept, lost: 0, ..room(rows, shop)? };
    rows.save(ROOM, shop, "", &room)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{DAY_MS, KEEP_DAYS, MAX_SEEN, all, note, room};
    use crate::journal::Memory;

    #[test]
    fn a_name_that_is_printed_no_more_is_forgotten_and_makes_room() {
        let mut rows = Memory::default();
        let mut saw = |name: &str, day: i64| {
            note(&mut rows, "", name, Decimal::ONE, None, day * DAY_MS).expect("memory");
        };
        saw("Lemon tea", 1);
        saw("Toast", 2);
        saw("Toast", KEEP_DAYS);
        saw("Cola", KEEP_DAYS + 2);
        let names: Vec<_> = all(&rows, "").expect("memory").into_iter().map(|n| n.name).collect();
        assert_eq!(names, ["Toast", "Cola"]);
        assert_eq!(room(&rows, "").expect("memory").kept, 2);
    }

    #[test]
    fn a_name_is_counted_however_it_is_written_and_there_is_room_for_so_many() {
        let mut rows = Memory::default();
        let mut saw = |name: &str, at| {
            note(&mut rows, "", name, Decimal::ONE, Some(Decimal::TEN), at).expect("memory");
        };
        saw("Lemon Tea", 2);
        saw("ＬＥＭＯＮ tea", 1);
        saw("  ", 3);
        for number in 0..MAX_SEEN {
            saw(&format!("name {number}"), 4);
        }
        let seen = all(&rows, "").expect("memory");
        assert_eq!((seen.len(), seen[0].count, &*seen[0].name), (MAX_SEEN, 2, "Lemon Tea"));
        assert_eq!(room(&rows, "").expect("memory").lost, 1);
    }
}
