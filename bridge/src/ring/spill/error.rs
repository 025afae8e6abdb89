//! Why bytes cannot be spilled at present. After each of these everything is still in the ring.

use std::io;
use std::path::PathBuf;

use super::super::error::RingError;

/// Why bytes cannot be spilled at present.
#[derive(Debug, thiserror::Error)]
pub enum SpillError {
    /// A system call failed.
    #[error("expected to {action} {}, found: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file or directory.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The rest of the disk belongs to others.
    #[error(
        "expected {reserve} bytes to stay free beside {}, found {free}\n\
         hint: free space on that disk, or point [journal] path at another",
        path.display()
    )]
    Reserve {
        /// The spill directory.
        path: PathBuf,
        /// Bytes that stay free.
        reserve: u64,
        /// Bytes that would be left.
        free: u64,
    },
    /// As much is spilled as may be.
    #[error(
        "expected at most {cap} bytes in {}, found {used}\n\
         hint: start posbridge run, which reads them into the journal",
        path.display()
    )]
    Full {
        /// The spill directory.
        path: PathBuf,
        /// Bytes that may be spilled.
        cap: u64,
        /// Bytes that would be.
        used: u64,
    },
    /// Somebody deleted the segment that is being written.
    #[error(
        "expected the segment {} to stay where it was made, found it deleted\n\
         hint: a new one is made; does another posbridge use this journal?",
        path.display()
    )]
    Deleted {
        /// The segment.
        path: PathBuf,
    },
    /// The ring cannot be read.
    #[error(transparent)]
    Ring(#[from] RingError),
}
