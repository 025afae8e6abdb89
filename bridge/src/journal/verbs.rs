//! What people and the bridge itself put into the outbox or take out of it. Every function runs
//! inside a transaction of the writer thread.

use rusqlite::{Connection, params};

use super::digest;
use super::error::JournalError;
use super::record::NewAlarm;

/// Queues an alarm, once per key and robot; whether it was new.
pub(super) fn raise(conn: &Connection, alarm: &NewAlarm) -> Result<bool, JournalError> {
    let NewAlarm { robot, key, body, created_ms } = alarm;
    let added = conn
        .prepare_cached(
            "INSERT INTO outbox (robot, subject, alarm, alarm_key, state, urgent, not_before_ms,
                                 created_ms)
             VALUES (?1, 'alarm', ?2, ?3, 'queued', 1, ?4, ?4)
             ON CONFLICT (alarm_key, robot) DO NOTHING",
        )?
        .execute(params![robot, body, key, created_ms])?;
    Ok(added == 1)
}

/// Makes notices due at once that wait, are parked, dead or dropped; those of them for which it did.
/// What may have arrived is repeated as it was, everything else is said anew.
pub(super) fn retry(conn: &Connection, ids: &[i64], now_ms: i64) -> Result<Vec<i64>, JournalError> {
    let mut statement = conn.prepare_cached(
        "UPDATE outbox SET not_before_ms = ?2,
                           carrier = iif(state IN ('dead', 'dropped'), NULL, carrier),
                           msg_uuid = iif(state IN ('dead', 'dropped'), NULL, msg_uuid),
                           body = iif(state IN ('dead', 'dropped'), NULL, body),
                           state = 'queued'
         WHERE id = ?1 AND (state IN ('queued', 'parked')
                            OR (state IN ('dead', 'dropped') AND subject <> 'digest'))",
    )?;
    changed(ids, |id| statement.execute(params![id, now_ms]))
}

/// Takes notices out of the queue for good that wait, are parked or dead; those of them for which
/// it did. A digest's members are dropped with it, and one of its members alone cannot be.
pub(super) fn drop_out(
    conn: &Connection,
    ids: &[i64],
    why: &str,
) -> Result<Vec<i64>, JournalError> {
    let mut statement = conn.prepare_cached(
        "UPDATE outbox SET state = 'dropped', reason = ?2
         WHERE id = ?1 AND state IN ('queued', 'parked', 'dead')",
    )?;
    let dropped = changed(ids, |id| statement.execute(params![id, why]))?;
    let mut members = conn.prepare_cached(
        "UPDATE outbox SET state = 'dropped', reason = ?2, digest_id = NULL WHERE digest_id = ?1",
    )?;
    for id in &dropped {
        if digest::is_digest(conn, *id)? {
            members.execute(params![id, why])?;
        }
    }
    Ok(dropped)
}

/// Counts a call that no attempt in the queue stands for; `what` it was.
pub(super) fn count_call(
    conn: &Connection,
    carrier: &str,
    outcome: &str,
    what: &str,
    now_ms: i64,
) -> Result<(), JournalError> {
    conn.prepare_cached(
        "INSERT INTO attempt (carrier, urgent, started_ms, finished_ms, outcome, detail)
         VALUES (?1, 1, ?2, ?2, ?3, ?4)",
    )?
    .execute(params![carrier, now_ms, outcome, what])?;
    Ok(())
}

fn changed(
    ids: &[i64],
    mut change: impl FnMut(&i64) -> rusqlite::Result<usize>,
) -> Result<Vec<i64>, JournalError> {
    let mut done = Vec::new();
    for id in ids {
        if change(id)? == 1 {
            done.push(*id);
        }
    }
    Ok(done)
}
