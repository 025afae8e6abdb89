//! A drawer, or a trigger box, on a serial port of its own.
//!
//! It has no paper and no language: a code opens it, or any byte does; some answer with a byte that
//! says how they are. Which sale an opening belongs to cannot be known here.

use serde::{Deserialize, Serialize};

use crate::hex;
use crate::limits::MAX_OPEN_CODE;

/// Bytes closer than this are one opening: trigger boxes are sent a handful of them, and no person
/// opens a drawer twice in that time. 1 s in nanoseconds.
pub const BURST_NS: u64 = 1_000_000_000;

/// The bytes of one drawer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The code that opens it, at most [`MAX_OPEN_CODE`] bytes; empty where any byte does.
    #[serde(with = "hex")]
    pub open_code: Vec<u8>,
    /// The byte that says that it is open.
    pub status_open: Option<u8>,
    /// The byte that says that it is closed.
    pub status_closed: Option<u8>,
}

/// What was heard on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is told to open, by a code that ends just before this offset.
    Kick {
        /// Bytes of the code.
        length: u64,
    },
    /// It says how it is.
    Open(bool),
}

/// Reads a drawer's line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    received: u64,
    /// The last bytes, never more than a code less one.
    #[serde(with = "hex")]
    recent: Vec<u8>,
    last_kick: Option<u64>,
}

impl Line {
    /// Takes bytes seen at monotonic time `now`; `sink` is given what they say and the offset just
    /// past it.
    pub fn receive(
        &mut self,
        setup: &Setup,
        bytes: &[u8],
        now: u64,
        sink: &mut impl FnMut(u64, Heard),
    ) {
        for &byte in bytes {
            self.received += 1;
            if let Some(length) = self.opens(setup, byte) {
                let burst = self.last_kick.is_some_and(|last| now.saturating_sub(last) < BURST_NS);
                self.last_kick = Some(now);
                if !burst {
                    sink(self.received, Heard::Kick { length });
                }
            } else if setup.status_open == Some(byte) {
                sink(self.received, Heard::Open(true));
            } else if setup.status_closed == Some(byte) {
                sink(self.received, Heard::Open(false));
            }
        }
    }

    /// Bytes may be missing here: no code goes across.
    pub fn gap(&mut self) {
        self.recent.clear();
    }

    /// Leaves the next `count` bytes unread.
    pub fn skip(&mut self, count: u64) {
        self.gap();
        self.received += count;
    }

    /// Bytes received so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Length of the code that `byte` completes.
    fn opens(&mut self, setup: &Setup, byte: u8) -> Option<u64> {
        let code = &setup.open_code[..setup.open_code.len().min(MAX_OPEN_CODE)];
        if code.is_empty() {
            let status = [setup.status_open, setup.status_closed].contains(&Some(byte));
            return (!status).then_some(1);
        }
        self.recent.push(byte);
        let excess = self.recent.len().saturating_sub(code.len());
        self.recent.drain(..excess);
        if self.recent != code {
            return None;
        }
        self.recent.clear();
        Some(code.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::{BURST_NS, Heard, Line, Setup};

    fn heard(setup: &Setup, pieces: &[(u64, &[u8])]) -> Vec<(u64, Heard)> {
        let (mut line, mut out) = (Line::default(), Vec::new());
        for (now, bytes) in pieces {
            line.receive(setup, bytes, *now, &mut |at, heard| out.push((at, heard)));
        }
        out
    }

    #[test]
    fn any_byte_opens_and_a_burst_of_them_opens_once() {
        let setup = Setup::default();
        let kick = Heard::Kick { length: 1 };
        assert_eq!(heard(&setup, &[(0, b"\0\0\0"), (5, b"\0")]), [(1, kick)]);
        assert_eq!(heard(&setup, &[(0, b"x"), (BURST_NS, b"y")]), [(1, kick), (2, kick)]);
    }

    #[test]
    fn a_code_opens_wherever_it_is_cut_and_nothing_else_does() {
        let setup = Setup { open_code: vec![0x1B, 0x1B, 0x70], ..Setup::default() };
        let kick = Heard::Kick { length: 3 };
        let whole: &[u8] = b"\x1bp\x1b\x1b\x1bp..";
        assert_eq!(heard(&setup, &[(0, whole)]), [(6, kick)]);
        let single: Vec<(u64, &[u8])> = whole.chunks(1).map(|byte| (0, byte)).collect();
        assert_eq!(heard(&setup, &single), [(6, kick)]);
    }

    #[test]
    fn a_status_byte_is_no_opening() {
        let setup = Setup { status_open: Some(1), status_closed: Some(0), ..Setup::default() };
        let found = heard(&setup, &[(0, &[7, 1, 0])]);
        let kick = Heard::Kick { length: 1 };
        assert_eq!(found, [(1, kick), (2, Heard::Open(true)), (3, Heard::Open(false))]);
    }
}
