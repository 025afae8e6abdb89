//! The ingest thread: records in, transactions out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use pos_protocol::event::Event;
use pos_protocol::time::Timestamp;
use tokio::sync::Notify;

use super::quarantine;
use super::reader::{Look, Reader};
use super::source::Source;
use crate::clock::Clock;
use crate::config::Config;
use crate::health::{Health, Turning};
use crate::journal::{Batch, Chunk, Journal, JournalError};
use crate::ring::{Record, RingError};
use crate::shop;

/// Deadlines are fired this much late, so that a record stamped just before one and appended just
/// after it still comes first: 50 ms in nanoseconds.
const TIMEOUT_GRACE_NS: u64 = 50_000_000;

/// Longest wait without looking at the ring, should a wake be lost.
const MAX_WAIT: Duration = Duration::from_millis(500);

/// Wait before a failed commit is tried again.
const RETRY_COMMIT: Duration = Duration::from_secs(1);

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
    #[error("cannot start the ingest thread: {0}")]
    Thread(#[source] std::io::Error),
}

/// Reads the ring into the journal.
pub struct Ingest {
    journal: Journal,
    config: Arc<Config>,
    clock: Clock,
    health: Arc<Health>,
    /// Notified after a commit that queued notices.
    told: Arc<Notify>,
    reader: Option<Reader>,
    sources: BTreeMap<String, Source>,
}

impl Ingest {
    /// An ingest that has not seen a ring yet.
    pub fn new(
        journal: Journal,
        config: Arc<Config>,
        clock: Clock,
        health: Arc<Health>,
        told: Arc<Notify>,
    ) -> Self {
        Self { journal, config, clock, health, told, reader: None, sources: BTreeMap::new() }
    }

    /// Runs until it is told to stop or the sender is gone.
    pub fn run(mut self, signals: &Receiver<Signal>) -> Result<(), IngestError> {
        loop {
            self.health.turned(Turning::Ingest);
            let signal = signals.recv_timeout(self.patience());
            let stop = matches!(signal, Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected));
            if let Ok(Signal::Attached(ring)) = signal {
                self.attach(&ring)?;
            }
            self.drain();
            if stop {
                return Ok(());
            }
        }
    }

    /// How long nothing has to be done.
    fn patience(&self) -> Duration {
        let now = self.clock.now();
        let due =
            self.sources.values().filter_map(|source| source.session.poll_timeout()).map(|due| {
                let ns = (due.mono + TIMEOUT_GRACE_NS).saturating_sub(now.mono);
                self.clock.real_duration(Duration::from_nanos(ns))
            });
        due.min().unwrap_or(MAX_WAIT).min(MAX_WAIT)
    }

    /// Takes up the ring of a wire process. Sessions of another ring end.
    fn attach(&mut self, path: &Path) -> Result<(), IngestError> {
        let cursor = self.journal.cursor()?;
        let reader = Reader::open(path, cursor.as_ref())?;
        let same = self.reader.as_ref().is_some_and(|old| old.generation() == reader.generation());
        if same {
            return Ok(());
        }
        let generation = reader.generation().to_owned();
        let mut events = Vec::new();
        let mut sources = BTreeMap::new();
        for stored in self.journal.sessions()? {
            let mut source = Source::stored(&stored, &self.journal, &self.config)?;
            if source.generation() != generation {
                let (ended, epoch) = source.end();
                events.extend(ended);
                let name = &stored.row.source;
                source = Source::new(name, epoch + 1, &generation, &self.journal, &self.config);
            }
            sources.insert(stored.row.source.clone(), source);
        }
        self.sources = sources;
        self.reader = Some(reader);
        self.commit(Vec::new(), events, true);
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
                    self.health.caught_up();
                    return;
                }
                Look::Records(records) => {
                    self.take(records);
                    self.health.turned(Turning::Ingest);
                }
                Look::Lost(error) => {
                    tracing::error!("records in the ring are lost: {error}");
                    self.health.trouble(format!("records in the ring were lost: {error}"));
                    let mut events = Vec::new();
                    for source in self.sources.values_mut() {
                        source.gap(now);
                        events.extend(source.events());
                    }
                    self.commit(Vec::new(), events, true);
                    // A ring that stays unreadable is looked at again with the next signal.
                    return;
                }
            }
        }
    }

    fn take(&mut self, records: Vec<Record>) {
        let mut chunks: Vec<Chunk> = Vec::with_capacity(records.len());
        let mut events = Vec::new();
        for record in records {
            let source = self.source(&record.lane.source);
            chunks.push(source.take(record));
            events.extend(source.events());
        }
        self.commit(chunks, events, false);
    }

    fn source(&mut self, name: &str) -> &mut Source {
        let generation = self.reader.as_ref().map_or("", |reader| reader.generation());
        self.sources
            .entry(name.to_owned())
            .or_insert_with(|| Source::new(name, 0, generation, &self.journal, &self.config))
    }

    fn fire(&mut self, now: Timestamp) {
        let now = Timestamp { mono: now.mono.saturating_sub(TIMEOUT_GRACE_NS), ..now };
        let mut events = Vec::new();
        let mut fired = false;
        for source in self.sources.values_mut() {
            fired |= source.fire(now);
            events.extend(source.events());
        }
        if fired {
            self.commit(Vec::new(), events, true);
        }
    }

    /// Commits, however long that takes: the ring keeps what comes meanwhile. `all` writes every
    /// session, not only those with chunks.
    fn commit(&mut self, chunks: Vec<Chunk>, events: Vec<Event>, all: bool) {
        let now_ms = self.clock.wall_ms();
        self.health.quarantined(events.iter().filter(|event| quarantine::tells(event)).count());
        let notices: Vec<_> = events
            .iter()
            .flat_map(|event| shop::notices(event, &self.config.robots, now_ms))
            .collect();
        let sessions = self
            .sources
            .iter()
            .filter(|(name, _)| all || chunks.iter().any(|chunk| chunk.source == **name))
            .map(|(_, source)| source.row())
            .collect();
        let cursor = self.reader.as_ref().map(Reader::cursor);
        let queued = !notices.is_empty();
        let batch = Batch { chunks, events, notices, sessions, cursor };
        while let Err(error) = self.journal.commit(batch.clone()) {
            tracing::error!("cannot write the journal, trying again: {error}");
            self.health.trouble(format!("the journal cannot be written: {error}"));
            self.health.turned(Turning::Ingest);
            std::thread::sleep(RETRY_COMMIT);
        }
        if let Some(reader) = &self.reader {
            reader.release();
        }
        if queued {
            self.told.notify_one();
        }
    }
}
