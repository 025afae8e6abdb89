//! Retention: what is old goes, what is needed stays, whatever the clock says.

use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pos_protocol::time::Timestamp;

use super::retention::{self, Pass};
use super::samples::{WHEN_MS, chunk, event_at, notice};
use super::{Batch, Chunk, Journal, JournalReader, Keep, NewNotice, OutboxState, SessionRow};
use crate::clock::Clock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const KEEP: Keep = Keep { days: 30, max_bytes: u64::MAX };
/// Longest wait for a thread.
const DEADLINE: Duration = Duration::from_secs(20);

fn opened(dir: &tempfile::TempDir) -> Journal {
    Journal::open(&dir.path().join("j.db")).expect("opens")
}

fn chunks(count: usize, epoch: u64, wall_ms: i64, bytes: usize) -> Batch {
    let at = Timestamp::new(5, wall_ms);
    let list = (0..count).map(|_| Chunk { at, ..chunk("a", epoch, &vec![7; bytes]) });
    Batch { chunks: list.collect(), ..Batch::default() }
}

fn session(epoch: u64, checkpoint: bool, printing: bool) -> Vec<SessionRow> {
    let checkpoint = checkpoint.then(|| b"{}".to_vec());
    vec![SessionRow { source: "a".into(), epoch, generation: "g".into(), checkpoint, printing }]
}

/// One whole pass; the rows it deleted, and the most that one step did.
fn pass(journal: &Journal, keep: Keep, now_ms: Option<i64>) -> (u64, u64) {
    let (mut pass, mut most) = (Pass::default(), 0);
    while pass.over().is_none() {
        let next = journal.with(move |conn| retention::step(conn, pass, keep, now_ms, None));
        let next = next.expect("a step");
        most = most.max(next.forgotten - pass.forgotten);
        pass = next;
    }
    (pass.forgotten, most)
}

fn ids(journal: &Journal) -> Vec<i64> {
    let read = |conn: &rusqlite::Connection| {
        let mut statement = conn.prepare("SELECT id FROM chunk ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    };
    journal.with(read).expect("reads")
}

#[test]
fn chunks_go_after_their_days_and_in_small_steps() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    journal.commit(chunks(1_000, 0, WHEN_MS, 10)).expect("commits");
    journal.commit(chunks(1_000, 0, WHEN_MS + DAY_MS, 10)).expect("commits");
    journal.commit(Batch { sessions: session(1, false, false), ..Batch::default() }).expect("ok");
    assert_eq!(pass(&journal, KEEP, Some(WHEN_MS + 30 * DAY_MS)).0, 0, "not a moment early");
    let (gone, most) = pass(&journal, KEEP, Some(WHEN_MS + 30 * DAY_MS + 1));
    assert_eq!((gone, ids(&journal)[0]), (1_000, 1_001));
    assert!(most <= 256, "{most} in one step");
}

#[test]
fn what_a_session_needs_stays_however_old_it_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    let later = Some(WHEN_MS + 1_000 * DAY_MS);
    let with = |count, checkpoint, printing| {
        let sessions = session(0, checkpoint, printing);
        journal.commit(Batch { sessions, ..chunks(count, 0, WHEN_MS, 10) }).expect("commits");
    };
    with(300, false, false);
    assert_eq!(pass(&journal, KEEP, later).0, 0, "without a checkpoint all is replayed");
    with(100, true, true);
    with(1_000, true, true);
    pass(&journal, KEEP, later);
    assert_eq!(ids(&journal)[0], 301, "a paper is open since then");
    with(1, false, false);
    pass(&journal, KEEP, later);
    assert_eq!(ids(&journal)[0], 1_401 - 255, "the newest of the epoch, the checkpoint is later");
    with(300, false, false);
    pass(&journal, KEEP, later);
    assert_eq!(ids(&journal)[0], 1_401, "after the checkpoint all is replayed");
    let sized = Keep { max_bytes: 0, ..KEEP };
    pass(&journal, sized, later);
    assert_eq!(ids(&journal)[0], 1_401, "the size cap is no exception");
}

#[test]
fn what_is_not_delivered_stays_and_what_is_told_goes_with_its_attempts() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    let events: Vec<_> = (0..5).map(|n| event_at(n, WHEN_MS)).collect();
    let created_ms = WHEN_MS;
    let notices =
        events.iter().take(4).map(|e| NewNotice { created_ms, ..notice(e, "owner") }).collect();
    journal.commit(Batch { events, notices, ..Batch::default() }).expect("commits");
    journal
        .with(|conn| {
            for (id, state) in [(1, "delivered"), (2, "parked"), (3, "dead"), (4, "sending")] {
                conn.execute("UPDATE outbox SET state = ?2 WHERE id = ?1", (id, state))?;
                let sql = "INSERT INTO attempt (outbox_id, carrier, urgent, started_ms)
                           VALUES (?1, 'owner', 0, ?2)";
                conn.execute(sql, (id, WHEN_MS))?;
            }
            Ok(())
        })
        .expect("set");
    let (gone, _) = pass(&journal, KEEP, Some(WHEN_MS + 90 * DAY_MS + 1));
    assert_eq!(gone, 4, "a notice, its call, and two events: its own, and one that told nobody");
    let path = dir.path().join("j.db");
    let reader = JournalReader::open(&path).expect("opens");
    assert_eq!(reader.events(0, 10).expect("reads").len(), 3);
    for state in [OutboxState::Parked, OutboxState::Dead, OutboxState::Sending] {
        assert_eq!(reader.outbox(state, 10).expect("reads").len(), 1, "{state}");
    }
    let count = |conn: &rusqlite::Connection| {
        Ok(conn.query_one("SELECT count(*) FROM attempt", [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(journal.with(count).expect("reads"), 3);
}

#[test]
fn the_size_cap_takes_notices_and_digests_and_leaves_the_months_calls() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    journal
        .with(|conn| {
            conn.execute_batch(&format!(
                "INSERT INTO event (id, source, kind, observed_at, body, decoder)
                     VALUES ('e', 's', 'sale', '2026-11-21T04:00:00Z', 'b', '0');
                 INSERT INTO outbox (id, robot, subject, state, urgent, not_before_ms, created_ms)
                     VALUES (2, 'owner', 'digest', 'delivered', 0, {WHEN_MS}, {WHEN_MS});
                 INSERT INTO outbox (id, robot, subject, event_id, digest_id, state, urgent,
                                     not_before_ms, created_ms)
                     VALUES (1, 'owner', 'event', 'e', 2, 'delivered', 0, {WHEN_MS}, {WHEN_MS});
                 INSERT INTO attempt (outbox_id, carrier, urgent, started_ms, finished_ms, outcome,
                                      detail)
                     VALUES (2, 'owner', 0, {WHEN_MS}, {WHEN_MS}, 'delivered', 'words');
                 WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 10002)
                 INSERT INTO outbox (id, robot, subject, alarm, alarm_key, state, urgent,
                                     not_before_ms, created_ms)
                     SELECT i, 'owner', 'alarm', '{{}}', i, 'delivered', 1, {WHEN_MS}, {WHEN_MS}
                     FROM n;"
            ))?;
            Ok(())
        })
        .expect("filled");
    let sized = Keep { max_bytes: 0, ..KEEP };
    pass(&journal, sized, Some(WHEN_MS + 61 * DAY_MS));
    let left = |journal: &Journal| {
        let count = |conn: &rusqlite::Connection| {
            let sql = "SELECT (SELECT count(*) FROM outbox), count(*), count(detail) FROM attempt";
            Ok(conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
        };
        journal.with(count).expect("reads")
    };
    assert_eq!(left(&journal), (10_000_i64, 1_i64, 0_i64), "the call without its words");
    pass(&journal, sized, Some(WHEN_MS + 62 * DAY_MS + 1));
    assert_eq!(left(&journal).1, 0, "two months later it counts no more");
}

#[test]
fn a_chunk_of_a_clock_that_was_not_set_is_as_old_as_the_next_that_was() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    for wall in [0, WHEN_MS, 0, WHEN_MS + 60 * DAY_MS, 4_102_444_800_000] {
        journal.commit(chunks(1, 0, wall, 10)).expect("commits");
    }
    assert_eq!(pass(&journal, KEEP, None).0, 0, "a clock that is not believed forgets nothing");
    assert_eq!(pass(&journal, KEEP, Some(WHEN_MS + 61 * DAY_MS)).0, 2);
    assert_eq!(ids(&journal), [3, 4, 5]);
}

#[test]
fn a_file_that_is_too_large_loses_its_oldest_chunks_and_shrinks() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    for _ in 0..24 {
        journal.commit(chunks(64, 0, WHEN_MS, 16 * 1024)).expect("commits");
    }
    let path = dir.path().join("j.db");
    let size = |path: &Path| path.metadata().expect("a file").len();
    let keep = Keep { max_bytes: 24 * 1024 * 1024, ..KEEP };
    let (gone, _) = pass(&journal, keep, None);
    let left = ids(&journal);
    assert_eq!((left.len() as u64 + gone, left[left.len() - 1]), (24 * 64, 24 * 64));
    assert!(gone > 256 && left.len() > 256, "as many as needed, not more: {gone}");
    assert_eq!(left[0], gone as i64 + 1, "the oldest went");
    drop(journal);
    assert!(size(&path) <= keep.max_bytes, "{} bytes", size(&path));
}

#[test]
fn a_commit_waits_for_one_step_at_most_while_much_is_forgotten() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = opened(&dir);
    let old = WHEN_MS - 20 * DAY_MS;
    for _ in 0..20 {
        journal.commit(chunks(500, 0, old, 4 * 1024)).expect("commits");
    }
    journal.commit(Batch { sessions: session(1, false, false), ..Batch::default() }).expect("ok");
    let (told, ear) = mpsc::channel();
    let clock = Clock::parse("origin=2027-01-31T00:00:00Z,rate=100000").expect("a clock");
    let keep = Keep { days: 30, max_bytes: u64::MAX };
    journal.look_after(keep, clock, None).expect("starts");
    let started = Instant::now();
    let mut slowest = Duration::ZERO;
    while ids(&journal).len() > 100 {
        let begun = Instant::now();
        journal.commit(Batch::default()).expect("commits");
        slowest = slowest.max(begun.elapsed());
        assert!(started.elapsed() < DEADLINE, "{} chunks are left", ids(&journal).len());
        told.send(()).expect("counted");
    }
    let commits = ear.try_iter().count();
    assert!(commits > 20, "{commits} commits in between, the slowest in {slowest:?}");
}
