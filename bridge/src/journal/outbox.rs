//! Delivery's statements: what waits, an attempt's start and end, parking and burying. Every
//! function runs inside a transaction of the writer thread. When to try again is decided elsewhere.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::delivery::{
    Ask, Begin, Calls, Content, Finish, Frozen, Look, Recovered, Settle, Stage, Subject, Topic,
    Traffic, Waiting,
};
use super::digest;
use super::error::JournalError;
use super::mute;
use super::record::OutboxState;

/// A time further ahead than this, in milliseconds, was set by a clock that has since jumped back:
/// it is not waited for. The longest honest wait is an hour's ban and its jitter.
pub const MAX_AHEAD_MS: i64 = 2 * 60 * 60 * 1000;

/// Most of a queue that one look shows; a day without a network in a busy shop is less.
pub const MAX_LOOK: usize = 1_000;

/// How far back, and after a clock jump ahead, attempts are reported, in milliseconds; what a
/// minute's budget needs.
const RECENT_MS: i64 = 60 * 1000;

/// Longest that a request could be under way, in milliseconds: an hour, far beyond its time-out.
const LONGEST_MS: i64 = RECENT_MS * 60;

/// Most ordinary calls of a carrier that one look shows. The newest decide when the next may go: of
/// a robot that speaks every few seconds all day, older ones make a difference of some percent in
/// its pace, and take longer to read than all the rest of the look.
pub const MAX_ORDINARY: usize = 500;

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A notice that failed more often than this has a trouble of its own: that others arrive says
/// nothing about it.
const OWN_TROUBLE: u32 = 8;

pub(super) fn recover(conn: &Connection, now_ms: i64) -> Result<Recovered, JournalError> {
    let unknown = conn.execute(
        "UPDATE attempt SET finished_ms = ?1, outcome = 'unknown',
                            detail = 'no answer was recorded before the restart'
         WHERE finished_ms IS NULL",
        [now_ms],
    )?;
    conn.execute(
        "UPDATE outbox SET state = 'queued', not_before_ms = ?1 WHERE state = 'sending'",
        [now_ms],
    )?;
    let unparked = conn.execute(
        "UPDATE outbox SET state = 'queued', not_before_ms = ?1 WHERE state = 'parked'",
        [now_ms],
    )?;
    Ok(Recovered { unknown, unparked })
}

/// `calls` are the month's.
pub(super) fn look(conn: &Connection, ask: &Ask, calls: Calls) -> Result<Look, JournalError> {
    let Ask { robot, now_ms, .. } = ask;
    let queue = conn
        .prepare_cached(
            "SELECT o.id, o.subject, e.kind, o.urgent, o.created_ms, o.not_before_ms, o.attempts,
                    o.carrier, o.merge_max
             FROM outbox o LEFT JOIN event e ON e.id = o.event_id
             WHERE o.robot = ?1 AND o.state = 'queued' ORDER BY o.urgent DESC, o.id LIMIT ?2",
        )?
        .query_map(params![robot, MAX_LOOK as i64], waiting)?
        .collect::<Result<_, _>>()?;
    let ban_until_ms = conn
        .prepare_cached(
            "SELECT max(pause_until_ms) FROM attempt
             WHERE pause_until_ms > ?1 AND pause_until_ms <= ?1 + ?2 AND outcome = 'ip_banned'",
        )?
        .query_row(params![now_ms, MAX_AHEAD_MS], |row| row.get(0))?;
    let traffic = traffic(conn, ask)?;
    let ordinary_ms = ordinary(conn, ask)?;
    let muted_until_ms = mute::muted_until(conn, robot, *now_ms)?;
    Ok(Look { queue, traffic, ban_until_ms, muted_until_ms, ordinary_ms, calls })
}

/// Ordinary calls of the last day.
fn ordinary(conn: &Connection, ask: &Ask) -> Result<Vec<i64>, JournalError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT started_ms FROM attempt
         WHERE carrier = ?1 AND started_ms > ?2 AND started_ms <= ?3
           AND urgent = 0 AND outbox_id IS NOT NULL AND {IS_CALL}
         ORDER BY started_ms DESC LIMIT ?4"
    ))?;
    let mut all = Vec::new();
    for carrier in &ask.carriers {
        let limits = params![carrier, ask.now_ms - DAY_MS, ask.now_ms, MAX_ORDINARY as i64];
        for started_ms in statement.query_map(limits, |row| row.get(0))? {
            all.push(started_ms?);
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// An attempt that DingTalk may have counted: all but those that found no way to it.
pub(super) const IS_CALL: &str = "(outcome IS NOT 'transient' OR http_status IS NOT NULL)";

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    let (subject, kind): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let topic = match (subject.as_str(), kind.as_deref()) {
        ("event", Some("sale")) => Topic::Sale,
        ("event", _) => Topic::Event,
        ("alarm", _) => Topic::Alarm,
        ("finding", _) => Topic::Finding,
        _ => Topic::Digest,
    };
    let stage = match row.get(7)? {
        Some(carrier) => Stage::Bound { carrier },
        None => Stage::Fresh,
    };
    Ok(Waiting {
        id: row.get(0)?,
        topic,
        urgent: row.get(3)?,
        created_ms: row.get(4)?,
        not_before_ms: row.get(5)?,
        attempts: row.get(6)?,
        stage,
        merge_max: row.get(8)?,
    })
}

/// The last minute and the pauses, by carrier.
fn traffic(conn: &Connection, ask: &Ask) -> Result<BTreeMap<String, Traffic>, JournalError> {
    let now_ms = ask.now_ms;
    let mut traffic: BTreeMap<String, Traffic> = BTreeMap::new();
    // A request arrives before its answer does, so its end is when it arrived at the latest; and it
    // is given up long before it could have started an hour before its end.
    let mut recent = conn.prepare_cached(
        "SELECT max(started_ms, ifnull(finished_ms, started_ms)) AS ms FROM attempt
         WHERE carrier = ?1 AND started_ms > ?2 - ?4 AND started_ms < ?2 + ?3
           AND ms > ?2 - ?3 AND ms < ?2 + ?3",
    )?;
    for carrier in &ask.carriers {
        let mut rows = recent.query(params![carrier, now_ms, RECENT_MS, LONGEST_MS])?;
        while let Some(row) = rows.next()? {
            traffic.entry(carrier.clone()).or_default().recent_ms.push(row.get(0)?);
        }
    }
    let mut pauses = conn.prepare_cached(
        "SELECT carrier, max(pause_until_ms) FROM attempt
         WHERE pause_until_ms > ?1 AND pause_until_ms <= ?1 + ?2 GROUP BY carrier",
    )?;
    let mut rows = pauses.query(params![now_ms, MAX_AHEAD_MS])?;
    while let Some(row) = rows.next()? {
        let carrier: String = row.get(0)?;
        if ask.carriers.contains(&carrier) {
            traffic.entry(carrier).or_default().pause_until_ms = row.get(1)?;
        }
    }
    Ok(traffic)
}

/// Calls of the month and of the last seven days: attempts of robots, and what the Stream brought,
/// since one quota holds for both.
pub(super) fn calls(conn: &Connection, now_ms: i64, month_ms: i64) -> Result<Calls, JournalError> {
    let week_ms = now_ms - 7 * DAY_MS;
    let sql = format!(
        "SELECT ifnull(sum(a.started_ms >= ?1), 0), ifnull(sum(a.started_ms >= ?2), 0),
                ifnull(sum(a.started_ms >= ?2 AND a.urgent = 1), 0),
                min(iif(a.started_ms >= ?2, a.started_ms, NULL))
         FROM attempt a WHERE a.started_ms >= min(?1, ?2) AND {IS_CALL}"
    );
    let calls = conn.prepare_cached(&sql)?.query_row(params![month_ms, week_ms], counted)?;
    let sql = "SELECT ifnull(sum(at_ms >= ?1), 0), ifnull(sum(at_ms >= ?2), 0), 0,
                      min(iif(at_ms >= ?2, at_ms, NULL))
               FROM remembered WHERE at_ms >= min(?1, ?2)";
    let heard = conn.prepare_cached(sql)?.query_row(params![month_ms, week_ms], counted)?;
    Ok(Calls {
        month: calls.month + heard.month,
        week: calls.week + heard.week,
        week_urgent: calls.week_urgent,
        first_ms: calls.first_ms.into_iter().chain(heard.first_ms).min(),
    })
}

fn counted(row: &Row<'_>) -> rusqlite::Result<Calls> {
    Ok(Calls {
        month: row.get::<_, i64>(0)? as u64,
        week: row.get::<_, i64>(1)? as u64,
        week_urgent: row.get::<_, i64>(2)? as u64,
        first_ms: row.get(3)?,
    })
}

/// What these notices say, in the order asked for; one that is gone is left out.
pub(super) fn contents(conn: &Connection, ids: &[i64]) -> Result<Vec<Content>, JournalError> {
    let mut statement = conn.prepare_cached(
        "SELECT o.id, e.body, o.alarm, o.finding, o.msg_uuid, o.body
         FROM outbox o LEFT JOIN event e ON e.id = o.event_id WHERE o.id = ?1",
    )?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row = statement.query_row([id], |row| {
            let subject = match (row.get(1)?, row.get(2)?, row.get(3)?) {
                (Some(event), _, _) => Subject::Event(event),
                (None, Some(alarm), _) => Subject::Alarm(alarm),
                (None, None, Some(finding)) => Subject::Finding(finding),
                (None, None, None) => Subject::Digest,
            };
            let (uuid, body): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
            let frozen = uuid.zip(body).map(|(msg_uuid, body)| Frozen { msg_uuid, body });
            Ok(Content { id: row.get(0)?, subject, frozen })
        });
        found.extend(row.optional()?);
    }
    Ok(found)
}

/// The attempt's id; `None` when the notice is not queued, or bound to another carrier or request.
pub(super) fn begin(conn: &Connection, begin: &Begin) -> Result<Option<i64>, JournalError> {
    let Begin { outbox_id, carrier, frozen, now_ms } = begin;
    let claimed = conn
        .prepare_cached(
            "UPDATE outbox SET state = 'sending', carrier = ?2, msg_uuid = ?3, body = ?4,
                               attempts = attempts + 1
             WHERE id = ?1 AND state = 'queued'
               AND (carrier IS NULL OR (carrier = ?2 AND msg_uuid = ?3 AND body = ?4))",
        )?
        .execute(params![outbox_id, carrier, frozen.msg_uuid, frozen.body])?;
    if claimed == 0 {
        return Ok(None);
    }
    conn.prepare_cached(
        "INSERT INTO attempt (outbox_id, carrier, urgent, started_ms)
         SELECT id, ?2, urgent, ?3 FROM outbox WHERE id = ?1",
    )?
    .execute(params![outbox_id, carrier, now_ms])?;
    Ok(Some(conn.last_insert_rowid()))
}

pub(super) fn finish(conn: &Connection, finish: &Finish) -> Result<(), JournalError> {
    let (attempt, id) = (&finish.attempt, finish.outbox_id);
    let after_trouble = is_troubled(conn, attempt.attempt_id)?;
    conn.prepare_cached(
        "UPDATE attempt SET finished_ms = ?2, outcome = ?3, detail = ?4, http_status = ?5,
                            errcode = ?6, pause_until_ms = ?7 WHERE id = ?1",
    )?
    .execute(params![
        attempt.attempt_id,
        finish.finished_ms,
        attempt.outcome,
        attempt.detail,
        attempt.http_status,
        attempt.errcode,
        finish.pause_until_ms,
    ])?;
    if digest::is_digest(conn, id)? && digest::settle(conn, id, &finish.settle)? {
        return Ok(());
    }
    match &finish.settle {
        Settle::Delivered => {
            settle(conn, id, OutboxState::Delivered, None)?;
            if after_trouble {
                way_is_free(conn, id, finish.finished_ms)?;
            }
        }
        Settle::Dead { reason } => settle(conn, id, OutboxState::Dead, Some(reason))?,
        Settle::Park { reason } => {
            settle(conn, id, OutboxState::Parked, Some(reason))?;
            thaw(conn, id)?;
        }
        Settle::Queue { not_before_ms, same, reason } => {
            settle(conn, id, OutboxState::Queued, Some(reason))?;
            conn.execute(
                "UPDATE outbox SET not_before_ms = ?2 WHERE id = ?1",
                params![id, not_before_ms],
            )?;
            if !same {
                thaw(conn, id)?;
            }
        }
    }
    Ok(())
}

/// Whether the carrier's attempt before this one did not get through to DingTalk.
fn is_troubled(conn: &Connection, attempt_id: i64) -> Result<bool, JournalError> {
    let before: Option<Option<String>> = conn
        .prepare_cached(
            "SELECT a.outcome FROM attempt a
             WHERE a.id < ?1 AND a.carrier = (SELECT carrier FROM attempt WHERE id = ?1)
             ORDER BY a.started_ms DESC, a.id DESC LIMIT 1",
        )?
        .query_row([attempt_id], |row| row.get(0))
        .optional()?;
    let word = before.flatten();
    Ok(word.is_some_and(|word| ["transient", "unknown"].contains(&word.as_str())))
}

/// The first arrival after an outage: what else waits for the way need not wait on.
fn way_is_free(conn: &Connection, arrived: i64, now_ms: i64) -> Result<(), JournalError> {
    conn.prepare_cached(
        "UPDATE outbox SET not_before_ms = ?2
         WHERE state = 'queued' AND not_before_ms > ?2 AND attempts < ?3
           AND robot = (SELECT robot FROM outbox WHERE id = ?1)",
    )?
    .execute(params![arrived, now_ms, OWN_TROUBLE])?;
    Ok(())
}

pub(super) fn settle(
    conn: &Connection,
    id: i64,
    state: OutboxState,
    reason: Option<&str>,
) -> Result<(), JournalError> {
    conn.prepare_cached("UPDATE outbox SET state = ?2, reason = ?3 WHERE id = ?1")?
        .execute(params![id, state, reason])?;
    Ok(())
}

/// A definite refusal frees the next attempt to say it anew, by any carrier.
pub(super) fn thaw(conn: &Connection, id: i64) -> Result<(), JournalError> {
    conn.prepare_cached(
        "UPDATE outbox SET carrier = NULL, msg_uuid = NULL, body = NULL WHERE id = ?1",
    )?
    .execute([id])?;
    Ok(())
}

/// Parks what is queued for `robot`: all of it, or what is bound to one carrier of it. A digest
/// that was never sent is taken apart first.
pub(super) fn park(
    conn: &Connection,
    robot: &str,
    carrier: Option<&str>,
    reason: &str,
) -> Result<usize, JournalError> {
    digest::take_unsent_apart(conn, robot, carrier)?;
    let parked = conn
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', reason = ?3
             WHERE robot = ?1 AND state = 'queued' AND (?2 IS NULL OR carrier = ?2)",
        )?
        .execute(params![robot, carrier, reason])?;
    Ok(parked)
}

/// What a person is waited for with is due again.
pub(super) fn unpark(conn: &Connection, robot: &str, now_ms: i64) -> Result<usize, JournalError> {
    let unparked = conn
        .prepare_cached(
            "UPDATE outbox SET state = 'queued', not_before_ms = ?2
             WHERE robot = ?1 AND state = 'parked'",
        )?
        .execute(params![robot, now_ms])?;
    Ok(unparked)
}

/// Makes a dead letter of a notice that cannot be said. Only one that is queued and was not sent.
pub(super) fn bury(conn: &Connection, outbox_id: i64, reason: &str) -> Result<(), JournalError> {
    conn.prepare_cached(
        "UPDATE outbox SET state = 'dead', reason = ?2
         WHERE id = ?1 AND state = 'queued' AND carrier IS NULL AND subject <> 'digest'",
    )?
    .execute(params![outbox_id, reason])?;
    Ok(())
}
