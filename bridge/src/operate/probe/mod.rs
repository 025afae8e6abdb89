//! Finds out how a serial line is set: listens with one setting after the other, and says which
//! one reads best, how sure that is, and on what evidence.
//!
//! It is receive only, and never opens a port that somebody has open. `uart` and `judge` are pure:
//! what the captured bytes are worth depends on nothing but them.

mod judge;
mod listen;
mod port;
#[cfg(test)]
mod uart;

pub use judge::{Capture, Judged, Sure, best, judge};
pub use listen::{Found, ProbeError, probe};

use crate::config::Parity;

/// The settings that are tried at first, most likely first: 8 data bits, no parity.
pub const BAUDS: [u32; 8] = [9_600, 19_200, 38_400, 115_200, 57_600, 4_800, 2_400, 1_200];

/// How a line is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bits per second.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// Parity.
    pub parity: Parity,
}

impl Line {
    /// 8 data bits, no parity.
    pub fn plain(baud: u32) -> Self {
        Self { baud, data_bits: 8, parity: Parity::None }
    }

    /// As installers say it: `9600 8N1`.
    pub fn shown(self) -> String {
        let parity = match self.parity {
            Parity::None => 'N',
            Parity::Odd => 'O',
            Parity::Even => 'E',
        };
        format!("{} {}{parity}1", self.baud, self.data_bits)
    }
}
