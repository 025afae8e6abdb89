//! The ring file itself: cells and wrapped reads and writes at absolute positions. It does not
//! know what a record is.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::error::RingError;
use super::format::{
    FIXED_HEADER_BYTES, HEAD_CELL, HEADER_BYTES, Header, RELEASED_CELL, SPILLED_CELL,
};

/// How often a cell is read again until two reads agree. One more read is nearly always enough: the
/// other side would have to move the cell during each of them.
const MAX_CELL_READS: usize = 1_000;

/// An open ring file.
#[derive(Debug)]
pub(super) struct Storage {
    file: File,
    path: PathBuf,
    header: Header,
}

impl Storage {
    /// Opens an existing ring and checks its header and size.
    pub(super) fn open(path: &Path, write: bool) -> Result<Self, RingError> {
        let io = |source| RingError::Io { action: "open", path: path.to_owned(), source };
        let file = OpenOptions::new().read(true).write(write).open(path).map_err(io)?;
        let bad = |(expected, found)| RingError::Header { path: path.to_owned(), expected, found };
        let mut bytes = [0; FIXED_HEADER_BYTES];
        file.read_exact_at(&mut bytes, 0)
            .map_err(|error| bad(("a whole header".to_owned(), error.to_string())))?;
        let header = Header::decode(&bytes).map_err(bad)?;
        let (size, expected) =
            (file.metadata().map_err(io)?.len(), header.capacity.saturating_add(HEADER_BYTES));
        if size != expected {
            return Err(bad((format!("a file of {expected} bytes"), format!("{size} bytes"))));
        }
        Ok(Self { file, path: path.to_owned(), header })
    }

    /// Makes a new, empty ring, complete before it gets its name.
    pub(super) fn create(path: &Path, header: Header) -> Result<Self, RingError> {
        let io = |action| move |source| RingError::Io { action, path: path.to_owned(), source };
        let unfinished = path.with_extension("new");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)
            .map_err(io("create"))?;
        let size = HEADER_BYTES.saturating_add(header.capacity);
        nix::fcntl::posix_fallocate(&file, 0, size as i64).map_err(|errno| RingError::NoSpace {
            path: path.to_owned(),
            capacity: header.capacity,
            source: errno.into(),
        })?;
        file.write_all_at(&header.encode(), 0).map_err(io("write"))?;
        std::fs::rename(&unfinished, path).map_err(io("name"))?;
        Ok(Self { file, path: path.to_owned(), header })
    }

    pub(super) fn capacity(&self) -> u64 {
        self.header.capacity
    }

    pub(super) fn generation(&self) -> [u8; 16] {
        self.header.generation
    }

    /// Head and next sequence number, moved together.
    pub(super) fn head_and_seq(&self) -> Result<(u64, u64), RingError> {
        let both = self.agreed::<16>(HEAD_CELL)?;
        let (head, seq) = both.split_at(8);
        Ok((word(head), word(seq)))
    }

    pub(super) fn set_head_and_seq(&self, head: u64, seq: u64) -> Result<(), RingError> {
        let mut both = [0; 16];
        both[..8].copy_from_slice(&head.to_le_bytes());
        both[8..].copy_from_slice(&seq.to_le_bytes());
        self.file.write_all_at(&both, HEAD_CELL).map_err(|error| self.io("write", error))
    }

    /// First position that the area still holds: what is before it is in the journal or on disk.
    pub(super) fn tail(&self) -> Result<u64, RingError> {
        let both = self.agreed::<16>(RELEASED_CELL)?;
        let (released, spilled) = both.split_at(8);
        Ok(word(released).max(word(spilled)))
    }

    pub(super) fn released(&self) -> Result<u64, RingError> {
        Ok(word(&self.agreed::<8>(RELEASED_CELL)?))
    }

    /// For the brain alone.
    pub(super) fn set_released(&self, position: u64) -> Result<(), RingError> {
        let bytes = position.to_le_bytes();
        self.file.write_all_at(&bytes, RELEASED_CELL).map_err(|error| self.io("write", error))
    }

    pub(super) fn spilled(&self) -> Result<u64, RingError> {
        Ok(word(&self.agreed::<8>(SPILLED_CELL)?))
    }

    /// For the spill thread alone.
    pub(super) fn set_spilled(&self, position: u64) -> Result<(), RingError> {
        let bytes = position.to_le_bytes();
        self.file.write_all_at(&bytes, SPILLED_CELL).map_err(|error| self.io("write", error))
    }

    /// Writes `bytes` at `position`, wrapped around the end of the area.
    pub(super) fn write(&self, position: u64, bytes: &[u8]) -> Result<(), RingError> {
        let (offset, first) = self.place(position, bytes.len());
        self.file
            .write_all_at(&bytes[..first], offset)
            .and_then(|()| self.file.write_all_at(&bytes[first..], HEADER_BYTES))
            .map_err(|error| self.io("write", error))
    }

    /// Fills `bytes` from `position` on, wrapped around the end of the area.
    pub(super) fn read(&self, position: u64, bytes: &mut [u8]) -> Result<(), RingError> {
        let (offset, first) = self.place(position, bytes.len());
        let (head, tail) = bytes.split_at_mut(first);
        self.file
            .read_exact_at(head, offset)
            .and_then(|()| self.file.read_exact_at(tail, HEADER_BYTES))
            .map_err(|error| self.io("read", error))
    }

    /// File offset of `position`, and how many of `len` bytes fit before the area's end.
    fn place(&self, position: u64, len: usize) -> (u64, usize) {
        let offset = position % self.header.capacity;
        let room = usize::try_from(self.header.capacity - offset).unwrap_or(usize::MAX);
        (HEADER_BYTES + offset, len.min(room))
    }

    /// A cell that the other process may be writing: `pread` beside `pwrite` promises no atomic
    /// copy, so a value counts once it was read twice.
    fn agreed<const N: usize>(&self, cell: u64) -> Result<[u8; N], RingError> {
        let mut last = [0; N];
        self.file.read_exact_at(&mut last, cell).map_err(|error| self.io("read", error))?;
        for _ in 0..MAX_CELL_READS {
            let mut next = [0; N];
            self.file.read_exact_at(&mut next, cell).map_err(|error| self.io("read", error))?;
            if next == last {
                return Ok(next);
            }
            last = next;
        }
        Err(self.io("read", io::Error::other("a cell that never stands still")))
    }

    fn io(&self, action: &'static str, source: io::Error) -> RingError {
        RingError::Io { action, path: self.path.clone(), source }
    }
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(bytes);
    u64::from_le_bytes(word)
}
