//! Why a demonstration could not be given.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::dingtalk::MockError;
use crate::printer::PrinterError;
use crate::wire::WireError;

/// Why a demonstration could not be given.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is no bridge to demonstrate.
    #[error("expected posbridge at {}, found nothing\nhint: cargo build --workspace", .0.display())]
    NoPosbridge(PathBuf),
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
    /// A condition did not come about.
    #[error("expected {what} within {waited:?}, found it not to be so")]
    Waited {
        /// What was waited for.
        what: &'static str,
        /// How long.
        waited: Duration,
    },
    /// The temporary directory and what lies in it.
    #[error("expected to write to a temporary directory")]
    Directory(#[source] io::Error),
    /// The mock robot.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// A printer.
    #[error(transparent)]
    Printer(#[from] PrinterError),
    /// A free port for the bridge.
    #[error("expected a free loopback port")]
    Port(#[source] io::Error),
    /// A till's cable.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The person at the keyboard.
    #[error("stopped by a signal")]
    Stopped,
    /// The terminal is gone.
    #[error("expected to print, found the output closed")]
    Output(#[source] io::Error),
}
