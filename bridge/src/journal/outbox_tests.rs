//! The outbox through its states.

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
    assert_eq!(recover(&conn, NOW + 9).expect("a journal"), Recovered { unknown: 1, unparked: 0 });
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
    assert_eq!(recover(&conn, NOW + 9).expect("a journal"), Recovered { unknown: 0, unparked: 2 });
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
