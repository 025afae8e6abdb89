//! One cable of any kind.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::destination::Destination;
use super::pace::Pace;
use super::pty::PtyLine;
use super::serial::SerialLine;
use super::tcp::{StatusCheck, TcpLine};

/// A cable.
#[derive(Debug)]
pub enum Line {
    /// A pty of our own making.
    Pty(PtyLine),
    /// A serial port.
    Serial(SerialLine),
    /// TCP, one connection per receipt.
    Tcp(TcpLine),
}

/// What it took to print one receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Attempts that broke off and may have left part of the receipt on paper.
    pub torn: u32,
}

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
}

impl Line {
    /// Lays the cable. TCP has a pace of its own; `pace` is for the others.
    pub fn open(to: &Destination, pace: Pace) -> Result<Self, WireError> {
        Ok(match to {
            Destination::Pty(link) => Self::Pty(PtyLine::create(link, pace)?),
            Destination::Serial(path) => Self::Serial(SerialLine::open(path, pace)?),
            Destination::Tcp(address) => {
                Self::Tcp(TcpLine::new(address, StatusCheck::WhereAnswered))
            }
        })
    }

    /// Carries one receipt.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<Printed, WireError> {
        match self {
            Self::Pty(line) => line.print(receipt).await,
            Self::Serial(line) => line.print(receipt).await,
            Self::Tcp(line) => line.print(receipt).await,
        }
    }

    /// Waits until nothing is on its way any more, so that the cable may be pulled.
    pub async fn drained(&self) -> Result<(), WireError> {
        match self {
            Self::Pty(line) => line.drained().await,
            Self::Serial(_) | Self::Tcp(_) => Ok(()),
        }
    }
}
