//! Reads what is still to be said out of a damaged journal.
//!
//! Best effort, read-only, row by row from both ends: notices that were not delivered with their
//! events, all attempts (the month's calls), the sources' sessions and totals, the ring's cursor. Not the chunks, and
//! not what was delivered: that stays in the file set aside.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use pos_protocol::event::Event;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use serde::de::IgnoredAny;

use super::error::JournalError;

/// Most rows of one table that are carried over; a longer queue means days without a network.
const MAX_ROWS: usize = 10_000;

/// What was carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Salvaged {
    /// Notices that were not delivered.
    pub(super) notices: usize,
    /// The old file ended, or began to be unreadable, somewhere.
    pub(super) in_part: bool,
}

impl fmt::Display for Salvaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} undelivered notices carried over", self.notices)?;
        if self.in_part { f.write_str(", others may be lost") } else { Ok(()) }
    }
}

/// A table as it is copied.
struct Table {
    name: &'static str,
    columns: &'static str,
    key: &'static str,
    wanted: &'static str,
}

const OUTBOX: Table = Table {
    name: "outbox",
    columns: "id, event_id, digest_id, state, subject, alarm, alarm_key, merge_max, robot, urgent, \
              carrier, msg_uuid, body, attempts, not_before_ms, created_ms, reason, finding, \
              finding_key",
    key: "id",
    wanted: "state NOT IN ('delivered', 'dropped')",
};
/// As [`OUTBOX`], of a file that was never opened by a program that knows schema 3.
const OUTBOX_2: Table = Table {
    columns: "id, event_id, NULL, state, 'event', NULL, NULL, NULL, robot, urgent, \
              iif(body IS NULL, NULL, robot), msg_uuid, body, attempts, not_before_ms, created_ms, \
              reason, NULL, NULL",
    ..OUTBOX
};
/// As [`OUTBOX`], of a file that was never opened by a program that knows schema 5.
const OUTBOX_3: Table = Table {
    columns: "id, event_id, digest_id, state, subject, alarm, alarm_key, merge_max, robot, urgent, \
              carrier, msg_uuid, body, attempts, not_before_ms, created_ms, reason, NULL, NULL",
    ..OUTBOX
};
const EVENT: Table = Table {
    name: "event",
    columns: "seq, id, source, kind, observed_at, number, total, currency, body, decoder",
    key: "seq",
    wanted: "1",
};
const ATTEMPT: Table = Table {
    name: "attempt",
    columns: "id, outbox_id, carrier, urgent, started_ms, finished_ms, outcome, detail, \
              http_status, errcode, pause_until_ms",
    key: "id",
    wanted: "1",
};
const ATTEMPT_2: Table = Table {
    columns: "id, outbox_id, (SELECT robot FROM outbox WHERE id = outbox_id), \
              (SELECT urgent FROM outbox WHERE id = outbox_id), started_ms, finished_ms, outcome, \
              detail, http_status, errcode, pause_until_ms",
    ..ATTEMPT
};
const SESSION: Table = Table {
    name: "session",
    // Its chunks are not carried over: the state stands before the first one of the new file.
    columns: "source, epoch, generation, checkpoint, 0 AS checkpoint_chunk",
    key: "source",
    wanted: "checkpoint IS NOT NULL",
};
const CURSOR: Table =
    Table { name: "cursor", columns: "one, generation, position", key: "one", wanted: "1" };
const TOTAL: Table =
    Table { name: "source_total", columns: "source, journalled_bytes", key: "source", wanted: "1" };

/// What the shop knows: its events are not carried over, so it could not be found out again.
const SHOP_ROW: Table = Table {
    name: "shop_row",
    columns: "topic, shop, key, body",
    key: "topic || shop || key",
    wanted: "1",
};

/// What people are asked and what was asked already. Not known before schema 9.
const MATTER: Table = Table {
    name: "matter",
    columns: "id, key, kind, open, instance, body, due_ms, created_ms",
    key: "id",
    wanted: "1",
};
/// Calls of tills that push, lest one that is made again counts again. What they said stays in the file
/// set aside. Not known before schema 8.
const HOOK: Table = Table {
    name: "hook",
    columns: "id, scheme, delivery, topic, became, received_ms, X'' AS body",
    key: "id",
    wanted: "1",
};
/// What was done for people, lest it is done twice. Not known before schema 7. When it came is known
/// since schema 10 and left behind: the month is counted anew, which is said too low for that month.
const REMEMBERED: Table =
    Table { name: "remembered", columns: "seq, key", key: "seq", wanted: "1" };
/// The month's calls of the application. Not known before schema 7.
const API_MONTH: Table =
    Table { name: "api_month", columns: "month, calls", key: "month", wanted: "1" };

/// Copies into the fresh journal behind `new`, and notes there where the old one is.
pub(super) fn carry_over(aside: &Path, new: &Connection) -> Result<Salvaged, JournalError> {
    let tx = new.unchecked_transaction()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let salvaged = match Connection::open_with_flags(aside, flags) {
        Ok(old) => copy_all(&old, &tx)?,
        Err(_) => Salvaged { notices: 0, in_part: true },
    };
    // The events that the rows came from stay behind.
    tx.execute("INSERT OR IGNORE INTO shop_base SELECT * FROM shop_row", [])?;
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('set_aside', ?1)",
        [aside.to_string_lossy().as_ref()],
    )?;
    tx.commit()?;
    Ok(salvaged)
}

fn copy_all(old: &Connection, new: &Connection) -> Result<Salvaged, JournalError> {
    let mut in_part = false;
    let knows_carriers = old.prepare("SELECT carrier FROM attempt").is_ok();
    let knows_findings = old.prepare("SELECT finding FROM outbox").is_ok();
    let (outbox, attempt) = match (knows_findings, knows_carriers) {
        (true, _) => (&OUTBOX, &ATTEMPT),
        (false, true) => (&OUTBOX_3, &ATTEMPT),
        (false, false) => (&OUTBOX_2, &ATTEMPT_2),
    };
    let (found, whole) = rows(old, outbox, |_| true);
    in_part |= !whole;
    let wanted: BTreeSet<&str> = found.iter().filter_map(|row| text(row, 1)).collect();
    let (events, whole) = rows(old, &EVENT, |row| {
        text(row, 1).is_some_and(|id| wanted.contains(id)) && is_event(row)
    });
    in_part |= !whole;
    let kept: BTreeSet<&str> = events.iter().filter_map(|row| text(row, 1)).collect();
    let mut notices: Vec<Vec<Value>> =
        found.iter().filter(|row| can_be_said(row, &kept)).cloned().collect();
    in_part |= notices.len() < found.len();
    let ids: BTreeSet<i64> = notices.iter().filter_map(|row| number(row, 0)).collect();
    on_their_own(&mut notices, &ids);
    // What is read of the month's calls and of pauses counts, whosever they were.
    let (mut attempts, whole) = rows(old, attempt, |_| true);
    in_part |= !whole;
    for row in &mut attempts {
        detach(row, 1, &ids);
    }

    insert(new, &EVENT, events.iter())?;
    go_on_counting(old, new)?;
    let told = insert(new, &OUTBOX, notices.iter())?;
    insert(new, &ATTEMPT, attempts.iter())?;
    let shop: &[&Table] = if knows_findings { &[&SHOP_ROW] } else { &[] };
    let knows_streams = old.prepare("SELECT calls FROM api_month").is_ok();
    let stream: &[&Table] = if knows_streams { &[&REMEMBERED, &API_MONTH] } else { &[] };
    let knows_hooks = old.prepare("SELECT delivery FROM hook").is_ok();
    let pushed: &[&Table] = if knows_hooks { &[&HOOK] } else { &[] };
    let knows_matters = old.prepare("SELECT due_ms FROM matter").is_ok();
    let asked: &[&Table] = if knows_matters { &[&MATTER] } else { &[] };
    let known = shop.iter().chain(stream).chain(pushed).chain(asked);
    for table in [&SESSION, &CURSOR, &TOTAL].iter().chain(known) {
        let (found, whole) = rows(old, table, |_| true);
        in_part |= !whole;
        insert(new, table, found.iter())?;
    }
    Ok(Salvaged { notices: told, in_part })
}

/// Events are numbered on from those of the old file, also those that stay behind: whoever follows
/// them (`events --follow`) knows by the number what is new.
fn go_on_counting(old: &Connection, new: &Connection) -> Result<(), JournalError> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'event'";
    // A count that cannot be read begins anew.
    let Ok(newest) = old.query_one(sql, [], |row| row.get::<_, i64>(0)) else { return Ok(()) };
    new.execute("DELETE FROM sqlite_sequence WHERE name = 'event'", [])?;
    new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('event', ?1)", [newest])?;
    Ok(())
}

/// Whether what the notice says could be read.
fn can_be_said(row: &[Value], events: &BTreeSet<&str>) -> bool {
    let json = |at| text(row, at).is_some_and(|t| serde_json::from_str::<IgnoredAny>(t).is_ok());
    match text(row, 4) {
        Some("event") => text(row, 1).is_some_and(|id| events.contains(id)),
        Some("alarm") => json(5),
        Some("finding") => json(17),
        Some("digest") => json(12),
        _ => false,
    }
}

/// Digests first, since their members point to them; a member whose digest is lost is queued.
fn on_their_own(notices: &mut [Vec<Value>], ids: &BTreeSet<i64>) {
    notices.sort_by_key(|row| text(row, 4) != Some("digest"));
    for row in notices {
        if detach(row, 2, ids) && text(row, 3) == Some("merged") {
            row[3] = Value::Text("queued".into());
        }
    }
}

/// Clears a reference to a row that is not carried over; whether there was one.
fn detach(row: &mut [Value], at: usize, ids: &BTreeSet<i64>) -> bool {
    let lost = number(row, at).is_some_and(|id| !ids.contains(&id));
    if lost {
        row[at] = Value::Null;
    }
    lost
}

/// The rows that can be read from either end, and whether those are all.
fn rows(
    old: &Connection,
    table: &Table,
    keep: impl Fn(&[Value]) -> bool,
) -> (Vec<Vec<Value>>, bool) {
    let Table { name, columns, key, wanted } = table;
    let mut found = Vec::new();
    for order in ["ASC", "DESC"] {
        // An index may be damaged where the table is not: none is used.
        let sql = format!(
            "SELECT {columns} FROM {name} NOT INDEXED WHERE {wanted} ORDER BY {key} {order}"
        );
        let read = || -> rusqlite::Result<(Vec<Vec<Value>>, bool)> {
            let mut list = Vec::new();
            let mut statement = old.prepare(&sql)?;
            let width = statement.column_count();
            let mut cursor = statement.query([])?;
            loop {
                match cursor.next() {
                    Ok(None) => return Ok((list, true)),
                    Ok(Some(row)) => {
                        let row: Vec<Value> =
                            (0..width).map(|at| row.get(at)).collect::<Result<_, _>>()?;
                        if keep(&row) {
                            list.push(row);
                        }
                        if list.len() >= MAX_ROWS {
                            return Ok((list, false));
                        }
                    }
                    Err(_) => return Ok((list, false)),
                }
            }
        };
        let Ok((list, whole)) = read() else { continue };
        if whole {
            return (list, true);
        }
        found.extend(list);
    }
    (found, false)
}

/// Inserts what fits the table's rules, once each; returns how many did.
fn insert<'a>(
    new: &Connection,
    table: &Table,
    rows: impl Iterator<Item = &'a Vec<Value>>,
) -> Result<usize, JournalError> {
    let columns = table.columns.replace("0 AS ", "").replace("X'' AS ", "");
    let marks = vec!["?"; columns.split(',').count()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {} ({columns}) VALUES ({marks})", table.name);
    let mut statement = new.prepare(&sql)?;
    let mut inserted = 0;
    for row in rows {
        match statement.execute(params_from_iter(row)) {
            Ok(changed) => inserted += changed,
            // A damaged row that breaks a rule of the table is one that cannot be carried over.
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(inserted)
}

fn text(row: &[Value], at: usize) -> Option<&str> {
    match row.get(at) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn number(row: &[Value], at: usize) -> Option<i64> {
    match row.get(at) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

/// Whether the row's body still is the event that its id names.
fn is_event(row: &[Value]) -> bool {
    let event = text(row, 8).and_then(|body| serde_json::from_str::<Event>(body).ok());
    event.is_some_and(|event| Some(event.id.to_string().as_str()) == text(row, 1))
}
