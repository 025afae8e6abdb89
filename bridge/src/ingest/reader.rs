//! Where in the ring the journal is, and what to do when that place is no more.

use std::path::Path;

use crate::journal::Cursor;
use crate::ring::spill::{Backlog, Leftover, leftovers};
use crate::ring::{Record, RingError};

/// Most ring bytes that one transaction takes.
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// How often in a row a read may fail before its records count as lost. A disk that is only
/// disturbed recovers within as many looks; one that is broken must not hold up what follows.
const MAX_TRIES: u32 = 5;

/// A ring being read, or what is left of one.
pub(super) struct Reader {
    place: Place,
    position: u64,
    /// Failed reads in a row.
    tries: u32,
    /// Something could not be read.
    lossy: bool,
}

enum Place {
    Ring(Backlog),
    Leftover(Leftover),
}

/// A batch of records.
pub(super) enum Look {
    /// These, in order; none where there are no more.
    Records(Vec<Record>),
    /// Nothing can be read at the moment.
    Stuck(RingError),
    /// Records could not be read here, and the place is past them.
    Lost(RingError),
}

impl Reader {
    /// Opens the ring and finds the place that `cursor` names. A place that is not in this ring
    /// means that it starts at what was not released yet.
    pub(super) fn open(
        path: &Path,
        spill: &Path,
        cursor: Option<&Cursor>,
    ) -> Result<Self, RingError> {
        let ring = Backlog::open(path, spill)?;
        let (released, head) = (ring.released()?, ring.head()?);
        let position = cursor
            .filter(|cursor| cursor.generation == ring.generation())
            .map(|cursor| cursor.position)
            .filter(|position| (released..=head).contains(position))
            .unwrap_or(released);
        let reader = Self { place: Place::Ring(ring), position, tries: 0, lossy: false };
        // A brain killed between its commit and its release left these apart. From here on the ring
        // itself knows the place, should the cursor move to another generation in between.
        reader.release();
        Ok(reader)
    }

    /// What is left of rings other than `live`: the one that `cursor` is in first, because its
    /// sessions go on.
    pub(super) fn leftovers(spill: &Path, live: &str, cursor: Option<&Cursor>) -> Vec<Self> {
        let mut found = leftovers(spill, live).unwrap_or_else(|error| {
            tracing::error!("cannot look for spilled records in {}: {error}", spill.display());
            Vec::new()
        });
        let current = |leftover: &Leftover| {
            cursor.filter(|cursor| cursor.generation == leftover.generation())
        };
        found.sort_by_key(|leftover| current(leftover).is_none());
        let read = |leftover: Leftover| {
            let position = current(&leftover).map_or(leftover.start(), |cursor| cursor.position);
            Self { place: Place::Leftover(leftover), position, tries: 0, lossy: false }
        };
        found.into_iter().map(read).collect()
    }

    pub(super) fn generation(&self) -> &str {
        match &self.place {
            Place::Ring(ring) => ring.generation(),
            Place::Leftover(leftover) => leftover.generation(),
        }
    }

    /// The next records; the place moves on past them.
    pub(super) fn next(&mut self) -> Look {
        let read = match &self.place {
            Place::Ring(ring) => ring.read_from(self.position, MAX_BATCH_BYTES),
            Place::Leftover(leftover) => leftover.read_from(self.position, MAX_BATCH_BYTES),
        };
        match read {
            Ok(records) => {
                self.tries = 0;
                if let Some((after, _)) = records.last() {
                    self.position = *after;
                }
                Look::Records(records.into_iter().map(|(_, record)| record).collect())
            }
            Err(error @ RingError::Io { .. }) if self.tries < MAX_TRIES => {
                self.tries += 1;
                Look::Stuck(error)
            }
            Err(error) => {
                (self.tries, self.lossy) = (0, true);
                self.position = self.after_loss();
                Look::Lost(error)
            }
        }
    }

    fn after_loss(&self) -> u64 {
        match &self.place {
            Place::Ring(ring) => ring.resume_after(self.position).unwrap_or(self.position),
            // Nothing follows: the end of time is past every record.
            Place::Leftover(leftover) => leftover.resume_after(self.position).unwrap_or(u64::MAX),
        }
    }

    /// The place, for the journal.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { generation: self.generation().to_owned(), position: self.position }
    }

    /// Lets the wire process forget everything before the place.
    pub(super) fn release(&self) {
        if let Place::Ring(ring) = &self.place
            && let Err(error) = ring.release(self.position)
        {
            tracing::error!("cannot give ring space back: {error}");
        }
    }

    /// Deletes what is left of a ring, once it is in the journal. Where parts could not be read it
    /// is kept.
    pub(super) fn forget(self) {
        let Place::Leftover(leftover) = self.place else { return };
        let generation = leftover.generation().to_owned();
        let done = if self.lossy {
            tracing::error!(generation, "spilled records could not be read; kept as *.unread");
            leftover.set_aside()
        } else {
            leftover.delete()
        };
        if let Err(error) = done {
            tracing::error!(generation, "cannot remove spilled records that were read: {error}");
        }
    }
}
