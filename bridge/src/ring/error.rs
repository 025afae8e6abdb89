//! What can go wrong with the ring. Each error says in what state the ring is afterwards.

use std::io;
use std::path::PathBuf;

use super::format::{MAX_PAYLOAD_BYTES, MIN_CAPACITY};

/// What can go wrong with the ring.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// A system call failed; the ring is as it was before the call.
    #[error("expected to {action} the ring {}, found: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The ring file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// There is no memory for the ring; no ring was made.
    #[error(
        "expected {capacity} bytes of free space for the ring {}, found: {source}\n\
         hint: free space on that file system, or point $RUNTIME_DIRECTORY at another",
        path.display()
    )]
    NoSpace {
        /// The ring file.
        path: PathBuf,
        /// Bytes of the area.
        capacity: u64,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The caller asked for too small a ring; no ring was made.
    #[error("expected a ring capacity of at least {MIN_CAPACITY} bytes, found {0}")]
    TooSmall(u64),
    /// The file is not a ring of this version, or its header is damaged; nothing can be read.
    #[error("expected {expected} in the header of the ring {}, found {found}", path.display())]
    Header {
        /// The ring file.
        path: PathBuf,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A record is damaged. The records before it can be read; after it only the head is a known
    /// boundary, so a reader that goes on releases up to the head and notes a gap.
    #[error("expected {expected} at ring position {position}, found {found}")]
    Record {
        /// Absolute position of the damaged record.
        position: u64,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A position outside of what the ring holds; nothing was changed.
    #[error("expected a ring position in {tail}..={head}, found {position}")]
    Position {
        /// The position asked for.
        position: u64,
        /// First position held.
        tail: u64,
        /// Position just past the newest record.
        head: u64,
    },
    /// A payload or name that no record can carry; nothing was written.
    #[error(
        "expected a payload of at most {MAX_PAYLOAD_BYTES} bytes and a name of at most 64, \
         found {payload} and {name}"
    )]
    TooLong {
        /// Bytes of payload.
        payload: usize,
        /// Bytes of the source's name.
        name: usize,
    },
}
