//! The journal's property: whatever order commits, deliveries, crashes, full disks, forgetting and
//! clock jumps come in, it agrees with a model in memory that can do none of these wrong.
//!
//! `POSBRIDGE_JOURNAL_CASES` asks for more cases than the ordinary run has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pos_protocol::time::Timestamp;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::model_outbox::{Outbox, Row, What};
use super::model_steps::{Step, steps};
use super::plausible::{EARLIEST_MS, Trust};
use super::retention::{self, Pass};
use super::samples::{WHEN_MS, chunk, crashed_copy, event_at, notice};
use super::{Batch, Chunk, Cursor, Journal, JournalReader, Keep, OutboxState, SessionRow};

const CASES: u32 = 32;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const KEEP_DAYS: i64 = 30;
const TOLD_DAYS: i64 = 90;

/// The journal and what should be in it.
pub(super) struct World {
    dir: tempfile::TempDir,
    pub(super) journal: Journal,
    pub(super) runtime: Runtime,
    /// True time since the start, and how far the wall clock is off it.
    passed_ms: i64,
    off_ms: i64,
    trust: Trust,
    unlimited: u32,
    bytes: u64,
    cursor: u64,
    chunks: BTreeMap<i64, i64>,
    last_chunk: i64,
    /// The state covers chunks up to this one; without one the whole epoch is replayed.
    checkpoint: Option<i64>,
    open_from: Option<i64>,
    events: BTreeMap<u64, i64>,
    pub(super) alarms: BTreeSet<u8>,
    pub(super) outbox: Outbox,
    /// Requests made so far: each fresh one has a key of its own.
    pub(super) requests: u32,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let unlimited = journal.limit_pages(0);
        Self {
            dir,
            journal,
            runtime: tokio::runtime::Builder::new_current_thread().build().expect("a runtime"),
            passed_ms: 0,
            off_ms: 0,
            trust: Trust::default(),
            unlimited,
            bytes: 0,
            cursor: 0,
            chunks: BTreeMap::new(),
            last_chunk: 0,
            checkpoint: None,
            open_from: None,
            events: BTreeMap::new(),
            alarms: BTreeSet::new(),
            outbox: Outbox::default(),
            requests: 0,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("j.db")
    }

    fn now(&self) -> Timestamp {
        let wall = WHEN_MS + self.passed_ms + self.off_ms;
        Timestamp::new(self.passed_ms as u64 * 1_000_000, wall)
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.now().wall.as_millisecond()
    }

    fn apply(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Commit { chunks, bytes, events, checkpoint, printing } => {
                self.commit(chunks, bytes, &events, checkpoint, printing)?;
            }
            Step::Deliver { nth, end } => self.deliver(nth, end)?,
            Step::Merge(counts) => self.merge(counts)?,
            Step::Alarm(key) => self.alarm(key)?,
            Step::Park => self.park(true)?,
            Step::Unpark => self.park(false)?,
            Step::Retry(id) => self.by_hand(id, true)?,
            Step::Drop(id) => self.by_hand(id, false)?,
            Step::Crash => {
                let next = tempfile::tempdir().expect("a directory");
                crashed_copy(self.dir.path(), next.path());
                self.reopen(Some(next))?;
            }
            Step::Reopen => self.reopen(None)?,
            Step::Forget { by_size } => self.forget(by_size)?,
            Step::Full(full) => {
                self.journal.limit_pages(if full { 1 } else { self.unlimited });
            }
            Step::Wait { hours } => self.passed_ms += hours * 3_600_000,
            Step::Jump { days } => self.off_ms += days * DAY_MS,
        }
        Ok(())
    }

    fn commit(
        &mut self,
        chunks: usize,
        bytes: usize,
        events: &[u64],
        checkpoint: bool,
        printing: bool,
    ) -> Result<(), TestCaseError> {
        let (at, wall) = (self.now(), self.now_ms());
        let list: Vec<_> = events.iter().map(|n| event_at(*n, wall)).collect();
        let batch = Batch {
            chunks: (0..chunks).map(|_| Chunk { at, ..chunk("a", 0, &vec![7; bytes]) }).collect(),
            notices: list
                .iter()
                .map(|e| super::NewNotice { created_ms: wall, ..notice(e, "owner") })
                .collect(),
            events: list,
            sessions: vec![SessionRow {
                source: "a".into(),
                epoch: 0,
                generation: "g".into(),
                checkpoint: checkpoint.then(|| b"{}".to_vec()),
                printing,
            }],
            cursor: Some(Cursor { generation: "g".into(), position: self.cursor + 1 }),
            shop: None,
        };
        let new: BTreeSet<u64> =
            events.iter().copied().filter(|n| !self.events.contains_key(n)).collect();
        let Ok(done) = self.journal.commit(batch) else { return Ok(()) };
        prop_assert_eq!(done.new_events, new.len());
        let before = self.last_chunk;
        self.last_chunk += chunks as i64;
        prop_assert_eq!(done.last_chunk_id, self.last_chunk);
        self.chunks.extend((before + 1..=self.last_chunk).map(|id| (id, wall)));
        self.bytes += (chunks * bytes) as u64;
        self.cursor += 1;
        if checkpoint {
            self.checkpoint = Some(self.last_chunk);
        }
        self.open_from = printing.then(|| self.open_from.unwrap_or(before + 1));
        // In the order of the batch: the first mention counts.
        let (mut left, mut ids) = (new, self.new_ids().into_iter());
        for number in events.iter().filter(|n| left.remove(n)) {
            self.events.insert(*number, wall);
            let id = ids.next().expect("a row for each new event");
            self.outbox.add(id, What::Event(*number), wall);
        }
        Ok(())
    }

    /// Ends without or with a clean close, and takes up what was left.
    fn reopen(&mut self, crashed: Option<tempfile::TempDir>) -> Result<(), TestCaseError> {
        // The old journal must be closed before its directory goes, and before it is opened again.
        let elsewhere = tempfile::tempdir().expect("a directory");
        let parked = Journal::open(&elsewhere.path().join("j.db")).expect("opens");
        drop(std::mem::replace(&mut self.journal, parked));
        if let Some(dir) = crashed {
            self.dir = dir;
        }
        self.journal = Journal::open(&self.path()).expect("opens");
        self.trust = Trust::default();
        prop_assert_eq!(self.journal.trouble(), None);
        let expected = self.outbox.recover();
        let recovered = self.runtime.block_on(self.journal.recover(self.now_ms()));
        prop_assert_eq!(recovered.expect("reads"), expected);
        Ok(())
    }

    fn forget(&mut self, by_size: bool) -> Result<(), TestCaseError> {
        let newest = self.journal.with(retention::newest_ms).expect("reads");
        let (now, now_ms) = (self.now(), self.now_ms());
        let believed = self.trust.judge(now, newest);
        let max_bytes = if by_size { 0 } else { u64::MAX };
        let keep = Keep { days: KEEP_DAYS as u32, max_bytes };
        let mut pass = Pass::default();
        while pass.over().is_none() {
            let at = believed.then_some(now_ms);
            let Ok(next) =
                self.journal.with(move |conn| retention::step(conn, pass, keep, at, None))
            else {
                break;
            };
            prop_assert_ne!(next, pass, "a step that does nothing would be the last for ever");
            pass = next;
        }
        self.check_forgotten(believed, by_size, now_ms)
    }

    /// What is gone was old by a clock that could be believed, or too much; and nobody needs it.
    fn check_forgotten(
        &mut self,
        believed: bool,
        by_size: bool,
        now_ms: i64,
    ) -> Result<(), TestCaseError> {
        let left: BTreeSet<i64> = self.ids("SELECT id FROM chunk");
        let gone: Vec<i64> = self.chunks.keys().copied().filter(|id| !left.contains(id)).collect();
        for id in gone {
            let wall = self.chunks.remove(&id).expect("it was there");
            let unknown = !(EARLIEST_MS..=now_ms).contains(&wall);
            let old = unknown || wall < now_ms - KEEP_DAYS * DAY_MS;
            prop_assert!(by_size || (believed && old), "chunk {} of {} at {}", id, wall, now_ms);
            prop_assert!(self.checkpoint.is_some_and(|covers| id <= covers), "replayed");
            prop_assert!(self.open_from.is_none_or(|open| id < open), "a paper being printed");
        }
        let left = self.ids("SELECT id FROM outbox");
        let gone: Vec<i64> =
            self.outbox.rows.keys().copied().filter(|id| !left.contains(id)).collect();
        for id in gone {
            let row = self.outbox.rows.remove(&id).expect("it was there");
            prop_assert!([OutboxState::Delivered, OutboxState::Dropped].contains(&row.state));
            prop_assert!(believed && told_long_ago(row.created_ms, now_ms), "{:?}", row);
            for member in self.outbox.rows.values_mut().filter(|row| row.digest == Some(id)) {
                member.digest = None;
            }
        }
        let left = self.ids("SELECT CAST(number AS INTEGER) FROM event");
        let gone: Vec<u64> =
            self.events.keys().copied().filter(|n| !left.contains(&(*n as i64))).collect();
        for number in gone {
            let wall = self.events.remove(&number).expect("it was there");
            prop_assert!(self.outbox.of_event(number).is_none(), "its notice needs it");
            prop_assert!(believed && told_long_ago(wall, now_ms));
        }
        // An alarm's key may come again once its row is forgotten.
        let keys =
            self.ids("SELECT CAST(alarm_key AS INTEGER) FROM outbox WHERE subject = 'alarm'");
        self.alarms.retain(|key| keys.contains(&i64::from(*key)));
        Ok(())
    }

    /// Rows that the model does not know yet, in order. Ids only grow; a refused insert leaves a gap.
    pub(super) fn new_ids(&self) -> Vec<i64> {
        let all = self.ids("SELECT id FROM outbox");
        all.into_iter().filter(|id| *id > self.outbox.last).collect()
    }

    fn ids(&self, sql: &'static str) -> BTreeSet<i64> {
        let read = move |conn: &rusqlite::Connection| {
            let mut statement = conn.prepare(sql)?;
            let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(ids)
        };
        self.journal.with(read).expect("reads")
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let reader = JournalReader::open(&self.path()).expect("opens");
        let totals = reader.totals().expect("reads");
        prop_assert_eq!(totals.journalled_bytes.values().sum::<u64>(), self.bytes);
        let cursor = self.journal.cursor().expect("reads").map_or(0, |c| c.position);
        prop_assert_eq!(cursor, self.cursor, "it never goes back");
        prop_assert_eq!(self.ids("SELECT id FROM chunk"), self.chunks.keys().copied().collect());
        let events: BTreeSet<i64> = self.events.keys().map(|n| *n as i64).collect();
        prop_assert_eq!(self.ids("SELECT CAST(number AS INTEGER) FROM event"), events);
        prop_assert_eq!(&self.rows(), &self.outbox.rows, "no notice twice, none lost");
        prop_assert!(self.outbox.is_whole());
        Ok(())
    }

    /// The outbox as it is on disk.
    fn rows(&self) -> BTreeMap<i64, Row> {
        let rows = self.journal.with(|conn| {
            let mut statement = conn.prepare(
                "SELECT o.id, o.subject, e.number, o.state, o.created_ms, o.attempts, o.carrier,
                        o.msg_uuid, o.digest_id,
                        (SELECT count(*) FROM attempt WHERE outbox_id = o.id)
                 FROM outbox o LEFT JOIN event e ON e.id = o.event_id",
            )?;
            let rows = statement.query_map([], |row| {
                let (sends, attempts): (i64, i64) = (row.get(5)?, row.get(9)?);
                assert_eq!(sends, attempts, "every send is explained");
                let number = row.get::<_, Option<String>>(2)?.map(|n| n.parse().expect("a number"));
                let what = match row.get::<_, String>(1)?.as_str() {
                    "event" => What::Event(number.expect("a number")),
                    "alarm" => What::Alarm,
                    _ => What::Digest,
                };
                let carrier: Option<String> = row.get(6)?;
                let bound = carrier.zip(row.get(7)?);
                let (state, created_ms, digest) = (row.get(3)?, row.get(4)?, row.get(8)?);
                Ok((row.get(0)?, Row { what, state, created_ms, sends, bound, digest }))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        });
        rows.expect("reads")
    }
}

/// Whether a row of this time is old enough to go, or of a time that cannot be right.
fn told_long_ago(created_ms: i64, now_ms: i64) -> bool {
    let unknown = !(EARLIEST_MS..=now_ms).contains(&created_ms);
    unknown || created_ms < now_ms - TOLD_DAYS * DAY_MS
}

fn cases() -> u32 {
    std::env::var("POSBRIDGE_JOURNAL_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn the_journal_agrees_with_its_model_whatever_happens(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.apply(step)?;
            world.check()?;
        }
    }
}
