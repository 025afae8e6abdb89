//! Digests in the outbox: notices that one message tells, and what becomes of them when it is
//! refused. Every function runs inside a transaction of the writer thread. Which notices merge is
//! decided elsewhere.
//!
//! A digest is a row with a frozen request, its members point to it. It is delivered, or repeated
//! unchanged, or refused: then it is taken apart and its members are on their own again. It is never
//! said anew, since what is still to be told has changed by then.

use rusqlite::{Connection, params};

use super::delivery::{Part, Settle};
use super::error::JournalError;
use super::outbox::{settle as settle_row, thaw};
use super::record::OutboxState;

/// Why a digest's own row is at its end.
const APART: &str = "taken apart; its sales are told in another message";

/// Merges fresh queued notices of `robot`. Each part becomes a digest that is queued and bound to
/// `carrier`. Nothing happens where a member is no longer as it was; returns whether it did.
pub(super) fn merge(
    conn: &Connection,
    robot: &str,
    carrier: &str,
    parts: &[Part],
    now_ms: i64,
) -> Result<bool, JournalError> {
    let mut fresh = conn.prepare_cached(
        "SELECT count(*) FROM outbox WHERE id = ?1 AND robot = ?2 AND state = 'queued'
           AND carrier IS NULL AND subject = 'event' AND urgent = 0",
    )?;
    for member in parts.iter().flat_map(|part| &part.members) {
        if fresh.query_row(params![member, robot], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(false);
        }
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO outbox (robot, subject, state, urgent, carrier, msg_uuid, body, not_before_ms,
                             created_ms)
         VALUES (?1, 'digest', 'queued', 0, ?2, ?3, ?4, ?5, ?5)",
    )?;
    let mut point = conn.prepare_cached(
        "UPDATE outbox SET state = 'merged', digest_id = ?2, reason = NULL WHERE id = ?1",
    )?;
    for part in parts.iter().filter(|part| !part.members.is_empty()) {
        insert.execute(params![robot, carrier, part.frozen.msg_uuid, part.frozen.body, now_ms])?;
        let digest = conn.last_insert_rowid();
        for member in &part.members {
            point.execute(params![member, digest])?;
        }
    }
    Ok(true)
}

pub(super) fn is_digest(conn: &Connection, id: i64) -> Result<bool, JournalError> {
    let sql = "SELECT count(*) FROM outbox WHERE id = ?1 AND subject = 'digest'";
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get::<_, i64>(0))? > 0)
}

/// What an outcome means for the members. Whether that was all of it: a digest that is repeated or
/// delivered is also settled as every row is.
pub(super) fn settle(
    conn: &Connection,
    digest: i64,
    settle: &Settle,
) -> Result<bool, JournalError> {
    let members = "UPDATE outbox SET state = ?2, reason = ?3, digest_id = NULL,
                                     not_before_ms = ifnull(?4, not_before_ms),
                                     merge_max = ifnull(?5, merge_max)
                   WHERE digest_id = ?1";
    let apart = |state: OutboxState, reason: &str, at: Option<i64>, most: Option<i64>| {
        conn.prepare_cached(members)?.execute(params![digest, state, reason, at, most])?;
        settle_row(conn, digest, OutboxState::Dropped, Some(APART))?;
        // Its other parts are numbered, and this one is gone.
        take_unsent_apart(conn, &robot_of(conn, digest)?, None)
    };
    match settle {
        Settle::Delivered => {
            conn.prepare_cached("UPDATE outbox SET state = 'delivered' WHERE digest_id = ?1")?
                .execute([digest])?;
            return Ok(false);
        }
        Settle::Queue { same: true, .. } => return Ok(false),
        Settle::Queue { not_before_ms, same: false, reason } => {
            apart(OutboxState::Queued, reason, Some(*not_before_ms), None)?;
        }
        Settle::Park { reason } => apart(OutboxState::Parked, reason, None, None)?,
        Settle::Dead { reason } => {
            // One of them will not be taken. Halves find it, and the others are told.
            let sql = "SELECT count(*) FROM outbox WHERE digest_id = ?1";
            let held: i64 = conn.prepare_cached(sql)?.query_row([digest], |row| row.get(0))?;
            apart(OutboxState::Queued, reason, None, Some((held / 2).max(1)))?;
        }
    }
    Ok(true)
}

/// Digests of `robot` that were never sent, of all carriers or of one, are taken apart: what they
/// would say may not be so any more.
pub(super) fn take_unsent_apart(
    conn: &Connection,
    robot: &str,
    carrier: Option<&str>,
) -> Result<(), JournalError> {
    let unsent = "SELECT id FROM outbox
                  WHERE robot = ?1 AND subject = 'digest' AND state = 'queued' AND attempts = 0
                    AND (?2 IS NULL OR carrier = ?2)";
    conn.prepare_cached(&format!(
        "UPDATE outbox SET state = 'queued', digest_id = NULL WHERE digest_id IN ({unsent})"
    ))?
    .execute(params![robot, carrier])?;
    conn.prepare_cached(&format!(
        "UPDATE outbox SET state = 'dropped', reason = ?3 WHERE id IN ({unsent})"
    ))?
    .execute(params![robot, carrier, APART])?;
    Ok(())
}

fn robot_of(conn: &Connection, id: i64) -> Result<String, JournalError> {
    let sql = "SELECT robot FROM outbox WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// Frees what is bound to a robot that is none of `carriers` any more: it will never be asked again.
pub(super) fn release(
    conn: &Connection,
    robot: &str,
    carriers: &[String],
) -> Result<(), JournalError> {
    let mut bound = conn.prepare_cached(
        "SELECT id, carrier, subject = 'digest' FROM outbox
         WHERE robot = ?1 AND state IN ('queued', 'parked') AND carrier IS NOT NULL",
    )?;
    let bound: Vec<(i64, String, bool)> = bound
        .query_map([robot], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (id, carrier, is_digest) in bound {
        if carriers.contains(&carrier) {
            continue;
        }
        if is_digest {
            conn.execute(
                "UPDATE outbox SET state = 'queued', digest_id = NULL WHERE digest_id = ?1",
                [id],
            )?;
            settle_row(conn, id, OutboxState::Dropped, Some(APART))?;
        } else {
            thaw(conn, id)?;
        }
    }
    Ok(())
}

/// These go into no digest any more.
pub(super) fn keep_apart(conn: &Connection, ids: &[i64]) -> Result<(), JournalError> {
    let mut apart = conn.prepare_cached("UPDATE outbox SET merge_max = 1 WHERE id = ?1")?;
    for id in ids {
        apart.execute([id])?;
    }
    Ok(())
}
