//! Reads a session's chunks once more, as they would be read today: what `replay` shows.
//!
//! It writes nothing and tells nobody. Ids come out as they did the first time, since they rest on
//! places in the stream alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::Profile;
use pos_protocol::session::{EndReason, GapReason, Lane, Session};

use super::chunk::{self, lane};
use super::quarantine::Guarded;
use super::source::{is_line, profile};
use crate::config::Config;
use crate::journal::{Chunk, ChunkKind};

/// After the last chunk of the epoch that is still being written, every silence is over: longer
/// than any deadline of a session. 1 h in nanoseconds.
const ALL_SILENT_NS: u64 = 3_600_000_000_000;

/// A session being read again.
pub struct Again {
    session: Guarded,
    line: bool,
    seen: BTreeSet<Lane>,
}

impl Again {
    /// The epoch `id` from its first chunk on. `with` stands in for the source's own profile, whose
    /// time-outs, drawer and currency stay.
    pub fn new(id: SessionId, config: &Config, with: Option<&Profile>) -> Self {
        let own = profile(&id.source, config);
        let applied = match with {
            None => own,
            Some(other) => Arc::new(Profile {
                idle_ms: own.idle_ms,
                timing: own.timing,
                drawer: own.drawer.clone(),
                currency: own.currency,
                ..other.clone()
            }),
        };
        let line = is_line(&id.source, config);
        let session = Guarded::new(Session::new(id, applied, Limits::default()));
        Self { session, line, seen: BTreeSet::new() }
    }

    /// Reads the next chunk; what is told by then.
    pub fn read(&mut self, chunk: &Chunk) -> Vec<Event> {
        let lane = lane(chunk.direction, chunk.conn);
        if chunk.kind == ChunkKind::Data && self.seen.insert(lane) {
            // What came before on this lane has been forgotten after its days.
            self.session.seek(lane, chunk.at, chunk.start);
        }
        chunk::apply(chunk, &mut self.session, self.line);
        self.events()
    }

    /// What is told after the last chunk. An epoch that is `over` ended with its ring.
    pub fn end(mut self, over: bool) -> Vec<Event> {
        if let Some(last) = self.session.last_seen() {
            if over {
                self.session.gap(last, GapReason::Restart);
                self.session.finish(last, EndReason::Replaced);
            } else {
                self.session.fire_due(last.later(ALL_SILENT_NS));
            }
        }
        self.events()
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }
}
