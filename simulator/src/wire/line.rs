//! One cable of any kind.

use super::destination::Destination;
use super::error::WireError;
use super::pace::Pace;
use super::piece::Piece;
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

impl Line {
    /// Lays the cable.
    pub fn open(to: &Destination, pace: Pace) -> Result<Self, WireError> {
        Ok(match to {
            Destination::Pty(link) => Self::Pty(PtyLine::create(link, pace)?),
            Destination::Serial(path) => Self::Serial(SerialLine::open(path, pace)?),
            Destination::Tcp(address) => {
                Self::Tcp(TcpLine::new(address, StatusCheck::WhereAnswered).paced(pace))
            }
        })
    }

    /// Carries one receipt without faults.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<Printed, WireError> {
        self.carry(receipt, &[Piece::Bytes(receipt.to_vec())]).await
    }

    /// Carries `receipt` as `pieces`. A till that notices that its print broke off prints the receipt
    /// again, sound.
    pub async fn carry(&mut self, receipt: &[u8], pieces: &[Piece]) -> Result<Printed, WireError> {
        match self {
            Self::Pty(line) => line.carry(pieces).await.map(|()| Printed::default()),
            Self::Serial(line) => line.carry(pieces).await.map(|()| Printed::default()),
            Self::Tcp(line) => line.carry(receipt, pieces).await,
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
