//! The journal's property: whatever order commits, deliveries, crashes, full disks, forgetting and
//! clock jumps come in, it agrees with a model in memory that can do none of these wrong.
//!
//! `POSBRIDGE_JOURNAL_CASES` asks for more cases than the ordinary run has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pos_protocol::time::Timestamp;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::plausible::{EARLIEST_MS, Trust};
use super::retention::{self, Pass};
use super::samples::{WHEN_MS, chunk, crashed_copy, event_at, notice};
use super::{
    Attempt, Batch, Chunk, Cursor, Finish, Frozen, Journal, JournalReader, Keep, OutboxState,
    Recovered, SessionRow, Settle,
};

const CASES: u32 = 32;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const KEEP_DAYS: i64 = 30;
const TOLD_DAYS: i64 = 90;

#[derive(Clone, Debug)]
enum Step {
    /// What ingest commits: `chunks` records, then what was read from them.
    Commit {
        chunks: usize,
        bytes: usize,
        events: Vec<u64>,
        checkpoint: bool,
        printing: bool,
    },
    /// An attempt starts and ends so; `None`: its end is never known.
    Deliver(Option<End>),
    Crash,
    Reopen,
    Forget {
        by_size: bool,
    },
    /// The disk has no room from here on, or has again.
    Full(bool),
    Wait {
        hours: i64,
    },
    Jump {
        days: i64,
    },
}

#[derive(Clone, Copy, Debug)]
enum End {
    Ok,
    Fail,
    Unknown,
    Refused,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sizes = (prop_oneof![3 => 0_usize..4, 1 => 200_usize..400], 0_usize..600);
    let commit = (sizes, prop::collection::vec(0_u64..24, 0..5), any::<bool>(), any::<bool>())
        .prop_map(|((chunks, bytes), events, checkpoint, printing)| Step::Commit {
            chunks,
            bytes,
            events,
            checkpoint,
            printing,
        });
    let end = prop_oneof![
        4 => Just(Some(End::Ok)),
        1 => Just(Some(End::Fail)),
        1 => Just(Some(End::Unknown)),
        1 => Just(Some(End::Refused)),
        1 => Just(None),
    ];
    let step = prop_oneof![
        8 => commit,
        8 => end.prop_map(Step::Deliver),
        1 => Just(Step::Crash),
        1 => Just(Step::Reopen),
        3 => any::<bool>().prop_map(|by_size| Step::Forget { by_size }),
        2 => any::<bool>().prop_map(Step::Full),
        3 => (0_i64..1_200).prop_map(|hours| Step::Wait { hours }),
        1 => (-400_i64..400).prop_map(|days| Step::Jump { days }),
    ];
    prop::collection::vec(step, 1..40)
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    state: OutboxState,
    /// Attempts that were answered with a number, so that a request could have gone out.
    sends: i64,
    created_ms: i64,
}

/// The journal and what should be in it.
struct World {
    dir: tempfile::TempDir,
    journal: Journal,
    runtime: Runtime,
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
    notices: BTreeMap<u64, Notice>,
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
            notices: BTreeMap::new(),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("j.db")
    }

    fn now(&self) -> Timestamp {
        let wall = WHEN_MS + self.passed_ms + self.off_ms;
        Timestamp::new(self.passed_ms as u64 * 1_000_000, wall)
    }

    fn now_ms(&self) -> i64 {
        self.now().wall.as_millisecond()
    }

    fn apply(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Commit { chunks, bytes, events, checkpoint, printing } => {
                self.commit(chunks, bytes, &events, checkpoint, printing)?;
            }
            Step::Deliver(end) => self.deliver(end)?,
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
        };
        let new: BTreeSet<u64> =
            events.iter().copied().filter(|n| !self.notices.contains_key(n)).collect();
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
        let fresh = Notice { state: OutboxState::Queued, sends: 0, created_ms: wall };
        self.notices.extend(new.into_iter().map(|n| (n, fresh.clone())));
        Ok(())
    }

    fn deliver(&mut self, end: Option<End>) -> Result<(), TestCaseError> {
        let (journal, now_ms) = (self.journal.clone(), self.now_ms());
        let look = self.runtime.block_on(journal.look("owner", now_ms)).expect("a look");
        let Some(due) = look.due else { return Ok(()) };
        let event: pos_protocol::event::Event =
            serde_json::from_str(&due.event).expect("the wire schema");
        let number: u64 = event.receipt.and_then(|r| r.number).expect("one").parse().expect("one");
        let notice = self.notices.get_mut(&number).expect("known");
        prop_assert_eq!(notice.state, OutboxState::Queued);
        let frozen = Frozen { msg_uuid: "u".into(), body: "b".repeat(500) };
        let begun = self.runtime.block_on(journal.begin(due.outbox_id, frozen, now_ms));
        let Ok(Some(attempt_id)) = begun else {
            prop_assert!(begun.is_err(), "a queued notice can begin");
            return Ok(());
        };
        (notice.state, notice.sends) = (OutboxState::Sending, notice.sends + 1);
        let Some(end) = end else { return Ok(()) };
        let queue = |same| Settle::Queue { not_before_ms: now_ms, same, reason: "why".into() };
        let (outcome, settle, state) = match end {
            End::Ok => ("delivered", Settle::Delivered, OutboxState::Delivered),
            End::Fail => ("refused", queue(false), OutboxState::Queued),
            End::Unknown => ("unknown", queue(true), OutboxState::Queued),
            End::Refused => ("content", Settle::Dead { reason: "no".into() }, OutboxState::Dead),
        };
        let detail = "in words".repeat(40);
        let attempt = Attempt { attempt_id, outcome, detail, http_status: None, errcode: None };
        let finish = Finish {
            outbox_id: due.outbox_id,
            attempt,
            finished_ms: now_ms,
            settle,
            pause_until_ms: None,
        };
        if self.runtime.block_on(journal.finish(finish)).is_ok() {
            notice.state = state;
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
        let mut unknown = 0;
        for notice in self.notices.values_mut().filter(|n| n.state == OutboxState::Sending) {
            notice.state = OutboxState::Queued;
            unknown += 1;
        }
        let recovered = self.runtime.block_on(self.journal.recover(self.now_ms()));
        prop_assert_eq!(recovered.expect("reads"), Recovered { unknown, unparked: 0 });
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
            let Ok(next) = self.journal.with(move |conn| retention::step(conn, pass, keep, at))
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
        let told: BTreeSet<i64> = self.ids("SELECT CAST(number AS INTEGER) FROM event");
        let gone: Vec<u64> =
            self.notices.keys().copied().filter(|n| !told.contains(&(*n as i64))).collect();
        for number in gone {
            let notice = self.notices.remove(&number).expect("it was there");
            prop_assert_eq!(notice.state, OutboxState::Delivered);
            let created = notice.created_ms;
            let unknown = !(EARLIEST_MS..=now_ms).contains(&created);
            prop_assert!(believed && (unknown || created < now_ms - TOLD_DAYS * DAY_MS));
        }
        Ok(())
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
        let rows = self.journal.with(|conn| {
            let mut statement = conn.prepare(
                "SELECT e.number, o.state, o.created_ms, o.attempts,
                        (SELECT count(*) FROM attempt WHERE outbox_id = o.id)
                 FROM event e LEFT JOIN outbox o ON o.event_id = e.id",
            )?;
            let rows = statement.query_map([], |row| {
                let number: String = row.get(0)?;
                let (attempts, rows): (Option<i64>, i64) = (row.get(3)?, row.get(4)?);
                assert_eq!(attempts.unwrap_or(0), rows, "every send is explained");
                let (state, sends) = (row.get::<_, Option<OutboxState>>(1)?, rows);
                let created_ms = row.get::<_, Option<i64>>(2)?.unwrap_or(0);
                Ok((number.parse().expect("a number"), state, created_ms, sends))
            })?;
            Ok(rows.collect::<Result<Vec<(u64, Option<OutboxState>, i64, i64)>, _>>()?)
        });
        let rows = rows.expect("reads");
        prop_assert_eq!(rows.len(), self.notices.len(), "no event twice, none lost");
        for (number, state, created_ms, sends) in rows {
            let known = &self.notices[&number];
            match state {
                // A delivered notice may be forgotten before its event.
                None => prop_assert_eq!(known.state, OutboxState::Delivered),
                Some(state) => {
                    prop_assert_eq!(known, &Notice { state, sends, created_ms }, "#{}", number);
                }
            }
        }
        Ok(())
    }
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
