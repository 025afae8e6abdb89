//! The ingest thread: records in, transactions out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use pos_protocol::event::{Event, EventId, Kind};
use pos_protocol::text::Memo;
use pos_protocol::time::Timestamp;
use tokio::sync::watch;

use super::join::joined;
use super::quarantine;
use super::reader::{Look, Reader};
use super::source::Source;
use super::sources::Sources;
use crate::clock::Clock;
use crate::config::Config;
use crate::deliver::News;
use crate::health::{Health, Turning};
use crate::journal::{Batch, Chunk, Journal, JournalError};
use crate::ring::spill::spill_directory;
use crate::ring::{Record, RingError};
use crate::shop::{self, Clerk};

/// Deadlines are fired this much late, so that a record stamped just before one and appended just
/// after it still comes first: 50 ms in nanoseconds.
const TIMEOUT_GRACE_NS: u64 = 50_000_000;

/// Longest wait without looking at the ring, should a wake be lost.
const MAX_WAIT: Duration = Duration::from_millis(500);

/// Wait before a failed commit is tried again.
const RETRY_COMMIT: Duration = Duration::from_secs(1);

/// Wait before a disk that does not give what was spilled is tried again.
const RETRY_READ: Duration = Duration::from_secs(1);
/// Shortest time from one commit to the next. A line at 9600 baud wakes us for every few bytes, and
/// each commit wears the card: what comes meanwhile shares the next one. A first record after
/// silence does not wait, and no record waits longer than the 50 ms that a commit may take to come.
const COMMIT_GAP: Duration = Duration::from_millis(40);

/// What the ingest thread is told.
#[derive(Debug)]
pub enum Signal {
    /// A wire process is up; this is its ring.
    Attached(PathBuf),
    /// Something was appended.
    Wake,
    /// Commit what is there and end.
    Stop,
}

/// Why ingest cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The journal cannot be read.
    #[error("cannot take up the journal: {0}")]
    Journal(#[from] JournalError),
    /// The ring cannot be opened.
    #[error("cannot open the ring: {0}")]
    Ring(#[from] RingError),
    /// No thread could be started.
    #[error(
        "expected to start the ingest thread, found: {0}\nhint: is the limit of processes (ulimit -u, TasksMax) reached?"
    )]
    Thread(#[source] std::io::Error),
}

/// Reads the ring into the journal.
pub struct Ingest {
    journal: Journal,
    /// The journal that the sessions' event ids stand in.
    uuid: String,
    /// The configuration in force; how sources are heard is as it was at the start.
    config: Arc<Config>,
    live: watch::Receiver<Arc<Config>>,
    /// Keeps the shop's books by that configuration.
    clerk: Arc<Clerk>,
    clock: Clock,
    health: Arc<Health>,
    /// Told after a commit that queued notices.
    told: Arc<News>,
    reader: Option<Reader>,
    sources: Sources,
    /// Characters that any of their sessions has looked up.
    memo: Memo,
    /// What the journal has not taken yet. One batch at most: the ring keeps the rest.
    pending: Option<Pending>,
    /// The ring of a wire process that came up meanwhile.
    attach_to: Option<PathBuf>,
    /// Nothing is done before this. Real time: it is about the disk.
    rests_until: Option<Instant>,
}

/// A batch that the sessions are past, on its way into the journal.
struct Pending {
    batch: Arc<Batch>,
    /// It failed already; said once, not with every try.
    failed: bool,
}

impl Ingest {
    /// An ingest that has not seen a ring yet.
    pub fn new(
        journal: Journal,
        mut live: watch::Receiver<Arc<Config>>,
        clock: Clock,
        health: Arc<Health>,
        told: Arc<News>,
    ) -> Self {
        let uuid = journal.uuid();
        let config = Arc::clone(&live.borrow_and_update());
        let clerk = Arc::new(Clerk::new(Arc::clone(&config)));
        let (reader, sources, pending) = (None, Sources::default(), None);
        let (attach_to, rests_until) = (None, None);
        Self {
            journal,
            uuid,
            config,
            live,
            clerk,
            clock,
            health,
            told,
            reader,
            sources,
            memo: Memo::default(),
            pending,
            attach_to,
            rests_until,
        }
    }

    /// Runs until it is told to stop or the sender is gone.
    pub fn run(mut self, signals: &Receiver<Signal>) -> Result<(), IngestError> {
        loop {
            self.health.turned(Turning::Ingest);
            let signal = signals.recv_timeout(self.patience());
            let stop = matches!(signal, Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected));
            if let Ok(Signal::Attached(ring)) = signal {
                self.attach_to = Some(ring);
            }
            let rests = self.rests_until.is_some_and(|until| Instant::now() < until);
            if stop || !rests {
                self.rests_until = None;
                self.turn()?;
            }
            if stop {
                return Ok(());
            }
        }
    }

    /// Does what is to be done, in order: what is owed to the journal, a new ring, the ring.
    fn turn(&mut self) -> Result<(), IngestError> {
        if !self.settle() {
            return Ok(());
        }
        if let Some(ring) = self.attach_to.take() {
            match self.attach(&ring) {
                Err(IngestError::Journal(error)) if !matches!(error, JournalError::Closed) => {
                    tracing::error!("cannot take up the journal, trying again: {error}");
                    self.attach_to = Some(ring);
                    self.rests_until = Some(Instant::now() + RETRY_COMMIT);
                    return Ok(());
                }
                Ok(false) => {
                    self.attach_to = Some(ring);
                    return Ok(());
                }
                done => drop(done?),
            }
        }
        if self.pending.is_none() {
            self.drain();
        }
        Ok(())
    }

    /// How long nothing has to be done.
    fn patience(&self) -> Duration {
        if let Some(until) = self.rests_until {
            return until.saturating_duration_since(Instant::now());
        }
        let now = self.clock.now();
        let due = self.sources.soonest().map(|due| {
            let ns = (due + TIMEOUT_GRACE_NS).saturating_sub(now.mono);
            self.clock.real_duration(Duration::from_nanos(ns))
        });
        due.unwrap_or(MAX_WAIT).min(MAX_WAIT)
    }

    /// Takes up the ring of a wire process. `false` where the journal has to take something first.
    fn attach(&mut self, path: &Path) -> Result<bool, IngestError> {
        let cursor = self.journal.cursor()?;
        let spill = spill_directory(self.journal.path());
        let reader = Reader::open(path, &spill, cursor.as_ref())?;
        let same = self.reader.as_ref().is_some_and(|old| old.generation() == reader.generation());
        if same {
            return Ok(true);
        }
        // What a power cut left of older rings was heard before anything in this one.
        for leftover in Reader::leftovers(&spill, reader.generation(), cursor.as_ref()) {
            tracing::warn!(generation = leftover.generation(), "reading what a lost ring spilled");
            self.take_up(leftover)?;
            if !self.drain_leftover() {
                return Ok(false);
            }
        }
        self.take_up(reader)?;
        Ok(true)
    }

    /// Goes on with `reader`. Sessions of another ring end.
    fn take_up(&mut self, reader: Reader) -> Result<(), IngestError> {
        let generation = reader.generation().to_owned();
        self.uuid = self.journal.uuid();
        let mut events = Vec::new();
        let mut sources = Sources::default();
        for stored in self.journal.sessions()? {
            let mut source = Source::stored(&stored, &self.journal, &self.config, &self.memo)?;
            if source.generation() != generation {
                let (ended, epoch) = source.end();
                events.extend(ended);
                let name = &stored.row.source;
                let (journal, config) = (&self.journal, &self.config);
                source = Source::new(name, epoch + 1, &generation, journal, config, &self.memo)
                    .after_silence(config);
            }
            sources.insert(&stored.row.source, source);
        }
        self.sources = sources;
        self.reader = Some(reader);
        self.commit(Vec::new(), events);
        Ok(())
    }

    /// Reads and commits until the ring is empty, then fires what is due.
    fn drain(&mut self) {
        loop {
            // The clock is read before the ring: a record stamped earlier is then in this look.
            let now = self.clock.now();
            let Some(reader) = &mut self.reader else { return };
            match reader.next() {
                Look::Records(records) if records.is_empty() => {
                    self.fire(now);
                    if self.pending.is_none() {
                        self.health.caught_up();
                    }
                    return;
                }
                Look::Records(records) => {
                    self.take(records);
                    if self.pending.is_some() {
                        return;
                    }
                }
                // A ring that cannot be read now is looked at again with the next signal.
                Look::Stuck(error) => return self.stuck(&error),
                Look::Lost(error) => return self.lost(&error, Some(now)),
            }
        }
    }

    /// Reads all that is left of a ring that is gone, then lets it go; `false` where the journal
    /// takes no more for now. Its deadlines are not fired: its clock has stopped.
    fn drain_leftover(&mut self) -> bool {
        while self.pending.is_none()
            && let Some(reader) = &mut self.reader
        {
            match reader.next() {
                Look::Records(records) if records.is_empty() => {
                    if let Some(read) = self.reader.take() {
                        read.forget();
                    }
                    return true;
                }
                Look::Records(records) => self.take(records),
                Look::Stuck(error) => {
                    self.stuck(&error);
                    std::thread::sleep(RETRY_READ);
                }
                Look::Lost(error) => self.lost(&error, None),
            }
        }
        false
    }

    fn stuck(&self, error: &RingError) {
        tracing::warn!("cannot read what was heard, trying again: {error}");
        self.health.trouble(format!("what was heard cannot be read: {error}"));
    }

    /// Puts a gap into every session, as of `now`, or of the last that each has seen.
    fn lost(&mut self, error: &RingError, now: Option<Timestamp>) {
        tracing::error!("records in the ring are lost: {error}");
        self.health.trouble(format!("records in the ring were lost: {error}"));
        let events = self.sources.each(|source| {
            if let Some(at) = now.or_else(|| source.session.last_seen()) {
                source.gap(at);
            }
        });
        self.commit(Vec::new(), events);
    }

    fn take(&mut self, records: Vec<Record>) {
        self.go_by_what_holds();
        let records = joined(records);
        let mut chunks: Vec<Chunk> = Vec::with_capacity(records.len());
        let mut events = Vec::new();
        let generation = self.reader.as_ref().map_or("", |reader| reader.generation());
        for record in records {
            let (chunk, read) = self.sources.take(record, |name| {
                Source::new(name, 0, generation, &self.journal, &self.config, &self.memo)
            });
            chunks.push(chunk);
            events.extend(read);
        }
        self.commit(chunks, events);
    }

    fn fire(&mut self, now: Timestamp) {
        let now = Timestamp { mono: now.mono.saturating_sub(TIMEOUT_GRACE_NS), ..now };
        if let Some(events) = self.sources.fire(now) {
            self.commit(Vec::new(), events);
        }
    }

    /// Takes up a configuration that was read again.
    fn go_by_what_holds(&mut self) {
        let config = Arc::clone(&self.live.borrow_and_update());
        if !Arc::ptr_eq(&config, &self.config) {
            self.clerk = Arc::new(Clerk::new(Arc::clone(&config)));
            let none = self.sources.each(|source| source.go_by(&config));
            debug_assert!(none.is_empty(), "a profile tells nothing");
            self.config = config;
        }
    }

    /// Commits, now or as soon as the journal takes it: the ring keeps what comes meanwhile. Of the
    /// sessions those are written that have changed.
    fn commit(&mut self, chunks: Vec<Chunk>, events: Vec<Event>) {
        debug_assert!(self.pending.is_none(), "one batch at a time");
        #[cfg(feature = "sabotage")]
        let events = super::sabotage::spoiled(events);
        self.go_by_what_holds();
        let now_ms = self.clock.wall_ms();
        self.health.quarantined(events.iter().filter(|event| quarantine::tells(event)).count());
        let notices: Vec<_> = events
            .iter()
            .flat_map(|event| shop::notices(event, &self.config.robots, now_ms))
            .collect();
        let uuid = self.journal.uuid();
        if uuid != self.uuid {
            // A fresh file knows no session: each is written once more.
            let none =
                self.sources.each(|source| source.move_to(&self.journal, &self.config, &self.memo));
            debug_assert!(none.is_empty(), "all were fetched");
            self.uuid = uuid;
        }
        let sessions = self.sources.rows();
        let cursor = self.reader.as_ref().map(Reader::cursor);
        let shop = Some(Arc::clone(&self.clerk) as Arc<_>);
        let batch = Arc::new(Batch { chunks, events, notices, sessions, cursor, shop });
        self.pending = Some(Pending { batch, failed: false });
        self.settle();
    }

    /// Tries to commit what is pending, and only then gives its place in the ring back. Whether
    /// nothing is left.
    fn settle(&mut self) -> bool {
        let Some(mut pending) = self.pending.take() else { return true };
        let committed = self.journal.commit(Arc::clone(&pending.batch));
        // A full disk is no standstill.
        self.health.turned(Turning::Ingest);
        let committed = match committed {
            Ok(committed) => committed,
            Err(error) => {
                if !pending.failed {
                    tracing::error!("cannot write the journal, trying again: {error}");
                }
                self.health.behind();
                pending.failed = true;
                self.pending = Some(pending);
                self.rests_until = Some(Instant::now() + RETRY_COMMIT);
                return false;
            }
        };
        if pending.failed {
            tracing::info!("the journal is written again");
        }
        if let Some(reader) = &self.reader {
            reader.release();
        }
        ring(&self.told, &pending.batch);
        if committed.findings > 0 {
            // Who is told of them only the transaction knew.
            self.told.changed();
        }
        self.rests_until = Some(Instant::now() + COMMIT_GAP);
        true
    }
}

/// Says for whom there is something, and whether it is more than sales.
fn ring(told: &News, batch: &Batch) {
    let others = batch.events.iter().filter(|event| event.kind != Kind::Sale);
    let others: BTreeSet<EventId> = others.map(|event| event.id).collect();
    for notice in &batch.notices {
        if others.contains(&notice.event_id) {
            told.queued(&notice.robot);
        } else {
            told.sold(&notice.robot);
        }
    }
}
