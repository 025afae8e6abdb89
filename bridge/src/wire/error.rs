//! Why the wire process cannot start. Trouble with a single source is never one of these: it is
//! logged, shown in the status, and tried again.

use std::io;
use std::path::PathBuf;

use crate::ring::RingError;

/// Why the wire process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Another one holds the lock.
    #[error("expected no wire process in this runtime directory, found one running{}", of(*pid))]
    AlreadyRunning {
        /// Its pid, where it has written it.
        pid: Option<u32>,
    },
    /// The lock file cannot be used.
    #[error("expected to lock {}, found: {source}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The ring cannot be used.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// The wake socket cannot be made.
    #[error("expected to listen on {}, found: {source}", path.display())]
    Socket {
        /// The socket.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

fn of(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (pid {pid})"))
}
