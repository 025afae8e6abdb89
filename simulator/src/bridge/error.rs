//! What can go wrong with a bridge that is run.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why the bridge could not be run or asked.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// There is no bridge.
    #[error("expected posbridge at {}, found nothing\nhint: cargo build --workspace", .0.display())]
    NoPosbridge(PathBuf),
    /// Where this program lies is not known.
    #[error("expected to learn where this program lies")]
    Here(#[source] io::Error),
    /// The bridge's program could not be run.
    #[error("expected to run {}, found it refused", program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The bridge ended or never became ready.
    #[error("expected posbridge to be ready within {waited:?}, found it {found}; it said:\n{log}")]
    NotReady {
        /// How long we waited.
        waited: Duration,
        /// What it was instead.
        found: String,
        /// The end of its log.
        log: String,
    },
    /// A question to the bridge was not answered.
    #[error("expected `posbridge {verb}` to answer, found {found}")]
    Question {
        /// The verb.
        verb: &'static str,
        /// What came instead.
        found: String,
    },
    /// A process could not be killed.
    #[error("expected to kill the brain, found it refused")]
    Kill(#[source] io::Error),
}
