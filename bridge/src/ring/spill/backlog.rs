//! Everything heard and not yet released, wherever it lies: the brain's view of ring and spill.

use std::path::{Path, PathBuf};

use super::super::error::RingError;
use super::super::reader::RingReader;
use super::super::record::Record;
use super::segment::{self, Segment};

/// Reads a ring and what was spilled from it. One at a time may release.
#[derive(Debug)]
pub struct Backlog {
    ring: RingReader,
    dir: PathBuf,
}

impl Backlog {
    /// Opens the ring file `ring`, whose overflow lies in the directory `spill`. The directory need
    /// not exist.
    pub fn open(ring: &Path, spill: &Path) -> Result<Self, RingError> {
        Ok(Self { ring: RingReader::open(ring)?, dir: spill.to_owned() })
    }

    /// The UUID that was made together with the ring. Positions mean nothing in another one.
    pub fn generation(&self) -> &str {
        self.ring.generation()
    }

    /// Position just past the newest record.
    pub fn head(&self) -> Result<u64, RingError> {
        self.ring.head()
    }

    /// First position that is not released.
    pub fn released(&self) -> Result<u64, RingError> {
        self.ring.released()
    }

    /// As [`RingReader::read_from`], with the spilled part in front of the ring's.
    pub fn read_from(
        &self,
        position: u64,
        max_bytes: usize,
    ) -> Result<Vec<(u64, Record)>, RingError> {
        if let Some(spilled) = self.spilled_past(position)? {
            return self.read_spilled(position, spilled, max_bytes);
        }
        match self.ring.read_from(position, max_bytes) {
            // Spilled between the two looks.
            Err(error @ RingError::Position { .. }) => match self.spilled_past(position)? {
                Some(spilled) => self.read_spilled(position, spilled, max_bytes),
                None => Err(error),
            },
            read => read,
        }
    }

    /// Where reading can go on after [`Backlog::read_from`] failed at `position`: the next segment,
    /// the ring, or, where it was the ring that could not be read, its head.
    pub fn resume_after(&self, position: u64) -> Result<u64, RingError> {
        let Some(spilled) = self.spilled_past(position)? else { return self.head() };
        let later = self.segments()?.into_iter().map(|segment| segment.start);
        Ok(later.filter(|start| *start > position).min().unwrap_or(spilled).min(spilled))
    }

    /// Gives everything before `position` back. It is one that was answered by a method of this
    /// backlog.
    pub fn release(&self, position: u64) -> Result<(), RingError> {
        self.ring.release(position)
    }

    /// The spilled cell, where it is past a position that is not released.
    fn spilled_past(&self, position: u64) -> Result<Option<u64>, RingError> {
        let (released, spilled) = (self.ring.released()?, self.ring.spilled()?);
        Ok((released <= position && position < spilled).then_some(spilled))
    }

    fn read_spilled(
        &self,
        position: u64,
        spilled: u64,
        max_bytes: usize,
    ) -> Result<Vec<(u64, Record)>, RingError> {
        segment::read(&self.segments()?, position, spilled, max_bytes)
    }

    fn segments(&self) -> Result<Vec<Segment>, RingError> {
        let mut segments = segment::list(&self.dir).map_err(|source| RingError::Io {
            action: "list what was spilled from",
            path: self.dir.clone(),
            source,
        })?;
        segments.retain(|segment| segment.generation == self.ring.generation());
        Ok(segments)
    }
}
