//! Delivery's statements: what is due, an attempt's start and end, parking and burying. Every
//! function runs inside a transaction of the writer thread. When to try again is decided elsewhere.

use rusqlite::{Connection, OptionalExtension, params};

use super::delivery::{Due, Finish, Frozen, Look, Recovered, Settle};
use super::error::JournalError;
use super::record::OutboxState;

/// A time further ahead than this, in milliseconds, was set by a clock that has since jumped back:
/// it is not waited for. The longest honest wait is an hour's ban and its jitter.
const MAX_AHEAD_MS: i64 = 2 * 60 * 60 * 1000;

/// How far back, and after a clock jump ahead, attempts are reported, in milliseconds; what a
/// minute's budget needs.
const RECENT_MS: i64 = 60 * 1000;

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

pub(super) fn look(conn: &Connection, robot: &str, now_ms: i64) -> Result<Look, JournalError> {
    let mut due = conn.prepare_cached(
        "SELECT o.id, e.body, o.attempts, o.msg_uuid, o.body
         FROM outbox o JOIN event e ON e.id = o.event_id
         WHERE o.robot = ?1 AND o.state = 'queued'
           AND (o.not_before_ms <= ?2 OR o.not_before_ms > ?2 + ?3)
         ORDER BY o.urgent DESC, o.id LIMIT 1",
    )?;
    let due = due
        .query_row(params![robot, now_ms, MAX_AHEAD_MS], |row| {
            let (uuid, body): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
            let frozen = uuid.zip(body).map(|(msg_uuid, body)| Frozen { msg_uuid, body });
            Ok(Due { outbox_id: row.get(0)?, event: row.get(1)?, attempts: row.get(2)?, frozen })
        })
        .optional()?;
    let next_ms = conn
        .prepare_cached(
            "SELECT min(not_before_ms) FROM outbox
             WHERE robot = ?1 AND state = 'queued' AND not_before_ms > ?2",
        )?
        .query_row(params![robot, now_ms], |row| row.get(0))?;
    let mut recent = conn.prepare_cached(
        "SELECT a.started_ms FROM attempt a JOIN outbox o ON o.id = a.outbox_id
         WHERE o.robot = ?1 AND a.started_ms > ?2 - ?3 AND a.started_ms < ?2 + ?3",
    )?;
    let recent_ms = recent
        .query_map(params![robot, now_ms, RECENT_MS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let pause_until_ms = conn
        .prepare_cached(
            "SELECT max(a.pause_until_ms) FROM attempt a JOIN outbox o ON o.id = a.outbox_id
             WHERE o.robot = ?1 AND a.pause_until_ms > ?2 AND a.pause_until_ms <= ?2 + ?3",
        )?
        .query_row(params![robot, now_ms, MAX_AHEAD_MS], |row| row.get(0))?;
    Ok(Look { due, next_ms, recent_ms, pause_until_ms })
}

pub(super) fn begin(
    conn: &Connection,
    outbox_id: i64,
    frozen: &Frozen,
    now_ms: i64,
) -> Result<Option<i64>, JournalError> {
    let claimed = conn
        .prepare_cached(
            "UPDATE outbox SET state = 'sending', msg_uuid = ?2, body = ?3, attempts = attempts + 1
             WHERE id = ?1 AND state = 'queued'",
        )?
        .execute(params![outbox_id, frozen.msg_uuid, frozen.body])?;
    if claimed == 0 {
        return Ok(None);
    }
    conn.prepare_cached("INSERT INTO attempt (outbox_id, started_ms) VALUES (?1, ?2)")?
        .execute(params![outbox_id, now_ms])?;
    Ok(Some(conn.last_insert_rowid()))
}

pub(super) fn finish(conn: &Connection, finish: &Finish) -> Result<(), JournalError> {
    let attempt = &finish.attempt;
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
    let id = finish.outbox_id;
    match &finish.settle {
        Settle::Delivered => settle(conn, id, OutboxState::Delivered, None)?,
        Settle::Dead { reason } => settle(conn, id, OutboxState::Dead, Some(reason))?,
        Settle::Park { reason } => {
            settle(conn, id, OutboxState::Parked, Some(reason))?;
            thaw(conn, id)?;
            let robot: String =
                conn.query_one("SELECT robot FROM outbox WHERE id = ?1", [id], |row| row.get(0))?;
            park(conn, &robot, reason)?;
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

fn settle(
    conn: &Connection,
    id: i64,
    state: OutboxState,
    reason: Option<&str>,
) -> Result<(), JournalError> {
    conn.prepare_cached("UPDATE outbox SET state = ?2, reason = ?3 WHERE id = ?1")?
        .execute(params![id, state, reason])?;
    Ok(())
}

/// A definite refusal frees the next attempt to say it anew.
fn thaw(conn: &Connection, id: i64) -> Result<(), JournalError> {
    conn.prepare_cached("UPDATE outbox SET msg_uuid = NULL, body = NULL WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

pub(super) fn park(conn: &Connection, robot: &str, reason: &str) -> Result<usize, JournalError> {
    let parked = conn
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', reason = ?2
             WHERE robot = ?1 AND state = 'queued'",
        )?
        .execute(params![robot, reason])?;
    Ok(parked)
}

pub(super) fn bury(conn: &Connection, outbox_id: i64, reason: &str) -> Result<(), JournalError> {
    settle(conn, outbox_id, OutboxState::Dead, Some(reason))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{begin, bury, finish, look, park, recover};
    use crate::journal::schema::open_writer;
    use crate::journal::{Attempt, Due, Finish, Frozen, Recovered, Settle};

    const NOW: i64 = 1_795_233_682_000;

    /// A journal with one notice per (robot, urgent) pair, ids from 1.
    fn outbox(notices: &[(&str, bool)]) -> (tempfile::TempDir, Connection) {
        let dir = tempfile::tempdir().expect("a directory");
        let (conn, _) = open_writer(&dir.path().join("j.db")).expect("opens");
        for (index, (robot, urgent)) in notices.iter().enumerate() {
            conn.execute(
                "INSERT INTO event (id, source, kind, observed_at, body, decoder)
                 VALUES (?1, 's', 'sale', 'now', ?1, '0')",
                [index.to_string()],
            )
            .expect("an event");
            conn.execute(
                "INSERT INTO outbox (event_id, robot, state, urgent, not_before_ms, created_ms)
                 VALUES (?1, ?2, 'queued', ?3, ?4, ?4)",
                (index.to_string(), robot, urgent, NOW),
            )
            .expect("a notice");
        }
        (dir, conn)
    }

    fn frozen(uuid: &str) -> Frozen {
        Frozen { msg_uuid: uuid.into(), body: format!("body of {uuid}") }
    }

    fn due(conn: &Connection, now_ms: i64) -> Option<Due> {
        look(conn, "owner", now_ms).expect("a journal").due
    }

    fn start(conn: &Connection, id: i64, uuid: &str) -> i64 {
        begin(conn, id, &frozen(uuid), NOW).expect("a journal").expect("queued")
    }

    fn end(conn: &Connection, outbox_id: i64, attempt_id: i64, settle: Settle) {
        let attempt = Attempt {
            attempt_id,
            outcome: "word",
            detail: String::new(),
            http_status: Some(200),
            errcode: None,
        };
        let pause_until_ms = None;
        let end = Finish { outbox_id, attempt, finished_ms: NOW + 5, settle, pause_until_ms };
        finish(conn, &end).expect("a journal");
    }

    fn state(conn: &Connection, id: i64) -> String {
        let sql = "SELECT state || ' ' || ifnull(reason, '-') FROM outbox WHERE id = ?1";
        conn.query_one(sql, [id], |row| row.get(0)).expect("a notice")
    }

    #[test]
    fn urgent_goes_first_then_the_oldest() {
        let (_dir, conn) =
            outbox(&[("owner", false), ("other", true), ("owner", true), ("owner", true)]);
        let mut order = Vec::new();
        while let Some(due) = due(&conn, NOW) {
            let attempt = start(&conn, due.outbox_id, "u");
            end(&conn, due.outbox_id, attempt, Settle::Delivered);
            order.push(due.outbox_id);
        }
        assert_eq!(order, [3, 4, 1]);
        assert_eq!(state(&conn, 2), "queued -", "another robot's");
    }

    #[test]
    fn a_restart_finds_the_attempt_and_repeats_the_same_request() {
        let (_dir, conn) = outbox(&[("owner", false)]);
        start(&conn, 1, "u-1");
        assert_eq!(due(&conn, NOW), None, "it is being sent");
        assert_eq!(
            recover(&conn, NOW + 9).expect("a journal"),
            Recovered { unknown: 1, unparked: 0 }
        );
        let again = due(&conn, NOW + 9).expect("due at once");
        assert_eq!((again.frozen, again.attempts), (Some(frozen("u-1")), 1));
        let sql = "SELECT outcome, finished_ms FROM attempt";
        let row = conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row, Ok(("unknown".to_owned(), NOW + 9)));
        assert_eq!(recover(&conn, NOW + 10).expect("a journal"), Recovered::default());
    }

    #[test]
    fn a_repetition_is_the_same_and_a_refused_one_is_made_anew() {
        let (_dir, conn) = outbox(&[("owner", false)]);
        let queue = |same| Settle::Queue { not_before_ms: NOW + 2_000, same, reason: "why".into() };
        let attempt = start(&conn, 1, "u-1");
        end(&conn, 1, attempt, queue(true));
        let waiting = look(&conn, "owner", NOW + 1_999).expect("a journal");
        assert_eq!((waiting.due, waiting.next_ms), (None, Some(NOW + 2_000)));
        assert_eq!(due(&conn, NOW + 2_000).and_then(|due| due.frozen), Some(frozen("u-1")));
        let attempt = start(&conn, 1, "u-1");
        end(&conn, 1, attempt, queue(false));
        assert_eq!(due(&conn, NOW + 2_000).map(|due| (due.frozen, due.attempts)), Some((None, 2)));
        assert_eq!(state(&conn, 1), "queued why");
    }

    #[test]
    fn parking_takes_the_whole_queue_of_one_robot_and_a_restart_tries_it_again() {
        let (_dir, conn) = outbox(&[("owner", false), ("owner", true), ("other", false)]);
        let attempt = start(&conn, 1, "u-1");
        end(&conn, 1, attempt, Settle::Park { reason: "token".into() });
        let states = [1, 2, 3].map(|id| state(&conn, id));
        assert_eq!(states, ["parked token", "parked token", "queued -"]);
        assert_eq!(park(&conn, "owner", "token").expect("a journal"), 0);
        assert_eq!(
            recover(&conn, NOW + 9).expect("a journal"),
            Recovered { unknown: 0, unparked: 2 }
        );
        assert_eq!(due(&conn, NOW + 9).map(|due| due.outbox_id), Some(2));
    }

    #[test]
    fn a_dead_letter_stays_dead_and_keeps_its_reason() {
        let (_dir, conn) = outbox(&[("owner", false)]);
        bury(&conn, 1, "too long").expect("a journal");
        recover(&conn, NOW).expect("a journal");
        assert_eq!((due(&conn, NOW), state(&conn, 1)), (None, "dead too long".to_owned()));
        assert_eq!(begin(&conn, 1, &frozen("u"), NOW).expect("a journal"), None);
    }

    #[test]
    fn a_wait_set_by_a_clock_that_jumped_back_is_not_waited_for() {
        let (_dir, conn) = outbox(&[("owner", false)]);
        let year = 365 * 24 * 3_600_000;
        assert_eq!(due(&conn, NOW - 1_000), None, "a second is waited for");
        assert!(due(&conn, NOW - year).is_some(), "a year is not");
    }
}
