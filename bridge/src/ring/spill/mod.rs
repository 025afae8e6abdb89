//! The spill: what no longer fits into the ring, on disk, until the brain has it in the journal.
//!
//! It is never on the way of a byte to the printer: a record is in the ring before it is forwarded,
//! and only later, by a thread of its own, copied from there to disk. The disk holds the older part
//! of what waits, the ring the newer. Where the disk fails too, the ring fills up and counts gaps.
//! It does not read records, wait for the brain, or touch a byte of the disk's last reserve.
//!
//! # On-disk contract, version 1
//!
//! A directory beside the journal, `JOURNAL.spill`, mode 0700, made when it is first needed. In it
//! segments, mode 0600, each named `GENERATION-POSITION`: the ring's generation as a UUID, and the
//! absolute ring position of the segment's first byte as 20 decimal digits. A segment is a copy of
//! the ring's bytes from that position on: whole records, one after the other, without a header.
//! Every record carries its length and CRC, so a segment ends where whole records end.
//!
//! Where two segments hold the same position (a wire process was killed before it had moved the
//! spilled cell), the one that starts later counts; both hold the same bytes there.
//!
//! # Who moves what
//!
//! Each cell of the ring and each file has one writer, so nothing has to be locked:
//!
//! | what | writer | moves |
//! |---|---|---|
//! | head and sequence cell | wire process, forwarding | forward |
//! | **spilled cell**: everything before it is on disk, or released | wire process, spill thread | forward |
//! | **released cell**: everything before it is in the journal | brain | forward |
//! | segments of the ring's generation: made, written, deleted | wire process, spill thread | |
//! | segments of other generations: deleted once read | brain | |
//!
//! The ring's **tail** is the larger of the spilled and the released cell; each grows only, so the
//! tail cannot go back, whoever is killed in between. Two spill threads cannot meet: the thread
//! holds the wire process's lock for as long as it lives.
//!
//! # One step of the spill thread
//!
//! 1. The bytes from the tail on are read from the ring. If the tail has moved meanwhile they may
//!    have been overwritten, and the step starts over.
//! 2. They are appended to the open segment, or a new one is made that starts at the tail.
//! 3. The spilled cell moves past them. From here on the ring may overwrite them.
//!
//! Killed before 3, the bytes are still in the ring, and what was written (whole, half or torn) lies
//! beyond the spilled cell, where nobody reads it; the next wire process makes a segment that starts
//! at the tail. A reader asks for a position below the spilled cell from the segments, else from the
//! ring, and looks at the tail again after reading the ring: a position that was spilled meanwhile is
//! read from the segments, whatever the ring gave.
//!
//! A segment whose bytes are all released is deleted by the spill thread. After a power cut the ring
//! is gone but segments may be there: [`leftovers`] finds them, for a brain to read before it takes
//! up the new ring. A segment is synced to disk when it is closed; bytes of the last one, and those
//! still in the ring, are lost with the power.

mod backlog;
mod error;
mod leftover;
mod segment;
mod spiller;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod model;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use backlog::Backlog;
pub use error::SpillError;
pub use leftover::{Leftover, leftovers};
pub(in crate::ring) use spiller::high_water;
pub use spiller::{SpillLimits, Spiller, Turn};

/// Where what does not fit into the ring goes: beside the journal, which is on a disk that keeps
/// things.
pub fn spill_directory(journal: &Path) -> PathBuf {
    let mut name = OsString::from(journal);
    name.push(".spill");
    PathBuf::from(name)
}
