//! Why a load run could not be made.

use std::io;
use std::path::PathBuf;

use crate::bridge::BridgeError;
use crate::chaos::ChaosError;
use crate::dingtalk::MockError;
use crate::ledger::FileError;
use crate::wire::WireError;

/// Why a load run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The directory of the report.
    #[error("expected to write to {}, found it refused", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Too few files may be open.
    #[error(
        "expected to be allowed {need} open files for {tills} tills, found {found}\n\
         hint: ulimit -n {need}"
    )]
    Descriptors {
        /// How many are needed.
        need: u64,
        /// How many are allowed.
        found: u64,
        /// For how many tills.
        tills: u32,
    },
    /// A scenario in virtual time, and a build without it.
    #[error(
        "expected a build with virtual time for a scenario with [clock], found none\n\
         hint: cargo build --workspace"
    )]
    NoClock,
    /// The clock of the scenario.
    #[error("the scenario's [clock]")]
    Clock(#[source] crate::clock::ClockError),
    /// The printers.
    #[error("expected a port for the printers, found it refused")]
    Printers(#[source] io::Error),
    /// The bridge.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
    /// The mock robot.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// A till's cable.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A file of the report.
    #[error(transparent)]
    File(#[from] FileError),
    /// A trouble that could not be made.
    #[error(transparent)]
    Chaos(#[from] ChaosError),
    /// The person at the keyboard.
    #[error("stopped by a signal")]
    Stopped,
}
