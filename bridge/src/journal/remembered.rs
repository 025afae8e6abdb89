//! What the Stream brought and was done, and how often the application called. Every function runs
//! inside a transaction of the writer thread.
//!
//! What is forgotten goes by sequence and never by the clock: what was done stays done when somebody
//! sets it. When it came is only for the month's count.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;

/// Most keys that are remembered: a group that asks one question a minute fills it in a month, and
/// DingTalk sends nothing again after so long. About 5 MiB.
const MAX_REMEMBERED: i64 = 50_000;

/// Remembers `key`, which came at `at_ms`; whether it is new.
pub(super) fn remember(conn: &Connection, key: &str, at_ms: i64) -> Result<bool, JournalError> {
    remember_within(conn, key, at_ms, MAX_REMEMBERED)
}

fn remember_within(
    conn: &Connection,
    key: &str,
    at_ms: i64,
    most: i64,
) -> Result<bool, JournalError> {
    let sql = "INSERT INTO remembered (key, at_ms) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING";
    if conn.prepare_cached(sql)?.execute(params![key, at_ms])? == 0 {
        return Ok(false);
    }
    let newest = conn.last_insert_rowid();
    let sql = "DELETE FROM remembered WHERE seq <= ?1";
    conn.prepare_cached(sql)?.execute([newest - most])?;
    Ok(true)
}

/// Whether `key` is remembered.
pub(super) fn remembers(conn: &Connection, key: &str) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM remembered WHERE key = ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
}

/// Calls made in `month`.
pub(super) fn api_calls(conn: &Connection, month: i64) -> Result<u32, JournalError> {
    let sql = "SELECT calls FROM api_month WHERE month = ?1";
    let calls = conn.prepare_cached(sql)?.query_row([month], |row| row.get(0)).optional()?;
    Ok(calls.unwrap_or(0))
}

/// One more call in `month`; how many it has. Other months are kept: a clock may be set right.
pub(super) fn count_api_call(conn: &Connection, month: i64) -> Result<u32, JournalError> {
    let sql = "INSERT INTO api_month (month, calls) VALUES (?1, 1)
               ON CONFLICT (month) DO UPDATE SET calls = calls + 1 RETURNING calls";
    Ok(conn.prepare_cached(sql)?.query_row(params![month], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::{api_calls, count_api_call, remember, remember_within, remembers};
    use crate::journal::schema::open_writer;

    #[test]
    fn what_was_done_stays_done_over_a_restart_and_the_oldest_is_forgotten_first() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let (conn, _) = open_writer(&path).expect("opens");
        assert!(remember(&conn, "bot:1", 0).expect("a journal"));
        drop(conn);
        let (conn, _) = open_writer(&path).expect("opens");
        assert!(!remember(&conn, "bot:1", 0).expect("a journal"));
        assert!(remembers(&conn, "bot:1").expect("a journal"));
        assert!(!remembers(&conn, "event:1").expect("a journal"));
        for n in 0..3 {
            assert!(remember_within(&conn, &format!("event:{n}"), n, 3).expect("a journal"));
        }
        assert!(!remembers(&conn, "bot:1").expect("a journal"), "three are kept");
        assert!(remembers(&conn, "event:0").expect("a journal"));
    }

    #[test]
    fn calls_are_counted_by_month_over_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let (conn, _) = open_writer(&path).expect("opens");
        assert_eq!(api_calls(&conn, 202_611).expect("a journal"), 0);
        assert_eq!(count_api_call(&conn, 202_611).expect("a journal"), 1);
        drop(conn);
        let (conn, _) = open_writer(&path).expect("opens");
        assert_eq!(count_api_call(&conn, 202_611).expect("a journal"), 2);
        assert_eq!(count_api_call(&conn, 202_612).expect("a journal"), 1);
        assert_eq!(api_calls(&conn, 202_611).expect("a journal"), 2);
    }
}
