//! One source's session: taken up where the journal left it, moved on by chunks.

use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Profile, Timing};
use pos_protocol::session::{Checkpoint, EndReason, GapReason, Session};
use pos_protocol::text::Memo;
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

/// Most that a start has to read again of an open paper, in bytes; a chunk costs
/// [`CHUNK_COST`] beside its own. Until then a commit in the middle of a paper leaves the older
/// state as it is, which spares the card a write of a few KiB each time.
const MAX_REPLAY: usize = 256 * 1024;

/// What reading one chunk again costs, in bytes of reading.
const CHUNK_COST: usize = 256;

/// A source being read.
pub(super) struct Source {
    name: String,
    epoch: u64,
    generation: String,
    /// One line rather than many connections.
    line: bool,
    /// What a start would have to read again, at the last row.
    replay: usize,
    /// Something has happened to it since the last row.
    changed: bool,
    /// The profile that the next paper is to be read by, where it is another one.
    next: Option<Arc<Profile>>,
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
        memo: &Memo,
    ) -> Self {
        let id = id(name, epoch, journal);
        let session = Session::new(id, profile(name, config), Limits::default());
        let session = Guarded::new(session.remembering_in(memo));
        let line = is_line(name, config);
        let (name, generation) = (name.into(), generation.into());
        Self { name, epoch, generation, line, replay: 0, changed: true, next: None, session }
    }

    /// The source as the journal knows it: from its checkpoint, and the chunks after it.
    pub(super) fn stored(
        stored: &StoredSession,
        journal: &Journal,
        config: &Config,
        memo: &Memo,
    ) -> Result<Self, JournalError> {
        let row = &stored.row;
        let mut source = Self::new(&row.source, row.epoch, &row.generation, journal, config, memo);
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
                source.session = Guarded::new(session.remembering_in(memo));
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
        source.changed = false;
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

    /// Notes that a new epoch began with nobody listening for a while (the machine was off): the
    /// first paper of a serial line may be missing its beginning. A connection is heard from its
    /// first byte, and a file keeps its own place.
    pub(super) fn after_silence(mut self, config: &Config) -> Self {
        let found = config.sources.iter().find(|source| source.name == self.name);
        let whole = found.is_none_or(|source| {
            !source.kind.is_line() || matches!(source.kind, SourceKind::File { .. })
        });
        if !whole {
            // Before everything that the new ring holds.
            self.session.gap(Timestamp::new(0, 0), GapReason::Restart);
        }
        self
    }

    pub(super) fn generation(&self) -> &str {
        &self.generation
    }

    /// Reads by what `config` says, from the next paper on.
    pub(super) fn go_by(&mut self, config: &Config) {
        let wanted = profile(&self.name, config);
        self.next = (*wanted != *self.session.profile()).then_some(wanted);
        self.turn_over();
    }

    /// Takes up the next profile, between papers. A restart would read what was committed before by
    /// the new one too, and drop it: ids rest on places in the stream alone.
    fn turn_over(&mut self) {
        if !self.session.is_printing()
            && let Some(next) = self.next.take()
        {
            tracing::info!(source = self.name, profile = next.name, "read by another profile");
            self.session.go_by(next);
            self.changed = true;
        }
    }

    /// Takes a record.
    pub(super) fn take(&mut self, record: Record) -> Chunk {
        if self.next.is_some() {
            // What ends before this record ends by the old profile.
            self.session.fire_due(record.at);
            self.turn_over();
        }
        let chunk = chunk::of(record, &self.session, self.epoch, self.line);
        self.replay += chunk.bytes.len() + CHUNK_COST;
        self.changed = true;
        chunk::apply(&chunk, &mut self.session, self.line);
        chunk
    }

    /// Notes that records of unknown sources were lost.
    pub(super) fn gap(&mut self, now: Timestamp) {
        self.session.gap(now, GapReason::Overrun);
        self.changed = true;
    }

    /// Fires every deadline up to `now`.
    pub(super) fn fire(&mut self, now: Timestamp) {
        self.changed |= self.session.fire_due(now);
        self.turn_over();
    }

    /// Events that wait.
    pub(super) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    /// Takes up another journal, under whose id the events from here on stand. All events must
    /// have been fetched.
    pub(super) fn move_to(&mut self, journal: &Journal, config: &Config, memo: &Memo) {
        let (id, profile) = (id(&self.name, self.epoch, journal), profile(&self.name, config));
        // A state that cannot be told goes on under the old id.
        let at = self.session.checkpoint().and_then(|json| Checkpoint::from_json(&json).ok());
        if let Some(at) = at {
            let session = Session::resume(id, at, profile, Limits::default());
            self.session = Guarded::new(session.remembering_in(memo));
        }
        (self.replay, self.changed) = (MAX_REPLAY, true);
    }

    /// The row that goes with what was taken so far; none where the last one says it all. All events
    /// must have been fetched.
    pub(super) fn row(&mut self) -> Option<SessionRow> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let printing = self.session.is_printing();
        let wanted = !printing || self.replay >= MAX_REPLAY;
        let checkpoint = if wanted { self.session.checkpoint() } else { None };
        let checkpoint = checkpoint.map(String::into_bytes);
        let checkpoint = checkpoint.filter(|json| json.len() <= MAX_CHECKPOINT_BYTES);
        if checkpoint.is_some() {
            self.replay = 0;
        }
        if !printing {
            self.session.settle();
        }
        Some(SessionRow {
            source: self.name.clone(),
            epoch: self.epoch,
            generation: self.generation.clone(),
            checkpoint,
            printing,
        })
    }
}

fn id(name: &str, epoch: u64, journal: &Journal) -> SessionId {
    SessionId { journal: journal.uuid(), source: name.to_owned(), epoch }
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
    config.sources.iter().any(|source| source.name == name && source.kind.is_line())
}
