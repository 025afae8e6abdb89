//! Why a demonstration could not be given.

use std::io;
use std::time::Duration;

use crate::bridge::BridgeError;
use crate::dingtalk::MockError;
use crate::printer::PrinterError;
use crate::wire::WireError;

/// Why a demonstration could not be given.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The bridge.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
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
