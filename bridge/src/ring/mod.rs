//! The ring: what the wire process heard, kept on memory-backed storage until the brain has it in
//! the journal. What a full ring has no room for goes to disk, see [`spill`].
//!
//! It does not understand the bytes, never blocks, never overwrites what was neither released nor
//! spilled, and does not survive a power cut (the journal and the spill do).
//!
//! # On-disk contract, version 1
//!
//! One file, all integers little-endian, preallocated, written with `pwrite` and read with `pread`
//! (a mapping of a sparse file can raise SIGBUS). One producer and one spill thread (both in the wire
//! process) and one consumer (the brain). The first page is the header, the rest is the area:
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | magic `POSRING\0` |
//! | 8 | 4 | version, 1 |
//! | 12 | 4 | CRC-32 of bytes 16..40 |
//! | 16 | 16 | generation: a random UUID made with the file |
//! | 32 | 8 | capacity of the area in bytes |
//! | 64 | 8 | **head cell** (producer): position just past the newest record |
//! | 72 | 8 | **sequence cell** (producer, written together with the head): next sequence number |
//! | 128 | 8 | **released cell** (consumer): everything before it is in the journal |
//! | 136 | 8 | **spilled cell** (spill thread): everything before it is on disk, or released |
//! | 4096 | capacity | the area |
//!
//! Positions are absolute: they count from 0 at the file's birth and only grow; position `p` lies
//! at area offset `p % capacity`, and a record may wrap around the end of the area. The **tail** is
//! the larger of the released and the spilled cell: the area holds what is from there on. All cells
//! are record boundaries and only grow, `tail <= head <= tail + capacity`.
//!
//! One record:
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 4 | length of the whole record |
//! | 4 | 4 | CRC-32 of everything after this field |
//! | 8 | 8 | sequence number: grows by one per record, jumps where an `opened` was lost |
//! | 16 | 8 | monotonic time, nanoseconds |
//! | 24 | 8 | wall time, milliseconds since 1970 (signed) |
//! | 32 | 8 | connection: the sequence number of its `opened` record; 0 where there is none |
//! | 40 | 1 | kind: 1 data, 2 opened, 3 closed, 4 gap, 5 started |
//! | 41 | 1 | direction: 0 to the printer, 1 from the printer |
//! | 42 | 1 | length of the source's name |
//! | 43 | 1 | reserved, 0 |
//! | 44 | 16 | boot id of the machine |
//! | 60 | n | the source's name, UTF-8 |
//! | 60+n | rest | payload: `data` the bytes (at most 16 KiB); `closed` one byte, why; `gap` one byte, why, then bytes lost and records lost (8 bytes each); else nothing |
//!
//! # Crashes
//!
//! The head cell moves only after the record is wholly written, so a producer killed in between
//! leaves a valid ring: the half-written record is beyond the head and is overwritten later. A
//! consumer killed before [`RingReader::release`] reads the same records again.
//!
//! # When it is full
//!
//! More than half full, it asks for the spill thread. Where that cannot keep up or the disk fails,
//! [`RingWriter::append`] answers [`Append::Full`], counts what was lost per source, and owes a
//! `gap` record, which is written before anything else as soon as there is room. A `gap` may stand
//! for lost `opened` and `closed` records too: after it, no connection of the source can be relied
//! on to be still open.

mod error;
mod format;
mod gap;
mod reader;
mod record;
pub mod spill;
mod storage;
mod writer;

#[cfg(test)]
mod model;

pub use error::RingError;
pub use format::{MAX_PAYLOAD_BYTES, MAX_RECORD_BYTES, MIN_CAPACITY};
pub use reader::RingReader;
pub use record::{Body, Closing, Direction, Gap, GapReason, Kind, Lane, Record, RecordHead};
pub use writer::{Append, Opening, RingWriter, SpillCall};

/// Bytes of the area where nothing else is asked for. A busy till prints about 2 KiB a minute, so
/// this holds a day of five tills while the brain is away.
pub const DEFAULT_CAPACITY: u64 = 16 * 1024 * 1024;
