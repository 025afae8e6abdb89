//! A journal that was restored from a backup, made fit to go on: what its group was told since the
//! backup is not known here, so nothing from before the restore is told by itself.
//!
//! What waited when the backup was made is taken out of the queue and can be sent again by a person.
//! What is heard again of the time before the restore (the ring may reach further than the backup) is
//! kept and counted, and not told. What is due by the time of day at the first look counts as told.

use std::path::Path;

use pos_protocol::event::Event;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::schema;

/// The wall time of the restore, in milliseconds.
const KEY: &str = "restored_ms";
/// There until the rounds have looked once.
const FIRST: &str = "restored_first_look";

/// What was taken out of the queue.
const HELD: &str = "waited when the backup was made, and may have been sent since; \
                    posbridge outbox retry sends it";

/// Prepares the journal at `path`, which nobody has open; how many notices were taken out of the queue.
/// With `resend` all go on as they were.
pub fn prepare(path: &Path, now_ms: i64, resend: bool) -> Result<usize, JournalError> {
    let (mut conn, _) = schema::open_writer(path)?;
    if resend {
        return Ok(0);
    }
    let tx = conn.transaction()?;
    for (key, value) in [(KEY, now_ms.to_string()), (FIRST, "yes".to_owned())] {
        tx.execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, &value],
        )?;
    }
    // Members first: a digest that is dropped tells nobody.
    let held = tx.execute(
        "UPDATE outbox SET state = 'dropped', reason = ?1, digest_id = NULL
         WHERE state IN ('queued', 'merged', 'sending', 'parked') AND subject <> 'digest'",
        [HELD],
    )?;
    tx.execute(
        "UPDATE outbox SET state = 'dropped', reason = ?1
         WHERE state IN ('queued', 'sending', 'parked') AND subject = 'digest'",
        [HELD],
    )?;
    // What nobody was asked yet may have been asked since.
    tx.execute(
        "UPDATE matter SET open = 0, due_ms = NULL WHERE open = 1 AND instance IS NULL",
        [],
    )?;
    tx.commit()?;
    Ok(held)
}

/// When this journal was restored; nothing where it never was.
pub(super) fn restored_ms(conn: &Connection) -> Result<Option<i64>, JournalError> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([KEY], |row| row.get(0)).optional()?)
}

/// Whether `event` may have been told of already, by the installation that the backup is of.
pub(super) fn told_elsewhere(event: &Event, restored_ms: Option<i64>) -> bool {
    let heard = event.observed_at.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    restored_ms.is_some_and(|restored| heard.is_ok_and(|heard| heard < restored))
}

/// Whether this is the first look at what is due since the restore.
pub(super) fn is_first_look(conn: &Connection) -> Result<bool, JournalError> {
    let done = conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([FIRST])?;
    Ok(done == 1)
}

/// Takes findings newer than `after` out of the queue.
pub(super) fn hold_findings(conn: &Connection, after: i64) -> Result<(), JournalError> {
    conn.execute(
        "UPDATE outbox SET state = 'dropped', reason = ?1
         WHERE id > ?2 AND subject = 'finding' AND state = 'queued'",
        params!["was due before the restore, and may have been sent then", after],
    )?;
    Ok(())
}
