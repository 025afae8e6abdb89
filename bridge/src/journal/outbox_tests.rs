//! The outbox through its states.

use rusqlite::Connection;

use super::delivery::{
    Ask, Attempt, Begin, Calls, Finish, Frozen, Look, Part, Recovered, Settle, Stage,
};
use super::outbox::{begin, bury, calls, finish, look, park, recover, unpark};
use super::remembered::remember;
use super::schema::open_writer;
use super::{digest, verbs};

pub(super) const NOW: i64 = 1_795_233_682_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A journal with one sale per (robot, urgent) pair, ids from 1.
pub(super) fn outbox(notices: &[(&str, bool)]) -> (tempfile::TempDir, Connection) {
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
            "INSERT INTO outbox (subject, event_id, robot, state, urgent, not_before_ms, created_ms)
             VALUES ('event', ?1, ?2, 'queued', ?3, ?4, ?4)",
            (index.to_string(), robot, urgent, NOW),
        )
        .expect("a notice");
    }
    (dir, conn)
}

fn frozen(uuid: &str) -> Frozen {
    Frozen { msg_uuid: uuid.into(), body: format!("body of {uuid}") }
}

pub(super) fn seen(conn: &Connection, now_ms: i64) -> Look {
    let (robot, carriers) = ("owner".into(), vec!["owner".into(), "more".into()]);
    let ask = Ask { robot, carriers, now_ms, month_ms: NOW - DAY_MS };
    let calls = calls(conn, now_ms, ask.month_ms).expect("a journal");
    look(conn, &ask, calls).expect("a journal")
}

pub(super) fn queue(conn: &Connection) -> Vec<i64> {
    seen(conn, NOW).queue.iter().map(|waiting| waiting.id).collect()
}

fn start_by(conn: &Connection, id: i64, carrier: &str, uuid: &str, now_ms: i64) -> Option<i64> {
    let carrier = carrier.to_owned();
    let start = Begin { outbox_id: id, carrier, frozen: frozen(uuid), now_ms };
    begin(conn, &start).expect("a journal")
}

pub(super) fn start(conn: &Connection, id: i64, uuid: &str) -> i64 {
    start_by(conn, id, "owner", uuid, NOW).expect("queued")
}

fn end_as(
    conn: &Connection,
    outbox_id: i64,
    attempt_id: i64,
    outcome: &'static str,
    settle: Settle,
) {
    let detail = String::new();
    let http_status = (outcome != "transient").then_some(200);
    let attempt = Attempt { attempt_id, outcome, detail, http_status, errcode: None };
    let pause_until_ms = None;
    let end = Finish { outbox_id, attempt, finished_ms: NOW + 5, settle, pause_until_ms };
    finish(conn, &end).expect("a journal");
}

pub(super) fn end(conn: &Connection, outbox_id: i64, attempt_id: i64, settle: Settle) {
    end_as(conn, outbox_id, attempt_id, "word", settle);
}

pub(super) fn later(same: bool) -> Settle {
    Settle::Queue { not_before_ms: NOW + 60_000, same, reason: "why".into() }
}

pub(super) fn state(conn: &Connection, id: i64) -> String {
    let sql = "SELECT state || ' ' || ifnull(reason, '-') FROM outbox WHERE id = ?1";
    conn.query_one(sql, [id], |row| row.get(0)).expect("a notice")
}

pub(super) fn states(conn: &Connection) -> Vec<String> {
    let mut rows = conn.prepare("SELECT state FROM outbox ORDER BY id").expect("a statement");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("words")
}

fn part(members: &[i64], uuid: &str) -> Part {
    Part { members: members.to_vec(), frozen: frozen(uuid) }
}

/// A digest of the first three of `owner`'s sales; its id.
pub(super) fn merged(conn: &Connection) -> i64 {
    let parts = [part(&[1, 2, 3], "d")];
    assert!(digest::merge(conn, "owner", "owner", &parts, NOW).expect("a journal"));
    conn.last_insert_rowid()
}

pub(super) const SALES: [(&str, bool); 4] =
    [("owner", false), ("owner", false), ("owner", false), ("owner", false)];

#[test]
fn a_queue_is_urgent_first_then_oldest_first_and_its_own() {
    let (_dir, conn) =
        outbox(&[("owner", false), ("other", true), ("owner", true), ("owner", true)]);
    assert_eq!(queue(&conn), [3, 4, 1]);
}

#[test]
fn a_restart_finds_the_attempt_and_repeats_the_same_request_by_the_same_robot() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    start_by(&conn, 1, "more", "u-1", NOW).expect("queued");
    assert_eq!(queue(&conn), [0; 0], "it is being sent");
    let found = recover(&conn, NOW + 9).expect("a journal");
    assert_eq!(found, Recovered { unknown: 1, unparked: 0 });
    let again = &seen(&conn, NOW + 9).queue[0];
    assert_eq!((&again.stage, again.attempts), (&Stage::Bound { carrier: "more".into() }, 1));
    assert_eq!(start_by(&conn, 1, "owner", "u-1", NOW), None, "another robot");
    assert_eq!(start_by(&conn, 1, "more", "u-2", NOW), None, "another request");
    assert!(start_by(&conn, 1, "more", "u-1", NOW).is_some());
    let sql = "SELECT outcome, finished_ms FROM attempt WHERE id = 1";
    let row = conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(row, Ok(("unknown".to_owned(), NOW + 9)));
}

#[test]
fn a_repetition_is_the_same_and_a_refused_one_is_made_anew() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    let attempt = start(&conn, 1, "u-1");
    end(&conn, 1, attempt, later(true));
    let bound = Stage::Bound { carrier: "owner".into() };
    let waiting = seen(&conn, NOW).queue.remove(0);
    assert_eq!((waiting.stage, waiting.not_before_ms), (bound, NOW + 60_000));
    let content = super::outbox::contents(&conn, &[1]).expect("a journal").remove(0);
    assert_eq!(content.frozen, Some(frozen("u-1")));
    let attempt = start(&conn, 1, "u-1");
    end(&conn, 1, attempt, later(false));
    let waiting = seen(&conn, NOW).queue.remove(0);
    assert_eq!((waiting.stage, waiting.attempts), (Stage::Fresh, 2));
    assert_eq!(state(&conn, 1), "queued why");
}

#[test]
fn parking_takes_one_robots_queue_or_what_one_carrier_holds() {
    let (_dir, conn) = outbox(&[("owner", false), ("owner", true), ("other", false)]);
    let attempt = start_by(&conn, 1, "more", "u-1", NOW).expect("queued");
    end(&conn, 1, attempt, later(true));
    assert_eq!(park(&conn, "owner", Some("more"), "token").expect("a journal"), 1);
    assert_eq!(park(&conn, "owner", None, "both").expect("a journal"), 1);
    let all = [1, 2, 3].map(|id| state(&conn, id));
    assert_eq!(all, ["parked token", "parked both", "queued -"]);
    assert_eq!(unpark(&conn, "owner", NOW).expect("a journal"), 2);
    let stage = &seen(&conn, NOW).queue[1].stage;
    assert_eq!(stage, &Stage::Bound { carrier: "more".into() }, "it may have arrived");
}

#[test]
fn what_is_bound_to_a_robot_that_is_gone_is_free_again() {
    let (_dir, conn) = outbox(&SALES);
    let attempt = start_by(&conn, 4, "more", "u-1", NOW).expect("queued");
    end(&conn, 4, attempt, later(true));
    let parts = [part(&[1, 2], "d")];
    assert!(digest::merge(&conn, "owner", "more", &parts, NOW).expect("a journal"));
    digest::release(&conn, "owner", &["owner".into(), "more".into()]).expect("a journal");
    assert_eq!(states(&conn), ["merged", "merged", "queued", "queued", "queued"]);
    digest::release(&conn, "owner", &["owner".into()]).expect("a journal");
    assert_eq!(states(&conn), ["queued", "queued", "queued", "queued", "dropped"]);
    assert!(seen(&conn, NOW).queue.iter().all(|waiting| waiting.stage == Stage::Fresh));
}

#[test]
fn a_dead_letter_stays_dead_until_a_person_tries_it_again() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    bury(&conn, 1, "too long").expect("a journal");
    recover(&conn, NOW).expect("a journal");
    assert_eq!((queue(&conn), state(&conn, 1)), (vec![], "dead too long".to_owned()));
    assert_eq!(start_by(&conn, 1, "owner", "u", NOW), None);
    assert_eq!(verbs::retry(&conn, &[1, 7], NOW).expect("a journal"), [1]);
    assert_eq!(queue(&conn), [1]);
}

#[test]
fn a_delivered_digest_delivers_its_members() {
    let (_dir, conn) = outbox(&SALES);
    let id = merged(&conn);
    assert_eq!(queue(&conn), [4, id]);
    let attempt = start(&conn, id, "d");
    assert_eq!(states(&conn)[..3], ["merged", "merged", "merged"]);
    end(&conn, id, attempt, later(true));
    assert_eq!(states(&conn)[..3], ["merged", "merged", "merged"], "it may have arrived");
    let attempt = start(&conn, id, "d");
    end(&conn, id, attempt, Settle::Delivered);
    assert_eq!(states(&conn), ["delivered", "delivered", "delivered", "queued", "delivered"]);
}

#[test]
fn a_refused_digest_is_taken_apart_with_those_that_were_to_follow_it() {
    let (_dir, conn) = outbox(&SALES);
    let parts = [part(&[1, 2], "d-1"), part(&[3, 4], "d-2")];
    assert!(digest::merge(&conn, "owner", "owner", &parts, NOW).expect("a journal"));
    let attempt = start(&conn, 5, "d-1");
    end(&conn, 5, attempt, later(false));
    assert_eq!(states(&conn), ["queued", "queued", "queued", "queued", "dropped", "dropped"]);
    let look = seen(&conn, NOW);
    let waits: Vec<i64> = look.queue.iter().map(|waiting| waiting.not_before_ms).collect();
    assert_eq!(waits, [NOW + 60_000, NOW + 60_000, NOW, NOW]);
    assert!(digest::merge(&conn, "owner", "owner", &parts, NOW).expect("a journal"), "again");
}

#[test]
fn a_digest_that_a_word_spoils_is_tried_in_halves() {
    let (_dir, conn) = outbox(&SALES);
    let id = merged(&conn);
    let attempt = start(&conn, id, "d");
    end(&conn, id, attempt, Settle::Dead { reason: "unsuitable".into() });
    assert_eq!(state(&conn, 1), "queued unsuitable");
    let most: Vec<_> = seen(&conn, NOW).queue.iter().map(|waiting| waiting.merge_max).collect();
    assert_eq!(most, [Some(1), Some(1), Some(1), None]);
}

#[test]
fn a_parked_digest_parks_its_members() {
    let (_dir, conn) = outbox(&SALES);
    let id = merged(&conn);
    let attempt = start(&conn, id, "d");
    end(&conn, id, attempt, Settle::Park { reason: "token".into() });
    park(&conn, "owner", None, "token").expect("a journal");
    assert_eq!(states(&conn), ["parked", "parked", "parked", "parked", "dropped"]);
}

#[test]
fn a_digest_takes_only_fresh_sales_of_its_queue() {
    let (_dir, conn) = outbox(&[("owner", false), ("owner", true), ("other", false)]);
    let refused = |members: &[i64]| {
        let parts = [part(members, "d")];
        !digest::merge(&conn, "owner", "owner", &parts, NOW).expect("a journal")
    };
    assert!(refused(&[1, 2]), "urgent");
    assert!(refused(&[1, 3]), "another robot's");
    assert!(refused(&[9]), "not there");
    let attempt = start(&conn, 1, "u");
    assert!(refused(&[1]), "being sent");
    end(&conn, 1, attempt, later(true));
    assert!(refused(&[1]), "bound");
    assert_eq!(states(&conn), ["queued", "queued", "queued"]);
}

#[test]
fn the_first_arrival_after_an_outage_cuts_the_other_waits_short() {
    let (_dir, conn) = outbox(&SALES);
    for id in [1, 2] {
        let attempt = start(&conn, id, "u");
        end_as(&conn, id, attempt, "transient", later(true));
    }
    for _ in 0..9 {
        let attempt = start(&conn, 3, "u");
        end_as(&conn, 3, attempt, "unknown", later(true));
    }
    let attempt = start(&conn, 1, "u");
    end_as(&conn, 1, attempt, "delivered", Settle::Delivered);
    let waits = |conn| -> Vec<i64> {
        seen(conn, NOW).queue.iter().map(|waiting| waiting.not_before_ms).collect()
    };
    assert_eq!(waits(&conn), [NOW + 5, NOW + 60_000, NOW], "one has a trouble of its own");
    let attempt = start(&conn, 2, "u");
    end_as(&conn, 2, attempt, "throttled", later(false));
    let attempt = start(&conn, 4, "u");
    end_as(&conn, 4, attempt, "delivered", Settle::Delivered);
    assert_eq!(waits(&conn), [NOW + 60_000, NOW + 60_000], "nobody was away");
}

#[test]
fn a_minute_and_a_pause_are_a_carriers_own_and_a_ban_is_everybodys() {
    let (_dir, conn) = outbox(&SALES);
    let attempt = start_by(&conn, 1, "more", "u", NOW - 70_000).expect("queued");
    let mut throttled = Finish {
        outbox_id: 1,
        attempt: Attempt {
            attempt_id: attempt,
            outcome: "throttled",
            detail: String::new(),
            http_status: Some(200),
            errcode: Some(660_026),
        },
        finished_ms: NOW - 50_000,
        settle: later(false),
        pause_until_ms: Some(NOW + 600_000),
    };
    finish(&conn, &throttled).expect("a journal");
    start(&conn, 2, "v");
    let look = seen(&conn, NOW);
    assert_eq!(look.traffic["more"].recent_ms, [NOW - 50_000], "it arrived by then");
    assert_eq!(look.traffic["more"].pause_until_ms, Some(NOW + 600_000));
    assert_eq!(look.traffic["owner"].recent_ms, [NOW]);
    assert_eq!((look.traffic["owner"].pause_until_ms, look.ban_until_ms), (None, None));
    throttled.attempt.outcome = "ip_banned";
    finish(&conn, &throttled).expect("a journal");
    assert_eq!(seen(&conn, NOW).ban_until_ms, Some(NOW + 600_000));
    assert_eq!(seen(&conn, NOW - 365 * DAY_MS).ban_until_ms, None, "a clock that was wrong");
}

#[test]
fn calls_are_those_that_found_the_way_of_whichever_robot() {
    let (_dir, conn) = outbox(&[("owner", false), ("other", true), ("owner", false)]);
    let attempt = start_by(&conn, 1, "owner", "u", NOW - 3 * DAY_MS).expect("queued");
    end_as(&conn, 1, attempt, "delivered", Settle::Delivered);
    start_by(&conn, 2, "other", "u", NOW).expect("queued");
    let attempt = start(&conn, 3, "u");
    end_as(&conn, 3, attempt, "transient", later(true));
    verbs::count_call(&conn, "owner", "delivered", "send-test", NOW).expect("a journal");
    let found = calls(&conn, NOW, NOW - DAY_MS).expect("a journal");
    let first_ms = Some(NOW - 3 * DAY_MS);
    assert_eq!(found, Calls { month: 2, week: 3, week_urgent: 2, first_ms });
    assert_eq!(seen(&conn, NOW).ordinary_ms, [0; 0], "urgent ones and other robots' are not");
}

#[test]
fn what_the_stream_brought_counts_against_the_month_as_a_call_does() {
    let (_dir, conn) = outbox(&[("owner", false)]);
    start_by(&conn, 1, "owner", "u", NOW).expect("queued");
    for (key, at_ms) in [("bot:1", NOW - 2 * DAY_MS), ("event:1", NOW), ("bot:2", NOW - 9 * DAY_MS)]
    {
        assert!(remember(&conn, key, at_ms).expect("a journal"));
    }
    assert!(!remember(&conn, "event:1", NOW).expect("a journal"), "it came again");
    let found = calls(&conn, NOW, NOW - DAY_MS).expect("a journal");
    let first_ms = Some(NOW - 2 * DAY_MS);
    assert_eq!(found, Calls { month: 2, week: 3, week_urgent: 0, first_ms });
}
