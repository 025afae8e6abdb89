//! Why a receipt could not be carried.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A receipt that could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The pty or its link cannot be made.
    #[error("expected to make a pty with the link {}, found it refused", link.display())]
    Pty {
        /// The link.
        link: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The serial port cannot be opened or set up.
    #[error("expected a serial port at {}, found it refused", path.display())]
    Serial {
        /// The port.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something that is no serial port: a file, a directory, a disk.
    #[error(
        "expected a serial port or a pty at {}, found something else\nhint: --to pty:LINK makes a pty",
        path.display()
    )]
    NoTerminal {
        /// What was given as the port.
        path: PathBuf,
    },
    /// Writing to a pty or a serial port failed.
    #[error("expected to write to {}, found it refused", path.display())]
    Write {
        /// The port or link.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody takes the bytes.
    #[error("expected a reader at {}, found none for {waited:?}", path.display())]
    NoReader {
        /// The port or link.
        path: PathBuf,
        /// How long we waited.
        waited: Duration,
    },
    /// The printer did not take the receipt.
    #[error("expected a printer at {address}, found none for {waited:?}")]
    NoPrinter {
        /// The printer.
        address: String,
        /// How long we tried.
        waited: Duration,
        /// How the last attempt failed.
        #[source]
        source: io::Error,
    },
    /// The truth of the damage cannot be written.
    #[error("expected to write the log of faults, found it refused")]
    FaultLog(#[source] io::Error),
}
