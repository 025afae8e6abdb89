//! What people and the bridge itself put into the outbox or take out of it.

use super::outbox_tests::{
    NOW, SALES, end, later, merged, outbox, queue, seen, start, state, states,
};
use super::{About, JournalReader, NewAlarm, OutboxState, Stage, verbs};

#[test]
fn an_alarm_is_queued_once_per_key_and_robot_and_is_urgent() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    let alarm = NewAlarm {
        robot: "owner".into(),
        key: "disk_low@7".into(),
        body: "{}".into(),
        created_ms: NOW,
    };
    assert!(verbs::raise(&conn, &alarm).expect("a journal"));
    assert!(!verbs::raise(&conn, &alarm).expect("a journal"));
    assert!(verbs::raise(&conn, &NewAlarm { robot: "x".into(), ..alarm }).expect("a journal"));
    assert_eq!(queue(&conn), [2, 1]);
}

#[test]
fn a_person_drops_what_waits_and_never_what_is_under_way_or_delivered() {
    let (_dir, conn) = outbox(&SALES);
    let id = merged(&conn);
    assert_eq!(verbs::drop_out(&conn, &[1, 4], "old").expect("a journal"), [4]);
    assert_eq!(state(&conn, 4), "dropped old");
    let attempt = start(&conn, id, "d");
    assert_eq!(verbs::drop_out(&conn, &[id], "old").expect("a journal"), [0; 0]);
    assert_eq!(verbs::retry(&conn, &[1, id], NOW).expect("a journal"), [0; 0]);
    end(&conn, id, attempt, later(true));
    assert_eq!(verbs::drop_out(&conn, &[id], "old").expect("a journal"), [id]);
    assert_eq!(states(&conn), ["dropped"; 5]);
    assert_eq!(verbs::retry(&conn, &[1, id], NOW).expect("a journal"), [1], "no digest twice");
}

#[test]
fn a_person_cuts_a_wait_short_and_the_unknown_stays_as_it_was() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    let attempt = start(&conn, 1, "u-1");
    end(&conn, 1, attempt, later(true));
    assert_eq!(verbs::retry(&conn, &[1], NOW).expect("a journal"), [1]);
    let waiting = seen(&conn, NOW).queue.remove(0);
    assert_eq!(waiting.not_before_ms, NOW);
    assert_eq!(waiting.stage, Stage::Bound { carrier: "owner".into() });
}

#[test]
fn a_person_sees_what_waits_and_what_was_tried() {
    let (dir, conn) = outbox(&SALES);
    let id = merged(&conn);
    let attempt = start(&conn, id, "d");
    end(&conn, id, attempt, later(true));
    let alarm = NewAlarm { robot: "x".into(), key: "k".into(), body: "{}".into(), created_ms: NOW };
    verbs::raise(&conn, &alarm).expect("a journal");
    let reader = JournalReader::open(&dir.path().join("j.db")).expect("opens");
    let ids = |robot| -> Vec<i64> {
        let rows = reader.undelivered(robot, 10).expect("reads");
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!((ids(None), ids(Some("x"))), (vec![1, 2, 3, 4, id, id + 1], vec![id + 1]));
    let digest = reader.notice(id).expect("reads").expect("there");
    assert_eq!((digest.about, digest.carrier.as_deref()), (About::Digest(3), Some("owner")));
    let told = reader.members(id).expect("reads");
    assert!(told.iter().all(|row| row.state == OutboxState::Merged && row.digest == Some(id)));
    assert_eq!(reader.request(id).expect("reads").as_deref(), Some("body of d"));
    assert_eq!(reader.request(1).expect("reads"), None);
    let attempts = reader.attempts(id).expect("reads");
    assert_eq!((attempts.len(), attempts[0].outcome.as_deref()), (1, Some("word")));
    assert_eq!(reader.notice(99).expect("reads"), None);
    let counts = reader.totals().expect("reads").outbox;
    let told: Vec<_> = counts.iter().map(|c| (c.robot.as_str(), c.state, c.count)).collect();
    let expected = [
        ("owner", OutboxState::Merged, 3),
        ("owner", OutboxState::Queued, 1),
        ("x", OutboxState::Queued, 1),
    ];
    assert_eq!(told, expected, "a digest is not a notice of its own");
}
