//! What is carried over from a damaged file, whatever version it is of.

use rusqlite::Connection;

use super::salvage::carry_over;
use crate::journal::migrations::MIGRATIONS;
use crate::journal::samples::event;
use crate::journal::schema::open_writer;

/// Two sales' events; the second one's body is not what its id says.
fn events() -> String {
    let row = |seq: u64, body: &str| {
        let id = event(seq).id;
        format!(
            "INSERT INTO event (seq, id, source, kind, observed_at, number, total, currency, body,
                                decoder)
             VALUES ({seq}, '{id}', 'a', 'sale', 'now', '1', '1', 'HKD', '{body}', '0');"
        )
    };
    let body = |n| serde_json::to_string(&event(n)).expect("JSON");
    row(1, &body(1)) + &row(2, &body(1)) + &row(3, &body(3))
}

fn list(conn: &Connection, sql: &str) -> Vec<String> {
    let mut rows = conn.prepare(sql).expect("a statement");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("text")
}

const OUTBOX: &str = "SELECT concat_ws(' ', id, subject, state, ifnull(digest_id, '-'),
    ifnull(carrier, '-'), ifnull(msg_uuid, '-')) FROM outbox ORDER BY id";
const ATTEMPTS: &str = "SELECT concat_ws(' ', id, ifnull(outbox_id, '-'), carrier, urgent,
    outcome) FROM attempt ORDER BY id";

#[test]
fn a_digest_on_its_way_keeps_its_request_and_a_member_of_a_lost_one_is_queued() {
    let dir = tempfile::tempdir().expect("a directory");
    let aside = dir.path().join("old.db");
    let (old, _) = open_writer(&aside).expect("opens");
    let [one, three] = [1, 3].map(|n| event(n).id);
    let into = "INSERT INTO outbox (id, robot, subject, event_id, digest_id, state, urgent,
                carrier, msg_uuid, body, not_before_ms, created_ms) VALUES";
    old.execute_batch(&format!(
        "{}
         {into} (7, 'o', 'digest', NULL, NULL, 'queued', 0, 'more', 'u', '{{}}', 0, 0);
         {into} (8, 'o', 'digest', NULL, NULL, 'queued', 0, 'more', 'v', 'torn', 0, 0);
         {into} (9, 'o', 'digest', NULL, NULL, 'delivered', 0, 'o', 'w', '{{}}', 0, 0);
         {into} (1, 'o', 'event', '{one}', 7, 'merged', 0, NULL, NULL, NULL, 0, 0);
         {into} (2, 'o', 'event', '{three}', 8, 'merged', 0, NULL, NULL, NULL, 0, 0);
         INSERT INTO attempt VALUES (1, 7, 'more', 0, 1, 2, 'unknown', '', NULL, NULL, NULL);
         INSERT INTO attempt VALUES (2, 9, 'o', 1, 1, 2, 'delivered', '', 200, 0, NULL);",
        events()
    ))
    .expect("rows");
    drop(old);
    let (new, _) = open_writer(&dir.path().join("new.db")).expect("opens");
    let salvaged = carry_over(&aside, &new).expect("a journal");
    assert_eq!((salvaged.notices, salvaged.in_part), (3, true));
    let expected = ["1 event merged 7 - -", "2 event queued - - -", "7 digest queued - more u"];
    assert_eq!(list(&new, OUTBOX), expected);
    assert_eq!(list(&new, ATTEMPTS), ["1 7 more 0 unknown", "2 - o 1 delivered"]);
}

#[test]
fn a_file_of_schema_2_that_is_damaged_before_it_is_migrated_is_read_too() {
    let dir = tempfile::tempdir().expect("a directory");
    let aside = dir.path().join("old.db");
    let old = Connection::open(&aside).expect("a database");
    MIGRATIONS[..2].iter().for_each(|script| old.execute_batch(script).expect("schema 2"));
    let one = event(1).id;
    old.execute_batch(&format!(
        "{}
         INSERT INTO outbox VALUES (4, '{one}', 'o', 'sending', 1, 'u', 'b', 1, 8, 9, NULL);
         INSERT INTO attempt VALUES (5, 4, 1, 2, 'unknown', '', NULL, NULL, NULL);",
        events()
    ))
    .expect("rows");
    drop(old);
    let (new, _) = open_writer(&dir.path().join("new.db")).expect("opens");
    assert_eq!(carry_over(&aside, &new).expect("a journal").notices, 1);
    assert_eq!(list(&new, OUTBOX), ["4 event sending - o u"]);
    assert_eq!(list(&new, ATTEMPTS), ["5 4 o 1 unknown"]);
}

#[test]
fn what_was_asked_is_not_asked_again_after_the_damage() {
    let dir = tempfile::tempdir().expect("a directory");
    let aside = dir.path().join("old.db");
    let (old, _) = open_writer(&aside).expect("opens");
    old.execute_batch(
        "INSERT INTO matter VALUES (3, 'transfer/1', 'approval', 1, 'P1', '{}', 9, 8);
         INSERT INTO matter VALUES (4, 'date/1', 'date', 0, NULL, '{}', NULL, 8);",
    )
    .expect("rows");
    drop(old);
    let (new, _) = open_writer(&dir.path().join("new.db")).expect("opens");
    assert!(!carry_over(&aside, &new).expect("a journal").in_part);
    let matters = "SELECT concat_ws(' ', id, key, kind, open, ifnull(instance, '-'),
        ifnull(due_ms, '-')) FROM matter ORDER BY id";
    assert_eq!(list(&new, matters), ["3 transfer/1 approval 1 P1 9", "4 date/1 date 0 - -"]);
}

#[test]
fn a_call_that_is_made_again_after_the_damage_is_known() {
    let dir = tempfile::tempdir().expect("a directory");
    let aside = dir.path().join("old.db");
    let (old, _) = open_writer(&aside).expect("opens");
    old.execute_batch(
        "INSERT INTO hook VALUES (7, 'square', 'e-1', 'payment.updated', 'events', 9, X'7B7D');
         INSERT INTO hook VALUES (8, 'shopify', 'w-1', 'orders/paid', 'unknown', 9, X'7B7D');",
    )
    .expect("rows");
    drop(old);
    let (new, _) = open_writer(&dir.path().join("new.db")).expect("opens");
    assert!(!carry_over(&aside, &new).expect("a journal").in_part);
    let calls = "SELECT concat_ws(' ', id, scheme, delivery, became, length(body)) FROM hook
        ORDER BY id";
    assert_eq!(list(&new, calls), ["7 square e-1 events 0", "8 shopify w-1 unknown 0"]);
    let again = "INSERT INTO hook (scheme, delivery, topic, became, received_ms, body)
        VALUES ('square', 'e-1', 'payment.updated', 'events', 10, X'7B7D')
        ON CONFLICT (scheme, delivery) DO NOTHING";
    assert_eq!(new.execute(again, []).expect("a journal"), 0);
}
