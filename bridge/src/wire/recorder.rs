//! Where every source puts what it hears: the ring, then a wake for the brains, then the counters.
//!
//! Nothing here waits, and nothing here fails: a ring that cannot take a record has counted the
//! loss, and the source goes on, because printing wins.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::socket::Peers;
use super::spilling::SpillState;
use super::status::{SourceState, SourceStatus, WireStatus};
use crate::clock::Clock;
use crate::config::Source;
use crate::ring::{
    Append, Closing, Direction, Gap, GapReason, Kind, RecordHead, RingError, RingWriter,
};

/// What all sources share.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) ring: RingWriter,
    pub(super) peers: Peers,
    pub(super) spill: SpillState,
    clock: Clock,
    sources: Vec<Mutex<Live>>,
}

/// The moving part of one source.
#[derive(Debug)]
struct Live {
    status: SourceStatus,
    /// What is wrong although the source hears.
    ails: Option<String>,
    /// Records are being lost, so that a full ring is logged once and not per record.
    losing: bool,
}

impl Hub {
    pub(super) fn new(ring: RingWriter, clock: Clock, sources: &[Source]) -> Self {
        let since = clock.now().rfc3339();
        let live = |source: &Source| {
            let status = SourceStatus {
                name: source.name.clone(),
                kind: source.kind.as_str().to_owned(),
                state: SourceState::Starting,
                since: since.clone(),
                why: None,
                listening: None,
                bytes_to_printer: 0,
                bytes_from_printer: 0,
                gaps: 0,
                connections: 0,
            };
            Mutex::new(Live { status, ails: None, losing: false })
        };
        let sources = sources.iter().map(live).collect();
        Self { ring, peers: Peers::default(), spill: SpillState::default(), clock, sources }
    }

    pub(super) fn status(&self) -> Result<WireStatus, RingError> {
        Ok(WireStatus {
            pid: std::process::id(),
            generation: self.ring.generation().to_owned(),
            ring_capacity: self.ring.capacity(),
            ring_waiting: self.ring.waiting()?,
            spilled: self.spill.on_disk(),
            spill_trouble: self.spill.trouble(),
            sources: self.sources.iter().map(|live| lock(live).status.clone()).collect(),
        })
    }

    /// Puts owed gaps on record, for a line that fell silent while the ring was full.
    pub(super) fn settle_gaps(&self) {
        let before = self.ring.head();
        if let Err(error) = self.ring.settle_gaps() {
            tracing::error!(%error, "a gap cannot be recorded");
        }
        if self.ring.head() != before {
            self.peers.appended();
        }
    }
}

fn lock(live: &Mutex<Live>) -> MutexGuard<'_, Live> {
    live.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One source's way into the [`Hub`].
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    hub: Arc<Hub>,
    index: usize,
    name: Arc<str>,
}

impl Recorder {
    /// The recorder of the `index`-th configured source.
    pub(super) fn new(hub: Arc<Hub>, index: usize) -> Self {
        let name = Arc::from(lock(&hub.sources[index]).status.name.as_str());
        Self { hub, index, name }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn ring(&self) -> &RingWriter {
        &self.hub.ring
    }

    pub(super) fn started(&self) {
        self.append(Kind::Started, Direction::ToPrinter, 0, &[]);
    }

    pub(super) fn gap(&self, reason: GapReason) {
        self.live().status.gaps += 1;
        self.append(Kind::Gap, Direction::ToPrinter, 0, &Gap::unknown(reason).payload());
    }

    /// Records a new connection. It is closed on record when it is dropped.
    pub(super) fn opened(&self) -> Connection {
        let conn = self.hub.ring.open_connection(&self.name, self.hub.clock.now());
        let conn = conn.unwrap_or_else(|error| {
            tracing::error!(source = self.name(), %error, "an opening cannot be recorded");
            0
        });
        self.live().status.connections += 1;
        self.hub.peers.appended();
        Connection { recorder: self.clone(), conn, how: Closing::Stopped }
    }

    /// The source hears from now on.
    pub(super) fn open(&self, listening: Option<SocketAddr>) {
        let mut live = self.live();
        live.status.listening = listening;
        self.turn(&mut live, SourceState::Open, None);
        drop(live);
        if let Some(at) = listening {
            tracing::info!(source = self.name(), %at, "listening");
        } else {
            tracing::info!(source = self.name(), "open");
        }
    }

    /// The source hears nothing and will be tried again. Logged when the reason is a new one.
    pub(super) fn waiting(&self, why: String) {
        let mut live = self.live();
        if live.status.state == SourceState::Waiting && live.status.why.as_ref() == Some(&why) {
            return;
        }
        tracing::warn!(source = self.name(), "waiting: {why}");
        live.status.listening = None;
        self.turn(&mut live, SourceState::Waiting, Some(why));
    }

    /// Something is wrong although the source hears, or nothing is any more. Logged when it
    /// changes.
    pub(super) fn ailing(&self, why: Option<String>) {
        let mut live = self.live();
        if live.ails == why {
            return;
        }
        if let Some(why) = &why {
            tracing::warn!(source = self.name(), "{why}");
        } else {
            tracing::info!(source = self.name(), "well again");
        }
        if live.status.state == SourceState::Open {
            live.status.why.clone_from(&why);
        }
        live.ails = why;
    }

    /// The source's task is gone for good.
    pub(super) fn failed(&self, why: String) {
        tracing::error!(source = self.name(), "stopped by a fault: {why}");
        let mut live = self.live();
        self.turn(&mut live, SourceState::Failed, Some(why));
    }

    fn turn(&self, live: &mut Live, state: SourceState, why: Option<String>) {
        live.status.state = state;
        live.status.why = why.or_else(|| live.ails.clone());
        live.status.since = self.hub.clock.now().rfc3339();
    }

    fn append(&self, kind: Kind, direction: Direction, conn: u64, payload: &[u8]) {
        let at = self.hub.clock.now();
        let head = RecordHead { kind, source: &self.name, direction, conn, at };
        let outcome = self.hub.ring.append(&head, payload);
        self.note(&outcome);
        self.hub.peers.appended();
    }

    fn note(&self, outcome: &Result<Append, RingError>) {
        let lost = !matches!(outcome, Ok(Append::Appended { .. }));
        let mut live = self.live();
        if lost && !live.losing {
            live.status.gaps += 1;
            if let Err(error) = outcome {
                tracing::error!(source = self.name(), %error, "bytes are being lost");
            } else {
                tracing::error!(
                    source = self.name(),
                    "bytes are being lost: the ring is full; is `posbridge run` up?"
                );
            }
        }
        live.losing = lost;
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        lock(&self.hub.sources[self.index])
    }
}

/// One open connection. However its task ends, the ring says that it did.
#[derive(Debug)]
pub(super) struct Connection {
    recorder: Recorder,
    conn: u64,
    how: Closing,
}

impl Connection {
    /// Keeps `bytes`. When this returns they are in the ring (or counted as lost) and may go on.
    pub(super) fn data(&self, direction: Direction, bytes: &[u8]) {
        let mut live = self.recorder.live();
        match direction {
            Direction::ToPrinter => live.status.bytes_to_printer += bytes.len() as u64,
            Direction::FromPrinter => live.status.bytes_from_printer += bytes.len() as u64,
        }
        drop(live);
        self.recorder.append(Kind::Data, direction, self.conn, bytes);
    }

    pub(super) fn close(mut self, how: Closing) {
        self.how = how;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut live = self.recorder.live();
        live.status.connections = live.status.connections.saturating_sub(1);
        drop(live);
        self.recorder.append(Kind::Closed, Direction::ToPrinter, self.conn, &self.how.payload());
    }
}
