//! Where in the ring the journal is, and what to do when that place is no more.

use std::path::Path;

use crate::journal::Cursor;
use crate::ring::{Record, RingError, RingReader};

/// Most ring bytes that one transaction takes.
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// A ring being read.
pub(super) struct Reader {
    ring: RingReader,
    position: u64,
}

/// A batch of records.
pub(super) enum Look {
    /// These, in order; none where the ring has no more.
    Records(Vec<Record>),
    /// The ring could not be read here; everything up to its head is lost.
    Lost(RingError),
}

impl Reader {
    /// Opens the ring and finds the place that `cursor` names. A place that is not in this ring
    /// any more means that it starts at what was not released yet.
    pub(super) fn open(path: &Path, cursor: Option<&Cursor>) -> Result<Self, RingError> {
        let ring = RingReader::open(path)?;
        let (tail, head) = (ring.tail()?, ring.head()?);
        let position = cursor
            .filter(|cursor| cursor.generation == ring.generation())
            .map(|cursor| cursor.position)
            .filter(|position| (tail..=head).contains(position))
            .unwrap_or(tail);
        Ok(Self { ring, position })
    }

    pub(super) fn generation(&self) -> &str {
        self.ring.generation()
    }

    /// The next records; the place moves on past them.
    pub(super) fn next(&mut self) -> Look {
        match self.ring.read_from(self.position, MAX_BATCH_BYTES) {
            Ok(records) => {
                if let Some((after, _)) = records.last() {
                    self.position = *after;
                }
                Look::Records(records.into_iter().map(|(_, record)| record).collect())
            }
            Err(error) => {
                if let Ok(head) = self.ring.head() {
                    self.position = head;
                }
                Look::Lost(error)
            }
        }
    }

    /// The place, for the journal.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { generation: self.ring.generation().to_owned(), position: self.position }
    }

    /// Lets the wire process forget everything before the place.
    pub(super) fn release(&self) {
        if let Err(error) = self.ring.release(self.position) {
            tracing::error!("cannot give ring space back: {error}");
        }
    }
}
