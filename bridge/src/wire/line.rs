//! A line that comes and goes: what is recorded when it opens and when it is lost, and how long it
//! is left alone in between.
//!
//! It opens nothing itself and tells nobody how the source is.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::recorder::{Connection, Recorder};
use crate::ring::{Closing, GapReason};

/// A line that stayed this long is well; its next loss is tried again quickly.
const WELL_AFTER: Duration = Duration::from_secs(5);

/// One line over all its openings.
pub(super) struct Line {
    backoff: Backoff,
    /// Why bytes may be missing before the next opening.
    missed: Option<GapReason>,
    /// Whether a loss leaves a gap in what was printed.
    gaps: bool,
    since: Instant,
}

impl Line {
    /// A line before its first opening.
    pub(super) fn new(missed: Option<GapReason>) -> Self {
        Self { backoff: Backoff::new(), missed, gaps: true, since: Instant::now() }
    }

    /// A line over which nothing is printed, so that no receipt misses what it misses.
    pub(super) fn without_gaps() -> Self {
        Self { gaps: false, ..Self::new(None) }
    }

    /// The line is open from now on.
    pub(super) fn opened(&mut self, recorder: &Recorder) -> Connection {
        self.since = Instant::now();
        let connection = recorder.opened();
        if let Some(reason) = self.missed {
            recorder.gap(reason);
        }
        connection
    }

    /// The line is gone. One over which something came was no loose contact: it is tried again
    /// quickly.
    pub(super) fn lost(&mut self, recorder: &Recorder, connection: Connection, heard: bool) {
        connection.close(Closing::Unplugged);
        if self.gaps {
            recorder.gap(GapReason::Unplugged);
            self.missed = Some(GapReason::Reopened);
        }
        if heard || self.since.elapsed() >= WELL_AFTER {
            self.backoff.reset();
        }
    }

    /// Waits before the next try; `false` when told to stop.
    pub(super) async fn pause(&mut self, stop: &mut watch::Receiver<bool>) -> bool {
        tokio::select! {
            () = tokio::time::sleep(self.backoff.step()) => true,
            _ = stop.changed() => false,
        }
    }
}
