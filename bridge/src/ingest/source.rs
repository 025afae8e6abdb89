//! One source's session: taken up where the journal left it, moved on by chunks.

use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Profile, Timing};
use pos_protocol::session::{Checkpoint, EndReason, GapReason, Session};
use pos_protocol::time::Timestamp;

use super::chunk;
use super::quarantine::Guarded;
use crate::config::{Config, SourceKind};
use crate::journal::{Chunk, Journal, JournalError, SessionRow, StoredSession};
use crate::ring::Record;

/// Largest checkpoint that is written after every batch. A larger one (a long paper in the middle
/// of printing) is not; the older one stays, and the chunks after it are read again at the next
/// start.
const MAX_CHECKPOINT_BYTES: usize = 64 * 1024;

/// A source being read.
pub(super) struct Source {
    name: String,
    epoch: u64,
    generation: String,
    /// One line rather than many connections.
    line: bool,
    pub(super) session: Guarded,
}

impl Source {
    /// A source that starts anew in ring `generation`, as epoch `epoch`.
    pub(super) fn new(
        name: &str,
        epoch: u64,
        generation: &str,
        journal: &Journal,
        config: &Config,
    ) -> Self {
        let session =
            Session::new(id(name, epoch, journal), profile(name, config), Limits::default());
        let session = Guarded::new(session);
        let line = is_line(name, config);
        Self { name: name.into(), epoch, generation: generation.into(), line, session }
    }

    /// The source as the journal knows it: from its checkpoint, and the chunks after it.
    pub(super) fn stored(
        stored: &StoredSession,
        journal: &Journal,
        config: &Config,
    ) -> Result<Self, JournalError> {
        let row = &stored.row;
        let mut source = Self::new(&row.source, row.epoch, &row.generation, journal, config);
        let checkpoint = row
            .checkpoint
            .as_ref()
            .map(|json| Checkpoint::from_json(&String::from_utf8_lossy(json)));
        let mut after = 0;
        match checkpoint {
            Some(Ok(checkpoint)) => {
                let (id, profile) =
                    (id(&row.source, row.epoch, journal), profile(&row.source, config));
                let session = Session::resume(id, checkpoint, profile, Limits::default());
                source.session = Guarded::new(session);
                after = stored.checkpoint_chunk;
            }
            Some(Err(error)) => {
                tracing::warn!(
                    source = row.source,
                    "reading the epoch again from its start: {error}"
                );
            }
            None => {}
        }
        loop {
            let page = journal.chunks_after(&row.source, row.epoch, after)?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for stored in &page {
                chunk::apply(&stored.chunk, &mut source.session, source.line);
            }
            // These were committed together with their chunks.
            drop(source.events());
        }
        Ok(source)
    }

    /// Ends the epoch: its ring is gone, and with it whatever was not read.
    pub(super) fn end(mut self) -> (Vec<Event>, u64) {
        if let Some(last) = self.session.last_seen() {
            self.session.gap(last, GapReason::Restart);
            self.session.finish(last, EndReason::Replaced);
        }
        (self.events(), self.epoch)
    }

    pub(super) fn generation(&self) -> &str {
        &self.generation
    }

    /// Takes a record.
    pub(super) fn take(&mut self, record: Record) -> Chunk {
        let chunk = chunk::of(record, &self.session, self.epoch, self.line);
        chunk::apply(&chunk, &mut self.session, self.line);
        chunk
    }

    /// Notes that records of unknown sources were lost.
    pub(super) fn gap(&mut self, now: Timestamp) {
        self.session.gap(now, GapReason::Overrun);
    }

    /// Fires every deadline up to `now`; whether there was one.
    pub(super) fn fire(&mut self, now: Timestamp) -> bool {
        self.session.fire_due(now)
    }

    /// Events that wait.
    pub(super) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    /// The row that goes with what was taken so far. All events must have been fetched.
    pub(super) fn row(&self) -> SessionRow {
        let json = self.session.checkpoint().map(String::into_bytes);
        SessionRow {
            source: self.name.clone(),
            epoch: self.epoch,
            generation: self.generation.clone(),
            checkpoint: json.filter(|json| json.len() <= MAX_CHECKPOINT_BYTES),
        }
    }
}

fn id(name: &str, epoch: u64, journal: &Journal) -> SessionId {
    SessionId { journal: journal.uuid().to_owned(), source: name.to_owned(), epoch }
}

/// What the configuration says of a source. One that is not configured any more is read with the
/// defaults: its bytes are kept all the same.
pub(super) fn profile(name: &str, config: &Config) -> Arc<Profile> {
    let currency = Some(config.shop.currency);
    let found = config.sources.iter().find(|source| source.name == name);
    Arc::new(match found {
        None => Profile { currency, ..Profile::default() },
        Some(source) => Profile {
            idle_ms: u64::try_from(source.idle.as_millis()).unwrap_or(u64::MAX),
            timing: Timing::Live,
            drawer: source.drawer.clone(),
            currency,
            ..source.profile.profile.clone()
        },
    })
}

pub(super) fn is_line(name: &str, config: &Config) -> bool {
    config
        .sources
        .iter()
        .any(|source| source.name == name && !matches!(source.kind, SourceKind::TcpProxy { .. }))
}
