//! Moves the oldest part of a ring to disk, one step at a time. It has no thread and no clock of its
//! own, and it never touches the head: see the module doc for the order of a step.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::super::error::RingError;
use super::super::format::{MAX_RECORD_BYTES, claimed_len};
use super::super::storage::Storage;
use super::error::SpillError;
use super::segment::{self, Segment};

/// How much is copied at a time, and how much disk may be used.
#[derive(Clone, Copy, Debug)]
pub struct SpillLimits {
    /// Bytes copied in one step: few enough that a slow card is done with them within a second.
    pub step_bytes: usize,
    /// Bytes after which a segment is closed. Small ones give space back early.
    pub segment_bytes: u64,
    /// Bytes of all segments together.
    pub total_bytes: u64,
    /// Bytes of the disk that stay free for the journal and everybody else.
    pub reserve_bytes: u64,
}

impl Default for SpillLimits {
    fn default() -> Self {
        Self {
            step_bytes: 512 * 1024,
            segment_bytes: 16 * 1024 * 1024,
            total_bytes: 1024 * 1024 * 1024,
            reserve_bytes: 256 * 1024 * 1024,
        }
    }
}

/// What a turn did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Bytes went to disk, and there may be more.
    Moved,
    /// There is room enough in the ring.
    Rested,
}

/// The one writer of a ring's spilled cell and of its generation's segments.
#[derive(Debug)]
pub struct Spiller {
    ring: Storage,
    generation: String,
    dir: PathBuf,
    limits: SpillLimits,
    open: Option<Open>,
    /// Bytes of all segments, of other generations too.
    used: u64,
    /// Once begun, it goes on until the ring is well below the mark at which it began.
    spilling: bool,
    buffer: Vec<u8>,
}

/// The segment being written.
#[derive(Debug)]
struct Open {
    segment: Segment,
    file: File,
    /// Bytes of it that the spilled cell is past.
    len: u64,
}

/// Bytes waiting in a ring of `capacity` at which spilling begins: early enough that what is heard
/// during a slow write finds room.
pub(in crate::ring) fn high_water(capacity: u64) -> u64 {
    capacity / 2
}

/// Bytes waiting at which spilling ends.
fn low_water(capacity: u64) -> u64 {
    capacity / 4
}

impl Spiller {
    /// A spiller for the ring file `ring` into the directory `dir`, which is made when it is needed.
    pub fn open(ring: &Path, dir: &Path, limits: SpillLimits) -> Result<Self, RingError> {
        let ring = Storage::open(ring, true)?;
        let generation = uuid::Uuid::from_bytes(ring.generation()).to_string();
        let dir = dir.to_owned();
        let mut spiller = Self {
            ring,
            generation,
            dir,
            limits,
            open: None,
            used: 0,
            spilling: false,
            buffer: Vec::new(),
        };
        // What cannot be listed now is said when it matters: at the first step.
        spiller.used = spiller.sum().unwrap_or(0);
        Ok(spiller)
    }

    /// Bytes on disk.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Deletes what is released, and moves one step's worth to disk where the ring is too full.
    pub fn turn(&mut self) -> Result<Turn, SpillError> {
        if self.used > 0 {
            self.collect()?;
        }
        // The head first: whatever moves meanwhile, it is then within one capacity of the tail.
        let (head, tail) = (self.ring.head_and_seq()?.0, self.ring.tail()?);
        let (waiting, capacity) = (head.saturating_sub(tail), self.ring.capacity());
        let mark = if self.spilling { low_water(capacity) } else { high_water(capacity) };
        self.spilling = waiting > mark;
        if !self.spilling {
            // An idle ring needs no buffer for its overflow.
            self.buffer = Vec::new();
            return Ok(Turn::Rested);
        }
        self.step(tail, head)?;
        Ok(Turn::Moved)
    }

    fn step(&mut self, tail: u64, head: u64) -> Result<(), SpillError> {
        self.copy(tail, head)?;
        if self.ring.tail()? != tail {
            // The brain was quicker; what was read may have been overwritten.
            return Ok(());
        }
        self.append(tail)?;
        self.ring.set_spilled(tail + self.buffer.len() as u64)?;
        if let Some(open) = &mut self.open {
            open.len += self.buffer.len() as u64;
            self.used += self.buffer.len() as u64;
        }
        if self.open.as_ref().is_some_and(|open| open.len >= self.limits.segment_bytes) {
            self.close()?;
        }
        Ok(())
    }

    /// Fills the buffer with whole records from `tail` on.
    fn copy(&mut self, tail: u64, head: u64) -> Result<(), RingError> {
        let step = self.limits.step_bytes;
        let wanted = (head - tail).min((step + MAX_RECORD_BYTES) as u64) as usize;
        self.buffer.resize(wanted, 0);
        self.ring.read(tail, &mut self.buffer)?;
        let mut whole = 0;
        while whole < step {
            let Some(prefix) = self.buffer[whole..].first_chunk::<4>() else { break };
            let len = match claimed_len(*prefix, tail + whole as u64) {
                Ok(len) if whole + len <= wanted => len,
                // A damaged record: only the head is a boundary behind it. What is before it goes
                // first, and then all there is; the reader says what cannot be read.
                _ if whole == 0 => return self.copy_all(tail, head),
                _ => break,
            };
            whole += len;
        }
        self.buffer.truncate(whole);
        Ok(())
    }

    fn copy_all(&mut self, tail: u64, head: u64) -> Result<(), RingError> {
        self.buffer.resize((head - tail) as usize, 0);
        self.ring.read(tail, &mut self.buffer)
    }

    /// Puts the buffer, which begins at `tail`, on disk.
    fn append(&mut self, tail: u64) -> Result<(), SpillError> {
        let bytes = self.buffer.len() as u64;
        if self.open.as_ref().is_some_and(|open| open.segment.start + open.len != tail) {
            self.close()?;
        }
        self.make_directory()?;
        self.check_room(bytes)?;
        // One that a write fails on is not written again: the next step makes another.
        let open = match self.open.take() {
            Some(open) => open,
            None => self.create(tail)?,
        };
        let path = &open.segment.path;
        open.file.write_all_at(&self.buffer, open.len).map_err(io_at("write", path))?;
        // A file without a name is nowhere once it is closed.
        if open.file.metadata().map_err(io_at("look at", path))?.nlink() == 0 {
            return Err(SpillError::Deleted { path: path.clone() });
        }
        self.open = Some(open);
        Ok(())
    }

    fn check_room(&self, bytes: u64) -> Result<(), SpillError> {
        let (path, limits) = (&self.dir, &self.limits);
        let used = self.used + bytes;
        if used > limits.total_bytes {
            return Err(SpillError::Full { path: path.clone(), cap: limits.total_bytes, used });
        }
        let found = nix::sys::statvfs::statvfs(path)
            .map_err(|errno| io_at("look at the disk of", path)(errno.into()))?;
        let free = (found.blocks_available() * found.fragment_size()).saturating_sub(bytes);
        if free < limits.reserve_bytes {
            let reserve = limits.reserve_bytes;
            return Err(SpillError::Reserve { path: path.clone(), reserve, free });
        }
        Ok(())
    }

    fn make_directory(&mut self) -> Result<(), SpillError> {
        if self.open.is_some() {
            return Ok(());
        }
        match DirBuilder::new().mode(0o700).create(&self.dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(io_at("make", &self.dir)(error));
            }
            _ => {}
        }
        self.used = self.sum()?;
        Ok(())
    }

    /// A segment that starts at `tail`. One of that name is a dead process's: the spilled cell never
    /// got past its start, so nobody needs it.
    fn create(&self, tail: u64) -> Result<Open, SpillError> {
        let segment = Segment::of(&self.dir, &self.generation, tail);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&segment.path)
            .map_err(io_at("make", &segment.path))?;
        Ok(Open { segment, file, len: 0 })
    }

    /// Syncs the open segment, and its name.
    fn close(&mut self) -> Result<(), SpillError> {
        let Some(open) = self.open.take() else { return Ok(()) };
        open.file.sync_data().map_err(io_at("sync", &open.segment.path))?;
        let dir = File::open(&self.dir).and_then(|dir| dir.sync_all());
        dir.map_err(io_at("sync", &self.dir))
    }

    /// Deletes the segments of this ring that are wholly released, the open one among them.
    fn collect(&mut self) -> Result<(), SpillError> {
        let (released, spilled) = (self.ring.released()?, self.ring.spilled()?);
        let segments = self.segments()?;
        let mut own = segments.iter().filter(|segment| segment.generation == self.generation);
        let mut next = own.next();
        while let Some(segment) = next {
            next = own.next();
            // The last one ends where the spilled cell stands; what lies beyond it is in the ring.
            let end = next.map_or(spilled, |later| later.start);
            if end > released || segment.start > released {
                break;
            }
            if self.open.as_ref().is_some_and(|open| open.segment == *segment) {
                self.open = None;
            }
            std::fs::remove_file(&segment.path).map_err(io_at("delete", &segment.path))?;
        }
        self.used = self.sum()?;
        Ok(())
    }

    fn sum(&self) -> Result<u64, SpillError> {
        Ok(self.segments()?.iter().map(Segment::len).sum())
    }

    fn segments(&self) -> Result<Vec<Segment>, SpillError> {
        segment::list(&self.dir).map_err(io_at("list", &self.dir))
    }
}

fn io_at<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> SpillError + 'a {
    move |source| SpillError::Io { action, path: path.to_owned(), source }
}
