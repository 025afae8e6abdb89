//! Why a trouble could not be made, or what it did that no trouble may do.

use std::io;
use std::path::PathBuf;

use crate::bridge::BridgeError;

/// Why a trouble could not be made or ended.
#[derive(Debug, thiserror::Error)]
pub enum ChaosError {
    /// It cannot be made here; the others can.
    #[error("{0}")]
    Skipped(String),
    /// The mock's script takes no more.
    #[error("expected room in the mock's fault script, found it full")]
    Script,
    /// The bridge did not come back after it was killed.
    #[error("expected the bridge to come back after kill -9, found it did not")]
    NotBack(#[source] BridgeError),
    /// A process could not be killed or started.
    #[error("expected to kill or start a process of the bridge")]
    Bridge(#[from] BridgeError),
    /// The bridge's clock could not be set.
    #[error("expected to set the bridge's clock in {}, found it refused", path.display())]
    Clock {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The disk could not be filled or emptied.
    #[error("expected to write to the small disk at {}, found it refused", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A kind of trouble that there is not.
    #[error("expected a kind of trouble ({known}), found {found:?}")]
    NoKind {
        /// What the scenario says.
        found: String,
        /// What it could say.
        known: String,
    },
    /// A fault of a schedule that is not in it.
    #[error("expected a fault from 1 to {last}, found {found}")]
    NoFault {
        /// The number.
        found: u32,
        /// The last one.
        last: u32,
    },
}
