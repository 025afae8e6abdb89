//! What waits goes by a wall clock that can be set: how that is made good, and what the next process
//! of this boot must know of it. Every function runs inside a transaction of the writer thread.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::outbox::{DAY_MS, MAX_AHEAD_MS};

/// Writes down what the wall clock would have shown when the clock of `boot` began.
pub(super) fn keep_origin(
    conn: &Connection,
    boot: &str,
    origin_ms: i64,
) -> Result<(), JournalError> {
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('clock', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [format!("{boot} {origin_ms}")],
    )?;
    Ok(())
}

/// What was written down for `boot`; another boot's clock began at another time.
pub(super) fn origin(conn: &Connection, boot: &str) -> Result<Option<i64>, JournalError> {
    let sql = "SELECT value FROM meta WHERE key = 'clock'";
    let kept: Option<String> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    let origin = kept.as_deref().and_then(|text| text.rsplit_once(' '));
    Ok(origin.filter(|(of, _)| *of == boot).and_then(|(_, ms)| ms.parse().ok()))
}

/// The wall clock was set `by_ms` ahead when it would have shown `was_ms`.
pub(super) fn was_set(conn: &Connection, was_ms: i64, by_ms: i64) -> Result<(), JournalError> {
    conn.execute(
        "UPDATE attempt SET started_ms = started_ms + ?2, finished_ms = finished_ms + ?2,
                            pause_until_ms = pause_until_ms + ?2
         WHERE started_ms > ?1 - ?3 AND started_ms <= ?1",
        params![was_ms, by_ms, DAY_MS],
    )?;
    // What was put off waits as long as before; what was not put off is due by any clock.
    conn.execute(
        "UPDATE outbox SET not_before_ms = not_before_ms + ?2
         WHERE state IN ('queued', 'sending') AND not_before_ms > ?1
           AND not_before_ms <= ?1 + ?3 AND attempts > 0",
        params![was_ms, by_ms, MAX_AHEAD_MS],
    )?;
    Ok(())
}
