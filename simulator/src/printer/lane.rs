//! One host's connection to a printer: what it sent, what is still to be printed, what it is owed.

use std::collections::VecDeque;

use super::condition::Pin;
use super::grammar::{Heard, heard};

/// Receive buffer of a printer in bytes, as in the TM-T88 series.
pub(super) const RECEIVE_BYTES: usize = 4_096;
/// Most bytes that wait for a host that does not read; a printer keeps fewer.
const MAX_REPLY_BYTES: usize = 4_096;
/// Bytes of the longest real-time command that is acted on, `DLE DC4 1 m t`.
const REAL_TIME_BYTES: usize = 5;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// A command that acts when it arrives, even in the middle of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RealTime {
    /// `DLE EOT n`.
    Status(u8),
    /// `DLE DC4 1 m t`.
    Kick(Pin),
}

/// One connection.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its place among the counts.
    pub(super) connection: usize,
    /// What the host wants to be told of, as in `GS a`.
    pub(super) automatic: u8,
    /// Whether the host is gone: what it sent is still printed.
    pub(super) closed: bool,
    serial: bool,
    held: bool,
    recent: VecDeque<u8>,
    waiting: VecDeque<u8>,
    pending: Vec<u8>,
    data_left: usize,
    replies: Vec<u8>,
}

impl Lane {
    pub(super) fn new(connection: usize, serial: bool) -> Self {
        Self {
            connection,
            automatic: 0,
            closed: false,
            serial,
            held: false,
            recent: VecDeque::with_capacity(REAL_TIME_BYTES),
            waiting: VecDeque::new(),
            pending: Vec::new(),
            data_left: 0,
            replies: Vec::new(),
        }
    }

    /// Takes a byte into the buffer; a real-time command acts at once and stays in the stream.
    pub(super) fn take(&mut self, byte: u8) -> Option<RealTime> {
        if self.recent.len() == REAL_TIME_BYTES {
            self.recent.pop_front();
        }
        self.recent.push_back(byte);
        self.waiting.push_back(byte);
        match self.recent.make_contiguous() {
            [.., 0x10, 0x14, 1, pin @ 0..=1, 1..=8] => {
                Some(RealTime::Kick(if *pin == 1 { Pin::Pin5 } else { Pin::Pin2 }))
            }
            [.., 0x10, 0x04, n @ 1..=4] => Some(RealTime::Status(*n)),
            _ => None,
        }
    }

    /// The next thing to print or do; nothing when the buffer is empty.
    pub(super) fn work(&mut self) -> Option<Heard> {
        let byte = self.waiting.pop_front()?;
        if self.data_left > 0 {
            self.data_left -= 1;
            return Some(Heard::Paper);
        }
        self.pending.push(byte);
        let heard = heard(&self.pending);
        if let Heard::Data(bytes) = heard {
            self.data_left = bytes;
        }
        if heard != Heard::Part {
            self.pending.clear();
        }
        Some(heard)
    }

    /// Whether everything it sent is printed.
    pub(super) fn idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many bytes it may send.
    pub(super) fn room(&self) -> usize {
        RECEIVE_BYTES.saturating_sub(self.waiting.len())
    }

    /// Owes the host `bytes`.
    pub(super) fn reply(&mut self, bytes: &[u8]) {
        if self.replies.len() + bytes.len() <= MAX_REPLY_BYTES {
            self.replies.extend_from_slice(bytes);
        }
    }

    /// Asks a serial host to wait, or to go on.
    pub(super) fn hold(&mut self, hold: bool) {
        if self.serial && self.held != hold {
            self.held = hold;
            self.reply(&[if hold { XOFF } else { XON }]);
        }
    }

    /// What it is owed.
    pub(super) fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }
}
