//! The consumer's side. Reading changes nothing; only [`RingReader::release`] does.

use std::path::Path;
use std::sync::atomic::{Ordering, fence};

use super::error::RingError;
use super::format::{claimed_len, decode};
use super::record::Record;
use super::storage::Storage;

/// Reads a ring. One reader at a time may release.
#[derive(Debug)]
pub struct RingReader {
    storage: Storage,
    generation: String,
}

impl RingReader {
    /// Opens the ring at `path`.
    pub fn open(path: &Path) -> Result<Self, RingError> {
        let storage = Storage::open(path, true)?;
        let generation = uuid::Uuid::from_bytes(storage.generation()).to_string();
        Ok(Self { storage, generation })
    }

    /// The UUID that was made together with this ring. Positions mean nothing in another one.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Bytes of the area.
    pub fn capacity(&self) -> u64 {
        self.storage.capacity()
    }

    /// Position just past the newest record.
    pub fn head(&self) -> Result<u64, RingError> {
        Ok(self.storage.head_and_seq()?.0)
    }

    /// First position that the ring holds: what is before it is released, or spilled.
    pub fn tail(&self) -> Result<u64, RingError> {
        self.storage.tail()
    }

    /// First position that is not released.
    pub fn released(&self) -> Result<u64, RingError> {
        self.storage.released()
    }

    /// Everything before it is on disk, or released.
    pub(super) fn spilled(&self) -> Result<u64, RingError> {
        self.storage.spilled()
    }

    /// Records from `position` on, each with the position just past it, until they are
    /// `max_bytes` long together; at least one where there is one.
    ///
    /// A damaged record ends the list before it; it is the error of the call that starts at it.
    pub fn read_from(
        &self,
        position: u64,
        max_bytes: usize,
    ) -> Result<Vec<(u64, Record)>, RingError> {
        let (head, tail) = (self.head()?, self.tail()?);
        if position < tail || position > head {
            return Err(RingError::Position { position, tail, head });
        }
        let read = self.read_up_to(head, position, max_bytes);
        // What was read counts only if the ring had to keep it until now.
        fence(Ordering::SeqCst);
        let tail = self.tail()?;
        if position < tail {
            return Err(RingError::Position { position, tail, head });
        }
        read
    }

    fn read_up_to(
        &self,
        head: u64,
        position: u64,
        max_bytes: usize,
    ) -> Result<Vec<(u64, Record)>, RingError> {
        let mut records: Vec<(u64, Record)> = Vec::new();
        let mut at = position;
        while at < head && ((at - position) as usize) < max_bytes {
            match read_record(&self.storage, at, head) {
                Ok((after, record)) => {
                    records.push((after, record));
                    at = after;
                }
                Err(_) if !records.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(records)
    }

    /// Gives everything before `position` back to the writer. `position` is one that
    /// [`RingReader::read_from`] or [`RingReader::head`] answered; it may lie in the spilled part.
    pub fn release(&self, position: u64) -> Result<(), RingError> {
        let (head, released) = (self.head()?, self.released()?);
        if position < released || position > head {
            return Err(RingError::Position { position, tail: released, head });
        }
        self.storage.set_released(position)
    }
}

/// The record at `position` and the position just past it.
pub(super) fn read_record(
    storage: &Storage,
    position: u64,
    head: u64,
) -> Result<(u64, Record), RingError> {
    let left = head.saturating_sub(position);
    let beyond = |expected, found: u64| RingError::Record {
        position,
        expected,
        found: format!("{found} bytes before the head"),
    };
    if left < 4 {
        return Err(beyond("a record length", left));
    }
    let mut prefix = [0; 4];
    storage.read(position, &mut prefix)?;
    let len = claimed_len(prefix, position)?;
    if len as u64 > left {
        return Err(beyond("a whole record", left));
    }
    let mut bytes = vec![0; len];
    storage.read(position, &mut bytes)?;
    Ok((position + len as u64, decode(&bytes, position)?))
}
